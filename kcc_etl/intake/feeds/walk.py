"""Walking through a feed of notices: window by window, page by page, from where the last night stopped.

Source of the addresses, limits and windows: `reference/transparency-law.md` sections 3.1 and 3.5.
Does not belong here: what landed before (`memory`), how a host is asked (`asking`).
"""

from __future__ import annotations

from datetime import date, timedelta

from kcc_etl.domain.working_days import Part, is_working_day, working_day_before
from kcc_etl.intake.feeds.asking import Answer, Conversation, Line, Trouble
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.feeds.harvest import RESPONSE, Harvest
from kcc_etl.intake.feeds.memory import Count, Memory, Next, Window, windows_of
from kcc_etl.intake.feeds.pages import NoPage, Page, next_cursor, read_page
from kcc_etl.intake.landing.versions import KEPT_SHARE

PAGE_BYTES = 10_000_000
"""The largest page that is believed; recorded pages of 100 releases have about 1.2 MB."""

PAGES = 1_000
"""The longest walk through one window that is believed."""

FAULTY_WINDOWS = 3
"""After so many faulty windows in a row, tonight's other ones would only fare the same."""

DOUBTED_DAYS = 7
"""For so long a day in doubt is asked again; then what it gave is believed."""

_WINDOW_PARAMETERS = {
    "find-a-tender": ("updatedFrom", "updatedTo"),
    "contracts-finder": ("publishedFrom", "publishedTo"),
}

_OF_THE_PLATFORM: tuple[Part, ...] = ("england",)
"""A platform of notices is quiet when England rests; the law counts the bank holidays of all parts."""


def walk(harvest: Harvest, line: Line) -> None:
    """Ask for every window of complete days that is not whole yet, oldest first, then for days in doubt."""
    Walk(harvest, line).go()


def parameters(feed: Feed, window: Window, limit: int, cursor: str = "") -> dict[str, str]:
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
            asked = parameters(self._feed, window, step.attempt.limit, cursor)
            answer = self._conversation.ask(self._feed.address, asked, name, PAGE_BYTES)
            if isinstance(answer, Trouble):
                return answer
            found = _fresh_page(answer, contents)
            if isinstance(found, NoPage):
                self._keep(name, answer)
                return Trouble("FD-002", found.why, ends_night=False)
            contents.add(found.contents)
            self._land(f"{name}.json" if found.next_link else f"{name}-last.json", answer.body, found)
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
        """The windows of a day in doubt that was asked last on an earlier day."""
        count = self._memory.count(windows_of(day)) if self._why_doubted(day) else None
        return windows_of(day) if count and count.asked_on < self._harvest.today else []

    def _doubt(self, day: date) -> None:
        found = self._why_doubted(day)
        if found:
            self._harvest.find(Trouble("FD-003", found), day.isoformat())

    def _why_doubted(self, day: date) -> str:
        """Why what a day gave is not believed yet, in words; empty when it is.

        Of platforms that were seen to leave out the link to the next page: kingfisher-collect, issue 1306.
        """
        recent = (self._harvest.today - day).days <= DOUBTED_DAYS
        count = self._memory.count(windows_of(day)) if recent else None
        if count is None:
            return ""
        if count.is_cut:
            return f"a full page that leads to no other on {day.isoformat()}"
        if not is_working_day(day, _OF_THE_PLATFORM):
            return ""
        if not count.releases:
            return f"no notice at all on the working day {day.isoformat()}"
        return self._why_few(day, count)

    def _why_few(self, day: date, count: Count) -> str:
        """Working days are held against working days; few notices that come a second time are believed."""
        before = working_day_before(day, _OF_THE_PLATFORM)
        usual = self._memory.count(windows_of(before))
        part, whole = KEPT_SHARE
        if usual is None or count.times > 1 or count.releases * whole >= usual.releases * part:
            return ""
        found = f"{count.releases:,} notices on {day.isoformat()}"
        return f"{found}, against {usual.releases:,} on {before.isoformat()}"

    def _land(self, name: str, body: bytes, page: Page) -> None:
        """Land a page; one without a release is remembered, and makes what came before it no fresher."""
        file = self._harvest.land(name, body, "" if page.releases else RESPONSE)
        if file is not None:
            self._memory.note(file)

    def _keep(self, name: str, answer: Answer) -> None:
        file = self._harvest.land(f"{name}-{answer.status}.response", answer.body, RESPONSE)
        if file is not None:
            self._memory.note(file)


def _fresh_page(answer: Answer, contents: set[str]) -> Page | NoPage:
    page = read_page(answer.body)
    if isinstance(page, Page) and page.contents in contents:
        return NoPage("the same releases came twice; the links lead in a circle")
    return page
