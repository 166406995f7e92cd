"""A table of cells as it stands in a file, before anyone says what its columns mean.

Does not belong here: opening files, meaning of columns.
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.intake.values import Cell


@dataclass(frozen=True)
class Record:
    """One row or record, by its number in the file from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """One sheet, or the whole of a text file.

    `arrived` counts the records below the heading, made without the parser that read them. `width_binds` says
    that a cell beyond the heading means the record has slipped (delimited text), not a note in the margin.
    """

    sheet: str
    heading: Record
    records: tuple[Record, ...]
    arrived: int
    width_binds: bool


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
