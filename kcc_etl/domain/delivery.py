"""Delivery of every target: due, claimed, evidenced, verified, and the council's rating. Exact.

Does not belong here: what is due when (`versions`), which returns came (`returns`), how a figure is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.changes import with_changed_ends
from kcc_etl.domain.decisions import decided
from kcc_etl.domain.doubles import held
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.returns import ReturnBook
from kcc_etl.domain.versions import Plans
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema import frames

GREEN, AMBER, RED, GREY = "Green", "Amber", "Red", "Grey"

Row = Mapping[Any, Any]
Subject = tuple[str, str]
"""A contract reference and a measure code."""


@dataclass(frozen=True)
class Delivered:
    """What a supplier reported on one measure of one contract; verified is never more than claimed."""

    claimed: Fraction = Fraction(0)
    evidenced: Fraction = Fraction(0)
    verified: Fraction = Fraction(0)

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            self.claimed + other.claimed, self.evidenced + other.evidenced, self.verified + other.verified
        )


def compute_performance(
    period: Period,
    contracts: pd.DataFrame,
    targets: pd.DataFrame,
    claims: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
    refused_returns: pd.DataFrame | None = None,
    as_of: date | None = None,
    payments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How every target stands at the end of the period: one row a contract and measure, to date, exact.

    Contracts that have started by then count, those that have ended too, for a shortfall does not vanish.
    Claims count by their attribution, unless the supplier says they are not additional. `refused_returns`
    (contract_ref, period) are returns that came and of which nothing could be counted. Two due returns
    missing in a row force Red where something is due. `agreed` and `due` are those of the version of the
    target in force at the end of the period; where no spend is guaranteed they follow the `payments`.
    Source: social-value policy parameters, sections 8.6 and 8.7.
    """
    book = ReturnBook(with_changed_ends(contracts, decisions), claims, parameters, refused_returns, as_of)
    plans = Plans(contracts, decisions, parameters, payments)
    known = {str(row["contract_ref"]): row for row in contracts.to_dict("records")}
    counted = counted_claims(claims, contracts, decisions, parameters)
    delivered = delivered_by_quarter(counted, decisions, parameters, period.end)
    rows = []
    for target in targets.to_dict("records"):
        contract = known.get(target["contract_ref"])
        if contract is None or not contract["start_on"].date() <= period.end:
            continue
        commenced = contract["procurement_commenced_on"]
        policy = parameters.in_force(commenced.date()) if pd.notna(commenced) else None
        measure = parameters.measure_of[target["measure_code"]]
        subject = (target["contract_ref"], target["measure_code"])
        done = to_date(delivered.get(subject, {}), measure)
        plan = plans.of(target)
        moved = {**target, "agreed": plan.agreed(period.end), "due": plan.due(period.end)}
        rows.append(_row(period, contract, moved, done, policy or parameters.policy, book))
    frame = frames.from_rows(rows, keys.OUT_PERFORMANCE)
    return frame.sort_values(["period", "contract_ref", "measure_code"], kind="stable", ignore_index=True)


def rating(due: Fraction, verified: Fraction, missing_in_a_row: int, policy: Policy) -> str:
    """Grey when nothing is due, Green at what is due, Amber at the floor share of it or more, else Red.

    Red as well when as many returns in a row are missing as the parameters say; nothing due stays Grey.
    Source: KCC's KPI rule; social-value policy parameters, section 8.7.
    """
    if due <= 0:
        return GREY
    if missing_in_a_row >= policy.returns.missing_in_a_row_forces_red:
        return RED
    if verified >= due:
        return GREEN
    return AMBER if verified >= due * policy.rating.floor_pct / 100 else RED


def delivered_by_quarter(
    claims: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters, last: date
) -> dict[Subject, dict[str, Delivered]]:
    """What was delivered on each measure of each contract in each quarter that ended by the day `last`.

    What an officer verified for a quarter counts up to what was claimed for it (rule DC-007).
    """
    standing = verifications(decisions)
    return {
        subject: {
            quarter: _with_verified(claim, standing.get((*subject, quarter))) for quarter, claim in of.items()
        }
        for subject, of in claimed_by_quarter(claims, parameters, last).items()
    }


