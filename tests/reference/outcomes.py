"""What falls due when and how it was delivered, a second time: plain Python and fractions, from §8.6, 8.7, 8.9.

It shares no code and no parameter file with the program. Readings that §8 leaves open are those of the project
and are marked as such. Does not belong here: what policy asks (`asks`), frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

MILLION = 100_000_000
"""Pence in £1m."""

DAY = timedelta(days=1)
RETURN_DAYS = timedelta(days=30)
POLICY_BEGAN = date(2026, 1, 1)

LEVELS = ("J2", "E4")
"""§3.4 and §8.9: staff in post, and the percentage paid in time; every other measure adds up."""
PERCENTAGES = ("E4",)


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
    """The changes that count, from day, number and change of every decision.

    The project's reading: a later decision corrects an earlier one of its kind about the same day; of early ends
    there is one.
    """
    found: dict[object, Change] = {}
    for _, _, change in sorted(decided, key=lambda one: one[:2]):
        found[EarlyEnd if isinstance(change, EarlyEnd) else (type(change), starts(change))] = change
    return list(found.values())


def as_changed(course: Course, changes: Iterable[Change], day: date, *, is_computed: bool = True) -> Course:
    """§8.6: the target as it stands on a day, after the changes that show by then.

    The project's readings: a supplier's own commitment (`is_computed` is false) is frozen by an early end and
    moved by no other change. After an early end nothing moves.
    """
    original = whole(course)
    for change in sorted(changes, key=starts):
        if starts(change)[0] > day:
            break
        if isinstance(change, EarlyEnd):
            return ended(course, change.last)
        if not is_computed:
            continue
        if isinstance(change, ValueChange):
            course = revalued(course, change.day - DAY, change.old, change.new)
        else:
            course = extended(
                course, original, change.first, change.last, change.value, change.original_value
            )
    return course


def last_day(last: date, changes: Sequence[Change]) -> date:
    """The last day of a contract after its changes."""
    ends = [change.last for change in changes if isinstance(change, EarlyEnd)]
    return min([max([last, *(c.last for c in changes if isinstance(c, Extension))]), *ends])


def due_on_invoices(
    target: Fraction, value: Fraction, invoices: Iterable[tuple[date, int]], day: date
) -> Fraction:
    """§8.6, no guaranteed spend: the target for each £m of value, times the £m invoiced by a day, less credits."""
    invoiced = max(sum(pence for paid, pence in invoices if paid <= day), 0)
    return target / (value / MILLION) * Fraction(invoiced, MILLION)


@dataclass(frozen=True)
class Line:
    """A claim of one measure in one quarter and district; `share` is the part this contract brought about."""

    quarter: date
    claimed: Fraction
    share: Fraction
    additional: bool
    evidenced: bool


@dataclass(frozen=True)
class Verified:
    """What an officer verified of one quarter; `number` puts those of one day in order."""

    quarter: date
    day: date
    number: str
    quantity: Fraction


@dataclass(frozen=True)
class Done:
    """To date: claimed, evidenced, verified."""

    claimed: Fraction = Fraction(0)
    evidenced: Fraction = Fraction(0)
    verified: Fraction = Fraction(0)


Claimed = tuple[str, str, date, Fraction]
"""Supplier, measure, quarter and quantity."""


def claimed_twice(claims: Iterable[tuple[str, Claimed]]) -> set[Claimed]:
    """§8.7: what one supplier claims of one measure, quarter and quantity on two contracts; both are held.

    The project's reading: of nothing, and of levels, a repeat says nothing.
    """
    contracts: dict[Claimed, set[str]] = {}
    for contract, claimed in claims:
        if claimed[1] not in LEVELS and claimed[3]:
            contracts.setdefault(claimed, set()).add(contract)
    return {claimed for claimed, on in contracts.items() if len(on) > 1}


def counting(
    supplier: str, code: str, lines: Iterable[Line], checks: Iterable[Verified], twice: set[Claimed]
) -> list[Line]:
    """The lines that are not held. The project's reading: what an officer has verified since is held no longer."""
    released = {check.quarter for check in checks}
    return [
        line
        for line in lines
        if line.quarter in released or (supplier, code, line.quarter, line.claimed) not in twice
    ]


def done(code: str, lines: Sequence[Line], checks: Sequence[Verified], day: date) -> Done:
    """§8.7 and §8.9: what of the quarters over by a day counts; of a level the latest quarter, no sum.

    The project's readings: of percentages of several districts the lowest stands; what is verified counts up to
    what was claimed.
    """
    came = sorted({line.quarter for line in lines if quarter(line.quarter)[1] <= day})
    found = [_of_quarter(code, start, lines, checks) for start in came]
    if code in LEVELS:
        return found[-1] if found else Done()
    return Done(
        sum((one.claimed for one in found), Fraction(0)),
        sum((one.evidenced for one in found), Fraction(0)),
        sum((one.verified for one in found), Fraction(0)),
    )


def _of_quarter(code: str, start: date, lines: Sequence[Line], checks: Sequence[Verified]) -> Done:
    counted = [
        (line, line.claimed * line.share if line.additional else Fraction(0))
        for line in lines
        if line.quarter == start
    ]
    join = min if code in PERCENTAGES else sum
    claimed = Fraction(join(quantity for _, quantity in counted))
    evidenced = Fraction(join(quantity if line.evidenced else Fraction(0) for line, quantity in counted))
    standing = sorted(
        (check for check in checks if check.quarter == start), key=lambda check: (check.day, check.number)
    )
    verified = min(standing[-1].quantity, claimed) if standing else Fraction(0)
    return Done(claimed, evidenced, verified)


def owed(first: date, last: date, changes: Sequence[Change], until: date, today: date) -> list[date]:
    """§8.7: first days of the quarters whose return was due before today, 30 days after their end.

    The project's readings: none is owed of the first quarter, in which nothing falls due, and none of a quarter
    that was over before there was a policy.
    """
    found = []
    last = last_day(last, changes)
    start = quarter(max(opening(first, last), POLICY_BEGAN))[0]
    while start <= last:
        closes = quarter(start)[1]
        if closes <= until and closes + RETURN_DAYS < today:
            found.append(start)
        start = closes + DAY
    return found


def missing_in_a_row(wanted: Sequence[date], came: Iterable[date]) -> int:
    """§8.7. The project's reading: of the latest returns owed, how many did not come."""
    count, there = 0, set(came)
    for start in reversed(wanted):
        if start in there:
            return count
        count += 1
    return count


def rag(due_now: Fraction, verified: Fraction, missing: int) -> str:
    """§8.7: green at what is due, amber at 80% of it, red below and after two missing returns, grey if nothing is due."""
    if due_now == 0:
        return "Grey"
    if missing >= 2 or verified < Fraction("0.80") * due_now:
        return "Red"
    return "Green" if verified >= due_now else "Amber"


def s71_word(due_now: Fraction, verified: Fraction) -> str:
    """§8.7: the words of s.71 by share of what is due."""
    if due_now == 0:
        return "other"
    share = verified / due_now
    for least, word in ((100, "good"), (90, "approaching target"), (70, "requires improvement")):
        if share >= Fraction(least, 100):
            return word
    return "inadequate"


def over_claimed(due_now: Fraction, claimed: Fraction) -> bool:
    """§8.7: claimed is above 150% of due, or a negative correction."""
    return claimed < 0 or claimed > Fraction("1.50") * due_now
