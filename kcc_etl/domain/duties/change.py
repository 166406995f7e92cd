"""Duties about changes of a contract: the notice before each, and the copy of the contract as modified.

Does not belong here: what a change does to targets (`kcc_etl.domain.versions`), other duties.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from kcc_etl.domain.days import last_lawful_day
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.award import base, before
from kcc_etl.domain.duties.duty import Asked, Duty, not_needed, stand, untold
from kcc_etl.domain.duties.facts import Facts, Modification, Published
from kcc_etl.domain.duties.standing import UNKNOWN_VALUE, Standing, at_least, standing, worth
from kcc_etl.domain.money import pounds_display
from kcc_etl.parameters.duties import Law

AN_OR = "s.75(2) says or: one dimension exceeds its limit, the other does not (change_reading.notify_if)"
ADDED = "it exceeds a limit only with earlier changes, s.75(4) (change_reading.added_together)"
PLANNED = (
    "whether an extension the contract provides for counts is not settled (change_reading.planned_extension)"
)


@dataclass(frozen=True)
class Measured:
    """A change, and the changes before it that were below the limits: pence of value, days of term."""

    change: Modification
    base_pence: int | None
    term_days: int | None
    value_pence: int
    days: int
    earlier_pence: int = 0
    earlier_days: int = 0


def change_duties(facts: Facts, how: Standing, law: Law, as_of: date) -> Iterator[Duty]:
    """The notice before each recorded change, and the copy after it; and notices of changes not recorded.

    Not for light touch contracts; below the threshold only where the change makes the contract a public one.
    Source: PA23 s.74(1), s.75, s.77; PR24 reg 40.
    """
    left = list(facts.notices("UK10"))
    effective = [change.effective_on for change in _in_order(facts)]
    for place, measured in enumerate(measured_changes(facts, law)):
        since = effective[place - 1] if place else date.min
        until = effective[place + 1] if place + 1 < len(effective) else date.max
        notice = _notice_of(measured.change, left, since, until)
        if notice:
            left.remove(notice)
        yield from _of_change(facts, how, measured, notice, law, as_of)
    asked = base(facts, how, d.CHANGE, "PA23 s.75, PR24 reg 40")
    for notice in left:
        yield _told_by_notice(asked, facts, how, notice, law, as_of)


def _of_change(
    facts: Facts, how: Standing, measured: Measured, notice: Published | None, law: Law, as_of: date
) -> Iterator[Duty]:
    change = measured.change
    asked = base(facts, how, d.CHANGE, "PA23 s.75(1)-(5), PR24 reg 40", change.id)
    words = min(facts.words(d.CHANGE, change.id), key=lambda x: x.on, default=None)
    done = notice.done if notice else words
    needed, why, doubts = _needs_notice(facts, how, measured, law)
    asked = replace(asked, doubts=(*asked.doubts, *doubts))
    if not needed:
        yield not_needed(asked, why, done)
        return
    asked = replace(asked, ground=f"before the change of {change.effective_on}: {why}")
    yield before(asked, change.effective_on, done, law, as_of)
    yield from _modified_copy(facts, asked, measured, law, as_of)


def _modified_copy(facts: Facts, asked: Asked, measured: Measured, law: Law, as_of: date) -> Iterator[Duty]:
    """The copy of a contract that is, or becomes, one of more than £5m. Source: PA23 s.77."""
    rules, change = law.statutory.change, measured.change
    after = _changed_by(facts, measured)
    sizes = {at_least(f, rules.copy_above_pence + 1, law) for f in (facts, after)}
    asked = replace(asked, kind=d.CHANGED_COPY, source="PA23 s.77(1)-(2)")
    done = next(iter(facts.words(d.CHANGED_COPY, change.id)), None)
    if sizes == {"unknown"}:
        yield untold(asked, UNKNOWN_VALUE, done)
        return
    if not sizes & {"yes", "unsure"}:
        limit = pounds_display(rules.copy_above_pence)
        yield not_needed(asked, f"neither before nor after the change is it of more than {limit}", done)
        return
    ground = f"within {rules.copy_days} days beginning with the day of the modification"
    last = last_lawful_day(change.effective_on, rules.copy_days)
    asked = replace(asked, ground=ground, first_on=change.effective_on, last_on=last)
    unseen = "notices do not show the copy: an officer's decision has to say that it is published"
    yield stand(asked, done, as_of).doubted("" if done else unseen)


def _needs_notice(
    facts: Facts, how: Standing, measured: Measured, law: Law
) -> tuple[bool, str, tuple[str, ...]]:
    """Whether a change needs a notice, why or why not, and what is not certain about that."""
    if facts.is_light:
        return False, "not for a light touch contract (s.75(6))", ()
    if how.reach == "notifiable":
        after = standing(_changed_by(facts, measured), law)
        if not after.is_public:
            return False, f"{how.why}, and the change does not make it a public contract (s.74(1))", ()
    elif not how.is_public:
        return False, how.why, ()
    if measured.change.is_transfer:
        return True, "the supplier changes by a corporate restructuring (s.75(2), Schedule 8 para 9)", ()
    return _by_size(facts, measured, law)


def _by_size(facts: Facts, measured: Measured, law: Law) -> tuple[bool, str, tuple[str, ...]]:
    rules, reading = law.statutory.change, law.rules.change_reading
    percent = rules.works_value_percent if facts.category == "works" else rules.value_percent
    doubts = []
    if measured.base_pence is None and measured.value_pence:
        doubts.append("the value before the change is not known; it is taken to exceed the limit")
    if facts.category is None and not facts.is_light:
        doubts.append("the register does not say whether it is for works, which may change by more")
    alone = (
        _exceeds(measured.value_pence, measured.base_pence, percent),
        _exceeds(measured.days, measured.term_days, rules.term_percent),
    )
    value, days = (measured.value_pence, measured.days)
    if reading.added_together:
        value, days = value + measured.earlier_pence, days + measured.earlier_days
    both = (
        _exceeds(value, measured.base_pence, percent),
        _exceeds(days, measured.term_days, rules.term_percent),
    )
    needed = any(both) if reading.notify_if == "either" else all(both)
    if any(both) and not all(both):
        doubts.append(AN_OR)
    if needed and both != alone and not (any(alone) if reading.notify_if == "either" else all(alone)):
        doubts.append(ADDED)
    if _is_planned(facts, measured.change):
        doubts.append(PLANNED)
    value_told = f"value by {_share(value, measured.base_pence)} of {percent}% allowed"
    told = f"{value_told}, term by {_share(days, measured.term_days)} of {rules.term_percent}%"
    return needed, told, tuple(doubts)


def _exceeds(change: int, whole: int | None, percent: int) -> bool:
    if change == 0:
        return False
    return whole is None or abs(change) * 100 > whole * percent


def _share(change: int, whole: int | None) -> str:
    if not whole:
        return "0%" if not change else "a share not known"
    tenths = (abs(change) * 2000 // whole + 1) // 2
    return f"{tenths // 10}.{tenths % 10}%"


def measured_changes(facts: Facts, law: Law) -> Iterator[Measured]:
    """The changes in order, each with those before it that were within the limits."""
    rules = law.statutory.change
    percent = rules.works_value_percent if facts.category == "works" else rules.value_percent
    whole, term = _value_at_award(facts), _term_at_award(facts)
    earlier_pence = earlier_days = 0
    for change in _in_order(facts):
        pence, days = _size(facts, change, law)
        yield Measured(change, whole, term, pence, days, earlier_pence, earlier_days)
        earlier_pence, earlier_days = earlier_pence + pence, earlier_days + days
        notified = _exceeds(earlier_pence, whole, percent) or _exceeds(earlier_days, term, rules.term_percent)
        if notified or change.is_transfer:
            whole = None if whole is None else whole + earlier_pence
            earlier_pence = earlier_days = 0


def _size(facts: Facts, change: Modification, law: Law) -> tuple[int, int]:
    """By how much a change moves the estimated value and the term: pence and days."""
    days = 0
    if change.old_end_on and change.new_end_on:
        days = (change.new_end_on - change.old_end_on).days
    if _is_planned(facts, change):
        # The estimated value includes options already (PA23 Schedule 3 para 1), so an extension that the
        # contract provides for adds none.
        return 0, days if law.rules.change_reading.planned_extension == "counts" else 0
    return change.value_change_pence, days


def _is_planned(facts: Facts, change: Modification) -> bool:
    ends = (change.new_end_on, change.old_end_on, facts.max_end_on)
    return all(ends) and ends[1] < ends[0] <= ends[2]  # type: ignore[operator]  # none is None here


def _value_at_award(facts: Facts) -> int | None:
    """The estimated value before any change: as decisions name it, options added, else the register's."""
    named = [c.original_pence for c in _in_order(facts) if c.original_pence is not None]
    return named[0] + facts.options_ex_vat_pence if named else facts.value_ex_vat_pence


