"""Stage 3: what is redacted in the figures of a period.

Does not belong here: who is redacted and how it is counted (`kcc_etl.domain`), formats (`reports`).
"""

from __future__ import annotations

import pandas as pd

from assets.figures import Given, figures_of_period
from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import Period
from kcc_etl.domain.redactions import COUNTED, count_redactions


def _redactions(given: Given, period: Period) -> pd.DataFrame:
    published = {table: given.read(table, period) for table in COUNTED}
    return count_redactions(published, period, given.parameters.redaction.reasons)


REDACTION_ASSETS = [figures_of_period(keys.OUT_REDACTION, _redactions)]
