"""All duties of one contract, from what is known of it.

Does not belong here: reading it from tables (`frames`), duties of the council as a whole (`council`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.award import award_duties, base
from kcc_etl.domain.duties.change import change_duties, since_converted
from kcc_etl.domain.duties.duty import Duty, in_order
from kcc_etl.domain.duties.facts import Facts
from kcc_etl.domain.duties.life import life_duties
from kcc_etl.domain.duties.standing import Standing, standing
from kcc_etl.parameters.duties import Law

_EVERY = (d.AWARD, d.DETAILS, d.COPY, d.ASSESSMENT, d.TERMINATION, d.RECORDS)


def duties_of(facts: Facts, law: Law, as_of: date) -> tuple[Duty, ...]:
    """The duties of one contract as they stand on a day, those that are not needed with why.

    A contract of which it is not known whether it is a public contract has every duty as `cannot be told`.
    Duties whose last day is before `history.listed_from` are left out.
    """
    facts = facts.as_awarded
    how = standing(facts, law)
    if how.reach == "unknown":
        return in_order(_untold(facts, how))
    found = [
        *award_duties(facts, how, law, as_of),
        *change_duties(facts, how, law, as_of),
        *life_duties(facts, how, since_converted(facts, how, law), law, as_of),
    ]
    listed = law.rules.history.listed_from
    return in_order(duty for duty in found if duty.last_on is None or duty.last_on >= listed)


def _untold(facts: Facts, how: Standing) -> Iterator[Duty]:
    """The duties that the contract has if it is a public one, each as one that cannot be told."""
    occasions = [(kind, "") for kind in _EVERY]
    occasions += [(d.CHANGE, change.id) for change in facts.modifications]
    occasions += [(d.BREACH, failure.id) for failure in facts.failures]
    for kind, occasion in occasions:
        asked = base(facts, how, kind, "PA23 s.3", occasion)
        yield Duty(
            kind, facts.subject, occasion, how.why, asked.source, "cannot be told", doubts=asked.doubts
        )
