"""A dry run: which sources answer, how fresh they are, what is not configured. Nothing is written.

Does not belong here: printing (`kcc_etl.doctor_view`), a real night (`kcc_etl.night`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from kcc_etl.exceptions import KccEtlError, ParameterError, SettingsError
from kcc_etl.intake.feeds.asking import Line, Trouble
from kcc_etl.intake.feeds.clock import Clock
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.feeds.probe import probe, waiting
from kcc_etl.intake.headings.mapping import load_mapping
from kcc_etl.intake.landing.arrivals import Arrival, Fault, arrivals
from kcc_etl.intake.landing.landing import LandedFile, Source, landed_from_ledger
from kcc_etl.parameters.load import load_parameters
from kcc_etl.settings import Settings, load_settings
from kcc_etl.warehouse.look import look

State = Literal["well", "attention", "out of reach", "wrong"]
EXIT_CODES: dict[State, int] = {"well": 0, "attention": 1, "wrong": 2, "out of reach": 3}
_GRAVITY: tuple[State, ...] = ("wrong", "out of reach", "attention", "well")

ROOM_BYTES = 2_000_000_000
"""Below this much free room a night may not end: the recorded days of a year of notices have about 1.5 GB."""


@dataclass(frozen=True)
class Sight:
    """One thing looked at: what it is, how it is, and what was seen, with the age of what it gave last."""

    area: Literal["settings", "source", "warehouse", "parameters", "disk"]
    name: str
    state: State
    said: str
    last_good: str = ""


@dataclass(frozen=True)
class Examination:
    """Everything that was looked at, in the order of the settings file."""

    sights: tuple[Sight, ...]

    @property
    def exit_code(self) -> int:
        """0 all well; 1 something needs attention; 2 a setting is wrong; 3 a source is out of reach."""
        found = {sight.state for sight in self.sights}
        return EXIT_CODES[next(state for state in _GRAVITY if state in found)]


def examine(config: Path, *, today: date, clock: Clock, client: Line) -> Examination:
    """Look at everything a night needs. Faults are told in the sights, never raised."""
    try:
        settings = load_settings(config)
    except SettingsError as error:
        return Examination((Sight("settings", str(config), "wrong", error.message),))
    seen = look(settings.warehouse_url)
    state: State = "out of reach" if seen.ledger is None else "well"
    landed = [] if seen.ledger is None else landed_from_ledger(seen.ledger, settings.landing_folder)
    feeds = {feed.name: feed for feed in settings.feeds()}
    sources = []
    for source in settings.landing_sources():
        own = [file for file in landed if file.source_name == source.name]
        feed = feeds.get(source.name)
        sight = _feed(feed, own, today, clock, client) if feed else _folder(source, own, settings, today)
        sources.append(_with_mapping(sight, source))
    return Examination(
        (
            Sight("settings", str(config), "well", f"{len(sources)} source(s), today is {today.isoformat()}"),
            *sources,
            Sight("warehouse", "warehouse", state, seen.said),
            _parameters(settings, today),
            _disk(settings),
        )
    )


def _folder(source: Source, landed: Sequence[LandedFile], settings: Settings, today: date) -> Sight:
    path = source.path or Path()
    fresh = _last_good(landed, source.kind, today)
    if not os.access(path, os.R_OK):
        return Sight("source", source.name, "out of reach", f"{path} is not there or cannot be read", fresh)
    if settings.landing_folder.resolve().is_relative_to(path.resolve()):
        return Sight("source", source.name, "wrong", f"{path} holds the landing folder", fresh)
    found = arrivals(path, source.pattern)
    files = [each for each in found if isinstance(each, Arrival)]
    said = f"{len(files):,} file(s) at {path}"
    faults = [f"{each.name}: {each.why}" for each in found if isinstance(each, Fault)]
    if faults:
        return Sight("source", source.name, "attention", f"{said}; {faults[0]}", fresh)
    return Sight("source", source.name, "well" if files or landed else "attention", said, fresh)


def _feed(feed: Feed, landed: Sequence[LandedFile], today: date, clock: Clock, client: Line) -> Sight:
    fresh = _last_good(landed, feed.kind, today)
    answer = probe(feed, today=today, clock=clock, client=client)
    if isinstance(answer, Trouble):
        state: State = "out of reach" if answer.rule_id == "FD-001" else "attention"
        return Sight("source", feed.name, state, f"{answer.found} ({feed.type})", fresh)
    said = f"{feed.host} {answer}" if feed.type != "sql" else f"the database {answer}"
    if feed.since is not None:
        said += f"; {waiting(feed, landed, today):,} window(s) to ask for"
    return Sight("source", feed.name, "well", said, fresh)


def _with_mapping(sight: Sight, source: Source) -> Sight:
    """The sight of a source, worse if its saved header mapping cannot be used."""
    if source.mapping is None or sight.state in ("wrong", "out of reach"):
        return sight
    try:
        load_mapping(source.mapping)
    except KccEtlError as error:
        return Sight(sight.area, sight.name, "attention", f"{sight.said}; {error.found}", sight.last_good)
    return sight


def _last_good(landed: Sequence[LandedFile], kind: str, today: date) -> str:
    days = [file.landed_on for file in landed if file.kind == kind]
    if not days:
        return "nothing yet"
    age = (today - max(days)).days
    return f"{max(days).isoformat()}, " + ("today" if age <= 0 else "1 day" if age == 1 else f"{age:,} days")


def _parameters(settings: Settings, today: date) -> Sight:
    try:
        parameters = load_parameters(settings.parameters_folder)
    except ParameterError as error:
        return Sight("parameters", "parameters", "wrong", " ".join(error.message.split()))
    if parameters.is_approved(today):
        return Sight("parameters", parameters.version, "well", "approved")
    return Sight(
        "parameters", parameters.version, "attention", "assumptions until the adopted ones are loaded"
    )


def _disk(settings: Settings) -> Sight:
    folder = settings.data_folder
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK):
        return Sight("disk", str(folder), "wrong", "cannot be written")
    free = shutil.disk_usage(there).free
    state: State = "well" if free >= ROOM_BYTES else "attention"
    return Sight("disk", str(folder), state, f"{free / 1e9:,.1f} GB free")
