"""Whose return it is: the reference that was meant, and whether it comes from the contract's supplier.

Does not belong here: reading returns (`kcc_etl.intake`), who is the same supplier (`identifiers`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
from rapidfuzz import fuzz, process

from kcc_etl.domain.names import fold_name
from kcc_etl.domain.sameness import NAME, Settled

NEAR_SPELLING = 90
"""Likeness of two folded names, of 100, from which they are one supplier spelt twice."""
_NEAR_REFERENCE = 75
_SUGGESTED = 3
_JOINT = re.compile(r"\s*[;|]\s*")


def nearest_references(reference: str, supplier: str | None, contracts: pd.DataFrame) -> list[str]:
    """At most three references of the register that may have been meant, the likeliest first.

    Those of the supplier that are written alike, then all that are written alike, then the supplier's own.
    """
    known = [str(ref) for ref in contracts["contract_ref"]]
    names = contracts["supplier_name"]
    sender = fold_name(supplier or "")
    own = [ref for ref, name in zip(known, names, strict=True) if sender and _is_named(sender, name)]
    found = [*_alike(reference, own), *_alike(reference, known), *sorted(own)]
    return list(dict.fromkeys(found))[:_SUGGESTED]


def with_suggestions(raw: pd.DataFrame, unknown: pd.Series, contracts: pd.DataFrame) -> pd.Series:
    """The references of returns, those that are unknown with the nearest ones of the register."""
    told = raw["contract_ref"].astype(object)
    senders = raw.loc[unknown, ["contract_ref", "supplier_name"]].drop_duplicates()
    for ref, supplier in senders.itertuples(index=False, name=None):
        name = supplier if isinstance(supplier, str) else None
        near = nearest_references(str(ref), name, contracts)
        if near and isinstance(ref, str):
            same = unknown & (raw["contract_ref"] == ref) & _equal(raw["supplier_name"], name)
            told = told.mask(same, f"{ref}; did you mean {_one_of(near)}?")
    return told


def from_strangers(
    raw: pd.DataFrame, contracts: pd.DataFrame, identities: pd.DataFrame | None = None
) -> pd.Series:
    """Which lines come from a supplier that is not the one of their contract.

    Names agree when they fold to the same, or are spelt nearly alike and the sender is no other supplier of
    the register, or when an officer has decided so (`identities`). A return that names no supplier, and one
    for an unknown contract, comes from no stranger.
    """
    registered = dict(zip(contracts["contract_ref"], contracts["supplier_name"], strict=True))
    key_of = dict(zip(contracts["contract_ref"], contracts["supplier_key"], strict=True))
    keys: dict[str, set[str]] = {}
    for name, key in zip(contracts["supplier_name"], contracts["supplier_key"], strict=True):
        if isinstance(name, str):
            keys.setdefault(fold_name(name), set()).add(str(key))
    settled = Settled(identities)
    judged: dict[tuple[object, object], bool] = {}
    senders = raw[["contract_ref", "supplier_name"]].drop_duplicates()
    for ref, name in senders.itertuples(index=False, name=None):
        known = registered.get(ref)
        sender = fold_name(name) if isinstance(name, str) else ""
        if not sender or not isinstance(known, str) or _is_named(sender, known):
            continue
        if settled.key(f"{NAME}{sender}") == str(key_of[ref]):
            continue
        if sender in keys:
            judged[ref, name] = str(key_of[ref]) not in keys[sender]
        else:
            judged[ref, name] = not any(
                fuzz.ratio(sender, fold_name(part)) >= NEAR_SPELLING for part in _JOINT.split(known)
            )
    pairs = zip(raw["contract_ref"], raw["supplier_name"], strict=True)
    return pd.Series([judged.get(pair, False) for pair in pairs], index=raw.index, dtype=bool)


def strangers_found(raw: pd.DataFrame, contracts: pd.DataFrame) -> pd.Series:
    """What to say was found in a line of a stranger: the sender, and the supplier of the contract."""
    registered = dict(zip(contracts["contract_ref"], contracts["supplier_name"], strict=True))
    told = [
        f"{name}; the register has {registered.get(ref, 'no such contract')} for {ref}"
        for ref, name in zip(raw["contract_ref"], raw["supplier_name"], strict=True)
    ]
    return pd.Series(told, index=raw.index, dtype=object)


def _one_of(references: Sequence[str]) -> str:
    *others, last = references
    return f"{', '.join(others)} or {last}" if others else last


def _equal(names: pd.Series, name: str | None) -> pd.Series:
    return names.isna() if name is None else (names == name).fillna(False).astype(bool)


def _is_named(sender: str, registered: object) -> bool:
    """Whether the folded name is the registered one, or one of several in a joint contract."""
    if not isinstance(registered, str):
        return False
    return sender == fold_name(registered) or sender in map(fold_name, _JOINT.split(registered))


def _alike(reference: str, known: Sequence[str]) -> list[str]:
    matches = process.extract(
        reference.casefold(),
        {ref: ref.casefold() for ref in known},
        scorer=fuzz.ratio,
        score_cutoff=_NEAR_REFERENCE,
        limit=_SUGGESTED,
    )
    return [ref for _, _, ref in sorted(matches, key=lambda match: (-match[1], match[2]))]
