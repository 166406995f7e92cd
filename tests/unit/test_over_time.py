"""Ledgers month by month: what a case of a few rows cannot show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from checks.rules.outcome import Inputs, Outcome
from checks.rules.over_time import (
    MOST_DRIFT,
    amounts_are_as_before,
    every_month_has_come,
    month_has_its_lines,
    no_month_is_missing,
    stability_index,
)
from kcc_etl import asset_keys as keys
from tests.unit.check_cases import parameters

EVEN = pd.Series(range(1_000, 3_000, 10), dtype="Int64")


def answers(outcome: Outcome) -> list[bool]:
    return [bool(answer) for answer in outcome.ok if not pd.isna(answer)]


def ledger(*months: tuple[str, pd.Series]) -> Inputs:
    """A source with the amounts of each month, all paid on its first day."""
    parts = [
        pd.DataFrame(
            {"source_name": "ledger", "paid_on": pd.Timestamp(f"{month}-01"), "amount_ex_vat_pence": amounts}
        )
        for month, amounts in months
    ]
    frame = pd.concat(parts, ignore_index=True)
    return Inputs({keys.CORE_PAYMENT: frame}, date(2026, 11, 23), parameters())


def test_like_amounts_have_no_drift_and_pence_for_pounds_has_much() -> None:
    even = EVEN.to_numpy()
    assert stability_index(even, even) == pytest.approx(0, abs=0.001)
    assert stability_index(even, even * 100) > 5
    assert stability_index(even, even + 100) < MOST_DRIFT


def test_a_month_in_pence_is_no_measure_of_the_next() -> None:
    inputs = ledger(("2026-04", EVEN), ("2026-05", EVEN * 100), ("2026-06", EVEN), ("2026-07", EVEN))
    assert answers(amounts_are_as_before(inputs)) == [False, True, True]


def test_the_month_that_runs_is_not_judged_yet() -> None:
    few = EVEN.head(3)
    inputs = ledger(*((f"2026-{month:02d}", EVEN) for month in range(7, 11)), ("2026-11", few))
    assert answers(month_has_its_lines(inputs)) == [True]


def test_a_gap_names_its_first_and_last_month() -> None:
    one = EVEN.head(1)
    months = ("2025-10", "2025-11", "2025-12", "2026-01", "2026-05", "2026-07")
    outcome = no_month_is_missing(ledger(*((month, one) for month in months)))
    assert outcome.found is not None
    at_fault = (~outcome.ok).fillna(False).astype(bool)
    assert outcome.found[at_fault].tolist() == [
        "no payments in 2026-02 to 2026-04",
        "no payments in 2026-06",
    ]


def test_a_gap_of_more_than_two_years_ago_is_left_alone() -> None:
    one = EVEN.head(1)
    assert answers(no_month_is_missing(ledger(*((f"2022-{month:02d}", one) for month in (1, 2, 6))))) == [
        True,
        True,
    ]


YEAR = [f"{number // 12}-{number % 12 + 1:02d}" for number in range(2025 * 12 + 6, 2026 * 12 + 6)]
"""The twelve months before the quarter, July 2025 to June 2026."""


def missing(*months: str, on: date = date(2026, 11, 23), lines: int = 30) -> list[str]:
    """What is said of 2026-27-Q2 when a ledger has so many lines in each of some months."""
    inputs = ledger(*((month, EVEN.head(lines)) for month in months))
    inputs = replace(inputs, as_of=on, periods={keys.OUT_SPEND: "2026-27-Q2"})
    outcome = every_month_has_come(inputs)
    assert outcome.found is not None
    assert outcome.ok.isna().all() or len(answers(outcome)) == 1, "one answer a source"
    return [text for text, ok in zip(outcome.found, outcome.ok, strict=True) if ok is not pd.NA and not ok]


def test_months_that_never_came_are_named_with_what_the_last_one_had() -> None:
    assert missing(*YEAR, "2026-07") == [
        "no payments of ledger in August 2026 and September 2026; July 2026 had 30"
    ]
    assert missing(*YEAR, "2026-08") == [
        "no payments of ledger in July 2026 and September 2026; June 2026 had 30"
    ]
    assert missing(*YEAR, "2026-07", "2026-08", "2026-09") == []


@pytest.mark.parametrize(
    ("months", "why"),
    [
        (("2026-07",), "new in the quarter"),
        (("2026-05", "2026-06", "2026-07"), "two months are no habit"),
        (("2025-10", "2026-01", "2026-04", "2026-07"), "one a quarter"),
        (("2025-07", "2025-09", "2025-11", "2026-01", "2026-03", "2026-05", "2026-07"), "one in two months"),
        ((*YEAR[:1], *YEAR[2:], "2026-07", "2026-09"), "none in August of the year before either"),
        (("2025-06", *YEAR[2:], "2026-09"), "none in July and August of the year before either"),
        ((*YEAR,), "none of the quarter has come at all: rule PB-007"),
    ],
)
def test_a_ledger_without_the_habit_is_not_missed(months: tuple[str, ...], why: str) -> None:
    assert missing(*months) == [], why


def test_a_month_that_another_gap_hides_is_missed_all_the_same() -> None:
    assert missing(*YEAR[:10], "2026-07"), "the quarter before lacks two months"
    assert missing(*YEAR[:5], *YEAR[6:], "2026-07", "2026-08"), "one was missing in December"


def test_a_quarter_that_was_missing_a_year_before_is_no_habit() -> None:
    assert missing("2025-05", "2025-06", *YEAR[3:], "2026-07") == [
        "no payments of ledger in August 2026 and September 2026; July 2026 had 30"
    ]


def test_a_month_that_has_not_ended_or_a_small_ledger_is_not_missed() -> None:
    assert missing(*YEAR, "2026-07", on=date(2026, 8, 31)) == []
    assert missing(*YEAR, "2026-07", on=date(2026, 9, 1)) == [
        "no payments of ledger in August 2026; July 2026 had 30"
    ]
    assert missing(*YEAR, "2026-07", lines=19) == []


@pytest.mark.parametrize(("months", "found"), [(YEAR, [False]), (YEAR[:10], [False]), (YEAR[:9], [])])
def test_a_ledger_of_which_nothing_came_is_missed_where_another_has_come_unless_it_ended_long_before(
    months: list[str], found: list[bool]
) -> None:
    inputs = ledger(*((month, EVEN.head(30)) for month in months))
    payments = inputs.frames[keys.CORE_PAYMENT]
    other = payments.head(1).assign(source_name="cards", paid_on=pd.Timestamp("2026-07-05"))
    both = pd.concat([payments, other], ignore_index=True)
    inputs = replace(inputs, frames={keys.CORE_PAYMENT: both}, periods={keys.OUT_SPEND: "2026-27-Q2"})
    outcome = every_month_has_come(inputs)
    assert answers(outcome) == found
    assert outcome.subject is not None
    assert set(outcome.subject) == {"", *["ledger 2026-07, 2026-08, 2026-09"] * len(found)}
