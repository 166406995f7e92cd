"""Quantities claimed twice: the same of one supplier, measure and quarter on two contracts.

Does not belong here: what a claim counts for (`delivery`), lines repeated within one return (`core`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kcc_etl.parameters.measures import Measure


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


def held(
    claims: pd.DataFrame,
    contracts: pd.DataFrame,
    measures: Mapping[str, Measure],
    released: set[tuple[str, ...]],
) -> pd.Series:
    """Whether each claim is held: it stands on two contracts and no officer has verified it since.

    `released` are contract, measure and quarter of the verifications that stand.
    """
    twice = claimed_twice(claims, contracts, measures)
    about = claims[["contract_ref", "measure_code", "period"]].itertuples(index=False, name=None)
    found = [
        refs is not None and len(refs) > 1 and place not in released
        for refs, place in zip(twice, about, strict=True)
    ]
    return pd.Series(found, index=claims.index, dtype=bool)


def _adds_up(measure: Measure | None) -> bool:
    return measure is None or (measure.unit != "%" and measure.counting != "level")
