"""What changed between two sets of parameters, and which change is material."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from fractions import Fraction

import pytest

from kcc_etl.domain.asked import COMPLEXITY_QUESTIONS, RISK_QUESTIONS
from kcc_etl.exceptions import ParameterError
from kcc_etl.parameters.differences import differences
from kcc_etl.parameters.entries import entries_beside_editions, entries_of_edition, shown
from kcc_etl.parameters.load import load_parameters, parameters_of, shipped_texts
from kcc_etl.parameters.model import Parameters

SHIPPED = load_parameters()
POLICY, MEASURES, LAW, RULES = "policy-2026.toml", "measures.toml", "statutory.toml", "materiality.toml"
PROXIES = """[proxies]
source = "the council's own survey"
status = "assumption"
approved_by = ""
effective_from = 2026-01-01

[proxies.pounds]
C1 = "15.5"
"""


def changed(name: str, *changes: tuple[str, str], under: str = "") -> Parameters:
    """The shipped parameters with texts of one file replaced; beside it, under another name, if one is given."""
    texts = shipped_texts()
    text = texts[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parameters_of({**texts, under or name: text})


def told(after: Parameters, before: Parameters = SHIPPED) -> list[tuple[str, str, str, str]]:
    return [(d.key, d.before, d.after, d.kind) for d in differences(before, after)]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (POLICY, 'small = "0.50"', 'small = "0.4"', ("policy.relief.small", "0.5", "0.4", "material")),
        (POLICY, "low_to = 7", "low_to = 6", ("policy.scoring.low_to", "7", "6", "material")),
        (POLICY, "[0, 5, 10]", "[7]", ("policy.returns.reminder_days", "0, 5, 10", "7", "non-material")),
        (POLICY, "due_days = 30", "due_days = 21", ("policy.returns.due_days", "30", "21", "material")),
        (POLICY, 'role = "director"', 'role = "chief executive"', None),
        (POLICY, '"Default parameters 2026"', '"Draft"', ("policy.about.title", "Default parameters 2026", "Draft", "non-material")),
        (POLICY, "How many other suppliers could", "How many others could", ("policy.questions.risk.risk_market.asks", "How many other suppliers could take over?", "How many others could take over?", "non-material")),
        (POLICY, '"Five or more"', '"Ten or more"', ("policy.questions.risk.risk_market.low", "Five or more", "Ten or more", "material")),
        (POLICY, 'status = "assumption"\napproved_by = ""', 'status = "policy"\napproved_by = "Cabinet"', None),
        (POLICY, 'limit_pct = "25"', 'limit_pct = "50"', ("policy.overrides.limit_pct", "25", "50", "material")),
        (MEASURES, "New jobs for people", "Jobs for people", ("measures.J1.title", "New jobs for people who face barriers to work", "Jobs for people who face barriers to work", "non-material")),
        (MEASURES, 'unit = "FTE"', 'unit = "people"', ("measures.J2.unit", "FTE", "people", "material")),
        (LAW, "goods_and_services_pence = 20772000", "goods_and_services_pence = 20000000", ("statutory.thresholds.2026-01-01.goods_and_services_pence", "20772000", "20000000", "non-material")),
        (LAW, 'source = "Procurement Act 2023 s.84"', 'source = "s.84"', ("statutory.below_threshold.source", "Procurement Act 2023 s.84", "s.84", "non-material")),
    ],
)  # fmt: skip
def test_each_key_that_changed_is_told_with_its_class(name, old, new, expected):
    found = told(changed(name, (old, new)))

    if expected is not None:
        assert found == [expected]
    elif "director" in old:
        assert [(key, kind) for key, _, _, kind in found] == [
            ("policy.escalation.chief executive.days_late", "non-material"),
            ("policy.escalation.director.days_late", "non-material"),
        ]
    else:
        assert [(key, kind) for key, _, _, kind in found] == [
            ("policy.about.status", "material"), ("policy.about.approved_by", "material"),
        ]  # fmt: skip


def test_nothing_changed_when_only_comments_order_and_spacing_did():
    texts = shipped_texts()
    text = "# a comment\n" + texts[POLICY].replace(
        'low = "0.80"\nmedium = "1.00"', 'medium = "1.00"\nlow =  "0.8"'
    )

    assert told(parameters_of({**texts, POLICY: text})) == []


def test_a_new_edition_is_held_against_the_one_it_takes_over_from():
    days = [("effective_from = 2026-01-01", "effective_from = 2028-04-01")] * SHIPPED_DAYS
    after = changed(POLICY, *days, ('small = "0.50"', 'small = "0.40"'), under="policy-2028.toml")

    assert told(after) == [("policy.relief.small", "0.5", "0.4", "material")]
    assert "new after that of 2026-01-01" in differences(SHIPPED, after)[0].where


SHIPPED_DAYS = shipped_texts()[POLICY].count("effective_from = 2026-01-01")


def test_an_edition_that_begins_before_one_in_use_is_material_by_that_alone():
    days = [("effective_from = 2026-01-01", "effective_from = 2025-04-01")] * SHIPPED_DAYS

    assert told(changed(POLICY, *days, under="policy-2025.toml")) == [
        ("policy.about.effective_from", "not there", "2025-04-01", "material")
    ]
    (found,) = differences(SHIPPED, changed(POLICY, *days, under="policy-2025.toml"))
    assert found.where == "edition of 2025-04-01, new before that of 2026-01-01"


def test_an_edition_that_goes_is_material():
    days = [("effective_from = 2026-01-01", "effective_from = 2028-04-01")] * SHIPPED_DAYS
    both = changed(POLICY, *days, under="policy-2028.toml")

    found = differences(both, SHIPPED)

    assert [(d.where, d.key, d.kind) for d in found] == [("edition of 2028-04-01", "policy", "material")]


def test_rules_that_come_with_a_change_do_not_judge_it():
    lenient = shipped_texts()[RULES].replace(
        'keys = "policy.relief.*"\nkind = "material"', 'keys = "policy.relief.*"\nkind = "non-material"'
    )
    texts = {**shipped_texts(), RULES: lenient}
    texts[POLICY] = texts[POLICY].replace('small = "0.50"', 'small = "0.40"')

    kinds = {key: kind for key, _, _, kind in told(parameters_of(texts))}

    assert kinds == {"policy.relief.small": "material", "materiality.policy.relief.*.kind": "material"}


def test_the_order_of_the_rules_is_part_of_them():
    text = shipped_texts()[RULES]
    first, second = (
        text.index('[[materiality.rule]]\nkeys = "*.source"'),
        text.index('[[materiality.rule]]\nkeys = "*.status"'),
    )
    third = text.index('[[materiality.rule]]\nkeys = "*.approved_by"')
    swapped = text[:first] + text[second:third] + text[first:second] + text[third:]

    found = told(parameters_of({**shipped_texts(), RULES: swapped}))

    assert [(key, kind) for key, _, _, kind in found] == [("materiality.order", "material")]


def test_the_councils_own_values_in_pounds_are_material_and_held_to_measures_that_are_there():
    own = parameters_of({**shipped_texts(), "proxies.toml": PROXIES})

    assert own.proxies.pounds == {"C1": Fraction("15.5")}
    assert ("proxies.pounds.C1", "not there", "15.5", "material") in told(own)
    with pytest.raises(ParameterError) as caught:
        parameters_of({**shipped_texts(), "proxies.toml": PROXIES.replace("C1", "NT1")})
    assert "proxies.toml, line 8: proxies.pounds.NT1 is no measure of measures.toml" in str(caught.value)


def test_every_shipped_key_has_a_rule_of_its_own_kind():
    keys = {**entries_of_edition(SHIPPED.policy), **entries_beside_editions(SHIPPED)}

    assert [key for key in keys if SHIPPED.materiality.of(key).keys == "*"] == []
    assert len(keys) > 600


def test_every_table_of_the_policy_is_among_the_keys():
    keys = entries_of_edition(SHIPPED.policy)

    for field in fields(SHIPPED.policy):
        assert any(key.startswith(f"policy.{field.name}.") for key in keys), field.name
    assert keys["policy.bands.B2.from_pence"] == "10000000"
    assert keys["policy.aggregation.B1.from_pence"] == "5000000"
    assert keys["policy.outputs.units_per_output.S2"] == "52"


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction("0.75"), "0.75"), (Fraction(100), "100"), (Fraction("-0.05"), "-0.05"), (True, "yes"),
     (date(2026, 1, 1), "2026-01-01"), ((), "none"), (("a", "b"), "a, b"), ("", "empty"), (30, "30")],
)  # fmt: skip
def test_a_value_is_shown_as_a_person_writes_it(value, text):
    assert shown(value) == text


def test_the_questions_are_those_that_the_register_answers():
    questions = SHIPPED.policy.questions

    assert tuple(question.column for question in questions.risk) == RISK_QUESTIONS
    assert tuple(question.column for question in questions.complexity) == COMPLEXITY_QUESTIONS
