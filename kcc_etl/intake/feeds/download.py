"""A feed that is one file at a web address: fetched whole, looked at, landed under its own name.

Does not belong here: feeds of pages (`walk`), reading the file (`kcc_etl.intake.reader`).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from kcc_etl.intake.feeds.asking import Answer, Line, Trouble
from kcc_etl.intake.feeds.feed import with_secrets
from kcc_etl.intake.feeds.harvest import RESPONSE, Harvest
from kcc_etl.intake.feeds.pages import NoPage, read_page
from kcc_etl.intake.starts import is_web_page

FILE_BYTES = 100_000_000
"""The largest file that intake reads."""

_NAME_LENGTH = 120
_WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".ods")


def download(harvest: Harvest, line: Line) -> None:
    """Fetch the file and land it, unless it is plainly something else."""
    feed = harvest.feed
    name = file_name(feed.address, feed.name)

    def keep(_asked: str, answer: Answer) -> None:
        harvest.land(f"{name}-{answer.status}.response", answer.body, RESPONSE)

    address, lacking = with_secrets(feed.address)
    if lacking:
        harvest.find(Trouble("FD-001", f"the environment variable {', '.join(lacking)} is not set"))
        return
    answer = harvest.conversation(line, keep).ask(address, {}, name, FILE_BYTES)
    trouble = answer if isinstance(answer, Trouble) else fault_of(answer, feed.kind, name)
    if trouble is not None:
        if isinstance(answer, Answer):
            keep(name, answer)
        harvest.find(trouble)
    elif isinstance(answer, Answer):
        harvest.land(name, answer.body)


def file_name(address: str, otherwise: str) -> str:
    """The last part of the path of an address, as a name to land under."""
    last = PurePosixPath(unquote(urlsplit(address).path)).name
    plain = "".join(c for c in last if c.isprintable() and c not in '\\/:*?"<>|').strip(". ")
    return plain[-_NAME_LENGTH:] or otherwise


def fault_of(answer: Answer, kind: str, name: str) -> Trouble | None:
    """Why a body is not the file that was asked for, if it is plainly not."""
    body = answer.body
    if not body.strip():
        return Trouble("FD-003", "an empty file")
    if is_web_page(body):
        return Trouble("FD-002", "a web page came instead of the file, perhaps a login page")
    if name.lower().endswith(_WORKBOOK_ENDINGS) and not body.startswith(b"PK"):
        return Trouble("FD-002", "the file is no workbook, as its name says")
    if kind == "notices":
        page = read_page(body)
        if isinstance(page, NoPage):
            return Trouble("FD-002", page.why)
        if not page.releases:
            return Trouble("FD-003", "a release package without a release")
    return None
