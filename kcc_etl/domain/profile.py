"""The profile of a target over time: what is due by a day, and how changes of a contract move it. Exact.

Does not belong here: which changes there were (`changes`), frames of claims (`delivery`), how a target is
reached (`proportion`).

Section 8.6 asks for a first contract quarter of nothing and equal shares for the rest, and for contract
targets split by days into the council's quarters, which are financial-year quarters. Both hold when a whole
financial quarter counts 1 and a part of one counts by its days: a contract of twelve full quarters has 5/11
due after six, whatever the lengths of its quarters in days. The first contract quarter is the financial
quarter the contract starts in, however few of its days are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache

from kcc_etl.domain.periods import first_year_to, next_quarter, quarter_of, quarters_in

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slice:
    """An amount that falls due evenly from the first day to the last, both included."""

    first: date
    last: date
    amount: Fraction

    def due(self, as_at: date) -> Fraction:
        """The part that is due by the end of a day."""
        if as_at >= self.last:
            return self.amount
        if as_at < self.first:
            return Fraction(0)
        return self.amount * _share(self.first, self.last, as_at)


@dataclass(frozen=True)
class Profile:
    """A target as the slices it falls due in; together they are the target."""

    slices: tuple[Slice, ...]

    @cached_property
    def total(self) -> Fraction:
        """The whole target."""
        return sum((part.amount for part in self.slices), Fraction(0))

    def due(self, as_at: date) -> Fraction:
        """What is due by the end of a day. Never falls as time goes on, and is the total in the end."""
        if len(self.slices) == 1:  # by far the most, and adding nothing to it costs as much as working it out
            return self.slices[0].due(as_at)
        return sum((part.due(as_at) for part in self.slices), Fraction(0))

    def valued_anew(self, first: date, ratio: Fraction) -> Profile:
        """What falls due from the day `first` on, times the ratio of the remaining values, new to old.

        `new = due + (original - due) x remaining_new / remaining_old`. Source: section 8.6.
        """
        parts: list[Slice] = []
        for before, after in _cut(self.slices, first):
            parts += before
            parts += [replace(part, amount=part.amount * ratio) for part in after]
        return Profile(tuple(parts))

    def extended(self, first: date, last: date, amount: Fraction) -> Profile:
        """With a further amount that falls due over an extension. Source: section 8.6."""
        return Profile((*self.slices, Slice(first, last, amount)))

    def planned_anew(self, first: date, rest: Profile) -> Profile:
        """What falls due before the day `first`, and from then on what the other profile has."""
        parts = [part for before, _ in _cut(self.slices, first) for part in before]
        return Profile((*parts, *rest.slices))

    def not_before(self, first: date) -> Profile:
        """The same amounts, none of them due before the day `first`."""
        moved = [
            replace(part, first=max(part.first, first), last=max(part.last, first)) for part in self.slices
        ]
        return Profile(tuple(moved))

    def ended(self, last: date) -> Profile:
        """Frozen at what is due by the end of the day `last`. Source: section 8.6."""
        parts = [part for before, _ in _cut(self.slices, last + _DAY) for part in before]
        return Profile(tuple(parts))


@lru_cache(maxsize=10_000)
def _share(first: date, last: date, as_at: date) -> Fraction:
    """Which part of the time from the first day to the last has gone by the end of a day of it."""
    return quarters_in(first, as_at) / quarters_in(first, last)


def _cut(slices: Sequence[Slice], first: date) -> Iterable[tuple[list[Slice], list[Slice]]]:
    """Each slice as what of it falls due before the day `first`, and what from then on."""
    for part in slices:
        if part.last < first:
            yield [part], []
        elif part.first >= first:
            yield [], [part]
        else:
            early = part.due(first - _DAY)
            yield (
                [replace(part, last=first - _DAY, amount=early)],
                [replace(part, first=first, amount=part.amount - early)],
            )


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


def even(quantity: Fraction, start_on: date, end_on: date, mobilisation_quarters: int = 1) -> Profile:
    """Nothing until mobilisation is over, then equal shares of a financial quarter, the whole at the end.

    Source: social-value policy parameters, section 8.6.
    """
    first = mobilised_on(start_on, end_on, mobilisation_quarters)
    return Profile((Slice(first, end_on, quantity),))


def after_baseline(quantity: Fraction, start_on: date, end_on: date) -> Profile:
    """Nothing in the first year, which sets the baseline, then evenly to the end. Source: section 8.4.

    A contract that ends before it is over has everything due on its last day.
    """
    return Profile((Slice(min(first_year_to(start_on) + _DAY, end_on), end_on, quantity),))


def level(quantity: Fraction, start_on: date, end_on: date, mobilisation_quarters: int = 1) -> Profile:
    """The whole of a level once mobilised, for a level is never summed. Source: section 8.9."""
    first = mobilised_on(start_on, end_on, mobilisation_quarters)
    return Profile((Slice(first, first, quantity),))


def by_milestones(
    quantity: Fraction, start_on: date, end_on: date, milestones: Iterable[tuple[date, Fraction]]
) -> Profile:
    """The amounts of the milestones on their days, in order, until the target is used up; the rest last.

    A day outside the contract counts as its first or last one. Source: section 8.6; compare Surrey.
    """
    parts: list[Slice] = []
    left = quantity
    for day, wanted in sorted(milestones):
        amount = min(wanted, left)
        due_on = min(max(day, start_on), end_on)
        parts.append(Slice(due_on, due_on, amount))
        left -= amount
    return Profile((*parts, Slice(end_on, end_on, left)))


def last_end_overdue(as_of: date, due_days: int) -> date:
    """The last day a quarter can have ended on whose return, due `due_days` days later, is overdue by a day.

    Source: section 8.7.
    """
    return as_of - timedelta(days=due_days + 1)
