"""Rules on the quantities of returns over time: units that slipped, figures added up since the beginning.

Does not belong here: what falls due (`kcc_etl.domain.delivery`), a return by itself (`checks.rules.returns`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import number_display
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.parameters.measures import Measure

_SLIP = 50
"""Minutes for hours are 60 times, pence for pounds 100, pounds for thousands 1,000; the rest is room for a
quarter that was busier or quieter."""
_FEWEST_MEASURES = 3
_NEARLY_ALL = Fraction(9, 10)
_HALF = Fraction(1, 2)
_GROWTH = Fraction(8, 5)
"""Growth in one quarter, as the geometric mean over the measures: adding up doubles a second quarter."""

Quantities = dict[str, Fraction]
Lines = dict[tuple[str, str, str], list[int]]
Told = dict[tuple[str, str], int]
"""How many quarters the return of a contract and quarter speaks of; more than one where it is yearly."""


@dataclass(frozen=True)
class _Series:
    """Claims of every contract: quantity by measure in each quarter in order, and the lines they stand in.

    Of a return that speaks of several quarters a quantity that adds up is what falls to one of them.
    """

    quarters: Mapping[str, dict[str, Quantities]]
    lines: Lines
    yearly: frozenset[str]
    """The contracts that are asked for one return a year."""


def quantity_is_in_its_unit(inputs: Inputs) -> Outcome:
    """RT-021: a quantity is not 50 times, or a fiftieth, of the last one of its contract and measure.

    One outcome a contract, measure and quarter that has an earlier quantity above zero, on its first line.
    A quantity at fault is no measure of the next. A quantity that adds up and is of several quarters, because
    one return a year is asked for, compares by what falls to one quarter. Source: hazards.md 1.3, hazard 12
    (100 and 1,000 times).
    """
    claims = inputs.frames[keys.CORE_CLAIM]
    series = _series(inputs, adding_up=False)
    ok, found = _unjudged(claims)
    for contract, quarters in series.quarters.items():
        last: Quantities = {}
        for quarter, quantities in quarters.items():
            for measure, quantity in quantities.items():
                before = last.get(measure)
                fine = before is None or before < _SLIP * quantity < _SLIP * _SLIP * before
                if before is not None:
                    place = series.lines[contract, quarter, measure][0]
                    ok.iloc[place] = fine
                    each = " for each quarter" if contract in series.yearly else ""
                    found.iloc[place] = f"{number_display(quantity)}{each}, after {number_display(before)}"
                if fine:
                    last[measure] = quantity
    return Outcome(ok, found=found, reason="no measure was claimed in two quarters")


def quantities_are_of_their_quarter(inputs: Inputs) -> Outcome:
    """RT-023: the quantities of a return do not look added up since the contract began.

    They do when nine in ten are at least those of the quarter before and half of them more, and either this
    was so the quarter before as well, or they have grown by three fifths on the whole. A quantity of several
    quarters, because one return a year is asked for, compares by what falls to one. One outcome a contract
    and quarter with three measures or more that add up and were claimed in the quarter before too, on its
    first line. Source: hazards.md 1.3, hazard 26; the growth keeps busy quarters of few measures out.
    """
    claims = inputs.frames[keys.CORE_CLAIM]
    series = _series(inputs, adding_up=True)
    ok, found = _unjudged(claims)
    for contract, quarters in series.quarters.items():
        before: Quantities = {}
        rose = False
        for quarter, quantities in quarters.items():
            pairs = [(before[measure], quantities[measure]) for measure in quantities if measure in before]
            rises = _rises(pairs)
            if len(pairs) >= _FEWEST_MEASURES:
                place = min(series.lines[contract, quarter, measure][0] for measure in quantities)
                ok.iloc[place] = not (rises and (rose or _has_grown(pairs)))
                level = sum(now >= then for then, now in pairs)
                found.iloc[place] = (
                    f"{level} of {len(pairs)} quantities are at least those of the quarter before"
                )
            before, rose = quantities, rises
    return Outcome(ok, found=found, reason="no return has three measures claimed in the quarter before too")


def _series(inputs: Inputs, *, adding_up: bool) -> _Series:
    """Quantities above zero, districts added up; only of measures that add up over time where it says so."""
    claims, measures = inputs.frames[keys.CORE_CLAIM], inputs.parameters.measure_of
    told = _quarters_told(inputs)
    columns = ["contract_ref", "period", "measure_code", "claimed", "place"]
    numbered = claims.assign(place=range(len(claims)))
    ordered = numbered.sort_values(["contract_ref", "period", "source_file", "source_row"], kind="stable")
    quarters: dict[str, dict[str, Quantities]] = {}
    lines: Lines = {}
    for contract, period, code, claimed, place in rows(ordered, columns):
        adds_up = isinstance(code, str) and _adds_up(measures.get(code))
        if not isinstance(code, str) or not claimed or (adding_up and not adds_up):
            continue
        held = quarters.setdefault(contract, {}).setdefault(period, {})
        over = told.get((contract, period), 1) if adds_up else 1
        held[code] = held.get(code, Fraction(0)) + (claimed / over if over > 1 else claimed)
        lines.setdefault((contract, period, code), []).append(place)
    return _Series(quarters, lines, frozenset(contract for contract, _ in told))


def _quarters_told(inputs: Inputs) -> Told:
    """The returns that speak of more than one quarter, because one a year is asked for."""
    decisions = inputs.frames[keys.CORE_DECISION]
    terms = ReturnTerms(inputs.frames[keys.CORE_CONTRACT], inputs.parameters, decisions)
    told: Told = {}
    before: dict[str, Period] = {}
    returns = inputs.frames[keys.CORE_CLAIM][["contract_ref", "period"]].drop_duplicates()
    for contract, period in rows(returns.sort_values(["contract_ref", "period"]), ["contract_ref", "period"]):
        if terms.is_yearly(contract):
            quarter = parse_period(period)
            told[contract, period] = terms.quarters_told(contract, quarter, before.get(contract))
            before[contract] = quarter
    return told


def _unjudged(claims: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    ok = pd.Series(pd.NA, index=claims.index, dtype="boolean")
    return ok, pd.Series("", index=claims.index, dtype=object)


def _adds_up(measure: Measure | None) -> bool:
    return measure is not None and measure.unit != "%" and measure.counting == "flow"


def _rises(pairs: list[tuple[Fraction, Fraction]]) -> bool:
    if len(pairs) < _FEWEST_MEASURES:
        return False
    level = sum(now >= then for then, now in pairs)
    more = sum(now > then for then, now in pairs)
    return level >= _NEARLY_ALL * len(pairs) and more >= _HALF * len(pairs)


def _has_grown(pairs: list[tuple[Fraction, Fraction]]) -> bool:
    return prod((now / then for then, now in pairs), start=Fraction(1)) >= _GROWTH ** len(pairs)


JUDGES: dict[str, Judge] = {
    "RT-021": quantity_is_in_its_unit,
    "RT-023": quantities_are_of_their_quarter,
}
