"""Stage 2: one truth per thing. Each asset reads raw tables, calls one domain function, stores what counts.

Does not belong here: deciding which rows count (`kcc_etl.domain.core`).
"""

from __future__ import annotations

import dagster as dg
import pandas as pd

from assets.materialize import Result, describe, materialized
from assets.notices import NOTICE_ASSETS
from assets.stored import held_out, put
from assets.suppliers import SUPPLIER_ASSETS
from kcc_etl import asset_keys as keys
from kcc_etl.domain.core import (
    build_claims,
    build_contracts,
    build_decisions,
    build_payments,
)
from kcc_etl.domain.holding import Core
from kcc_etl.domain.sameness import rule
from kcc_etl.resources import PolicyResource, RunDatesResource, WarehouseResource
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND
from kcc_etl.warehouse.store import Warehouse


def _columns(store: Warehouse) -> pd.DataFrame:
    return store.read("file_column")


def _store(kind: str, core: Core, store: Warehouse) -> Result:
    table = CORE_TABLE_OF_KIND[kind].name
    with store.transaction():
        version = put(kind, core, store)
    return materialized(table, store.read(table), version, held_out(core))


@dg.asset(
    **describe(keys.CORE_CONTRACT, {"pandas", "sqlite"}),
    deps=[keys.RAW_CONTRACT, keys.CORE_SUPPLIER_IDENTIFIER],
)
def core_contracts(warehouse: WarehouseResource) -> Result:
    """The contract register."""
    store = warehouse.open()
    identities = store.read(keys.CORE_SUPPLIER_IDENTIFIER)
    core = build_contracts(store.read(keys.RAW_CONTRACT), _columns(store), identities)
    return _store("register", core, store)


@dg.asset(
    **describe(keys.CORE_PAYMENT, {"pandas", "sqlite"}),
    deps=[keys.RAW_PAYMENT, keys.CORE_CONTRACT, keys.CORE_SUPPLIER_IDENTIFIER],
)
def core_payments(warehouse: WarehouseResource, dates: RunDatesResource) -> Result:
    """Payments that count."""
    store = warehouse.open()
    contracts, identities = store.read(keys.CORE_CONTRACT), store.read(keys.CORE_SUPPLIER_IDENTIFIER)
    raw = store.read(keys.RAW_PAYMENT)
    core = build_payments(raw, contracts, _columns(store), dates.as_of(), identities)
    return _store("payments", core, store)


@dg.asset(
    **describe(keys.CORE_CLAIM, {"pandas", "sqlite"}),
    deps=[keys.RAW_CLAIM, keys.CORE_CONTRACT, keys.CORE_SUPPLIER_IDENTIFIER],
)
def core_claims(warehouse: WarehouseResource, policy: PolicyResource) -> Result:
    """Claims that count."""
    store = warehouse.open()
    raw, contracts, ledger = (store.read(name) for name in (keys.RAW_CLAIM, keys.CORE_CONTRACT, "ledger"))
    parameters = policy.parameters()
    measures = [measure.code for measure in parameters.measures]
    light = [edition.light_activity.measure for edition in parameters.policies]
    identities = store.read(keys.CORE_SUPPLIER_IDENTIFIER)
    core = build_claims(raw, contracts, ledger, _columns(store), measures, light, identities)
    return _store("returns", core, store)


@dg.asset(
    **describe(keys.CORE_DECISION, {"pandas", "sqlite"}),
    deps=[keys.RAW_DECISION, keys.CORE_CONTRACT, keys.CORE_PAYMENT, keys.CORE_SUPPLIER_IDENTIFIER],
)
def core_decisions(warehouse: WarehouseResource, dates: RunDatesResource) -> Result:
    """Officers' decisions in force."""
    store = warehouse.open()
    raw, contracts, payments = (
        store.read(name) for name in (keys.RAW_DECISION, keys.CORE_CONTRACT, keys.CORE_PAYMENT)
    )
    ruling = rule(store.read(keys.CORE_SUPPLIER_IDENTIFIER), raw, dates.as_of())
    core = build_decisions(raw, contracts, payments, _columns(store), ruling)
    return _store("decisions", core, store)


CORE_ASSETS = [
    *SUPPLIER_ASSETS,
    core_contracts,
    *NOTICE_ASSETS,
    core_payments,
    core_claims,
    core_decisions,
]
