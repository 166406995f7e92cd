"""Ratings by section 71 of the Procurement Act 2023: proposed from what was verified, then confirmed.

Does not belong here: what was verified of what is due (`delivery`), performance notices themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decided
from kcc_etl.domain.periods import is_quarter
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.statutory import Statutory
from kcc_etl.schema import frames
from kcc_etl.schema.fields import FIELDS

RATING = "rating"
"""The kind of decision that confirms a rating, or sets another."""

WORDS = FIELDS["confirmed_rating"].words
"""The words of the Act, section 71."""

GOOD, APPROACHING, IMPROVE, INADEQUATE, OTHER = WORDS

_KINDS = ("contract", "call-off")
_CARRIED = ("period", "contract_ref", "measure_code", "due_by_return", "verified")

Row = Mapping[Any, Any]


def propose_ratings(
    performance: pd.DataFrame,
    contracts: pd.DataFrame,
    links: pd.DataFrame,
    noticed: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
) -> pd.DataFrame:
    """The rating proposed for each target of a contract with statutory indicators, and the one confirmed.

    `links` and `noticed` say how many indicators the contract's notice sets. Whether social value is among
    them only the officer can say, and until the officer does the confirmed rating is missing. Ratings are
    given by the quarter: of a half or a year none is proposed. Source:
    Procurement Act 2023 ss.52 and 71; policy parameters, section 8.7.
    """
    by_ref = {row["contract_ref"]: row for row in contracts.to_dict("records")}
    indicators, confirmed = indicators_by_contract(links, noticed), confirmations(decisions)
    rows = []
    for row in performance.to_dict("records"):
        contract = by_ref[row["contract_ref"]]
        count = indicators.get(row["contract_ref"], 0)
        is_rated = is_quarter(str(row["period"]))
        if not is_rated or not has_statutory_indicators(contract, count, parameters.statutory):
            continue
        commenced = contract["procurement_commenced_on"]
        policy = parameters.in_force(commenced.date()) or parameters.policy
        rows.append(
            {
                **{name: row[name] for name in _CARRIED},
                "kpi_count": count,
                "proposed_rating": proposed_rating(row["due_by_return"], row["verified"], policy),
                **_confirmed(confirmed.get((row["contract_ref"], row["measure_code"], row["period"]))),
            }
        )
    return frames.from_rows(rows, keys.OUT_RATING)


def has_statutory_indicators(contract: Row, indicators: int, law: Statutory) -> bool:
    """Whether a contract must have indicators that are assessed, and its notice sets some.

    A public contract under the Act, above £5m including VAT; no framework, concession or light touch
    contract. Source: Procurement Act 2023 s.52; transparency-law.md.
    """
    value, light = contract["value_inc_vat_pence"], contract["is_light_touch"]
    return (
        indicators > 0
        and contract["regime"] == "pa23"
        and contract["agreement_kind"] in _KINDS
        and pd.notna(contract["procurement_commenced_on"])
        and not (pd.notna(light) and bool(light))
        and pd.notna(value)
        and int(value) > law.kpi.above_pence
    )


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


def confirmations(decisions: pd.DataFrame) -> dict[tuple[Any, ...], Row]:
    """The decision that stands on each contract, measure and quarter: the last with a word of the Act."""
    worded = decisions[decisions["confirmed_rating"].isin(WORDS)]
    found = decided(worded, RATING, ("subject", "measure_code", "period"), states="confirmed_rating")
    return {place: rows[-1] for place, rows in found.items()}


def indicators_by_contract(links: pd.DataFrame, noticed: pd.DataFrame) -> dict[str, int]:
    """Indicators that the notice of each register contract sets; an ambiguous match says nothing."""
    place = ["ocid", "contract_id", "award_id", "first_release_id"]
    sure = links[~links["is_ambiguous"].fillna(False).astype(bool)]
    joined = sure[["contract_ref", *place]].merge(noticed[[*place, "kpi_count"]], on=place, how="inner")
    counted = joined.dropna(subset=["kpi_count"])
    return {ref: int(count) for ref, count in zip(counted["contract_ref"], counted["kpi_count"], strict=True)}


def _confirmed(decision: Row | None) -> dict[str, object]:
    if decision is None:
        return {}
    return {
        "confirmed_rating": decision["confirmed_rating"],
        "confirmed_by": decision["role"],
        "confirmed_on": decision["decided_on"],
        "decision_id": decision["decision_id"],
    }
