"""How messages show what was found: quoted cells shortened, the house's own sentences whole."""

from __future__ import annotations

from datetime import date

import pytest

from kcc_etl.domain.findings import (
    FOUND_LIMIT,
    TOLD_LIMIT,
    WITHHELD,
    listed,
    shorten,
    subject_for_all,
    told,
)
from kcc_etl.exceptions import SourceLayoutError
from kcc_etl.intake.headings.mapping import match, title_mapping
from kcc_etl.intake.parsed import Desk, FileIdentity

SENTENCE = (
    "no column for 'Supplier name'; no column for 'Value ex VAT (£)'; no column for 'Start date' in the file"
)


def test_a_cell_is_shortened_and_a_sentence_is_not():
    assert len(SENTENCE) > FOUND_LIMIT
    assert told(SENTENCE) == SENTENCE
    assert shorten(SENTENCE) == SENTENCE[: FOUND_LIMIT - 1] + "…"
    assert len(told("x" * 5_000)) == TOLD_LIMIT
    assert told("a\nb\x00c\u202ed") == "a b c d"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["A"], "'A'"),
        (["A", "B"], "'A' and 'B'"),
        ("ABCDEFG", "'A', 'B', 'C', 'D', 'E', 'F' and 'G'"),
        ("ABCDEFGH", "'A', 'B', 'C', 'D', 'E', 'F' and 2 more"),
        (["x" * 60], f"'{'x' * 39}…'"),
    ],
)
def test_a_long_list_names_the_first_few_and_says_how_many_more(values, words):
    assert listed(list(values)) == words


def test_what_a_finding_is_about_is_withheld_where_a_key_may_name_a_person():
    assert subject_for_all("SU-008", "name:jo bloggs") == WITHHELD
    assert subject_for_all("SU-008", "") == ""
    assert subject_for_all("SP-012", "P-1") == "P-1"


def test_the_last_missing_column_is_named_too():
    with pytest.raises(SourceLayoutError) as caught:
        match(["Contract reference", "x" * 200], title_mapping("register"))
    desk = Desk("register", FileIdentity("0" * 64, "s", "f.csv", date(2026, 11, 23)), "register")
    desk.refuse("IN-002", caught.value.found)
    (finding,) = desk.findings
    assert finding.found.endswith("no column for 'End date'")


def test_every_heading_given_twice_is_named_and_none_is_too_long():
    with pytest.raises(SourceLayoutError) as caught:
        match(["Start date", "START DATE" + " " * 90, "End date", "End  date"], title_mapping("register"))
    assert "'Start date' given 2 times ('Start date' and 'START DATE')" in caught.value.found
    assert "'End date' given 2 times" in caught.value.found
