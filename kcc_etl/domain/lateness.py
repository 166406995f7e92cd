"""Late returns: those that came, but after their last day.

Does not belong here: returns that have not come (`returns`), which are asked for (`return_terms`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.return_terms import ReturnTerms


@dataclass(frozen=True)
class Lateness:
    """References of contracts: whose return came `late`, and of whose return that is `unknown`."""

    late: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


NONE_LATE = Lateness()


def late_returns(
    receipts: pd.DataFrame, ledger: pd.DataFrame, terms: ReturnTerms, period: Period
) -> Lateness:
    """Whose return for a quarter first landed after its last day; returns not asked for are never late.

    The first arrival decides, whatever became of it: a correction sent later does not make a return late. Of
    what landed on the first day of the ledger nobody can say when it came. `receipts` and `ledger` are the
    tables of these names. Source: social-value policy parameters, sections 8.7 and 8.9.
    """
    if ledger.empty:
        return NONE_LATE
    begun = ledger["landed_on"].min()
    landed = receipts[receipts["kind"] == "returns"].merge(
        ledger[["source_sha256", "landed_on"]], on="source_sha256"
    )
    first: dict[str, date] = {}
    known = landed.dropna(subset=["contract_ref", "period"]).sort_values("landed_on", kind="stable")
    for ref, stated, day in known[["contract_ref", "period", "landed_on"]].itertuples(index=False, name=None):
        if _is_of(terms, ref, stated, day.date(), period):
            first.setdefault(ref, day.date())
    last_days = {ref: period.end + timedelta(days=terms.due_days(ref)) for ref in first}
    over = {ref for ref, day in first.items() if day > last_days[ref]}
    unknown = {ref for ref in over if first[ref] == begun.date()}
    return Lateness(frozenset(over - unknown), frozenset(unknown))


def _is_of(terms: ReturnTerms, contract_ref: str, stated: str, landed_on: date, period: Period) -> bool:
    """Whether a return is that of the quarter, and was asked for: of a year, where it may be stated."""
    of_period = parse_period(stated)
    if terms.counted_in(contract_ref, of_period, landed_on) != period:
        return False
    if of_period.kind == "year":
        return terms.is_ever_asked(contract_ref)
    return terms.asked(contract_ref, period.end)[-1:] == (period,)
