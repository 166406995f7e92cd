"""No child takes more than its memory or its time, whatever the workbook, and the one who asked goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kcc_etl.intake.workbooks.guard import MEMORY

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")


def test_no_child_goes_beyond_its_limits_on_the_worst_packages() -> None:
    done = _driven(rows=1_000, seconds=0.001)
    assert done["largest"] <= MEMORY
    assert done["fates"][-4:-2] == ["accepted", "IN-023"], "read whole, and given up when its time is out"
    assert done["fates"][-2:] == ["IN-023", "accepted"], (
        "given up in little memory, and read whole in four times it"
    )


@pytest.mark.long
def test_a_workbook_too_large_for_its_child_is_kept_and_named() -> None:
    """Six million cells, just below the limits of the package: no child can hold them."""
    done = _driven(rows=150_000, seconds=1)
    assert done["fates"][-4:-2] == ["IN-023", "IN-023"]
    assert done["largest"] <= MEMORY


def _driven(rows: int, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.hostile.limits_driver", str(rows), str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    return dict(json.loads(done.stdout))
