"""Published JSON read again: its texts, and what an OCDS package must have.

Does not belong here: catalogues for portals (`verify_documents`), making the package (`ocds`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kcc_etl.domain.findings import shorten
from reports.accessibility.page import Hit
from reports.personal_data import Text

_PACKAGE = ("uri", "version", "publishedDate", "publisher", "releases")
_RELEASE = ("ocid", "id", "date", "tag", "initiationType")


def json_texts(content: Any) -> Iterator[Text]:
    """Every text of a JSON value and every name in it; the place is the way to it, as `releases/0/ocid`."""
    waiting: list[tuple[str, str, Any]] = [("", "", content)]
    while waiting:
        way, name, value = waiting.pop()
        if isinstance(value, str):
            yield Text(value, name, cell=way)
        elif isinstance(value, dict):
            yield from (Text(str(key), cell=way) for key in value)
            waiting += [(f"{way}/{key}".lstrip("/"), str(key), one) for key, one in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{way}/{n}".lstrip("/"), name, one) for n, one in enumerate(value)]


def ocds_hits(package: Any, counted: int | None) -> Iterator[Hit]:
    """Where a release package lacks what it must have, or has more or fewer releases than were `counted`.

    Source: Open Contracting Data Standard 1.1, release package schema and release schema, `required`.
    """
    if not isinstance(package, dict):
        yield Hit("no release package at all")
        return
    missing = [key for key in _PACKAGE if not package.get(key)]
    if missing:
        yield Hit(f"a package without {', '.join(missing)}")
    releases = package.get("releases")
    releases = releases if isinstance(releases, list) else []
    if counted is not None and len(releases) != counted:
        yield Hit(f"{len(releases):,} releases, where the manifest counts {counted:,}")
    for number, release in enumerate(releases):
        told = release if isinstance(release, dict) else {}
        lacking = [key for key in _RELEASE if not told.get(key)]
        if lacking:
            yield Hit(f"the release '{shorten(told.get('id', ''))}' without {', '.join(lacking)}",
                      cell=f"releases/{number}")  # fmt: skip
