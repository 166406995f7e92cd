"""What a pure rule is given and what it answers.

Does not belong here: the rules, verdicts and findings made of the answers (`checks.runner`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kcc_etl.parameters.model import Parameters


@dataclass(frozen=True)
class Inputs:
    """What rules are judged on: frames by table name, the day spoken about, the parameters."""

    frames: Mapping[str, pd.DataFrame]
    as_of: date
    parameters: Parameters


@dataclass(frozen=True)
class Outcome:
    """What a rule says of each row: True fine, False at fault, missing where the rule does not apply.

    `ok` has one value a row of the table `on` (the rule's own table when empty), or one value in all when
    the rule is about the `whole` table. `found`, `field` and `subject`, by row, replace the value, the column
    and the key that a finding would otherwise show. `reason` says why nothing applied.
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
    once = contracts.drop_duplicates("contract_ref").set_index("contract_ref")[column]
    found = once.reindex(rows_of["contract_ref"])
    return found.set_axis(rows_of.index)
