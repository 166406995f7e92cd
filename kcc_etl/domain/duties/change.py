"""Duties about changes of a contract: the notice before each, and the copy of the contract as modified.

Does not belong here: what a change does to targets (`kcc_etl.domain.versions`), other duties, how much a
change moves (`measured`).
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
from kcc_etl.domain.duties.measured import (
    Measured,
    exceeds,
    in_order_of_effect,
    is_planned,
    measured_changes,
    share_display,
)
from kcc_etl.domain.duties.standing import UNKNOWN_VALUE, Standing, more_than, standing, vat_doubt, worth
from kcc_etl.domain.money import pounds_display
from kcc_etl.parameters.duties import Law

AN_OR = "s.75(2) says or: one dimension exceeds its limit, the other does not (change_reading.notify_if)"
ADDED = "it exceeds a limit only with earlier changes, s.75(4) (change_reading.added_together)"
PLANNED = (
    "whether an extension the contract provides for counts is not settled (change_reading.planned_extension)"
)


def change_duties(facts: Facts, how: Standing, law: Law, as_of: date) -> Iterator[Duty]:
    """The notice before each recorded change, and the copy after it; and notices of changes not recorded.

    Not for light touch contracts; below the threshold only where the change makes the contract a public one.
    Source: PA23 s.74(1), s.75, s.77; PR24 reg 40.
    """
    left, of_day = list(facts.notices("UK10")), dict[date, Published]()
    converted = since_converted(facts, how, law)
    effective = [change.effective_on for change in in_order_of_effect(facts)]
    for place, measured in enumerate(measured_changes(facts, law)):
        first = effective[place - 1] if place else date.min
        until = effective[place + 1] if place + 1 < len(effective) else date.max
        day = measured.change.effective_on
        notice = _notice_of(measured.change, left, of_day.get(day), first, until)
        if notice in left:
            left.remove(notice)
        if notice and notice.changed_on == day:
            of_day[day] = notice
        stood = converted.how if converted and converted.day < measured.change.effective_on else how
        yield from _of_change(facts, stood, measured, notice, law, as_of)
    asked = base(facts, how, d.CHANGE, "PA23 s.75, PR24 reg 40")
    for notice in left:
        stood = converted.how if converted and converted.day < notice.on else how
        yield _told_by_notice(asked, facts, stood, notice, law, as_of)


@dataclass(frozen=True)
class Converted:
    """Since which day a contract is a public one by a change, and how far the Act reaches it since."""

    day: date
    how: Standing


def since_converted(facts: Facts, how: Standing, law: Law) -> Converted | None:
    """The first recorded change that makes a contract a public one; None where none does, or it was one.

    An exempt contract, or one of another regime, stays what it is whatever its value. Source: PA23 s.74(1).
    """
    if how.is_public:
        return None
    for measured in measured_changes(facts, law):
        after = standing(measured.after, law)
        if after.is_public:
            day = measured.change.effective_on
            return Converted(day, replace(after, why=f"{after.why}, by the change of {day} (s.74(1))"))
    return None


def _of_change(
    facts: Facts, how: Standing, measured: Measured, notice: Published | None, law: Law, as_of: date
) -> Iterator[Duty]:
    change = measured.change
    asked = base(facts, how, d.CHANGE, "PA23 s.75(1)-(5), PR24 reg 40", change.id)
    words = min(facts.words(d.CHANGE, change.id), key=lambda x: x.on, default=None)
    done = notice.done if notice else words
    needed, why, doubts = _needs_notice(facts, how, measured, law)
    asked = replace(asked, doubts=tuple(dict.fromkeys((*asked.doubts, *change.doubts, *doubts))))
    if not needed:
        yield not_needed(asked, why, done)
        return
    asked = replace(asked, ground=f"before the change of {change.effective_on}: {why}")
    yield before(asked, change.effective_on, done, law, as_of)
    yield from _modified_copy(facts, asked, measured, law, as_of)


def _modified_copy(facts: Facts, asked: Asked, measured: Measured, law: Law, as_of: date) -> Iterator[Duty]:
    """The copy of a contract that is, or becomes, one of more than £5m. Source: PA23 s.77."""
    rules, change = law.statutory.change, measured.change
    sizes = {more_than(f, rules.copy_above_pence, law): f for f in (measured.before, measured.after)}
    asked = replace(asked, kind=d.CHANGED_COPY, source="PA23 s.77(1)-(2)")
    done = next(iter(facts.words(d.CHANGED_COPY, change.id)), None)
    if sizes.keys() == {"unknown"}:
        yield untold(asked, UNKNOWN_VALUE, done)
        return
    if not sizes.keys() & {"yes", "unsure"}:
        limit = pounds_display(rules.copy_above_pence)
        yield not_needed(asked, f"neither before nor after the change is it of more than {limit}", done)
        return
    ground = f"within {rules.copy_days} days beginning with the day of the modification"
    last = last_lawful_day(change.effective_on, rules.copy_days)
    asked = replace(asked, ground=ground, first_on=change.effective_on, last_on=last)
    unseen = "notices do not show the copy: an officer's decision has to say that it is published"
    by_vat = "" if "yes" in sizes else vat_doubt(sizes["unsure"], rules.copy_above_pence)
    yield stand(asked, done, as_of).doubted(by_vat, "" if done else unseen)


def _needs_notice(
    facts: Facts, how: Standing, measured: Measured, law: Law
) -> tuple[bool, str, tuple[str, ...]]:
    """Whether a change needs a notice, why or why not, and what is not certain about that."""
    if facts.is_light:
        return False, "not for a light touch contract (s.75(6))", ()
    unsure: tuple[str, ...] = ()
    if not how.is_public:
        after = standing(measured.after, law)
        if not after.is_public:
            stays = ", and the change does not make it a public contract (s.74(1))"
            return False, how.why + (stays if how.reach in ("notifiable", "small") else ""), ()
        unsure = after.doubts
    if measured.change.is_transfer:
        return True, "the supplier changes by a corporate restructuring (s.75(2), Schedule 8 para 9)", unsure
    needed, why, doubts = _by_size(facts, measured, law)
    return needed, why, (*unsure, *doubts)


def _by_size(facts: Facts, measured: Measured, law: Law) -> tuple[bool, str, tuple[str, ...]]:
    rules, reading = law.statutory.change, law.rules.change_reading
    percent = rules.works_value_percent if facts.category == "works" else rules.value_percent
    doubts = []
    if measured.base_pence is None and measured.value_pence:
        doubts.append("the value before the change is not known; it is taken to exceed the limit")
    if facts.category is None and not facts.is_light:
        doubts.append("the register does not say whether it is for works, which may change by more")
    alone = (
        exceeds(measured.value_pence, measured.base_pence, percent),
        exceeds(measured.days, measured.term_days, rules.term_percent),
    )
    value, days = (measured.value_pence, measured.days)
    if reading.added_together:
        value, days = value + measured.earlier_pence, days + measured.earlier_days
    both = (
        exceeds(value, measured.base_pence, percent),
        exceeds(days, measured.term_days, rules.term_percent),
    )
    needed = any(both) if reading.notify_if == "either" else all(both)
    if any(both) and not all(both):
        doubts.append(AN_OR)
    if needed and both != alone and not (any(alone) if reading.notify_if == "either" else all(alone)):
        doubts.append(ADDED)
    if is_planned(facts, measured.change):
        doubts.append(PLANNED)
    value_told = f"value by {share_display(value, measured.base_pence, percent)} of {percent}% allowed"
    by_term = share_display(days, measured.term_days, rules.term_percent)
    return needed, f"{value_told}, term by {by_term} of {rules.term_percent}%", tuple(doubts)


def _notice_of(
    change: Modification, left: list[Published], of_day: Published | None, since: date, until: date
) -> Published | None:
    """The notice about a change: of its day, else the last published before it, else the first after it.

    `of_day` told of another change by giving its day: it tells of every change of that day.
    """
    same_day = [n for n in left if n.changed_on == change.effective_on]
    earlier = [n for n in left if since < n.on <= change.effective_on]
    later = [n for n in left if change.effective_on < n.on < until]
    return next(iter([*same_day, *filter(None, [of_day]), *reversed(earlier), *later]), None)


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
