"""Where the answers and the lines of a return stand: by their labels and headings, never by their place.

Does not belong here: what the form looks like when we issue it (`kcc_etl.schema.return_form`), what is
answered (`returns`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kcc_etl.exceptions import SourceLayoutError
from kcc_etl.intake.cells.grid import Record, column_letter
from kcc_etl.intake.cells.values import as_arrived, is_empty
from kcc_etl.intake.headings.mapping import fold_heading
from kcc_etl.intake.workbooks.book import Book
from kcc_etl.schema import return_form as form

_LABEL_COLUMN = 0
_LOOKED_AT = 60
"""Rows from the top among which labels and headings are looked for."""
_REMEDY = "Copy the figures into the workbook that was sent out"
# Hundreds of returns hold the same headings, labels, units and districts.
_folded = lru_cache(maxsize=1_000)(fold_heading)
_TITLES = {fold_heading(title): (title, name) for title, name in form.COLUMNS.values()}
_UNIT = fold_heading(form.COLUMNS[form.UNIT_COLUMN][0])
_FIELDS = tuple(name for _, name in form.COLUMNS.values() if name)
_LABELS = {fold_heading(label): row for row, label in form.LABELS.items()}


@dataclass(frozen=True)
class ReturnLayout:
    """Where things stand in one workbook.

    `answers` gives for each row of the issued form the row where its label stands, `columns` for each field
    of a line its column from 0, `titles` every column of the heading by its place, `extra` those that the
    form does not have.
    """

    answers: Mapping[int, int]
    heading_row: int
    columns: Mapping[str, int]
    titles: Mapping[int, str]
    extra: tuple[int, ...]

    @property
    def unit_place(self) -> int | None:
        """The column of the unit that we print, if it is still there."""
        return next((place for place, title in self.titles.items() if _folded(title) == _UNIT), None)

    @property
    def first_line_row(self) -> int:
        """The row below the heading."""
        return self.heading_row + 1

    @property
    def answered_columns(self) -> tuple[int, ...]:
        """The columns of a line that a supplier fills in."""
        theirs = {form.COLUMNS[letter][1] for letter in form.ANSWERED_COLUMNS}
        return tuple(sorted(place for name, place in self.columns.items() if name in theirs))


def answer_rows(book: Book) -> dict[int, int]:
    """For each row of the issued form the row of the label that stands in column A of this workbook.

    A label that is gone is taken to stand where it was issued. Raises SourceLayoutError for one given twice.
    """
    found: dict[int, list[int]] = {}
    for row in sorted(row for row in book.rows if row <= _LOOKED_AT):
        cell = book.cell(row, _LABEL_COLUMN)
        issued = _LABELS.get(_folded(as_arrived(cell)))
        if issued is not None:
            found.setdefault(issued, []).append(row)
    twice = {issued: rows for issued, rows in found.items() if len(rows) > 1}
    if twice:
        raise SourceLayoutError(
            "; ".join(
                f"Cells {' and '.join(f'A{row}' for row in rows)} both hold '{form.LABELS[issued]}'"
                for issued, rows in sorted(twice.items())
            ),
            expected="each question once, as in the workbook that was sent out",
            remedy=_REMEDY,
        )
    return {issued: found.get(issued, [issued])[0] for issued in form.LABELS}


def layout_of(book: Book, answers: Mapping[int, int]) -> ReturnLayout:
    """Where the lines stand. Raises SourceLayoutError naming every heading that is missing or given twice."""
    row = _heading_row(book)
    titles = {
        place: as_arrived(cell).strip()
        for place, cell in book.rows.get(row, {}).items()
        if not is_empty(cell)
    }
    places: dict[str, list[int]] = {}
    for place, title in sorted(titles.items()):
        known = _TITLES.get(_folded(title))
        if known is not None and known[1]:
            places.setdefault(known[1], []).append(place)
    faults = [f"no column '{_title(name)}' in row {row}" for name in _FIELDS if name not in places]
    faults += [
        f"'{_title(name)}' in cells {' and '.join(f'{column_letter(place)}{row}' for place in found)}"
        for name, found in places.items()
        if len(found) > 1
    ]
    if faults:
        raise SourceLayoutError(
            "The headings of the lines were changed: " + "; ".join(faults),
            expected="one column each for " + ", ".join(f"'{_title(name)}'" for name in _FIELDS),
            remedy=_REMEDY,
        )
    extra = tuple(place for place, title in sorted(titles.items()) if _folded(title) not in _TITLES)
    columns = {name: found[0] for name, found in places.items()}
    return ReturnLayout(answers, row, columns, titles, extra)


def has_our_headings(book: Book) -> bool:
    """Whether the lines stand under the headings of the form we issue now."""
    try:
        layout_of(book, {})
    except SourceLayoutError:
        return False
    return True


def is_return(records: Sequence[Record]) -> bool:
    """Whether these rows are the top of a return: the questions that say whose it is, or the headings."""
    said = {_folded(cell) for record in records for cell in record.cells if isinstance(cell, str)}
    questions = {fold_heading(form.LABELS[row]) for row in (form.CONTRACT_REF_ROW, form.PERIOD_ROW)}
    return questions <= said or {fold_heading(_title(name)) for name in _FIELDS} <= said


def _heading_row(book: Book) -> int:
    """The row with most of our headings; the row of the issued form when no row has any."""
    best, most = form.HEADER_ROW, 0
    for row in sorted(row for row in book.rows if row <= _LOOKED_AT):
        held = {_folded(cell) for cell in book.rows[row].values() if isinstance(cell, str)} & _TITLES.keys()
        if len(held) > max(most, 1):
            best, most = row, len(held)
    return best


def _title(name: str) -> str:
    return next(title for title, field in form.COLUMNS.values() if field == name)
