"""Tables of the sample on their way to a file: lines, planted faults, and the two file kinds.

Does not belong here: what stands in the lines.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from kcc_etl.schema.fields import FIELDS

Cell = str | int | date | bool | None
"""A text stands in the file as it is; pence, dates and truth values are written in the file's own style."""

CREATED = datetime(2026, 11, 23)  # noqa: DTZ001  # XLSX keeps a time without a zone
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SPREADSHEET_DATE = "dd/mm/yyyy"


@dataclass(frozen=True)
class PlantedFault:
    """A fault put in on purpose: where it stands and the rule that must find it."""

    source: str
    file: str
    place: str
    kind: str
    rule: str
    note: str


@dataclass(frozen=True)
class Plant:
    """A fault of a line before its place is known; `field` is empty when the line as a whole is at fault."""

    rule: str
    kind: str
    field: str = ""
    note: str = ""


@dataclass
class Line:
    """One row to be written: cells by field name, and the faults planted in it."""

    cells: dict[str, Cell]
    plants: list[Plant] = field(default_factory=list)

    def planted(self, plant: Plant, cells: dict[str, Cell]) -> Line:
        """A copy with other cells and a fault planted in it."""
        return Line({**self.cells, **cells}, [*self.plants, plant])


@dataclass(frozen=True)
class Style:
    """How a delimited file is written: what a system's export habits are."""

    delimiter: str = ","
    encoding: str = "utf-8"
    dates: str = "%Y-%m-%d"
    pounds: bool = False


def letter_of(position: int) -> str:
    """The column letter of a place from 1: 1 is A, 27 is AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def pounds_text(pence: int, *, commas: bool = False) -> str:
    """Pence as pounds and pence, `-1,250.00` or `-1250.00`."""
    whole, part = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole:{',' if commas else ''}d}.{part:02d}"


def write_csv(
    path: Path, source: str, columns: Sequence[str], lines: Sequence[Line], style: Style
) -> list[PlantedFault]:
    """Write the lines under the titles of their columns; returns the faults with their places."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerow([FIELDS[name].title for name in columns])
    writers = [_text_writer(name, style) for name in columns]
    for line in lines:
        cells = line.cells
        writer.writerow([write(cells.get(name)) for name, write in zip(columns, writers, strict=True)])
    path.write_bytes(buffer.getvalue().encode(style.encoding))
    return _places(source, path.name, columns, lines)


def write_xlsx(
    path: Path, source: str, sheet: str, columns: Sequence[str], lines: Sequence[Line]
) -> list[PlantedFault]:
    """Write the lines as a workbook of typed cells; returns the faults with their places."""
    buffer = io.BytesIO()
    workbook = new_workbook(buffer)
    worksheet = workbook.add_worksheet(sheet)
    bold = workbook.add_format({"bold": True})
    day = workbook.add_format({"num_format": _SPREADSHEET_DATE})
    money = workbook.add_format({"num_format": "#,##0.00"})
    worksheet.write_row(0, 0, [FIELDS[name].title for name in columns], bold)
    for row, line in enumerate(lines, start=1):
        for column, name in enumerate(columns):
            _write_cell(worksheet, row, column, line.cells.get(name), FIELDS[name].type, day, money)
    workbook.close()
    path.write_bytes(steady_zip(buffer.getvalue()))
    return _places(source, path.name, columns, lines)


def new_workbook(buffer: io.BytesIO) -> Any:
    """A workbook in memory with a fixed day of creation."""
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False})
    workbook.set_properties({"created": CREATED})
    return workbook


def steady_zip(content: bytes) -> bytes:
    """The archive stored without compression, so that no version of zlib can change its bytes."""
    steady = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(steady, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            new.writestr(entry, old.read(name))
    return steady.getvalue()


def _text_writer(name: str, style: Style) -> Callable[[Cell], str]:
    def write(value: Cell) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, date):
            return value.strftime(style.dates)
        if FIELDS[name].type != "pence":
            return str(value)
        text = pounds_text(value, commas=style.pounds)
        return text.replace("-", "-£") if style.pounds and value < 0 else ("£" if style.pounds else "") + text

    return write


def _write_cell(worksheet: Any, row: int, column: int, value: Cell, kind: str, day: Any, money: Any) -> None:
    if isinstance(value, bool):
        worksheet.write_string(row, column, "Yes" if value else "No")
    elif isinstance(value, date):
        worksheet.write_datetime(row, column, value, day)
    elif isinstance(value, int):
        worksheet.write_number(
            row, column, value / 100 if kind == "pence" else value, money if kind == "pence" else None
        )
    elif value is not None:
        worksheet.write_string(row, column, value)


def _places(source: str, file: str, columns: Sequence[str], lines: Sequence[Line]) -> list[PlantedFault]:
    letters = {name: letter_of(place) for place, name in enumerate(columns, start=1)}
    return [
        PlantedFault(
            source, file, f"{letters[p.field]}{row}" if p.field else f"row {row}", p.kind, p.rule, p.note
        )
        for row, line in enumerate(lines, start=2)
        for p in line.plants
    ]
