"""Stage 3: the figures of a quarter.

Does not belong here: arithmetic and the law's tests (`kcc_etl.domain`), formats (`reports`).
"""

import dagster as dg
import pandas as pd

from assets.materialize import Result, describe, materialized
from assets.partitions import QUARTERS, period_of
from kcc_etl import asset_keys as keys
from kcc_etl.domain.core import returns_held
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.delivery import compute_performance
from kcc_etl.domain.outcomes import compute_outcomes, propose_ratings
from kcc_etl.domain.publication import PayingAuthority, select_over_30k, select_register, select_spend
from kcc_etl.domain.redaction import publishable_suppliers
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.versions import compute_versions
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.warehouse.store import Warehouse

_DELIVERY_INPUTS = [keys.OUT_TARGET, keys.CORE_CLAIM, keys.CORE_DECISION, keys.CORE_PAYMENT]
_LAW_INPUTS = [keys.CORE_PAYMENT, keys.CORE_CONTRACT, keys.CORE_DECISION]


@dg.asset(**describe(keys.OUT_TARGET, {"pandas", "sqlite"}), deps=[keys.CORE_CONTRACT, keys.CORE_DECISION])
def out_targets(warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource) -> Result:
    """Targets of every contract that policy reaches."""
    store = warehouse.open()
    contracts, decisions = store.read(keys.CORE_CONTRACT), store.read(keys.CORE_DECISION)
    known = decisions_known(decisions, dates.as_of())
    targets = compute_targets(contracts, known, policy.parameters(), dates.as_of())
    return materialized(keys.OUT_TARGET, targets, store.replace(keys.OUT_TARGET, targets))


@dg.asset(
    **describe(keys.OUT_TARGET_VERSION, {"pandas", "sqlite"}),
    deps=[keys.OUT_TARGET, keys.CORE_CONTRACT, keys.CORE_DECISION],
)
def out_target_versions(
    warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource
) -> Result:
    """Every version of every target, with what made it."""
    store = warehouse.open()
    known = decisions_known(store.read(keys.CORE_DECISION), dates.as_of())
    targets, contracts = store.read(keys.OUT_TARGET), store.read(keys.CORE_CONTRACT)
    versions = compute_versions(targets, contracts, known, policy.parameters())
    table = keys.OUT_TARGET_VERSION
    return materialized(table, versions, store.replace(table, versions))


@dg.asset(
    **describe(keys.OUT_PERFORMANCE, {"pandas", "sqlite"}),
    deps=[keys.CORE_CONTRACT, keys.RAW_CLAIM, *_DELIVERY_INPUTS],
    partitions_def=QUARTERS,
)
def out_performance(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Agreed, due by now, claimed and verified, per contract and measure."""
    store = warehouse.open()
    contracts = store.read(keys.CORE_CONTRACT)
    named = contracts.assign(supplier_name=publishable_suppliers(contracts))
    targets, claims, decisions, payments = (store.read(name) for name in _DELIVERY_INPUTS)
    held = returns_held(store.read(keys.RAW_CLAIM), claims, store.read("receipt"))
    period, as_of = period_of(context, dates), dates.as_of()
    known = decisions_known(decisions, as_of)
    frame = compute_performance(
        period, named, targets, claims, known, policy.parameters(), held, as_of, payments
    )
    return materialized(keys.OUT_PERFORMANCE, frame, store.replace(keys.OUT_PERFORMANCE, frame, period.id))


@dg.asset(
    **describe(keys.OUT_OUTCOME, {"pandas", "sqlite"}),
    deps=[keys.CORE_CONTRACT, keys.CORE_CLAIM, keys.CORE_DECISION],
    partitions_def=QUARTERS,
)
def out_outcomes(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Claimed, evidenced and verified by district."""
    store = warehouse.open()
    contracts, claims, decisions = (
        store.read(name) for name in (keys.CORE_CONTRACT, keys.CORE_CLAIM, keys.CORE_DECISION)
    )
    period, known = period_of(context, dates), decisions_known(decisions, dates.as_of())
    frame = compute_outcomes(period, contracts, claims, known, policy.parameters())
    return materialized(keys.OUT_OUTCOME, frame, store.replace(keys.OUT_OUTCOME, frame, period.id))


@dg.asset(
    **describe(keys.OUT_RATING, {"pandas", "sqlite"}),
    deps=[keys.OUT_PERFORMANCE, keys.CORE_CONTRACT, keys.CORE_REGISTER_NOTICE, keys.CORE_NOTICED],
    partitions_def=QUARTERS,
)
def out_ratings(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Ratings proposed for contracts with statutory indicators."""
    store, period = warehouse.open(), period_of(context, dates)
    performance = store.read(keys.OUT_PERFORMANCE, {"period": period.id})
    contracts, links, noticed = (
        store.read(name) for name in (keys.CORE_CONTRACT, keys.CORE_REGISTER_NOTICE, keys.CORE_NOTICED)
    )
    frame = propose_ratings(performance, contracts, links, noticed, policy.parameters())
    return materialized(keys.OUT_RATING, frame, store.replace(keys.OUT_RATING, frame, period.id))


@dg.asset(**describe(keys.OUT_OVER_30K, {"pandas", "sqlite"}), deps=_LAW_INPUTS, partitions_def=QUARTERS)
def out_over_30k(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
    house: SettingsResource,
) -> Result:
    """Payments that section 70 requires to be published."""
    store = warehouse.open()
    authority = house.settings().authority
    payer = PayingAuthority(authority.name, authority.address, authority.email, authority.ids[0])
    payments, contracts, decisions = _law_inputs(store, dates)
    period = period_of(context, dates)
    frame = select_over_30k(payments, contracts, decisions, policy.parameters(), period, payer)
    return materialized(keys.OUT_OVER_30K, frame, store.replace(keys.OUT_OVER_30K, frame, period.id))


@dg.asset(**describe(keys.OUT_SPEND, {"pandas", "sqlite"}), deps=_LAW_INPUTS, partitions_def=QUARTERS)
def out_spend(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Expenditure over the publication floor."""
    store = warehouse.open()
    payments, contracts, decisions = _law_inputs(store, dates)
    period = period_of(context, dates)
    frame = select_spend(payments, contracts, decisions, policy.parameters(), period)
    return materialized(keys.OUT_SPEND, frame, store.replace(keys.OUT_SPEND, frame, period.id))


@dg.asset(
    **describe(keys.OUT_REGISTER, {"pandas", "sqlite"}), deps=[keys.CORE_CONTRACT], partitions_def=QUARTERS
)
def out_register(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Contracts in place in the period."""
    store = warehouse.open()
    period = period_of(context, dates)
    frame = select_register(store.read(keys.CORE_CONTRACT), policy.parameters(), period)
    return materialized(keys.OUT_REGISTER, frame, store.replace(keys.OUT_REGISTER, frame, period.id))


def _law_inputs(store: Warehouse, dates: RunDatesResource) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Payments, contracts, and the decisions taken by the day the figures speak about."""
    payments, contracts, decisions = (store.read(name) for name in _LAW_INPUTS)
    return payments, contracts, decisions_known(decisions, dates.as_of())


OUT_ASSETS = [
    out_targets,
    out_target_versions,
    out_performance,
    out_outcomes,
    out_ratings,
    out_over_30k,
    out_spend,
    out_register,
]
