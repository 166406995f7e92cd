"""Outcomes of one quarter where they were brought about; and the rating proposed for performance notices.

Does not belong here: outcomes to date and their status (`delivery`), what may be published of small numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.delivery import Delivered, claim_counted, counted_claims, verifications
from kcc_etl.domain.periods import Period
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.statutory import Statutory
from kcc_etl.schema import frames

GOOD, APPROACHING, IMPROVE, INADEQUATE, OTHER = (
    "good", "approaching target", "requires improvement", "inadequate", "other",
)  # fmt: skip
"""The ratings of the Procurement Act 2023 s.71, in its words."""

_KINDS = ("contract", "call-off")

Row = Mapping[Any, Any]


def compute_outcomes(
    period: Period,
    contracts: pd.DataFrame,
    claims: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
) -> pd.DataFrame:
    """Claimed, evidenced and verified in each quarter of the period, by contract, measure and district.

    Every quarter stands by itself, so that no level is added to another. What was verified of a measure that
    adds up is shared among its districts as they were claimed; of a level or percentage it counts in each
    district up to the claim. Source: social-value policy parameters, sections 8.7 and 8.9.
    """
    quarters = {quarter.id for quarter in period.quarters}
    wanted = counted_claims(claims, contracts, decisions, parameters)
    wanted = wanted[wanted["period"].isin(quarters) & wanted["measure_code"].notna()]
    standing = verifications(decisions)
    lines: dict[tuple[str, str, str], list[tuple[str, Delivered]]] = {}
    for line in wanted[wanted["claimed"].notna()].to_dict("records"):
        place = (line["period"], line["contract_ref"], line["measure_code"])
        lines.setdefault(place, []).append((str(line["district"]), claim_counted(line)))
    rows: list[dict[str, object]] = []
    for (quarter, ref, code), parts in sorted(lines.items()):
        decision = standing.get((ref, code, quarter))
        measure = parameters.measure_of.get(code)
        is_level = measure is not None and measure.counting == "level"
        for district, claim, verified in _verified(parts, decision, is_level=is_level):
            rows.append(
                {
                    "period": quarter,
                    "contract_ref": ref,
                    "measure_code": code,
                    "unit": measure.unit if measure else None,
                    "district": district,
                    "claimed": claim.claimed,
                    "evidenced": claim.evidenced,
                    "verified": verified,
                }
            )
    frame = frames.from_rows(rows, keys.OUT_OUTCOME)
    order = ["period", "contract_ref", "measure_code", "district"]
    return frame.sort_values(order, kind="stable", ignore_index=True)


def propose_ratings(
    performance: pd.DataFrame,
    contracts: pd.DataFrame,
    links: pd.DataFrame,
    noticed: pd.DataFrame,
    parameters: Parameters,
) -> pd.DataFrame:
    """The rating proposed for each target of a contract with statutory indicators; an officer confirms it.

    `links` and `noticed` say how many indicators the contract's notice sets. Whether social value is among
    them only the officer can say. Source: Procurement Act 2023 ss.52 and 71; policy parameters, section 8.7.
    """
    by_ref = {row["contract_ref"]: row for row in contracts.to_dict("records")}
    indicators = _indicators(links, noticed)
    rows = []
    for row in performance.to_dict("records"):
        contract = by_ref[row["contract_ref"]]
        count = indicators.get(row["contract_ref"], 0)
        if not has_statutory_indicators(contract, count, parameters.statutory):
            continue
        commenced = contract["procurement_commenced_on"]
        policy = parameters.in_force(commenced.date()) or parameters.policy
        rows.append(
            {
                **{name: row[name] for name in ("period", "contract_ref", "measure_code", "due", "verified")},
                "kpi_count": count,
                "proposed_rating": proposed_rating(row["due"], row["verified"], policy),
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


def _verified(
    parts: list[tuple[str, Delivered]], decision: Row | None, *, is_level: bool
) -> list[tuple[str, Delivered, Fraction]]:
    """Each district's claim with what of it was verified."""
    districts: dict[str, Delivered] = {}
    for district, claim in parts:
        districts[district] = districts.get(district, Delivered()) + claim
    total = sum((claim.claimed for claim in districts.values()), Fraction(0))
    quantity = decision["quantity"] if decision else Fraction(0)
    found = []
    for district, claim in sorted(districts.items()):
        if is_level:
            verified = min(quantity, claim.claimed)
        else:
            verified = min(quantity, total) * claim.claimed / total if total else Fraction(0)
        found.append((district, claim, verified))
    return found


def _indicators(links: pd.DataFrame, noticed: pd.DataFrame) -> dict[str, int]:
    """Indicators that the notice of each register contract sets; an ambiguous match says nothing."""
    place = ["ocid", "contract_id", "award_id", "first_release_id"]
    sure = links[~links["is_ambiguous"].fillna(False).astype(bool)]
    joined = sure[["contract_ref", *place]].merge(noticed[[*place, "kpi_count"]], on=place, how="inner")
    counted = joined.dropna(subset=["kpi_count"])
    return {ref: int(count) for ref, count in zip(counted["contract_ref"], counted["kpi_count"], strict=True)}
