"""Columns that are empty in every row: why, told beside the column and in a note.

Does not belong here: what a column holds (`lga`, `transparency`, `code_sets`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reports.documents import Table

NOT_GIVEN = "no register, ledger or notice that the council took in gives it"


def with_reasons(table: Table, reasons: Mapping[str, str]) -> Table:
    """The table, each of its columns that is empty in every row described with the reason.

    `reasons` are by column name, an empty one for a column whose description says it already; another column
    is empty because no source gives it. A table without rows has no such column.
    """
    told = {name: reasons.get(name, NOT_GIVEN) for name in blank_columns(table)}
    columns = tuple(
        replace(one, description=f"{one.description} Empty in every row: {told[one.name]}.")
        if told.get(one.name)
        else one
        for one in table.columns
    )
    return replace(table, columns=columns)


def blank_columns(table: Table) -> tuple[str, ...]:
    """The names of the columns that have rows and no value."""
    cells = zip(*table.rows, strict=True) if table.rows else ()
    return tuple(
        column.name
        for column, values in zip(table.columns, cells, strict=False)
        if all(value is None or value == "" for value in values)
    )


def blank_note(table: Table) -> str:
    """One note on the columns that are empty in every row."""
    names = blank_columns(table)
    if not names:
        return "No column is empty in every row; the Columns sheet says of each what it holds."
    return f"Empty in every row: {', '.join(names)}. The Columns sheet says of each why."
