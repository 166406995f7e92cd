"""Where the heading of a table stands, when titles of the report stand above it.

Does not belong here: which column is which field (`mapping`), opening files.
"""

from __future__ import annotations

from collections.abc import Sequence

from kcc_etl.exceptions import SourceLayoutError
from kcc_etl.intake.cells.grid import Record
from kcc_etl.intake.cells.values import as_arrived, is_empty
from kcc_etl.intake.headings.mapping import HeaderMapping, fold_heading
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

LOOKED_AT = 20
"""Rows of the file among which a heading is looked for."""


def heading_place(records: Sequence[Record], mapping: HeaderMapping) -> int:
    """The place in `records` of the heading: the row the mapping names, else the one row with the titles.

    A row other than the one named is taken only when it has a column for all that the table needs, alone
    among the first twenty; a heading that is repeated lower down counts once. Raises SourceLayoutError when
    the row named is empty and no other has the titles.
    """
    places = {record.number: place for place, record in enumerate(records)}
    named = places.get(mapping.header_row)
    if named is not None and carries_titles(records[named], mapping):
        return named
    carriers = [
        place
        for place, record in enumerate(records)
        if record.number <= LOOKED_AT and carries_titles(record, mapping)
    ]
    if carriers and len({_folded(records[place]) for place in carriers}) == 1:
        return carriers[0]
    if named is None or all(is_empty(cell) for cell in records[named].cells):
        raise SourceLayoutError(
            f"Row {mapping.header_row}, where the headings should stand, is empty",
            expected="a heading in every column",
            remedy="Put the headings there, or save a header mapping that says where they are",
        )
    return named


def carries_titles(record: Record, mapping: HeaderMapping) -> bool:
    """Whether the row has a column for every field that a file of the kind must give."""
    found = {mapping.columns.get(title) for title in _folded(record)}
    required = RAW_TABLE_OF_KIND[mapping.kind].required
    return all(name in found or name in mapping.constants for name in required)


def _folded(record: Record) -> tuple[str, ...]:
    return tuple(fold_heading(as_arrived(cell)) for cell in record.cells)
