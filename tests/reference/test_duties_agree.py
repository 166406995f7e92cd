"""The duties against the second implementation, on generated contracts, day for day."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.worked_out import contract_duties
from kcc_etl.parameters.load import load_parameters
from tests.reference import duties_again, generated_duties

LAW = load_parameters().law
SEED = 6
NUMBERS = [1_000, pytest.param(10_000, marks=pytest.mark.long)]


@pytest.fixture(scope="module", params=NUMBERS)
def found(request: pytest.FixtureRequest) -> list[duties_again.Case]:
    return generated_duties.cases(SEED, request.param)


@pytest.mark.parametrize(
    "today", [date(2026, 11, 23), pytest.param(date(2028, 3, 1), marks=pytest.mark.long)]
)
def test_every_duty_and_its_days_agree(found: list[duties_again.Case], today: date) -> None:
    refs = {case.ref for case in found}
    ours: dict[str, duties_again.Answer] = {ref: {} for ref in refs}
    for duty in contract_duties(generated_duties.books(found), LAW, today):
        if duty.subject in refs and not (
            duty.kind == d.CHANGE and duty.done and duty.occasion.startswith(duty.subject)
        ):
            ours[duty.subject][duty.kind, duty.occasion] = (duty.state, duty.last_on)
    differing = {
        case.ref: (
            case,
            {
                k: (ours[case.ref].get(k), expected.get(k))
                for k in {*ours[case.ref], *expected}
                if ours[case.ref].get(k) != expected.get(k)
            },
        )
        for case in found
        if (expected := duties_again.duties(case, today)) != ours[case.ref]
    }
    assert list(differing.values())[:2] == []
    states = Counter((kind, state) for answers in ours.values() for (kind, _), (state, _) in answers.items())
    assert {kind for kind, _ in states} == set(d.CONTRACT_KINDS)
    few = [
        kind
        for kind in d.CONTRACT_KINDS
        if sum(n for (k, s), n in states.items() if k == kind and s != "not needed") < 10
    ]
    assert few == []