def counted_claims(
    claims: pd.DataFrame, contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters
) -> pd.DataFrame:
    """The claims without those that stand on two contracts and wait for an officer's verification. RT-015."""
    return claims[~held(claims, contracts, parameters.measure_of, set(verifications(decisions)))]


def claimed_by_quarter(
    claims: pd.DataFrame, parameters: Parameters, last: date
) -> dict[Subject, dict[str, Delivered]]:
    """What was claimed on each measure of each contract in each quarter that ended by the day `last`.

    Lines of several districts add up; of percentages the lowest stands, for they cannot be added.
    """
    lines: dict[Subject, dict[str, list[Delivered]]] = {}
    for claim in claims[claims["measure_code"].notna() & claims["claimed"].notna()].to_dict("records"):
        if _ended(claim["period"], last):
            quarters = lines.setdefault((claim["contract_ref"], claim["measure_code"]), {})
            quarters.setdefault(claim["period"], []).append(claim_counted(claim))
    return {
        subject: {
            quarter: _joined(parts, parameters.measure_of.get(subject[1])) for quarter, parts in of.items()
        }
        for subject, of in lines.items()
    }


def verifications(decisions: pd.DataFrame) -> dict[tuple[Any, ...], Row]:
    """The verification that stands for each contract, measure and quarter: the last, for it corrects."""
    found = decided(decisions, "verification", ("subject", "measure_code", "period"))
    return {place: rows[-1] for place, rows in found.items()}


def to_date(quarters: Mapping[str, Delivered], measure: Measure) -> Delivered:
    """The sum over the quarters; of a level the latest quarter that reports it, for levels never add up."""
    if not quarters:
        return Delivered()
    if measure.counting == "level":
        return quarters[max(quarters)]
    return sum(quarters.values(), Delivered())


def _ended(quarter: object, last: date) -> bool:
    return isinstance(quarter, str) and parse_period(quarter).end <= last


def claim_counted(claim: Row) -> Delivered:
    """What one line of a return counts for: by its attribution, nothing where it is not additional."""
    additional, share = claim["is_additional"], claim["attribution_pct"]
    if pd.notna(additional) and not additional:
        return Delivered()
    claimed = claim["claimed"] * (Fraction(1) if share is None or pd.isna(share) else share / 100)
    evidence = claim["evidence_ref"]
    return Delivered(claimed, claimed if isinstance(evidence, str) and evidence.strip() else Fraction(0))


def _joined(parts: list[Delivered], measure: Measure | None) -> Delivered:
    if measure is not None and measure.unit == "%":
        return Delivered(min(part.claimed for part in parts), min(part.evidenced for part in parts))
    return sum(parts, Delivered())


def _with_verified(claim: Delivered, decision: Row | None) -> Delivered:
    verified = min(decision["quantity"], claim.claimed) if decision else Fraction(0)
    return Delivered(claim.claimed, claim.evidenced, verified)


def _row(
    period: Period,
    contract: Row,
    target: Row,
    done: Delivered,
    policy: Policy,
    book: ReturnBook,
) -> dict[str, object]:
    due = target["due"]
    ref = str(target["contract_ref"])
    carried = (
        "contract_ref",
        "band",
        "measure_code",
        "measure_title",
        "unit",
        "target",
        "agreed",
        "committed",
    )
    return {
        "period": period.id,
        **{name: contract[name] for name in ("contract_title", "department", "supplier_name")},
        **{name: target[name] for name in carried},
        "due": due,
        "claimed": done.claimed,
        "evidenced": done.evidenced,
        "verified": done.verified,
        "return_status": book.status(ref, period),
        "status": rating(due, done.verified, book.missing_in_a_row(ref, period.end), policy),
    }
