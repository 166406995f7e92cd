"""Tools that some tests need and not every machine has."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Real public data: read where it stands, never copied into the project."""

REQUIRE = "KCC_ETL_REQUIRE_TOOLS"
"""Set where every tool is expected, such as in CI: a missing one then fails the test."""


def needs(tool: str) -> str:
    """The path of a program; without it the test is skipped, or fails where tools are required."""
    found = shutil.which(tool)
    if found is None:
        missing(f"{tool} is not on this machine")
    return str(found)


def needs_data(path: str = "") -> Path:
    """A path below the real public data beside the project; without it as without a tool."""
    found = DATA / path
    if not found.exists():
        missing(f"there is no real data at {found}")
    return found


def missing(reason: str) -> None:
    """Skip with a reason, or fail where tools are required."""
    if os.environ.get(REQUIRE):
        pytest.fail(f"{reason}, and {REQUIRE} is set")
    pytest.skip(reason)
