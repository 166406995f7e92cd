"""What the checks of a night came to: numbers, what needs attention, and the tags of the run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.basis import basis_of
from kcc_etl.domain.checked import Checks, check_rules, checks_of, of_earlier, run_tags
from kcc_etl.domain.findings import Status, Verdict, verdicts_frame
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.held import held_verdicts
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.reads import judged_with
from kcc_etl.schema.rules import RULES
from kcc_etl.warehouse.store import open_warehouse


def verdict(rule_id: str, status: Status) -> Verdict:
    rule = RULES[rule_id]
    return Verdict(rule_id, rule.version, rule.severity, rule.table, status, 3, 2, "why")


def verdicts(*given: tuple[str, Status]) -> pd.DataFrame:
    return verdicts_frame([verdict(*one) for one in given], "t", "i")


def test_every_outcome_is_counted_and_failures_by_severity() -> None:
    checks = checks_of(
        verdicts(
            ("CR-017", "failed"), ("CR-006", "failed"), ("CR-007", "failed"), ("CR-010", "failed"),
            ("CR-016", "passed"), ("SP-005", "not applicable"), ("SP-013", "could not run"),
        )
    )  # fmt: skip
    assert checks.failed == {"critical": 1, "warning": 2, "information": 1}
    assert checks.could_not_run == ("SP-013 on Payments: why",)
    assert str(checks).startswith(
        "1 passed, 4 failed (1 critical, 2 warning, 1 information), 1 could not run, 1 not applicable, "
    )


@pytest.mark.parametrize(
    ("rule_id", "status", "attention"),
    [
        ("CR-017", "failed", True),
        ("CR-006", "failed", True),
        ("CR-010", "failed", False),
        ("CR-010", "could not run", True),
        ("CR-017", "passed", False),
        ("CR-017", "not applicable", False),
    ],
)
def test_what_needs_attention(rule_id: str, status: Status, attention: bool) -> None:
    others = [(other, "passed") for other in check_rules() if other != rule_id]
    assert checks_of(verdicts((rule_id, status), *others)).need_attention is attention


def test_what_has_no_verdict_that_holds_is_not_judged_and_needs_attention() -> None:
    nothing = checks_of(verdicts())
    assert (nothing.passed, nothing.not_applicable, sum(nothing.failed.values())) == (0, 0, 0)
    assert sum(nothing.not_judged.values()) == len(check_rules())
    assert nothing.need_attention

    mine = [rule_id for rule_id in check_rules() if RULES[rule_id].table == keys.CORE_PAYMENT]
    others = sorted(check_rules() - set(mine))
    some = checks_of(verdicts(*((rule_id, "passed") for rule_id in [*others, *mine[1:]])))
    assert some.not_judged == {"Payments": 1}
    assert str(some).endswith(" not applicable, 1 not judged (Payments)")
    assert not checks_of(verdicts(*((rule_id, "passed") for rule_id in check_rules()))).need_attention


def test_findings_of_rules_that_were_not_judged_are_of_an_earlier_run() -> None:
    findings = from_rows(
        [
            {"rule_id": rule_id, "stage": RULES[rule_id].stage, "severity": RULES[rule_id].severity}
            for rule_id in ("CR-006", "SP-005", "SP-001")
        ],
        "finding",
    )
    assert of_earlier(findings, verdicts(("CR-006", "failed"))).tolist() == [False, True, False]


def test_verdicts_hold_of_exactly_the_tables_the_day_and_the_rules_they_were_given_on(tmp_path: Path) -> None:
    store = open_warehouse(f"sqlite:///{tmp_path / 'w.sqlite3'}")
    parameters, day = load_parameters(), date(2026, 11, 23)
    payments, contracts = keys.CORE_PAYMENT, keys.CORE_CONTRACT
    tables = {name for table in (payments, contracts) for name in judged_with(table)}
    for name in tables:
        store.replace(name, empty(name))
    inputs = {
        table: basis_of(day, parameters).inputs_version(table, store.versions(tables))
        for table in (payments, contracts)
    }
    passed = [verdict("SP-013", "passed"), verdict("CR-017", "passed")]
    given = [verdicts_frame([one], "t", inputs[one.table_name]) for one in passed]
    older = verdicts_frame([replace(verdict("CR-016", "passed"), rule_version=0)], "t", inputs[contracts])
    store.add("verdict", pd.concat([*given, older], ignore_index=True))

    def held(as_of: date = day) -> list[str]:
        return sorted(held_verdicts(store, as_of, parameters)["rule_id"])

    assert held() == ["CR-017", "SP-013"]
    assert held(date(2026, 11, 24)) == []
    store.replace(payments, from_rows([{"payment_ref": "P-1"}], payments))
    assert held() == ["CR-017"]
    store.replace(contracts, empty(contracts), "2026-27-Q2")
    assert held() == [], "the same rows, booked as another quarter"


def test_the_tags_of_a_run_tell_what_dagster_does_not() -> None:
    red = checks_of(verdicts(("CR-017", "failed"), ("CR-006", "failed")))
    day = date(2026, 11, 23)
    waiver = WaiverUsed("SP-013", "x.", "K-1", "monitoring officer", "y", day, day, 1)

    refused = run_tags(red, "refused")
    assert {key.removeprefix("kcc_etl/"): value for key, value in refused.items()} == {
        "status": "refused", "published": "no", "critical_failed": "1", "warnings": "1", "could_not_run": "0",
        "not_judged": str(len(check_rules()) - 2), "waivers": "0",
    }  # fmt: skip
    assert run_tags(red, "published", [waiver])["kcc_etl/status"] == "published under a waiver"
    assert run_tags(red, "drafted", [waiver])["kcc_etl/status"] == "drafted under a waiver"
    assert run_tags(Checks(), "drafted")["kcc_etl/published"] == "no"
    assert run_tags(Checks(), "published")["kcc_etl/published"] == "yes"
    assert run_tags(Checks(), "failed")["kcc_etl/status"] == "failed"
