"""Rules on the outcomes as they are about to be published, worked out anew from what they were made of.

Does not belong here: which counts are left out (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged, of_whole
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import number_display
from kcc_etl.domain.periods import parse_period, quarters_between
from kcc_etl.domain.seen_counts import COUNTS

_DELIVERED = ["claimed", "evidenced", "verified"]
_SHOWN = 3


def performance_is_published_without_small_counts(inputs: Inputs) -> Outcome:
    """PB-050: every target is published as it stands, but counts of people that are small are left out.

    One outcome a published row; a row whose counts are left out says so. A target that is missing among them,
    or published twice, is at fault in the row beside it. People's time to date may be that of the same people
    in every quarter since the contract began, or since the first claim of any. Source: social-value policy
    parameters, section 8.7.
    """
    published, figures = inputs.frames[keys.OUT_DISCLOSED], inputs.frames[keys.OUT_PERFORMANCE]
    key = ["period", "contract_ref", "measure_code"]
    truth = {tuple(row[name] for name in key): row for row in figures.to_dict("records")}
    counted_for = _quarters_counted(inputs)
    found = [
        _fault(inputs, row, truth.get(tuple(row[name] for name in key)), counted_for(row))
        for row in published.to_dict("records")
    ]
    missing = len(truth) - len(published)
    if missing and len(published):
        found[-1] = found[-1] or f"{len(published)} rows of {len(truth)} targets"
    told = pd.Series(found, index=published.index, dtype=object)
    return Outcome(judged(told == "", pd.Series(True, index=published.index)), found=told)


def _quarters_counted(inputs: Inputs) -> Callable[[Mapping[Any, Any]], int]:
    """For how many quarters, to the end of its period, the contract of a row may have counted."""
    contracts, claims = inputs.frames[keys.CORE_CONTRACT], inputs.frames[keys.CORE_CLAIM]
    begun = dict(zip(contracts["contract_ref"], contracts["start_on"], strict=True))
    first = min((parse_period(name).start for name in claims["period"].dropna().unique()), default=None)

    def counted_for(row: Mapping[Any, Any]) -> int:
        start, end = begun.get(row["contract_ref"]), parse_period(str(row["period"])).end
        days = [day for day in (first, None if pd.isna(start) else start.date()) if day is not None]
        return max(len(quarters_between(max(days, default=end), end)), 1)

    return counted_for


def _fault(inputs: Inputs, row: Mapping[Any, Any], figure: Mapping[Any, Any] | None, quarters: int) -> str:
    if figure is None:
        return "no target of this contract and measure"
    is_left_out = COUNTS in str(row["not_shown"] or "")
    for name in _DELIVERED:
        if is_left_out and row[name] is not None:
            return f"{name} is shown and said to be left out"
        if not is_left_out and row[name] != figure[name]:
            return f"{name} is {_told(row[name])} here and {_told(figure[name])} in the figures"
        if row[name] is not None and _is_small(inputs, str(row["measure_code"]), row[name], quarters):
            return f"{name} is {_told(row[name])}, a small count of people"
    return ""


def districts_are_published_without_small_counts(inputs: Inputs) -> Outcome:
    """PB-051: what is published by district is that of all contracts, small counts of people left out.

    One outcome for the table. Of a measure and quarter not one count of people is left out alone, for the sum
    would tell it. Source: social-value policy parameters, sections 8.7 and 8.9.
    """
    published, outcomes = inputs.frames[keys.OUT_AREA], inputs.frames[keys.OUT_OUTCOME]
    if published.empty and outcomes.empty:
        return of_whole(None, "")
    key = ["period", "measure_code", "district"]
    truth: dict[tuple[Any, ...], list[Fraction]] = {}
    for row in outcomes.to_dict("records"):
        place = tuple(row[name] for name in key)
        before = truth.get(place, [Fraction(0)] * 3)
        truth[place] = [a + row[name] for a, name in zip(before, _DELIVERED, strict=True)]
    faults: list[str] = []
    left_out: dict[tuple[Any, ...], int] = {}
    for row in published.to_dict("records"):
        place = tuple(row[name] for name in key)
        shown, counts = [row[name] for name in _DELIVERED], truth.pop(place, [Fraction(0)] * 3)
        if shown == [None] * 3 and row["not_shown"]:
            left_out[place[:2]] = left_out.get(place[:2], 0) + 1
        elif shown != counts:
            faults.append(f"{' '.join(place)} is not what the contracts add up to")
        elif any(_is_small(inputs, place[1], count) for count in counts):
            faults.append(f"{' '.join(place)} shows a small count of people")
    faults += [f"{' '.join(place)} is left out alone" for place, count in left_out.items() if count == 1]
    faults += [f"{' '.join(place)} is missing" for place in truth if not _is_percentage(inputs, place[1])]
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return of_whole(not faults, "; ".join(faults[:_SHOWN]) + more)


def _is_small(inputs: Inputs, code: str, count: Fraction, quarters: int = 1) -> bool:
    measure = inputs.parameters.measure_of.get(code)
    if measure is None or not measure.counts_people:
        return False
    people = measure.people(count) / (quarters if measure.adds_up_time else 1)
    return inputs.parameters.policy.small_numbers.hides(people)


def _is_percentage(inputs: Inputs, code: str) -> bool:
    measure = inputs.parameters.measure_of.get(code)
    return measure is not None and measure.unit == "%"


def _told(count: Fraction | None) -> str:
    return "nothing" if count is None else number_display(count)


JUDGES: dict[str, Judge] = {
    "PB-050": performance_is_published_without_small_counts,
    "PB-051": districts_are_published_without_small_counts,
}
