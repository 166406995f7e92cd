"""Officers' decisions in order: which are known on a day, and which of several about one thing stands.

Does not belong here: which decisions count at all (`core`), what a decision does to a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

Row = Mapping[Any, Any]


def decisions_known(decisions: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The decisions made by the end of the day the figures speak about; a later one does not count yet."""
    known = (decisions["decided_on"] <= pd.Timestamp(as_of)).fillna(False).astype(bool)
    return decisions[known].reset_index(drop=True)


def decided(decisions: pd.DataFrame, kind: str, about: tuple[str, ...]) -> dict[tuple[Any, ...], list[Row]]:
    """Decisions of one kind with a quantity, by what they are `about`, in the order they were decided.

    `about` names columns, all of which must be filled. Of one day the highest decision number is the last,
    and the last decision stands.
    """
    of_kind = decisions[
        (decisions["decision_kind"] == kind) & decisions[["quantity", *about]].notna().all(axis="columns")
    ]
    found: dict[tuple[Any, ...], list[Row]] = {}
    ordered = of_kind.sort_values(["decided_on", "decision_id"], kind="stable")
    for row in ordered.to_dict("records"):
        found.setdefault(tuple(row[name] for name in about), []).append(row)
    return found
