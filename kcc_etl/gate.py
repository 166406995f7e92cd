"""The gate: whether a publication may be made from exactly these inputs, and every reason why not.

A blocking check of Dagster stops only its own run, so whoever publishes asks here. Does not belong here:
judging (`checks`), storing verdicts (`kcc_etl.warehouse`), which waivers hold (`kcc_etl.domain.waivers`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.basis import Basis, basis_of
from kcc_etl.domain.findings import found_for_all, quoted
from kcc_etl.domain.waivers import Waiver, WaiverUsed, waivers_in_force, waivers_used
from kcc_etl.exceptions import PublicationRefusedError
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.frames import empty
from kcc_etl.schema.reads import MADE_FROM, judged_with, made_with
from kcc_etl.schema.rules import RULES, Rule
from kcc_etl.schema.tables import TABLES
from kcc_etl.warehouse.store import Warehouse

QUARTERLY = (
    keys.OUT_PERFORMANCE,
    keys.OUT_OUTCOME,
    keys.OUT_RATING,
    keys.OUT_DISCLOSED,
    keys.OUT_AREA,
    keys.OUT_ASSESSMENT,
    keys.OUT_OVER_30K,
    keys.OUT_SPEND,
    keys.OUT_REGISTER,
    keys.OUT_CARD,
    keys.OUT_GRANT,
    keys.OUT_SHARE,
    keys.OUT_TENDER,
    keys.OUT_COMPLIANCE_INVOICE,
    keys.OUT_COMPLIANCE,
    keys.OUT_REDACTION,
)
"""The tables that hold the figures of one quarter at a time."""

_OPEN = ("passed", "not applicable")

Row = Mapping[Hashable, object]


@dataclass(frozen=True)
class Case:
    """What the gate is asked about, as the warehouse stands at one moment.

    `versions` and `inputs` hold the version of each table and of its inputs, `verdicts` and `findings` are
    the tables of that name, `waivers` those that hold for the period. Where a `period` is named, the tables
    that hold one quarter at a time must hold that one: `periods` says which they hold. `altered` are tables
    that were changed by other means than this program, so that no verdict on them holds. `stale` are tables,
    these or any that they are made from, that were made on another basis than stands now: rules can pass on
    figures that are no longer those of today's parameters, day and inputs.
    """

    tables: tuple[str, ...]
    versions: Mapping[str, str]
    inputs: Mapping[str, str]
    verdicts: pd.DataFrame
    findings: pd.DataFrame = field(default_factory=lambda: empty("finding"))
    waivers: tuple[Waiver, ...] = ()
    period: str = ""
    periods: Mapping[str, str] = field(default_factory=dict)
    altered: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """Every reason against publishing, none when the gate is open; and the waivers that opened it."""

    reasons: tuple[str, ...]
    waivers: tuple[WaiverUsed, ...] = ()


def case_of(
    store: Warehouse,
    period: str,
    as_of: date,
    parameters: Parameters,
    tables: Sequence[str] = keys.PACK_INPUTS,
) -> Case:
    """The case of publishing a period from the warehouse as it stands; call it in a transaction."""
    basis = basis_of(as_of, parameters)
    made = made_with(tables)
    read = {name for table in tables for name in judged_with(table)}
    versions = store.versions(sorted(read.union(made, *(MADE_FROM[table] for table in made))))
    decisions = store.read(keys.CORE_DECISION)
    periods = store.periods(tables)
    return Case(
        tables=tuple(tables),
        versions=versions,
        inputs={table: basis.inputs_version(table, versions, periods.get(table, "")) for table in tables},
        verdicts=store.read("verdict"),
        findings=store.read("finding", {"stage": "check", "severity": "critical"}),
        waivers=waivers_in_force(decisions, period, as_of, parameters.waivers),
        period=period,
        periods=periods,
        stale=made_otherwise(made, basis, versions, store.bases(made)),
    )


def made_otherwise(
    tables: Iterable[str], basis: Basis, versions: Mapping[str, str], booked: Mapping[str, str]
) -> tuple[str, ...]:
    """Those of several written tables that were booked as made on another basis than this, or on none."""
    return tuple(
        table
        for table in tables
        if versions.get(table) and booked.get(table, "") != basis.made_from(table, versions)
    )


def ask(case: Case) -> Answer:
    """Every reason against publishing from the tables of a case, in plain words, and the waivers used.

    Each critical check-stage rule of each table must have passed, or not apply, on exactly these inputs and
    in the rule's present version, or waivers must cover all that it found. A rule of any severity that could
    not run is a reason too.
    """
    reasons = [*_stale(case), *(_altered(table, case) for table in case.altered if table not in case.tables)]
    used: list[WaiverUsed] = []
    for table in dict.fromkeys(case.tables):
        if said := _unfit(case, table):
            reasons.append(said)
            continue
        of_table = case.verdicts[case.verdicts["table_name"] == table].to_dict("records")
        for rule in _rules(table):
            answer = _on_rule(case, rule, [row for row in of_table if row["rule_id"] == rule.id])
            reasons += answer.reasons
            used += answer.waivers
    return Answer(tuple(reasons), tuple(sorted(used)))


def require_open(period: str, answer: Answer) -> None:
    """Raise PublicationRefusedError with every reason against publishing the period; else do nothing."""
    if answer.reasons:
        raise PublicationRefusedError(period, answer.reasons)


def _stale(case: Case) -> list[str]:
    """The tables that were not made from what stands now, by the command that makes them again."""
    of_figures = [_title(table) for table in case.stale if table.startswith("out_")]
    of_core = [_title(table) for table in case.stale if not table.startswith("out_")]
    what = "other parameters, other tables or by another version of this program than stand now"
    told = []
    if of_core:
        told.append(f"Made from {what}: {', '.join(of_core)}; run `kcc-etl run`")
    if of_figures:
        remedy = f"run `kcc-etl publish {case.period}`"
        told.append(f"Made for another day, from {what}: {', '.join(of_figures)}; {remedy}")
    return told


def _unfit(case: Case, table: str) -> str:
    """Why a table cannot be published from at all."""
    if not case.versions.get(table):
        return f"{_title(table)} has never been written"
    if table in case.altered:
        return _altered(table, case)
    held = case.periods.get(table, "")
    if case.period and table in QUARTERLY and held != case.period:
        figures = f"the figures of {held}" if held else "no figures"
        remedy = f"run `kcc-etl publish {case.period}`"
        return f"{_title(table)} holds {figures}, not of {case.period}; {remedy}"
    return ""


def _altered(table: str, case: Case) -> str:
    """The table that was changed by hand, by the command that makes it again; the verdicts are no figures."""
    remedy = f"kcc-etl publish {case.period}" if table.startswith("out_") else "kcc-etl run"
    return f"The table {_title(table)} was changed by other means than this program; run `{remedy}`"


def _rules(table: str) -> list[Rule]:
    rules = [rule for rule in RULES.values() if rule.table == table and rule.stage == "check"]
    return sorted(rules, key=lambda rule: rule.id)


def _on_rule(case: Case, rule: Rule, verdicts: Iterable[Row]) -> Answer:
    """The answer on one rule, by its verdicts on exactly these inputs; of several, the worst counts."""
    rows = list(verdicts)
    same = [row for row in rows if row["inputs_version"] == case.inputs[rule.table]]
    present = [row for row in same if row["rule_version"] == rule.version]
    critical = rule.severity == "critical"
    if not present:
        return Answer((_not_judged(case, rule, rows, same),) if critical else ())
    if broken := [row for row in present if row["verdict_status"] == "could not run"]:
        return Answer((f"{rule.id} could not run on {_title(rule.table)}: {broken[0]['reason']}",))
    shut = [row for row in present if row["verdict_status"] not in _OPEN]
    return _on_failure(case, rule, shut[0]) if shut and critical else Answer(())


def _not_judged(case: Case, rule: Rule, rows: Iterable[Row], same: Iterable[Row]) -> str:
    title = _title(rule.table)
    if any(same):
        return f"{rule.id} has not been judged on {title} in its present version"
    if any(row["table_version"] == case.versions[rule.table] for row in rows):
        what = "a table it is judged with, the parameters, the day or the rules are not what they were"
        return f"{rule.id} has not been judged on these inputs of {title}: {what}"
    return f"{rule.id} has not been judged on this version of {title}"


def _on_failure(case: Case, rule: Rule, verdict: Row) -> Answer:
    """The answer on a rule that failed: open when waivers cover everything it found."""
    applied, passed = int(str(verdict["applied"])), int(str(verdict["passed"]))
    findings = case.findings
    mine = findings[(findings["rule_id"] == rule.id) & (findings["table_name"] == rule.table)]
    said = [f": found {found_for_all(rule.id, found)}" for found in mine["found"].fillna("")]
    counted = f": {applied - passed:,} of {applied:,} rows" if applied > 1 else "".join(said[:1])
    broken = f"{rule.id} {verdict['verdict_status']} on {_title(rule.table)}"
    reason = f"{broken}, which did not meet the rule {quoted(rule.text)}{counted}."
    if not rule.waivable:
        return Answer((reason,))
    subjects = mine["subject"].fillna("").tolist()
    used = waivers_used(case.waivers, rule.id, subjects)
    covered = sum(one.findings for one in used)
    if covered == len(subjects) >= applied - passed > 0:
        return Answer((), used)
    told = f" Waivers cover {covered} of its {len(subjects)} findings." if covered else ""
    return Answer((reason + told,))


def _title(table: str) -> str:
    return TABLES[table].title
