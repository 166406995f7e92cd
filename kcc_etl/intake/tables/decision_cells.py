"""Officers' decisions: what one row must say by its kind.

Does not belong here: cells that cannot be read (`tabular`), whether the subject is known (`domain.core`).
"""

from __future__ import annotations

import re
from fractions import Fraction

from kcc_etl.domain import sameness
from kcc_etl.intake.cells.explain import EXPECTED
from kcc_etl.intake.cells.typed import Value, own_words, word_meant
from kcc_etl.intake.parsed import NOTHING
from kcc_etl.intake.tables.row_rules import CellFault

_WITHOUT_QUANTITY = ("clearance", "accepted file", *sameness.KINDS)
_FILE_DIGITS = re.compile(r"[0-9a-fA-F]{12,64}")


def decision_faults(values: dict[str, Value]) -> list[CellFault]:
    """The kind is one of the list, and its quantity is zero or more where the kind needs one. Rule DC-002."""
    kind = word_meant("decision_kind", str(values["decision_kind"] or ""))
    if kind is None:
        *others, last = own_words("decision_kind")
        expected = f"{', '.join(others)} or {last}"
        return [CellFault("DC-002", "decision_kind", str(values["decision_kind"] or NOTHING), expected)]
    values["decision_kind"] = kind
    quantity = values["quantity"]
    if kind == "accepted file" and not _FILE_DIGITS.fullmatch(str(values["subject"] or "")):
        expected = "the first twelve or more digits of the SHA-256 of the file"
        return [CellFault("DC-002", "subject", str(values["subject"] or NOTHING), expected)]
    if kind in sameness.KINDS and values["other_subject"] is None:
        expected = "the other supplier: its key, number or name"
        return [CellFault("DC-002", "other_subject", NOTHING, expected)]
    if kind in _WITHOUT_QUANTITY or (isinstance(quantity, Fraction) and quantity >= 0):
        return []
    return [
        CellFault("DC-002", "quantity", NOTHING if quantity is None else str(quantity), EXPECTED["exact"])
    ]
