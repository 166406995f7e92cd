"""Which recorded changes of a contract count: those that fit the contract as the register shows it.

Does not belong here: reading changes from decisions (`changes`), what a change does to a target (`versions`).

A register may show a contract before its changes, after some of them or after all. A change that fits none of
these is a slip of the pen: it would move band and target, so it is left out and told of (DC-016, DC-017).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from kcc_etl.domain.changes import (
    EARLY_END,
    EXTENSION,
    VALUE_CHANGE,
    Change,
    end_as_changed,
    original_end,
    original_pence,
    recorded_by_contract,
    standing,
)
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.periods import quarters_in

TOLERANCE, _POUND = Fraction(1, 100), 100
"""How far an original value may be from the register's, either way, or a pound: registers round values."""

_DAY = timedelta(days=1)
_READ = [
    "contract_ref",
    "start_on",
    "end_on",
    "max_end_on",
    "value_ex_vat_pence",
    "options_value_ex_vat_pence",
]

Row = Mapping[Any, Any]
Changes = dict[str, tuple[Change, ...]]


@dataclass(frozen=True)
class Fault:
    """Why a change does not fit its contract: of its value or its term, in which cell, and what would fit."""

    about: Literal["value", "term"]
    decision_id: str
    field: str
    found: str


def changes_that_count(contracts: pd.DataFrame, decisions: pd.DataFrame) -> Changes:
    """The changes of each contract in the order they take effect, without those that do not fit it.

    Where a correction does not fit, what it was to correct stands.
    """
    records = records_that_count(contracts, decisions)
    return {ref: standing(recorded) for ref, recorded in records.items()}


def records_that_count(contracts: pd.DataFrame, decisions: pd.DataFrame) -> dict[str, list[Change]]:
    """The changes of each contract that fit it, corrected since or not, in the order they were decided."""
    return _judged(contracts, decisions)[0]


def faults_of_changes(contracts: pd.DataFrame, decisions: pd.DataFrame) -> dict[str, Fault]:
    """The changes that do not count, by the number of the decision. Source: rules DC-016 and DC-017."""
    return _judged(contracts, decisions)[1]


def after_the_early_end(changes: Sequence[Change]) -> dict[str, date]:
    """The changes that take effect after the contract has ended early, which move nothing. Rule DC-018."""
    ends = [change.effective_on for change in changes if change.kind == EARLY_END]
    return {
        change.decision_id: ends[0]
        for change in changes
        if ends and change.kind != EARLY_END and change.effective_on > ends[0]
    }


