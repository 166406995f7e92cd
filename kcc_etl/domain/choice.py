"""Which measures a contract is asked for: those chosen for it, and those that policy adds.

Does not belong here: how much of each (`proportion`), which measures there are (`kcc_etl.parameters`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kcc_etl.parameters.bands import Band
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.quantities import ContractType


@dataclass(frozen=True)
class Choice:
    """One measure that is asked for: why, when nobody chose it, and the measure it takes the place of.

    `is_default` is whether it stands in for an employment and skills measure that was not chosen.
    """

    measure: Measure
    why: str = ""
    instead_of: str = ""
    is_default: bool = False

    @property
    def note(self) -> str:
        """How it came to be asked for, in a sentence; empty where it was chosen and had a place."""
        code = self.measure.code
        place = f"takes the place of {self.instead_of}, for which there is no room" if self.instead_of else ""
        if self.why:
            return f"{code} was not chosen: {self.why}{f'; it {place}' if place else ''}."
        return f"{code} {place}." if place else ""


def choices_of(
    named: Iterable[str], kind: ContractType, band: Band, most: int, policy: Policy, parameters: Parameters
) -> tuple[Choice, ...]:
    """The measures asked for, in the order they were named, at most `most`; then those that policy adds.

    Codes that are no measure are left out. Where the list is cut, its employment and skills measures keep
    the places that the band asks for. A required band adds the default one where too few are named, and the
    carbon measure from its band on, each in a free place, else in the last place that may be given up; where
    there is one place, carbon has none. Source: social-value policy parameters, sections 8.1, 8.4, 8.5.
    """
    codes = tuple(dict.fromkeys(code for code in named if code in parameters.measure_of))
    chosen = [Choice(parameters.measure_of[code]) for code in codes]
    kept = chosen[:most]
    least = min(band.min_employment, most)
    rest = [choice for choice in chosen[most:] if choice.measure.is_employment]
    is_required = band.mode == "required"
    if is_required and policy.default_measure.of(kind) not in codes:
        measure = parameters.measure_of[policy.default_measure.of(kind)]
        why = f"band {band.code} asks for an employment and skills measure"
        rest.append(Choice(measure, why, is_default=True))
    while rest and _employment(kept) < least:
        kept = _with(kept, rest.pop(0), most, least)
    carbon = policy.carbon
    is_there = carbon.measure in [choice.measure.code for choice in kept]
    if is_required and policy.bands.reaches(band, carbon.from_band) and most > 1 and not is_there:
        why = "" if carbon.measure in codes else f"it is asked for from band {carbon.from_band} on"
        kept = _with(kept, Choice(parameters.measure_of[carbon.measure], why), most, least)
    return tuple(kept)


def _employment(kept: Iterable[Choice]) -> int:
    return sum(choice.measure.is_employment for choice in kept)


def _with(kept: list[Choice], one: Choice, most: int, least: int) -> list[Choice]:
    """One more in a free place, else in the last place that the employment measures asked for can spare."""
    if len(kept) < most:
        return [*kept, one]
    spare = _employment(kept) > least
    places = [place for place, choice in enumerate(kept) if spare or not choice.measure.is_employment]
    if not places:
        return kept
    gone = kept[places[-1]]
    left = [choice for choice in kept if choice is not gone]
    return [*left, replace(one, instead_of=gone.measure.code)]
