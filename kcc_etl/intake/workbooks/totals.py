"""Simple totals worked out again: a sum of one range, and + - * / of cells and numbers.

Any other formula is left alone. Does not belong here: what a wrong total means for its row
(`workbooks.faults`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext

from kcc_etl.intake.cells.grid import column_index
from kcc_etl.intake.cells.values import Cell
from kcc_etl.intake.workbooks.book import Book, FormulaCell

_TOKEN = re.compile(
    r"\s*(?:(?P<sum>SUM\()|(?P<ref>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?![\w(.!])"
    r"|(?P<number>[0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,3})?)"
    r"|(?P<mark>[-+*/():]))",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})", re.IGNORECASE)
_DEPTH = 20
_DIGITS = 40
# Stored results are binary numbers of 15 digits that count.
_RELATIVE = Decimal("1e-9")
_ABSOLUTE = Decimal("1e-6")


class _NotSimpleError(Exception):
    """The formula is more than a simple total, or works on more than numbers."""


@dataclass
class Budget:
    """How many cells may still be looked up: a column of running sums would look up each one many times."""

    cells: int = 2_000_000


def recompute(book: Book, formula: FormulaCell, budget: Budget) -> Decimal | None:
    """What the formula comes to, exactly; None when it is no simple total of numbers."""
    try:
        with localcontext(prec=_DIGITS):
            return _Sum(book, formula, budget).value()
    except (_NotSimpleError, ArithmeticError):
        return None


def agrees(stored: int | float, exact: Decimal) -> bool:
    """Whether a stored result is the exact one, but for the last digits of a binary number."""
    with localcontext(prec=_DIGITS):
        value = Decimal(repr(stored))
        if not value.is_finite():
            return False
        return abs(value - exact) <= max(_ABSOLUTE, _RELATIVE * max(abs(exact), abs(value)))


class _Sum:
    """Reads one formula by the usual precedence of the four operations."""

    def __init__(self, book: Book, formula: FormulaCell, budget: Budget) -> None:
        self._book, self._formula, self._budget = book, formula, budget
        self._tokens = list(_tokens(formula.text))
        self._at = 0

    def value(self) -> Decimal:
        result = self._terms(0)
        if self._at != len(self._tokens):
            raise _NotSimpleError
        return result

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self, mark: str = "") -> tuple[str, str]:
        token = self._peek()
        if not token[0] or (mark and token != ("mark", mark)):
            raise _NotSimpleError
        self._at += 1
        return token

    def _terms(self, depth: int) -> Decimal:
        result = self._factors(depth)
        while self._peek() in {("mark", "+"), ("mark", "-")}:
            plus = self._take()[1] == "+"
            other = self._factors(depth)
            result = result + other if plus else result - other
        return result

    def _factors(self, depth: int) -> Decimal:
        result = self._atom(depth)
        while self._peek() in {("mark", "*"), ("mark", "/")}:
            times = self._take()[1] == "*"
            other = self._atom(depth)
            result = result * other if times else result / other
        return result

    def _atom(self, depth: int) -> Decimal:
        if depth > _DEPTH:
            raise _NotSimpleError
        kind, text = self._take()
        if kind == "number":
            return Decimal(text)
        if kind == "ref":
            return _number(self._cell(*self._place(text)))
        if kind == "sum":
            return self._range()
        if text in "+-":
            value = self._atom(depth + 1)
            return -value if text == "-" else value
        if text != "(":
            raise _NotSimpleError
        value = self._terms(depth + 1)
        self._take(")")
        return value

    def _range(self) -> Decimal:
        first = self._take()
        if self._peek() == ("mark", ":"):
            self._take(":")
            last = self._take()
        else:
            last = first
        self._take(")")
        if (first[0], last[0]) != ("ref", "ref"):
            raise _NotSimpleError
        (a, b), (c, d) = self._place(first[1]), self._place(last[1])
        top, bottom, left, right = min(a, c), max(a, c), min(b, d), max(b, d)
        self._spend((bottom - top + 1) * (right - left + 1))
        cells = (
            self._book.cell(row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        )
        return sum((_addend(cell) for cell in cells), Decimal(0))

    def _cell(self, row: int, column: int) -> Cell:
        self._spend(1)
        return self._book.cell(row, column)

    def _spend(self, cells: int) -> None:
        if cells > self._budget.cells:
            raise _NotSimpleError
        self._budget.cells -= cells

    def _place(self, text: str) -> tuple[int, int]:
        match = _REFERENCE.fullmatch(text)
        if match is None:
            raise _NotSimpleError
        fixed_column, letters, fixed_row, digits = match.groups()
        rows, columns = self._formula.shift
        row = int(digits) + (0 if fixed_row else rows)
        column = column_index(letters.upper()) + (0 if fixed_column else columns)
        if row < 1 or column < 0:
            raise _NotSimpleError
        return row, column


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place = 0
    text = text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or not match[0]:
            raise _NotSimpleError
        kind = match.lastgroup or ""
        tokens.append((kind, match[kind]))
        place = match.end()
    return tokens


def _number(cell: Cell) -> Decimal:
    if cell is None:
        return Decimal(0)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise _NotSimpleError
    value = Decimal(repr(cell))
    if not value.is_finite():
        raise _NotSimpleError
    return value


def _addend(cell: Cell) -> Decimal:
    """A cell as a sum takes it: words count nothing, and text with digits may be a number."""
    if isinstance(cell, str) and not any(character.isdigit() for character in cell):
        return Decimal(0)
    return _number(cell)
