"""Duties in the life of a contract and at its end: assessment, termination, records.

Does not belong here: failures (`breach`), changes of the contract (`change`), how it came about (`award`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from kcc_etl.domain.days import ONE_DAY, add_months, last_day_of_months, last_lawful_day
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.award import base, no_duty_of_public, unless_choice
from kcc_etl.domain.duties.breach import breaches
from kcc_etl.domain.duties.change import Converted
from kcc_etl.domain.duties.duty import Asked, Done, Duty, not_needed, stand, untold
from kcc_etl.domain.duties.facts import Facts
from kcc_etl.domain.duties.standing import UNKNOWN_VALUE, Standing, counts, more_than, net_doubt, worth
from kcc_etl.domain.money import pounds_display
from kcc_etl.parameters.duties import Law

ON_TERMINATION = "on termination"


@dataclass(frozen=True)
class Twelvemonth:
    """One twelve months of the life of a contract, by its number from 1."""

    number: int
    first: date
    last: date


def life_duties(
    facts: Facts, how: Standing, converted: Converted | None, law: Law, as_of: date
) -> Iterator[Duty]:
    """Assessments, breaches, the end and the records of a contract, needed or not.

    A contract that a change makes a public one is one at its end, and for failures since. Indicators and
    records are about entering into a public contract, which it was not then (s.52(1), s.98).
    """
    yield from assessments(facts, how, law, as_of)
    yield from breaches(facts, how, converted, law, as_of)
    over = facts.over_on
    since = converted if converted and (over is None or converted.day <= over) else None
    yield termination(facts, since.how if since else how, law, as_of, f"; {since.how.why}" if since else "")
    yield records(facts, how, law, as_of)


def assessments(facts: Facts, how: Standing, law: Law, as_of: date) -> Iterator[Duty]:
    """One assessment against the indicators in every twelve months, and one on termination.

    Twelve months that ended before s.71 began are not listed, nor any that have not begun. In those in which
    the contract ended the assessment on termination stands for both. Source: PA23 s.52(6), s.71(1)-(2).
    """
    asked = base(facts, how, d.ASSESSMENT, "PA23 s.71(1)-(2), PR24 reg 39(4)")
    why, doubts = _no_indicators(facts, how, law)
    asked = replace(asked, doubts=(*asked.doubts, *doubts))
    if why:
        yield not_needed(asked, why, _assessed(facts, date.min, date.max))
        return
    entered, missing = facts.entered_on, _missing(facts, law)
    if entered is None or missing:
        yield untold(asked, missing, _assessed(facts, date.min, date.max))
        return
    over, begun = facts.over_on, law.statutory.assessment.effective_from
    if over is not None and over < begun:
        yield not_needed(asked, f"it ended before s.71 came into force on {begun}")
        return
    for months in _twelvemonths(entered, law):
        if months.first > as_of or (over is not None and months.last >= over):
            break
        if months.last >= begun:
            yield _yearly(asked, facts, months, law, as_of)
    if over is not None:
        yield _last(asked, facts, over, law, as_of)


def _no_indicators(facts: Facts, how: Standing, law: Law) -> tuple[str, tuple[str, ...]]:
    """Why no indicators have to be assessed, empty where they have; and doubts about that."""
    limit = law.statutory.kpi.above_pence
    over = more_than(facts, limit, law)
    doubts = {"unsure": [net_doubt(limit)], "unknown": [UNKNOWN_VALUE]}.get(over, [])
    free = {"framework": "a framework", "concession": "a concession contract"}.get(facts.kind, "")
    free = free or ("a light touch contract" if facts.is_light else "")
    if not how.is_public:
        return how.why, ()
    if free:
        return f"no indicators have to be set for {free} (s.52(6))", ()
    if over != "unknown" and not counts(over, law):
        return f"{worth(facts)} is not more than {pounds_display(limit)} (s.52(1))", tuple(doubts)
    if facts.no_kpi_reason and not facts.kpis:
        return "the authority has explained that indicators would not be appropriate (s.52(2))", ()
    if not facts.kpis:
        told = "its details notice sets no indicators and gives no reason"
        unread = "no details notice tells whether indicators were set"
        doubts.append(f"{told if facts.notices('UK7') else unread}; s.52(1) asks for them")
    return "", tuple(doubts)


def _missing(facts: Facts, law: Law) -> str:
    """What has to be known before it can be told when assessments are due; empty when all is."""
    if facts.entered_on is None:
        return "the day it was entered into is not known"
    unknown = more_than(facts, law.statutory.kpi.above_pence, law) == "unknown"
    return UNKNOWN_VALUE if unknown and not facts.kpis else ""


def _twelvemonths(entered: date, law: Law) -> Iterator[Twelvemonth]:
    rules, reading = law.statutory.assessment, law.rules.assessment_reading
    start = max(entered, rules.effective_from) if reading.counted_from == "commencement" else entered
    for number in range(1, 100):
        first = add_months(start, rules.months * (number - 1))
        last = last_day_of_months(start, rules.months * number)
        yield Twelvemonth(number, first, last + ONE_DAY if reading.due_by == "anniversary" else last)


def _yearly(asked: Asked, facts: Facts, months: Twelvemonth, law: Law, as_of: date) -> Duty:
    begun = law.statutory.assessment.effective_from
    first = max(months.first, begun)
    done = _assessed(facts, first, months.last) or _assessed_late(facts, months)
    words = facts.words(d.ASSESSMENT, str(months.number))
    found = stand(
        replace(
            asked,
            occasion=str(months.number),
            ground=f"once in the twelve months from {months.first} to {months.last}; {worth(facts)}",
            first_on=first,
            last_on=months.last,
        ),
        min([*words, *([done] if done else [])], key=lambda x: x.on, default=None),
        as_of,
    )
    reading = "the day is read from s.71(2), which gives none (assessment_reading.due_by)"
    close = abs(((found.done.on if found.done else as_of) - months.last).days) <= 1
    old = "how months before 1 January 2026 count is not confirmed (assessment_reading.counted_from)"
    return found.doubted(reading if close else "", old if months.first < begun else "")


def _last(asked: Asked, facts: Facts, over: date, law: Law, as_of: date) -> Duty:
    days = law.rules.assessment_reading.days_after_termination
    done = _assessed(facts, over, date.max)
    words = facts.words(d.ASSESSMENT, ON_TERMINATION)
    ground = f"on termination, which is on {over}"
    asked = replace(
        asked, occasion=ON_TERMINATION, ground=ground, first_on=over, last_on=last_lawful_day(over, days)
    )
    given = min([*words, *([done] if done else [])], key=lambda x: x.on, default=None)
    return stand(asked, given, as_of).doubted(
        f"s.71(2) gives no days after termination; {days} are taken "
        "(assessment_reading.days_after_termination)"
    )


def _assessed(facts: Facts, first: date, last: date) -> Done | None:
    """The first assessment published from one day to another."""
    return next((n.done for n in facts.notices("UK9") if n.assesses and first <= n.on <= last), None)


def _assessed_late(facts: Facts, months: Twelvemonth) -> Done | None:
    """The first assessment published after the twelve months that observed some of them."""
    return next(
        (
            notice.done
            for notice in facts.notices("UK9")
            if notice.assesses
            and notice.on > months.last
            and notice.observed_from is not None
            and notice.observed_from <= months.last
        ),
        None,
    )


def termination(facts: Facts, how: Standing, law: Law, as_of: date, since: str = "") -> Duty:
    """The notice after a public contract has ended in any way. Source: PA23 s.80."""
    asked = base(facts, how, d.TERMINATION, "PA23 s.80(1)-(2), PR24 reg 41")
    done = facts.done("UK11", d.TERMINATION)
    why = no_duty_of_public(facts, how, "s.80")
    if why:
        return not_needed(asked, why, done)
    over = facts.over_on if facts.entered_on else facts.ended_on
    days = law.statutory.termination.days
    ground = f"within {days} days beginning with the day it ends in any way, expiry included{since}"
    if over is None:
        return stand(replace(asked, ground=ground), done, as_of).doubted(
            "its last day is not known, or not that it began"
        )
    last = last_lawful_day(over, days)
    found = unless_choice(
        facts, stand(replace(asked, ground=ground, first_on=over, last_on=last), done, as_of)
    )
    extended = facts.ended_on is None and facts.max_end_on is not None and facts.max_end_on > over
    unsure = extended and over <= as_of and done is None
    return found.doubted(f"it may have been extended, to {facts.max_end_on} at the latest" if unsure else "")


def records(facts: Facts, how: Standing, law: Law, as_of: date) -> Duty:
    """Keeping the records of a public contract: open until the last day of keeping. Source: PA23 s.98."""
    asked = base(facts, how, d.RECORDS, "PA23 s.98")
    if not how.is_public:
        return not_needed(asked, how.why)
    years = law.statutory.records.years
    ground = f"kept for at least {years} years beginning with the day it was entered into"
    if facts.entered_on is None:
        return stand(replace(asked, ground=ground), None, as_of)
    last = last_day_of_months(facts.entered_on, 12 * years)
    asked = replace(asked, ground=ground, first_on=facts.entered_on, last_on=last)
    if last < as_of:
        return replace(not_needed(asked, f"the {years} years ended on {last}"), last_on=last)
    return stand(asked, None, as_of)
