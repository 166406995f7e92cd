"""Catalogue against code: every rule judged exactly once, every column known, every name usable."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from checks.asset_checks import READS, build_checks, rules_shown
from checks.registry import checked_tables, judges, suites
from kcc_etl.domain.places import PLACES
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import KINDS, TABLES

ROOT = Path(__file__).parents[2]
CHECK_STAGE = sorted(rule.id for rule in RULES.values() if rule.stage == "check")
EARLIER = sorted(rule.id for rule in RULES.values() if rule.stage != "check")


def sources(*folders: str) -> str:
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_every_check_stage_rule_is_judged_by_one_suite_or_one_function() -> None:
    judged = Counter([*judges(), *{e.rule_id for suite in suites().values() for e in suite}])
    assert sorted(judged) == CHECK_STAGE
    assert set(judged.values()) == {1}


@pytest.mark.parametrize("rule_id", EARLIER)
def test_every_rule_of_intake_and_core_is_named_where_rows_and_files_are_taken_in(rule_id: str) -> None:
    assert re.search(rf'"{rule_id}"', sources("kcc_etl/intake", "kcc_etl/domain", "assets"))


def test_the_field_of_a_rule_is_a_column_of_its_table() -> None:
    for rule in RULES.values():
        assert rule.table in TABLES, rule.id
        assert not rule.field or rule.field in TABLES[rule.table].columns, rule.id


def test_the_districts_of_the_suite_are_those_of_the_county() -> None:
    (districts,) = [e for suite in suites().values() for e in suite if e.rule_id == "CR-013"]
    assert districts.kwargs["value_set"] == list(PLACES)


def test_a_check_stage_rule_blocks_if_and_only_if_it_is_critical() -> None:
    for rule_id in CHECK_STAGE:
        assert (RULES[rule_id].effect == "block") == (RULES[rule_id].severity == "critical"), rule_id


def test_every_judge_is_documented_with_its_rule_and_a_source() -> None:
    for rule_id, function in judges().items():
        doc = (function.func if hasattr(function, "func") else function).__doc__ or ""
        assert rule_id in doc, rule_id
        assert "Source:" in doc, rule_id


def test_the_tables_a_check_reads_are_tables_of_the_dictionary() -> None:
    for table, others in READS.items():
        assert table in checked_tables()
        assert set(others) <= set(TABLES)


def test_every_rule_that_makes_findings_or_verdicts_is_an_asset_check_once() -> None:
    specs = [spec for check in build_checks() for spec in check.check_specs]
    assert len({spec.key for spec in specs}) == len(specs)
    shown = Counter(str(spec.metadata["rule"]) for spec in specs)
    stages = [rule.id for stage in ("intake", "core") for kind in KINDS for rule in rules_shown(stage, kind)]
    assert shown == Counter([*CHECK_STAGE, *stages])
    silent = {i for i in EARLIER if i not in shown}
    assert {RULES[i].effect for i in silent} <= {"exclude"}


def test_an_asset_check_blocks_exactly_where_its_rule_does() -> None:
    for check in build_checks():
        for spec in check.check_specs:
            blocks = RULES[str(spec.metadata["rule"])].effect == "block"
            assert ("Shuts publication" in str(spec.description)) == blocks
            assert not spec.blocking, "the gate shuts publication, so that a night tells everything at once"
