"""Catalogue against code: every check-stage rule judged exactly once, every column known, every name usable.

Rules of intake and core are judged where rows are read and joined: that each of them fires is held by
`test_every_rule_of_intake_and_core_has_a_message_here` in `tests/hostile/test_messages.py`, on real files.
"""

from __future__ import annotations

from collections import Counter

from checks.asset_checks import build_checks, rules_shown
from checks.registry import checked_tables, judges, suites
from kcc_etl.asset_keys import PACK_INPUTS
from kcc_etl.domain.places import PLACES
from kcc_etl.schema.reads import READS
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import KINDS, TABLES

CHECK_STAGE = sorted(rule.id for rule in RULES.values() if rule.stage == "check")
EARLIER = sorted(rule.id for rule in RULES.values() if rule.stage != "check")


def test_every_check_stage_rule_is_judged_by_one_suite_or_one_function() -> None:
    judged = Counter([*judges(), *{e.rule_id for suite in suites().values() for e in suite}])
    assert sorted(judged) == CHECK_STAGE
    assert set(judged.values()) == {1}


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


def test_the_gate_asks_for_every_table_that_has_rules_of_its_own() -> None:
    """A critical rule on a table that is not asked shuts nothing; nor does one there that could not run."""
    assert set(PACK_INPUTS) == {RULES[rule_id].table for rule_id in CHECK_STAGE}
    assert len(set(PACK_INPUTS)) == len(PACK_INPUTS)


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
