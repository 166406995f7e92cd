"""Stage 2: one truth per thing. Each asset reads raw tables, calls one domain function, stores what counts.

Does not belong here: deciding which rows count (`kcc_etl.domain.core`).
"""

from __future__ import annotations

import dagster as dg
import pandas as pd

from assets.materialize import Result, describe, materialized
from kcc_etl import asset_keys as keys
from kcc_etl.domain.core import (
    build_claims,
    build_contracts,
    build_decisions,
    build_notices,
    build_payments,
)
from kcc_etl.domain.findings import findings_frame
from kcc_etl.domain.holding import Core
from kcc_etl.resources import PolicyResource, RunDatesResource, WarehouseResource
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, RAW_TABLE_OF_KIND
from kcc_etl.warehouse.store import Warehouse


def _columns(store: Warehouse) -> pd.DataFrame:
    return store.read("file_column")


def _store(kind: str, core: Core, store: Warehouse) -> Result:
    table = CORE_TABLE_OF_KIND[kind].name
    with store.transaction():
        version = store.replace(table, core.rows)
        store.replace_where("set_aside", core.set_aside, {"stage": "core", "kind": kind})
        raw_table = RAW_TABLE_OF_KIND[kind].name
        store.replace_where(
            "finding", findings_frame(core.findings), {"stage": "core", "table_name": raw_table}
        )
    held = core.set_aside["fate"].value_counts().to_dict()
    counts = {
        "rows_quarantined": int(held.get("quarantined", 0)),
        "rows_excluded": int(held.get("excluded", 0)),
    }
    return materialized(table, store.read(table), version, counts)


@dg.asset(**describe(keys.CORE_CONTRACT, {"pandas", "sqlite"}), deps=[keys.RAW_CONTRACT])
def core_contracts(warehouse: WarehouseResource) -> Result:
    """The contract register."""
    store = warehouse.open()
    return _store("register", build_contracts(store.read(keys.RAW_CONTRACT), _columns(store)), store)


@dg.asset(**describe(keys.CORE_NOTICE, {"pandas", "sqlite"}), deps=[keys.RAW_NOTICE])
def core_notices(warehouse: WarehouseResource) -> Result:
    """Contracts in public notices."""
    store = warehouse.open()
    return _store("notices", build_notices(store.read(keys.RAW_NOTICE), _columns(store)), store)


@dg.asset(**describe(keys.CORE_PAYMENT, {"pandas", "sqlite"}), deps=[keys.RAW_PAYMENT, keys.CORE_CONTRACT])
def core_payments(warehouse: WarehouseResource, dates: RunDatesResource) -> Result:
    """Payments that count."""
    store = warehouse.open()
    contracts = store.read(keys.CORE_CONTRACT)
    raw, ledger = store.read(keys.RAW_PAYMENT), store.read("ledger")
    core = build_payments(raw, contracts, _columns(store), dates.as_of(), ledger)
    return _store("payments", core, store)


@dg.asset(**describe(keys.CORE_CLAIM, {"pandas", "sqlite"}), deps=[keys.RAW_CLAIM, keys.CORE_CONTRACT])
def core_claims(warehouse: WarehouseResource, policy: PolicyResource) -> Result:
    """Claims that count."""
    store = warehouse.open()
    raw, contracts, ledger = (store.read(name) for name in (keys.RAW_CLAIM, keys.CORE_CONTRACT, "ledger"))
    parameters = policy.parameters()
    measures = [measure.code for measure in parameters.measures]
    light = [edition.light_activity.measure for edition in parameters.policies]
    return _store("returns", build_claims(raw, contracts, ledger, _columns(store), measures, light), store)


@dg.asset(
    **describe(keys.CORE_DECISION, {"pandas", "sqlite"}),
    deps=[keys.RAW_DECISION, keys.CORE_CONTRACT, keys.CORE_PAYMENT],
)
def core_decisions(warehouse: WarehouseResource) -> Result:
    """Officers' decisions in force."""
    store = warehouse.open()
    contracts, payments = store.read(keys.CORE_CONTRACT), store.read(keys.CORE_PAYMENT)
    core = build_decisions(store.read(keys.RAW_DECISION), contracts, payments, _columns(store))
    return _store("decisions", core, store)


CORE_ASSETS = [core_contracts, core_notices, core_payments, core_claims, core_decisions]
