"""Nights of one feed in a test: a real landing folder, a clock that does not wait."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import httpx

from kcc_etl.intake.feeds.asking import Line
from kcc_etl.intake.feeds.clock import Limiter
from kcc_etl.intake.feeds.edge import open_client
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.feeds.run import Fetched, fetch
from kcc_etl.intake.landing.copies import copy_path, keep_bytes, open_landing
from kcc_etl.intake.landing.landing import LandedFile

TUESDAY = date(2026, 8, 11)
MONDAY = date(2026, 8, 10)
_OPEN = ExitStack()


@dataclass
class FakeClock:
    """Time that passes only while somebody sleeps."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def epoch(self) -> float:
        return 1_786_000_000.0 + self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)


@dataclass
class Nights:
    """The landing folder and the ledger of one feed, night after night."""

    folder: Path
    feed: Feed
    clock: FakeClock = field(default_factory=FakeClock)
    landed: list[LandedFile] = field(default_factory=list)
    timeout: float = 5.0
    asked: Path | None = None

    def run(self, today: date = TUESDAY) -> Fetched:
        landing = self.folder / "landing"
        open_landing(landing)

        def enter(kind: str, name: str, data: bytes) -> LandedFile | None:
            """As `landing.enter` does, with the ledger as a list; `test_killed_feeds` has the real one."""
            last = next((file for file in reversed(self.landed) if file.file_name == name), None)
            copy = keep_bytes(data, landing)
            if last and last.sha256 == copy.sha256:
                return None
            what = (copy.sha256, self.feed.name, kind, name, copy.size_bytes, today, len(self.landed) + 1)
            self.landed.append(LandedFile(*what, copy_path(landing, copy.sha256)))
            return self.landed[-1]

        known, line = list(self.landed), client(self.timeout, self.asked)
        return fetch(self.feed, known, enter, today=today, clock=self.clock, client=line)

    @property
    def pages(self) -> list[LandedFile]:
        return [file for file in self.landed if file.kind != "response"]

    @property
    def responses(self) -> list[LandedFile]:
        return [file for file in self.landed if file.kind == "response"]


def client(timeout: float = 5.0, asked: Path | None = None) -> Line:
    """The program's own client, with a limiter as of a new process and patience for a loopback."""
    http = _client()
    http.timeout = httpx.Timeout(timeout)
    return Line(http, Limiter(asked))


@cache
def _client() -> httpx.Client:
    return _OPEN.enter_context(open_client()).http


def rules(fetched: Fetched) -> list[str]:
    return [finding.rule_id for finding in fetched.findings]
