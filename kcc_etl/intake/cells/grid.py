"""A table of cells as it stands in a file, before anyone says what its columns mean.

Does not belong here: opening files, meaning of columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kcc_etl.intake.cells.values import Cell

if TYPE_CHECKING:
    from kcc_etl.intake.parsed import Desk


@dataclass(frozen=True)
class Record:
    """One row or record, by its number in the file from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass
class Held:
    """Why a row is held out for something beside the values of its cells: the rule, what was found, the cell.

    Rows that are held for one reason, such as a merged range, share one `Held`, which is told once.
    """

    rule_id: str
    found: str
    cell: str = ""
    title: str = ""
    is_told: bool = False

    def tell(self, desk: Desk, row_number: int, subject: str = "") -> None:
        """Make the finding, unless it has been made."""
        if not self.is_told:
            self.is_told = True
            desk.find(
                self.rule_id,
                found=self.found,
                row_number=row_number,
                cell=self.cell,
                column_title=self.title,
                subject=subject,
            )


Judge = Callable[["Desk", Mapping[int, str]], Mapping[int, Sequence[Held]]]
"""Notes on the desk what a file is apart from its values, in the columns (place to title) that are read;
gives the rows to hold."""


def nothing_held(_: Desk, __: Mapping[int, str]) -> Mapping[int, Sequence[Held]]:
    """The judge of a file of text, which has nothing beside its values."""
    return {}


@dataclass(frozen=True)
class Grid:
    """One sheet, or the whole of a text file.

    `arrived` counts the records but the heading, made without the parser that read them; those `above` the
    heading, such as a title, are among them. `width_binds` says that a cell beyond the heading means the
    record has slipped (delimited text), not a note in the margin. `encoding` is that of a text file. `judge`
    speaks about the file as a workbook.
    """

    sheet: str
    heading: Record
    records: tuple[Record, ...]
    arrived: int
    width_binds: bool
    above: tuple[Record, ...] = ()
    encoding: str = ""
    judge: Judge = nothing_held


def column_letter(index: int) -> str:
    """The letter of a column counted from 0: A, B, … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The place of a column from 0, by its letter."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
