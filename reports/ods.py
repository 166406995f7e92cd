"""Workbooks as OpenDocument spreadsheets (ODF 1.3): the cells of the XLSX file, the same bytes every time.

Does not belong here: what sheets hold and how large cells are (`sheets`), the XLSX file (`workbook`).

Written out by hand because the libraries for it are old or keep times and names of their own. A cell has a
value of its type, and no cell a formula: text that looks like one stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from itertools import groupby

from reports.archive import pack
from reports.documents import Column, Dataset, Sheet, Table, Value, Workbook, clean_text
from reports.ods_styles import NAMESPACES, UPRIGHT, cell_styles, fonts, style_sheet, wide
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

MIME = "application/vnd.oasis.opendocument.spreadsheet"
_CM_A_CHARACTER = 0.21
_SPACES = re.compile(" {2,}|^ | $")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_EMPTY = "<table:table-cell/>"
_EMPTY_ONES = '<table:table-cell table:number-columns-repeated="{}"/>'


def render_ods(dataset: Dataset, *, as_of: date) -> bytes:
    """The workbook of a dataset as the bytes of an ODS file, its creation dated `as_of`.

    Raises ValueError when the dataset has no workbook.
    """
    if dataset.workbook is None:
        raise ValueError(f"the dataset {dataset.name} has no workbook")
    book = dataset.workbook
    parts = {
        "mimetype": MIME,
        "META-INF/manifest.xml": _manifest(),
        "content.xml": _Content(book, uk_dates=dataset.uk_dates).xml(),
        "meta.xml": _meta(book, as_of),
        "settings.xml": _settings(),
        "styles.xml": style_sheet(),
    }
    # The format asks that the kind of file stands first and uncompressed.
    return pack({name: text.encode("utf-8") for name, text in parts.items()}, frozenset({"mimetype"}))


class _Content:
    """The cells of every sheet, and the styles of rows and columns that they turn out to need."""

    def __init__(self, book: Workbook, *, uk_dates: bool) -> None:
        self._book = book
        self._dates = "uk" if uk_dates else "iso"
        self._rows: dict[float, str] = {}
        self._columns: dict[float, str] = {}
        self._ranges: list[str] = []

    def xml(self) -> str:
        """The main part of the file."""
        sheets = sheets_of(self._book)
        tables = "".join([self._cover(sheets), *map(self._sheet, sheets)])
        ranges = f"<table:database-ranges>{''.join(self._ranges)}</table:database-ranges>"
        return (
            f'{_HEAD}<office:document-content {NAMESPACES} office:version="1.3">{fonts()}'
            f"<office:automatic-styles>{self._sizes()}{cell_styles()}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{tables}{ranges if self._ranges else ''}"
            "</office:spreadsheet></office:body></office:document-content>"
        )

    def _sizes(self) -> str:
        rows = (
            f'<style:style style:name="{name}" style:family="table-row"><style:table-row-properties '
            f'style:row-height="{height:g}pt" style:use-optimal-row-height="false"/></style:style>'
            for height, name in self._rows.items()
        )
        columns = (
            f'<style:style style:name="{name}" style:family="table-column"><style:table-column-properties '
            f'style:column-width="{width:.2f}cm"/></style:style>'
            for width, name in self._columns.items()
        )
        return "".join([*rows, *columns])

    def _row(self, height: float, cells: str) -> str:
        name = self._rows.setdefault(height, f"ro{len(self._rows) + 1}")
        return f'<table:table-row table:style-name="{name}">{cells}</table:table-row>'

    def _column(self, width: float) -> str:
        wide = round(width * _CM_A_CHARACTER, 2)
        name = self._columns.setdefault(wide, f"co{len(self._columns) + 1}")
        return f'<table:table-column table:style-name="{name}"/>'

    def _line(self, text: str, style: str, size: float) -> str:
        return self._row(line_height(size), _text_cell(text, style))

    def _cover(self, sheets: Sequence[Sheet]) -> str:
        look = theme("workbook")
        width, heading = look["cover_width"], look["heading_size"]
        rows = [self._line(self._book.title, "title", look["title_size"])]
        for name, text in self._book.cover:
            rows.append(self._line(name, "heading", heading))
            rows.append(self._row(wrapped_height([(text, width)]), _text_cell(text, "paragraph")))
        rows.append(self._line(CONTENTS, "heading", heading))
        rows += [self._row(wrapped_height([]), _link_cell(sheet)) for sheet in sheets]
        return _table(COVER, UPRIGHT, self._column(width) + "".join(rows))

    def _sheet(self, sheet: Sheet) -> str:
        look = theme("workbook")
        table, sentences = sheet.table, sentences_of(sheet)
        lines = [self._line(sheet.title, "title", look["title_size"])]
        lines += [self._line(sentence, "sentence", look["size"]) for sentence in sentences]
        widths = widths_of(table) if table.rows else [float(look["narrowest"])]
        body = self._table(sheet.name, table, widths, len(lines) + 1) if table.rows else ""
        columns = "".join(self._column(width) for width in widths)
        return _table(sheet.name, wide(pages_across(widths)), f"{columns}{''.join(lines)}{body}")

    def _table(self, sheet: str, table: Table, widths: Sequence[float], first: int) -> str:
        last = f"{_letters(len(table.columns))}{first + len(table.rows)}"
        self._ranges.append(
            f'<table:database-range table:name="{table.name}" table:contains-header="true" '
            f'table:display-filter-buttons="false" table:target-range-address='
            f'"{escape(_address(sheet, f"A{first}"))}:{escape(_address(sheet, last))}"/>'
        )
        heads = "".join(
            _text_cell(column.title, "header-number" if column.is_number else "header")
            for column in table.columns
        )
        head = self._row(header_height(table, widths), heads)
        rows = [
            self._row(row_height(row, widths), "".join(self._cells(table.columns, row))) for row in table.rows
        ]
        return f"<table:table-header-rows>{head}</table:table-header-rows>{''.join(rows)}"

    def _cells(self, columns: Sequence[Column], row: Sequence[Value]) -> Iterator[str]:
        cells = (self._cell(column, value) for column, value in zip(columns, row, strict=True))
        for cell, run in groupby(cells):
            alike = list(run)
            is_gap = cell == _EMPTY and len(alike) > 1
            yield _EMPTY_ONES.format(len(alike)) if is_gap else "".join(alike)

    def _cell(self, column: Column, value: Value) -> str:
        if value is None or value == "":
            return _EMPTY
        if isinstance(value, bool):
            said = "true" if value else "false"
            return _cell(
                "boolean", f'office:value-type="boolean" office:boolean-value="{said}"', said.upper()
            )
        if isinstance(value, date):
            shown = f"{value:%d/%m}/{value.year:04d}" if self._dates == "uk" else value.isoformat()
            typed = f'office:value-type="date" office:date-value="{value.isoformat()}"'
            return _cell(f"date-{self._dates}", typed, shown)
        if isinstance(value, str):
            return _text_cell(value, "text")
        number = number_of(value, column)
        kind = 'currency" office:currency="GBP' if column.kind == "pence" else "float"
        shown = f"{number:,}" if column.kind == "integer" else f"{number:,.2f}"
        return _cell(column.kind, f'office:value-type="{kind}" office:value="{number!r}"', shown)


def _table(name: str, style: str, inner: str) -> str:
    return f'<table:table table:name="{escape(name)}" table:style-name="{style}">{inner}</table:table>'


def _cell(style: str, typed: str, shown: str) -> str:
    return f'<table:table-cell table:style-name="{style}" {typed}><text:p>{shown}</text:p></table:table-cell>'


def _text_cell(text: str, style: str) -> str:
    lines = "".join(f"<text:p>{_words(line)}</text:p>" for line in clean_text(text).split("\n"))
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">{lines}</table:table-cell>'
    )


def _link_cell(sheet: Sheet) -> str:
    target = escape("#" + _address(sheet.name, "A1"))
    words = _words(contents_words(sheet))
    return (
        '<table:table-cell table:style-name="link" office:value-type="string"><text:p>'
        f'<text:a xlink:type="simple" xlink:href="{target}">{words}</text:a></text:p></table:table-cell>'
    )


def _words(line: str) -> str:
    """A line of text; readers take several spaces for one, and drop those at its ends, unless marked."""
    marked = _SPACES.sub(lambda run: f"\x00{len(run.group())}\x01", line)
    return re.sub("\x00(\\d+)\x01", r'<text:s text:c="\1"/>', escape(marked, quote=False))


def _address(sheet: str, cell: str) -> str:
    name = sheet if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", sheet) else "'" + sheet.replace("'", "''") + "'"
    return f"{name}.{cell}"


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _meta(book: Workbook, as_of: date) -> str:
    publisher, day = escape(clean_text(book.publisher)), f"{as_of.isoformat()}T00:00:00"
    return (
        f'{_HEAD}<office:document-meta {NAMESPACES} office:version="1.3"><office:meta>'
        f"<meta:generator>kcc-etl</meta:generator><dc:title>{escape(clean_text(book.title))}</dc:title>"
        f"<meta:initial-creator>{publisher}</meta:initial-creator><dc:creator>{publisher}</dc:creator>"
        f"<meta:creation-date>{day}</meta:creation-date><dc:date>{day}</dc:date>"
        f"<dc:language>{LANGUAGE}</dc:language></office:meta></office:document-meta>"
    )


def _settings() -> str:
    return (
        f'{_HEAD}<office:document-settings {NAMESPACES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item config:name="ActiveTable" config:type="string">{COVER}</config:config-item>'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


def _manifest() -> str:
    names = ("content.xml", "meta.xml", "settings.xml", "styles.xml")
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in names
    )
    return (
        f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
        f'manifest:media-type="{MIME}"/>{entries}</manifest:manifest>'
    )
