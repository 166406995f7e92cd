"""Ledgers month by month: what a case of a few rows cannot show."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from checks.rules.outcome import Inputs, Outcome
from checks.rules.over_time import (
    MOST_DRIFT,
    amounts_are_as_before,
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
