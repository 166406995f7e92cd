"""The return workbook: where each answer stands. One place for the form we issue and the form we read.

Does not belong here: reading or writing workbooks (`kcc_etl.intake`, `reports`).
"""

from __future__ import annotations

SHEET = "Return"
GUIDANCE_SHEET = "Guidance"
TARGETS_SHEET = "Targets"
COUNTING_SHEET = "Counting rules"
LISTS_SHEET = "Lists"
SHEETS_BESIDE = (GUIDANCE_SHEET, TARGETS_SHEET, COUNTING_SHEET, LISTS_SHEET)
"""What we put beside the sheet that is read."""

TITLE = "Social value return"
TEMPLATE_VERSION = "kcc-return-1"
KNOWN_TEMPLATE_VERSIONS = (TEMPLATE_VERSION,)

ANSWER_COLUMN = "B"
ANSWERS_HEADER_ROW = 5
ANSWERS_HEADINGS = ("Question", "Answer")
VERSION_ROW = 6
CONTRACT_REF_ROW = 7
CONTRACT_TITLE_ROW = 8
SUPPLIER_ROW = 9
PERIOD_ROW = 10
NIL_ROW = 11
CONFIRM_SCOPE_ROW = 12
CONFIRM_COMMITMENT_ROW = 13
CONFIRM_ROWS = (CONFIRM_SCOPE_ROW, CONFIRM_COMMITMENT_ROW)

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

LINES_TITLE_ROW = 14
LINES_TITLE = "What was delivered, one line for each measure and district"
HEADER_ROW = 15
FIRST_LINE_ROW = 16
LAST_LINE_ROW = 215

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

PERCENT, PERCENT_IN_WORDS = "%", "per cent (%)"
"""The unit of a percentage, and as it is printed: a sign alone in a cell says nothing to a screen reader."""

UNIT_COLUMN = "C"

LINES_OF_A_MEASURE = 3
"""Lines printed for a measure: for several districts, without a form full of blank lines."""

ANSWERED_COLUMNS = ("D", "E", "F", "G", "H")
"""A line has arrived when any of these is filled in; A to C are filled in by us before the form goes out."""
