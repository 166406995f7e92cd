"""The gate: open only on verdicts for exactly these inputs or on a waiver, shut with every reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.basis import Basis, code_version
from kcc_etl.domain.findings import Finding, Status, Verdict, findings_frame, verdicts_frame
from kcc_etl.domain.waivers import WAIVER, Waiver, waivers_in_force
from kcc_etl.exceptions import PublicationRefusedError
from kcc_etl.gate import Case, ask, made_otherwise, require_open
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.reads import BOOKS, MADE_FROM, READS, judged_with, made_with
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import TABLES

C, P = keys.CORE_CONTRACT, keys.CORE_PAYMENT
QUARTER, TODAY = "2026-27-Q2", date(2026, 11, 23)
BASIS = Basis(TODAY, "parameters", "code")
NOW = {name: f"{name}-1" for name in TABLES}
ALLOWED = load_parameters().waivers


def verdict(
    rule_id: str, status: Status = "passed", failed: int = 0, applied: int = 240, version: int = 0
) -> Verdict:
    rule = RULES[rule_id]
    number = version or rule.version
    return Verdict(rule.id, number, rule.severity, rule.table, status, applied, applied - failed, "why not")


def critical(table: str) -> list[str]:
    return [
        r.id for r in RULES.values() if r.table == table and r.stage == "check" and r.severity == "critical"
    ]


def judged(
    *changed: Verdict, tables: Sequence[str] = (C, P), versions: dict[str, str] = NOW, basis: Basis = BASIS
) -> pd.DataFrame:
    """Every critical rule of the tables passed, but for `changed`."""
    other = {v.rule_id: v for v in changed}
    parts = []
    for table in tables:
        ids = [*critical(table), *(i for i in other if RULES[i].table == table and i not in critical(table))]
        found = [other.get(i) or verdict(i) for i in ids]
        parts.append(verdicts_frame(found, versions[table], basis.inputs_version(table, versions)))
    return pd.concat(parts, ignore_index=True)


def found(rule_id: str, *subjects: str) -> pd.DataFrame:
    rule = RULES[rule_id]
    return findings_frame(
        [
            Finding(rule.id, rule.severity, rule.table, "check", "x", rule.text, rule.remedy, subject=each)
            for each in subjects
        ]
    )


def case(
    verdicts: pd.DataFrame,
    *,
    tables: Sequence[str] = (C, P),
    versions: dict[str, str] = NOW,
    basis: Basis = BASIS,
    period: str = "",
    **more: object,
) -> Case:
    inputs = {table: basis.inputs_version(table, versions) for table in tables}
    return Case(tuple(tables), versions, inputs, verdicts, period=period, **more)  # type: ignore[arg-type]


def reasons(verdicts: pd.DataFrame, **more: object) -> list[str]:
    return list(ask(case(verdicts, **more)).reasons)  # type: ignore[arg-type]


def test_the_gate_is_open_when_every_critical_rule_passed_or_does_not_apply() -> None:
    assert reasons(judged(verdict("CR-018", "not applicable", applied=0))) == []
    require_open(QUARTER, ask(case(judged())))


def test_a_failed_critical_rule_is_a_reason_with_its_count_and_text() -> None:
    (reason,) = reasons(judged(verdict("CR-017", "failed", failed=3)))
    assert reason == (
        'CR-017 failed on Contracts, which did not meet the rule "No contract is in the register twice": '
        "3 of 240 rows."
    )


def test_a_failed_rule_about_the_whole_table_gives_no_row_count() -> None:
    shut = judged(verdict("SP-013", "failed", failed=1, applied=1))
    said = 'SP-013 failed on Payments, which did not meet the rule "The payment ledger is not empty"'
    assert reasons(shut) == [f"{said}."]
    seen = found("SP-013", "Payments").assign(found="0 rows")
    assert reasons(shut, findings=seen) == [f"{said}: found 0 rows."]


def test_a_rule_that_could_not_run_is_a_reason_whatever_its_severity() -> None:
    assert reasons(judged(verdict("CR-017", "could not run"), verdict("SP-005", "could not run"))) == [
        "CR-017 could not run on Contracts: why not",
        "SP-005 could not run on Payments: why not",
    ]


def test_a_failed_warning_is_no_reason() -> None:
    assert reasons(judged(verdict("SP-005", "failed", failed=240))) == []


def test_a_table_that_was_never_written_is_a_reason() -> None:
    assert reasons(judged(), versions={**NOW, P: ""}) == ["Payments has never been written"]
    assert reasons(empty("verdict"), tables=[P], versions={}) == ["Payments has never been written"]


def test_without_any_verdict_every_critical_rule_is_a_reason() -> None:
    assert len(reasons(empty("verdict"))) == len(critical(C)) + len(critical(P))


def test_a_table_without_rules_needs_no_verdict() -> None:
    assert reasons(empty("verdict"), tables=[keys.RAW_PAYMENT]) == []


# What may differ between judging and publishing, each alone.
OTHER_INPUTS = {
    "the table itself": ({**NOW, P: "2"}, BASIS),
    "a table its rules read": ({**NOW, READS[P][0]: "2"}, BASIS),
    **{f"the book {book}": ({**NOW, book: "2"}, BASIS) for book in BOOKS},
    "the day spoken about": (NOW, replace(BASIS, as_of=date(2026, 11, 24))),
    "the parameters": (NOW, replace(BASIS, parameter_version="other")),
    "the code that judges": (NOW, replace(BASIS, code_version="other")),
}


@pytest.mark.parametrize("what", OTHER_INPUTS)
def test_a_verdict_on_other_inputs_is_none(what: str) -> None:
    versions, basis = OTHER_INPUTS[what]
    told = reasons(judged(tables=[P]), tables=[P], versions=versions, basis=basis)
    own = what == "the table itself"
    said = "this version of Payments" if own else "these inputs of Payments: a table it is judged with, "
    assert len(told) == len(critical(P))
    for rule_id, reason in zip(sorted(critical(P)), told, strict=True):
        assert reason.startswith(f"{rule_id} has not been judged on {said}")


def test_what_a_table_is_not_judged_with_does_not_matter() -> None:
    others = [name for name in TABLES if name not in judged_with(P)]
    assert reasons(judged(tables=[P]), tables=[P], versions={**NOW, **dict.fromkeys(others, "2")}) == []


def test_an_earlier_pass_does_not_cover_a_later_failure_nor_the_other_way_round() -> None:
    before = {**NOW, C: "contracts-0"}
    both = pd.concat([judged(versions=before), judged(verdict("CR-017", "failed", failed=1))])
    assert len(reasons(both)) == 1
    assert reasons(both, versions=before, tables=[C]) == []


def test_of_two_verdicts_on_the_same_inputs_the_worse_one_counts() -> None:
    for pair in ((judged(), judged(verdict("CR-017", "failed", failed=1))),) * 2:
        assert len(reasons(pd.concat(pair))) == 1
        assert len(reasons(pd.concat(pair[::-1]))) == 1


def test_a_verdict_by_another_version_of_the_rule_is_none() -> None:
    (reason,) = reasons(judged(verdict("CR-017", version=99)))
    assert reason == "CR-017 has not been judged on Contracts in its present version"


def test_the_code_that_judges_has_one_version_and_the_rest_of_the_house_none() -> None:
    assert code_version() == code_version()
    assert len(code_version()) == 16


@pytest.mark.parametrize(
    "rule_id", sorted(i for i, r in RULES.items() if r.stage == "check" and r.severity == "critical")
)
def test_each_critical_rule_alone_shuts_the_gate(rule_id: str) -> None:
    table = RULES[rule_id].table
    assert reasons(judged(tables=[table]), tables=[table]) == []
    assert len(reasons(judged(verdict(rule_id, "failed", failed=1), tables=[table]), tables=[table])) == 1


def test_the_refusal_carries_every_reason() -> None:
    shut = judged(verdict("CR-017", "failed", failed=3), verdict("SP-013", "failed", failed=1, applied=1))
    with pytest.raises(PublicationRefusedError) as refused:
        require_open(QUARTER, ask(case(shut)))
    assert len(refused.value.reasons) == 2
    assert "CR-017 failed" in str(refused.value)
    assert "SP-013 failed" in str(refused.value)


def test_the_figures_of_another_quarter_shut_the_gate_even_when_they_are_none() -> None:
    """An empty table does not say of which quarter it is empty; the book of versions does."""
    table = keys.OUT_REGISTER

    def told(periods: dict[str, str]) -> list[str]:
        return reasons(judged(tables=[table]), tables=[table], period=QUARTER, periods=periods)

    assert told({table: QUARTER}) == []
    (other,) = told({table: "2026-27-Q1"})
    (none,) = told({})
    assert "holds the figures of 2026-27-Q1, not of 2026-27-Q2" in other
    assert "holds no figures, not of 2026-27-Q2" in none


@pytest.mark.parametrize(
    ("table", "title", "command"),
    [
        (P, "Payments", "kcc-etl run"),
        ("verdict", "Verdicts", "kcc-etl run"),
        (keys.CORE_CLAIM, "Claims", "kcc-etl run"),
        (keys.OUT_SPEND, TABLES[keys.OUT_SPEND].title, f"kcc-etl publish {QUARTER}"),
    ],
)
def test_a_table_that_was_changed_by_hand_shuts_the_gate_whatever_was_judged(table, title, command) -> None:
    (reason,) = reasons(judged(), period=QUARTER, altered=(table,))
    assert reason == f"The table {title} was changed by other means than this program; run `{command}`"


# ---------------------------------------------------------------- what a table was made from

FIGURES = keys.OUT_PERFORMANCE


def booked_on(basis: Basis = BASIS, versions: dict[str, str] = NOW) -> dict[str, str]:
    return {table: basis.made_from(table, versions) for table in MADE_FROM}


# What may differ between making a table and publishing it, and whether figures, or a core table, still stand.
OTHER_BASIS = {
    "nothing": (booked_on(), True, True),
    "none was booked": ({}, False, False),
    "the parameters": (booked_on(replace(BASIS, parameter_version="other")), False, False),
    "the day": (booked_on(replace(BASIS, as_of=date(2026, 11, 22))), False, True),
    "the code": (booked_on(replace(BASIS, code_version="other")), False, False),
    "claims": (booked_on(versions={**NOW, keys.CORE_CLAIM: "2"}), False, True),
    "returns as landed": (booked_on(versions={**NOW, keys.RAW_CLAIM: "2"}), False, False),
    "a table it is not made from": (booked_on(versions={**NOW, keys.OUT_SPEND: "2"}), True, True),
}


@pytest.mark.parametrize("what", OTHER_BASIS)
def test_a_table_stands_while_it_is_what_would_be_made_now(what: str) -> None:
    booked, figures_stand, core_stands = OTHER_BASIS[what]
    stale = made_otherwise((FIGURES, keys.CORE_CLAIM), BASIS, NOW, booked)
    assert (FIGURES not in stale, keys.CORE_CLAIM not in stale) == (figures_stand, core_stands)


def test_a_table_that_was_never_written_is_not_called_stale_as_well() -> None:
    assert made_otherwise(MADE_FROM, BASIS, {}, {}) == ()


def test_stale_tables_shut_the_gate_although_every_rule_passed_and_the_command_is_named() -> None:
    told = reasons(judged(), period=QUARTER, stale=(keys.CORE_CLAIM, FIGURES, keys.OUT_TARGET))
    what = "other parameters, other tables or by another version of this program than stand now"
    titles, remedy = "Social value performance, Targets", f"run `kcc-etl publish {QUARTER}`"
    assert told == [
        f"Made from {what}: Claims; run `kcc-etl run`",
        f"Made for another day, from {what}: {titles}; {remedy}",
    ]


def test_what_figures_are_made_from_is_followed_down_to_the_landed_files() -> None:
    assert made_with([keys.OUT_SPEND]) == tuple(
        name
        for name in MADE_FROM
        if name
        in {
            keys.OUT_SPEND, keys.CORE_PAYMENT, keys.CORE_CONTRACT, keys.CORE_DECISION,
            keys.CORE_SUPPLIER_IDENTIFIER,
        }
    )  # fmt: skip
    assert set(made_with(keys.PACK_INPUTS)) <= set(MADE_FROM)


def test_a_waiver_opens_nothing_that_was_made_from_something_else() -> None:
    shut = judged(verdict("SP-013", "failed", failed=1))
    held = waivers_in_force(from_rows([waiver()], keys.CORE_DECISION), QUARTER, TODAY, ALLOWED)
    more = {"period": QUARTER, "findings": found("SP-013", "Payments"), "waivers": held}
    assert reasons(shut, **more) == []
    assert len(reasons(shut, **more, stale=(keys.OUT_TARGET,))) == 1


# ---------------------------------------------------------------- waivers


def waiver(**cells: object) -> dict[str, object]:
    """A waiver of SP-013 for the quarter that holds, but for the cells given."""
    return {
        "decision_id": "K-1",
        "decision_kind": WAIVER,
        "subject": "SP-013",
        "period": QUARTER,
        "role": "Chief procurement officer",
        "reason_code": "Checked by hand against the source",
        "decided_on": "2026-11-01",
        "expires_on": "2026-11-30",
        **cells,
    }


def with_waivers(rule_id: str, subjects: Sequence[str], *decisions: dict[str, object], as_of: date = TODAY):
    """The answer of the gate when a rule failed once for each of the subjects."""
    shut = judged(verdict(rule_id, "failed", failed=len(subjects)))
    held = waivers_in_force(from_rows(list(decisions), keys.CORE_DECISION), QUARTER, as_of, ALLOWED)
    return ask(case(shut, period=QUARTER, findings=found(rule_id, *subjects), waivers=held))


# One waiver of SP-013 and whether the gate opens, the rule having failed.
WAIVERS = {
    "the whole rule": ({}, True),
    "what it found": ({"other_subject": "Payments"}, True),
    "something else that it might have found": ({"other_subject": "Contracts"}, False),
    "another rule": ({"subject": "PB-007"}, False),
    "a rule that there is not": ({"subject": "SP-999"}, False),
    "another quarter": ({"period": "2026-27-Q1"}, False),
    "no quarter": ({"period": None}, False),
    "decided on the day": ({"decided_on": "2026-11-23"}, True),
    "decided the day after": ({"decided_on": "2026-11-24"}, False),
    "expires the day after": ({"expires_on": "2026-11-24"}, True),
    "expires on the day": ({"expires_on": "2026-11-23"}, True),
    "expired the day before": ({"expires_on": "2026-11-22"}, False),
    "no last day": ({"expires_on": None}, False),
    "the longest time": ({"decided_on": "2026-08-23", "expires_on": "2026-11-23"}, True),
    "a day longer": ({"decided_on": "2026-08-22", "expires_on": "2026-11-23"}, False),
    "a role with authority, written otherwise": ({"role": "Monitoring-Officer"}, True),
    "a role without authority": ({"role": "category lead"}, False),
    "another reason": ({"reason_code": "the committee is waiting"}, False),
    "another kind of decision": ({"decision_kind": "approval"}, False),
}


@pytest.mark.parametrize("what", WAIVERS)
def test_a_waiver_opens_exactly_what_it_names(what: str) -> None:
    cells, opens = WAIVERS[what]
    answer = with_waivers("SP-013", ["Payments"], waiver(**cells))
    assert (answer.reasons == ()) == opens
    assert [used.decision_id for used in answer.waivers] == (["K-1"] if opens else [])


@pytest.mark.parametrize(
    "rule_id", sorted(i for i, r in RULES.items() if r.effect == "block" and not r.waivable)
)
def test_a_rule_that_cannot_be_waived_stays_shut_even_to_a_waiver_that_got_through(rule_id: str) -> None:
    table = RULES[rule_id].table
    shut = judged(verdict(rule_id, "failed", failed=1), tables=[table])
    decisions = from_rows([waiver(subject=rule_id)], keys.CORE_DECISION)
    assert waivers_in_force(decisions, QUARTER, TODAY, ALLOWED) == ()

    through = (Waiver(rule_id, "", "K-1", ALLOWED.roles[0], ALLOWED.reason_codes[0], TODAY, TODAY),)
    more = {"period": QUARTER, "periods": {table: QUARTER}, "waivers": through}
    answer = ask(case(shut, tables=[table], findings=found(rule_id, "a"), **more))  # type: ignore[arg-type]
    assert len(answer.reasons) == 1


def test_what_guards_people_and_sums_cannot_be_waived() -> None:
    waivable = [rule for rule in RULES.values() if rule.waivable]
    assert waivable
    for rule in waivable:
        assert rule.effect == "block"
        assert not rule.remedy.startswith("Report this"), "the figure itself would be wrong"
        assert "UK GDPR" not in rule.source
    assert not any(RULES[f"PB-00{n}"].waivable for n in (3, 4, 5, 6))


def test_subject_by_subject_a_waiver_covers_its_own_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule with rows may be waived today; the gate is ready for one that may."""
    monkeypatch.setitem(RULES, "CR-017", replace(RULES["CR-017"], waivable=True))
    each = [
        waiver(decision_id=f"K-{n}", subject="CR-017", other_subject=ref)
        for n, ref in enumerate(("C-1", "C-2", "C-3"), start=1)
    ]

    all_three = with_waivers("CR-017", ["C-1", "C-2", "C-3"], *each)
    two_of_three = with_waivers("CR-017", ["C-1", "C-2", "C-4"], *each)
    rest_by_rule = with_waivers(
        "CR-017", ["C-1", "C-1", "C-4"], each[0], waiver(subject="CR-017", decision_id="K-9")
    )

    assert all_three.reasons == ()
    assert [(used.decision_id, used.findings) for used in all_three.waivers] == [
        ("K-1", 1),
        ("K-2", 1),
        ("K-3", 1),
    ]
    (reason,) = two_of_three.reasons
    assert reason.endswith(": 3 of 240 rows. Waivers cover 2 of its 3 findings.")
    assert two_of_three.waivers == ()
    assert sorted((used.decision_id, used.findings) for used in rest_by_rule.waivers) == [
        ("K-1", 2),
        ("K-9", 1),
    ]


