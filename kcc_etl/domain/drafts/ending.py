"""Drafts of UK11, the contract termination notice.

Does not belong here: whether the notice is due (`kcc_etl.domain.duties.life`).
"""

from __future__ import annotations

from collections.abc import Iterator

from kcc_etl.domain.changes import EARLY_END
from kcc_etl.domain.drafts.common import authority_fields, identifier_fields, supplier_fields, title_field
from kcc_etl.domain.drafts.draft import (
    DECISION,
    DETAILS,
    OWNER,
    REGISTER,
    Draft,
    Due,
    Entry,
    Field,
    filled,
    missing,
    money,
    not_applicable,
)
from kcc_etl.domain.drafts.known import Authority, Known, latest
from kcc_etl.domain.drafts.performance import failure_fields

_PARAGRAPH = "PR24 reg 41(2)"
EXPIRY = "the contract came to its end"


def termination_draft(due: Due, known: Known, authority: Authority) -> Draft:
    """The draft of the notice after a contract has ended in any way, expiry included. PA23 s.80."""
    place = REGISTER if known.register else DETAILS
    facts = known.facts
    fields = [
        *authority_fields(_PARAGRAPH, authority),
        title_field(_PARAGRAPH, known),
        *identifier_fields(_PARAGRAPH, _PARAGRAPH, known),
        *supplier_fields(_PARAGRAPH, known),
        Field(_PARAGRAPH, "Reasons for the termination", _reason(known)),
        Field(_PARAGRAPH, "Date of the termination", _ended(known)),
        Field(
            _PARAGRAPH,
            "Estimated value of the contract",
            money(facts.value_inc_vat_pence, facts.value_ex_vat_pence, place, OWNER),
        ),
        *_breach(known),
    ]
    return Draft("UK11", "termination", due, known.contract, due.occasion, tuple(fields))


def _ending_breach(known: Known) -> str:
    """The decision that the contract ended for breach; empty without one."""
    return next((failure.id for failure in known.facts.failures if failure.ends_contract), "")


def _reason(known: Known) -> Entry:
    """Why it ended: for breach, early by a decision, or because its term did."""
    breach = _ending_breach(known)
    early = latest(known.decisions, EARLY_END)
    if breach:
        return filled("breach", f"{DECISION} {breach}")
    if early:
        return missing(f"{OWNER}: it ended early by decision {early['decision_id']}")
    if known.facts.ended_on is None and known.facts.end_on is not None:
        return filled(EXPIRY, REGISTER if known.register else DETAILS)
    return missing(OWNER)


def _ended(known: Known) -> Entry:
    facts = known.facts
    early = latest(known.decisions, EARLY_END)
    if facts.over_on is None:
        return missing(OWNER)
    if facts.ended_on:
        return filled(facts.ended_on.isoformat(), DETAILS)
    source = f"{DECISION} {early['decision_id']}" if early else REGISTER if known.register else DETAILS
    return filled(facts.over_on.isoformat(), source)


def _breach(known: Known) -> Iterator[Field]:
    """The block of a breach, as in a performance notice, where the contract ended for one. PR24 reg 39(9)."""
    decision = _ending_breach(known)
    for field in failure_fields(_PARAGRAPH, decision, known):
        yield (
            field
            if decision
            else Field(_PARAGRAPH, field.name, not_applicable("no decision says that it ended for breach"))
        )
