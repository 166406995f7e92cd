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
from kcc_etl.domain.delivery import Delivery
from kcc_etl.domain.periods import parse_period, quarters_in
from kcc_etl.domain.ratings import proposed_rating
from kcc_etl.domain.return_order import quarters_of
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.domain.targets import compute_targets, measures_added
from kcc_etl.parameters.load import load_parameters
from tests.reference import as_frames, asks, courses, generated, outcomes
from tests.reference.case import Case
from tests.reference.courses import EarlyEnd, Extension
from tests.reference.kinds import kinds_of
from tests.reference.numbers import in_order

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
        for code, target in asks.targets(case.facts, case.own, case.overrides).items()
    }


@pytest.fixture(scope="module")
def since(found: list[Case], expected: dict[Place, asks.Target]) -> dict[str, date]:
    """First day on which anything is asked of each contract; `date.max` where nothing ever is."""
    case_of = {case.facts.ref: case for case in found}
    days: dict[str, date] = {}
    for (ref, code), target in expected.items():
        case = case_of[ref]
        begins = [case.facts.first, *case.promises(code).later]
        # Where no spend is guaranteed the target is one for each £1m invoiced, whatever the value becomes.
        per_million = case.guaranteed is False and target.is_computed and code not in courses.LEVELS
        by_invoice = per_million and target.agreed > 0
        asked = (
            day for day in sorted(begins) if by_invoice or courses.whole(_course(case, code, target, day)) > 0
        )
        days[ref] = min(next(asked, date.max), days.get(ref, date.max))
    return days


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
    contracts, decisions = as_frames.contract_frame(found), as_frames.decision_frame(found)
    claims = as_frames.claim_frame(found)
    terms = ReturnTerms(contracts, PARAMETERS, decisions)
    quarters = quarters_of(claims, terms)
    assert quarters.fault.isna().all()
    return {
        "contracts": contracts,
        "decisions": decisions,
        "claims": claims.assign(period=quarters.counted, stated_period=claims["period"]),
        "payments": as_frames.payment_frame(found),
    }


@pytest.fixture(scope="module")
def targets(frames_of: dict[str, pd.DataFrame]) -> pd.DataFrame:
    made = frames_of["contracts"], frames_of["decisions"], PARAMETERS
    return compute_targets(*made, payments=frames_of["payments"])


@pytest.fixture(scope="module", params=PERIODS, ids=[period for period, _ in PERIODS])
def performance(request: pytest.FixtureRequest, frames_of, targets) -> tuple[date, date, pd.DataFrame]:
    """Last day of the quarter, the day spoken about, and how every target stood."""
    period = parse_period(request.param[0])
    today = period.end + timedelta(days=request.param[1])
    frame = Delivery(targets=targets, parameters=PARAMETERS, as_of=today, **frames_of).at(period)
    return period.end, today, frame


def test_every_kind_of_contract_is_among_them(found):
    assert min(kinds_of(found).values()) >= 3, kinds_of(found)


def test_what_is_asked_for_may_be_claimed(expected, frames_of):
    contracts = frames_of["contracts"]
    chosen = dict(zip(contracts["contract_ref"], contracts["sv_measures"].fillna(""), strict=True))
    added = measures_added(contracts, frames_of["decisions"], PARAMETERS)
    lacking = {
        (ref, code)
        for ref, code in expected
        if code not in (*chosen[ref].split("|"), asks.LIGHT_MEASURE, *added.get(ref, ())) and chosen[ref]
    }

    assert lacking == set()


def test_targets_agree(found, expected, targets):
    case_of = {case.facts.ref: case for case in found}
    theirs = {(row.contract_ref, row.measure_code): row for row in targets.itertuples()}

    assert theirs.keys() ^ expected.keys() == set()
    for place, row in theirs.items():
        facts = case_of[place[0]].facts
        band = asks.BANDS[asks.band_of(facts.value, facts.trade, facts.call_offs)]
        ours = (band[0], band[2], asks.class_of(facts.risk), asks.class_of(facts.complexity))
        assert (row.band, row.mode, row.risk_class, row.complexity_class) == ours, facts
        assert (row.target, row.original) == (expected[place].calculated, expected[place].agreed), (
            place,
            facts,
        )
        assert row.committed == case_of[place[0]].promises(place[1]).latest, (place, facts)


