"""Financial-year periods and lawful days."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kcc_etl.domain.periods import (
    is_period,
    is_quarter,
    latest_complete,
    latest_complete_quarter,
    longer_ids,
    parse_period,
    quarter_ids,
    quarter_of,
    quarters_between,
    quarters_in,
    years_in,
)


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "quarters"),
    [
        ("2026-27-Q1", "quarter", date(2026, 4, 1), date(2026, 6, 30), 1),
        ("2026-27-Q2", "quarter", date(2026, 7, 1), date(2026, 9, 30), 1),
        ("2026-27-Q4", "quarter", date(2027, 1, 1), date(2027, 3, 31), 1),
        ("2026-27-H1", "half", date(2026, 4, 1), date(2026, 9, 30), 2),
        ("2026-27-H2", "half", date(2026, 10, 1), date(2027, 3, 31), 2),
        ("2026-27", "year", date(2026, 4, 1), date(2027, 3, 31), 4),
        ("1999-00-Q3", "quarter", date(1999, 10, 1), date(1999, 12, 31), 1),
    ],
)
def test_a_period_has_the_first_and_last_day_of_its_part_of_the_financial_year(
    text, kind, start, end, quarters
):
    period = parse_period(text)
    assert (period.id, period.kind, period.start, period.end) == (text, kind, start, end)
    assert len(period.quarters) == quarters
    assert period.quarters[0].start == start
    assert period.quarters[-1].end == end


@pytest.mark.parametrize(
    "text",
    ["", "2026-28", "2026-27-Q5", "2026-27-H3", "2026/27", "Q2", "2026-27 Q2", "٢٠٢٦-27-Q1", "0001-02-Q1"],
)
def test_a_text_that_names_no_period_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"2026-27-Q2"):
        parse_period(text)


@pytest.mark.parametrize(
    ("as_of", "quarter", "half", "year"),
    [
        (date(2026, 11, 23), "2026-27-Q2", "2026-27-H1", "2025-26"),
        (date(2026, 9, 30), "2026-27-Q1", "2025-26-H2", "2025-26"),
        (date(2026, 10, 1), "2026-27-Q2", "2026-27-H1", "2025-26"),
        (date(2027, 3, 31), "2026-27-Q3", "2026-27-H1", "2025-26"),
        (date(2027, 4, 1), "2026-27-Q4", "2026-27-H2", "2026-27"),
    ],
)
def test_the_latest_complete_period_of_each_kind(as_of, quarter, half, year):
    kinds = {"quarter": quarter, "half": half, "year": year}
    assert {kind: latest_complete(as_of, kind).id for kind in kinds} == kinds


def test_halves_and_years_between_two_quarters_lie_whole_between_them():
    assert longer_ids("2024-25-Q1", "2025-26-Q4", "half") == (
        "2024-25-H1", "2024-25-H2", "2025-26-H1", "2025-26-H2",
    )  # fmt: skip
    assert longer_ids("2024-25-Q1", "2025-26-Q4", "year") == ("2024-25", "2025-26")
    assert longer_ids("2024-25-Q2", "2025-26-Q3", "half") == ("2024-25-H2", "2025-26-H1")
    assert longer_ids("2024-25-Q2", "2025-26-Q3", "year") == ()


@pytest.mark.parametrize(
    ("text", "period", "quarter"),
    [("2026-27-Q2", True, True), ("2026-27-H1", True, False), ("2026-27", True, False), ("x", False, False)],
)
def test_a_text_names_a_period_or_a_quarter_or_neither(text, period, quarter):
    assert (is_period(text), is_quarter(text)) == (period, quarter)


def test_the_latest_complete_quarter_is_over_when_the_day_begins():
    assert latest_complete_quarter(date(2026, 11, 23)).id == "2026-27-Q2"
    assert latest_complete_quarter(date(2026, 9, 30)).id == "2026-27-Q1"
    assert latest_complete_quarter(date(2026, 10, 1)).id == "2026-27-Q2"


def test_every_day_of_a_leap_year_is_in_the_quarter_that_holds_it():
    for ordinal in range(date(2028, 1, 1).toordinal(), date(2029, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        quarter = quarter_of(day)
        assert quarter.start <= day <= quarter.end
        assert parse_period(quarter.id) == quarter


def test_quarters_are_listed_from_first_to_last_day():
    found = [quarter.id for quarter in quarters_between(date(2026, 3, 31), date(2026, 7, 1))]
    assert found == ["2025-26-Q4", "2026-27-Q1", "2026-27-Q2"]
    assert quarters_between(date(2026, 7, 1), date(2026, 6, 30)) == ()
    assert quarter_ids("2026-27", "2027-28-Q1") == (
        "2026-27-Q1", "2026-27-Q2", "2026-27-Q3", "2026-27-Q4", "2027-28-Q1",
    )  # fmt: skip


def test_a_length_counts_whole_quarters_as_one_and_parts_by_their_days():
    assert quarters_in(date(2026, 4, 1), date(2029, 3, 31)) == 12
    assert quarters_in(date(2026, 2, 1), date(2027, 1, 31)) == 4
    assert quarters_in(date(2026, 7, 1), date(2026, 7, 23)) == Fraction(23, 92)
    assert quarters_in(date(2026, 7, 2), date(2026, 7, 1)) == 0


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(2026, 2, 13), date(2028, 2, 12), 2), (date(2027, 3, 1), date(2028, 2, 29), 1),
        (date(2026, 2, 13), date(2028, 2, 13), 2 + Fraction(1, 366)),
        (date(2027, 2, 28), date(2028, 2, 28), 1 + Fraction(1, 366)),
        (date(2028, 2, 29), date(2029, 2, 28), 1), (date(2028, 2, 29), date(2032, 2, 28), 4),
        (date(2028, 2, 29), date(2029, 3, 1), 1 + Fraction(1, 365)),
        (date(2026, 7, 1), date(2026, 7, 1), Fraction(1, 365)), (date(2026, 7, 2), date(2026, 7, 1), 0),
    ],
)  # fmt: skip
def test_a_length_in_years_counts_from_a_day_to_the_same_day_and_the_rest_by_its_days(start, end, years):
    assert years_in(start, end) == years
