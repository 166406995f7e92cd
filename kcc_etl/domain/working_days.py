"""Working days: neither a weekend nor a bank holiday, in England or in all parts of the United Kingdom.

Does not belong here: what has to wait for them (`kcc_etl.domain.duties`, the feeds).

Source: Banking and Financial Dealings Act 1971, Schedule 1, with the days proclaimed for one year and the
substitute days of https://www.gov.uk/bank-holidays; St Andrew's Day Bank Holiday (Scotland) Act 2007. Days
proclaimed for one year are known from 2012 to 2026; a later one has to be added here.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Literal

from kcc_etl.domain.days import ONE_DAY

Part = Literal["england", "scotland", "northern ireland"]
"""A part of the kingdom; Wales keeps the bank holidays of England."""

PARTS: tuple[Part, ...] = ("england", "scotland", "northern ireland")

_SATURDAY, _MONDAY = 5, 0

_PROCLAIMED: dict[int, tuple[date, ...]] = {
    2012: (date(2012, 6, 5),),
    2022: (date(2022, 6, 3), date(2022, 9, 19)),
    2023: (date(2023, 5, 8),),
}
"""Extra days, kept in every part."""

_PROCLAIMED_IN_SCOTLAND: dict[int, tuple[date, ...]] = {2026: (date(2026, 6, 15),)}
"""Extra days of Scotland alone: 2026, by the proclamation of 3 February 2026."""

_MOVED_EARLY_MAY = {2020: date(2020, 5, 8)}
_MOVED_SPRING = {2012: date(2012, 6, 4), 2022: date(2022, 6, 2)}


def is_working_day(day: date, parts: tuple[Part, ...] = PARTS) -> bool:
    """Whether a day is neither a Saturday, a Sunday nor a bank holiday in any of the parts.

    By default all parts of the United Kingdom, as the law counts. Source: PA23 s.123(1).
    """
    return day.weekday() < _SATURDAY and not any(day in bank_holidays(day.year, part) for part in parts)


def working_day_before(day: date, parts: tuple[Part, ...] = PARTS) -> date:
    """The last working day before a day."""
    before = day - ONE_DAY
    while not is_working_day(before, parts):
        before -= ONE_DAY
    return before


def last_day_to_begin(event: date, number: int) -> date:
    """The last day on which a term of so many working days may begin so as to be over before a day.

    A first day that is no working day is not counted. Source: PA23 s.51(2).
    """
    day = event
    for _ in range(number):
        day = working_day_before(day)
    return day


@cache
def bank_holidays(year: int, part: Part = "england") -> frozenset[date]:
    """The bank holidays of a year in one part of the kingdom, substitute days in the place of weekends."""
    easter = _easter(year)
    days = [
        easter - timedelta(days=2),
        _MOVED_EARLY_MAY.get(year, _monday_from(date(year, 5, 1))),
        _MOVED_SPRING.get(year, _monday_from(date(year, 5, 25))),
        *_PROCLAIMED.get(year, ()),
        *_in_place_of(date(year, 12, 25), date(year, 12, 26)),
    ]
    if part == "scotland":
        new_year = _in_place_of(date(year, 1, 1), date(year, 1, 2))
        days += [*new_year, _monday_from(date(year, 8, 1)), *_in_place_of(date(year, 11, 30))]
        days += _PROCLAIMED_IN_SCOTLAND.get(year, ())
    else:
        days += [
            easter + ONE_DAY,
            *_in_place_of(date(year, 1, 1)),
            _monday_from(date(year, 8, 25)),
        ]
    if part == "northern ireland":
        days += [*_in_place_of(date(year, 3, 17)), *_in_place_of(date(year, 7, 12))]
    return frozenset(days)


def _monday_from(day: date) -> date:
    """The first Monday on or after a day."""
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _in_place_of(*holidays: date) -> list[date]:
    """The days, those at a weekend moved to the next weekdays that are not among them."""
    kept = [day for day in holidays if day.weekday() < _SATURDAY]
    for day in (day for day in holidays if day.weekday() >= _SATURDAY):
        while day.weekday() >= _SATURDAY or day in kept:
            day += ONE_DAY
        kept.append(day)
    return kept


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)
