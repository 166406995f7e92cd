"""The lists of findings for the officers who deal with them. They stay inside: they quote what was found.

Does not belong here: judging, publishing.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from kcc_etl.schema.rules import RULES
from reports.delimited import render_csv
from reports.documents import Column, Dataset, Sheet, Table, Workbook, day_text
from reports.edition import field_column, records
from reports.workbook import render_xlsx

MOST_IN_A_WORKBOOK = 2_000
"""Findings that the workbook lists: more than a person works through, few enough to open at once."""

_COLUMNS = (
    "severity", "rule_id", "source_name", "source_file", "source_sheet", "source_row", "cell", "column_title",
    "subject", "found", "expected", "remedy",
)  # fmt: skip
_IN_A_WORKBOOK = (
    "severity", "rule_id", "source_file", "source_sheet", "cell", "source_row", "column_title", "subject",
    "found", "remedy", "expected", "source_name",
)  # fmt: skip
_OWNER = Column("owner", "Who deals with it", "text", "The role that deals with what the rule finds.")
_SEVERITIES = {"critical": 0, "warning": 1, "information": 2}


def findings_csv(findings: pd.DataFrame) -> bytes:
    """The table `finding` as CSV, one row a finding, the gravest first, then by rule and place."""
    rows = [tuple(row[name] for name in _COLUMNS) for row in records(_ranked(findings), "finding")]
    columns = tuple(field_column(name, name) for name in _COLUMNS)
    return render_csv(Dataset("findings", Table("findings", "Findings", columns, tuple(rows))))


def findings_xlsx(findings: pd.DataFrame, publisher: str, *, as_of: date) -> bytes:
    """The same as a workbook to filter and work through, with who deals with each finding.

    Of more than MOST_IN_A_WORKBOOK the gravest are listed, and cover and sheet say of how many.
    """
    listed = records(_ranked(findings).head(MOST_IN_A_WORKBOOK), "finding")
    names = _IN_A_WORKBOOK
    rows = tuple(
        (row["severity"], RULES[str(row["rule_id"])].owner, *(row[name] for name in names[1:]))
        for row in listed
    )
    columns = (field_column(names[0], names[0]), _OWNER, *(field_column(name, name) for name in names[1:]))
    title = f"Findings of {day_text(as_of)}"
    table = Table("findings", title, columns, rows)
    counted = _counted(len(findings))
    cover = (
        (
            "What this is",
            "Every fault and note that the checks made, with its place and what to do about it.",
        ),
        ("How many", counted),
        ("Not for publication", "It quotes what was found in the files, which may be personal."),
    )
    sheet = Sheet("Findings", title, (f"Source: {publisher}. {counted}",), table, filters=True)
    return render_xlsx(
        Dataset("findings", table, workbook=Workbook(title, publisher, cover, (sheet,))), as_of=as_of
    )


def _counted(count: int) -> str:
    if count > MOST_IN_A_WORKBOOK:
        return f"The {MOST_IN_A_WORKBOOK:,} gravest of {count:,} findings; findings.csv has all of them."
    return "No faults found." if not count else f"All findings: {count:,}, the gravest first."


def _ranked(findings: pd.DataFrame) -> pd.DataFrame:
    # Sorted as Python's own values: pandas takes seconds to sort a hundred thousand by eight columns of text.
    columns = [
        findings[name].tolist() if name == "source_row" else findings[name].fillna("").tolist()
        for name in (*_COLUMNS[1:7], "subject", "found")
    ]
    keys = list(zip(findings["severity"].map(_SEVERITIES).tolist(), *columns, strict=True))
    return findings.iloc[sorted(range(len(keys)), key=keys.__getitem__)]
