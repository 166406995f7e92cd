"""Changes of contracts that officers have recorded, in order: value, extension, early end.

Does not belong here: milestones (`milestones`), which changes fit their contract and so count
(`counted_changes`), what a change does to a target (`unfolded`), cells that cannot be read (intake). Changes
that public notices tell of are compared with the register (`disagreements`) and never applied by themselves.

A register shows a contract as it stands, before or after it was brought up to date. A change therefore names
the value the first target was calculated with, and where it ends a contract early, the end before it, so that
the figures are the same whichever the register shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.decisions import in_order

VALUE_CHANGE, EXTENSION, EARLY_END, MILESTONE = "value change", "extension", "early end", "milestone"
KINDS = (VALUE_CHANGE, EXTENSION, EARLY_END, MILESTONE)

_OF_ONE_DAY = (VALUE_CHANGE, EXTENSION, EARLY_END)
"""The order of changes that take effect on one day, whatever the order they were decided in."""

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Change:
    """One change of a contract, with what its kind needs; pence excluding VAT.

    `before_pence` and `after_pence` are the remaining value of a value change, the value without and with an
    extension. `effective_on` is the first day that differs, of an early end the last day of the contract.
    """

    kind: str
    effective_on: date
    decision_id: str
    original_pence: int | None = None
    before_pence: int = 0
    after_pence: int = 0
    old_end_on: date | None = None
    new_end_on: date | None = None
    decided_on: date = date.min

    @property
    def ratio(self) -> Fraction:
        """Remaining value, new to old."""
        return Fraction(self.after_pence, self.before_pence)

    @property
    def share(self) -> Fraction:
        """Value of the extension as a share of the original value."""
        return Fraction(self.after_pence - self.before_pence, self.original_pence or 1)


def recorded_by_contract(decisions: pd.DataFrame) -> dict[str, list[Change]]:
    """Every change of each contract, corrected or not, in the order they were decided."""
    found: dict[str, list[Change]] = {}
    for row in _in_order(decisions[decisions["decision_kind"].isin(_OF_ONE_DAY)]):
        found.setdefault(str(row["subject"]), []).append(_change(row))
    return found


def standing(recorded: Iterable[Change]) -> tuple[Change, ...]:
    """The changes of one contract that stand, in the order they take effect; `recorded` is as decided.

    Of two decisions on the same kind of change from the same day the last one stands, and of early ends the
    last of all, for a later decision corrects.
    """
    last = {
        (change.kind, None if change.kind == EARLY_END else change.effective_on): change
        for change in recorded
    }
    return tuple(sorted(last.values(), key=_place))


def original_pence(changes: Sequence[Change]) -> int | None:
    """The value the first target was calculated with, as the first change that names it has it."""
    named = [change.original_pence for change in changes if change.original_pence is not None]
    return named[0] if named else None


def original_end(end_on: date, changes: Sequence[Change]) -> date:
    """The last day of a contract before any change, from the end date that the register shows."""
    extensions = [change.effective_on for change in changes if change.kind == EXTENSION]
    early = [change.old_end_on for change in changes if change.kind == EARLY_END]
    if extensions:
        before = extensions[0] - timedelta(days=1)
        return before if early else min(before, end_on)
    return early[0] if early and early[0] is not None else end_on


def end_as_changed(end_on: date, changes: Sequence[Change]) -> date:
    """The last day of a contract after every change, from the end date that the register shows."""
    return end_after(original_end(end_on, changes), changes)


def end_after(original_end_on: date, changes: Sequence[Change]) -> date:
    """The last day of a contract after some of its changes, from the end before any."""
    last = original_end_on
    for change in changes:
        if change.kind == EXTENSION and change.new_end_on is not None:
            last = max(last, change.new_end_on)
    for change in changes:
        if change.kind == EARLY_END and change.new_end_on is not None:
            last = min(last, change.new_end_on)
    return last


def _in_order(decisions: pd.DataFrame) -> list[dict[Any, Any]]:
    return in_order(decisions).to_dict("records")


def _change(row: Row) -> Change:
    old_end, new_end = _day(row["old_end_on"]), _day(row["new_end_on"])
    kind = str(row["decision_kind"])
    effective = new_end if kind == EARLY_END else _day(row["effective_on"])
    if effective is None:
        raise ValueError(f"The {kind} {row['decision_id']} has no day; intake lets none such through.")
    original = row["original_value_pence"]
    return Change(
        kind=kind,
        effective_on=effective,
        decision_id=str(row["decision_id"]),
        original_pence=None if pd.isna(original) else int(original),
        before_pence=_pence(row["value_before_pence"]),
        after_pence=_pence(row["value_after_pence"]),
        old_end_on=old_end,
        new_end_on=new_end,
        decided_on=row["decided_on"].date(),
    )


def _place(change: Change) -> tuple[date, int]:
    return change.effective_on, _OF_ONE_DAY.index(change.kind)


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else value.date()


def _pence(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)
