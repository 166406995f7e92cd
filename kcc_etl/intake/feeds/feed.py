"""What a feed is: where it is asked, from when on, and how politely.

Does not belong here: asking (`asking`), reading the settings (`kcc_etl.feed_settings`), what landed.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote, quote_plus, urlsplit

FeedType = Literal["find-a-tender", "contracts-finder", "url", "sql"]

FIND_A_TENDER = "https://www.find-tender.service.gov.uk/api/1.0/ocdsReleasePackages"
CONTRACTS_FINDER = "https://www.contractsfinder.service.gov.uk/Published/Notices/OCDS/Search"
_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_CREDENTIALS = re.compile(r"://.*@")


@dataclass(frozen=True)
class Pace:
    """At most `requests` in any `seconds`; `pause_after_403` is how long a refusal asks us to stay away."""

    requests: int
    seconds: float
    pause_after_403: float = 0.0


# Find a Tender answers 429 "limit of 12 … after 120 seconds" (recorded 12 August 2026). Two seconds more,
# because a request may travel longer than the one before it.
# Contracts Finder answers 403 and asks for five minutes (its API documentation); it states no number.
PACES: dict[str, Pace] = {
    "find-a-tender": Pace(12, 122.0),
    "contracts-finder": Pace(12, 122.0, pause_after_403=300.0),
    "url": Pace(30, 60.0),
}


@dataclass(frozen=True)
class Feed:
    """One source that is asked instead of looked for in a folder.

    `address` is the URL, or the database URL of an `sql` feed; it may name secrets as `${NAME}`, which stand
    in the environment. `since` is the first day asked of a feed of notices. `minutes` is what a night may
    spend on the feed.
    """

    name: str
    kind: str
    type: FeedType
    address: str
    query: str = ""
    since: date | None = None
    minutes: int = 60

    @property
    def pace(self) -> Pace:
        """How often its host may be asked."""
        return PACES.get(self.type, PACES["url"])

    @property
    def shown(self) -> str:
        """The address for a person to read: no credentials, no query, which may hold a key."""
        bare = _CREDENTIALS.sub("://", self.address)
        return bare.partition("?")[0]

    @property
    def host(self) -> str:
        """Host and port, by which requests are counted."""
        return urlsplit(self.address).netloc.rpartition("@")[2].lower()


def masked(text: str) -> str:
    """Text with the credentials of every URL in it hidden."""
    return re.sub(r"(?<=://)\S*@", "***@", text)


def secrets_named(address: str) -> list[str]:
    """The environment variables that an address names."""
    return _SECRET.findall(address)


def with_secrets(address: str) -> tuple[str, list[str]]:
    """The address with its secrets put in, percent-encoded, and the names of those the environment lacks."""
    lacking = [name for name in secrets_named(address) if not os.environ.get(name)]
    return _SECRET.sub(lambda match: quote(os.environ.get(match[1], ""), safe=""), address), lacking


def without_secrets(text: str, address: str) -> str:
    """A message with the values of the secrets of an address taken out again."""
    values = {os.environ.get(name, "") for name in secrets_named(address)}
    forms = {form for value in values for form in (value, quote(value, safe=""), quote_plus(value)) if form}
    for form in sorted(forms, key=len, reverse=True):  # one secret may be part of another
        text = text.replace(form, "***")
    return masked(text)
