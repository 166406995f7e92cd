"""Cells that hold one word of a list: read however it is spelt; another word held, left out or told.

Does not belong here: the lists (`kcc_etl.schema.fields`), kinds of decisions (`decision_cells`).
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from kcc_etl.intake.cells.typed import own_words, word_meant
from kcc_etl.intake.tables.row_rules import CellFault

_RULES = {
    "register": {
        "agreement_kind": "CR-021",
        "procurement_category": "CR-021",
        "service_group": "CR-021",
        "regime": "CR-021",
        "supplier_size": "CR-020",
        "process_type": "CR-020",
        "district": "",
    },
    "payments": {"payee_kind": "SP-020", "card_transaction": "SP-016"},
}
"""Which rule another word breaks; none where a check of the table tells it.

Section 70 and the targets read the words of CR-021: without them nobody can say what they reach.
"""

_COUNT_AS_EMPTY = frozenset({"CR-020", "SP-016"})


def read_word_cells(kind: str, values: MutableMapping[str, Any]) -> list[CellFault]:
    """Put each word as its list has it; returns the words that are in no list."""
    faults = []
    for name, rule_id in _RULES.get(kind, {}).items():
        text = values.get(name)
        if not isinstance(text, str):
            continue
        word = word_meant(name, text)
        if word is None and rule_id:
            faults.append(CellFault(rule_id, name, text, _expected(name)))
        values[name] = None if word is None and rule_id in _COUNT_AS_EMPTY else word or text
    return faults


def _expected(field_name: str) -> str:
    *others, last = own_words(field_name)
    return f"{', '.join(others)} or {last}"
