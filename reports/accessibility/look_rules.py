"""Rules about how a workbook looks: fonts, colours, fills, borders, pictures, headers and footers.

Does not belong here: colours as numbers (`colours`), what cells say (`text_rules`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kcc_etl.domain.findings import shorten
from reports.accessibility import colours
from reports.accessibility.book import Check, Opened
from reports.accessibility.page import Area, Hit, Page, shown, shown_text
from reports.accessibility.parts import has

SMALLEST = 10.0
_SANS = re.compile(
    r"aptos.*|arial.*|avenir.*|calibri.*|carlito|century gothic|dejavu sans.*|frutiger.*|gds transport.*|"
    r"gill sans.*|helvetica.*|inter|lato.*|liberation sans.*|lucida sans.*|montserrat.*|myriad.*|nunito.*|"
    r"segoe ui.*|tahoma|"
    r"trebuchet.*|univers.*|verdana|.*\bsans\b(?!.*serif).*|roboto|public sans|microsoft sans serif",
    re.IGNORECASE,
)
_LONG_CAPITALS = 8
_DIVIDER = re.compile(r"\s*([-_=*~.·•–—#+|/\\─═])(?:\s*\1){2,}\s*")
_HEAVY = frozenset(
    {"thick", "double", "medium", "mediumDashed", "mediumDashDot", "mediumDashDotDot", "slantDashDot"}
)
_PLAIN_STYLE = re.compile(r"TableStyleLight([1-7]|1[5-9]|2[01])")
_SIDES = ("left", "right", "top", "bottom")


def fonts(book: Opened) -> Iterator[Hit]:
    """AC-017."""
    plain: dict[int, list[str]] = {}
    for page, cell in book.filled:
        fonts = page.fonts(cell)
        if id(fonts[0]) not in plain:
            plain[id(fonts[0])] = list(_font_faults(fonts[0]))
        faults = {*plain[id(fonts[0])], *(fault for font in fonts[1:] for fault in _font_faults(font))}
        yield from (page.hit(found, cell) for found in sorted(faults))
    for page, cell in book.prose:
        letters = re.sub(r"[\W\d_]", "", shown_text(cell))
        if letters.isupper() and len(letters) >= _LONG_CAPITALS:
            yield page.hit(f"'{shorten(shown_text(cell))}' in capitals", cell)


def _font_faults(font: Any) -> Iterator[str]:
    name = font.rFont if hasattr(font, "rFont") else font.name
    if name and not _SANS.fullmatch(name.strip()[:64]):
        yield f"the font {shorten(name)}, not known to be sans serif"
    if font.sz is not None and font.sz < SMALLEST:
        yield f"text of {font.sz:g} points"
    if font.i:
        yield "italics"


def headers_and_boxes(book: Opened) -> Iterator[Hit]:
    """AC-020."""
    for page in book.pages:
        for element in page.parts.each("headerFooter"):
            yield from (
                page.hit(f"a {_side(e.tag)}: '{shorten(e.text)}'") for e in element if (e.text or "").strip()
            )
        for tag, kind in (("controls", "a form control"), ("oleObjects", "an object")):
            yield from (page.hit(f"{kind} over the cells") for _ in page.parts.each(tag))
    for name, tree in book.parts.trees("xl/drawings/", "xl/charts/"):
        if has(tree, "sp", "userShapes"):
            yield Hit(f"a text box or shape over the cells ({name})")
        yield from (Hit(f"a text box or control over the cells ({name})") for _ in _boxes(tree))


def _side(tag: str) -> str:
    return "header" if tag.endswith("Header") else "footer"


def _boxes(tree: Any) -> Iterator[Any]:
    """The shapes of an old drawing that are not those of comments."""
    for shape in tree.iter("shape"):
        kinds = {data.get("ObjectType") for data in shape.iter("ClientData")}
        if kinds and "Note" not in kinds:
            yield shape


def dividers(book: Opened) -> Iterator[Hit]:
    """AC-021."""
    for page, cell in book.filled:
        if isinstance(shown(cell), str) and _DIVIDER.fullmatch(shown_text(cell)):
            yield page.hit("a rule made of characters", cell)
    styles: dict[int, set[str]] = {}
    for page, cell in book.cells:
        border = page.look(cell).border
        if id(border) not in styles:
            sides = (getattr(border, side) for side in _SIDES)
            styles[id(border)] = {side.style for side in sides if side is not None} - {None, "none"}
        lines = styles[id(border)]
        if lines & _HEAVY:
            yield page.hit("a heavy border", cell)
        elif lines and (cell.row, cell.column) not in page.filled and not _in_table(page, cell):
            yield page.hit("a border around an empty cell", cell)


def _in_table(page: Page, cell: Any) -> bool:
    return page.area_at(cell.row, cell.column) is not None


def fills(book: Opened) -> Iterator[Hit]:
    """AC-022."""
    for page, cell in book.cells:
        if _is_filled(page.look(cell).fill):
            yield page.hit("a background fill", cell)
    for page in book.pages:
        for place, line in [*page.sheet.row_dimensions.items(), *page.sheet.column_dimensions.items()]:
            if _is_filled(line.fill):
                yield page.hit(
                    "a row or column with a background fill",
                    f"A{place}" if isinstance(place, int) else f"{place}1",
                )
        yield from (
            page.hit(f"the table style {name}, which fills cells", _corner(area))
            for area, name in _styled(page)
        )


def _is_filled(fill: Any) -> bool:
    return fill is not None and getattr(fill, "fill_type", None) not in (None, "none")


def _styled(page: Page) -> Iterator[tuple[Area, str]]:
    for area in page.tables:
        style = area.markup.tableStyleInfo
        if style is not None and style.name and style.name.casefold() != "none":
            plain = _PLAIN_STYLE.fullmatch(style.name)
            if not plain or style.showRowStripes or style.showColumnStripes:
                yield area, style.name


def _corner(area: Area) -> str:
    from openpyxl.utils.cell import get_column_letter

    return f"{get_column_letter(area.left)}{area.top}"


def colour_alone(book: Opened) -> Iterator[Hit]:
    """AC-023."""
    for page, cell in book.cells:
        if _is_filled(page.look(cell).fill) and (cell.row, cell.column) not in page.filled:
            yield page.hit("a coloured cell without text", cell)
    for page in book.pages:
        for kind in ("colorScale", "dataBar"):
            yield from (page.hit(f"colours by rule ({kind})") for _ in page.parts.each(kind))
        for rule in page.parts.each("cfRule"):
            if rule.get("dxfId") is not None:
                yield page.hit("colours by rule (a conditional format)")
        yield from _odd_colours(page)
        for cell in page.filled.values():
            if colours.tells_by_colour(page.look(cell).number_format):
                yield page.hit(f"negative numbers told by colour alone ({shorten(cell.number_format)})", cell)


def _odd_colours(page: Page) -> Iterator[Hit]:
    """Data cells whose text has another colour than most of their column."""
    for area in page.areas:
        columns: dict[int, list[tuple[str, Any]]] = {}
        for row, column in page.contents[id(area)]:
            cell = page.filled[row, column]
            if row >= area.first and cell.hyperlink is None:
                columns.setdefault(column, []).append((_colour_key(page.look(cell).font.color), cell))
        for cells in columns.values():
            usual = Counter(key for key, _ in cells).most_common(1)[0][0]
            odd = (cell for key, cell in cells if key != usual)
            yield from (page.hit("text of another colour than the rest of its column", cell) for cell in odd)


def _colour_key(colour: Any) -> str:
    return "" if colour is None else f"{colour.type} {colour.value} {colour.tint}"


def faint(book: Opened) -> Iterator[Hit]:
    """AC-024."""
    for page, cell, least in least_contrasts(book):
        if least < colours.LEAST_CONTRAST:
            yield page.hit(f"text that stands out by {least:.1f} to 1", cell)


def theme_of(book: Opened) -> list[colours.RGB]:
    """The colours of the workbook's theme."""
    return colours.theme_colours(book.parts.tree(book.parts.outline.part("theme") or "xl/theme/theme1.xml"))


