"""Partitions: the council's financial quarters, halves and years, by the same ids as everywhere.

Does not belong here: what a period is (`kcc_etl.domain.periods`). The list is fixed so that loading the
definitions reads no clock; it runs from the first quarter of the sample's payments to the end of 2035-36.
"""

from __future__ import annotations

import dagster as dg

from kcc_etl.domain.periods import Period, longer_ids, parse_period, quarter_ids
from kcc_etl.exceptions import UsageError
from kcc_etl.resources import RunDatesResource

FIRST_QUARTER = "2024-25-Q1"
LAST_QUARTER = "2035-36-Q4"

PERIODS = dg.StaticPartitionsDefinition(
    [
        *longer_ids(FIRST_QUARTER, LAST_QUARTER, "year"),
        *longer_ids(FIRST_QUARTER, LAST_QUARTER, "half"),
        *quarter_ids(FIRST_QUARTER, LAST_QUARTER),
    ]
)
"""Quarters last, since the UI offers the last partition of all unless another is chosen."""


def period_of(context: dg.AssetExecutionContext, dates: RunDatesResource) -> Period:
    """The period of this run. Raises UsageError when it has not ended on the day the figures speak about."""
    period = parse_period(context.partition_key)
    if period.end > dates.as_of():
        raise UsageError(
            f"{period.id} runs to {period.end} and the figures speak about {dates.as_of()}",
            expected="a period that has ended",
            remedy="Choose an earlier period",
        )
    return period
