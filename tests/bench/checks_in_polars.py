"""The conditions of the rules on payments as a person would write them in polars: lazy, in one collection.

Reading the pandas frames costs about 0.1 s for a million lines and is counted, for the warehouse hands out pandas.
Does not belong here: the same in pandas (`checks_by_hand`), measuring (`checks_driver`).
"""

from __future__ import annotations

from datetime import datetime, time

import polars as pl

from checks.rules.outcome import Inputs
from checks.rules.section_70 import _standings
from kcc_etl import asset_keys as keys
from kcc_etl.domain.names import fold_name
from tests.bench.checks_by_hand import _NO_NUMBER, _ORDER, _REDACTED, KEY

_CONTRACT = ["contract_ref", "supplier_key", "supplier_name", "value_ex_vat_pence", "end_on"]
_LINE = list(dict.fromkeys([
    *KEY, *_ORDER, "contract_ref", "supplier_key", "supplier_name", "invoice_ref", "amount_ex_vat_pence",
    "amount_inc_vat_pence", "vat_pence", "invoice_received_on", "is_credit_note",
]))  # fmt: skip
_AMOUNT, _VALUE = pl.col("amount_ex_vat_pence"), pl.col("value_ex_vat_pence")
_INVOICE = ["supplier_key", "invoice_ref", "size"]


def in_polars(given: Inputs) -> dict[str, pl.DataFrame]:
    """The keys of the lines at fault by rule."""
    lines = pl.from_pandas(given.frames[keys.CORE_PAYMENT][_LINE])
    contracts = pl.from_pandas(given.frames[keys.CORE_CONTRACT][_CONTRACT])
    arrived = int(given.frames["receipt"]["rows_arrived"].sum())
    yearly = contracts.with_columns(year_after=pl.col("end_on").dt.offset_by("1y"))
    joined = lines.lazy().join(yearly.lazy(), on="contract_ref", suffix="_of")
    named, known = pl.col("contract_ref").is_not_null(), contracts["contract_ref"].implode()
    asked = {
        "SP-005": lines.lazy().filter(named & ~pl.col("contract_ref").is_in(known)),
        "SP-006": _to_another(joined),
        "SP-008": lines.lazy().filter(pl.col("paid_on") < pl.col("invoice_received_on")),
        "SP-009": lines.lazy().filter((_AMOUNT < 0) != pl.col("is_credit_note")),
        "SP-010": _paid_again(lines.lazy()),
        "SP-011": _beyond_value(lines.lazy(), contracts.lazy()),
        "SP-013": lines.lazy().head(int(lines.is_empty())),
        "SP-014": lines.lazy().head(int(len(lines) != arrived)),
        "SP-015": joined.filter(pl.col("paid_on") > pl.col("year_after")),
        "SP-019": _undecided(lines.lazy(), given),
    }
    found = pl.collect_all([query.select(KEY) for query in asked.values()])
    return dict(zip(asked, found, strict=True))


def _told(name: str) -> pl.Expr:
    known = pl.col(name).fill_null("")
    is_word = known.str.strip_chars().str.to_lowercase().is_in(_NO_NUMBER)
    return ~is_word & ~known.str.contains(_REDACTED)


def _to_another(joined: pl.LazyFrame) -> pl.LazyFrame:
    names = ["supplier_name", "supplier_name_of"]
    # Collected, for filters are made one, and texts would be searched in every line.
    differs = joined.filter(pl.col("supplier_key") != pl.col("supplier_key_of")).select(KEY + names).collect()
    told = differs.lazy().filter(_told("supplier_name"))
    return told.filter(pl.struct(names).map_batches(_folds_differ, return_dtype=pl.Boolean))


def _folds_differ(names: pl.Series) -> pl.Series:
    pairs = names.struct.unnest()
    folded = {name: fold_name(name) for name in {*pairs["supplier_name"], *pairs["supplier_name_of"]}}
    both = pairs.select(pl.all().replace_strict(folded, return_dtype=pl.String))
    return both["supplier_name"] != both["supplier_name_of"]


def _paid_again(lines: pl.LazyFrame) -> pl.LazyFrame:
    invoices = lines.with_columns(size=_AMOUNT.abs())
    ordered = invoices.filter(pl.struct(_INVOICE).is_duplicated()).drop_nulls(_INVOICE).sort(_ORDER)
    paid, paid_on = _AMOUNT > 0, pl.col("paid_on")
    first = paid & (paid_on == paid_on.filter(paid).min().over(_INVOICE))
    allowed = first.sum().over(_INVOICE) + (_AMOUNT < 0).sum().over(_INVOICE)
    again = paid & (paid.cum_sum().over(_INVOICE) > allowed)
    return ordered.filter(again).filter(_told("invoice_ref") & _told("supplier_name"))


def _beyond_value(lines: pl.LazyFrame, contracts: pl.LazyFrame) -> pl.LazyFrame:
    worth = contracts.select("contract_ref", "value_ex_vat_pence").filter(_VALUE > 100)
    totals = lines.group_by("contract_ref").agg(total=_AMOUNT.sum())
    over = totals.join(worth, on="contract_ref").filter(pl.col("total") > _VALUE)
    ordered = lines.join(over, on="contract_ref").sort(_ORDER)
    beyond = ordered.filter(_AMOUNT.cum_sum().over("contract_ref") > _VALUE)
    return beyond.unique("contract_ref", keep="first", maintain_order=True)


def _undecided(lines: pl.LazyFrame, given: Inputs) -> pl.LazyFrame:
    law, known = given.parameters.statutory.section_70, _standings(given)
    standings = pl.LazyFrame({"contract_ref": list(known), "standing": list(known.values())})
    net_of_vat = pl.col("amount_inc_vat_pence").is_null() & pl.col("vat_pence").is_null()
    gross = pl.coalesce("amount_inc_vat_pence", _AMOUNT + pl.col("vat_pence"), _AMOUNT)
    over, perhaps = gross > law.above_pence, net_of_vat & (gross * 6 // 5 > law.above_pence)
    since = pl.col("paid_on") >= datetime.combine(law.commenced_from, time())
    large = lines.filter(since & (over | perhaps)).join(standings, on="contract_ref")
    reached = over & (pl.col("standing") == "reached")
    return large.filter((pl.col("standing") != "out") & ~reached)
