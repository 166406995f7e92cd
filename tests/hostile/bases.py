"""Sound files, made by the writers of the sample: a return, a register, a ledger, decisions, notices.

Does not belong here: anything spoilt.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from kcc_etl.sample.forms import add_line, new_form
from kcc_etl.sample.sheets import Cell, Line, Style, write_csv, write_xlsx
from kcc_etl.schema import return_form as form
from tests.bare_form import bare_bytes

LANDED_ON = date(2026, 10, 20)
QUARTER = "2026-27-Q2"
CONTRACT = "KSW-0001"
SUPPLIER = "Example Gritters Ltd"
OURS = "GB-PPON-PABC-1234-DEFG"

PLAIN = Style(dates="%d/%m/%Y")

REGISTER_FIELDS = (
    "contract_ref", "contract_title", "supplier_name", "supplier_company_number",
    "value_ex_vat_pence", "start_on", "end_on",
)  # fmt: skip
LEDGER_FIELDS = (
    "payment_ref", "supplier_name", "supplier_company_number", "purpose", "amount_ex_vat_pence",
    "vat_pence", "paid_on",
)  # fmt: skip
DECISION_FIELDS = (
    "decision_id", "decision_kind", "subject", "measure_code", "period", "quantity", "role", "reason_code",
    "decided_on",
)  # fmt: skip
LINES = (
    ("S5", "E07000110", Fraction(25, 2)),
    ("C1", "E07000106", Fraction(30)),
    ("C2", "county", Fraction(8)),
    ("C3", "E07000110", Fraction(450)),
    ("S4", "E07000111", Fraction(2)),
)
"""Measure, district, quantity: rows 16 to 20 of the form."""


@cache
def return_file(
    period: str = QUARTER, contract: str = CONTRACT, supplier: str = SUPPLIER, lines: int = 5
) -> bytes:
    """A return of up to five lines, without a fault."""
    made = new_form(period, contract, "Winter gritting", supplier)
    for code, district, quantity in LINES[:lines]:
        add_line(made, code, district, quantity)
    return bare_bytes(made)


@cache
def nil_return() -> bytes:
    """A return with nothing to report."""
    made = new_form(QUARTER, CONTRACT, "Winter gritting", SUPPLIER)
    made.answers[form.NIL_ROW] = "Yes"
    return bare_bytes(made)


@cache
def ten_lines() -> bytes:
    """A return whose evidence is spread over ten lines, each district once a measure."""
    made = new_form(QUARTER, CONTRACT, "Winter gritting", SUPPLIER)
    for code in ("S5", "C1"):
        for n, district in enumerate(("E07000105", "E07000106", "E07000107", "E07000108", "E07000109"), 1):
            add_line(made, code, district, Fraction(n))
    return bare_bytes(made)


def contracts(count: int = 6) -> list[Line]:
    """Contracts of a register, 2026 to 2029."""
    return [
        Line(
            {
                "contract_ref": f"KSW-{n:04d}",
                "contract_title": f"Works package {n}",
                "supplier_name": f"Imaginary Builders {n} Ltd",
                "supplier_company_number": f"0{1000000 + n}",
                "value_ex_vat_pence": 12_500_000 + n * 100,
                "start_on": date(2026, 4, 12 + n),
                "end_on": date(2029, 4, 12 + n),
            }
        )
        for n in range(1, count + 1)
    ]


def payments(count: int = 6) -> list[Line]:
    """Lines of a ledger, July 2026."""
    return [
        Line(
            {
                "payment_ref": f"P-{n:05d}",
                "supplier_name": f"Imaginary Supplies {n} Ltd",
                "supplier_company_number": f"0{2000000 + n}",
                "purpose": "Highway maintenance",
                "amount_ex_vat_pence": 60_000 + n,
                "vat_pence": 12_000,
                "paid_on": date(2026, 7, 13 + n % 15),
            }
        )
        for n in range(1, count + 1)
    ]


def register_rows(count: int = 6) -> list[list[str]]:
    """The register as records of text, its heading first."""
    return list(csv.reader(io.StringIO(register_csv(count=count).decode(), newline="")))


def ledger_rows(count: int = 6) -> list[list[str]]:
    """The ledger as records of text, its heading first."""
    return list(csv.reader(io.StringIO(ledger_csv(count=count).decode(), newline="")))


@cache
def register_csv(style: Style = PLAIN, count: int = 6) -> bytes:
    """A register as delimited text."""
    return _written_csv("register", REGISTER_FIELDS, contracts(count), style)


@cache
def ledger_csv(style: Style = PLAIN, count: int = 6) -> bytes:
    """A ledger as delimited text."""
    return _written_csv("payments", LEDGER_FIELDS, payments(count), style)


@cache
def register_xlsx(count: int = 6) -> bytes:
    """A register as a workbook."""
    return _written_xlsx("register", REGISTER_FIELDS, contracts(count))


@cache
def ledger_xlsx(count: int = 6) -> bytes:
    """A ledger as a workbook."""
    return _written_xlsx("payments", LEDGER_FIELDS, payments(count))


@cache
def decisions_csv() -> bytes:
    """A log of decisions."""
    cells: list[dict[str, Cell]] = [
        {
            "decision_id": f"D-{n}", "decision_kind": "verification", "subject": CONTRACT, "measure_code": code,
            "period": QUARTER, "quantity": "2", "role": "Contract manager", "reason_code": "seen",
            "decided_on": date(2026, 10, 14 + n),
        }
        for n, code in enumerate(("S5", "C1", "C2"), 1)
    ]  # fmt: skip
    return _written_csv("decisions", DECISION_FIELDS, [Line(each) for each in cells], Style())


@cache
def notices_json(count: int = 3) -> bytes:
    """A release package of our own notices."""
    releases = [
        {
            "id": f"{n:06d}-2026",
            "ocid": f"ocds-h6vhtk-{n:06d}",
            "date": "2026-07-29T23:35:49+01:00",
            "tag": ["award"],
            "buyer": {"id": OURS, "name": "Wealdmarsh County Council"},
            "tender": {"title": "Gritting", "mainProcurementCategory": "services"},
            "awards": [{"id": "1", "suppliers": [{"id": "GB-COH-01234567", "name": "Example Limited"}]}],
            "contracts": [{"id": "1", "awardID": "1", "value": {"amount": 847863.5, "currency": "GBP"}}],
        }
        for n in range(1, count + 1)
    ]
    return json.dumps({"version": "1.1", "releases": releases}).encode()


def as_csv(
    rows: Sequence[Sequence[str]], encoding: str = "utf-8", ends: str = "\r\n", delimiter: str = ","
) -> bytes:
    """Records of text as a delimited file."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=ends, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding)


def _written_csv(source: str, columns: Sequence[str], lines: list[Line], style: Style) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        write_csv(path, source, columns, lines, style)
        return path.read_bytes()


def _written_xlsx(source: str, columns: Sequence[str], lines: list[Line]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.xlsx"
        write_xlsx(path, source, "Sheet1", columns, lines)
        return path.read_bytes()


def quarter_return(period: str, factors: Sequence[Fraction | int]) -> bytes:
    """A return whose quantities are those of `LINES`, each times its factor; 0 leaves the line out."""
    made = new_form(period, CONTRACT, "Winter gritting", SUPPLIER)
    for (code, district, quantity), factor in zip(LINES, factors, strict=True):
        if factor:
            add_line(made, code, district, quantity * factor)
    return bare_bytes(made)
