"""The tables that duties are worked out from, and their rows as plain values.

Does not belong here: what the rows tell of a contract (`books`, `noticed`), building the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.schema.frames import empty

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Books:
    """The tables as they stand: register, its links with the notices, notices and their parts, decisions.

    `ledger` are the ledger lines as they arrived, of which those count that are not paid yet. In the order in
    which `kcc_etl.schema.reads.MADE_FROM` names what the table of duties is made from.
    """

    contracts: pd.DataFrame
    links: pd.DataFrame
    noticed: pd.DataFrame
    notices: pd.DataFrame
    kpis: pd.DataFrame
    changes: pd.DataFrame
    failures: pd.DataFrame
    decisions: pd.DataFrame
    payments: pd.DataFrame
    disagreements: pd.DataFrame
    ledger: pd.DataFrame = field(default_factory=lambda: empty(keys.RAW_PAYMENT))


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with None for what is missing, days as dates, whole numbers as int."""
    columns = {}
    for name in frame.columns:
        kept = frame[name].astype(object).where(frame[name].notna(), None)
        columns[str(name)] = [v.date() if isinstance(v, pd.Timestamp) else v for v in kept]
    names = list(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def numbers_of(row: Row) -> tuple[object, ...]:
    """What identifies a contract of the notices."""
    return row["ocid"], row["contract_id"], row["award_id"], row["first_release_id"]


def subject_of_notices(row: Row) -> str:
    """What names a contract that only notices tell of: procurement, number in it, first notice."""
    return f"{row['ocid']} {row['contract_id'] or row['award_id']} {row['first_release_id']}"


def by(rows: Iterable[dict[str, Any]], name: str) -> dict[Any, list[Row]]:
    """The rows by the value of a column."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def by_place(part: pd.DataFrame) -> dict[tuple[object, object], list[Row]]:
    """The rows of a part by the contract of the notice they belong to."""
    found: dict[tuple[object, object], list[Row]] = {}
    for row in plain(part):
        found.setdefault((row["release_id"], row["contract_place"]), []).append(row)
    return found
