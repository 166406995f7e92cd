"""Which final packs the duties are told of, and which counts were published, from the folder of publications."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.seen_counts import SeenBefore
from reports.published_packs import counts_published, packs_published

TODAY = date(2026, 11, 23)


def put(folder: Path, period: str, number: int, on: str, totals: dict[str, object]) -> Path:
    place = folder / "versions" / period / f"v{number}"
    place.mkdir(parents=True)
    told = {"figures": "f", "as_of": on, "known_at": on, "version": number, "totals": totals}
    (place / "manifest.json").write_text(json.dumps(told))
    return place


def test_every_final_version_is_told_with_its_day_and_what_it_holds(tmp_path: Path) -> None:
    put(tmp_path, "2026-27-Q2", 1, "2026-10-20", {"spend-over-500": {}, "social-value-districts": {}})
    put(tmp_path, "2026-27-Q2", 2, "2026-11-20", {"spend-over-500": {}, "of-a-later-program": {}})
    put(tmp_path, "2026-27-H1", 1, "2026-11-21", {})
    found = packs_published(tmp_path, TODAY, TODAY)
    assert [(pack.done.by, str(pack.on)) for pack in found] == [
        ("publication 2026-27-H1 version 1", "2026-11-21"),
        ("publication 2026-27-Q2 version 1", "2026-10-20"),
        ("publication 2026-27-Q2 version 2", "2026-11-20"),
    ]
    assert found[1].period == parse_period("2026-27-Q2")
    assert keys.OUT_SPEND in found[1].tables
    assert found[2].tables == {keys.OUT_SPEND}


def test_a_look_back_knows_no_later_version(tmp_path: Path) -> None:
    put(tmp_path, "2026-27-Q2", 1, "2026-10-20", {})
    assert len(packs_published(tmp_path, date(2026, 10, 20), date(2026, 10, 20))) == 1
    assert packs_published(tmp_path, date(2026, 10, 19), TODAY) == ()
    assert packs_published(tmp_path, TODAY, date(2026, 10, 19)) == ()


def test_without_publications_and_with_damaged_ones_nothing_is_told(tmp_path: Path) -> None:
    assert packs_published(tmp_path / "none", TODAY, TODAY) == ()
    (put(tmp_path, "2026-27-Q1", 1, "2026-07-20", {}) / "manifest.json").write_text("{")
    put(tmp_path, "2026-27-Q2", 1, "2026-10-20", {})
    (tmp_path / "versions" / "before").mkdir()
    assert [pack.period.id for pack in packs_published(tmp_path, TODAY, TODAY)] == ["2026-27-Q2"]


def test_a_period_with_a_version_that_cannot_be_read_may_have_shown_anything(tmp_path: Path) -> None:
    """Issue 6: a half may have shown what its last quarter leaves out."""
    (put(tmp_path, "2026-27-H1", 1, "2026-10-20", {}) / "manifest.json").write_text("{")
    [seen] = counts_published(tmp_path, TODAY, TODAY)
    assert (seen.period.id, seen.performance, seen.districts) == ("2026-27-H1", None, None)
    [doubt] = SeenBefore((seen,)).of_lines(parse_period("2026-27-Q2"), "S1", {"C-1": (Fraction(9),)})
    assert doubt.left_out == {"C-1"}
