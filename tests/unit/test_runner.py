"""The runner: every rule through suites or functions to a verdict, with the place of every fault."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from checks import expectations, runner
from checks.evidence import say
from checks.expectations import judge_suite
from checks.registry import (
    ROW_COUNT,
    UNIQUE,
    Expectation,
    checked_tables,
    join_judges,
    judges,
    read_suites,
    rules_of,
    suites,
)
from checks.rules.outcome import Inputs, Outcome
from checks.runner import judge
from kcc_etl import asset_keys as keys
from kcc_etl.domain.findings import Verdict
from kcc_etl.exceptions import CheckError
from kcc_etl.schema import return_form as form
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import TABLES
from kcc_etl.warehouse.content import in_order
from kcc_etl.warehouse.store import open_warehouse
from tests.unit.check_cases import (
    CASES,
    UK17,
    C,
    F,
    P,
    R,
    Rows,
    World,
    claim,
    contract,
    frame,
    inputs,
    payment,
)

SHIPPED = suites()


def verdict(rule_id: str, world: World) -> Verdict:
    (found,) = judge(RULES[rule_id].table, inputs(world), only={rule_id})
    return found


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
    assert [finding.cell for finding in verdict("RT-008", world).findings] == ["B12"]


@pytest.mark.parametrize(
    ("answers", "cell", "named"),
    [
        (("No", "Yes"), "B12", form.CONFIRM_ROWS[:1]),
        (("Yes", "No"), "B13", form.CONFIRM_ROWS[1:]),
        (("Yes", ""), "B13", form.CONFIRM_ROWS[1:]),
        (("No", "No"), "B12", form.CONFIRM_ROWS),
    ],
)
def test_the_question_that_was_answered_no_is_named(answers, cell, named):
    said = dict(zip(form.CONFIRM_ROWS, answers, strict=True))
    title = " and ".join(form.LABELS[row] for row in form.CONFIRM_ROWS if said[row] != "Yes")
    column = {
        "source_sheet": "Return", "field_name": "is_confirmed", "column_title": title, "column_letter": "B",
    }  # fmt: skip
    world = {R: [claim(is_confirmed=False, source_sheet="Return", source_row=16)], "file_column": [column]}
    (finding,) = verdict("RT-008", world).findings
    assert finding.cell == cell
    assert [row for row in form.CONFIRM_ROWS if form.LABELS[row] in finding.column_title] == list(named)


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


def test_a_pure_rule_that_breaks_could_not_run_and_says_why_and_what_to_do_in_plain_words() -> None:
    (found,) = judge(C, without(C, "parent_ref", {C: [contract()]}), only={"CR-012"})
    assert (found.status, found.blocks, found.findings) == ("could not run", True, ())
    assert found.reason == (
        "the rule could not be worked out: a table or column that it needs is not there "
        "(KeyError: 'parent_ref'). Run the night again, which makes the table anew; if that does not help, report this"
    )


def test_a_column_of_another_type_is_withheld_and_named() -> None:
    given = inputs({C: [contract(value_ex_vat_pence=0), contract("C-2")]})
    frames = {**given.frames, C: given.frames[C].assign(value_ex_vat_pence=["£0", "£1"])}
    for rule_id in ("CR-006", "CR-014"):
        (found,) = judge(C, replace(given, frames=frames), only={rule_id})
        assert found.status == "could not run"
        assert (
            "value_ex_vat_pence of core_register__entity_contract is of type str, not pence" in found.reason
        )


def test_a_column_without_a_value_is_empty_of_whatever_type() -> None:
    given = inputs({C: [contract()]})
    for nothing in (None, float("nan"), pd.NA, pd.NaT):
        frames = {**given.frames, C: given.frames[C].assign(district=pd.Series([nothing], dtype=object))}
        (found,) = judge(C, replace(given, frames=frames), only={"CR-013"})
        assert found.status == "not applicable"


class SilentError(Exception):
    """An error without a word."""


class TalkativeError(ValueError):
    def __str__(self) -> str:
        return "line one\nline two " + "x" * 500


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SilentError(), "it broke (SilentError)."),
        (KeyError(), "is not there (KeyError: '')."),
        (ZeroDivisionError("division by zero"), "a calculation has no result (ZeroDivisionError"),
        (TalkativeError(), "(TalkativeError: line one line two xxx"),
        (MemoryError(), "there is not memory enough (MemoryError)."),
    ],
)
def test_whatever_a_rule_raises_it_could_not_run_and_the_others_are_judged(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(given: Inputs) -> Outcome:
        raise error

    monkeypatch.setattr(runner, "judges", lambda: {**judges(), "CR-012": breaks})
    found = {v.rule_id: v for v in judge(C, inputs({C: [contract()]}), only={"CR-012", "CR-014", "CR-016"})}
    assert [v.status for v in found.values()] == ["could not run", "not applicable", "passed"]
    assert said in found["CR-012"].reason
    assert len(found["CR-012"].reason) < 500
    assert found["CR-012"].blocks


@pytest.mark.parametrize(
    ("ok", "said"),
    [
        (pd.Series([True], dtype="boolean"), "1 answers for 2 rows"),
        (pd.Series([True, False], index=[1, 0], dtype="boolean"), "not in the order of the rows"),
        (pd.Series(["yes", "no"], dtype=object), "could not be worked out"),
        (None, "a value is not of the type it needs"),
    ],
    ids=["too few", "out of order", "no booleans", "nothing"],
)
def test_an_answer_that_is_none_could_not_run(
    ok: pd.Series | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = None if ok is None else Outcome(ok)
    monkeypatch.setattr(runner, "judges", lambda: {**judges(), "CR-012": lambda given: answer})
    (found,) = judge(C, inputs({C: [contract(), contract("C-2")]}), only={"CR-012"})
    assert (found.status, found.findings) == ("could not run", ())
    assert said in found.reason


def test_a_table_that_is_not_there_could_not_be_judged_by_any_rule() -> None:
    given = inputs({})
    frames = {name: frame for name, frame in given.frames.items() if name != C}
    found = judge(C, replace(given, frames=frames))
    assert {v.status for v in found} == {"could not run"}
    assert [v.rule_id for v in found] == [rule.id for rule in rules_of(C)]


def test_faults_that_nobody_can_be_led_to_could_not_run() -> None:
    given = inputs({C: [contract(value_ex_vat_pence=0)]})
    frames = {name: frame for name, frame in given.frames.items() if name != "file_column"}
    (found,) = judge(C, replace(given, frames=frames), only={"CR-006"})
    assert (found.status, found.findings) == ("could not run", ())
    assert "file_column" in found.reason


REGISTER_VALUES: dict[str, list[object]] = {
    "contract_ref": [None, *(f"C-{n}" for n in range(150))],
    "supplier_name": ["Acme", None],
    "value_ex_vat_pence": [None, 0, 100, 101, -1, 2**62],
    "procurement_category": ["goods", "works", "Goods", "", None],
    "district": ["county", "unknown", "County", None],
    "supplier_size": ["sme", "large", "huge", None],
    "start_on": [None, *(dt.date(2026, 7, n) for n in range(1, 5))],
    "awarded_on": [None, *(dt.date(2026, 7, n) for n in range(2, 6))],
    "end_on": [None, dt.date(2026, 7, 31)],
}


@pytest.mark.parametrize("seed", range(3))
def test_great_expectations_says_of_combinations_what_it_says_of_all_rows(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice, suite = random.Random(seed), SHIPPED[C]
    rows = [{name: dice.choice(values) for name, values in REGISTER_VALUES.items()} for _ in range(200)]
    register = frame(C, rows)
    asked_once = judge_suite(suite, register, {})
    in_rows = expectations._rows
    monkeypatch.setattr(expectations, "_rows", lambda of, columns, whole: in_rows(of, columns, whole=True))
    asked_of_all = judge_suite(suite, register, {})
    assert asked_once == asked_of_all
    assert all(judgement.faults for rule_id, judgement in asked_once.items() if rule_id != "CR-016")


def test_great_expectations_is_asked_of_a_combination_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = expectations._results
    monkeypatch.setattr(
        expectations,
        "_results",
        lambda built, suite, rows: asked.append(len(rows)) or real(built, suite, rows),
    )
    lines = pd.concat([frame(P, [payment(invoice_received_on="2026-07-02")])] * 500, ignore_index=True)
    given = inputs({})
    (found,) = judge(P, replace(given, frames={**given.frames, P: lines}), only={"SP-008"})
    assert (asked, found.applied, len(found.findings)) == ([1], 500, 500)


@pytest.mark.parametrize("counted", ["element_count", "missing_count", "unexpected_count"])
def test_counts_of_great_expectations_that_do_not_fit_could_not_run(
    counted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = expectations._results

    def one_more(*asked: Any) -> list[dict[str, Any]]:
        results = real(*asked)
        return [{**r, "result": {**r["result"], counted: r["result"].get(counted, 0) + 1}} for r in results]

    monkeypatch.setattr(expectations, "_results", one_more)
    (found,) = judge(C, inputs({C: [contract(value_ex_vat_pence=500)]}), only={"CR-006"})
    assert found.status == "could not run"
    assert "Great Expectations counts" in found.reason


UNIQUE_END = {"type": UNIQUE, "kwargs": {"column": "end_on"}}
LOST: dict[str, tuple[dict[str, Any], str]] = {
    "a type it does not know": ({**UNIQUE_END, "type": "expect_magic"}, "dropped expectations of CR-006"),
    "an argument it does not know": (
        {**UNIQUE_END, "kwargs": {"column": "end_on", "colour": 1}},
        "refuses a suite: 1 validation error",
    ),
    "an argument of another type": (
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "end_on", "min_value": "b", "max_value": 1},
        },
        "refuses a suite: 4 validation errors",
    ),
    "an argument that is missing": ({**UNIQUE_END, "kwargs": {}}, "refuses a suite: 1 validation error"),
    "an argument it reads otherwise": (
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "end_on", "value_set": ("a", "b")},
        },
        "reads other arguments than are given for CR-006",
    ),
}


@pytest.mark.parametrize("way", sorted(LOST))
def test_a_suite_of_which_great_expectations_loses_anything_is_refused(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, message = LOST[way]
    lost = Expectation(item["type"], item["kwargs"], "CR-006")
    monkeypatch.setattr(runner, "suites", lambda: {C: (*SHIPPED[C], lost)})
    with pytest.raises(CheckError, match=message):
        judge(C, inputs({C: [contract()]}))


def test_a_result_that_great_expectations_does_not_give_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = expectations._Engine.validate

    def short(self: object, suite: object, rows: pd.DataFrame) -> object:
        validated = real(self, suite, rows)
        validated.results = validated.results[1:]
        return validated

    monkeypatch.setattr(expectations._Engine, "validate", short)
    with pytest.raises(CheckError, match="gives no result for CR-006"):
        judge(C, inputs({C: [contract()]}), only={"CR-006"})


@pytest.mark.parametrize("table", sorted(SHIPPED))
def test_the_file_of_a_suite_is_read_whole_by_great_expectations_itself(table: str) -> None:
    import great_expectations as gx

    written = json.loads(files("checks").joinpath("suites", f"{table}.json").read_text(encoding="utf-8"))
    read = gx.ExpectationSuite(**written)
    assert read.name == written["name"] == table
    assert [(e.expectation_type, e.meta["rule_id"]) for e in read.expectations] == [
        (e["type"], e["meta"]["rule_id"]) for e in written["expectations"]
    ]


def test_both_databases_and_memory_give_the_same_verdicts_on_every_table(
    sqlite_url: str, postgresql_url: str
) -> None:
    rows: dict[str, Rows] = {}
    for number, (case, world) in enumerate(itertools.product(CASES.values(), ("good", "bad", "other"))):
        for table, lines in getattr(case, world).items():
            rows.setdefault(table, []).extend({"source_file": f"{number}.csv", **line} for line in lines)
    in_memory = inputs({})
    stores = [open_warehouse(sqlite_url), open_warehouse(postgresql_url)]
    frames = {name: frame(name, lines) for name, lines in rows.items()}
    for store, (name, lines) in itertools.product(stores, frames.items()):
        store.replace(name, lines)
    worlds = [
        {**in_memory.frames, **{name: in_order(lines, name) for name, lines in frames.items()}},
        *({**in_memory.frames, **{name: store.read(name) for name in frames}} for store in stores),
    ]
    for table in checked_tables():
        memory, *stored = [judge(table, replace(in_memory, frames=frames)) for frames in worlds]
        assert all(verdicts == memory for verdicts in stored), table
        # The rows of all cases together are no payments compliance notice.
        assert table == UK17 or "failed" in {verdict.status for verdict in memory}, table
        assert [verdict.reason for verdict in memory if verdict.status == "could not run"] == []
    for store in stores:
        store.engine.dispose()


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
    "a number of rows without bounds": (
        {"type": ROW_COUNT, "kwargs": {}, "meta": {"rule_id": "CR-016"}},
        "needs min_value or max_value",
    ),
    "bounds that nothing lies between": (
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "value_ex_vat_pence", "min_value": 2, "max_value": 1},
            "meta": {"rule_id": "CR-006"},
        },
        "a min_value of 2 above its max_value of 1",
    ),
    **{
        f"a bound of {bound!r}": (
            {
                "type": "expect_column_values_to_be_between",
                "kwargs": {"column": "value_ex_vat_pence", "min_value": bound},
                "meta": {"rule_id": "CR-006"},
            },
            "needs a number or a day such as 2026-04-01 as its min_value",
        )
        for bound in ("abc", True, [1], "01/04/2026")
    },
    **{
        f"values {values}": (
            {
                "type": "expect_column_values_to_be_in_set",
                "kwargs": {"column": "district", "value_set": values},
                "meta": {"rule_id": "CR-013"},
            },
            "needs a value_set of one value or more, each once",
        )
        for values in ([], ["county", "county"], "county", {"county": 1})
    },
    "pairs counted when one is missing": (
        {
            "type": "expect_column_pair_values_a_to_be_greater_than_b",
            "kwargs": {"column_A": "start_on", "column_B": "awarded_on", "ignore_row_if": "neither"},
            "meta": {"rule_id": "CR-007"},
        },
        "needs an ignore_row_if of either_value_is_missing",
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
    script = "import os; from checks.expectations import _engine; _engine(); print(os.environ['GX_ANALYTICS_ENABLED'])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "false"
    assert ran.stderr == ""


def test_the_house_tables_are_all_known_to_the_cases() -> None:
    assert {RULES[rule_id].table for rule_id in CASES} <= set(TABLES)
