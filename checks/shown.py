"""What the Dagster UI shows of a rule and of its outcome.

Does not belong here: judging (`checks.runner`), running checks (`checks.asset_checks`).
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import dagster as dg
import pandas as pd

from kcc_etl.domain.findings import (
    Verdict,
    findings_frame,
    found_for_all,
    of_reading,
    shown_name,
    subject_for_all,
)
from kcc_etl.schema.rules import RULES, Rule

SHOWN = 20
"""Findings shown in the UI, the first in order of place; the table `finding` holds them all."""
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
_FOR_ALL = {"found": found_for_all, "subject": subject_for_all}
"""Cells that may be personal: the UI has no login."""


def check_name(rule: Rule) -> str:
    """Name of the asset check of a rule, such as `CR_017_contract_ref_uniqueness`."""
    return "_".join(part for part in (rule.id.replace("-", "_"), rule.field, rule.dimension) if part)


def spec(rule: Rule, asset: str, reads: tuple[str, ...] = ()) -> dg.AssetCheckSpec:
    """The asset check of a rule; `reads` are the tables that must be made first.

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
            "owner": rule.owner,
            "source": rule.source,
        },
    )


def of_verdict(verdict: Verdict, asset: str) -> dg.AssetCheckResult:
    """The result of a check-stage rule. What could not run is an error, never a failure of the data."""
    rule = RULES[verdict.rule_id]
    failed = verdict.applied - verdict.passed
    outcome = verdict.status + (f": {verdict.reason}" if verdict.reason else "")
    findings = findings_frame(verdict.findings[:SHOWN])  # they are in order of place
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


def of_findings(
    rule: Rule, asset: str, findings: pd.DataFrame, *, kind: str, arrived: Container[str]
) -> dg.AssetCheckResult:
    """The result of a rule judged earlier, where rows are read or joined: failed when it made findings.

    Where no file of the kind is among the `arrived` it is not applicable, which Dagster counts as passed.
    """
    count = len(findings)
    outcome: str = of_reading(found=bool(count), kind=kind, arrived=arrived)
    description = f"{_counted(count)}. {_first(rule, findings)}" if count else "nothing found"
    if outcome == "not applicable":
        description = outcome = f"{outcome}: nothing of this kind has arrived"
    return dg.AssetCheckResult(
        passed=not count,
        asset_key=asset,
        check_name=check_name(rule),
        severity=dg.AssetCheckSeverity.WARN,
        description=description,
        metadata={"outcome": outcome, "findings": count, **_evidence(rule, findings)},
    )


def _counted(count: int) -> str:
    return "1 finding" if count == 1 else f"{count} findings"


def _first(rule: Rule, findings: pd.DataFrame) -> str:
    row = findings.iloc[0]
    place = [_cell(row["source_file"]) or subject_for_all(rule.id, _cell(row["subject"]))]
    if sheet := _cell(row["source_sheet"]):
        place.append(f"sheet '{sheet}'")
    if cell := _cell(row["cell"]):
        place.append(f"cell {cell}")
    elif row["source_row"]:
        place.append(f"row {row['source_row']}")
    found = found_for_all(rule.id, _cell(row["found"]))
    return f"First: {', '.join(part for part in place if part)}: found {found}"


def _evidence(rule: Rule, findings: pd.DataFrame) -> dict[str, Any]:
    if findings.empty:
        return {}
    records = [
        dg.TableRecord(
            {
                title: _FOR_ALL[name](rule.id, _cell(row[name])) if name in _FOR_ALL else _cell(row[name])
                for title, name in _COLUMNS.items()
            }
        )
        for row in findings.head(SHOWN).to_dict("records")
    ]
    schema = dg.TableSchema(columns=[dg.TableColumn(title, "string") for title in _COLUMNS])
    return {"first_findings": dg.MetadataValue.table(records, schema)}


def _cell(value: object) -> str:
    return "" if value is None or pd.isna(value) else shown_name(str(value))  # type: ignore[call-overload]  # one
