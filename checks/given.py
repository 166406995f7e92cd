"""Frames as every rule may rely on them: rows numbered from 0, each column of its type in the dictionary.

Does not belong here: making tables (`kcc_etl.schema.frames`), judging them (`checks.runner`).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pandas as pd

from checks.rules.outcome import Inputs
from kcc_etl.schema.fields import Field
from kcc_etl.schema.frames import empty
from kcc_etl.schema.tables import TABLES

_ALIKE = {
    "text": {"string"},
    "integer": {"integer"},
    "pence": {"integer"},
    "date": {"datetime64", "datetime"},
    "boolean": {"boolean"},
}
"""What pandas calls values that are of a type, though their column is not declared so."""


def plain(inputs: Inputs) -> tuple[Inputs, dict[str, str]]:
    """The inputs with frames that rules may rely on, and why columns are withheld, by name.

    A named or repeated index would make Great Expectations fail and rows be taken for one another. A column
    of another type than the dictionary's is withheld, so that a rule that needs it could not run, for a
    comparison of unlike values may pass what is wrong; a column without any value is empty of whatever type.
    """
    withheld: dict[str, str] = {}
    frames = {name: _plain(name, frame, withheld) for name, frame in inputs.frames.items()}
    return replace(inputs, frames=frames), withheld


def _plain(name: str, frame: pd.DataFrame, withheld: dict[str, str]) -> pd.DataFrame:
    if frame.index.name is not None or not frame.index.equals(pd.RangeIndex(len(frame))):
        frame = frame.reset_index(drop=True)
    # Without a row there is no value to be mistaken.
    given = {} if frame.empty or name not in TABLES else frame.dtypes.to_dict()
    for field, dtype in _columns(name) if given else ():
        if field.name not in given or (given[field.name] == dtype and field.type != "exact"):
            continue
        column = frame[field.name]
        if column.dtype != dtype and column.isna().all():
            frame = frame.assign(**{field.name: pd.Series([None] * len(frame), dtype=dtype)})
        elif not _holds(column, field):
            frame = frame.drop(columns=field.name)
            kind = "mixed" if column.dtype == object else column.dtype
            withheld[field.name] = f"{field.name} of {name} is of type {kind}, not {field.type}"
    return frame


@cache
def _columns(name: str) -> list[tuple[Field, Any]]:
    types = empty(name).dtypes
    return [(field, types[field.name]) for field in TABLES[name].fields]


def _holds(column: pd.Series, field: Field) -> bool:
    """Whether the values are of the field's type, however the column is declared."""
    if field.type == "exact":
        return all(isinstance(value, Fraction) for value in column if not _is_missing(value))
    return pd.api.types.infer_dtype(column, skipna=True) in _ALIKE[field.type]


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value != value
