"""Waiting politely: the clock that is handed in, and how often each host may be asked.

Does not belong here: the real clock (`edge`), requests (`asking`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec

from kcc_etl.intake.feeds.feed import PACES, Pace
from kcc_etl.intake.landing.atomic import write_atomically

LONGEST_AWAY = 86_400.0
"""Seconds that a host can make us stay away at a time; a longer wish is taken for a mistake."""

_LONGEST_WINDOW = max(pace.seconds for pace in PACES.values())


class Clock(Protocol):
    """Time as the feeds see it, in seconds; a test hands in one that does not wait."""

    def monotonic(self) -> float:
        """Seconds since any fixed moment."""

    def epoch(self) -> float:
        """Seconds since 1970, by which one process knows when another one asked."""

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""


class Asked(msgspec.Struct):
    """When a host was asked, earliest first, and until when it wants no more; seconds since 1970."""

    times: list[float] = []
    away_until: float = 0.0


class Limiter:
    """Counts the requests to each host in a sliding window, whichever feeds and processes send them.

    What it knows is kept in the file `kept`, where there is one, so that a run soon after another is polite
    as well; `writes` is false for one that may leave no trace.
    """

    def __init__(self, kept: Path | None = None, *, writes: bool = True) -> None:
        self._kept, self._writes = kept, writes
        self._hosts: defaultdict[str, Asked] = defaultdict(Asked)

    def wait_needed(self, host: str, pace: Pace, now: float) -> float:
        """Seconds until the host may be asked again."""
        self._learn()
        asked = self._hosts[host]
        # A moment to come was noted before the clock was put back, and says nothing any more.
        asked.times = [time for time in asked.times if 0 <= now - time < _LONGEST_WINDOW]
        recent = [time for time in asked.times if now - time < pace.seconds]
        turn = recent[-pace.requests] + pace.seconds - now if len(recent) >= pace.requests else 0.0
        return max(turn, self.away(host, now))

    def away(self, host: str, now: float) -> float:
        """Seconds for which the host has asked us to stay away."""
        left = self._hosts[host].away_until - now
        return left if 0 < left <= LONGEST_AWAY else 0.0

    def note(self, host: str, now: float) -> None:
        """A request goes out now."""
        self._hosts[host].times.append(now)
        self._write()

    def stay_away(self, host: str, now: float, seconds: float) -> None:
        """The host asks us to send nothing for so long."""
        self._hosts[host].away_until = now + min(seconds, LONGEST_AWAY)
        self._write()

    def _learn(self) -> None:
        """Add what other feeds and processes noted."""
        for host, noted in _read(self._kept).items():
            own = self._hosts[host]
            own.times = sorted((Counter(own.times) | Counter(noted.times)).elements())
            own.away_until = max(own.away_until, noted.away_until)

    def _write(self) -> None:
        if self._kept is None or not self._writes:
            return
        with suppress(OSError):  # a full disk is told when the answer lands
            write_atomically(self._kept, msgspec.json.encode(self._hosts))


def _read(kept: Path | None) -> dict[str, Asked]:
    if kept is None:
        return {}
    try:
        return msgspec.json.decode(kept.read_bytes(), type=dict[str, Asked])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):  # none yet, or none that can be read
        return {}
