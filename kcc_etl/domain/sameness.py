"""Which keys are one supplier: by shared identifiers first, then as officers have decided.

Does not belong here: what is known of a supplier (`suppliers`), names that look alike (`lookalikes`).

An identifier that would make one supplier of two company numbers makes none; the contradiction is kept and
told. A decision never joins two suppliers of different company numbers either, nor two that were decided to
be different. Of the keys of one supplier the company number counts, then charity number, platform identifier
and name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from kcc_etl import asset_keys as keys_of_assets
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.identifiers import fold_name, supplier_keys_of
from kcc_etl.schema.frames import empty, from_rows

TABLE = keys_of_assets.CORE_SUPPLIER_IDENTIFIER
SAME, DIFFERENT = "same supplier", "different suppliers"
KINDS = (SAME, DIFFERENT)

NAME = "name:"
_RANK = ("GB-COH", "GB-CHC", "GB-SC", "GB-NIC", "GB-PPON", "GB-MPR", "name")
_ONE_EACH = frozenset({"GB-COH", "GB-CHC", "GB-SC", "GB-NIC", "GB-MPR"})
"""Registers in which an organisation has one number; the platform gave some councils and firms two."""

_MENTION = ["supplier_name", "supplier_company_number", "supplier_charity_number", "supplier_ppon"]

Pair = frozenset[str]


@dataclass
class Groups:
    """Disjoint groups of keys, joined two at a time."""

    _above: dict[str, str] = field(default_factory=dict)

    def top(self, key: str) -> str:
        """One key that stands for the group of a key."""
        above = self._above.setdefault(key, key)
        while above != self._above[above]:
            self._above[above] = self._above[self._above[above]]
            above = self._above[above]
        return above

    def join(self, one: str, other: str) -> None:
        """Make one group of two."""
        self._above[self.top(other)] = self.top(one)

    def members(self) -> list[list[str]]:
        """The groups, each in order, first by their first member."""
        found: dict[str, list[str]] = {}
        for key in sorted(self._above, key=_rank):
            found.setdefault(self.top(key), []).append(key)
        return list(found.values())


@dataclass(frozen=True)
class Ruling:
    """What came of the decisions: final key by linked key, the decision behind it, pairs apart, faults.

    `faults` gives, by decision number, the rule that the decision breaks and what was found.
    """

    keys: Mapping[str, str]
    decided_by: Mapping[str, str]
    apart: frozenset[Pair]
    faults: Mapping[str, tuple[str, str]]


def mentions(
    register: pd.DataFrame, payments: pd.DataFrame, claims: pd.DataFrame, notices: pd.DataFrame
) -> pd.DataFrame:
    """Every way in which the tables that landed name a supplier: name and identifiers, each once."""
    frames = [_columns(frame) for frame in (register, payments, claims)]
    suppliers = [
        supplier
        for text in notices["contracts_json"].dropna()
        for contract in json.loads(str(text))
        for supplier in contract.get("suppliers") or ()
    ]
    frames.append(_columns(pd.DataFrame(suppliers, columns=_MENTION, dtype=object)))
    return pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True)


def identify(named: pd.DataFrame, decisions: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Every identifier and folded name under which a supplier is mentioned, and the key it counts under.

    One row an identifier (or name without one) and folded name. Decisions count up to the day spoken about.
    """
    seen, groups = _seen(named)
    linked, conflicts = _linked(groups)
    bare = [{"own_key": key, "match_key": name, "linked_key": linked[key]} for key, name in seen]
    if not bare:
        return empty(TABLE)
    ruling = rule(from_rows([dict(row) for row in bare], TABLE), decisions, as_of)
    apart: dict[str, set[str]] = {}
    for one, other in (sorted(pair) for pair in ruling.apart):
        apart.setdefault(one, set()).add(ruling.keys.get(other, other))
        apart.setdefault(other, set()).add(ruling.keys.get(one, one))
    rows: list[dict[str, object]] = [
        {
            **row,
            "supplier_key": ruling.keys.get(row["linked_key"], row["linked_key"]),
            "decision_id": ruling.decided_by.get(row["linked_key"]),
            "apart_from": "|".join(sorted(apart.get(row["linked_key"], ()))) or None,
            "identifier_conflict": conflicts.get(row["own_key"]),
        }
        for row in bare
    ]
    return from_rows(rows, TABLE)


