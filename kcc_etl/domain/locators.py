"""From a row and a field to the cell a person can open.

Does not belong here: the message about the cell (`kcc_etl.domain.findings`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kcc_etl.schema import return_form
from kcc_etl.schema.fields import FIELDS

_ANSWER_ROWS = {
    "template_version": return_form.VERSION_ROW,
    "contract_ref": return_form.CONTRACT_REF_ROW,
    "supplier_name": return_form.SUPPLIER_ROW,
    "period": return_form.PERIOD_ROW,
    "is_nil": return_form.NIL_ROW,
    "is_confirmed": return_form.CONFIRM_SCOPE_ROW,
}
"""In a return these fields are answered once, above the lines."""


@dataclass(frozen=True)
class Place:
    """A row, its cell address such as `G15` (empty for JSON), and the heading of its column as it arrived."""

    row: int
    cell: str
    column_title: str


class Locator:
    """Finds the cell of a field in a landed file from the `file_column` table."""

    def __init__(self, columns: pd.DataFrame) -> None:
        names = [
            "source_sha256",
            "source_file",
            "source_sheet",
            "field_name",
            "column_letter",
            "column_title",
        ]
        self._columns: dict[tuple[str, str, str, str], tuple[str, str]] = {}
        for sha, file, sheet, field, letter, title in columns[names].itertuples(index=False, name=None):
            self._columns[(str(sha), str(file), _text(sheet), str(field))] = (_text(letter), _text(title))

    def place(self, sha256: str, file: str, sheet: object, row: int, field: str) -> Place:
        """The place of a field of a row; without a cell when the file has no such column."""
        letter, title = self._columns.get((sha256, file, _text(sheet), field), ("", ""))
        if not letter:
            return Place(row, "", FIELDS[field].title if field else "")
        if (
            letter == return_form.ANSWER_COLUMN
            and field in _ANSWER_ROWS
            and _text(sheet) == return_form.SHEET
        ):
            row = _answered_in(title, field)
        return Place(row, f"{letter}{row}", title)


def _answered_in(title: str, field: str) -> int:
    """The row of an answer; of an answer to several questions, that of the first that the title names."""
    named = [row for row in return_form.CONFIRM_ROWS if return_form.LABELS[row] in title]
    return named[0] if named and field == "is_confirmed" else _ANSWER_ROWS[field]


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)
