"""Jobs and the schedule.

Does not belong here: what a job does; it is a selection of assets.
"""

from __future__ import annotations

import dagster as dg

from kcc_etl.asset_keys import GROUPS
from kcc_etl.domain.periods import latest_complete_quarter
from kcc_etl.resources import RunDatesResource

NIGHTLY = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="Take in what is new, check, compute, and write the pack of one quarter through the gate.",
    executor_def=dg.in_process_executor,
)

QUARTERLY = dg.define_asset_job(
    "quarterly",
    selection=dg.AssetSelection.groups(GROUPS["out"], GROUPS["pub"]),
    description="Compute one quarter again from the warehouse, and write its pack through the gate.",
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
