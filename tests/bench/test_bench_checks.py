"""All checks on payments, against the same conditions by hand and Great Expectations as its guides use it.

Printed, never asserted on time; all ways must find the same lines. Run with `make bench`. Every way and size has a
process of its own, so that its memory is its own. Great Expectations is imported before the clock starts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytestmark = pytest.mark.bench

ROOT = Path(__file__).resolve().parents[2]
SIZES = ((10_000, 0.0), (100_000, 0.0), (1_000_000, 0.0), (1_000_000, 0.1))
"""Payments, and the share of them paid before their invoice came, beside a few faults of every rule."""
WAYS = ("pandas", "polars", "guides", "house", "house, all its rules")


def measured(way: str, number: int, faulty: float) -> dict[str, Any]:
    """What one way takes, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.checks_driver", way, str(number), str(faulty)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def test_all_ways_find_the_same_lines() -> None:
    rows = [measured(way, number, faulty) for number, faulty in SIZES for way in WAYS]
    found = {(row["payments"], row["faulty"]): row["found"] for row in rows if row["way"] == "pandas"}
    for row in rows:
        by_hand = found[row["payments"], row["faulty"]]
        assert {rule: row["found"][rule] for rule in by_hand} == by_hand, row["way"]
    table = pd.DataFrame(rows).drop(columns="found")
    hand = table["seconds"].where(table["way"] == "pandas").groupby([table["payments"], table["faulty"]])
    table["times by hand"] = table["seconds"] / hand.transform("max")
    print(f"\n{table.round(2).to_string(index=False)}")

    assert (table["failing rows"] > 0).all()
