"""Identifiers of organisations and Kent places."""

from __future__ import annotations

import pytest

from kcc_etl.domain.identifiers import (
    clean_charity_number,
    clean_company_number,
    clean_ppon,
    is_vat_number,
    read_charity_number,
    read_company_number,
    read_ppon,
    society_number,
    supplier_key,
    supplier_keys_of,
)
from kcc_etl.domain.names import fold_name
from kcc_etl.domain.places import COUNTY, DISTRICTS, PLACES, UNKNOWN, clean_district


@pytest.mark.parametrize(
    ("text", "number", "repaired"),
    [
        ("01234567", "01234567", False), ("1234567", "01234567", True), ("1234567.0", "01234567", True),
        ("87654321", "87654321", False), (" sc123456 ", "SC123456", False), ("SC12345", "SC012345", True),
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


LOST_ZERO, AS_REGISTER = "zeros at the front put back", "written as its register writes it"
NO_PPON = "no identifier of the form PABC-1234-DEFG"
TOO_SHORT = "too short for a company number"
NO_COMPANY, NO_CHARITY = "no company number", "no number of a charity register"


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("01234567", "01234567", ""), ("1234567", "01234567", LOST_ZERO), ("1234567.00", "01234567", LOST_ZERO),
        ("Company No. 1234567", "01234567", LOST_ZERO), ("Co. Reg. No: 01234567", "01234567", AS_REGISTER),
        ("CRN 01234567", "01234567", AS_REGISTER), ("GB-COH-01234567", "01234567", AS_REGISTER),
        ("OC-301234", "OC301234", AS_REGISTER), ("SC 12345", "SC012345", AS_REGISTER),
        # Salford, July 2022: societies as the Mutuals Public Register writes them, and as Companies House does
        ("20014R", "IP20014R", AS_REGISTER), ("31552R", "IP31552R", AS_REGISTER), ("IP29627R", "IP29627R", ""),
        # Companies House, basic data of June 2020
        ("IP00149C", "IP00149C", ""), ("IP007629", "IP007629", ""), ("RC000656", "RC000656", ""),
        ("NO000183", "NO000183", ""), ("RS007269", "RS007269", ""), ("CE000195", "CE000195", ""),
        # what stands for no number says nothing
        ("N/A", None, ""), ("tbc", None, ""), ("-", None, ""), ("", None, ""), (None, None, ""),
        ("00000000", None, "a stand-in, not the number of this company"),
        ("12345678", None, "a stand-in, not the number of this company"),
        ("11111111", None, "a stand-in, not the number of this company"),
        ("999999", None, "a stand-in, not the number of this company"),
        # a spreadsheet loses one or two zeros; fewer digits are a number of something else
        ("123457", "00123457", LOST_ZERO), ("00000006", "00000006", ""), ("5", None, TOO_SHORT), ("0", None, TOO_SHORT),
        ("12345", None, TOO_SHORT), ("12345.0", None, TOO_SHORT), ("SC123", None, TOO_SHORT), ("SC1234", "SC001234", AS_REGISTER),
        ("FC031234", "FC031234", ""),
        # numbers of other registers
        ("GB123456789", None, "a VAT number, not a company number"),
        ("VAT No. 123456789", None, "a VAT number, not a company number"),
        ("220430231", None, "a VAT number, not a company number"),
        ("CHA1049226", None, "a charity number, not a company number"),
        ("GB-PPON-PLDL-8938-YGYW", None, "a platform identifier, not a company number"),
        ("Various", None, NO_COMPANY), ("GBML4119704", None, NO_COMPANY), ("123456789", None, NO_COMPANY),
        ("CO301234", None, NO_COMPANY), ("1123456-1", None, NO_COMPANY), ("XX123456", None, NO_COMPANY),
    ],
)  # fmt: skip
def test_a_company_number_comes_with_what_was_done_to_it(text, number, note):
    read = read_company_number(text)
    assert (read.number, read.note) == (number, note)


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("1123456", "1123456", ""), ("1123456-1", "1123456-1", ""), ("SC012345", "SC012345", ""),
        ("Registered Charity Number: 210183", "210183", AS_REGISTER), ("CHA1049226", "1049226", AS_REGISTER),
        ("GB-SC-SC012345", "SC012345", AS_REGISTER), ("SC 12345", "SC012345", AS_REGISTER),
        ("NI101234", "NIC101234", AS_REGISTER), ("1123456.0", "1123456", AS_REGISTER),
        # a zero at the front makes no other charity of it
        ("0123456", "123456", AS_REGISTER), ("0123456-1", "123456-1", AS_REGISTER), ("0012345", None, NO_CHARITY),
        ("n/a", None, ""), ("123", None, NO_CHARITY), ("01234567", None, NO_CHARITY),
        ("9999999", None, "a stand-in, not the number of this charity"),
        ("GB220430231", None, "a VAT number, not a charity number"),
        ("0000000", None, "a stand-in, not the number of this charity"),
    ],
)  # fmt: skip
def test_a_charity_number_comes_with_what_was_done_to_it(text, number, note):
    read = read_charity_number(text)
    assert (read.number, read.note) == (number, note)


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("PLDL-8938-YGYW", "PLDL-8938-YGYW", ""), ("GB-PPON:PLDL-8938-YGYW", "PLDL-8938-YGYW", ""),
        ("gb-ppon-pldl-8938-ygyw", "PLDL-8938-YGYW", "written in capitals"),
        ("PLDL8938YGYW", "PLDL-8938-YGYW", "hyphens put back"), ("PLDL 8938 YGYW", "PLDL-8938-YGYW", "hyphens put back"),
        # the same letters are an identifier with its hyphens and without
        ("PLDA8930YGYW", "PLDA-8930-YGYW", "hyphens put back"), ("PLDA-8930-YGYW", "PLDA-8930-YGYW", ""),
        ("GB-PPON-PLDA8930YGYW", "PLDA-8930-YGYW", "hyphens put back"), ("none", None, ""),
        ("PLDA-893-YGYW", None, NO_PPON), ("QLDA8930YGYW", None, NO_PPON), ("PLDA8930YGYWX", None, NO_PPON),
    ],
)  # fmt: skip
def test_a_platform_identifier_comes_with_what_was_done_to_it(text, number, note):
    read = read_ppon(text)
    assert (read.number, read.note) == (number, note)


@pytest.mark.parametrize(
    "text", ["GB220430231", "GB 220 4302 31", "220430231", "GB220430231001", "VAT 123456789"]
)
def test_a_vat_number_is_known_and_never_a_company(text):
    assert is_vat_number(text)
    assert clean_company_number(text) == (None, False)


@pytest.mark.parametrize("text", ["01234567", "123456789", "", None, "1123456"])
def test_other_digits_are_no_vat_number(text):
    assert not is_vat_number(text)


def test_a_society_has_a_number_in_the_register_of_mutuals_too():
    assert [society_number(n) for n in ("IP27635R", "RS007269", "01234567", None)] == [
        "27635R",
        "7269",
        None,
        None,
    ]
    keys = supplier_keys_of("IP27635R", "1123456", "PLDL-8938-YGYW")
    assert keys == ["GB-COH:IP27635R", "GB-CHC:1123456", "GB-PPON:PLDL-8938-YGYW", "GB-MPR:27635R"]


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
