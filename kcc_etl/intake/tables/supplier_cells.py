"""Cells that say who a supplier is: numbers repaired or left out with the reason, odd letters in a name told.

Does not belong here: how a number is read (`kcc_etl.domain.identifiers`), which suppliers are one.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from kcc_etl.domain.identifiers import (
    Identifier,
    read_charity_number,
    read_company_number,
    read_ppon,
)
from kcc_etl.domain.names import fault_in_letters
from kcc_etl.intake.tables.row_rules import CellFault

_COMPANY, _CHARITY, _PPON = "supplier_company_number", "supplier_charity_number", "supplier_ppon"
_READERS: dict[str, Callable[[str | None], Identifier]] = {
    _COMPANY: read_company_number,
    _CHARITY: read_charity_number,
    _PPON: read_ppon,
}
_FORMS = {
    _COMPANY: "a company number of eight characters",
    _CHARITY: "a charity number such as 1123456, SC012345 or NIC101234",
    _PPON: "an identifier of the form PABC-1234-DEFG",
}
_RULES = {
    "register": {_COMPANY: "CR-008", _CHARITY: "SU-001", _PPON: "SU-002", "supplier_name": "SU-003"},
    "payments": {_COMPANY: "SP-017", _CHARITY: "SU-004", "supplier_name": "SU-005"},
}


def read_supplier_cells(kind: str, values: MutableMapping[str, Any]) -> list[CellFault]:
    """Put each number in the form of its register, or out when it is none; returns what there is to tell.

    A cell such as `N/A` gives no number and nothing to tell. A charity number that stands in the column for
    company numbers, and says so, moves to its own column where that is empty.
    """
    faults = []
    for name, rule_id in _RULES.get(kind, {}).items():
        text = values.get(name)
        if not isinstance(text, str):
            continue
        if name in _READERS:
            read = _READERS[name](text)
            values[name] = read.number
            if name == _COMPANY and read.number is None and not values.get(_CHARITY):
                values[_CHARITY] = _charity_told(text)
            if read.note:
                faults.append(CellFault(rule_id, name, text, _expected(name, read, values)))
        elif odd := fault_in_letters(text):
            faults.append(CellFault(rule_id, name, text, f"one alphabet, letters as they look; found {odd}"))
    return faults


def _charity_told(text: str) -> str | None:
    """The charity number in a text with a word for it, such as `CHA1049226`; digits alone prove nothing."""
    number = read_charity_number(text).number
    told = number is not None and "CHA" in text.upper()
    return number if told else None


def _expected(name: str, read: Identifier, values: MutableMapping[str, Any]) -> str:
    if read.number is not None:
        return f"{read.number}, as it is counted now ({read.note})"
    moved = ""
    if name == _COMPANY and "charity" in read.note:
        moved = f"; it counts as charity number {values[_CHARITY]}"
    return f"{_FORMS[name]}; this one counts as empty: {read.note}{moved}"
