"""No row and no value is lost: what arrived, by two counts of its own, equals accepted + set aside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kcc_etl.intake.parsed import Parsed
from kcc_etl.schema import return_form as form
from tests.hostile.cases import Case
from tests.hostile.counting import all_sheets, pence_of
from tests.hostile.generated import Generated, workbook
from tests.hostile.reading import fates, read

FIRST, ALL = range(60), range(60, 500)


@pytest.mark.parametrize("seeds", [FIRST, pytest.param(ALL, marks=pytest.mark.long)], ids=["60", "440 more"])
def test_generated_workbooks_lose_no_row_and_no_value(seeds: range, tmp_path: Path) -> None:
    seen = _check(seeds, tmp_path)
    assert {
        "IN-016",
        "IN-018",
        "IN-019",
        "IN-021",
        "IN-024",
        "IN-025",
        "IN-037",
        "IN-050",
        "RT-006",
        "CR-003",
    } <= seen, "the generator plants all of these"


def _check(seeds: range, folder: Path) -> set[str]:
    rules: set[str] = set()
    for seed in seeds:
        made = workbook(seed)
        parsed = read(Case(0, str(seed), made.kind, lambda made=made: made.data), folder)
        rules |= {f.rule_id for f in parsed.findings}
        _check_sheets(made, parsed)
        if made.shape == "sheet of records":
            got = (parsed.receipt["fate"], parsed.receipt["rule_id"], parsed.receipt["rows_arrived"])
            assert got == ("quarantined", "IN-024", 0), seed
            continue
        assert parsed.receipt["fate"] == "accepted", (seed, [str(f) for f in parsed.findings])
        assert (
            len(made.rows) == len(_by_elements(made)) == parsed.receipt["rows_arrived"] == sum(fates(parsed))
        ), seed
        kept = _kept(parsed)
        for row, texts in made.planted.items():
            assert [text for text in texts if text not in kept.get(row, "")] == [], (seed, row)
        above = parsed.set_aside[parsed.set_aside["source_row"] < made.heading]
        assert set(above["rule_id"]) <= {"IN-037"}, seed
        if made.kind != "returns":
            _check_pence(made, parsed)
            _check_columns(made, parsed)
    return rules


def _check_sheets(made: Generated, parsed: Parsed) -> None:
    """Every sheet beside the first that holds something is named in a finding, hidden or not."""
    told = " ".join(str(f) for f in parsed.findings)
    assert [name for name, _, rows in all_sheets(made.data)[1:] if rows and f"'{name}'" not in told] == []


def _check_pence(made: Generated, parsed: Parsed) -> None:
    """Pence of the amounts of every row but the heading, by the elements alone."""
    rows = _first_sheet(made)
    place = next(place for place, title in rows[made.heading].items() if "£" in title)
    pence = sum(pence_of(cells.get(place, "")) for row, cells in rows.items() if row != made.heading)
    money = "value_ex_vat_pence" if made.kind == "register" else "amount_ex_vat_pence"
    kept = int(parsed.rows[money].sum()) + int(parsed.set_aside["amount_pence"].fillna(0).sum())
    assert pence == parsed.receipt["pence_arrived"] == kept, made.seed


def _check_columns(made: Generated, parsed: Parsed) -> None:
    """Every column that holds something beside the fields is listed, or counted among those that follow."""
    rows = _first_sheet(made)
    beside = {place for row, cells in rows.items() if row > made.heading for place in cells} - made.fields
    listed = [f.found for f in parsed.findings if f.rule_id == "IN-050"]
    assert len(listed) == bool(beside), made.seed
    for found in listed:
        shown, _, more = found.partition(" and ")
        assert len(shown.split(", ")) + int(more.split()[0] if more else 0) == len(beside), made.seed


def _first_sheet(made: Generated) -> dict[int, dict[int, str]]:
    return all_sheets(made.data)[0][2]


def _by_elements(made: Generated) -> list[int]:
    rows = _first_sheet(made)
    if made.kind == "returns":
        return [r for r, cells in rows.items() if r >= form.FIRST_LINE_ROW and set(cells) & {3, 4, 5, 6, 7}]
    return [row for row in rows if row != made.heading]


def _kept(parsed: Parsed) -> dict[int, str]:
    """Everything that is kept of each row, accepted or set aside."""
    kept: dict[int, str] = {}
    for row in parsed.rows.to_dict("records"):
        kept[int(row["source_row"])] = " | ".join(str(value) for value in row.values())
    for row in parsed.set_aside.to_dict("records"):
        kept[int(row["source_row"])] = " | ".join(map(str, json.loads(row["row_json"]).values()))
    return kept
