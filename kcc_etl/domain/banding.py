"""The band that a contract is in, and what put it there: its value, its call-offs together, its trade.

Does not belong here: what a band asks for (`kcc_etl.parameters.bands`), quantities (`proportion`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.domain.facts import Asked
from kcc_etl.domain.money import pounds_display
from kcc_etl.parameters.bands import Band
from kcc_etl.parameters.model import Policy


@dataclass(frozen=True)
class Placing:
    """A band, and in words the band by value and each step from there; no steps where value alone decides."""

    band: Band
    steps: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.band.code} ({', '.join(self.steps)})" if self.steps else self.band.code


def placing_of(asked: Asked, policy: Policy) -> Placing:
    """The band of the contract: by value, lifted by aggregation, then moved down by service group.

    Source: social-value policy parameters, section 8.1. Consultancy and IT move down even when call-offs
    under one agreement have lifted them, because the move-down is about the trade, not about the size.
    """
    codes = policy.bands.codes
    by_value = codes.index(policy.bands.of(asked.value_ex_vat_pence).code)
    floors = [
        codes.index(floor.band)
        for floor in policy.aggregation.floor
        if asked.aggregated_pence >= floor.from_pence
    ]
    lifted = max([by_value, *floors])
    moves_down = asked.service_group in policy.move_down.service_groups
    place = max(lifted - policy.move_down.bands, 0) if moves_down else lifted
    steps = []
    if lifted > by_value:
        together = pounds_display(asked.aggregated_pence)
        steps.append(f"lifted to {codes[lifted]} by call-offs of {together} together")
    if place < lifted:
        trade = "IT" if asked.service_group == "it" else asked.service_group
        steps.append(f"moved down to {codes[place]} as {trade}")
    if steps:
        steps = [f"{codes[by_value]} by its value", *steps]
    return Placing(policy.bands.band[place], tuple(steps))
