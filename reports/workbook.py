"""Workbooks as accessible XLSX files, the same bytes for the same workbook and date.

Does not belong here: what a workbook says (`transparency`), the look (`theme.toml`).

Rules: "Releasing statistics in spreadsheets", Government Analysis Function; numbers in brackets below are the
items of its checklist. A table is marked up (1), starts in column A (30), stands alone on its sheet under a
title and sentences (29, 31, 32); no filters, freezes, merges, fills or hidden parts (3, 7, 9, 22).
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import xlsxwriter

from kcc_etl.domain.money import round_half_up
from reports.archive import repack, replace_once
from reports.delimited import QUANTITY_PLACES
from reports.documents import Column, Dataset, Sheet, Table, Value, Workbook, clean_text
from reports.theme import theme

LANGUAGE = "en-GB"
ONE_TABLE = "This sheet contains one table."
NO_TABLE = "This sheet contains no table, because there are no rows for this period."
BLANKS = "Blank cells mean that the council holds no value, or that none applies."
_FEW = 6  # columns: a table of no more may have wide ones
_PAGE_WIDTH = 330.0  # characters that are still legible across a page of A3
_TALLEST = 409.0  # points; the file format allows no taller row
_A3, _A4 = 8, 9  # paper sizes of the file format
_COLUMNS_SHEET = "Columns"
_NOTES_SHEET = "Notes"
_KINDS = {
    "text": "Text", "integer": "Whole number", "pence": "Pounds and pence", "date": "Date",
    "boolean": "True or false", "quantity": f"Number, rounded half up to {QUANTITY_PLACES} decimals",
}  # fmt: skip


def render_xlsx(dataset: Dataset, *, as_of: date) -> bytes:
    """The workbook of a dataset as the bytes of an XLSX file, its creation dated `as_of`.

    Raises ValueError when the dataset has no workbook.
    """
    if dataset.workbook is None:
        raise ValueError(f"the dataset {dataset.name} has no workbook")
    content = _write(dataset.workbook, as_of, uk_dates=dataset.uk_dates)
    return repack(content, _finish)


def _write(workbook: Workbook, as_of: date, *, uk_dates: bool) -> bytes:
    look = theme("workbook")
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": look["font"], "font_size": look["size"]},
    }
    book = xlsxwriter.Workbook(buffer, options)
    created = datetime.combine(as_of, time())
    author = {"author": workbook.publisher, "company": workbook.publisher, "created": created}
    book.set_properties({"title": workbook.title, **author})
    formats = _Formats(book, uk_dates=uk_dates)
    sheets = (*workbook.sheets, _columns_sheet(workbook), *_notes_sheet(workbook))
    _write_cover(book, formats, workbook, sheets)
    for sheet in sheets:
        _write_sheet(book, formats, sheet)
    book.close()
    return buffer.getvalue()


def _side(is_number: bool) -> dict[str, object]:
    return {"align": "right", "indent": 1} if is_number else {"align": "left"}


class _Formats:
    """Cell formats of one workbook, from the theme."""

    def __init__(self, book: Any, *, uk_dates: bool) -> None:
        look = theme("workbook")
        base = {
            "font_name": look["font"],
            "font_scheme": False,  # else Excel shows the font of its theme
            "font_size": look["size"],
            "font_color": look["text_colour"],
            "valign": "top",
        }
        self.sentence = book.add_format(base)
        self.paragraph = book.add_format({**base, "text_wrap": True})
        self.link = book.add_format({**base, "font_color": look["link_colour"], "underline": 1})
        self.title = book.add_format({**base, "font_size": look["title_size"], "bold": True})
        self.heading = book.add_format({**base, "font_size": look["heading_size"], "bold": True})
        under = {
            "bold": True,
            "text_wrap": True,
            "valign": "bottom",
            "bottom": 1,
            "bottom_color": look["border_colour"],
        }
        self._headers = {n: book.add_format({**base, **under, **_side(n)}) for n in (False, True)}
        number_formats = {
            "pence": look["money_format"],
            "quantity": look["quantity_format"],
            "integer": look["integer_format"],
            "date": look["uk_date_format" if uk_dates else "iso_date_format"],
        }
        self._cells = {
            kind: book.add_format({**base, "num_format": text, **_side(kind != "date")})
            for kind, text in number_formats.items()
        }
        self._cells["text"] = book.add_format({**base, "text_wrap": True, "align": "left"})
        self._cells["boolean"] = book.add_format({**base, "align": "left"})

    def cell(self, column: Column) -> Any:
        """The format of a column's cells."""
        return self._cells[column.kind]

    def header(self, column: Column) -> Any:
        """The format of a column's heading: over its cells, left or right as they are."""
        return self._headers[column.is_number]


