"""Targets: the worked table of the policy research, and each rule around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.overrides import may_set
from kcc_etl.domain.proportion import Asked, band_of, proportion_of, quantities
from kcc_etl.domain.targets import (
    COMPLEXITY_QUESTIONS,
    RISK_QUESTIONS,
    compute_targets,
)
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
POLICY = PARAMETERS.policy
ANSWERS = {"low": (1, 1, 1, 1, 1), "med": (2, 2, 2, 2, 2), "high": (3, 3, 3, 3, 3)}
PLAIN = Asked(
    value_ex_vat_pence=120_000_000, kind="services", service_group="other", supplier_size="large",
    supplier_is_vcse=False, risk_answers=ANSWERS["low"], complexity_answers=ANSWERS["med"],
    start_on=date(2026, 4, 1), last_on=date(2029, 3, 31), measures=("S1",),
)  # fmt: skip


def contract(**given):
    row = {
        "contract_ref": "KC-1", "contract_title": "Cleaning", "supplier_name": "Acme",
        "agreement_kind": "contract",
        "procurement_category": "services", "service_group": "other", "regime": "pa23",
        "is_light_touch": False,
        "is_school_contract": False, "supplier_size": "large", "supplier_is_vcse": False,
        "value_ex_vat_pence": 120_000_000, "start_on": date(2026, 4, 1), "end_on": date(2029, 3, 31),
        "procurement_commenced_on": date(2026, 1, 5), "sv_measures": "S1",
        **dict.fromkeys(RISK_QUESTIONS, 1), **dict.fromkeys(COMPLEXITY_QUESTIONS, 2),
    }  # fmt: skip
    return {**row, **given}


def decision(number, kind, quantity, role="category lead", measure="S1", day=date(2026, 5, 1), **given):
    return {
        "decision_id": number, "decision_kind": kind, "subject": "KC-1", "measure_code": measure,
        "quantity": Fraction(quantity), "role": role, "reason_code": "data error", "decided_on": day, **given,
    }  # fmt: skip


def targets(*contracts, decisions=()):
    return compute_targets(
        frames.from_rows(list(contracts), keys.CORE_CONTRACT),
        frames.from_rows(list(decisions), keys.CORE_DECISION),
        PARAMETERS,
    )


def quantity_of(frame):
    return dict(zip(frame["measure_code"], frame["target"], strict=True))


# Source: social-value-policy.md section 8.3, worked results. Inputs read complexity/risk.
@pytest.mark.parametrize(
    ("pence", "kind", "group", "size", "complexity", "risk", "outputs", "code", "target"),
    [
        (15_000_000, "services", "other", "small", "low", "low", "0.060", "S5", 10),
        (120_000_000, "services", "other", "large", "med", "low", "1.200", "S1", 1),
        (60_000_000, "services", "other", "medium", "med", "med", "0.405", "S5", 10),
        (800_000_000, "works", "other", "large", "high", "med", "2.880", "S1", 3),
        (3_000_000_000, "light_touch", "care", "large", "med", "med", "13.500", "S1", 14),
        (12_000_000_000, "works", "other", "large", "high", "high", "36.000", "S1", 36),
    ],
)
def test_the_worked_results_come_out_exactly(
    pence, kind, group, size, complexity, risk, outputs, code, target
):
    asked = replace(
        PLAIN, value_ex_vat_pence=pence, kind=kind, service_group=group, supplier_size=size,
        complexity_answers=ANSWERS[complexity], risk_answers=ANSWERS[risk],
    )  # fmt: skip
    made = proportion_of(asked, POLICY)
    assert made.outputs == Fraction(outputs)
    found = quantities(made, POLICY, PARAMETERS)
    assert [(q.measure.code, q.quantity) for q in found] == [(code, target)]


def test_the_school_build_shows_a_stretch_of_416_weeks():
    made = proportion_of(replace(PLAIN, value_ex_vat_pence=800_000_000, kind="works"), POLICY)
    assert made.stretch_weeks(POLICY) == 416


def test_it_support_moves_down_to_a_voluntary_offer():
    row = contract(value_ex_vat_pence=15_000_000, service_group="it", supplier_size="small")
    frame = targets(row)
    assert frame[["band", "mode"]].to_numpy().tolist() == [["B1", "voluntary"]]
    assert targets({**row, "sv_measures": None}).empty


# Source: section 8.5: the lowest single factor counts; measures as the band allows, less relief.
@pytest.mark.parametrize(
    ("size", "vcse", "factor", "measures"),
    [
        ("large", False, "1", 4), ("medium", False, "3/4", 4), ("small", False, "1/2", 3),
        ("micro", False, "1/4", 1),
        # an SME of no known class of staff counts as medium
        ("sme", False, "3/4", 4), ("sme", True, "1/2", 3),
        ("unknown", False, "1", 4), ("", False, "1", 4), ("large", True, "1/2", 3), ("micro", True, "1/4", 1),
        ("medium", True, "1/2", 3), ("small", True, "1/2", 3),
    ],
)  # fmt: skip
def test_relief_is_the_lowest_single_factor(size, vcse, factor, measures):
    made = proportion_of(replace(PLAIN, supplier_size=size, supplier_is_vcse=vcse), POLICY)
    assert (made.relief, made.max_measures) == (Fraction(factor), measures)


@pytest.mark.parametrize(
    ("pence", "aggregated", "group", "band"),
    [
        (1_000_000, 4_999_999, "other", "B0"), (1_000_000, 5_000_000, "other", "B1"),
        (1_000_000, 10_000_000, "other", "B2"), (30_000_000, 10_000_000, "other", "B3"),
        (1_000_000, 10_000_000, "it", "B1"), (2_499_999, 0, "consultancy", "B0"), (2_500_000, 0, "it", "B0"),
        (500_000_000, 0, "consultancy", "B4"),
    ],
)  # fmt: skip
def test_aggregation_lifts_and_consultancy_and_it_move_down(pence, aggregated, group, band):
    asked = replace(PLAIN, value_ex_vat_pence=pence, aggregated_pence=aggregated, service_group=group)
    assert band_of(asked, POLICY).code == band


def test_call_offs_under_one_framework_count_together_and_the_framework_carries_nothing():
    framework = contract(contract_ref="FW", agreement_kind="framework", value_ex_vat_pence=900_000_000)
    call_offs = [
        contract(
            contract_ref=f"C{n}", agreement_kind="call-off", parent_ref="FW", value_ex_vat_pence=6_000_000
        )
        for n in (1, 2)
    ]
    frame = targets(framework, *call_offs)
    assert frame["contract_ref"].tolist() == ["C1", "C2"]
    assert set(frame["band"]) == {"B2"}
    assert set(targets(call_offs[0])["band"]) == {"B1"}


@pytest.mark.parametrize(
    "given",
    [
        {"procurement_commenced_on": date(2025, 12, 31)}, {"procurement_commenced_on": None},
        {"regime": "psr"},
        {"regime": "exempt"}, {"is_school_contract": True}, {"agreement_kind": "framework"},
        {"value_ex_vat_pence": 2_499_999}, {"value_ex_vat_pence": None},
    ],
)  # fmt: skip
def test_policy_does_not_reach(given):
    assert targets(contract(**given)).empty
    assert len(targets(contract())) == 1


def test_a_missing_answer_counts_two():
    none = dict.fromkeys((*RISK_QUESTIONS, *COMPLEXITY_QUESTIONS))
    frame = targets(contract(**none))
    assert frame[["risk_class", "complexity_class"]].to_numpy().tolist() == [["medium", "medium"]]


def test_a_required_band_without_measures_asks_for_the_default_employment_measure():
    assert quantity_of(targets(contract(sv_measures=None))) == {"J1": 1}
    assert quantity_of(targets(contract(sv_measures=None, procurement_category="works"))) == {"S5": 10}


# Source: section 8.3: one output is one J1, one S1, 52 S2 weeks, four S4 or 40 S5 hours.
@pytest.mark.parametrize(("code", "units"), [("J1", 1), ("S1", 1), ("S2", 52), ("S4", 4), ("S5", 40)])
def test_an_output_is_counted_in_the_unit_of_its_measure(code, units):
    assert quantity_of(targets(contract(value_ex_vat_pence=300_000_000, sv_measures=code))) == {
        code: 3 * units
    }


def test_outputs_are_shared_equally_and_what_is_left_over_goes_to_the_first_named():
    frame = targets(contract(value_ex_vat_pence=300_000_000, sv_measures="S2|J1"))
    assert quantity_of(frame) == {"S2": 104, "J1": 1}


def test_a_list_that_is_cut_keeps_an_employment_measure():
    cut = contract(value_ex_vat_pence=24_999_999, sv_measures="E4|E2|S1")
    assert set(quantity_of(targets(cut))) == {"E4", "S5"}
    assert set(quantity_of(targets({**cut, "sv_measures": "E4|E2|G2"}))) == {"E4", "E2"}


# Source: section 8.4: 35 hours for each £1m of annual value, band B3 and above. £1.2m over 3 years x 0.9.
def test_hours_follow_annual_value_and_are_shared():
    medium = dict.fromkeys(RISK_QUESTIONS, 2)
    assert quantity_of(targets(contract(sv_measures="S1|C1", **medium)))["C1"] == 13  # 12.6
    shared = quantity_of(targets(contract(sv_measures="S1|C1|C2", **medium)))
    assert (shared["C1"], shared["C2"]) == (7, 6)
    longer = contract(sv_measures="S1|C1", max_end_on=date(2032, 3, 31), **medium)
    assert quantity_of(targets(longer))["C1"] == 6  # 6.3, over six years
    short = contract(sv_measures="C1", value_ex_vat_pence=24_999_999)
    assert quantity_of(targets(short))["C1"] == 0


def test_measures_that_are_not_computed_take_the_suppliers_commitment():
    row = contract(sv_measures="S1|E1|E4")
    bare = targets(row).set_index("measure_code")
    assert (bare.loc["E1", "target"], bare.loc["E4", "target"]) == (0, 100)
    assert bare.loc["E1", "committed"] is None
    assert "none is recorded" in bare.loc["E1", "explanation"]
    promised = targets(row, decisions=[decision("D1", "commitment", "2500.50", measure="E1")])
    promised = promised.set_index("measure_code")
    assert promised.loc["E1", "target"] == promised.loc["E1", "agreed"] == Fraction("2500.50")
    assert promised.loc["S1", "committed"] is None


# Source: section 8.8; the calculated target is 4.
@pytest.mark.parametrize(
    ("role", "quantity", "agreed"),
    [
        ("category lead", 5, 5), ("Category Lead", 3, 3), ("category lead", 6, 4), ("category lead", 2, 4),
        ("head of procurement", 0, 0), ("Chief Procurement Officer", 40, 40), ("contract manager", 4, 4),
        ("contract manager", 5, 4), ("", 5, 4),
    ],
)  # fmt: skip
def test_an_override_counts_within_the_authority_of_the_role(role, quantity, agreed):
    row = contract(value_ex_vat_pence=400_000_000)
    frame = targets(row, decisions=[decision("D1", "override", quantity, role)])
    assert frame[["target", "agreed"]].to_numpy().tolist() == [[4, agreed]]
    assert may_set(role, Fraction(quantity), Fraction(4), POLICY) == (
        agreed == quantity and role not in ("", "contract manager")
    )


def test_the_last_override_that_counts_stands():
    row = contract(value_ex_vat_pence=400_000_000)
    decisions = [
        decision("D3", "override", 5, day=date(2026, 6, 1)),
        decision("D2", "override", 3, day=date(2026, 6, 1)),
        decision("D1", "override", 8, "head of procurement", day=date(2026, 5, 1)),
        decision("D9", "override", 9, day=date(2026, 7, 1)),
    ]
    assert targets(row, decisions=decisions)["agreed"].tolist() == [5]


def test_the_explanation_is_one_sentence_with_every_factor_and_the_sum_before_rounding():
    frame = targets(
        contract(value_ex_vat_pence=3_000_000_000, service_group="care", **dict.fromkeys(RISK_QUESTIONS, 2))
    )
    assert frame["explanation"].item() == (
        "£30,000,000.00 of light touch in band B5 / £2m per output x 1 (medium complexity) "
        "x 0.9 (medium risk) x 1 (large supplier) = 13.5 outputs, rounded to 14, at 1 people each; "
        "the target is 14 people."
    )
    assert frame["parameter_version"].tolist() == [PARAMETERS.version]


def test_targets_come_in_the_order_of_contract_and_measure():
    frame = targets(*[contract(contract_ref=f"K{n:02}", sv_measures="S1|C1|E4") for n in (7, 3, 5)])
    assert frame["contract_ref"].tolist() == ["K03"] * 3 + ["K05"] * 3 + ["K07"] * 3
    assert frame["measure_code"].tolist() == ["C1", "E4", "S1"] * 3


def test_nothing_in_gives_nothing_out():
    frame = compute_targets(frames.empty(keys.CORE_CONTRACT), frames.empty(keys.CORE_DECISION), PARAMETERS)
    assert frame.empty
    assert list(frame.columns) == list(frames.empty(keys.OUT_TARGET).columns)


def contract_and(decisions, measure="S1", as_of=None, **given):
    """The one target of a contract for a measure."""
    frame = compute_targets(
        frames.from_rows([contract(**given)], keys.CORE_CONTRACT),
        frames.from_rows(list(decisions), keys.CORE_DECISION),
        PARAMETERS,
        as_of,
    )
    return frame.set_index("measure_code").loc[measure]


def approval(of, role, number="D9", day=date(2026, 5, 8)):
    return decision(number, "approval", 0, role, None, day) | {"subject": of, "quantity": None}


# Source: section 8.8: a contract manager may propose; more than 25% is for the head or chief officer.
@pytest.mark.parametrize(
    ("role", "approver", "agreed"),
    [
        ("contract manager", "category lead", 5), ("contract manager", "contract manager", 4),
        ("nobody", "head of procurement", 5), ("contract manager", None, 4),
    ],
)  # fmt: skip
def test_a_proposal_counts_once_a_role_with_authority_approves_it(role, approver, agreed):
    decisions = [decision("D1", "override", 5, role)]
    decisions += [approval("D1", approver)] if approver else []
    row = contract_and(decisions, value_ex_vat_pence=400_000_000)
    assert (row["target"], row["original"], row["agreed"]) == (4, agreed, agreed)
    assert row["override_id"] == ("D1" if agreed == 5 else None) or agreed == 4


def test_an_approval_is_held_to_the_limit_of_its_role():
    far = [decision("D1", "override", 9, "contract manager"), approval("D1", "category lead")]
    assert contract_and(far, value_ex_vat_pence=400_000_000)["agreed"] == 4
    far.append(approval("D1", "chief procurement officer", "D8"))
    assert contract_and(far, value_ex_vat_pence=400_000_000)["agreed"] == 9


def test_an_override_without_a_reason_of_the_policy_does_not_count():
    given = decision("D1", "override", 5, reason_code="as agreed")
    assert contract_and([given], value_ex_vat_pence=400_000_000)["agreed"] == 4
    assert (
        contract_and([{**given, "reason_code": "Market Capacity"}], value_ex_vat_pence=400_000_000)["agreed"]
        == 5
    )


# Source: SI 2026/94; section 8.4: below the threshold and reserved only. £207,720 including VAT for services.
@pytest.mark.parametrize(
    ("gross", "reserved", "agreed"),
    [
        (20_771_999, True, 5_000), (20_772_000, True, 700), (20_771_999, False, 700), (20_771_999, None, 700),
        (None, True, 700),
    ],
)  # fmt: skip
def test_a_kent_quota_counts_only_below_the_threshold_and_where_reserved(gross, reserved, agreed):
    promise = decision("D0", "commitment", 700, "contract manager", "E1")
    quota = decision("D1", "override", 5_000, "head of procurement", "E1")
    facts = {"value_inc_vat_pence": gross, "is_reserved": reserved, "sv_measures": "S1|E1"}
    row = contract_and([promise, quota], "E1", value_ex_vat_pence=17_000_000, **facts)
    assert (row["committed"], row["agreed"]) == (700, agreed)


def test_what_is_taken_for_granted_is_named_and_nothing_else():
    said = {"spend_is_guaranteed": True}
    assert contract_and([], **said)["assumed"] is None or pd.isna(contract_and([], **said)["assumed"])
    bare = dict.fromkeys(
        ("is_light_touch", "supplier_is_vcse", "procurement_category", "spend_is_guaranteed", "supplier_size",
         "risk_market")
    )  # fmt: skip
    row = contract_and([], "E2", **bare, sv_measures="S1|E2", max_end_on=date(2030, 3, 31))
    assert row["assumed"].split("; ") == [
        "a risk or complexity question without an answer counts 2",
        "a supplier of unknown size has no relief for size",
        "a contract without a category counts as services",
        "a contract not said to be light touch counts as none",
        "a supplier not said to be a VCSE counts as none",
        "spend not said to be without guarantee counts as guaranteed",
        "options without a value count by their share of the time",
        "a commitment that is not recorded counts as none",
    ]
    none_chosen = contract_and([], "J1", sv_measures=None, **said)
    assert none_chosen["assumed"] == "a contract without chosen measures gets the default one"


def test_a_target_carries_every_factor_and_the_sum_before_rounding():
    row = contract_and(
        [], value_ex_vat_pence=3_000_000_000, service_group="care", **dict.fromkeys(RISK_QUESTIONS, 2)
    )
    assert (row["contract_type"], row["counted_value"], row["risk_score"], row["complexity_score"]) == (
        "light_touch", 30_000_000, 10, 10,
    )  # fmt: skip
    assert (row["rate"], row["complexity_factor"], row["risk_factor"], row["relief"]) == (
        Fraction(1, 2), 1, Fraction(9, 10), 1,
    )  # fmt: skip
    product = row["counted_value"] / 1_000_000 * row["rate"] * row["complexity_factor"] * row["risk_factor"]
    assert product * row["relief"] == row["unrounded"] == Fraction("13.5")
    assert (row["target"], row["relief_reason"], row["basis"]) == (14, "large supplier", "8.1|8.2|8.3|8.5")
    hours = contract_and([], "C1", sv_measures="S1|C1", value_ex_vat_pence=300_000_000)
    assert hours["unrounded"] == hours["rate"] * hours["counted_value"] / 1_000_000 == 35
    fixed = contract_and([], "E4", sv_measures="S1|E4")
    assert (fixed["unrounded"], fixed["basis"]) == (None, "8.4")


def test_relief_at_award_waits_for_the_award_so_that_bidders_are_asked_alike():
    staged = replace(POLICY, relief=replace(POLICY.relief, stage="at_award"))
    small = replace(PLAIN, supplier_size="small")
    before = proportion_of(replace(small, is_awarded=False), staged)
    assert (before.relief, before.max_measures, before.relief_reason) == (1, 4, "relief comes with the award")
    after = proportion_of(small, staged)
    assert (after.relief, after.max_measures) == (Fraction(1, 2), 3)
    off = proportion_of(small, replace(POLICY, relief=replace(POLICY.relief, stage="off")))
    assert (off.relief, off.max_measures) == (1, 4)
    assert proportion_of(replace(small, is_awarded=False), POLICY).relief == Fraction(1, 2)
