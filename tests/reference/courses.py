"""What falls due when, a second time: plain Python and fractions, from §8.4 and §8.6 of the policy research.

It shares no code and no parameter file with the program. Readings that §8 leaves open are those of the project
and are marked as such. Does not belong here: what policy asks (`asks`), what was delivered (`outcomes`), frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.numbers import in_order
from tests.reference.overrides import has_authority

MILLION = 100_000_000
"""Pence in £1m."""

DAY = timedelta(days=1)

LEVELS = ("J2", "E4")
"""§3.4 and §8.9: staff in post, and the percentage paid in time; every other measure adds up."""
BASELINE = "G1"
"""§8.4: carbon, whose first year sets the baseline."""


def quarter(day: date) -> tuple[date, date]:
    """First and last day of the quarter of the financial year, which starts in April and has calendar quarters."""
    opens = date(day.year, day.month - (day.month - 1) % 3, 1)
    return opens, (opens + timedelta(days=95)).replace(day=1) - DAY


def quarters(first: date, last: date) -> Fraction:
    """The project's reading of §8.6: a whole quarter is 1, a part of one the share of its days; summed in turn."""
    length = Fraction(0)
    while first <= last:
        opens, closes = quarter(first)
        until = min(closes, last)
        length += Fraction((until - first).days + 1, (closes - opens).days + 1)
        first = closes + DAY
    return length


@dataclass(frozen=True)
class Part:
    """A quantity that falls due in equal shares from the first to the last day."""

    first: date
    last: date
    quantity: Fraction

    def due(self, day: date) -> Fraction:
        """What of it is due at the end of a day."""
        if day >= self.last:
            return self.quantity
        return self.quantity * quarters(self.first, day) / quarters(self.first, self.last)


Course = tuple[Part, ...]
"""A target over time."""


def due(course: Course, day: date) -> Fraction:
    """What is due at the end of a day."""
    return sum((part.due(day) for part in course), Fraction(0))


def whole(course: Course) -> Fraction:
    """The target as it stands."""
    return sum((part.quantity for part in course), Fraction(0))


def opening(first: date, last: date) -> date:
    """§8.6: nothing is due in the first quarter. The project's reading: of a contract within it, all on its last day."""
    return min(quarter(first)[1] + DAY, last)


def evenly(target: Fraction, first: date, last: date) -> Course:
    """§8.6: nothing in the first quarter, the rest in equal shares to the end."""
    return (Part(opening(first, last), last, target),)


def after_a_year(target: Fraction, first: date, last: date) -> Course:
    """§8.4: the first year sets the baseline of carbon, and nothing is due in it; then equal shares to the end.

    The project's readings: of a contract that ends within it, all is due on its last day; the anniversary of
    29 February is 1 March.
    """
    leap = (first.month, first.day) == (2, 29)
    anniversary = date(first.year + 1, 3, 1) if leap else first.replace(year=first.year + 1)
    return (Part(min(anniversary, last), last, target),)


def on_days(target: Fraction, first: date, last: date, days: Iterable[tuple[date, Fraction]]) -> Course:
    """Milestones that an officer recorded, from the earliest on until the target is used up; the rest on the last day.

    The project's reading: a day outside the contract is its first or last one.
    """
    parts: list[Part] = []
    left = target
    for day, quantity in sorted(days):
        on = min(max(day, first), last)
        parts.append(Part(on, on, min(quantity, left)))
        left -= parts[-1].quantity
    return (*parts, Part(last, last, left))


def planned(
    code: str, target: Fraction, first: date, last: date, milestones: Iterable[tuple[date, Fraction]] = ()
) -> Course:
    """A target of a measure over time before any change; recorded milestones go before everything but levels."""
    if code in LEVELS:
        return at_once(target, first, last)
    if days := list(milestones):
        return on_days(target, first, last, days)
    return (after_a_year if code == BASELINE else evenly)(target, first, last)


def at_once(target: Fraction, first: date, last: date) -> Course:
    """§8.9: a level is no sum of shares. The project's reading: it is due whole after the first quarter."""
    start = opening(first, last)
    return (Part(start, start, target),)


