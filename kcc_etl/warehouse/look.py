"""A look at the warehouse that changes nothing: whether it answers, and what its ledger says.

Does not belong here: opening it for work (`engine`, `store`), which makes folders, tables and a log.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from kcc_etl.schema.frames import conform, empty
from kcc_etl.schema.tables import TABLES
from kcc_etl.warehouse.tables import SQL_TABLES


@dataclass(frozen=True)
class Look:
    """What was seen: `ledger` is None when the warehouse did not answer; `said` is one sentence."""

    said: str
    ledger: pd.DataFrame | None = None


def look(url: str) -> Look:
    """Ask the warehouse at a URL; nothing is made or written, and its faults are told, not raised."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            path = Path(parsed.database or "")
            if not path.exists():
                return Look("not made yet; the first run makes it", empty("ledger"))
            engine = sa.create_engine("sqlite://", creator=lambda: _read_only(path), poolclass=sa.NullPool)
        else:
            name = (
                "postgresql+psycopg" if parsed.drivername in ("postgresql", "postgres") else parsed.drivername
            )
            wait = {"connect_timeout": 10}
            engine = sa.create_engine(parsed.set(drivername=name), poolclass=sa.NullPool, connect_args=wait)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        return Look("the setting `warehouse` is no database URL that this machine can use")
    try:
        return _seen(engine)
    except (SQLAlchemyError, sqlite3.Error) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        said = next(iter(str(reason).strip().splitlines()), type(error).__name__)
        return Look(f"does not answer: {said}")
    finally:
        engine.dispose()


def _seen(engine: sa.Engine) -> Look:
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        if not sa.inspect(connection).has_table("ledger"):
            return Look("answers, and holds nothing yet; the first run makes its tables", empty("ledger"))
        rows = connection.execute(sa.select(SQL_TABLES["ledger"])).all()
        connection.rollback()
    frame = pd.DataFrame(rows, columns=list(TABLES["ledger"].columns))
    return Look(f"answers, {len(rows):,} landed file(s) in the ledger", conform(frame, "ledger"))


def _read_only(path: Path) -> sqlite3.Connection:
    """A connection that leaves no file behind; without a log beside it, nobody is writing to the database."""
    still = "" if path.with_name(path.name + "-wal").exists() else "&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{still}", uri=True)
