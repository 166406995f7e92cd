"""Which free texts may be published. Fails closed: a text is unpublished until it counts as reviewed.

Does not belong here: names (`redaction`), which rows are published (`publication`).

A text counts as reviewed when the council's list or a decision `reviewed text` has it, when so many lines of
so many payees bear it that it is a category of the ledger, or, of a description, when a published notice of
that procurement has it word for word or it says no more than the title. A title is published unless it seems
to be about a person, or as a description is (`titles` in redaction.toml); what seems to be about a person is
published only after a review, though a notice has it or many lines bear it. Signs of personal data are taken
out of reviewed texts and titles all the same.
"""

from __future__ import annotations

import unicodedata

import pandas as pd

from kcc_etl.domain.hidden_names import HiddenNames
from kcc_etl.domain.personal import may_be_about_a_person, without_signs
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


def without_redacted_names(
    texts: pd.Series, hidden: HiddenNames, rows: pd.DataFrame | None = None
) -> pd.Series:
    """Texts to be published; `NOT_REVIEWED` stands for one that repeats a name that is redacted.

    That is one of `hidden`, redacted anywhere, or the name redacted in the text's own row: `rows` bear
    `supplier_name` as it arrived and `payee_reason`. No review lets such a text through: what is redacted in
    one cell is read in the next. Words are compared, not spaces, capitals or punctuation.
    """
    naming = {text for text in texts.dropna().unique() if hidden.stand_in(text)}
    clean = texts.mask(texts.isin(naming), NOT_REVIEWED)
    if rows is None:
        return clean
    at_risk = rows["payee_reason"].notna() & texts.notna() & rows["supplier_name"].notna()
    pairs = zip(texts[at_risk], rows.loc[at_risk, "supplier_name"], strict=True)
    told = [words_of(name) != "" and f" {words_of(name)} " in f" {words_of(text)} " for text, name in pairs]
    repeats = pd.Series(told, index=texts.index[at_risk.astype(bool)], dtype=bool)
    return clean.mask(repeats.reindex(texts.index, fill_value=False), NOT_REVIEWED)


def publishable_descriptions(
    contracts: pd.DataFrame, notices: pd.DataFrame, decisions: pd.DataFrame, rules: Texts
) -> pd.Series:
    """The description of each contract of the register, or what stands in its place."""
    texts, titles = contracts["contract_description"], contracts["contract_title"]
    fit = _fit(contracts, "contract_description", notices, _reviewed(decisions, rules))
    if rules.titles == "unless personal":
        fit |= (_folded(texts) == _folded(titles)).astype(bool)
    return _unless_fit(publishable_titles(texts, decisions, rules), texts, fit)


def publishable_contract_titles(
    contracts: pd.DataFrame, notices: pd.DataFrame | None, decisions: pd.DataFrame, rules: Texts
) -> pd.Series:
    """The title of each contract of the register, as `rules.titles` reads the law; else what stands instead.

    Where no notices are at hand a review alone lets a title through that may not stand without.
    """
    titles = contracts["contract_title"]
    clean = publishable_titles(titles, decisions, rules)
    if rules.titles == "unless personal":
        return clean
    fit = _fit(contracts, "contract_title", notices, _reviewed(decisions, rules))
    return _unless_fit(clean, titles, fit)


def publishable_titles(titles: pd.Series, decisions: pd.DataFrame, rules: Texts) -> pd.Series:
    """Each title, or text of a published notice, without signs of personal data.

    `NOT_REVIEWED` stands where it seems to be about a person and no officer has reviewed it.
    """
    named = named_unreviewed(titles, decisions, rules)
    shown = {text: without_signs(text, REDACTED) for text in titles.dropna().unique()}
    return titles.map({text: NOT_REVIEWED if text in named else clean for text, clean in shown.items()})


def named_unreviewed(titles: pd.Series, decisions: pd.DataFrame, rules: Texts) -> set[str]:
    """The texts that seem to be about a person and that no officer has reviewed."""
    reviewed = _reviewed(decisions, rules)
    texts = (str(text) for text in titles.dropna().unique())
    return {text for text in texts if may_be_about_a_person(text) and same_text(text) not in reviewed}


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


def _fit(contracts: pd.DataFrame, column: str, notices: pd.DataFrame | None, reviewed: set[str]) -> pd.Series:
    """Whether each text was reviewed, or stands word for word in a notice of its procurement."""
    told: set[tuple[object, str]] = set()
    if notices is not None:
        told = set(zip(notices["ocid"], map(same_text, notices[column]), strict=True))
    fit = [
        text in reviewed or (isinstance(ocid, str) and (ocid, text) in told)
        for ocid, text in zip(contracts["ocid"], map(same_text, contracts[column]), strict=True)
    ]
    return pd.Series(fit, index=contracts.index, dtype=bool)


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
