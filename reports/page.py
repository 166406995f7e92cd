"""Pages as values, and as accessible HTML that stands alone: no script, nothing fetched, the same bytes.

Does not belong here: what a page says (`quality_report`, `quality_statement`, `catalogue`), the look
(`page.css`). Rules: WCAG 2.2 AA; a language, a title, headings in order, captions and scopes, a text beside
every picture. Whatever text a page is given may be hostile: all of it is escaped.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from html import escape
from importlib.resources import files

from kcc_etl.domain.money import round_half_up
from reports.documents import LICENCE_URI, BulletList, Facts, Heading, Paragraph, clean_text

LANGUAGE = "en-GB"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_FILE = r"[a-z0-9-]+\.(?:csv-metadata\.json|html|xlsx|ods|csv|json|docx|ics)"
_LINK = re.compile(
    rf"(?:\.\./)?(?:{_FILE})?(?:#[A-Za-z0-9-]+)?|{re.escape(LICENCE_URI)}|mailto:[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
_ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9-]*")

_SHORT, _LONG = 12, 40  # characters of a cell that stays in one piece, and of one that needs room


def is_link(address: str) -> bool:
    """Whether a page may link there: a place of it, a file beside it, the licence, a mailbox."""
    return bool(_LINK.fullmatch(address))


@dataclass(frozen=True)
class Cell:
    """A cell that links to a place of this page or a file beside it, or is such a place."""

    text: str
    href: str = ""
    anchor: str = ""

    def __post_init__(self) -> None:
        if not is_link(self.href) or (self.anchor and not _ANCHOR.fullmatch(self.anchor)):
            raise ValueError(f"'{self.href}{self.anchor}' is no link of a page")


@dataclass(frozen=True)
class Grid:
    """A table of texts with a caption, its first column heading the rows; `numeric` are aligned right."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    numeric: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.rows or any(len(row) != len(self.headings) for row in self.rows):
            raise ValueError(f"table '{self.caption}' is empty or ragged; write a sentence instead")


@dataclass(frozen=True)
class Links:
    """A list of links, each with what it leads to."""

    items: tuple[tuple[Cell, str], ...]


@dataclass(frozen=True)
class Trend:
    """Shares over time as a line, oldest first, with the sentence that says what it shows."""

    caption: str
    points: tuple[tuple[str, Fraction], ...]
    alt: str


Block = Heading | Paragraph | BulletList | Facts | Grid | Links | Trend


@dataclass(frozen=True)
class Page:
    """A page: title, who writes it, blocks in order. Headings of level 1 make its contents."""

    title: str
    author: str
    blocks: Sequence[Block]


