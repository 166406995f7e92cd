"""The profile that a target is planned in: when its contract begins, and anew by a commitment or milestones.

Does not belong here: how profiles are worked out (`profile`), which commitments count (`commitments`), the
versions of a target (`versions`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from kcc_etl.domain.changes import EXTENSION, Change, end_after, original_end
from kcc_etl.domain.commitments import Commitment
from kcc_etl.domain.milestones import Milestones
from kcc_etl.domain.periods import quarters_between
from kcc_etl.domain.profile import Profile, Slice, after_baseline, by_milestones, even, level
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Policy

_DAY, _NONE = timedelta(days=1), Fraction(0)


def is_level(measure: Measure) -> bool:
    """Whether a measure is a level, of which the latest stands and which is never added up."""
    return measure.counting == "level"


@dataclass(frozen=True)
class Term:
    """What the profile of a target follows: its measure, the contract's days and changes, first milestones.

    `shown_end` is the last day that the register shows, before the changes or after any of them.
    """

    measure: Measure
    start: date
    shown_end: date
    changes: Sequence[Change]
    milestones: Mapping[date, Fraction]
    policy: Policy

    @property
    def original_end(self) -> date:
        """The last day before any change."""
        return original_end(self.shown_end, self.changes)

    @property
    def last_end(self) -> date:
        """The last day after every change."""
        return end_after(self.original_end, self.changes)

    def planned(self, quantity: Fraction) -> Profile:
        """The profile before any change. Source: section 8.6."""
        return self._planned(quantity, self.original_end, self.milestones)

    def replanned(self, profile: Profile, event: Milestones, milestones: Mapping[date, Fraction]) -> Profile:
        """The profile after milestones decided in the term: what was due before stays, and so does the total.

        From then on as much is due by the day of a milestone as all up to it come to, and what they leave
        open on the last day. A day before the decision counts as its day. Source: section 8.6.
        """
        first = event.effective_on
        last = max(self._end_known(event), first)
        due, planned, parts = profile.due(first - _DAY), _NONE, []
        for day, quantity in (*sorted(milestones.items()), (last, profile.total)):
            planned += quantity
            by_then = max(due, min(planned, profile.total))
            on = min(max(day, first), last)
            parts.append(Slice(on, on, by_then - due))
            due = by_then
        return profile.planned_anew(first, Profile(tuple(parts)))

    def moved(self, before: Profile, after: Profile, first: date) -> Fraction:
        """The most by which what is due at the end of any quarter, from that of a day on, differs."""
        ends = [quarter.end for quarter in quarters_between(first, max(self.last_end, first))]
        return max((abs(after.due(end) - before.due(end)) for end in ends), default=_NONE)

    def recommitted(
        self, profile: Profile, event: Commitment, milestones: Mapping[date, Fraction]
    ) -> Profile:
        """The profile after a new commitment: what was due before it stays, the rest is planned anew.

        It is never less than was due before, but for a level, of which the latest stands. The rest falls due
        to the end of the contract as it was known when the supplier committed, by the milestones still to
        come where there are any.
        """
        first = event.effective_on
        left = event.quantity - profile.due(first - _DAY)
        to_come = {day: amount for day, amount in milestones.items() if day >= first}
        rest = self._planned(
            left if is_level(self.measure) else max(left, _NONE), self._end_known(event), to_come
        )
        return profile.planned_anew(first, rest.not_before(first))

    def _end_known(self, event: Commitment | Milestones) -> date:
        extensions = [one for one in self.changes if one.kind == EXTENSION]
        known = [one for one in extensions if one.decided_on <= event.decided_on]
        end = end_after(self.original_end, known)
        return end if end >= event.effective_on else end_after(self.original_end, extensions)

    def _planned(self, quantity: Fraction, end: date, milestones: Mapping[date, Fraction]) -> Profile:
        mobilisation = self.policy.profile.mobilisation_quarters
        if is_level(self.measure):
            return level(quantity, self.start, end, mobilisation)
        if milestones:
            return by_milestones(quantity, self.start, end, milestones.items())
        if self.measure.code == self.policy.carbon.measure:
            return after_baseline(quantity, self.start, end)
        return even(quantity, self.start, end, mobilisation)
