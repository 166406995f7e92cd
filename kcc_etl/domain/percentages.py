"""Percentages stay between nothing and the whole, whoever states them.

Does not belong here: shares of policy itself (`kcc_etl.parameters`), attribution (`kcc_etl.intake.returns`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.changes import MILESTONE
from kcc_etl.domain.commitments import COMMITMENT
from kcc_etl.domain.money import number_display
from kcc_etl.domain.overrides import OVERRIDE
from kcc_etl.parameters.measures import Measure

Row = Mapping[Any, Any]

_PLANNING = (COMMITMENT, OVERRIDE, MILESTONE)
"""Decisions that state what is to be delivered."""
_WHOLE = 100


def percentage_codes(measures: Collection[Measure]) -> frozenset[str]:
    """The measures whose unit is %."""
    return frozenset(measure.code for measure in measures if measure.unit == "%")


def beyond(rows: pd.DataFrame, quantity: str, percentages: Collection[str]) -> pd.Series:
    """Which rows state a percentage below 0 or above 100 in the column `quantity`. Rule RT-040."""
    pairs = zip(rows["measure_code"], rows[quantity], strict=True)
    found = [code in percentages and _is_beyond(stated) for code, stated in pairs]
    return pd.Series(found, index=rows.index, dtype=bool)


def planned_beyond(decisions: pd.DataFrame, percentages: Collection[str]) -> pd.Series:
    """Which decisions plan a percentage below 0 or above 100. Rule DC-035."""
    return beyond(decisions, "quantity", percentages) & decisions["decision_kind"].isin(_PLANNING)


def plans_beyond(decision: Row, percentages: Collection[str]) -> bool:
    """Whether one decision does."""
    planned = decision["decision_kind"] in _PLANNING and decision["measure_code"] in percentages
    return planned and _is_beyond(decision["quantity"])


def as_percentages(quantities: pd.Series) -> pd.Series:
    """The quantities as a message shows them."""
    return quantities.map(as_percentage)


def as_percentage(quantity: object) -> str:
    """One of them; empty where there is none."""
    return f"{number_display(quantity)}%" if isinstance(quantity, Fraction) else ""


def _is_beyond(quantity: object) -> bool:
    return isinstance(quantity, Fraction) and not 0 <= quantity <= _WHOLE
