"""The pack alone, launched for a quarter whose figures the warehouse does not hold: nothing is published."""

from __future__ import annotations

import os
import subprocess
import sys

from kcc_etl import asset_keys as keys
from tests.pipeline.support import ROOT, County


def test_the_pack_of_a_quarter_is_refused_while_the_figures_are_another_quarters(copy_of_county: County):
    command = [sys.executable, "-m", "dagster", "asset", "materialize", "-m", "kcc_etl.definitions"]
    done = subprocess.run(
        [*command, "--select", keys.PUB_PACK, "--partition", "2026-27-Q1"],
        cwd=copy_of_county.folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "KCC_ETL_CONFIG": str(copy_of_county.config),
            "DAGSTER_HOME": str(copy_of_county.data / "dagster"),
            "DAGSTER_DISABLE_TELEMETRY": "true",
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert done.returncode != 0
    assert "Spend over £500 holds the figures of 2026-27-Q2" in done.stdout + done.stderr
    assert not (copy_of_county.pack.parent / "2026-27-Q1").exists()
