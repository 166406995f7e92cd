"""The warehouse: tables in and out as frames, several writes in one transaction, a version for each table.

Does not belong here: what a table means, which file a row came from, joins and sums (those are `domain`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import pandas as pd
import sqlalchemy as sa

from kcc_etl.schema.frames import empty
from kcc_etl.schema.tables import TABLES
from kcc_etl.warehouse.content import from_native, in_order, native_columns, rows_of, storable, version_of
from kcc_etl.warehouse.engine import open_engine, read_transaction, write_transaction
from kcc_etl.warehouse.migrations import migrate
from kcc_etl.warehouse.recent import Recent, asked
from kcc_etl.warehouse.tables import SQL_TABLES

_BOOK = SQL_TABLES["table_version"]

Where = Mapping[str, object]
"""Column to value, or to a list of values; None means missing. All must hold."""


class Warehouse:
    """The tables of the dictionary in one database.

    The version of a table is a hash of its content; at the end of every transaction it is true of what was
    committed. Every method raises WarehouseError when the database refuses.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._open = threading.local()
        self._recent = Recent()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside commit together or not at all; writers wait, readers see the state before."""
        connection = self._connection
        if connection is not None:
            before = set(self._touched)
            try:
                with connection.begin_nested():
                    yield
            except BaseException:
                self._open.touched |= before  # a version taken inside went with what it was taken of
                raise
            return
        with write_transaction(self.engine) as fresh:
            self._open.connection, self._open.touched = fresh, set()
            try:
                yield
                for table in sorted(self._open.touched):
                    self.refresh_version(table)
            finally:
                self._open.connection, self._open.touched = None, set()

    def read(self, table: str, where: Where | None = None) -> pd.DataFrame:
        """The rows of a table in the order of its key, typed by the dictionary."""
        with self._reading() as connection:
            key = self._key(connection, table, where or {})
            known = self._recent.get(key) if key else None
            if known is not None:
                return known
            frame = _stored(connection, table, where or {})
        if key:
            self._recent.keep(key, frame)
        return frame

    def replace(self, table: str, frame: pd.DataFrame, period: str = "", basis: str = "") -> str:
        """Make the frame the whole content of the table; returns its version.

        `period` is the quarter of a table that holds one at a time; it is kept beside the version, for a
        table without rows does not say which quarter has none. So is the `basis` it was made on; any other
        write leaves a table without one.
        """
        fresh = storable(frame, table)
        columns = native_columns(fresh, table)
        version = version_of(rows_of(columns), table)
        with self.transaction():
            self._writing.execute(sa.delete(SQL_TABLES[table]))
            self._insert(table, columns)
            self._record(table, version, len(fresh), period, basis)
        self._recent.keep((table, version, asked({})), in_order(fresh, table))
        return version

    def replace_where(self, table: str, frame: pd.DataFrame, where: Where) -> str:
        """Put the frame in the place of the rows that match; returns the version of the whole table."""
        with self.transaction():
            self._writing.execute(sa.delete(SQL_TABLES[table]).where(*_conditions(table, where)))
            self._insert(table, native_columns(storable(frame, table), table))
            return self.refresh_version(table)

    def add(self, table: str, frame: pd.DataFrame) -> str:
        """Add the rows whose key the table lacks, such as new lines of the ledger; returns its version."""
        key = list(TABLES[table].key)
        fresh = storable(frame, table)
        with self.transaction():
            there = pd.MultiIndex.from_frame(self.read(table)[key])
            new = fresh[~pd.MultiIndex.from_frame(fresh[key]).isin(there)]
            self._insert(table, native_columns(new, table))
            return self.refresh_version(table)

    def load_file(self, where: Where, frames: Mapping[str, pd.DataFrame]) -> None:
        """Put what one landed file gave in the place of what it gave before, in every table named.

        `where` says which file: source_sha256, source_name, source_file. Many files go through `load_files`.
        """
        self.load_files([(where, frames)])

    def load_files(self, files: Iterable[tuple[Where, Mapping[str, pd.DataFrame]]]) -> None:
        """As `load_file`, for many files in one transaction and one insert per table.

        A file given twice counts as given last. Versions are taken once, when the transaction ends.
        """
        last = {tuple(sorted(where.items())): frames for where, frames in files}
        per_table: dict[str, list[tuple[dict[str, object], pd.DataFrame]]] = {}
        for place, frames in last.items():
            for table, frame in frames.items():
                per_table.setdefault(table, []).append((dict(place), frame))
        with self.transaction():
            for table, parts in per_table.items():
                for where, _ in parts:
                    self._writing.execute(sa.delete(SQL_TABLES[table]).where(*_conditions(table, where)))
                # As objects, so that a column that is all missing in one file cannot turn pence into floats.
                gathered = pd.concat([frame.astype(object) for _, frame in parts], ignore_index=True)
                self._insert(table, native_columns(storable(gathered, table), table))

    def load_together(self, files: Iterable[Where], frames: Mapping[str, pd.DataFrame]) -> None:
        """As `load_files`, with the rows of all files in each frame; `files` are those that left rows before.

        Many small files are stored several times faster so than with frames of their own.
        """
        there = [dict(where) for where in files]
        with self.transaction():
            for table, frame in frames.items():
                for where in there:
                    self._writing.execute(sa.delete(SQL_TABLES[table]).where(*_conditions(table, where)))
                if len(frame):
                    self._insert(table, native_columns(storable(frame, table), table))
                elif there:
                    self._touched.add(table)

    def refresh_version(self, table: str) -> str:
        """Take the version of the table as it stands now; returns it."""
        with self.transaction():
            rows = _rows(self._writing, table, {})
            version = version_of(rows, table)
            self._record(table, version, len(rows))
        return version

    def version(self, table: str) -> str:
        """The version of a table; empty when it has never been written."""
        return self.versions([table])[table]

    def versions(self, tables: Iterable[str]) -> dict[str, str]:
        """The versions of several tables, read at one moment."""
        names = list(tables)
        for table in sorted(set(names) & self._touched):
            self.refresh_version(table)
        query = sa.select(_BOOK.c.table_name, _BOOK.c.table_version).where(_BOOK.c.table_name.in_(names))
        with self._reading() as connection:
            found = {row.table_name: row.table_version for row in connection.execute(query)}
        return {name: found.get(name, "") for name in names}

    def altered(self, tables: Iterable[str]) -> tuple[str, ...]:
        """Those of several tables that do not hold what their version says: changed by other means."""
        names = list(tables)
        book = self.versions(names)
        with self._reading() as connection:
            return tuple(
                name for name in names if version_of(_rows(connection, name, {}), name) != book[name]
            )

    def periods(self, tables: Iterable[str]) -> dict[str, str]:
        """The quarter that each of several tables holds; empty where a table was not given one."""
        return self._booked("period", tables)

    def bases(self, tables: Iterable[str]) -> dict[str, str]:
        """The basis that each of several tables was made on; empty where none was booked."""
        return self._booked("made_on", tables)

    def _booked(self, column: str, tables: Iterable[str]) -> dict[str, str]:
        names = list(tables)
        self.versions(names)  # a write that is still open books none
        book = self.read("table_version", {"table_name": names})
        pairs = zip(book["table_name"], book[column], strict=True)
        return {str(name): said if isinstance(said, str) else "" for name, said in pairs}

    @property
    def _connection(self) -> sa.Connection | None:
        return getattr(self._open, "connection", None)

    @property
    def _touched(self) -> set[str]:
        """Tables written in the open transaction whose version has not been taken since."""
        return getattr(self._open, "touched", set())

    @property
    def _writing(self) -> sa.Connection:
        connection = self._connection
        if connection is None:
            raise RuntimeError("a write outside a transaction")
        return connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        connection = self._connection
        if connection is not None:
            yield connection
            return
        with read_transaction(self.engine) as fresh:
            yield fresh

    def _key(self, connection: sa.Connection, table: str, where: Where) -> tuple[object, ...]:
        """What the rows asked for are kept under; empty where the table has no true version at the moment."""
        if table in self._touched or table == _BOOK.name:
            return ()
        query = sa.select(_BOOK.c.table_version).where(_BOOK.c.table_name == table)
        version = connection.execute(query).scalar_one_or_none()
        return (table, version, asked(where)) if version else ()

    def _insert(self, table: str, columns: Mapping[str, Sequence[object]]) -> None:
        self._touched.add(table)
        rows = [dict(zip(columns, row, strict=True)) for row in rows_of(columns)]
        if rows:
            self._writing.execute(sa.insert(SQL_TABLES[table]), rows)

    def _record(self, table: str, version: str, row_count: int, period: str = "", basis: str = "") -> None:
        self._writing.execute(sa.delete(_BOOK).where(_BOOK.c.table_name == table))
        row = {"table_name": table, "table_version": version, "row_count": row_count}
        self._writing.execute(sa.insert(_BOOK), {**row, "period": period, "made_on": basis})
        self._touched.discard(table)


def open_warehouse(url: str) -> Warehouse:
    """The warehouse at a URL, brought to this version. Raises SettingsError or WarehouseError."""
    engine = open_engine(url)
    migrate(engine)
    return Warehouse(engine)


def _rows(connection: sa.Connection, table: str, where: Where) -> Sequence[sa.Row[tuple[object, ...]]]:
    """The rows as the database gives them, their cells as `native_columns` gives those of a frame."""
    return connection.execute(sa.select(SQL_TABLES[table]).where(*_conditions(table, where))).all()


def _stored(connection: sa.Connection, table: str, where: Where) -> pd.DataFrame:
    rows = _rows(connection, table, where)
    return in_order(from_native(zip(*rows, strict=True), table), table) if rows else empty(table)


def _conditions(table: str, where: Where) -> list[sa.ColumnElement[bool]]:
    columns = SQL_TABLES[table].c
    return [_condition(columns[name], value) for name, value in where.items()]


def _condition(column: sa.Column[object], value: object) -> sa.ColumnElement[bool]:
    if isinstance(value, list | tuple | set | frozenset):
        return column.in_([_plain(item) for item in value])
    return column.is_(None) if value is None else column == _plain(value)


def _plain(value: object) -> object:
    """A date for a pandas or Python timestamp; anything else as it is."""
    return value.date() if isinstance(value, datetime) else value
