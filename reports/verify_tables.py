"""The tables of published files read again by other libraries than wrote them, and counted.

CSV is read by Arrow, XLSX and ODS by Calamine. Does not belong here: holding them to their metadata
(`verify_metadata`) and to each other (`verify_twins`), accessibility and hidden content (`accessibility`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from kcc_etl.domain.money import parse_pounds
from kcc_etl.intake.workbooks.package import unreadable
from reports.accessibility.page import Hit

Cell = str | bool | date | Fraction | None
Rows = list[list[str]]
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
