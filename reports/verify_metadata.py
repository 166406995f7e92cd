"""CSV files, anybody's, held to the metadata beside them: columns, types, what is required, key.

Does not belong here: writing metadata (`csvw`), reading the files (`verify_tables`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from kcc_etl.domain.findings import shorten
from reports.accessibility.page import Hit
from reports.verify_tables import Cell, Rows, cell_name

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WHOLE = re.compile(r"-?\d+")
_DAYS = {"": "%Y-%m-%d", "yyyy-MM-dd": "%Y-%m-%d", "dd/MM/yyyy": "%d/%m/%Y"}


def typed(text: str, column: Mapping[str, Any]) -> Cell:
    """The text of a CSV cell as the metadata types it. Raises ValueError when it is none of that type.

    A number or day in a format that is not ours is not judged, and stays the text it is.
    """
    kind = column.get("datatype", "string")
    base, form = (kind, "") if isinstance(kind, str) else (kind.get("base", "string"), kind.get("format", ""))
    if base in ("decimal", "integer", "number") and form in ("", "0", "0.00"):
        pattern = _WHOLE if base == "integer" else _NUMBER
        if not pattern.fullmatch(text):
            raise ValueError("no number")
        if form == "0.00" and len(text.rpartition(".")[2]) != 2:
            raise ValueError("not two decimals")
        return Fraction(text)
    if base == "date" and form in _DAYS:
        return _day(text, _DAYS[form])
    if base == "boolean":
        yes, _, no = (form or "true|false").partition("|")
        if text not in (yes, no):
            raise ValueError("neither of its two words")
        return text == yes
    return text


@lru_cache(maxsize=4096)
def _day(text: str, form: str) -> date:
    day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
    if len(text) != len("2026-11-23"):
        raise ValueError("no day in full")
    return day


def described_columns(metadata: Any) -> list[dict[str, Any]]:
    """The columns that metadata describe, each with a name and a list of titles; none if there are none.

    Source: CSV on the Web, Metadata Vocabulary 5.6: titles may be one text, several or a list a language, and
    the first is the name of a column that has none.
    """
    schema = metadata.get("tableSchema") if isinstance(metadata, dict) else None
    columns = schema.get("columns") if isinstance(schema, dict) else None
    if not isinstance(columns, list) or not all(isinstance(column, dict) for column in columns):
        return []
    return [_described(column, number) for number, column in enumerate(columns, start=1)]


def _described(column: Mapping[str, Any], number: int) -> dict[str, Any]:
    given = column.get("titles", [])
    texts = list(given.values()) if isinstance(given, dict) else [given]
    titles = [str(title) for one in texts for title in (one if isinstance(one, list) else [one])]
    name = str(column.get("name") or next(iter(titles), f"_col.{number}"))
    return {**column, "name": name, "titles": titles or [name]}


def key_of(metadata: Any) -> Sequence[str]:
    """The names of the columns of which metadata say that they tell rows apart."""
    key = metadata["tableSchema"].get("primaryKey", [])
    return [key] if isinstance(key, str) else key


def metadata_hits(columns: Sequence[Mapping[str, Any]], key: Sequence[str], rows: Rows) -> Iterator[Hit]:
    """Where a CSV file is not as its metadata says. Source: CSV on the Web, Tabular Data Model 6."""
    heads = rows[0] if rows else []
    names = [column["name"] for column in columns]
    if len(heads) != len(columns) or any(
        head not in column["titles"] for head, column in zip(heads, columns, strict=True)
    ):
        yield Hit(
            f"the columns {shorten(', '.join(heads))}, where the metadata has {shorten(', '.join(names))}"
        )
        return
    for number, row in enumerate(rows[1:], start=2):
        for n, (text, column) in enumerate(zip(row, columns, strict=True)):
            fault = _type_fault(text, column)
            if fault:
                yield Hit(f"{fault} in {column['name']}", cell=cell_name(number, n))
    yield from _key_hits(key, names, rows)


def _type_fault(text: str, column: Mapping[str, Any]) -> str:
    if not text:
        return "a blank cell" if column.get("required") else ""
    try:
        typed(text, column)
    except ValueError as error:
        return f"'{shorten(text)}' ({error})"
    return ""


def _key_hits(key: Sequence[str], names: Sequence[str], rows: Rows) -> Iterator[Hit]:
    places = [names.index(name) for name in key]
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows[1:], start=2):
        values = tuple(row[place] for place in places)
        if places and seen.setdefault(values, number) != number:
            yield Hit(f"the key of row {seen[values]} again", cell=cell_name(number, places[0]))
