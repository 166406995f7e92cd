"""Bands of value: what each asks for, and what moves a contract between them.

Does not belong here: which band a contract is in (`kcc_etl.domain.proportion`), the edges of bands as written
(`band_edges`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from kcc_etl.parameters.base import FilledText, Limits, Percent, Sourced


@dataclass(frozen=True)
class Band:
    """Value from `from_pence` to under `below_pence` (open at the top when None) and what it asks for."""

    code: FilledText
    from_pence: Annotated[int, Limits(least=0)]
    mode: Literal["none", "voluntary", "required"]
    max_measures: Annotated[int, Limits(least=0, most=20)]
    min_employment: Annotated[int, Limits(least=0, most=20)]
    weighting_pct: Percent
    plan: FilledText
    below_pence: Annotated[int | None, Limits(least=1)] = None


@dataclass(frozen=True)
class Bands(Sourced):
    """The bands, lowest first, without gap or overlap."""

    band: tuple[Band, ...]

    def __iter__(self) -> Iterator[Band]:
        return iter(self.band)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the bands, lowest first."""
        return tuple(band.code for band in self.band)

    def of(self, pence: int) -> Band:
        """The band of a value in pence excluding VAT; the lower bound belongs to the band."""
        return [band for band in self.band if band.from_pence <= max(pence, 0)][-1]

    def reaches(self, band: Band, code: str) -> bool:
        """Whether a band is the one named or above it."""
        return self.codes.index(band.code) >= self.codes.index(code)


@dataclass(frozen=True)
class MoveDown(Sourced):
    """Service groups that are treated some bands lower."""

    service_groups: tuple[str, ...]
    bands: Annotated[int, Limits(least=0, most=9)]


@dataclass(frozen=True)
class Floor:
    """The least band from a cumulative value on."""

    from_pence: Annotated[int, Limits(least=1)]
    band: FilledText


@dataclass(frozen=True)
class Aggregation(Sourced):
    """Least bands of the call-offs under one agreement, by their cumulative value."""

    agreement_kinds: tuple[str, ...]
    floor: tuple[Floor, ...]
