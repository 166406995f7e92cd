"""Where the heading of an unknown file stands, and whether it is a register, a ledger or a decisions log.

Does not belong here: which column is which field (`proposal`), files that have a mapping (`titles`).
"""

from __future__ import annotations

from collections.abc import Sequence

from kcc_etl.intake.cells.grid import Record
from kcc_etl.intake.cells.values import as_arrived
from kcc_etl.intake.headings.aliases import ORDER, Aliases, known_aliases
from kcc_etl.intake.headings.headings import meaning
from kcc_etl.intake.headings.mapping import TABULAR_KINDS
from kcc_etl.intake.headings.samples import telling
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

_HEADING_AMONG = 30
"""Rows among which the heading is looked for."""
_AMONG_COLUMNS = 200
_CLEARLY = 1.25
"""How many times the points of the next kind the best one must have."""


def find_heading(records: Sequence[Record], aliases: Aliases | None = None) -> int | None:
    """The place of the row with most headings that are known; with none known, the first filled row.

    None when no row holds anything.
    """
    known = aliases or known_aliases()
    best, place = 1, None
    for at, record in enumerate(records[:_HEADING_AMONG]):
        points = max(_known_headings(record, kind, known) for kind in TABULAR_KINDS)
        if points > best:
            best, place = points, at
    if place is not None:
        return place
    return next((at for at, record in enumerate(records) if telling(record.cells)), None)


def propose_kind(titles: Sequence[str], aliases: Aliases | None = None) -> tuple[str, str]:
    """The kind of a file with these headings and why; empty when two kinds are about as likely, or none."""
    known = aliases or known_aliases()
    points = {kind: _points_of_kind(titles, kind, known) for kind in TABULAR_KINDS}
    (first, most), (_, next_most) = sorted(points.items(), key=lambda item: (-item[1], item[0]))[:2]
    if most < ORDER["certain"] or most < _CLEARLY * next_most:
        return "", ""
    return first, "; ".join(f"{kind}: {points[kind]} points" for kind in TABULAR_KINDS)


def _known_headings(record: Record, kind: str, aliases: Aliases) -> int:
    titles = [as_arrived(cell) for cell in record.cells[:_AMONG_COLUMNS] if isinstance(cell, str)]
    return sum(bool(meaning(title, kind, aliases)) for title in titles)


def _points_of_kind(titles: Sequence[str], kind: str, aliases: Aliases) -> int:
    """Points for every field the headings speak of, twice where every file of the kind needs it."""
    best: dict[str, int] = {}
    for title in titles:
        reading = meaning(title, kind, aliases)
        if reading is not None and reading.field:
            best[reading.field] = max(best.get(reading.field, 0), ORDER[reading.confidence])
    required = RAW_TABLE_OF_KIND[kind].required
    return sum(points * (2 if name in required else 1) for name, points in best.items())
