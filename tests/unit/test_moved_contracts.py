"""PB-021: a published contract has an end and a value that the register and the decisions lead to."""

from __future__ import annotations

from datetime import date

import pytest

from checks.rules.moved_contracts import beyond_decisions
from kcc_etl import asset_keys as keys
from kcc_etl.schema.frames import from_rows

END = date(2029, 3, 31)
RAISED = {
    "decision_id": "D-1", "decision_kind": "value change", "subject": "C-1", "effective_on": date(2026, 10, 1),
    "value_before_pence": 10_000_000, "value_after_pence": 12_000_000,
}  # fmt: skip
EXTENDED = {
    "decision_id": "D-2", "decision_kind": "extension", "subject": "C-1", "effective_on": date(2029, 4, 1),
    "old_end_on": END, "new_end_on": date(2030, 3, 31), "value_before_pence": 12_000_000,
    "value_after_pence": 15_000_000,
}  # fmt: skip
ENDED = {
    "decision_id": "D-3", "decision_kind": "early end", "subject": "C-1", "new_end_on": date(2027, 1, 31),
}  # fmt: skip


@pytest.mark.parametrize(
    ("decisions", "end", "pence", "strange"),
    [
        ([], END, 10_000_000, False),
        ([], END, 10_000_001, True),
        ([], date(2029, 4, 1), 10_000_000, True),
        ([RAISED], END, 12_000_000, False),
        ([RAISED], END, 8_000_000, False),  # the register showed the change, and it is taken back
        ([RAISED], END, 14_000_000, True),  # counted twice
        ([RAISED], END, 11_999_999, True),
        ([RAISED, EXTENDED], date(2030, 3, 31), 15_000_000, False),
        ([RAISED, EXTENDED], date(2030, 3, 31), 13_000_000, False),
        ([RAISED, EXTENDED], date(2030, 4, 1), 15_000_000, True),
        ([ENDED], date(2027, 1, 31), 10_000_000, False),
        ([ENDED], date(2027, 2, 1), 10_000_000, True),
        ([{**RAISED, "subject": "C-2"}], END, 12_000_000, True),
        ([{**RAISED, "decision_kind": "override"}], END, 12_000_000, True),
    ],
)
def test_what_no_decision_gives_is_strange(
    decisions: list[dict[str, object]], end: date, pence: int, strange: bool
) -> None:
    contract = {"contract_ref": "C-1", "end_on": END, "value_ex_vat_pence": 10_000_000}
    listed = from_rows([contract | {"end_on": end, "value_ex_vat_pence": pence}], keys.OUT_REGISTER)
    contracts = from_rows([contract], keys.CORE_CONTRACT)
    found = beyond_decisions(listed, contracts, from_rows(decisions, keys.CORE_DECISION))
    assert found == ({"C-1"} if strange else set())
