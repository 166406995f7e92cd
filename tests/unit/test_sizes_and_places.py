"""Small or not by both definitions, and where a postcode lies."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kcc_etl.domain.places import DISTRICTS, Whereabouts, is_postcode, last_postcode, whereabouts
from kcc_etl.domain.sizes import Smallness, sizes_contradict, smallness, stated_size
from kcc_etl.parameters.load import load_parameters
from tests.tools import missing

PARAMETERS = load_parameters()
M = 100_000_000  # pence in a million pounds
REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference"


@pytest.mark.parametrize(
    ("facts", "by_act", "by_code"),
    [
        # Procurement Act 2023 s.123(1): fewer than 250 staff and turnover <= £44m or balance sheet <= £38m
        ({"staff": 249, "turnover_pence": 44 * M}, "yes", "yes"),
        ({"staff": 249, "turnover_pence": 44 * M + 1}, "unknown", "yes"),
        ({"staff": 249, "turnover_pence": 44 * M + 1, "balance_sheet_pence": 38 * M}, "yes", "yes"),
        ({"staff": 249, "turnover_pence": 44 * M + 1, "balance_sheet_pence": 38 * M + 1}, "no", "yes"),
        ({"staff": 250}, "no", "no"),
        ({"staff": 250, "turnover_pence": 1}, "no", "no"),
        ({"staff": 10}, "unknown", "yes"),
        ({"turnover_pence": 50 * M, "balance_sheet_pence": 50 * M}, "no", "unknown"),
        ({"turnover_pence": 1}, "unknown", "unknown"),
        # words: small by the Act has few staff; large by the Act may still have few
        ({"stated": "micro"}, "yes", "yes"), ({"stated": "SME"}, "yes", "yes"), ({"stated": " Medium "}, "yes", "yes"),
        ({"stated": "large"}, "no", "unknown"), ({"stated": "large", "staff": 250}, "no", "no"),
        ({"stated": "large", "staff": 30}, "no", "yes"),
        ({"stated": "unknown"}, "unknown", "unknown"), ({"stated": None}, "unknown", "unknown"),
        ({"stated": "quite big"}, "unknown", "unknown"),
        # figures go before words
        ({"stated": "small", "staff": 900}, "no", "no"),
    ],
)  # fmt: skip
def test_small_by_the_act_and_by_the_code_are_two_answers(facts, by_act, by_code):
    facts = dict(facts)
    assert smallness(facts.pop("stated", None), PARAMETERS.statutory, **facts) == Smallness(by_act, by_code)


@pytest.mark.parametrize(
    ("words", "size", "contradict"),
    [
        (["small", "sme"], "small", False), (["micro", "small"], "sme", False), (["large"], "large", False),
        (["large", "sme"], "unknown", True), (["unknown", None, "Medium"], "medium", False), ([], "unknown", False),
    ],
)  # fmt: skip
def test_several_sources_state_one_size_or_none(words, size, contradict):
    assert stated_size(words) == size
    assert sizes_contradict(words) is contradict


@pytest.mark.parametrize(
    ("postcode", "expected"),
    [
        ("CT2 7UP", Whereabouts("CT2", "yes", "E07000106")), ("tn231aa", Whereabouts("TN23", "yes", "E07000105")),
        ("ME14", Whereabouts("ME14", "yes", "E07000110")),
        # Medway is a unitary authority; two districts in one outcode; across the boundary
        ("ME4 4TR", Whereabouts("ME4", "no")), ("TN12 6AA", Whereabouts("TN12", "yes")),
        ("ME1 1AA", Whereabouts("ME1")), ("DA1 1AA", Whereabouts("DA1")), ("TN16 1AA", Whereabouts("TN16")),
        # over the edge, perhaps: nothing is concluded; four districts; a bank's, which is nowhere
        ("TN2 3AA", Whereabouts("TN2")), ("ME8 0AA", Whereabouts("ME8")), ("DA2 6AA", Whereabouts("DA2")),
        ("TN5 6AA", Whereabouts("TN5")), ("CT4 6AA", Whereabouts("CT4", "yes")),
        ("TN11 0AA", Whereabouts("TN11", "yes")), ("BX1 1LT", Whereabouts()),
        ("SW1A 1AA", Whereabouts("SW1A", "no")), ("M1 1AA", Whereabouts("M1", "no")),
        # not listed, no such area, no postcode
        ("ME99 1AA", Whereabouts("ME99")), ("ZZ10 1ZZ", Whereabouts()), ("Maidstone", Whereabouts()),
        ("", Whereabouts()), (None, Whereabouts()),
    ],
)  # fmt: skip
def test_a_postcode_lies_in_the_county_outside_or_nobody_knows(postcode, expected):
    assert whereabouts(postcode, PARAMETERS.outcodes) == expected


@pytest.mark.parametrize(
    ("text", "is_one", "last"),
    [
        ("CT2 7UP", True, "CT2 7UP"), ("tn231aa", True, "TN231AA"), ("SW1A 1AA", True, "SW1A 1AA"), ("CT2", False, None),
        ("1 High Street, Ashford, tn23 1aa.", False, "TN23 1AA"), ("TN23 1AA, Ashford", False, None),
        ("", False, None), (None, False, None), ("12345", False, None),
    ],
)  # fmt: skip
def test_a_postcode_is_told_from_other_words_and_found_at_the_end_of_an_address(text, is_one, last):
    assert (is_postcode(text), last_postcode(text)) == (is_one, last)


def test_outcodes_reach_every_district_they_lie_in():
    inside = PARAMETERS.outcodes.inside
    assert "E07000108" in inside["CT4"]
    assert "E07000116" in inside["TN11"]


def test_the_table_of_outcodes_names_kent_districts_only_and_reaches_them_all():
    reached = {code for codes in PARAMETERS.outcodes.inside.values() for code in codes}
    assert reached == set(DISTRICTS)


@pytest.mark.parametrize(
    ("name", "outcode", "county"),
    [("uk-outcodes_academe.csv", "postcode", "county"), ("uk-outcodes_gibbs.csv", "postcode", "region")],
)
def test_the_table_of_outcodes_agrees_with_both_public_lists(name, outcode, county):
    if not (REFERENCE / name).exists():
        missing(f"{name} is not on this machine")
    with (REFERENCE / name).open(encoding="utf-8-sig", newline="") as lines:
        listed = {row[outcode]: row[county] for row in csv.DictReader(lines)}
    table = PARAMETERS.outcodes
    ours = {code: place for code, place in listed.items() if code.rstrip("0123456789") in table.areas_of_kent}

    assert set(ours) == {*table.inside, *table.across, *table.outside}
    assert {ours[code] for code in table.inside} == {"Kent"}
    assert "Kent" not in {ours[code] for code in table.outside}
    assert {code.rstrip("0123456789") for code in table.inside} <= set(table.areas_of_kent)
