"""One polite question to a feed, to see whether it answers; nothing lands.

Does not belong here: fetching (`run`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from kcc_etl.intake.feeds.asking import Answer, Conversation, Line, Trouble
from kcc_etl.intake.feeds.clock import Clock
from kcc_etl.intake.feeds.download import FILE_BYTES, fault_of, file_name
from kcc_etl.intake.feeds.feed import Feed, with_secrets
from kcc_etl.intake.feeds.memory import Memory, windows_of
from kcc_etl.intake.feeds.pages import NoPage, read_page
from kcc_etl.intake.feeds.query import answer_of
from kcc_etl.intake.feeds.statement import is_ordered
from kcc_etl.intake.feeds.walk import PAGE_BYTES, days_asked, parameters
from kcc_etl.intake.landing.landing import LandedFile

_SECONDS = 180.0


def probe(feed: Feed, *, today: date, clock: Clock, client: Line) -> str | Trouble:
    """What the feed answers, in words, or what is wrong with it. One request, one row, one release."""
    if feed.type == "sql":
        return _database(feed)
    deadline = clock.monotonic() + _SECONDS
    conversation = Conversation(
        client, clock, feed.pace, deadline, keep=lambda name, answer: None, attempts=1
    )
    return _file(feed, conversation) if feed.type == "url" else _platform(feed, conversation, today)


def waiting(feed: Feed, landed: Sequence[LandedFile], today: date) -> int:
    """How many windows of a feed of notices the next night will ask for."""
    memory = Memory(file for file in landed if file.source_name == feed.name)
    days = days_asked(feed, today)
    return sum(not memory.is_whole(window) for day in days for window in windows_of(day))


def _platform(feed: Feed, conversation: Conversation, today: date) -> str | Trouble:
    window = windows_of(today - timedelta(days=1))[2]
    answer = conversation.ask(feed.address, parameters(feed, window, 1), "probe", PAGE_BYTES)
    if isinstance(answer, Trouble):
        return answer
    page = read_page(answer.body)
    return Trouble("FD-002", page.why) if isinstance(page, NoPage) else "answers with a release package"


def _file(feed: Feed, conversation: Conversation) -> str | Trouble:
    address, lacking = with_secrets(feed.address)
    if lacking:
        return Trouble("FD-001", f"the environment variable {', '.join(lacking)} is not set")
    name = file_name(feed.address, feed.name)
    answer = conversation.ask(address, {}, name, FILE_BYTES)
    fault = fault_of(answer, feed.kind, name) if isinstance(answer, Answer) else answer
    if fault is not None:
        return fault
    return f"answers with {len(answer.body):,} bytes" if isinstance(answer, Answer) else answer


def _database(feed: Feed) -> str | Trouble:
    answer = answer_of(feed, rows=1)
    if isinstance(answer, Trouble):
        return answer
    rows, content = answer
    if not rows:
        return Trouble("FD-003", "the query gives no row")
    titles = content.split(b"\r\n")[0].decode().count(",") + 1
    order = "" if is_ordered(feed.query) else "; without ORDER BY the same rows may land twice"
    return f"answers with {titles} column(s){order}"
