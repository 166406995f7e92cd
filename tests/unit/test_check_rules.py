"""Pure rules: the table of cases, and the finer points that a case of one row cannot show."""

from __future__ import annotations

import pandas as pd
import pytest

from checks.registry import judges
from checks.rules.outcome import Outcome
from kcc_etl.schema.tables import TABLES
from tests.unit.check_cases import (
    CASES,
    C,
    F,
    N,
    P,
    R,
    World,
    claim,
    contract,
    figure,
    in_scope,
    inputs,
    payment,
    reached,
    receipt,
)

PURE = sorted(judges())


def answers(rule_id: str, world: World) -> list[object]:
    outcome = judges()[rule_id](inputs(world))
    return [None if pd.isna(value) else bool(value) for value in outcome.ok]


@pytest.mark.parametrize("rule_id", PURE)
def test_rows_that_pass_are_true_and_none_is_at_fault(rule_id: str) -> None:
    given = answers(rule_id, CASES[rule_id].good)
    assert True in given
    assert False not in given


@pytest.mark.parametrize("rule_id", PURE)
def test_every_row_at_fault_is_false(rule_id: str) -> None:
    assert answers(rule_id, CASES[rule_id].bad).count(False) == len(CASES[rule_id].faults)


@pytest.mark.parametrize("rule_id", PURE)
def test_rows_the_rule_does_not_speak_about_are_missing(rule_id: str) -> None:
    assert set(answers(rule_id, CASES[rule_id].other)) <= {None}


@pytest.mark.parametrize("rule_id", PURE)
def test_empty_tables_give_no_answer(rule_id: str) -> None:
    assert set(answers(rule_id, {})) <= {None}


@pytest.mark.parametrize("rule_id", PURE)
@pytest.mark.parametrize("world", ["good", "bad", "other"])
def test_an_outcome_has_one_answer_a_row_and_changes_no_input(rule_id: str, world: str) -> None:
    given = inputs(getattr(CASES[rule_id], world))
    before = {name: frame.copy(deep=True) for name, frame in given.frames.items()}
    outcome: Outcome = judges()[rule_id](given)
    if not outcome.whole and outcome.on:
        assert len(outcome.ok) == len(given.frames[outcome.on])
    for extra in (outcome.found, outcome.field, outcome.subject):
        assert extra is None or len(extra) == len(outcome.ok)
    for name in TABLES:
        pd.testing.assert_frame_equal(given.frames[name], before[name])


def test_consultancy_moves_down_a_band_and_is_asked_nothing_under_100k() -> None:
    open_question = {"risk_market": None, "value_ex_vat_pence": 9_999_999}
    world = {C: [in_scope(**open_question), in_scope("C-2", service_group="consultancy", **open_question)]}
    assert answers("CR-011", world) == [False, None]


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


def test_a_company_whose_name_is_like_a_redaction_is_told_apart() -> None:
    twice = [
        payment(f"P-{day}", paid_on=f"2026-07-0{day}", invoice_ref="I", supplier_name="Redactive Events Ltd")
        for day in (1, 2)
    ]
    assert answers("SP-010", {P: twice}) == [True, False]


def test_a_contract_whose_overpayment_was_credited_back_is_within_its_value() -> None:
    credited = [payment("P-1"), payment("P-2"), payment("P-3", amount_ex_vat_pence=-600)]
    assert answers("SP-011", {C: [contract(value_ex_vat_pence=1400)], P: credited}) == [True, True, True]


def test_a_claim_of_exactly_150_per_cent_of_what_is_due_passes() -> None:
    for claimed, fine in (("3/2", True), ("3000001/2000000", False)):
        world = {C: [in_scope()], R: [claim()], F: [figure(due="1", claimed=claimed)]}
        assert answers("RT-009", world) == [fine]


def test_a_claim_later_than_the_period_is_not_the_one_at_fault() -> None:
    world = {C: [in_scope()], R: [claim(), claim(period="2026-27-Q3")], F: [figure(due="1", claimed="10")]}
    assert answers("RT-009", world) == [False, None]


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


def test_a_call_off_from_an_older_framework_is_decided_without_the_day_it_commenced() -> None:
    framework = contract("F-1", regime="pcr2015", agreement_kind="framework")
    call_off = reached(agreement_kind="call-off", parent_ref="F-1", procurement_commenced_on=None)
    large = payment(amount_ex_vat_pence=3_000_001)
    assert answers("SP-019", {C: [framework, call_off], P: [large]}) == [None]
