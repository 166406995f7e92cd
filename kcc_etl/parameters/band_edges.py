"""Bands as they are written: from nothing upward, without gap or overlap, none twice.

Does not belong here: types and limits of single figures (`toml_reader`), the bands as values (`model`).

The figures are taken as the file gives them, so that a fault elsewhere in the table does not hide a gap.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from kcc_etl.parameters.consistency import check_unique
from kcc_etl.parameters.toml_reader import Faults

Row = Mapping[str, Any]


def check_bands(data: Mapping[str, object], faults: Faults) -> None:
    """Record every way in which the bands of an edition do not cover all values once."""
    table = data.get("bands")
    rows = table.get("band") if isinstance(table, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return
    if not rows:
        faults.add("bands.band", "has no band. Expected at least one, from 0 pence")
        return
    for place, row in enumerate(rows, start=1):
        for key, sentence in _alone(row):
            faults.add(f"bands.band[{place}].{key}", sentence)
    for place, (lower, upper) in enumerate(itertools.pairwise(rows), start=1):
        for number, key, sentence in _between(lower, upper, place):
            faults.add(f"bands.band[{number}].{key}", sentence)
    first = _number(rows[0], "from_pence")
    if first not in (0, None):
        faults.add("bands.band[1].from_pence", f"is {first}. Expected 0")
    if "below_pence" in rows[-1]:
        faults.add(f"bands.band[{len(rows)}].below_pence", "closes the highest band. Expected no such key")
    check_unique("bands.band", [str(row.get("code")) for row in rows], faults, ".code")


def _alone(row: Row) -> Iterator[tuple[str, str]]:
    starts, ends = _number(row, "from_pence"), _number(row, "below_pence")
    if starts is not None and ends is not None and ends <= starts:
        yield "below_pence", f"is {ends}. Expected more than from_pence"
    fewest, most = _number(row, "min_employment"), _number(row, "max_measures")
    if fewest is not None and most is not None and fewest > most:
        yield "min_employment", "is more than max_measures"


def _between(lower: Row, upper: Row, place: int) -> Iterator[tuple[int, str, str]]:
    if "below_pence" not in lower:
        yield place, "below_pence", "is missing although another band follows"
    ends, starts = _number(lower, "below_pence"), _number(upper, "from_pence")
    if ends is None or starts is None or ends == starts:
        return
    what = "overlaps" if ends > starts else "leaves a gap after"
    yield place + 1, "from_pence", f"{what} {lower.get('code')}, ending at {ends}"


def _number(row: Row, key: str) -> int | None:
    value = row.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
