"""Stage 2: one truth per thing. Each asset reads raw tables, calls one domain function, stores what counts.

Does not belong here: deciding which rows count (`kcc_etl.domain.core`).
"""

from __future__ import annotations

import dagster as dg
import pandas as pd

from assets.materialize import Result, describe, materialized
from assets.notices import NOTICE_ASSETS
from assets.stored import held_out, made_on, put
from assets.suppliers import SUPPLIER_ASSETS
from kcc_etl import asset_keys as keys
from kcc_etl.domain.authority import without_authority
from kcc_etl.domain.core import (
    build_claims,
    build_contracts,
    build_decisions,
    build_payments,
)
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.holding import Core
from kcc_etl.domain.percentages import percentage_codes
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.domain.sameness import rule
from kcc_etl.domain.targets import measures_added
from kcc_etl.resources import PolicyResource, RunDatesResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND
from kcc_etl.warehouse.store import Warehouse


def _columns(store: Warehouse) -> pd.DataFrame:
    return store.read("file_column")


def _store(kind: str, core: Core, store: Warehouse, basis: str) -> Result:
    table = CORE_TABLE_OF_KIND[kind].name
    with store.transaction():
        version = put(kind, core, store, basis)
    return materialized(table, store.read(table), version, held_out(core))


@dg.asset(
    **describe(keys.CORE_CONTRACT, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.CORE_CONTRACT],
)
def core_contracts(warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource) -> Result:
    """The contract register."""
    store = warehouse.open()
    basis = made_on(keys.CORE_CONTRACT, store, policy.parameters(), dates.as_of())
    identities = store.read(keys.CORE_SUPPLIER_IDENTIFIER)
    core = build_contracts(store.read(keys.RAW_CONTRACT), _columns(store), identities)
    return _store("register", core, store, basis)


@dg.asset(
    **describe(keys.CORE_PAYMENT, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.CORE_PAYMENT],
)
def core_payments(warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource) -> Result:
    """Payments that count."""
    store = warehouse.open()
    basis = made_on(keys.CORE_PAYMENT, store, policy.parameters(), dates.as_of())
    contracts, identities = store.read(keys.CORE_CONTRACT), store.read(keys.CORE_SUPPLIER_IDENTIFIER)
    raw = store.read(keys.RAW_PAYMENT)
    core = build_payments(raw, contracts, _columns(store), dates.as_of(), identities)
    return _store("payments", core, store, basis)


@dg.asset(
    **describe(keys.CORE_CLAIM, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.CORE_CLAIM],
)
def core_claims(warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource) -> Result:
    """Claims that count."""
    store = warehouse.open()
    parameters, as_of = policy.parameters(), dates.as_of()
    basis = made_on(keys.CORE_CLAIM, store, parameters, as_of)
    raw, contracts, ledger = (store.read(name) for name in (keys.RAW_CLAIM, keys.CORE_CONTRACT, "ledger"))
    measures = [measure.code for measure in parameters.measures]
    light = [edition.light_activity.measure for edition in parameters.policies]
    identities = store.read(keys.CORE_SUPPLIER_IDENTIFIER)
    known = decisions_known(store.read(keys.CORE_DECISION), as_of)
    added = measures_added(contracts, known, parameters)
    terms = ReturnTerms(contracts, parameters, known)
    core = build_claims(
        raw, contracts, ledger, _columns(store), measures, light, identities, added, terms,
        percentages=percentage_codes(parameters.measures),
    )  # fmt: skip
    return _store("returns", core, store, basis)


@dg.asset(
    **describe(keys.CORE_DECISION, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.CORE_DECISION],
)
def core_decisions(warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource) -> Result:
    """Officers' decisions in force."""
    store = warehouse.open()
    parameters, as_of = policy.parameters(), dates.as_of()
    basis = made_on(keys.CORE_DECISION, store, parameters, as_of)
    raw, contracts, payments = (
        store.read(name) for name in (keys.RAW_DECISION, keys.CORE_CONTRACT, keys.CORE_PAYMENT)
    )
    counting = raw[~without_authority(raw, parameters.authority)]
    ruling = rule(store.read(keys.CORE_SUPPLIER_IDENTIFIER), counting, as_of)
    columns = _columns(store)
    core = build_decisions(raw, contracts, payments, columns, ruling, parameters=parameters, as_of=as_of)
    return _store("decisions", core, store, basis)


CORE_ASSETS = [
    *SUPPLIER_ASSETS,
    core_contracts,
    *NOTICE_ASSETS,
    core_payments,
    core_claims,
    core_decisions,
]
