"""The dictionary of columns as SQL tables, one for one.

Does not belong here: what a column means (`kcc_etl.schema.fields`), how a database changes (`migrations`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from kcc_etl.schema.fields import FieldType
from kcc_etl.schema.tables import TABLES, Table


class Exact(sa.types.TypeDecorator[Fraction]):
    """A `fractions.Fraction` stored as its canonical text, such as `60/11` or `5`; no database rounds it."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: sa.Dialect) -> str | None:
        """The canonical text: lowest terms, no denominator of 1."""
        return None if value is None else str(Fraction(value))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Fraction | None:
        """The fraction that the text stands for."""
        return None if value is None else Fraction(value)


SQL_TYPES: dict[FieldType, type[sa.types.TypeEngine[Any]]] = {
    "text": sa.Text,
    "integer": sa.BigInteger,
    "pence": sa.BigInteger,
    "date": sa.Date,
    "boolean": sa.Boolean,
    "exact": Exact,
}

METADATA = sa.MetaData()


def _sql_table(table: Table) -> sa.Table:
    """No key is enforced: a repeated key is a finding, judged by a rule, not a refusal of the database."""
    columns = [sa.Column(field.name, SQL_TYPES[field.type]()) for field in table.fields]
    sql = sa.Table(table.name, METADATA, *columns)
    if "source_sha256" in table.columns and not table.name.startswith(("core_", "out_")):
        # These are written file by file; core and out tables are replaced whole.
        sa.Index(f"ix_{table.name}__source_sha256", sql.c.source_sha256)
    return sql


SQL_TABLES: dict[str, sa.Table] = {table.name: _sql_table(table) for table in TABLES.values()}