def rule(identities: pd.DataFrame, decisions: pd.DataFrame, as_of: date) -> Ruling:
    """What the decisions about sameness known on a day come to, in the order they were made.

    Of several decisions about the same two suppliers the last stands.
    """
    book = _Book(identities)
    faults: dict[str, tuple[str, str]] = {}
    last: dict[Pair, tuple[str, str]] = {}
    for number, kind, subject, other in _in_order(decisions, as_of):
        found = [book.find(text) for text in (subject, other)]
        told = zip((subject, other), found, strict=True)
        wrong = next((f"{text}: {one.fault}" for text, one in told if one.fault), "")
        if wrong:
            faults[number] = ("DC-003", wrong)
        elif found[0].key == found[1].key and kind == DIFFERENT:
            faults[number] = ("DC-008", f"{subject} and {other} share an identifier or a name: they are one")
        elif found[0].key != found[1].key:
            pair = frozenset({found[0].key, found[1].key})
            last.pop(pair, None)
            last[pair] = (number, kind)
    apart = frozenset(pair for pair, (_, kind) in last.items() if kind == DIFFERENT)
    groups, decided_by = Groups(), {}
    for pair, (number, kind) in last.items():
        if kind == SAME:
            if fault := _contradiction(groups, pair, apart, book.identifiers):
                faults[number] = ("DC-008", fault)
                continue
            groups.join(*sorted(pair, key=_rank))
            decided_by.update(dict.fromkeys(pair, number))
    keys = {key: group[0] for group in groups.members() for key in group}
    return Ruling(keys, {k: n for k, n in decided_by.items() if keys.get(k) != k}, apart, faults)


class Settled:
    """The key that counts for a key of its own, and the keys it must not be taken for."""

    def __init__(self, identities: pd.DataFrame | None) -> None:
        columns = ["own_key", "supplier_key", "apart_from"]
        rows = [] if identities is None else identities[columns].itertuples(index=False, name=None)
        self._key: dict[str, str] = {}
        self._apart: dict[str, frozenset[str]] = {}
        for own, key, apart in rows:
            self._key[own] = key
            if isinstance(apart, str):
                self._apart[own] = frozenset(apart.split("|"))

    def key(self, own: str) -> str:
        """The key that counts."""
        return self._key.get(own, own)

    def apart(self, own: str) -> frozenset[str]:
        """Keys of suppliers that an officer has decided to be others."""
        return self._apart.get(own, frozenset())

    def known_as(self, keys: frozenset[str]) -> frozenset[str]:
        """Every key that a supplier with these keys may be known by, those that count included.

        The name of an identified supplier is left out where an officer has told it apart from another.
        """
        numbers = frozenset(key for key in keys if not key.startswith(NAME))
        kept = numbers if numbers and any(map(self.apart, keys)) else keys
        return kept | {self.key(key) for key in numbers or keys}


@dataclass(frozen=True)
class _Found:
    key: str = ""
    fault: str = ""


class _Book:
    """Finds the supplier that a decision names: by key, by bare identifier, or by name."""

    def __init__(self, identities: pd.DataFrame) -> None:
        self._linked: dict[str, str] = {}
        self._named: dict[str, set[str]] = {}
        self.identifiers: dict[str, list[str]] = {}
        columns = ["own_key", "match_key", "linked_key"]
        for own, name, linked in identities[columns].itertuples(index=False, name=None):
            if own not in self._linked:
                self.identifiers.setdefault(linked, []).append(own)
            self._linked[own] = linked
            if isinstance(name, str):
                self._named.setdefault(name, set()).add(linked)

    def find(self, text: str) -> _Found:
        """The linked key of the one supplier meant, or why it cannot be told."""
        if text in self._linked:
            return _Found(self._linked[text])
        bare = text.split(":", 1)[1] if text.startswith("GB-") and ":" in text else text
        numbers = {
            *supplier_keys_of(bare, None, None),
            *supplier_keys_of(None, bare, bare),
        } & self._linked.keys()
        if numbers:
            return self._only({self._linked[number] for number in numbers})
        folded = fold_name(text.removeprefix(NAME))
        own = f"{NAME}{folded}"
        candidates = {self._linked[own]} if own in self._linked else self._named.get(folded, set())
        return self._only(candidates) if folded else _Found(fault="no supplier is named")

    @staticmethod
    def _only(candidates: set[str]) -> _Found:
        if len(candidates) == 1:
            return _Found(next(iter(candidates)))
        if not candidates:
            return _Found(fault="no supplier of the register, the ledgers or the notices")
        return _Found(
            fault="stands for " + " and ".join(sorted(candidates, key=_rank)) + "; give one of these keys"
        )


