"""A draft of a notice as a value: every field its regulation asks for, filled or with who could fill it.

Does not belong here: which field is filled from what (the module of each notice), files (`reports.drafts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kcc_etl.domain.money import pounds_display

State = Literal["filled", "missing", "not applicable"]

PLATFORM = "the platform: it gives the code when the first notice of the procurement is filed"
OWNER = "the contract owner"
PROCUREMENT = "the procurement officer"
LEGAL = "legal services"
SUPPLIER = "the supplier, from its registration on the platform"

REGISTER, DETAILS, DECISION, SETTINGS = "register", "public notice", "decision", "settings"


@dataclass(frozen=True)
class Entry:
    """What stands in a field: a value and where it is from; else who could fill it, or why it is none."""

    state: State
    value: str = ""
    source: str = ""


@dataclass(frozen=True)
class Field:
    """One field of a notice, in the order of its regulation; `paragraph` is its legal source."""

    paragraph: str
    name: str
    entry: Entry


@dataclass(frozen=True)
class Due:
    """A duty that a draft is for, as a row of the table of duties."""

    kind: str
    subject: str
    occasion: str
    state: str
    ground: str
    source: str
    first_on: date | None = None
    last_on: date | None = None
    doubts: str = ""

    @property
    def is_now(self) -> bool:
        """Whether a notice may and must be filed now."""
        return self.state in ("open", "overdue")


@dataclass(frozen=True)
class Draft:
    """A notice for an officer to complete and file: type, variant, subject, the duty it does, its fields.

    `contract` is what the officer knows the contract by; `occasion` tells several drafts of one type and
    contract apart.
    """

    notice_type: str
    variant: str
    due: Due
    contract: str
    occasion: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies the draft, and the order of drafts."""
        return self.notice_type, self.contract, self.occasion

    def count(self, state: State) -> int:
        """How many fields are of a state."""
        return sum(field.entry.state == state for field in self.fields)


def filled(value: str, source: str) -> Entry:
    """A field with a value."""
    return Entry("filled", value, source)


def missing(who: str) -> Entry:
    """A field that the data does not fill, with who could."""
    return Entry("missing", "", who)


def not_applicable(why: str) -> Entry:
    """A field that is not asked of this contract, with why."""
    return Entry("not applicable", "", why)


def told(value: object, source: str, who: str) -> Entry:
    """The field of a value from the data: filled where there is one, else missing with who could fill it."""
    if value is None or value == "":
        return missing(who)
    if isinstance(value, bool):
        return filled("yes" if value else "no", source)
    return filled(value.isoformat() if isinstance(value, date) else str(value), source)


def money(gross: int | None, net: int | None, source: str, who: str) -> Entry:
    """A value including VAT, as the Act counts it (s.123(2)); a net value alone does not fill the field."""
    if gross is not None:
        without = "" if net is None else f" ({pounds_display(net)} excluding VAT)"
        return filled(f"{pounds_display(gross)} including VAT{without}", source)
    known = "" if net is None else f"; only {pounds_display(net)} excluding VAT is known"
    return missing(who + known)


def due_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Due, ...]:
    """The duties out of the rows of their table."""
    return tuple(
        Due(
            row["duty_kind"],
            row["subject"],
            row["occasion"] or "",
            row["duty_state"],
            row["ground"],
            row["legal_source"],
            row["first_on"],
            row["last_on"],
            row["doubts"] or "",
        )
        for row in rows
    )
