"""What a table holds, apart from any database: its rows in order, its cells as plain values, its version.

Does not belong here: SQL, connections.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from kcc_etl.schema.fields import FieldType
from kcc_etl.schema.frames import DTYPES, conform
from kcc_etl.schema.tables import TABLES

VERSION_LENGTH = 16


def storable(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """The frame as both databases can keep it: conformed, dates at midnight, no NUL character in text.

    PostgreSQL cannot store U+0000; it becomes U+FFFD, the sign for a character that could not be kept.
    """
    fresh = conform(frame, table)
    for field in TABLES[table].fields:
        if field.type == "text":
            fresh[field.name] = fresh[field.name].str.replace("\x00", "\ufffd", regex=False)
        elif field.type == "date":
            fresh[field.name] = fresh[field.name].dt.normalize()
    return fresh


def native_columns(frame: pd.DataFrame, table: str) -> dict[str, list[object]]:
    """The cells of a conformed frame as str, int, bool, date and Fraction, with None for missing."""
    return {field.name: _native(frame[field.name], field.type) for field in TABLES[table].fields}


def _native(column: pd.Series, kind: FieldType) -> list[object]:
    if kind == "date":
        return list(column.to_numpy().astype("datetime64[D]").tolist())
    cells = column.to_numpy(dtype=object, na_value=None)  # type: ignore[call-overload]  # the stubs lack None
    return list(cells.tolist())


def from_native(columns: Iterable[Sequence[object]], table: str) -> pd.DataFrame:
    """The conformed frame of cells as `native_columns` gives them: its inverse."""
    pairs = zip(TABLES[table].fields, columns, strict=True)
    return pd.DataFrame({field.name: _typed(list(cells), field.type) for field, cells in pairs})


def _typed(cells: list[object], kind: FieldType) -> pd.Series:
    if kind == "date":
        return pd.Series(np.array(cells, dtype="datetime64[D]").astype("datetime64[us]"))
    return pd.Series(cells, dtype=DTYPES[kind])


def in_order(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """The conformed frame by the table's key, rows of one key by their content; never by order of arrival."""
    key = list(TABLES[table].key)
    if key and not frame.duplicated(subset=key).any():
        return frame.sort_values(key, kind="stable", ignore_index=True)
    by_content = np.array(_lines(rows_of(native_columns(frame, table))), dtype=object)
    keys = [frame[name] for name in key] or [frame[name] for name in frame.columns]
    sortable = pd.concat(
        [*keys, pd.Series(by_content, index=frame.index, name=" content", dtype=object)], axis=1
    )
    order = sortable.sort_values(list(sortable.columns), kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def content_version(frame: pd.DataFrame, table: str) -> str:
    """The version of the rows of a conformed frame, as by `version_of`."""
    return version_of(rows_of(native_columns(frame, table)), table)


def version_of(rows: Iterable[Sequence[object]], table: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the table's content, whatever the order of its rows.

    The cells of a row are as `native_columns` gives them. Column names are part of the hash, so a change of
    the dictionary is a change of version.
    """
    digest = hashlib.sha256(json.dumps([table, *TABLES[table].columns]).encode())
    digest.update("\n".join(["", *sorted(_lines(rows))]).encode())
    return digest.hexdigest()[:VERSION_LENGTH]


def rows_of(columns: Mapping[str, Sequence[object]]) -> Iterator[tuple[object, ...]]:
    """Cells by row instead of by column."""
    return zip(*columns.values(), strict=True)


def _lines(rows: Iterable[Sequence[object]]) -> list[str]:
    """Each row as one line of JSON; `default` writes dates as 2026-11-23 and fractions as 60/11."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
    return [encode(tuple(row)) for row in rows]
