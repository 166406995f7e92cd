"""Money: reading, splitting, rounding, showing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from kcc_etl.domain.money import (
    number_display,
    parse_pounds,
    percent_display,
    pounds_display,
    pounds_text,
    pounds_whole,
    round_half_up,
    split_exactly,
)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1250", 125000), ("£1,250.5", 125050), (" 1234.56 ", 123456), ("0", 0), ("-0.00", 0), ("007", 700),
        ("-12.00", -1200), ("(12.00)", -1200), ("12.00-", -1200), ("-£5", -500), ("£-5", -500),
        ("(£5)", -500), ("1 250", 125000), ("1\u00a0250\u202f000.5", 125000050), ("12.00 CR", -1200), ("12cr", -1200),
        ("12.00DR", 1200), ("CR 100", -10000), ("Cr£1.50", -150), ("DR 100", 10000), ("£(10.00)", -1000),
        ("GBP 100", 10000), ("gbp100", 10000), ("5 GBP", 500), ("GBP (5.00)", -500), ("5 GBP CR", -500),
        (".50", 50), ("-.5", -50), ("£.05", 5), ("100.", 10000), ("+100", 10000), ("£+1", 100),
        ("£ 1,000,000.10", 100000010), ("\u22125", -500), ("999,999,999,999.99", 99_999_999_999_999),
    ],
)  # fmt: skip
def test_pounds_become_pence(text, pence):
    assert parse_pounds(text) == pence


@pytest.mark.parametrize(
    "text",
    [
        "", "£", "-", "N/A", "TBC", "1.234", "1,25", "12,34,567", "1e5", ".", "£.", "--5", "+-5", "+5 CR", "CR -5", "CR 5 CR",
        "CR117", "DR2", "£(5", "£((5))", "(-5)", "-(5)", "-5-",
        "(5", "5)", "1 25", "1250 000", "1,250 000", "-5 CR", "5 C", "£12-3", "£25k", "1.2m", "٣", "NaN", "inf", "#REF!", "1,000,000,000,000", "$5",
        "GBP", "CR", "5 EUR", "EUR 5", "GBP 5 p", "500p", "1.234.567", "1'234", ".123", "9" * 5000,
    ],
)  # fmt: skip
def test_anything_else_is_unreadable_and_says_so(text):
    with pytest.raises(ValueError, match=r"pounds and pence such as 1250\.00"):
        parse_pounds(text)


@pytest.mark.parametrize(
    ("pence", "text", "display", "whole"),
    [
        (0, "0.00", "£0.00", "£0"),
        (123456, "1234.56", "£1,234.56", "£1,235"),
        (-5, "-0.05", "-£0.05", "£0"),
        (-150, "-1.50", "-£1.50", "-£2"),
        (123_456_789, "1234567.89", "£1,234,567.89", "£1,234,568"),
        (99_999_999, "999999.99", "£999,999.99", "£1,000,000"),
        (12_000_000_000, "120000000.00", "£120,000,000.00", "£120,000,000"),
        (150_000_000_000, "1500000000.00", "£1,500,000,000.00", "£1,500,000,000"),
    ],
)
def test_an_amount_is_shown_for_files_and_readers(pence, text, display, whole):
    assert pounds_text(pence) == text
    assert pounds_display(pence) == display
    assert pounds_whole(pence) == whole


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(27, 2), 0, "14"),  # social-value-policy.md 8.3: 13.5 must round to 14
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(-1, 3), 0, "0"),
        (Fraction(2675, 1000), 2, "2.68"),
        (Fraction(60, 11), 4, "5.4545"),
        (Fraction(168, 11), 4, "15.2727"),
    ],
)
def test_a_half_rounds_away_from_zero(value, places, expected):
    assert round_half_up(value, places) == Decimal(expected)
    assert str(round_half_up(value, places)) == expected


def test_numbers_and_shares_are_shown_without_idle_zeros():
    assert number_display(Fraction(27, 2)) == "13.5"
    assert number_display(Fraction(1200)) == "1,200"
    assert percent_display(Fraction(3, 8)) == "38%"
    assert percent_display(Fraction(1, 3), 1) == "33.3%"


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (14, [1, 1, 1], [5, 5, 4]),
        (1, [1, 1], [1, 0]),
        (0, [1, 2], [0, 0]),
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [Fraction(1, 3), Fraction(2, 3)], [3, 7]),
    ],
)
def test_a_whole_number_is_shared_by_the_largest_remainder(total, weights, shares):
    assert split_exactly(total, weights) == shares


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_nothing_can_be_shared_without_weights(weights):
    with pytest.raises(ValueError, match="weights"):
        split_exactly(1, weights)
