"""Rules about tables: mark-up, headings, blank and merged cells, widths, where they stand.

Does not belong here: what cells say (`text_rules`), how they look (`look_rules`).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from kcc_etl.domain.findings import shorten
from reports.accessibility.book import Check, Opened
from reports.accessibility.page import Area, Hit, Page, shown

_NO_NAME = re.compile(
    r"(?:table|tbl|tab|list|range|query|data|tabelle|tableau)[ _]?\d*|.{1,2}", re.IGNORECASE
)
_ON_BLANKS = re.compile(r"\b(blank|empty|no (?:data|value)s?|missing)\b", re.IGNORECASE)
_COUNT = re.compile(r"\bcontains?\s+(?:only\s+)?(no|\d+|[a-z]+)\s+tables?\b", re.IGNORECASE)
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NARROWEST, _WIDEST = 4.0, 100.0
_LINE = 1.15
"""Points of a line of text for each point of its letters, at the least."""


def unmarked(book: Opened) -> Iterator[Hit]:
    """AC-001."""
    for page in book.pages:
        for area in page.unmarked:
            yield page.hit(
                f"a block of cells up to {_ref(area.bottom, area.right)} that is no table", _corner(area)
            )


def table_names(book: Opened) -> Iterator[Hit]:
    """AC-002."""
    for page in book.pages:
        for area in page.tables:
            name = area.markup.displayName or ""
            if _NO_NAME.fullmatch(name):
                yield page.hit(f"a table named '{shorten(name)}'", _corner(area))


def merged(book: Opened) -> Iterator[Hit]:
    """AC-003."""
    for page in book.pages:
        for merge in page.parts.each("mergeCell"):
            yield page.hit(f"merged cells {merge.get('ref')}", (merge.get("ref") or "").split(":")[0])
        for cell in page.filled.values():
            if page.look(cell).alignment.horizontal == "centerContinuous":
                yield page.hit("text centred over several cells", cell)
        for one, other in combinations(page.tables, 2):
            if one.holds(other.top, other.left) or other.holds(one.top, one.left):
                yield page.hit("a table within another", _corner(other))


def blank_lines(book: Opened) -> Iterator[Hit]:
    """AC-004."""
    for page in book.pages:
        for area in page.areas:
            used = page.contents[id(area)]
            rows, columns = {row for row, _ in used}, {column for _, column in used}
            for row in sorted(set(range(area.first, area.bottom + 1)) - rows):
                yield page.hit(f"a blank row in a table, row {row}", _ref(row, area.left))
            for column in sorted(set(range(area.left, area.right + 1)) - columns):
                yield page.hit("a blank column in a table", _ref(area.top, column))


def headings(book: Opened) -> Iterator[Hit]:
    """AC-005."""
    for page in book.pages:
        for area in page.areas:
            if not area.has_headings:
                yield page.hit("a table without a row of headings", _corner(area))
                continue
            yield from _heading_faults(page, area)


def _heading_faults(page: Page, area: Area) -> Iterator[Hit]:
    texts = [page.text(area.top, column) for column in range(area.left, area.right + 1)]
    counted = Counter(text.casefold() for text in texts)
    tagged = [c.name for c in area.markup.tableColumns] if area.markup else texts
    if area.markup and (area.markup.headerRowCount or 1) > 1:
        yield page.hit(f"{area.markup.headerRowCount} rows of headings", _corner(area))
    for column, text in enumerate(texts, start=area.left):
        place = _ref(area.top, column)
        if not text:
            yield page.hit("a column without a heading", place)
        elif counted[text.casefold()] > 1:
            yield page.hit(f"the heading '{shorten(text)}' twice", place)
        elif column - area.left >= len(tagged) or _plain(tagged[column - area.left]) != _plain(text):
            yield page.hit(
                f"the heading '{shorten(text)}', which the mark-up of the table does not have", place
            )


def _plain(text: str) -> str:
    return " ".join(text.replace("_x000a_", " ").replace("_x000d_", " ").split()).casefold()


def cut_off(book: Opened) -> Iterator[Hit]:
    """AC-006."""
    for page in book.pages:
        for (row, column), cell in page.filled.items():
            value = shown(cell)
            if isinstance(value, str):
                found = _text_cut(page, row, column, cell, value)
            else:
                found = _number_cut(page.width(column), value, page.look(cell).number_format)
            if found:
                yield page.hit(found, cell)


def _text_cut(page: Page, row: int, column: int, cell: Any, text: str) -> str:
    look = page.look(cell)
    size, width = float(look.font.sz or 11), page.width(column)
    room = width * 11 / size
    if not look.alignment.wrap_text:
        meets = bool(page.text(row, column + 1)) or page.area_at(row, column) is not None
        return f"text of {len(text)} characters, not wrapped" if meets and len(text) > room * 1.2 else ""
    height = page.rows.get(row, {})
    if height.get("customHeight") not in ("1", "true") or not height.get("ht"):
        return ""
    lines = sum(math.ceil(max(len(part) * 0.8, 1) / max(room, 1)) for part in text.split("\n"))
    needed = lines * size * _LINE
    tall = float(height["ht"])
    return f"text of about {lines} lines in a row of {tall:g} points" if needed > tall * 1.2 else ""


def _number_cut(width: float, value: Any, number_format: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    places = len(re.findall(r"\.(0+)", number_format)[0]) if ".0" in number_format else 0
    text = f"{value:,.{places}f}" if "," in number_format else f"{value:.{places}f}"
    return f"a number of {len(text)} characters in a column of {width:g}" if len(text) > width + 1 else ""


def panes(book: Opened) -> Iterator[Hit]:
    """AC-007."""
    for page in book.pages:
        for found in page.parts.each("autoFilter"):
            yield page.hit("a filter", (found.get("ref") or "").split(":")[0])
        for area in page.tables:
            if area.markup.autoFilter is not None:
                yield page.hit("a filter in a table", _corner(area))
        for pane in page.parts.each("pane"):
            kind = "frozen" if "frozen" in (pane.get("state") or "") else "split"
            yield page.hit(f"{kind} panes", pane.get("topLeftCell") or "A1")


def unexplained_blanks(book: Opened) -> Iterator[Hit]:
    """AC-008."""
    for page in book.pages:
        for area in page.areas:
            if any(_ON_BLANKS.search(text) for text in page.above(area)):
                continue
            rows = {row for row, _ in page.contents[id(area)] if row >= area.first}
            for row in sorted(rows):
                for column in range(area.left, area.right + 1):
                    if not page.text(row, column):
                        yield page.hit(
                            "an empty cell, and no sentence above that says why", _ref(row, column)
                        )


def hidden_lines(book: Opened) -> Iterator[Hit]:
    """AC-009."""
    for page in book.pages:
        for number, row in page.rows.items():
            if row.get("hidden") in ("1", "true"):
                yield page.hit(f"hidden row {number}", f"A{number}")
        for first, last, _, column in page.widths:
            if column.get("hidden") in ("1", "true"):
                yield page.hit(f"hidden columns {first} to {last}", _ref(1, first))


def widths(book: Opened) -> Iterator[Hit]:
    """AC-010."""
    for page in book.pages:
        for column in sorted({column for _, column in page.filled}):
            if not _NARROWEST <= page.width(column) <= _WIDEST:
                yield page.hit(f"a column {page.width(column):g} characters wide", _ref(1, column))


def left_edge(book: Opened) -> Iterator[Hit]:
    """AC-030."""
    for page in book.pages:
        for area in page.areas:
            if area.left != 1:
                yield page.hit("a table that does not start in column A", _corner(area))


def below(book: Opened) -> Iterator[Hit]:
    """AC-031."""
    for page in book.pages:
        areas = page.areas
        if not areas:
            continue
        last = max(area.bottom for area in areas)
        for place, cell in page.filled.items():
            if page.area_at(*place) is not None:
                continue
            if place[0] > last:
                yield page.hit("something below a table", cell)
            elif page.beside(place[0]):
                yield page.hit("something beside a table", cell)


def several(book: Opened) -> Iterator[Hit]:
    """AC-032."""
    for page in book.pages:
        told = told_count(page)
        count = len(page.areas)
        if told is None and count > 1:
            yield page.hit(f"{count} tables, and no sentence that says so", _corner(page.areas[1]))
        elif told is not None and told != count:
            yield page.hit(f"{count} tables, where the sheet says {told}", "A1")


def told_count(page: Page) -> int | None:
    """How many tables a sheet says it has, in column A."""
    for _, text in page.column_a:
        found = _COUNT.search(text)
        if found:
            word = found.group(1).casefold()
            if word in _WORDS or word.isdecimal():
                return _WORDS.index(word) if word in _WORDS else int(word)
    return None


def _ref(row: int, column: int) -> str:
    from openpyxl.utils.cell import get_column_letter

    return f"{get_column_letter(column)}{row}"


def _corner(area: Area) -> str:
    return _ref(area.top, area.left)


CHECKS: dict[str, Check] = {
    "AC-001": unmarked, "AC-002": table_names, "AC-003": merged, "AC-004": blank_lines, "AC-005": headings,
    "AC-006": cut_off, "AC-007": panes, "AC-008": unexplained_blanks, "AC-009": hidden_lines,
    "AC-010": widths, "AC-030": left_edge, "AC-031": below, "AC-032": several,
}  # fmt: skip
