"""What a message says should stand in a cell that could not be read."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.intake.cells.explain import EXPECTED, expected
from kcc_etl.intake.cells.values import Cell, ErrorCell
from kcc_etl.schema.fields import FieldType


@pytest.mark.parametrize(
    ("cell", "kind", "says"),
    [
        ("£25k", "pence", "25000, if that is the amount"),
        ("1.2m", "pence", "1200000, if"),
        ("£3.5 million", "pence", "3500000, if"),
        ("1E5", "pence", "not as 1E5"),
        ("12.345,67", "pence", "12345.67, with a point"),
        ("1,5", "pence", "1.50, with a point"),
        ("1.234.567", "pence", "1234567, with nothing or a comma"),
        ("1'234", "pence", "1234, with nothing or a comma"),
        ("£1\u2019234\u2019567.50", "pence", "1234567.50, with nothing"),
        ("500p", "pence", "5.00, in pounds"),
        ("-1,205 pence", "pence", "-12.05, in pounds"),
        ("12%", "pence", "not a percentage"),
        ("CHF 5", "pence", "in pounds"),
        ("please try later", "pence", "0.00 when it is nothing"),
        ("$5", "pence", "in pounds"),
        ("568.2113", "pence", "two decimals at most"),  # Devon, April 2011
        ("TBC", "pence", "0.00 when it is nothing"),
        ("-", "pence", "0.00 when it is nothing"),  # Salford register
        ("see notes", "pence", "such as 1250.00"),
        ("١٢", "pence", "12, in the digits 0 to 9"),
        ("１２.５", "pence", "12.5, in the digits 0 to 9"),
        (ErrorCell("#REF!"), "pence", "the cell shows #REF!"),
        (datetime(2026, 1, 1), "pence", "formatted as a date"),
        ("45291", "date", "2023-12-31, if that day is meant"),
        (45291.0, "date", "2023-12-31, if that day is meant"),
        ("46266.75", "date", "2026-09-01, if that day is meant"),
        (46266.75, "date", "2026-09-01, if that day is meant"),
        ("2026-9-31", "date", "September 2026 has 30 days"),
        ("17/02/21", "date", "17/02/2021, with four digits"),  # Hyndburn, March 2021
        ("28-Sep-20", "date", "28/09/2020, with four digits"),
        ("11/23/2026", "date", "23/11/2026, the day before the month"),
        ("31/02/2026", "date", "February 2026 has 28 days"),
        ("2022-09-31", "date", "September 2022 has 30 days"),  # Salford register
        ("00:00:00", "date", "not a time of day"),
        ("20261123", "date", "2026-11-23, if"),
        ("0001-01-01", "date", "from the year 1900"),
        ("２６/１１/２０２６", "date", "26/11/2026, in the digits"),
        ("TBC", "date", EXPECTED["date"]),
        ("99/99/9999", "date", EXPECTED["date"]),
        ("12 hours", "exact", "the number alone, such as 12"),
        ("£1,200", "exact", "the number alone, such as 1,200"),
        ("25k", "exact", "such as 25000"),
        ("about ten", "exact", "0 when it is nothing"),
        ("1e3", "exact", "written out"),
        ("3 or 4", "exact", EXPECTED["exact"]),
        ("-3", "exact", EXPECTED["exact"]),
        ("Various", "boolean", "Yes or No"),
    ],
)
def test_the_likely_value_is_named(cell: Cell, kind: FieldType, says: str) -> None:
    assert says in expected(cell, kind)


@given(
    st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.booleans(), st.datetimes()),
    st.sampled_from(sorted(EXPECTED)),
)
def test_no_cell_makes_an_explanation_fail_or_be_empty(cell: Cell, kind: FieldType) -> None:
    assert expected(cell, kind)


@given(
    st.text(st.sampled_from("0123456789/-.: kmEe,£%"), max_size=12),
    st.sampled_from(["pence", "date", "exact"]),
)
def test_no_near_number_makes_an_explanation_fail(text: str, kind: FieldType) -> None:
    assert expected(text, kind)
