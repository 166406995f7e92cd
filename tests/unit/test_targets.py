"""Targets: the worked table of the policy research, and each rule around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked import COMPLEXITY_QUESTIONS, RISK_QUESTIONS
from kcc_etl.domain.banding import placing_of
from kcc_etl.domain.choice import choices_of
from kcc_etl.domain.overrides import may_set
from kcc_etl.domain.proportion import Asked, opening, proportion_of, quantities
from kcc_etl.domain.targets import compute_targets, contract_bands, contracts_undated, measures_added
from kcc_etl.domain.versions import Plans
from kcc_etl.parameters.load import load_parameters, parameters_of, shipped_texts
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


def all_targets(*contracts, decisions=(), as_of=None):
    return compute_targets(
        frames.from_rows(list(contracts), keys.CORE_CONTRACT),
        frames.from_rows(list(decisions), keys.CORE_DECISION),
        PARAMETERS,
        as_of,
    )


def targets(*contracts, decisions=()):
    """The targets without the carbon measure, which policy adds from band B4 on and which has its own tests."""
    frame = all_targets(*contracts, decisions=decisions)
    return frame[frame["measure_code"] != "G1"].reset_index(drop=True)


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
    assert {q.measure.code: q.quantity for q in found if q.measure.code != "G1"} == {code: target}


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
    assert placing_of(asked, POLICY).band.code == band


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
    # None of the three is about employment and skills, so the default takes the second place: a light activity.
    assert set(quantity_of(targets({**cut, "sv_measures": "E4|E2|G2"}))) == {"E4", "S5"}


# Source: section 8.4: 35 hours for each £1m of annual value, band B3 and above. £1.2m over 3 years x 0.9.
def test_hours_follow_annual_value_and_are_shared():
    medium = dict.fromkeys(RISK_QUESTIONS, 2)
    assert quantity_of(targets(contract(sv_measures="S1|C1", **medium)))["C1"] == 13  # 12.6
    shared = quantity_of(targets(contract(sv_measures="S1|C1|C2", **medium)))
    assert (shared["C1"], shared["C2"]) == (7, 6)
    longer = contract(sv_measures="S1|C1", max_end_on=date(2032, 3, 31), **medium)
    assert quantity_of(targets(longer))["C1"] == 6  # 6.3, over six years
    # Two years to the day, from whichever day: 35 x 2.77 / 2 = 48.475.
    two = {"value_ex_vat_pence": 277_000_000, "start_on": date(2026, 2, 13), "end_on": date(2028, 2, 12)}
    assert quantity_of(targets(contract(sv_measures="S1|C1", **two)))["C1"] == 48
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


def basis(*sections):
    return f"Parameters {PARAMETERS.version}, section{'s' if sections[1:] else ''} {', '.join(sections)}."


def test_the_explanation_is_one_sentence_with_every_factor_and_the_sum_before_rounding():
    frame = targets(
        contract(value_ex_vat_pence=3_000_000_000, service_group="care", **dict.fromkeys(RISK_QUESTIONS, 2))
    )
    assert frame["explanation"].item() == (
        "£30,000,000.00 of light touch in band B5 / £2m per output x 1 (medium complexity) "
        "x 0.9 (medium risk) x 1 (large supplier) = 13.5 outputs, rounded to 14; "
        f"the target is 14 people. {basis('8.1', '8.2', '8.3', '8.5')}"
    )
    assert frame["parameter_version"].tolist() == [PARAMETERS.version]


def test_the_explanation_of_hours_says_that_they_are_of_the_whole_contract():
    row = contract_and([], "C1", sv_measures="S1|C1", value_ex_vat_pence=277_000_000,
                       start_on=date(2026, 2, 13), end_on=date(2028, 2, 12))  # fmt: skip
    assert row["explanation"] == (
        "£2,770,000.00 of services in band B4 over 2 years, £1,385,000 a year on average: 35 hours over the whole "
        "contract for each £1m of that x 1 (medium complexity) x 1 (low risk) x 1 (large supplier) = 48.475 hours, "
        f"rounded to 48; the target is 48 hours. {basis('8.1', '8.2', '8.4', '8.5')}"
    )
    year = contract_and([], "C1", sv_measures="S1|C1|C2", value_ex_vat_pence=7_200_000_000,
                        end_on=date(2027, 3, 31))  # fmt: skip
    assert "in band B5 over 1 year, £72,000,000 a year on average" in year["explanation"]
    assert "rounded to 2,520, of which 1,260 for C1; the target is 1,260 hours" in year["explanation"]


# Source: section 8.1, one step after the other.
@pytest.mark.parametrize(
    ("pence", "aggregated", "group", "said"),
    [
        (82_000_000, 0, "it", "B2 (B3 by its value, moved down to B2 as IT)"), (82_000_000, 0, "other", "B3"),
        (82_000_000, 10_000_000, "other", "B3"), (2_499_999, 0, "consultancy", "B0"),
        (
            1_000_000, 10_000_000, "consultancy",
            "B1 (B0 by its value, lifted to B2 by call-offs of £100,000.00 together, moved down to B1 as consultancy)",
        ),
    ],
)  # fmt: skip
def test_the_band_names_each_step_that_moved_it_from_the_band_by_value(pence, aggregated, group, said):
    asked = replace(PLAIN, value_ex_vat_pence=pence, aggregated_pence=aggregated, service_group=group)
    assert str(placing_of(asked, POLICY)) == said
    assert opening(proportion_of(asked, POLICY)).endswith(f" of services in band {said}")


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
    frame = all_targets(contract(**given), decisions=decisions, as_of=as_of)
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


def test_what_is_taken_for_granted_states_no_number_that_policy_sets():
    texts = shipped_texts()
    texts["policy-2026.toml"] = texts["policy-2026.toml"].replace("missing_answer = 2", "missing_answer = 3")
    parameters = parameters_of(texts)
    assert parameters.policy.scoring.missing_answer == 3
    contracts = frames.from_rows([contract(risk_market=None)], keys.CORE_CONTRACT)
    made = compute_targets(contracts, frames.empty(keys.CORE_DECISION), parameters, None)
    row = made[made["measure_code"] == "S1"].iloc[0]
    assert row["risk_score"] == 7  # four answers of 1, and 3
    assert "a risk or complexity question without an answer counts as policy says" in row["assumed"]


def test_what_is_taken_for_granted_is_named_and_nothing_else():
    said = {"spend_is_guaranteed": True}
    assert contract_and([], **said)["assumed"] is None or pd.isna(contract_and([], **said)["assumed"])
    bare = dict.fromkeys(
        ("is_light_touch", "supplier_is_vcse", "procurement_category", "spend_is_guaranteed", "supplier_size",
         "risk_market")
    )  # fmt: skip
    row = contract_and([], "E2", **bare, sv_measures="S1|E2", max_end_on=date(2030, 3, 31))
    assert row["assumed"].split("; ") == [
        "a risk or complexity question without an answer counts as policy says",
        "a supplier of unknown size has no relief for size",
        "a contract without a category counts as services",
        "a contract not said to be light touch counts as none",
        "a supplier not said to be a VCSE counts as none",
        "spend not said to be without guarantee counts as guaranteed",
        "options without a value count by their share of the time",
        "a commitment that is not recorded counts as none",
    ]
    for chosen in (None, "E4|C1"):
        added = contract_and([], "J1", sv_measures=chosen, **said)
        assert added["assumed"] == (
            "a contract without a chosen employment and skills measure gets the default one, J1"
        )
    assert pd.isna(contract_and([], "E4", sv_measures="E4|C1", **said)["assumed"])


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


# Source: section 8.1: minimum of employment and skills from B2 on, carbon from B4 on; 8.5: fewer measures.
# What stands after the arrow takes a free place or the last place that may be given up.
@pytest.mark.parametrize(
    ("band", "most", "kind", "named", "asked"),
    [
        ("B1", 1, "services", "", ""), ("B1", 1, "services", "E4", "E4"), ("B0", 0, "services", "S1", ""),
        ("B2", 2, "services", "", "J1"), ("B2", 2, "services", "E4", "E4 J1"),
        ("B2", 2, "services", "E4 E2", "E4 J1"), ("B2", 2, "services", "S1 E4", "S1 E4"),
        ("B2", 2, "services", "E4 S1 E2", "E4 S1"), ("B2", 2, "services", "E4 E2 S1", "E4 S1"),
        ("B2", 1, "services", "E4", "J1"), ("B2", 1, "services", "E4 S4", "S4"),
        ("B2", 2, "works", "E4", "E4 S1"), ("B2", 2, "light_touch", "E4", "E4 S1"),
        ("B2", 2, "goods", "E4", "E4 J1"), ("B2", 2, "goods", "X9 E4 E4", "E4 J1"),
        ("B3", 3, "services", "E4 E2 C1", "E4 E2 J1"), ("B3", 3, "services", "S1 E4 G1", "S1 E4 G1"),
        ("B4", 4, "services", "", "J1 G1"), ("B4", 4, "services", "S1", "S1 G1"),
        ("B4", 4, "services", "S1 E4 E2 C1", "S1 E4 E2 G1"),
        ("B4", 4, "services", "E4 E2 C1 C2", "E4 E2 J1 G1"),
        ("B4", 4, "services", "E4 E2 C1 C2 S1", "E4 E2 S1 G1"),
        ("B4", 4, "services", "S1 J1 S2 S4", "S1 J1 S2 G1"),
        ("B4", 4, "services", "E4 E2 C1 S1", "E4 E2 S1 G1"),
        ("B4", 4, "services", "E4 G1 S1 E2 C1", "E4 G1 S1 E2"),
        ("B4", 4, "services", "E4 S1 E2 C1 G1", "E4 S1 E2 G1"),
        ("B4", 3, "services", "S1 E4 E2", "S1 E4 G1"), ("B4", 1, "services", "S1", "S1"),
        ("B4", 1, "services", "G1", "J1"), ("B5", 6, "works", "S1 E1 E2 E3 E4 C1", "S1 E1 E2 E3 E4 G1"),
    ],
)  # fmt: skip
def test_a_band_asks_for_employment_and_for_carbon_within_its_maximum(band, most, kind, named, asked):
    of_band = next(one for one in POLICY.bands if one.code == band)
    found = choices_of(named.split(), kind, of_band, most, POLICY, PARAMETERS)
    assert [choice.measure.code for choice in found] == asked.split()
    for choice in found:
        assert bool(choice.why) == (choice.measure.code not in named.split())


def test_a_measure_that_nobody_chose_says_why_it_is_asked_for_and_what_gives_way():
    rows = all_targets(contract(sv_measures="E4|E2|C1|C2", spend_is_guaranteed=True), as_of=date(2026, 5, 1))
    rows = rows.set_index("measure_code")
    assert rows.index.tolist() == ["E2", "E4", "G1", "J1"]
    assert rows.loc["J1", "explanation"].endswith(
        "J1 was not chosen: band B4 asks for an employment and skills measure; it takes the place of C2, for "
        f"which there is no room. {basis('8.1', '8.2', '8.3', '8.5')}"
    )
    assert rows.loc["G1", "explanation"] == (
        "£1,200,000.00 of services in band B4: the first year of the contract, to 31 March 2027, sets the "
        "baseline of G1; nothing is asked for until it is over. G1 was not chosen: it is asked for from band B4 "
        f"on; it takes the place of C1, for which there is no room. {basis('8.4')}"
    )
    assert "was not chosen" not in rows.loc["E4", "explanation"]
    assert pd.isna(rows.loc["G1", "assumed"])


def test_an_equal_share_of_five_outputs_over_three_measures_is_two_two_and_one():
    found = quantity_of(targets(contract(value_ex_vat_pence=500_000_000, sv_measures="J1|S4|S1")))
    assert found == {"J1": 2, "S4": 8, "S1": 1}


# Source: section 8.4: the first year sets the baseline, then the commitment of the supplier.
@pytest.mark.parametrize(
    ("start", "as_of", "promised", "target", "assumed"),
    [
        (date(2026, 4, 1), date(2026, 3, 1), None, 0, False), (date(2026, 4, 1), date(2027, 3, 31), None, 0, False),
        (date(2026, 4, 1), date(2027, 4, 1), None, 0, True), (date(2026, 4, 1), None, None, 0, True),
        (date(2026, 4, 1), date(2027, 4, 1), 40, 40, False), (date(2026, 4, 1), date(2026, 6, 1), 40, 40, False),
        (date(2028, 2, 29), date(2029, 2, 28), None, 0, False), (date(2028, 2, 29), date(2029, 3, 1), None, 0, True),
    ],
)  # fmt: skip
def test_carbon_is_a_baseline_in_the_first_year_and_the_suppliers_commitment_after_it(
    start, as_of, promised, target, assumed
):
    decisions = [decision("D1", "commitment", promised, measure="G1")] if promised else []
    given = {"start_on": start, "end_on": date(2031, 3, 31), "spend_is_guaranteed": True}
    row = contract_and(decisions, "G1", as_of, **given)
    assert (row["target"], bool(row["is_commitment"])) == (target, True)
    found = None if pd.isna(row["assumed"]) else row["assumed"]
    assert found == ("a commitment that is not recorded counts as none" if assumed else None)
    if promised:
        assert (
            row["explanation"]
            .split(" G1 was")[0]
            .split(" Parameters")[0]
            .endswith("the target is the supplier's own commitment of 40 tCO2e.")
        )


# Source: SI 2026/94; section 8.4: 60% of subcontract and supply spend, below the threshold and reserved only.
@pytest.mark.parametrize(
    ("gross", "reserved", "spend", "target", "assumed"),
    [
        (20_771_999, True, 5_000_000, "30000", None), (20_771_999, True, 333, "2", None),  # 199.8 pence
        (20_771_999, True, 1, "0.01", None),
        (20_771_999, True, 0, "0", "an expected supply spend stated as nothing asks for no spend with Kent firms"),
        (20_771_999, True, None, "700", "without an expected supply spend no share for Kent firms is worked out"),
        (20_772_000, True, 5_000_000, "700", None), (20_771_999, False, 5_000_000, "700", None),
        (20_771_999, None, 5_000_000, "700", None), (None, True, 5_000_000, "700", None),
    ],
)  # fmt: skip
def test_spend_with_kent_firms_is_a_share_only_where_the_law_lets_it_be_set(
    gross, reserved, spend, target, assumed
):
    promise = decision("D0", "commitment", 700, "contract manager", "E1")
    facts = {"value_inc_vat_pence": gross, "is_reserved": reserved, "supply_spend_ex_vat_pence": spend}
    row = contract_and([promise], "E1", value_ex_vat_pence=17_000_000, sv_measures="S1|E1",
                       spend_is_guaranteed=True, **facts)  # fmt: skip
    assert (row["target"], row["committed"]) == (Fraction(target), 700)
    assert bool(row["is_commitment"]) == (target == "700")
    assert (None if pd.isna(row["assumed"]) else row["assumed"]) == assumed


def test_the_share_for_kent_firms_is_rounded_once_to_the_penny_and_shown_with_its_sum():
    given = {"value_inc_vat_pence": 20_400_000, "is_reserved": True, "supply_spend_ex_vat_pence": 333}
    row = contract_and([], "E1", value_ex_vat_pence=17_000_000, sv_measures="S1|E1", **given)
    assert (row["unrounded"], row["target"]) == (Fraction("1.998"), 2)
    assert row["explanation"] == (
        "£170,000.00 of services in band B2: below the threshold and reserved to the area: 60% of £3.33 "
        f"expected supply spend; the target is £2. {basis('8.4')}"
    )


# Source: section 8.6: band and weighting are not opened again by a change of value.
@pytest.mark.parametrize(("original", "band"), [(3_000_000, "B1"), (5_999_999, "B1"), (6_000_000, "B2")])
def test_a_later_change_of_value_of_one_call_off_lifts_no_other(original, band):
    given = {"agreement_kind": "call-off", "parent_ref": "FW", "sv_measures": "S1"}
    call_offs = [
        contract(contract_ref="C1", value_ex_vat_pence=4_000_000, **given),
        contract(contract_ref="C2", value_ex_vat_pence=20_000_000, **given),
    ]
    change = decision("D1", "value change", 0, "contract manager", None) | {
        "subject": "C2", "quantity": None, "effective_on": date(2026, 7, 1), "original_value_pence": original,
        "value_before_pence": original, "value_after_pence": 20_000_000,
    }  # fmt: skip
    frame = targets(*call_offs, decisions=[change])
    assert set(frame.loc[frame["contract_ref"] == "C1", "band"]) == {band}
    log = frames.from_rows([change], keys.CORE_DECISION)
    assert contract_bands(frames.from_rows(call_offs, keys.CORE_CONTRACT), PARAMETERS, log)["C1"].code == band
    assert set(targets(*call_offs)["band"]) == {"B2"}


# Source: section 8.3, the school build: 52 person-weeks for each £1m of works, shown and never asked for.
def test_works_show_the_stretch_beside_the_target():
    stretch = "Shown beside it and never asked for: 416 person-weeks of work, 52 for each £1m."
    build = {"value_ex_vat_pence": 800_000_000, "procurement_category": "works"}
    assert f"; the target is 3 people. {stretch} Parameters" in contract_and([], **build)["explanation"]
    assert "person-weeks" not in contract_and([], "G1", **build)["explanation"]
    assert "person-weeks" not in contract_and([])["explanation"]


# Source: section 8.2: high value is B4 or above, high risk is high.
@pytest.mark.parametrize(
    ("pence", "risk", "label"),
    [
        (99_999_999, 1, "routine"), (100_000_000, 2, "leveraged"), (99_999_999, 3, "focused"),
        (100_000_000, 3, "strategic"),
    ],
)  # fmt: skip
def test_a_target_carries_the_class_label_of_its_contract(pence, risk, label):
    frame = targets(contract(value_ex_vat_pence=pence, **dict.fromkeys(RISK_QUESTIONS, risk)))
    assert set(frame["class_label"]) == {label}


def test_an_override_restates_what_was_agreed_from_the_start_whenever_it_is_decided():
    """Source: sections 8.6 and 8.8. 4 over 12 quarters; value still to come doubles after the sixth.

    Restated as 5: due 5 x 5/11 by then, and 5 x 6/11 x 2 after it; the calculated 4 counts nowhere.
    """
    change = decision("D1", "value change", 0, "contract manager", None, date(2027, 9, 1)) | {
        "quantity": None, "effective_on": date(2027, 10, 1), "original_value_pence": 400_000_000,
        "value_before_pence": 200_000_000, "value_after_pence": 400_000_000,
    }  # fmt: skip
    early = decision("D2", "override", 5, "category lead", day=date(2026, 5, 1))
    late = decision("D3", "override", 5, "category lead", day=date(2027, 12, 1))
    for override in (early, late):
        row = contract_and([change, override], value_ex_vat_pence=400_000_000)
        assert (row["target"], row["original"]) == (4, 5)
        assert row["agreed"] == Fraction(5 * 5, 11) + Fraction(5 * 6, 11) * 2
    both = contract_and([change, early, {**late, "quantity": Fraction(3)}], value_ex_vat_pence=400_000_000)
    assert (both["original"], both["agreed"]) == (3, Fraction(3 * 5, 11) + Fraction(3 * 6, 11) * 2)


def test_what_policy_may_add_can_be_claimed_and_nothing_else_beside_what_was_chosen():
    rows = [
        contract(contract_ref="C1", sv_measures="E4|C1"), contract(contract_ref="C2"),
        contract(contract_ref="C3", value_ex_vat_pence=3_000_000, sv_measures="E4"),
        contract(contract_ref="C4", procurement_commenced_on=None),
        contract(contract_ref="C5", value_ex_vat_pence=3_000_000, sv_measures="E4"),
    ]  # fmt: skip
    fell = {
        **decision("D1", "value change", 0), "subject": "C5", "quantity": None, "effective_on": date(2026, 7, 1),
        "value_before_pence": 117_000_001, "value_after_pence": 1, "original_value_pence": 120_000_000,
    }  # fmt: skip
    added = measures_added(
        frames.from_rows(rows, keys.CORE_CONTRACT), frames.from_rows([fell], keys.CORE_DECISION), PARAMETERS
    )
    assert added == {"C1": {"E4", "C1", "J1", "G1"}, "C2": {"S1", "G1"}, "C5": {"E4", "J1", "G1"}}


def test_call_offs_together_may_make_an_undated_one_count():
    given = {"agreement_kind": "call-off", "parent_ref": "FW", "procurement_commenced_on": None}
    rows = [contract(contract_ref=ref, value_ex_vat_pence=2_400_000, **given) for ref in ("C1", "C2", "C3")]
    assert contracts_undated(frames.from_rows(rows, keys.CORE_CONTRACT), PARAMETERS) == ("C1", "C2", "C3")
    assert contracts_undated(frames.from_rows(rows[:2], keys.CORE_CONTRACT), PARAMETERS) == ()


# Source: section 8.4: the first year sets the baseline. 40 t from 1 April 2027 to 31 March 2029 are 5 a quarter.
@pytest.mark.parametrize(
    ("end", "day", "due"),
    [
        (date(2029, 3, 31), date(2027, 3, 31), 0), (date(2029, 3, 31), date(2027, 6, 30), 5),
        (date(2029, 3, 31), date(2029, 3, 31), 40), (date(2026, 12, 31), date(2026, 12, 30), 0),
        (date(2026, 12, 31), date(2026, 12, 31), 40),
    ],
)  # fmt: skip
def test_nothing_of_a_carbon_commitment_is_due_in_the_year_of_the_baseline(end, day, due):
    row = contract(end_on=end)
    promise = decision("D1", "commitment", 40, measure="G1")
    made = all_targets(row, decisions=[promise])
    carbon = made[made["measure_code"] == "G1"].to_dict("records")[0]
    contracts, log = (
        frames.from_rows(rows, name)
        for rows, name in (([row], keys.CORE_CONTRACT), ([promise], keys.CORE_DECISION))
    )
    assert Plans(contracts, log, PARAMETERS).of(carbon).due(day) == due


def test_where_there_is_one_place_carbon_has_none_even_if_the_band_asks_for_no_employment():
    band = replace(next(one for one in POLICY.bands if one.code == "B4"), min_employment=0)
    for most, asked in ((1, ["E4"]), (2, ["E4", "G1"])):
        found = choices_of(["E4", "E2"], "services", band, most, POLICY, PARAMETERS)
        assert [choice.measure.code for choice in found] == asked
