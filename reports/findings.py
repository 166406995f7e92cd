"""The list of findings for the officers who deal with them. It stays inside: it quotes what was found.

Does not belong here: judging, publishing.
"""

from __future__ import annotations

import pandas as pd

from reports.delimited import render_csv
from reports.documents import Dataset, Table
from reports.edition import field_column, records

_COLUMNS = (
    "severity", "rule_id", "source_name", "source_file", "source_sheet", "source_row", "cell", "column_title",
    "subject", "found", "expected", "remedy",
)  # fmt: skip
_SEVERITIES = {"critical": 0, "warning": 1, "information": 2}


def findings_csv(findings: pd.DataFrame) -> bytes:
    """The table `finding` as CSV, one row a finding, the gravest first, then by rule and place."""
    ranked = findings.assign(rank=findings["severity"].map(_SEVERITIES))
    ordered = ranked.sort_values(["rank", *_COLUMNS[1:7], "subject", "found"], kind="stable")
    rows = [tuple(row[name] for name in _COLUMNS) for row in records(ordered, "finding")]
    columns = tuple(field_column(name, name) for name in _COLUMNS)
    return render_csv(Dataset("findings", Table("findings", "Findings", columns, tuple(rows))))
