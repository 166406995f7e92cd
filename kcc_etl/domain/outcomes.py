"""Outcomes of one quarter where they were brought about.

Does not belong here: outcomes to date and their status (`delivery`), ratings by section 71 (`ratings`), what
may be published of small numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.claimed import Delivered, claim_counted, has_evidence
from kcc_etl.domain.delivery import counted_claims
from kcc_etl.domain.periods import Period
from kcc_etl.domain.verified import verifications
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema import frames

Row = Mapping[Any, Any]


def compute_outcomes(
    period: Period,
    contracts: pd.DataFrame,
    claims: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
) -> pd.DataFrame:
    """Claimed, evidenced and verified in each quarter of the period, by contract, measure and district.

    Every quarter stands by itself, so that no level is added to another. What was verified is shared among
    the districts as they were claimed; of a percentage, which no districts share, it counts in each up to
    the claim. Source: social-value policy parameters, sections 8.7 and 8.9.
    """
    quarters = {quarter.id for quarter in period.quarters}
    wanted = counted_claims(claims, contracts, decisions, parameters)
    wanted = wanted[wanted["period"].isin(quarters) & wanted["measure_code"].notna()]
    standing = verifications(decisions, contracts, claims, parameters)
    lines: dict[tuple[str, str, str], list[tuple[str, Delivered]]] = {}
    for line in wanted[wanted["claimed"].notna()].to_dict("records"):
        place = (line["period"], line["contract_ref"], line["measure_code"])
        measure = parameters.measure_of.get(line["measure_code"])
        claimed = claim_counted(line["claimed"], line["attribution_pct"], line["is_additional"], measure)
        evidenced = claimed if has_evidence(line["evidence_ref"]) else Fraction(0)
        lines.setdefault(place, []).append((str(line["district"]), Delivered(claimed, evidenced)))
    rows: list[dict[str, object]] = []
    for (quarter, ref, code), parts in sorted(lines.items()):
        decision = standing.get((ref, code, quarter))
        measure = parameters.measure_of.get(code)
        shared = measure is None or measure.unit != "%"
        for district, claim, verified in _verified(parts, decision, shared=shared):
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


def _verified(
    parts: list[tuple[str, Delivered]], decision: Row | None, *, shared: bool
) -> list[tuple[str, Delivered, Fraction]]:
    """Each district's claim with what of it was verified."""
    districts: dict[str, Delivered] = {}
    for district, claim in parts:
        districts[district] = districts.get(district, Delivered()) + claim
    total = sum((claim.claimed for claim in districts.values()), Fraction(0))
    quantity = decision["quantity"] if decision else Fraction(0)
    found = []
    for district, claim in sorted(districts.items()):
        if shared:
            verified = min(quantity, total) * claim.claimed / total if total else Fraction(0)
        else:
            verified = min(quantity, claim.claimed)
        found.append((district, claim, verified))
    return found