def with_changed_ends(contracts: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The contracts with the end date that the recorded changes that count give them."""
    changes = changes_that_count(contracts, decisions)
    ends = [
        pd.Timestamp(end_as_changed(end.date(), changes[ref])) if ref in changes and pd.notna(end) else end
        for ref, end in zip(contracts["contract_ref"], contracts["end_on"], strict=True)
    ]
    return contracts.assign(end_on=pd.Series(ends, index=contracts.index, dtype="datetime64[us]"))


def _judged(
    contracts: pd.DataFrame, decisions: pd.DataFrame
) -> tuple[dict[str, list[Change]], dict[str, Fault]]:
    """The changes that fit, and the faults of the others: the first of each contract in turn."""
    faults: dict[str, Fault] = {}
    fitting: dict[str, list[Change]] = {}
    all_recorded = recorded_by_contract(decisions)
    shown = contracts.loc[contracts["contract_ref"].isin(list(all_recorded))].reindex(columns=_READ)
    rows = {str(row["contract_ref"]): row for row in shown.to_dict("records")}
    for ref, recorded in all_recorded.items():
        while recorded and (fault := next(_faults(rows[ref], recorded), None) if ref in rows else None):
            faults[fault.decision_id] = fault
            recorded = [change for change in recorded if change.decision_id != fault.decision_id]
        if recorded:
            fitting[ref] = recorded
    return fitting, faults


def _faults(contract: Row, recorded: Sequence[Change]) -> Iterator[Fault]:
    if pd.notna(contract["start_on"]) and pd.notna(contract["end_on"]):
        yield from _faults_of_term(contract["start_on"].date(), contract["end_on"].date(), recorded)
    if pd.notna(contract["value_ex_vat_pence"]):
        yield from _faults_of_value(contract, recorded)


def _faults_of_term(start: date, shown: date, recorded: Sequence[Change]) -> Iterator[Fault]:
    """An extension begins the day after the end, an early end names it, and every change lies in the term.

    The end is the one at that time; the register shows it before the changes or after any of them, be it one
    that was corrected since.
    """
    changes = standing(recorded)
    ends = [original_end(shown, changes)]
    extended = {change.new_end_on for change in recorded if change.kind == EXTENSION}
    later = {change.new_end_on for change in recorded if change.kind != VALUE_CHANGE}
    moving = [change for change in changes if change.kind != VALUE_CHANGE]
    if moving and shown not in {ends[0], *later}:
        yield _no_such_end(moving[0], shown)
    is_over = after_the_early_end(changes)
    for change in changes:
        if change.decision_id in is_over:
            continue
        if (change.kind == EXTENSION and change.effective_on != ends[-1] + _DAY) or (
            change.kind == EARLY_END and change.old_end_on not in {*ends, *extended}
        ):
            yield _no_such_end(change, ends[-1])
        elif change.kind != EXTENSION and not start <= change.effective_on <= _end_on(
            change, changes, ends[-1]
        ):
            name = "new_end_on" if change.kind == EARLY_END else "effective_on"
            found = f"{change.effective_on}; the contract runs from {start} to {ends[-1]}"
            yield Fault("term", change.decision_id, name, found)
        if change.kind == EXTENSION and change.new_end_on is not None:
            ends.append(change.new_end_on)


def _end_on(change: Change, changes: Sequence[Change], end: date) -> date:
    """The end on the day a change takes effect, with the extension that begins on it."""
    same_day = [
        one.new_end_on for one in changes if one.effective_on == change.effective_on and one.kind == EXTENSION
    ]
    return max([end, *filter(None, same_day)])


def _no_such_end(change: Change, end: date) -> Fault:
    if change.kind == EXTENSION:
        found = f"extended from {change.effective_on}; the contract ends on {end}, so from {end + _DAY}"
        return Fault("term", change.decision_id, "effective_on", found)
    found = f"{change.old_end_on} as the end before; the contract ends on {end}"
    return Fault("term", change.decision_id, "old_end_on", found)


def _faults_of_value(contract: Row, recorded: Sequence[Change]) -> Iterator[Fault]:
    """The original value is the register's, before the changes or after any of them; all name the same."""
    changes = standing(recorded)
    original = original_pence(changes)
    if original is None:
        return
    named = [change for change in changes if change.original_pence is not None]
    values, so_far = [original], original
    register = int(contract["value_ex_vat_pence"])
    for change in changes:
        yield from _fault_of_remainder(change, max(*values, register))
        same = [one for one in recorded if (one.kind, one.effective_on) == (change.kind, change.effective_on)]
        values += [so_far + one.after_pence - one.before_pence for one in same]
        so_far += change.after_pence - change.before_pence
    shown = values_shown(contract, changes)
    if not any(_are_near(value, one) for value in values for one in shown):
        yield _other_value(named[0], register, "the register has")
    for change in named[1:]:
        if not _are_near(change.original_pence or 0, Fraction(original)):
            yield _other_value(change, original, f"decision {named[0].decision_id} has")


def _fault_of_remainder(change: Change, most: int) -> Iterator[Fault]:
    """No more is still to come than the contract was ever worth, with the tolerance of values."""
    if (
        change.kind != VALUE_CHANGE
        or change.before_pence <= most
        or _are_near(change.before_pence, Fraction(most))
    ):
        return
    found = f"{pounds_display(change.before_pence)} still to come of a contract of {pounds_display(most)}"
    yield Fault("value", change.decision_id, "value_before_pence", found)


def _other_value(change: Change, pence: int, who: str) -> Fault:
    found = (
        f"{pounds_display(change.original_pence or 0)} as the original value; {who} {pounds_display(pence)}"
    )
    return Fault("value", change.decision_id, "original_value_pence", found)


def values_shown(contract: Row, changes: Sequence[Change]) -> list[Fraction]:
    """The register's value, and what it is without the options that are not taken up."""
    value, options = int(contract["value_ex_vat_pence"]), contract["options_value_ex_vat_pence"]
    found = [Fraction(value)]
    if pd.notna(options):
        found.append(Fraction(value - int(options)))
    elif pd.notna(contract["max_end_on"]) and pd.notna(contract["start_on"]) and pd.notna(contract["end_on"]):
        start, last = contract["start_on"].date(), contract["max_end_on"].date()
        end = original_end(contract["end_on"].date(), changes)
        if start <= end < last:
            found.append(value * quarters_in(start, end) / quarters_in(start, last))
    return found


def _are_near(one: int, other: Fraction) -> bool:
    return abs(one - other) <= max(TOLERANCE * abs(other), Fraction(_POUND))
