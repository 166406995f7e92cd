"""Officers' decisions in order: which are known on a day, and which of several about one thing stands.

Does not belong here: which decisions count at all (`core`), what a decision does to a figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

Row = Mapping[Any, Any]
_DIGITS = re.compile("([0-9]+)")
_PLACE = ["source_name", "source_file", "source_sheet", "source_row"]

FOR_A_TIME = ("clearance", "reviewed text", "withholding", "sign-off", "compliance approval")
"""Kinds of decision on what is published. They count from the day they take effect, else the day they were
made, to the last day they hold, if they give one."""


def first_of_number(decisions: pd.DataFrame) -> pd.DataFrame:
    """Decisions as they arrived, without those whose number was used before. Rule DC-005."""
    return decisions.sort_values(_PLACE, kind="stable").drop_duplicates("decision_id")


def decisions_known(decisions: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The decisions made by the end of the day the figures speak about; a later one does not count yet.

    One on what is published (`FOR_A_TIME`) counts on no day before it takes effect or after it expires.
    """
    day = pd.Timestamp(as_of)
    known = (decisions["decided_on"] <= day).fillna(False).astype(bool)
    begun = ~(decisions["effective_on"] > day).fillna(False).astype(bool)
    over = (decisions["expires_on"] < day).fillna(False).astype(bool)
    counts = known & (~decisions["decision_kind"].isin(FOR_A_TIME) | (begun & ~over))
    return decisions[counts].reset_index(drop=True)


def in_order(decisions: pd.DataFrame) -> pd.DataFrame:
    """Decisions in the order they were decided, of one day by their numbers: O-9 comes before O-10."""
    numbers = sorted({str(number) for number in decisions["decision_id"]}, key=number_order)
    places = {number: place for place, number in enumerate(numbers)}
    return decisions.sort_values(
        ["decided_on", "decision_id"],
        kind="stable",
        key=lambda column: column.map(lambda n: places[str(n)]) if column.name == "decision_id" else column,
    )


def number_order(number: str) -> tuple[tuple[str | int, ...], str]:
    """What decision numbers are compared by: digits in them as a number, the rest as text."""
    parts = _DIGITS.split(number)
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), number


def decided(
    decisions: pd.DataFrame, kind: str, about: tuple[str, ...], *, states: str = "quantity"
) -> dict[tuple[Any, ...], list[Row]]:
    """Decisions of one kind by what they are `about`, in the order they were decided.

    `about` names columns, all of which must be filled, as must be the one that the kind `states`. Of one day
    the highest decision number is the last, and the last decision stands.
    """
    of_kind = decisions[
        (decisions["decision_kind"] == kind) & decisions[[states, *about]].notna().all(axis="columns")
    ]
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in in_order(of_kind).to_dict("records"):
        found.setdefault(tuple(row[name] for name in about), []).append(row)
    return found