def _write_cover(book: Any, formats: _Formats, workbook: Workbook, sheets: Sequence[Sheet]) -> None:
    look = theme("workbook")
    cover = book.add_worksheet("Cover")
    cover.set_column(0, 0, look["cover_width"])
    _page(cover, landscape=False)
    _write_line(cover, 0, workbook.title, formats.title, look["title_size"])
    row = 1
    for heading, text in workbook.cover:
        _write_line(cover, row, heading, formats.heading, look["heading_size"])
        cover.set_row(row + 1, _height([(text, look["cover_width"])]))
        cover.write_string(row + 1, 0, clean_text(text), formats.paragraph)
        row += 2
    _write_line(cover, row, "Contents", formats.heading, look["heading_size"])
    for place, sheet in enumerate(sheets, start=row + 1):
        target, words = (
            f"internal:'{sheet.name}'!A1",
            sheet.name if sheet.name == sheet.title else f"{sheet.name}: {clean_text(sheet.title)}",
        )
        cover.set_row(place, _height([]))
        cover.write_url(place, 0, target, formats.link, words)
    cover.activate()


def _write_sheet(book: Any, formats: _Formats, sheet: Sheet) -> None:
    look = theme("workbook")
    page = book.add_worksheet(sheet.name)
    _page(page, landscape=True)
    table = sheet.table
    _write_line(page, 0, sheet.title, formats.title, look["title_size"])
    sentences = [ONE_TABLE if table.rows else NO_TABLE, *sheet.intro, *([BLANKS] if table.has_blanks else [])]
    for row, sentence in enumerate(sentences, start=1):
        _write_line(page, row, sentence, formats.sentence, look["size"])
    if table.rows:
        _write_table(page, formats, table, first_row=len(sentences) + 1, filters=sheet.filters)


def _write_line(page: Any, row: int, text: str, cell: Any, size: float) -> None:
    """One unwrapped line in column A; it runs over the empty cells at its right."""
    page.set_row(row, size * 1.5)
    page.write_string(row, 0, clean_text(text), cell)


def _write_table(page: Any, formats: _Formats, table: Table, *, first_row: int, filters: bool) -> None:
    page.add_table(
        first_row, 0, first_row + len(table.rows), len(table.columns) - 1,
        {
            "name": table.name, "style": None, "autofilter": filters, "banded_rows": False,
            "title": table.title, "description": table.title,
            "columns": [{"header": c.title, "header_format": formats.header(c)} for c in table.columns],
        },
    )  # fmt: skip
    page.repeat_rows(first_row)
    widest = theme("workbook")["widest" if len(table.columns) > _FEW else "widest_of_few"]
    widths = [
        _width(column, [row[n] for row in table.rows], widest) for n, column in enumerate(table.columns)
    ]
    page.fit_to_pages(math.ceil(sum(widths) / _PAGE_WIDTH), 0)
    titles = [(column.title, width * 0.85) for column, width in zip(table.columns, widths, strict=True)]
    page.set_row(first_row, _height(titles))
    cells = [formats.cell(column) for column in table.columns]
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    for offset, row in enumerate(table.rows, start=first_row + 1):
        page.set_row(offset, _height([(v, widths[n]) for n, v in enumerate(row) if isinstance(v, str)]))
        for place, column in enumerate(table.columns):
            _write_value(page, offset, place, row[place], column, cells[place])


def _height(texts: Sequence[tuple[str, float]]) -> float:
    """Points that the tallest of wrapped texts needs in columns of the widths given, estimated generously.

    Written out because LibreOffice does not fit rows to their text when it opens a file.
    """
    lines = [sum(math.ceil(max(len(part), 1) / width) for part in text.split("\n")) for text, width in texts]
    return min(float(theme("workbook")["size"] * 1.36 * max(lines, default=1)), _TALLEST)


