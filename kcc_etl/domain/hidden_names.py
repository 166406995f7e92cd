"""Names that are redacted in one publication, and texts of any other that repeat one of them.

Does not belong here: who is redacted (`redaction`), which texts were reviewed (`reviewed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pandas as pd

from kcc_etl.domain.redaction import (
    called_individuals,
    may_be_persons,
    payee_reasons,
    supplier_reasons,
    words_of,
)
from kcc_etl.parameters.redaction import RedactionRules

_Words: TypeAlias = tuple[str, ...]

_ADDRESSES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "rev", "cllr", "and"})
_FEWEST_WORDS = 2


class HiddenNames:
    """Names that no published text may repeat, in either order: `Doe, Jo` is `Jo Doe`.

    Words are compared, not spaces, capitals, punctuation, forms of address or `and`. A name of one word could
    be a word of any text and is not looked for.
    """

    def __init__(self, names: Iterable[object] = ()) -> None:
        self._by_first: dict[str, set[_Words]] = {}
        for words in {words for name in names for words in _orders(_words_of_name(name))}:
            self._by_first.setdefault(words[0], set()).add(words)

    def stand_in(self, text: object) -> bool:
        """Whether the text repeats one of the names."""
        if not self._by_first:
            return False
        words = _words_of_name(text)
        return any(
            words[place : place + len(name)] == name
            for place, word in enumerate(words)
            for name in self._by_first.get(word, ())
        )


def hidden_names(
    contracts: pd.DataFrame, payments: pd.DataFrame, decisions: pd.DataFrame, rules: RedactionRules
) -> HiddenNames:
    """Suppliers of the register that may not be named, and payees of the ledgers that may be persons.

    A name that is published elsewhere, of the same supplier or of another of that name, is none of them: a
    firm withheld from one contract is named in the next. One whose payments are withheld too is not.
    `decisions` are those known.
    """
    unnamed = supplier_reasons(contracts, decisions, rules).notna()
    persons = may_be_persons(payments, decisions) | called_individuals(payments)
    hidden = {*contracts.loc[unnamed, "supplier_name"], *payments.loc[persons, "supplier_name"]}
    named = payee_reasons(payments, decisions, rules).isna()
    shown = {*contracts.loc[~unnamed, "supplier_name"], *payments.loc[named, "supplier_name"]}
    known = {words_of(name) for name in shown}
    return HiddenNames(name for name in hidden if words_of(name) not in known)


def unnamed_by_procurement(
    rows: pd.DataFrame, contracts: pd.DataFrame, decisions: pd.DataFrame, rules: RedactionRules
) -> pd.DataFrame:
    """`supplier_name` and `payee_reason` of a register contract of the procurement of each row, by `ocid`.

    Only contracts whose supplier may not be named; of several of one procurement the first by reference.
    """
    reasons = supplier_reasons(contracts, decisions, rules)
    told = contracts.assign(payee_reason=reasons)[reasons.notna() & contracts["ocid"].notna()]
    first = told.sort_values("contract_ref", kind="stable").drop_duplicates("ocid").set_index("ocid")
    found = first[["supplier_name", "payee_reason"]].reindex(rows["ocid"])
    return found.set_axis(rows.index, axis="index")


def _words_of_name(text: object) -> _Words:
    return tuple(word for word in words_of(text).split() if word not in _ADDRESSES)


def _orders(words: _Words) -> Iterator[_Words]:
    if len(words) >= _FEWEST_WORDS:
        yield words
        yield (words[-1], *words[:-1])
        yield (*words[1:], words[0])
