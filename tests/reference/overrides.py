"""What an officer may set in place of a calculated target, a second time: plain Python, from §8.8.

It shares no code and no parameter file with the program. Does not belong here: the target itself (`asks`), frames.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.numbers import in_order

REASONS = (
    "market capacity",
    "cost pressure",
    "market maturity",
    "grant or framework terms",
    "VCSE core purpose",
    "emergency award",
    "data error",
)
ANY_AUTHORITY = ("head of procurement", "chief procurement officer")
WITHIN = ("category lead", Fraction("0.25"))


@dataclass(frozen=True)
class Override:
    """Another quantity for a measure, by a role or roles; `number` puts those of one day in order."""

    day: date
    number: str
    roles: tuple[str, ...]
    reason: str
    quantity: Fraction


def has_authority(role: str, quantity: Fraction, target: Fraction) -> bool:
    """§8.8: a category lead up to 25% either way, the two heads of procurement anything, nobody else."""
    if role in ANY_AUTHORITY:
        return True
    return role == WITHIN[0] and abs(quantity - target) <= WITHIN[1] * target


def standing(target: Fraction, overrides: Iterable[Override]) -> Override | None:
    """§8.8: the last override with a reason and authority, its own or an approver's."""
    counting = [
        one
        for one in overrides
        if one.reason in REASONS and any(has_authority(role, one.quantity, target) for role in one.roles)
    ]
    return max(counting, key=lambda one: (one.day, in_order(one.number))) if counting else None