def render_html(page: Page) -> bytes:
    """The page as the bytes of an HTML file."""
    numbers = itertools.count(1)
    body = [_WRITERS[type(block)](block, next(numbers)) for block in page.blocks]
    title = _text(page.title)
    return "\n".join(
        (
            "<!DOCTYPE html>",
            f'<html lang="{LANGUAGE}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            # Nothing is fetched and nothing runs, whatever text found its way into the page.
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f'<meta name="author" content="{_text(page.author)}">',
            f"<title>{title}</title>",
            f"<style>\n{_style()}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{title}</h1>",
            *_contents(page),
            *body,
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    ).encode()


@cache
def _style() -> str:
    return (files("reports") / "page.css").read_text(encoding="utf-8")


def _text(text: str) -> str:
    return escape(clean_text(text), quote=True)


def _contents(page: Page) -> Iterator[str]:
    headings = [
        (number, block)
        for number, block in enumerate(page.blocks, start=1)
        if isinstance(block, Heading) and block.level == 1
    ]
    if len(headings) > 1:
        items = "".join(f'<li><a href="#part-{number}">{_text(h.text)}</a></li>' for number, h in headings)
        yield f'<nav aria-label="Contents"><ul>{items}</ul></nav>'


def _heading(block: Heading, number: int) -> str:
    level = block.level + 1
    return f'<h{level} id="part-{number}">{_text(block.text)}</h{level}>'


def _paragraph(block: Paragraph, number: int) -> str:
    if block.notice:
        return f'<p class="notice"><strong>{_text(block.notice)}</strong> {_text(block.text)}</p>'
    return f"<p>{_text(block.text)}</p>"


def _list(block: BulletList, number: int) -> str:
    return "<ul>" + "".join(f"<li>{_text(item)}</li>" for item in block.items) + "</ul>"


def _facts(block: Facts, number: int) -> str:
    pairs = [f"<div><dt>{_text(label)}</dt><dd>{_text(text)}</dd></div>" for label, text in block.pairs]
    return f"<dl>{''.join(pairs)}</dl>"


def _links(block: Links, number: int) -> str:
    items = "".join(f"<li>{_cell_text(link)}: {_text(words)}</li>" for link, words in block.items)
    return f"<ul>{items}</ul>"


_NUMBER = ' class="number"'


def _grid(block: Grid, number: int) -> str:
    head = "".join(
        f'<th scope="col"{_NUMBER * (place in block.numeric)}>{_text(heading)}</th>'
        for place, heading in enumerate(block.headings)
    )
    rows = "\n".join(_row(row, block) for row in block.rows)
    # A table wider than the page scrolls by itself, with the keyboard too; the page does not.
    return (
        f'<div class="wide" role="region" aria-labelledby="table-{number}" tabindex="0">'
        f'<table><caption id="table-{number}">{_text(block.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _row(row: tuple[str | Cell, ...], grid: Grid) -> str:
    first, *others = row
    anchor = f' id="{first.anchor}"' if isinstance(first, Cell) and first.anchor else ""
    head = f'<th scope="row"{_shape(first, 0 in grid.numeric)}>{_cell_text(first)}</th>'
    # On a narrow screen the cells of a row stand below each other, each with the title of its column.
    cells = (
        f'<td data-title="{_text(grid.headings[place])}"{_shape(cell, place in grid.numeric)}>'
        f"{_cell_text(cell)}</td>"
        for place, cell in enumerate(others, start=1)
    )
    return f"<tr{anchor}>{head}{''.join(cells)}</tr>"


def _shape(cell: str | Cell, is_number: bool) -> str:
    """The class of a cell: numbers on the right, a short word in one piece, a sentence in room of its own."""
    text = cell if isinstance(cell, str) else cell.text
    longest = max(map(len, text.split("\n")))
    classes = (
        "number" if is_number else "",
        "whole" if longest <= _SHORT else "long" if longest > _LONG else "",
    )
    said = " ".join(name for name in classes if name)
    return f' class="{said}"' if said else ""


def _cell_text(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return _text(cell).replace("\n", "<br>")
    return f'<a href="{escape(cell.href)}">{_text(cell.text)}</a>' if cell.href else _text(cell.text)


_LEFT, _RIGHT, _TOP, _BOTTOM, _WIDTH, _HEIGHT = 44, 346, 14, 104, 360, 130
"""Edges of the drawing and the whole, in units of its own; it is drawn at any size."""


def _trend(block: Trend, number: int) -> str:
    lowest = min(share for _, share in block.points)
    floor = min(Fraction(int(lowest * 10), 10), Fraction(9, 10))
    places = [_place(n, share, len(block.points), floor) for n, (_, share) in enumerate(block.points)]
    lines = "".join(
        f'<line x1="{_LEFT}" y1="{y}" x2="{_RIGHT}" y2="{y}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{int(share * 100)}%</text>'
        for share, y in ((Fraction(1), _TOP), (floor, _BOTTOM))
    )
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in places)
    path = " ".join(f"{x},{y}" for x, y in places)
    first, last = block.points[0][0], block.points[-1][0]
    return (
        f'<figure><figcaption>{_text(block.caption)}</figcaption><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'role="img" aria-label="{_text(block.alt)}">{lines}<polyline points="{path}"/>{dots}'
        f'<text x="{_LEFT}" y="{_HEIGHT - 6}">{_text(first)}</text>'
        f'<text x="{_RIGHT}" y="{_HEIGHT - 6}" text-anchor="end">{_text(last)}</text></svg></figure>'
    )


def _place(number: int, share: Fraction, count: int, floor: Fraction) -> tuple[str, str]:
    across = _LEFT + Fraction((_RIGHT - _LEFT) * number, max(count - 1, 1))
    down = _TOP + (1 - share) / (1 - floor) * (_BOTTOM - _TOP)
    return f"{round_half_up(across, 1):f}", f"{round_half_up(down, 1):f}"


_WRITERS: dict[type, Callable[..., str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    BulletList: _list,
    Facts: _facts,
    Links: _links,
    Grid: _grid,
    Trend: _trend,
}
