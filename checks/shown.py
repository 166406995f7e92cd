"""What the Dagster UI shows of a rule and of its outcome.

Does not belong here: judging (`checks.runner`), running checks (`checks.asset_checks`).
"""

from __future__ import annotations

from typing import Any

import dagster as dg
import pandas as pd

from kcc_etl.domain.findings import Verdict, findings_frame, shown_name
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES, Rule

SHOWN = 20
"""Findings shown in the UI, the first in order of place; the table `finding` holds them all."""

WITHHELD = "not shown here: it may be personal"
_PERSONAL_RULES = frozenset({"RT-007"})
_COLUMNS = {
    "file": "source_file",
    "sheet": "source_sheet",
    "cell": "cell",
    "row": "source_row",
    "column": "column_title",
    "about": "subject",
    "found": "found",
    "expected": "expected",
    "remedy": "remedy",
}


def check_name(rule: Rule) -> str:
    """Name of the asset check of a rule, such as `CR_017_contract_ref_uniqueness`."""
    return "_".join(part for part in (rule.id.replace("-", "_"), rule.field, rule.dimension) if part)


def spec(rule: Rule, asset: str, reads: tuple[str, ...] = ()) -> dg.AssetCheckSpec:
    """The asset check of a rule; `reads` are the other tables it is judged with.

    None blocks in Dagster's sense: that would hide what is wrong further on. The gate shuts publication.
    """
    effect = " Shuts publication when it fails." if rule.effect == "block" else ""
    return dg.AssetCheckSpec(
        name=check_name(rule),
        asset=asset,
        description=f"{rule.id}. {rule.text}{effect}",
        blocking=False,
        additional_deps=list(reads),
        metadata={
            "rule": rule.id,
            "version": rule.version,
            "severity": rule.severity,
            "effect": rule.effect,
            "dimension": rule.dimension,
            "source": rule.source,
        },
    )


def of_verdict(verdict: Verdict, asset: str) -> dg.AssetCheckResult:
    """The result of a check-stage rule. What could not run is an error, never a failure of the data."""
    rule = RULES[verdict.rule_id]
    failed = verdict.applied - verdict.passed
    outcome = verdict.status + (f": {verdict.reason}" if verdict.reason else "")
    findings = findings_frame(verdict.findings)
    description = outcome
    if verdict.status == "failed":
        counted = f"{failed} of {verdict.applied} rows. " if verdict.applied > 1 else ""
        description = counted + _first(rule, findings)
    elif verdict.status == "passed":
        description = f"{verdict.applied} of {verdict.applied} rows passed"
    serious = verdict.severity == "critical" or verdict.status == "could not run"
    return dg.AssetCheckResult(
        passed=verdict.status in ("passed", "not applicable"),
        asset_key=asset,
        check_name=check_name(rule),
        severity=dg.AssetCheckSeverity.ERROR if serious else dg.AssetCheckSeverity.WARN,
        description=description,
        metadata={
            "outcome": outcome,
            "rows_applied": verdict.applied,
            "rows_passed": verdict.passed,
            "rows_failed": failed,
            **_evidence(rule, findings),
        },
    )


def of_findings(rule: Rule, asset: str, findings: pd.DataFrame) -> dg.AssetCheckResult:
    """The result of a rule judged earlier, where rows are read or joined: failed when it made findings."""
    count = len(findings)
    return dg.AssetCheckResult(
        passed=not count,
        asset_key=asset,
        check_name=check_name(rule),
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{_counted(count)}. {_first(rule, findings)}" if count else "nothing found",
        metadata={"outcome": "failed" if count else "passed", "findings": count, **_evidence(rule, findings)},
    )


def _counted(count: int) -> str:
    return "1 finding" if count == 1 else f"{count} findings"


def _first(rule: Rule, findings: pd.DataFrame) -> str:
    row = findings.iloc[0]
    place = [_cell(row["source_file"]) or _cell(row["subject"])]
    if sheet := _cell(row["source_sheet"]):
        place.append(f"sheet '{sheet}'")
    if cell := _cell(row["cell"]):
        place.append(f"cell {cell}")
    elif row["source_row"]:
        place.append(f"row {row['source_row']}")
    return f"First: {', '.join(part for part in place if part)}: found {_found(rule, row['found'])}"


def _evidence(rule: Rule, findings: pd.DataFrame) -> dict[str, Any]:
    if findings.empty:
        return {}
    records = [
        dg.TableRecord(
            {
                title: _found(rule, row[name]) if name == "found" else _cell(row[name])
                for title, name in _COLUMNS.items()
            }
        )
        for row in findings.head(SHOWN).to_dict("records")
    ]
    schema = dg.TableSchema(columns=[dg.TableColumn(title, "string") for title in _COLUMNS])
    return {"first_findings": dg.MetadataValue.table(records, schema)}


def _found(rule: Rule, value: object) -> str:
    """The found value, unless it may be personal: the UI has no login."""
    personal = rule.id in _PERSONAL_RULES or (rule.field in FIELDS and FIELDS[rule.field].personal)
    return WITHHELD if personal else _cell(value)


def _cell(value: object) -> str:
    return "" if value is None or pd.isna(value) else shown_name(str(value))  # type: ignore[call-overload]  # one
