"""What is claimed twice: a quantity on two contracts, evidence given again, evidence under two measures.

Does not belong here: what a claim counts for (`delivery`), lines repeated within one return (`core`).

A return says which measure, district and evidence, and nothing of the people or invoices behind them. What a
measure asks beyond that (one barrier for each person, a job that lasts a year, the first twelve months, the
weeks that an apprentice can work) is seen by the officer who verifies, and by nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from kcc_etl.parameters.measures import Measure

_Line = tuple[str, str, str, int]
"""Quarter, measure and district of a claim, and its place among the claims."""


def claimed_twice(
    claims: pd.DataFrame, contracts: pd.DataFrame, measures: Mapping[str, Measure]
) -> list[tuple[str, ...] | None]:
    """The contracts on which each claim stands, one alone or several; None where a repeat says nothing.

    It says something of quantities above zero of measures that add up: two contracts may well report one
    percentage or one level. Source: social-value policy parameters, section 8.7; rule RT-015.
    """
    supplier = dict(zip(contracts["contract_ref"], contracts["supplier_key"], strict=True))
    places: dict[tuple[object, ...], set[str]] = {}
    named: list[tuple[object, ...] | None] = []
    columns = ["contract_ref", "measure_code", "period", "claimed"]
    for ref, code, period, claimed in claims[columns].itertuples(index=False):
        speaks = claimed and isinstance(supplier.get(ref), str) and _adds_up(measures.get(code))
        same = (supplier[ref], code, period, claimed) if speaks else None
        named.append(same)
        if same is not None:
            places.setdefault(same, set()).add(ref)
    return [tuple(sorted(places[same])) if same is not None else None for same in named]


def evidence_given_again(claims: pd.DataFrame, measures: Mapping[str, Measure]) -> list[str | None]:
    """Where the evidence of each claim was given before; empty where it is new, None where that says nothing.

    It says something of measures that count once, in one contract: the lines of the earliest quarter stand.
    Several districts of one quarter may rest on one list of starters, so they say nothing against each other.
    Evidence compares whatever its case and outer spaces. Lines without evidence, and those that count for
    nothing, say nothing. Source: section 3.4; rule RT-030.
    """
    once = {code for code, measure in measures.items() if measure.counted_once}
    return _given_before(claims, {code: {code} for code in once}, same_quarter=False)


def evidence_given_elsewhere(claims: pd.DataFrame, measures: Mapping[str, Measure]) -> list[str | None]:
    """Where the evidence of each claim stands under a measure that excludes its own, otherwise as above.

    The line of the earliest quarter stands, in a quarter that of the measure whose code comes first. Source:
    social-value policy parameters, section 3.4; rule RT-031.
    """
    barred: dict[str, set[str]] = {}
    for code, measure in measures.items():
        for other in measure.not_together_with:
            barred.setdefault(code, set()).add(other)
            barred.setdefault(other, set()).add(code)
    return _given_before(claims, barred, same_quarter=True)


def held(
    claims: pd.DataFrame,
    contracts: pd.DataFrame,
    measures: Mapping[str, Measure],
    released: set[tuple[str, ...]],
) -> pd.Series:
    """Whether each claim is held: it is claimed twice, in whatever way, and no officer has verified it since.

    `released` are contract, measure and quarter of the verifications that stand.
    """
    twice = claimed_twice(claims, contracts, measures)
    again, elsewhere = evidence_given_again(claims, measures), evidence_given_elsewhere(claims, measures)
    about = claims[["contract_ref", "measure_code", "period"]].itertuples(index=False, name=None)
    found = [
        bool((refs is not None and len(refs) > 1) or before or beside) and place not in released
        for refs, before, beside, place in zip(twice, again, elsewhere, about, strict=True)
    ]
    return pd.Series(found, index=claims.index, dtype=bool)


def _given_before(
    claims: pd.DataFrame, barred: Mapping[str, set[str]], *, same_quarter: bool
) -> list[str | None]:
    """Where the evidence of each claim stands on an earlier line of a measure `barred` beside its own.

    `same_quarter` says whether lines of one quarter are held against each other.
    """
    found: list[str | None] = [None] * len(claims)
    for lines in _lines_by_evidence(claims, lambda code: code in barred).values():
        for number, (period, code, _, place) in enumerate(lines):
            before = [line for line in lines[:number] if same_quarter or line[0] != period]
            earlier = next((line for line in before if line[1] in barred[code]), None)
            found[place] = "" if earlier is None else f"{earlier[1]} of {earlier[0]}, {earlier[2]}"
    return found


def _lines_by_evidence(
    claims: pd.DataFrame, concerned: Callable[[object], bool]
) -> dict[tuple[str, str], list[_Line]]:
    """The lines of each contract that give one evidence and count for something, the earliest first."""
    columns = ["contract_ref", "measure_code", "period", "district", "claimed", "evidence_ref"]
    shares = zip(claims["is_additional"], claims["attribution_pct"], strict=True)
    lines: dict[tuple[str, str], list[_Line]] = {}
    rows = claims[columns].itertuples(index=False, name=None)
    for place, ((ref, code, period, district, claimed, evidence), (additional, share)) in enumerate(
        zip(rows, shares, strict=True)
    ):
        if not concerned(code) or not isinstance(evidence, str) or not evidence.strip() or not claimed:
            continue
        if (pd.notna(additional) and not additional) or (share is not None and share == 0):
            continue
        same = (ref, evidence.strip().casefold())
        lines.setdefault(same, []).append((period, code, str(district), place))
    return {same: sorted(of) for same, of in lines.items()}


def _adds_up(measure: Measure | None) -> bool:
    return measure is None or (measure.unit != "%" and measure.counting != "level")
