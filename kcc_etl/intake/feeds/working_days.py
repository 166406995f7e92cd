"""Working days in England, by which a platform of notices is expected to have some.

Does not belong here: time limits of the law, which count the bank holidays of all parts of the kingdom.

Source: Banking and Financial Dealings Act 1971, Schedule 1, with the substitute days of
https://www.gov.uk/bank-holidays. A holiday proclaimed for one year, such as a coronation, is not known here.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from pandas.tseries.holiday import (
    AbstractHolidayCalendar,
    EasterMonday,
    GoodFriday,
    Holiday,
    next_monday,
    next_monday_or_tuesday,
)
from pandas.tseries.offsets import Week

_ENGLAND = AbstractHolidayCalendar(
    "England",
    [
        Holiday("New Year's Day", month=1, day=1, observance=next_monday),
        GoodFriday,
        EasterMonday,
        Holiday("Early May", month=4, day=30, offset=Week(weekday=0)),  # the first Monday after 30 April
        Holiday("Spring", month=6, day=1, offset=Week(-1, weekday=0)),
        Holiday("Summer", month=9, day=1, offset=Week(-1, weekday=0)),
        Holiday("Christmas Day", month=12, day=25, observance=next_monday),
        Holiday("Boxing Day", month=12, day=26, observance=next_monday_or_tuesday),
    ],
)


def is_working_day(day: date) -> bool:
    """Whether a day is neither a Saturday, a Sunday nor a bank holiday in England."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_day_before(day: date) -> date:
    """The last working day before a day."""
    return next(d for d in (day - timedelta(days=n) for n in range(1, 15)) if is_working_day(d))


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of a year in England."""
    found = _ENGLAND.holidays(f"{year}-01-01", f"{year}-12-31")
    return frozenset(day.date() for day in found)
