"""Public notices: which releases count, and their contracts, suppliers, indicators, changes and ends.

A release is an event: nothing of an earlier one is overwritten here (`noticed_contracts` gives the latest).
Does not belong here: reading releases (`kcc_etl.intake`), joining them with the register.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.holding import Core, Fault, split
from kcc_etl.domain.identifiers import KEY_COLUMNS, supplier_key
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import TABLES

_ORDER = ["source_name", "source_file", "source_sheet", "source_row"]
_PARTS = {
    keys.CORE_NOTICE_SUPPLIER: "suppliers",
    keys.CORE_NOTICE_KPI: "kpis",
    keys.CORE_NOTICE_CHANGE: "changes",
    keys.CORE_NOTICE_END: "ends",
    keys.CORE_NOTICE_FAILURE: "failures",
}

Row = dict[str, object]


@dataclass(frozen=True)
class Notices:
    """`core` holds the contracts of the releases that count; `parts` the tables of their parts, by name."""

    core: Core
    parts: Mapping[str, pd.DataFrame]


def build_notices(raw: pd.DataFrame, columns: pd.DataFrame) -> Notices:
    """Contracts in public notices, one row a contract or award of a release, and their parts.

    A release without either keeps one row. Awards with the same id stay apart by their place. Of a release
    that came twice the content published later counts, whatever arrived first; then the greater digest. A
    release that names no buyer counts where another release of its procurement names us. Rules NT-002,
    NT-003, NT-009.
    """
    raw = _latest_first(raw)
    ours = raw.loc[raw["buyer_id"].notna(), "ocid"]
    elsewhere = raw["buyer_id"].isna() & ~raw["ocid"].isin(ours)
    again = raw.duplicated("release_id", keep="first")
    first = raw.drop_duplicates("release_id").set_index("release_id")["row_digest"]
    other = again & (raw["row_digest"].fillna("") != raw["release_id"].map(first).fillna(""))
    faults = [
        Fault("NT-003", elsewhere, raw["release_id"]),
        Fault("NT-002", again & ~other, raw["release_id"]),
        Fault("NT-009", other, raw["release_id"] + " with another content"),
    ]
    core = split("notices", raw, columns, faults, conformed=False)
    rows: list[Row] = []
    parts: dict[str, list[Row]] = {name: [] for name in _PARTS}
    for release in core.rows.sort_values(_ORDER, kind="stable").to_dict("records"):
        told = {str(name): value for name, value in release.items()}
        for contract in _contracts(told):
            rows.append(_contract_row(told, contract))
            for table, name in _PARTS.items():
                parts[table] += _part_rows(told, contract, name)
    frames = {name: _frame(found, name) for name, found in parts.items()}
    return Notices(Core(_frame(rows, keys.CORE_NOTICE), core.set_aside, core.findings), frames)


def _latest_first(raw: pd.DataFrame) -> pd.DataFrame:
    """Rows in an order that does not depend on when a file arrived."""
    named = raw.sort_values(_ORDER, kind="stable")
    return named.sort_values(
        ["published_on", "row_digest"], ascending=False, kind="stable", ignore_index=True
    )


def _frame(rows: list[Row], table: str) -> pd.DataFrame:
    return from_rows(rows, table) if rows else empty(table)


def _contracts(release: Row) -> list[Row]:
    told = release["contracts_json"]
    found = json.loads(told) if isinstance(told, str) else []
    return list(found) or [{"contract_place": 1}]


def _contract_row(release: Row, contract: Row) -> Row:
    suppliers = _list(contract, "suppliers")
    own = {name: value for name, value in contract.items() if name not in _PARTS.values()}
    return {
        **release,
        **own,
        "contract_title": own.get("contract_title") or release["contract_title"],
        "supplier_name": _joined(suppliers, "supplier_name"),
        "supplier_ppon": _joined(suppliers, "supplier_ppon"),
    }


def _part_rows(release: Row, contract: Row, name: str) -> list[Row]:
    told = _list(contract, name)
    if not told:
        return []
    of_contract = {
        **{column: release.get(column) for column in TABLES[keys.CORE_NOTICE_SUPPLIER].columns},
        **{column: contract.get(column) for column in ("contract_place", "contract_id", "award_id")},
    }
    return [{**of_contract, **_keyed(part), "part_number": number} for number, part in enumerate(told, 1)]


def _keyed(part: Row) -> Row:
    if "supplier_company_number" not in part:
        return part
    company, charity, ppon, name = (_text(part[column]) for column in KEY_COLUMNS)
    return {**part, "supplier_key": supplier_key(company, charity, ppon, name)}


def _list(contract: Row, name: str) -> list[Row]:
    found = contract.get(name)
    return found if isinstance(found, list) else []


def _joined(parts: list[Row], name: str) -> str | None:
    return "; ".join(str(part[name]) for part in parts if part.get(name)) or None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
