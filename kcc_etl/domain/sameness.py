"""Which keys are one supplier: by shared identifiers first, then as officers have decided.

Does not belong here: what is known of a supplier (`suppliers`), names that look alike (`lookalikes`).

An identifier that would make one supplier of two company numbers makes none, nor does one that stands under
wholly different names until a decision makes these one; the contradiction is kept and told. A decision
never joins two suppliers of different company numbers either, nor two that were decided to be different. Of
the keys of one supplier the company number counts, then charity number, platform identifier and name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kcc_etl import asset_keys as keys_of_assets
from kcc_etl.domain.contested import contested_numbers, other_names
from kcc_etl.domain.decisions import decisions_known, in_order
from kcc_etl.domain.groups import Groups
from kcc_etl.domain.identifiers import KEY_COLUMNS, supplier_keys_of
from kcc_etl.domain.names import fold_name
from kcc_etl.schema.frames import empty, from_rows

TABLE = keys_of_assets.CORE_SUPPLIER_IDENTIFIER
SAME, DIFFERENT = "same supplier", "different suppliers"
KINDS = (SAME, DIFFERENT)

NAME = "name:"
_RANK = ("GB-COH", "GB-CHC", "GB-SC", "GB-NIC", "GB-PPON", "GB-MPR", "name")
_ONE_EACH = frozenset({"GB-COH", "GB-CHC", "GB-SC", "GB-NIC", "GB-MPR"})
"""Registers in which an organisation has one number; the platform gave some councils and firms two."""

_UNDER = "\x1f"
"""Between a name and the contested number it bears: no name of another number, nor of none, is meant."""

Pair = frozenset[str]
Contested = Mapping[str, Mapping[str, str]]
"""Of each number under wholly different names: by folded name, the name that stands for those like it."""


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
    frames.append(_columns(pd.DataFrame(suppliers, columns=list(KEY_COLUMNS), dtype=object)))
    return pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True)


def identify(named: pd.DataFrame, decisions: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Every identifier and folded name under which a supplier is mentioned, and the key it counts under.

    One row an identifier (or name without one) and folded name. Decisions count up to the day spoken about.
    """
    told = [_told(values) for values in named[list(KEY_COLUMNS)].itertuples(index=False, name=None)]
    contested = contested_numbers(told)
    seen, groups = _seen(told, contested)
    linked, conflicts = _linked(groups)
    bare = [
        {"own_key": key, "match_key": name, "linked_key": linked[_node(key, name, contested)]}
        for key, name in seen
    ]
    if not bare:
        return empty(TABLE)
    ruling = rule(from_rows([dict(row) for row in bare], TABLE), decisions, as_of)
    final = _final_keys(bare, ruling, contested)
    apart: dict[str, set[str]] = {}
    for one, other in (sorted(pair) for pair in ruling.apart):
        apart.setdefault(one, set()).add(final.get(other, other))
        apart.setdefault(other, set()).add(final.get(one, one))
    rows: list[dict[str, object]] = [
        {
            **row,
            "supplier_key": final[row["linked_key"]],
            "decision_id": ruling.decided_by.get(row["linked_key"]),
            "apart_from": "|".join(sorted(apart.get(row["linked_key"], ()))) or None,
            "identifier_conflict": _conflict(row, final, contested) or conflicts.get(row["own_key"]),
        }
        for row in bare
    ]
    return from_rows(rows, TABLE)


def _final_keys(bare: list[dict[str, str]], ruling: Ruling, contested: Contested) -> dict[str, str]:
    """The key that counts by linked key; a contested number counts once all its names are one by decision."""
    final = {row["linked_key"]: ruling.keys.get(row["linked_key"], row["linked_key"]) for row in bare}
    bearers: dict[str, set[str]] = {}
    for row in bare:
        if row["own_key"] in contested:
            bearers.setdefault(row["own_key"], set()).add(final[row["linked_key"]])
    settled: dict[str, str] = {}
    for number in sorted(bearers, key=_rank):
        if len(bearers[number]) == 1 and (name := next(iter(bearers[number]))).startswith(NAME):
            settled.setdefault(name, number)
    return {linked: settled.get(key, key) for linked, key in final.items()}


def _conflict(row: dict[str, str], final: Mapping[str, str], contested: Contested) -> str:
    """What to tell of a contested number; nothing once its names are one."""
    own = row["own_key"]
    if own not in contested or final[row["linked_key"]] == own:
        return ""
    return other_names(own, row["match_key"], contested[own])


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
    keys = {key: group[0] for group in groups.members(_rank) for key in group}
    return Ruling(keys, {k: n for k, n in decided_by.items() if keys.get(k) != k}, apart, faults)


