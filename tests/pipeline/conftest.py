"""One sample county, made and run once by the real command, and read by the tests of every test process."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from kcc_etl.lockfile import held
from tests.pipeline.support import County, Outcome, kcc_etl, said


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """The sample after one nightly run. Read it; do not change it and start nothing in it."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # the folder that all test processes of this run share
    folder, printed = base / "the-county", base / "the-county.json"
    with held(base / "the-county.lock", wait=True):
        if not printed.exists():
            made = said("init", folder)
            assert made.code == 0, made.err
            printed.write_text(json.dumps(asdict(kcc_etl("run", "--config", folder / "kcc_etl.toml"))))
    return County(folder, Outcome(**json.loads(printed.read_text())))


@pytest.fixture
def copy_of_county(county: County, tmp_path: Path) -> County:
    """A copy of the county after its first run, to change at will."""
    folder = tmp_path / "county"
    shutil.copytree(county.folder, folder, symlinks=True)
    return County(folder, county.first)
