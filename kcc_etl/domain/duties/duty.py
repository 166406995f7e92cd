"""A duty as a value: what has to be published, assessed or kept, by when, and how it stands.

Does not belong here: which contracts have it (the other modules), its day counts
(`kcc_etl.parameters.duties`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

State = Literal[
    "done on time", "done late", "done", "to come", "open", "overdue", "not needed", "cannot be told"
]
"""`done`: whether in time cannot be told. `to come`: its first day has not come. `open`: may and must be done
now, the last day has not passed."""

AWARD = "UK6 contract award notice"
DETAILS = "UK7 contract details notice"
DETAILS_BELOW = "UK7 below threshold"
COPY = "copy of the contract"
ASSESSMENT = "UK9 KPI assessment"
BREACH = "UK9 breach or poor performance"
CHANGE = "UK10 contract change notice"
CHANGED_COPY = "copy of the modified contract"
TERMINATION = "UK11 contract termination notice"
TENDER_BELOW = "UK4 below threshold"
RECORDS = "records kept"
SOCIAL_VALUE = "Social Value Act consideration"
COMPLIANCE = "UK17 payments compliance notice"
SECTION_70 = "section 70 payments"
PIPELINE = "UK1 pipeline notice"
SPEND = "Transparency Code: expenditure"
CARD = "Transparency Code: procurement card"
TENDERS = "Transparency Code: invitations to tender"
REGISTER = "Transparency Code: contracts register"
GRANTS = "Transparency Code: grants to VCSEs"

CONTRACT_KINDS = (
    SOCIAL_VALUE, TENDER_BELOW, AWARD, DETAILS, DETAILS_BELOW, COPY, ASSESSMENT, BREACH, CHANGE, CHANGED_COPY,
    TERMINATION, RECORDS,
)  # fmt: skip
COUNCIL_KINDS = (COMPLIANCE, SECTION_70, PIPELINE, SPEND, CARD, TENDERS, REGISTER, GRANTS)
KINDS = (*CONTRACT_KINDS, *COUNCIL_KINDS)

COUNCIL = "council"
"""The subject of duties that are no single contract's."""


@dataclass(frozen=True)
class Done:
    """By which notice or decision a duty was done, and on which day."""

    by: str
    on: date


@dataclass(frozen=True)
class Duty:
    """One duty about one subject, as it stands on a day.

    `occasion` tells several of one kind and subject apart: a period, a change, the first or second twelve
    months. `ground` says in a sentence why it is needed or is not; `source` is the paragraph. A duty without
    a `last_on` has no day the law sets. `doubts` name what is not certain, each with the setting or the fact
    it hangs on. `disagrees_on` are columns on which register and notice differ.
    """

    kind: str
    subject: str
    occasion: str
    ground: str
    source: str
    state: State
    first_on: date | None = None
    last_on: date | None = None
    done: Done | None = None
    doubts: tuple[str, ...] = ()
    days_left: int | None = None
    late_by: int | None = None
    disagrees_on: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies the duty."""
        return self.subject, self.kind, self.occasion

    def doubted(self, *doubts: str) -> Duty:
        """The duty with further doubts, each once, empty ones dropped."""
        return replace(self, doubts=tuple(dict.fromkeys(d for d in (*self.doubts, *doubts) if d)))

    def unseen(self) -> Duty:
        """The duty where what would show it done cannot be seen: what seems overdue cannot be told."""
        return replace(self, state="cannot be told", late_by=None) if self.state == "overdue" else self


@dataclass(frozen=True)
class Asked:
    """What the law asks: everything of a duty but how it stands."""

    kind: str
    subject: str
    ground: str
    source: str
    first_on: date | None
    last_on: date | None
    occasion: str = ""
    doubts: tuple[str, ...] = ()


def stand(asked: Asked, done: Done | None, as_of: date) -> Duty:
    """The duty as it stands on a day: done on time or late, to come, open, overdue, or it cannot be told.

    `days_left` counts from `as_of` to the last lawful day, 0 on that day; `late_by` the days after it, to the
    day it was done or to `as_of`. Where no day of the event is known, it cannot be told.
    """
    state, days_left, late_by = _state(asked, done, as_of)
    doubts = list(asked.doubts)
    if done and asked.first_on and done.on < asked.first_on:
        doubts.append(f"{done.by} is of {done.on}, before the first day of the duty, {asked.first_on}")
    return Duty(
        asked.kind, asked.subject, asked.occasion, asked.ground, asked.source, state, asked.first_on,
        asked.last_on, done, (), days_left, late_by,
    ).doubted(*doubts)  # fmt: skip


def _state(asked: Asked, done: Done | None, as_of: date) -> tuple[State, int | None, int | None]:
    last = asked.last_on
    if done:
        if last is None:
            return "done", None, None
        late = (done.on - last).days
        return ("done late", None, late) if late > 0 else ("done on time", None, None)
    if last is None:
        return ("open" if asked.first_on and asked.first_on <= as_of else "cannot be told"), None, None
    if last < as_of:
        return "overdue", None, (as_of - last).days
    to_come = asked.first_on is not None and asked.first_on > as_of
    return ("to come" if to_come else "open"), (last - as_of).days, None


def not_needed(asked: Asked, why: str, done: Done | None = None) -> Duty:
    """A duty that the law does not set here, with why; `done` where it was published all the same."""
    return Duty(
        asked.kind,
        asked.subject,
        asked.occasion,
        why,
        asked.source,
        "not needed",
        done=done,
        doubts=asked.doubts,
    )


def untold(asked: Asked, why: str, done: Done | None = None) -> Duty:
    """A duty of which it is not known whether it is needed, with what is missing."""
    return replace(not_needed(asked, why, done), state="cannot be told")


def in_order(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """Duties by subject, kind in the order of a contract's life, and last day."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    return tuple(
        sorted(
            duties,
            key=lambda d: (d.subject == COUNCIL, d.subject, order[d.kind], d.last_on or date.min, d.occasion),
        )
    )
