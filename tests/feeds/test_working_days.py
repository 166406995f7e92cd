"""Working days against the list that gov.uk publishes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from kcc_etl.intake.feeds.working_days import bank_holidays, is_working_day, working_day_before
from tests.tools import missing

PUBLISHED = Path(__file__).resolve().parents[3] / "shared/data/reference/bank-holidays_gov.uk_2012-2028.json"


@pytest.mark.parametrize("year", [2021, *range(2024, 2029)])
def test_bank_holidays_are_those_that_gov_uk_publishes(year: int) -> None:
    """2012, 2020, 2022 and 2023 had days proclaimed for a jubilee, an anniversary, a funeral, a coronation."""
    if not PUBLISHED.is_file():
        missing(f"{PUBLISHED} is not on this machine")
    events = json.loads(PUBLISHED.read_bytes())["england-and-wales"]["events"]
    published = {date.fromisoformat(event["date"]) for event in events}
    assert bank_holidays(year) == {day for day in published if day.year == year}


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 8, 28), True),
        (date(2026, 8, 29), False),
        (date(2026, 8, 30), False),
        (date(2026, 8, 31), False),
        (date(2026, 9, 1), True),
        (date(2026, 12, 28), False),
        (date(2027, 12, 28), False),
    ],
)
def test_a_working_day(day: date, works: bool) -> None:
    assert is_working_day(day) == works


def test_the_working_day_before_passes_over_weekends_and_holidays() -> None:
    assert working_day_before(date(2026, 9, 1)) == date(2026, 8, 28)
    assert working_day_before(date(2027, 1, 4)) == date(2026, 12, 31)
    assert working_day_before(date(2026, 8, 12)) == date(2026, 8, 11)
