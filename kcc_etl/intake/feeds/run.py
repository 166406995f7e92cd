"""A night of one feed: ask for what is new, land every answer, say what was wrong.

Does not belong here: how each type of feed is asked, the ledger, the clock and the network (`edge`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kcc_etl.domain.findings import Finding
from kcc_etl.intake.feeds.asking import Line
from kcc_etl.intake.feeds.clock import Clock
from kcc_etl.intake.feeds.download import download
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.feeds.harvest import Enter, Harvest
from kcc_etl.intake.feeds.query import ask_database
from kcc_etl.intake.feeds.walk import walk
from kcc_etl.intake.landing.landing import LandedFile


@dataclass(frozen=True)
class Fetched:
    """What a night of a feed gave: the new lines of the ledger, and what was wrong."""

    new: list[LandedFile]
    findings: list[Finding]


def fetch(
    feed: Feed, landed: Sequence[LandedFile], enter: Enter, *, today: date, clock: Clock, client: Line
) -> Fetched:
    """Take what a feed has new since what `landed` of it, whatever its kind.

    `enter` lands bytes and enters them in the ledger at once, so that a killed night goes on from its last
    page. Nothing that a feed does raises: it is told in findings (FD-001, FD-002, FD-003), and what landed
    before stays in use. What `enter` raises passes through.
    """
    own = [file for file in landed if file.source_name == feed.name]
    harvest = Harvest(feed, own, enter, today, clock)
    if feed.type == "url":
        download(harvest, client)
    elif feed.type == "sql":
        ask_database(harvest)
    else:
        walk(harvest, client)
    return Fetched(harvest.new, harvest.findings)
