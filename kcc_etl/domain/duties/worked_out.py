"""Duties of every contract and of the council out of the tables, reconciled with the public notices.

Does not belong here: what one contract is asked for (`contract`), how duties are shown (`reports`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.compliance_invoices import unpaid_lines
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.books import attested, facts_of, published_by_council
from kcc_etl.domain.duties.change import since_converted
from kcc_etl.domain.duties.contract import duties_of
from kcc_etl.domain.duties.council import Activity, duties_of_council
from kcc_etl.domain.duties.duty import COUNCIL, Duty, State
from kcc_etl.domain.duties.facts import Facts, Pack
from kcc_etl.domain.duties.standing import standing
from kcc_etl.domain.duties.tables import Books, plain
from kcc_etl.domain.one_payment import are_credits, as_payments, other_readings
from kcc_etl.parameters.duties import Law, Section70Reading
from kcc_etl.schema.frames import from_rows

BY_NOTICES = frozenset(
    {
        d.AWARD, d.DETAILS, d.DETAILS_BELOW, d.COPY, d.ASSESSMENT, d.BREACH, d.CHANGE, d.TERMINATION,
        d.TENDER_BELOW, d.COMPLIANCE, d.PIPELINE,
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


def council_duties(books: Books, law: Law, as_of: date, packs: tuple[Pack, ...] = ()) -> tuple[Duty, ...]:
    """The duties of the council for every period that has begun, as they stand on a day.

    `packs` are the final packs that stand published.
    """
    return _of_council(facts_of(books, as_of), books, law, as_of, packs)


def _of_contracts(contracts: Iterable[Facts], books: Books, law: Law, as_of: date) -> tuple[Duty, ...]:
    return _reconciled([duty for facts in contracts for duty in duties_of(facts, law, as_of)], books)


def _of_council(
    contracts: Iterable[Facts], books: Books, law: Law, as_of: date, packs: tuple[Pack, ...]
) -> tuple[Duty, ...]:
    known = {facts.subject: facts for facts in contracts}
    decisions = plain(decisions_known(books.decisions, as_of))
    unpaid = unpaid_lines(books.ledger)
    activity = Activity(
        **_payment_days(books.payments, unpaid, known, law),
        payments_read=len(books.payments) + len(unpaid) > 0,
        published=published_by_council(books, as_of),
        attested=attested(row for row in decisions if row["subject"] == COUNCIL),
        packs=packs,
    )
    return _reconciled(duties_of_council(activity, law, as_of), books)


def _payment_days(
    payments: pd.DataFrame, unpaid: pd.DataFrame, contracts: Mapping[str, Facts], law: Law
) -> dict[str, Any]:
    """Days of payments made or payable under public contracts, of those over £30,000, and of unsure ones.

    What is payable and not paid sets section 69 off too. Concessions and school contracts are out, light
    touch contracts in; s.70 asks besides that the procurement commenced on or after its first day.
    Source: PA23 s.69(1), (6), s.70(4); SI 2025/1316 reg 2.
    """
    of = {ref: _reached(facts, law) for ref, facts in contracts.items()}
    by_69 = {ref for ref, (reached, _, _) in of.items() if reached}
    by_70 = {ref for ref, (_, reached, _) in of.items() if reached}
    sure = {ref for ref, (_, _, is_sure) in of.items() if is_sure}
    days = [
        (ref, day)
        for lines in (payments, unpaid)
        for ref, *mine in _days_of(lines[~are_credits(lines) & lines["contract_ref"].isin(by_69)])
        for day in mine
    ]
    reading, above = law.rules.section_70_reading, law.statutory.section_70.above_pence
    return {
        "under_contracts": frozenset(day for _, day in days),
        "over_30k": _large_days(payments, by_70, reading, above),
        "over_30k_otherwise": tuple(
            _large_days(payments, by_70, other, above) for other in other_readings(reading)
        ),
        "unsure": frozenset(day for _, day in days) - {day for ref, day in days if ref in sure},
    }


def _large_days(
    payments: pd.DataFrame, refs: Collection[str], reading: Section70Reading, above: int
) -> frozenset[date]:
    """The days of payments under some contracts that are over so many pence including VAT."""
    paid = as_payments(payments, reading)
    over = (paid["amount_inc_vat_pence"] > above) & paid["contract_ref"].isin(refs)
    return frozenset(row["paid_on"] for row in plain(paid.loc[over, ["paid_on"]]) if row["paid_on"])


def _days_of(lines: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Of each line its contract, and the days on which it was paid and became payable, where known."""
    names = ["contract_ref", "paid_on", "invoice_received_on", "due_on"]
    for ref, paid_on, received_on, due_on in (row.values() for row in plain(lines[names])):
        payable = max((day for day in (received_on, due_on) if day), default=None)
        yield ref, *(day for day in (paid_on, payable) if day)


def _reached(facts: Facts, law: Law) -> tuple[bool, bool, bool]:
    """Whether s.69 and s.70 reach payments under a contract, and whether that is beyond doubt.

    One that a change makes a public contract counts from its first payment on, as the publications take it.
    """
    facts = facts.as_awarded
    how = standing(facts, law)
    converted = since_converted(facts, how, law)
    how = converted.how if converted else how
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
    return duty.unseen().doubted(why)


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


def duty_table(books: Books, law: Law, as_of: date, packs: tuple[Pack, ...] = ()) -> pd.DataFrame:
    """Every duty of every contract, then of the council, as they stand on a day: one row a duty.

    Several changes that one notice tells of are one duty, which stands as the worst of them. `packs` are the
    final packs that stand published.
    """
    found: dict[tuple[str, str, str], Duty] = {}
    facts = tuple(facts_of(books, as_of))
    duties = (*_of_contracts(facts, books, law, as_of), *_of_council(facts, books, law, as_of, packs))
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
