"""The files of a dataset held to each other: CSV, XLSX and ODS hold the same cells.

Does not belong here: reading them (`verify_tables`), types of CSV cells (`verify_metadata`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from kcc_etl.domain.findings import shorten
from reports.accessibility.page import Hit
from reports.delimited import safe_text
from reports.verify_metadata import typed
from reports.verify_tables import Cell, Rows, Sheet, cell_name


def same_sheets(first: Sequence[Sheet], second: Sequence[Sheet], name: str) -> Iterator[Hit]:
    """Where two workbooks hold different cells; `name` is the other's."""
    names = [sheet.name for sheet in first], [sheet.name for sheet in second]
    if names[0] != names[1]:
        yield Hit(f"the sheets {', '.join(names[0])}, where {name} has {', '.join(names[1])}")
        return
    for one, other in zip(first, second, strict=True):
        rows = [
            sheet.rows + [[]] * (max(len(one.rows), len(other.rows)) - len(sheet.rows))
            for sheet in (one, other)
        ]
        for number, (left, right) in enumerate(zip(*rows, strict=True), start=1):
            if left != right:
                yield _differs(one.name, number, left, right, name)


def _differs(sheet: str, row: int, left: list[Cell], right: list[Cell], name: str) -> Hit:
    width = max(len(left), len(right))
    padded = [cells + [None] * (width - len(cells)) for cells in (left, right)]
    column = next(n for n, pair in enumerate(zip(*padded, strict=True)) if pair[0] != pair[1])
    found, other = (_shown(cells[column]) for cells in padded)
    return Hit(f"{found}, where {name} has {other}", sheet, cell_name(row, column))


def _shown(cell: Cell) -> str:
    if cell is None:
        return "nothing"
    return str(float(cell)) if isinstance(cell, Fraction) else f"'{shorten(cell)}'"


def table_in(
    sheets: Sequence[Sheet], columns: Sequence[Mapping[str, Any]]
) -> tuple[str, list[list[Cell]], int] | None:
    """The rows below the headings of a dataset in its workbook: sheet, rows, row of the headings."""
    for sheet in sheets:
        for place, row in enumerate(sheet.rows, start=1):
            if len(row) == len(columns) and all(
                cell in column["titles"] for cell, column in zip(row, columns, strict=True)
            ):
                return sheet.name, sheet.rows[place:], place
    return None


def same_as_csv(sheets: Sequence[Sheet], rows: Rows, columns: Sequence[Mapping[str, Any]]) -> Iterator[Hit]:
    """Where the workbook of a dataset and its CSV file differ; `columns` are those of the CSV's metadata."""
    if len(rows) < 2:
        return
    found = table_in(sheets, columns)
    if found is None:
        yield Hit(f"no table with the {len(columns)} columns that the CSV file has")
        return
    sheet, held, place = found
    if len(held) > len(rows) - 1:
        yield Hit(f"{len(held):,} rows, where the CSV file has {len(rows) - 1:,}", sheet)
    for number, row in enumerate(rows[1:], start=1):
        cells = held[number - 1] if number <= len(held) else []
        cells = cells + [None] * (len(row) - len(cells))
        for n, (text, cell, column) in enumerate(zip(row, cells, columns, strict=False)):
            if not _same(text, cell, column):
                told = f"{_shown(cell)}, where the CSV file has '{shorten(text)}'"
                yield Hit(told, sheet, cell_name(place + number, n))


def _same(text: str, cell: Cell, column: Mapping[str, Any]) -> bool:
    if cell is None or text == "":
        return cell is None and text == ""
    if isinstance(cell, str):
        return safe_text(cell) == text
    try:
        value = typed(text, column)
    except ValueError:
        return False
    is_unjudged = isinstance(value, str) and column.get("datatype", "string") != "string"
    return value == cell or is_unjudged
