"""What a supplier promised, a second time: plain Python, from §8.4, §8.6 and §8.8 of the policy research.

It shares no code and no parameter file with the program. Readings that §8 leaves open are those of the project and
are marked as such. Does not belong here: what falls due when (`courses`), overrides (`overrides`), frames.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.numbers import in_order
from tests.reference.overrides import has_authority


@dataclass(frozen=True)
class Promise:
    """A quantity promised, by a role or roles, from a day or at once; `number` puts those of one day in order."""

    day: date
    number: str
    roles: tuple[str, ...]
    quantity: Fraction
    start: date | None = None


@dataclass
class Promises:
    """What counts: the quantity of the contract, the promises in place of it by first day, the others by reason."""

    own: Fraction | None = None
    later: dict[date, Promise] = field(default_factory=dict)
    not_counted: dict[str, str] = field(default_factory=dict)

    @property
    def latest(self) -> Fraction | None:
        """What is promised in the end."""
        return self.later[max(self.later)].quantity if self.later else self.own


def counting(made: Iterable[Promise], first: date, last: date) -> Promises:
    """The promises of one measure of a contract that runs from the first to the last day.

    The project's readings: the first one recorded, and every one decided by the first day, is the contract's own
    and needs no authority; any other is held to §8.8 as an override is, from the quantity it replaces. It shows from
    the day it names, else from that of the decision, and must show while the contract runs. One of the quantity that
    stands says nothing new.
    """
    found, before = Promises(), None
    for one in sorted(made, key=lambda one: (one.day, in_order(one.number))):
        if one.quantity == before:
            continue
        own = before is None or one.day <= first
        if not own and not any(has_authority(role, one.quantity, before) for role in one.roles):
            found.not_counted[one.number] = "authority"
            continue
        shows = max(first, one.start or (first if own else one.day))
        if shows > last:
            found.not_counted[one.number] = "term"
            continue
        if own and shows == first:
            found.own = one.quantity
        else:
            found.later[shows] = one
        before = one.quantity
    return found
