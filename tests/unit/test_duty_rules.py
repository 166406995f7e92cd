"""The readings of the duties are read strictly with the other files, and the law stands in one place only."""

from __future__ import annotations

import tomllib
from dataclasses import fields

import pytest

from kcc_etl.exceptions import ParameterError
from kcc_etl.parameters.load import DUTIES, STATUTORY, load_parameters, parameters_of, shipped_texts

TEXTS = shipped_texts()


def read(text: str, name: str = DUTIES) -> None:
    """The shipped files with one of them replaced."""
    parameters_of({**TEXTS, name: text})


def line_of(start: str, text: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(start))


def test_what_the_law_leaves_open_is_an_assumption_with_its_source():
    rules = load_parameters().duties
    for field in fields(rules):
        table = getattr(rules, field.name)
        assert table.source
        assert table.status == "assumption"
    assert {table.status for table in load_parameters().tables if table in vars(rules).values()} == {
        "assumption"
    }


def test_no_table_of_the_law_stands_in_both_files():
    law, readings = (set(tomllib.loads(TEXTS[name])) for name in (STATUTORY, DUTIES))
    assert not law & readings


@pytest.mark.parametrize(
    ("name", "old", "new", "key", "says"),
    [
        (STATUTORY, "copy_days = 90\n\n[term", "copy_dayz = 90\n\n[term", "copy_dayz", "Did you mean copy_days?"),
        (STATUTORY, "years = 3\n", "", "records.years", "is missing"),
        (STATUTORY, "years = 3", "years = 0", "records.years", "1 or more"),
        (STATUTORY, "value_percent = 10", "value_percent = 101", "change.value_percent", "at most 100"),
        (STATUTORY, 'source = "Procurement Act 2023 s.98"\n', "", "records.source", "is missing"),
        (STATUTORY, "[records]", "[record]", "record", "Did you mean records?"),
        (DUTIES, 'notify_if = "either"', 'notify_if = "any"', "change_reading.notify_if", "one of either, both"),
        (DUTIES, "first_period_from = 2026-01-01", 'first_period_from = "2026"', "first_period_from", "a date"),
        (DUTIES, "same_day_counts = true", "same_day_counts = 1", "same_day_counts", "true or false"),
        (DUTIES, 'status = "assumption"', 'status = "law"', "status", "only statutory.toml is law"),
        (DUTIES, 'status = "assumption"', 'status = "policy"', "approved_by", "Expected who approved it"),
        (DUTIES, "[history]", "[history", "The file is not TOML", ""),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file_and_line(name, old, new, key, says):
    text = TEXTS[name].replace(old, new, 1)
    assert text != TEXTS[name]
    with pytest.raises(ParameterError) as error:
        read(text, name)
    assert f"{name}, line " in str(error.value)
    assert key in str(error.value)
    assert says in str(error.value)


def test_the_line_is_that_of_the_key():
    text = TEXTS[STATUTORY].replace("term_percent = 10", "term_percent = 0")
    with pytest.raises(ParameterError, match=f"line {line_of('term_percent', text)}: change.term_percent"):
        read(text, STATUTORY)


def test_another_reading_is_another_version():
    other = TEXTS[DUTIES].replace("same_day_counts = true", "same_day_counts = false")
    assert parameters_of({**TEXTS, DUTIES: other}).version != load_parameters().version
