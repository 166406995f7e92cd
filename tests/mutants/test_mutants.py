"""Defects planted in clean tables: nearly all are caught by the rule that is named, and clean rows are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.harness import run

OVER_TIME = ("CR-040", "CR-041", "CR-042", "SP-045", "SP-046", "SP-050", "DC-038", "DC-039")
"""What honest months must never set off: contracts that ended go, and lines and months are added."""
pytestmark = pytest.mark.mutants


def test_defects_are_caught_by_their_rule_and_clean_rows_are_left_alone(tmp_path: Path) -> None:
    score = run(tmp_path)
    print(f"\n{score}")
    assert len(score.planted) >= 300
    assert len({(each.rule, each.kind) for each in score.planted}) >= 60
    assert min(score.first.rows, score.later.rows) >= 20_000
    assert score.caught_share >= 0.99, score.missed
    assert score.first.alarm_share <= 0.005, score.first.alarms[:10]
    assert score.later.alarm_share <= 0.005, score.later.alarms[:10]
    assert not {*OVER_TIME} & {each.rule for each in score.later.alarms}
    assert score.later.compared.keys() >= {"compared", "month"}, "nothing is compared in the later night"
