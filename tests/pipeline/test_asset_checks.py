"""The bridge to Dagster on a real warehouse: verdicts and findings stored, results that name the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from checks.asset_checks import build_checks, rules_shown
from checks.registry import checked_tables
from checks.shown import SHOWN, check_name, of_verdict
from kcc_etl import asset_keys as keys
from kcc_etl.basis import basis_of
from kcc_etl.domain.findings import WITHHELD, Finding, Verdict, findings_frame
from kcc_etl.domain.redaction import REDACTED
from kcc_etl.gate import ask, case_of
from kcc_etl.parameters.load import load_parameters
from kcc_etl.resources import (
    PolicyResource,
    RunDatesResource,
    SettingsResource,
    WarehouseResource,
    open_warehouse,
)
from kcc_etl.schema.reads import MADE_FROM, waits_for
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, RAW_TABLE_OF_KIND, TABLES, Table
from kcc_etl.settings import load_settings
from kcc_etl.warehouse.store import Warehouse
from tests.unit.check_cases import C, F, P, Rows, contract, figure, frame, payment, receipt

SETTINGS = """\
as_of = 2026-11-23

[authority]
name = "Council"
address = "1 Street"
email = "a@example.org"
ids = ["GB-PPON-PABC-1234-DEFG"]

[[sources]]
name = "source"
kind = "register"
path = "inbox"
"""


AS_OF, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class UndoneError(Exception):
    """Takes back what a test wrote."""


class House:
    """A settings file, its warehouse, and a run of every check on it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "kcc_etl.toml"
        self.file.write_text(SETTINGS, encoding="utf-8")
        self.store: Warehouse = open_warehouse(load_settings(self.file).warehouse_url)

    def fill(self, **tables: Rows) -> None:
        """Tables as given, the others without rows; receipts that the core tables balance with."""
        arrived, basis = [], basis_of(AS_OF, load_parameters())
        for table in sorted(checked_tables(), key=list(MADE_FROM).index):
            rows = frame(table, tables.get(table, []))
            made_on = basis.made_from(table, self.store.versions(MADE_FROM[table]))
            self.store.replace(table, rows, basis=made_on)
            kind, money = TABLES[table].kind, TABLES[table].money
            if kind and len(rows):
                file = str(rows["source_file"][0])
                pence = int(rows[money].sum()) if money else 0
                arrived.append(receipt(kind, len(rows), pence, source_file=file))
        self.store.replace("receipt", frame("receipt", arrived))
        self.store.replace("file_column", frame("file_column", tables.get("file_column", [])))

    def reasons(self, as_of: date = AS_OF) -> tuple[str, ...]:
        return ask(case_of(self.store, "", as_of, load_parameters(), checked_tables())).reasons

    def run(self) -> dict[str, dg.AssetCheckEvaluation]:
        house = SettingsResource(path=str(self.file))
        checks = build_checks()
        stages = {spec.asset_key for check in checks for spec in check.check_specs}
        quarters = dg.StaticPartitionsDefinition(["2026-27-Q1", "2026-27-Q2"])
        assets = [_asset(key, quarters) for key in sorted(stages)]
        defs = dg.Definitions(
            assets=assets,
            asset_checks=checks,
            jobs=[dg.define_asset_job("all", selection=dg.AssetSelection.all())],
            resources={
                "house": house,
                "dates": RunDatesResource(settings=house),
                "warehouse": WarehouseResource(settings=house, dates=RunDatesResource(settings=house)),
                "policy": PolicyResource(settings=house),
            },
            executor=dg.in_process_executor,
        )
        result = defs.resolve_job_def("all").execute_in_process(partition_key="2026-27-Q2", run_config=QUIET)
        assert result.success
        return {
            e.check_name + "@" + e.asset_key.to_user_string(): e for e in result.get_asset_check_evaluations()
        }


