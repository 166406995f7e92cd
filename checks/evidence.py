"""From rows at fault to findings that name file, sheet, cell, what was found and what to do.

Does not belong here: judging the rows (`checks.runner`), the wording of rules (`kcc_etl.schema.rules`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import pandas as pd

from checks.judgement import Fault
from kcc_etl.domain.findings import Finding, shorten, told
from kcc_etl.domain.locators import Locator
from kcc_etl.domain.money import number_display, pounds_display
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import Rule
from kcc_etl.schema.tables import LOCATOR, TABLES

_PLACE = ("source_sha256", "source_file", "source_sheet", "source_row", "source_name")


class Evidence:
    """Makes findings for rows of one table; columns of landed files are looked up once."""

    def __init__(self, table: str, frame: pd.DataFrame, locator: Locator) -> None:
        self._table = TABLES[table]
        self._frame = frame
        self._locator = locator
        named = [name for name in self._table.key if name not in LOCATOR] or ["payment_ref"]
        self._key = [name for name in named if name in frame.columns]

    def findings(self, rule: Rule, faults: Sequence[Fault]) -> list[Finding]:
        """The findings of a rule on this table, one a fault, in the order of the faults."""
        positions = [fault.position for fault in faults if fault.position is not None]
        rows = self._frame.iloc[positions]
        said = iter(self._said(faults, rows))
        return [
            _finding(rule, told(fault.found), subject=self._table.title)
            if fault.position is None
            else self._of_row(rule, fault, *next(said))
            for fault in faults
        ]

    def _said(
        self, faults: Sequence[Fault], rows: pd.DataFrame
    ) -> Iterable[tuple[object, Sequence[object], tuple[object, ...]]]:
        """Of each row at fault: the value at fault, the values of its key, its place in a file if it has one.

        Column by column, for a row of a frame costs a thousand times what a value of a list does.
        """
        of_rows = [fault for fault in faults if fault.position is not None]
        needed = {fault.field for fault in of_rows if not fault.found} & set(rows.columns)
        columns = {name: list(rows[name]) for name in needed}
        values = [
            columns[fault.field][number] if fault.field in columns else None
            for number, fault in enumerate(of_rows)
        ]
        keys = list(rows[self._key].itertuples(index=False, name=None))
        placed = "source_sha256" in rows.columns
        places = list(rows[list(_PLACE)].itertuples(index=False, name=None)) if placed else [()] * len(rows)
        return zip(values, keys, places, strict=True)

    def _of_row(
        self, rule: Rule, fault: Fault, value: object, key: Sequence[object], place: tuple[object, ...]
    ) -> Finding:
        found = told(fault.found) if fault.found else shorten(say(value, fault.field))
        subject = fault.subject or " ".join(str(part) for part in key if not _is_missing(part))
        if not place or _is_missing(place[0]):
            title = FIELDS[fault.field].title if fault.field else ""
            return _finding(rule, found, subject=subject, column_title=title)
        sha256, file, sheet, row, name = place
        at = self._locator.place(str(sha256), str(file), _text(sheet), int(str(row)), fault.field)
        return _finding(
            rule,
            found,
            subject=subject,
            column_title=at.column_title,
            source_sha256=str(sha256),
            source_name=_text(name),
            source_file=str(file),
            source_sheet=_text(sheet),
            source_row=at.row,
            cell=at.cell,
        )


def place_of(finding: Finding) -> tuple[str, str, str, int, str, str, str]:
    """What findings of a rule are sorted by."""
    return (
        finding.source_name,
        finding.source_file,
        finding.source_sheet,
        finding.source_row,
        finding.cell,
        finding.subject,
        finding.found,
    )


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
    if _is_missing(value):
        return "nothing"
    kind = FIELDS[field].type if field in FIELDS else "text"
    if kind == "pence":
        return pounds_display(int(value))  # type: ignore[call-overload]  # pence are whole numbers
    if kind == "boolean":
        return "Yes" if value else "No"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return number_display(value) if isinstance(value, Fraction) else str(value)


def _is_missing(value: object) -> bool:
    if isinstance(value, (str, Fraction)):
        return False
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]  # one cell


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
