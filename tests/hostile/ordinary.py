"""Files with the everyday faults of registers, ledgers, returns, notices and decisions: one of every rule.

They are no attack; they stand here so that the message of every rule can be held to its form. Does not
belong here: what the messages must look like.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from kcc_etl.domain.asked import RISK_QUESTIONS
from kcc_etl.domain.core import build_claims, build_contracts, build_decisions, build_payments
from kcc_etl.domain.findings import Finding
from kcc_etl.domain.notices import build_notices
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.intake.parsed import Parsed
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND
from tests.hostile import bases
from tests.hostile.bases import as_csv
from tests.hostile.cases import Case
from tests.hostile.kit import inline, with_cells
from tests.hostile.reading import read

REGISTER = [
    ["Contract reference", "Contract title", "Supplier name", "Company number", "Charity number", "Supplier identifier (PPON)", "Value ex VAT (£)", "Light touch", "Start date", "End date", "Regime"],
    ["C-1", "Sound", "Sound Ltd", "01234567", "", "", "1000.00", "No", "13/04/2026", "13/04/2027", ""],
    ["", "No reference", "Sound Ltd", "", "", "", "1000.00", "", "13/04/2026", "13/04/2027", ""],
    ["C-1", "Again", "Sound Ltd", "", "", "", "1000.00", "", "13/04/2026", "13/04/2027", ""],
    ["C-2", "Ends early", "Sound Ltd", "1234567", "", "", "1000.00", "perhaps", "13/04/2026", "13/04/2025", ""],
    ["C-3", "No supplier", "", "", "", "", "1000.00", "", "13/04/2026", "13/04/2027", ""],
    ["C-4", "Odd numbers", "Odd Ltd", "Various", "no charity", "P-1", "1000.00", "", "13/04/2026", "13/04/2027", ""],
    ["C-5", "Alphabets", "Оdd Suррlies Ltd", "", "", "", "1000.00", "", "13/04/2026", "13/04/2027", ""],
    ["C-6", "Odd law", "Sound Ltd", "", "", "", "1000.00", "", "13/04/2026", "13/04/2027", "EU"],
    ["Total", "", "", "", "", "", "7000.00", "", "", "", ""],
]  # fmt: skip
LEDGER = [
    ["Payment reference", "Supplier name", "Company number", "Charity number", "Net amount (£)", "VAT (£)", "Gross amount (£)", "Payment date", "Credit note", "Payee kind"],
    ["P-1", "Sound Ltd", "01234567", "", "100.00", "20.00", "120.00", "14/07/2026", "No", "trust"],
    ["P-2", "", "", "", "100.00", "20.00", "120.00", "14/07/2026", "", ""],
    ["P-3", "Sound Ltd", "1234567", "x", "100.00", "20.00", "121.00", "14/07/2026", "perhaps", ""],
    ["P-4", "Sound Ltd", "", "", "100.00", "20.00", "120.00", "14/07/2027", "", ""],
    ["P-5", "Ѕound Ltd", "", "", "100.00", "20.00", "120.00", "14/07/2026", "", ""],
    ["P-6", "Sound Ltd", "", "", "100.00", "20.00", "120.00", "14/07/2026", "", ""],
]  # fmt: skip
OTHER_LEDGER = [
    LEDGER[0],
    LEDGER[1],
    ["P-6", "Sound Ltd", "", "", "999.00", "20.00", "1019.00", "14/07/2026", "", ""],
]
DECISIONS = [
    ["Decision number", "Decision kind", "Subject", "Other subject", "Measure", "Period", "Quantity", "Role", "Reason", "Decided on", "Takes effect on", "Original value ex VAT (£)", "Value before ex VAT (£)", "Value after ex VAT (£)"],
    ["D-1", "verification", "C-1", "", "S5", "2026-27-Q2", "2", "Manager", "seen", "2026-10-14", "", "", "", ""],
    ["D-1", "verification", "C-1", "", "S5", "2026-27-Q2", "2", "Manager", "seen", "2026-10-14", "", "", "", ""],
    ["D-2", "verification", "C-99", "", "S5", "2026-27-Q2", "2", "Manager", "seen", "2026-10-14", "", "", "", ""],
    ["D-3", "whim", "C-1", "", "S5", "2026-27-Q2", "2", "Manager", "seen", "2026-10-14", "", "", "", ""],
    ["D-4", "verification", "C-1", "", "S5", "2026-27-Q2", "2", "", "seen", "2026-10-14", "", "", "", ""],
    ["D-E4", "override", "C-1", "", "E4", "", "120", "Head of Procurement", "data error", "2026-10-14", "", "", "", ""],
    ["D-O", "override", "C-1", "", "S1", "", "2", "Head of Procurement", "data error", "2026-10-14", "", "", "", ""],
    ["D-A", "approval", "D-O", "", "", "", "", "Head of Procurement", "data error", "2026-10-13", "", "", "", ""],
    ["D-V", "value change", "C-1", "", "", "", "", "Contract manager", "variation", "2026-10-14", "2026-10-15", "1000.00", "1000.00", "1.00"],
]  # fmt: skip


def _releases() -> list[dict[str, Any]]:
    sound = json.loads(bases.notices_json(1))["releases"][0]
    value = {"id": "1", "awardID": "1", "value": {"amount": "NaN", "currency": "GBP"}}
    return [
        sound,
        sound,
        {**sound, "date": "2026-07-28T00:00:00Z", "tender": {"title": "Otherwise"}},
        {**sound, "ocid": None},
        {**sound, "id": "000002-2026", "date": "yesterday"},
        {**sound, "id": "000003-2026", "contracts": [value]},
        {**sound, "id": "000006-2026", "contracts": [{**value, "value": {"amount": 5}}]},
        {**sound, "id": "000007-2026", "awards": sound["awards"] * 2},
        {**sound, "id": "000004-2026", "buyer": {"id": "GB-PPON-PZZZ-9999-ZZZZ", "name": "Others"}},
        {**sound, "id": "000005-2026", "ocid": "ocds-h6vhtk-999999", "buyer": None},
    ]


def _return() -> bytes:
    cells = {
        "D16": "Nowhere", "F17": "250", "G18": "perhaps", "A19": "", "H20": "photo by a.person@supplier.example",
        "A21": "C1", "D21": "county", "E21": "ten", "F21": "100", "G21": "Yes", "H21": "EV-9",
        "I15": "Remarks", "I16": "late",
    }  # fmt: skip
    return with_cells(
        bases.return_file(), {cell: inline(text) if text else "" for cell, text in cells.items()}
    )


CASES: tuple[Case, ...] = (
    Case(0, "everyday register", "register", lambda: b"Register\r\n" + as_csv(REGISTER), file="register.csv"),
    Case(0, "everyday ledger", "payments", lambda: as_csv(LEDGER), file="ledger.csv"),
    Case(0, "the ledger again", "payments", lambda: as_csv(OTHER_LEDGER), file="other-ledger.csv"),
    Case(0, "ragged ledger", "payments", lambda: as_csv([LEDGER[0], [*LEDGER[1], "x"]]), file="ragged.csv"),
    Case(0, "everyday decisions", "decisions", lambda: as_csv(DECISIONS)),
    Case(0, "everyday notices", "notices", lambda: json.dumps({"releases": _releases()}).encode()),
    Case(0, "everyday return", "returns", _return),
)


def findings_of_core(folder: Path) -> list[Finding]:
    """What the joining of these files finds, table by table."""
    read_by_name = {case.name: read(case, folder) for case in CASES}
    register = read_by_name["everyday register"]
    contracts = build_contracts(register.rows, register.columns)
    ledgers = [read_by_name["everyday ledger"], read_by_name["the ledger again"]]
    payments = build_payments(*_together(ledgers, contracts.rows), bases.LANDED_ON)
    decisions = read_by_name["everyday decisions"]
    ruled = build_decisions(
        decisions.rows,
        contracts.rows,
        payments.rows,
        decisions.columns,
        parameters=load_parameters(),
        as_of=bases.LANDED_ON,
    )
    notices = read_by_name["everyday notices"]
    told = build_notices(notices.rows, notices.columns).core
    return [*contracts.findings, *payments.findings, *ruled.findings, *told.findings, *_of_claims(folder)]


def _together(
    ledgers: list[Parsed], contracts: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rows = pd.concat([each.rows for each in ledgers], ignore_index=True)
    columns = pd.concat([each.columns for each in ledgers], ignore_index=True)
    return rows, contracts, columns


def _of_claims(folder: Path) -> list[Finding]:
    nil = with_cells(bases.return_file(), {"B11": inline("Yes")})
    twice = with_cells(bases.return_file(), {"A17": inline("S5"), "D17": inline("E07000110")})
    beyond = with_cells(bases.return_file(), {"A17": inline("E4"), "E17": inline("120")})
    files = {"nil.xlsx": nil, "twice.xlsx": twice, "beyond.xlsx": beyond}
    findings: list[Finding] = []
    for name, data in files.items():
        parsed = read(Case(0, name, "returns", lambda data=data: data, file=name), folder)
        for reference, supplier in (
            (bases.CONTRACT, bases.SUPPLIER),
            ("KSW-0002", bases.SUPPLIER),
            (bases.CONTRACT, "Others plc"),
        ):
            contract = {"contract_ref": reference, "supplier_name": supplier, "sv_measures": "S5|C1"}
            contracts = from_rows([contract], CORE_TABLE_OF_KIND["register"])
            ledger, columns = empty("ledger"), parsed.columns
            core = build_claims(parsed.rows, contracts, ledger, columns, (), percentages=("E4",))
            findings += core.findings
    return [*findings, *_of_years(folder)]


def _of_years(folder: Path) -> list[Finding]:
    """A year stated for a contract that is asked every quarter, and a quarter after the return of its year."""
    told = [("2025-26", "1-year.xlsx"), ("2025-26-Q2", "2-quarter.xlsx")]
    parsed = [
        read(Case(0, name, "returns", lambda period=period: bases.return_file(period), file=name), folder)
        for period, name in told
    ]
    rows, columns = (
        pd.concat(parts) for parts in zip(*((one.rows, one.columns) for one in parsed), strict=True)
    )
    contract = {
        "contract_ref": bases.CONTRACT,
        "supplier_name": bases.SUPPLIER,
        "start_on": date(2025, 4, 1),
        "end_on": date(2028, 3, 31),
    }
    findings: list[Finding] = []
    for answer in (1, 2):
        register = [{**contract, **dict.fromkeys(RISK_QUESTIONS, answer)}]
        contracts = from_rows(register, CORE_TABLE_OF_KIND["register"])
        terms = ReturnTerms(contracts, load_parameters())
        core = build_claims(rows, contracts, empty("ledger"), columns, ("S5", "C1"), terms=terms)
        findings += core.findings
    return findings
