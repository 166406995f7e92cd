"""Several editions of the policy, each with another stage of relief: the program against the second implementation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pandas as pd
import pytest

from kcc_etl.domain.targets import compute_targets
from kcc_etl.parameters.load import load_parameters
from kcc_etl.parameters.model import Parameters
from tests.reference import as_frames, asks, generated

SEED = 23
NUMBERS = [300, pytest.param(10_000, marks=pytest.mark.long)]
TODAY = date(2026, 6, 15)

COMMENCED = [
    date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1),
]  # fmt: skip
AWARDED = [None, date(2026, 6, 14), TODAY, date(2026, 6, 16)]
PLACES = list(product(COMMENCED, AWARDED))


def _editions() -> Parameters:
    """The policy three times, with the first days and the stages of the second implementation."""
    loaded = load_parameters()
    policy = loaded.policy
    editions = tuple(
        replace(
            policy,
            about=replace(policy.about, effective_from=first),
            relief=replace(policy.relief, stage=stage),
        )
        for first, stage in asks.STAGES
    )
    versions = tuple(f"{loaded.edition_versions[0]}-{n}" for n in range(len(editions)))
    return replace(loaded, policies=editions, edition_versions=versions)


@pytest.mark.parametrize("number", NUMBERS)
def test_targets_of_each_edition_agree(number):
    found = generated.cases(SEED, number)
    days = [PLACES[place % len(PLACES)] for place in range(number)]
    contracts = as_frames.contract_frame(found).assign(
        procurement_commenced_on=pd.to_datetime([commenced for commenced, _ in days]),
        awarded_on=pd.to_datetime([awarded for _, awarded in days]),
    )
    made = compute_targets(contracts, as_frames.decision_frame(found), _editions(), TODAY)
    theirs = {(row.contract_ref, row.measure_code): (row.target, row.original) for row in made.itertuples()}
    ours = {}
    seen = set()
    for case, (commenced, awarded) in zip(found, days, strict=True):
        facts = asks.as_relieved(case.facts, commenced, awarded, TODAY)
        if facts is None:
            continue
        for code, target in asks.targets(facts, case.own, case.overrides).items():
            ours[facts.ref, code] = (target.calculated, target.agreed)
        seen.add((commenced >= date(2026, 2, 1), facts is case.facts))

    assert theirs == ours
    assert seen >= {(False, True), (True, True), (True, False)}
