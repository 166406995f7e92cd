"""What must hold of targets over time, whatever changes a contract goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked import COMPLEXITY_QUESTIONS, RISK_QUESTIONS
from kcc_etl.domain.changes import (
    Change,
    end_as_changed,
    original_end,
)
from kcc_etl.domain.counted_changes import changes_that_count
from kcc_etl.domain.milestones import staged_by_target
from kcc_etl.domain.periods import first_year_to, quarters_between
from kcc_etl.domain.profile import after_baseline, by_milestones, even
from kcc_etl.domain.returns import ReturnBook
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.versions import Plan, Plans
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
QUANTITIES = st.fractions(0, 10_000, max_denominator=1000)
DAYS = st.dates(date(2026, 1, 1), date(2034, 12, 31))
PENCE = st.integers(0, 2_000_000_000)
DAY = timedelta(days=1)


@st.composite
def contracts(draw):
    start = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    end = start + timedelta(days=draw(st.integers(0, 2000)))
    options = draw(st.sampled_from([None, 0, 400]))
    return {
        "agreement_kind": "contract", "regime": "pa23", "procurement_category": "services",
        "value_ex_vat_pence": draw(st.integers(2_500_000, 2_000_000_000)), "start_on": start, "end_on": end,
        "max_end_on": None if options is None else end + timedelta(days=options),
        "procurement_commenced_on": date(2026, 1, 5),
        "sv_measures": draw(st.sampled_from(["S1|C1", "J1|S2|E4", "E1|C3|G1", None])),
        # Below the threshold whatever the value without VAT, so that a share of the supply spend may be set.
        "is_reserved": True, "value_inc_vat_pence": 20_000_000, "supply_spend_ex_vat_pence": draw(PENCE),
        **dict.fromkeys(RISK_QUESTIONS, draw(st.integers(1, 3))),
        **dict.fromkeys(COMPLEXITY_QUESTIONS, draw(st.integers(1, 3))),
    }  # fmt: skip


@st.composite
def decisions(draw, contract):
    """What was promised, agreed and changed, in a random order of the log, some of it on one day."""
    start, end = contract["start_on"], contract["end_on"]
    inside = st.dates(start, end)
    log = [{"decision_kind": "commitment", "measure_code": "G1", "quantity": draw(QUANTITIES)}]
    for code in draw(st.lists(st.sampled_from(["G1", "C3"]), max_size=3)):
        log.append({"decision_kind": "commitment", "measure_code": code, "quantity": draw(QUANTITIES),
                    "role": "head of procurement",
                    "effective_on": draw(st.none() | st.dates(start - DAY, end + 100 * DAY))})  # fmt: skip
    for _ in range(draw(st.integers(0, 3))):
        before = draw(st.integers(1, contract["value_ex_vat_pence"]))
        log.append({"decision_kind": "value change", "effective_on": draw(inside), "value_before_pence": before,
                    "value_after_pence": draw(PENCE)})  # fmt: skip
    if draw(st.booleans()):
        first = end + DAY
        log.append({"decision_kind": "extension", "effective_on": first, "value_before_pence": 0,
                    "value_after_pence": draw(PENCE), "new_end_on": first + timedelta(days=draw(st.integers(0, 800)))})  # fmt: skip
    if draw(st.booleans()):
        log.append({"decision_kind": "early end", "old_end_on": end, "new_end_on": draw(inside)})
    for code in draw(st.lists(st.sampled_from(["S1", "G1", "E1"]), max_size=2)):
        log.append({"decision_kind": "override", "measure_code": code, "quantity": draw(QUANTITIES),
                    "role": "head of procurement", "reason_code": "market capacity"})  # fmt: skip
    for code in draw(st.lists(st.sampled_from(["S1", "G1", "C3"]), max_size=4)):
        log.append({"decision_kind": "milestone", "measure_code": code, "quantity": draw(QUANTITIES),
                    "effective_on": draw(inside), "decided_on": draw(st.dates(start - DAY, end + DAY)),
                    "role": draw(st.sampled_from(["head of procurement", "category lead"]))})  # fmt: skip
    decided = draw(st.sampled_from([date(2027, 1, 4), date(2027, 1, 5)]))
    rows = [
        {"original_value_pence": contract["value_ex_vat_pence"], "decided_on": decided, **row, "decision_id": f"D{n}"}
        for n, row in enumerate(log)
    ]  # fmt: skip
    return draw(st.permutations(rows))


@st.composite
def history(draw):
    contract = draw(contracts())
    return contract, draw(decisions(contract))


HISTORIES = st.lists(history(), min_size=4, max_size=8)
"""Several contracts in one frame: making a frame costs more than all the arithmetic in it."""

several = settings(deadline=None, max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])


@dataclass(frozen=True)
class Story:
    """A contract of the register, its end after its changes, those changes, and the plan of each measure."""

    contract: dict[str, object]
    end: date
    changes: Sequence[Change]
    plans: dict[str, Plan]
    has_carbon_milestones: bool


def told(found) -> tuple[list[Story], ReturnBook]:
    """The story of each of several histories, and which returns are asked for."""
    named = [{**contract, "contract_ref": f"KC-{n}"} for n, (contract, _) in enumerate(found)]
    log = [
        {**row, "decision_id": f"{n}-{row['decision_id']}", "subject": f"KC-{n}"}
        for n, (_, rows) in enumerate(found)
        for row in rows
    ]
    frame = frames.from_rows(named, keys.CORE_CONTRACT)
    made = frames.from_rows(log, keys.CORE_DECISION)
    plans = Plans(frame, made, PARAMETERS)
    changed, milestones = changes_that_count(frame, made), staged_by_target(frame, made)
    plans_of: dict[str, dict[str, Plan]] = {}
    for row in compute_targets(frame, made, PARAMETERS).to_dict("records"):
        plans_of.setdefault(row["contract_ref"], {})[row["measure_code"]] = plans.of(row)
    stories = []
    for contract in named:
        ref = contract["contract_ref"]
        changes = changed.get(ref, ())
        end = end_as_changed(contract["end_on"], changes)
        carbon = (ref, "G1") in milestones
        stories.append(Story(contract, end, changes, plans_of.get(ref, {}), carbon))
    book = ReturnBook(frame, frames.empty(keys.CORE_CLAIM), PARAMETERS, decisions=made)
    return stories, book


@several
@given(HISTORIES, DAYS, DAYS)
def test_whatever_happens_to_a_contract(found, one, other):
    stories, book = told(found)
    for story in stories:
        assert_the_first_end_does_not_depend_on_the_register(story)
        for code, plan in story.plans.items():
            assert_due_never_falls_and_is_the_target_at_the_end(plan, story.end, *sorted((one, other)))
            assert_no_change_takes_back_or_brings_forward_what_was_due_before(plan)
            assert_the_quarters_add_up_to_the_target(plan, story)
            assert_what_is_judged_never_falls_and_is_the_target_in_the_end(plan, story, book)
            if code == "G1" and not story.has_carbon_milestones:
                assert_nothing_is_due_in_the_first_year(plan, story)


def assert_due_never_falls_and_is_the_target_at_the_end(plan, end, early, late):
    assert 0 <= plan.due(early) <= plan.due(late) <= plan.agreed(late)
    assert plan.due(end) == plan.agreed(end) == plan.agreed(date(2099, 1, 1))


def assert_no_change_takes_back_or_brings_forward_what_was_due_before(plan):
    for before, after in pairwise(plan.versions):
        day = after.effective_on - DAY
        assert before.profile.due(day) == after.profile.due(day)


def assert_the_quarters_add_up_to_the_target(plan, story):
    start, end = story.contract["start_on"], max(story.contract["end_on"], story.end)
    ends = [start - DAY, *(quarter.end for quarter in quarters_between(start, end))]
    due = [plan.due(day) for day in ends]
    assert sum((b - a for a, b in pairwise(due)), Fraction(0)) == plan.agreed(ends[-1])


def assert_what_is_judged_never_falls_and_is_the_target_in_the_end(plan, story, book):
    quarters = quarters_between(story.contract["start_on"], story.end)
    days = [book.account(story.contract["contract_ref"], quarter).judged_on for quarter in quarters]
    judged = [Fraction(0) if day is None else plan.due(day) for day in days]
    assert all(a <= b for a, b in pairwise(judged))
    assert all(part <= plan.due(quarter.end) for part, quarter in zip(judged, quarters, strict=True))
    assert judged[-1] == plan.agreed(story.end)


def assert_nothing_is_due_in_the_first_year(plan, story):
    last = first_year_to(story.contract["start_on"])
    assert plan.due(min(last, original_end(story.contract["end_on"], story.changes) - DAY)) == 0


def assert_the_first_end_does_not_depend_on_the_register(story):
    shown = story.contract["end_on"]
    assert original_end(shown, story.changes) == original_end(story.end, story.changes) == shown


@several
@given(HISTORIES, st.integers(0, 1000))
def test_the_order_of_the_log_does_not_matter(found, seed):
    random = Random(seed)
    shuffled = [(contract, random.sample(log, len(log))) for contract, log in found]
    assert told(found)[0] == told(shuffled)[0]


@given(QUANTITIES, DAYS, st.integers(0, 2000), DAYS, DAYS)
def test_carbon_is_due_evenly_after_the_first_year(quantity, start, days, one, other):
    end, early, late = start + timedelta(days=days), *sorted((one, other))
    profile = after_baseline(quantity, start, end)
    assert 0 <= profile.due(early) <= profile.due(late) <= quantity
    assert profile.due(end) == profile.total == quantity
    assert profile.due(min(first_year_to(start), end - DAY)) == 0
    assert quantity == 0 or profile.due(min(first_year_to(start) + DAY, end)) > 0


@given(QUANTITIES, st.lists(st.tuples(DAYS, QUANTITIES), max_size=6))
def test_milestones_always_make_the_target(quantity, milestones):
    start, end = date(2026, 4, 1), date(2029, 3, 31)
    profile = by_milestones(quantity, start, end, milestones)
    assert profile.total == profile.due(end) == quantity
    assert all(part.amount >= 0 for part in profile.slices)


@given(QUANTITIES, DAYS, st.fractions(0, 10, max_denominator=100))
def test_a_change_of_value_is_the_formula_of_the_policy(quantity, first, ratio):
    # Source: section 8.6: new = due_to_date + (original - due_to_date) x remaining_new / remaining_old
    profile = even(quantity, date(2026, 4, 1), date(2029, 3, 31))
    due = profile.due(first - timedelta(days=1))
    assert profile.valued_anew(first, ratio).total == due + (quantity - due) * ratio
