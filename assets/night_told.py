"""The last step of a night: its account, whatever the steps before came to.

Does not belong here: what the account says, and its files (`kcc_etl.account`).
"""

import dagster as dg

from assets.materialize import OWNERS, Result
from assets.partitions import PERIODS, period_of
from kcc_etl import asset_keys as keys
from kcc_etl.account import night_of, tell
from kcc_etl.resources import House, PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.run_outcome import outcome_of


@dg.asset(
    key=dg.AssetKey([keys.PUB_NIGHT]),
    partitions_def=PERIODS,
    group_name=keys.GROUPS["pub"],
    description=(
        "What the night came to: findings, quality report and digest, written whether or not the pack was. "
        "It comes last and rests on no other step, so that one that fails or refuses is told of as well."
    ),
    kinds={"csv", "excel", "json"},
    owners=OWNERS,
    tags={"layer": "pub", "publication": "no", "contains_personal_data": "yes"},
    op_tags={"dagster/priority": "-2"},  # after the pack; every job is executed in one process, step by step
)
def pub_night(
    context: dg.AssetExecutionContext,
    warehouse: WarehouseResource,
    house: SettingsResource,
    policy: PolicyResource,
    dates: RunDatesResource,
) -> Result:
    """The account of the night, in the turn and of the dates of its run."""
    resources = House(house, dates, warehouse, policy)
    run = outcome_of(context.instance, context.run.run_id)
    night = night_of(run, period_of(context, dates).id, resources)
    context.instance.add_run_tags(run.run_id, tell(night, resources))
    return dg.MaterializeResult(
        metadata={
            "status": night.status,
            "checks": str(night.checks),
            "refused": "\n".join(night.refused) or "no",
            "failures": "\n".join(night.failures) or "none",
            "findings": str(night.findings_file),
            "quality_report": str(night.quality_report),
        }
    )
