"""Hazards 12 and 26: returns of several quarters in other units, or added up since the contract began."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from checks.rules.outcome import Inputs
from checks.rules.quantities import quantities_are_of_their_quarter, quantity_is_in_its_unit
from kcc_etl import asset_keys as keys
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty
from tests.hostile import bases
from tests.hostile.cases import Case
from tests.hostile.reading import read

QUARTERS = ("2025-26-Q3", "2025-26-Q4", "2026-27-Q1", "2026-27-Q2")
HALF = Fraction(1, 2)
Factors = tuple[Fraction | int, ...]


@dataclass(frozen=True)
class Series:
    """Returns of quarters one after another: factors of the five quantities, and the measures or quarters at fault."""

    name: str
    quarters: tuple[Factors, ...]
    units: tuple[str, ...] = ()
    added_up: tuple[str, ...] = ()


SERIES = (
    Series("the same every quarter", ((1, 1, 1, 1, 1),) * 4),
    Series("up and down", ((1, 2, 1, 3, 1), (2, 1, 3, 1, 2), (1, 3, 1, 2, 1), (3, 1, 2, 1, 3))),
    Series("twice as busy once", ((2, 2, 2, 2, 2), (4, 1, 3, 1, 2), (1, 1, 1, 1, 1), (2, 2, 2, 1, 1))),
    Series("nothing in one quarter", ((1, 1, 1, 1, 1), (0, 0, 0, 0, 0), (1, 1, 1, 1, 1))),
    Series("winding down", ((8, 8, 8, 8, 8), (4, 4, 4, 4, 4), (2, 2, 2, 2, 2), (1, 1, 1, 1, 1))),
    Series("one measure in minutes", ((1, 1, 1, 1, 1), (60, 1, 1, 1, 1)), units=("S5",)),
    Series("pounds in pence", ((1, 1, 1, 1, 1), (1, 1, 1, 100, 1)), units=("C3",)),
    Series("pounds in thousands", ((1, 1, 1, 1, 1), (1, 1, 1, Fraction(1, 1000), 1)), units=("C3",)),
    Series("in thousands of hours", ((1, 1, 1, 1, 1), (1, 1000, 1, 1, 1)), units=("C1",)),
    Series("two measures at once", ((1, 1, 1, 1, 1), (100, 1, 1, 100, 1)), units=("C3", "S5")),
    Series("every quarter the sum so far", tuple((n, n, n, n, n) for n in (1, 2, 3, 4)), added_up=("2025-26-Q4", "2026-27-Q1", "2026-27-Q2")),
    Series("sums from the third quarter", ((1, 1, 1, 1, 1), (1, 1, 1, 1, 1), (3, 3, 3, 3, 3)), added_up=("2026-27-Q1",)),
    Series("uneven work added up", ((1, 2, 1, 2, 1), (3, 4, 2, 5, 2), (5, 6, 5, 7, 4)), added_up=("2025-26-Q4", "2026-27-Q1")),
    Series("three measures added up", ((1, 1, 1, 0, 0), (2, 2, 2, 0, 0), (3, 3, 3, 0, 0)), added_up=("2025-26-Q4", "2026-27-Q1")),
    Series("sums of little growth", ((4, 4, 4, 4, 4), (8, 7, 9, 8, 7), (9, 8, 10, 9, 8)), added_up=("2025-26-Q4", "2026-27-Q1")),
)  # fmt: skip


@pytest.mark.parametrize("series", SERIES, ids=[series.name for series in SERIES])
def test_units_and_sums_are_told_and_honest_quarters_are_not(series: Series, tmp_path: Path) -> None:
    claims = _claims(series, tmp_path)
    unknown = {name: empty(name) for name in (keys.CORE_CONTRACT, keys.CORE_DECISION)}
    inputs = Inputs({keys.CORE_CLAIM: claims, **unknown}, bases.LANDED_ON, load_parameters())
    units = claims[(quantity_is_in_its_unit(inputs).ok == False).fillna(False)]  # noqa: E712
    sums = claims[(quantities_are_of_their_quarter(inputs).ok == False).fillna(False)]  # noqa: E712
    assert tuple(sorted(set(units["measure_code"]))) == series.units
    assert tuple(sorted(set(sums["period"]))) == series.added_up


def _claims(series: Series, folder: Path) -> pd.DataFrame:
    frames = []
    for quarter, factors in zip(QUARTERS, series.quarters, strict=False):
        data = bases.quarter_return(quarter, factors)
        parsed = read(
            Case(26, quarter, "returns", lambda data=data: data, file=f"{quarter}/return.xlsx"), folder
        )
        assert len(parsed.rows) == sum(map(bool, factors))
        frames.append(parsed.rows)
    return pd.concat(frames, ignore_index=True)