def revalued(course: Course, after: date, old: int, new: int) -> Course:
    """§8.6: `new = due_to_date + (original - due_to_date) x remaining_value_new / remaining_value_old`."""
    return _to_come(course, after, Fraction(new, old))


def extended(
    course: Course, original: Fraction, first: date, last: date, value: int, original_value: int
) -> Course:
    """§8.6: `original x extension_value / original_value` more, from the start of the extension."""
    return (*course, Part(first, last, original * Fraction(value, original_value)))


def ended(course: Course, last: date) -> Course:
    """§8.6: frozen at what is due by the last day."""
    return _to_come(course, last, Fraction(0))


@dataclass(frozen=True)
class Step:
    """A milestone as it was decided, by a role or roles: what falls due on a day."""

    day: date
    number: str
    roles: tuple[str, ...]
    on: date
    quantity: Fraction


Steps = dict[date, Fraction]
"""The milestones that stand: what falls due on which day."""


@dataclass(frozen=True)
class Staging:
    """Milestones that were decided together in the term, with the last day of the contract as it was known."""

    day: date
    steps: tuple[Step, ...]
    last: date


@dataclass(frozen=True)
class Renewal:
    """Another quantity promised from a day on, to the last day as it was known."""

    day: date
    quantity: Fraction
    last: date


def restaged(course: Course, staging: Staging, steps: Steps) -> Course:
    """The project's reading of §8.6: what was due stays, and the target; then each milestone makes up what is due.

    By its day as much is due as all milestones up to it come to. A day gone by is that of the decision.
    """
    done, target = due(course, staging.day - DAY), whole(course)
    moved: Steps = {staging.last: Fraction(0)}
    for on, quantity in steps.items():
        at = min(max(on, staging.day), staging.last)
        moved[at] = moved.get(at, Fraction(0)) + quantity
    parts, so_far = list(_to_come(course, staging.day - DAY, Fraction(0))), Fraction(0)
    for on in sorted(moved):
        so_far += moved[on]
        by_then = target if on == staging.last else max(done, min(so_far, target))
        parts.append(Part(on, on, by_then - done))
        done = by_then
    return tuple(parts)


def may_be_restaged(course: Course, other: Course, staging: Staging, last: date) -> bool:
    """§8.8 for milestones. The project's reading: measured by what is due at the end of any quarter still to come."""
    target, moved, day = whole(course), Fraction(0), staging.day
    while day <= max(last, staging.day):
        closes = quarter(day)[1]
        moved = max(moved, abs(due(other, closes) - due(course, closes)))
        day = closes + DAY
    return all(
        any(has_authority(role, target + moved, target) for role in step.roles) for step in staging.steps
    )


def renewed(course: Course, code: str, first: date, renewal: Renewal, steps: Steps) -> Course:
    """The project's reading of §8.6: what was due stays, the rest falls due as if planned then; a level is replaced."""
    done = due(course, renewal.day - DAY)
    left = renewal.quantity - done
    if code not in LEVELS:
        left = max(left, Fraction(0))
    to_come = [(on, quantity) for on, quantity in steps.items() if on >= renewal.day]
    rest = planned(code, left, first, renewal.last, to_come)
    moved = (Part(max(part.first, renewal.day), max(part.last, renewal.day), part.quantity) for part in rest)
    return (*_to_come(course, renewal.day - DAY, Fraction(0)), *moved)


def _to_come(course: Course, after: date, ratio: Fraction) -> Course:
    parts: list[Part] = []
    for part in course:
        done = part.due(after) if after >= part.first else Fraction(0)
        if done:
            parts.append(Part(part.first, min(after, part.last), done))
        if after < part.last:
            parts.append(Part(max(part.first, after + DAY), part.last, (part.quantity - done) * ratio))
    return tuple(parts)


@dataclass(frozen=True)
class ValueChange:
    """The value still to come from a day on, as it was and as it is, in pence."""

    day: date
    old: int
    new: int


@dataclass(frozen=True)
class Extension:
    """Further days and their value, beside the value that the contract had, in pence."""

    first: date
    last: date
    value: int
    original_value: int


