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
        if _quarter(terms, ref, stated) == period and terms.asked(ref, period.end)[-1:] == (period,):
            first.setdefault(ref, day.date())
    last_days = {ref: period.end + timedelta(days=terms.due_days(ref)) for ref in first}
    over = {ref for ref, day in first.items() if day > last_days[ref]}
    unknown = {ref for ref in over if first[ref] == begun.date()}
    return Lateness(frozenset(over - unknown), frozenset(unknown))


def _quarter(terms: ReturnTerms, contract_ref: str, stated: str) -> Period:
    period = parse_period(stated)
    return terms.closing_quarter(contract_ref, period) if period.kind == "year" else period
