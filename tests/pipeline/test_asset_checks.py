"""The bridge to Dagster on a real warehouse: verdicts and findings stored, results that name the place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from checks.asset_checks import READS, build_checks, rules_shown
from checks.registry import checked_tables
from checks.shown import WITHHELD, check_name
from kcc_etl import asset_keys as keys
from kcc_etl.domain.findings import Finding, findings_frame
from kcc_etl.domain.redaction import REDACTED
from kcc_etl.gate import ask
from kcc_etl.resources import (
    PolicyResource,
    RunDatesResource,
    SettingsResource,
    WarehouseResource,
    open_warehouse,
)
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, RAW_TABLE_OF_KIND, TABLES
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


QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class House:
    """A settings file, its warehouse, and a run of every check on it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "kcc_etl.toml"
        self.file.write_text(SETTINGS, encoding="utf-8")
        self.store: Warehouse = open_warehouse(load_settings(self.file).warehouse_url)

    def fill(self, **tables: Rows) -> None:
        """Tables as given, the others without rows; receipts that the core tables balance with."""
        arrived = []
        for table in checked_tables():
            rows = frame(table, tables.get(table, []))
            self.store.replace(table, rows)
            kind, money = TABLES[table].kind, TABLES[table].money
            if kind and len(rows):
                file = str(rows["source_file"][0])
                pence = int(rows[money].sum()) if money else 0
                arrived.append(receipt(kind, len(rows), pence, source_file=file))
        self.store.replace("receipt", frame("receipt", arrived))
        self.store.replace("file_column", frame("file_column", tables.get("file_column", [])))

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


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.store.engine.dispose()


def landed(value: int = 0, ref: str = "C-1") -> Rows:
    dates = {"start_on": "2026-01-01", "end_on": "2026-12-31"}
    return [contract(ref, value_ex_vat_pence=value, source_file="register.csv", **dates)]


COLUMN = {
    "source_file": "register.csv",
    "field_name": "value_ex_vat_pence",
    "column_title": "Value",
    "column_letter": "G",
}


def test_a_failing_check_names_file_and_cell_and_is_stored_with_its_finding(house: House) -> None:
    house.fill(
        **{
            C: landed(0),
            P: [payment()],
            "file_column": [COLUMN],
        }
    )
    result = house.run()[named("CR-006", C)]
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert result.description == "First: register.csv, cell G2: found £0.00"
    (record,) = result.metadata["first_findings"].value.records
    assert (record.data["file"], record.data["cell"], record.data["column"]) == (
        "register.csv",
        "G2",
        "Value",
    )
    stored = house.store.read("finding", {"stage": "check", "rule_id": "CR-006"})
    assert stored[["source_file", "cell", "found", "table_name"]].to_numpy().tolist() == [
        ["register.csv", "G2", "£0.00", C]
    ]
    verdicts = house.store.read("verdict", {"rule_id": "CR-006"})
    assert verdicts[["verdict_status", "applied", "passed", "table_version"]].to_numpy().tolist() == [
        ["failed", 1, 0, house.store.version(C)]
    ]


def test_every_asset_check_reports_once_and_every_check_stage_rule_has_a_verdict(house: House) -> None:
    house.fill(**{C: landed(500), P: [payment()]})
    results = house.run()
    assert len(results) == sum(len(check.check_specs_by_output_name) for check in build_checks())
    judged = set(house.store.read("verdict")["rule_id"])
    assert judged == {rule.id for rule in RULES.values() if rule.stage == "check"}


def test_the_gate_reads_what_the_checks_stored(house: House) -> None:
    house.fill(
        **{
            C: landed(500),
            P: [payment()],
            keys.OUT_SPEND: [{"payee": REDACTED}],
        }
    )
    house.run()
    tables = checked_tables()
    assert ask(tables, house.store.versions(tables), house.store.read("verdict")) == []
    house.store.replace(C, frame(C, landed(501)))
    reasons = ask(tables, house.store.versions(tables), house.store.read("verdict"))
    assert reasons == [
        f"CR-{n} has not been judged on this version of Contracts" for n in ("016", "017", "018", "019")
    ]