@dataclass(frozen=True)
class EarlyEnd:
    """The last day came sooner."""

    last: date


Change = ValueChange | Extension | EarlyEnd


def starts(change: Change) -> tuple[date, int]:
    """The day from which a change shows, and the order of changes of one day: the early end is after its day."""
    if isinstance(change, ValueChange):
        return change.day, 0
    return (change.first, 1) if isinstance(change, Extension) else (change.last, 2)


def standing(decided: Iterable[tuple[date, str, Change]]) -> list[Change]:
    """The changes that count, from day, number and change of every decision."""
    return [change for _, change in standing_since(decided)]


def standing_since(decided: Iterable[tuple[date, str, Change]]) -> list[tuple[date, Change]]:
    """The changes that count, each with the day of its decision.

    The project's reading: a later decision corrects an earlier one of its kind about the same day; of early ends
    there is one.
    """
    found: dict[object, tuple[date, Change]] = {}
    for day, _, change in sorted(decided, key=lambda one: (one[0], in_order(one[1]))):
        found[EarlyEnd if isinstance(change, EarlyEnd) else (type(change), starts(change))] = (day, change)
    return list(found.values())


Event = ValueChange | Extension | EarlyEnd | Renewal | Staging


def place(event: Event) -> tuple[date, int]:
    """The project's reading: of one day a promise comes first, then value and term, then milestones, then the end."""
    if isinstance(event, Renewal):
        return event.day, -1
    if isinstance(event, Staging):
        return event.day, 2
    day, rank = starts(event)
    return day, 3 if isinstance(event, EarlyEnd) else rank


@dataclass(frozen=True)
class Told:
    """A target as it was first: its measure, quantity, days and milestones; `last` is the end after every change."""

    code: str
    quantity: Fraction
    span: tuple[date, date]
    steps: Steps
    last: date
    is_computed: bool

    def course(self, events: Iterable[Event], day: date) -> Course:
        """§8.6: the target as it stands on a day, after the events that show by then.

        The project's readings: a supplier's own commitment (`is_computed` is false) is moved by a new one, by
        milestones and by an early end alone. After an early end nothing moves. A level has no milestones.
        """
        course = planned(self.code, self.quantity, *self.span, self.steps.items())
        steps = self.steps
        for event in sorted(events, key=place):
            if place(event)[0] > day:
                break
            if isinstance(event, EarlyEnd):
                return ended(course, event.last)
            if isinstance(event, Staging):
                course, steps = self._staged(course, steps, event)
            elif isinstance(event, Renewal):
                course = renewed(course, self.code, self.span[0], event, steps)
            elif self.is_computed:
                course = self._moved(course, event)
        return course

    def _staged(self, course: Course, steps: Steps, staging: Staging) -> tuple[Course, Steps]:
        later = {**steps, **{step.on: step.quantity for step in staging.steps}}
        other = restaged(course, staging, later)
        counts = staging.day <= self.last and may_be_restaged(course, other, staging, self.last)
        return (other, later) if counts else (course, steps)

    def _moved(self, course: Course, change: ValueChange | Extension) -> Course:
        if isinstance(change, ValueChange):
            return revalued(course, change.day - DAY, change.old, change.new)
        span = change.first, change.last
        return extended(course, self.quantity, *span, change.value, change.original_value)


def last_day(last: date, changes: Sequence[Change]) -> date:
    """The last day of a contract after its changes."""
    ends = [change.last for change in changes if isinstance(change, EarlyEnd)]
    return min([max([last, *(c.last for c in changes if isinstance(c, Extension))]), *ends])


def due_on_invoices(
    target: Fraction,
    value: Fraction,
    invoices: Iterable[tuple[date, int]],
    changes: Iterable[Change],
    day: date,
) -> Fraction:
    """§8.6, no guaranteed spend: the target for each £m of value, times the £m invoiced by a day, less credits.

    An early end freezes it at what was invoiced by then; no other change moves it.
    """
    day = min([day, *(change.last for change in changes if isinstance(change, EarlyEnd))])
    invoiced = max(sum(pence for paid, pence in invoices if paid <= day), 0)
    return target / (value / MILLION) * Fraction(invoiced, MILLION)
