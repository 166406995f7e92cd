"""Rules for CSV files: encoding, headings, ragged and blank rows, cells that a spreadsheet would run.

Does not belong here: workbooks; whether the figures are right (`reports.verify`).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from kcc_etl.domain.findings import shorten
from reports.accessibility.page import Hit
from reports.delimited import is_formula_like

_PLAIN_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_NUMBER_OR_DATE = re.compile(r"[-£]?[\d,]+(?:\.\d+)?|\d{1,4}[-/]\d\d?[-/]\d{1,4}")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffd]"
)
_MOJIBAKE = re.compile("Ã[\x80-\xbf©¨ª«¢£¤¥¦§®¯°±²³´µ¶·¸¹º»¼]|â€|Â[£\xa0]")
_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|#{4,}")
_NOTE = re.compile(r"\[note \d+\]", re.IGNORECASE)
_OTHER_DIVIDERS = (";", "\t", "|")
_LONGEST_CELL = 32_767

Row = tuple[int, list[str]]
"""The number of the record from 1, and its cells."""


def judge(content: bytes) -> Iterator[tuple[str, Iterator[Hit]]]:
    """Each rule with the places that break it; a row counts as a spreadsheet would number it."""
    yield "CS-001", _encoding(content)
    text = _decoded(content)
    rows, broken = _rows(text)
    yield "CS-002", _dividers(rows, broken)
    yield "CS-003", _headings(rows)
    yield "CS-004", _ragged(rows)
    yield "CS-005", _blanks(rows)
    for rule, test in (("CS-006", _as_formula), ("CS-007", _damaged), ("CS-008", _no_value)):
        yield (
            rule,
            (
                Hit(found, cell=_ref(n, c))
                for n, row in rows
                for c, cell in enumerate(row, 1)
                if cell and (found := test(cell))
            ),
        )
    yield "CS-009", _line_ends(text)


def rows_of(content: bytes) -> list[list[str]]:
    """The cells of a CSV file as far as they can be read, in any encoding and with ragged rows."""
    return [row for _, row in _rows(_decoded(content))[0]]


def _encoding(content: bytes) -> Iterator[Hit]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Hit("UTF-16 text")
        return
    if content.startswith(b"\xef\xbb\xbf"):
        yield Hit("a byte order mark", cell="A1")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        yield Hit(
            f"bytes that are no UTF-8, first {content[error.start : error.start + 1]!r}", cell=f"A{line}"
        )


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets write when they do not write UTF-8, so that the rest of the file can be judged.
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> tuple[list[Row], str]:
    rows: list[Row] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            rows.append((number, row))
    except csv.Error as error:
        return rows, f"{error}, after row {len(rows)}"
    return rows, ""


def _dividers(rows: list[Row], broken: str) -> Iterator[Hit]:
    if broken:
        yield Hit(broken, cell=f"A{len(rows) + 1}")
    if not rows:
        yield Hit("no rows")
    elif len(rows[0][1]) == 1 and any(mark in rows[0][1][0] for mark in _OTHER_DIVIDERS):
        yield Hit("cells divided by something else than commas", cell="A1")


def _headings(rows: list[Row]) -> Iterator[Hit]:
    if not rows:
        return
    first = [cell.strip() for cell in rows[0][1]]
    widest = max(len(row) for _, row in rows)
    # One filled cell of two may be a heading that lacks its neighbour; one of three or more is a title.
    if sum(map(bool, first)) <= 1 and (widest > 2 or len(first) < widest):
        yield Hit("a title or nothing above the headings", cell="A1")
        return
    counted = Counter(cell.casefold() for cell in first)
    for column, cell in enumerate(first, start=1):
        if not cell:
            yield Hit("a column without a heading", cell=_ref(1, column))
        elif counted[cell.casefold()] > 1:
            yield Hit(f"the heading '{shorten(cell)}' twice", cell=_ref(1, column))
        elif _NUMBER_OR_DATE.fullmatch(cell):
            yield Hit(f"'{shorten(cell)}' as a heading", cell=_ref(1, column))


def _ragged(rows: list[Row]) -> Iterator[Hit]:
    width = len(rows[0][1]) if rows else 0
    for number, row in rows:
        if row and len(row) != width:
            yield Hit(f"{len(row)} cells under {width} headings", cell=f"A{number}")


def _blanks(rows: list[Row]) -> Iterator[Hit]:
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            yield Hit("a blank row", cell=f"A{number}")
    for column in range(len(rows[0][1]) if rows else 0):
        if not any(len(row) > column and row[column].strip() for _, row in rows):
            yield Hit("a blank column", cell=_ref(1, column + 1))


def _as_formula(cell: str) -> str:
    # A sign alone calculates nothing; it is a symbol (CS-008).
    risky = is_formula_like(cell) and re.search(r"\w", cell) and not _PLAIN_NUMBER.fullmatch(cell.strip())
    return f"'{shorten(cell)}', which a spreadsheet may take for a formula" if risky else ""


def _damaged(cell: str) -> str:
    if len(cell) > _LONGEST_CELL:
        return f"{len(cell):,} characters, more than a spreadsheet shows"
    found = _UNSEEN.search(cell)
    if found:
        return f"the character U+{ord(found.group(0)):04X}"
    return f"damaged letters in '{shorten(cell)}'" if _MOJIBAKE.search(cell) else ""


def _no_value(cell: str) -> str:
    text = cell.strip()
    if _ERROR.fullmatch(text):
        return f"the error {text}"
    if _NOTE.search(text):
        return f"a note in '{shorten(text)}'"
    return f"the symbol '{shorten(text)}' alone" if text and not re.search(r"\w", text) else ""


def _line_ends(text: str) -> Iterator[Hit]:
    # Line breaks within quotation marks are text.
    bare = re.sub(r'"[^"]*"', "", text)
    kinds = {
        "CRLF": bare.count("\r\n"),
        "LF": len(re.findall(r"(?<!\r)\n", bare)),
        "CR": len(re.findall(r"\r(?!\n)", bare)),
    }
    used = [kind for kind, count in kinds.items() if count]
    if len(used) > 1:
        yield Hit(f"rows that end in {' and '.join(used)}")
    elif used == ["CR"]:
        yield Hit("rows that end in CR alone")


def _ref(row: int, column: int) -> str:
    from openpyxl.utils.cell import get_column_letter

    return f"{get_column_letter(column)}{row}"
