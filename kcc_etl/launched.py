"""A job executed in this process, in its turn.

Does not belong here: what a night (`kcc_etl.night`) or a publication (`kcc_etl.publication`) came to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import dagster as dg

from assets.partitions import FIRST_QUARTER, LAST_QUARTER, PERIODS
from kcc_etl import asset_keys as keys
from kcc_etl.dagster_home import LAUNCHED_HERE, close_dead_runs, instance
from kcc_etl.definitions import build_defs
from kcc_etl.domain.periods import latest_complete, latest_complete_quarter, parse_period
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


def launch(
    job: str, resources: House, dagster_instance: dg.DagsterInstance, period: str, *, final: bool = False
) -> RunOutcome:
    """Execute a job for a period. What goes wrong in it is told, not raised.

    `final` asks for a final version of the pack, not for a draft alone.
    """
    ops = {"ops": {keys.PUB_PACK: {"config": {"final": True}}}} if final else {}
    result = (
        build_defs(resources._asdict())
        .resolve_job_def(job)
        .execute_in_process(
            instance=dagster_instance,
            partition_key=period,
            raise_on_error=False,
            tags=LAUNCHED_HERE,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}, **ops},
        )
    )
    return outcome_of(dagster_instance, result.run_id)


_EXPECTED = "a financial quarter, half or year such as 2026-27-Q2, 2026-27-H1 or 2026-27"


def chosen_period(period: str, as_of: date) -> str:
    """The period named, or the latest complete quarter. Raises UsageError for one that cannot be."""
    period = period or latest_complete_quarter(as_of).id
    try:
        chosen = parse_period(period)
    except ValueError as error:
        raise UsageError(str(error), expected=_EXPECTED) from error
    if period not in PERIODS.get_partition_keys():
        raise UsageError(
            f"{period} is not a period of this program", expected=f"{FIRST_QUARTER} to {LAST_QUARTER}"
        )
    if chosen.end > as_of:
        raise UsageError(
            f"{period} runs to {chosen.end} and the figures speak about {as_of}",
            expected=f"a {chosen.kind} that has ended, such as {latest_complete(as_of, chosen.kind).id}",
        )
    return period
