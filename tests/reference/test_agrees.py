"""The program against the second implementation, on generated contracts, to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pandas as pd
import pytest

from checks.rules.outcome import Inputs
from checks.rules.returns import claims_stay_near_what_is_due
from kcc_etl import asset_keys as keys
from kcc_etl.domain import profile
from kcc_etl.domain.delivery import compute_performance
from kcc_etl.domain.outcomes import proposed_rating
from kcc_etl.domain.periods import parse_period, quarters_in
from kcc_etl.domain.targets import compute_targets
from kcc_etl.parameters.load import load_parameters
from tests.reference import asks, generated, outcomes
from tests.reference.generated import Case
from tests.reference.outcomes import EarlyEnd, Extension

PARAMETERS = load_parameters()
SEED = 4
NUMBERS = [1_000, pytest.param(10_000, marks=pytest.mark.long)]

# Quarter, and days from its end to the day the figures speak about: a return is missing from the 31st on.
PERIODS = (("2026-27-Q2", 46), ("2027-28-Q1", 30), ("2031-32-Q4", 31))

Place = tuple[str, str]
"""A contract and a measure."""


@pytest.fixture(scope="module", params=NUMBERS)
def found(request: pytest.FixtureRequest) -> list[Case]:
    return generated.cases(SEED, request.param)


@pytest.fixture(scope="module")
def expected(found: list[Case]) -> dict[Place, asks.Target]:
    return {
        (case.facts.ref, code): target
        for case in found
        for code, target in asks.targets(case.facts, case.promised, case.overrides).items()
    }


@pytest.fixture(scope="module")
def twice(found: list[Case]) -> set[outcomes.Claimed]:
    return outcomes.claimed_twice(
        (case.facts.ref, (case.supplier, code, line.quarter, line.claimed))
        for case in found
        for code, lines in case.lines.items()
        for _, line in lines
    )


@pytest.fixture(scope="module")
def frames_of(found: list[Case]) -> dict[str, pd.DataFrame]:
    return {
        "contracts": generated.contract_frame(found),
        "decisions": generated.decision_frame(found),
        "claims": generated.claim_frame(found),
        "payments": generated.payment_frame(found),
    }


@pytest.fixture(scope="module")
def targets(frames_of: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return compute_targets(frames_of["contracts"], frames_of["decisions"], PARAMETERS)


@pytest.fixture(scope="module", params=PERIODS, ids=[period for period, _ in PERIODS])
def performance(request: pytest.FixtureRequest, frames_of, targets) -> tuple[date, date, pd.DataFrame]:
    """Last day of the quarter, the day spoken about, and how every target stood."""
    period = parse_period(request.param[0])
    today = period.end + timedelta(days=request.param[1])
    frame = compute_performance(period, targets=targets, parameters=PARAMETERS, as_of=today, **frames_of)
    return period.end, today, frame


def test_targets_agree(found, expected, targets):
    facts_of = {case.facts.ref: case.facts for case in found}
    theirs = {(row.contract_ref, row.measure_code): row for row in targets.itertuples()}

    assert theirs.keys() == expected.keys()
    for place, row in theirs.items():
        facts = facts_of[place[0]]
        band = asks.BANDS[asks.band_of(facts.value, facts.trade, facts.call_offs)]
        ours = (band[0], band[2], asks.class_of(facts.risk), asks.class_of(facts.complexity))
        assert (row.band, row.mode, row.risk_class, row.complexity_class) == ours, facts
        assert (row.target, row.original) == (expected[place].calculated, expected[place].agreed), (
            place,
            facts,
        )


def test_targets_after_every_change_agree(found, expected, targets):
    case_of = {case.facts.ref: case for case in found}
    for place, row in _by_place(targets):
        case, target = case_of[place[0]], expected[place]
        assert row.agreed == outcomes.whole(_course(case, place[1], target, date.max)), (place, case)


def test_delivery_agrees(found, expected, twice, performance):
    closes, today, frame = performance
    case_of = {case.facts.ref: case for case in found}
    compared = [place for place, _ in _by_place(frame)]

    assert set(compared) == {place for place in expected if case_of[place[0]].facts.first <= closes}
    for place, row in _by_place(frame):
        case = case_of[place[0]]
        assert _row(row) == _stand(case, place[1], expected[place], twice, closes, today), (place, case)


def _row(row: Any) -> tuple[Any, ...]:
    return row.agreed, row.due, row.claimed, row.evidenced, row.verified, row.return_status, row.status


def test_claims_above_what_is_due_agree(found, expected, twice, frames_of, performance):
    closes, today, frame = performance
    of_table = {
        keys.CORE_CLAIM: frames_of["claims"],
        keys.OUT_PERFORMANCE: frame,
        keys.CORE_CONTRACT: frames_of["contracts"],
    }
    outcome = claims_stay_near_what_is_due(Inputs(of_table, today, PARAMETERS))
    at_fault = frames_of["claims"][(~outcome.ok).fillna(False).astype(bool)]
    case_of = {case.facts.ref: case for case in found}
    ours = {
        place
        for place, row in _by_place(frame)
        if outcomes.over_claimed(
            row.due, _stand(case_of[place[0]], place[1], expected[place], twice, closes, today)[2]
        )
    }

    assert set(zip(at_fault["contract_ref"], at_fault["measure_code"], strict=True)) == ours
    assert ours


def test_the_words_of_section_71_agree(performance):
    _, _, frame = performance
    words = {
        (row.due, row.verified): proposed_rating(row.due, row.verified, PARAMETERS.policy)
        for _, row in _by_place(frame)
    }

    assert words == {figures: outcomes.s71_word(*figures) for figures in words}
    assert {"good", "requires improvement", "inadequate", "other"} <= set(words.values())


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_due_on_any_day_agrees(number):
    random = Random(SEED)
    for case in generated.cases(SEED + 1, number):
        facts, target = case.facts, Fraction(random.randint(0, 999), random.randint(1, 12))
        agreed = (target, facts.first, facts.last)
        course, theirs = outcomes.evenly(*agreed), profile.even(*agreed)
        level, their_level = outcomes.at_once(*agreed), profile.level(*agreed)
        for change in sorted(outcomes.standing(case.changes), key=outcomes.starts):
            course, theirs = _moved(course, theirs, target, change)
        for day in _days(random, facts.first):
            assert theirs.due(day) == outcomes.due(course, day), (case, day)
            assert their_level.due(day) == outcomes.due(level, day), (case, day)
            assert quarters_in(facts.first, day) == outcomes.quarters(facts.first, day)
        assert theirs.total == outcomes.whole(course), case


def _moved(
    course: outcomes.Course, theirs: profile.Profile, target: Fraction, change: outcomes.Change
) -> Any:
    if isinstance(change, EarlyEnd):
        return outcomes.ended(course, change.last), theirs.ended(change.last)
    if isinstance(change, Extension):
        span, share = (change.first, change.last), Fraction(change.value, change.original_value)
        ours = outcomes.extended(course, target, *span, change.value, change.original_value)
        return ours, theirs.extended(*span, target * share)
    ratio = Fraction(change.new, change.old)
    before = change.day - timedelta(days=1)
    return outcomes.revalued(course, before, change.old, change.new), theirs.valued_anew(change.day, ratio)


def _days(random: Random, first: date) -> list[date]:
    return [first + timedelta(days=random.randint(-100, 3000)) for _ in range(3)]


def _by_place(frame: pd.DataFrame) -> Iterator[tuple[Place, Any]]:
    return (((row.contract_ref, row.measure_code), row) for row in frame.itertuples())


def _stand(
    case: Case, code: str, target: asks.Target, twice: set[outcomes.Claimed], day: date, today: date
) -> tuple[Any, ...]:
    """Agreed and due; claimed, evidenced and verified; what became of the return; the rating."""
    agreed, due = _due(case, code, target, day)
    lines = [line for _, line in case.lines.get(code, ())]
    checks = case.checks.get(code, ())
    done = outcomes.done(code, outcomes.counting(case.supplier, code, lines, checks, twice), checks, day)
    changes = outcomes.standing(case.changes)
    wanted = outcomes.owed(case.facts.first, case.facts.last, changes, day, today)
    came = [start for start in case.came if outcomes.quarter(start)[1] <= day]
    rag = outcomes.rag(due, done.verified, outcomes.missing_in_a_row(wanted, came))
    return agreed, due, done.claimed, done.evidenced, done.verified, _status(case, wanted, day), rag


def _due(case: Case, code: str, target: asks.Target, day: date) -> tuple[Fraction, Fraction]:
    facts = case.facts
    per_million = case.guaranteed is False and target.is_computed and code not in outcomes.LEVELS
    if per_million and asks.counted(facts):
        due = outcomes.due_on_invoices(target.agreed, asks.counted(facts), case.invoices, day)
        return due, due
    now = _course(case, code, target, day)
    return outcomes.whole(now), outcomes.due(now, day)


def _course(case: Case, code: str, target: asks.Target, day: date) -> outcomes.Course:
    """A target over time as the changes up to a day have made it."""
    is_level = code in outcomes.LEVELS
    spread = outcomes.at_once if is_level else outcomes.evenly
    course = spread(target.agreed, case.facts.first, case.facts.last)
    moves = target.is_computed and not is_level
    return outcomes.as_changed(course, outcomes.standing(case.changes), day, is_computed=moves)


def _status(case: Case, wanted: list[date], day: date) -> str:
    start = outcomes.quarter(day)[0]
    if start in case.came:
        return "nil" if start in case.nil else "received"
    return "missing" if start in wanted else "not due"
