"""Rules on the ledgers month by month: months missing, thin or thick, amounts unlike those before.

All is a function of the ledgers in force, the day spoken about and the quarter of the spend file, not of what
an earlier night found.
Does not belong here: versions of one file (`version_changes`), single payments (`payments`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, booked
from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import parse_period

_LOOKED_BACK = 24
_BEFORE = 12
"""Months that a month is held against: a year has the same seasons."""
_FEWEST_MONTHS = 3
_FEWEST_STEPS = 2
_FEWEST_LINES = 20
"""Fewer lines a month in the middle are too few for a half or a double to say anything."""
THIN, THICK = (1, 2), (2, 1)
"""Lines of a month against the middle of the months before. Hyndburn, seven whole months of 2023 to 2025:
0.86 to 1.5 times the middle; Devon, January and March 2026: 1.35 times."""
MOST_DRIFT = 0.25
"""Population stability index of the amounts. Devon's months against the one before, 2011 to 2026: 0.009 to
0.053, and 0.125 across five years; a ledger in pence comes to more than 5. Read 23 November 2026."""
_MONTHLY = (3, 4)
"""The share of months that a monthly ledger has at least: one that lost a month is monthly all the same."""
_ENDED = 3
"""Months without a payment after which a ledger is taken to have ended."""
_AS_GOOD_AS_NONE = (1, 10)
"""Less than this share of the usual lines are strays. Hyndburn's files of a month, 2017 to 2025, hold 1 to 13
payments of another month beside 170 to 805 of their own."""
_FEWEST_AMOUNTS = 200
_SHARES = [n / 10 for n in range(1, 10)]
_LEAST_SHARE = 0.0001

Amounts: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
"""Amounts in pence, in any order."""


@dataclass(frozen=True)
class _Month:
    """One month of one source: its number since year 0, the position of its first line, its amounts."""

    source: str
    number: int
    place: int
    amounts: Amounts

    @property
    def name(self) -> str:
        """As people write it, such as 2026-04."""
        return _name(self.number)

    @property
    def lines(self) -> int:
        """Lines that have an amount."""
        return len(self.amounts)


def no_month_is_missing(inputs: Inputs) -> Outcome:
    """SP-040: between the first and the last month of a source payments keep its rhythm, two years back.

    The rhythm is the middle of the months from one with payments to the next, where half of them at least are
    that long: 1 of a ledger of every month, 3 of one a quarter. The first line after the gap is at fault; one
    outcome a month. Source: PUDL's row counts; hazards.md 2.2.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    since = _number(pd.Timestamp(inputs.as_of)) - _LOOKED_BACK
    outcome = _Answers(payments)
    for months in _by_source(payments):
        rhythm = _rhythm(months)
        for before, month in pairwise(months) if rhythm else ():
            missing = [n for n in range(before.number + rhythm, month.number, rhythm) if n >= since]
            first_and_last = dict.fromkeys(_name(number) for number in (*missing[:1], *missing[-1:]))
            outcome.say(month, not missing, "no payments in " + " to ".join(first_and_last))
    return outcome.made("no source has three months of payments in a rhythm")


