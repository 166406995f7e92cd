"""Who is who: the identifiers that make one supplier, the suppliers, and the names an officer should settle.

Does not belong here: deciding who is the same (`kcc_etl.domain.sameness`, `lookalikes`).
"""

from __future__ import annotations

import dagster as dg

from assets.materialize import Result, describe, materialized
from assets.stored import made_on
from kcc_etl import asset_keys as keys
from kcc_etl.domain.authority import without_authority
from kcc_etl.domain.lookalikes import review_pairs
from kcc_etl.domain.sameness import identify, mentions
from kcc_etl.domain.suppliers import build_suppliers, pairs_apart
from kcc_etl.resources import PolicyResource, RunDatesResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM

_MENTIONING = (keys.RAW_CONTRACT, keys.RAW_PAYMENT, keys.RAW_CLAIM, keys.RAW_NOTICE)
_TELLING = (keys.CORE_CONTRACT, keys.CORE_PAYMENT, keys.CORE_NOTICE_SUPPLIER, keys.CORE_SUPPLIER_IDENTIFIER)


@dg.asset(
    **describe(keys.CORE_SUPPLIER_IDENTIFIER, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.CORE_SUPPLIER_IDENTIFIER],
)
def core_supplier_identifiers(
    warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource
) -> Result:
    """Which identifiers and names are one supplier."""
    store, as_of = warehouse.open(), dates.as_of()
    parameters, decisions = policy.parameters(), store.read(keys.RAW_DECISION)
    basis = made_on(keys.CORE_SUPPLIER_IDENTIFIER, store, parameters, as_of)
    named = mentions(*(store.read(name) for name in _MENTIONING))
    frame = identify(named, decisions[~without_authority(decisions, parameters.authority)], as_of)
    version = store.replace(keys.CORE_SUPPLIER_IDENTIFIER, frame, basis=basis)
    return materialized(keys.CORE_SUPPLIER_IDENTIFIER, frame, version)


@dg.asset(**describe(keys.CORE_SUPPLIER, {"pandas", "sqlite"}), deps=MADE_FROM[keys.CORE_SUPPLIER])
def core_suppliers(warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource) -> Result:
    """Suppliers."""
    store, parameters = warehouse.open(), policy.parameters()
    basis = made_on(keys.CORE_SUPPLIER, store, parameters, dates.as_of())
    contracts, payments, notices, identities = (store.read(name) for name in _TELLING)
    frame = build_suppliers(contracts, payments, notices, identities, parameters)
    version = store.replace(keys.CORE_SUPPLIER, frame, basis=basis)
    return materialized(keys.CORE_SUPPLIER, frame, version)


@dg.asset(
    **describe(keys.CORE_SUPPLIER_REVIEW, {"pandas", "sqlite"}), deps=MADE_FROM[keys.CORE_SUPPLIER_REVIEW]
)
def core_supplier_review(
    warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource
) -> Result:
    """Suppliers whose names look alike, for an officer to settle."""
    store = warehouse.open()
    basis = made_on(keys.CORE_SUPPLIER_REVIEW, store, policy.parameters(), dates.as_of())
    apart = pairs_apart(store.read(keys.CORE_SUPPLIER_IDENTIFIER))
    frame = review_pairs(store.read(keys.CORE_SUPPLIER), apart)
    version = store.replace(keys.CORE_SUPPLIER_REVIEW, frame, basis=basis)
    return materialized(keys.CORE_SUPPLIER_REVIEW, frame, version)


SUPPLIER_ASSETS = [core_supplier_identifiers, core_suppliers, core_supplier_review]
