"""The names that registers and ledgers are known to give our fields: the table `aliases.toml`, read once.

Does not belong here: what a heading means that is not in the table word for word (`headings`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

from kcc_etl.intake.headings.mapping import TABULAR_KINDS, fold_heading
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

Confidence = Literal["none", "doubtful", "likely", "certain"]
ORDER: dict[Confidence, int] = {"none": 0, "doubtful": 1, "likely": 2, "certain": 3}
_LOWER: dict[Confidence, Confidence] = {
    "certain": "likely",
    "likely": "doubtful",
    "doubtful": "doubtful",
    "none": "none",
}
_NO_FIELD = "none"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FIRST_RANK = -1


@dataclass(frozen=True)
class Reading:
    """One thing a heading may mean. `field` is empty when it is known to be no field of ours.

    Of two readings of the same confidence the lower `rank` is the stronger; `first` beats every other name.
    """

    field: str
    confidence: Confidence
    reason: str
    doubt: str = ""
    rank: int = 0
    known_by: Literal["dictionary", "LGA", "alias"] = "alias"

    @property
    def is_first(self) -> bool:
        """Whether this is the field even where another of its names is there."""
        return self.rank == _FIRST_RANK

    @property
    def strength(self) -> tuple[int, int]:
        """What two readings are compared by; the larger is the stronger."""
        return ORDER[self.confidence], -self.rank

    def lowered(self, doubt: str) -> Reading:
        """The same, one step less sure."""
        return replace(self, confidence=_LOWER[self.confidence], doubt=join_doubts(self.doubt, doubt))


@dataclass(frozen=True)
class Aliases:
    """The table of names: per kind, folded heading to reading; and the words that patterns are made of."""

    names: Mapping[str, Mapping[str, Reading]]
    shown: Mapping[str, str]
    words: Mapping[str, Any]
    patterns: tuple[Mapping[str, Any], ...]

    @cached_property
    def by_words(self) -> dict[str, dict[tuple[str, ...], tuple[str, Reading]]]:
        """Per kind, the words of each known name in alphabetical order to the name and its reading."""
        index: dict[str, dict[tuple[str, ...], tuple[str, Reading]]] = {}
        for kind, names in self.names.items():
            of_kind = index.setdefault(kind, {})
            for folded, reading in names.items():
                of_kind.setdefault(weighty(heading_words(self.shown[folded], self), self), (folded, reading))
        return index

    @cached_property
    def vocabulary(self) -> dict[str, frozenset[str]]:
        """Per kind, every word that a known name is made of."""
        return {
            kind: frozenset(word for words in known for word in words)
            for kind, known in self.by_words.items()
        }

    def without(self, headings: Iterable[str]) -> Aliases:
        """The table as if these headings had never been seen; the dictionary and the LGA's stay known."""
        gone = {fold_heading(heading) for heading in headings}
        names = {
            kind: {k: r for k, r in known.items() if k not in gone or r.known_by != "alias"}
            for kind, known in self.names.items()
        }
        return Aliases(names, self.shown, self.words, self.patterns)


@cache
def known_aliases() -> Aliases:
    """The table that is shipped with the program."""
    return parse_aliases(
        files("kcc_etl.intake.headings").joinpath("aliases.toml").read_text(encoding="utf-8")
    )


def parse_aliases(text: str) -> Aliases:
    """The table that a TOML text states. The dictionary's own titles and field names are always known."""
    data = tomllib.loads(text)
    shown: dict[str, str] = {}
    names = {kind: _names_of_kind(kind, data, shown) for kind in TABULAR_KINDS}
    return Aliases(names, shown, data["words"], tuple(data["pattern"]))


def heading_words(heading: str, aliases: Aliases) -> list[str]:
    """The words of a heading, abbreviations written out: `SupplierID` is `supplier number`."""
    same: Mapping[str, str] = aliases.words["same"]
    plain = re.findall(r"[^\W_]+", _CAMEL.sub(" ", heading.replace("'", "")).casefold())
    return [word for part in plain for word in same.get(part, part).split()]


def weighty(words: Iterable[str], aliases: Aliases) -> tuple[str, ...]:
    """The words that carry meaning, in alphabetical order."""
    weightless = set(aliases.words["weightless"])
    return tuple(sorted(word for word in words if word not in weightless))


def join_doubts(*doubts: str) -> str:
    """Doubts as one sentence part."""
    return "; ".join(dict.fromkeys(doubt for doubt in doubts if doubt))


def _names_of_kind(kind: str, data: Mapping[str, Any], shown: dict[str, str]) -> dict[str, Reading]:
    names: dict[str, Reading] = {}

    def add(heading: str, reading: Reading) -> None:
        shown.setdefault(fold_heading(heading), heading)
        names.setdefault(fold_heading(heading), reading)

    for field in RAW_TABLE_OF_KIND[kind].landed_fields:
        what = f"the title of the field '{field.title}'"
        add(field.title, Reading(field.name, "certain", what, known_by="dictionary"))
    for heading, name in data["lga"].get(kind, {}).items():
        add(heading, _lga_reading(kind, heading, name, data))
    for name, known in data[kind].items():
        if name == _NO_FIELD:
            for heading, what in known.items():
                add(heading, Reading("", "none", f"no field of ours: {what}"))
        else:
            _add_field(name, known, add)
    # Last, because a register's `contract_id` is as a rule the council's own reference.
    for field in RAW_TABLE_OF_KIND[kind].landed_fields:
        what = f"the name of the field '{field.title}'"
        add(field.name, Reading(field.name, "certain", what, known_by="dictionary"))
    return names


def _lga_reading(kind: str, heading: str, name: str, data: Mapping[str, Any]) -> Reading:
    if name == _NO_FIELD:
        what = "no field of ours: a heading of the Local Government Association"
        return Reading("", "none", what, known_by="LGA")
    alias = {
        fold_heading(known): doubt for known, doubt in data[kind].get(name, {}).get("likely", {}).items()
    }
    doubt = alias.get(fold_heading(heading), "")
    sure: Confidence = "likely" if doubt else "certain"
    title = FIELDS[name].title
    what = f"the Local Government Association's heading for '{title}'"
    return Reading(name, sure, what, doubt, known_by="LGA")


def _add_field(name: str, known: Mapping[str, Any], add: Any) -> None:
    title = FIELDS[name].title
    for heading in known.get("first", []):
        add(heading, Reading(name, "certain", f"a known name of '{title}'", rank=_FIRST_RANK))
    for rank, heading in enumerate(known.get("certain", []), 1):
        add(heading, Reading(name, "certain", f"a known name of '{title}'", rank=rank))
    for rank, (heading, doubt) in enumerate(known.get("likely", {}).items(), 1):
        add(heading, Reading(name, "likely", f"often a known name of '{title}'", doubt, rank))
    for rank, (heading, doubt) in enumerate(known.get("doubtful", {}).items(), 1):
        add(heading, Reading(name, "doubtful", f"at times a known name of '{title}'", doubt, rank))
