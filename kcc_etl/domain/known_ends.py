"""The last day of each contract as it was known on a day: after the changes that had been decided by then.

Does not belong here: which changes count (`counted_changes`), which returns follow from it (`return_terms`).
"""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd

from kcc_etl.domain.changes import end_after, original_end, standing
from kcc_etl.domain.counted_changes import records_that_count


class KnownEnds:
    """The ends of contracts through their changes. A contract without a day of its own has none.

    The register shows a contract before its changes or after them, so its day says nothing of what was known
    when; the decisions do.
    """

    def __init__(self, contracts: pd.DataFrame, decisions: pd.DataFrame) -> None:
        columns = contracts[["contract_ref", "end_on"]].dropna()
        self._shown = {str(ref): day.date() for ref, day in columns.itertuples(index=False, name=None)}
        self._records = records_that_count(contracts, decisions)
        self.on = cache(self._on)

    def _on(self, contract_ref: str, day: date) -> date | None:
        """The last day of a contract by what had been decided by the end of a day."""
        shown = self._shown.get(contract_ref)
        if shown is None or contract_ref not in self._records:
            return shown
        records = self._records[contract_ref]
        first = original_end(shown, standing(records))
        return end_after(first, standing(one for one in records if one.decided_on <= day))
