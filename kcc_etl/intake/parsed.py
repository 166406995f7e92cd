"""What a reader makes of one landed file: rows that count so far, rows set aside, findings, and a receipt.

Does not belong here: reading any format, judging a cell, storing anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from kcc_etl.domain.findings import Finding, shorten, told
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

READER_VERSIONS: dict[str, str] = {
    "register": "register-5",
    "notices": "notices-5",
    "payments": "payments-6",
    "returns": "returns-5",
    "decisions": "decisions-6",
}
"""Raised whenever the same bytes would be read differently, so that stored results are not used again."""

NOTHING = "nothing"
"""How a message names an empty cell."""


class RowsLostError(RuntimeError):
    """A fault of this program: a row that arrived is neither accepted nor set aside."""


@dataclass(frozen=True)
class FileIdentity:
    """Which landed file: its content, its source, its name as it arrived, the day it was landed."""

    sha256: str
    source_name: str
    file_name: str
    landed_on: date


@dataclass(frozen=True)
class Parsed:
    """One file, read: rows accepted, rows set aside and columns named, each as the rows of its table.

    `receipt` is a row of the table `receipt`. The frames are made when asked for: a frame a file would cost
    more than reading it. Raises RowsLostError when the rows that were counted independently do not add up.
    """

    receipt: dict[str, object]
    accepted: list[dict[str, object]]
    aside: list[dict[str, object]]
    findings: list[Finding]
    named: list[dict[str, object]]
    headings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        arrived = self.receipt["rows_arrived"]
        if arrived != len(self.accepted) + len(self.aside):
            raise RowsLostError(
                f"{self.receipt['source_file']}: {arrived} rows arrived, {len(self.accepted)} were accepted "
                f"and {len(self.aside)} set aside"
            )

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows accepted, as the raw table of the kind."""
        table = RAW_TABLE_OF_KIND[str(self.receipt["kind"])]
        return from_rows(self.accepted, table) if self.accepted else empty(table)

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """The rows set aside, as the table `set_aside`."""
        return from_rows(self.aside, "set_aside") if self.aside else empty("set_aside")

    @cached_property
    def columns(self) -> pd.DataFrame:
        """Which column became which field, as the table `file_column`."""
        return from_rows(self.named, "file_column") if self.named else empty("file_column")


@dataclass
class Desk:
    """Where the rows of one file are sorted; one desk per file, emptied by `finish`.

    `contract_ref` and `period` are those of a return, as far as they can be read; `encoding` that of a text;
    `headings` those of a table, kept when the file is refused.
    """

    kind: str
    file: FileIdentity
    reader_version: str
    sheet: str = ""
    rows: list[dict[str, object]] = field(default_factory=list)
    aside: list[dict[str, object]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    columns: list[dict[str, object]] = field(default_factory=list)
    pence_arrived: int = 0
    contract_ref: str | None = None
    period: str | None = None
    encoding: str | None = None
    headings: tuple[str, ...] = ()

    def accept(self, row_number: int, values: Mapping[str, object]) -> None:
        """Keep a row, with its locator."""
        self.rows.append({**self._place(row_number), **values})

    def put_aside(
        self,
        row_number: int,
        rule_id: str,
        reason: str,
        cells: Mapping[str, object],
        pence: int | None = None,
    ) -> None:
        """Hold a row out, whole, under a rule: quarantined, or excluded when the rule says so."""
        fate = "excluded" if RULES[rule_id].effect == "exclude" else "quarantined"
        row_json = json.dumps(cells, ensure_ascii=False, default=str)
        self.aside.append(
            {
                **self._place(row_number),
                "kind": self.kind,
                "stage": "intake",
                "fate": fate,
                "rule_id": rule_id,
                "reason": reason,
                "amount_pence": pence,
                "row_json": row_json,
            }
        )

    def find(
        self,
        rule_id: str,
        *,
        found: object,
        expected: str = "",
        row_number: int = 0,
        cell: str = "",
        column_title: str = "",
        subject: str = "",
        remedy: str = "",
    ) -> None:
        """Note one fault in one place; expectation and remedy are the rule's own unless said better.

        `found` is told whole: a cell as it arrived is shortened by who quotes it.
        """
        rule = RULES[rule_id]
        self.findings.append(
            Finding(
                rule_id=rule_id,
                severity=rule.severity,
                table_name=rule.table,
                stage="intake",
                found=told(found) or NOTHING,
                expected=(expected or rule.text).rstrip("."),
                remedy=remedy.rstrip(".") + "." if remedy else rule.remedy,
                source_sha256=self.file.sha256,
                source_name=self.file.source_name,
                source_file=self.file.file_name,
                source_sheet=self.sheet,
                source_row=row_number,
                cell=cell,
                column_title=shorten(column_title),
                subject=subject,
            )
        )

    def find_empty(self, found: str) -> None:
        """IN-039: the file says what it is and holds nothing; `found` is what there is of it."""
        self.find("IN-039", found=found)

    def name_column(self, field_name: str, title: str, letter: str) -> None:
        """Record which column of the file became which field."""
        self.columns.append(
            {**self._file(), "field_name": field_name, "column_title": title, "column_letter": letter}
        )

    def finish(self, rows_arrived: int) -> Parsed:
        """The file as read. `rows_arrived` comes from a count that does not use what was read."""
        return self._parsed("accepted", "", "", rows_arrived)

    def refuse(self, rule_id: str, reason: str, expected: str = "", remedy: str = "") -> Parsed:
        """The file as a whole refused or quarantined, as the rule says: no rows, one finding about it."""
        self.rows, self.aside, self.findings, self.columns = [], [], [], []
        self.pence_arrived = 0
        self.sheet = ""
        self.find(rule_id, found=reason.rstrip("."), expected=expected, remedy=remedy)
        fate = "refused" if RULES[rule_id].effect == "refuse" else "quarantined"
        return self._parsed(fate, rule_id, reason, 0)

    def _parsed(self, fate: str, rule_id: str, reason: str, rows_arrived: int) -> Parsed:
        receipt: dict[str, object] = {
            "source_sha256": self.file.sha256,
            "source_name": self.file.source_name,
            "source_file": self.file.file_name,
            "kind": self.kind,
            "reader_version": self.reader_version,
            "fate": fate,
            "rule_id": rule_id,
            "reason": reason,
            "rows_arrived": rows_arrived,
            "pence_arrived": self.pence_arrived,
            "contract_ref": self.contract_ref,
            "period": self.period,
            "encoding": self.encoding,
        }
        return Parsed(receipt, self.rows, self.aside, self.findings, self.columns, self.headings)

    def _file(self) -> dict[str, object]:
        return {
            "source_sha256": self.file.sha256,
            "source_file": self.file.file_name,
            "source_sheet": self.sheet,
            "source_name": self.file.source_name,
        }

    def _place(self, row_number: int) -> dict[str, object]:
        return {**self._file(), "source_row": row_number}
