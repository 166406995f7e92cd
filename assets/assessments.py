"""Stage 3: assessments of indicators that an officer confirmed.

Does not belong here: proposing and confirming ratings (`assets.out`), drafts of notices (`assets.drafts`).
"""

import dagster as dg

from assets.materialize import Result, describe, materialized
from assets.partitions import PERIODS, period_of
from assets.stored import made_on
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.drafts.assessments import confirmed_assessments
from kcc_etl.resources import PolicyResource, RunDatesResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM

_CONTRACTS = (keys.CORE_CONTRACT, keys.CORE_REGISTER_NOTICE, keys.CORE_NOTICED)


@dg.asset(
    **describe(keys.OUT_ASSESSMENT, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_ASSESSMENT],
    partitions_def=PERIODS,
)
def out_assessments(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Confirmed ratings of the quarter, as they may be published."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    table = keys.OUT_ASSESSMENT
    basis = made_on(table, store, parameters, as_of)
    period = period_of(context, dates)
    ratings = store.read(keys.OUT_RATING, {"period": period.id})
    contracts, links, noticed = (store.read(name) for name in _CONTRACTS)
    decisions = decisions_known(store.read(keys.CORE_DECISION), as_of)
    frame = confirmed_assessments(
        ratings,
        contracts,
        links,
        noticed,
        decisions,
        parameters.measures,
        parameters.redaction,
        store.read(keys.OUT_DISCLOSED),
    )
    return materialized(table, frame, store.replace(table, frame, period.id, basis))


ASSESSMENT_ASSETS = [out_assessments]
