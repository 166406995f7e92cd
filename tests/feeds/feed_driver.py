"""One night of a feed in a process of its own, which a test kills: `feed_driver.py FOLDER ADDRESS TODAY`.

Lands as `assets.landed` does: every page is in the ledger before the next is asked for.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from kcc_etl.intake.feeds.edge import SYSTEM_CLOCK, open_client
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.feeds.run import Fetched, fetch
from kcc_etl.intake.landing.landing import LandedFile, enter, landed_from_ledger, ledger_rows
from kcc_etl.warehouse.store import open_warehouse


def night(folder: Path, address: str, today: date) -> Fetched:
    feed = Feed("fts", "notices", "find-a-tender", address, since=date(2026, 8, 10))
    warehouse = open_warehouse(f"sqlite:///{folder / 'warehouse.sqlite3'}")

    def entered(kind: str, name: str, data: bytes) -> LandedFile | None:
        with warehouse.transaction():
            ledger = warehouse.read("ledger")
            file = enter(feed.name, kind, name, data, folder / "landing", ledger, today)
            if file is not None:
                warehouse.add("ledger", ledger_rows([file]))
        return file

    with open_client() as client:
        known = landed(folder)
        return fetch(feed, known, entered, today=today, clock=SYSTEM_CLOCK, client=client)


def landed(folder: Path) -> list[LandedFile]:
    ledger = open_warehouse(f"sqlite:///{folder / 'warehouse.sqlite3'}").read("ledger")
    return landed_from_ledger(ledger, folder / "landing")


if __name__ == "__main__":
    night(Path(sys.argv[1]), sys.argv[2], date.fromisoformat(sys.argv[3]))
