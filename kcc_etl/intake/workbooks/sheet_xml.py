"""The XML of one sheet as it streams past: its cells by their true addresses, and facts about them.

Does not belong here: what the words of a cell say (`cell_values`), the second count (`workbook`), what a fact
means for a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NoReturn

import msgspec

from kcc_etl.intake.cells.grid import column_index, column_letter
from kcc_etl.intake.workbooks.book import Limits, Place, Scalar
from kcc_etl.intake.workbooks.cell_styles import Styles
from kcc_etl.intake.workbooks.cell_values import (
    TRUE_WORDS,
    UNCALCULATED,
    CellValues,
    DamagedCellError,
    Said,
    number_of,
)
from kcc_etl.intake.workbooks.package import DAMAGED, Package, unreadable, whole_number
from kcc_etl.intake.workbooks.plain_cells import MARK, PLACE, PlainCells

_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_NAMES = ("row", "c", "v", "f", "t", "rPh", "col", "mergeCell", MARK)
_SHORT = {f"{space} {name}": name for space in _NAMESPACES for name in _NAMES} | {n: n for n in _NAMES}
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_LAST_ROW = 1_048_576
_MAX_FACTS = 10_000
_NO_SIZE = frozenset({"0", "0.0"})
_Start = Callable[[str, dict[str, str]], None]
_End = Callable[[str], None]


class SheetReader:
    """One sheet. Rows and cells without an address stand after the one before them.

    Rows become MessagePack at once, so that a large sheet needs little memory.
    """

    def __init__(
        self, name: str, strings: list[str], styles: Styles, limits: Limits, *, date1904: bool
    ) -> None:
        self._name, self._limits = name, limits
        self._values = CellValues(strings, styles, date1904=date1904)
        self._unseen = {place for place, unseen in enumerate(styles.unseen) if unseen}
        self._encode = msgspec.msgpack.Encoder().encode
        self._row = 0
        self._cells: dict[int, Scalar] = {}
        self._apart: set[int] = set()
        self._shared: dict[str, tuple[int, int, str]] = {}
        self._hidden_spans: list[tuple[int, int]] = []
        self._packed: dict[int, bytes] = {}
        self._plain = PlainCells()
        self.masks: dict[int, int] = {}
        self.dates: list[tuple[int, int, str]] = []
        self.errors: list[tuple[int, int, str]] = []
        self.formulas: list[tuple[int, int, str, Place]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self.white: list[Place] = []

    def read(self, package: Package, part: str) -> None:
        """Follow the sheet to its end.

        Raises SourceUnreadableError at a value beyond the limits (IN-012), a cell that is given twice, and
        words that are none of their cell's type.
        """
        package.parse(part, *self._handlers(), edit=self._plain.taken_out)
        self._leave_row()
        self.masks = dict(sorted(self.masks.items()))
        self.hidden_rows = sorted(set(self.hidden_rows))

    def rows(self) -> list[tuple[int, msgspec.Raw]]:
        """The rows that hold something, in order, packed."""
        return [(row, msgspec.Raw(self._packed[row])) for row in self.masks]

    def hidden_columns(self) -> list[int]:
        """The hidden columns that hold something."""
        held = 0
        for mask in self.masks.values():
            held |= mask
        columns = (n for n in range(held.bit_length()) if held >> n & 1)
        return [n for n in columns if any(a <= n <= b for a, b in self._hidden_spans)]

    def _handlers(self) -> tuple[_Start, _End, _End]:  # noqa: C901
        # A million and a half cells pass here in seconds: names of one scope are the fastest there are.
        short, texts, is_plain, unseen = _SHORT, self._values.texts, self._values.is_plain, self._unseen
        places = _places(self._limits.columns)
        row = column = style = 0
        row_text, kind, words, formula_words = "", "n", "", ""
        reading = in_formula = phonetic = hidden = False
        formula: tuple[str, str | None] | None = None

        def start(element: str, attributes: dict[str, str]) -> None:  # noqa: C901
            nonlocal row, row_text, column, style, kind, words, formula_words, formula
            nonlocal reading, in_formula, phonetic, hidden
            name = short.get(element)
            if name == MARK:
                take(attributes[PLACE])
            elif name == "c":
                reference = attributes.get("r")
                if reference is None:
                    column += 1
                else:
                    place = places.get(reference.removesuffix(row_text))
                    if place is None:
                        row, column = _located(reference, row, column)
                        row_text = str(row)
                    else:
                        column = place
                kind = attributes.get("t", "n")
                given = attributes.get("s")
                style = 0 if given is None else whole_number(given, 0)
                words = ""
                formula = None
            elif name == "v":
                reading = True
            elif name == "row":
                row = whole_number(attributes.get("r"), row + 1)
                row_text, column = str(row), -1
                flat = attributes.get("ht") in _NO_SIZE and attributes.get("customHeight") in TRUE_WORDS
                hidden = flat or attributes.get("hidden") in TRUE_WORDS
            elif name == "f":
                in_formula, formula_words = True, ""
                formula = (attributes.get("t", ""), attributes.get("si"))
            elif name == "t":
                reading = not phonetic
            elif name == "rPh":
                phonetic = True
            elif name is not None:
                self._note_range(name, attributes)

        def text(characters: str) -> None:
            nonlocal words, formula_words
            if reading:
                words += characters
            elif in_formula:
                formula_words += characters

        def end(element: str) -> None:  # noqa: C901
            nonlocal reading, in_formula, phonetic
            name = short.get(element)
            if name == "v" or name == "t":
                reading = False
            elif name == "c":
                value: Scalar | None = None
                if formula is not None or style in unseen or hidden or row != self._row or row > last_row:
                    pass
                elif kind == "s":
                    if len(words) < 10 and words.isdecimal() and int(words) < len(texts):
                        value = texts[int(words)]
                elif kind == "inlineStr":
                    if " " < words[:1] < "\x7f" and words[0] != "#" and "_x" not in words:
                        value = words
                elif kind == "n" and words and (style >= len(is_plain) or is_plain[style]):
                    try:
                        value = number_of(words)
                    except DamagedCellError:
                        value = None
                if value is None or column in self._cells or column in self._apart or column not in allowed:
                    self._put(row, column, kind, style, words, formula, formula_words, hidden=hidden)
                else:
                    self._cells[column] = value
            elif name == "f":
                in_formula = False
            elif name == "rPh":
                phonetic = False

        def take(place: str) -> None:  # noqa: C901
            """What the three above would do to the cells of a run, one after the other."""
            nonlocal row, row_text, column, style, kind, words, formula, reading
            cells, apart = self._cells, self._apart
            for letters, digits, given, given_kind, words in self._plain.run(place):
                if not letters:
                    column += 1
                elif digits == row_text and letters in places:
                    column = places[letters]
                else:
                    row, column = _located(letters + digits, row, column)
                    row_text = str(row)
                style = int(given) if given else 0
                kind = given_kind or "n"
                if row != self._row and 0 < row <= last_row:
                    self._leave_row()
                    self._row, cells, apart = row, self._cells, self._apart
                value: Scalar | None = None
                if style in unseen or hidden or row != self._row or row > last_row:
                    pass
                elif kind == "s":
                    if len(words) < 10 and words.isdecimal() and int(words) < len(texts):
                        value = texts[int(words)]
                elif style >= len(is_plain) or is_plain[style]:
                    if words.isdecimal() and len(words) < 19:
                        value = int(words)
                    else:
                        try:
                            value = number_of(words)
                        except DamagedCellError:
                            value = None
                if value is None or column in cells or column in apart or column not in allowed:
                    self._put(row, column, kind, style, words, None, "", hidden=hidden)
                    cells, apart = self._cells, self._apart
                else:
                    cells[column] = value
            formula, reading = None, False

        allowed, last_row = range(self._limits.columns), min(self._limits.rows, _LAST_ROW)
        return start, end, text

    def _put(
        self,
        row: int,
        column: int,
        kind: str,
        style: int,
        words: str,
        formula: tuple[str, str | None] | None,
        formula_words: str,
        *,
        hidden: bool,
    ) -> None:
        """Put a cell where it belongs, whatever is unusual about it."""
        if row != self._row:
            self._leave_row()
            self._row = row
        try:
            said = self._values.said(kind, style, words)
        except DamagedCellError as error:
            raise unreadable(f"{DAMAGED} ({self._called(row, column)} {error})") from None
        if formula is not None:
            self._note_formula(row, column, formula, formula_words.strip())
            if not words.strip() and kind not in {"str", "s", "inlineStr"}:
                said = Said("error", UNCALCULATED)
        if column in self._cells or column in self._apart:
            self._refuse_twice(row)
        if said is None:
            return
        if row > min(self._limits.rows, _LAST_ROW) or row < 1 or column >= self._limits.columns:
            self._refuse_far(row, column)
        if hidden:
            self.hidden_rows.append(row)
        if style in self._unseen and len(self.white) < _MAX_FACTS:
            self.white.append((row, column))
        self._keep(row, column, said)

    def _keep(self, row: int, column: int, said: Said) -> None:
        if said.way == "plain":
            self._cells[column] = said.value
            return
        self._apart.add(column)
        kept = self.dates if said.way == "date" else self.errors
        kept.append((row, column, str(said.value)))

    def _leave_row(self) -> None:
        row, cells = self._row, self._cells
        if not cells and not self._apart:
            return
        mask = 0
        for column in cells:
            mask |= 1 << column
        for column in self._apart:
            mask |= 1 << column
        if row in self.masks:
            if self.masks[row] & mask:
                self._refuse_twice(row)
            cells = {**msgspec.msgpack.decode(self._packed[row], type=dict[int, Scalar]), **cells}
            mask |= self.masks[row]
        self.masks[row] = mask
        self._packed[row] = self._encode(cells)
        self._cells, self._apart = {}, set()

    def _note_formula(self, row: int, column: int, formula: tuple[str, str | None], text: str) -> None:
        kind, index = formula
        shift = (0, 0)
        if kind == "shared" and index is not None:
            if text:
                self._shared[index] = (row, column, text)
            elif index in self._shared:
                first_row, first_column, text = self._shared[index]
                shift = (row - first_row, column - first_column)
        self.formulas.append((row, column, text[:1000], shift))

    def _note_range(self, name: str, attributes: dict[str, str]) -> None:
        if name == "col":
            hidden = attributes.get("hidden") in TRUE_WORDS or attributes.get("width") in _NO_SIZE
            first, last = whole_number(attributes.get("min"), 0), whole_number(attributes.get("max"), 0)
            if hidden and first:
                self._hidden_spans.append((first - 1, last - 1))
        elif name == "mergeCell":
            ends = [_REFERENCE.fullmatch(end) for end in attributes.get("ref", "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1] and len(self.merged) < _MAX_FACTS:
                (a, b), (c, d) = ends[0].groups(), ends[1].groups()
                self.merged.append((int(b), column_index(a.upper()), int(d), column_index(c.upper())))

    def _called(self, row: int, column: int) -> str:
        return f"cell {column_letter(column)}{row} of sheet '{self._name}'"

    def _refuse_twice(self, row: int) -> NoReturn:
        raise unreadable(
            f"Row {row} of sheet '{self._name}' reads differently each time; the workbook is damaged"
        )

    def _refuse_far(self, row: int, column: int) -> NoReturn:
        raise unreadable(
            f"Sheet '{self._name}' has a value as far out as cell {column_letter(column)}{row}",
            expected=f"at most {self._limits.rows:,} rows and {self._limits.columns} columns",
            remedy="Delete stray values, or send the table as CSV UTF-8",
            rule_id="IN-012",
        )


@cache
def _places(columns: int) -> dict[str, int]:
    return {column_letter(n): n for n in range(columns)}


def _located(reference: str, row: int, column: int) -> Place:
    """The place of an address; the next one in the row for what is none."""
    match = _REFERENCE.fullmatch(reference)
    return (int(match[2]), column_index(match[1].upper())) if match else (row, column + 1)
