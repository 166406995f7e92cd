"""Relief of small firms and charities: the factor of their quantities, and how many measures fewer.

Does not belong here: the factors themselves (`kcc_etl.parameters`), quantities (`proportion`).

At the stage `at_award` a contract that is not awarded has no relief yet, so that every bidder is asked alike.
"""

from __future__ import annotations

from fractions import Fraction

from kcc_etl.parameters.bands import Band
from kcc_etl.parameters.quantities import Relief


def relief_of(size: str, relief: Relief, *, is_vcse: bool, is_awarded: bool) -> tuple[Fraction, str]:
    """The lowest single relief factor and its ground; factors do not stack. Source: section 8.5."""
    if relief.stage == "off":
        return Fraction(1), "relief is off"
    if relief.stage == "at_award" and not is_awarded:
        return Fraction(1), "relief comes with the award"
    sizes = {
        "micro": (relief.micro, "micro supplier"),
        "small": (relief.small, "small supplier"),
        "medium": (relief.medium, "medium supplier"),
        "sme": (relief.medium, "small or medium-sized supplier, counted as medium"),
        "large": (relief.large, "large supplier"),
    }
    factor, reason = sizes.get(size, (relief.unknown, "supplier of unknown size"))
    if is_vcse and relief.vcse < factor:
        return relief.vcse, "charity or social enterprise"
    return factor, reason


def most_measures(size: str, band: Band, relief: Relief, *, is_vcse: bool, is_awarded: bool) -> int:
    """How many measures may be asked for: the band's number less relief, at least one. Source: 8.5."""
    most = band.max_measures
    waits = relief.stage == "at_award" and not is_awarded
    if relief.stage == "off" or waits or most == 0:
        return most
    limits = [most]
    if size == "micro":
        limits.append(relief.micro_max_measures)
    if size == "small":
        limits.append(max(most - relief.small_measures_fewer, 1))
    if is_vcse:
        limits.append(max(most - relief.vcse_measures_fewer, 1))
    return min(limits)
