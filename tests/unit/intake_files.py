"""Files made on the spot for the tests of the readers. Does not belong here: tests."""

from __future__ import annotations

import atexit
import hashlib
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl

from kcc_etl.intake.headings.mapping import HeaderMapping
from kcc_etl.intake.parsed import FileIdentity, Parsed
from kcc_etl.intake.reader import parse
from kcc_etl.intake.workbooks.guard import Guard
from kcc_etl.schema import return_form as form

LANDED_ON = date(2026, 10, 20)

GUARD = Guard()
"""One for all tests of a process, which start it with the first workbook they read."""
atexit.register(GUARD.close)


def parse_bytes(
    folder: Path,
    data: bytes,
    kind: str,
    name: str = "file.csv",
    *,
    mapping: HeaderMapping | None = None,
    authority_ids: Sequence[str] = (),
    landed_on: date = LANDED_ON,
) -> Parsed:
    """The file as the reader sees it, landed under its hash."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = folder / sha256
    path.write_bytes(data)
    file = FileIdentity(sha256, "test", name, landed_on)
    return parse(path, kind=kind, file=file, mapping=mapping, authority_ids=authority_ids, guard=GUARD)


def fate(parsed: Parsed) -> tuple[object, object, int, list[str], list[str]]:
    """Fate of the file, rows arrived, rows accepted, rules of the rows set aside, rules of the findings."""
    return (
        parsed.receipt["fate"],
        parsed.receipt["rows_arrived"],
        len(parsed.rows),
        sorted(parsed.set_aside["rule_id"]),
        sorted(finding.rule_id for finding in parsed.findings),
    )


def workbook_bytes(book: openpyxl.Workbook) -> bytes:
    """The workbook as a file."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_bytes(rows: Sequence[Sequence[object]], title: str = "Sheet1") -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    return workbook_bytes(book)


ONE_LINE = ("M01", "E07000110", 12.5, 100, "Yes", "EV-1")


def return_bytes(
    lines: Sequence[Sequence[object]] = (ONE_LINE,),
    *,
    answers: dict[int, object] | None = None,
    headings: dict[str, str] | None = None,
    sheet: str = form.SHEET,
) -> bytes:
    """A return workbook; a line is measure, district, quantity, attribution, additional, evidence."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    given: dict[int, object] = {
        form.VERSION_ROW: form.TEMPLATE_VERSION,
        form.CONTRACT_REF_ROW: "WM-2026-001",
        form.CONTRACT_TITLE_ROW: "Winter gritting",
        form.SUPPLIER_ROW: "Example Gritters Ltd",
        form.PERIOD_ROW: "2026-27-Q2",
        form.NIL_ROW: "No",
        form.CONFIRM_SCOPE_ROW: "Yes",
        form.CONFIRM_COMMITMENT_ROW: "Yes",
        **(answers or {}),
    }
    for row, answer in given.items():
        page[f"A{row}"] = form.LABELS[row]
        page[f"B{row}"] = answer
    for letter, (title, _) in form.COLUMNS.items():
        page[f"{letter}{form.HEADER_ROW}"] = (headings or {}).get(letter, title)
    for row, (measure, district, quantity, share, additional, evidence) in enumerate(
        lines, form.FIRST_LINE_ROW
    ):
        for letter, value in zip(
            "ADEFGH", (measure, district, quantity, share, additional, evidence), strict=True
        ):
            page[f"{letter}{row}"] = value
        page[f"B{row}"], page[f"C{row}"] = "What it counts", "hours"
    return workbook_bytes(book)
