"""Where outcodes lie: in the county, outside, or across its boundary, with the source of the table.

Does not belong here: reading a postcode, deciding where a supplier is (`kcc_etl.domain.places`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.parameters.base import Sourced


@dataclass(frozen=True)
class Outcodes(Sourced):
    """Outcodes of the postcode areas that reach into the county.

    `inside` gives the districts that an outcode reaches, by ONS code; `across` those that cross the boundary,
    or may, with what is known of them; `outside` the rest. `areas` are all postcode areas there are.
    """

    areas_of_kent: tuple[str, ...]
    areas: tuple[str, ...]
    outside: tuple[str, ...]
    inside: dict[str, tuple[str, ...]]
    across: dict[str, str]


@dataclass(frozen=True)
class OutcodeFile:
    """The file `outcodes.toml`."""

    kent: Outcodes