def test_a_failure_whose_findings_are_not_all_there_cannot_be_waived_by_subject(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(RULES, "CR-017", replace(RULES["CR-017"], waivable=True))
    one = waivers_in_force(
        from_rows([waiver(subject="CR-017", other_subject="C-1")], keys.CORE_DECISION),
        QUARTER,
        TODAY,
        ALLOWED,
    )
    shut = judged(verdict("CR-017", "failed", failed=2))
    assert ask(case(shut, period=QUARTER, findings=found("CR-017", "C-1"), waivers=one)).reasons


def test_a_waiver_opens_neither_what_could_not_run_nor_what_was_not_judged() -> None:
    held = waivers_in_force(from_rows([waiver()], keys.CORE_DECISION), QUARTER, TODAY, ALLOWED)
    broken = judged(verdict("SP-013", "could not run"))
    stale = judged(verdict("SP-013", "failed", failed=1, applied=1), versions={**NOW, P: "2"})
    for verdicts in (broken, stale):
        assert ask(case(verdicts, period=QUARTER, findings=found("SP-013", "Payments"), waivers=held)).reasons


def test_a_waiver_that_is_used_says_by_whom_why_and_until_when_and_names_no_subject() -> None:
    answer = with_waivers("SP-013", ["Payments"], waiver(other_subject="Payments"))
    (used,) = answer.waivers
    assert str(used) == (
        'The data did not meet the rule "The payment ledger is not empty" (SP-013): 1 finding. The chief '
        "procurement officer answers for publishing all the same until 30 November 2026, because: checked by "
        "hand against the source (decision K-1 of 1 November 2026)."
    )


def test_a_waiver_for_a_rule_that_passed_is_not_used() -> None:
    held = waivers_in_force(from_rows([waiver()], keys.CORE_DECISION), QUARTER, TODAY, ALLOWED)
    assert ask(case(judged(), period=QUARTER, waivers=held)).waivers == ()
