"""Workbooks: an XLSX file to the cells of one sheet, every value counted twice.

Does not belong here: what the columns mean, the zip itself (`package`).
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile

from kcc_etl.exceptions import SourceLayoutError
from kcc_etl.intake.grid import Grid, Record
from kcc_etl.intake.package import Package, Scan, Sheet, unreadable
from kcc_etl.intake.values import Cell, ErrorCell, is_empty

UNCALCULATED = "a formula that has not been calculated"
_ERROR_CODES = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
"""Also when they stand in a cell as text, as they do after pasting values."""
# Words inside a number format show as they are: `0" %"` shows 50 as `50 %`.
_LITERAL = re.compile(r'"[^"]*"|\\.')


@dataclass(frozen=True)
class SheetCells:
    """The cells of one sheet by (row from 1, column from 0), and a count of the same by the XML alone."""

    name: str
    cells: dict[tuple[int, int], Cell]
    scan: Scan

    def row(self, number: int, width: int) -> tuple[Cell, ...]:
        """The first `width` cells of a row."""
        return tuple(self.cells.get((number, column)) for column in range(width))


def read_sheet(data: bytes, name: str | None = None) -> SheetCells | None:
    """The cells of the sheet `name`, or of the first visible sheet; None when there is no sheet of that name.

    Formulas give their stored result; one without a result is an `ErrorCell`. What a sheet claims about its
    own size is not believed. Raises SourceUnreadableError for anything that is not a safe, sound workbook.
    """
    package = Package(data)
    sheets = package.sheets()
    sheet = _chosen(sheets, name)
    if sheet is None:
        return None
    scan = package.scan(sheet)
    cells = _openpyxl_cells(data, sheet, scan)
    read = {place for place, cell in cells.items() if not is_empty(cell)}
    if read != scan.cells:
        row = min({place[0] for place in read ^ scan.cells})
        raise unreadable(
            f"Row {row} of sheet '{sheet.name}' reads differently each time; the workbook is damaged"
        )
    return SheetCells(sheet.name, cells, scan)


def read_first_sheet(data: bytes, header_row: int = 1) -> Grid:
    """The first visible sheet as a table with its heading in `header_row`; empty rows never arrive."""
    sheet = read_sheet(data)
    if sheet is None or not any(row == header_row for row, _ in sheet.scan.cells):
        raise SourceLayoutError(
            f"Row {header_row} of the first sheet, where the headings should stand, is empty",
            expected="a heading in every column",
            remedy="Put the headings there, or save a header mapping that says where they are",
        )
    width = max(column for _, column in sheet.scan.cells) + 1
    numbers = sorted({row for row, cell in _rows_that_say_something(sheet) if row > header_row})
    records = tuple(Record(number, sheet.row(number, width)) for number in numbers)
    arrived = sheet.scan.rows_from(header_row + 1, range(width))
    return Grid(
        sheet.name, Record(header_row, sheet.row(header_row, width)), records, arrived, width_binds=False
    )


def _rows_that_say_something(sheet: SheetCells) -> list[tuple[int, Cell]]:
    return [(row, cell) for (row, _), cell in sheet.cells.items() if not is_empty(cell)]


def _chosen(sheets: tuple[Sheet, ...], name: str | None) -> Sheet | None:
    if name is not None:
        return next((sheet for sheet in sheets if sheet.name == name), None)
    return next((sheet for sheet in sheets if sheet.visible), sheets[0])


def _openpyxl_cells(data: bytes, sheet: Sheet, scan: Scan) -> dict[tuple[int, int], Cell]:
    import openpyxl

    if not scan.cells:
        return {}
    last_row = max(row for row, _ in scan.cells)
    last_column = max(column for _, column in scan.cells) + 1
    try:
        # The library prints when a style is damaged; stdout belongs to results.
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")  # about drop-down lists and the like, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        rows = book[sheet.name].iter_rows(max_row=last_row, max_col=last_column)
        cells = {(c.row, c.column - 1): _value(c) for row in rows for c in row if c.value is not None}
    except (BadZipFile, zlib.error, EOFError, OSError, RecursionError, MemoryError):
        raise unreadable("The workbook is damaged") from None
    # The library raises whatever it stumbles over: nine kinds were seen over 38,715 damaged files.
    except Exception:
        raise unreadable("The workbook is damaged, or uses something that cannot be read") from None
    cells.update(dict.fromkeys(scan.uncalculated, ErrorCell(UNCALCULATED)))
    return cells


def _value(cell: Any) -> Cell:  # openpyxl publishes no types
    value = cell.value
    if cell.data_type == "e" or (isinstance(value, str) and value.strip() in _ERROR_CODES):
        return ErrorCell(str(value))
    if isinstance(value, bool | str | datetime | date):
        return value
    if isinstance(value, int | float):
        return _percentage(value) if "%" in _LITERAL.sub("", str(cell.number_format)) else value
    return str(value)


def _percentage(value: int | float) -> str:
    """A cell shown as a percentage says what it shows: 0.5 is `50%`."""
    text = f"{Decimal(repr(value)) * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
