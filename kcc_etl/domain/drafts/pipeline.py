"""Drafts of UK1, the pipeline notice: one for each contract of more than £2m that is planned.

Does not belong here: whether the authority has to publish a pipeline (`kcc_etl.domain.duties.council`).

What is planned is a contract of the register that has not been awarded. A call-off has no tender or
transparency notice, so it is none; contracts outside the Act neither. Source: PA23 s.93, PR24 reg 15.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from kcc_etl.domain.days import last_day_of_months
from kcc_etl.domain.drafts.common import (
    authority_fields,
    identifier_fields,
    subject_fields,
    title_field,
)
from kcc_etl.domain.drafts.draft import PROCUREMENT, REGISTER, Draft, Due, Entry, Field, filled, missing
from kcc_etl.domain.drafts.known import Authority, Known
from kcc_etl.domain.duties.standing import more_than, net_doubt
from kcc_etl.domain.periods import parse_period
from kcc_etl.parameters.duties import Law

PIPELINE_MONTHS = 18
"""From 1 April on. Source: PA23 s.93(2)."""

_PARAGRAPH = "PR24 reg 15"
_OUTSIDE = frozenset({"psr", "exempt", "pcr2015"})


def pipeline_drafts(
    due: Due, contracts: Iterable[Known], authority: Authority, law: Law, as_of: date
) -> Iterator[Draft]:
    """A draft for each contract planned in the 18 months of the financial year that the duty is about.

    A net value that more than £2m may lie behind counts as the setting `net_value_reading` says.
    """
    first = parse_period(due.occasion).start
    last = last_day_of_months(first, PIPELINE_MONTHS)
    for known in contracts:
        if not is_planned(known, first, last, as_of):
            continue
        limit = law.statutory.pipeline.contract_above_pence
        over = more_than(known.facts, limit, law)
        if over == "yes" or (over == "unsure" and law.rules.net_value_reading.reaches_when_unsure):
            doubt = net_doubt(limit) if over == "unsure" else ""
            yield _draft(due, known, authority, as_of, doubt)


def is_planned(known: Known, first: date, last: date, as_of: date) -> bool:
    """Whether a tender or transparency notice about it is intended in the time: by the day its procurement is
    to commence, else by the day the contract is to start.
    """
    facts, row = known.facts, known.register
    if not row or facts.kind == "call-off" or facts.is_school or facts.regime in _OUTSIDE:
        return False
    awarded = [day for day in (row.get("awarded_on"), facts.signed_on) if day and day <= as_of]
    on = facts.commenced_on or facts.start_on
    return not awarded and on is not None and first <= on <= last and (facts.start_on or on) > as_of


def _draft(due: Due, known: Known, authority: Authority, as_of: date, doubt: str) -> Draft:
    fields = [
        *authority_fields(_PARAGRAPH, authority),
        title_field(_PARAGRAPH, known),
        next(iter(identifier_fields(_PARAGRAPH, _PARAGRAPH, known))),
        *subject_fields(_PARAGRAPH, known),
        Field(_PARAGRAPH, "Estimated date of the tender or transparency notice", _published_on(known)),
    ]
    told = replace(due, subject=known.contract, doubts=doubt or due.doubts)
    return Draft("UK1", "pipeline", told, known.contract, due.occasion, tuple(fields))


def _published_on(known: Known) -> Entry:
    commenced = known.facts.commenced_on
    return filled(commenced.isoformat(), REGISTER) if commenced else missing(PROCUREMENT)
