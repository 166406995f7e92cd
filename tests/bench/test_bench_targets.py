"""Targets of 10,000 contracts and how they stand in twelve quarters; growth to 100,000. Printed, never asserted.

Run with `make bench`. Every size has a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.bench

# Contracts, and of how many of the twelve quarters the delivery is.
SIZES = ((1_000, 12), (10_000, 12), (100_000, 12), (100_000, 1))
ROOT = Path(__file__).resolve().parents[2]


def measured(number: int, quarters: int) -> dict[str, float]:
    """Seconds and memory of one size."""
    command = [sys.executable, "-m", "tests.bench.targets_driver", str(number), str(quarters)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def test_targets_and_delivery_grow_with_the_contracts() -> None:
    table = pd.DataFrame([measured(number, quarters) for number, quarters in SIZES])
    table["targets µs each"] = 1e6 * table["targets s"] / table["targets"]
    table["delivery µs a row"] = 1e6 * table["delivery s"] / table["rows"]
    table["KB a contract"] = 1024 * (table["peak MB"] - table["peak MB"].iloc[0]) / table["contracts"]
    print(f"\n{table.round(1).to_string(index=False)}")
    small, large = table.iloc[0], table.iloc[2]
    times = large["contracts"] / small["contracts"]
    for name in ("targets s", "delivery s", "peak MB"):
        print(f"{times:,.0f} times the contracts: {name} grow {large[name] / small[name]:,.1f} times")

    assert (table["rows"] > 0).all()
