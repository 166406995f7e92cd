"""One night of one feed, its answers landed. Loaded only where a source is fed, for httpx comes with it.

Does not belong here: asking a feed (`kcc_etl.intake.feeds`), reading what landed (`landed`).
"""

from __future__ import annotations

from datetime import date

from assets.faults import told
from kcc_etl.domain.findings import Finding
from kcc_etl.exceptions import KccEtlError
from kcc_etl.intake.feeds.edge import SYSTEM_CLOCK, open_client
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.feeds.run import Fetched, fetch
from kcc_etl.intake.landing.landing import LandedFile, enter, landed_from_ledger, ledger_rows
from kcc_etl.schema.rules import RULES
from kcc_etl.settings import Settings
from kcc_etl.warehouse.store import Warehouse


def fetch_feed(feed: Feed, settings: Settings, warehouse: Warehouse, today: date) -> Fetched:
    """One night of a feed; every page is in the ledger before the next is asked for.

    Nothing that the feed does raises: it is told in findings.
    """
    folder = settings.landing_folder

    def land_answer(kind: str, name: str, data: bytes) -> LandedFile | None:
        with warehouse.transaction():
            ledger = warehouse.read("ledger")
            file = enter(feed.name, kind, name, data, folder, ledger, today)
            if file is not None:
                warehouse.add("ledger", ledger_rows([file]))
        return file

    landed = landed_from_ledger(warehouse.read("ledger", {"source_name": feed.name}), folder)
    try:
        with open_client(settings.feeds_asked) as client:
            return fetch(feed, landed, land_answer, today=today, clock=SYSTEM_CLOCK, client=client)
    except KccEtlError:
        raise
    except Exception as error:  # a fault of ours in one feed must not stop the others
        rule = RULES["FD-001"]
        fault = Finding(
            rule_id=rule.id,
            severity=rule.severity,
            table_name=rule.table,
            stage="landing",
            found=told(error),
            expected=rule.text.rstrip("."),
            remedy=rule.remedy,
            source_name=feed.name,
            subject=feed.name,
        )
        return Fetched([], [fault])
