"""What becomes of a target in turn: the version that each commitment, change and plan by milestones makes.

Does not belong here: which of them there were (`commitments`, `counted_changes`, `milestones`), the profiles
they make (`planned`, `profile`), what is due on a day (`versions`).

Changes of value and term move targets that are computed and add up. A supplier's own commitment moves by a
new commitment alone, and a level or percentage does not grow because a contract is longer or dearer. An early
end freezes all of them at what is due by then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from kcc_etl.domain.changes import EARLY_END, MILESTONE, VALUE_CHANGE, Change
from kcc_etl.domain.commitments import COMMITMENT, Commitment
from kcc_etl.domain.milestones import Milestones, Staged
from kcc_etl.domain.money import number_display
from kcc_etl.domain.planned import Term, is_level
from kcc_etl.domain.profile import Profile
from kcc_etl.domain.version_sentences import change_sentence, milestones_sentence, recommitment_sentence

Event = Commitment | Change | Milestones


@dataclass(frozen=True)
class Version:
    """A target as it stands from a day on: why, by which decision, and the profile it falls due in."""

    kind: str
    effective_on: date
    decision_id: str | None
    profile: Profile
    sentence: str


@dataclass
class Unfolded:
    """The versions of a target after its first in order, and what its milestones came to.

    `milestones` are those that count in the end and `staged` the target they were to make when the last of
    them were decided; `not_counted` says by the number of a decision why its milestones do not count.
    """

    term: Term
    profile: Profile
    original: Fraction
    is_moved: bool
    milestones: Mapping[date, Fraction]
    staged: Fraction
    versions: list[Version] = field(default_factory=list)
    not_counted: dict[str, str] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """What an event makes of the target."""
        if isinstance(event, Milestones):
            self._plan(event)
        elif isinstance(event, Commitment):
            changed = self.term.recommitted(self.profile, event, self.milestones)
            self._turn(COMMITMENT, event, changed, recommitment_sentence(event, self.profile, changed))
        elif (moved := self._after(event)) is not None:
            self._turn(event.kind, event, moved, change_sentence(event, self.profile, moved))

    def _plan(self, event: Milestones) -> None:
        standing = {**self.milestones, **event.quantities}
        changed = self.term.replanned(self.profile, event, standing)
        moved = self.term.moved(self.profile, changed, event.effective_on)
        total = self.profile.total
        if lacking := event.lacking(moved, total, self.term.policy):
            found = (
                f"milestones that move up to {number_display(moved)} of {number_display(total)}, decided "
                f"after the start on {self.term.start} without authority in {', '.join(lacking)}"
            )
            self.not_counted |= dict.fromkeys(event.roles, found)
            return
        self._turn(MILESTONE, event, changed, milestones_sentence(event, self.profile, changed))
        self.milestones, self.staged = standing, total

    def _turn(self, kind: str, event: Event, profile: Profile, sentence: str) -> None:
        self.versions.append(Version(kind, event.effective_on, event.decision_id, profile, sentence))
        self.profile = profile

    def _after(self, change: Change) -> Profile | None:
        """The profile after a change; None where the change does not move the target."""
        if change.kind == EARLY_END:
            return self.profile.ended(change.effective_on)
        if not self.is_moved:
            return None
        if change.kind == VALUE_CHANGE:
            return self.profile.valued_anew(change.effective_on, change.ratio)
        last = change.new_end_on or change.effective_on
        return self.profile.extended(change.effective_on, last, self.original * change.share)


def unfold(
    term: Term, original: Fraction, staged: Staged, commitments: Sequence[Commitment], *, is_moved: bool
) -> Unfolded:
    """What becomes of a target that is first `original`; `is_moved` says whether value and term move it.

    Milestones of a level count for nothing, for a level is due whole once mobilised.
    """
    made = Unfolded(term, term.planned(original), original, is_moved, staged.original, original)
    later = () if is_level(term.measure) else staged.later
    over = [one for one in later if one.effective_on > term.last_end]
    for one in over:
        made.not_counted |= dict.fromkeys(
            one.roles, f"{one.decided_on}; the contract ended on {term.last_end}"
        )
    events: list[Event] = [*commitments, *term.changes, *(one for one in later if one not in over)]
    for event in sorted(events, key=_place):
        made.take(event)
        if isinstance(event, Change) and event.kind == EARLY_END:
            break
    return made


def _place(event: Event) -> tuple[date, int]:
    """Of one day commitments come first, then value and term, then their plan; an early end freezes all."""
    if isinstance(event, Commitment):
        return event.effective_on, 0
    if isinstance(event, Milestones):
        return event.effective_on, 2
    return event.effective_on, 3 if event.kind == EARLY_END else 1
