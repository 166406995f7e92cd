"""How long a night takes and how much memory: printed, never asserted. Run with `make bench`."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from tests.pipeline.support import kcc_etl

pytestmark = pytest.mark.bench


def test_a_first_and_a_second_night_of_the_sample(tmp_path: Path):
    rows = []
    for name, arguments in (
        ("init", ("init", tmp_path, "--quiet")),
        ("first night", ("run", "--config", tmp_path / "kcc_etl.toml", "--quiet")),
        ("second night", ("run", "--config", tmp_path / "kcc_etl.toml", "--quiet")),
    ):
        began, worked = time.perf_counter(), _worked()
        outcome = kcc_etl(*arguments)
        rows.append((name, time.perf_counter() - began, _worked() - worked, outcome.code))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    for name, seconds, work, code in rows:
        print(f"{name:14} {seconds:6.1f} s, of processor time {work:6.1f} s   exit {code}")
    print(f"peak memory of one process {peak:.0f} MB")

    assert [code for *_, code in rows] == [0, 1, 1]


def _worked() -> float:
    """Seconds of processor time of all finished children, which a busy machine stretches less."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
