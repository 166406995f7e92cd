"""Workbooks as accessible XLSX files, the same bytes for the same workbook and date.

Does not belong here: what a workbook says (`transparency`), the look (`theme.toml`).

Rules: "Releasing statistics in spreadsheets", Government Analysis Function; numbers in brackets below are the
items of its checklist. A table is marked up (1), starts in column A (30), stands alone on its sheet under a
title and sentences (29, 31, 32); no filters, freezes, merges, fills or hidden parts (3, 7, 9, 22).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from reports.archive import repack, replace_once
from reports.documents import Column, Dataset, Sheet, Table, Value, Workbook, clean_text
from reports.sheets import (
    CONTENTS,
    COVER,
    LANGUAGE,
    contents_words,
    header_height,
    line_height,
    number_of,
    pages_across,
    row_height,
    sentences_of,
    sheets_of,
    widths_of,
    wrapped_height,
)
from reports.theme import theme

_A3, _A4 = 8, 9  # paper sizes of the file format


def render_xlsx(dataset: Dataset, *, as_of: date) -> bytes:
    """The workbook of a dataset as the bytes of an XLSX file, its creation dated `as_of`.

    Raises ValueError when the dataset has no workbook.
    """
    if dataset.workbook is None:
        raise ValueError(f"the dataset {dataset.name} has no workbook")
    content = _write(dataset.workbook, as_of, uk_dates=dataset.uk_dates)
    return repack(content, finish)


def _write(workbook: Workbook, as_of: date, *, uk_dates: bool) -> bytes:
    buffer = io.BytesIO()
    book = new_book(buffer, workbook.title, workbook.publisher, as_of)
    formats = Formats(book, uk_dates=uk_dates)
    sheets = sheets_of(workbook)
    contents = [(sheet.name, contents_words(sheet)) for sheet in sheets]
    write_cover(book, formats, COVER, workbook.title, workbook.cover, contents)
    for sheet in sheets:
        write_sheet(book, formats, sheet)
    book.close()
    return buffer.getvalue()


def new_book(buffer: io.BytesIO, title: str, publisher: str, created: date) -> Any:
    """A workbook in memory in which no text becomes a formula, a number or a link."""
    look = theme("workbook")
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": look["font"], "font_size": look["size"]},
    }
    book = xlsxwriter.Workbook(buffer, options)
    author = {"author": publisher, "company": publisher, "created": datetime.combine(created, time())}
    book.set_properties({"title": title, **author})
    return book


def _side(is_number: bool) -> dict[str, object]:
    return {"align": "right", "indent": 1} if is_number else {"align": "left"}


class Formats:
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
        self._book, self._base = book, base
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
        self._cells["boolean"] = book.add_format(
            {**base, "align": "left", "num_format": look["boolean_format"]}
        )

    def cell(self, column: Column) -> Any:
        """The format of a column's cells."""
        return self._cells[column.kind]

    def field(self, *, locked: bool, border: bool = True, is_number: bool = False) -> Any:
        """The format of a cell of a form; what is not `locked` can be written in on a protected sheet."""
        lines = {"border": 1, "border_color": theme("workbook")["border_colour"]} if border else {}
        wraps = {} if is_number else {"text_wrap": True}
        return self._book.add_format({**self._base, **lines, **wraps, **_side(is_number), "locked": locked})

    def header(self, column: Column) -> Any:
        """The format of a column's heading: over its cells, left or right as they are."""
        return self._headers[column.is_number]


def write_cover(
    book: Any,
    formats: Formats,
    name: str,
    title: str,
    parts: Sequence[tuple[str, str]],
    contents: Sequence[tuple[str, str]],
) -> None:
    """The first sheet: its title, headed paragraphs, and links to sheets, each by its name and in words."""
    look = theme("workbook")
    cover = book.add_worksheet(name)
    cover.set_column(0, 0, look["cover_width"])
    page_setup(cover, landscape=False)
    write_line(cover, 0, title, formats.title, look["title_size"])
    row = 1
    for heading, text in parts:
        write_line(cover, row, heading, formats.heading, look["heading_size"])
        cover.set_row(row + 1, wrapped_height([(text, look["cover_width"])]))
        cover.write_string(row + 1, 0, clean_text(text), formats.paragraph)
        row += 2
    write_line(cover, row, CONTENTS, formats.heading, look["heading_size"])
    for place, (sheet, words) in enumerate(contents, start=row + 1):
        cover.set_row(place, wrapped_height([]))
        cover.write_url(place, 0, f"internal:'{sheet}'!A1", formats.link, words)
    cover.activate()


def write_sheet(book: Any, formats: Formats, sheet: Sheet) -> None:
    """One sheet with its title, its sentences and its table."""
    look = theme("workbook")
    page = book.add_worksheet(sheet.name)
    page_setup(page, landscape=True)
    table = sheet.table
    write_line(page, 0, sheet.title, formats.title, look["title_size"])
    sentences = sentences_of(sheet)
    for row, sentence in enumerate(sentences, start=1):
        write_line(page, row, sentence, formats.sentence, look["size"])
    if table.rows:
        _write_table(page, formats, table, first_row=len(sentences) + 1, filters=sheet.filters)


def write_line(page: Any, row: int, text: str, cell: Any, size: float) -> None:
    """One unwrapped line in column A; it runs over the empty cells at its right."""
    page.set_row(row, line_height(size))
    page.write_string(row, 0, clean_text(text), cell)


def _write_table(page: Any, formats: Formats, table: Table, *, first_row: int, filters: bool) -> None:
    page.add_table(
        first_row, 0, first_row + len(table.rows), len(table.columns) - 1,
        {
            "name": table.name, "style": None, "autofilter": filters, "banded_rows": False,
            "title": table.title, "description": table.title,
            "columns": [{"header": c.title, "header_format": formats.header(c)} for c in table.columns],
        },
    )  # fmt: skip
    page.repeat_rows(first_row)
    widths = widths_of(table)
    page.fit_to_pages(pages_across(widths), 0)
    page.set_row(first_row, header_height(table, widths))
    cells = [formats.cell(column) for column in table.columns]
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    for offset, row in enumerate(table.rows, start=first_row + 1):
        page.set_row(offset, row_height(row, widths))
        for place, column in enumerate(table.columns):
            _write_value(page, offset, place, row[place], column, cells[place])


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
        page.write_number(row, place, number_of(value, column), cell)


def page_setup(page: Any, *, landscape: bool) -> None:
    """Print a sheet one page wide, on A3 across or on A4 upright."""
    page.set_paper(_A3 if landscape else _A4)
    if landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)


def finish(name: str, part: bytes) -> bytes:
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