def _write_value(page: Any, row: int, place: int, value: Value, column: Column, cell: Any) -> None:
    if value is None or value == "":
        return  # no cell at all: a styled blank is still a cell to a screen reader
    if isinstance(value, bool):
        page.write_boolean(row, place, value, cell)
    elif isinstance(value, date):
        page.write_datetime(row, place, value, cell)
    elif isinstance(value, str):
        page.write_string(row, place, clean_text(value), cell)
    else:
        page.write_number(row, place, _number(value, column), cell)


def _number(value: int | Fraction, column: Column) -> float | int:
    # A double shows every amount under 10^13 pounds to the penny; the exact pence stay in the warehouse.
    if isinstance(value, Fraction):
        return float(round_half_up(value, QUANTITY_PLACES))
    return float(Decimal(value).scaleb(-2)) if column.kind == "pence" else value


def _width(column: Column, values: Sequence[Value], widest: float) -> float:
    look = theme("workbook")
    shown = {"pence": 15, "quantity": 11, "date": 12, "boolean": 8, "integer": 10}.get(column.kind, 0)
    longest = max((len(value) for value in values if isinstance(value, str)), default=shown)
    word = max(len(word) for word in re.split(r"\s", column.title)) * 1.15 + 2
    return float(max(min(max(longest * 1.05 + 2, look["narrowest"]), widest), word, shown))


def _page(page: Any, *, landscape: bool) -> None:
    page.set_paper(_A3 if landscape else _A4)
    if landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)


def _columns_sheet(workbook: Workbook) -> Sheet:
    columns = (
        Column("sheet", "Sheet", "text", ""),
        Column("column", "Column", "text", ""),
        Column("name", "Name in the CSV file", "text", ""),
        Column("kind", "Kind of value", "text", ""),
        Column("meaning", "What it holds", "text", ""),
    )
    rows = tuple(
        (sheet.name, column.title, column.name, _KINDS[column.kind], column.description)
        for sheet in workbook.sheets
        for column in sheet.table.columns
    )
    title = "What each column holds"
    return Sheet(
        _COLUMNS_SHEET, title, (f"Source: {workbook.publisher}.",), Table("columns", title, columns, rows)
    )


def _notes_sheet(workbook: Workbook) -> tuple[Sheet, ...]:
    if not workbook.notes:
        return ()
    columns = (Column("note", "Note", "text", ""), Column("text", "Text", "text", ""))
    rows = tuple((f"note {number}", text) for number, text in enumerate(workbook.notes, start=1))
    table = Table("notes", "Notes", columns, rows)
    return (Sheet(_NOTES_SHEET, "Notes", (f"Source: {workbook.publisher}.",), table),)


def _finish(name: str, part: bytes) -> bytes:
    """Adds what XlsxWriter cannot write: the language (35) and heading styles for titles (18)."""
    if name == "docProps/core.xml":
        language = f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>"
        return replace_once(part.decode(), "</cp:coreProperties>", language).encode()
    if name == "xl/styles.xml":
        return _name_headings(part.decode()).encode()
    return part


def _name_headings(styles: str) -> str:
    look = theme("workbook")
    fonts = re.findall(r"<font>.*?</font>", styles)
    named = []
    for place, size in enumerate((look["title_size"], look["heading_size"]), start=1):
        font = next(n for n, text in enumerate(fonts) if f'<sz val="{size}"/>' in text)
        named.append((place, font))
        cell = re.compile(rf'(<xf numFmtId="0" fontId="{font}" fillId="0" borderId="0") xfId="0"')
        styles = cell.sub(rf'\1 xfId="{place}"', styles)
    forms = "".join(f'<xf numFmtId="0" fontId="{font}" fillId="0" borderId="0"/>' for _, font in named)
    names = "".join(f'<cellStyle name="Heading {p}" xfId="{p}" builtinId="{15 + p}"/>' for p, _ in named)
    styles = re.sub(
        r'<cellStyleXfs count="1">(.*?)</cellStyleXfs>',
        rf'<cellStyleXfs count="3">\1{forms}</cellStyleXfs>',
        styles,
    )
    return re.sub(
        r'<cellStyles count="1">(.*?)</cellStyles>', rf'<cellStyles count="3">\1{names}</cellStyles>', styles
    )
