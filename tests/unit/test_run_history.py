"""Dagster's record of the runs kept open: the same files, read by Dagster's own classes, fewer openings."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.runs import SqliteRunStorage

from kcc_etl.run_history import KEPT_OPEN, Engines, KeptOpenEventLog, open_instance


@dg.asset
def figures() -> None:
    """Nothing, for the record."""


@dg.asset_check(asset=figures)
def is_there() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, int]:
    """A home with one run in it: where it is, the run, how often a database was opened for it."""
    home = tmp_path_factory.mktemp("home")
    opened: list[str] = []
    with open_instance(home) as instance:
        assert isinstance(instance.event_log_storage, KeptOpenEventLog)
        with pytest.MonkeyPatch.context() as patch:
            connect = sqlite3.dbapi2.connect
            patch.setattr(sqlite3.dbapi2, "connect", lambda *a, **k: opened.append(a[0]) or connect(*a, **k))
            result = dg.materialize([figures, is_there], instance=instance)
    return home, result.run_id, len(opened)


def test_dagsters_own_storage_reads_what_was_recorded(recorded: tuple[Path, str, int]) -> None:
    home, run_id, _ = recorded
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert not isinstance(instance.event_log_storage, KeptOpenEventLog)
        run = instance.get_run_by_id(run_id)
        assert run is not None
        assert run.status == dg.DagsterRunStatus.SUCCESS
        kinds = {log.dagster_event_type for log in instance.all_logs(run_id)}
        assert {
            dg.DagsterEventType.ASSET_MATERIALIZATION,
            dg.DagsterEventType.ASSET_CHECK_EVALUATION,
        } <= kinds
        checked = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(dg.AssetKey("figures"), "is_there"), limit=5
        )
        assert [record.status.value for record in checked] == ["SUCCEEDED"]


def test_a_database_is_opened_once_and_its_log_is_written_back_at_the_end(
    recorded: tuple[Path, str, int],
) -> None:
    home, _, openings = recorded
    assert openings <= 10, "Dagster's own classes open one more than a hundred times"
    assert [path.name for path in home.rglob("*-wal")] == []


def test_another_storage_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text(
        "event_log_storage:\n  module: dagster._core.storage.event_log\n"
        f"  class: ConsolidatedSqliteEventLogStorage\n  config:\n    base_dir: '{tmp_path}'\n"
    )
    with open_instance(tmp_path) as instance:
        assert type(instance.event_log_storage) is ConsolidatedSqliteEventLogStorage
        assert type(instance.run_storage) is SqliteRunStorage


def test_only_so_many_databases_are_open_at_once_and_each_answers(tmp_path: Path) -> None:
    engines = Engines()
    for _ in range(2):
        for number in range(KEPT_OPEN + 3):
            with engines.at(f"sqlite:///{tmp_path / str(number)}.db").begin() as connection:
                connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS here (a TEXT)")
    open_files = {link.resolve().name for link in Path("/proc/self/fd").iterdir() if link.exists()}
    assert len(open_files & {f"{number}.db" for number in range(KEPT_OPEN + 3)}) == KEPT_OPEN
    engines.close()
