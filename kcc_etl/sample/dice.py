"""Chance that falls the same everywhere: draws from a seeded generator through stable methods alone.

`random.Random(seed).random()` gives the same numbers in every Python; `choice`, `sample` and `shuffle`
have changed between versions and are not used.
Does not belong here: what is drawn.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

_T = TypeVar("_T")

SEED = 20261123


class Dice:
    """One stream of draws. Streams of different names do not disturb each other."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(SEED + zlib.crc32(name.encode("ascii")))  # noqa: S311  # invented data, no secret

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, items: Sequence[_T]) -> _T:
        """One of the items."""
        return items[self.whole(0, len(items) - 1)]

    def happens(self, percent: int) -> bool:
        """True in `percent` of a hundred draws."""
        return self._random.random() * 100 < percent

    def day(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both included."""
        return first + timedelta(days=self.whole(0, (last - first).days))


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the 28th at the latest."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, min(day.day, 28))
