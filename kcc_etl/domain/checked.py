"""What the checks of a night came to, in numbers: outcomes, failures by severity, what could not run.

Does not belong here: whether a publication may be made of it (`kcc_etl.gate`), the findings themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import TABLES

SEVERITIES = ("critical", "warning", "information")


@dataclass(frozen=True)
class Checks:
    """Rules by outcome; `failed` by severity, the gravest first; `could_not_run` as sentences.

    `not_judged` are rules of which nothing holds of the tables as they stand, by the title of their table.
    """

    passed: int = 0
    not_applicable: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    could_not_run: tuple[str, ...] = ()
    not_judged: Mapping[str, int] = field(default_factory=dict)

    @property
    def critical(self) -> int:
        """Rules that shut publication and failed, waived or not."""
        return self.failed.get("critical", 0)

    @property
    def need_attention(self) -> bool:
        """Whether a rule failed that is more than information, or one could not run or was not judged."""
        grave = sum(number for severity, number in self.failed.items() if severity != "information")
        return bool(grave or self.could_not_run or self.not_judged)

    def __str__(self) -> str:
        failed = self.failed
        by_severity = ", ".join(f"{failed[name]} {name}" for name in SEVERITIES if failed.get(name))
        told = f" ({by_severity})" if by_severity else ""
        unknown = sum(self.not_judged.values())
        also = f", {unknown} not judged ({', '.join(self.not_judged)})" if unknown else ""
        return (
            f"{self.passed} passed, {sum(failed.values())} failed{told}, {len(self.could_not_run)} could not "
            f"run, {self.not_applicable} not applicable{also}"
        )


def checks_of(verdicts: pd.DataFrame) -> Checks:
    """The outcomes of rows of `verdict` that hold, one rule each; what has no row was not judged."""
    status = verdicts["verdict_status"]
    failed = verdicts.loc[status == "failed", "severity"].value_counts()
    missing = [RULES[rule_id].table for rule_id in sorted(check_rules() - {*verdicts["rule_id"]})]
    broken = verdicts[status == "could not run"].sort_values(["table_name", "rule_id"]).to_dict("records")
    return Checks(
        passed=int((status == "passed").sum()),
        not_applicable=int((status == "not applicable").sum()),
        failed={name: int(failed.get(name, 0)) for name in SEVERITIES},
        could_not_run=tuple(
            f"{row['rule_id']} on {TABLES[row['table_name']].title}: {row['reason']}" for row in broken
        ),
        not_judged={TABLES[name].title: missing.count(name) for name in TABLES if name in missing},
    )


def check_rules() -> frozenset[str]:
    """Ids of the rules that are judged on tables every night."""
    return frozenset(rule.id for rule in RULES.values() if rule.stage == "check")


def of_earlier(findings: pd.DataFrame, verdicts: pd.DataFrame) -> pd.Series:
    """Which findings an earlier run left: those of rules on tables of which no verdict holds."""
    return (findings["stage"] == "check") & ~findings["rule_id"].isin(verdicts["rule_id"])


Status = Literal["published", "drafted", "refused", "failed"]


def run_tags(checks: Checks, status: Status, waivers: Sequence[WaiverUsed] = ()) -> dict[str, str]:
    """What a run says of itself in tags: Dagster shows it green whatever its checks found."""
    told = {
        "status": f"{status} under a waiver" if waivers else status,
        "published": "yes" if status == "published" else "no",
        "critical_failed": checks.critical,
        "warnings": checks.failed.get("warning", 0),
        "could_not_run": len(checks.could_not_run),
        "not_judged": sum(checks.not_judged.values()),
        "waivers": len(waivers),
    }
    return {f"kcc_etl/{name}": str(value) for name, value in told.items()}
