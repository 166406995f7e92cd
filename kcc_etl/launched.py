"""A job executed in this process, in its turn.

Does not belong here: what a night (`kcc_etl.night`) or a publication (`kcc_etl.publication`) came to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import dagster as dg

from assets.partitions import FIRST_QUARTER, LAST_QUARTER, QUARTERS
from kcc_etl.dagster_home import LAUNCHED_HERE, close_dead_runs, instance
from kcc_etl.definitions import build_defs
from kcc_etl.domain.periods import latest_complete_quarter, parse_period
from kcc_etl.exceptions import UsageError
from kcc_etl.resources import House, turn
from kcc_etl.run_outcome import RunOutcome, outcome_of
from kcc_etl.settings import Settings


@contextmanager
def at_work(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance, for the one run at work; runs that died are closed.

    Raises RunUnderWayError while another run is at work, and RunHistoryError at any time.
    """
    with turn(settings, wait=False), instance(settings) as dagster_instance:
        close_dead_runs(dagster_instance, settings.dagster_home)
        yield dagster_instance


def launch(job: str, resources: House, dagster_instance: dg.DagsterInstance, quarter: str) -> RunOutcome:
    """Execute a job for a quarter. What goes wrong in it is told, not raised."""
    result = (
        build_defs(resources._asdict())
        .resolve_job_def(job)
        .execute_in_process(
            instance=dagster_instance,
            partition_key=quarter,
            raise_on_error=False,
            tags=LAUNCHED_HERE,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    )
    return outcome_of(dagster_instance, result.run_id)


def chosen_quarter(period: str, as_of: date) -> str:
    """The quarter named, or the latest complete one. Raises UsageError for one that cannot be published."""
    period = period or latest_complete_quarter(as_of).id
    try:
        chosen = parse_period(period)
    except ValueError as error:
        raise UsageError(str(error), expected="a financial quarter such as 2026-27-Q2") from error
    if chosen.kind != "quarter":
        raise UsageError(f"{period} is a {chosen.kind}", expected="a financial quarter such as 2026-27-Q2")
    if period not in QUARTERS.get_partition_keys():
        raise UsageError(
            f"{period} is not a quarter of this program", expected=f"{FIRST_QUARTER} to {LAST_QUARTER}"
        )
    if chosen.end > as_of:
        raise UsageError(
            f"{period} runs to {chosen.end} and the figures speak about {as_of}",
            expected=f"{latest_complete_quarter(as_of).id} or earlier",
        )
    return period
