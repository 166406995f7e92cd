"""One sample county, made and run once per test process by the real command, and read by many tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pipeline.support import County, kcc_etl


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """The sample after one nightly run. Read it; do not change it."""
    folder = tmp_path_factory.mktemp("county")
    made = kcc_etl("init", folder)
    assert made.code == 0, made.err
    return County(folder, kcc_etl("run", "--config", folder / "kcc_etl.toml"))


@pytest.fixture
def copy_of_county(county: County, tmp_path: Path) -> County:
    """A copy of the county after its first run, to change at will."""
    folder = tmp_path / "county"
    shutil.copytree(county.folder, folder, symlinks=True)
    return County(folder, county.first)
