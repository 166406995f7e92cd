"""What a pure rule is given and what it answers.

Does not belong here: the rules, verdicts and findings made of the answers (`checks.runner`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kcc_etl.parameters.model import Parameters


@dataclass(frozen=True)
class Inputs:
    """What rules are judged on: frames by table name, the day spoken about, the parameters.

    `periods` is the quarter that each table is booked to hold, which a table without rows does not say.
    The runner hands every rule frames with rows numbered from 0 and columns of the dictionary's types.
    """

    frames: Mapping[str, pd.DataFrame]
    as_of: date
    parameters: Parameters
    periods: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a rule says of each row: True fine, False at fault, missing where the rule does not apply.

    `ok` has one value a row of the table `on` (the rule's own table when empty), in the order of its rows and
    on its index, or one value in all when the rule is about the `whole` table. `found`, `field` and `subject`
    replace the value, the column and the key that a finding would otherwise show; they are on the same index,
    and need not be there but for rows at fault. `reason` says why nothing applied.
    """

    ok: pd.Series
    on: str = ""
    whole: bool = False
    found: pd.Series | None = None
    field: pd.Series | None = None
    subject: pd.Series | None = None
    reason: str = ""


Judge = Callable[[Inputs], Outcome]


def judged(fine: pd.Series, applies: pd.Series) -> pd.Series:
    """`fine` where the rule applies, missing elsewhere. A comparison with a missing value does not apply."""
    return fine.astype("boolean").where(applies.fillna(False).astype(bool), pd.NA)


def booked(inputs: Inputs, table: str) -> str:
    """The quarter that a table is booked to hold, or else that its first row names; empty for none."""
    return inputs.periods.get(table) or next(iter(inputs.frames[table]["period"].dropna()), "")


def rows(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The values of some columns, row by row, as Python values."""
    return frame[list(columns)].itertuples(index=False, name=None)


def of_whole(fine: bool | None, found: str, reason: str = "") -> Outcome:
    """The outcome of a rule about the whole table; None when it does not apply."""
    return Outcome(pd.Series([fine], dtype="boolean"), whole=True, found=pd.Series([found]), reason=reason)


def of_contract(rows_of: pd.DataFrame, contracts: pd.DataFrame, column: str) -> pd.Series:
    """A column of the contract that each row names, of its own type; missing where no contract is named.

    Of a contract that is there twice, the first row counts.
    """
    once = contracts.drop_duplicates("contract_ref")
    numbers, refs = pd.factorize(rows_of["contract_ref"])
    # Each reference is looked up once; -1, for none, finds the last place, which holds nothing.
    places = np.append(pd.Index(once["contract_ref"]).get_indexer(refs), -1)[numbers]
    return pd.Series(once[column].array.take(places, allow_fill=True), index=rows_of.index)
