"""Spoilt files by the thousand: every one has a fate, none stops the program, none shows its inner words."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kcc_etl.intake.workbooks.guard import Guard
from tests.fuzz.bout import Tally, bout, read_mutant

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the driver forks")

TRIPPED = [("part", 9606)]
"""Mutants at which the program once stumbled: a sheet that is not read, with a row number beyond 64 bits."""
SAMPLE = [("byte", seed) for seed in range(1_800)] + [("part", seed) for seed in range(200)] + TRIPPED
FULL_BYTES, FULL_PARTS = 100_000, 10_000
_SLICE = 2_500


def test_two_thousand_mutants_have_a_fate(tmp_path: Path) -> None:
    tally = bout(SAMPLE, tmp_path)
    _must_be_clean(tally, len(SAMPLE))
    assert tally.fates["accepted"] > 0
    assert tally.fates["quarantined IN-001"] > 0


def test_mutants_have_the_same_fate_behind_the_guard(tmp_path: Path) -> None:
    """A share of the workbooks in the processes that the night uses."""
    mutants = [("part", seed) for seed in range(60)]
    here = bout(mutants, tmp_path)
    with Guard() as guard:
        behind = [read_mutant(mutant, tmp_path, guard) for mutant in mutants]
    assert sum(here.fates.values()) == len(behind)
    assert sorted(behind) == sorted(here.fates.elements())


@pytest.mark.fuzz
def test_a_hundred_and_ten_thousand_mutants_have_a_fate(tmp_path: Path) -> None:
    everything = [("byte", seed) for seed in range(FULL_BYTES)] + [
        ("part", seed) for seed in range(FULL_PARTS)
    ]
    slices = [everything[start : start + _SLICE] for start in range(0, len(everything), _SLICE)]
    with ThreadPoolExecutor(2) as threads:  # each bout forks a process of its own
        tallies = list(threads.map(lambda each: bout(each, tmp_path), slices))
    whole = Tally()
    for tally in tallies:
        whole.fates += tally.fates
        whole.faults += tally.faults
    for fate, count in whole.fates.most_common():
        print(f"{count:8,} {fate}")
    _must_be_clean(whole, len(everything))


def _must_be_clean(tally: Tally, count: int) -> None:
    assert tally.faults == [], f"{len(tally.faults)} mutants: " + "\n".join(map(str, tally.faults[:10]))
    first = {fate: n for fate, n in tally.fates.items() if not fate.startswith("by the guard")}
    assert sum(first.values()) == count
    assert set(map(_kind_of, tally.fates)) <= {"accepted", "quarantined", "refused", "by", "ended"}


def _kind_of(fate: str) -> str:
    return fate.split()[0]
