"""Which free texts may be published. Fails closed: a text is unpublished until it counts as reviewed.

Does not belong here: names (`redaction`), which rows are published (`publication`).

A text counts as reviewed when the council's list or a decision `reviewed text` has it, when so many lines of
so many payees bear it that it is a category of the ledger, or, of a description, when a published notice of
that procurement has it word for word or it says no more than the title. A title is published unless it seems
to name a person; what seems to name one is published only after a review, though a notice has it or many
lines bear it. Signs of personal data are taken out of reviewed texts and titles all the same.
"""

from __future__ import annotations

import unicodedata

import pandas as pd

from kcc_etl.domain.personal import may_name_a_person, without_signs
from kcc_etl.domain.redaction import REDACTED, words_of
from kcc_etl.parameters.redaction import Texts

NOT_REVIEWED = "NOT YET REVIEWED FOR PUBLICATION"
"""Stands in the place of a text."""

REVIEWED_TEXT = "reviewed text"
"""Kind of decision: its subject is the text, word for word."""


def publishable_purposes(
    published: pd.DataFrame, payments: pd.DataFrame, decisions: pd.DataFrame, rules: Texts
) -> pd.Series:
    """The purpose of each published line, or what stands in its place; `payments` are all of the ledgers."""
    fit = _reviewed(decisions, rules) | _categories(payments, rules)
    clean = publishable_titles(published["purpose"], decisions, rules)
    return _unless_fit(clean, published["purpose"], _folded(published["purpose"]).isin(fit))


def without_redacted_names(texts: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """Texts of rows to be published; `NOT_REVIEWED` stands for one that repeats the name redacted in its row.

    `rows` bear `supplier_name` as it arrived and `payee_reason`. No review lets such a text through: what is
    redacted in one cell is read in the next. Words are compared, not spaces, capitals or punctuation.
    """
    at_risk = rows["payee_reason"].notna() & texts.notna() & rows["supplier_name"].notna()
    pairs = zip(texts[at_risk], rows.loc[at_risk, "supplier_name"], strict=True)
    told = [words_of(name) != "" and f" {words_of(name)} " in f" {words_of(text)} " for text, name in pairs]
    repeats = pd.Series(told, index=texts.index[at_risk.astype(bool)], dtype=bool)
    return texts.mask(repeats.reindex(texts.index, fill_value=False), NOT_REVIEWED)


def publishable_descriptions(
    contracts: pd.DataFrame, notices: pd.DataFrame, decisions: pd.DataFrame, rules: Texts
) -> pd.Series:
    """The description of each contract of the register, or what stands in its place."""
    told = {
        (ocid, same_text(text))
        for ocid, text in zip(notices["ocid"], notices["contract_description"], strict=True)
        if isinstance(ocid, str) and isinstance(text, str)
    }
    reviewed = _reviewed(decisions, rules)
    fit = [
        same_text(text) in reviewed or (ocid, same_text(text)) in told or same_text(text) == same_text(title)
        for ocid, title, text in zip(
            contracts["ocid"], contracts["contract_title"], contracts["contract_description"], strict=True
        )
    ]
    texts = contracts["contract_description"]
    clean = publishable_titles(texts, decisions, rules)
    return _unless_fit(clean, texts, pd.Series(fit, index=contracts.index, dtype=bool))


def publishable_titles(titles: pd.Series, decisions: pd.DataFrame, rules: Texts) -> pd.Series:
    """Each title, or text of a published notice, without signs of personal data.

    `NOT_REVIEWED` stands where it seems to name a person and no officer has reviewed it.
    """
    named = named_unreviewed(titles, decisions, rules)
    shown = {text: without_signs(text, REDACTED) for text in titles.dropna().unique()}
    return titles.map({text: NOT_REVIEWED if text in named else clean for text, clean in shown.items()})


def named_unreviewed(titles: pd.Series, decisions: pd.DataFrame, rules: Texts) -> set[str]:
    """The texts that seem to name a person and that no officer has reviewed."""
    reviewed = _reviewed(decisions, rules)
    texts = (str(text) for text in titles.dropna().unique())
    return {text for text in texts if may_name_a_person(text) and same_text(text) not in reviewed}


def texts_awaiting_review(
    payments: pd.DataFrame, decisions: pd.DataFrame, rules: Texts
) -> list[tuple[str, int]]:
    """Purposes that no officer has reviewed, with the lines that bear them; most lines first."""
    fit = _reviewed(decisions, rules) | _categories(payments, rules)
    texts = payments["purpose"].dropna()
    folded = _folded(texts)
    waiting = texts[~folded.isin(fit) & (folded != "")]
    counted = waiting.groupby(folded).agg(["first", "size"])
    found = [(str(text), int(lines)) for text, lines in counted.itertuples(index=False)]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def same_text(text: object) -> str:
    """What two texts have alike that differ in spaces and capitals alone; empty for no text."""
    if not isinstance(text, str):
        return ""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _reviewed(decisions: pd.DataFrame, rules: Texts) -> set[str]:
    decided = decisions.loc[decisions["decision_kind"] == REVIEWED_TEXT, "subject"]
    return {same_text(text) for text in (*rules.reviewed_texts, *decided.dropna())} - {""}


def _categories(payments: pd.DataFrame, rules: Texts) -> set[str]:
    """Texts of so many lines and so many payees, by their folded names, that they are nobody's own words."""
    used = pd.DataFrame(
        {
            "text": _folded(payments["purpose"]),
            "payee": _folded(payments["supplier_name"]),
        }
    )
    counted = used[used["text"] != ""].groupby("text")["payee"].agg(["size", "nunique"])
    enough = (counted["size"] >= rules.category_lines) & (counted["nunique"] >= rules.category_payees)
    return set(counted.index[enough])


def _unless_fit(clean: pd.Series, texts: pd.Series, fit: pd.Series) -> pd.Series:
    return clean.where(fit.astype(bool) | texts.isna() | (_folded(texts) == ""), NOT_REVIEWED)


def _folded(texts: pd.Series) -> pd.Series:
    """`same_text` of every text, each worked out once."""
    same = {text: same_text(text) for text in texts.dropna().unique()}
    return pd.Series([same.get(text, "") for text in texts], index=texts.index, dtype="str")
