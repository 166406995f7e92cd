"""On which facts a contract of the register and its public notices differ. Neither is changed.

Both are given as rows of Python values, missing as None, `identities` holding the keys of the supplier.
Does not belong here: which notice is about which contract (`register_notices`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from kcc_etl.domain.money import pounds_display

Row = dict[str, Any]

TOLERANCE_PERCENT = 1
DEFAULT_PENCE = 100
"""A value of £1 or less is a default and no value (rule CR-006); Contracts Finder publishes £0."""

STANDARD_VAT_PERCENT = 20

_VALUES = ("value_inc_vat_pence", "value_ex_vat_pence")
_DAYS = ("start_on", "max_end_on", "signed_on")


@dataclass(frozen=True)
class Fact:
    """One fact that both give: what each says, whether they differ, and whether by little."""

    field: str
    register: str
    notice: str
    differs: bool
    is_within_tolerance: bool = False

    def row(self) -> Row:
        """The columns of the table of disagreements that speak about the fact."""
        return {
            "field_name": self.field,
            "register_value": self.register,
            "notice_value": self.notice,
            "is_within_tolerance": self.is_within_tolerance,
        }


def compare(register: Row, notice: Row) -> Iterator[Fact]:
    """Every fact that both sides give.

    Where a change notice gives another value or end date, a change that was made is the one to compare with;
    an intended one is as right as what stood before.
    """
    yield from _values(register, notice)
    for name in _DAYS:
        yield from _same(name, _day(register[name]), _day(notice[name]))
    yield from _ends(register, notice)
    yield from _suppliers(register, notice)
    yield from _same("regime", register["regime"], notice["regime"], _same_regime)
    yield from _same("is_light_touch", register["is_light_touch"], notice["is_light_touch"])
    yield from _same("contract_id", register["contract_id"], notice["contract_id"])


def value_agrees(register: Row, notice: Row) -> bool:
    """Whether both give a value and agree on it to within 1%, on one VAT basis or as VAT allows."""
    facts = list(_values(register, notice))
    return bool(facts) and all(not fact.differs or fact.is_within_tolerance for fact in facts)


def _values(register: Row, notice: Row) -> Iterator[Fact]:
    told = False
    for name in _VALUES:
        changed = f"changed_{name}"
        ours, theirs, later = register[name], notice[name], notice[changed]
        field = name
        if _is_value(later):
            made = notice["change_kind"] == "made"
            if made or not _is_value(theirs) or ours == later:
                theirs, field = later, changed
        if _is_value(ours) and _is_value(theirs):
            told = True
            yield _amounts(field, int(ours), int(theirs))
    if not told:
        yield from _across_vat(register["value_ex_vat_pence"], notice["value_inc_vat_pence"])


def _amounts(field: str, ours: int, theirs: int) -> Fact:
    small = 100 * abs(ours - theirs) <= TOLERANCE_PERCENT * abs(ours)
    return Fact(field, pounds_display(ours), pounds_display(theirs), ours != theirs, small)


def _across_vat(net: object, gross: object) -> Iterator[Fact]:
    """A net value against one published only including VAT: from the same to 20% above, give or take 1%."""
    if not _is_value(net) or not _is_value(gross):
        return
    low, high = int(net), int(net) * (100 + STANDARD_VAT_PERCENT) // 100  # type: ignore[call-overload]  # pence
    given = int(gross)  # type: ignore[call-overload]  # pence
    inside = low <= given <= high
    near = 100 * low - TOLERANCE_PERCENT * low <= 100 * given <= 100 * high + TOLERANCE_PERCENT * high
    notice = f"{pounds_display(given)} including VAT"
    yield Fact("value_ex_vat_pence", pounds_display(low), notice, not inside, near)


def _ends(register: Row, notice: Row) -> Iterator[Fact]:
    ours, theirs, later = _day(register["end_on"]), _day(notice["end_on"]), _day(notice["changed_end_on"])
    field = "end_on"
    if later and (notice["change_kind"] == "made" or not theirs or ours == later):
        theirs, field = later, "changed_end_on"
    ended = _day(notice["ended_on"])
    if ended and ours:
        yield Fact("ended_on", ours, ended, ours > ended)
    if not ended or ours != ended:
        yield from _same(field, ours, theirs)


def _suppliers(register: Row, notice: Row) -> Iterator[Fact]:
    if register["identities"] and notice["identities"]:
        differs = not register["identities"] & notice["identities"]
        yield Fact("supplier_name", str(register["supplier_name"]), str(notice["supplier_name"]), differs)


def _same(name: str, ours: object, theirs: object, rule: Any = lambda a, b: a == b) -> Iterator[Fact]:
    if ours is not None and theirs is not None:
        yield Fact(name, _say(ours), _say(theirs), not rule(ours, theirs))


def _same_regime(ours: object, theirs: object) -> bool:
    """The platform publishes health contracts (PSR) under the directive; of exempt ones it says nothing."""
    return ours == theirs or (theirs == "pcr2015" and ours == "psr")


def _is_value(value: object) -> bool:
    return isinstance(value, int) and value > DEFAULT_PENCE


def _day(value: object) -> str | None:
    return value.strftime("%Y-%m-%d") if isinstance(value, date) else None


def _say(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)
