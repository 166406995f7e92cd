"""One sheet of a workbook as it crosses from the child process that opened it: cells, and facts about them.

Does not belong here: opening files (`workbook`), what a fact means for a row (`workbooks.faults`). Nothing
heavy is imported, because the opener imports this.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

import msgspec

from kcc_etl.intake.cells.values import Cell, ErrorCell

Place = tuple[int, int]
"""Row from 1, column from 0."""
Scalar = str | int | float | bool


class Limits(msgspec.Struct, frozen=True, array_like=True):
    """How far out a value may stand: rows from 1, columns counted."""

    rows: int = 1_048_576
    columns: int = 200


class FormulaCell(msgspec.Struct, frozen=True, array_like=True):
    """A formula; its stored result is the value of the cell.

    `text` has no equals sign, and is empty where it cannot be told.
    A formula that the sheet shares is given as it stands in its first cell, `shift` rows and columns away.
    """

    row: int
    column: int
    text: str
    shift: Place = (0, 0)


class OtherSheet(msgspec.Struct, frozen=True, array_like=True):
    """A sheet beside the chosen one that holds something: its state, and its first rows that say something.

    The state is visible, hidden, or veryHidden, which only a program can show. A row is its number from 1
    and its cells by column from 0, written as in the file; dates are numbers. A damaged sheet has no rows.
    """

    name: str
    state: str
    rows: list[tuple[int, dict[int, str]]]


class Facts(msgspec.Struct, frozen=True):
    """What a workbook and the chosen sheet are, apart from their values.

    `outside` names what the workbook draws data from, link by link as formulas number them from 1;
    `names_outside` are defined names that stand for cells out there; `connections` says which kinds of data
    connection it has. Hidden rows and columns hold data. `white` cells have text in the colour of their
    background. Merged ranges are first row, first column, last row, last column.
    """

    date1904: bool = False
    saved_at: datetime | None = None
    outside: list[str] = []
    names_outside: list[str] = []
    connections: list[str] = []
    other_sheets: list[OtherSheet] = []
    hidden_rows: list[int] = []
    hidden_columns: list[int] = []
    white: list[Place] = []
    merged: list[tuple[int, int, int, int]] = []
    formulas: list[FormulaCell] = []


class Book(msgspec.Struct, dict=True, tag="book"):
    """The chosen sheet. `sheet` is None when the workbook has none of that name.

    `plain` holds, row by row in ascending order, the cells with a value by column; dates and errors travel
    apart because the wire has no type for them. `counted` says for each row which columns hold something, by
    a second reading with another library: bit n of the little-endian number is column n.
    """

    sheet: str | None
    plain: list[tuple[int, dict[int, Scalar]]]
    dates: list[tuple[int, int, datetime]]
    errors: list[tuple[int, int, str]]
    counted: list[tuple[int, bytes]]
    facts: Facts

    @cached_property
    def rows(self) -> dict[int, dict[int, Cell]]:
        """The cells that hold something, by row and column."""
        rows: dict[int, dict[int, Cell]] = dict(self.plain)  # type: ignore[arg-type]  # values only widen
        for row, column, moment in self.dates:
            rows[row][column] = moment
        for row, column, code in self.errors:
            rows[row][column] = ErrorCell(code)
        return rows

    @cached_property
    def formulas(self) -> dict[Place, FormulaCell]:
        """The formulas by place."""
        return {(f.row, f.column): f for f in self.facts.formulas}

    @property
    def saved_at(self) -> datetime | None:
        """When the workbook says it was last saved."""
        return self.facts.saved_at

    @property
    def width(self) -> int:
        """The number of columns up to the last one that holds something."""
        return max((max(cells, default=-1) + 1 for cells in self.rows.values()), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a place; None when it holds nothing."""
        return self.rows.get(row, {}).get(column)

    def row(self, number: int, width: int) -> tuple[Cell, ...]:
        """The first `width` cells of a row."""
        return tuple(map(self.rows.get(number, {}).get, range(width)))

    def rows_from(self, first: int, columns: Iterable[int]) -> int:
        """How many rows from `first` on hold something in one of the columns, by the second count."""
        wanted = sum(1 << column for column in set(columns))
        return sum(
            row >= first and bool(int.from_bytes(mask, "little") & wanted) for row, mask in self.counted
        )


class Fault(msgspec.Struct, frozen=True, tag="fault"):
    """Why a workbook could not be read, in the parts of a SourceError; `rule_id` is the rule it breaks."""

    rule_id: str
    found: str
    expected: str = ""
    remedy: str = ""


class Request(msgspec.Struct, frozen=True):
    """One workbook to open: its path, the sheet (None: the first that can be seen), limits of every kind."""

    path: str
    sheet: str | None
    limits: Limits
    seconds: float
    memory: int
