"""Returns: which that policy asks for came, and which are missing.

Does not belong here: which it asks for (`return_terms`), reading return workbooks (`kcc_etl.intake`), what
was delivered (`delivery`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.profile import last_end_overdue
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.parameters.model import Parameters

RECEIVED, NIL, MISSING, REFUSED, NOT_DUE = "received", "nil", "missing", "refused", "not due"

_WORST_FIRST = (MISSING, REFUSED, RECEIVED, NIL, NOT_DUE)


@dataclass(frozen=True)
class Account:
    """How the returns of one contract stand at the end of a period.

    `status` is received, nil, missing, refused or not due; for a half or a year the worst of its quarters.
    `is_asked`: policy asks for a return of some quarter of the period. `judged_on` is the day whose due the
    rating is judged by, the end of the last period that policy asks a return for; None if none is yet.
    `missing_in_a_row` is how many of the latest returns due are missing one after the other.
    """

    status: str
    is_asked: bool
    judged_on: date | None
    missing_in_a_row: int


class ReturnBook:
    """Which return of which contract and quarter came, was refused or is missing.

    `claims` are the claims that count; `refused` names contracts and periods whose return arrived and of
    which nothing could be counted (columns contract_ref and period; a year is that of a yearly return). A
    return that policy asks for is due, and missing, once its last day is over on `as_of`; without `as_of`
    every one that did not come is missing. Source: social-value policy parameters, section 8.7.
    """

    def __init__(
        self,
        contracts: pd.DataFrame,
        claims: pd.DataFrame,
        parameters: Parameters,
        refused: pd.DataFrame | None = None,
        as_of: date | None = None,
    ) -> None:
        self.terms = ReturnTerms(contracts, parameters)
        self._as_of = as_of
        nil = claims["is_nil"].fillna(False).astype(bool)
        self._with_lines = _pairs(claims[~nil])
        self._nil = _pairs(claims[nil])
        self._refused = (
            {self._of_quarter(*pair) for pair in _pairs(refused)} if refused is not None else set()
        )

    def account(self, contract_ref: str, period: Period) -> Account:
        """How the returns of a contract stand at the end of a period."""
        asked = self.terms.asked(contract_ref, period.end)
        due = self.due_quarters(contract_ref, period.end)
        return Account(
            status=self._worst(contract_ref, period, due),
            is_asked=bool(asked) and asked[-1].end >= period.start,
            judged_on=self._judged_on(contract_ref, asked, period.end),
            missing_in_a_row=self._missing_in_a_row(contract_ref, due),
        )

    def due_quarters(self, contract_ref: str, last: date) -> tuple[Period, ...]:
        """The quarters up to the day `last` for which the contract owes a return, in order."""
        asked = self.terms.asked(contract_ref, last)
        if self._as_of is None or not asked:
            return asked
        overdue = last_end_overdue(self._as_of, self.terms.due_days(contract_ref))
        return asked if asked[-1].end <= overdue else self.terms.asked(contract_ref, overdue)

    def _worst(self, contract_ref: str, period: Period, due: Sequence[Period]) -> str:
        quarters = (period,) if period.kind == "quarter" else period.quarters
        found = {self._status(contract_ref, quarter, due) for quarter in quarters}
        return next(status for status in _WORST_FIRST if status in found)

    def _missing_in_a_row(self, contract_ref: str, due: Sequence[Period]) -> int:
        count = 0
        for quarter in reversed(due):
            if self._status(contract_ref, quarter, due) != MISSING:
                break
            count += 1
        return count

    def _judged_on(self, contract_ref: str, asked: Sequence[Period], last: date) -> date | None:
        # A supplier that is asked once a year need not have told anything of the quarters since.
        if not self.terms.is_yearly(contract_ref):
            return last
        return asked[-1].end if asked else None

    def _of_quarter(self, contract_ref: str, period: str) -> tuple[str, str]:
        stated = parse_period(period)
        if stated.kind == "year" and self.terms.is_yearly(contract_ref):
            return contract_ref, self.terms.closing_quarter(contract_ref, stated).id
        return contract_ref, period

    def _status(self, contract_ref: str, quarter: Period, due: Sequence[Period]) -> str:
        pair = (contract_ref, quarter.id)
        if pair in self._with_lines:
            return RECEIVED
        if pair in self._nil:
            return NIL
        if pair in self._refused:
            return REFUSED
        return MISSING if quarter in due else NOT_DUE


def _pairs(frame: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(frame["contract_ref"], frame["period"], strict=True))
