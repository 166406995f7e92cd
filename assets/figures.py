"""Stage 3: how an asset of figures is made: its basis asked for, one function called, its table put.

Does not belong here: what a table is made from and by which function (`out`, `disclosed`, `code_sets`, ...).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import dagster as dg
import pandas as pd

from assets.materialize import Result, describe, materialized
from assets.partitions import PERIODS, period_of
from assets.stored import made_on
from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.periods import Period
from kcc_etl.parameters.model import Parameters
from kcc_etl.resources import PolicyResource, RunDatesResource, SettingsResource, WarehouseResource
from kcc_etl.schema.reads import MADE_FROM
from kcc_etl.settings import Settings
from kcc_etl.warehouse.store import Warehouse


@dataclass(frozen=True)
class Given:
    """What figures are made with: the tables, the parameters, the two dates of the run, the settings."""

    store: Warehouse
    parameters: Parameters
    as_of: date
    known_at: date
    settings: Settings

    def read(self, table: str, period: Period | None = None) -> pd.DataFrame:
        """A table, of one period where given; of the decisions those taken by the day spoken about."""
        frame = self.store.read(table, {"period": period.id} if period else None)
        return decisions_known(frame, self.as_of) if table == keys.CORE_DECISION else frame

    def made_from(self, table: str) -> list[pd.DataFrame]:
        """The tables that a table is made from, in the order of MADE_FROM."""
        return [self.read(name) for name in MADE_FROM[table]]


def figures_of_period(table: str, make: Callable[[Given, Period], pd.DataFrame]) -> dg.AssetsDefinition:
    """The asset of a table that holds the figures of one period at a time."""

    @dg.asset(**describe(table, {"pandas", "sqlite"}), deps=MADE_FROM[table], partitions_def=PERIODS)
    def figures(
        context: dg.AssetExecutionContext,
        warehouse: WarehouseResource,
        policy: PolicyResource,
        dates: RunDatesResource,
        house: SettingsResource,
    ) -> Result:
        given, period = _given(warehouse, policy, dates, house), period_of(context, dates)
        basis = made_on(table, given.store, given.parameters, given.as_of)
        frame = make(given, period)
        return materialized(table, frame, given.store.replace(table, frame, period.id, basis))

    return figures


def figures_to_date(table: str, make: Callable[[Given], pd.DataFrame]) -> dg.AssetsDefinition:
    """The asset of a table that holds figures of no period."""

    @dg.asset(**describe(table, {"pandas", "sqlite"}), deps=MADE_FROM[table])
    def figures(
        warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource, house: SettingsResource
    ) -> Result:
        given = _given(warehouse, policy, dates, house)
        basis = made_on(table, given.store, given.parameters, given.as_of)
        frame = make(given)
        return materialized(table, frame, given.store.replace(table, frame, basis=basis))

    return figures


def _given(
    warehouse: WarehouseResource, policy: PolicyResource, dates: RunDatesResource, house: SettingsResource
) -> Given:
    return Given(warehouse.open(), policy.parameters(), dates.as_of(), dates.known_at(), house.settings())
