"""The tables of published files read again by other libraries than wrote them, and held to each other.

CSV is read by Arrow, XLSX and ODS by Calamine. Does not belong here: accessibility and hidden content
(`accessibility`), which files there are (`verify`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from kcc_etl.domain.findings import shorten
from kcc_etl.domain.money import parse_pounds
from kcc_etl.intake.workbooks.package import unreadable
from reports.accessibility.page import Hit
from reports.delimited import safe_text

Cell = str | bool | date | Fraction | None
Rows = list[list[str]]
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WHOLE = re.compile(r"-?\d+")
_DAYS = {"yyyy-MM-dd": "%Y-%m-%d", "dd/MM/yyyy": "%d/%m/%Y"}
_PLACE = re.compile(rb"""<(?:\w+:)?c\b[^>]{0,200}?\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_MOST_PLACES = 20_000_000


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its cells from A1 on; blank cells are None, numbers exact."""

    name: str
    rows: list[list[Cell]]


def csv_rows(content: bytes) -> Rows:
    """The cells of a CSV file as texts, headings first. Raises ValueError for one that is none."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    head = arrow.open_csv(
        pa.BufferReader(content),
        read_options=arrow.ReadOptions(autogenerate_column_names=True, block_size=1 << 24),
        parse_options=arrow.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
    ).schema.names
    table = arrow.read_csv(
        pa.BufferReader(content),
        read_options=arrow.ReadOptions(
            autogenerate_column_names=True, use_threads=False, block_size=len(content) + 1
        ),
        parse_options=arrow.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow.ConvertOptions(
            column_types={name: pa.string() for name in head}, strings_can_be_null=False
        ),
    )
    columns = [column.to_pylist() for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def sheets_of(content: bytes) -> list[Sheet]:
    """The sheets of an XLSX or ODS file. Raises ValueError for one that cannot be read."""
    import python_calamine

    _refuse_far_cells(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except (python_calamine.CalamineError, OSError, TypeError) as error:
        raise ValueError("its cells cannot be read") from error
    return [Sheet(name, [_trimmed([_plain(cell) for cell in row]) for row in rows]) for name, rows in found]


def _refuse_far_cells(content: bytes) -> None:
    """The reader makes a cell for every place up to the last one, up to 17,000 million of them."""
    from openpyxl.utils.cell import column_index_from_string

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.casefold().startswith("xl/worksheets/") or not name.endswith(".xml"):
                continue
            places = [
                (column_index_from_string(c.decode()), int(r)) for c, r in _PLACE.findall(archive.read(name))
            ]
            width = max((column for column, _ in places), default=0)
            height = max((row for _, row in places), default=0)
            if width * height > _MOST_PLACES:
                column, row = max(places, key=lambda place: place[0] * place[1])
                far = cell_name(row, column - 1)
                raise unreadable(
                    f"the cell {far} ({name}), so far away that {width * height:,} cells would be read; "
                    "delete it"
                )


def _plain(cell: Any) -> Cell:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)):
        return Fraction(repr(cell))
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else str(cell)


def _trimmed(row: list[Cell]) -> list[Cell]:
    while row and row[-1] is None:
        row.pop()
    return row


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
        return typed(text, column) == cell
    except ValueError:
        return False


def typed(text: str, column: Mapping[str, Any]) -> Cell:
    """The text of a CSV cell as the metadata types it. Raises ValueError when it is none of that type."""
    kind = column.get("datatype", "string")
    base, form = (kind, "") if isinstance(kind, str) else (kind.get("base", "string"), kind.get("format", ""))
    if base in ("decimal", "integer", "number"):
        pattern = _WHOLE if base == "integer" else _NUMBER
        if not pattern.fullmatch(text):
            raise ValueError("no number")
        if form == "0.00" and len(text.rpartition(".")[2]) != 2:
            raise ValueError("not two decimals")
        return Fraction(text)
    if base == "date":
        day = datetime.strptime(text, _DAYS.get(form, "%Y-%m-%d")).date()  # noqa: DTZ007 - a day has no zone
        if len(text) != len("2026-11-23"):
            raise ValueError("no day in full")
        return day
    if base == "boolean":
        yes, _, no = (form or "true|false").partition("|")
        if text not in (yes, no):
            raise ValueError("neither of its two words")
        return text == yes
    return text


def metadata_hits(metadata: Mapping[str, Any], rows: Rows) -> Iterator[Hit]:
    """Where a CSV file is not as its metadata says. Source: CSV on the Web, Tabular Data Model 6."""
    columns = metadata["tableSchema"]["columns"]
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
    yield from _key_hits(metadata["tableSchema"].get("primaryKey", []), names, rows)


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


def total_hits(total: Mapping[str, Any], rows: Rows) -> Iterator[Hit]:
    """Where rows and pence of a CSV file are not those that the manifest counted on the figures."""
    if len(rows) - 1 != total["rows"]:
        yield Hit(f"{len(rows) - 1:,} rows, where the figures have {total['rows']:,}")
    column = total.get("money_column")
    if column:
        pence = sum(parse_pounds(row[rows[0].index(column)]) for row in rows[1:])
        if pence != total["pence"]:
            yield Hit(f"{pence} pence in {column}, where the figures have {total['pence']}")


def cell_name(row: int, column: int) -> str:
    """The name of a cell; rows count from 1, columns from 0."""
    from openpyxl.utils.cell import get_column_letter

    return f"{get_column_letter(column + 1)}{row}"
