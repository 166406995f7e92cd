"""Stage 3: the outcomes as they may be published.

Does not belong here: which counts are left out (`kcc_etl.domain`), how the rest is shown (`reports`).
"""

from datetime import date

import dagster as dg

from assets.materialize import Result, describe, materialized
from assets.out import delivery_of
from assets.partitions import PERIODS, period_of
from assets.stored import made_on
from kcc_etl import asset_keys as keys
from kcc_etl.domain.disclosure import Disclosure, disclose_districts, quarters_of
from kcc_etl.domain.periods import Period
from kcc_etl.parameters.model import Parameters
from kcc_etl.resources import PolicyResource, RunDatesResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.warehouse.store import Warehouse


@dg.asset(
    **describe(keys.OUT_DISCLOSED, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_DISCLOSED],
    partitions_def=PERIODS,
)
def out_disclosed(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Performance as it may be published."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_DISCLOSED, store, parameters, as_of)
    period = period_of(context, dates)
    performance = store.read(keys.OUT_PERFORMANCE, {"period": period.id})
    frame = _disclosure(store, period, parameters, as_of).performance(performance)
    version = store.replace(keys.OUT_DISCLOSED, frame, period.id, basis)
    return materialized(keys.OUT_DISCLOSED, frame, version)


@dg.asset(
    **describe(keys.OUT_AREA, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_AREA],
    partitions_def=PERIODS,
)
def out_area(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Outcomes by district as they may be published."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_AREA, store, parameters, as_of)
    period = period_of(context, dates)
    disclosure = _disclosure(store, period, parameters, as_of)
    frame = disclose_districts(period, store.read(keys.OUT_OUTCOME), disclosure, parameters)
    return materialized(keys.OUT_AREA, frame, store.replace(keys.OUT_AREA, frame, period.id, basis))


def _disclosure(store: Warehouse, period: Period, parameters: Parameters, as_of: date) -> Disclosure:
    delivery, contracts = delivery_of(store, parameters, as_of), store.read(keys.CORE_CONTRACT)
    quarters = quarters_of(store.read(keys.CORE_CLAIM), period)
    return Disclosure([delivery.at(quarter) for quarter in quarters], contracts, parameters)


DISCLOSED_ASSETS = [out_disclosed, out_area]
