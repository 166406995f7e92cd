"""Returns: which that policy asks for came, and which are missing.

Does not belong here: which it asks for (`return_terms`), reading return workbooks (`kcc_etl.intake`), what
was delivered (`delivery`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    `last_asked_on` is the end of the last quarter asked for, whatever the contract. `missing_in_a_row` is how
    many of the latest returns due are missing one after the other.
    """

    status: str
    is_asked: bool
    judged_on: date | None
    last_asked_on: date | None
    missing_in_a_row: int


class ReturnBook:
    """Which return of which contract and quarter came, was refused or is missing.

    `claims` are the claims that count; `refused` names contracts and periods whose return arrived and of
    which nothing could be counted, and the day it landed (columns contract_ref, period and received_on; a
    year is that of a yearly return). A return that policy asks for is due, and missing, once its last day is
    over on `as_of`; without `as_of` every one that did not come is missing. `decisions` change the ends of
    the `contracts`; a year that was told by the end known then is not asked for again in an earlier quarter.
    By `asked_from` no return is asked for of a contract before it has a target (`ReturnTerms`).
    Source: social-value policy parameters, section 8.7.
    """

    def __init__(
        self,
        contracts: pd.DataFrame,
        claims: pd.DataFrame,
        parameters: Parameters,
        refused: pd.DataFrame | None = None,
        as_of: date | None = None,
        decisions: pd.DataFrame | None = None,
        asked_from: Mapping[str, date] | None = None,
    ) -> None:
        self.terms = ReturnTerms(contracts, parameters, decisions, asked_from)
        self._as_of = as_of
        nil = claims["is_nil"].fillna(False).astype(bool)
        self._with_lines = _pairs(claims[~nil])
        self._nil = _pairs(claims[nil])
        years = _years(claims)
        self._refused: set[tuple[str, str]] = set()
        for ref, stated, landed_on in _landed(refused):
            quarter = self.terms.counted_in(ref, parse_period(stated), landed_on)
            self._refused.add((ref, quarter.id))
            if parse_period(stated).kind == "year" and self.terms.is_yearly(ref):
                years.setdefault(ref, set()).add(quarter)
        self._years = years

    def account(self, contract_ref: str, period: Period) -> Account:
        """How the returns of a contract stand at the end of a period."""
        asked = self._asked(contract_ref, period.end)
        due = self.due_quarters(contract_ref, period.end)
        return Account(
            status=self._worst(contract_ref, period, due),
            is_asked=bool(asked) and asked[-1].end >= period.start,
            judged_on=self._judged_on(contract_ref, asked, period.end),
            last_asked_on=asked[-1].end if asked else None,
            missing_in_a_row=self._missing_in_a_row(contract_ref, due),
        )

    def due_quarters(self, contract_ref: str, last: date) -> tuple[Period, ...]:
        """The quarters up to the day `last` for which the contract owes a return, in order."""
        asked = self._asked(contract_ref, last)
        if self._as_of is None or not asked:
            return asked
        overdue = last_end_overdue(self._as_of, self.terms.due_days(contract_ref))
        return asked if asked[-1].end <= overdue else self._asked(contract_ref, overdue)

    def _asked(self, contract_ref: str, last: date) -> tuple[Period, ...]:
        """The quarters asked for; where a return has told a year, its own and none before it in the year."""
        if contract_ref not in self._years:
            return self.terms.asked(contract_ref, last)
        told = {one for one in self._years[contract_ref] if self.terms.may_be_asked(contract_ref, one)}
        quarters = {
            quarter
            for quarter in self.terms.asked(contract_ref, date.max)
            if not any(one.year == quarter.year and one.end > quarter.end for one in told)
        }
        return tuple(sorted((one for one in quarters | told if one.end <= last), key=_end))

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

    def _status(self, contract_ref: str, quarter: Period, due: Sequence[Period]) -> str:
        pair = (contract_ref, quarter.id)
        if pair in self._with_lines:
            return RECEIVED
        if pair in self._nil:
            return NIL
        if pair in self._refused:
            return REFUSED
        return MISSING if quarter in due else NOT_DUE


def _years(claims: pd.DataFrame) -> dict[str, set[Period]]:
    """The quarters in which returns count that state the financial year, by contract."""
    found: dict[str, set[Period]] = {}
    told = claims[["contract_ref", "period", "stated_period"]].dropna().drop_duplicates()
    for ref, counted, stated in told.itertuples(index=False, name=None):
        if parse_period(stated).kind == "year":
            found.setdefault(ref, set()).add(parse_period(counted))
    return found


def _landed(refused: pd.DataFrame | None) -> Iterator[tuple[str, str, date | None]]:
    if refused is None:
        return
    columns = refused.reindex(columns=["contract_ref", "period", "received_on"])
    for ref, stated, day in columns.itertuples(index=False, name=None):
        yield ref, stated, None if pd.isna(day) else day.date()


def _end(quarter: Period) -> date:
    return quarter.end


def _pairs(frame: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(frame["contract_ref"], frame["period"], strict=True))
