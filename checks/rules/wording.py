"""What findings of several rules show: days, and texts of some rows.

Does not belong here: amounts and quantities (`kcc_etl.domain.money`).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def days(values: pd.Series) -> pd.Series:
    """Days as ISO dates; missing where there is none."""
    texts: pd.Series = values.dt.strftime("%Y-%m-%d").astype(object)
    return texts


def texts_of(where: pd.Series, texts: Sequence[str]) -> pd.Series:
    """A text for each row where a boolean by row is true, in their order; missing elsewhere."""
    return pd.Series(list(texts), index=where.index[where], dtype=object).reindex(where.index)
