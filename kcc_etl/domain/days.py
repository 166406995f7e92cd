"""Days of the law: the last lawful day of a term, anniversaries, ends of months, and the day it is in Kent.

Does not belong here: quarters and years (`periods`), working days (`working_days`), which term a duty has
(`kcc_etl.parameters`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kcc_etl.domain.periods import LONDON

ONE_DAY = timedelta(days=1)


def last_lawful_day(first: date, days: int) -> date:
    """The last day on which what is due before the end of a term of days beginning with `first` is in time.

    The first day counts: a term of 30 days from 30 September ends on 29 October. Raises ValueError for a term
    of no days. Source: PA23 ss.53, 69, 70, 71(5), 77, 80, 93.
    """
    if days < 1:
        raise ValueError(f"A term of {days} days has no last day; expected 1 or more.")
    return first + timedelta(days=days - 1)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the first of the next where the month has no such day.

    A term of months beginning with a day therefore ends on the day before: of a year from 29 February the
    last day is 28 February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return date(year, month + 2, 1)  # only February to November lack a day, so there is a next month


def last_day_of_months(first: date, months: int) -> date:
    """The last day of a term of months beginning with `first`."""
    return add_months(first, months) - ONE_DAY


def end_of_month_after(day: date, months: int) -> date:
    """The last day of the month that comes so many months after the month of `day`."""
    return add_months(day.replace(day=1), months + 1) - ONE_DAY


def day_in_kent(moment: datetime) -> date:
    """The day it is in Kent at a moment: 31 March 2026 23:30 UTC is 1 April.

    Raises ValueError for a moment without a time zone, which has no day of its own.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; expected one, such as +00:00.")
    return moment.astimezone(LONDON).date()
