"""Officers' decisions in order: which are known on a day, and which of several about one thing stands.

Does not belong here: which decisions count at all (`core`), what a decision does to a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

Row = Mapping[Any, Any]
_PLACE = ["source_name", "source_file", "source_sheet", "source_row"]


def first_of_number(decisions: pd.DataFrame) -> pd.DataFrame:
    """Decisions as they arrived, without those whose number was used before. Rule DC-005."""
    return decisions.sort_values(_PLACE, kind="stable").drop_duplicates("decision_id")


def decisions_known(decisions: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The decisions made by the end of the day the figures speak about; a later one does not count yet."""
    known = (decisions["decided_on"] <= pd.Timestamp(as_of)).fillna(False).astype(bool)
    return decisions[known].reset_index(drop=True)


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
    ordered = of_kind.sort_values(["decided_on", "decision_id"], kind="stable")
    for row in ordered.to_dict("records"):
        found.setdefault(tuple(row[name] for name in about), []).append(row)
    return found
