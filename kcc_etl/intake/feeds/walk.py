"""Walking through a feed of notices: window by window, page by page, from where the last night stopped.

Source of the addresses, limits and windows: `reference/transparency-law.md` sections 3.1 and 3.5.
Does not belong here: what landed before (`memory`), how a host is asked (`asking`).
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from kcc_etl.intake.feeds.asking import Answer, Conversation, Line, Trouble
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.feeds.harvest import RESPONSE, Harvest
from kcc_etl.intake.feeds.memory import Memory, Next, Window, windows_of
from kcc_etl.intake.feeds.pages import NoPage, Page, next_cursor, read_page

PAGE_BYTES = 10_000_000
"""The largest page that is believed; recorded pages of 100 releases have about 1.2 MB."""

PAGES = 1_000
"""The longest walk through one window that is believed."""

FAULTY_WINDOWS = 3
"""After so many faulty windows in a row, tonight's other ones would only fare the same."""

DOUBTED_DAYS = 7
"""For so long a working day without a release is asked again each night; then it was a day without one."""

_WINDOW_PARAMETERS = {
    "find-a-tender": ("updatedFrom", "updatedTo"),
    "contracts-finder": ("publishedFrom", "publishedTo"),
}


def walk(harvest: Harvest, line: Line) -> None:
    """Ask for every window of complete days that is not whole yet, oldest first, then for days in doubt."""
    Walk(harvest, line).go()


def parameters(feed: Feed, window: Window, cursor: str = "", limit: int = 100) -> dict[str, str]:
    """What the platform is asked for a page of a window."""
    first, last = _WINDOW_PARAMETERS[feed.type]
    times = {first: window.start.isoformat(), last: window.end.isoformat()}
    return {**times, "limit": str(limit), **({"cursor": cursor} if cursor else {})}


def days_asked(feed: Feed, today: date) -> list[date]:
    """The complete days of a feed, from the first one asked to yesterday."""
    yesterday = today - timedelta(days=1)
    first = feed.since or yesterday
    return [first + timedelta(days=number) for number in range((yesterday - first).days + 1)]


class Walk:
    """The walk of one night."""

    def __init__(self, harvest: Harvest, line: Line) -> None:
        self._harvest = harvest
        self._feed = harvest.feed
        self._memory = Memory(harvest.landed)
        self._conversation: Conversation = harvest.conversation(line, self._keep)

    def go(self) -> None:
        """The whole walk; what is wrong becomes findings."""
        days = days_asked(self._feed, self._harvest.today)
        asked = [window for day in days for window in windows_of(day) if not self._memory.is_whole(window)]
        asked.sort(key=self._memory.was_refused)  # a window that fails every night must not bar the others
        troubled = self._through([(w, self._memory.goes_on(w, self._feed.address)) for w in asked])
        doubted = [] if troubled else [w for day in days for w in self._to_ask_again(day)]
        self._through([(w, self._memory.afresh(w)) for w in doubted])
        for day in days:
            self._doubt(day)

    def _through(self, steps: list[tuple[Window, Next]]) -> bool:
        """Walk through windows; whether the night ended before the last of them."""
        faulty = 0
        for number, (window, step) in enumerate(steps, 1):
            trouble = self._window(window, step)
            faulty = faulty + 1 if trouble else 0
            if trouble is None:
                continue
            ends = trouble.ends_night or faulty == FAULTY_WINDOWS
            self._harvest.find(trouble, window.name, waiting=len(steps) - number if ends else 0)
            if ends:
                return True
        return False

    def _window(self, window: Window, step: Next) -> Trouble | None:
        """Walk through one window; what stopped it, if anything did."""
        page, cursor, cursors, contents = step.page, step.cursor, set(step.cursors), set(step.contents)
        while page <= PAGES:
            name = f"{step.attempt.folder(window)}/{page:04}"
            asked = parameters(self._feed, window, cursor)
            answer = self._conversation.ask(self._feed.address, asked, name, PAGE_BYTES)
            if isinstance(answer, Trouble):
                return answer
            found = _fresh_page(answer, contents)
            if isinstance(found, NoPage):
                self._keep(name, answer)
                return Trouble("FD-002", found.why, ends_night=False)
            contents.add(_digest(answer))
            self._land(f"{name}.json" if found.next_link else f"{name}-last.json", answer.body)
            if not found.next_link:
                return None
            following = next_cursor(found.next_link, self._feed.address)
            if isinstance(following, NoPage):
                return Trouble("FD-002", following.why, ends_night=False)
            if following in cursors:
                return Trouble("FD-002", "the links to the next page lead in a circle", ends_night=False)
            cursors.add(following)
            page, cursor = page + 1, following
        return Trouble("FD-002", f"a window of more than {PAGES:,} pages", ends_night=False)

    def _to_ask_again(self, day: date) -> list[Window]:
        """The windows of a working day that was empty when it was asked on an earlier day."""
        asked_on = self._emptiness(day)
        return windows_of(day) if asked_on and asked_on < self._harvest.today else []

    def _doubt(self, day: date) -> None:
        if self._emptiness(day):
            found = f"no notice at all on the working day {day.isoformat()}"
            self._harvest.find(Trouble("FD-003", found), day.isoformat())

    def _emptiness(self, day: date) -> date | None:
        """The day a working day was asked last, if it came back empty and is still in doubt."""
        in_doubt = day.weekday() < 5 and (self._harvest.today - day).days <= DOUBTED_DAYS
        return self._memory.is_empty(windows_of(day)) if in_doubt else None

    def _land(self, name: str, body: bytes) -> None:
        file = self._harvest.land(name, body)
        if file is not None:
            self._memory.note(file)

    def _keep(self, name: str, answer: Answer) -> None:
        file = self._harvest.land(f"{name}-{answer.status}.response", answer.body, RESPONSE)
        if file is not None:
            self._memory.note(file)


def _fresh_page(answer: Answer, contents: set[str]) -> Page | NoPage:
    if _digest(answer) in contents:
        return NoPage("the same page came twice; the links lead in a circle")
    return read_page(answer.body)


def _digest(answer: Answer) -> str:
    return hashlib.sha256(answer.body).hexdigest()
