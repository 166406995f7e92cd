"""What the sheets of a workbook hold and how large their cells are, the same for every file format.

Does not belong here: how a sheet becomes a part of a file (`workbook`, `ods`), the look (`theme.toml`).

Rules: "Releasing statistics in spreadsheets", Government Analysis Function; numbers in brackets are the items
of its checklist. Title and sentences stand in column A above the table (29, 31, 32).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from kcc_etl.domain.money import round_half_up
from reports.delimited import QUANTITY_PLACES
from reports.documents import Column, Sheet, Table, Value, Workbook, clean_text
from reports.theme import theme

LANGUAGE = "en-GB"
COVER = "Cover"
CONTENTS = "Contents"
ONE_TABLE = "This sheet contains one table."
NO_TABLE = "This sheet contains no table, because there are no rows for this period."
BLANKS = "Blank cells mean that the council holds no value, or that none applies."
_FEW = 6  # columns: a table of no more may have wide ones
_PAGE_WIDTH = 330.0  # characters that are still legible across a page of A3
_TALLEST = 409.0  # points; the file format allows no taller row
_COLUMNS_SHEET = "Columns"
_SOURCES_SHEET = "Sources"
_NOTES_SHEET = "Notes"
_FEEDS = (
    "Feeds says rows where the table lists the rows of a source, figures where the source says more of them "
    "or decides about them, identities where it only tells suppliers apart."
)
KINDS = {
    "text": "Text", "integer": "Whole number", "pence": "Pounds and pence", "date": "Date",
    "boolean": "True or false", "quantity": f"Number, rounded half up to {QUANTITY_PLACES} decimals",
}  # fmt: skip
"""Kinds of values in words."""


def sheets_of(workbook: Workbook) -> tuple[Sheet, ...]:
    """Every sheet after the cover: data, the columns, the sources, the notes."""
    return (
        *workbook.sheets,
        _columns_sheet(workbook),
        *_sources_sheet(workbook),
        *_notes_sheet(workbook),
    )


def sentences_of(sheet: Sheet) -> list[str]:
    """The sentences between the title of a sheet and its table."""
    table = sheet.table
    blanks = [BLANKS] if table.has_blanks else []
    return [ONE_TABLE if table.rows else NO_TABLE, *sheet.intro, *blanks]


def contents_words(sheet: Sheet) -> str:
    """The words of the line that leads from the cover to a sheet."""
    return sheet.name if sheet.name == sheet.title else f"{sheet.name}: {clean_text(sheet.title)}"


def number_of(value: int | Fraction, column: Column) -> float | int:
    """A number as a spreadsheet holds it: pounds, quantities rounded half up.

    A double shows every amount under 10^13 pounds to the penny; the exact pence stay in the warehouse.
    """
    if isinstance(value, Fraction):
        return float(round_half_up(value, QUANTITY_PLACES))
    return float(Decimal(value).scaleb(-2)) if column.kind == "pence" else value


def line_height(size: float) -> float:
    """Points of a row with one unwrapped line."""
    return size * 1.5


def widths_of(table: Table) -> list[float]:
    """The width of each column in characters, for what its cells hold."""
    widest = theme("workbook")["widest" if len(table.columns) > _FEW else "widest_of_few"]
    return [_width(column, [row[n] for row in table.rows], widest) for n, column in enumerate(table.columns)]


def pages_across(widths: Sequence[float]) -> int:
    """Over how many pages of A3 a sheet is spread when it is printed."""
    return math.ceil(sum(widths) / _PAGE_WIDTH)


def header_height(table: Table, widths: Sequence[float]) -> float:
    """Points that the headings of a table need."""
    titles = [(column.title, width * 0.85) for column, width in zip(table.columns, widths, strict=True)]
    return wrapped_height(titles)


def row_height(row: Sequence[Value], widths: Sequence[float]) -> float:
    """Points that a row of a table needs."""
    return wrapped_height([(v, widths[n]) for n, v in enumerate(row) if isinstance(v, str)])


def wrapped_height(texts: Sequence[tuple[str, float]]) -> float:
    """Points that the tallest of wrapped texts needs in columns of the widths given, estimated generously.

    Written out because LibreOffice does not fit rows to their text when it opens a file.
    """
    lines = [sum(math.ceil(max(len(part), 1) / width) for part in text.split("\n")) for text, width in texts]
    return min(float(theme("workbook")["size"] * 1.36 * max(lines, default=1)), _TALLEST)


def _width(column: Column, values: Sequence[Value], widest: float) -> float:
    look = theme("workbook")
    shown = {"pence": 15, "quantity": 11, "date": 12, "boolean": 8, "integer": 10}.get(column.kind, 0)
    longest = max((len(value) for value in values if isinstance(value, str)), default=shown)
    word = max(len(word) for word in re.split(r"\s", column.title)) * 1.15 + 2
    return float(max(min(max(longest * 1.05 + 2, look["narrowest"]), widest), word, shown))


def _columns_sheet(workbook: Workbook) -> Sheet:
    columns = (
        Column("sheet", "Sheet", "text", ""),
        Column("column", "Column", "text", ""),
        Column("name", "Name in the CSV file", "text", ""),
        Column("kind", "Kind of value", "text", ""),
        Column("meaning", "What it holds", "text", ""),
    )
    rows = tuple(
        (sheet.name, column.title, column.name, KINDS[column.kind], column.description)
        for sheet in workbook.sheets
        for column in sheet.table.columns
    )
    title = "What each column holds"
    return Sheet(
        _COLUMNS_SHEET, title, (f"Source: {workbook.publisher}.",), Table("columns", title, columns, rows)
    )


def _sources_sheet(workbook: Workbook) -> tuple[Sheet, ...]:
    if workbook.sources is None:
        return ()
    told = (
        f"Source: {workbook.publisher}.",
        _FEEDS,
        "Each file with its SHA-256 is in sources.csv of the pack.",
    )
    return (Sheet(_SOURCES_SHEET, workbook.sources.title, told, workbook.sources),)


def _notes_sheet(workbook: Workbook) -> tuple[Sheet, ...]:
    if not workbook.notes:
        return ()
    columns = (Column("note", "Note", "text", ""), Column("text", "Text", "text", ""))
    rows = tuple((f"note {number}", text) for number, text in enumerate(workbook.notes, start=1))
    table = Table("notes", "Notes", columns, rows)
    return (Sheet(_NOTES_SHEET, "Notes", (f"Source: {workbook.publisher}.",), table),)