def _asset(key: dg.AssetKey, quarters: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    partitions = quarters if "quarterly" in key.to_user_string() else None

    @dg.asset(key=key, partitions_def=partitions)
    def made() -> None:
        """Stands for the asset that wrote the table."""

    return made


def named(rule_id: str, table: str) -> str:
    return f"{check_name(RULES[rule_id])}@{table}"


def landed(value: int = 0, ref: str = "C-1") -> Rows:
    dates = {"start_on": "2026-01-01", "end_on": "2026-12-31"}
    return [contract(ref, value_ex_vat_pence=value, source_file="register.csv", **dates)]


COLUMN = {
    "source_file": "register.csv",
    "field_name": "value_ex_vat_pence",
    "column_title": "Value",
    "column_letter": "G",
}
JO = payment(supplier_name="Jo Bloggs", supplier_key="name:jo bloggs")
PLACE = {"source_name": "source", "source_file": "register.csv", "source_row": 4, "cell": "G4"}
EARLIER = [
    Finding("CR-003", "warning", RULES["CR-003"].table, "intake", "tba", "", "", **PLACE),  # type: ignore[arg-type]
    Finding("CR-005", "warning", RULES["CR-005"].table, "core", "2020", "", "", **PLACE),  # type: ignore[arg-type]
    Finding(
        "IN-001", "warning", "receipt", "landing", "locked", "", "", source_name="source", source_file="x.csv"
    ),
]
FAULTY: dict[str, Rows] = {
    C: landed(0), P: [JO], F: [figure(return_status="not due")], "file_column": [COLUMN],
}  # fmt: skip
CLEAN: dict[str, Rows] = {
    C: landed(500),
    P: [payment(amount_ex_vat_pence=50_001)],
    keys.OUT_SPEND: [{"payee": REDACTED, "period": "2026-27-Q2", "amount_ex_vat_pence": 50_001}],
}


@dataclass(frozen=True)
class Judged:
    """What one run of every check told Dagster, and left in the warehouse."""

    results: dict[str, dg.AssetCheckEvaluation]
    verdicts: pd.DataFrame
    findings: pd.DataFrame
    contracts_version: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.store.engine.dispose()


@pytest.fixture(scope="module")
def runs(house: House) -> tuple[Judged, Judged, Judged]:
    """Every check on faulty tables, on the same tables again, and on clean ones, which the house then holds."""

    def judged() -> Judged:
        store, results = house.store, house.run()
        return Judged(results, store.read("verdict"), store.read("finding"), store.version(C))

    house.fill(**FAULTY)
    house.store.replace("finding", findings_frame(EARLIER))
    first, again = judged(), judged()
    house.fill(**CLEAN)
    return first, again, judged()


def of(frame: pd.DataFrame, rule_id: str) -> pd.DataFrame:
    return frame[frame["rule_id"] == rule_id]


Runs = tuple[Judged, Judged, Judged]


def test_a_failing_check_names_file_and_cell_and_is_stored_with_its_finding(runs: Runs) -> None:
    faulty, _, _ = runs
    result = faulty.results[named("CR-006", C)]
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert result.description == "First: register.csv, cell G2: found £0.00"
    (record,) = result.metadata["first_findings"].value.records
    found = (record.data["file"], record.data["cell"], record.data["column"])
    assert found == ("register.csv", "G2", "Value")
    stored = of(faulty.findings, "CR-006")
    assert stored[["source_file", "cell", "found", "table_name"]].to_numpy().tolist() == [
        ["register.csv", "G2", "£0.00", C]
    ]
    kept = of(faulty.verdicts, "CR-006")[["verdict_status", "applied", "passed", "table_version"]]
    assert kept.to_numpy().tolist() == [["failed", 1, 0, faulty.contracts_version]]


def test_every_asset_check_reports_once_and_every_check_stage_rule_has_a_verdict(runs: Runs) -> None:
    specs = sum(len(check.check_specs_by_output_name) for check in build_checks())
    for judged in runs:
        assert len(judged.results) == specs
        assert set(judged.verdicts["rule_id"]) == {r.id for r in RULES.values() if r.stage == "check"}


def reasons_with_other_contracts(house: House) -> tuple[str, ...]:
    """What the gate says in a transaction that is taken back."""
    told: tuple[str, ...] = ()
    with suppress(UndoneError), house.store.transaction():
        house.store.replace(C, frame(C, landed(501)))
        told = house.reasons()
        raise UndoneError
    return told


def test_the_gate_reads_what_the_checks_stored(runs: Runs, house: House) -> None:
    assert house.reasons() == ()
    assert "SP-013 has not been judged on these inputs of Payments" in str(house.reasons(TOMORROW))
    told = reasons_with_other_contracts(house)
    assert "CR-016 has not been judged on this version of Contracts" in told
    assert "SP-013 has not been judged on these inputs of Payments" in str(told), "its rules read contracts"
    assert "TG-001 has not been judged on these inputs of Targets" in str(told)
    assert any(reason.startswith("Made from other ") and "Contracts" in reason for reason in told)
    assert any(reason.startswith("Made for another day") and "Targets" in reason for reason in told)
    assert house.reasons() == ()


def test_a_second_run_replaces_verdicts_and_findings(runs: Runs) -> None:
    faulty, again, clean = runs
    pd.testing.assert_frame_equal(again.verdicts, faulty.verdicts)
    pd.testing.assert_frame_equal(again.findings, faulty.findings)
    assert of(clean.findings, "CR-006").empty
    judged = clean.verdicts[clean.verdicts["table_name"] == C]
    assert set(judged["table_version"]) == {clean.contracts_version} != {faulty.contracts_version}


def test_what_does_not_apply_passes_and_says_so(runs: Runs) -> None:
    result = runs[0].results[named("RT-012", F)]
    assert result.passed
    assert result.metadata["outcome"].value == "not applicable: no return is due for the period"


def test_findings_of_intake_and_core_are_shown_on_the_asset_of_their_kind(runs: Runs) -> None:
    results = runs[0].results
    raw, core = RAW_TABLE_OF_KIND["register"].name, CORE_TABLE_OF_KIND["register"].name
    assert results[named("CR-003", raw)].description == "1 finding. First: register.csv, cell G4: found tba"
    assert not results[named("CR-005", core)].passed
    assert not results[named("IN-001", raw)].passed
    assert results[named("IN-001", RAW_TABLE_OF_KIND["payments"].name)].passed


@pytest.mark.parametrize(
    ("kind", "rule_id", "tables", "told"),
    [
        ("payments", "SP-001", RAW_TABLE_OF_KIND, "nothing found"),
        ("payments", "IN-002", RAW_TABLE_OF_KIND, "nothing found"),
        ("notices", "NT-001", RAW_TABLE_OF_KIND, "not applicable: nothing of this kind has arrived"),
        ("notices", "IN-002", RAW_TABLE_OF_KIND, "not applicable: nothing of this kind has arrived"),
        ("returns", "RT-001", CORE_TABLE_OF_KIND, "not applicable: nothing of this kind has arrived"),
    ],
)
def test_a_rule_of_reading_passes_only_where_something_was_read(
    runs: Runs, kind: str, rule_id: str, tables: Mapping[str, Table], told: str
) -> None:
    result = runs[0].results[named(rule_id, tables[kind].name)]
    assert result.passed
    assert result.description == told
    outcome = "passed" if told == "nothing found" else told
    assert (result.metadata["outcome"].value, result.metadata["findings"].value) == (outcome, 0)


def test_values_that_may_be_personal_are_withheld_from_the_ui_and_kept_in_the_table(runs: Runs) -> None:
    faulty, _, _ = runs
    result = faulty.results[named("SP-006", P)]
    assert "Jo" not in str(result.description) + str(result.metadata)
    assert WITHHELD in str(result.description)
    assert of(faulty.findings, "SP-006")["found"].iloc[0].startswith("Jo Bloggs")


def test_the_ui_shows_the_first_findings_and_names_nobody() -> None:
    rule = RULES["SU-008"]
    findings = tuple(
        Finding(
            rule.id, rule.severity, rule.table, "check", "x", rule.text, rule.remedy, subject=f"Jo {n:02}"
        )
        for n in range(2 * SHOWN)
    )
    shown = of_verdict(
        Verdict(rule.id, 1, rule.severity, rule.table, "failed", len(findings), 0, findings=findings),
        rule.table,
    )
    table = shown.metadata["first_findings"]
    assert isinstance(table, dg.TableMetadataValue)
    assert len(table.records) == SHOWN
    assert "Jo" not in str(shown.description) + str(shown.metadata)
    assert WITHHELD in str(shown.description)


def test_checks_wait_for_the_other_tables_they_read() -> None:
    waits = {
        (rule.table, rule.id): {dep.asset_key.to_user_string() for dep in spec.additional_deps}
        for check in build_checks()
        for spec in check.check_specs
        if (rule := RULES[str(spec.metadata["rule"])]).stage == "check"
    }
    assert {rule_id for _, rule_id in waits} == {r.id for r in RULES.values() if r.stage == "check"}
    assert [key for key, tables in waits.items() if tables != set(waits_for(key[0]))] == []
    assert waits[keys.CORE_NOTICE, "NT-005"] >= {keys.CORE_CONTRACT}
    kept = {table.name for table in CORE_TABLE_OF_KIND.values()}
    assert all(tables >= kept - {table} for (table, _), tables in waits.items()), (
        "the books are closed by then"
    )


def test_rules_that_only_leave_rows_out_are_no_checks() -> None:
    assert {rule.effect for kind in RAW_TABLE_OF_KIND for rule in rules_shown("core", kind)} <= {
        "quarantine",
        "flag",
    }
