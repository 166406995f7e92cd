"""Days of the law on every day from 2020 to 2029, against counting on fingers."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from kcc_etl.domain.days import (
    add_months,
    day_in_kent,
    end_of_month_after,
    last_day_of_months,
    last_lawful_day,
)
from kcc_etl.domain.periods import latest_complete_quarter, parse_period, quarter_of

EVERY_DAY = [date(2020, 1, 1) + timedelta(days=n) for n in range(3_653)]


def test_the_days_are_the_ten_years():
    assert (EVERY_DAY[0], EVERY_DAY[-1]) == (date(2020, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("first", "days", "last"),
    [
        (date(2026, 9, 30), 30, date(2026, 10, 29)),  # s.69, half to September
        (date(2026, 3, 31), 30, date(2026, 4, 29)),  # s.69, half to March
        (date(2026, 6, 30), 30, date(2026, 7, 29)),  # s.70
        (date(2026, 12, 31), 30, date(2027, 1, 29)),  # s.70, over the year's end
        (date(2026, 4, 1), 56, date(2026, 5, 26)),  # s.93
        (date(2028, 2, 1), 30, date(2028, 3, 1)),  # leap year
        (date(2027, 2, 1), 30, date(2027, 3, 2)),
        (date(2026, 1, 1), 90, date(2026, 3, 31)),
        (date(2026, 1, 1), 120, date(2026, 4, 30)),
        (date(2026, 1, 1), 180, date(2026, 6, 29)),
        (date(2026, 1, 1), 1, date(2026, 1, 1)),
    ],
)
def test_a_term_of_days_begins_with_its_first(first, days, last):
    assert last_lawful_day(first, days) == last


@pytest.mark.parametrize("days", [0, -1])
def test_a_term_without_days_has_no_last(days):
    with pytest.raises(ValueError, match="expected 1 or more"):
        last_lawful_day(date(2026, 1, 1), days)


@pytest.mark.parametrize("days", [30, 56, 90, 120, 180])
def test_the_last_day_is_the_one_that_a_count_from_one_reaches(days):
    for first in EVERY_DAY:
        day, counted = first, 1
        while counted < days:
            day, counted = day + timedelta(days=1), counted + 1
        assert last_lawful_day(first, days) == day


def test_every_day_is_in_the_quarter_of_its_month():
    names = {
        1: "Q4",
        2: "Q4",
        3: "Q4",
        4: "Q1",
        5: "Q1",
        6: "Q1",
        7: "Q2",
        8: "Q2",
        9: "Q2",
        10: "Q3",
        11: "Q3",
        12: "Q3",
    }
    for day in EVERY_DAY:
        year = day.year - (1 if day.month < 4 else 0)
        quarter = quarter_of(day)
        assert quarter.id == f"{year}-{str(year + 1)[2:]}-{names[day.month]}"
        assert quarter.start.day == 1
        assert quarter.end == date(
            quarter.end.year, quarter.end.month, calendar.monthrange(quarter.end.year, quarter.end.month)[1]
        )
        assert latest_complete_quarter(day).end < quarter.start


def test_the_end_of_the_month_after_a_day():
    for day in EVERY_DAY:
        year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
        assert end_of_month_after(day, 1) == date(year, month, calendar.monthrange(year, month)[1])


def test_a_year_from_a_day_ends_on_the_day_before():
    for day in EVERY_DAY:
        last = last_day_of_months(day, 12)
        assert last + timedelta(days=1) == (
            date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
        )


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2028, 1, 31), 1, date(2028, 3, 1)),
        (date(2028, 1, 29), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 6, date(2026, 10, 1)),
        (date(2026, 12, 31), 2, date(2027, 3, 1)),
        (date(2028, 2, 29), 36, date(2031, 3, 1)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
    ],
)
def test_a_month_without_the_day_gives_the_first_of_the_next(day, months, then):
    assert add_months(day, months) == then


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 23, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 3, 31, 23, 30, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 9, 30, 23, 30, tzinfo=UTC), date(2026, 10, 1)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 28)),  # the night the clocks go forward
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),  # the night they go back
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 4, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), date(2026, 4, 1)),
        (datetime(2026, 3, 31, 20, 0, tzinfo=timezone(timedelta(hours=-5))), date(2026, 4, 1)),
    ],
)
def test_the_day_in_kent_goes_by_the_clocks_of_london(moment, day):
    assert day_in_kent(moment) == day


def test_in_every_year_summer_time_runs_between_the_last_sundays_of_march_and_october():
    for day in EVERY_DAY:
        late = datetime(day.year, day.month, day.day, 23, 30, tzinfo=UTC)
        spring, autumn = (
            max(d for d in (date(day.year, m, n) for n in range(25, 32)) if d.weekday() == 6) for m in (3, 10)
        )
        assert day_in_kent(late) == day + timedelta(days=1 if spring <= day < autumn else 0)


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="no time zone"):
        day_in_kent(datetime(2026, 4, 1))


def test_every_day_is_in_the_half_and_the_year_of_its_quarter():
    for day in EVERY_DAY:
        year = day.year - (1 if day.month < 4 else 0)
        first = 4 <= day.month <= 9
        half = parse_period(f"{year}-{str(year + 1)[2:]}-{'H1' if first else 'H2'}")
        assert (half.start, half.end) == (
            (date(year, 4, 1), date(year, 9, 30)) if first else (date(year, 10, 1), date(year + 1, 3, 31))
        )
        whole = parse_period(quarter_of(day).year)
        assert (whole.start, whole.end) == (date(year, 4, 1), date(year + 1, 3, 31))
        assert half.start <= day <= half.end
