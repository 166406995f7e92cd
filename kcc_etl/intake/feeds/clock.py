"""Waiting politely: the clock that is handed in, and how often each host may be asked.

Does not belong here: the real clock (`edge`), requests (`asking`).
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Protocol

from kcc_etl.intake.feeds.feed import Pace


class Clock(Protocol):
    """Time as the feeds see it, in seconds; a test hands in one that does not wait."""

    def monotonic(self) -> float:
        """Seconds since any fixed moment."""

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""


class Limiter:
    """Counts the requests to each host in a sliding window, whichever feeds send them."""

    def __init__(self) -> None:
        self._asked: defaultdict[str, deque[float]] = defaultdict(deque)

    def wait_needed(self, host: str, pace: Pace, now: float) -> float:
        """Seconds until the host may be asked again."""
        asked = self._asked[host]
        while asked and now - asked[0] >= pace.seconds:
            asked.popleft()
        return asked[0] + pace.seconds - now if len(asked) >= pace.requests else 0.0

    def note(self, host: str, now: float) -> None:
        """A request goes out now."""
        self._asked[host].append(now)