def test_a_second_run_replaces_verdicts_and_findings(house: House) -> None:
    house.fill(**{C: landed(0), P: [payment()]})
    house.run()
    before = house.store.read("verdict"), house.store.read("finding")
    house.run()
    pd.testing.assert_frame_equal(house.store.read("verdict"), before[0])
    pd.testing.assert_frame_equal(house.store.read("finding"), before[1])
    house.fill(**{C: landed(500), P: [payment()]})
    house.run()
    assert house.store.read("finding", {"rule_id": "CR-006"}).empty
    assert set(house.store.read("verdict", {"table_name": C})["table_version"]) == {house.store.version(C)}


def test_what_does_not_apply_passes_and_says_so(house: House) -> None:
    house.fill(**{C: landed(500), P: [payment()], F: [figure(return_status="not due")]})
    result = house.run()[named("RT-012", F)]
    assert result.passed
    assert result.metadata["outcome"].value == "not applicable: no return is due for the period"


def test_findings_of_intake_and_core_are_shown_on_the_asset_of_their_kind(house: House) -> None:
    house.fill(**{C: landed(500), P: [payment()]})
    rule, late = RULES["CR-003"], RULES["CR-005"]
    place = {"source_name": "source", "source_file": "register.csv", "source_row": 4, "cell": "G4"}
    found = [
        Finding(rule.id, rule.severity, rule.table, "intake", "tba", rule.text, rule.remedy, **place),
        Finding(late.id, late.severity, late.table, "core", "2020", late.text, late.remedy, **place),
        Finding(
            "IN-001",
            "warning",
            "receipt",
            "landing",
            "a locked file",
            "",
            "",
            source_name="source",
            source_file="x.csv",
        ),
    ]
    house.store.replace("finding", findings_frame(found))
    results = house.run()
    raw, core = RAW_TABLE_OF_KIND["register"].name, CORE_TABLE_OF_KIND["register"].name
    assert results[named("CR-003", raw)].description == "1 finding. First: register.csv, cell G4: found tba"
    assert not results[named("CR-005", core)].passed
    assert not results[named("IN-001", raw)].passed
    assert results[named("IN-001", RAW_TABLE_OF_KIND["payments"].name)].passed


def test_values_that_may_be_personal_are_withheld_from_the_ui_and_kept_in_the_table(house: House) -> None:
    other = payment(supplier_name="Jo Bloggs", supplier_key="name:jo bloggs")
    house.fill(**{C: landed(500), P: [other]})
    result = house.run()[named("SP-006", P)]
    assert "Jo" not in str(result.description) + str(result.metadata)
    assert WITHHELD in str(result.description)
    assert house.store.read("finding", {"rule_id": "SP-006"})["found"][0].startswith("Jo Bloggs")


def test_checks_wait_for_the_other_tables_they_read() -> None:
    waits = {
        (rule.table, rule.id): {dep.asset_key.to_user_string() for dep in spec.additional_deps}
        for check in build_checks()
        for spec in check.check_specs
        if (rule := RULES[str(spec.metadata["rule"])]).stage == "check"
    }
    assert {rule_id for _, rule_id in waits} == {r.id for r in RULES.values() if r.stage == "check"}
    assert [key for key, tables in waits.items() if tables != set(READS.get(key[0], ()))] == []
    assert waits[keys.CORE_NOTICE, "NT-005"] >= {keys.CORE_CONTRACT}


def test_rules_that_only_leave_rows_out_are_no_checks() -> None:
    assert {rule.effect for kind in RAW_TABLE_OF_KIND for rule in rules_shown("core", kind)} <= {
        "quarantine",
        "flag",
    }
