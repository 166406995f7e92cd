"""The gate: whether a publication may be made from exactly these tables, and every reason why not.

A blocking check of Dagster stops only its own run, so whoever publishes asks here. Does not belong here:
judging (`checks`), storing verdicts (`kcc_etl.warehouse`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.exceptions import PublicationRefusedError
from kcc_etl.schema.rules import RULES, Rule
from kcc_etl.schema.tables import TABLES

QUARTERLY = (keys.OUT_PERFORMANCE, keys.OUT_OVER_30K, keys.OUT_SPEND, keys.OUT_REGISTER)
"""The tables that hold the figures of one quarter at a time."""

_OPEN = ("passed", "not applicable")


def ask(
    tables: Sequence[str],
    versions: Mapping[str, str],
    verdicts: pd.DataFrame,
    *,
    period: str = "",
    periods: Mapping[str, str] | None = None,
) -> list[str]:
    """Every reason against publishing from `tables`, in plain words; none when the gate is open.

    `versions` holds the version of each table as it stands now, `verdicts` is the table `verdict`. Each
    critical check-stage rule of each table must have passed, or not apply, on exactly that version of the
    table and in the rule's present version. A rule of any severity that could not run is a reason too.
    Where a `period` is named, the tables that hold one quarter at a time must hold that one: `periods` says
    which they hold.
    """
    reasons: list[str] = []
    for table in dict.fromkeys(tables):
        version = versions.get(table, "")
        if not version:
            reasons.append(f"{_title(table)} has never been written")
            continue
        if period and table in QUARTERLY and (held := (periods or {}).get(table, "")) != period:
            figures = f"the figures of {held}" if held else "no figures"
            reasons.append(
                f"{_title(table)} holds {figures}, not of {period}; run the job `quarterly` for {period}"
            )
            continue
        mine = verdicts[(verdicts["table_name"] == table) & (verdicts["table_version"] == version)]
        by_rule = {str(row["rule_id"]): row for row in mine.to_dict("records")}
        reasons += [reason for rule in _rules(table) if (reason := _reason(rule, by_rule.get(rule.id)))]
    return reasons


def require_open(
    period: str,
    tables: Sequence[str],
    versions: Mapping[str, str],
    verdicts: pd.DataFrame,
    periods: Mapping[str, str],
) -> None:
    """Raise PublicationRefusedError with every reason against publishing for the period; else do nothing."""
    if reasons := ask(tables, versions, verdicts, period=period, periods=periods):
        raise PublicationRefusedError(period, reasons)


def _rules(table: str) -> list[Rule]:
    rules = [rule for rule in RULES.values() if rule.table == table and rule.stage == "check"]
    return sorted(rules, key=lambda rule: rule.id)


def _reason(rule: Rule, verdict: Mapping[Hashable, object] | None) -> str:
    place = f"on {_title(rule.table)}"
    critical = rule.severity == "critical"
    if verdict is None or verdict["rule_version"] != rule.version:
        judged = "has not been judged on this version of"
        return f"{rule.id} {judged} {_title(rule.table)}" if critical else ""
    status = verdict["verdict_status"]
    if status == "could not run":
        return f"{rule.id} could not run {place}: {verdict['reason']}"
    if status in _OPEN or not critical:
        return ""
    applied, passed = int(str(verdict["applied"])), int(str(verdict["passed"]))
    counted = f": {applied - passed} of {applied} rows" if applied > 1 else ""
    return f"{rule.id} {status} {place}{counted}. {rule.text}"


def _title(table: str) -> str:
    return TABLES[table].title