class Settled:
    """The key that counts for a key of its own, and the keys it must not be taken for."""

    def __init__(self, identities: pd.DataFrame | None) -> None:
        columns = ["own_key", "match_key", "supplier_key", "apart_from"]
        rows = [] if identities is None else identities[columns].itertuples(index=False, name=None)
        self._keys: dict[str, dict[str, str]] = {}
        self._apart: dict[str, frozenset[str]] = {}
        for own, name, key, apart in rows:
            self._keys.setdefault(own, {})[str(name)] = key
            if isinstance(apart, str):
                self._apart[own] = self.apart(own) | frozenset(apart.split("|"))
        self._contested = {own for own, keys in self._keys.items() if len(set(keys.values())) > 1}

    def key(self, own: str, name: str | None = None) -> str:
        """The key that counts; of a number under wholly different names that of the name beside it."""
        keys = self._keys.get(own, {})
        if own in self._contested:
            return keys.get(fold_name(name), own)
        return next(iter(keys.values()), own)

    def apart(self, own: str) -> frozenset[str]:
        """Keys of suppliers that an officer has decided to be others."""
        return self._apart.get(own, frozenset())

    def known_as(self, keys: frozenset[str]) -> frozenset[str]:
        """Every key that a supplier with these keys may be known by, those that count included.

        The name of an identified supplier is left out where an officer has told it apart from another, and a
        number under wholly different names always.
        """
        keys = keys - self._contested
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
        self._linked: dict[str, set[str]] = {}
        self._named: dict[str, set[str]] = {}
        self.identifiers: dict[str, list[str]] = {}
        columns = ["own_key", "match_key", "linked_key"]
        for own, name, linked in identities[columns].itertuples(index=False, name=None):
            self._linked.setdefault(own, set()).add(linked)
            if isinstance(name, str):
                self._named.setdefault(name, set()).add(linked)
        self._keys = {key for bearers in self._linked.values() for key in bearers}
        for own, bearers in self._linked.items():
            if len(bearers) == 1:
                self.identifiers.setdefault(next(iter(bearers)), []).append(own)

    def find(self, text: str) -> _Found:
        """The linked key of the one supplier meant, or why it cannot be told."""
        if text in self._linked:
            return self._only(self._linked[text])
        if text in self._keys:
            return _Found(text)
        bare = text.split(":", 1)[1] if text.startswith("GB-") and ":" in text else text
        numbers = {
            *supplier_keys_of(bare, None, None),
            *supplier_keys_of(None, bare, bare),
        } & self._linked.keys()
        if numbers:
            return self._only({key for number in numbers for key in self._linked[number]})
        folded = fold_name(text.removeprefix(NAME))
        own = f"{NAME}{folded}"
        candidates = self._linked.get(own) or self._named.get(folded, set())
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
    there = {name: frame.get(name) for name in KEY_COLUMNS}
    return pd.DataFrame(there, index=frame.index).astype(object).drop_duplicates()


def _told(values: tuple[object, ...]) -> tuple[list[str], str]:
    """The keys that one mention gives, and the folded name beside them."""
    company, charity, ppon, name = (value if isinstance(value, str) else None for value in values)
    folded = fold_name(name)
    return supplier_keys_of(company, charity, ppon) or [f"{NAME}{folded}"], folded


def _seen(
    told: Iterable[tuple[list[str], str]], contested: Contested
) -> tuple[list[tuple[str, str]], Groups]:
    """Keys with the folded names they are seen under, in order; keys of one mention are one group."""
    seen: set[tuple[str, str]] = set()
    groups = Groups()
    for keys, folded in told:
        for key in keys:
            groups.join(_node(keys[0], folded, contested), _node(key, folded, contested))
            seen.add((key, folded))
    return sorted(seen), groups


def _node(key: str, name: str, contested: Contested) -> str:
    """What stands for a key beside a name when keys are joined: of a contested number the name."""
    if key not in contested or not name:
        return key
    return f"{NAME}{contested[key][name]}{_UNDER}{key}"


def _linked(groups: Groups) -> tuple[dict[str, str], dict[str, str]]:
    """The best key of each group by key; of a group with two numbers of one register, each key its own."""
    linked: dict[str, str] = {}
    conflicts: dict[str, str] = {}
    for group in groups.members(_rank):
        twice = _two_of_one_register(group)
        for key in group:
            linked[key] = (key if twice else group[0]).partition(_UNDER)[0]
            if twice:
                conflicts[key] = ", ".join(other.rpartition(_UNDER)[2] for other in group if other != key)
    return linked, conflicts


def _contradiction(
    groups: Groups, pair: Pair, apart: Iterable[Pair], identifiers: Mapping[str, list[str]]
) -> str:
    """Why two suppliers cannot be one; empty when they can."""
    tops = {groups.top(key) for key in pair}
    together = [key for group in groups.members() if groups.top(group[0]) in tops for key in group]
    if twice := _two_of_one_register(own for key in together for own in identifiers.get(key, ())):
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
    known = in_order(decisions_known(first, as_of))
    columns = known[["decision_id", "decision_kind", "subject", "other_subject"]]
    texts = columns.astype(object).where(columns.notna(), "")
    return [(str(a), str(b), str(c), str(d)) for a, b, c, d in texts.itertuples(index=False, name=None)]


def _rank(key: str) -> tuple[int, str]:
    return _RANK.index(key.split(":", 1)[0]), key
