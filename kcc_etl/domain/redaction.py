"""Who may be named in a publication. Fails closed: a payee is an individual until shown otherwise.

Does not belong here: which rows are published (`publication`), free text (`reviewed`), counting what is
redacted (`redactions`).

A name is published when the payee is an organisation on good evidence (a company, charity or platform
number, of its own or of the one register supplier of its name) or an officer has cleared it, the ledger
neither calls it an individual nor books the payment under care of a person or a settlement, and it is not
withheld under section 94 of the Procurement Act 2023.
Source: Transparency Code 2015 and its LGA guidance v1.3 (redaction wording); hazards of council spend files.
"""

from __future__ import annotations

import re
import unicodedata
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from kcc_etl.domain.decisions import in_order
from kcc_etl.parameters.redaction import RedactionRules, Withholding

REDACTED = "REDACTED PERSONAL DATA"
COMMERCIAL = "REDACTED COMMERCIAL CONFIDENTIALITY"
"""Wording of the LGA practitioner guidance v1.3."""

WITHHELD = "WITHHELD UNDER SECTION 94"
NAME_TEXTS = (REDACTED, COMMERCIAL, WITHHELD)
"""Every text that stands in the place of a name."""

WITHHOLDING = "withholding"
"""Kind of decision: its subject is a contract, `other_subject` one payment of it if it is about one alone."""

LIFTED = "no longer withheld"
LIMBS = {
    "sensitive commercial information with overriding public interest": "commercial",
    "national security": "security",
    "national security, limb not stated": "unstated",
}
"""Reasons of a withholding, with the reason code that is published. The limb is published unless that would
itself harm national security. Source: PA23 s.94."""

TEXT_OF = {
    "individual": REDACTED,
    "purpose": REDACTED,
    "ledger_code": REDACTED,
    "contested": REDACTED,
    "not_shown": REDACTED,
    "commercial": COMMERCIAL,
    "security": WITHHELD,
    "unstated": WITHHELD,
}
"""The reason codes of names, with what is published in their place."""

_NUMBERS = ["supplier_company_number", "supplier_charity_number"]

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


def publishable_payees(
    payments: pd.DataFrame, decisions: pd.DataFrame, rules: RedactionRules
) -> pd.DataFrame:
    """The payments with `payee`, the name as it may be published, and `payee_reason`, why it is not there."""
    reasons = payee_reasons(payments, decisions, rules)
    return payments.assign(payee=_shown(payments["supplier_name"], reasons), payee_reason=reasons)


def payee_reasons(payments: pd.DataFrame, decisions: pd.DataFrame, rules: RedactionRules) -> pd.Series:
    """The reason code for which the payee of each payment may not be named; missing where it may.

    What is personal goes before what is commercial. A clearance lifts a doubt about the payee alone.
    """
    unclear, people = may_be_persons(payments, decisions), rules.people
    return _first_of(
        {
            "individual": called_individuals(payments),
            "purpose": _has_purpose(payments, people.purposes),
            "ledger_code": _has_code(payments, people.ledger_codes),
            "contested": unclear & payments[_NUMBERS].notna().any(axis=1),
            "not_shown": unclear,
        },
        _withheld_of(payments, decisions, rules.withholding),
    )


def named_together(payments: pd.DataFrame, numbers: pd.Series) -> pd.DataFrame:
    """Publishable payees of lines that are one payment, by its number: unless all may be named, none is.

    Of several reasons the first in `TEXT_OF` stands, what is personal before what is commercial.
    """
    given = payments["payee_reason"]
    order = [*TEXT_OF, *sorted(set(given.dropna()) - set(TEXT_OF))]
    ranks = given.map({code: place for place, code in enumerate(order)})
    first = ranks.astype("Float64").groupby(numbers).transform("min")
    reasons = first.map(dict(enumerate(order)), na_action="ignore").astype("str")
    return payments.assign(payee=_shown(payments["supplier_name"], reasons), payee_reason=reasons)


def publishable_suppliers(
    contracts: pd.DataFrame, decisions: pd.DataFrame | None = None, rules: RedactionRules | None = None
) -> pd.Series:
    """The supplier of each contract as it may be published: its name, or a redaction text.

    Without decisions nothing is withheld under section 94.
    """
    return _shown(contracts["supplier_name"], supplier_reasons(contracts, decisions, rules))


def supplier_reasons(
    contracts: pd.DataFrame, decisions: pd.DataFrame | None, rules: RedactionRules | None
) -> pd.Series:
    """The reason code for which the supplier of each contract may not be named; missing where it may."""
    unclear = ~_is_organisation(contracts)
    numbered = contracts[_NUMBERS].notna().any(axis=1) if set(_NUMBERS) <= set(contracts) else unclear & False
    withheld = pd.Series(None, index=contracts.index, dtype="str")
    if decisions is not None and rules is not None:
        withheld = _withheld_of(contracts, decisions, rules.withholding)
    return _first_of({"contested": unclear & numbered, "not_shown": unclear}, withheld)


