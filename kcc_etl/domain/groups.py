"""Disjoint groups of texts, joined two at a time.

Does not belong here: why two texts are one (`sameness`, `contested`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Groups:
    """Disjoint groups of keys."""

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

    def members(self, order: Callable[[str], Any] | None = None) -> list[list[str]]:
        """The groups, each in order, first by their first member."""
        found: dict[str, list[str]] = {}
        for key in sorted(self._above, key=order):
            found.setdefault(self.top(key), []).append(key)
        return list(found.values())
