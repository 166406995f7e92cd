"""Opening the warehouse: SQLite or PostgreSQL, with one writer at a time on both.

Does not belong here: which tables there are (`tables`), what is written (`store`).

SQLite: write-ahead log, BEGIN IMMEDIATE for writers, plain BEGIN for readers, who then never wait
(measured in `reference/stack.md` section 7). PostgreSQL: writers take one advisory lock, so that two nights
that run at once cannot leave the rows of both in one table.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from kcc_etl.exceptions import SettingsError, WarehouseError, WarehouseUnavailableError

BUSY_SECONDS = 60
WRITE_LOCK = 0x6B63635F65746C
"""Number of the advisory lock of the writers: the letters `kcc_etl`."""

EXPECTED = "sqlite:///path/to/warehouse.sqlite3 or postgresql+psycopg://user:password@host/database"
_CURABLE_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR")


def open_engine(url: str) -> sa.Engine:
    """The engine of the warehouse at a SQLAlchemy URL, tried once.

    A bare postgresql:// or postgres:// means psycopg 3. The folder of a SQLite file is made if need be.
    Raises SettingsError for a URL or a folder that cannot be used, WarehouseError for a file or a database
    that is no warehouse, WarehouseUnavailableError for a server that does not answer.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite(parsed)
    else:
        engine = sa.create_engine(
            parsed,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": 10, "client_encoding": "utf8"},
        )
    try:
        _try(engine)
    except WarehouseError:
        engine.dispose()
        raise
    return engine


@contextmanager
def read_transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that reads one state and waits for no writer. Raises WarehouseError."""
    one_state = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with _explained(engine), engine.connect() as connection:
        yield connection.execution_options(kcc_begin="DEFERRED", **one_state)


@contextmanager
def write_transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """The one writing connection: committed whole at the end, rolled back whole on any exception.

    Waits up to a minute for another writer. Raises WarehouseError.
    """
    with _explained(engine), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITE_LOCK)))
        yield connection


def _parsed(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError) as error:
        # The text may hold a password, so it is not repeated.
        raise SettingsError(
            "The setting `warehouse` is not a database URL", expected=EXPECTED, remedy="Correct the setting"
        ) from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise SettingsError(
            f"The setting `warehouse` asks for {parsed.drivername}, which this program does not speak",
            expected=EXPECTED,
            remedy="Correct the setting",
        )
    if parsed.get_backend_name() == "sqlite" and _no_file(parsed.database):
        raise SettingsError(
            "The setting `warehouse` names no file, so everything would be forgotten at the end of the run",
            expected=EXPECTED,
            remedy="Name a file after sqlite:///",
        )
    return parsed


def _no_file(database: str | None) -> bool:
    return not database or ":memory:" in database or database.startswith("file:")


def _sqlite(url: sa.URL) -> sa.Engine:
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(path, f"its folder cannot be made: {error.strerror}") from error
    if path.is_dir():
        raise _unusable(path, "it is a folder")
    if not os.access(path.parent, os.W_OK | os.X_OK) or (
        path.exists() and not os.access(path, os.R_OK | os.W_OK)
    ):
        raise _unusable(path, "permission denied")
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _unusable(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"The warehouse {path} cannot be used: {why}",
        expected="a file in a folder that this account may write",
        remedy="Correct the setting `warehouse`, or the permissions of the folder",
    )


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=normal")
    cursor.execute("PRAGMA foreign_keys=on")
    cursor.execute("PRAGMA journal_mode")
    if cursor.fetchone() != ("wal",):
        _switch_to_wal(connection)
    cursor.close()


def _switch_to_wal(connection: DBAPIConnection) -> None:
    """SQLite does not apply the busy timeout here: two processes on a new file can meet a locked database."""
    for attempt in range(200):
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode=wal")
            cursor.close()
            return
        except sqlite3.OperationalError as error:
            if attempt == 199 or not _curable(error):
                raise
            time.sleep(0.05)


def _begin(connection: sa.Connection) -> None:
    how = connection.get_execution_options().get("kcc_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {how}")


def _try(engine: sa.Engine) -> None:
    with read_transaction(engine) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(sa.text("SELECT count(*) FROM sqlite_master"))
            return
        encoding = connection.execute(sa.text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise WarehouseError(
            f"The database {_shown(engine)} is encoded in {encoding}",
            expected="UTF8",
            remedy="Create it with ENCODING 'UTF8'",
        )


@contextmanager
def _explained(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        first_line = next(iter(str(error.orig).strip().splitlines()), type(error).__name__)
        found = f"The warehouse {_shown(engine)} refused: {first_line}"
        if _curable(error.orig) or (
            isinstance(error, OperationalError) and engine.dialect.name == "postgresql"
        ):
            raise WarehouseUnavailableError(
                found,
                expected="a database that answers within a minute and has room",
                remedy="Check that it runs and that no other program holds it, then run again",
            ) from error
        raise WarehouseError(
            found,
            expected="a database made by this program",
            remedy="Check the setting `warehouse`; restore a damaged file, or move it away and run again",
        ) from error


def _curable(error: BaseException | None) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(_CURABLE_SQLITE)


def _shown(engine: sa.Engine) -> str:
    """Where the warehouse is, without a password."""
    url = engine.url
    return (
        str(url.database)
        if engine.dialect.name == "sqlite"
        else f"{url.database} on {url.host or 'the local socket'}"
    )
