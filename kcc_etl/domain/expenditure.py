"""What counts as expenditure by the Transparency Code, and how much of it a ledger line is.

Does not belong here: floors and which lines a file holds (`publication`, `code_sets`), who may be named
(`redaction`), the words and codes by which a ledger tells (`kcc_etl.parameters`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from kcc_etl.domain.names import fold_name
from kcc_etl.domain.periods import Period
from kcc_etl.parameters.duties import NoExpenditure, SpendExclusions


def expenditure(
    payments: pd.DataFrame, contracts: pd.DataFrame, exclusions: SpendExclusions, period: Period
) -> pd.DataFrame:
    """The ledger lines of a period that are the council's expenditure.

    Payments under contracts of schools are the schools'. Salaries, pension contributions, what is due to HM
    Revenue and Customs and treasury dealings are none; payments to people are, and are redacted.
    Source: Transparency Code 2015; LGA guidance v1.3, spending data.
    """
    paid = payments["paid_on"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    lines = payments[paid.fillna(False).astype(bool)]
    school = contracts.loc[contracts["is_school_contract"].fillna(False).astype(bool), "contract_ref"]
    return lines[~lines["contract_ref"].isin(school) & ~is_no_expenditure(lines, exclusions)]


def is_no_expenditure(payments: pd.DataFrame, exclusions: SpendExclusions) -> pd.Series:
    """Whether each ledger line is of a kind that the Code does not count."""
    found = pd.Series(False, index=payments.index)
    for kind in exclusions.kind:
        found |= _is_of(kind, payments)
    return found


def spent_pence(payments: pd.DataFrame) -> pd.Series:
    """Each line without the VAT that the council recovers, in pence; VAT that it cannot recover is spent.

    Source: Transparency Code 2015, amount "net of recoverable VAT".
    """
    return payments["amount_ex_vat_pence"] + payments["irrecoverable_vat_pence"].fillna(0)


def cpv_of_contract(payments: pd.DataFrame, contracts: pd.DataFrame) -> pd.Series:
    """What was bought, by the code of the contract that each line names; empty where it names none."""
    codes = dict(zip(contracts["contract_ref"], contracts["cpv_code"], strict=True))
    return pd.Series([codes.get(ref) for ref in payments["contract_ref"]], index=payments.index, dtype="str")


def _is_of(kind: NoExpenditure, payments: pd.DataFrame) -> pd.Series:
    purposes = _words(payments["purpose"].fillna(""))
    found = _with_one_of(kind.purposes, purposes) & ~_with_one_of(kind.unless, purposes)
    if kind.payees:
        folded = {fold_name(name) for name in kind.payees}
        found &= payments["supplier_name"].map(fold_name, na_action="ignore").isin(folded)
    return (found | payments["ledger_code"].isin(kind.ledger_codes)).astype(bool)


def _with_one_of(words: Iterable[str], texts: pd.Series) -> pd.Series:
    """Whether each text, as `_words`, has one of the words or phrases, as whole words."""
    phrases = _words(pd.Series(list(words), dtype="str"))
    if phrases.empty:
        return pd.Series(False, index=texts.index)
    return texts.str.contains("|".join(map(re.escape, phrases)), regex=True).astype(bool)


def _words(texts: pd.Series) -> pd.Series:
    """The words of each text between single blanks, whatever stood between them."""
    found: pd.Series = (" " + texts.str.casefold() + " ").str.replace(r"[\W_]+", " ", regex=True)
    return found
