"""`workspace.yaml` from anywhere: it loads, holds the whole pipeline, and validates."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kcc_etl import asset_keys
from kcc_etl.schema.tables import TABLES
from tests.pipeline.servers import free_port, serving
from tests.pipeline.support import ROOT, said

WORKSPACE = ROOT / "workspace.yaml"
LOCATIONS = """{
  workspaceOrError { ... on Workspace { locationEntries {
    name
    locationOrLoadError {
      ... on PythonError { message }
      ... on RepositoryLocation { repositories { assetNodes { assetKey { path } } jobs { name } } }
    }
  } } }
}"""


@pytest.mark.long
def test_dagster_dev_with_the_workspace_works_from_another_folder(tmp_path: Path):
    county, elsewhere = tmp_path / "county", tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert said("init", county).code == 0
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-w",
        str(WORKSPACE),
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    with serving(command, port, elsewhere, KCC_ETL_CONFIG=str(county / "kcc_etl.toml")) as server:
        (location,) = server.ask(LOCATIONS)["workspaceOrError"]["locationEntries"]

    assert location["name"] == "kcc_etl.definitions"
    assert "message" not in location["locationOrLoadError"], location
    (repository,) = location["locationOrLoadError"]["repositories"]
    nodes = {node["assetKey"]["path"][0] for node in repository["assetNodes"]}
    held = {name for name in TABLES if name in {str(value) for value in vars(asset_keys).values()}}
    published = {value for name, value in vars(asset_keys).items() if name.startswith("PUB_")}
    assert nodes == held | published
    assert {"nightly", "quarterly"} <= {job["name"] for job in repository["jobs"]}


def test_the_definitions_validate(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-w", str(WORKSPACE)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "All code locations passed validation" in done.stdout + done.stderr
