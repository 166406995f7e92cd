"""The runner: every rule through suites or functions to a verdict, with the place of every fault."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from checks import runner
from checks.evidence import say
from checks.registry import Expectation, checked_tables, join_judges, judges, read_suites, rules_of, suites
from checks.rules.outcome import Inputs, Outcome
from checks.runner import judge
from kcc_etl import asset_keys as keys
from kcc_etl.domain.findings import Verdict
from kcc_etl.exceptions import CheckError
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import TABLES
from tests.unit.check_cases import CASES, C, F, P, R, World, claim, contract, frame, inputs, payment

SHIPPED = suites()
ROW_COUNT_RULES = {"CR-016", "PB-007", "SP-013"}


def verdict(rule_id: str, world: World) -> Verdict:
    found = {v.rule_id: v for v in judge(RULES[rule_id].table, inputs(world))}
    return found[rule_id]


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_a_rule_passes_on_rows_that_are_fine(rule_id: str) -> None:
    found = verdict(rule_id, CASES[rule_id].good)
    assert (found.status, found.findings) == ("passed", ())
    assert found.applied == found.passed > 0


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_a_rule_fails_on_the_rows_at_fault_and_names_each(rule_id: str) -> None:
    case = CASES[rule_id]
    found = verdict(rule_id, case.bad)
    assert found.status == "failed"
    assert sorted(finding.subject for finding in found.findings) == sorted(case.faults)
    assert found.applied - found.passed == len(case.faults)
    if case.found:
        assert case.found in [finding.found for finding in found.findings]
    rule = RULES[rule_id]
    for finding in found.findings:
        assert (finding.expected, finding.remedy, finding.severity) == (rule.text, rule.remedy, rule.severity)
        assert (finding.table_name, finding.stage) == (rule.table, "check")
        assert finding.found


@pytest.mark.parametrize("rule_id", sorted(set(CASES) - ROW_COUNT_RULES))
@pytest.mark.parametrize("world", ["other", "empty"])
def test_a_rule_without_rows_to_speak_about_is_not_applicable_and_says_why(rule_id: str, world: str) -> None:
    found = verdict(rule_id, CASES[rule_id].other if world == "other" else {})
    assert (found.status, found.applied, found.passed) == ("not applicable", 0, 0)
    assert found.reason


@pytest.mark.parametrize("rule_id", sorted(ROW_COUNT_RULES))
def test_an_empty_table_fails_its_row_count_rule(rule_id: str) -> None:
    assert verdict(rule_id, {}).status == "failed"


def test_every_check_stage_rule_has_a_case_in_which_it_fails() -> None:
    assert set(CASES) == {rule.id for rule in RULES.values() if rule.stage == "check"}


def test_verdicts_come_one_a_rule_in_the_order_of_their_ids() -> None:
    for table in checked_tables():
        assert [v.rule_id for v in judge(table, inputs({}))] == [rule.id for rule in rules_of(table)]


def test_a_finding_names_file_sheet_cell_and_the_heading_as_it_arrived() -> None:
    placed = {"source_file": "register.xlsx", "source_sheet": "2026", "source_row": 7}
    column = {
        "source_sheet": "2026",
        "field_name": "value_ex_vat_pence",
        "column_title": "Worth",
        "column_letter": "G",
    }
    world = {
        C: [contract(value_ex_vat_pence=0, **placed)],
        "file_column": [{**column, "source_file": "register.xlsx"}],
    }
    (finding,) = verdict("CR-006", world).findings
    assert (finding.source_file, finding.source_sheet, finding.cell, finding.column_title) == (
        "register.xlsx",
        "2026",
        "G7",
        "Worth",
    )
    assert (finding.source_name, finding.source_row, finding.subject, finding.found) == (
        "source",
        7,
        "C-1",
        "£0.00",
    )


def test_a_return_without_confirmation_is_cited_at_the_answer_not_at_a_line() -> None:
    column = {
        "source_sheet": "Return",
        "field_name": "is_confirmed",
        "column_title": "Confirmed",
        "column_letter": "B",
    }
    world = {R: [claim(is_confirmed=False, source_sheet="Return", source_row=13)], "file_column": [column]}
    assert [finding.cell for finding in verdict("RT-008", world).findings] == ["B9"]


def test_an_over_claim_is_cited_at_the_latest_claim_of_the_supplier() -> None:
    (finding,) = verdict("RT-009", CASES["RT-009"].bad).findings
    assert (finding.source_row, finding.table_name) == (3, F)


def test_a_published_payment_is_cited_with_the_sheet_of_its_ledger() -> None:
    line = {"source_sheet": "July", "source_row": 9}
    world = {**CASES["PB-002"].bad, P: [payment(**line)]}
    world[keys.OUT_OVER_30K] = [{**world[keys.OUT_OVER_30K][0], "source_row": 9, "source_sheet": "July"}]
    (finding,) = verdict("PB-002", world).findings
    assert (finding.source_sheet, finding.source_name, finding.source_row) == ("July", "source", 9)


def test_findings_come_in_the_order_of_their_places_whatever_the_order_of_rows() -> None:
    rows = [contract(f"C-{n}", value_ex_vat_pence=0, source_row=n) for n in (5, 3, 4)]
    assert [f.source_row for f in verdict("CR-006", {C: rows}).findings] == [3, 4, 5]


def without(table: str, column: str, world: World) -> Inputs:
    given = inputs(world)
    return Inputs(
        {**given.frames, table: given.frames[table].drop(columns=column)},
        given.as_of,
        given.parameters,
    )


def test_a_missing_column_means_could_not_run_for_its_rules_alone() -> None:
    given = without(C, "procurement_category", {C: [contract(district="county")]})
    found = {v.rule_id: v for v in judge(C, given)}
    assert found["CR-010"].status == "could not run"
    assert "procurement_category" in found["CR-010"].reason
    assert found["CR-010"].findings == ()
    assert found["CR-010"].blocks
    assert found["CR-013"].status == "passed"


def test_a_pure_rule_that_breaks_could_not_run_and_says_why_in_plain_words() -> None:
    found = {v.rule_id: v for v in judge(C, without(C, "parent_ref", {C: [contract()]}))}
    assert found["CR-012"].status == "could not run"
    assert found["CR-012"].reason.startswith(
        "the rule could not be worked out: a table or column that it needs is not there"
    )
    assert "KeyError" in found["CR-012"].reason


def test_a_rule_that_answers_for_too_few_rows_could_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    short = {**judges(), "CR-012": lambda given: Outcome(pd.Series([True], dtype="boolean"))}
    monkeypatch.setattr(runner, "judges", lambda: short)
    found = {v.rule_id: v for v in judge(C, inputs({C: [contract(), contract("C-2")]}))}
    assert found["CR-012"].status == "could not run"
    assert "1 answers for 2 rows" in found["CR-012"].reason


def test_a_named_or_repeated_index_changes_nothing() -> None:
    world = {C: [contract(value_ex_vat_pence=0), contract("C-2", value_ex_vat_pence=500)]}
    given = inputs(world)
    odd = given.frames[C].set_axis(pd.Index([7, 7], name="contract_ref"))
    found = {v.rule_id: v for v in judge(C, Inputs({**given.frames, C: odd}, given.as_of, given.parameters))}
    assert [f.subject for f in found["CR-006"].findings] == ["C-1"]


def test_an_expectation_that_great_expectations_drops_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Expectation(
        "expect_column_values_to_be_between", {"column": "end_on", "min_value": "b", "max_value": 1}, "CR-006"
    )
    unknown = Expectation("expect_no_such_thing", {"column": "end_on"}, "CR-007")
    for lost, message in (
        (broken, "refuses a suite: 4 validation errors"),
        (unknown, "dropped expectations of CR-007"),
    ):
        monkeypatch.setattr(runner, "suites", lambda lost=lost: {C: (*SHIPPED[C], lost)})
        with pytest.raises(CheckError, match=message):
            judge(C, inputs({C: [contract()]}))


FAULTY_SUITES = {
    "an unknown type": (
        {"type": "expect_magic", "kwargs": {}, "meta": {"rule_id": "CR-010"}},
        "expect_magic is no type",
    ),
    "an unknown column": (
        {
            "type": "expect_column_values_to_be_unique",
            "kwargs": {"column": "colour"},
            "meta": {"rule_id": "CR-017"},
        },
        "colour is no column",
    ),
    "an unknown rule": (
        {
            "type": "expect_column_values_to_be_unique",
            "kwargs": {"column": "district"},
            "meta": {"rule_id": "CR-999"},
        },
        "CR-999 is no rule",
    ),
    "a rule of another table": (
        {
            "type": "expect_column_values_to_be_unique",
            "kwargs": {"column": "district"},
            "meta": {"rule_id": "SP-008"},
        },
        "SP-008 is no check-stage rule",
    ),
    "a rule of another stage": (
        {
            "type": "expect_column_values_to_be_unique",
            "kwargs": {"column": "district"},
            "meta": {"rule_id": "CR-002"},
        },
        "CR-002 is no check-stage rule",
    ),
    "a missing argument": (
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "district"},
            "meta": {"rule_id": "CR-013"},
        },
        "needs value_set",
    ),
    "an unknown argument": (
        {
            "type": "expect_column_values_to_be_unique",
            "kwargs": {"column": "district", "mostly": 0.9},
            "meta": {"rule_id": "CR-013"},
        },
        "knows no mostly",
    ),
    "no meta": (
        {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "district"}},
        "lacks type, kwargs or meta",
    ),
    "not an object": ("expect_column_values_to_be_unique", "lacks type, kwargs or meta"),
}


@pytest.mark.parametrize("fault", sorted(FAULTY_SUITES))
def test_a_suite_is_refused_for(fault: str, tmp_path: Path) -> None:
    item, message = FAULTY_SUITES[fault]
    (tmp_path / f"{C}.json").write_text(json.dumps({"expectations": [item]}), encoding="utf-8")
    with pytest.raises(CheckError, match=message) as refused:
        read_suites(tmp_path)
    assert (refused.value.code, refused.value.exit_code) == ("KCC-600", 2)


def test_every_fault_of_every_suite_is_listed_at_once(tmp_path: Path) -> None:
    (tmp_path / f"{C}.json").write_text(
        json.dumps({"expectations": [FAULTY_SUITES["an unknown column"][0], 3]}), encoding="utf-8"
    )
    (tmp_path / f"{P}.json").write_text("{", encoding="utf-8")
    (tmp_path / "no_such_table.json").write_text(json.dumps({"expectations": [{}]}), encoding="utf-8")
    (tmp_path / f"{R}.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CheckError) as refused:
        read_suites(tmp_path)
    for fault in (
        "colour is no column",
        "expectation 2 lacks",
        "is not JSON",
        "named after no table",
        "has no list",
    ):
        assert fault in str(refused.value)


def test_an_expectation_given_twice_is_refused(tmp_path: Path) -> None:
    item = {
        "type": "expect_column_values_to_be_unique",
        "kwargs": {"column": "contract_ref"},
        "meta": {"rule_id": "CR-017"},
    }
    (tmp_path / f"{C}.json").write_text(json.dumps({"expectations": [item, item]}), encoding="utf-8")
    with pytest.raises(CheckError, match="given twice"):
        read_suites(tmp_path)


def test_a_rule_judged_twice_or_unknown_is_refused() -> None:
    def fine(given: Inputs) -> Outcome:
        return Outcome(pd.Series([], dtype="boolean"))

    with pytest.raises(
        CheckError, match="CR-012 is judged twice; CR-006 is judged twice; XX-001 is no check-stage rule"
    ):
        join_judges([{"CR-012": fine}, {"CR-012": fine, "CR-006": fine, "XX-001": fine}], {"CR-006"})


def test_many_payments_are_judged_whole() -> None:
    line = payment(invoice_ref="I", is_credit_note=False, invoice_received_on="2026-06-01")
    lines = pd.concat([frame(P, [line])] * 2_000, ignore_index=True)
    lines = lines.assign(source_row=range(2_000), invoice_ref=[f"I-{max(n, 10)}" for n in range(2_000)])
    given = inputs({C: [contract(value_ex_vat_pence=10**12, end_on="2026-12-31")]})
    frames = {**given.frames, P: lines}
    found = {v.rule_id: v for v in judge(P, Inputs(frames, given.as_of, given.parameters))}
    assert (found["SP-008"].applied, found["SP-008"].status) == (2_000, "passed")


def test_values_are_said_as_a_person_would_read_them() -> None:
    assert say(123456, "value_ex_vat_pence") == "£1,234.56"
    assert say(pd.Timestamp("2026-01-02"), "start_on") == "2026-01-02"
    assert (say(True, "is_confirmed"), say(None, "claimed"), say(pd.NA, "value_ex_vat_pence")) == (
        "Yes",
        "nothing",
        "nothing",
    )


def test_importing_the_checks_loads_neither_great_expectations_nor_openpyxl() -> None:
    script = (
        "import sys, checks.asset_checks as a; a.build_checks();"
        "print([m for m in ('great_expectations', 'openpyxl') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_great_expectations_is_told_to_send_nothing() -> None:
    script = (
        "import os; from checks.runner import _engine; _engine(); print(os.environ['GX_ANALYTICS_ENABLED'])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "false"
    assert ran.stderr == ""


def test_the_house_tables_are_all_known_to_the_cases() -> None:
    assert {RULES[rule_id].table for rule_id in CASES} <= set(TABLES)