def are_about_people(payments: pd.DataFrame, rules: RedactionRules) -> pd.Series:
    """Whether the purpose or the ledger code of each payment marks it as one about a person."""
    people = rules.people
    return _has_purpose(payments, people.purposes) | _has_code(payments, people.ledger_codes)


def may_be_persons(payments: pd.DataFrame, decisions: pd.DataFrame) -> pd.Series:
    """Whether each payee is no organisation on good evidence, and no officer has cleared it."""
    clearances = decisions.loc[decisions["decision_kind"] == "clearance", "subject"]
    cleared = payments["supplier_ledger_id"].isin(clearances) & payments["supplier_ledger_id"].notna()
    return ~(_is_organisation(payments) | cleared.fillna(False).astype(bool))


def called_individuals(payments: pd.DataFrame) -> pd.Series:
    """Whether the ledger calls each payee an individual; a payee of any kind but organisation is one."""
    kind = payments["payee_kind"]
    return (kind.notna() & (kind != "organisation")).fillna(False).astype(bool)


def is_redacted(names: pd.Series) -> pd.Series:
    """Whether a redaction text stands in the place of each name."""
    return names.isin(NAME_TEXTS).fillna(False).astype(bool)


def withheld_names(decisions: pd.DataFrame, allowed: Withholding) -> dict[tuple[str, str], str]:
    """Reason codes of what is withheld under section 94, by contract and payment; no payment is all of them.

    A withholding that is not in order (rule DC-030) withholds all the same, without a limb where it gives
    none of the Act's; only a role of the list lifts one. Of several on one thing the last stands.
    """
    of_kind = decisions[decisions["decision_kind"] == WITHHOLDING]
    found: dict[tuple[str, str], str] = {}
    for row in in_order(of_kind).to_dict("records"):
        payment = row["other_subject"]
        place = str(row["subject"]), payment if isinstance(payment, str) else ""
        reason = words_of(row["reason_code"])
        if reason == words_of(LIFTED) and may_withhold(row["role"], allowed):
            found.pop(place, None)
        elif reason == words_of(LIFTED):
            continue
        else:
            found[place] = {words_of(limb): code for limb, code in LIMBS.items()}.get(reason, "unstated")
    return found


def may_withhold(role: object, allowed: Withholding) -> bool:
    """Whether a role is of the list of those that may withhold."""
    return words_of(role) in [words_of(one) for one in allowed.roles]


def words_of(text: object) -> str:
    """The words of a text, however it is spaced, hyphenated, capitalised or made up of look-alike forms."""
    if not isinstance(text, str):
        return ""
    plain = unicodedata.normalize("NFKC", text).casefold()
    shown = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return " ".join(re.sub(r"[\W_]+", " ", shown).split())


def _is_organisation(rows: pd.DataFrame) -> pd.Series:
    return rows["supplier_key"].astype("str").str.startswith("GB-").fillna(False).astype(bool)


def _has_purpose(payments: pd.DataFrame, words: tuple[str, ...]) -> pd.Series:
    sought = [words_of(one) for one in words]
    told = {text: words_of(text) for text in payments["purpose"].dropna().unique()}
    hits = [text for text, folded in told.items() if any(one in folded for one in sought)]
    return payments["purpose"].isin(hits).fillna(False).astype(bool)


def _has_code(payments: pd.DataFrame, patterns: tuple[str, ...]) -> pd.Series:
    sought = [pattern.strip().casefold() for pattern in patterns]
    codes = payments["ledger_code"].dropna().unique()
    hits = [code for code in codes if any(fnmatchcase(str(code).strip().casefold(), one) for one in sought)]
    return payments["ledger_code"].isin(hits).fillna(False).astype(bool)


def _withheld_of(rows: pd.DataFrame, decisions: pd.DataFrame, allowed: Withholding) -> pd.Series:
    found = withheld_names(decisions, allowed)
    if not found:
        return pd.Series(None, index=rows.index, dtype="str")
    payments = rows["payment_ref"] if "payment_ref" in rows else [""] * len(rows)
    codes = [
        found.get((str(contract), str(payment))) or found.get((str(contract), ""))
        for contract, payment in zip(rows["contract_ref"], payments, strict=True)
    ]
    return pd.Series(codes, index=rows.index, dtype="str")


def _first_of(tests: dict[str, pd.Series], otherwise: pd.Series) -> pd.Series:
    """The code of the first test that each row meets."""
    reasons = otherwise
    for code in reversed(tests):
        reasons = reasons.mask(tests[code].astype(bool), code)
    return reasons


def _shown(names: pd.Series, reasons: pd.Series) -> pd.Series:
    return names.where(reasons.isna(), reasons.map(TEXT_OF))