def _rhythm(months: list[_Month]) -> int:
    """Months from one with payments to the next, as a source usually has them; 0 where it keeps no rhythm."""
    steps = sorted(month.number - before.number for before, month in pairwise(months))
    if len(steps) < _FEWEST_STEPS:
        return 0
    usual = steps[(len(steps) - 1) // 2]
    return usual if 2 * steps.count(usual) >= len(steps) else 0


def month_has_its_lines(inputs: Inputs) -> Outcome:
    """SP-041: a month has from half to twice the lines of the middle of up to twelve months before it.

    One outcome a whole month with three months before it, of 20 lines in the middle.
    Source: PUDL's row counts; hazards.md 2.2.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    outcome = _Answers(payments)
    for month, before in _held_against(payments, inputs):
        if len(before) < _FEWEST_MONTHS:
            continue
        counts = sorted(len(each.amounts) for each in before)
        middle = counts[len(counts) // 2]
        if middle < _FEWEST_LINES:
            continue
        lines = len(month.amounts)
        fine = middle * THIN[0] <= lines * THIN[1] and lines * THICK[1] <= middle * THICK[0]
        noun = "line" if lines == 1 else "lines"
        outcome.say(month, fine, f"{lines:,} {noun} in {month.name}, against {middle:,} a month before")
    return outcome.made("no source has four months of payments, 20 lines in the middle")


def amounts_are_as_before(inputs: Inputs) -> Outcome:
    """SP-042: the amounts of a month are spread as those of up to twelve months before it.

    By the population stability index over tenths of the amounts before, at most 0.25; one outcome a whole
    month of 200 lines with 200 before it. A month at fault is no measure of the next.
    Source: statistics beside the threshold; hazards.md 2.1.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    outcome = _Answers(payments)
    faulty: set[int] = set()
    for month, months in _held_against(payments, inputs):
        before = [each for each in months if each.place not in faulty]
        if min(len(month.amounts), sum(len(each.amounts) for each in before)) < _FEWEST_AMOUNTS:
            continue
        earlier = np.concatenate([each.amounts for each in before])
        drift = stability_index(earlier, month.amounts)
        if drift > MOST_DRIFT:
            faulty.add(month.place)
        middles = [int(np.median(values)) / 100 for values in (month.amounts, earlier)]
        told = "a stability index of {:.2f} in {}; the middle payment is £{:,.2f}, before it £{:,.2f}"
        outcome.say(month, drift <= MOST_DRIFT, told.format(drift, month.name, *middles))
    return outcome.made("no source has two months of 200 payments")


def stability_index(before: Amounts, now: Amounts) -> float:
    """How unlike two sets of amounts are: 0 when tenths of the one are tenths of the other, 0.25 is much."""
    ordered = np.sort(before)
    edges = np.quantile(ordered, _SHARES)
    expected, actual = _shares(ordered, edges), _shares(np.sort(now), edges)
    return sum((b - a) * log(b / a) for a, b in zip(expected, actual, strict=True))


def _shares(ordered: Amounts, edges: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    """The share of the amounts between each two edges, at least a ten-thousandth."""
    up_to = np.searchsorted(ordered, edges, side="right")
    counts = np.diff(up_to, prepend=0, append=len(ordered))
    return [max(int(count) / len(ordered), _LEAST_SHARE) for count in counts]


def every_month_has_come(inputs: Inputs) -> Outcome:
    """PB-024: a ledger of every month has payments in each month of the quarter that has ended.

    One outcome a ledger, on the first line of the last month before the gap. A ledger is of every month when
    in the year before the quarter it has three months at least, of 20 lines in the middle, and three in four
    since its first, and has not ended. A month with less than a tenth of those lines is missing; not one that
    was quiet a year before too. A quarter without any payment is rule PB-007's.
    Source: Oxford's file of January to March 2018, which holds January alone; hazards.md 2.2.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    outcome = _Answers(payments)
    quarter = booked(inputs, keys.OUT_SPEND)
    if not quarter:
        return outcome.made("no quarter is booked")
    period = parse_period(quarter)
    span = _number(pd.Timestamp(period.start)), _number(pd.Timestamp(period.end))
    ledgers = list(_by_source(payments))
    if not any(_within(months, *span) for months in ledgers):
        return outcome.made("the quarter has no payment")
    whole = range(span[0], min(span[1], _number(pd.Timestamp(inputs.as_of)) - 1) + 1)
    for months in ledgers:
        usual = _usual_lines(months, *span)
        if not usual or not whole:
            continue
        lines = {month.number: month.lines for month in months}
        there = {n for n in lines if lines[n] * _AS_GOOD_AS_NONE[1] >= usual * _AS_GOOD_AS_NONE[0]}
        gone = [n for n in whole if n not in there and not _quiet_a_year_before(n, there)]
        until = (gone or whole)[0]
        last = [month for month in months if month.number in there and month.number < until][-1]
        count = sum(lines.get(number, 0) for number in gone)
        counted = f"{count:,} payment{'s' * (count != 1)}" if count else "no payments"
        found = f"{counted} of {last.source} in {_in_words(gone)}"
        found += f"; {_in_words([last.number])} had {last.lines:,}"
        outcome.say(last, not gone, found, f"{last.source} {', '.join(map(_name, gone))}")
    return outcome.made("no ledger has payments every month before the quarter, 20 lines in the middle")


def _usual_lines(months: list[_Month], first: int, last: int) -> int:
    """Lines of the middle month of the year before `first`, of a ledger of every month; 0 of another."""
    before = _within(months, first - _BEFORE, first - 1)
    if len(before) < _FEWEST_MONTHS or not _within(months, first - _ENDED, last):
        return 0
    if len(before) * _MONTHLY[1] < (first - before[0].number) * _MONTHLY[0]:
        return 0
    counts = sorted(month.lines for month in before)
    middle = counts[len(counts) // 2]
    return middle if middle >= _FEWEST_LINES else 0


def _within(months: list[_Month], first: int, last: int) -> list[_Month]:
    return [month for month in months if first <= month.number <= last]


def _quiet_a_year_before(number: int, there: set[int]) -> bool:
    """Whether a ledger paused for a month or two a year before, such as schools in August.

    A longer gap is no habit: a file of that quarter was missing.
    """
    before = number - _BEFORE
    pauses = {before - 1, before + 2}, {before - 2, before + 1}
    return before not in there and any(ends <= there for ends in pauses)


class _Answers:
    """One answer a month, on its first line."""

    def __init__(self, payments: pd.DataFrame) -> None:
        self._ok = pd.Series(pd.NA, index=payments.index, dtype="boolean")
        self._found = pd.Series("", index=payments.index, dtype=object)
        self._subject = pd.Series("", index=payments.index, dtype=object)

    def say(self, month: _Month, fine: bool, found: str, subject: str = "") -> None:
        """What is to be said of a month, or on its line of another `subject`."""
        self._ok.iloc[month.place], self._found.iloc[month.place] = fine, found
        self._subject.iloc[month.place] = subject or f"{month.source} {month.name}"

    def made(self, reason: str) -> Outcome:
        """The outcome, on the payments; `reason` says why nothing applied."""
        field = pd.Series("paid_on", index=self._ok.index, dtype=object)
        return Outcome(
            self._ok,
            on=keys.CORE_PAYMENT,
            found=self._found,
            field=field,
            subject=self._subject,
            reason=reason,
        )


def _held_against(payments: pd.DataFrame, inputs: Inputs) -> Iterator[tuple[_Month, list[_Month]]]:
    """Every whole month with the months of the year before it."""
    today = _number(pd.Timestamp(inputs.as_of))
    for months in _by_source(payments):
        for place, month in enumerate(months):
            if month.number < today:
                before = [each for each in months[:place] if month.number - each.number <= _BEFORE]
                yield month, before


def _by_source(payments: pd.DataFrame) -> Iterator[list[_Month]]:
    """The months of each source in order."""
    paid = payments["paid_on"]
    frame = pd.DataFrame(
        {
            "source": payments["source_name"],
            "number": paid.dt.year * 12 + paid.dt.month - 1,
            "place": range(len(payments)),
            "amount": payments["amount_ex_vat_pence"],
        }
    )
    months: dict[str, list[_Month]] = {}
    for _, lines in frame.groupby(["source", "number"], sort=True):
        first = lines.iloc[0]
        amounts = lines["amount"].dropna().to_numpy(dtype=np.int64)
        month = _Month(str(first["source"]), int(first["number"]), int(first["place"]), amounts)
        months.setdefault(month.source, []).append(month)
    yield from months.values()


def _number(day: pd.Timestamp) -> int:
    return day.year * 12 + day.month - 1


def _name(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def _in_words(numbers: list[int]) -> str:
    """Months as in a sentence, such as July 2026, August 2026 and September 2026."""
    names = [f"{date(number // 12, number % 12 + 1, 1):%B %Y}" for number in numbers]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


JUDGES: dict[str, Judge] = {
    "PB-024": every_month_has_come,
    "SP-040": no_month_is_missing,
    "SP-041": month_has_its_lines,
    "SP-042": amounts_are_as_before,
}
