"""Which quarter or year the dates in a return speak of: in its evidence and notes, and in its file name.

Does not belong here: the period that the return states (`returns.cells`), the 1904 calendar
(`workbooks.faults`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from kcc_etl.domain.periods import Period, parse_period, quarter_of
from kcc_etl.intake.cells.values import Cell, month_named, read_date

_FEWEST = 3
_CLEAR = Fraction(4, 5)
_WRITTEN_UP = timedelta(days=31)
"""How long after a period its evidence is still being dated: reports are written up then."""
_DATE = re.compile(
    r"(?<![\w/.-])(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{4}"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?[ -][A-Za-z]{3,9}[ -][0-9]{4})(?![\w/-])"
)
_MONTH = re.compile(r"(?<![\w/.-])([A-Za-z]{3,9})[ -]([0-9]{4})(?![\w/-])")
_YEAR = r"(20[0-9]{2})[-/](?:20)?([0-9]{2})"
_QUARTER = re.compile(rf"(?<![A-Za-z0-9]){_YEAR}[-_ ]?(Q[1-4])(?![0-9])", re.IGNORECASE)
_QUARTER_FIRST = re.compile(rf"(?<![A-Za-z0-9])(Q[1-4])[-_ ]{_YEAR}(?![0-9])", re.IGNORECASE)


def period_at_odds(stated: Period, cells: Iterable[Cell], file_name: str) -> str:
    """How the dates of a return disagree with the period it states, in words; empty when they do not.

    At least three dates, and four fifths of them in one other quarter, or year where a year is stated, not
    all the same day: that is one document named again and again. Another period in the file name counts as
    one date, and days up to a month after the stated one, when evidence is written up, as none. Source:
    hazards.md 1.3, 24.
    """
    named = sorted(quarter for quarter in set(_quarters_in(file_name)) if _period(quarter, stated) != stated)
    days = [
        day
        for day in [*(day for cell in cells for day in _days_in(cell)), *named]
        if isinstance(day, str) or not stated.end < day <= stated.end + _WRITTEN_UP
    ]
    found = Counter(_period(day, stated) for day in days)
    total = len(days)
    if total < _FEWEST:
        return ""
    other, count = max(found.items(), key=lambda item: (item[1], item[0].id))
    if other == stated or Fraction(count, total) < _CLEAR:
        return ""
    of_other = {day for day in days if _period(day, stated) == other}
    if len(of_other) == 1 and not any(isinstance(day, str) for day in of_other):
        return ""
    return f"{count} of {total} dates fall in {_named(other)}; this is the {_named(stated)} return"


def _period(day: date | str, stated: Period) -> Period:
    """The quarter of a day or of a quarter's identifier; its financial year where a year is stated."""
    quarter = parse_period(day) if isinstance(day, str) else quarter_of(day)
    return parse_period(quarter.year) if stated.kind == "year" else quarter


def _days_in(cell: Cell) -> Iterator[date | str]:
    """Every day, and every quarter by its identifier, that a cell names."""
    if isinstance(cell, datetime):
        yield cell.date()
    elif isinstance(cell, date):
        yield cell
    elif isinstance(cell, str):
        days = [read_date(match[0]) for match in _DATE.finditer(cell)]
        yield from (day for day in days if isinstance(day, date))
        yield from _months_in(_DATE.sub(" ", cell))
        yield from _quarters_in(cell)


def _months_in(text: str) -> Iterator[date]:
    for match in _MONTH.finditer(text):
        month, year = month_named(match[1]), int(match[2])
        if month and 1900 <= year <= 2999:
            # The middle of the month, which is of one quarter.
            yield date(year, month, 15)


def _quarters_in(text: str) -> Iterator[str]:
    named = [(m[1], m[2], m[3]) for m in _QUARTER.finditer(text)]
    named += [(m[2], m[3], m[1]) for m in _QUARTER_FIRST.finditer(text)]
    for year, second, quarter in named:
        if int(second) == (int(year) + 1) % 100:
            yield f"{year}-{second}-{quarter.upper()}"


def _named(period: Period) -> str:
    return period.id if period.kind == "year" else f"{period.start:%B}–{period.end:%B %Y}"
