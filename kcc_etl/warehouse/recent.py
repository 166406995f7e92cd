"""Frames read or written lately, by what they hold, so that a night reads no table twice.

Does not belong here: which version a table has now (`store` asks, in the transaction that reads).

A frame is kept under the hash of its table's content, not under a moment: whoever changes the table, in this
process or another, changes the version that is asked for. Frames are handed out as copies on write.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

import pandas as pd

LIMIT_BYTES = 128 * 2**20
"""Room for a county's tables several times over; what is larger is read again."""

Key = tuple[object, ...]


class Recent:
    """The frames used last, as many as there is room for. Safe to share between threads."""

    def __init__(self, limit: int = LIMIT_BYTES) -> None:
        self._limit = limit
        self._bytes = 0
        self._frames: OrderedDict[Key, tuple[pd.DataFrame, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> pd.DataFrame | None:
        """The frame kept under a key, if it is still there."""
        with self._lock:
            if key not in self._frames:
                return None
            self._frames.move_to_end(key)
            return self._frames[key][0].copy(deep=False)

    def keep(self, key: Key, frame: pd.DataFrame) -> None:
        """Keep a frame; those not used for longest make room."""
        size = int(frame.memory_usage().sum())
        if size > self._limit:
            return
        with self._lock:
            self._bytes += size - self._frames.pop(key, (frame, 0))[1]
            self._frames[key] = frame.copy(deep=False), size
            while self._bytes > self._limit:
                self._bytes -= self._frames.popitem(last=False)[1][1]


def asked(where: Mapping[str, object]) -> Key:
    """Conditions on columns as a part of a key, the same for the same conditions in any order."""
    return tuple((name, _shown(value)) for name, value in sorted(where.items()))


def _shown(value: object) -> object:
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(sorted(map(repr, value)))
    return repr(value)
