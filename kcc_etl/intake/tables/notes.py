"""What is noted of a table as a whole: its encoding, columns that are no field, garbled text, doubtful dates.

Does not belong here: single cells and rows (`tabular`), rows above the heading (`above`), decoding
(`encodings`), the pattern of dates (`date_order`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from kcc_etl.domain.findings import FOUND_LIMIT, shorten
from kcc_etl.intake.cells.date_order import DateOrder, order_of
from kcc_etl.intake.cells.grid import Grid, column_letter
from kcc_etl.intake.cells.values import (
    Cell,
    ErrorCell,
    Unreadable,
    as_arrived,
    bare,
    is_empty,
    read_date,
    read_pence,
)
from kcc_etl.intake.headings.mapping import HeaderMapping, fold_heading
from kcc_etl.intake.parsed import Desk
from kcc_etl.intake.text.encodings import UTF_8, likely_text
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES

_SAMPLES = 3
_SAMPLE_LENGTH = 24
_ROOM_FOR_MORE = 12


def note_encoding(grid: Grid, desk: Desk, headings: Sequence[str]) -> None:
    """IN-033: a text file that is not UTF-8, with the encoding taken for it and up to three of its values."""
    desk.encoding = grid.encoding or None
    if grid.encoding in {"", UTF_8}:
        return
    cells = (
        (record.number, place, cell)
        for record in (*grid.above, grid.heading, *grid.records)
        for place, cell in enumerate(record.cells)
    )
    samples = [found for found in cells if not as_arrived(found[2]).isascii()][:_SAMPLES]
    found = f"text read as {grid.encoding}"
    if not samples:
        desk.find("IN-033", found=found)
        return
    row, place, _ = samples[0]
    values = ", ".join(f"'{_around_accent(as_arrived(cell))}'" for _, _, cell in samples)
    desk.find("IN-033", found=f"{found}, such as {values}", row_number=row, **_where(place, row, headings))


def note_unmapped(
    grid: Grid, desk: Desk, headings: Sequence[str], mapping: HeaderMapping, width: int
) -> None:
    """IN-050: the columns that hold something and are neither mapped nor left out, in one finding.

    IN-051: each of them that has no heading and holds amounts or dates in most rows.
    `width` is the number of columns that a record may fill.
    """
    unmapped = [_Column(grid, headings, place) for place in range(width)]
    unmapped = [
        column
        for column in unmapped
        if column.folded not in mapping.columns and column.folded not in mapping.ignore and column.holds()
    ]
    for column in unmapped:
        if not column.title and column.is_of_figures():
            desk.find("IN-051", found=f"{column.sample()} and others without a heading", **column.where())
    if unmapped:
        first = unmapped[0]
        desk.find("IN-050", found=_listed([str(column) for column in unmapped]), **first.where())


class _Column:
    """A column that is no field."""

    def __init__(self, grid: Grid, headings: Sequence[str], place: int) -> None:
        self._grid, self._place = grid, place
        self.title = bare(headings[place]) if place < len(headings) else ""
        self.folded = fold_heading(self.title)

    def __str__(self) -> str:
        letter = column_letter(self._place)
        said = f"{letter} '{self.title[:_SAMPLE_LENGTH]}'" if self.title else f"{letter} (no heading)"
        row = next((row for row, cell in self._cells() if isinstance(cell, ErrorCell)), None)
        return f"{said} (error in {letter}{row})" if row is not None else said

    def holds(self) -> bool:
        """Whether a cell below the heading says something."""
        return any(not is_empty(cell) for _, cell in self._cells())

    def is_of_figures(self) -> bool:
        """Whether most rows have an amount or a date here, and not the number of the row."""
        told = [cell for _, cell in self._cells() if not is_empty(cell)]
        figures = [cell for cell in told if _is_figure(cell)]
        if 2 * len(figures) < len(told) or 2 * len(told) < len(self._grid.records):
            return False
        pence = [read_pence(cell) for cell in figures]
        steps = {b - a for a, b in pairwise(pence) if isinstance(a, int) and isinstance(b, int)}
        return steps != {100} or any(isinstance(each, int) and each % 100 for each in pence)

    def sample(self) -> str:
        """The first value, for a message."""
        value = next(as_arrived(cell) for _, cell in self._cells() if not is_empty(cell))
        return f"'{shorten(value)[:_SAMPLE_LENGTH]}'"

    def where(self) -> dict[str, Any]:
        """Row, cell and title, for a finding."""
        letter, row = column_letter(self._place), self._grid.heading.number
        return {"row_number": row, "cell": f"{letter}{row}", "column_title": self.title or f"column {letter}"}

    def _cells(self) -> Iterator[tuple[int, Cell]]:
        place = self._place
        return (
            (record.number, record.cells[place]) for record in self._grid.records if place < len(record.cells)
        )


def _is_figure(cell: Cell) -> bool:
    return not (isinstance(read_pence(cell), Unreadable) and isinstance(read_date(cell), Unreadable))


def _listed(parts: Sequence[str]) -> str:
    """As many of the parts as a message has room for, and how many more there are."""
    kept = list(parts)
    while len(kept) > 1 and len(", ".join(kept)) > FOUND_LIMIT - _ROOM_FOR_MORE:
        kept.pop()
    more = len(parts) - len(kept)
    return ", ".join(kept) + (f" and {more} more" if more else "")


def note_garbled_text(grid: Grid, desk: Desk, headings: Sequence[str], places: Mapping[str, int]) -> None:
    """IN-034: each column of words that holds text read with the wrong encoding, with an example."""
    for name, place in places.items():
        if FIELDS[name].type != "text":
            continue
        found = [
            (record.number, cell, likely)
            for record in grid.records
            if place < len(record.cells)
            and isinstance(cell := record.cells[place], str)
            and (likely := likely_text(cell)) is not None
        ]
        if found:
            row, cell, likely = found[0]
            more = f" and {len(found) - 1:,} more cells" if len(found) > 1 else ""
            expected = (
                f"'{shorten(likely)}'" if likely != cell else "the letter that was lost before it was sent"
            )
            told = f"'{shorten(cell)}'{more}"
            desk.find("IN-034", found=told, expected=expected, row_number=row, **_where(place, row, headings))


def note_date_orders(
    grid: Grid, desk: Desk, headings: Sequence[str], places: Mapping[str, int]
) -> dict[str, DateOrder]:
    """IN-030: each column of dates none of which shows its order; gives the order of every such column."""
    orders = {}
    for name, place in places.items():
        if FIELDS[name].type != "date":
            continue
        cells = {record.number: record.cells[place] for record in grid.records if place < len(record.cells)}
        order = orders[name] = order_of(cells.items())
        if order.ambiguous and not order.day_first and not order.month_first:
            _find_ambiguous(desk, order, cells, place, headings)
    return orders


def _find_ambiguous(
    desk: Desk, order: DateOrder, cells: Mapping[int, Cell], place: int, headings: Sequence[str]
) -> None:
    row = order.ambiguous[0]
    more = f" and {len(order.ambiguous) - 1:,} more" if len(order.ambiguous) > 1 else ""
    day = read_date(cells[row])
    read_as = f", read as {day.isoformat()}" if isinstance(day, date) else ""
    desk.find(
        "IN-030",
        found=f"{bare(as_arrived(cells[row]))}{more}{read_as}",
        expected=RULES["IN-030"].text,
        row_number=row,
        **_where(place, row, headings),
    )


def _where(place: int, row: int, headings: Sequence[str]) -> dict[str, str]:
    title = headings[place].strip() if place < len(headings) else ""
    return {"cell": f"{column_letter(place)}{row}", "column_title": title}


def _around_accent(text: str) -> str:
    """The part of a value round its first character beyond ASCII."""
    at = next(place for place, character in enumerate(text) if not character.isascii())
    start = max(0, at - _SAMPLE_LENGTH // 2)
    return shorten(text[start : start + _SAMPLE_LENGTH])
