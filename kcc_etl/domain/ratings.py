"""Ratings by section 71 of the Procurement Act 2023: proposed from what was verified, then confirmed.

Does not belong here: which indicators a contract has (`indicators`), what was verified of what is due
(`delivery`), performance notices themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.counted_changes import with_changed_ends
from kcc_etl.domain.decisions import in_order
from kcc_etl.domain.duties.awarded import contracts_as_awarded
from kcc_etl.domain.duties.tables import by, plain
from kcc_etl.domain.indicators import measures_of, rated_by
from kcc_etl.domain.periods import is_quarter, parse_period
from kcc_etl.domain.publication import public_contracts
from kcc_etl.domain.thresholds import value_reaches
from kcc_etl.parameters.duties import Law
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema import frames
from kcc_etl.schema.fields import FIELDS

RATING = "rating"
"""The kind of decision that confirms a rating, or sets another."""

WORDS = FIELDS["confirmed_rating"].words
"""The words of the Act, section 71."""

GOOD, APPROACHING, IMPROVE, INADEQUATE, OTHER = WORDS

_OF_INDICATOR = ("kpi_id", "kpi_title", "kpi_description")

Row = Mapping[Any, Any]


def propose_ratings(
    period: str,
    performance: pd.DataFrame,
    contracts: pd.DataFrame,
    indicators: Mapping[str, Sequence[Row]],
    decisions: pd.DataFrame,
    parameters: Parameters,
) -> pd.DataFrame:
    """Each indicator by section 52 of a contract that runs in the quarter, with its rating by section 71.

    `indicators` are those that the details notice of each contract sets. A rating is proposed of those alone
    that are measures of social value, from the `performance` of the quarter; the others an officer rates.
    Until one has, the confirmed rating is missing. Ratings are given by the quarter: a half or a year has
    none. Source: Procurement Act 2023 ss.52 and 71; policy parameters, section 8.7.
    """
    if not is_quarter(period):
        return frames.empty(keys.OUT_RATING)
    performed = {(row["contract_ref"], row["measure_code"]): row for row in plain(performance)}
    decided_on = by(plain(in_order(decisions[decisions["decision_kind"] == RATING])), "subject")
    titles = {measure.code: measure.title for measure in parameters.measures}
    lawful = with_statutory_indicators(contracts, decisions, parameters)
    rows: list[dict[str, object]] = []
    for contract in plain(with_changed_ends(contracts, decisions)):
        ref = contract["contract_ref"]
        kpis, decided = indicators.get(ref, ()), decided_on.get(ref, [])
        if ref not in lawful or not _runs_in(contract, period):
            continue
        measures = measures_of(kpis, decided, titles)
        confirmed = confirmations(decided, kpis, measures, period)
        policy = parameters.in_force(contract["procurement_commenced_on"]) or parameters.policy
        for kpi in kpis:
            code = measures.get(kpi["kpi_id"])
            rows.append(
                {
                    "period": period,
                    "contract_ref": ref,
                    **{name: kpi[name] for name in _OF_INDICATOR},
                    "measure_code": code,
                    "kpi_count": len(kpis),
                    **_proposed(performed.get((ref, code)), policy),
                    **_confirmed(confirmed.get(kpi["kpi_id"])),
                }
            )
    return frames.from_rows(rows, keys.OUT_RATING) if rows else frames.empty(keys.OUT_RATING)


def _runs_in(contract: Row, period: str) -> bool:
    """Whether a contract has begun by the end of a quarter, and not ended before it."""
    span, over = parse_period(period), contract["end_on"]
    begun = contract["start_on"] or contract["signed_on"]
    return begun is not None and begun <= span.end and (over is None or over >= span.start)


def _proposed(performed: Row | None, policy: Policy) -> dict[str, object]:
    if performed is None:
        return {}
    due, verified = performed["due_by_return"], performed["verified"]
    return {
        "due_by_return": due,
        "verified": verified,
        "proposed_rating": proposed_rating(due, verified, policy),
    }


def with_statutory_indicators(
    contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters
) -> frozenset[str]:
    """References of the contracts that must have indicators which are assessed.

    Public contracts (`public_contracts`) awarded above £5m including VAT, a net value being a floor; no light
    touch contract. The value is that at award. Source: Procurement Act 2023 s.52; transparency-law.md.
    """
    awarded = contracts_as_awarded(contracts, decisions)
    public = plain(awarded[public_contracts(awarded, parameters)])
    return frozenset(row["contract_ref"] for row in public if _asks_for_indicators(row, parameters.law))


def _asks_for_indicators(contract: Row, law: Law) -> bool:
    least, percent = law.statutory.kpi.above_pence + 1, law.rules.net_value_reading.vat_percent
    gross, net = contract["value_inc_vat_pence"], contract["value_ex_vat_pence"]
    return not contract["is_light_touch"] and value_reaches(gross, net, least, percent) == "yes"


def proposed_rating(due: Fraction, verified: Fraction, policy: Policy) -> str:
    """The words of the law for verified of due; `other` where nothing is due yet. Source: section 8.7."""
    if due <= 0:
        return OTHER
    share, steps = verified / due * 100, policy.performance_rating
    if share >= steps.good_from_pct:
        return GOOD
    if share >= steps.approaching_from_pct:
        return APPROACHING
    return IMPROVE if share >= steps.requires_improvement_from_pct else INADEQUATE


def confirmations(
    decided: Iterable[Row], kpis: Sequence[Row], measures: Mapping[str, str], period: str
) -> dict[object, Row]:
    """The decision that stands on each indicator in a quarter: the last with a word of the Act.

    `decided` are the decisions on ratings of the contract, in order.
    """
    found: dict[object, Row] = {}
    for decision in decided:
        if decision["confirmed_rating"] in WORDS and decision["period"] == period:
            found[rated_by(decision, kpis, measures)] = decision
    found.pop(None, None)
    return found


def _confirmed(decision: Row | None) -> dict[str, object]:
    if decision is None:
        return {}
    return {
        "confirmed_rating": decision["confirmed_rating"],
        "confirmed_by": decision["role"],
        "confirmed_on": decision["decided_on"],
        "decision_id": decision["decision_id"],
    }
