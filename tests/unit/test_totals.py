"""Simple totals worked out again: which formulas are simple, what they come to, and what is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.intake.workbooks.book import Book, Facts, FormulaCell
from kcc_etl.intake.workbooks.totals import Budget, agrees, recompute

CELLS: dict[int, dict[int, str | int | float | bool]] = {
    1: {0: "Net", 1: "VAT"},
    2: {0: 0.1, 1: 2, 2: "n/a"},
    3: {0: 0.2, 1: 3, 2: "5"},
    4: {0: 0.3, 1: True, 2: "50%"},
}


def _value(text: str, shift: tuple[int, int] = (0, 0), budget: int = 1000) -> Decimal | None:
    book = Book("S", list(CELLS.items()), [], [(5, 0, "#REF!")], [], Facts())
    book.plain.append((5, {}))
    return recompute(book, FormulaCell(9, 0, text, shift), Budget(budget))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1+2", "3"),
        ("SUM(A2:A4)", "0.6"),
        ("sum( $A$2 : A4 )", "0.6"),
        ("SUM(A1:B3)", "5.3"),  # words count nothing in a sum
        ("SUM(C2:C2)", "0"),
        ("SUM(D2:D9)", "0"),
        ("A2*B2+A3*B3", "0.8"),
        ("(A2+A3)/B3-1", "-0.9"),
        ("-A2--B2", "1.9"),
        ("B2*1E2", "200"),
        ("A9+1", "1"),  # an empty cell is nought
        ("SUM(A2:A3)*2", "0.6"),
    ],
)
def test_a_simple_total_is_worked_out_exactly(text: str, value: str) -> None:
    exact = _value(text)
    assert exact is not None
    assert abs(exact - Decimal(value)) < Decimal("1e-30")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AVERAGE(A2:A4)",
        "SUM(A2,A3)",
        "SUM(A2:A4",
        "SUM(Sheet2!A2:A4)",
        "[1]Budget!A1+1",
        "A2^2",
        "A2&A3",
        "10%",
        "A1+1",  # words
        "C3+1",  # a number in words, which Excel would take
        "SUM(C2:C3)",
        "SUM(C4:C4)",
        "B4+1",  # yes or no
        "A5+1",  # an error
        "1/0",
        "IF(A2>1,1,2)",
        "Total2*2",
        "A2 A3",
        "(" * 60 + "1" + ")" * 60,
    ],
)
def test_anything_else_is_left_alone(text: str) -> None:
    assert _value(text) is None


def test_a_shared_formula_moves_with_its_cell_where_it_is_not_fixed() -> None:
    assert _value("A2+$A2+A$2", (1, 1)) == Decimal("3") + Decimal("0.2") + Decimal("2")
    assert _value("A1", (-1, 0)) is None


def test_a_column_of_running_sums_ends_at_the_budget() -> None:
    assert _value("SUM(A2:A4)", budget=3) == Decimal("0.6")
    assert _value("SUM(A2:A4)", budget=2) is None


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30))
def test_what_a_spreadsheet_stores_for_a_sum_agrees_with_the_exact_sum(numbers: list[float]) -> None:
    exact = sum(map(Decimal, map(repr, numbers)), Decimal(0))
    if abs(exact) > 1:
        assert agrees(sum(numbers), exact)
        assert not agrees(sum(numbers) + 0.01 * max(1, abs(sum(numbers))), exact)


def test_what_is_no_number_agrees_with_none() -> None:
    assert not agrees(float("inf"), Decimal(1))
