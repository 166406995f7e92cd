"""Which returns policy asks of each contract: one a quarter, or at low risk one a year.

Does not belong here: which of them came (`returns`), reading return workbooks (`kcc_etl.intake`).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pandas as pd

from kcc_etl.domain.asked import RISK_QUESTIONS, risk_class
from kcc_etl.domain.periods import Period, parse_period, quarter_of, quarters_between
from kcc_etl.domain.profile import mobilised_on
from kcc_etl.parameters.model import Parameters, Policy

YEARLY = "yearly"

_COLUMNS = ["contract_ref", "start_on", "end_on", "procurement_commenced_on", *RISK_QUESTIONS]


@dataclass(frozen=True)
class _Term:
    first: date
    """The first day on which something falls due."""
    last: date
    is_yearly: bool
    policy: Policy


class ReturnTerms:
    """For which quarters each contract is asked for a return, by its risk class and its term.

    `contracts` are the contracts with the ends that recorded changes give them. The edition of the policy is
    that in force when the procurement commenced, else the newest. Every quarter after mobilisation in which
    the contract runs is asked for; of a contract of a class asked yearly only the last quarter of each
    financial year and the quarter the contract ends in. Source: policy parameters, sections 8.2 and 8.7.
    """

    def __init__(self, contracts: pd.DataFrame, parameters: Parameters) -> None:
        self._terms: dict[str, _Term] = {}
        begun = parameters.policies[0].effective_from
        for values in contracts[_COLUMNS].itertuples(index=False, name=None):
            row = dict(zip(_COLUMNS, values, strict=True))
            start, end, commenced = row["start_on"], row["end_on"], row["procurement_commenced_on"]
            if pd.isna(start) or pd.isna(end):
                continue
            edition = parameters.in_force(commenced.date()) if pd.notna(commenced) else None
            policy = edition or parameters.policy
            mobilised = mobilised_on(start.date(), end.date(), policy.profile.mobilisation_quarters)
            is_yearly = policy.assurance.of(risk_class(row, policy)).returns == YEARLY
            self._terms[str(row["contract_ref"])] = _Term(
                max(mobilised, begun), end.date(), is_yearly, policy
            )

    def is_yearly(self, contract_ref: str) -> bool:
        """Whether the contract is asked for one return a year."""
        return contract_ref in self._terms and self._terms[contract_ref].is_yearly

    def due_days(self, contract_ref: str) -> int:
        """How many days after the quarter its return is due. Raises KeyError for an unknown contract."""
        return self._terms[contract_ref].policy.returns.due_days

    def asked(self, contract_ref: str, last: date) -> tuple[Period, ...]:
        """The quarters that ended by the day `last` and for which a return is asked, in order."""
        if contract_ref not in self._terms:
            return ()
        term = self._terms[contract_ref]
        ends, quarters = _asked(term.first, term.last, is_yearly=term.is_yearly)
        return quarters[: bisect_right(ends, last)]

    def closing_quarter(self, contract_ref: str, year: Period) -> Period:
        """The quarter that a return of a whole year counts for: the contract's last in the year, else Q4."""
        term = self._terms.get(contract_ref)
        is_last = term is not None and year.start <= term.last <= year.end
        return quarter_of(term.last if term is not None and is_last else year.end)

    def told_by_returns(self, claims: pd.DataFrame) -> dict[tuple[str, str], int]:
        """Of how many quarters each return of a contract that is asked once a year speaks, by its quarter."""
        pairs = claims[["contract_ref", "period"]].dropna().drop_duplicates()
        quarters: dict[str, list[Period]] = {}
        for ref, quarter in pairs.itertuples(index=False, name=None):
            if self.is_yearly(ref):
                quarters.setdefault(ref, []).append(parse_period(quarter))
        found: dict[tuple[str, str], int] = {}
        for ref, sent in quarters.items():
            before: Period | None = None
            for quarter in sorted(sent, key=_end):
                found[ref, quarter.id] = self.quarters_told(ref, quarter, before)
                before = quarter
        return found

    def quarters_told(self, contract_ref: str, quarter: Period, before: Period | None) -> int:
        """How many quarters a return speaks of: its own, or all of the year that no return has told yet.

        `before` is the quarter of the contract's return before it. Never less than one.
        """
        if not self.is_yearly(contract_ref):
            return 1
        first = max(self._terms[contract_ref].first, parse_period(quarter.year).start)
        told = quarters_between(first, quarter.end)
        return max(len([one for one in told if before is None or one.start > before.end]), 1)


def _end(quarter: Period) -> date:
    return quarter.end


@lru_cache(maxsize=10_000)
def _asked(first: date, last: date, *, is_yearly: bool) -> tuple[tuple[date, ...], tuple[Period, ...]]:
    """The quarters of a term that are asked for, and the days they end on."""
    quarters = quarters_between(first, last)
    if is_yearly:
        quarters = tuple(one for one in quarters if one.id.endswith("Q4") or one.end >= last)
    return tuple(quarter.end for quarter in quarters), quarters
