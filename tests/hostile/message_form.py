"""The form that every message has: where, what was found, what was expected, what to do, in plain words.

Does not belong here: which findings are walked.
"""

from __future__ import annotations

import re

from kcc_etl.domain.findings import TOLD_LIMIT, Finding
from kcc_etl.schema.rules import RULES

WORDS_OF_THE_PROGRAM = re.compile(
    r"Traceback|\w+Error\b|Exception|<class|object at 0x|NoneType|\bb['\"]|zipfile|\.py\b|\bNaN\b|\bNaT\b|\bnull\b"
    r"|\b(?:None|True|False|dict|tuple|str|int|float|bool|boolean|string|integer|array|parse|parser|parsed|regex|exception"
    r"|stack|dtype|dataframe|iterate|codec|expat|calamine|openpyxl|pandas|sqlite|msgspec|schema|payload|callback)\b"
)
"""Words that a supplier cannot act on."""
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_WHOLE_ROWS = {"IN-019", "IN-035"}
"""Rules on rows that have no cell of their own."""


_WITHOUT_TITLE = {"IN-005", "IN-035", "IN-036"}
"""Rules on cells above the heading, beyond it, or of no column in particular."""


def faults_of(finding: Finding) -> list[str]:
    """What is wrong with the form of a message, in words; nothing when it is as it should be."""
    return [*_faults_of_place(finding), *_faults_of_words(finding), *_faults_of_sentence(finding)]


def _faults_of_place(finding: Finding) -> list[str]:
    rule = RULES[finding.rule_id]
    faults = []
    if not (finding.source_file or finding.source_name or finding.subject):
        faults.append("names neither file nor source nor subject")
    of_a_row = finding.source_row and rule.stage == "intake" and not rule.id.startswith("NT")
    if of_a_row and rule.id not in _WHOLE_ROWS and not _ADDRESS.fullmatch(finding.cell):
        faults.append(f"names no cell of its row ({finding.cell!r})")
    if of_a_row and finding.cell and not finding.column_title and rule.id not in _WITHOUT_TITLE:
        faults.append("names no column title")
    if finding.cell and finding.source_file.endswith(".xlsx") and not finding.source_sheet:
        faults.append("names no sheet")
    return faults


def _faults_of_words(finding: Finding) -> list[str]:
    faults = []
    for name in ("found", "expected", "remedy"):
        text = getattr(finding, name)
        if not text.strip():
            faults.append(f"says nothing of what was {name}")
        if not text.isprintable():
            faults.append(f"{name} holds control characters")
        if name != "found" and WORDS_OF_THE_PROGRAM.search(text):
            faults.append(f"{name} speaks as the program does: {text}")
    if len(finding.found) > TOLD_LIMIT:
        faults.append(f"found is longer than {TOLD_LIMIT} characters")
    of_the_file = not finding.cell and not finding.source_row
    if of_the_file and WORDS_OF_THE_PROGRAM.search(_unquoted(finding.found)):
        faults.append(f"found speaks as the program does: {finding.found}")
    return faults


def _faults_of_sentence(finding: Finding) -> list[str]:
    shown = str(finding)
    place = (finding.cell, finding.column_title, finding.source_sheet)
    parts = (finding.rule_id, finding.found, finding.expected, finding.remedy, *place)
    faults = [] if shown.isprintable() else ["shows control characters"]
    return [*faults, *(f"leaves out {part!r}" for part in parts if part and part not in shown)]


def _unquoted(text: str) -> str:
    """The text without what it quotes from the file."""
    return re.sub(r"'[^']*'", "", text)
