"""Which final packs stand published, as plain facts for the duties that they do, and the counts they showed.

Does not belong here: what the versions of a pack are (`finals`), which duties they do (`duties`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kcc_etl import asset_keys as keys
from kcc_etl.domain.duties.facts import Pack
from kcc_etl.domain.periods import Period, is_period, parse_period
from kcc_etl.domain.seen_counts import Seen
from kcc_etl.exceptions import PublicationRefusedError
from reports.datasets import PUBLISHED
from reports.finals import VERSIONS, Final, finals_of, known_by, usable
from reports.manifest import sha256_of

_TABLES = {one.name: one.table for one in PUBLISHED}


def packs_published(publications: Path, as_of: date, known_at: date) -> tuple[Pack, ...]:
    """The final versions of every period that a report of the two dates may know of, the oldest first.

    A period with a version that cannot be read does no duty, for what was published is not known; `publish`
    refuses its next version and says why. Raises SettingsError where the folder cannot be read.
    """
    return tuple(
        Pack(parse_period(period), one.number, date.fromisoformat(str(one.manifest["known_at"])), _held(one))
        for period in _periods(publications)
        for one in _readable(publications, period, as_of, known_at) or ()
    )


def counts_published(publications: Path, as_of: date, known_at: date) -> tuple[Seen, ...]:
    """The cells of outcomes of every final version that a report of the two dates may know of.

    A file that is not there, or is not the one its manifest names, may have shown anything: it has no cells.
    Of a period with a version that cannot be read, one may have shown anything; its next version is refused.
    """
    return tuple(
        seen
        for period in _periods(publications)
        for seen in _seen(parse_period(period), _readable(publications, period, as_of, known_at), as_of)
    )


def _seen(period: Period, finals: tuple[Final, ...] | None, as_of: date) -> Iterator[Seen]:
    if finals is None:
        yield Seen(period, as_of, None, None)
    for one in finals or ():
        known_on = date.fromisoformat(str(one.manifest["known_at"]))
        yield Seen(period, known_on, _cells(one, keys.OUT_DISCLOSED), _cells(one, keys.OUT_AREA))


def _cells(final: Final, table: str) -> list[dict[str, str]] | None:
    name = next(name for name, held in _TABLES.items() if held == table) + ".csv"
    try:
        content = (final.folder / name).read_bytes()
    except OSError:
        return None
    if sha256_of(content) != final.manifest["files"].get(name, {}).get("sha256"):
        return None
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _periods(publications: Path) -> list[str]:
    folder = publications / VERSIONS
    with usable(publications):
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(name for name in names if is_period(name))


def _readable(publications: Path, period: str, as_of: date, known_at: date) -> tuple[Final, ...] | None:
    """The versions of a period that a report of the two dates may know of; None where one cannot be read."""
    try:
        finals = finals_of(publications, period)
    except PublicationRefusedError:
        return None
    return known_by(finals, as_of, known_at)


def _held(final: Final) -> frozenset[str]:
    """The tables of figures that its datasets hold."""
    return frozenset(_TABLES[name] for name in final.manifest.get("totals", {}) if name in _TABLES)
