"""Whether the first rows of another sheet are records: a table of its own, or the one at hand going on.

Does not belong here: what becomes of the file (`workbooks.other_sheets`), finding the heading (`titles`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kcc_etl.intake.cells.grid import Record
from kcc_etl.intake.cells.values import Cell, Unreadable, as_arrived, bare, is_empty, read_date, read_pence
from kcc_etl.intake.headings.mapping import HeaderMapping, fold_heading
from kcc_etl.intake.headings.titles import carries_titles
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

_DAY_NUMBERS = range(20_000, 80_000)
"""Numbers that stand for the days of 1954 to 2119 in a sheet, whose formats are not looked at here."""


def holds_records(records: Sequence[Record], mapping: HeaderMapping, read: Sequence[Record]) -> bool:
    """Whether there is a heading with all titles and rows below it, or a row filled like those of `read`.

    `read` are the rows at the top of the sheet that is read, its heading among them.
    """
    heading = next((place for place, record in enumerate(records) if carries_titles(record, mapping)), None)
    if heading is not None:
        return heading + 1 < len(records)
    places = _places(read, mapping)
    return bool(places) and any(_is_record(record, places) for record in records)


def _places(read: Sequence[Record], mapping: HeaderMapping) -> dict[str, int]:
    """The columns of what every file of the kind gives; none when an amount or a date is not among them."""
    heading = next((record for record in read if carries_titles(record, mapping)), None)
    if heading is None:
        return {}
    names = [mapping.columns.get(fold_heading(as_arrived(cell))) for cell in heading.cells]
    required = RAW_TABLE_OF_KIND[mapping.kind].required
    places = {name: names.index(name) for name in required if name in names}
    return places if {"pence", "date"} <= {FIELDS[name].type for name in places} else {}


def _is_record(record: Record, places: Mapping[str, int]) -> bool:
    return all(
        place < len(record.cells) and _fits(record.cells[place], FIELDS[name].type)
        for name, place in places.items()
    )


def _fits(cell: Cell, kind: str) -> bool:
    if is_empty(cell):
        return False
    if kind == "pence":
        return not isinstance(read_pence(cell), Unreadable)
    if kind == "date":
        whole = bare(as_arrived(cell)).partition(".")[0]
        as_day = whole.isdecimal() and len(whole) < 6 and int(whole) in _DAY_NUMBERS
        return as_day or not isinstance(read_date(cell), Unreadable)
    return True
