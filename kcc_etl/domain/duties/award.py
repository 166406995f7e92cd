"""Duties about how a contract comes about: social value, tender and award notice, details, copy.

Does not belong here: what comes in its life and at its end (`life`, `change`), reading tables (`frames`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kcc_etl.domain.days import ONE_DAY, last_lawful_day
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.decided import PROTECT_LIFE, URGENCY, USER_CHOICE
from kcc_etl.domain.duties.duty import Asked, Done, Duty, not_needed, stand, untold
from kcc_etl.domain.duties.facts import Facts
from kcc_etl.domain.duties.standing import UNKNOWN_VALUE, Standing, counts, more_than, net_doubt, worth
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.working_days import last_day_to_begin
from kcc_etl.parameters.duties import Law

CHOICE = "awarded directly as a user choice contract ({}, Schedule 5 para 15)"
NO_SIGNATURE = "the day it was entered into is not recorded; its first day is taken"
UNRECORDED = "nothing is published of it: only an officer's decision can say that it was considered"
MAY_BE_CHOICE = (
    "whether it was awarded directly as a user choice contract (PA23 Schedule 5 para 15), which needs none, "
    "is not recorded: a decision `direct award` says on which ground it was"
)
UNSHOWN = (
    "no notice read has it among its documents; if it was published since, an officer's decision says so"
)
SAME_DAY = "published on the day itself: the hour decides (same_day_reading.same_day_counts)"


def award_duties(facts: Facts, how: Standing, law: Law, as_of: date) -> Iterator[Duty]:
    """The duties up to the contract details notice and the copy of the contract, needed or not."""
    yield social_value(facts, how, law, as_of)
    yield tender_below(facts, how, law, as_of)
    yield award_notice(facts, how, law, as_of)
    yield details(facts, how, law, as_of)
    yield copy(facts, how, law, as_of)


def base(facts: Facts, how: Standing, kind: str, source: str, occasion: str = "") -> Asked:
    """A duty of the contract before its days are known, with what is not certain about the contract."""
    unsigned = NO_SIGNATURE if facts.signed_on is None and facts.entered_on is not None else ""
    doubts = tuple(x for x in (*facts.doubts, *how.doubts, unsigned) if x)
    return Asked(kind, facts.subject, how.why, source, None, None, occasion, doubts)


def before(asked: Asked, event: date | None, done: Done | None, law: Law, as_of: date) -> Duty:
    """A duty that has to be done before an event, as it stands; doing it on the day itself is in doubt."""
    if event is None:
        return stand(asked, done, as_of)
    same_day = law.rules.same_day_reading.same_day_counts
    found = stand(replace(asked, last_on=event if same_day else event - ONE_DAY), done, as_of)
    return found.doubted(SAME_DAY) if done and done.on == event else found


def award_notice(facts: Facts, how: Standing, law: Law, as_of: date) -> Duty:
    """The contract award notice before a public contract, and its standstill. Source: PA23 s.50, s.51."""
    asked = base(facts, how, d.AWARD, "PA23 s.50(1), s.51(1)-(3)")
    done = facts.done("UK6", d.AWARD)
    why = no_duty_of_public(facts, how, "s.50(6)")
    if why:
        return not_needed(asked, why, done)
    days = law.statutory.award_notice.standstill_working_days
    free = _no_standstill(facts)
    if free:
        ground = f"before it is entered into; no mandatory standstill, {free} (s.51(3)); {how.why}"
        found = before(replace(asked, ground=ground), facts.entered_on, done, law, as_of)
        return unless_choice(facts, found)
    ground = f"before it is entered into, and {days} working days of standstill; {how.why}"
    last = last_day_to_begin(facts.entered_on, days) if facts.entered_on else None
    found = stand(replace(asked, ground=ground, last_on=last), done, as_of)
    late = found.state in ("done late", "overdue")
    return found.doubted(
        "urgency or a dynamic market would lift the standstill (s.51(3)(a)-(e))" if late else ""
    )


def details(facts: Facts, how: Standing, law: Law, as_of: date) -> Duty:
    """The contract details notice, of a public or a notifiable contract. Source: PA23 s.53(1), s.87(3)."""
    if how.reach == "notifiable":
        return _details_below(facts, how, law, as_of)
    kind = d.DETAILS_BELOW if how.reach == "small" else d.DETAILS
    asked = base(facts, how, kind, "PA23 s.87(3), s.84" if how.reach == "small" else "PA23 s.53(1)")
    done = facts.done("UK7", kind)
    if how.reach in ("small", "outside"):
        return not_needed(asked, how.why, done)
    figures = law.statutory.contract_details
    if is_choice(facts):
        return not_needed(asked, CHOICE.format("s.53(6)"), done)
    days = figures.light_touch_days if facts.is_light else figures.days
    return unless_choice(facts, stand(_within(asked, facts, days, "entered into"), done, as_of))


def is_choice(facts: Facts) -> bool:
    """Whether an officer says that it is a user choice contract. Source: PA23 Schedule 5 para 15."""
    return facts.direct_ground == USER_CHOICE


def no_duty_of_public(facts: Facts, how: Standing, paragraph: str) -> str:
    """Why a duty of public contracts but for user choice contracts is not one of this; empty where it is."""
    if not how.is_public:
        return how.why
    return CHOICE.format(paragraph) if is_choice(facts) else ""


def unless_choice(facts: Facts, duty: Duty) -> Duty:
    """The duty, which cannot be told to be overdue of a contract that may be a user choice contract.

    Only light touch services for a person can be, that were not awarded in competition or under a framework.
    """
    competed = facts.is_advertised or facts.is_competed or facts.notices("UK4")
    ruled_out = (facts.direct_ground, facts.kind != "contract", competed)
    if not facts.is_light or any(ruled_out) or duty.done or duty.state == "to come":
        return duty
    return duty.unseen().doubted(MAY_BE_CHOICE)


def _no_standstill(facts: Facts) -> str:
    if facts.is_light:
        return "light touch"
    if facts.kind == "call-off":
        return "awarded under a framework"
    return "awarded directly for urgency" if facts.direct_ground in (URGENCY, PROTECT_LIFE) else ""


def _details_below(facts: Facts, how: Standing, law: Law, as_of: date) -> Duty:
    asked = base(facts, how, d.DETAILS_BELOW, "PA23 s.87(3), PR24 reg 36")
    days = law.rules.below_threshold_details.days
    asked = replace(
        _within(asked, facts, days, "entered into"),
        ground=f"as soon as reasonably practicable after it was entered into; {how.why}",
    )
    found = stand(asked, facts.done("UK7", d.DETAILS_BELOW), as_of)
    if found.state in ("done late", "overdue"):
        return found.doubted(f"{days} days are our own; the Act sets no day (below_threshold_details.days)")
    return found


def copy(facts: Facts, how: Standing, law: Law, as_of: date) -> Duty:
    """The copy of a contract of more than £5m. Source: PA23 s.53(3)."""
    asked = base(facts, how, d.COPY, "PA23 s.53(3)")
    given = [notice.done for notice in facts.notices("UK7") if notice.has_copy]
    done = min([*facts.words(d.COPY), *given], key=lambda x: x.on, default=None)
    why = no_duty_of_public(facts, how, "s.53(6)")
    if why:
        return not_needed(asked, why, done)
    figures = law.statutory.contract_details
    over = more_than(facts, figures.copy_above_pence, law)
    if over == "unknown":
        return untold(asked, UNKNOWN_VALUE, done)
    if not counts(over, law):
        limit = pounds_display(figures.copy_above_pence)
        return not_needed(asked, f"{worth(facts)} is not more than {limit}", done)
    days = figures.light_touch_copy_days if facts.is_light else figures.copy_days
    found = stand(_within(asked, facts, days, "entered into"), done, as_of)
    unseen = "" if done else UNSHOWN
    found = unless_choice(facts, found)
    return found.doubted(net_doubt(figures.copy_above_pence) if over == "unsure" else "", unseen)


def _within(asked: Asked, facts: Facts, days: int, event: str) -> Asked:
    light = ", a light touch contract" if facts.is_light else ""
    ground = f"within {days} days beginning with the day it was {event}{light}; {asked.ground}"
    day = facts.entered_on
    if day is None:
        return replace(asked, ground=ground)
    return replace(asked, ground=ground, first_on=day, last_on=last_lawful_day(day, days))


def tender_below(facts: Facts, how: Standing, law: Law, as_of: date) -> Duty:
    """The tender notice before a notifiable contract is openly advertised. Source: PA23 s.87(1)."""
    asked = base(facts, how, d.TENDER_BELOW, "PA23 s.87(1), PR24 reg 24")
    done = facts.done("UK4", d.TENDER_BELOW)
    if how.reach != "notifiable":
        return not_needed(asked, how.why, done)
    if facts.kind == "call-off":
        return not_needed(asked, "a call-off is not advertised", done)
    if facts.is_advertised is False:
        return not_needed(asked, "only selected suppliers were invited", done)
    asked = replace(asked, ground=f"before it is openly advertised; {how.why}")
    if facts.is_advertised is None:
        unsaid = "the register does not say whether it was openly advertised"
        return stand(asked, done, as_of).doubted(unsaid)
    found = before(asked, facts.commenced_on, done, law, as_of)
    return found.doubted("the day its procurement commenced stands for the day it was advertised")


def social_value(facts: Facts, how: Standing, law: Law, as_of: date) -> Duty:
    """Considering social value before the procurement of services starts. Source: PSSVA 2012 s.1."""
    asked = base(facts, how, d.SOCIAL_VALUE, "Public Services (Social Value) Act 2012 s.1(1)-(7)")
    done = min(facts.words(d.SOCIAL_VALUE), key=lambda x: x.on, default=None)
    why, doubt = _no_social_value(facts, how, law)
    if why:
        return not_needed(replace(asked, doubts=(*asked.doubts, *filter(None, (doubt,)))), why, done)
    ground = f"before the procurement of services starts; {how.why}"
    found = before(replace(asked, ground=ground), facts.commenced_on, done, law, as_of)
    return found.unseen().doubted(doubt, "" if done else UNRECORDED)


def _no_social_value(facts: Facts, how: Standing, law: Law) -> tuple[str, str]:
    """Why the Act of 2012 does not reach the contract, empty where it does; and the doubt about that."""
    reading = law.rules.social_value_act_reading
    services = facts.category == "services" or facts.is_light
    if facts.is_school or facts.is_abandoned:
        return how.why, ""
    if facts.category is not None and not services:
        return f"for {facts.category}, not services (s.1(1))", ""
    if facts.kind == "call-off":
        return "under a framework (s.1(1))", ""
    unsaid = "" if services else "the register does not say that it is for services"
    if facts.regime == "psr":
        doubt = (
            "whether health services are caught is inferred (social_value_act_reading.health_services_too)"
        )
        return ("" if reading.health_services_too else "regulated health procurement"), doubt
    if how.reach in ("notifiable", "small"):
        doubt = "the threshold of s.1(15) could not be read (social_value_act_reading.below_threshold_too)"
        return ("" if reading.below_threshold_too else how.why), doubt
    return ("" if how.is_public or how.reach == "unknown" else how.why), unsaid
