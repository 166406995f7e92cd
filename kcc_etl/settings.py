"""The settings file: what a council sets once, read strictly, every fault reported at once.

Does not belong here: policy numbers and statutory thresholds (`kcc_etl.parameters`), the clock.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from kcc_etl.domain.identifiers import read_ppon
from kcc_etl.domain.publication import PayingAuthority
from kcc_etl.exceptions import SettingsError
from kcc_etl.feed_settings import FeedSettings
from kcc_etl.intake.feeds.feed import Feed, masked
from kcc_etl.intake.landing.landing import NIGHTLY_LIMIT, Source

FILE_NAME = "kcc_etl.toml"
ENVIRONMENT_VARIABLE = "KCC_ETL_CONFIG"
PROJECT_FOLDER = Path(__file__).resolve().parent.parent


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PublisherSettings(_Strict):
    """The identity that publishes contract details notices; what is left out is the paying authority's."""

    id: str = Field(min_length=1)
    name: str = ""
    address: str = ""
    email: str = ""


class AuthoritySettings(_Strict):
    """Who publishes. `ids` lists every identity of the authority on the central digital platform.

    The first of them pays. `publisher` is the one that publishes contract details notices, if another does.
    """

    name: str = Field(min_length=1)
    address: str = Field(min_length=1)
    email: str = Field(min_length=3)
    ids: tuple[str, ...] = Field(min_length=1)
    organisation_uri: str = ""
    publication_url: str = Field(default="", pattern=r"^(https?://[^\s?#\"<>]+)?$")
    publisher: PublisherSettings | None = None

    @model_validator(mode="after")
    def _publisher_is_another(self) -> AuthoritySettings:
        if self.publisher and _plain(self.publisher.id) == _plain(self.ids[0]):
            raise ValueError("`publisher` is the one that pays; leave it out unless another publishes")
        return self

    @property
    def payer(self) -> PayingAuthority:
        """The authority as it pays, with the one that publishes its contract details notices if another."""
        paying = PayingAuthority(self.name, self.address, self.email, self.ids[0])
        other = self.publisher
        if other is None:
            return paying
        publisher = PayingAuthority(
            other.name or self.name, other.address or self.address, other.email or self.email, other.id
        )
        return replace(paying, publisher=publisher)


def _plain(identifier: str) -> str:
    return read_ppon(identifier).number or identifier.strip()


class SourceSettings(_Strict):
    """One source: files at `path`, or a `feed`. Paths are relative to the settings file."""

    name: str = Field(min_length=1, pattern=r"^[a-z0-9][a-z0-9-]*$")
    kind: Literal["register", "notices", "payments", "returns", "decisions"]
    path: str = Field(default="", pattern=r"\S")
    feed: FeedSettings | None = None
    pattern: str = "*"
    mode: Literal["snapshot", "collection"] = "collection"
    mapping: str = ""
    nightly_limit: int = Field(default=NIGHTLY_LIMIT, ge=1)

    @model_validator(mode="after")
    def _is_folder_or_feed(self) -> SourceSettings:
        if bool(self.path) == (self.feed is not None):
            raise ValueError("a source has either a `path` or a `feed`")
        if self.feed is None:
            return self
        if "pattern" in self.model_fields_set:
            raise ValueError("`pattern` chooses files of a folder; a feed has none")
        if self.feed.type in ("find-a-tender", "contracts-finder"):
            if self.kind != "notices":
                raise ValueError(f"a feed of type {self.feed.type} gives notices")
            if self.mode != "collection":
                raise ValueError("the pages of a feed of notices add up, so its mode is collection")
        if self.feed.type == "sql" and self.kind in ("notices", "returns"):
            raise ValueError("a query gives a register, payments or decisions")
        return self


