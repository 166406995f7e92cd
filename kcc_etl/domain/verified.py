"""Which verification stands for each contract, measure and quarter. All who ask of verifications ask here.

Does not belong here: what was claimed (`claimed`), what of a claim a verification makes count (`claimed`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kcc_etl.domain.decisions import decided
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.parameters.model import Parameters

VERIFICATION = "verification"

Row = Mapping[Any, Any]
Place = tuple[str, str, str]
"""A contract reference, a measure code and a quarter."""


def verifications(
    decisions: pd.DataFrame, contracts: pd.DataFrame, claims: pd.DataFrame, parameters: Parameters
) -> dict[Place, Row]:
    """The verification that stands for each contract, measure and quarter: the last, for it corrects.

    One that names a financial year is of the quarter that the return of that year counts in, where one return
    a year is asked for; without such a return, of the quarter that one would count in by the end known when
    the officer decided. Of a contract that is asked every quarter it stays with the year, in which nothing is
    claimed (DC-019). Source: social-value policy parameters, sections 8.2 and 8.7.
    """
    of_kind = decisions[decisions["decision_kind"] == VERIFICATION]
    is_year = of_kind["period"].map(_is_year).astype(bool)
    if is_year.any():
        told = _years_told(claims)
        terms = ReturnTerms(contracts, parameters, decisions)
        quarters = [
            told.get((ref, period)) or terms.counted_in(ref, parse_period(period), day.date()).id
            if named_year
            else period
            for ref, period, day, named_year in zip(
                of_kind["subject"], of_kind["period"], of_kind["decided_on"], is_year, strict=True
            )
        ]
        of_kind = of_kind.assign(period=quarters)
    found = decided(of_kind, VERIFICATION, ("subject", "measure_code", "period"))
    return {(ref, code, quarter): rows[-1] for (ref, code, quarter), rows in found.items()}


def _is_year(period: object) -> bool:
    try:
        return isinstance(period, str) and parse_period(period).kind == "year"
    except ValueError:
        return False


def _years_told(claims: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The quarter that the return of each contract and financial year counts in."""
    columns = claims[["contract_ref", "stated_period", "period"]].dropna().drop_duplicates()
    return {
        (ref, stated): quarter
        for ref, stated, quarter in columns.itertuples(index=False, name=None)
        if _is_year(stated)
    }
