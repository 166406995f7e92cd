"""Milestones decided before and after a contract begins, and targets that follow what is invoiced.

Source: social-value-policy.md sections 8.6 and 8.8. The contract runs for twelve quarters, of which the first
carries nothing: of a target of 12, 12/11 are due in each of the others.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked import COMPLEXITY_QUESTIONS, RISK_QUESTIONS
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.versions import Plans, compute_versions
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
START, END = date(2026, 4, 1), date(2029, 3, 31)
SIXTH, SEVENTH = date(2027, 9, 30), date(2027, 10, 1)
HEAD, LEAD, MANAGER = "head of procurement", "category lead", "contract manager"
CONTRACT = {
    "contract_ref": "KC-1", "agreement_kind": "contract", "procurement_category": "services",
    "service_group": "other", "regime": "pa23", "supplier_size": "large", "value_ex_vat_pence": 1_200_000_000,
    "start_on": START, "end_on": END, "procurement_commenced_on": date(2026, 1, 5), "sv_measures": "S1|J2|C3",
    "spend_is_guaranteed": True,
    **dict.fromkeys(RISK_QUESTIONS, 1), **dict.fromkeys(COMPLEXITY_QUESTIONS, 2),
}  # fmt: skip
DUE = Fraction(60, 11)
"""What is due of 12 after six quarters of twelve."""


def decided(kind, number, day, role=MANAGER, **given):
    base = {"decision_id": number, "decision_kind": kind, "subject": "KC-1", "decided_on": day, "role": role}
    return {**base, "reason_code": "cost pressure", **given}


def milestone(day, quantity, decided_on=SEVENTH, role=HEAD, number="M1", code="S1"):
    given = {"measure_code": code, "quantity": Fraction(quantity), "effective_on": day}
    return decided("milestone", number, decided_on, role, **given)


def made(*log, payments=(), as_of=None, **given):
    """Targets, versions and plans of S1."""
    contracts = frames.from_rows([{**CONTRACT, **given}], keys.CORE_CONTRACT)
    decisions = frames.from_rows(list(log), keys.CORE_DECISION)
    paid = frames.from_rows(
        [{"contract_ref": "KC-1", "paid_on": day, "amount_ex_vat_pence": pence} for day, pence in payments],
        keys.CORE_PAYMENT,
    )
    targets = compute_targets(contracts, decisions, PARAMETERS, as_of, paid)
    versions = compute_versions(targets, contracts, decisions, PARAMETERS, paid, as_of)
    row = targets[targets["measure_code"] == "S1"].to_dict("records")[0]
    plan = Plans(contracts, decisions, PARAMETERS, paid).of(row)
    return row, versions[versions["measure_code"] == "S1"].reset_index(drop=True), plan


@pytest.mark.parametrize(
    ("decided_on", "role", "before", "versions"),
    [
        (START - timedelta(days=30), MANAGER, 0, 1),
        (START, MANAGER, 0, 1),
        (START + timedelta(days=1), HEAD, 0, 2),
        (SEVENTH, HEAD, DUE, 2),
        (SEVENTH, MANAGER, DUE, 1),
    ],
)
def test_milestones_decided_after_the_start_keep_what_was_due(decided_on, role, before, versions):
    _, found, plan = made(milestone(END, 12, decided_on, role))
    assert plan.due(SIXTH) == before
    assert len(found) == versions
    assert plan.agreed(END) == plan.due(END) == 12


@pytest.mark.parametrize(
    ("log", "days", "due"),
    [
        # What was due stays until the milestones come to more.
        ([milestone(END, 12)], [SEVENTH, END - timedelta(days=1), END], [DUE, DUE, 12]),
        ([milestone(date(2028, 3, 31), 8)], [date(2028, 3, 30), date(2028, 3, 31), END], [DUE, 8, 12]),
        ([milestone(date(2028, 3, 31), 5)], [date(2028, 3, 31), END], [DUE, 12]),
        # Never more than the target; a day gone by is that of the decision; one after the end the last.
        ([milestone(date(2028, 3, 31), 99)], [date(2028, 3, 30), date(2028, 3, 31)], [DUE, 12]),
        ([milestone(date(2027, 1, 1), 7)], [SIXTH, SEVENTH, END], [DUE, 7, 12]),
        ([milestone(date(2031, 1, 1), 12)], [END - timedelta(days=1), END], [DUE, 12]),
        # Later ones go on from earlier ones; a quantity of nothing withdraws one.
        (
            [
                milestone(date(2027, 6, 30), 4, START, MANAGER, "M0"),
                milestone(date(2028, 3, 31), 8, START, MANAGER, "M1"),
                milestone(date(2028, 3, 31), 0, number="M2"),
            ],
            [date(2027, 6, 30), date(2028, 3, 31), END],
            [4, 4, 12],
        ),
    ],
)
def test_what_is_due_by_milestones_decided_later(log, days, due):
    _, _, plan = made(*log)
    assert [plan.due(day) for day in days] == due
    assert plan.agreed(END) == 12


def test_a_version_tells_of_milestones_decided_later():
    _, found, _ = made(milestone(date(2028, 3, 31), 8), milestone(END, 4, number="M2"))
    columns = ["version", "version_kind", "decision_id", "agreed", "due_before"]
    assert found[columns].to_numpy().tolist()[1] == [2, "milestone", "M2", 12, DUE]
    assert found["effective_on"].dt.date.tolist() == [START, SEVENTH]
    assert found["explanation"][1] == (
        "Milestones decided on 1 October 2027 plan what is still to come: 5.4545 was due before, "
        "then 8 by 31 March 2028, 12 by 31 March 2029."
    )


# At the end of the ninth quarter 96/11 are due; a category lead may move that by 3 of 12, to 63/11 and no less.
@pytest.mark.parametrize(
    ("quantity", "role", "counts"),
    [
        (Fraction(63, 11), LEAD, True),
        (Fraction(63, 11) - Fraction(1, 10**6), LEAD, False),
        (Fraction(63, 11) - Fraction(1, 10**6), HEAD, True),
        (Fraction(63, 11), MANAGER, False),
    ],
)
def test_authority_is_measured_by_what_is_due_at_a_quarter_end(quantity, role, counts):
    day, last = date(2028, 6, 29), date(2028, 9, 29)
    log = [milestone(day, quantity, role=role), milestone(last, 12 - quantity - 3, role=role, number="M2")]
    log += [milestone(date(2028, 9, 30), 3, role=role, number="M3")]
    _, found, plan = made(*log)
    assert plan.due(SIXTH) == DUE
    assert (len(found) == 2, not plan.not_counted) == (counts, counts)


def test_one_decision_without_authority_holds_back_all_of_its_day_until_it_is_approved():
    log = [milestone(date(2028, 3, 31), 6), milestone(END, 6, role=MANAGER, number="M2")]
    _, found, plan = made(*log)
    assert (len(found), sorted(plan.not_counted)) == (1, ["M1", "M2"])
    assert plan.not_counted["M1"].endswith("without authority in M2")
    approval = {**decided("approval", "A1", SEVENTH, HEAD), "subject": "M2"}
    _, found, plan = made(*log, approval)
    assert (len(found), plan.not_counted) == (2, {})


def test_milestones_count_for_nothing_after_the_end_and_are_frozen_by_an_early_one():
    early = decided("early end", "D1", date(2027, 11, 1), old_end_on=END, new_end_on=date(2028, 1, 1))
    _, found, plan = made(milestone(date(2027, 12, 31), 7), early)
    assert found["version_kind"].tolist() == ["calculated", "milestone", "early end"]
    assert plan.agreed(END) == plan.due(END) == 7
    _, found, plan = made(milestone(END, 12, date(2028, 1, 2)), early)
    assert found["version_kind"].tolist() == ["calculated", "early end"]
    assert plan.not_counted == {"M1": "2028-01-02; the contract ended on 2028-01-01"}


PAID = [(date(2026, 8, 3), 250_000_000), (date(2026, 11, 2), 150_000_000)]
EARLY = decided("early end", "D1", date(2026, 9, 1), old_end_on=END, new_end_on=date(2026, 9, 15))


@pytest.mark.parametrize(
    ("log", "as_of", "agreed"),
    [
        ([], date(2026, 8, 2), 0),
        ([], date(2026, 8, 3), Fraction(5, 2)),
        ([], date(2026, 11, 23), 4),
        ([EARLY], date(2026, 9, 30), Fraction(5, 2)),
        ([EARLY], date(2026, 11, 23), Fraction(5, 2)),
    ],
)
def test_without_guaranteed_spend_every_table_says_the_same_of_a_day(log, as_of, agreed):
    row, found, plan = made(*log, payments=PAID, as_of=as_of, spend_is_guaranteed=False)
    assert row["target"] == 12
    assert row["agreed"] == found["agreed"].tolist()[-1] == plan.agreed(as_of) == plan.due(as_of) == agreed


def test_without_guaranteed_spend_the_sentences_say_the_rate_and_the_freezing():
    row, found, _ = made(EARLY, payments=PAID, as_of=END, spend_is_guaranteed=False)
    rate = " Spend is not guaranteed: agreed and due are 1 for each £1m invoiced, excluding VAT."
    assert row["explanation"].endswith(rate)
    assert found["explanation"].tolist() == [
        row["explanation"],
        (
            "The contract ends early on 15 September 2026; from then the target is the 2.5 made by what is "
            "invoiced by that day, at 1 for each £1m invoiced."
        ),
    ]


def test_a_change_of_value_leaves_the_rate_as_it_is():
    dearer = decided(
        "value change", "D1", date(2026, 9, 1), effective_on=date(2026, 10, 1), original_value_pence=1_200_000_000,
        value_before_pence=600_000_000, value_after_pence=900_000_000,
    )  # fmt: skip
    _, found, plan = made(dearer, payments=PAID, as_of=END, spend_is_guaranteed=False)
    assert plan.due(END) == 4
    assert found[["version_kind", "agreed", "due_before"]].to_numpy().tolist() == [
        ["calculated", Fraction(5, 2), None], ["value change", 4, None],
    ]  # fmt: skip
    assert "spend is not guaranteed, and the target stays 1 for each £1m invoiced" in found["explanation"][1]


def test_a_promised_target_is_not_called_calculated():
    contracts = frames.from_rows([CONTRACT], keys.CORE_CONTRACT)
    base = {"measure_code": "C3"}
    log = [
        decided("commitment", "D1", START, quantity=Fraction(4), **base),
        decided("override", "D2", START, HEAD, quantity=Fraction(8), **base),
    ]
    decisions = frames.from_rows(log, keys.CORE_DECISION)
    targets = compute_targets(contracts, decisions, PARAMETERS)
    found = compute_versions(targets, contracts, decisions, PARAMETERS)
    own = found[found["measure_code"] == "C3"]
    assert own["version_kind"].tolist() == ["commitment", "override"]
    assert own["explanation"].tolist()[1] == "An officer set the target to 8 in place of 4 committed."