class Settings(_Strict):
    """The whole settings file. `folder` is where it stands; every path is relative to it."""

    folder: Path
    data: str = "data"
    warehouse: str = ""
    parameters: str = ""
    as_of: date | None = None
    authority: AuthoritySettings
    sources: tuple[SourceSettings, ...] = Field(min_length=1)

    @field_validator("sources")
    @classmethod
    def _names_are_unique(cls, value: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        names = [source.name for source in value]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"the source name {', '.join(repeated)} is used twice")
        return value

    @property
    def data_folder(self) -> Path:
        """Where the program keeps everything it writes."""
        return (self.folder / self.data).resolve()

    @property
    def run_lock(self) -> Path:
        """The file that a run holds while it is at work on the data folder."""
        return self.data_folder / "run.lock"

    @property
    def feeds_asked(self) -> Path:
        """Where feeds keep when they asked which host, so that the next run is polite too."""
        return self.data_folder / "feeds-asked.json"

    @property
    def landing_folder(self) -> Path:
        """Where landed files are kept, named by their SHA-256."""
        return self.data_folder / "landing"

    @property
    def drafts_folder(self) -> Path:
        """Where every run leaves the pack of its period, until somebody has signed it off."""
        return self.data_folder / "drafts"

    @property
    def publications_folder(self) -> Path:
        """Where final packs are published, every version of them."""
        return self.data_folder / "publications"

    def told_folder(self, as_of: date, known_at: date, *, looks_back: bool) -> Path:
        """Where a night leaves what is for officers; one that looks back has a folder of its own."""
        return self.rebuilt_folder(as_of, known_at) if looks_back else self.data_folder

    def rebuilt_folder(self, as_of: date, known_at: date) -> Path:
        """Where a run that looks back works: a warehouse and drafts of its own; what is live stays."""
        return self.data_folder / "rebuilt" / f"as-of-{as_of.isoformat()}-known-at-{known_at.isoformat()}"

    @property
    def dagster_home(self) -> Path:
        """Where Dagster keeps its runs and event log."""
        return self.data_folder / "dagster"

    @property
    def warehouse_url(self) -> str:
        """SQLAlchemy URL of the warehouse; a SQLite file in the data folder unless set."""
        return self.warehouse or f"sqlite:///{self.data_folder / 'warehouse.sqlite3'}"

    @property
    def parameters_folder(self) -> Path | None:
        """The council's own parameter files, if it has any."""
        return (self.folder / self.parameters).resolve() if self.parameters else None

    def landing_sources(self) -> list[Source]:
        """The sources with their paths made absolute, in the order of the file."""
        return [
            Source(
                name=s.name,
                kind=s.kind,
                path=(self.folder / s.path).resolve() if s.path else None,
                pattern=s.pattern,
                mode=s.mode,
                mapping=(self.folder / s.mapping).resolve() if s.mapping else None,
                nightly_limit=s.nightly_limit,
            )
            for s in self.sources
        ]

    def feeds(self) -> list[Feed]:
        """The sources that are asked instead of looked for in a folder, in the order of the file."""
        return [s.feed.feed(s.name, s.kind, self.folder) for s in self.sources if s.feed]


def find_settings(given: Path | None = None) -> Path:
    """The settings file to use: the one given, KCC_ETL_CONFIG, the current folder's, the checkout's.

    Raises SettingsError when there is none.
    """
    named = given or (
        Path(os.environ[ENVIRONMENT_VARIABLE]) if os.environ.get(ENVIRONMENT_VARIABLE) else None
    )
    candidates = [named] if named else [Path.cwd() / FILE_NAME, PROJECT_FOLDER / FILE_NAME]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    raise SettingsError(
        f"There is no settings file at {' or '.join(str(c) for c in candidates)}",
        expected=f"a file {FILE_NAME}",
        remedy="Run `kcc-etl init` to write one, or name yours with --config",
    )


def load_settings(path: Path) -> Settings:
    """Read a settings file. Raises SettingsError naming every fault with its place and what was found."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error.strerror}",
            remedy="Check the path and its permissions",
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"The settings file {path} is not UTF-8 text", remedy="Save it as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"The settings file {path} is not valid TOML: {error}", remedy="Correct that line"
        ) from error
    try:
        return Settings.model_validate({**content, "folder": path.resolve().parent})
    except ValidationError as error:
        raise SettingsError(
            f"The settings file {path} has {error.error_count()} fault(s): " + "; ".join(_faults(error)),
            expected="the settings that `kcc-etl init` writes and explains",
            remedy="Correct them and run again",
        ) from error


def _faults(error: ValidationError) -> list[str]:
    faults = []
    for fault in error.errors(include_url=False):
        place = ".".join(str(part) for part in fault["loc"]) or "the file"
        if fault["type"] == "extra_forbidden":
            faults.append(f"{place} is not a setting of this program")
        elif fault["type"] == "missing":
            faults.append(f"{place} is missing")
        else:
            found = fault.get("input")
            shown = "" if isinstance(found, dict | list | tuple) else f" (found {masked(repr(found))})"
            faults.append(f"{place}: {fault['msg'].removeprefix('Value error, ')}{shown}")
    return faults
