"""A night killed at any moment, two nights at once, a night beside the UI, a record of runs that refuses.

Does not belong here: kills of the pack alone (`tests/unit/test_pack`) and of landing alone (`test_landing`).
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from kcc_etl.dagster_home import INSTANCE_SETTINGS, close_dead_runs, instance
from kcc_etl.exceptions import RunHistoryError, RunUnderWayError
from kcc_etl.night import run_night
from kcc_etl.resources import house_resources, turn
from kcc_etl.settings import Settings, load_settings
from tests.pipeline.support import ROOT, kcc_etl

DRIVER = Path(__file__).with_name("night_driver.py")
SEED = 20261123
posix = pytest.mark.skipif(os.name != "posix", reason="the driver forks, and kills with SIGKILL")

SETTINGS = """\
as_of = 2026-11-23
[authority]
name = "Council"
address = "1 Street"
email = "a@example.org"
ids = ["GB-PPON-PABC-1234-DEFG"]
[[sources]]
name = "source"
kind = "register"
path = "inbox"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A house where nothing has run."""
    file = tmp_path / "kcc_etl.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "inbox").mkdir()
    return load_settings(file)


@contextmanager
def another_run(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another process that is at work on the data folder."""
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom kcc_etl.lockfile import held\n"
        "with held(Path(sys.argv[1]), wait=False):\n    print('ready', flush=True)\n    time.sleep(600)\n"
    )
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", program, str(settings.run_lock)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        try:
            yield other
        finally:
            other.kill()


def driven(folder: Path) -> list[dict[str, Any]]:
    """One line for each night of the driver."""
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(folder), str(SEED)],
        env={**os.environ, "DAGSTER_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def said(outcome: Any) -> str:
    told = " ".join((outcome.out + outcome.err).split())
    assert "Traceback" not in told
    return told


@posix
@pytest.mark.long
def test_twenty_kills_leave_the_old_publication_or_the_new_and_the_next_run_finishes_the_work(tmp_path: Path):
    nights = driven(tmp_path)
    undisturbed, killed, last = (
        [night for night in nights if night["what"] == what] for what in ("undisturbed", "killed", "last")
    )

    assert len({night["pack"] for night in undisturbed}) == 4
    assert len(killed) == 20
    assert {night["old"] for night in killed} >= {"", undisturbed[0]["pack"]}
    for night in nights:
        assert night["faults"] == [], night
        assert night["warehouse"] == "ok", night
    for night in killed:
        assert night["pack"] in (night["old"], *night["new"]), night
    assert len(last) == 2
    for night in last:
        assert (night["code"], night["failures"], night["leftovers"]) == (1, [], []), night
        assert night["pack"] == night["new"]
        assert night["same_findings"]
        # Dagster's record: a killed run is shown as failed, unless it was killed before it was entered.
        assert set(night["runs"]) == {"SUCCESS", "FAILURE"}
        assert night["runs"][-1] == "SUCCESS"


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED])
def test_a_dead_run_is_closed_whatever_lives_under_its_process_number_and_others_are_left(
    settings: Settings, status: dg.DagsterRunStatus
):
    ours = {"kcc_etl/launched_by": "kcc-etl run", "kcc_etl/pid": str(os.getpid())}
    with instance(settings) as record:
        dead = dg.DagsterRun(job_name="nightly", status=status, tags=ours)
        of_the_ui = dg.DagsterRun(job_name="nightly", status=status)
        for run in (dead, of_the_ui):
            record.add_run(run)
        close_dead_runs(record, settings.dagster_home)
        after = [record.get_run_by_id(run.run_id) for run in (dead, of_the_ui)]

    assert [run.status for run in after if run] == [dg.DagsterRunStatus.FAILURE, status]


def test_half_a_settings_file_of_dagster_is_never_left(settings: Settings):
    settings.dagster_home.mkdir(parents=True)
    (settings.dagster_home / ".aside-killed.tmp").write_text("telem")
    with instance(settings) as record:
        assert not record.telemetry_enabled
        close_dead_runs(record, settings.dagster_home)

    assert not list(settings.dagster_home.glob(".aside*"))
    assert (settings.dagster_home / "dagster.yaml").read_text() == INSTANCE_SETTINGS


def test_a_second_run_says_that_one_is_under_way_and_does_nothing(settings: Settings):
    with another_run(settings):
        outcome = kcc_etl("run", "--config", settings.folder / "kcc_etl.toml")

    assert outcome.code == 2, outcome.err
    assert "Another run is at work" in said(outcome)
    assert {path.name for path in settings.data_folder.iterdir()} == {"run.lock"}


def test_the_turn_of_a_run_that_was_killed_is_free_at_once(settings: Settings):
    with another_run(settings) as other:
        with pytest.raises(RunUnderWayError), turn(settings, wait=False):
            pass
        other.kill()
        other.wait()
        with turn(settings, wait=False):
            pass


def test_a_run_of_the_ui_waits_for_its_turn_and_keeps_the_command_out(settings: Settings):
    @dg.op(required_resource_keys={"warehouse"})
    def work() -> None:
        with pytest.raises(RunUnderWayError), turn(settings, wait=False):
            pass

    @dg.job(resource_defs=house_resources(str(settings.folder / "kcc_etl.toml"))._asdict())
    def of_the_ui() -> None:
        work()

    with another_run(settings) as other:
        started = time.monotonic()
        end = threading.Timer(1.5, other.kill)
        end.start()
        result = of_the_ui.execute_in_process()
        end.join()

    assert result.success
    assert time.monotonic() - started >= 1.4
    with turn(settings, wait=False):
        pass


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("locked", "database is locked"),
        ("damaged", "not a database"),
        ("a folder in its place", "unable to open"),
        ("a strange setting", "dagster.yaml"),
    ],
)
def test_a_record_of_runs_that_refuses_is_told_in_a_sentence(settings: Settings, fault: str, words: str):
    home = settings.dagster_home
    database = home / "history" / "runs.db"
    with instance(settings):
        pass
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        if fault == "locked":
            other.execute("PRAGMA locking_mode=exclusive")
            other.execute("BEGIN EXCLUSIVE")
        elif fault == "damaged":
            database.write_bytes(b"no database" * 1000)
        elif fault == "a folder in its place":
            for path in (home / "history").glob("runs.db*"):
                path.unlink()
            database.mkdir()
        else:
            (home / "dagster.yaml").write_text("telemetri: 1\n")
        with pytest.raises(RunHistoryError, match=words) as told:
            run_night(settings.folder / "kcc_etl.toml")

    assert told.value.exit_code == 3
    assert len(told.value.message.splitlines()) == 1
