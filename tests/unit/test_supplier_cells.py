"""Cells of a register or ledger that say who a supplier is, and decisions on who is the same."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from kcc_etl.domain.identifiers import read_company_number
from tests.tools import missing
from tests.unit.intake_files import parse_bytes

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
REGISTER = [
    "Contract reference",
    "Contract title",
    "Supplier name",
    "Value ex VAT (£)",
    "Start date",
    "End date",
]
CONTRACT = ["C1", "Cleaning", "Acme Ltd", "125000.00", "2026-04-01", "2027-03-31"]
LEDGER = ["Payment reference", "Supplier name", "Payment date", "Net amount (£)"]
PAYMENT = ["P1", "Acme Ltd", "2026-05-01", "12.00"]
NUMBERS = {
    "register": ["Company number", "Charity number", "Supplier identifier (PPON)"],
    "payments": ["Company number", "Charity number"],
}
DECISIONS = ["Decision number", "Decision kind", "Subject", "Other subject", "Role", "Reason", "Decided on"]


def text_of(*rows: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize(
    ("kind", "cells", "read", "findings"),
    [
        ("register", ["01234567", "1123456", "PLDL-8938-YGYW"], ["01234567", "1123456", "PLDL-8938-YGYW"], []),
        ("register", ["N/A", "none", "TBC"], [None, None, None], []),
        ("register", ["1234567", "Charity No. 1123456", "pldl8938ygyw"],
         ["01234567", "1123456", "PLDL-8938-YGYW"], [("CR-008", "G2"), ("SU-001", "H2"), ("SU-002", "I2")]),
        ("register", ["GB220430231", "123", "GB-COH-1"], [None, None, None],
         [("CR-008", "G2"), ("SU-001", "H2"), ("SU-002", "I2")]),
        ("register", ["CHA1049226", "", ""], [None, "1049226", None], [("CR-008", "G2")]),
        ("register", ["CHA1049226", "1123456", ""], [None, "1123456", None], [("CR-008", "G2")]),
        ("payments", ["1234567", "SC 12345"], ["01234567", "SC012345"], [("SP-017", "E2"), ("SU-004", "F2")]),
    ],
)  # fmt: skip
def test_numbers_are_put_right_or_left_out_and_told_at_their_cell(tmp_path, kind, cells, read, findings):
    headings, row = (REGISTER, CONTRACT) if kind == "register" else (LEDGER, PAYMENT)
    parsed = parse_bytes(tmp_path, text_of([*headings, *NUMBERS[kind]], [*row, *cells]), kind)

    names = ["supplier_company_number", "supplier_charity_number", "supplier_ppon"][: len(cells)]
    rows = parsed.rows[names].astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [read]
    assert [(f.rule_id, f.cell) for f in parsed.findings] == findings
    assert {f.severity for f in parsed.findings} <= {"information"}


def test_a_message_on_a_number_says_what_was_expected(tmp_path):
    data = text_of([*REGISTER, *NUMBERS["register"]], [*CONTRACT, "CHA1049226", "", ""])
    (finding,) = parse_bytes(tmp_path, data, "register").findings

    assert finding.found == "CHA1049226"
    assert finding.expected.endswith(
        "a charity number, not a company number; it counts as charity number 1049226"
    )
    assert finding.remedy.startswith("Enter the company number as Companies House shows it")


@pytest.mark.parametrize(
    ("kind", "rule", "cell"), [("register", "SU-003", "C2"), ("payments", "SU-005", "B2")]
)
def test_a_name_in_two_alphabets_is_flagged_and_kept_as_it_is(tmp_path, kind, rule, cell):
    headings, row = (REGISTER, CONTRACT) if kind == "register" else (LEDGER, PAYMENT)
    spoof = [text.replace("Acme", "Асmе") for text in row]
    parsed = parse_bytes(tmp_path, text_of(headings, spoof), kind)

    assert [(f.rule_id, f.cell) for f in parsed.findings] == [(rule, cell)]
    assert "Latin letters mixed with Cyrillic" in parsed.findings[0].expected
    assert parsed.rows["supplier_name"].tolist() == ["Асmе Ltd"]


@pytest.mark.parametrize(
    ("kind", "other", "rules"),
    [
        ("Same supplier", "GB-COH:01234567", []), ("different suppliers", "Acme", []),
        ("same supplier", "", ["DC-002"]), ("similar suppliers", "Acme", ["DC-002"]),
    ],
)  # fmt: skip
def test_a_decision_on_suppliers_names_both(tmp_path, kind, other, rules):
    row = ["D1", kind, "Acme Care", other, "category lead", "checked at Companies House", "2026-10-01"]
    parsed = parse_bytes(tmp_path, text_of(DECISIONS, row), "decisions")

    assert [f.rule_id for f in parsed.findings] == rules
    if not rules:
        assert parsed.rows[["decision_kind", "other_subject"]].to_numpy().tolist() == [
            [kind.casefold(), other]
        ]


@pytest.mark.parametrize(
    ("path", "column", "stood", "repaired", "refused", "not_given"),
    [
        (
            "spend/odileeds/calderdale_clean_2022-08.csv",
            "Supplier Registered Company Number",
            240,
            86,
            0,
            1630,
        ),
        ("registers/salford-city-council_contracts-register-2022-07.csv", "Company Number", 43, 261, 22, 34),
    ],
)
def test_the_company_numbers_of_two_councils(path, column, stood, repaired, refused, not_given):
    if not (SHARED / path).exists():
        missing(f"{path} is not on this machine")
    with (SHARED / path).open(encoding="utf-8-sig", newline="") as lines:
        read = [read_company_number(row[column]) for row in csv.DictReader(lines)]

    fates = Counter((one.number is not None, bool(one.note)) for one in read)
    assert [fates[key] for key in ((True, False), (True, True), (False, True), (False, False))] == [
        stood, repaired, refused, not_given,
    ]  # fmt: skip
    assert all(len(one.number) == 8 for one in read if one.number)
