"""The profile of a target over time: what is due by a day, and how a change of value moves it. Exact.

Does not belong here: frames of claims (`delivery`), how a target is reached (`proportion`).

Section 8.6 asks for a first contract quarter of nothing and equal shares for the rest, and for contract
targets split by days into the council's quarters, which are financial-year quarters. Both hold when a whole
financial quarter counts 1 and a part of one counts by its days: a contract of twelve full quarters has 5/11
due after six, whatever the lengths of its quarters in days. The first contract quarter is the financial
quarter the contract starts in, however few of its days are left.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from kcc_etl.domain.periods import next_quarter, quarter_of, quarters_in


def mobilised_on(start_on: date, end_on: date, mobilisation_quarters: int = 1) -> date:
    """The first day on which something falls due: the day after the mobilisation quarters.

    A contract that ends before they are over has everything due on its last day.
    """
    quarter = quarter_of(start_on)
    day = start_on
    for _ in range(mobilisation_quarters):
        day = next_quarter(quarter).start
        quarter = next_quarter(quarter)
    return min(day, end_on)


def due_to_date(
    agreed: Fraction, start_on: date, end_on: date, as_at: date, mobilisation_quarters: int = 1
) -> Fraction:
    """The part of the agreed quantity that is due by the end of the day `as_at`.

    Nothing until mobilisation is over, then in equal shares of a financial quarter, the whole at the end.
    Source: social-value policy parameters, section 8.6.
    """
    if as_at >= end_on:
        return agreed
    first = mobilised_on(start_on, end_on, mobilisation_quarters)
    if as_at < first:
        return Fraction(0)
    return agreed * quarters_in(first, as_at) / quarters_in(first, end_on)


def level_due(
    agreed: Fraction, start_on: date, end_on: date, as_at: date, mobilisation_quarters: int = 1
) -> Fraction:
    """The level that is due on a day: the whole of it once mobilised, for a level is never summed.

    Source: social-value policy parameters, section 8.9.
    """
    return agreed if as_at >= mobilised_on(start_on, end_on, mobilisation_quarters) else Fraction(0)


def value_change(
    original: Fraction, due: Fraction, remaining_old: Fraction | int, remaining_new: Fraction | int
) -> Fraction:
    """The target after a change of value: what is due stays, what is left moves with the remaining value.

    Twelve, 60/11 due, £3.0m remaining that becomes £4.5m: 168/11. Raises ValueError when nothing remained.
    Source: social-value policy parameters, section 8.6.
    """
    if remaining_old <= 0:
        raise ValueError("A target can only move with a remaining value above zero.")
    return due + (original - due) * Fraction(remaining_new) / Fraction(remaining_old)


def last_return_day(quarter_end: date, due_days: int) -> date:
    """The last day for the return of a quarter: `due_days` days after its end. Source: section 8.7."""
    return quarter_end + timedelta(days=due_days)
