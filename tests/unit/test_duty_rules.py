"""The rules of the duties are read strictly: every fault with its line, every table with its source."""

from __future__ import annotations

from dataclasses import fields
from importlib import resources

import pytest

from kcc_etl.exceptions import ParameterError
from kcc_etl.parameters.duties import DUTIES, read_duty_rules, shipped_duty_rules

TEXT = resources.files("kcc_etl.parameters.law").joinpath(DUTIES).read_text("utf-8")


def line_of(start: str, text: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(start))


def test_every_shipped_table_says_where_it_comes_from():
    for field in fields(shipped_duty_rules()):
        table = getattr(shipped_duty_rules(), field.name)
        assert table.source
        assert table.status in ("law", "assumption")
        assert field.name.endswith("_reading") <= (table.status == "assumption")


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("copy_days = 90", "copy_dayz = 90", "copy_dayz", "Did you mean copy_days?"),
        ("years = 3\n", "", "records.years", "is missing"),
        ("years = 3", "years = 0", "records.years", "1 or more"),
        ("value_percent = 10", "value_percent = 101", "change.value_percent", "at most 100"),
        ('notify_if = "either"', 'notify_if = "any"', "change_reading.notify_if", "one of either, both"),
        (
            'source = "Procurement Act 2023 s.98"',
            'source = " "',
            "records.source",
            "a text that is not empty",
        ),
        ('source = "Procurement Act 2023 s.98"\n', "", "records.source", "is missing"),
        (
            "first_period_from = 2026-01-01",
            'first_period_from = "2026"',
            "first_period_from",
            "a date such as",
        ),
        ("same_day_counts = true", "same_day_counts = 1", "same_day_counts", "true or false"),
        ("[records]", "[record]", "record", "Did you mean records?"),
    ],
)
def test_a_fault_is_named_with_its_line(old, new, key, says):
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(ParameterError) as error:
        read_duty_rules(text)
    assert f"{DUTIES}, line " in str(error.value)
    assert key in str(error.value)
    assert says in str(error.value)


def test_the_line_is_that_of_the_key():
    text = TEXT.replace("term_percent = 10", "term_percent = 0")
    with pytest.raises(ParameterError, match=f"line {line_of('term_percent', text)}: change.term_percent"):
        read_duty_rules(text)


def test_an_adopted_reading_names_who_adopted_it():
    text = TEXT.replace('status = "assumption"', 'status = "policy"', 1)
    with pytest.raises(ParameterError, match="Expected who approved it"):
        read_duty_rules(text)


def test_a_text_that_is_no_toml_is_refused():
    with pytest.raises(ParameterError, match="not TOML"):
        read_duty_rules("[records\n")
