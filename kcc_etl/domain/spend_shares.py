"""Shares of the council's spend that go to small firms, voluntary bodies and suppliers in Kent.

Does not belong here: who is one (`suppliers`, `sizes`, `places`), targets for the shares, which the council
has not set.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.expenditure import expenditure, spent_pence
from kcc_etl.domain.periods import Period
from kcc_etl.domain.places import NO, YES
from kcc_etl.domain.redaction import are_about_people, called_individuals
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.frames import from_rows


@dataclass(frozen=True)
class Category:
    """One share: its name, the column of the suppliers that answers, and the definition in words."""

    name: str
    column: str
    definition: str


CATEGORIES = (
    Category(
        "SME by the Act",
        "sme_pa23",
        "Fewer than 250 staff, and turnover of at most £44m or a balance sheet of at most £38m: Procurement "
        "Act 2023 s.123(1)",
    ),
    Category(
        "SME by the Code", "sme_code", "Fewer than 250 employees: Transparency Code 2015, LGA guidance v1.3"
    ),
    Category(
        "VCSE",
        "vcse",
        "Voluntary, community or social enterprise, as registers and notices state: Procurement Regulations "
        "2024 reg 9(3)(k)",
    ),
    Category(
        "Kent",
        "in_kent",
        "Address in the county of Kent by its outcode; Medway is outside",
    ),
)


def compute_shares(
    payments: pd.DataFrame,
    suppliers: pd.DataFrame,
    contracts: pd.DataFrame,
    parameters: Parameters,
    period: Period,
) -> pd.DataFrame:
    """The shares of direct spend in a period; one row a category, in pence and exact fractions.

    The same spend stands under each: `direct_spend`. What no source says of a supplier stays unknown; the
    share is then known only to lie between two bounds, all the unknown suppliers one way or the other. There
    is no share where credits outweigh what was paid. Source: `reports.shares`, the published method.
    """
    spend = direct_spend(payments, contracts, parameters, period)
    by_supplier = spend.groupby("supplier_key", dropna=False)["spent_pence"].sum()
    known = suppliers.drop_duplicates("supplier_key").set_index("supplier_key")
    rows = [_row(period, one, by_supplier, known[one.column]) for one in CATEGORIES]
    return from_rows(rows, keys.OUT_SHARE)


def direct_spend(
    payments: pd.DataFrame, contracts: pd.DataFrame, parameters: Parameters, period: Period
) -> pd.DataFrame:
    """The ledger lines that count, with `spent_pence`: expenditure of any value, less credits.

    Left out are grants, which buy nothing, and payments to people or about a person.
    """
    lines = expenditure(payments, contracts, parameters.duties.spend_exclusions, period)
    grants = lines["is_vcse_grant"].fillna(False).astype(bool)
    kept = lines[~grants & ~called_individuals(lines) & ~are_about_people(lines, parameters.redaction)]
    kept = kept.assign(spent_pence=spent_pence(kept))
    return kept[kept["spent_pence"].notna()]


def _row(period: Period, one: Category, by_supplier: pd.Series, answers: pd.Series) -> dict[str, object]:
    answer = by_supplier.index.to_series().map(answers)
    amounts = by_supplier.to_numpy(dtype="int64")
    yes, no = (answer == YES).to_numpy(), (answer == NO).to_numpy()
    unknown = amounts[~yes & ~no]
    total, with_them = int(amounts.sum()), int(amounts[yes].sum())
    return {
        "period": period.id,
        "share_category": one.name,
        "share_definition": one.definition,
        "spend_pence": total,
        "spend_with_pence": with_them,
        "spend_without_pence": int(amounts[no].sum()),
        "spend_unknown_pence": int(unknown.sum()),
        "share_at_least": _share(with_them + int(unknown[unknown < 0].sum()), total),
        "share_at_most": _share(with_them + int(unknown[unknown > 0].sum()), total),
        "suppliers_count": int(yes.sum()),
        "suppliers_unknown_count": len(unknown),
    }


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole > 0 else None
