"""What the facts of a workbook mean for its rows: formulas, links, hidden parts, merged cells, 1904 dates.

The expectations are those of `reference/hazards.md` §1.3, rows 5, 7, 9, 10 and 13. Does not belong here:
finding the facts (`workbook`), faults of values (`tabular`, `returns`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from kcc_etl.exceptions import SourceUnreadableError
from kcc_etl.intake.cells.grid import Held, column_letter
from kcc_etl.intake.cells.values import ErrorCell, as_arrived
from kcc_etl.intake.parsed import Desk
from kcc_etl.intake.workbooks.book import Book, FormulaCell, Place
from kcc_etl.intake.workbooks.totals import Budget, agrees, recompute

_MAC_DAYS = timedelta(days=1462)
_FEWEST_DATES = 3
_FEWEST_IN_A_PERIOD = 2
_JUST_CLOSED = timedelta(days=92)
_RECENT = timedelta(days=731)
_YEARS = re.compile(r"(20[0-9]{2})(?:[-_/ ]?([0-9]{2})(?![0-9]))?")
_CELLS_TOLD = 50
"""Findings a column about cells that draw on the outside; the last says how many more there are."""
_WORDS = re.compile(r'"[^"]*"')
# [1]Sheet!A1, '[Budget.xlsx]Sheet 1'!A1, but not the columns of a table such as Ledger[2026].
_OUTSIDE_REFERENCE = re.compile(r"(?:^|[^\w\]\[])\[([^\[\]]+)\][^\[\]!,;()]*!")
_CONVERSATION = re.compile(r"[\w.]+\|")
_OUTSIDE_FUNCTION = re.compile(
    r"\b(WEBSERVICE|RTD|STOCKHISTORY|SQL\.REQUEST|CUBE[A-Z]+|IMPORT(?:XML|RANGE|DATA|HTML|FEED))\s*\(",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class InputRange:
    """What of a sheet is read: columns (place to title) from `first_row` on, and single answers above them.

    `period` is the quarter that the file speaks about, where it says so.
    """

    first_row: int
    columns: Mapping[int, str]
    answers: Mapping[Place, str] = field(default_factory=dict)
    period: tuple[date, date] | None = None
    subject: str = ""

    def title(self, row: int, column: int) -> str | None:
        """The title of the column or the label of the answer at a place; None when it is not read."""
        if (row, column) in self.answers:
            return self.answers[row, column]
        return self.columns.get(column) if row >= self.first_row else None


def judge_book(book: Book, desk: Desk, area: InputRange) -> dict[int, list[Held]]:
    """Notes on the desk what speaks about columns or the file, and gives the rows to hold with their reasons.

    The findings of held rows are made by whoever settles them (`Held.tell`). Raises SourceError when every
    date is 1,462 days out, which holds the whole file.
    """
    _refuse_shifted_dates(book, desk, area)
    _note_outside(book, desk, area)
    _note_formulas(book, desk, area)
    _note_hidden(book, desk, area)
    held: dict[int, list[Held]] = defaultdict(list)
    hidden = (_hidden_rows(book, area), _hidden_columns(book, area))
    for rows in (_wrong_totals(book, area), *hidden, _merged_rows(book, area)):
        for row, reason in rows:
            held[row].append(reason)
    return dict(held)


def _refuse_shifted_dates(book: Book, desk: Desk, area: InputRange) -> None:
    """IN-020. Dates count from 1904 in workbooks of old Macs, four years and a day later than elsewhere."""
    moments = [
        moment.date()
        for row, column, moment in book.dates
        if row >= area.first_row and (column in area.columns or area.period is not None)
    ]
    shift = _shift(moments, book, desk, area)
    if shift is None:
        return
    first, last = min(moments), max(moments)
    raise SourceUnreadableError(
        f"All {len(moments)} dates of sheet '{book.sheet}' lie four years and a day "
        f"{'late' if shift < timedelta() else 'early'}, from {first.isoformat()} to {last.isoformat()}; "
        "they were copied between a workbook of 1904 dates and another",
        expected=f"dates from {(first + shift).isoformat()} to {(last + shift).isoformat()}",
        rule_id="IN-020",
    )


def _shift(moments: list[date], book: Book, desk: Desk, area: InputRange) -> timedelta | None:
    """By how much every date is out, when the quarter, the day the file landed or its name shows it."""
    if area.period is not None:
        start, end = area.period
        if len(moments) < _FEWEST_IN_A_PERIOD or any(start <= moment <= end for moment in moments):
            return None
        fits = (s for s in (-_MAC_DAYS, _MAC_DAYS) if all(start <= moment + s <= end for moment in moments))
        return next(fits, None)
    if len(moments) < _FEWEST_DATES:
        return None
    landed = desk.file.landed_on
    if min(moments) > landed:
        back = [landed - _RECENT <= moment - _MAC_DAYS <= landed for moment in moments]
        told = any(back) and book.facts.date1904 if desk.kind == "register" else all(back)
        return -_MAC_DAYS if told else None
    if desk.kind == "register":
        return None
    years = _years_named(desk.file.file_name)
    if years:
        return next((s for s in (_MAC_DAYS, -_MAC_DAYS) if _agree_when_shifted(moments, years, s)), None)
    closed = book.saved_at.date() if book.saved_at else landed
    late = all(closed - _JUST_CLOSED < moment + _MAC_DAYS <= closed for moment in moments)
    return _MAC_DAYS if late else None


def _agree_when_shifted(moments: list[date], years: set[int], shift: timedelta) -> bool:
    as_they_stand = {moment.year for moment in moments}
    return not as_they_stand & years and {(moment + shift).year for moment in moments} <= years


def _years_named(name: str) -> set[int]:
    """The years in a file name: 2026 of `spend-2026-09`, 2025 and 2026 of `spend 2025-26`."""
    years: set[int] = set()
    for match in _YEARS.finditer(name):
        first = int(match[1])
        years.add(first)
        if match[2] and int(match[2]) == (first + 1) % 100:
            years.add(first + 1)
    return years


def _note_outside(book: Book, desk: Desk, area: InputRange) -> None:
    """IN-014, cell by cell; once for a data connection, whose cells cannot be told."""
    cells: dict[int, list[tuple[FormulaCell, str]]] = defaultdict(list)
    for formula in book.facts.formulas:
        source = _source_outside(formula.text, book)
        if source and area.title(formula.row, formula.column) is not None:
            cells[formula.column].append((formula, source))
    for found in cells.values():
        for place, (formula, source) in enumerate(found[:_CELLS_TOLD]):
            more = len(found) - _CELLS_TOLD
            others = (
                f", and {more:,} more cells of the column" if place == _CELLS_TOLD - 1 and more > 0 else ""
            )
            _find(book, desk, area, "IN-014", (formula.row, formula.column), f"a value of {source}{others}")
    whole = [*book.facts.connections]
    if not cells:
        whole += [f"a link to {source}" for source in dict.fromkeys(book.facts.outside)]
    for words in whole:
        desk.find("IN-014", found=f"{words} in the workbook", subject=area.subject)


def _source_outside(text: str, book: Book) -> str:
    """Where a formula draws data from when that is not its own workbook, else nothing."""
    plain = _WORDS.sub("", text)
    if match := _OUTSIDE_REFERENCE.search(plain):
        number = int(match[1]) if match[1].isdecimal() and len(match[1]) < 6 else 0
        links = book.facts.outside
        return links[number - 1] if 0 < number <= len(links) else f"another workbook, '[{match[1][:60]}]'"
    if match := _OUTSIDE_FUNCTION.search(plain):
        return f"the function {match[1].upper()}"
    if match := _CONVERSATION.search(plain):
        return f"the program '{match[0][:40].rstrip('|')}'"
    names = {name.casefold() for name in book.facts.names_outside}
    if names and any(word.casefold() in names for word in re.findall(r"[\w.]+", plain)):
        return "another workbook"
    return ""


def _note_formulas(book: Book, desk: Desk, area: InputRange) -> None:
    """IN-016, once a column and once an answer."""
    columns: dict[tuple[int, bool], list[FormulaCell]] = defaultdict(list)
    for formula in book.facts.formulas:
        cell = book.cell(formula.row, formula.column)
        if area.title(formula.row, formula.column) is None or cell is None or isinstance(cell, ErrorCell):
            continue
        is_answer = (formula.row, formula.column) in area.answers
        columns[formula.row if is_answer else formula.column, is_answer].append(formula)
    for (_, is_answer), found in columns.items():
        first = found[0]
        more = "" if is_answer or len(found) == 1 else f" and in {len(found) - 1:,} more cells of the column"
        value = as_arrived(book.cell(first.row, first.column))
        place = (first.row, first.column)
        _find(book, desk, area, "IN-016", place, f"a formula{more}; its stored result is {value}")


def _note_hidden(book: Book, desk: Desk, area: InputRange) -> None:
    """IN-018: sheets, columns that are not read, and text, that a person does not see."""
    for sheet in book.facts.other_sheets:
        if sheet.state == "visible":
            continue
        way = ", which only a program can show," if sheet.state == "veryHidden" else ""
        found = f"sheet '{sheet.name}'{way} is hidden and holds data"
        desk.find("IN-018", found=found, subject=area.subject)
    for column in book.facts.hidden_columns:
        if _cells_read(book, area, column):
            continue
        letter = column_letter(column)
        desk.find(
            "IN-018",
            found=f"column {letter} is hidden and holds data",
            cell=f"{letter}{area.first_row}",
            subject=area.subject,
        )
    white: dict[int, list[int]] = defaultdict(list)
    for row, column in book.facts.white:
        white[column].append(row)
    for column, rows in sorted(white.items()):
        more = f", and {len(rows) - 1:,} more cells of the column" if len(rows) > 1 else ""
        value = as_arrived(book.cell(rows[0], column))
        found = f"'{value[:40]}' in the colour of its background{more}"
        _find(book, desk, area, "IN-018", (rows[0], column), found)


def _wrong_totals(book: Book, area: InputRange) -> Iterator[tuple[int, Held]]:
    """IN-017."""
    budget = Budget()
    for formula in book.facts.formulas:
        title = area.title(formula.row, formula.column)
        stored = book.cell(formula.row, formula.column)
        if title is None or isinstance(stored, bool) or not isinstance(stored, int | float):
            continue
        exact = recompute(book, formula, budget)
        if exact is not None and not agrees(stored, exact):
            cell = f"{column_letter(formula.column)}{formula.row}"
            found = (
                f"the total in {cell} says {as_arrived(stored)}, its cells come to {as_arrived(float(exact))}"
            )
            yield formula.row, Held("IN-017", found, cell, title)


def _hidden_rows(book: Book, area: InputRange) -> Iterator[tuple[int, Held]]:
    """IN-019, one reason for rows that lie together."""
    answers = {row for row, _ in area.answers}
    rows = [row for row in book.facts.hidden_rows if row in answers or row >= area.first_row]
    run: list[int] = []
    for place, row in enumerate(rows):
        run.append(row)
        if place + 1 == len(rows) or rows[place + 1] != row + 1:
            words = f"row {run[0]} is hidden" if len(run) == 1 else f"rows {run[0]} to {row} are hidden"
            held = Held("IN-019", f"{words} and holds data" if len(run) == 1 else f"{words} and hold data")
            yield from ((member, held) for member in run)
            run = []


def _hidden_columns(book: Book, area: InputRange) -> Iterator[tuple[int, Held]]:
    """IN-019, one reason a column: every row that has something in a hidden column that is read."""
    for column in book.facts.hidden_columns:
        rows = _cells_read(book, area, column)
        if rows:
            letter = column_letter(column)
            title = area.title(rows[-1], column) or ""
            held = Held("IN-019", f"column {letter} is hidden and holds data", f"{letter}{rows[0]}", title)
            yield from ((row, held) for row in rows)


def _cells_read(book: Book, area: InputRange, column: int) -> list[int]:
    """The rows that hold something in the column which is read."""
    return [
        row for row, cells in book.rows.items() if column in cells and area.title(row, column) is not None
    ]


def _merged_rows(book: Book, area: InputRange) -> Iterator[tuple[int, Held]]:
    """IN-021, one reason a range that holds something; labels, answers and headings may be merged."""
    for first_row, first_column, last_row, last_column in book.facts.merged:
        titles = [area.columns[c] for c in range(first_column, last_column + 1) if c in area.columns]
        if last_row < area.first_row or not titles:
            continue
        span = range(first_row, last_row + 1)
        # A range can claim more rows than the sheet has, and a sheet more rows than the range.
        shorter, longer = (span, book.rows) if len(span) < len(book.rows) else (book.rows, span)
        rows = [row for row in shorter if row in longer]
        if any(first_column <= column <= last_column for row in rows for column in book.rows[row]):
            start, end = (
                f"{column_letter(first_column)}{first_row}",
                f"{column_letter(last_column)}{last_row}",
            )
            held = Held("IN-021", f"the cells {start}:{end} are merged", start, titles[0])
            yield from ((row, held) for row in rows if row >= area.first_row)


def _find(book: Book, desk: Desk, area: InputRange, rule_id: str, place: Place, found: str) -> None:
    row, column = place
    desk.find(
        rule_id,
        found=found,
        row_number=row,
        cell=f"{column_letter(column)}{row}",
        column_title=area.title(row, column) or "",
        subject=area.subject,
    )
