"""What must hold of targets over time, whatever changes a contract goes through."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.changes import changes_by_contract, end_as_changed, original_end
from kcc_etl.domain.periods import quarters_between
from kcc_etl.domain.profile import by_milestones, even
from kcc_etl.domain.targets import COMPLEXITY_QUESTIONS, RISK_QUESTIONS, compute_targets
from kcc_etl.domain.versions import Plans
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

PARAMETERS = load_parameters()
QUANTITIES = st.fractions(0, 10_000, max_denominator=1000)
DAYS = st.dates(date(2026, 1, 1), date(2034, 12, 31))
PENCE = st.integers(0, 2_000_000_000)


@st.composite
def contracts(draw):
    start = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    end = start + timedelta(days=draw(st.integers(0, 2000)))
    options = draw(st.sampled_from([None, 0, 400]))
    return {
        "agreement_kind": "contract", "regime": "pa23", "procurement_category": "services",
        "value_ex_vat_pence": draw(st.integers(2_500_000, 2_000_000_000)), "start_on": start, "end_on": end,
        "max_end_on": None if options is None else end + timedelta(days=options),
        "procurement_commenced_on": date(2026, 1, 5), "sv_measures": draw(st.sampled_from(["S1|C1", "J1|S2|E4", None])),
        **dict.fromkeys(RISK_QUESTIONS, draw(st.integers(1, 3))),
        **dict.fromkeys(COMPLEXITY_QUESTIONS, draw(st.integers(1, 3))),
    }  # fmt: skip


@st.composite
def changes(draw, contract):
    """A few changes in a random order of the log, some on one day."""
    start, end = contract["start_on"], contract["end_on"]
    inside = st.dates(start, end)
    log = []
    for _ in range(draw(st.integers(0, 3))):
        before = draw(st.integers(1, 1_000_000_000))
        log.append({"decision_kind": "value change", "effective_on": draw(inside), "value_before_pence": before,
                    "value_after_pence": draw(PENCE)})  # fmt: skip
    if draw(st.booleans()):
        first = end + timedelta(days=1)
        log.append({"decision_kind": "extension", "effective_on": first, "value_before_pence": 0,
                    "value_after_pence": draw(PENCE), "new_end_on": first + timedelta(days=draw(st.integers(0, 800)))})  # fmt: skip
    if draw(st.booleans()):
        log.append({"decision_kind": "early end", "old_end_on": end, "new_end_on": draw(inside)})
    decided = draw(st.sampled_from([date(2027, 1, 4), date(2027, 1, 5)]))
    rows = [
        {**row, "decision_id": f"D{n}", "subject": "KC-1", "decided_on": decided,
         "original_value_pence": contract["value_ex_vat_pence"]}
        for n, row in enumerate(log)
    ]  # fmt: skip
    return draw(st.permutations(rows))


@st.composite
def history(draw):
    contract = draw(contracts())
    return contract, draw(changes(contract))


HISTORIES = st.lists(history(), min_size=1, max_size=8)
"""Several contracts in one frame: making a frame costs more than all the arithmetic in it."""

several = settings(deadline=None, max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])


def stories(found):
    """Contract, end after its changes, changes and plans of each of several histories."""
    named = [{**contract, "contract_ref": f"KC-{n}"} for n, (contract, _) in enumerate(found)]
    log = [
        {**row, "decision_id": f"{n}-{row['decision_id']}", "subject": f"KC-{n}"}
        for n, (_, rows) in enumerate(found)
        for row in rows
    ]
    frame = frames.from_rows(named, keys.CORE_CONTRACT)
    decisions = frames.from_rows(log, keys.CORE_DECISION)
    targets = compute_targets(frame, decisions, PARAMETERS).to_dict("records")
    plans = Plans(frame, decisions, PARAMETERS)
    changed = changes_by_contract(decisions)
    for contract in named:
        ref = contract["contract_ref"]
        mine = [plans.of(row) for row in targets if row["contract_ref"] == ref]
        made = changed.get(ref, ())
        yield contract, end_as_changed(contract["end_on"], made), made, mine


@several
@given(HISTORIES, DAYS, DAYS)
def test_due_never_falls_and_is_the_target_at_the_end(found, one, other):
    early, late = sorted((one, other))
    for _, end, _, plans in stories(found):
        for plan in plans:
            assert 0 <= plan.due(early) <= plan.due(late)
            assert plan.due(late) <= plan.agreed(late)
            assert plan.due(end) == plan.agreed(end) == plan.agreed(date(2099, 1, 1))


@several
@given(HISTORIES)
def test_no_change_takes_back_or_brings_forward_what_was_due_before_it(found):
    for _, _, _, plans in stories(found):
        for plan in plans:
            for before, after in pairwise(plan.versions):
                day = after.effective_on - timedelta(days=1)
                assert before.profile.due(day) == after.profile.due(day)


@several
@given(HISTORIES, st.randoms())
def test_the_order_of_the_log_does_not_matter(found, random):
    shuffled = [(contract, random.sample(list(log), len(log))) for contract, log in found]
    assert [plans for *_, plans in stories(found)] == [plans for *_, plans in stories(shuffled)]


@several
@given(HISTORIES)
def test_the_quarters_add_up_to_the_target_exactly(found):
    for contract, end, _, plans in stories(found):
        quarters = quarters_between(contract["start_on"], max(contract["end_on"], end))
        ends = [contract["start_on"] - timedelta(days=1), *(quarter.end for quarter in quarters)]
        for plan in plans:
            due = [plan.due(day) for day in ends]
            assert sum((b - a for a, b in pairwise(due)), Fraction(0)) == plan.agreed(ends[-1])


@several
@given(HISTORIES)
def test_the_first_end_does_not_depend_on_whether_the_register_was_brought_up_to_date(found):
    for contract, end, made, _ in stories(found):
        assert original_end(contract["end_on"], made) == original_end(end, made) == contract["end_on"]


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
