"""Delivery of every target: due, claimed, evidenced, verified, and the council's rating. Exact.

Does not belong here: what is due when (`versions`), sums of claims (`claimed`), which returns came
(`returns`), how a figure is shown.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked_from import first_days
from kcc_etl.domain.claimed import Claimed
from kcc_etl.domain.doubles import held
from kcc_etl.domain.overclaims import over_claim
from kcc_etl.domain.periods import Period
from kcc_etl.domain.returns import Account, ReturnBook
from kcc_etl.domain.verified import verifications
from kcc_etl.domain.versions import Plan, Plans
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema import frames

FTE = "FTE"
"""The unit of staff in post: full-time equivalents."""

GREEN, AMBER, RED, GREY = "Green", "Amber", "Red", "Grey"

_OF_CONTRACT = ["contract_title", "department", "supplier_name"]
_OF_TARGET = [
    "contract_ref", "band", "measure_code", "measure_title", "unit", "target", "committed",
]  # fmt: skip


class Delivery:
    """Every target with its plan and what was delivered of it, worked out once for any number of periods.

    Claims count by their attribution, unless the supplier says they are not additional. `refused_returns`
    (contract_ref, period, received_on) are returns that came and of which nothing could be counted. Two due
    returns missing in a row force Red where something is due; a level or percentage that the last return
    asked for does not tell is nothing. `agreed` and `due` are those of the version of the target in force at
    the end of the period; where no spend is guaranteed they follow the `payments`.
    The status is judged by what was due at the end of the last period that policy asks a return for: of a
    contract asked once a year that is `due_by_return`, of any other what is due now.
    Source: social-value policy parameters, sections 8.2, 8.6 and 8.7.
    """

    def __init__(
        self,
        contracts: pd.DataFrame,
        targets: pd.DataFrame,
        claims: pd.DataFrame,
        decisions: pd.DataFrame,
        parameters: Parameters,
        refused_returns: pd.DataFrame | None = None,
        as_of: date | None = None,
        payments: pd.DataFrame | None = None,
    ) -> None:
        known = contracts.drop_duplicates("contract_ref", keep="last").set_index("contract_ref")
        ordered = targets[targets["contract_ref"].isin(known.index)].sort_values(
            ["contract_ref", "measure_code"], kind="stable", ignore_index=True
        )
        plans = Plans(contracts, decisions, parameters, payments)
        self._plans = [plans.of(target) for target in ordered.to_dict("records")]
        since = first_days(zip(ordered["contract_ref"], self._plans, strict=True))
        self._book = ReturnBook(contracts, claims, parameters, refused_returns, as_of, decisions, since)
        counted = counted_claims(claims, contracts, decisions, parameters)
        told = self._book.terms.told_by_returns(claims)
        verified = verifications(decisions, contracts, claims, parameters)
        self._done = Claimed(counted, parameters.measure_of, verified, told)
        of_contract = known.loc[ordered["contract_ref"]].reset_index(drop=True)
        self._rows = pd.concat([ordered[_OF_TARGET], of_contract[_OF_CONTRACT]], axis="columns")
        self._starts = of_contract["start_on"].to_numpy()
        self._policies = [
            (parameters.in_force(day.date()) if pd.notna(day) else None) or parameters.policy
            for day in of_contract["procurement_commenced_on"]
        ]
        self._measures = np.array(
            [parameters.measure_of[code] for code in ordered["measure_code"]], dtype=object
        )

    def at(self, period: Period) -> pd.DataFrame:
        """How every target stands at the end of the period: one row a contract and measure, to date, exact.

        Contracts that have started by then count, those that have ended too, for a shortfall does not vanish.
        """
        started = np.flatnonzero(self._starts <= np.datetime64(period.end))
        rows = self._rows.iloc[started]
        refs = rows["contract_ref"].tolist()
        plans = [self._plans[place] for place in started]
        of_contract = cache(lambda ref: self._book.account(ref, period))
        accounts = [of_contract(ref) for ref in refs]
        asked = [account.last_asked_on for account in accounts]
        done = self._done.to_date(refs, rows["measure_code"].tolist(), period.end, asked)
        due = [plan.due(period.end) for plan in plans]
        by_return = [
            now if account.judged_on == period.end else _due_by_return(plan, account)
            for now, plan, account in zip(due, plans, accounts, strict=True)
        ]
        policies = [self._policies[place] for place in started]
        years = [
            fte_years(added, measure)
            for added, measure in zip(done.added, self._measures[started], strict=True)
        ]
        figures: dict[str, Any] = {
            "period": period.id,
            "agreed": [plan.agreed(period.end) for plan in plans],
            "due": due,
            "due_by_return": by_return,
            "claimed": done.claimed,
            "evidenced": done.evidenced,
            "verified": done.verified,
            "claimed_fte_years": [claimed for claimed, _ in years],
            "verified_fte_years": [verified for _, verified in years],
            "over_claim": [
                over_claim(now, claimed, policy, reviewed=reviewed) if claimed else None
                for now, claimed, policy, reviewed in zip(
                    due, done.claimed, policies, done.is_reviewed, strict=True
                )
            ],
            "is_return_asked": [account.is_asked for account in accounts],
            "return_status": [account.status for account in accounts],
            "status": [
                rating(asked, verified, account.missing_in_a_row, policy)
                for asked, verified, account, policy in zip(
                    by_return, done.verified, accounts, policies, strict=True
                )
            ],
        }
        return frames.conform(rows.assign(**figures), keys.OUT_PERFORMANCE)


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
    return AMBER if verified and verified >= due * policy.rating.floor_pct / 100 else RED


def fte_years(added: tuple[Fraction, Fraction], measure: Measure) -> tuple[Fraction | None, Fraction | None]:
    """FTE-years of claimed and verified, added up over quarters, of staff in post; nothing of other measures.

    A quarter of what each quarter reports: ten people at work over four quarters are ten FTE-years, in four
    returns or in the one of a year. A quarter of which no return speaks counts nothing. Source: social-value
    policy parameters, section 3.4.
    """
    if measure.counting != "level" or measure.unit != FTE:
        return None, None
    return added[0] / 4, added[1] / 4


def counted_claims(
    claims: pd.DataFrame, contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters
) -> pd.DataFrame:
    """The claims without those that are claimed twice and wait for an officer's verification.

    Rules RT-015, RT-030, RT-031.
    """
    verified = verifications(decisions, contracts, claims, parameters)
    return claims[~held(claims, contracts, parameters.measure_of, set(verified))]


def _due_by_return(plan: Plan, account: Account) -> Fraction:
    return Fraction(0) if account.judged_on is None else plan.due(account.judged_on)
