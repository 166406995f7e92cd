"""A feed that is one question to a database: a SELECT, read only, its answer landed as CSV.

Does not belong here: our own warehouse (`kcc_etl.warehouse`), reading the CSV (`text.delimited`).
"""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from kcc_etl.intake.feeds.asking import Trouble
from kcc_etl.intake.feeds.feed import Feed, with_secrets, without_secrets
from kcc_etl.intake.feeds.harvest import RESPONSE, Harvest
from kcc_etl.intake.feeds.statement import statement_fault

CSV_BYTES = 100_000_000
"""The largest file that intake reads."""

QUERY_SECONDS = 600
_BATCH = 5_000


class _TooLongError(Exception):
    """The answer is longer than intake reads."""


def ask_database(harvest: Harvest) -> None:
    """Run the query and land what it gives as `<name>.csv`, unless it gives nothing or cannot be run."""
    name = f"{harvest.feed.name}.csv"
    answer = answer_of(harvest.feed)
    if isinstance(answer, Trouble):
        harvest.find(answer)
        return
    rows, content = answer
    if rows:
        harvest.land(name, content)
        return
    harvest.land(f"{name}-empty.response", content, RESPONSE)
    harvest.find(Trouble("FD-003", "the query gave no row"))


def answer_of(feed: Feed, rows: int = 0) -> tuple[int, bytes] | Trouble:
    """How many rows the query gives, and the CSV of them; only the first few when `rows` says how many."""
    wrong = statement_fault(feed.query)
    address, lacking = with_secrets(feed.address)
    if wrong or lacking:
        return Trouble("FD-001", wrong or f"the environment variable {', '.join(lacking)} is not set")
    try:
        with _reading(address) as connection:
            options = {"stream_results": True, "no_parameters": True, "max_row_buffer": _BATCH}
            result = connection.execution_options(**options).exec_driver_sql(feed.query)
            return _csv(list(result.keys()), _batches(result, rows))
    except _TooLongError:
        return Trouble("FD-002", f"the query gives more than {CSV_BYTES / 1e6:,.0f} MB")
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        return Trouble("FD-001", "the database address is none that this machine can use")
    except (SQLAlchemyError, sqlite3.Error) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        said = next(iter(str(reason).strip().splitlines()), type(error).__name__)
        return Trouble("FD-001", "the database says: " + without_secrets(said, feed.address))


@contextmanager
def _reading(address: str) -> Iterator[sa.Connection]:
    """A connection that cannot write where the database can hold it to that; rolled back in any case."""
    engine = _engine(address)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{QUERY_SECONDS}s'")
            elif engine.dialect.name in ("mysql", "mariadb"):
                connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


def _engine(address: str) -> sa.Engine:
    url = sa.make_url(address)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)

        return sa.create_engine("sqlite://", creator=connect, poolclass=sa.NullPool, hide_parameters=True)
    timeout = {"connect_timeout": 10} if url.drivername == "postgresql+psycopg" else {}
    return sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True, connect_args=timeout)


def _batches(result: sa.CursorResult[object], rows: int) -> Iterator[Sequence[Sequence[object]]]:
    if rows:
        yield result.fetchmany(rows)
        result.close()
        return
    yield from result.partitions(_BATCH)


def _csv(titles: Sequence[str], batches: Iterator[Sequence[Sequence[object]]]) -> tuple[int, bytes]:
    """RFC 4180, UTF-8; the same rows give the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    out = io.BytesIO()
    count = 0
    writer.writerow(titles)
    for batch in batches:
        writer.writerows([[cell(value) for value in row] for row in batch])
        count += len(batch)
        out.write(text.getvalue().encode("utf-8", "replace"))
        text.seek(0)
        text.truncate()
        if out.tell() > CSV_BYTES:
            raise _TooLongError
    out.write(text.getvalue().encode("utf-8", "replace"))
    return count, out.getvalue()


def cell(value: object) -> str:
    """A value of a database as a cell: dates as ISO says, numbers plain, NULL as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        midnight = value.time() == time(0) and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value)
