"""Stage 3: the further sets of the Transparency Code, and the shares of spend.

Does not belong here: which rows a set holds (`kcc_etl.domain`), headings and formats (`reports`).
"""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg
import pandas as pd

from assets.figures import Given, figures_of_period
from kcc_etl import asset_keys as keys
from kcc_etl.domain.code_sets import select_card, select_grants, select_tenders
from kcc_etl.domain.periods import Period
from kcc_etl.domain.spend_shares import compute_shares

Selection = Callable[..., pd.DataFrame]
"""Given the frames of MADE_FROM in order, and by name `parameters` and `period`."""


def _selected(table: str, select: Selection) -> dg.AssetsDefinition:
    """The asset of a table that a selection makes from the tables of MADE_FROM, in their order."""

    def make(given: Given, period: Period) -> pd.DataFrame:
        return select(*given.made_from(table), parameters=given.parameters, period=period)

    return figures_of_period(table, make)


CODE_SET_ASSETS = [
    _selected(keys.OUT_CARD, select_card),
    _selected(keys.OUT_GRANT, select_grants),
    _selected(keys.OUT_SHARE, compute_shares),
    _selected(keys.OUT_TENDER, select_tenders),
]
