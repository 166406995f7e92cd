"""The gate: open only on verdicts for exactly these tables, shut with every reason."""

from __future__ import annotations

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.findings import Status, Verdict, verdicts_frame
from kcc_etl.exceptions import PublicationRefusedError
from kcc_etl.gate import ask, require_open
from kcc_etl.schema.frames import empty
from kcc_etl.schema.rules import RULES

C, P = keys.CORE_CONTRACT, keys.CORE_PAYMENT
NOW = {C: "v2", P: "v7"}


def verdict(
    rule_id: str, status: Status = "passed", failed: int = 0, applied: int = 240, version: int = 0
) -> Verdict:
    rule = RULES[rule_id]
    return Verdict(
        rule.id,
        version or rule.version,
        rule.severity,
        rule.table,
        status,
        applied,
        applied - failed,
        "why not",
    )


def critical(table: str) -> list[str]:
    return [
        r.id for r in RULES.values() if r.table == table and r.stage == "check" and r.severity == "critical"
    ]


def judged(*changed: Verdict, versions: dict[str, str] = NOW) -> pd.DataFrame:
    """Every critical rule of both tables passed, but for `changed`."""
    other = {v.rule_id: v for v in changed}
    parts = [
        verdicts_frame(
            [
                other.get(i) or verdict(i)
                for i in [*critical(t), *(i for i in other if RULES[i].table == t and i not in critical(t))]
            ],
            versions[t],
        )
        for t in (C, P)
    ]
    return pd.concat(parts, ignore_index=True)


def test_the_gate_is_open_when_every_critical_rule_passed_or_does_not_apply() -> None:
    assert ask([C, P], NOW, judged(verdict("CR-018", "not applicable", applied=0))) == []
    require_open("2026-27-Q2", [C, P], NOW, judged(), {})


def test_a_failed_critical_rule_is_a_reason_with_its_count_and_text() -> None:
    (reason,) = ask([C, P], NOW, judged(verdict("CR-017", "failed", failed=3)))
    assert reason == "CR-017 failed on Contracts: 3 of 240 rows. No contract is in the register twice."


def test_a_failed_rule_about_the_whole_table_gives_no_row_count() -> None:
    (reason,) = ask([P], NOW, judged(verdict("SP-013", "failed", failed=1, applied=1)))
    assert reason == "SP-013 failed on Payments. The payment ledger is not empty."


def test_a_verdict_on_another_version_of_the_table_is_none() -> None:
    reasons = ask([C, P], {**NOW, P: "v8"}, judged())
    assert reasons == [f"{i} has not been judged on this version of Payments" for i in sorted(critical(P))]


def test_an_earlier_pass_does_not_cover_a_later_failure_nor_the_other_way_round() -> None:
    both = pd.concat([judged(versions={C: "v1", P: "v7"}), judged(verdict("CR-017", "failed", failed=1))])
    assert len(ask([C, P], NOW, both)) == 1
    assert ask([C, P], {**NOW, C: "v1"}, both) == []


def test_a_verdict_by_an_older_version_of_the_rule_is_none() -> None:
    (reason,) = ask([C], NOW, judged(verdict("CR-017", version=99)))
    assert reason == "CR-017 has not been judged on this version of Contracts"


def test_a_rule_that_could_not_run_is_a_reason_whatever_its_severity() -> None:
    reasons = ask([C, P], NOW, judged(verdict("CR-017", "could not run"), verdict("SP-005", "could not run")))
    assert reasons == [
        "CR-017 could not run on Contracts: why not",
        "SP-005 could not run on Payments: why not",
    ]


def test_a_failed_warning_is_no_reason() -> None:
    assert ask([C, P], NOW, judged(verdict("SP-005", "failed", failed=240))) == []


def test_a_table_that_was_never_written_is_a_reason() -> None:
    assert ask([C, P], {C: "v2", P: ""}, judged()) == ["Payments has never been written"]
    assert ask([P], {}, empty("verdict")) == ["Payments has never been written"]


def test_without_any_verdict_every_critical_rule_is_a_reason() -> None:
    assert len(ask([C, P], NOW, empty("verdict"))) == len(critical(C)) + len(critical(P))


def test_a_table_without_rules_needs_no_verdict() -> None:
    assert ask([keys.RAW_PAYMENT], {keys.RAW_PAYMENT: "v1"}, empty("verdict")) == []


@pytest.mark.parametrize(
    "rule_id", sorted(i for i, r in RULES.items() if r.stage == "check" and r.severity == "critical")
)
def test_each_critical_rule_alone_shuts_the_gate(rule_id: str) -> None:
    table = RULES[rule_id].table
    fine = [verdict(i) for i in critical(table)]
    shut = [verdict(rule_id, "failed", failed=1) if v.rule_id == rule_id else v for v in fine]
    assert ask([table], {table: "v"}, verdicts_frame(fine, "v")) == []
    assert len(ask([table], {table: "v"}, verdicts_frame(shut, "v"))) == 1


def test_the_refusal_carries_every_reason() -> None:
    shut = judged(verdict("CR-017", "failed", failed=3), verdict("SP-013", "failed", failed=1, applied=1))
    with pytest.raises(PublicationRefusedError) as refused:
        require_open("2026-27-Q2", [C, P], NOW, shut, {})
    assert len(refused.value.reasons) == 2
    assert "CR-017 failed" in str(refused.value)
    assert "SP-013 failed" in str(refused.value)


def test_the_figures_of_another_quarter_shut_the_gate_even_when_they_are_none() -> None:
    """An empty table does not say of which quarter it is empty; the book of versions does."""
    table, quarter = keys.OUT_REGISTER, "2026-27-Q2"
    now = {table: "v1"}

    judged_on_it = verdicts_frame([verdict(rule_id) for rule_id in critical(table)], "v1")

    assert ask([table], now, judged_on_it, period=quarter, periods={table: quarter}) == []
    (other,) = ask([table], now, judged_on_it, period=quarter, periods={table: "2026-27-Q1"})
    (none,) = ask([table], now, judged_on_it, period=quarter, periods={})
    assert "holds the figures of 2026-27-Q1, not of 2026-27-Q2" in other
    assert "holds no figures, not of 2026-27-Q2" in none
