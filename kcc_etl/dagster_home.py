"""Dagster's own record of the runs, in the data folder: made on first use, and kept true of runs that died.

Does not belong here: what a run does (`kcc_etl.night`), which runs may start (`kcc_etl.resources.turn`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from kcc_etl.exceptions import RunHistoryError
from kcc_etl.intake.landing.atomic import sweep_asides, write_atomically
from kcc_etl.settings import ENVIRONMENT_VARIABLE, Settings

INSTANCE_SETTINGS = """\
# Written by kcc-etl. Nothing is sent to Dagster's makers, and the first-run pop-up stays away.
telemetry:
  enabled: false
nux:
  enabled: false
run_monitoring:
  enabled: true
  max_runtime_seconds: 14400
"""
LAUNCHED_HERE = {"kcc_etl/launched_by": "kcc-etl run"}
"""Tag of the runs that this program started, in its own process and in its turn."""

_UNFINISHED = [
    status
    for status in dg.DagsterRunStatus
    if status not in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
]


@contextmanager
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance in the data folder, made on first use, with telemetry off.

    Raises RunHistoryError when its databases refuse, now or at any moment inside.
    """
    home = prepare_home(settings)
    try:
        with _opened(home) as dagster_instance:
            yield dagster_instance
    except SQLAlchemyError as error:
        raise _unusable(home, _first_line(getattr(error, "orig", None) or error)) from error


def prepare_home(settings: Settings) -> Path:
    """The folder of the Dagster instance, with its settings file. Raises RunHistoryError."""
    home = settings.dagster_home
    target = home / "dagster.yaml"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            # At once or not at all: half a settings file would leave Dagster's telemetry on.
            write_atomically(target, INSTANCE_SETTINGS.encode())
    except OSError as error:
        raise _unusable(home, error.strerror or type(error).__name__) from error
    return home


def environment(config: Path, settings: Settings) -> dict[str, str]:
    """Environment for a process of Dagster's own, such as the UI: same settings, no telemetry."""
    return {
        **os.environ,
        ENVIRONMENT_VARIABLE: str(config),
        "DAGSTER_HOME": str(prepare_home(settings)),
        "DAGSTER_DISABLE_TELEMETRY": "true",
        "GX_ANALYTICS_ENABLED": "false",
    }


def close_dead_runs(dagster_instance: dg.DagsterInstance, home: Path) -> None:
    """Mark as failed the runs of this program that never ended (killed, or the power went).

    Only for one whose turn it is: since such a run lives no longer than its turn, none of them can be alive.
    No process number is asked, for the system gives numbers out again.
    """
    sweep_asides(home)
    dead = dagster_instance.get_runs(dg.RunsFilter(statuses=_UNFINISHED, tags=LAUNCHED_HERE))
    for run in dead:
        dagster_instance.report_run_failed(
            run, "The process of this run is gone; the next run does its work."
        )


def _opened(home: Path) -> dg.DagsterInstance:
    from kcc_etl.run_history import open_instance  # loads Alembic, which only a run needs

    try:
        return open_instance(home)
    except dg.DagsterError as error:  # its settings file is no longer ours
        raise _unusable(home, _first_line(error)) from error


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _unusable(home: Path, why: str) -> RunHistoryError:
    return RunHistoryError(
        f"Dagster's record of the runs in {home} cannot be used: {why.rstrip('.')}",
        expected="databases and settings that answer within some seconds, in a folder with room",
        remedy="Close what holds them, mend the permissions, or move the folder away; then run again",
    )
