"""What stands above the heading: titles of the report, and records that somebody typed or sorted up there.

Does not belong here: finding the heading (`titles`), what becomes of the rows (`tabular`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kcc_etl.domain.findings import shorten
from kcc_etl.intake.cells.grid import Record, column_letter
from kcc_etl.intake.cells.values import (
    Cell,
    Unreadable,
    as_arrived,
    bare,
    is_empty,
    read_date,
    read_pence,
)
from kcc_etl.intake.parsed import Desk
from kcc_etl.intake.tables.footers import is_footer, is_totals_row, is_totals_word
from kcc_etl.schema.fields import FIELDS

_DIGIT = re.compile(r"[0-9]")
# What a title says before a date or a figure: `Period`, `Report date`, `As at`, `Amount:`.
_LABEL = re.compile(
    r".*:|(?:report |run |print |extract )?(?:period|date|day|month|quarter|year|from|to|as (?:at|of|on)|page"
    r"|amount|value|balance|count|records|rows|version|printed|run|produced|generated|exported)"
    r"(?: (?:on|at|by|of|ending|ended))?",
    re.IGNORECASE,
)


def is_record_above(record: Record, places: Mapping[str, int], required: Sequence[str]) -> bool:
    """Whether a row above the heading is filled as a record is: an amount or a date in its own column, or all
    that a record must give with a figure among it.

    `places` are the columns from 0 of the fields; labels, totals and a date alone are titles.
    """
    filled = [place for place, cell in enumerate(record.cells) if not is_empty(cell)]
    if not filled or _is_title(record.cells[filled[0]], [record.cells[place] for place in filled]):
        return False
    telling = figures_of(record, places)
    if telling:
        return len(filled) > 1 or FIELDS[telling[0]].type == "pence"
    needed = {places[name] for name in required if name in places}
    figure = any(_DIGIT.search(as_arrived(record.cells[place])) for place in filled)
    return len(needed) > 1 and needed <= set(filled) and figure


def figures_of(record: Record, places: Mapping[str, int]) -> list[str]:
    """The fields of amounts and dates that can be read from the row, in the order of their columns."""
    return [
        name
        for name, place in sorted(places.items(), key=lambda item: item[1])
        if place < len(record.cells) and _is_figure(record.cells[place], FIELDS[name].type)
    ]


def note_titles(titles: Sequence[Record], heading: Record, desk: Desk) -> None:
    """IN-035: the titles above the heading, one finding for all of them."""
    if titles:
        first = titles[0]
        place = next(place for place, cell in enumerate(first.cells) if not is_empty(cell))
        desk.find(
            "IN-035",
            found=f"'{shorten(as_arrived(first.cells[place]))}'{_more(titles)} above the heading in row "
            f"{heading.number}",
            row_number=first.number,
            cell=f"{column_letter(place)}{first.number}",
        )


def note_records(
    records: Sequence[Record], heading: Record, desk: Desk, places: Mapping[str, int], required: Sequence[str]
) -> None:
    """IN-037: the records above the heading, one finding for all, at the first figure of the first."""
    if records:
        first = records[0]
        name = next(iter(figures_of(first, places)), None) or next(n for n in required if n in places)
        place = places[name]
        desk.find(
            "IN-037",
            found=f"'{shorten(as_arrived(first.cells[place]))}'{_more(records)} above the heading in row "
            f"{heading.number}",
            row_number=first.number,
            cell=f"{column_letter(place)}{first.number}",
            column_title=as_arrived(heading.cells[place]).strip(),
        )


def _more(records: Sequence[Record]) -> str:
    more = len(records) - 1
    return f" and {more:,} more row{'' if more == 1 else 's'}" if more else ""


def _is_title(first: Cell, filled: Sequence[Cell]) -> bool:
    if is_totals_word(first) or is_totals_row(filled) or is_footer(filled):
        return True
    return isinstance(first, str) and _LABEL.fullmatch(bare(first)) is not None


def _is_figure(cell: Cell, kind: str) -> bool:
    if is_empty(cell) or kind not in {"pence", "date"}:
        return False
    return not isinstance(read_pence(cell) if kind == "pence" else read_date(cell), Unreadable)
