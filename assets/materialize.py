"""What the Dagster UI shows of a table: column schema, row count, version, preview.

Does not belong here: computing or storing the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypedDict

import dagster as dg
import pandas as pd

from kcc_etl.asset_keys import GROUPS
from kcc_etl.domain.money import number_display
from kcc_etl.schema.fields import Field
from kcc_etl.schema.tables import LOCATOR, ROW_DIGEST, TABLES, Table

Result = dg.MaterializeResult[None]
"""An asset stores its table itself and hands no value on."""

OWNERS = ["team:commercial-and-procurement"]
PREVIEW_ROWS = 8
PREVIEW_COLUMNS = 8
_FIGURES = ("pence", "exact")


class Description(TypedDict):
    """Keyword arguments of an asset that holds a table."""

    key: dg.AssetKey
    group_name: str
    description: str
    kinds: set[str]
    owners: list[str]
    metadata: dict[str, Any]
    tags: dict[str, str]


def describe(table_name: str, kinds: set[str]) -> Description:
    """What Dagster shows of the asset that holds a table: group, description, kinds, owners, columns."""
    table = TABLES[table_name]
    return {
        "key": dg.AssetKey([table_name]),
        "group_name": GROUPS[table_name.split("_")[0]],
        # Plain, as the catalogue shows Markdown raw.
        "description": f"{table.description}\n\nOne row: {table.grain}.",
        "kinds": kinds,
        "owners": OWNERS,
        "metadata": {"dagster/column_schema": _column_schema(table), "dagster/table_name": table_name},
        "tags": {"layer": table_name.split("_")[0], "contains_personal_data": _holds_personal(table)},
    }


def materialized(
    table_name: str, frame: pd.DataFrame, version: str, extra: Mapping[str, Any] | None = None
) -> Result:
    """The result of an asset that has stored its table: row count, content hash, a preview."""
    metadata: dict[str, Any] = {
        "dagster/row_count": len(frame),
        "content_version": version,
        "preview": preview(frame, TABLES[table_name]),
        **(extra or {}),
    }
    return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(version))


def preview(frame: pd.DataFrame, table: Table) -> dg.TableMetadataValue:
    """The first rows for the UI, which has no login: columns flagged personal are left out."""
    head = frame.head(PREVIEW_ROWS)
    chosen = _telling(head, table)
    records = [
        dg.TableRecord({f.title: _plain(row[f.name], f.type) for f in chosen})
        for row in head.to_dict("records")
    ]
    columns = [dg.TableColumn(f.title, "string") for f in chosen]
    return dg.MetadataValue.table(records, dg.TableSchema(columns=columns))


def source_table(states: Sequence[Mapping[str, object]]) -> dg.TableMetadataValue:
    """Through which version each source speaks, and how old it is, for the UI."""
    table = TABLES["source_state"]
    records = [
        dg.TableRecord({f.title: "" if state[f.name] is None else str(state[f.name]) for f in table.fields})
        for state in states
    ]
    columns = [dg.TableColumn(f.title, "string") for f in table.fields]
    return dg.MetadataValue.table(records, dg.TableSchema(columns=columns))


def _telling(head: pd.DataFrame, table: Table) -> list[Field]:
    """The columns that tell the rows apart: the key, then figures, then text; what never varies, last."""
    hidden = {*LOCATOR, ROW_DIGEST}
    shown = [f for f in table.fields if not (f.personal or f.name in hidden or f.name.endswith("_json"))]
    rank = {
        f.name: (f.name not in table.key, head[f.name].nunique() < 2, f.type not in _FIGURES) for f in shown
    }
    return sorted(shown, key=lambda f: rank[f.name])[:PREVIEW_COLUMNS]


def _plain(value: object, kind: str) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]  # one cell, never an array
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if kind == "boolean":
        return "Yes" if value else "No"
    if kind == "pence":
        return f"{int(str(value)) / 100:,.2f}"
    if isinstance(value, Fraction):
        return number_display(value)
    return str(value)


def _column_schema(table: Table) -> dg.TableSchema:
    key = set(table.key)
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                f.name,
                f.type,
                description=f"{f.title}. {f.description}" + (f" Unit: {f.unit}." if f.unit else ""),
                constraints=dg.TableColumnConstraints(other=["key"] if f.name in key else []),
            )
            for f in table.fields
        ]
    )


def _holds_personal(table: Table) -> str:
    return "yes" if any(f.personal for f in table.fields) else "no"
