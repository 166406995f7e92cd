"""What a run is given: settings, dates, warehouse, parameters. The one place that reads the clock.

Does not belong here: work. Nothing happens when this module is loaded; a resource acts when an asset asks.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import dagster as dg

from kcc_etl.domain.periods import LONDON
from kcc_etl.exceptions import RunUnderWayError, SettingsError, UsageError
from kcc_etl.intake.landing.atomic import sweep_asides
from kcc_etl.lockfile import held
from kcc_etl.parameters.load import load_parameters
from kcc_etl.parameters.model import Parameters
from kcc_etl.settings import Settings, find_settings, load_settings
from kcc_etl.warehouse.store import Warehouse, open_warehouse


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
        """The day the figures speak about; today unless given. Raises UsageError for a day to come."""
        return self._past(self.as_of_date, "--as-of")

    def known_at(self) -> date:
        """The day up to which landed files count; today unless given. Raises UsageError for a day to come."""
        return self._past(self.known_at_date, "--known-at")

    def looks_back(self) -> bool:
        """Whether the run speaks about another day than today, or counts less than what is known today."""
        return (self.as_of(), self.known_at()) != (self.today(), self.today())

    def _past(self, text: str, option: str) -> date:
        today = self.today()
        day = _parse_date(text, option) or today
        if day > today:
            raise UsageError(f"{option} {day} lies after today, {today}", expected="today or a day before it")
        return day


class WarehouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The warehouse that the settings name. A run that is given it has its turn, however it was launched.

    `in_turn` says that whoever executes the run has taken the turn already.
    """

    settings: dg.ResourceDependency[SettingsResource]
    dates: dg.ResourceDependency[RunDatesResource]
    in_turn: bool = False

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["WarehouseResource"]:
        """Wait until no other run is at work on the data folder, and keep others out until this one ends."""
        with ExitStack() as stack:
            if not self.in_turn:
                settings = self.settings.settings()
                try:
                    stack.enter_context(turn(settings, wait=False))
                except RunUnderWayError:
                    if context.log is not None:
                        context.log.info("Another run is at work on the data folder; this one waits.")
                    stack.enter_context(turn(settings, wait=True))
            yield self

    def open(self) -> Warehouse:
        """The warehouse, migrated to the tables of this version.

        A run that looks back has one of its own, with the ledger of the live one as it stands and what its
        reader made of each version; what follows from the dates, the state of the sources too, it works out
        itself. The live tables, verdicts and publications stay as they are.
        """
        settings = self.settings.settings()
        live = warehouse_at(settings.warehouse_url)
        if not self.dates.looks_back():
            return live
        folder = settings.rebuilt_folder(self.dates.as_of(), self.dates.known_at())
        folder.mkdir(parents=True, exist_ok=True)
        own = warehouse_at(f"sqlite:///{folder / 'warehouse.sqlite3'}")
        if own.version("ledger") != live.version("ledger"):
            own.replace("ledger", live.read("ledger"))
        if not own.version("reading"):  # else it judged the same versions before
            own.replace("reading", live.read("reading"))
        return own


class PolicyResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Policy and statutory parameters: the council's own folder over the shipped ones."""

    settings: dg.ResourceDependency[SettingsResource]

    def parameters(self) -> Parameters:
        """The parameters in force."""
        return load_parameters(self.settings.settings().parameters_folder)


@contextmanager
def turn(settings: Settings, *, wait: bool) -> Iterator[None]:
    """Be the one run at work on the data folder; a turn ends with its process at the latest.

    Raises RunUnderWayError when another run is at work, unless told to wait for its end; SettingsError for a
    folder that cannot be used.
    """
    folder = settings.data_folder
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(held(settings.run_lock, wait=wait))
            sweep_asides(folder)
        except BlockingIOError as error:
            raise RunUnderWayError(
                f"Another run is at work on {folder}; nothing was done",
                expected="one run at a time on a data folder",
                remedy="Wait for it to end, then run again; `kcc-etl ui` shows how far it is",
            ) from error
        except OSError as error:
            raise SettingsError(
                f"The data folder {folder} cannot be used: {error.strerror or type(error).__name__}",
                expected="a folder that this account may write",
                remedy="Correct the setting `data`, or the permissions of the folder",
            ) from error
        yield


warehouse_at = cache(open_warehouse)
"""The warehouse at a URL, opened and migrated once in a process."""


def _parse_date(text: str, option: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is not a date", expected="a date such as 2026-11-23") from error


class House(NamedTuple):
    """The resources of a run, under the names that assets and checks ask for them by."""

    house: SettingsResource
    dates: RunDatesResource
    warehouse: WarehouseResource
    policy: PolicyResource


def house_resources(path: str = "", *, as_of: str = "", known_at: str = "", in_turn: bool = False) -> House:
    """The resources of a run: those of one settings file and two dates, or of what a run finds for itself.

    `in_turn`: whoever executes the run has taken its turn already.
    """
    house = SettingsResource(path=path)
    dates = RunDatesResource(settings=house, as_of_date=as_of, known_at_date=known_at)
    warehouse = WarehouseResource(settings=house, dates=dates, in_turn=in_turn)
    return House(house, dates, warehouse, PolicyResource(settings=house))
