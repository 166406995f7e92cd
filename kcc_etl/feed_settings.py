"""The part of the settings file that says what to ask for instead of a folder: `feed = {…}`.

Does not belong here: the rest of the settings (`kcc_etl.settings`), asking (`kcc_etl.intake.feeds`).

Secrets stay in the environment: an address names one as `${NAME}`. No fault repeats an address, for it may
hold what should not be there.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.exc import ArgumentError

from kcc_etl.intake.feeds.feed import CONTRACTS_FINDER, FIND_A_TENDER, Feed
from kcc_etl.intake.feeds.statement import statement_fault

_SECRET_WORDS = {"password", "passwd", "pwd", "token", "key", "apikey", "secret", "sig", "signature"}
_NO_SECRETS = "a password or key does not belong in the settings; write ${NAME} and set NAME for the run"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    minutes: int = Field(default=60, ge=1, le=600)


class FindATenderSettings(_Strict):
    """Notices of Find a Tender, from the first day wanted."""

    type: Literal["find-a-tender"]
    since: date
    address: str = FIND_A_TENDER

    @model_validator(mode="after")
    def _address_can_be_asked(self) -> FindATenderSettings:
        _require_web_address(self.address, "address", bare=True)
        return self

    def feed(self, name: str, kind: str, _folder: Path) -> Feed:
        """The feed that these settings mean."""
        return Feed(name, kind, self.type, self.address, since=self.since, minutes=self.minutes)


class ContractsFinderSettings(_Strict):
    """Notices of Contracts Finder, for procurements begun before 24 February 2025."""

    type: Literal["contracts-finder"]
    since: date
    address: str = CONTRACTS_FINDER

    @model_validator(mode="after")
    def _address_can_be_asked(self) -> ContractsFinderSettings:
        _require_web_address(self.address, "address", bare=True)
        return self

    def feed(self, name: str, kind: str, _folder: Path) -> Feed:
        """The feed that these settings mean."""
        return Feed(name, kind, self.type, self.address, since=self.since, minutes=self.minutes)


class UrlSettings(_Strict):
    """One file at a web address."""

    type: Literal["url"]
    url: str

    @model_validator(mode="after")
    def _address_can_be_asked(self) -> UrlSettings:
        _require_web_address(self.url, "url")
        return self

    def feed(self, name: str, kind: str, _folder: Path) -> Feed:
        """The feed that these settings mean."""
        return Feed(name, kind, self.type, self.url, minutes=self.minutes)


class SqlSettings(_Strict):
    """One SELECT to any database that SQLAlchemy reaches."""

    type: Literal["sql"]
    database: str
    query: str

    @model_validator(mode="after")
    def _can_be_run(self) -> SqlSettings:
        fault = statement_fault(self.query)
        if fault:
            raise ValueError(fault)
        try:
            url = sa.make_url(self.database)
        except (ArgumentError, ValueError):
            raise ValueError(
                "`database` is not a database URL such as postgresql://reader:${NAME}@host/db"
            ) from None
        passwords = [str(url.password or ""), *(str(v) for k, v in url.query.items() if _is_secret(k))]
        if any(password and not _is_named(password) for password in passwords):
            raise ValueError(_NO_SECRETS)
        return self

    def feed(self, name: str, kind: str, folder: Path) -> Feed:
        """The feed that these settings mean; a SQLite file is looked for beside the settings file."""
        url = sa.make_url(self.database)
        if url.get_backend_name() == "sqlite" and url.database:
            url = url.set(database=str((folder / url.database).resolve()))
            return Feed(name, kind, self.type, str(url), self.query, minutes=self.minutes)
        return Feed(name, kind, self.type, self.database, self.query, minutes=self.minutes)


FeedSettings = Annotated[
    FindATenderSettings | ContractsFinderSettings | UrlSettings | SqlSettings, Field(discriminator="type")
]


def _require_web_address(address: str, setting: str, *, bare: bool = False) -> None:
    """Raise ValueError for what is no http(s) URL, or holds a password or a key."""
    try:
        parts = urlsplit(address)
        host, password = parts.hostname, parts.password or ""
        _port = parts.port
    except ValueError:
        raise ValueError(f"`{setting}` is not a web address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"`{setting}` is not a web address such as https://www.example.gov.uk/file.csv")
    if bare and (parts.query or parts.fragment or "@" in parts.netloc):
        raise ValueError(f"`{setting}` ends with the path; the program adds what it asks")
    keys = [value for name, value in parse_qsl(parts.query) if _is_secret(name)]
    if any(given and not _is_named(given) for given in (password, *keys)):
        raise ValueError(_NO_SECRETS)


def _is_secret(name: str) -> bool:
    return not _SECRET_WORDS.isdisjoint(name.lower().replace("-", "_").split("_"))


def _is_named(value: str) -> bool:
    return value.startswith("${") and value.endswith("}")
