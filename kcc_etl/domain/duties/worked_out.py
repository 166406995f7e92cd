"""Duties of every contract and of the council out of the tables, reconciled with the public notices.

Does not belong here: what one contract is asked for (`contract`), how duties are shown (`reports`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.books import attested, facts_of, published_by_council
from kcc_etl.domain.duties.contract import duties_of
from kcc_etl.domain.duties.council import Activity, duties_of_council
from kcc_etl.domain.duties.duty import COUNCIL, Duty, State
from kcc_etl.domain.duties.facts import Facts
from kcc_etl.domain.duties.standing import standing
from kcc_etl.domain.duties.tables import Books, plain
from kcc_etl.domain.publication import gross_pence
from kcc_etl.parameters.duties import Law
from kcc_etl.schema.frames import from_rows

BY_NOTICES = frozenset(
    {
        d.AWARD, d.DETAILS, d.DETAILS_BELOW, d.ASSESSMENT, d.BREACH, d.CHANGE, d.TERMINATION, d.TENDER_BELOW,
        d.COMPLIANCE, d.PIPELINE,
    }
)  # fmt: skip
"""Duties that a public notice does."""

_WORST: tuple[State, ...] = (
    "overdue", "done late", "open", "cannot be told", "to come", "done", "done on time", "not needed",
)  # fmt: skip


def contract_duties(books: Books, law: Law, as_of: date) -> tuple[Duty, ...]:
    """The duties of every contract, of the register and of notices alone, as they stand on a day.

    In order of contract and of its life. An undone duty that a notice would have to show is in doubt where
    the notices read do not reach over all of its days, and cannot be told where they reach over none; a done
    one names the columns on which its notice and the register differ by more than 1%.
    """
    return _of_contracts(facts_of(books, as_of), books, law, as_of)


def council_duties(books: Books, law: Law, as_of: date) -> tuple[Duty, ...]:
    """The duties of the council for every period that has begun, as they stand on a day."""
    return _of_council(facts_of(books, as_of), books, law, as_of)


def _of_contracts(contracts: Iterable[Facts], books: Books, law: Law, as_of: date) -> tuple[Duty, ...]:
    return _reconciled([duty for facts in contracts for duty in duties_of(facts, law, as_of)], books)


def _of_council(contracts: Iterable[Facts], books: Books, law: Law, as_of: date) -> tuple[Duty, ...]:
    known = {facts.subject: facts for facts in contracts}
    decisions = plain(decisions_known(books.decisions, as_of))
    activity = Activity(
        **_payment_days(books.payments, known, law),
        payments_read=len(books.payments) > 0,
        published=published_by_council(books, as_of),
        attested=attested(row for row in decisions if row["subject"] == COUNCIL),
    )
    return _reconciled(duties_of_council(activity, law, as_of), books)


def _payment_days(
    payments: pd.DataFrame, contracts: Mapping[str, Facts], law: Law
) -> dict[str, frozenset[date]]:
    """Days of payments made or payable under public contracts, of those over £30,000, and of unsure ones.

    Concessions and school contracts are out, light touch contracts in; s.70 asks besides that the
    procurement commenced on or after its first day. Source: PA23 s.69(6), s.70(4); SI 2025/1316 reg 2.
    """
    days: dict[str, set[date]] = {"under_contracts": set(), "over_30k": set(), "sure": set()}
    gross = gross_pence(payments)
    of = {ref: _reached(facts, law) for ref, facts in contracts.items()}
    for row, pence in zip(plain(payments), gross, strict=True):
        by_69, by_70, sure = of.get(row["contract_ref"], (False, False, False))
        if not by_69 or row["is_credit_note"] or pd.isna(pence) or pence <= 0:
            continue
        payable = row["due_on"] or row["invoice_received_on"]
        mine = {day for day in (row["paid_on"], payable) if day}
        days["under_contracts"] |= mine
        if by_70 and pence > law.statutory.section_70.above_pence and row["paid_on"]:
            days["over_30k"].add(row["paid_on"])
        if sure:
            days["sure"] |= mine
    known = days["under_contracts"] | days["over_30k"]
    return {
        "under_contracts": frozenset(days["under_contracts"]),
        "over_30k": frozenset(days["over_30k"]),
        "unsure": frozenset(known - days["sure"]),
    }


def _reached(facts: Facts, law: Law) -> tuple[bool, bool, bool]:
    """Whether s.69 and s.70 reach payments under a contract, and whether that is beyond doubt."""
    how = standing(facts, law)
    by_69 = how.is_public and facts.kind in ("contract", "call-off")
    commenced = facts.commenced_on
    by_70 = by_69 and commenced is not None and commenced >= law.statutory.section_70.commenced_from
    return by_69, by_70, not how.doubts


def _reconciled(duties: Iterable[Duty], books: Books) -> tuple[Duty, ...]:
    days = books.notices["published_on"].dropna()
    first, last = (days.min().date(), days.max().date()) if len(days) else (None, None)
    differing = _differing(books.disagreements)
    return tuple(_with_columns(_covered(duty, first, last), differing) for duty in duties)


def _covered(duty: Duty, first: date | None, last: date | None) -> Duty:
    if duty.done or duty.kind not in BY_NOTICES or duty.state not in ("open", "overdue"):
        return duty
    if first is None or last is None:
        return _unseen(duty, "no public notices have been read")
    unread = f"notices before {first} have not been read"
    if duty.last_on is not None and duty.last_on < first:
        return _unseen(duty, unread)
    begins = duty.first_on or duty.last_on
    early = begins is not None and begins < first
    short = duty.state == "overdue" and duty.last_on is not None and duty.last_on > last
    return duty.doubted(unread if early else "", f"the latest notice read is of {last}" if short else "")


def _unseen(duty: Duty, why: str) -> Duty:
    """A duty none of whose lawful days the notices read reach: what has passed may have been done in time."""
    if duty.state == "overdue":
        duty = replace(duty, state="cannot be told", late_by=None)
    return duty.doubted(why)


def _differing(disagreements: pd.DataFrame) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in plain(disagreements):
        if not row["is_within_tolerance"]:
            key = (row["contract_ref"], str(row["release_id"]))
            found[key] = (*found.get(key, ()), row["field_name"])
    return found


def _with_columns(duty: Duty, differing: Mapping[tuple[str, str], tuple[str, ...]]) -> Duty:
    if not duty.done:
        return duty
    release = duty.done.by.rpartition(" ")[2]
    return replace(duty, disagrees_on=differing.get((duty.subject, release), ()))


def duty_table(books: Books, law: Law, as_of: date) -> pd.DataFrame:
    """Every duty of every contract, then of the council, as they stand on a day: one row a duty.

    Several changes that one notice tells of are one duty, which stands as the worst of them.
    """
    found: dict[tuple[str, str, str], Duty] = {}
    facts = tuple(facts_of(books, as_of))
    duties = (*_of_contracts(facts, books, law, as_of), *_of_council(facts, books, law, as_of))
    for duty in duties:
        known = found.get(duty.key)
        if known is None or _WORST.index(duty.state) < _WORST.index(known.state):
            found[duty.key] = duty
    return from_rows(as_rows(found.values()), keys.OUT_DUTY)


def as_rows(duties: Iterable[Duty]) -> list[dict[str, Any]]:
    """The duties as rows of a table, texts joined by `; ` and columns by `|`."""
    return [
        {
            "duty_kind": duty.kind,
            "subject": duty.subject,
            "occasion": duty.occasion or None,
            "duty_state": duty.state,
            "first_on": duty.first_on,
            "last_on": duty.last_on,
            "days_left": duty.days_left,
            "late_by": duty.late_by,
            "done_by": duty.done.by if duty.done else None,
            "done_on": duty.done.on if duty.done else None,
            "ground": duty.ground,
            "legal_source": duty.source,
            "doubts": "; ".join(duty.doubts) or None,
            "disagrees_on": "|".join(duty.disagrees_on) or None,
        }
        for duty in duties
    ]
