"""Stage 3: what is redacted in the figures of a period.

Does not belong here: who is redacted and how it is counted (`kcc_etl.domain`), formats (`reports`).
"""

import dagster as dg

from assets.materialize import Result, describe, materialized
from assets.partitions import PERIODS, period_of
from assets.stored import made_on
from kcc_etl import asset_keys as keys
from kcc_etl.domain.redactions import COUNTED, count_redactions
from kcc_etl.resources import PolicyResource, RunDatesResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM


@dg.asset(
    **describe(keys.OUT_REDACTION, {"pandas", "sqlite"}),
    deps=MADE_FROM[keys.OUT_REDACTION],
    partitions_def=PERIODS,
)
def out_redactions(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """Rows and pence that are redacted, by dataset, column and reason."""
    store, parameters, as_of = warehouse.open(), policy.parameters(), dates.as_of()
    basis = made_on(keys.OUT_REDACTION, store, parameters, as_of)
    period = period_of(context, dates)
    published = {table: store.read(table, {"period": period.id}) for table in COUNTED}
    frame = count_redactions(published, period, parameters.redaction.reasons)
    return materialized(keys.OUT_REDACTION, frame, store.replace(keys.OUT_REDACTION, frame, period.id, basis))


REDACTION_ASSETS = [out_redactions]