def least_contrasts(book: Opened) -> Iterator[tuple[Page, Any, float]]:
    """How far the faintest piece of each filled cell's text stands out from its background."""
    theme = theme_of(book)
    plain: dict[tuple[int, str], float] = {}
    for page, cell in book.filled:
        look = page.look(cell)
        section = colours.section_for(look.number_format, shown(cell))
        key = (id(look), section)
        if key not in plain:
            plain[key] = _contrast(look.font, look.fill, section, theme)
        pieces = page.fonts(cell)[1:]
        yield page, cell, min([plain[key], *(_contrast(font, look.fill, section, theme) for font in pieces)])


def _contrast(font: Any, fill: Any, section: str, theme: list[colours.RGB]) -> float:
    front = colours.format_colour(section) or colours.rgb(font.color, theme, colours.BLACK)
    return colours.contrast(front, colours.background(fill, theme))


def pictures(book: Opened) -> Iterator[Hit]:
    """AC-025."""
    for name in book.parts.names:
        if name.startswith(
            (
                "xl/media/",
                "xl/charts/chart",
                "xl/chartsheets/",
                "xl/diagrams/data",
                "xl/richdata/rdrichvalueweb",
            )
        ):
            yield Hit(f"a picture or chart ({name})")
    for page in book.pages:
        yield from (page.hit("a picture behind the cells") for _ in page.parts.each("picture"))
        yield from (page.hit("small charts in cells") for _ in page.parts.each("sparklineGroup"))


CHECKS: dict[str, Check] = {
    "AC-017": fonts, "AC-020": headers_and_boxes, "AC-021": dividers, "AC-022": fills, "AC-023": colour_alone,
    "AC-024": faint, "AC-025": pictures,
}  # fmt: skip
