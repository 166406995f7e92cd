"""Which changes of parameters are material, as rules on their keys, each with its reason.

Does not belong here: finding what changed (`differences`), who decides it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from kcc_etl.parameters.base import FilledText, Sourced

Materially = Literal["material", "non-material"]


@dataclass(frozen=True)
class MaterialityRule:
    """Keys by a pattern such as `policy.relief.*`, the class of a change of them, and why."""

    keys: FilledText
    kind: Materially
    reason: FilledText


@dataclass(frozen=True)
class Materiality(Sourced):
    """The rules, of which the first that fits counts; the last fits every key."""

    rule: tuple[MaterialityRule, ...]

    def of(self, key: str) -> MaterialityRule:
        """The rule for a key such as `policy.relief.small`."""
        return next(rule for rule in self.rule if fnmatchcase(key, rule.keys))


@dataclass(frozen=True)
class MaterialityFile:
    """The file `materiality.toml`."""

    materiality: Materiality