def _term_at_award(facts: Facts) -> int | None:
    first = facts.start_on or facts.signed_on
    ends = [c.old_end_on for c in _in_order(facts) if c.old_end_on]
    last = facts.max_end_on or (ends[0] if ends else facts.end_on)
    return (last - first).days + 1 if first and last else None


def _changed_by(facts: Facts, measured: Measured) -> Facts:
    """The contract with the value a change gives it, on both bases."""
    moved = measured.earlier_pence + measured.value_pence
    gross = facts.value_inc_vat_pence
    net = None if measured.base_pence is None else measured.base_pence + moved
    return replace(
        facts,
        value_ex_vat_pence=net,
        value_inc_vat_pence=None if gross is None else gross + moved,
        stated_above=None,
    )


def _notice_of(change: Modification, left: list[Published], since: date, until: date) -> Published | None:
    """The notice about a change: of its day, else the last published before it, else the first after it."""
    same_day = [n for n in left if n.changed_on == change.effective_on]
    earlier = [n for n in left if since < n.on <= change.effective_on]
    later = [n for n in left if change.effective_on < n.on < until]
    return next(iter([*same_day, *reversed(earlier), *later]), None)


def _told_by_notice(
    asked: Asked, facts: Facts, how: Standing, notice: Published, law: Law, as_of: date
) -> Duty:
    asked = replace(
        asked, occasion=notice.release_id, ground=f"a change that only its notice tells of; {worth(facts)}"
    )
    if facts.is_light:
        return not_needed(asked, "not for a light touch contract (s.75(6))", notice.done)
    unrecorded = "no decision records this change"
    if not how.is_public:
        return not_needed(asked, how.why, notice.done).doubted(unrecorded)
    found = before(asked, notice.changed_on, notice.done, law, as_of)
    return found.doubted(unrecorded, "" if notice.changed_on else "the notice gives no day of the change")


def _in_order(facts: Facts) -> list[Modification]:
    return sorted(facts.modifications, key=lambda change: (change.effective_on, change.id))
