"""What a run is given: settings, dates, warehouse, parameters. The one place that reads the clock.

Does not belong here: work. Nothing happens when this module is loaded; a resource acts when an asset asks.
"""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg

from kcc_etl.exceptions import UsageError
from kcc_etl.parameters.load import load_parameters
from kcc_etl.parameters.model import Parameters
from kcc_etl.settings import Settings, find_settings, load_settings
from kcc_etl.warehouse.store import Warehouse, open_warehouse

LONDON = ZoneInfo("Europe/London")


class SettingsResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # a resource without a value of its own
    """The settings file of this run; found as `kcc_etl.settings.find_settings` says when `path` is empty."""

    path: str = ""

    def settings(self) -> Settings:
        """The settings, read afresh so that a long-lived UI sees a changed file."""
        return load_settings(find_settings(Path(self.path) if self.path else None))


class RunDatesResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The dates of this run, ISO text; empty means today, or the day the settings pin as today."""

    settings: dg.ResourceDependency[SettingsResource]
    as_of_date: str = ""
    known_at_date: str = ""

    def today(self) -> date:
        """The day the program takes as today: the one the settings pin, else the calendar in London."""
        return self.settings.settings().as_of or datetime.now(LONDON).date()

    def as_of(self) -> date:
        """The day the figures speak about."""
        return _parse_date(self.as_of_date, "--as-of") or self.today()

    def known_at(self) -> date:
        """The day up to which landed files count; the day the figures speak about, unless given."""
        return _parse_date(self.known_at_date, "--known-at") or max(self.as_of(), self.today())


class WarehouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The warehouse that the settings name."""

    settings: dg.ResourceDependency[SettingsResource]

    def open(self) -> Warehouse:
        """The warehouse, migrated to the tables of this version."""
        return warehouse_at(self.settings.settings().warehouse_url)


class PolicyResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Policy and statutory parameters: the council's own folder over the shipped ones."""

    settings: dg.ResourceDependency[SettingsResource]

    def parameters(self) -> Parameters:
        """The parameters in force."""
        return load_parameters(self.settings.settings().parameters_folder)


warehouse_at = cache(open_warehouse)
"""The warehouse at a URL, opened and migrated once in a process."""


def _parse_date(text: str, option: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is not a date", expected="a date such as 2026-11-23") from error


def house_resources(
    path: str = "", *, as_of: str = "", known_at: str = ""
) -> dict[str, dg.ConfigurableResource]:  # type: ignore[type-arg]
    """The resources of a run: those of one settings file and two dates, or of what a run finds for itself."""
    house = SettingsResource(path=path)
    return {
        "house": house,
        "dates": RunDatesResource(settings=house, as_of_date=as_of, known_at_date=known_at),
        "warehouse": WarehouseResource(settings=house),
        "policy": PolicyResource(settings=house),
    }
