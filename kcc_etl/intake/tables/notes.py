"""What is noted of a table as a whole: its encoding, rows above the heading, garbled text, doubtful dates.

Does not belong here: single cells and rows (`tabular`), decoding (`encodings`), the pattern of dates
(`date_order`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kcc_etl.domain.findings import shorten
from kcc_etl.intake.cells.date_order import DateOrder, order_of
from kcc_etl.intake.cells.grid import Grid, Record, column_letter
from kcc_etl.intake.cells.values import Cell, as_arrived, bare, is_empty, read_date
from kcc_etl.intake.headings.mapping import HeaderMapping, fold_heading
from kcc_etl.intake.parsed import Desk
from kcc_etl.intake.text.encodings import UTF_8, likely_text
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES

_SAMPLES = 3
_SAMPLE_LENGTH = 24


def note_encoding(grid: Grid, desk: Desk, headings: Sequence[str]) -> None:
    """IN-033: a text file that is not UTF-8, with the encoding taken for it and up to three of its values."""
    desk.encoding = grid.encoding or None
    if grid.encoding in {"", UTF_8}:
        return
    cells = (
        (record.number, place, cell)
        for record in (*grid.above, grid.heading, *grid.records)
        for place, cell in enumerate(record.cells)
    )
    samples = [found for found in cells if not as_arrived(found[2]).isascii()][:_SAMPLES]
    found = f"text read as {grid.encoding}"
    if not samples:
        desk.find("IN-033", found=found)
        return
    row, place, _ = samples[0]
    values = ", ".join(f"'{_around_accent(as_arrived(cell))}'" for _, _, cell in samples)
    desk.find("IN-033", found=f"{found}, such as {values}", row_number=row, **_where(place, row, headings))


def note_unmapped(grid: Grid, desk: Desk, headings: Sequence[str], mapping: HeaderMapping) -> None:
    """IN-050: each heading that a saved mapping neither maps nor leaves out."""
    if not mapping.is_saved:
        return
    seen: set[str] = set()
    for place, heading in enumerate(headings):
        folded = fold_heading(heading)
        if folded and folded not in mapping.columns and folded not in mapping.ignore and folded not in seen:
            seen.add(folded)
            row = grid.heading.number
            found = f"'{shorten(heading)}' is neither mapped nor ignored"
            desk.find("IN-050", found=found, row_number=row, **_where(place, row, headings))


def note_rows_above(grid: Grid, desk: Desk) -> Iterator[Record]:
    """IN-035: the rows above the heading, one finding for all of them; gives those that say something."""
    saying = [record for record in grid.above if not all(is_empty(cell) for cell in record.cells)]
    if saying:
        first = saying[0]
        place = next(place for place, cell in enumerate(first.cells) if not is_empty(cell))
        more = f" and {len(saying) - 1} more rows" if len(saying) > 1 else ""
        title = shorten(as_arrived(first.cells[place]))
        desk.find(
            "IN-035",
            found=f"'{title}'{more} above the heading in row {grid.heading.number}",
            row_number=first.number,
            cell=f"{column_letter(place)}{first.number}",
        )
    yield from saying


def note_garbled_text(grid: Grid, desk: Desk, headings: Sequence[str], places: Mapping[str, int]) -> None:
    """IN-034: each column of words that holds text read with the wrong encoding, with an example."""
    for name, place in places.items():
        if FIELDS[name].type != "text":
            continue
        found = [
            (record.number, cell, likely)
            for record in grid.records
            if place < len(record.cells)
            and isinstance(cell := record.cells[place], str)
            and (likely := likely_text(cell)) is not None
        ]
        if found:
            row, cell, likely = found[0]
            more = f" and {len(found) - 1:,} more cells" if len(found) > 1 else ""
            expected = (
                f"'{shorten(likely)}'" if likely != cell else "the letter that was lost before it was sent"
            )
            told = f"'{shorten(cell)}'{more}"
            desk.find("IN-034", found=told, expected=expected, row_number=row, **_where(place, row, headings))


def note_date_orders(
    grid: Grid, desk: Desk, headings: Sequence[str], places: Mapping[str, int]
) -> dict[str, DateOrder]:
    """IN-030: each column of dates none of which shows its order; gives the order of every such column."""
    orders = {}
    for name, place in places.items():
        if FIELDS[name].type != "date":
            continue
        cells = {record.number: record.cells[place] for record in grid.records if place < len(record.cells)}
        order = orders[name] = order_of(cells.items())
        if order.ambiguous and not order.day_first and not order.month_first:
            _find_ambiguous(desk, order, cells, place, headings)
    return orders


def _find_ambiguous(
    desk: Desk, order: DateOrder, cells: Mapping[int, Cell], place: int, headings: Sequence[str]
) -> None:
    row = order.ambiguous[0]
    more = f" and {len(order.ambiguous) - 1:,} more" if len(order.ambiguous) > 1 else ""
    day = read_date(cells[row])
    read_as = f", read as {day.isoformat()}" if isinstance(day, date) else ""
    desk.find(
        "IN-030",
        found=f"{bare(as_arrived(cells[row]))}{more}{read_as}",
        expected=RULES["IN-030"].text,
        row_number=row,
        **_where(place, row, headings),
    )


def _where(place: int, row: int, headings: Sequence[str]) -> dict[str, str]:
    title = headings[place].strip() if place < len(headings) else ""
    return {"cell": f"{column_letter(place)}{row}", "column_title": title}


def _around_accent(text: str) -> str:
    """The part of a value round its first character beyond ASCII."""
    at = next(place for place, character in enumerate(text) if not character.isascii())
    start = max(0, at - _SAMPLE_LENGTH // 2)
    return shorten(text[start : start + _SAMPLE_LENGTH])
