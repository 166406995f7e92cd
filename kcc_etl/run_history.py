"""Dagster's SQLite storages with their databases kept open while a night lasts.

Does not belong here: where the record is kept and what it is told (`kcc_etl.dagster_home`).

Dagster opens and closes a database for every event, several thousand times a night, and the last close writes
the whole log back: a third of the work of a night. The files, their tables and what is written stay Dagster's
own, so the UI reads them as ever; every event is there to be seen as soon as it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.sqlite import create_db_conn_string
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30
KEPT_OPEN = 8
"""Databases kept open at once: of the runs, whose events are a file each, only the latest asked for."""


def open_instance(home: Path) -> dg.DagsterInstance:
    """The instance that the settings file in a folder describes; any storage but SQLite stays as it is."""
    reference = InstanceRef.from_dir(str(home))
    storage = reference.storage_data
    if storage is not None and storage.class_name == DagsterSqliteStorage.__name__:
        kept = ConfigurableClassData(__name__, KeptOpenStorage.__name__, storage.config_yaml)
        reference = reference._replace(storage_data=kept)
    return dg.DagsterInstance.from_ref(reference)


class Engines:
    """One engine for each database file, the least recently asked for closed when there are too many."""

    def __init__(self) -> None:
        self._engines: dict[str, sa.Engine] = {}

    def at(self, url: str) -> sa.Engine:
        """The engine of a database, opened now or before."""
        engine = self._engines.pop(url, None) or _opened(url)
        self._engines[url] = engine
        if len(self._engines) > KEPT_OPEN:
            self._engines.pop(next(iter(self._engines))).dispose()
        return engine

    def close(self) -> None:
        """Close every database; what is in its log is written back."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()


class KeptOpenEventLog(SqliteEventLogStorage):
    """The events of the runs."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines = Engines()
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            engine = self._engines.at(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; Dagster asks for each event, and no table ever goes away."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Let go of the databases."""
        super().dispose()
        self._engines.close()


class KeptOpenRuns(SqliteRunStorage):
    """The runs and their tags."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines = Engines()
        super().__init__(conn_string, inst_data)

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """A transaction on the database of the runs."""
        with self._engines.at(self._conn_string).begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Let go of the database."""
        super().dispose()
        self._engines.close()


class KeptOpenStorage(DagsterSqliteStorage):
    """Runs and events kept open; schedules, which a night does not touch, as Dagster has them."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)  # makes the files
        home = Path(base_dir) / "history"
        self._run_storage = KeptOpenRuns(create_db_conn_string(str(home), "runs"))
        self._event_log_storage = KeptOpenEventLog(str(home / "runs"))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]
    ) -> KeptOpenStorage:
        """As Dagster makes its own."""
        return cls(config_value["base_dir"], inst_data)


def _opened(url: str) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """As the warehouse: a power cut may lose the last events, never the database."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=normal")
    cursor.close()