def test_targets_after_every_change_agree(found, expected, targets):
    case_of = {case.facts.ref: case for case in found}
    for place, row in _by_place(targets):
        case, target = case_of[place[0]], expected[place]
        assert row.agreed == _due(case, place[1], target, date.max)[0], (place, case)


def test_delivery_agrees(found, expected, since, twice, performance):
    closes, today, frame = performance
    case_of = {case.facts.ref: case for case in found}
    compared = [place for place, _ in _by_place(frame)]

    assert set(compared) ^ {place for place in expected if case_of[place[0]].facts.first <= closes} == set()
    for place, row in _by_place(frame):
        case = case_of[place[0]]
        assert _row(row) == _stand(case, place[1], expected[place], twice, closes, today, since[place[0]]), (
            place,
            case,
        )


def _row(row: Any) -> tuple[Any, ...]:
    sums = row.claimed, row.evidenced, row.verified
    return row.agreed, row.due, row.due_by_return, *sums, row.is_return_asked, row.return_status, row.status


def test_claims_above_what_is_due_agree(found, expected, since, twice, frames_of, performance):
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
            row.due,
            _stand(case_of[place[0]], place[1], expected[place], twice, closes, today, since[place[0]])[3],
        )
    }
    seen = {
        place
        for place in ours
        if outcomes.reviewed(place[1], *_counting(case_of[place[0]], place[1], twice), closes)
    }

    assert set(zip(at_fault["contract_ref"], at_fault["measure_code"], strict=True)) == ours - seen
    states = {place: row.over_claim for place, row in _by_place(frame) if isinstance(row.over_claim, str)}
    assert states == {place: "reviewed" if place in seen else "awaits review" for place in ours}
    assert ours - seen
    assert seen


def test_fte_years_agree(found, twice, performance):
    closes, _, frame = performance
    case_of = {case.facts.ref: case for case in found}
    for (ref, code), row in _by_place(frame):
        ours: tuple[Any, Any] = (None, None)
        if code == "J2":
            ours = outcomes.fte_years(*_counting(case_of[ref], code, twice), closes, _spoken_of(case_of[ref]))
        assert (row.claimed_fte_years, row.verified_fte_years) == ours, (ref, code)


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
        course, theirs = courses.evenly(*agreed), profile.even(*agreed)
        still = [
            (courses.at_once(*agreed), profile.level(*agreed)),
            (courses.after_a_year(*agreed), profile.after_baseline(*agreed)),
        ]
        for change in sorted(courses.standing(case.changes), key=courses.starts):
            course, theirs = _moved(course, theirs, target, change)
        for day in _days(random, facts.first):
            assert theirs.due(day) == courses.due(course, day), (case, day)
            assert all(their.due(day) == courses.due(our, day) for our, their in still), (case, day)
            assert quarters_in(facts.first, day) == courses.quarters(facts.first, day)
        assert theirs.total == courses.whole(course), case


def _moved(course: courses.Course, theirs: profile.Profile, target: Fraction, change: courses.Change) -> Any:
    if isinstance(change, EarlyEnd):
        return courses.ended(course, change.last), theirs.ended(change.last)
    if isinstance(change, Extension):
        span, share = (change.first, change.last), Fraction(change.value, change.original_value)
        ours = courses.extended(course, target, *span, change.value, change.original_value)
        return ours, theirs.extended(*span, target * share)
    ratio = Fraction(change.new, change.old)
    before = change.day - timedelta(days=1)
    return courses.revalued(course, before, change.old, change.new), theirs.valued_anew(change.day, ratio)


def _days(random: Random, first: date) -> list[date]:
    return [first + timedelta(days=random.randint(-100, 3000)) for _ in range(3)]


def _by_place(frame: pd.DataFrame) -> Iterator[tuple[Place, Any]]:
    return (((row.contract_ref, row.measure_code), row) for row in frame.itertuples())


