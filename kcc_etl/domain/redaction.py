"""Who may be named in a publication. Fails closed: a payee is an individual until shown otherwise.

Does not belong here: which rows are published (`kcc_etl.domain.publication`).

A name is published when the payee is an organisation on good evidence (a company, charity or platform
number, of its own or of the one register supplier of its name) or an officer has cleared it, and the ledger
neither calls it an individual nor books the payment under care of a person or a settlement.
Source: Transparency Code 2015 and its LGA guidance v1.3 (redaction wording); hazards of council spend files.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

REDACTED = "REDACTED PERSONAL DATA"
"""Wording of the LGA practitioner guidance v1.3."""

ALWAYS_REDACTED = ("foster", "adoption", "direct payment", "special guardianship", "settlement", "section 17")
"""Words in the ledger's purpose that mark payments about a person; no clearance lifts them."""


_REDACTION = re.compile(r"\b(?:redacted|redaction|withheld)\b", re.IGNORECASE)
_NO_NUMBER = frozenset({"", "-", "n/a", "na", "nil", "none", "no number", "tbc", "unknown", "various"})


def tells_apart(text: object) -> bool:
    """Whether a name or a number in a ledger stands for one thing: not redacted, not a word for none."""
    if not isinstance(text, str) or text.strip().casefold() in _NO_NUMBER:
        return False
    return _REDACTION.search(text) is None


def tell_apart(texts: pd.Series) -> pd.Series:
    """`tells_apart` of every text of a column.

    Each text is asked about once; a text with a figure and without part of a word for redaction is not asked
    about, for no word that stands for none has a figure.
    """
    numbers, distinct = pd.factorize(texts.astype("str"))
    known = pd.Series(distinct, dtype="str")
    sure = known.str.contains(r"[0-9]") & ~known.str.contains("redact|thheld", case=False)
    answers = sure.to_numpy(dtype=bool, copy=True)
    answers[~answers] = [tells_apart(text) for text in known[~sure.astype(bool)]]
    # The last answer is that of no text, whose number is -1.
    return pd.Series(np.append(answers, False)[numbers], index=texts.index, dtype=bool)


def publishable_payees(payments: pd.DataFrame, decisions: pd.DataFrame) -> pd.Series:
    """The payee of each payment as it may be published: its name, or the redaction text."""
    clearances = decisions.loc[decisions["decision_kind"] == "clearance", "subject"]
    cleared = payments["supplier_ledger_id"].isin(clearances) & payments["supplier_ledger_id"].notna()
    organisation = payments["supplier_key"].str.startswith("GB-")
    purpose = payments["purpose"].fillna("").str.casefold()
    sensitive = purpose.map(lambda text: any(word in text for word in ALWAYS_REDACTED)).astype(bool)
    named = (organisation | cleared) & ~called_individuals(payments) & ~sensitive
    return payments["supplier_name"].where(named.astype(bool), REDACTED)


def called_individuals(payments: pd.DataFrame) -> pd.Series:
    """Whether the ledger calls each payee an individual; a payee of any kind but organisation is one."""
    kind = payments["payee_kind"]
    return (kind.notna() & (kind != "organisation")).fillna(False).astype(bool)


def publishable_suppliers(contracts: pd.DataFrame) -> pd.Series:
    """The supplier of each contract as it may be published: its name, or the redaction text."""
    organisation = contracts["supplier_key"].str.startswith("GB-").fillna(False).astype(bool)
    return contracts["supplier_name"].where(organisation, REDACTED)
