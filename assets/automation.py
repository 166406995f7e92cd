"""Jobs and the schedule.

Does not belong here: what a job does; it is a selection of assets.
"""

from __future__ import annotations

import dagster as dg

from assets.core import CORE_ASSETS
from kcc_etl.asset_keys import GROUPS, PUB_PACK
from kcc_etl.domain.periods import latest_complete_quarter
from kcc_etl.resources import RunDatesResource

NIGHTLY = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description=(
        "Take in what is new, check, compute, write the pack of a quarter through the gate, and tell of it."
    ),
    executor_def=dg.in_process_executor,
)

QUARTERLY = dg.define_asset_job(
    "quarterly",
    # With the checks of the core tables: a verdict of an earlier day opens nothing.
    selection=dg.AssetSelection.groups(GROUPS["out"])
    | dg.AssetSelection.assets(PUB_PACK)
    | dg.AssetSelection.checks_for_assets(*CORE_ASSETS),
    description="Compute and judge a period again from the warehouse, and write its pack through the gate.",
    executor_def=dg.in_process_executor,
)


@dg.schedule(
    job=NIGHTLY,
    cron_schedule="15 3 * * *",
    execution_timezone="Europe/London",
    description="Every night at 03:15 London time, which no clock change skips or repeats.",
)
def nightly_schedule(dates: RunDatesResource) -> dg.RunRequest:
    """One run for the latest quarter that has ended; it takes in all that is outstanding."""
    as_of = dates.as_of()
    return dg.RunRequest(run_key=None, partition_key=latest_complete_quarter(as_of).id)


JOBS = [NIGHTLY, QUARTERLY]
SCHEDULES = [nightly_schedule]
