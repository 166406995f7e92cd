"""Values of the warehouse as a person reads them, and as JSON has them.

Does not belong here: what is said about them (`explained`, `steps`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.money import number_display, pounds_display, quantity_display

_PLACES = 6
_NONE = "–"


def text(value: object) -> str:
    """A text, or that it is not given."""
    return value if isinstance(value, str) and value.strip() else "not given"


def yes(value: Any) -> str:
    """Yes or no, or that it is not given."""
    return "not given" if pd.isna(value) else "yes" if value else "no"


def day(value: Any) -> str:
    """A day, or that it is not given."""
    return "not given" if pd.isna(value) else value.date().isoformat()


def pence(value: Any) -> str:
    """An amount in pounds, or that it is not given."""
    return "not given" if pd.isna(value) else pounds_display(int(value))


def number(value: Any, places: int = _PLACES) -> str:
    """A number with three dots where it goes on; a dash for none."""
    return _NONE if pd.isna(value) else number_display(value, places) + _rest(value, places)


def quantity(value: Any, unit: object, places: int = _PLACES) -> str:
    """A quantity with its unit, three dots behind a number that goes on; a dash for none."""
    if pd.isna(value):
        return _NONE
    plain = number_display(value, places)
    return quantity_display(value, str(unit), places).replace(plain, plain + _rest(value, places), 1)


def plainly(value: Any) -> object:
    """A value for JSON; exact quantities as fractions in text, such as `6/5`."""
    if isinstance(value, Fraction):
        return str(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value


def _rest(value: Any, places: int) -> str:
    return "" if (value * 10**places).denominator == 1 else "…"
