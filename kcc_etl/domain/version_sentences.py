"""The sentence that explains a version of a target.

Does not belong here: the version itself (`versions`), the sentence of a calculated target (`targets`).
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from kcc_etl.domain.changes import EARLY_END, EXTENSION, Change
from kcc_etl.domain.commitments import Commitment
from kcc_etl.domain.milestones import Milestones
from kcc_etl.domain.money import number_display, pounds_display
from kcc_etl.domain.profile import Profile

_DAY = timedelta(days=1)


def recommitment_sentence(event: Commitment, before: Profile, after: Profile) -> str:
    """Why a target is another since the supplier committed anew: what it was, is, and what was due before."""
    old, new = number_display(before.total, 4), number_display(event.quantity, 4)
    sentence = f"The supplier's commitment changes on {_day(event.effective_on)} from {old} to {new}"
    due = before.due(event.effective_on - _DAY)
    if after.total > event.quantity:
        return f"{sentence}; the target stays at the {number_display(due, 4)} due before."
    return f"{sentence}; {number_display(due, 4)} was due before."


def milestones_sentence(event: Milestones, before: Profile, after: Profile) -> str:
    """What is due by which day since an officer planned the rest by milestones, and what was due before."""
    due = before.due(event.effective_on - _DAY)
    days = sorted({part.last for part in after.slices if part.amount and part.last >= event.effective_on})
    steps = ", ".join(f"{number_display(after.due(day), 4)} by {_day(day)}" for day in days) or "nothing more"
    return (
        f"Milestones decided on {_day(event.decided_on)} plan what is still to come: "
        f"{number_display(due, 4)} was due before, then {steps}."
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def invoiced_sentence(change: Change, per_million: Fraction, agreed: Fraction) -> str:
    """What a change leaves as it is without guaranteed spend; `agreed` on its day. Source: section 8.6."""
    rate = f"{number_display(per_million, 4)} for each £1m invoiced"
    day = _day(change.effective_on)
    if change.kind == EARLY_END:
        frozen = f"the target is the {number_display(agreed, 4)} made by what is invoiced by that day"
        return f"The contract ends early on {day}; from then {frozen}, at {rate}."
    is_longer = change.kind == EXTENSION
    what = "The contract is extended from" if is_longer else "The value still to come changes on"
    return f"{what} {day}; spend is not guaranteed, and the target stays {rate}."


def change_sentence(change: Change, before: Profile, after: Profile) -> str:
    """Why a target is another since a change of its contract, with the sum. Source: section 8.6."""
    day = _day(change.effective_on)
    due = before.due(change.effective_on - _DAY)
    total = number_display(after.total, 4)
    if change.kind == EARLY_END:
        return f"The contract ends early on {day}; from then the target is the {total} due by that day."
    old, new = pounds_display(change.before_pence), pounds_display(change.after_pence)
    if change.kind == EXTENSION:
        more = number_display(after.total - before.total, 4)
        value = pounds_display(change.after_pence - change.before_pence)
        base = pounds_display(change.original_pence or 0)
        return (
            f"The contract is extended from {day}, for {value} on an original {base}: "
            f"{number_display(before.total, 4)} + {more} = {total}."
        )
    left = number_display(before.total - due, 4)
    return (
        f"The value still to come changes on {day} from {old} to {new}: {number_display(due, 4)} due before "
        f"+ {left} x {new} / {old} = {total}."
    )
