"""The columns that this version of the program publishes, by dataset, for the verifier.

Does not belong here: making datasets (`datasets`), judging files (`verify`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from kcc_etl.schema.frames import empty
from reports.datasets import PUBLISHED
from reports.edition import Edition


@dataclass(frozen=True)
class _Anybody:
    name: str = "-"
    address: str = "-"
    email: str = "-"
    ids: tuple[str, ...] = ("-",)
    organisation_uri: str = ""
    publication_url: str = ""


@cache
def published_columns(name: str) -> tuple[str, ...]:
    """The columns of a dataset's CSV file in order; none for a dataset that is not published."""
    day = date(2026, 9, 30)
    for published in PUBLISHED:
        if published.name == name:
            edition = Edition("2026-27-Q2", day, day, _Anybody(), "-", True)
            made = published.make(empty(published.table), edition)
            return tuple(column.name for column in made.table.columns)
    return ()
