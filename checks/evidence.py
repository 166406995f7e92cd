"""From a row at fault to a finding that names file, sheet, cell, what was found and what to do.

Does not belong here: judging the row (`checks.runner`), the wording of rules (`kcc_etl.schema.rules`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from kcc_etl.domain.findings import Finding, shorten, told
from kcc_etl.domain.locators import Locator
from kcc_etl.domain.money import number_display, pounds_display
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import Rule
from kcc_etl.schema.tables import LOCATOR, TABLES


@dataclass(frozen=True)
class Fault:
    """One row at fault by its position in the frame (None: the table as a whole) and the column at fault.

    `found` and `subject` replace what the row itself would show.
    """

    position: int | None
    field: str = ""
    found: str = ""
    subject: str = ""


class Evidence:
    """Makes findings for the rows of one table; columns of landed files are looked up once."""

    def __init__(self, table: str, frames: Mapping[str, pd.DataFrame]) -> None:
        self._table = TABLES[table]
        self._frame = frames[table]
        self._locator = Locator(frames["file_column"])

    def finding(self, rule: Rule, fault: Fault) -> Finding:
        """The finding of a rule on a row of this table."""
        if fault.position is None:
            return _finding(rule, told(fault.found), subject=self._table.title)
        row = self._frame.iloc[fault.position]
        value = row[fault.field] if fault.field in row.index else None
        found = told(fault.found) if fault.found else shorten(say(value, fault.field))
        subject = fault.subject or self._subject(row)
        column_title = FIELDS[fault.field].title if fault.field else ""
        if "source_sha256" not in row.index or pd.isna(row["source_sha256"]):
            return _finding(rule, found, subject=subject, column_title=column_title)
        sha256, file, number = str(row["source_sha256"]), str(row["source_file"]), int(row["source_row"])
        sheet, name = _text(row["source_sheet"]), _text(row["source_name"])
        place = self._locator.place(sha256, file, sheet, number, fault.field)
        return _finding(
            rule,
            found,
            subject=subject,
            column_title=place.column_title,
            source_sha256=sha256,
            source_name=name,
            source_file=file,
            source_sheet=sheet,
            source_row=place.row,
            cell=place.cell,
        )

    def _subject(self, row: pd.Series) -> str:
        named = [name for name in self._table.key if name not in LOCATOR] or ["payment_ref"]
        values = [row[name] for name in named if name in row.index]
        return " ".join(str(value) for value in values if not pd.isna(value))


def _finding(rule: Rule, found: str, **place: object) -> Finding:
    return Finding(
        rule_id=rule.id,
        severity=rule.severity,
        table_name=rule.table,
        stage="check",
        found=found,
        expected=rule.text,
        remedy=rule.remedy,
        **place,  # type: ignore[arg-type]  # the keywords are fields of Finding
    )


def say(value: object, field: str) -> str:
    """A value for a person: pounds, ISO date, Yes or No, a number; `nothing` when it is missing."""
    if value is None or (not isinstance(value, Fraction) and pd.isna(value)):  # type: ignore[call-overload]  # one cell
        return "nothing"
    kind = FIELDS[field].type if field in FIELDS else "text"
    if kind == "pence":
        return pounds_display(int(value))  # type: ignore[call-overload]  # pence are whole numbers
    if kind == "boolean":
        return "Yes" if value else "No"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return number_display(value) if isinstance(value, Fraction) else str(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
