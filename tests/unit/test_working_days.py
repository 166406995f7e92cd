"""Working days of the law against tables written out by hand, and what gov.uk publishes."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from kcc_etl.domain.working_days import (
    PARTS,
    bank_holidays,
    is_working_day,
    last_day_to_begin,
    working_day_before,
)
from tests.tools import needs_data

EVERY_DAY = [date(2020, 1, 1) + timedelta(days=n) for n in range(3_653)]

# month-day of every bank holiday, by hand from the almanac: E England and Wales, S Scotland, N Northern Ireland
BY_HAND = {
    2020: {"E": "1-1 4-10 4-13 5-8 5-25 8-31 12-25 12-28", "S": "1-1 1-2 4-10 5-8 5-25 8-3 11-30 12-25 12-28", "N": "1-1 3-17 4-10 4-13 5-8 5-25 7-13 8-31 12-25 12-28"},
    2021: {"E": "1-1 4-2 4-5 5-3 5-31 8-30 12-27 12-28", "S": "1-1 1-4 4-2 5-3 5-31 8-2 11-30 12-27 12-28", "N": "1-1 3-17 4-2 4-5 5-3 5-31 7-12 8-30 12-27 12-28"},
    2022: {"E": "1-3 4-15 4-18 5-2 6-2 6-3 8-29 9-19 12-26 12-27", "S": "1-3 1-4 4-15 5-2 6-2 6-3 8-1 9-19 11-30 12-26 12-27", "N": "1-3 3-17 4-15 4-18 5-2 6-2 6-3 7-12 8-29 9-19 12-26 12-27"},
    2023: {"E": "1-2 4-7 4-10 5-1 5-8 5-29 8-28 12-25 12-26", "S": "1-2 1-3 4-7 5-1 5-8 5-29 8-7 11-30 12-25 12-26", "N": "1-2 3-17 4-7 4-10 5-1 5-8 5-29 7-12 8-28 12-25 12-26"},
    2026: {"E": "1-1 4-3 4-6 5-4 5-25 8-31 12-25 12-28", "S": "1-1 1-2 4-3 5-4 5-25 6-15 8-3 11-30 12-25 12-28", "N": "1-1 3-17 4-3 4-6 5-4 5-25 7-13 8-31 12-25 12-28"},
    2029: {"E": "1-1 3-30 4-2 5-7 5-28 8-27 12-25 12-26", "S": "1-1 1-2 3-30 5-7 5-28 8-6 11-30 12-25 12-26", "N": "1-1 3-19 3-30 4-2 5-7 5-28 7-12 8-27 12-25 12-26"},
}  # fmt: skip
LETTERS = {"E": "england", "S": "scotland", "N": "northern ireland"}
GOOD_FRIDAYS = "2020-04-10 2021-04-02 2022-04-15 2023-04-07 2024-03-29 2025-04-18 2026-04-03 2027-03-26 2028-04-14 2029-03-30"


@pytest.mark.parametrize("year", BY_HAND)
@pytest.mark.parametrize("letter", LETTERS)
def test_bank_holidays_are_those_written_out_by_hand(year, letter):
    expected = {date(year, *map(int, day.split("-"))) for day in BY_HAND[year][letter].split()}
    assert bank_holidays(year, LETTERS[letter]) == expected


@pytest.mark.parametrize(
    ("name", "part"),
    [("england-and-wales", "england"), ("scotland", "scotland"), ("northern-ireland", "northern ireland")],
)
def test_bank_holidays_are_those_that_gov_uk_publishes(name, part):
    events = json.loads(needs_data("reference/bank-holidays_gov.uk_2012-2028.json").read_bytes())[name][
        "events"
    ]
    published = {date.fromisoformat(event["date"]) for event in events}
    ours = {day for year in range(2012, 2029) for day in bank_holidays(year, part)}
    # Proclaimed on 3 February 2026, after this copy of the page was taken.
    since = {date(2026, 6, 15)} if part == "scotland" else set()
    assert ours == published | since


@pytest.mark.parametrize("friday", GOOD_FRIDAYS.split())
def test_good_friday_is_kept_everywhere_and_easter_monday_not_in_scotland(friday):
    day = date.fromisoformat(friday)
    monday = day + timedelta(days=3)
    assert all(day in bank_holidays(day.year, part) for part in PARTS)
    assert [monday in bank_holidays(day.year, part) for part in PARTS] == [True, False, True]


def test_every_day_of_ten_years_is_a_working_day_unless_any_part_of_the_kingdom_rests():
    for day in EVERY_DAY:
        rests = day.weekday() > 4 or any(day in bank_holidays(day.year, part) for part in PARTS)
        assert is_working_day(day) is not rests
    assert sum(map(is_working_day, EVERY_DAY)) < sum(is_working_day(day, ("england",)) for day in EVERY_DAY)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 6, 1), date(2026, 6, 10)),  # Monday to Wednesday of the next week
        (date(2026, 6, 6), date(2026, 6, 18)),  # a Saturday does not count, nor 15 June in Scotland
        (date(2026, 3, 30), date(2026, 4, 10)),  # Good Friday and Easter Monday
        (date(2026, 3, 16), date(2026, 3, 26)),  # St Patrick's Day rests in Northern Ireland alone
        (date(2026, 7, 6), date(2026, 7, 16)),  # 13 July, in place of Sunday 12 July
        (date(2026, 11, 25), date(2026, 12, 7)),  # St Andrew's Day
        (
            date(2026, 12, 21),
            date(2027, 1, 5),
        ),  # Christmas, New Year, 2 January (4 January 2027 in its place)
        (date(2022, 9, 12), date(2022, 9, 22)),  # the funeral of 19 September 2022
        (date(2023, 5, 2), date(2023, 5, 12)),  # the coronation of 8 May 2023
        (date(2022, 5, 30), date(2022, 6, 10)),  # the jubilee
        (date(2026, 8, 3), date(2026, 8, 13)),  # Scotland's summer holiday is the first day
        (date(2026, 8, 24), date(2026, 9, 3)),
    ],
)
def test_a_standstill_of_eight_working_days(first, last):
    """On the day after the last working day of the standstill the contract may be entered into, no earlier."""
    counted = [day for day in _days_from(first, 30) if is_working_day(day)]
    assert counted[7] == last
    assert last_day_to_begin(last + timedelta(days=1), 8) == counted[0]
    assert last_day_to_begin(last, 8) < first


def test_the_standstill_is_over_before_the_event_and_a_day_later_it_is_not():
    for event in EVERY_DAY[60:]:
        begin = last_day_to_begin(event, 8)
        assert sum(map(is_working_day, _days_from(begin, (event - begin).days))) == 8
        assert is_working_day(begin)


def _days_from(first, number):
    return [first + timedelta(days=n) for n in range(number)]


def test_the_working_day_before_passes_over_what_any_part_rests():
    assert working_day_before(date(2026, 12, 1)) == date(2026, 11, 27)
    assert working_day_before(date(2026, 12, 1), ("england",)) == date(2026, 11, 30)
    assert working_day_before(date(2027, 1, 5)) == date(2026, 12, 31)
