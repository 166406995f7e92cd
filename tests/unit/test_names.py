"""Folding of names, and letters that only look right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.domain.names import fault_in_letters, fold_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Salford, contracts register of July 2022: one firm, two spellings
        ("Schofield and Sons Ltd", "Schofield & Sons Ltd"),
        ("Cycle Waggle LTD T/A Mcr Bike Hire", "Cycle Waggle Limited"),
        ("Salford Community and Voluntary\nServices", "Salford Community and Voluntary Services"),
        # look-alikes of Unicode Technical Standard 39: Cyrillic, Greek, full width
        ("Ѕсһоfіеld & Sons Ltd", "Schofield & Sons Ltd"),
        ("ΑCME", "Acme"), ("ΝATIONAL ΗOMES", "National Homes"), ("Асmе", "ACME"), ("Ａｃｍｅ", "acme"),
        # accents, invisible characters, direction of writing
        ("Café Soleil", "Cafe Soleil"), ("Søren Łódź", "Soren Lodz"), ("Ac\u200bme\u202e", "Acme"),
        ("Ac\u00adme", "Acme"),
        # legal forms of the Companies Act 2006, the LLP Act 2000, CICs and CIOs, in English and Welsh
        ("Acme CIC", "Acme Community Interest Company"), ("Acme C.I.O.", "Acme"),
        ("Acme Charitable Incorporated Organisation", "Acme CIO"), ("Acme Cyf", "Acme Cyfyngedig"),
        ("Acme P.L.C.", "Acme public limited company"), ("The Acme Co. Ltd", "Acme Co"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_name_fold_to_the_same(one, other):
    assert fold_name(one) == fold_name(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # a branch of a group is another company
        ("Acme (UK) Ltd", "Acme Ltd"),
        # two sole traders of one name: what they trade as is all that tells them apart
        ("J Smith t/a Smith Gardens", "J Smith t/a Kent Roofs"), ("J Smith t/a Smith Gardens", "J Smith"),
        ("Lot 1 Care", "Lot 2 Care"), ("Theatre Ltd", "Atre Ltd"), ("Acme and Co", "Acme"),
    ],
)  # fmt: skip
def test_names_that_may_be_of_two_suppliers_stay_apart(one, other):
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize("name", ["Limited", "The", "The Limited", "t/a Ltd", "&", "Ltd Ltd"])
def test_a_name_that_is_all_form_and_article_keeps_something(name):
    assert fold_name(name) != ""


@given(
    st.text()
    | st.lists(st.sampled_from(["The", "Ltd", "t/a", "CIC", "Асе", "é", "&", ".", "ǅ", "1"])).map(" ".join)
)
def test_folding_is_stable_and_never_loses_a_name(name):
    folded = fold_name(name)

    assert fold_name(folded) == folded
    if any(character.isalnum() for character in name):
        assert folded


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Ѕchofield", "Latin letters mixed with Cyrillic"), ("Β&Q plc", "Latin letters mixed with Greek"),
        ("Acme \u202eLtd", "a hidden character that turns the direction of writing"),
        ("Acme Ltd", ""), ("Café Søren", ""), ("Ａｃｍｅ", ""), ("Товарищество", ""), ("Acme\u200b", ""), ("24/7", ""),
    ],
)  # fmt: skip
def test_mixed_alphabets_and_turned_writing_are_told(name, fault):
    assert fault_in_letters(name) == fault
