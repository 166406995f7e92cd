"""Which kinds of contract a generated one is: those that policy treats by a rule of its own.

Does not belong here: how they come about (`generated`), assertions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.reference.asks import (
    BANDS,
    CARBON,
    CARBON_BAND,
    EMPLOYMENT,
    KENT_SPEND,
    band_of,
    class_of,
    may_set_kent_spend,
    targets,
)
from tests.reference.case import Case
from tests.reference.courses import LEVELS, Extension, ValueChange, quarter
from tests.reference.numbers import in_order
from tests.reference.outcomes import ONCE, closing, given_before

KINDS = (
    "yearly, states the year",
    "yearly, states the quarter",
    "yearly, ends within the year",
    "no measure named where one is required",
    "no employment measure named where one is required",
    "carbon named",
    "carbon added",
    "carbon without room",
    "Kent spend computed",
    "Kent spend computed, then changed",
    "Kent spend reserved, supply not known",
    "call-off lifted by the others",
    "call-off of another value since",
    "override before a change",
    "milestones",
    "milestones in the term alone",
    "milestones in place of others",
    "milestones within a limit",
    "milestones and a change of value or term",
    "commitment replaced",
    "commitment of a level replaced",
    "commitment replaced after an override",
    "commitment replaced before an override",
    "commitment from a later day alone",
    "commitment replaced in an extension",
    "commitment replaced, by milestones",
    "commitment beyond authority",
    "commitment after the end",
    "evidence given again",
    "evidence given under another measure",
)


def kinds_of(found: Iterable[Case]) -> dict[str, int]:
    """How many of the contracts are of each kind."""
    every = [
        kind
        for case in found
        for kind in (*_of_returns(case), *_of_policy(case), *_of_decisions(case), *_of_promises(case))
    ]
    return {kind: every.count(kind) for kind in KINDS}


def _of_returns(case: Case) -> Iterator[str]:
    if case.as_year:
        yield "yearly, states the year"
    if any(quarter(day)[1].month != 3 for day in case.as_year):
        yield "yearly, ends within the year"
    told = case.came - case.as_year
    if class_of(case.facts.risk) == "low" and told and all(closing(day, day) == day for day in told):
        yield "yearly, states the quarter"
    again = given_before((code, place, line) for code, lines in case.lines.items() for place, line in lines)
    if any(code in ONCE for code, *_ in again):
        yield "evidence given again"
    if any(code not in ONCE for code, *_ in again):
        yield "evidence given under another measure"


def _of_policy(case: Case) -> Iterator[str]:
    facts, asked = case.facts, targets(case.facts, {}, {})
    band = band_of(facts.value, facts.trade, facts.call_offs)
    if BANDS[band][2] == "required" and not set(facts.wanted) & set(EMPLOYMENT):
        yield f"{'no employment measure' if facts.wanted else 'no measure'} named where one is required"
    if CARBON in asked:
        yield f"carbon {'named' if CARBON in facts.wanted else 'added'}"
    elif band >= CARBON_BAND:
        yield "carbon without room"
    if band > band_of(facts.value, facts.trade):
        yield "call-off lifted by the others"
    if KENT_SPEND in asked and may_set_kent_spend(facts):
        known = asked[KENT_SPEND].is_computed
        yield "Kent spend computed" if known else "Kent spend reserved, supply not known"
        if known and _moved(case):
            yield "Kent spend computed, then changed"


def _of_decisions(case: Case) -> Iterator[str]:
    if case.facts.call_offs is not None and _moved(case):
        yield "call-off of another value since"
    if case.overrides and _moved(case):
        yield "override before a change"
    for code, steps in case.milestones.items():
        late = [step for step in steps if step.day > case.facts.first]
        yield "milestones" if len(late) < len(steps) else "milestones in the term alone"
        if late and case.first_steps(code):
            yield "milestones in place of others"
        if {step.roles for step in late} == {("category lead",)}:
            yield "milestones within a limit"
        if late and _moved(case):
            yield "milestones and a change of value or term"


def _of_promises(case: Case) -> Iterator[str]:
    for code, target in targets(case.facts, case.own, case.overrides).items():
        promises = case.promises(code)
        reasons = promises.not_counted.values()
        yield from (
            f"commitment {what}"
            for reason, what in (("authority", "beyond authority"), ("term", "after the end"))
            if reason in reasons
        )
        if target.is_computed or not promises.later:
            continue
        yield "commitment replaced" if code not in LEVELS else "commitment of a level replaced"
        if target.override:
            latest = max((one.day, in_order(one.number)) for one in promises.later.values())
            since = latest > (target.override.day, in_order(target.override.number))
            yield f"commitment replaced {'after' if since else 'before'} an override"
        if promises.own is None:
            yield "commitment from a later day alone"
        if max(promises.later) > case.facts.last:
            yield "commitment replaced in an extension"
        if code in case.milestones:
            yield "commitment replaced, by milestones"


def _moved(case: Case) -> bool:
    return any(isinstance(change, (ValueChange, Extension)) for _, _, change in case.changes)
