"""Which published contracts have an end or a value that neither the register nor a decision gives.

Worked out without what moves a contract (`kcc_etl.domain.as_it_stands`). Does not belong here: which
contracts are listed (`wholeness`).
"""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pandas as pd

from checks.rules.outcome import rows
from kcc_etl.domain.changes import EARLY_END, EXTENSION, VALUE_CHANGE

_MOST = 6  # decisions about the value of one contract: of more, too many sums could be right
_VALUE = "value_ex_vat_pence"
_FACTS = ["contract_ref", "end_on", _VALUE]
_DAYS = ["new_end_on", "old_end_on"]


def beyond_decisions(listed: pd.DataFrame, contracts: pd.DataFrame, known: pd.DataFrame) -> set[str]:
    """References whose end is no day of the register or of a decision, or whose value no change leads to.

    A register may lack a decided change or show one that was corrected since, so a value may be off by each
    change either way, or not at all; pence excluding VAT.
    """
    moving = known[known["decision_kind"].isin([VALUE_CHANGE, EXTENSION, EARLY_END])]
    by_contract = dict(iter(moving.groupby("subject")))
    register = {ref: (end, value) for ref, end, value in rows(contracts, _FACTS)}
    nothing = moving.head(0)
    return {
        ref
        for ref, end, value in rows(listed, _FACTS)
        if isinstance(ref, str)
        and ref in register
        and not _leads_to(end, value, *register[ref], by_contract.get(ref, nothing))
    }


def _leads_to(end: object, value: int, had_end: object, had: int, decided: pd.DataFrame) -> bool:
    days = {day for name in _DAYS for day in decided[name].dropna()}
    days |= {day - timedelta(days=1) for day in decided["effective_on"].dropna()}
    return (end == had_end or end in days) and _sums_to(value - had, decided)


def _sums_to(pence: int, decided: pd.DataFrame) -> bool:
    moved = (decided["value_after_pence"] - decided["value_before_pence"]).dropna().astype(int).tolist()
    if not pence or len(moved) > _MOST:
        return True
    signs = product((-1, 0, 1), repeat=len(moved))
    return any(sum(s * m for s, m in zip(each, moved, strict=True)) == pence for each in signs)
