"""The return workbook: where each answer stands. One place for the form we issue and the form we read.

Does not belong here: reading or writing workbooks (`kcc_etl.intake`, `reports`).
"""

from __future__ import annotations

SHEET = "Return"
GUIDANCE_SHEET = "Guidance"
TITLE = "Social value return"
TEMPLATE_VERSION = "kcc-return-1"
KNOWN_TEMPLATE_VERSIONS = (TEMPLATE_VERSION,)

ANSWER_COLUMN = "B"
VERSION_ROW = 3
CONTRACT_REF_ROW = 4
CONTRACT_TITLE_ROW = 5
SUPPLIER_ROW = 6
PERIOD_ROW = 7
NIL_ROW = 8
CONFIRM_SCOPE_ROW = 9
CONFIRM_COMMITMENT_ROW = 10

LABELS: dict[int, str] = {
    VERSION_ROW: "Template version",
    CONTRACT_REF_ROW: "Contract reference",
    CONTRACT_TITLE_ROW: "Contract title",
    SUPPLIER_ROW: "Supplier",
    PERIOD_ROW: "Period",
    NIL_ROW: "Nothing to report this quarter (Yes or No)",
    CONFIRM_SCOPE_ROW: "These figures are about this contract and this period only (Yes or No)",
    CONFIRM_COMMITMENT_ROW: "These figures are about a commitment in the contract (Yes or No)",
}

HEADER_ROW = 12
FIRST_LINE_ROW = 13
LAST_LINE_ROW = 212

COLUMNS: dict[str, tuple[str, str]] = {
    "A": ("Measure", "measure_code"),
    "B": ("What it counts", ""),
    "C": ("Unit", ""),
    "D": ("District", "district"),
    "E": ("Quantity", "claimed"),
    "F": ("Attribution %", "attribution_pct"),
    "G": ("Additional to the contract (Yes or No)", "is_additional"),
    "H": ("Evidence reference", "evidence_ref"),
}
"""Column letter of a line: heading, and the field it fills (empty for what we pre-fill for the reader)."""

ANSWERED_COLUMNS = ("D", "E", "F", "G", "H")
"""A line has arrived when any of these is filled in; A to C are filled in by us before the form goes out."""
