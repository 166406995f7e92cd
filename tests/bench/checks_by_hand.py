"""The conditions of the rules on payments as a person would write them, for comparison with the runner.

In pandas, and with Great Expectations as its guides use it: one suite, every condition an expectation, complete
results with the keys of the lines at fault. What needs another table is joined beforehand.
Does not belong here: the same in polars (`checks_in_polars`), measuring (`checks_driver`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from checks.rules.outcome import Inputs
from checks.rules.section_70 import _standings
from kcc_etl import asset_keys as keys
from kcc_etl.domain.names import fold_name

KEY = ["source_sha256", "source_file", "source_sheet", "source_row"]
RULES = ("SP-005", "SP-006", "SP-008", "SP-009", "SP-010", "SP-011", "SP-013", "SP-014", "SP-015", "SP-019")
_ORDER = ["paid_on", "source_name", "source_file", "source_sheet", "source_row"]
_REDACTED = r"(?i)\b(?:redacted|redaction|withheld)\b"
_NO_NUMBER = ["", "-", "n/a", "na", "nil", "none", "no number", "tbc", "unknown", "various"]


def in_pandas(given: Inputs) -> dict[str, pd.DataFrame]:
    """The keys of the lines at fault by rule."""
    lines = _joined(given)
    masks = _masks(given, lines)
    return {rule: lines.loc[mask, KEY] for rule, mask in masks.items()}


def _joined(given: Inputs) -> pd.DataFrame:
    contracts = given.frames[keys.CORE_CONTRACT]
    columns = ["contract_ref", "supplier_key", "supplier_name", "value_ex_vat_pence", "end_on"]
    return given.frames[keys.CORE_PAYMENT].merge(
        contracts[columns], on="contract_ref", how="left", suffixes=("", "_of"), indicator=True
    )


def _told(text: pd.Series) -> pd.Series:
    known = text.fillna("")
    return ~known.str.strip().str.casefold().isin(_NO_NUMBER) & ~known.str.contains(_REDACTED, regex=True)


def _masks(given: Inputs, lines: pd.DataFrame) -> dict[str, pd.Series]:
    found = lines["_merge"] == "both"
    amount, credit = lines["amount_ex_vat_pence"], lines["is_credit_note"]
    differs = found & (lines["supplier_key"] != lines["supplier_key_of"]) & _told(lines["supplier_name"])
    pairs = lines.loc[differs, ["supplier_name", "supplier_name_of"]]
    folded = {name: fold_name(name) for name in pd.unique(pairs.to_numpy().ravel())}
    same = pairs["supplier_name"].map(folded) == pairs["supplier_name_of"].map(folded)
    law = given.parameters.statutory.section_70
    gross = lines["amount_inc_vat_pence"].fillna(amount + lines["vat_pence"]).fillna(amount)
    no_gross = lines["amount_inc_vat_pence"].isna() & lines["vat_pence"].isna()
    standing = lines["contract_ref"].map(_standings(given)).fillna("out")
    since = lines["paid_on"] >= pd.Timestamp(law.commenced_from)
    over, perhaps = gross > law.above_pence, no_gross & (gross * 6 // 5 > law.above_pence)
    arrived = given.frames["receipt"]["rows_arrived"].sum()
    masks = {
        "SP-005": lines["contract_ref"].notna() & ~found,
        "SP-006": differs & ~same.reindex(lines.index, fill_value=True),
        "SP-008": lines["paid_on"] < lines["invoice_received_on"],
        "SP-009": (amount < 0) != credit,
        "SP-010": _paid_again(lines),
        "SP-011": _beyond_value(lines),
        "SP-013": pd.Series(len(lines) == 0, index=lines.index[:1]).reindex(lines.index, fill_value=False),
        "SP-014": pd.Series(len(lines) != arrived, index=lines.index[:1]).reindex(lines.index, fill_value=False),
        "SP-015": lines["paid_on"] > lines["end_on"] + pd.DateOffset(years=1),
        "SP-019": since & (standing != "out") & (over | perhaps) & ~(over & (standing == "reached")),
    }  # fmt: skip
    return {rule: mask.fillna(False).astype(bool) for rule, mask in masks.items()}


def _paid_again(lines: pd.DataFrame) -> pd.Series:
    amount = lines["amount_ex_vat_pence"]
    by = [lines["supplier_key"], lines["invoice_ref"], amount.abs()]
    repeated = pd.concat(by, axis=1).duplicated(keep=False)
    ordered = lines[repeated].sort_values(_ORDER)
    amount = ordered["amount_ex_vat_pence"]
    by = [ordered["supplier_key"], ordered["invoice_ref"], amount.abs()]
    paid, credited = amount > 0, amount < 0
    nth = paid.astype(int).groupby(by).cumsum()
    first = ordered["paid_on"].where(paid) == ordered["paid_on"].where(paid).groupby(by).transform("min")
    allowed = first.astype(int).groupby(by).transform("sum") + credited.astype(int).groupby(by).transform(
        "sum"
    )
    told = _told(ordered["invoice_ref"]) & _told(ordered["supplier_name"])
    return ((nth > allowed) & paid & told).reindex(lines.index, fill_value=False)


def _beyond_value(lines: pd.DataFrame) -> pd.Series:
    total = lines["amount_ex_vat_pence"].groupby(lines["contract_ref"]).transform("sum")
    value = lines["value_ex_vat_pence"]
    ordered = lines[((total > value) & (value > 100)).fillna(False).astype(bool)].sort_values(_ORDER)
    running = ordered["amount_ex_vat_pence"].groupby(ordered["contract_ref"]).cumsum()
    over = ordered[running > ordered["value_ex_vat_pence"]].drop_duplicates("contract_ref")
    return pd.Series(lines.index.isin(over.index), index=lines.index)


@cache
def _expectations() -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("payments")
    kinds = gx.expectations
    order = kinds.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A="paid_on",
        column_B="invoice_received_on",
        or_equal=True,
        ignore_row_if="either_value_is_missing",
    )
    flags = [
        kinds.ExpectColumnValuesToBeInSet(column=rule, value_set=[True])
        for rule in RULES
        if rule not in {"SP-008", "SP-013"}
    ]
    suite = gx.ExpectationSuite(
        name="payments", expectations=[order, kinds.ExpectTableRowCountToBeBetween(min_value=1), *flags]
    )
    return asset.add_batch_definition_whole_dataframe("whole"), suite


def as_its_guides_use_it(given: Inputs) -> dict[str, pd.DataFrame]:
    """Flags of what it cannot say are columns that must be true; the rest are its own expectations."""
    batches, suite = _expectations()
    lines = _joined(given)
    masks = _masks(given, lines)
    flagged = lines.assign(**{rule: ~mask for rule, mask in masks.items()})
    wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": KEY}
    results = batches.get_batch({"dataframe": flagged}).validate(suite, result_format=wanted).results
    names = ["SP-008", "SP-013", *(rule for rule in RULES if rule not in {"SP-008", "SP-013"})]
    return {
        rule: pd.DataFrame(result.result.get("unexpected_index_list") or [], columns=KEY)
        for rule, result in zip(names, results, strict=True)
    }