def _columns(frame: pd.DataFrame) -> pd.DataFrame:
    there = {name: frame.get(name) for name in _MENTION}
    return pd.DataFrame(there, index=frame.index).astype(object).drop_duplicates()


def _seen(named: pd.DataFrame) -> tuple[list[tuple[str, str]], Groups]:
    """Keys with the folded names they are seen under, in order; keys of one mention are one group."""
    seen: set[tuple[str, str]] = set()
    groups = Groups()
    for values in named[_MENTION].itertuples(index=False, name=None):
        name, company, charity, ppon = (value if isinstance(value, str) else None for value in values)
        folded = fold_name(name)
        keys = supplier_keys_of(company, charity, ppon) or [f"{NAME}{folded}"]
        for key in keys:
            groups.join(keys[0], key)
            seen.add((key, folded))
    return sorted(seen), groups


def _linked(groups: Groups) -> tuple[dict[str, str], dict[str, str]]:
    """The best key of each group by key; of a group with two numbers of one register, each key its own."""
    linked: dict[str, str] = {}
    conflicts: dict[str, str] = {}
    for group in groups.members():
        twice = _two_of_one_register(group)
        for key in group:
            linked[key] = key if twice else group[0]
            if twice:
                conflicts[key] = ", ".join(other for other in group if other != key)
    return linked, conflicts


def _contradiction(
    groups: Groups, pair: Pair, apart: Iterable[Pair], identifiers: Mapping[str, list[str]]
) -> str:
    """Why two suppliers cannot be one; empty when they can."""
    tops = {groups.top(key) for key in pair}
    together = [key for group in groups.members() if groups.top(group[0]) in tops for key in group]
    if twice := _two_of_one_register(own for key in together for own in identifiers[key]):
        return " and ".join(twice) + " are two organisations of one register"
    others = [sorted(two) for two in apart if two <= set(together)]
    return f"{others[0][0]} and {others[0][1]} were decided to be different suppliers" if others else ""


def _two_of_one_register(keys: Iterable[str]) -> list[str]:
    by_register: dict[str, list[str]] = {}
    for key in keys:
        by_register.setdefault(key.split(":", 1)[0], []).append(key)
    twice = (sorted(by_register[scheme]) for scheme in sorted(by_register.keys() & _ONE_EACH))
    return next((found for found in twice if len(found) > 1), [])


def _in_order(decisions: pd.DataFrame, as_of: date) -> Sequence[tuple[str, str, str, str]]:
    """Decisions about sameness made by a day: number, kind, subject, other subject.

    Of a number that is used twice the first row counts.
    """
    of_kind = decisions[decisions["decision_kind"].isin(KINDS)]
    place = ["source_name", "source_file", "source_sheet", "source_row"]
    first = of_kind.sort_values(place, kind="stable").drop_duplicates("decision_id")
    known = decisions_known(first, as_of).sort_values(["decided_on", "decision_id"], kind="stable")
    columns = known[["decision_id", "decision_kind", "subject", "other_subject"]]
    texts = columns.astype(object).where(columns.notna(), "")
    return [(str(a), str(b), str(c), str(d)) for a, b, c, d in texts.itertuples(index=False, name=None)]


def _rank(key: str) -> tuple[int, str]:
    return _RANK.index(key.split(":", 1)[0]), key
