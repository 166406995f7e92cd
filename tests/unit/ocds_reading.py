"""Release packages through our own notice reader to the tables that packages are made from.

Does not belong here: assertions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.released import Releases, releases_of
from kcc_etl.domain.duties.tables import Books, plain
from kcc_etl.domain.noticed_contracts import build_noticed_contracts
from kcc_etl.domain.notices import build_notices
from kcc_etl.domain.periods import parse_period
from kcc_etl.intake.notices.releases import read_releases
from kcc_etl.intake.parsed import Desk, FileIdentity
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from reports.edition import Edition
from reports.ocds import ocds_package

AS_OF = date(2026, 11, 23)
PERIOD = "2026-27-Q2"
RULES = load_parameters().redaction


@dataclass(frozen=True)
class Council:
    """An authority as the settings give it."""

    name: str = "Exampleshire Council"
    address: str = "1 High Street, Exampleton"
    email: str = "notices@example.org"
    ids: tuple[str, ...] = ("GB-PPON-PABC-1234-DEFG",)
    organisation_uri: str = ""
    publication_url: str = ""


@dataclass(frozen=True)
class Read:
    """The tables of the notices of one package."""

    books: Books
    parts: dict[str, pd.DataFrame]

    def rows(self, table: str, *names: str) -> list[tuple[Any, ...]]:
        """The values of some columns of a part, sorted."""
        found = [tuple(row[name] for name in names) for row in plain(self.parts[table])]
        return sorted(found, key=repr)


def read(
    data: bytes,
    ids: tuple[str, ...] = Council.ids,
    *,
    is_whole: bool = True,
    **tables: list[dict[str, Any]],
) -> Read:
    """The package as the nightly reads it; `tables` are rows of the register, its links and decisions.

    `is_whole` says that no release of it may be set aside.
    """
    file = FileIdentity("0" * 64, "notices", "package.json", AS_OF)
    parsed = read_releases(data, Desk("notices", file, "test"), ids)
    assert not (is_whole and len(parsed.set_aside)), parsed.set_aside.to_dict("records")
    notices = build_notices(parsed.rows, empty("file_column"))
    noticed = build_noticed_contracts(notices.core.rows, notices.parts)
    parts = dict(notices.parts)
    made = {
        keys.CORE_CONTRACT: tables.get("contracts", []),
        keys.CORE_REGISTER_NOTICE: tables.get("links", []),
        keys.CORE_DECISION: tables.get("decisions", []),
    }
    own = {name: from_rows(rows, name) if rows else empty(name) for name, rows in made.items()}
    books = Books(
        own[keys.CORE_CONTRACT],
        own[keys.CORE_REGISTER_NOTICE],
        noticed,
        notices.core.rows,
        parts[keys.CORE_NOTICE_KPI],
        parts[keys.CORE_NOTICE_CHANGE],
        parts[keys.CORE_NOTICE_FAILURE],
        own[keys.CORE_DECISION],
        empty(keys.CORE_PAYMENT),
        empty(keys.CORE_DISAGREEMENT),
    )
    return Read(books, parts)


def releases(
    read: Read, assessments: list[dict[str, Any]] | None = None, payments: pd.DataFrame | None = None
) -> Releases:
    """The contracts that would be released: all of the register, and those only notices tell of."""
    register = read.books.contracts.reindex(columns=["contract_ref"])
    rated = from_rows(assessments, keys.OUT_ASSESSMENT) if assessments else empty(keys.OUT_ASSESSMENT)
    suppliers, ends = read.parts[keys.CORE_NOTICE_SUPPLIER], read.parts[keys.CORE_NOTICE_END]
    paid = empty(keys.CORE_PAYMENT) if payments is None else payments
    made = (read.books, suppliers, ends, register, rated, paid)
    return releases_of(*made, RULES, parse_period(PERIOD), AS_OF)


def released(
    found: Releases, ids: tuple[str, ...] = Council.ids, assessments: list[dict[str, Any]] | None = None
) -> bytes:
    """The published package."""
    return ocds_package(Edition(PERIOD, AS_OF, AS_OF, Council(ids=ids), "p", True), found)
