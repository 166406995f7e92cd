"""Returns: for which contracts and quarters one is due, which came, which are missing.

Does not belong here: reading return workbooks (`kcc_etl.intake`), what was delivered (`delivery`).
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from kcc_etl.domain.periods import Period, quarters_between
from kcc_etl.domain.profile import last_return_day, mobilised_on
from kcc_etl.parameters.model import Parameters

RECEIVED, NIL, MISSING, REFUSED, NOT_DUE = "received", "nil", "missing", "refused", "not due"

_WORST_FIRST = (MISSING, REFUSED, RECEIVED, NIL, NOT_DUE)


class ReturnBook:
    """Which return of which contract and quarter came, was refused or is missing.

    `claims` are the claims that count; `refused` names contracts and quarters whose return arrived and of
    which nothing could be counted (columns contract_ref and period). A return is due for every quarter after
    mobilisation while the contract runs, and missing once its last day is over on `as_of`; without `as_of`
    every due return that did not come is missing. Source: social-value policy parameters, section 8.7.
    """

    def __init__(
        self,
        contracts: pd.DataFrame,
        claims: pd.DataFrame,
        parameters: Parameters,
        refused: pd.DataFrame | None = None,
        as_of: date | None = None,
    ) -> None:
        self._parameters = parameters
        self._as_of = as_of
        self._terms = {
            str(ref): (start.date(), end.date(), commenced)
            for ref, start, end, commenced in contracts[
                ["contract_ref", "start_on", "end_on", "procurement_commenced_on"]
            ].itertuples(index=False)
            if pd.notna(start) and pd.notna(end)
        }
        nil = claims["is_nil"].fillna(False).astype(bool)
        self._with_lines = _pairs(claims[~nil])
        self._nil = _pairs(claims[nil])
        self._refused = _pairs(refused) if refused is not None else set()

    def due_quarters(self, contract_ref: str, last: date) -> tuple[Period, ...]:
        """The quarters up to the day `last` for which the contract owes a return, in order."""
        if contract_ref not in self._terms:
            return ()
        start, end, commenced = self._terms[contract_ref]
        policy = self._parameters.policy
        if pd.notna(commenced):
            policy = self._parameters.in_force(commenced.date()) or policy
        mobilised = mobilised_on(start, end, policy.profile.mobilisation_quarters)
        first = max(mobilised, self._parameters.policies[0].effective_from)
        quarters = quarters_between(first, min(end, last))
        days = policy.returns.due_days
        return tuple(quarter for quarter in quarters if quarter.end <= last and self._is_over(quarter, days))

    def status(self, contract_ref: str, period: Period) -> str:
        """received, nil, missing, refused or not due; for a half or a year the worst of its quarters."""
        due = {quarter.id for quarter in self.due_quarters(contract_ref, period.end)}
        found = {self._status(contract_ref, quarter.id, due) for quarter in period.quarters}
        return next(status for status in _WORST_FIRST if status in found)

    def missing_in_a_row(self, contract_ref: str, last: date) -> int:
        """How many of the latest returns due up to the day `last` are missing one after the other."""
        due = [quarter.id for quarter in self.due_quarters(contract_ref, last)]
        count = 0
        for quarter in reversed(due):
            if self._status(contract_ref, quarter, set(due)) != MISSING:
                break
            count += 1
        return count

    def _is_over(self, quarter: Period, due_days: int) -> bool:
        return self._as_of is None or last_return_day(quarter.end, due_days) < self._as_of

    def _status(self, contract_ref: str, quarter: str, due: set[str]) -> str:
        pair = (contract_ref, quarter)
        if pair in self._with_lines:
            return RECEIVED
        if pair in self._nil:
            return NIL
        if pair in self._refused:
            return REFUSED
        return MISSING if quarter in due else NOT_DUE


def _pairs(frame: pd.DataFrame) -> set[tuple[str, str]]:
    return set(frame[["contract_ref", "period"]].itertuples(index=False, name=None))
