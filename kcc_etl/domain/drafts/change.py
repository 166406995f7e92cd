"""Drafts of UK10, the contract change notice, with the size of the change alone and with earlier ones.

Does not belong here: whether the notice is due and how changes add up (`kcc_etl.domain.duties.change`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kcc_etl.domain.drafts.common import authority_fields, identifier_fields, supplier_fields, title_field
from kcc_etl.domain.drafts.draft import (
    DECISION,
    LEGAL,
    OWNER,
    PROCUREMENT,
    Draft,
    Due,
    Entry,
    Field,
    filled,
    missing,
    not_applicable,
)
from kcc_etl.domain.drafts.known import Authority, Known
from kcc_etl.domain.duties.measured import Measured, measured_changes
from kcc_etl.domain.money import pounds_display
from kcc_etl.parameters.duties import Law

_PARAGRAPH = "PR24 reg 40(2)"


def change_draft(due: Due, known: Known, authority: Authority, law: Law) -> Draft:
    """The draft of the notice before one recorded change. Source: PA23 s.75, PR24 reg 40(2)."""
    measured = next((m for m in measured_changes(known.facts, law) if m.change.id == due.occasion), None)
    fields = [
        *authority_fields(_PARAGRAPH, authority),
        title_field(_PARAGRAPH, known),
        *identifier_fields(_PARAGRAPH, _PARAGRAPH, known),
        *supplier_fields(_PARAGRAPH, known),
        *(Field(_PARAGRAPH, name, entry) for name, entry in _of_change(due, known, measured)),
    ]
    return Draft("UK10", "contract change", due, known.contract, due.occasion, tuple(fields))


def _of_change(due: Due, known: Known, measured: Measured | None) -> Iterator[tuple[str, Entry]]:
    source = f"{DECISION} {due.occasion}"
    is_transfer = measured is not None and measured.change.is_transfer
    ground = filled("Schedule 8 para 9, corporate restructuring", source) if is_transfer else missing(LEGAL)
    yield "Ground of Schedule 8", ground
    yield "Why the ground applies", missing(LEGAL)
    yield "Change of the estimated value", _value(measured, source)
    yield "Change of the estimated value with earlier changes", _value_so_far(measured, source)
    yield "Change of the term", _term(known, measured, source)
    yield "Change of the term with earlier changes", _term_so_far(measured, source)
    not_moved = not_applicable("no supplier changes")
    for name in ("New supplier", "Supplier that leaves"):
        yield name, missing(PROCUREMENT) if is_transfer else not_moved
    effective: date | None = measured.change.effective_on if measured else None
    on = filled(effective.isoformat(), source) if effective else missing(OWNER)
    yield "Estimated date of the modification", missing(OWNER)
    yield "Estimated date on which it takes effect", on
    yield "Voluntary standstill of eight working days or more, and its length", missing(LEGAL)


def _value(measured: Measured | None, source: str) -> Entry:
    """By how much the change moves the value that it finds; excluding VAT, as decisions are recorded."""
    if measured is None:
        return missing(OWNER)
    base = None if measured.base_pence is None else measured.base_pence + measured.earlier_pence
    return _moved(measured.value_pence, base, source)


def _value_so_far(measured: Measured | None, source: str) -> Entry:
    """By how much it moves the value together with changes before it that had no notice, and which share."""
    if measured is None:
        return missing(OWNER)
    pence, base = measured.earlier_pence + measured.value_pence, measured.base_pence
    return _moved(pence, base, source, _share(pence, base or 0))


def _moved(pence: int, base: int | None, source: str, share: str = "") -> Entry:
    if pence == 0:
        return filled("none", source)
    by = f"{pounds_display(pence)} excluding VAT"
    if base is None:
        return missing(f"{OWNER}: the value before is not known; the change is {by}")
    return filled(f"{by}, from {pounds_display(base)} to {pounds_display(base + pence)}{share}", source)


def _term(known: Known, measured: Measured | None, source: str) -> Entry:
    if measured is None:
        return missing(OWNER)
    change = measured.change
    if not change.old_end_on or not change.new_end_on:
        return filled("none", source)
    days = (change.new_end_on - change.old_end_on).days
    return filled(f"{days:+d} days, from {change.old_end_on} to {change.new_end_on}", source)


def _term_so_far(measured: Measured | None, source: str) -> Entry:
    if measured is None:
        return missing(OWNER)
    days = measured.earlier_days + measured.days
    if days == 0:
        return filled("none", source)
    if measured.term_days is None:
        return missing(f"{OWNER}: the term at award is not known; the change is {days:+d} days")
    return filled(f"{days:+d} days of {measured.term_days}{_share(days, measured.term_days)}", source)


def _share(change: int, whole: int) -> str:
    """The share to a hundredth of a percent, cut off and not rounded: what is below 10% never reads 10%."""
    if whole <= 0:
        return ""
    hundredths = abs(change) * 10_000 // whole
    return f" ({hundredths // 100}.{hundredths % 100:02d}%)"
