"""A council's own values in pounds for units of measures. None is shipped: the known sets are licensed.

Does not belong here: targets and outcomes, which stay in native units (`kcc_etl.domain`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from kcc_etl.parameters.base import Limits, Sourced


@dataclass(frozen=True)
class Proxies(Sourced):
    """Pounds for one unit of a measure, by the code of the measure."""

    pounds: dict[str, Annotated[Fraction, Limits(above=0)]]


@dataclass(frozen=True)
class ProxyFile:
    """The file `proxies.toml`, which only a council lays down."""

    proxies: Proxies
