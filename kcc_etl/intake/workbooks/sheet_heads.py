"""The sheets beside the one that is read: which hold something, and the first rows of each, as written.

It runs in the child process that `opening` starts. Does not belong here: the sheet that is read
(`sheet_xml`), what another sheet means for a file (`other_sheets`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kcc_etl.exceptions import SourceUnreadableError
from kcc_etl.intake.cells.grid import column_index
from kcc_etl.intake.workbooks.book import OtherSheet
from kcc_etl.intake.workbooks.package import Package, local_name, whole_number
from kcc_etl.intake.workbooks.parts import Sheet

FIRST_ROWS = 25
"""Rows of another sheet that are shown: as deep as a heading is looked for, and some rows below."""
_MOST_COLUMNS = 200
_MOST_LETTERS = 200
_MOST_ROWS_PASSED = 20_000
_VALUE_MARKS = (b"<v>", b"<v ", b":v>", b"<is>", b":is>", b"<f>", b":f>")
_MARK_LENGTH = 4
_LETTERS = re.compile(r"([A-Z]{1,3})[0-9]+", re.IGNORECASE)


class _EnoughError(Exception):
    """The first rows have been seen; the rest of the part is left unread."""


def other_sheets(package: Package, beside: Sequence[Sheet], strings: list[str]) -> list[OtherSheet]:
    """Those of the sheets that hold something; a damaged one is shown without rows."""
    return [
        OtherSheet(sheet.name, sheet.state, _first_rows(package, sheet, strings))
        for sheet in beside
        if _holds_something(package, sheet)
    ]


def _holds_something(package: Package, sheet: Sheet) -> bool:
    tail = b""
    try:
        for chunk in package.chunks(sheet.part):
            if any(mark in tail + chunk for mark in _VALUE_MARKS):
                return True
            tail = chunk[-_MARK_LENGTH:]
    except SourceUnreadableError:
        return False
    return False


def _first_rows(package: Package, sheet: Sheet, strings: list[str]) -> list[tuple[int, dict[int, str]]]:
    reader = _HeadReader(strings)
    try:
        package.parse(sheet.part, reader.start, reader.end, reader.text)
    except _EnoughError:
        pass
    except SourceUnreadableError:
        return []
    return reader.rows


class _HeadReader:
    """Follows the XML of one sheet up to the last row that is shown."""

    def __init__(self, strings: list[str]) -> None:
        self.rows: list[tuple[int, dict[int, str]]] = []
        self._strings = strings
        self._cells: dict[int, str] = {}
        self._row = self._passed = 0
        self._column = -1
        self._kind = self._words = ""
        self._reading = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        name = local_name(element)
        if name == "row":
            self._row = whole_number(attributes.get("r"), self._row + 1)
            self._cells, self._column = {}, -1
            self._passed += 1
        elif name == "c":
            match = _LETTERS.fullmatch(attributes.get("r", ""))
            self._column = column_index(match[1].upper()) if match else self._column + 1
            self._kind, self._words = attributes.get("t", "n"), ""
        elif name in {"v", "t"}:
            self._reading = True

    def text(self, words: str) -> None:
        if self._reading:
            self._words += words

    def end(self, element: str) -> None:
        name = local_name(element)
        if name in {"v", "t"}:
            self._reading = False
        elif name == "c":
            said = self._said().strip()[:_MOST_LETTERS]
            if said and self._column < _MOST_COLUMNS:
                self._cells[self._column] = said
        elif name == "row":
            if self._cells:
                self.rows.append((self._row, self._cells))
            if len(self.rows) >= FIRST_ROWS or self._passed >= _MOST_ROWS_PASSED:
                raise _EnoughError

    def _said(self) -> str:
        if self._kind != "s":
            return self._words
        place = whole_number(self._words.strip(), len(self._strings))
        return self._strings[place] if place < len(self._strings) else ""
