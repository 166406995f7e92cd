"""Every check-stage rule by its case, cases that notice a wrong rule, and points no case can show.

Rules of intake and core are held to their messages in `tests/hostile/test_messages.py`, which wants a file at
fault for each of them. Does not belong here: the runner itself (`test_runner`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from checks import expectations, runner
from checks.registry import ROW_COUNT, Expectation, judges, suites
from checks.rules.outcome import Inputs, Judge, Outcome
from checks.runner import judge
from kcc_etl.domain.findings import Verdict
from kcc_etl.domain.overclaims import over_claim
from kcc_etl.domain.redaction import NAME_TEXTS, tell_apart, tells_apart
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES
from tests.unit.check_cases import (
    CASES,
    QUARTER,
    S70,
    SPEND,
    C,
    F,
    N,
    P,
    R,
    World,
    claim,
    contract,
    figure,
    given,
    in_scope,
    inputs,
    paid_over,
    parameters,
    payment,
    reached,
    receipt,
)

WORLDS = ("bad", "good", "other", "empty")
ROW_COUNT_RULES = {e.rule_id for suite in suites().values() for e in suite if e.type == ROW_COUNT}


def answers(rule_id: str, world: World) -> list[object]:
    outcome = judges()[rule_id](inputs(world))
    return [None if pd.isna(value) else bool(value) for value in outcome.ok]


def judged(rule_id: str, world: str) -> Verdict:
    (verdict,) = judge(RULES[rule_id].table, given(rule_id, world), only={rule_id})
    return verdict


def against(rule_id: str, world: str, found: Verdict) -> list[str]:
    """What the case of a rule has against a verdict on one of its worlds."""
    case, rule = CASES[rule_id], RULES[rule_id]
    none_to_judge = "failed" if rule_id in ROW_COUNT_RULES else "not applicable"
    wanted = {"good": "passed", "bad": "failed"}.get(world, none_to_judge)
    faults = case.faults if wanted == "failed" else ()
    told = [finding.found for finding in found.findings]
    as_ruled = (rule.text, rule.remedy, rule.severity, rule.table, "check")
    complaints = {
        f"it is {found.status}: {found.reason}": found.status != wanted,
        f"at fault are {[f.subject for f in found.findings]}": sorted(f.subject for f in found.findings)
        != sorted(faults),
        f"{found.passed} of {found.applied} rows passed": found.applied - found.passed != len(faults)
        or (found.applied > 0) != (wanted != "not applicable"),
        "it gives no reason": wanted == "not applicable" and not found.reason,
        f"it found {told}": not all(told) or bool(world == "bad" and case.found and case.found not in told),
        "a finding does not say what the rule says": any(
            (f.expected, f.remedy, f.severity, f.table_name, f.stage) != as_ruled for f in found.findings
        ),
    }
    return [complaint for complaint, holds in complaints.items() if holds]


def test_every_check_stage_rule_has_a_case_and_every_case_a_rule() -> None:
    assert set(CASES) == {rule.id for rule in RULES.values() if rule.stage == "check"}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_a_rule_judges_its_case_as_it_should(rule_id: str, world: str) -> None:
    assert against(rule_id, world, judged(rule_id, world)) == []


def as_if(rule_id: str, answered: Callable[[pd.Series], pd.Series]) -> Mapping[str, Judge]:
    """The pure rules, one of which answers otherwise than it should."""
    real = judges()[rule_id]

    def wrong(inputs: Inputs) -> Outcome:
        outcome = real(inputs)
        return replace(outcome, ok=answered(outcome.ok.astype("boolean")))

    return {**judges(), rule_id: wrong}


WRONG: dict[str, Callable[[pd.Series], pd.Series]] = {
    "it always passes": lambda ok: ok.mask(ok.notna(), True),
    "it misses one fault": lambda ok: ok.where(ok.fillna(True) | (~ok).duplicated(), True),
    "it never applies": lambda ok: ok.mask(ok.notna(), pd.NA),
    "it always fails": lambda ok: ok.mask(ok.notna(), False),
}


@pytest.mark.parametrize("rule_id", sorted(judges()))
def test_the_case_of_a_pure_rule_notices_when_the_rule_is_wrong(
    rule_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, answered in WRONG.items():
        wrong = as_if(rule_id, answered)
        monkeypatch.setattr(runner, "judges", lambda wrong=wrong: wrong)
        assert any(against(rule_id, world, judged(rule_id, world)) for world in WORLDS), name


EXPECTATIONS = [
    pytest.param(expectation, id=f"{expectation.rule_id}-{place}")
    for table in sorted(suites())
    for place, expectation in enumerate(suites()[table])
]


def weaker(expectation: Expectation) -> Iterator[Expectation]:
    """The expectation with one of its arguments off by a little."""
    kwargs = dict(expectation.kwargs)
    for name, value in kwargs.items():
        if isinstance(value, bool):
            yield replace(expectation, kwargs={**kwargs, name: not value})
        elif name in ("min_value", "max_value"):
            for step in (-1, 1):
                yield replace(expectation, kwargs={**kwargs, name: value + step})
        elif name == "value_set":
            for left in value:
                yield replace(expectation, kwargs={**kwargs, name: [one for one in value if one != left]})


@pytest.mark.parametrize("expectation", EXPECTATIONS)
def test_the_case_of_a_suite_rule_notices_when_an_expectation_is_off(
    expectation: Expectation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_id = expectation.rule_id
    table = RULES[rule_id].table
    for wrong in weaker(expectation):
        suite = tuple(wrong if one == expectation else one for one in suites()[table])
        monkeypatch.setattr(runner, "suites", lambda suite=suite: {table: suite})
        assert any(against(rule_id, world, judged(rule_id, world)) for world in ("good", "bad", "empty")), (
            wrong
        )


@pytest.mark.parametrize("expectation", EXPECTATIONS)
def test_the_case_of_a_suite_rule_notices_when_an_expectation_always_passes_or_fails(
    expectation: Expectation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, rule_id = expectations._results, expectation.rule_id

    def wrong(built: object, suite: tuple[Expectation, ...], frame: pd.DataFrame) -> list[dict[str, Any]]:
        results = real(built, suite, frame)
        at_fault = list(range(len(frame))) if fails else []
        for result in (r for r, one in zip(results, suite, strict=True) if one == expectation):
            counts = {"unexpected_index_list": at_fault, "unexpected_count": len(at_fault)}
            result |= {"success": not fails, "result": {**result["result"], **counts}}
        return results

    monkeypatch.setattr(expectations, "_results", wrong)
    for fails in (False, True):
        assert any(against(rule_id, world, judged(rule_id, world)) for world in WORLDS), fails


@pytest.mark.parametrize("rule_id", sorted(judges()))
def test_a_pure_rule_answers_for_every_row_in_order_and_changes_no_input(rule_id: str) -> None:
    for world in ("good", "bad", "other"):
        inputs = given(rule_id, world)
        before = {name: frame.copy(deep=True) for name, frame in inputs.frames.items() if len(frame)}
        outcome: Outcome = judges()[rule_id](inputs)
        rows = 1 if outcome.whole else len(inputs.frames[outcome.on or RULES[rule_id].table])
        assert outcome.ok.index.equals(pd.RangeIndex(rows))
        assert all(inputs.frames[name].equals(frame) for name, frame in before.items())
        assert all(frame.empty for name, frame in inputs.frames.items() if name not in before)


UNREADABLE: dict[str, Callable[[pd.DataFrame, str], pd.DataFrame]] = {
    "is missing": lambda frame, name: frame.drop(columns=name),
    "is of another type": lambda frame, name: frame.assign(
        **{name: 1.5 if FIELDS[name].type == "text" else "2026-07-01"}
    ),
    "is of mixed types": lambda frame, name: frame.assign(
        **{name: pd.Series([(1, "a", None)[n % 3] for n in range(len(frame))], dtype=object)}
    ),
}
RENUMBERED: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "repeated": lambda frame: frame.set_axis(pd.Index([7] * len(frame), name=frame.columns[0])),
    "backwards": lambda frame: frame.set_axis(range(len(frame), 0, -1)),
}


@pytest.mark.parametrize("rule_id", sorted(CASES))
def test_a_rule_is_not_fooled_by_the_form_of_a_frame(rule_id: str) -> None:
    inputs, table = given(rule_id, "bad"), RULES[rule_id].table
    as_it_should = judged(rule_id, "bad")
    for name, change in RENUMBERED.items():
        frames = {name: change(frame) if len(frame) else frame for name, frame in inputs.frames.items()}
        assert judge(table, replace(inputs, frames=frames), only={rule_id}) == [as_it_should], name
    field, frame = RULES[rule_id].field, inputs.frames[table]
    for name, spoil in UNREADABLE.items() if field and len(frame) else ():
        frames = {**inputs.frames, table: spoil(frame, field)}
        (verdict,) = judge(table, replace(inputs, frames=frames), only={rule_id})
        # A rule that does not read the column of its finding is judged as ever.
        assert verdict.status in ("could not run", "failed"), f"{field} {name}"


def test_consultancy_moves_down_a_band_and_is_asked_nothing_under_100k() -> None:
    open_question = {"risk_market": None, "value_ex_vat_pence": 9_999_999}
    world = {C: [in_scope(**open_question), in_scope("C-2", service_group="consultancy", **open_question)]}
    assert answers("CR-011", world) == [False, None]


def test_a_column_is_told_apart_as_each_of_its_texts() -> None:
    words = [
        "redacted",
        "REDACTION",
        "name Wıthheld",
        "withheld",
        "n/a",
        "NIL",
        "ﬁrm",
        "",
        " - ",
        "tbc",
        "Acme",
    ]
    texts = [
        *words,
        *(f"{word} 7" for word in words),
        *(f"7{word}" for word in words),
        "７",
        None,
        "unredactedly",
    ]
    column = pd.Series(texts, dtype="str", index=range(5, 5 + len(texts)))
    assert tell_apart(column).tolist() == [tells_apart(text) for text in texts]
    assert tell_apart(column).index.equals(column.index)
    assert tell_apart(column[:0]).dtype == bool


def test_an_invoice_credited_and_paid_again_is_paid_once() -> None:
    lines = [payment("P-1", invoice_ref="I"), payment("P-2", invoice_ref="I", amount_ex_vat_pence=-1000)]
    again = [
        payment("P-3", invoice_ref="I", paid_on="2026-07-03"),
        payment("P-4", invoice_ref="I", paid_on="2026-07-04"),
    ]
    assert answers("SP-010", {P: [*lines, again[0]]}) == [True, None, True]
    assert answers("SP-010", {P: [*lines, *again]}) == [True, None, True, False]


def test_lines_of_an_invoice_on_its_first_day_are_one_payment_and_on_a_later_day_a_second() -> None:
    split = [payment(f"P-{n}", invoice_ref="I") for n in (1, 2)]
    later = [payment(f"P-{n}", invoice_ref="I", paid_on="2026-07-02") for n in (3, 4)]
    credit = payment("P-5", invoice_ref="I", amount_ex_vat_pence=-1000, paid_on="2026-07-02")
    assert answers("SP-010", {P: split}) == [True, True]
    assert answers("SP-010", {P: [*split, *later]}) == [True, True, False, False]
    assert answers("SP-010", {P: [*split, *later, credit]}) == [True, True, True, False, None]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("invoice_ref", "REDACTED UNDER DP ACT"),
        ("invoice_ref", "n/a"),
        ("supplier_name", "Redacted personal data"),
        ("supplier_name", "NAME WITHHELD"),
    ],
)
def test_a_redacted_payee_or_invoice_number_tells_no_two_payments_apart(name: str, text: str) -> None:
    twice = [
        payment(f"P-{day}", paid_on=f"2026-07-0{day}", **{"invoice_ref": "I", name: text}) for day in (1, 2)
    ]
    assert answers("SP-010", {P: twice}) == [None, None]


@pytest.mark.parametrize("text", NAME_TEXTS)
def test_a_text_in_place_of_a_name_is_no_name_and_bears_no_number(text: str) -> None:
    """UK GDPR; PA23 s.94: what is withheld is not judged as a name, and a number beside it names it."""
    rows = [{"payee": text}, {"payee": text, "supplier_company_number": "01234567"}]
    assert answers("PB-003", {SPEND: rows}) == [None, False]


def test_a_company_whose_name_is_like_a_redaction_is_told_apart() -> None:
    twice = [
        payment(f"P-{day}", paid_on=f"2026-07-0{day}", invoice_ref="I", supplier_name="Redactive Events Ltd")
        for day in (1, 2)
    ]
    assert answers("SP-010", {P: twice}) == [True, False]


def test_a_contract_whose_overpayment_was_credited_back_is_within_its_value() -> None:
    credited = [payment("P-1"), payment("P-2"), payment("P-3", amount_ex_vat_pence=-600)]
    assert answers("SP-011", {C: [contract(value_ex_vat_pence=1400)], P: credited}) == [True, True, True]


@pytest.mark.parametrize("rule_id", ["SP-006", "SP-011", "SP-015", "SP-031", "SP-032"])
def test_a_payment_without_a_reference_is_not_of_a_contract_without_one(rule_id: str) -> None:
    world = CASES[rule_id].bad
    for table in (C, P):
        world = {**world, table: [{**line, "contract_ref": None} for line in world[table]]}
    assert set(answers(rule_id, world)) == {None}


def test_a_published_line_without_a_quarter_is_in_none() -> None:
    nowhere = judges()["PB-001"](inputs({S70: [paid_over(period=None)]}))
    assert nowhere.ok.tolist() == [False]
    assert nowhere.found is not None
    assert nowhere.found[0].endswith("listed in no quarter")
    spend = [{"amount_ex_vat_pence": 50_001}]
    assert answers("PB-020", {P: [payment(amount_ex_vat_pence=50_001)], SPEND: spend}) == [False]
    quarter = {**spend[0], "period": QUARTER}
    assert answers("PB-020", {P: [payment(amount_ex_vat_pence=50_001)], SPEND: [quarter]}) == [True]


@pytest.mark.parametrize("rule_id", ["PB-020", "PB-021", "PB-022", "PB-023"])
def test_a_booked_quarter_is_whole_only_with_all_its_rows(rule_id: str) -> None:
    good, table = CASES[rule_id].good, RULES[rule_id].table

    def of(lines: list[dict[str, object]], booked: str = QUARTER) -> object:
        (answer,) = judges()[rule_id](inputs({**good, table: lines}, booked)).ok
        return answer

    lines = good[table]
    assert of(lines)
    assert not of([]), "emptied"
    assert not of(lines[1:] * len(lines)), "the number is right, the rows are not" if lines[1:] else "emptied"
    assert not of([*lines, *lines]), "twice"
    assert not of([{**line, "period": "2026-27-Q1"} for line in lines]), "of another quarter"
    assert not of(lines, "2026-27-Q1"), "booked as another quarter"
    assert judges()[rule_id](inputs({}, QUARTER)).ok.all(), "nothing is due, nothing is there"


def test_a_claim_of_exactly_150_per_cent_of_what_is_due_passes() -> None:
    for claimed, fine in (("3/2", True), ("3000001/2000000", False)):
        over = over_claim(Fraction(1), Fraction(claimed), parameters().policy, reviewed=False)
        assert over == (None if fine else "awaits review")
        world = {R: [claim()], F: [figure(due="1", claimed=claimed, over_claim=over)]}
        assert answers("RT-009", world) == [fine]


def test_control_totals_compare_pence_when_the_rows_agree() -> None:
    world = {C: [contract(value_ex_vat_pence=500)], "receipt": [receipt("register", 1, 501)]}
    outcome = judges()["CR-018"](inputs(world))
    assert outcome.ok.tolist() == [False]
    assert outcome.found is not None
    assert (
        outcome.found[0]
        == "1 rows arrived; 1 + 0 + 0 = 1 are accounted for; £5.01 arrived, £5.00 is accounted for"
    )


def test_a_release_with_two_contracts_counts_as_one_that_arrived() -> None:
    twice = [{"release_id": "n-1", "source_row": 1, "award_id": award} for award in ("a", "b")]
    assert answers("NT-007", {N: twice, "receipt": [receipt("notices", 1)]}) == [True]


def test_rows_set_aside_of_another_kind_or_a_refused_file_do_not_fill_a_gap() -> None:
    lost = {
        C: [contract()],
        "receipt": [receipt("register", 2), receipt("payments", 5, fate="refused", source_file="p")],
    }
    held = [{"kind": "payments", "fate": "excluded", "source_file": "p"}]
    assert answers("CR-018", {**lost, "set_aside": held}) == [False]


@pytest.mark.parametrize(
    ("change", "answer", "why"),
    [
        ({}, True, "reached, and shown to be"),
        ({"procurement_commenced_on": None}, False, "s.70 reaches it or not by the day it commenced"),
        ({"procurement_commenced_on": "2026-03-31"}, None, "SI 2025/1316 reg 2(2): not reached"),
        ({"procurement_commenced_on": None, "awarded_on": "2026-03-31"}, None, "awarded before s.70 began"),
        ({"procurement_commenced_on": None, "start_on": "2026-04-01"}, False, "may have commenced since"),
        ({"procurement_commenced_on": None, "regime": "pcr2015"}, None, "a legacy contract"),
        ({"procurement_commenced_on": None, "regime": "psr"}, None, "health services"),
        ({"procurement_commenced_on": None, "is_school_contract": True}, None, "s.70(4)"),
        ({"procurement_commenced_on": None, "agreement_kind": "concession"}, None, "s.70(4)"),
        ({"procurement_commenced_on": None, "value_ex_vat_pence": 17_309_999}, None, "below with VAT too"),
        ({"value_ex_vat_pence": 17_309_999}, None, "20% on £173,099.99 is below £207,720"),
        ({"value_ex_vat_pence": 17_310_000}, False, "20% on £173,100 is £207,720"),
        ({"value_ex_vat_pence": 17_310_000, "value_inc_vat_pence": 17_310_000}, None, "no VAT on it"),
        ({"procurement_category": "works", "value_ex_vat_pence": 17_310_000}, None, "works £5,193,000"),
        ({"regime": None}, False, "under the Act or not, nobody says"),
        ({"agreement_kind": None}, False, "a concession or not, nobody says"),
        ({"procurement_category": None}, False, "which threshold, nobody says"),
        (
            {"procurement_category": None, "is_light_touch": True, "value_ex_vat_pence": 10**9},
            True,
            "light touch",
        ),
        (
            {"procurement_category": None, "value_ex_vat_pence": 17_309_999},
            None,
            "below the lowest threshold",
        ),
        ({"regime": None, "procurement_commenced_on": "2026-03-31"}, None, "not reached under any law"),
        ({"regime": None, "is_school_contract": True}, None, "s.70(4)"),
    ],
)
def test_whether_section_70_reaches_a_payment_is_decided_by_what_the_register_says(
    change: dict[str, object], answer: bool | None, why: str
) -> None:
    world = {C: [reached(**change)], P: [payment(amount_inc_vat_pence=3_000_001)]}
    assert answers("SP-019", world) == [answer], why


@pytest.mark.parametrize(
    ("change", "answer", "why"),
    [
        ({"amount_ex_vat_pence": 2_500_000}, None, "£30,000 with VAT is not over it"),
        ({"amount_ex_vat_pence": 2_500_001}, False, "over £30,000 with VAT, and no VAT is given"),
        ({"amount_ex_vat_pence": 2_500_001, "vat_pence": 0}, None, "no VAT on it"),
        ({"amount_ex_vat_pence": 3_000_001, "paid_on": "2026-03-31"}, None, "paid before s.70 began"),
        ({"amount_ex_vat_pence": 3_000_001, "contract_ref": None}, None, "names no contract"),
    ],
)
def test_a_payment_that_may_be_over_30000_pounds_with_its_vat_is_not_decided(
    change: dict[str, object], answer: bool | None, why: str
) -> None:
    assert answers("SP-019", {C: [reached()], P: [payment(**change)]}) == [answer], why


@pytest.mark.parametrize(
    ("lines", "answer", "why"),
    [
        (({"amount_inc_vat_pence": 1_500_000}, {"amount_inc_vat_pence": 1_500_001}), [True, None], "£30,000.01"),
        (({"amount_inc_vat_pence": 1_500_000}, {"amount_inc_vat_pence": 1_500_000}), [None, None], "£30,000.00"),
        (
            ({"amount_ex_vat_pence": 1_500_000}, {"amount_inc_vat_pence": 1_200_001}),
            [False, None],
            "20% on £15,000 and £12,000.01",
        ),
        (
            ({"amount_ex_vat_pence": 1_500_000}, {"amount_inc_vat_pence": 1_200_000}),
            [None, None],
            "20% on £15,000 and £12,000.00",
        ),
        (
            ({"amount_inc_vat_pence": 3_000_120}, {"amount_ex_vat_pence": -100}),
            [False, None],
            "£30,000.20, or £30,000.00 if there is VAT on the credit",
        ),
        (({"amount_inc_vat_pence": 3_000_121}, {"amount_ex_vat_pence": -100}), [True, None], "£30,000.01 at least"),
    ],
)  # fmt: skip
def test_a_payment_over_several_lines_is_decided_once(
    lines: tuple[dict[str, object], ...], answer: list[bool | None], why: str
) -> None:
    split = [payment(invoice_ref="I-1", **line) for line in lines]
    assert answers("SP-019", {C: [reached()], P: split}) == answer, why


@pytest.mark.parametrize(
    ("call_off", "answer"),
    [
        ({"parent_ref": "F-1"}, True),
        ({"parent_ref": "F-2"}, None),
        ({"parent_ref": "F-3"}, False),
        ({"parent_ref": "F-9"}, False),
        ({"parent_ref": None}, False),
        ({"parent_ref": None, "regime": "pcr2015"}, None),
        ({"parent_ref": None, "procurement_commenced_on": "2026-03-31"}, None),
        ({"parent_ref": "F-3", "procurement_commenced_on": "2026-03-31"}, None),
        ({"parent_ref": "F-9", "value_ex_vat_pence": 17_309_999}, None),
        ({"parent_ref": "F-9", "is_school_contract": True}, None),
        ({"parent_ref": "F-9", "agreement_kind": "contract"}, True),
    ],
)
def test_a_call_off_is_decided_by_the_law_of_its_framework(
    call_off: dict[str, object], answer: bool | None
) -> None:
    frameworks = [
        contract(f"F-{number}", regime=regime, agreement_kind="framework")
        for number, regime in enumerate(("pa23", "pcr2015", None), 1)
    ]
    world = {
        C: [*frameworks, reached(**{"agreement_kind": "call-off", **call_off})],
        P: [payment(amount_ex_vat_pence=3_000_001)],
    }
    assert answers("SP-019", world) == [answer]


def test_a_call_off_from_an_older_framework_is_decided_without_the_day_it_commenced() -> None:
    framework = contract("F-1", regime="pcr2015", agreement_kind="framework")
    call_off = reached(agreement_kind="call-off", parent_ref="F-1", procurement_commenced_on=None)
    large = payment(amount_ex_vat_pence=3_000_001)
    assert answers("SP-019", {C: [framework, call_off], P: [large]}) == [None]
