"""Findings and verdicts: how the house says what is wrong, and what a rule made of a table.

Does not belong here: the rules themselves (`kcc_etl.schema.rules` names them; intake and `checks` run them).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import TABLES

Fate = Literal["accepted", "quarantined", "excluded", "refused"]
Severity = Literal["critical", "warning", "information"]
Status = Literal["passed", "failed", "not applicable", "could not run"]

FOUND_LIMIT = 80
"""Characters of a found value that a message shows; the row as it arrived keeps the whole."""

TOLD_LIMIT = 1_000
"""Characters of a sentence on what was found: room for all that the house says, whatever is quoted in it."""

_LISTED, _LISTED_LENGTH = 6, 40


def shorten(value: object, limit: int = FOUND_LIMIT) -> str:
    """A found value for a message: one line, no control characters, at most `limit` characters."""
    text = str(value)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def told(sentence: object) -> str:
    """What was found, in the words of the house: one line without control characters, not cut short."""
    return shorten(sentence, TOLD_LIMIT)


def of_reading(*, found: bool, kind: str, arrived: Container[str]) -> Status:
    """What came of a rule that is judged where rows are read or joined.

    `kind` is the kind of file that it speaks about, empty for every kind; `arrived` are those with a file.
    """
    if found:
        return "failed"
    return "passed" if not kind or kind in arrived else "not applicable"


def listed(values: Sequence[object]) -> str:
    """Values in quotation marks, each shortened: all of a few; of many the first six and how many more."""
    quoted = [f"'{shorten(value, _LISTED_LENGTH)}'" for value in values]
    if len(quoted) > _LISTED + 1:
        return f"{', '.join(quoted[:_LISTED])} and {len(quoted) - _LISTED:,} more"
    *others, last = quoted
    return f"{', '.join(others)} and {last}" if others else last


def shown_name(name: str) -> str:
    """A file or sheet name for a message: whole, what cannot be seen or turns the line round in figures."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in name)


WITHHELD = "not shown here: it may be personal"
_PERSONAL_RULES = frozenset({"RT-007", "PB-057"})


def found_for_all(rule_id: str, found: str) -> str:
    """What was found, for a page that needs no login: withheld where it may be personal."""
    rule = RULES[rule_id]
    personal = rule.id in _PERSONAL_RULES or (rule.field in FIELDS and FIELDS[rule.field].personal)
    return WITHHELD if personal else found


def quoted(rule_text: str) -> str:
    """A rule inside another sentence, in quotation marks: by itself it reads as if it were so."""
    return f'"{rule_text.removesuffix(".")}"'


def subject_for_all(rule_id: str, subject: str) -> str:
    """What a finding is about, for a page that needs no login: withheld where a key may name a person."""
    key = TABLES[RULES[rule_id].table].key
    return WITHHELD if subject and any(FIELDS[name].personal for name in key) else subject


@dataclass(frozen=True)
class Finding:
    """One fault in one place: which rule, where, what was found, what was expected, what to do.

    `source_row` 0 means the file as a whole. `subject` is the thing the fault is about in domain words
    (a contract reference, a payment number), for faults that have no cell, such as a missing return.
    """

    rule_id: str
    severity: Severity
    table_name: str
    stage: Literal["landing", "intake", "core", "check"]
    found: str
    expected: str
    remedy: str
    source_sha256: str = ""
    source_name: str = ""
    source_file: str = ""
    source_sheet: str = ""
    source_row: int = 0
    cell: str = ""
    column_title: str = ""
    subject: str = ""

    def __str__(self) -> str:
        place = shown_name(self.source_file or self.subject or self.table_name)
        if self.source_sheet:
            place += f", sheet '{shown_name(self.source_sheet)}'"
        if self.cell:
            place += f", cell {self.cell}"
        elif self.source_row:
            place += f", row {self.source_row}"
        if self.column_title:
            place += f" ({self.column_title})"
        return f"{self.rule_id} {place}: found {self.found}; expected {self.expected}. {self.remedy}"


@dataclass(frozen=True)
class Verdict:
    """What one rule made of one version of a table: outcome, counts, and every failing place.

    `applied` and `passed` count rows (1 for a rule about the whole table). `reason` says why a rule was not
    applicable or could not run.
    """

    rule_id: str
    rule_version: int
    severity: Severity
    table_name: str
    status: Status
    applied: int
    passed: int
    reason: str = ""
    findings: tuple[Finding, ...] = field(default=())

    @property
    def blocks(self) -> bool:
        """Whether this verdict shuts the gate: a critical rule failed, or any rule could not run."""
        return self.status == "could not run" or (self.status == "failed" and self.severity == "critical")


def findings_frame(findings: list[Finding] | tuple[Finding, ...]) -> pd.DataFrame:
    """Findings as rows of the `finding` table, sorted by rule and place."""
    columns = list(TABLES["finding"].columns)
    frame = pd.DataFrame({name: [getattr(f, name) for f in findings] for name in columns}, columns=columns)
    place = ["source_name", "source_file", "source_sheet", "source_row", "cell", "subject", "found"]
    return frame.sort_values(["rule_id", *place], kind="stable", ignore_index=True) if len(frame) else frame


def verdicts_frame(
    verdicts: list[Verdict] | tuple[Verdict, ...], table_version: str, inputs_version: str
) -> pd.DataFrame:
    """Verdicts as rows of the `verdict` table, sorted by rule; they hold for exactly these inputs."""
    rows: list[dict[str, object]] = [
        {
            "table_name": verdict.table_name,
            "table_version": table_version,
            "inputs_version": inputs_version,
            "rule_id": verdict.rule_id,
            "rule_version": verdict.rule_version,
            "severity": verdict.severity,
            "verdict_status": verdict.status,
            "applied": verdict.applied,
            "passed": verdict.passed,
            "reason": verdict.reason or None,
        }
        for verdict in sorted(verdicts, key=lambda verdict: (verdict.table_name, verdict.rule_id))
    ]
    return from_rows(rows, "verdict") if rows else empty("verdict")
