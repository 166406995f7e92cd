"""Financial-year periods and the counting of days: quarters, halves, years, lawful days.

Does not belong here: what falls due in a period (`delivery`), which law sets a deadline (`parameters`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

PeriodKind = Literal["quarter", "half", "year"]

LONDON = ZoneInfo("Europe/London")
"""The clocks of Kent, which say what day it is."""

_PATTERN = re.compile(r"(?P<first>[0-9]{4})-(?P<second>[0-9]{2})(?:-(?P<part>Q[1-4]|H[12]))?")
_FIRST_MONTH = 4
_EXPECTED = "a quarter, half or year such as 2026-27-Q2, 2026-27-H1 or 2026-27"


@dataclass(frozen=True)
class Period:
    """One financial-year period: its identifier, kind, first and last day (both included)."""

    id: str
    kind: PeriodKind
    start: date
    end: date

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters the period is made of, in order; a quarter is made of itself."""
        return quarters_between(self.start, self.end)

    @property
    def days(self) -> int:
        """Days in the period."""
        return (self.end - self.start).days + 1

    @property
    def year(self) -> str:
        """The financial year the period lies in, such as `2026-27`."""
        return self.id[:7]

    def __str__(self) -> str:
        return self.id


def _month_start(year: int, months_from_april: int) -> date:
    months = _FIRST_MONTH - 1 + months_from_april
    return date(year + months // 12, months % 12 + 1, 1)


def _period(year: int, part: str) -> Period:
    length, place = {"": (12, 0), "Q": (3, 0), "H": (6, 0)}[part[:1]]
    if part:
        place = (int(part[1]) - 1) * length
    start, after = _month_start(year, place), _month_start(year, place + length)
    kinds: dict[str, PeriodKind] = {"": "year", "Q": "quarter", "H": "half"}
    name = f"{year}-{(year + 1) % 100:02d}" + (f"-{part}" if part else "")
    return Period(name, kinds[part[:1]], start, after - timedelta(days=1))


@cache
def parse_period(text: str) -> Period:
    """The period that an identifier such as `2026-27-Q2`, `2026-27-H1` or `2026-27` names.

    Raises ValueError with a sentence for a person when the text names no period.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is not a period; expected {_EXPECTED}.")
    year = int(match["first"])
    if not 1900 <= year <= 2999:
        raise ValueError(f"'{text}' is not a period of this age; expected {_EXPECTED}.")
    if int(match["second"]) != (year + 1) % 100:
        raise ValueError(
            f"'{text}' is not a financial year: {year} is followed by {(year + 1) % 100:02d}; "
            f"expected {_EXPECTED}."
        )
    return _period(year, match["part"] or "")


def is_period(text: str) -> bool:
    """Whether a text names a financial quarter, half or year."""
    try:
        return bool(parse_period(text))
    except ValueError:
        return False


def is_quarter(text: str) -> bool:
    """Whether a text names a financial quarter."""
    return is_period(text) and parse_period(text).kind == "quarter"


@cache
def quarter_of(day: date) -> Period:
    """The financial quarter a day lies in: Q1 is April to June, Q4 January to March."""
    months = (day.month - _FIRST_MONTH) % 12
    return _period(day.year - (day.month < _FIRST_MONTH), f"Q{months // 3 + 1}")


def next_quarter(quarter: Period) -> Period:
    """The quarter after the period's last day."""
    return quarter_of(quarter.end + timedelta(days=1))


def previous_quarter(quarter: Period) -> Period:
    """The quarter before the period's first day."""
    return quarter_of(quarter.start - timedelta(days=1))


def quarters_between(start: date, end: date) -> tuple[Period, ...]:
    """Every quarter that has a day from `start` to `end`, in order; none when `end` comes before `start`."""
    quarters: list[Period] = []
    if end < start:
        return ()
    quarter = quarter_of(start)
    while quarter.start <= end:
        quarters.append(quarter)
        quarter = next_quarter(quarter)
    return tuple(quarters)


def quarters_in(start: date, end: date) -> Fraction:
    """The length from `start` to `end`, both included, in financial quarters; nothing when `end` is earlier.

    A whole quarter counts 1, a part of one by its days, so that twelve full quarters are exactly 12 although
    their days differ. Source: social-value policy parameters, section 8.6.
    """
    if end < start:
        return Fraction(0)
    return _quarters_before(end + timedelta(days=1)) - _quarters_before(start)


@cache
def _quarters_before(day: date) -> Fraction:
    """Financial quarters from the year 0 to the start of a day, days of the running one by their share."""
    quarter = quarter_of(day)
    whole = quarter.start.year * 4 + (quarter.start.month - 1) // 3
    return whole + Fraction((day - quarter.start).days, quarter.days)


def quarter_ids(first: str, last: str) -> tuple[str, ...]:
    """Identifiers of the quarters from the start of period `first` to the end of period `last`."""
    span = quarters_between(parse_period(first).start, parse_period(last).end)
    return tuple(quarter.id for quarter in span)


def longer_ids(first: str, last: str, kind: Literal["half", "year"]) -> tuple[str, ...]:
    """Identifiers of the halves or years that lie whole between two periods, in order."""
    span = parse_period(first).start, parse_period(last).end
    years = dict.fromkeys(quarter.year for quarter in quarters_between(*span))
    parts = ("-H1", "-H2") if kind == "half" else ("",)
    found = (parse_period(year + part) for year in years for part in parts)
    return tuple(period.id for period in found if span[0] <= period.start and period.end <= span[1])


def first_year_to(start: date) -> date:
    """The last day of the first year that begins on a day; of one that begins on 29 February the 28th."""
    return _anniversary(start, 1) - timedelta(days=1)


def years_in(start: date, end: date) -> Fraction:
    """The length from `start` to `end`, both included, in years; nothing when `end` is earlier.

    Whole calendar years count 1 each whatever day they begin on, the days that are left by their share of the
    year that would follow. Source: social-value policy parameters, section 8.4; the share is our reading.
    """
    if end < start:
        return Fraction(0)
    after = end + timedelta(days=1)
    whole = after.year - start.year
    whole -= _anniversary(start, whole) > after
    begun, over = _anniversary(start, whole), _anniversary(start, whole + 1)
    return whole + Fraction((after - begun).days, (over - begun).days)


def _anniversary(start: date, years: int) -> date:
    """The same day so many years on; of 29 February, where there is none, 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def period_with(day: date, kind: PeriodKind) -> Period:
    """The period of a kind that a day lies in."""
    quarter = quarter_of(day)
    part = {"quarter": quarter.id[7:], "half": "-H1" if quarter.id[-1] in "12" else "-H2", "year": ""}[kind]
    return parse_period(quarter.year + part)


def latest_complete(as_of: date, kind: PeriodKind) -> Period:
    """The last period of a kind that was over when the day `as_of` began."""
    return period_with(period_with(as_of, kind).start - timedelta(days=1), kind)


def latest_complete_quarter(as_of: date) -> Period:
    """The last quarter that was over when the day `as_of` began: 23 November 2026 gives `2026-27-Q2`."""
    return previous_quarter(quarter_of(as_of))
