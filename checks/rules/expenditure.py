"""Which ledger lines are the council's expenditure, worked out anew for the rules on publications.

Does not belong here: the rules (`wholeness`, `code_sets`), the selection itself (`kcc_etl.domain`).
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pandas as pd

from checks.rules.outcome import Inputs, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.names import fold_name
from kcc_etl.parameters.duties import NoExpenditure, SpendExclusions


def expenditure_of(inputs: Inputs, first: date, last: date) -> pd.DataFrame:
    """The ledger lines paid from one day to another, without those of schools and of kinds left out."""
    payments, contracts = inputs.frames[keys.CORE_PAYMENT], inputs.frames[keys.CORE_CONTRACT]
    days = payments["paid_on"].between(pd.Timestamp(first), pd.Timestamp(last))
    paid = payments[days.fillna(False).astype(bool)]
    flags = rows(contracts, ["contract_ref", "is_school_contract"])
    schools = {ref for ref, flag in flags if pd.notna(flag) and flag}
    left_out = _left_out(paid, inputs.parameters.duties.spend_exclusions)
    return paid[~paid["contract_ref"].isin(schools) & ~left_out]


def _left_out(paid: pd.DataFrame, exclusions: SpendExclusions) -> pd.Series:
    """Whether each line is of a kind that is left out. Each purpose is asked about once."""
    told = {text: _told_by(_words(text), exclusions) for text in paid["purpose"].dropna().unique()}
    codes = {code for kind in exclusions.kind for code in kind.ledger_codes}
    found = paid["ledger_code"].isin(codes).astype(bool)
    perhaps = paid["purpose"].isin([text for text, kinds in told.items() if kinds])
    for place, purpose, payee in paid.loc[perhaps, ["purpose", "supplier_name"]].itertuples(name=None):
        folded = fold_name(payee) if isinstance(payee, str) else ""
        if any(not kind.payees or folded in map(fold_name, kind.payees) for kind in told[purpose]):
            found[place] = True
    return found


def _told_by(purpose: str, exclusions: SpendExclusions) -> list[NoExpenditure]:
    return [
        kind
        for kind in exclusions.kind
        if any(_words(words) in purpose for words in kind.purposes)
        and not any(_words(words) in purpose for words in kind.unless)
    ]


@cache
def _words(text: str) -> str:
    """The words of a text between blanks, so that a phrase in it is found as whole words."""
    return " " + " ".join(re.findall(r"[^\W_]+", text.casefold())) + " "
