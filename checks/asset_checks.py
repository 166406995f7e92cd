"""The bridge to Dagster: asset checks from the catalogue of rules, verdicts and findings into the warehouse.

Check-stage rules are judged here. Rules of the stages intake and core were judged where rows are read and
joined; here their findings are shown on the raw and the core assets.
Does not belong here: judging (`checks.runner`), what the UI shows (`checks.shown`), the gate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import dagster as dg
import pandas as pd

from checks.registry import checked_tables, rules_of
from checks.rules.outcome import Inputs
from checks.runner import judge
from checks.shown import of_findings, of_verdict, spec
from kcc_etl.asset_keys import check_step
from kcc_etl.basis import basis_of
from kcc_etl.domain.findings import Verdict, findings_frame, verdicts_frame
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.reads import judged_with, waits_for
from kcc_etl.schema.rules import RULES, Rule
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, KINDS, RAW_TABLE_OF_KIND, TABLES
from kcc_etl.warehouse.store import Warehouse

_STAGES = {"intake": ["landing", "intake"], "core": ["core"]}
_WITHOUT_FINDINGS = ("IN-003", "IN-004")
_FILE_RULES = tuple(
    rule.id
    for rule in RULES.values()
    if rule.stage == "intake"
    and rule.table in {"receipt", "set_aside", "ledger"}
    and rule.id not in _WITHOUT_FINDINGS
)


def build_checks() -> list[dg.AssetChecksDefinition]:
    """Every asset check: check-stage rules by table, intake rules by raw asset, core rules by core asset."""
    intake = [_findings_check("intake", kind) for kind in KINDS if rules_shown("intake", kind)]
    core = [_findings_check("core", kind) for kind in KINDS if rules_shown("core", kind)]
    return [*intake, *core, *(_table_check(table) for table in checked_tables())]


def rules_shown(stage: str, kind: str) -> tuple[Rule, ...]:
    """Rules of a stage whose findings are shown for a kind; those that leave rows out make none."""
    own = rules_of(RAW_TABLE_OF_KIND[kind].name, stage)
    shared = tuple(RULES[rule_id] for rule_id in _FILE_RULES) if stage == "intake" else ()
    return (*shared, *(rule for rule in own if rule.effect != "exclude"))


def _table_check(table: str) -> dg.AssetChecksDefinition:
    rules = rules_of(table)
    specs = [spec(rule, table, waits_for(table)) for rule in rules]
    title = TABLES[table].title

    @dg.multi_asset_check(name=check_step(table), description=f"Rules on {title}.", specs=specs)
    def check(
        warehouse: WarehouseResource, dates: RunDatesResource, policy: PolicyResource
    ) -> Iterator[dg.AssetCheckResult]:
        store, as_of, parameters = warehouse.open(), dates.as_of(), policy.parameters()
        names = judged_with(table)
        with store.transaction():  # what is judged is what the versions say
            versions = store.versions(names)
            frames = {name: store.read(name) for name in names}
            periods = store.periods(names)
        verdicts = judge(table, Inputs(frames, as_of, parameters, periods))
        keep(
            store,
            table,
            versions[table],
            basis_of(as_of, parameters).inputs_version(table, versions, periods.get(table, "")),
            verdicts,
        )
        for verdict in verdicts:
            yield of_verdict(verdict, table)

    return check


def keep(store: Warehouse, table: str, version: str, inputs_version: str, verdicts: list[Verdict]) -> None:
    """Put the verdicts and findings of a table in the place of its earlier ones, both or neither.

    A table that was never written has no version to hold a verdict for; nothing is kept for it.
    """
    if not version:
        return
    findings = [finding for verdict in verdicts for finding in verdict.findings]
    with store.transaction():
        judged = verdicts_frame(verdicts, version, inputs_version)
        store.replace_where("verdict", judged, {"table_name": table})
        store.replace_where("finding", findings_frame(findings), {"stage": "check", "table_name": table})


def _findings_check(stage: str, kind: str) -> dg.AssetChecksDefinition:
    tables = RAW_TABLE_OF_KIND if stage == "intake" else CORE_TABLE_OF_KIND
    asset = tables[kind].name
    rules = rules_shown(stage, kind)
    title = "Faults found while reading" if stage == "intake" else "Faults found while joining"

    @dg.multi_asset_check(
        name=f"{stage}_{asset}",
        description=f"{title}: {tables[kind].title}.",
        specs=[spec(rule, asset) for rule in rules],
    )
    def check(house: SettingsResource, warehouse: WarehouseResource) -> Iterator[dg.AssetCheckResult]:
        sources = {source.name: source.kind for source in house.settings().sources}
        store = warehouse.open()
        findings = of_kind(store.read("finding", {"stage": _STAGES[stage]}), kind, sources)
        arrived = set(store.read("receipt")["kind"])
        for rule in rules:
            mine = findings[findings["rule_id"] == rule.id]
            yield of_findings(rule, asset, mine, kind=kind, arrived=arrived)

    return check


def of_kind(findings: pd.DataFrame, kind: str, sources: Mapping[str, str]) -> pd.DataFrame:
    """Findings on files of a kind, in order of place; `sources` gives the kind of each source."""
    mine = findings[findings["source_name"].map(sources) == kind]
    order = ["rule_id", "source_name", "source_file", "source_sheet", "source_row", "cell", "found"]
    return mine.sort_values(order, kind="stable", ignore_index=True)
