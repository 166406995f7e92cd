"""Every draft that the duties ask for, in order.

Does not belong here: what is due (`kcc_etl.domain.duties`), the fields of a notice (the module of each).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from kcc_etl.domain.drafts.change import change_draft
from kcc_etl.domain.drafts.details import details_draft
from kcc_etl.domain.drafts.draft import Draft, Due
from kcc_etl.domain.drafts.ending import termination_draft
from kcc_etl.domain.drafts.known import Authority, Known
from kcc_etl.domain.drafts.performance import assessment_draft, breach_draft
from kcc_etl.domain.drafts.pipeline import pipeline_drafts
from kcc_etl.domain.duties import duty as d
from kcc_etl.parameters.duties import Law

DRAFTED = (d.DETAILS, d.DETAILS_BELOW, d.ASSESSMENT, d.BREACH, d.CHANGE, d.TERMINATION, d.PIPELINE)
"""The duties that a notice drafted here does."""


def drafts_for(
    duties: Iterable[Due], contracts: Mapping[str, Known], authority: Authority, law: Law, as_of: date
) -> tuple[Draft, ...]:
    """A draft for each notice that may and must be filed now, by type, contract and occasion.

    A duty that is to come, done, not needed or cannot be told has none. A duty about the whole council has as
    many as contracts are planned.
    """
    rows = list(duties)
    assessed = _assessed(rows)
    found: list[Draft] = []
    for due in rows:
        if due.kind not in DRAFTED or not due.is_now:
            continue
        if due.kind == d.PIPELINE:
            found += pipeline_drafts(due, contracts.values(), authority, law, as_of)
        elif due.subject in contracts:
            found.append(_draft(due, contracts[due.subject], authority, assessed.get(due.subject), law))
    return tuple(sorted(found, key=lambda draft: draft.key))


def _draft(due: Due, known: Known, authority: Authority, assessed: Due | None, law: Law) -> Draft:
    if due.kind in (d.DETAILS, d.DETAILS_BELOW):
        return details_draft(due, known, authority, assessed)
    if due.kind == d.ASSESSMENT:
        return assessment_draft(due, known, authority)
    if due.kind == d.BREACH:
        return breach_draft(due, known, authority)
    if due.kind == d.CHANGE:
        return change_draft(due, known, authority, law)
    return termination_draft(due, known, authority)


def _assessed(duties: Iterable[Due]) -> dict[str, Due]:
    """The duty of each contract to assess its indicators: one that is needed before one that is not."""
    found: dict[str, Due] = {}
    for due in duties:
        if due.kind == d.ASSESSMENT and found.get(due.subject, due).state in ("not needed", due.state):
            found[due.subject] = due
    return found
