"""Later commitments of suppliers: the version each makes, who may record it, and those that do not count.

Source: social-value-policy.md sections 8.4, 8.6 and 8.8.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked import COMPLEXITY_QUESTIONS, RISK_QUESTIONS
from kcc_etl.domain.commitments import promised_by_target
from kcc_etl.domain.core import build_decisions
from kcc_etl.domain.counted_changes import changes_that_count
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.versions import Plans, compute_versions
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
START, END = date(2026, 4, 1), date(2029, 3, 31)
SIXTH, SEVENTH = date(2027, 9, 30), date(2027, 10, 1)
"""The last day of the sixth quarter of twelve, of which five of eleven are due, and the day after."""
CONTRACT = {
    "contract_ref": "KC-1", "agreement_kind": "contract", "procurement_category": "services",
    "service_group": "other", "regime": "pa23", "supplier_size": "large", "value_ex_vat_pence": 1_200_000_000,
    "start_on": START, "end_on": END, "procurement_commenced_on": date(2026, 1, 5), "sv_measures": "S1|C3|J2|G1",
    **dict.fromkeys(RISK_QUESTIONS, 1), **dict.fromkeys(COMPLEXITY_QUESTIONS, 2),
}  # fmt: skip
HEAD = "head of procurement"


def committed(quantity, day=date(2026, 2, 2), number="D1", role="contract manager", code="C3", **given):
    return {
        "decision_id": number, "decision_kind": "commitment", "subject": "KC-1", "measure_code": code,
        "quantity": Fraction(quantity), "role": role, "reason_code": "contract signed", "decided_on": day, **given,
    }  # fmt: skip


def anew(quantity, day=SEVENTH, number="D2", role=HEAD, **given):
    return committed(quantity, day, number, role, **given)


def decided(kind, day=date(2027, 9, 1), number="D8", **given):
    base = {"decision_id": number, "decision_kind": kind, "subject": "KC-1", "decided_on": day}
    return {**base, "role": HEAD, "reason_code": "market capacity", **given}


EARLY = decided("early end", old_end_on=END, new_end_on=date(2028, 3, 31))
EXTENDED = decided(
    "extension", effective_on=date(2029, 4, 1), new_end_on=date(2030, 3, 31),
    original_value_pence=1_200_000_000, value_before_pence=1_200_000_000, value_after_pence=1_300_000_000,
)  # fmt: skip


def tables(log):
    return frames.from_rows([CONTRACT], keys.CORE_CONTRACT), frames.from_rows(log, keys.CORE_DECISION)


def target_and_plan(*log, code="C3", as_of=None):
    contracts, decisions = tables(log)
    targets = compute_targets(contracts, decisions, PARAMETERS, as_of).set_index("measure_code", drop=False)
    row = targets.loc[code].to_dict()
    return row, Plans(contracts, decisions, PARAMETERS).of(row)


def versions(*log, code="C3"):
    contracts, decisions = tables(log)
    targets = compute_targets(contracts, decisions, PARAMETERS)
    found = compute_versions(targets, contracts, decisions, PARAMETERS)
    return found[found["measure_code"] == code].reset_index(drop=True)


def promised(*log, code="C3"):
    contracts, decisions = tables(log)
    changes = changes_that_count(contracts, decisions)
    return promised_by_target(contracts, decisions, PARAMETERS, changes)["KC-1", code]


# Five of eleven shares are due before: 100 x 5/11. What was due stays, the rest goes on in equal shares.
@pytest.mark.parametrize(
    ("quantity", "whole", "quarter_later"),
    [
        (160, 160, Fraction(500, 11) + (160 - Fraction(500, 11)) / 6),
        (100, 100, Fraction(600, 11)),
        (50, 50, Fraction(500, 11) + (50 - Fraction(500, 11)) / 6),
        (Fraction(500, 11), Fraction(500, 11), Fraction(500, 11)),
        (10, Fraction(500, 11), Fraction(500, 11)),  # never less than was due
        (0, Fraction(500, 11), Fraction(500, 11)),
    ],
)  # fmt: skip
def test_a_later_commitment_keeps_what_was_due_and_spreads_the_rest(quantity, whole, quarter_later):
    row, plan = target_and_plan(committed(100), anew(quantity))
    assert (row["target"], row["original"], row["agreed"], row["committed"]) == (100, 100, whole, quantity)
    assert [plan.due(day) for day in (SIXTH, date(2027, 12, 31), END)] == [
        Fraction(500, 11), quarter_later, whole,
    ]  # fmt: skip
    assert (plan.agreed(SIXTH), plan.agreed(SEVENTH)) == (100, whole)


def test_a_later_commitment_is_a_version_that_explains_itself():
    found = versions(committed(100), anew(160))
    columns = ["version", "version_kind", "decision_id", "agreed", "due_before"]
    assert found[columns].values.tolist()[1] == [2, "commitment", "D2", 160, Fraction(500, 11)]
    assert found["effective_on"].dt.date.tolist() == [START, SEVENTH]
    assert found["explanation"][1] == (
        "The supplier's commitment changes on 1 October 2027 from 100 to 160; 45.4545 was due before."
    )
    assert versions(committed(100), anew(10))["explanation"][1] == (
        "The supplier's commitment changes on 1 October 2027 from 100 to 10; the target stays at the "
        "45.4545 due before."
    )


@pytest.mark.parametrize(
    ("log", "original", "later"),
    [
        # By the day the contract starts the last one is the contract's own, whoever recorded it.
        ([committed(100), committed(60, START, "D2")], 60, []),
        ([committed(100), anew(60, date(2026, 4, 2))], 100, [(date(2026, 4, 2), 60)]),
        # The first one written down is the contract's own, however late, unless it names a later day.
        ([committed(100, SEVENTH)], 100, []),
        ([committed(100, SEVENTH, effective_on=START)], 100, []),
        ([committed(100, effective_on=SEVENTH)], None, [(SEVENTH, 100)]),
        ([committed(100, SEVENTH), anew(60, SEVENTH, "D3")], 100, [(SEVENTH, 60)]),
        # The day it names goes before the day it was decided; before the start it is the start.
        ([committed(100), anew(60, effective_on=date(2028, 1, 1))], 100, [(date(2028, 1, 1), 60)]),
        ([committed(100), anew(60, effective_on=date(2026, 3, 1))], 100, [(START, 60)]),
        # Of one day the last decision stands; another of the same quantity changes nothing.
        ([committed(100), anew(60), anew(70, number="D3")], 100, [(SEVENTH, 70)]),
        ([committed(100), anew(70, number="D3"), anew(60)], 100, [(SEVENTH, 70)]),
        ([committed(100), committed(100, SEVENTH, "D2")], 100, []),
        # In the order they take effect, whatever the order they were decided in.
        (
            [committed(100), anew(60, effective_on=date(2028, 1, 1)), anew(70, date(2027, 11, 1), "D3")],
            100, [(date(2027, 11, 1), 70), (date(2028, 1, 1), 60)],
        ),
        ([committed(100), anew(60, END)], 100, [(END, 60)]),
        ([committed(100), anew(60, date(2029, 4, 1)), EXTENDED], 100, [(date(2029, 4, 1), 60)]),
    ],
)  # fmt: skip
def test_which_commitment_is_the_contracts_own_and_which_replace_it(log, original, later):
    found = promised(*log)
    assert (found.original, found.faults) == (original, {})
    assert [(one.effective_on, one.quantity) for one in found.later] == later


# Section 8.8: a category lead within 25 per cent, the heads anything, nobody else; from what it replaces.
@pytest.mark.parametrize(
    ("log", "counts"),
    [
        ([anew(101, role="contract manager")], False), ([anew(125, role="category lead")], True),
        ([anew(Fraction("125.01"), role="category lead")], False), ([anew(75, role="category lead")], True),
        ([anew(Fraction("74.99"), role="category lead")], False), ([anew(0)], True),
        ([anew(1, role="Chief_Procurement Officer")], True),
        ([anew(1, role="contract manager"), decided("approval", SEVENTH, subject="D2")], True),
        ([anew(1, role="contract manager"), decided("approval", SEVENTH, subject="D2", role="category lead")], False),
        ([anew(120, role="contract manager"), decided("approval", SEVENTH, subject="D2", role="category lead")], True),
        ([anew(80, number="D1b"), anew(100, number="D2", role="category lead")], True),
        ([anew(79, number="D1b"), anew(100, number="D2", role="category lead")], False),
    ],
)  # fmt: skip
def test_a_later_commitment_without_authority_does_not_count_until_approved(log, counts):
    found = promised(committed(100), *log)
    assert ("D2" not in found.faults) is counts
    assert ("D2" in [one.decision_id for one in found.later]) is counts
    if not counts:
        assert found.faults["D2"].about == "authority"


def test_what_does_not_count_moves_nothing():
    row, plan = target_and_plan(committed(100), anew(10, role="contract manager"))
    assert (row["committed"], row["agreed"], len(plan.versions)) == (100, 100, 1)


@pytest.mark.parametrize(
    ("log", "found"),
    [
        ([anew(60, date(2029, 4, 1))], "2029-04-01; the contract runs from 2026-04-01 to 2029-03-31"),
        ([anew(60, date(2028, 4, 1)), EARLY], "2028-04-01; the contract runs from 2026-04-01 to 2028-03-31"),
    ],
)
def test_a_commitment_after_the_end_does_not_count(log, found):
    assert promised(committed(100), *log).faults["D2"].found == found
    assert target_and_plan(committed(100), *log)[0]["committed"] == 100


def test_a_level_is_replaced_whole_for_it_never_adds_up():
    row, plan = target_and_plan(committed(10, code="J2"), anew(4, code="J2"), code="J2")
    assert (row["agreed"], plan.due(SIXTH), plan.due(SEVENTH), plan.due(END)) == (4, 10, 4, 4)
    assert versions(committed(10, code="J2"), anew(4, code="J2"), code="J2")["due_before"].tolist() == [0, 10]


def test_the_baseline_year_and_mobilisation_stay_free_of_what_is_promised_in_them():
    early = date(2026, 5, 1)
    _, carbon = target_and_plan(committed(100, code="G1"), anew(220, early, code="G1"), code="G1")
    assert (carbon.due(date(2027, 3, 31)), carbon.due(date(2028, 3, 31)), carbon.due(END)) == (0, 110, 220)
    _, plan = target_and_plan(committed(100), anew(220, early))
    assert [plan.due(day) for day in (date(2026, 6, 30), date(2026, 9, 30), END)] == [0, 20, 220]
    _, level = target_and_plan(committed(10, code="J2"), anew(4, early, code="J2"), code="J2")
    assert [level.due(day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [0, 4]


def test_a_first_commitment_from_a_later_day_falls_due_from_then_on():
    row, plan = target_and_plan(committed(60, effective_on=SEVENTH))
    assert (row["target"], row["agreed"], row["committed"]) == (0, 60, 60)
    assert [plan.due(day) for day in (SIXTH, date(2027, 12, 31), END)] == [0, 10, 60]
    before, _ = target_and_plan(committed(60, effective_on=SEVENTH), as_of=SIXTH)
    assert (before["committed"], before["agreed"]) == (None, 0)
    assert "a commitment that is not recorded counts as none" in before["assumed"]
    assert "commitment" not in (row["assumed"] or "")


def test_milestones_still_to_come_take_the_rest_in_their_turn():
    plan_days = [(date(2027, 6, 30), 40), (date(2028, 6, 30), 30)]
    staged = [
        decided("milestone", START, f"M{n}", measure_code="C3", quantity=Fraction(amount), effective_on=day)
        for n, (day, amount) in enumerate(plan_days)
    ]
    _, plan = target_and_plan(committed(100), anew(160), *staged)
    assert [plan.due(day) for day in (SIXTH, SEVENTH, date(2028, 6, 30), END)] == [40, 40, 70, 160]


def test_the_rest_falls_due_to_the_end_as_it_was_known_when_the_supplier_committed():
    # Extended before: to the new end. Extended after: to the old end, for what was due by then stays due.
    before = {**EXTENDED, "decided_on": date(2027, 9, 1)}
    _, plan = target_and_plan(committed(100), anew(200), before)
    assert plan.due(END) == Fraction(500, 11) + (200 - Fraction(500, 11)) * 6 / 10
    assert plan.due(date(2030, 3, 31)) == 200
    _, plan = target_and_plan(committed(100), anew(200), {**EXTENDED, "decided_on": date(2027, 11, 1)})
    assert plan.due(END) == 200
    # Decided while the extension was not yet known, and effective in it.
    late = anew(200, effective_on=date(2029, 4, 1))
    _, plan = target_and_plan(committed(100), late, {**EXTENDED, "decided_on": date(2028, 11, 1)})
    assert [plan.due(day) for day in (END, date(2029, 6, 30), date(2030, 3, 31))] == [100, 125, 200]


def test_an_early_end_freezes_what_was_committed_anew():
    _, plan = target_and_plan(committed(100), anew(160), EARLY)
    assert plan.due(END) == plan.agreed(END) == Fraction(500, 11) + (160 - Fraction(500, 11)) / 3


@pytest.mark.parametrize(
    ("day", "agreed"),
    [(date(2027, 9, 30), 40), (SEVENTH, 40), (date(2027, 10, 2), Fraction(200, 11))],
)
def test_an_override_stands_against_the_commitments_before_it_and_yields_to_those_after(day, agreed):
    override = decided("override", SEVENTH, "D3", measure_code="C3", quantity=Fraction(40))
    row, plan = target_and_plan(committed(100), anew(10, day, effective_on=SEVENTH), override)
    assert (row["original"], row["committed"], row["agreed"]) == (40, 10, agreed)
    assert (plan.due(SIXTH), plan.due(END)) == (Fraction(200, 11), agreed)


def test_a_computed_target_is_moved_by_no_commitment():
    row, plan = target_and_plan(committed(100, code="S1"), anew(160, code="S1"), code="S1")
    assert (row["committed"], len(plan.versions), row["agreed"]) == (160, 1, row["target"])


def test_nothing_promised_is_nothing():
    row, plan = target_and_plan()
    assert (row["committed"], row["target"], plan.agreed(END)) == (None, 0, 0)


def test_an_approval_may_name_a_commitment():
    raw = frames.from_rows([committed(100), decided("approval", subject="D1")], keys.RAW_DECISION)
    empty = frames.empty
    core = build_decisions(
        raw,
        frames.from_rows([CONTRACT], keys.CORE_CONTRACT),
        empty(keys.CORE_PAYMENT),
        empty("file_column"),
        parameters=load_parameters(),
        as_of=END,
    )
    assert core.rows["decision_id"].tolist() == ["D1", "D8"]
