"""Tables as pandas frames: the one place that turns a dictionary type into a column type.

Does not belong here: SQL types (`kcc_etl.warehouse.tables`), what a value means.

    text     pandas "str", missing is NaN         date     datetime64[us] at midnight
    integer  "Int64"                              boolean  "boolean"
    pence    "Int64", never a float               exact    object of fractions.Fraction or None
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import pandas as pd

from kcc_etl.schema.fields import FieldType
from kcc_etl.schema.tables import TABLES, Table

DTYPES: dict[FieldType, Any] = {
    "text": "str",
    "integer": "Int64",
    "pence": "Int64",
    "date": "datetime64[us]",
    "boolean": "boolean",
    "exact": "object",
}


def _column(values: pd.Series, kind: FieldType) -> pd.Series:
    if kind != "exact" and values.dtype == DTYPES[kind]:
        return values
    if kind == "exact":
        exact = [v if type(v) is Fraction else None if pd.isna(v) else Fraction(v) for v in values]
        return pd.Series(exact, index=values.index, dtype=object)
    if kind == "date":
        return pd.to_datetime(values).astype("datetime64[us]")
    if kind == "text":
        return values.where(values.notna(), None).astype("str")
    typed: pd.Series = values.astype(DTYPES[kind])
    return typed


def conform(frame: pd.DataFrame, table: str | Table) -> pd.DataFrame:
    """The frame with exactly the table's columns, in order, each of its dictionary type, index 0..n-1.

    Raises KeyError when a column is missing; further columns are dropped.
    """
    definition = TABLES[table] if isinstance(table, str) else table
    fresh = frame.reset_index(drop=True)
    return pd.DataFrame({field.name: _column(fresh[field.name], field.type) for field in definition.fields})


def empty(table: str | Table) -> pd.DataFrame:
    """The table with no rows, every column typed."""
    # A copy costs a thousandth of making it anew, which most files that are set aside whole need four times.
    return _empty(table if isinstance(table, str) else table.name).copy()


@cache
def _empty(table: str) -> pd.DataFrame:
    return conform(pd.DataFrame({name: [] for name in TABLES[table].columns}, dtype=object), table)


def from_rows(rows: list[dict[str, object]], table: str | Table) -> pd.DataFrame:
    """The table from rows given as dictionaries; a column that a row does not have is missing in it."""
    if not rows:
        return empty(table)
    definition = TABLES[table] if isinstance(table, str) else table
    given = ((f, pd.Series([row.get(f.name) for row in rows], dtype=object)) for f in definition.fields)
    return pd.DataFrame({field.name: _column(cells, field.type) for field, cells in given})
