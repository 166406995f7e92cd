"""No row and no value is lost: what arrived, by two counts of its own, equals accepted + set aside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kcc_etl.intake.parsed import Parsed
from kcc_etl.schema import return_form as form
from tests.hostile.cases import Case
from tests.hostile.counting import sheet_rows
from tests.hostile.generated import Generated, workbook
from tests.hostile.reading import fates, read

FIRST, ALL = range(60), range(60, 500)


@pytest.mark.parametrize("seeds", [FIRST, pytest.param(ALL, marks=pytest.mark.long)], ids=["60", "440 more"])
def test_generated_workbooks_lose_no_row_and_no_value(seeds: range, tmp_path: Path) -> None:
    seen = _check(seeds, tmp_path)
    assert {"IN-016", "IN-018", "IN-019", "IN-021", "RT-006", "CR-003"} <= seen, (
        "the generator plants all of these"
    )


def _check(seeds: range, folder: Path) -> set[str]:
    rules: set[str] = set()
    for seed in seeds:
        made = workbook(seed)
        parsed = read(Case(0, str(seed), made.kind, lambda made=made: made.data), folder)
        rules |= {f.rule_id for f in parsed.findings}
        assert parsed.receipt["fate"] == "accepted", (seed, [str(f) for f in parsed.findings])
        assert (
            len(made.rows) == len(_by_elements(made)) == parsed.receipt["rows_arrived"] == sum(fates(parsed))
        ), seed
        kept = _kept(parsed)
        for row, texts in made.planted.items():
            assert [text for text in texts if text not in kept.get(row, "")] == [], (seed, row)
    return rules


def _by_elements(made: Generated) -> list[int]:
    rows = sheet_rows(made.data)
    if made.kind == "returns":
        return [r for r, cells in rows.items() if r >= form.FIRST_LINE_ROW and set(cells) & {3, 4, 5, 6, 7}]
    width = range(max(rows[1]) + 1)
    return [row for row, cells in rows.items() if row > 1 and set(cells) & set(width)]


def _kept(parsed: Parsed) -> dict[int, str]:
    """Everything that is kept of each row, accepted or set aside."""
    kept: dict[int, str] = {}
    for row in parsed.rows.to_dict("records"):
        kept[int(row["source_row"])] = " | ".join(str(value) for value in row.values())
    for row in parsed.set_aside.to_dict("records"):
        kept[int(row["source_row"])] = " | ".join(map(str, json.loads(row["row_json"]).values()))
    return kept
