"""How a database becomes the warehouse of this version: ordered functions, each applied once.

Does not belong here: the tables themselves (`tables`).

A migration is a function of a connection. It must also be right on a database that was made today, where
`create_tables` has already made every column of the present dictionary.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from kcc_etl.exceptions import WarehouseError
from kcc_etl.warehouse.engine import read_transaction, write_transaction
from kcc_etl.warehouse.tables import METADATA, SQL_TABLES


def create_tables(connection: sa.Connection) -> None:
    """Every table of the dictionary, empty."""
    METADATA.create_all(connection)


def rebuild_derived_tables(connection: sa.Connection) -> None:
    """Every table but the ledger made anew, empty: the next night reads the landed files into them again."""
    there = sa.inspect(connection).get_table_names()
    for table in SQL_TABLES.values():
        if table.name in there and table.name not in KEPT:
            table.drop(connection)
    METADATA.create_all(connection)


KEPT = frozenset({"ledger"})
"""What no night can make again: which files arrived, in which order, on which day."""

MIGRATIONS: tuple[tuple[str, Callable[[sa.Connection], None]], ...] = (
    ("0001-create-tables", create_tables),
    ("0002-notices-suppliers-and-sources", rebuild_derived_tables),
    ("0003-outcomes-and-verdicts", rebuild_derived_tables),
    ("0004-duties-and-publications", rebuild_derived_tables),
    ("0005-statutory-indicators", rebuild_derived_tables),
    ("0006-contract-copies", rebuild_derived_tables),
    ("0007-identifiers-of-suppliers-paid", rebuild_derived_tables),
    ("0008-what-versions-lost", rebuild_derived_tables),
)

_BOOKS = sa.MetaData()
_MIGRATION = sa.Table(
    "migration",
    _BOOKS,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("applied_order", sa.BigInteger, nullable=False),
)


def migrate(engine: sa.Engine) -> list[str]:
    """Bring the database to this version; returns the names of the migrations that were applied now.

    Safe to call at every start and from two processes at once. Raises WarehouseError for a database that a
    newer version has written, and for a table that disagrees with the dictionary.
    """
    applied_now: list[str] = []
    if _pending(engine):
        for name, function in MIGRATIONS:
            with write_transaction(engine) as connection:
                _BOOKS.create_all(connection)
                applied = _applied(connection)
                if name not in applied:
                    function(connection)
                    connection.execute(_MIGRATION.insert(), {"name": name, "applied_order": len(applied) + 1})
                    applied_now.append(name)
    _compare(engine)
    return applied_now


def _pending(engine: sa.Engine) -> list[str]:
    known = [name for name, _ in MIGRATIONS]
    with read_transaction(engine) as connection:
        if not sa.inspect(connection).has_table(_MIGRATION.name):
            return known
        applied = _applied(connection)
    unknown = [name for name in applied if name not in known]
    if unknown:
        raise WarehouseError(
            f"The warehouse was written by a newer version of this program (it knows {', '.join(unknown)})",
            expected=f"nothing after {known[-1]}",
            remedy="Use the newer version, or point the setting `warehouse` at another database",
        )
    return [name for name in known if name not in applied]


def _applied(connection: sa.Connection) -> list[str]:
    query = sa.select(_MIGRATION.c.name).order_by(_MIGRATION.c.applied_order)
    return list(connection.execute(query).scalars())


def _compare(engine: sa.Engine) -> None:
    """Raises WarehouseError naming every table whose columns are not those of the dictionary."""
    with read_transaction(engine) as connection:
        inspector = sa.inspect(connection)
        there = inspector.get_multi_columns(filter_names=list(SQL_TABLES))
        dialect = connection.dialect
        faults: list[str] = []
        for name, table in SQL_TABLES.items():
            expected = {column.name: column.type.compile(dialect) for column in table.columns}
            found = {
                column["name"]: column["type"].compile(dialect) for column in there.get((None, name), [])
            }
            faults += _differences(name, expected, found)
    if faults:
        raise WarehouseError(
            "The warehouse disagrees with the dictionary of columns: " + "; ".join(faults),
            expected="the tables that this version makes",
            remedy="Point the setting `warehouse` at an empty database, or restore the one this program made",
        )


def _differences(table: str, expected: dict[str, str], found: dict[str, str]) -> list[str]:
    if not found:
        return [f"table {table} is missing"]
    faults = [f"{table} has no column {name}" for name in expected if name not in found]
    faults += [f"{table} has a column {name} too many" for name in sorted(found) if name not in expected]
    faults += [
        f"{table}.{name} is {found[name]}, not {kind}"
        for name, kind in expected.items()
        if name in found and found[name] != kind
    ]
    return faults
