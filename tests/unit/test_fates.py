"""The account of what arrived: files by fate, and nothing of a file that is kept out counts as arrived."""

from __future__ import annotations

import pandas as pd
import pytest

from kcc_etl.domain.fates import account
from kcc_etl.schema.frames import empty
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, KINDS


@pytest.mark.parametrize("fate", ["refused", "quarantined", "excluded"])
def test_a_file_that_is_kept_out_is_counted_and_its_rows_are_not(fate: str) -> None:
    receipts = pd.DataFrame(
        {
            "kind": ["payments", "payments"],
            "fate": ["accepted", fate],
            "rows_arrived": [0, 7],
            "pence_arrived": [0, 700],
        }
    )
    cores = {kind: empty(CORE_TABLE_OF_KIND[kind].name) for kind in KINDS}
    line = account(receipts, empty("set_aside"), cores).set_index("kind").loc["payments"]
    assert (line["files"], line["rows_arrived"], line["pence_arrived"]) == (2, 0, 0)
    assert (line["files_refused"], line["files_quarantined"]) == (
        int(fate == "refused"),
        int(fate == "quarantined"),
    )
