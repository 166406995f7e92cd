"""Which returns policy asks of each contract: one a quarter, or at low risk one a year.

Does not belong here: which of them came (`returns`), reading return workbooks (`kcc_etl.intake`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pandas as pd

from kcc_etl.domain.asked import RISK_QUESTIONS, risk_class
from kcc_etl.domain.counted_changes import with_changed_ends
from kcc_etl.domain.known_ends import KnownEnds
from kcc_etl.domain.periods import Period, parse_period, quarter_of, quarters_between
from kcc_etl.domain.profile import mobilised_on
from kcc_etl.parameters.model import Parameters, Policy

YEARLY = "yearly"

_COLUMNS = ["contract_ref", "start_on", "end_on", "procurement_commenced_on", *RISK_QUESTIONS]


@dataclass(frozen=True)
class _Term:
    first: date
    """The first day on which something falls due of what the contract is agreed to do from its start."""
    asked_from: date | None
    """The first day on which something falls due, None if nothing ever does."""
    last: date
    is_yearly: bool
    policy: Policy


class ReturnTerms:
    """For which quarters each contract is asked for a return, by its risk class and its term.

    `decisions` change the ends of the `contracts`; without them the register's stand. The edition of the
    policy is that in force when the procurement commenced, else the newest. Every quarter after mobilisation
    in which the contract runs is asked for; of a contract of a class asked yearly only the last quarter of
    each financial year and the quarter the contract ends in. `asked_from` is the first day on which a
    contract has a target above zero (`asked_from.asked_from`): earlier quarters are not asked for, and none
    of a contract that is not in it; whoever asks which returns are asked for gives it. Source: policy
    parameters, sections 8.2 and 8.7.
    """

    def __init__(
        self,
        contracts: pd.DataFrame,
        parameters: Parameters,
        decisions: pd.DataFrame | None = None,
        asked_from: Mapping[str, date] | None = None,
    ) -> None:
        self._terms: dict[str, _Term] = {}
        self._ends: KnownEnds | None = None
        if decisions is not None:
            self._ends = KnownEnds(contracts, decisions)
            contracts = with_changed_ends(contracts, decisions)
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
            ref, first = str(row["contract_ref"]), max(mobilised, begun)
            since = first if asked_from is None else asked_from.get(ref)
            asked = None if since is None else max(first, since)
            self._terms[ref] = _Term(first, asked, end.date(), is_yearly, policy)

    def is_yearly(self, contract_ref: str) -> bool:
        """Whether the contract is asked for one return a year."""
        return contract_ref in self._terms and self._terms[contract_ref].is_yearly

    def due_days(self, contract_ref: str) -> int:
        """How many days after the quarter its return is due. Raises KeyError for an unknown contract."""
        return self._terms[contract_ref].policy.returns.due_days

    def asked(self, contract_ref: str, last: date) -> tuple[Period, ...]:
        """The quarters that ended by the day `last` and for which a return is asked, in order."""
        term = self._terms.get(contract_ref)
        if term is None or term.asked_from is None:
            return ()
        ends, quarters = _asked(term.asked_from, term.last, is_yearly=term.is_yearly)
        return quarters[: bisect_right(ends, last)]

    def is_ever_asked(self, contract_ref: str) -> bool:
        """Whether anything ever falls due of the contract."""
        return contract_ref in self._terms and self._terms[contract_ref].asked_from is not None

    def may_be_asked(self, contract_ref: str, quarter: Period) -> bool:
        """Whether anything of the contract falls due by the end of a quarter, under the policy."""
        term = self._terms.get(contract_ref)
        return term is not None and term.asked_from is not None and quarter.end >= term.asked_from

    def counted_in(self, contract_ref: str, stated: Period, known_on: date | None = None) -> Period:
        """The quarter that a return, or what was verified of it, counts in by the period it states.

        A financial year stands for the quarter that closes it where one return a year is asked for: the last
        of a contract that ends in it, else Q4. The end is the one that was known on the day the return
        landed, so that a change decided later moves no return; without that day it is the end as it is known
        now. Any other period stands for itself.
        """
        if stated.kind != "year" or not self.is_yearly(contract_ref):
            return stated
        last = self._terms[contract_ref].last
        if known_on is not None and self._ends is not None:
            last = self._ends.on(contract_ref, known_on) or last
        return quarter_of(last if stated.start <= last <= stated.end else stated.end)

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
