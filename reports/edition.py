"""What every document of a pack says about itself, and the rows of a frame as plain values.

Does not belong here: what one dataset or one paper holds (`transparency`, `lga`, `committee`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd

from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.redaction import REDACTED
from kcc_etl.domain.sign_off import SignedOff
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.tables import TABLES
from reports.documents import Authority, Column, ColumnKind, Value, clean_text, day_text

LICENCE = "Open Government Licence v3.0."
ASSUMED = (
    "The policy parameters behind these figures are assumptions. "
    "The council's adopted parameters have not been loaded."
)

KIND_NAMES = {
    "register": "Contracts",
    "notices": "Public notices",
    "payments": "Payments",
    "returns": "Return lines",
    "decisions": "Decisions",
}
"""What the rows of each kind of file are, for a reader."""

Row = Mapping[str, Value]


@dataclass(frozen=True)
class Replaced:
    """The version that was published before: its number and the SHA-256 of its manifest."""

    version: int
    manifest_sha256: str


@dataclass(frozen=True)
class Standing:
    """Whether a pack is a draft or a final version, which one it is or would be, and what it replaces.

    `told` says in a sentence what differs from the version before.
    """

    version: int = 1
    replaces: Replaced | None = None
    sign_off: SignedOff | None = None
    told: str = ""

    @property
    def status(self) -> Literal["draft", "final"]:
        """`final` once it is signed off."""
        return "final" if self.sign_off else "draft"

    def __str__(self) -> str:
        if self.sign_off is None:
            former = f" Published is version {self.replaces.version}." if self.replaces else ""
            return f"Draft of version {self.version}. It is not signed off, and figures may change.{former}"
        signed = self.sign_off
        former = f" It replaces version {self.replaces.version}." if self.replaces else ""
        return (
            f"Final, version {self.version}.{former} Signed off by the {signed.role} on "
            f"{day_text(signed.decided_on)} ({signed.reason}; decision {signed.decision_id})."
        )


@dataclass(frozen=True)
class Edition:
    """What every document of a pack says about itself: period, dates, publisher, parameters, waivers used.

    `standing` says whether it is a draft or a final version.
    """

    period: str
    as_of: date
    known_at: date
    authority: Authority
    parameter_version: str
    parameters_approved: bool
    waivers: tuple[WaiverUsed, ...] = ()
    standing: Standing = Standing()

    @property
    def period_name(self) -> str:
        """The period's name for a reader: `2026-27 Q2`."""
        return self.period.replace("-Q", " Q").replace("-H", " H")

    @property
    def period_text(self) -> str:
        """The period with its days: `2026-27 Q2 (1 July 2026 to 30 September 2026)`."""
        span = parse_period(self.period)
        return f"{self.period_name} ({day_text(span.start)} to {day_text(span.end)})"

    @property
    def publisher(self) -> str:
        """Who publishes, and where to ask."""
        return f"{self.authority.name}, {self.authority.address}. Email: {self.authority.email}"

    @property
    def waived(self) -> str:
        """Under which waivers it is published, in sentences; empty for none."""
        return " ".join(str(waiver) for waiver in self.waivers)

    @property
    def basis(self) -> str:
        """The dates and parameters behind the figures, in one sentence."""
        return (
            f"Figures speak about {day_text(self.as_of)} and count files that had arrived by "
            f"{day_text(self.known_at)}. Parameter version {self.parameter_version}."
        )


def records(frame: pd.DataFrame, table: str) -> list[dict[str, Value]]:
    """The rows of a dictionary table as plain values; a missing value is None."""
    columns = {name: [_plain(value) for value in frame[name]] for name in TABLES[table].columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: object) -> Value:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if value is None or pd.isna(value):  # type: ignore[call-overload]  # one cell, never an array
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return clean_text(value) if isinstance(value, str) else int(value)  # type: ignore[call-overload]  # a number


_KIND: dict[str, ColumnKind] = {
    "text": "text",
    "integer": "integer",
    "pence": "pence",
    "date": "date",
    "boolean": "boolean",
    "exact": "quantity",
}


def field_column(name: str, field: str, title: str = "", source: str = "") -> Column:
    """A published column that is a dictionary field, under the name given.

    `source` is the law that asks for the column, where that is another than the dictionary's of the field.
    """
    about = FIELDS[field]
    law = source or about.source
    cited = f" Source: {law}." if law else ""
    said = cited if source else ""
    if about.personal:
        return Column(name, title or about.title, _KIND[about.type], f"{about.title}, or {REDACTED}." + said)
    return Column(name, title or about.title, _KIND[about.type], about.description + cited)
