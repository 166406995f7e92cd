"""One page of a feed of notices: whether it is an OCDS release package, and which page comes after it.

Does not belong here: asking for pages (`walk`), reading releases (`kcc_etl.intake.notices.releases`).
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass, field

import httpx
import msgspec

from kcc_etl.intake.starts import is_web_page

_CURSOR = re.compile(r"[A-Za-z0-9+/=_.~-]{1,1000}")
_BARE_CURSOR = re.compile(r"[A-Za-z0-9+_-]{8,1000}={0,2}")


class _Package(msgspec.Struct):
    """The parts that the walk needs; releases stay as they came, 1e9999 is the reader's matter."""

    releases: list[msgspec.Raw]
    links: object = None


@dataclass(frozen=True)
class Page:
    """A release package: how many releases, the link to the page after it (empty on the last), its contents.

    `contents` is the SHA-256 of the releases alone, for a page that comes again may have another link.
    """

    releases: int
    next_link: str
    contents: str = field(default="", compare=False)


@dataclass(frozen=True)
class NoPage:
    """What an answer is instead, in words."""

    why: str


def read_page(body: bytes) -> Page | NoPage:
    """The page that a body is. No bytes make this raise."""
    if is_web_page(body):
        return NoPage("a web page came instead of data, perhaps a login page")
    try:
        package = msgspec.json.decode(body.removeprefix(codecs.BOM_UTF8), type=_Package)
    except msgspec.ValidationError:
        return NoPage("JSON that is no release package")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NoPage("an empty answer" if not body.strip() else "JSON that breaks off or is damaged")
    link = package.links.get("next") if isinstance(package.links, dict) else None
    if not isinstance(link, str | None):
        return NoPage("the link to the next page is no web address")
    contents = hashlib.sha256(b",".join(map(bytes, package.releases)))
    return Page(len(package.releases), link or "", contents.hexdigest())


def next_cursor(link: str, asked: str) -> str | NoPage:
    """The cursor in a link to the next page, which has to lead to the address that was asked.

    Only the cursor is taken from it: a link that somebody else put there cannot send us anywhere.

    Find a Tender gives the whole URL (recorded); so does Contracts Finder (kingfisher-collect, and a client
    that says it checked in February 2026). Another client saw the bare cursor of Contracts Finder, which is
    taken as well. Its numbered pages (`maxPage`, until 2022) held no `releases` and are no release package.
    """
    if _BARE_CURSOR.fullmatch(link):
        return link
    try:
        target, address = httpx.URL(link), httpx.URL(asked)
    except (httpx.InvalidURL, ValueError):
        return NoPage("the link to the next page is no web address")
    if _place(address.join(target)) != _place(address):
        return NoPage("the link to the next page leads to another place")
    cursor = str(target.params.get("cursor", ""))
    if not _CURSOR.fullmatch(cursor):
        return NoPage("the link to the next page has no usable cursor")
    return cursor


def _place(url: httpx.URL) -> tuple[str, str, int | None, str]:
    return (url.scheme, url.host, url.port, url.path)
