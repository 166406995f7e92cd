"""The datasets of a pack, one line each: the table of figures behind it, how it is made, its money column.

Does not belong here: what a dataset holds (`transparency`, `lga`), the files (`pack`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.schema.tables import TABLES
from reports.documents import Dataset
from reports.edition import Edition
from reports.transparency import (
    contracts_register,
    payments_over_30k,
    social_value_performance,
    spend_over_500,
)


@dataclass(frozen=True)
class Published:
    """One dataset of every pack.

    `table` is the dictionary table it holds, row by row; `money_column` the published column whose sum is
    held against the pence of that table, empty where it has no money.
    """

    name: str
    table: str
    make: Callable[[pd.DataFrame, Edition], Dataset]
    money_column: str = ""


PUBLISHED: tuple[Published, ...] = (
    Published("payments-over-30k", keys.OUT_OVER_30K, payments_over_30k, "value_net_vat"),
    Published("contracts-register", keys.OUT_REGISTER, contracts_register, "ContractValue"),
    Published("spend-over-500", keys.OUT_SPEND, spend_over_500, "Amount"),
    Published("social-value-performance", keys.OUT_PERFORMANCE, social_value_performance),
)
FIGURES: tuple[str, ...] = tuple(published.table for published in PUBLISHED)
"""The tables of figures that stand in a pack."""


def pack_datasets(frames: Mapping[str, pd.DataFrame], edition: Edition) -> tuple[Dataset, ...]:
    """The datasets of a pack; `frames` holds the tables of figures by name."""
    return tuple(published.make(frames[published.table], edition) for published in PUBLISHED)


def dataset_totals(datasets: Sequence[Dataset], frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Rows, and pence of the money column, of each dataset, counted on the frame and not on the document."""
    by_name = {published.name: published for published in PUBLISHED}
    totals = {}
    for dataset in datasets:
        published = by_name[dataset.name]
        frame, money = frames[published.table], TABLES[published.table].money
        column, names = published.money_column or None, [c.name for c in dataset.table.columns]
        totals[dataset.name] = {
            "rows": len(frame),
            "pence": int(frame[money].sum()) if money else None,
            "money_column": column,
            "money_place": names.index(column) + 1 if column else None,
        }
    return totals
