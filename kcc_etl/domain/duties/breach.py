"""Duties about failures of a supplier: breach with consequences, and poor performance that was not improved.

Does not belong here: assessments against indicators and the end of a contract (`life`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kcc_etl.domain.days import last_lawful_day
from kcc_etl.domain.decisions import number_order
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.award import base
from kcc_etl.domain.duties.change import Converted
from kcc_etl.domain.duties.decided import POOR_PERFORMANCE
from kcc_etl.domain.duties.duty import Asked, Done, Duty, not_needed, stand
from kcc_etl.domain.duties.facts import Facts
from kcc_etl.domain.duties.standing import Standing
from kcc_etl.parameters.duties import Law

GOES_ON = "whether poor performance that went on after s.71 began counts from that day is not settled"


def breaches(
    facts: Facts, how: Standing, converted: Converted | None, law: Law, as_of: date
) -> Iterator[Duty]:
    """A notice for each breach with consequences, or poor performance, that an officer has decided there is.

    A failure that only a notice tells of is shown done by it. Breach that ends the whole contract is told in
    the termination notice; one of before s.71 began asks for none. Source: PA23 s.71(3)-(6), PR24 reg 39(9);
    SI 2025/1316 reg 2.
    """
    asked = base(facts, how, d.BREACH, "PA23 s.71(3)-(5), PR24 reg 39(7)")
    notices = [notice for notice in facts.notices("UK9") if notice.fails]
    for failure in sorted(facts.failures, key=lambda f: (f.on, number_order(f.id))):
        mine = replace(asked, occasion=failure.id)
        done = next((notice for notice in notices if notice.on >= failure.on), None)
        stood = converted.how if converted and converted.day <= failure.on else how
        why = _no_breach(facts, stood, failure.on, law, ends=failure.ends_contract)
        words = facts.words(d.BREACH, failure.id)
        if why:
            goes_on = failure.kind == POOR_PERFORMANCE and failure.on < _begun(law)
            yield not_needed(mine, why, done.done if done else None).doubted(GOES_ON if goes_on else "")
            continue
        if done:
            notices.remove(done)
        yield stand(_failed(mine, failure.kind, failure.on, law), done.done if done else _first(words), as_of)
    for notice in notices:
        mine = replace(asked, occasion=notice.release_id)
        stood = converted.how if converted and converted.day <= notice.on else how
        why = _no_breach(facts, stood, notice.failed_on, law)
        if why:
            yield not_needed(mine, why, notice.done)
        else:
            failed = _failed(mine, "failure told by its notice", notice.failed_on, law)
            yield stand(failed, notice.done, as_of).doubted(
                "" if notice.failed_on else "the notice does not say when s.71(5) first applied"
            )


def _no_breach(facts: Facts, how: Standing, on: date | None, law: Law, *, ends: bool = False) -> str:
    if not how.is_public:
        return how.why
    if facts.is_light:
        return "not for a light touch contract (s.71(6))"
    if ends:
        return "told in the termination notice (PR24 reg 39(9))"
    if on is not None and on < _begun(law):
        return f"of {on}, before s.71 came into force on {_begun(law)} (SI 2025/1316 reg 2)"
    return ""


def _begun(law: Law) -> date:
    return law.statutory.contract_performance.effective_from


def _failed(asked: Asked, kind: str, on: date | None, law: Law) -> Asked:
    days = law.statutory.contract_performance.days
    ground = f"within {days} days beginning with the day s.71(5) first applies: {kind}"
    if on is None:
        return replace(asked, ground=ground)
    return replace(asked, ground=ground, first_on=on, last_on=last_lawful_day(on, days))


def _first(done: list[Done]) -> Done | None:
    return min(done, key=lambda x: x.on, default=None)