def _stand(
    case: Case,
    code: str,
    target: asks.Target,
    twice: set[outcomes.Claimed],
    day: date,
    today: date,
    since: date,
) -> tuple[Any, ...]:
    """Agreed, due and due by the last return; claimed, evidenced and verified; the return; the rating."""
    agreed, due = _due(case, code, target, day)
    changes = courses.standing(case.changes)
    low = asks.class_of(case.facts.risk) == "low"
    asked = outcomes.asked_for(case.facts.first, case.facts.last, changes, day, low_risk=low)
    asked = [start for start in asked if courses.quarter(start)[1] >= since]
    done = outcomes.done(code, *_counting(case, code, twice), day, asked)
    wanted = outcomes.owed(asked, today)
    by_return = due
    if low:
        by_return = _due(case, code, target, courses.quarter(asked[-1])[1])[1] if asked else Fraction(0)
    came = [start for start in case.came if courses.quarter(start)[1] <= day]
    rag = outcomes.rag(by_return, done.verified, outcomes.missing_in_a_row(wanted, came))
    is_asked = bool(asked) and asked[-1] == courses.quarter(day)[0]
    status = _status(case, wanted, day)
    return agreed, due, by_return, done.claimed, done.evidenced, done.verified, is_asked, status, rag


def _counting(
    case: Case, code: str, twice: set[outcomes.Claimed]
) -> tuple[list[outcomes.Line], list[outcomes.Verified]]:
    """The lines of a measure that count, and what was verified of it."""
    every = [(code, district, line) for code, lines in case.lines.items() for district, line in lines]
    checks = case.checks.get(code, [])
    lines = case.lines.get(code, [])
    again = outcomes.given_before(every)
    return outcomes.counting(case.supplier, code, lines, checks, twice, again), checks


def _spoken_of(case: Case) -> dict[date, int]:
    """Of how many quarters the return of each quarter speaks."""
    facts = case.facts
    if asks.class_of(facts.risk) != "low":
        return dict.fromkeys(case.came, 1)
    last = courses.last_day(facts.last, courses.standing(case.changes))
    wanted = outcomes.asked_for(facts.first, facts.last, courses.standing(case.changes), last, low_risk=False)
    wanted += [outcomes.closing(last, last)]
    return {start: outcomes.spoken_of(start, set(wanted), case.came) for start in case.came}


def _due(case: Case, code: str, target: asks.Target, day: date) -> tuple[Fraction, Fraction]:
    facts = case.facts
    per_million = case.guaranteed is False and target.is_computed and code not in courses.LEVELS
    if per_million and asks.counted(facts):
        changes = courses.standing(case.changes)
        due = courses.due_on_invoices(target.agreed, asks.counted(facts), case.invoices, changes, day)
        return due, due
    now = _course(case, code, target, day)
    return courses.whole(now), courses.due(now, day)


def _course(case: Case, code: str, target: asks.Target, day: date) -> courses.Course:
    """A target over time as what happened up to a day has made it."""
    changes = courses.standing(case.changes)
    span = case.facts.first, case.facts.last
    last = courses.last_day(case.facts.last, changes)
    moves = target.is_computed and code not in courses.LEVELS
    told = courses.Told(code, target.agreed, span, case.first_steps(code), last, moves)
    renewals = () if target.is_computed else _renewals(case, code, target)
    return told.course([*changes, *renewals, *_stagings(case, code)], day)


def _renewals(case: Case, code: str, target: asks.Target) -> Iterator[courses.Renewal]:
    """What the supplier promised later, since the override that stands, each to the last day as it was known."""
    for shows, promise in case.promises(code).later.items():
        if target.override and (promise.day, promise.number) <= (target.override.day, target.override.number):
            continue
        yield courses.Renewal(shows, promise.quantity, _end_known(case, promise.day, shows))


def _stagings(case: Case, code: str) -> Iterator[courses.Staging]:
    """The milestones decided in the term, those of one day together; a level has none."""
    steps = sorted(case.milestones.get(code, ()), key=lambda step: (step.day, in_order(step.number)))
    for day in sorted({step.day for step in steps if step.day > case.facts.first}):
        if code not in courses.LEVELS:
            of_day = tuple(step for step in steps if step.day == day)
            yield courses.Staging(day, of_day, max(_end_known(case, day, day), day))


def _end_known(case: Case, decided: date, shows: date) -> date:
    """The last day, without an early end, as it was known on a day; where that is before it shows, as it is known."""
    extensions = [
        (on, change) for on, change in courses.standing_since(case.changes) if isinstance(change, Extension)
    ]
    known = [change for on, change in extensions if on <= decided]
    last = courses.last_day(case.facts.last, known)
    return last if last >= shows else courses.last_day(case.facts.last, [change for _, change in extensions])


def _status(case: Case, wanted: list[date], day: date) -> str:
    start = courses.quarter(day)[0]
    if start in case.came:
        return "nil" if start in case.nil else "received"
    return "missing" if start in wanted else "not due"
