"""Identifiers of organisations and Kent places."""

from __future__ import annotations

import pytest

from kcc_etl.domain.identifiers import (
    clean_charity_number,
    clean_company_number,
    clean_ppon,
    fold_name,
    supplier_key,
)
from kcc_etl.domain.places import COUNTY, DISTRICTS, PLACES, UNKNOWN, clean_district


@pytest.mark.parametrize(
    ("text", "number", "repaired"),
    [
        ("01234567", "01234567", False), ("1234567", "01234567", True), ("1234567.0", "01234567", True),
        ("12345678", "12345678", False), (" sc123456 ", "SC123456", False), ("SC12345", "SC012345", True),
        ("OC 301234", "OC301234", False), ("NI012345", "NI012345", False), ("IP12345R", "IP12345R", False),
        ("SP1234RS", "SP1234RS", False), ("R0000123", "R0000123", False), ("RC000123", "RC000123", False),
        ("012\u200b34567", "01234567", False),
    ],
)  # fmt: skip
def test_a_company_number_gets_its_eight_characters(text, number, repaired):
    assert clean_company_number(text) == (number, repaired)


@pytest.mark.parametrize(
    "text",
    ["", None, float("nan"), "NA", "N/A", "0", "00000000", "123456789", "XX123456", "SC000000", "GB1234567"],
)
def test_what_is_no_company_number_gives_none(text):
    assert clean_company_number(text) == (None, False)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1123456", "1123456"), ("1123456.0", "1123456"), ("210183", "210183"), ("1123456-1", "1123456-1"),
        ("sc012345", "SC012345"), ("NIC101234", "NIC101234"), ("NI101234", "NIC101234"),
        ("none", None), ("", None), (None, None), ("0000000", None), ("123", None),
    ],
)  # fmt: skip
def test_a_charity_number_is_of_one_of_the_three_registers(text, number):
    assert clean_charity_number(text) == number


def test_a_ppon_is_known_with_and_without_its_scheme():
    for text in ("PLDL-8938-YGYW", "GB-PPON-PLDL-8938-YGYW", "GB-PPON:PLDL-8938-YGYW"):
        assert clean_ppon(text) == "PLDL-8938-YGYW"
    assert clean_ppon("GB-COH-01234567") is None
    assert clean_ppon("XLDL-8938-YGYW") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith & Sons (Kent) Ltd.", "SMITH AND SONS KENT LIMITED"),
        ("A.B.C. P.L.C.", "abc plc"),
        ("O’Brien Care", "O'Brien Care"),
        ("Acme\u200b Ltd", "ACME"),
        ("Ａｃｍｅ  Public Limited Company", "acme"),
    ],
)
def test_two_spellings_of_one_name_fold_to_the_same(one, other):
    assert fold_name(one) == fold_name(other) != ""


def test_a_name_that_is_only_a_legal_form_stays():
    assert fold_name("Limited") == "limited"
    assert fold_name(None) == ""


@pytest.mark.parametrize(
    ("company", "charity", "ppon", "name", "key"),
    [
        ("1234567", "1123456", "PLDL-8938-YGYW", "A", "GB-COH:01234567"),
        ("NA", "1123456", "PLDL-8938-YGYW", "A", "GB-CHC:1123456"),
        (None, "SC012345", None, "A", "GB-SC:SC012345"),
        (None, "NIC101234", None, "A", "GB-NIC:101234"),
        (None, None, "GB-PPON-PLDL-8938-YGYW", "A", "GB-PPON:PLDL-8938-YGYW"),
        (None, None, None, "Acme Ltd", "name:acme"),
    ],
)
def test_a_supplier_is_known_by_its_best_identifier(company, charity, ppon, name, key):
    assert supplier_key(company, charity, ppon, name) == key


def test_there_are_twelve_districts_and_medway_is_none_of_them():
    assert len(DISTRICTS) == 12
    assert set(PLACES) == {*DISTRICTS, COUNTY, UNKNOWN}
    assert clean_district("E06000035") is None
    assert clean_district("Medway") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("E07000112", "E07000112"), ("e07000112", "E07000112"), ("Shepway", "E07000112"),
        (" ashford ", "E07000105"),
        ("Tonbridge & Malling", "E07000115"), ("County-wide", COUNTY), ("county", COUNTY),
        ("Unknown", UNKNOWN),
        ("", None), (None, None), ("Surrey", None),
    ],
)  # fmt: skip
def test_a_district_is_known_by_code_or_name(text, code):
    assert clean_district(text) == code
