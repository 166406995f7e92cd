"""Which rule a cell of a register, ledger or decisions log breaks when it is unreadable or empty.

Does not belong here: reading cells (`values`), sorting rows (`tabular`), what a rule says.
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.schema.fields import FieldType

KEYS = {"register": "contract_ref", "payments": "payment_ref", "decisions": "decision_id"}
"""The field that names a row of the kind, in messages and when a total is told from a record."""

RULE_OF_TYPE: dict[str, dict[FieldType, str]] = {
    "register": {
        "pence": "CR-003",
        "date": "CR-004",
        "boolean": "CR-020",
        "integer": "CR-020",
        "exact": "CR-020",
        "text": "CR-020",
    },
    "payments": {
        "pence": "SP-001",
        "date": "SP-002",
        "boolean": "SP-016",
        "integer": "SP-016",
        "exact": "SP-016",
        "text": "SP-016",
    },
    "decisions": {
        "pence": "DC-002",
        "date": "DC-001",
        "boolean": "DC-002",
        "integer": "DC-002",
        "exact": "DC-002",
        "text": "DC-001",
    },
}
"""Which rule an unreadable cell breaks, by the type of its field."""

RULE_WHEN_MISSING: dict[str, dict[str, str]] = {
    "register": {
        "contract_ref": "CR-001",
        "supplier_name": "CR-009",
        "value_ex_vat_pence": "CR-003",
        "start_on": "CR-004",
        "end_on": "CR-004",
    },
    "payments": {"supplier_name": "SP-012", "amount_ex_vat_pence": "SP-001", "paid_on": "SP-002"},
    "decisions": {
        "decision_id": "DC-001",
        "role": "DC-001",
        "reason_code": "DC-001",
        "decided_on": "DC-001",
        "decision_kind": "DC-002",
    },
}
"""Which rule an empty cell breaks; any other field may be empty."""


NOT_YET: dict[str, dict[str, str]] = {"payments": {"paid_on": "unpaid"}}
"""The word that says of a field that what it tells has not happened yet; an empty cell does not say so."""


@dataclass(frozen=True)
class CellFault:
    """One fault of one cell: its rule, its field, what was found and what should stand there."""

    rule_id: str
    field_name: str
    found: str
    expected: str
