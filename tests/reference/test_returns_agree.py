"""Which returns stand, are refused or missing: the program against the second implementation."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from random import Random

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.core import build_claims, returns_held
from kcc_etl.domain.periods import quarters_between
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.domain.returns import ReturnBook
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames
from tests.reference import arrivals, as_frames, asks, courses, generated, outcomes
from tests.reference.arrivals import Workbook
from tests.reference.case import Case

PARAMETERS = load_parameters()
SEED = 17
NUMBERS = [1_000, pytest.param(10_000, marks=pytest.mark.long)]

World = tuple[list[Case], dict[str, list[Workbook]]]


@pytest.fixture(scope="module", params=NUMBERS)
def world(request: pytest.FixtureRequest) -> World:
    random = Random(SEED)
    cases = [_redated(random, case) for case in generated.cases(SEED, request.param)]
    return cases, {case.facts.ref: _workbooks(random, case) for case in cases}


def _redated(random: Random, case: Case) -> Case:
    """The contract at its first value, with its changes decided on any day, before or after its returns landed."""
    span = (case.facts.last - case.facts.first).days + 300
    days = [case.facts.first + timedelta(days=random.randint(-30, span)) for _ in case.changes]
    changes = [(day, number, change) for day, (_, number, change) in zip(days, case.changes, strict=True)]
    shown = case.shown and (case.facts.value, case.shown[1])
    return Case(case.facts, case.guaranteed, changes, shown=shown)


def _workbooks(random: Random, case: Case) -> list[Workbook]:
    found = []
    for order in range(random.choice([0, 1, 2, 3, 6])):
        day = case.facts.first + timedelta(days=random.randint(0, 700))
        if random.random() < 0.4:
            day = max(random.choice([case.facts.last, _end_known(case, date.max)]), case.facts.first)
        landed = courses.quarter(day)[1] + timedelta(days=random.randint(-40, 300))
        saved = landed - timedelta(days=random.randint(-3, 20))
        found.append(
            Workbook(
                file=f"{case.facts.ref}-{order}.xlsx",
                day=day,
                is_year=random.random() < (0.6 if _is_yearly(case) else 0.1),
                landed=landed,
                order=order,
                saved=f"{saved.isoformat()}T09:00:0{order}Z" if random.random() < 0.7 else None,
            )
        )
    return found


def _is_yearly(case: Case) -> bool:
    return asks.class_of(case.facts.risk) == "low"


def _end_known(case: Case, day: date) -> date:
    decided = [change for change in case.changes if change[0] <= day]
    return courses.last_day(case.facts.last, courses.standing(decided))


def _stated(one: Workbook) -> str:
    return as_frames.period_id(one.day)[:7] if one.is_year else as_frames.period_id(one.day)


def _raw(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The workbooks as they landed, and their ledger."""
    lines, arrived = [], []
    for case in world[0]:
        for one in world[1][case.facts.ref]:
            file = {"source_sha256": one.file, "source_name": "src", "source_file": one.file}
            about = {"contract_ref": case.facts.ref, "supplier_name": case.supplier, "is_nil": True}
            days = {"period": _stated(one), "saved_at": one.saved, "received_on": one.landed}
            lines.append({**file, "source_sheet": "Return", "source_row": 13, **about, **days})
            arrived.append({**file, "sequence": one.order, "landed_on": one.landed})
    return frames.from_rows(lines, keys.RAW_CLAIM), frames.from_rows(arrived, "ledger")


def _judged(world: World) -> dict[str, dict[str, tuple[str, date | None]]]:
    return {
        case.facts.ref: arrivals.judged(
            world[1][case.facts.ref], partial(_end_known, case), yearly=_is_yearly(case)
        )
        for case in world[0]
    }


def test_which_returns_stand_and_which_are_refused_agrees(world):
    contracts, decisions = as_frames.contract_frame(world[0]), as_frames.decision_frame(world[0])
    terms = ReturnTerms(contracts, PARAMETERS, decisions)
    raw, ledger = _raw(world)
    core = build_claims(raw, contracts, ledger, frames.empty("file_column"), [], terms=terms)
    theirs = dict(zip(core.set_aside["source_file"], core.set_aside["rule_id"], strict=True))
    counted = dict(zip(core.rows["source_file"], core.rows["period"], strict=True))
    ours = _judged(world)
    for ref, verdicts in ours.items():
        for file, (rule, day) in verdicts.items():
            expected = rule or as_frames.period_id(day)
            assert theirs.get(file, counted.get(file)) == expected, (ref, file, world[1][ref])
    assert {"RT-017", "RT-025", "RT-026"} <= set(theirs.values())

    held = returns_held(raw, core.rows, frames.empty("receipt"), ledger)
    book = ReturnBook(contracts, core.rows, PARAMETERS, held, decisions=decisions)
    states = set()
    for case in world[0]:
        came = world[1][case.facts.ref]
        for quarter in quarters_between(case.facts.first, case.facts.first + timedelta(days=1100)):
            account = book.account(case.facts.ref, quarter)
            expected = _status(case, came, ours[case.facts.ref], quarter.start)
            assert (account.status, account.is_asked) == expected, (quarter.id, case, came)
            states.add(expected)
    assert {("nil", True), ("nil", False), ("refused", True), ("missing", True), ("not due", False)} <= states


def _status(
    case: Case, came: list[Workbook], verdicts: dict[str, tuple[str, date | None]], start: date
) -> tuple[str, bool]:
    """How the return of a quarter stands, and whether it was asked for."""
    counted = {day for rule, day in verdicts.values() if not rule}
    held = [(one, _of_quarter(case, one)) for one in arrivals.refused(came, verdicts)]
    years = {verdicts[one.file][1] for one in came if one.is_year and not verdicts[one.file][0]}
    years |= {day for one, day in held if one.is_year and _is_yearly(case)}
    asked = _asked(case, {day for day in years if day is not None})
    is_asked = start in asked
    if start in counted:
        return "nil", is_asked
    if start in {day for _, day in held}:
        return "refused", is_asked
    return ("missing" if is_asked else "not due"), is_asked


def _of_quarter(case: Case, one: Workbook) -> date | None:
    """The quarter that a refused return would have been of."""
    if not one.is_year:
        return courses.quarter(one.day)[0]
    return outcomes.closing(one.day, _end_known(case, one.landed)) if _is_yearly(case) else None


def _asked(case: Case, told: set[date]) -> set[date]:
    """§8.2. The project's reading: a year that is told is not asked for in an earlier quarter of it."""
    first, last, changes = case.facts.first, case.facts.last, courses.standing(case.changes)
    low = _is_yearly(case)
    found = outcomes.asked_for(first, last, changes, date.max, low_risk=low)
    opens = max(courses.opening(first, courses.last_day(last, changes)), outcomes.POLICY_BEGAN)
    told = {day for day in told if courses.quarter(day)[1] >= opens}
    years = {arrivals.year_of(day): day for day in sorted(told)}
    return {day for day in found if years.get(arrivals.year_of(day), day) <= day} | told
