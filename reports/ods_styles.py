"""The styles of OpenDocument spreadsheets: pages, fonts, kinds of cells, from the theme.

Does not belong here: cells (`ods`), the look itself (`theme.toml`).
"""

from __future__ import annotations

from functools import cache

from reports.theme import theme

_NAMES = {
    "office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle",
    "meta": "meta", "config": "config", "fo": "xsl-fo-compatible", "svg": "svg-compatible",
}  # fmt: skip
NAMESPACES = " ".join(
    [
        *(
            f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
            for short, long in _NAMES.items()
        ),
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        'xmlns:xlink="http://www.w3.org/1999/xlink"',
    ]
)
UPRIGHT = "upright"
"""The style of a sheet for reading."""
_MOST_ACROSS = 9
_PAPER = {
    UPRIGHT: ("21cm", "29.7cm", "portrait", 1),
    **{f"wide{n}": ("42cm", "29.7cm", "landscape", n) for n in range(1, _MOST_ACROSS + 1)},
}


def wide(across: int) -> str:
    """The style of a sheet with a table that is printed over so many pages side by side."""
    return f"wide{min(across, _MOST_ACROSS)}"


def fonts() -> str:
    """The one font."""
    face = f'<style:font-face style:name="plain" svg:font-family="{theme("workbook")["font"]}"/>'
    return f"<office:font-face-decls>{face}</office:font-face-decls>"


@cache
def cell_styles() -> str:
    """The styles of sheets and cells, with the formats of numbers and dates."""
    look = theme("workbook")
    pages = "".join(
        f'<style:style style:name="{name}" style:family="table" style:master-page-name="{name}">'
        '<style:table-properties table:display="true"/></style:style>'
        for name in _PAPER
    )
    border = f'fo:border-bottom="0.75pt solid {look["border_colour"]}"'
    left, right = 'fo:text-align="start"', 'fo:text-align="end" fo:margin-right="0.2cm"'
    wrap, top = 'fo:wrap-option="wrap"', 'style:vertical-align="top"'
    bottom = f'style:vertical-align="bottom" {wrap} {border}'
    bold = 'fo:font-weight="bold"'
    link = f'fo:color="{look["link_colour"]}" style:text-underline-style="solid"'
    cells = (
        _cell("sentence", top), _cell("paragraph", f"{wrap} {top}"), _cell("link", top, text=link),
        _cell("title", top, parent="Heading_20_1"), _cell("heading", top, parent="Heading_20_2"),
        _cell("header", bottom, left, bold), _cell("header-number", bottom, right, bold),
        _cell("text", f"{wrap} {top}", left), _cell("boolean", top, left, data="n-boolean"),
        _cell("date-iso", top, left, data="n-date-iso"), _cell("date-uk", top, left, data="n-date-uk"),
        *(_cell(kind, top, right, data=f"n-{kind}") for kind in ("integer", "pence", "quantity")),
    )  # fmt: skip
    return _DATA + pages + "".join(cells)


def _cell(
    name: str, cell: str, paragraph: str = "", text: str = "", data: str = "", parent: str = "Default"
) -> str:
    shown = f' style:data-style-name="{data}"' if data else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="{parent}"'
        f"{shown}>"
        f"<style:table-cell-properties {cell}/>"
        + (f"<style:paragraph-properties {paragraph}/>" if paragraph else "")
        + (f"<style:text-properties {text}/>" if text else "")
        + "</style:style>"
    )


def _number(name: str, places: int) -> str:
    return (
        f'<number:number-style style:name="{name}"><number:number number:decimal-places="{places}" '
        f'number:min-decimal-places="{places}" number:min-integer-digits="1" number:grouping="true"/>'
        "</number:number-style>"
    )


def _date(name: str, parts: str, between: str) -> str:
    words = {
        "d": '<number:day number:style="long"/>',
        "m": '<number:month number:style="long"/>',
        "y": '<number:year number:style="long"/>',
    }
    inner = f"<number:text>{between}</number:text>".join(words[part] for part in parts)
    return f'<number:date-style style:name="{name}">{inner}</number:date-style>'


_DATA = (
    _number("n-integer", 0)
    + _number("n-pence", 2)
    + _number("n-quantity", 2)
    + _date("n-date-iso", "ymd", "-")
    + _date("n-date-uk", "dmy", "/")
    + '<number:boolean-style style:name="n-boolean"><number:boolean/></number:boolean-style>'
)


@cache
def style_sheet() -> str:
    """The part that holds the styles with names, and the pages."""
    look = theme("workbook")
    language = 'fo:language="en" fo:country="GB"'
    base = (
        f'style:font-name="plain" fo:font-size="{look["size"]}pt" fo:color="{look["text_colour"]}" {language}'
    )
    text = f"<style:text-properties {base}/>"
    headings = "".join(
        f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" '
        'style:family="table-cell" style:parent-style-name="Default">'
        f'<style:text-properties fo:font-size="{size}pt" fo:font-weight="bold"/></style:style>'
        for level, size in ((1, look["title_size"]), (2, look["heading_size"]))
    )
    layouts = "".join(
        f'<style:page-layout style:name="p-{name}"><style:page-layout-properties fo:page-width="{width}" '
        f'fo:page-height="{height}" style:print-orientation="{turned}" fo:margin="1.5cm" '
        f'style:scale-to-X="{across}" style:scale-to-Y="0"/>'
        "<style:header-style/><style:footer-style/></style:page-layout>"
        for name, (width, height, turned, across) in _PAPER.items()
    )
    masters = "".join(
        f'<style:master-page style:name="{name}" style:page-layout-name="p-{name}">'
        '<style:header style:display="false"/><style:footer style:display="false"/></style:master-page>'
        for name in _PAPER
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-styles {NAMESPACES} office:version="1.3">'
        f"{fonts()}<office:styles>"
        f'<style:default-style style:family="table-cell">{text}</style:default-style>'
        f'<style:style style:name="Default" style:family="table-cell">{text}</style:style>'
        f"{headings}</office:styles><office:automatic-styles>{layouts}</office:automatic-styles>"
        f"<office:master-styles>{masters}</office:master-styles></office:document-styles>"
    )
