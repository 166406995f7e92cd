"""What the sheets of a workbook hold and do not show: rows, cells, formats, comments, filters, far cells.

Does not belong here: parts beside the sheets (`hidden_parts`). The ids are those of `concealed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

from kcc_etl.domain.findings import shorten
from reports.accessibility import colours, number_formats
from reports.accessibility.book import Check, Opened
from reports.accessibility.look_rules import least_contrasts, theme_of
from reports.accessibility.page import Hit, Page, shown, shown_text
from reports.accessibility.parts import has

UNSEEN_CONTRAST = 1.5
TOO_SMALL_TEXT = 6.0
_LOW_ROW, _NARROW_COLUMN = 4.0, 1.0
_FAR_ROWS, _FAR_COLUMNS = 20, 5
_TRUE = frozenset({"1", "true"})
_KNOWN = frozenset(
    {
        "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
        "sheetProtection", "autoFilter", "mergeCells", "phoneticPr", "conditionalFormatting",
        "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
        "rowBreaks", "colBreaks", "ignoredErrors", "drawing", "legacyDrawing", "legacyDrawingHF", "picture",
        "oleObjects", "controls", "tableParts", "customSheetViews", "extLst",
    }
)  # fmt: skip
# Extensions of a sheet that are judged here (rules for colours, lists) or say nothing (errors ignored).
_KNOWN_EXTENSIONS = frozenset({"conditionalFormattings", "dataValidations", "ignoredErrors"})


def hidden_sheets(book: Opened) -> Iterator[Hit]:
    """HC-001."""
    for sheet in book.parts.main.iter("sheet"):
        if sheet.get("state") == "hidden":
            yield Hit("a hidden sheet", sheet.get("name", ""))
    for view in book.parts.main.iter("workbookView"):
        if view.get("visibility") in ("hidden", "veryHidden"):
            yield Hit("a hidden window")


def very_hidden_sheets(book: Opened) -> Iterator[Hit]:
    """HC-002."""
    for sheet in book.parts.main.iter("sheet"):
        if sheet.get("state") not in (None, "visible", "hidden"):
            yield Hit("a sheet that only a program can show", sheet.get("name", ""))


def hidden_rows(book: Opened) -> Iterator[Hit]:
    """HC-003."""
    for page in book.pages:
        for number, row in page.rows.items():
            if row.get("hidden") in _TRUE:
                yield page.hit(f"hidden row {number}", f"A{number}")
        if any(form.get("zeroHeight") in _TRUE for form in page.parts.each("sheetFormatPr")):
            yield page.hit("rows that are hidden unless they say otherwise", "A1")


def hidden_columns(book: Opened) -> Iterator[Hit]:
    """HC-004."""
    for page in book.pages:
        for first, last, _, column in page.widths:
            if column.get("hidden") in _TRUE:
                yield page.hit(f"hidden columns {first} to {last}", _ref(1, first))


def tiny_lines(book: Opened) -> Iterator[Hit]:
    """HC-005."""
    for page in book.pages:
        for number, row in page.rows.items():
            if row.get("ht") is not None and float(row["ht"]) < _LOW_ROW:
                yield page.hit(f"a row {float(row['ht']):g} points high", f"A{number}")
        for first, _, width, column in page.widths:
            if width < _NARROW_COLUMN and column.get("hidden") not in _TRUE:
                yield page.hit(f"a column {width:g} characters wide", _ref(1, first))
        for form in page.parts.each("sheetFormatPr"):
            if float(form.get("defaultRowHeight") or 15) < _LOW_ROW or form.get("defaultColWidth") in (
                "0",
                "0.0",
            ):
                yield page.hit("rows or columns that are too small unless they say otherwise", "A1")


def invisible_text(book: Opened) -> Iterator[Hit]:
    """HC-006."""
    for page, cell, least in least_contrasts(book):
        if least < UNSEEN_CONTRAST:
            yield page.hit("text in the colour of its background", cell)


def formatted_away(book: Opened) -> Iterator[Hit]:
    """HC-007."""
    for page, cell in book.filled:
        value = shown(cell)
        section = colours.section_for(page.look(cell).number_format, value)
        if colours.shows_nothing(section):
            yield page.hit(f"a value that the format '{shorten(cell.number_format)}' hides", cell)
        elif _is_shown_otherwise(section, value):
            yield page.hit(f"a value that the format '{shorten(cell.number_format)}' shows as another", cell)
    for page in book.pages:
        if any(view.get("showZeros") in ("0", "false") for view in page.parts.each("sheetView")):
            yield from (
                page.hit("a zero that is not shown", c) for c in page.filled.values() if shown(c) == 0
            )


def _is_shown_otherwise(section: str, value: object) -> bool:
    if isinstance(value, date):
        return number_formats.shows_part(section, value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and number_formats.shows_another(section)


def comments(book: Opened) -> Iterator[Hit]:
    """HC-008."""
    for page, cell in book.cells:
        if cell.comment is not None:
            yield page.hit("a comment", cell)
    for name in book.parts.names:
        if re.search(r"(?<!threaded)comments?\d*\.(?:xml|bin)$", name):
            yield Hit(f"comments ({name})")


_RANGE = re.compile(r"=?(?:'[^'\[\]]+'!|[\w.]+!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?")
"""Cells of this workbook."""


def value_lists(book: Opened) -> Iterator[Hit]:
    """HC-015."""
    for page in book.pages:
        for element in page.parts.each("dataValidation"):
            texts = [v for k in ("prompt", "error", "promptTitle", "errorTitle") if (v := element.get(k))]
            said = "".join(element.itertext()).strip()
            # A list in cells of a sheet can be seen there; hidden sheets have a rule of their own.
            if texts or (element.get("type") == "list" and not _RANGE.fullmatch(said)):
                said = said or " ".join(texts)
                yield page.hit(f"values stored behind cells: {shorten(said)}", _first(element.get("sqref")))


def filtered(book: Opened) -> Iterator[Hit]:
    """HC-019."""
    for page in book.pages:
        for found in page.parts.each("filterColumn"):
            yield page.hit(f"a filter on column {found.get('colId')}", "A1")
        if any(found.get("filterMode") in _TRUE for found in page.parts.each("sheetPr")):
            yield page.hit("a sheet that is filtered", "A1")
        for relation in page.parts.relations.values():
            if relation.kind == "table" and has(_table(book, page, relation.target), "filterColumn"):
                yield page.hit("a filter in a table", "A1")


def _table(book: Opened, page: Page, target: str) -> Element:
    tree = book.parts.tree(f"xl/tables/{target.rpartition('/')[2]}")
    return Element("table") if tree is None else tree


def outlines(book: Opened) -> Iterator[Hit]:
    """HC-020."""
    for page in book.pages:
        for number, row in page.rows.items():
            if (row.get("outlineLevel") or "0") != "0" or row.get("collapsed") in _TRUE:
                yield page.hit(f"row {number} in a group", f"A{number}")
        for first, _, _, column in page.widths:
            if (column.get("outlineLevel") or "0") != "0" or column.get("collapsed") in _TRUE:
                yield page.hit("columns in a group", _ref(1, first))


def tiny_text(book: Opened) -> Iterator[Hit]:
    """HC-022."""
    for page, cell in book.filled:
        smallest = min((font.sz for font in page.fonts(cell) if font.sz is not None), default=11)
        if smallest < TOO_SMALL_TEXT:
            yield page.hit(f"text of {smallest:g} points", cell)
        elif page.look(cell).alignment.shrink_to_fit and len(shown_text(cell)) > 2 * page.width(cell.column):
            yield page.hit("text made smaller to fit its cell", cell)


def headers_and_footers(book: Opened) -> Iterator[Hit]:
    """HC-027."""
    for page in book.pages:
        for element in page.parts.each("headerFooter"):
            yield from (page.hit(f"'{shorten(e.text)}'") for e in element if (e.text or "").strip())
        yield from (page.hit("a picture in a header or footer") for _ in page.parts.each("legacyDrawingHF"))


def conditional_hiding(book: Opened) -> Iterator[Hit]:
    """HC-029."""
    theme = theme_of(book)
    styles = list(book.book._differential_styles.styles)
    for page in book.pages:
        for block in page.parts.each("conditionalFormatting"):
            for rule in block.iter("cfRule"):
                number = int(rule.get("dxfId") or -1)
                own = next(rule.iter("dxf"), None)
                hides = own is not None or (0 <= number < len(styles) and _hides(styles[number], theme))
                bare = any(e.get("showValue") in ("0", "false") for e in rule)
                if hides or bare:
                    place = block.get("sqref") or next((e.text for e in block.iter("sqref")), "") or "A1"
                    yield page.hit("a conditional format that can hide a value", _first(place))


def _hides(style: Any, theme: list[colours.RGB]) -> bool:
    if style.numFmt is not None and any(
        map(colours.shows_nothing, (style.numFmt.formatCode or "").split(";"))
    ):
        return True
    if style.font is None or style.font.color is None:
        return False
    fill = style.fill
    # A differential fill names its colour as that of the background.
    behind = colours.WHITE if fill is None else colours.rgb(fill.bgColor, theme, colours.WHITE)
    return colours.contrast(colours.rgb(style.font.color, theme, colours.BLACK), behind) < UNSEEN_CONTRAST


def far_cells(book: Opened) -> Iterator[Hit]:
    """HC-030."""
    for page in book.pages:
        far_down = _after_gap({row for row, _ in page.filled}, _FAR_ROWS)
        far_right = _after_gap({column for _, column in page.filled}, _FAR_COLUMNS)
        for (row, column), cell in page.filled.items():
            if row >= far_down or column >= far_right:
                yield page.hit("a cell far away from the others", cell)


def _after_gap(places: set[int], gap: int) -> float:
    """The first place after a stretch of empty ones longer than `gap`."""
    ordered = [0, *sorted(places)]
    return next((b for a, b in pairwise(ordered) if b - a > gap + 1), float("inf"))


def unknown_elements(book: Opened) -> Iterator[Hit]:
    """HC-032."""
    for page in book.pages:
        for element in page.parts.tree:
            if element.tag not in _KNOWN:
                yield page.hit(f"the element '{shorten(element.tag)}'")
        for extension in page.parts.each("ext"):
            for element in extension:
                if element.tag not in _KNOWN_EXTENSIONS:
                    yield page.hit(f"the extension '{shorten(element.tag)}'")


def formulas(book: Opened) -> Iterator[Hit]:
    """HC-035."""
    for page, cell in book.cells:
        if cell.data_type == "f":
            yield page.hit(f"a formula: {shorten(shown_text(cell))}", cell)


def _first(ranges: str | None) -> str:
    return re.split(r"[\s:]", (ranges or "").strip())[0]


def _ref(row: int, column: int) -> str:
    from openpyxl.utils.cell import get_column_letter

    return f"{get_column_letter(column)}{row}"


CHECKS: dict[str, Check] = {
    "HC-001": hidden_sheets, "HC-002": very_hidden_sheets, "HC-003": hidden_rows, "HC-004": hidden_columns,
    "HC-005": tiny_lines, "HC-006": invisible_text, "HC-007": formatted_away, "HC-008": comments,
    "HC-015": value_lists, "HC-019": filtered, "HC-020": outlines, "HC-022": tiny_text,
    "HC-027": headers_and_footers, "HC-029": conditional_hiding, "HC-030": far_cells,
    "HC-032": unknown_elements, "HC-035": formulas,
}  # fmt: skip
