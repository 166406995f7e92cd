"""What a feed of notices remembers: the names of what landed, and the bytes of pages still to be followed.

A page of the window that starts on 10 August 2026 at 06:00 lands as `2026-08-10T06/0001.json`, the last one
as `2026-08-10T06/0003-last.json`; a window asked a second time as `2026-08-10T06-2/…`; an answer that is no
page under the page it was asked for, with its status: `2026-08-10T06/0002-503.response`.

Does not belong here: asking (`walk`), the ledger itself (`kcc_etl.intake.landing.landing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kcc_etl.intake.feeds.pages import NoPage, next_cursor, read_page
from kcc_etl.intake.landing.landing import LandedFile

HOURS = 6
"""Length of a window; longer ones dropped releases (kingfisher-collect, Find a Tender)."""

_NAME = re.compile(
    r"(?P<start>\d{4}-\d\d-\d\dT\d\d)(?:-(?P<attempt>\d+))?/(?P<page>\d{4})"
    r"(?:(?P<last>-last)?\.json|-(?P<status>\d{3})\.response)"
)
_MAY_PASS = (403, 408, 429)

FULL_PAGE = 100
"""Releases asked for on a page of a first walk: the most that the platforms give."""


@dataclass(frozen=True)
class Window:
    """A quarter of a day, local time as the platform counts it."""

    start: datetime

    @property
    def end(self) -> datetime:
        """Where the next window starts; a release of that very second may come twice, and counts once."""
        return self.start + timedelta(hours=HOURS)

    @property
    def name(self) -> str:
        """How names begin: the hour it starts."""
        return self.start.strftime("%Y-%m-%dT%H")


@dataclass
class Attempt:
    """One walk through a window: its pages by number, its last page, and the answers that were no pages."""

    number: int = 1
    pages: dict[int, LandedFile] = field(default_factory=dict)
    last: LandedFile | None = None
    refusals: dict[int, set[int]] = field(default_factory=dict)

    def folder(self, window: Window) -> str:
        """How the names of this attempt begin."""
        return window.name if self.number == 1 else f"{window.name}-{self.number}"

    @property
    def limit(self) -> int:
        """Releases asked for on a page, one less each time, so that pages break at other places.

        A window whose last page was full by chance then ends with another, or with a page that is not full.
        """
        return max(FULL_PAGE + 1 - self.number, 1)


@dataclass(frozen=True)
class Next:
    """Where a window goes on: the page to ask for, its cursor, and what the walk has met so far."""

    attempt: Attempt
    page: int
    cursor: str
    cursors: frozenset[str] = frozenset()
    contents: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Count:
    """What whole windows gave: releases, on which day they were asked last, and how often at least.

    `is_cut`: the last page of one of them is full, so that a page after it may have been kept from us.
    """

    releases: int
    asked_on: date
    times: int
    is_cut: bool


class Memory:
    """What landed of one feed, window by window."""

    def __init__(self, landed: Iterable[LandedFile]) -> None:
        self._attempts: dict[str, dict[int, Attempt]] = {}
        self._releases_of: dict[str, int] = {}
        for file in landed:
            self.note(file)

    def note(self, file: LandedFile) -> None:
        """One more file landed; a name that is not of this memory is passed over."""
        match = _NAME.fullmatch(file.file_name)
        if match is None:
            return
        number, page = int(match["attempt"] or 1), int(match["page"])
        attempt = self._attempts.setdefault(match["start"], {}).setdefault(number, Attempt(number))
        if match["status"]:
            attempt.refusals.setdefault(page, set()).add(int(match["status"]))
            return
        attempt.pages[page] = file
        if match["last"]:
            attempt.last = file

    def is_whole(self, window: Window) -> bool:
        """Whether any walk through the window came to its last page."""
        return any(attempt.last for attempt in self._attempts.get(window.name, {}).values())

    def latest(self, window: Window) -> Attempt | None:
        """The walk through the window that was begun last."""
        attempts = self._attempts.get(window.name)
        return attempts[max(attempts)] if attempts else None

    def was_refused(self, window: Window) -> bool:
        """Whether the latest walk through the window met an answer that was no page."""
        latest = self.latest(window)
        return latest is not None and bool(latest.refusals)

    def afresh(self, window: Window) -> Next:
        """The window from its first page, as one more attempt."""
        latest = self.latest(window)
        return Next(Attempt(latest.number + 1 if latest else 1), 1, "")

    def goes_on(self, window: Window, address: str) -> Next:
        """Where an unfinished window goes on: after its last page, or afresh when that leads nowhere."""
        latest = self.latest(window)
        if latest is None:
            return self.afresh(window)
        if not latest.pages:
            return self.afresh(window) if _is_spent(latest, 1) else Next(latest, 1, "")
        following = max(latest.pages) + 1
        met = _met(latest, address)
        if met is None or _is_spent(latest, following):
            return self.afresh(window)
        return Next(latest, following, list(met)[-1], frozenset(met), frozenset(met.values()))

    def count(self, windows: Sequence[Window]) -> Count | None:
        """What these windows gave, the fullest walk through each; None when one of them is not whole."""
        counts = [self._count(window) for window in windows]
        whole = [count for count in counts if count is not None]
        if len(whole) < len(windows):
            return None
        return Count(
            releases=sum(count.releases for count in whole),
            asked_on=min(count.asked_on for count in whole),
            times=min(count.times for count in whole),
            is_cut=any(count.is_cut for count in whole),
        )

    def _count(self, window: Window) -> Count | None:
        walks = [walk for walk in self._attempts.get(window.name, {}).values() if walk.last is not None]
        lasts = [walk.last for walk in walks if walk.last is not None]
        if not lasts:
            return None
        newest = max(walks, key=lambda walk: walk.number)
        return Count(
            releases=max(sum(map(self._releases, walk.pages.values())) for walk in walks),
            asked_on=max(last.landed_on for last in lasts),
            times=len(walks),
            is_cut=newest.last is not None and self._releases(newest.last) >= newest.limit,
        )

    def _releases(self, file: LandedFile) -> int:
        """How many releases a landed page has; a week of pages is read once a night."""
        if file.sha256 not in self._releases_of:
            page = read_page(file.path.read_bytes()) if file.path.is_file() else NoPage("no file")
            self._releases_of[file.sha256] = 0 if isinstance(page, NoPage) else page.releases
        return self._releases_of[file.sha256]


def _met(attempt: Attempt, address: str) -> dict[str, str] | None:
    """The cursors in the pages of a walk, in order, each with the contents of its page.

    None when the pages lead in a circle, away, or nowhere.
    """
    met: dict[str, str] = {}
    for number in range(1, max(attempt.pages) + 1):
        file = attempt.pages.get(number)
        page = read_page(file.path.read_bytes()) if file and file.path.is_file() else NoPage("no file")
        cursor = page if isinstance(page, NoPage) else next_cursor(page.next_link, address)
        if isinstance(page, NoPage) or isinstance(cursor, NoPage) or cursor in met:
            return None
        met[cursor] = page.contents
    return met


def windows_of(day: date) -> list[Window]:
    """The windows of a day, in order."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the platform's own local time
    return [Window(midnight + timedelta(hours=hour)) for hour in range(0, 24, HOURS)]


def _is_spent(attempt: Attempt, page: int) -> bool:
    """Whether the page was answered in a way that asking once more will not change."""
    statuses = attempt.refusals.get(page, set())
    return any(status < 500 and status not in _MAY_PASS for status in statuses)
