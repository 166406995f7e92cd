"""Cell grammars, case by case."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.intake.cells.values import (
    Cell,
    ErrorCell,
    Unreadable,
    as_arrived,
    is_empty,
    read_boolean,
    read_date,
    read_integer,
    read_number,
    read_pence,
    read_text,
    whole_pence,
)

BAD = Unreadable.CELL


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1250", 125000),
        ("1,250.50", 125050),
        ("£1,250.5", 125050),
        (" 504.00 ", 50400),  # Devon, January 2026
        ("-438.80", -43880),  # Calderdale, August 2022
        ("(438.80)", -43880),
        ("438.80-", -43880),
        ("631.1899999999999", 63119),  # Devon, November 2020
        ("568.2113", BAD),  # Devon, April 2011
        ("6.82121E-13", BAD),  # Devon, December 2011
        ("1.250", BAD),
        ("1 000.50", 100050),
        ("504.00 CR", -50400),
        ("£25k", BAD),
        ("1.2m", BAD),
        ("１２", BAD),
        ("nil", BAD),
        ("1E5", BAD),
        ("-", BAD),  # Salford register
        ("TBC", BAD),
        ("12%", BAD),
        ("١٢", BAD),
        ("N/A", None),  # Calderdale, irrecoverable VAT
        ("", None),
        ("  ", None),
        ("\u00a0", None),
        (None, None),
        (5015.2, 501520),
        (0.1 + 0.2, 30),
        (1250.005, BAD),
        (1250, 125000),
        (True, BAD),
        (1e300, BAD),
        (10**13, BAD),
        (float("inf"), BAD),
        (float("nan"), BAD),
        (ErrorCell("#REF!"), BAD),
        (datetime(2026, 1, 1), BAD),
    ],
)
def test_money_is_whole_pence_or_nothing_or_unreadable(cell: Cell, expected: object) -> None:
    assert read_pence(cell) == expected


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_every_amount_written_by_excel_as_a_binary_number_comes_back(pence: int) -> None:
    if abs(pence) < 10**12:
        assert read_pence(pence / 100) == pence
    assert read_pence(f"{Decimal(pence) / 100:.2f}") == pence


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_no_cell_makes_a_grammar_raise(cell: Cell) -> None:
    for read in (
        read_pence,
        read_date,
        read_boolean,
        read_number,
        read_integer,
        read_text,
        is_empty,
        as_arrived,
    ):
        read(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-9-1", date(2026, 9, 1)),
        ("2026-9-31", BAD),
        ("2026-9-1T00:00:00Z", BAD),
        ("2017-04-03 00:00:00", date(2017, 4, 3)),  # Devon, April 2017
        ("2026-11-23T10:00", date(2026, 11, 23)),
        ("12/01/2011", date(2011, 1, 12)),  # Devon, January 2011
        ("1/4/2026", date(2026, 4, 1)),
        ("23-Nov-2026", date(2026, 11, 23)),
        ("3 September 2026", date(2026, 9, 3)),
        ("3-Sept-2026", date(2026, 9, 3)),
        ("3rd September 2026", date(2026, 9, 3)),
        ("23.11.2026", date(2026, 11, 23)),
        ("23-11-2026", date(2026, 11, 23)),
        ("23-11.2026", BAD),
        ("2026-03-31T23:30:00Z", date(2026, 4, 1)),  # half past midnight in Kent: the next financial year
        ("2026-12-31T23:30:00Z", date(2026, 12, 31)),
        ("2026-11-23T00:30:00+01:00", date(2026, 11, 22)),
        ("2026-06-30T23:00:00Z", date(2026, 7, 1)),
        ("2026-07-31T00:00:00+01:00", date(2026, 7, 31)),
        ("2027-07-31T23:59:59+01:00", date(2027, 7, 31)),
        ("2027-07-31T23:59:59Z", date(2027, 7, 31)),  # 075960-2026
        ("2027-07-31T23:59:59.999+00:00", date(2027, 7, 31)),
        ("2027-07-31T23:59:58Z", date(2027, 8, 1)),
        ("2026-11-23T25:00:00Z", BAD),
        ("17/02/21", BAD),  # Hyndburn, March 2021
        ("28-Sep-20", BAD),  # Hyndburn, September 2020
        ("45291", BAD),
        ("00:00:00", BAD),  # Oxford, June 2014
        (datetime(2026, 11, 23, 14, 0), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 23)),
        ("31/02/2026", BAD),
        ("2022-09-31", BAD),  # Salford register
        ("13/13/2026", BAD),
        ("11/23/2026", BAD),
        ("TBC", BAD),
        ("23-Foo-2026", BAD),
        ("20261123", BAD),
        (45000, BAD),
        (time(10, 0), BAD),
        ("0001-01-01", BAD),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_read_day_before_month(cell: Cell, expected: object) -> None:
    assert read_date(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Yes", True),
        ("y", True),
        ("TRUE", True),
        (1, True),
        (1.0, True),
        ("No", False),
        ("0", False),
        (False, False),
        ("", None),
        (None, None),
        ("Noo", BAD),
        ("Various", BAD),
        (2, BAD),
        (ErrorCell("#N/A"), BAD),
    ],
)
def test_yes_and_no(cell: Cell, expected: object) -> None:
    assert read_boolean(cell) is expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12.5", Fraction(25, 2)),
        (12.5, Fraction(25, 2)),
        (0.1, Fraction(1, 10)),
        ("1,204", Fraction(1204)),
        ("1 204", Fraction(1204)),
        ("12 04", BAD),
        (".5", Fraction(1, 2)),
        ("-3", Fraction(-3)),
        (7, Fraction(7)),
        (1e22, Fraction(10**22)),
        ("", None),
        ("12 hours", BAD),
        ("12%", BAD),
        ("1e3", BAD),
        ("1/3", BAD),
        (True, BAD),
        ("TBC", BAD),
        ("9" * 50, BAD),
    ],
)
def test_a_number_is_exact_and_has_no_words(cell: Cell, expected: object) -> None:
    assert read_number(cell) == expected


def test_a_per_cent_sign_is_allowed_only_where_a_percentage_is_asked_for() -> None:
    assert read_number("50%", percent=True) == 50
    assert read_number("50 %", percent=True) == 50


@pytest.mark.parametrize(
    ("cell", "expected"), [("3", 3), (3.0, 3), (2.5, BAD), ("high", BAD), ("", None), ("9" * 30, BAD)]
)
def test_a_whole_number(cell: Cell, expected: object) -> None:
    assert read_integer(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" S1417 ", "S1417"),
        ("NA", "NA"),
        ("None", "None"),
        (2535986.0, "2535986"),
        (2535986, "2535986"),
        ("", None),
        (datetime(2026, 1, 2), "2026-01-02"),
        ("\u200bA\ufeff", "A"),
        ("a\x00b", "ab"),
        (ErrorCell("#REF!"), BAD),
    ],
)
def test_words_are_stripped_and_kept(cell: Cell, expected: object) -> None:
    assert read_text(cell) == expected


def test_an_infinite_amount_is_unreadable() -> None:
    assert whole_pence(Decimal("1e9999")) is BAD
    assert whole_pence(Decimal("NaN")) is BAD
    assert whole_pence(Decimal("1017436.2")) == 101743620
