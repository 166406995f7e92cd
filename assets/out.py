"""Stage 3: the figures of a quarter.

Does not belong here: arithmetic and the law's tests (`kcc_etl.domain`), formats (`reports`).
"""

from datetime import date

import dagster as dg
import pandas as pd

from assets.materialize import Result, describe, materialized
from assets.partitions import PERIODS, period_of
from assets.stored import made_on
from kcc_etl import asset_keys as keys
from kcc_etl.domain.core import returns_held
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.delivery import Delivery
from kcc_etl.domain.outcomes import compute_outcomes
from kcc_etl.domain.publication import PayingAuthority, select_over_30k, select_register, select_spend
from kcc_etl.domain.ratings import propose_ratings
from kcc_etl.domain.redaction import publishable_suppliers
from kcc_etl.domain.reviewed import publishable_titles
from kcc_etl.domain.targets import compute_targets
from kcc_etl.domain.versions import compute_versions
from kcc_etl.parameters.model import Parameters
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.warehouse.store import Warehouse

_DELIVERY_INPUTS = [keys.OUT_TARGET, keys.CORE_CLAIM, keys.CORE_DECISION, keys.CORE_PAYMENT]
_RATING_INPUTS = [keys.CORE_CONTRACT, keys.CORE_REGISTER_NOTICE, keys.CORE_NOTICED, keys.CORE_DECISION]
_LAW_INPUTS = [keys.CORE_PAYMENT, keys.CORE_CONTRACT, keys.CORE_DECISION]


@dg.asset(**describe(keys.OUT_TARGET, {"pandas", "sqlite"}), deps=MADE_FROM[keys.OUT_TARGET])
def out_targets(warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource) -> Result:
    """Targets of every contract that policy reaches."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_TARGET, store, parameters, as_of)
    contracts, decisions = store.read(keys.CORE_CONTRACT), store.read(keys.CORE_DECISION)
    known = decisions_known(decisions, as_of)
    targets = compute_targets(contracts, known, parameters, as_of, store.read(keys.CORE_PAYMENT))
    return materialized(keys.OUT_TARGET, targets, store.replace(keys.OUT_TARGET, targets, basis=basis))


@dg.asset(**describe(keys.OUT_TARGET_VERSION, {"pandas", "sqlite"}), deps=MADE_FROM[keys.OUT_TARGET_VERSION])
def out_target_versions(
    warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource
) -> Result:
    """Every version of every target, with what made it."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_TARGET_VERSION, store, parameters, as_of)
    known = decisions_known(store.read(keys.CORE_DECISION), as_of)
    targets, contracts = store.read(keys.OUT_TARGET), store.read(keys.CORE_CONTRACT)
    payments = store.read(keys.CORE_PAYMENT)
    versions = compute_versions(targets, contracts, known, parameters, payments, as_of)
    table = keys.OUT_TARGET_VERSION
    return materialized(table, versions, store.replace(table, versions, basis=basis))


@dg.asset(
    **describe(keys.OUT_PERFORMANCE, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_PERFORMANCE],
    partitions_def=PERIODS,
)
def out_performance(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Agreed, due by now, claimed and verified, per contract and measure."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_PERFORMANCE, store, parameters, as_of)
    period = period_of(context, dates)
    frame = delivery_of(store, parameters, as_of).at(period)
    return materialized(
        keys.OUT_PERFORMANCE, frame, store.replace(keys.OUT_PERFORMANCE, frame, period.id, basis)
    )


@dg.asset(
    **describe(keys.OUT_OUTCOME, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_OUTCOME],
    partitions_def=PERIODS,
)
def out_outcomes(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Claimed, evidenced and verified by district."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_OUTCOME, store, parameters, as_of)
    contracts, claims, decisions = (
        store.read(name) for name in (keys.CORE_CONTRACT, keys.CORE_CLAIM, keys.CORE_DECISION)
    )
    period, known = period_of(context, dates), decisions_known(decisions, as_of)
    frame = compute_outcomes(period, contracts, claims, known, parameters)
    return materialized(keys.OUT_OUTCOME, frame, store.replace(keys.OUT_OUTCOME, frame, period.id, basis))


@dg.asset(
    **describe(keys.OUT_RATING, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_RATING],
    partitions_def=PERIODS,
)
def out_ratings(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Ratings proposed for contracts with statutory indicators, and confirmed."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_RATING, store, parameters, as_of)
    period = period_of(context, dates)
    performance = store.read(keys.OUT_PERFORMANCE, {"period": period.id})
    contracts, links, noticed, decisions = (store.read(name) for name in _RATING_INPUTS)
    known = decisions_known(decisions, as_of)
    frame = propose_ratings(performance, contracts, links, noticed, known, parameters)
    return materialized(keys.OUT_RATING, frame, store.replace(keys.OUT_RATING, frame, period.id, basis))


@dg.asset(
    **describe(keys.OUT_OVER_30K, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_OVER_30K],
    partitions_def=PERIODS,
)
def out_over_30k(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
    house: SettingsResource,
) -> Result:
    """Payments that section 70 requires to be published."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_OVER_30K, store, parameters, as_of)
    authority = house.settings().authority
    payer = PayingAuthority(authority.name, authority.address, authority.email, authority.ids[0])
    payments, contracts, decisions = _law_inputs(store, as_of)
    period = period_of(context, dates)
    frame = select_over_30k(payments, contracts, decisions, parameters, period, payer)
    return materialized(keys.OUT_OVER_30K, frame, store.replace(keys.OUT_OVER_30K, frame, period.id, basis))


@dg.asset(
    **describe(keys.OUT_SPEND, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_SPEND],
    partitions_def=PERIODS,
)
def out_spend(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Expenditure over the publication floor."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_SPEND, store, parameters, as_of)
    payments, contracts, decisions = _law_inputs(store, as_of)
    period = period_of(context, dates)
    frame = select_spend(payments, contracts, decisions, parameters, period)
    return materialized(keys.OUT_SPEND, frame, store.replace(keys.OUT_SPEND, frame, period.id, basis))


@dg.asset(
    **describe(keys.OUT_REGISTER, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_REGISTER],
    partitions_def=PERIODS,
)
def out_register(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Contracts in place in the period."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_REGISTER, store, parameters, as_of)
    period = period_of(context, dates)
    contracts, notices, decisions = (store.read(name) for name in MADE_FROM[keys.OUT_REGISTER])
    known = decisions_known(decisions, as_of)
    frame = select_register(contracts, notices, known, parameters, period)
    return materialized(keys.OUT_REGISTER, frame, store.replace(keys.OUT_REGISTER, frame, period.id, basis))


def delivery_of(store: Warehouse, parameters: Parameters, as_of: date) -> Delivery:
    """Delivery of every target, suppliers named as they may be published."""
    contracts = store.read(keys.CORE_CONTRACT)
    targets, claims, decisions, payments = (store.read(name) for name in _DELIVERY_INPUTS)
    held = returns_held(store.read(keys.RAW_CLAIM), claims, store.read("receipt"), store.read("ledger"))
    known = decisions_known(decisions, as_of)
    named = contracts.assign(
        supplier_name=publishable_suppliers(contracts, known, parameters.redaction),
        contract_title=publishable_titles(contracts["contract_title"], known, parameters.redaction.texts),
    )
    return Delivery(named, targets, claims, known, parameters, held, as_of, payments)


def _law_inputs(store: Warehouse, as_of: date) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Payments, contracts, and the decisions taken by the day the figures speak about."""
    payments, contracts, decisions = (store.read(name) for name in _LAW_INPUTS)
    return payments, contracts, decisions_known(decisions, as_of)


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
