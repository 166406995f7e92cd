"""Whether a contract reaches the statutory threshold of its type. Values include VAT.

Does not belong here: the thresholds themselves (`kcc_etl.parameters`), what follows from being above one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd

from kcc_etl.parameters.statutory import Statutory

Answer = Literal["yes", "no", "unsure", "unknown"]


def value_reaches(gross: object, net: object, least: int, vat_percent: int) -> Answer:
    """Whether a value including VAT is a limit or more, in pence; the law's limits include VAT.

    Where only the net value is known it is a floor: it reaches the limit, falls short of it even with VAT at
    `vat_percent`, or is unsure between the two. What follows of `unsure` is the caller's: a publication
    leaves the contract out and rule SP-019 names it, the list of duties keeps it and says so.
    Source: Procurement Act 2023 s.123(2); Value Added Tax Act 1994 s.2(1).
    """
    if isinstance(gross, int):
        return "yes" if gross >= least else "no"
    if not isinstance(net, int):
        return "unknown"
    if net >= least:
        return "yes"
    return "unsure" if net * (100 + vat_percent) >= least * 100 else "no"


def threshold_of(contract: Mapping[Any, Any], law: Statutory) -> int | None:
    """Threshold including VAT of a contract's type on the day its procurement commenced; None if unknown.

    Pence. Source: Procurement Act 2023 s.3, Schedule 1.
    """
    started = contract["procurement_commenced_on"]
    if not isinstance(started, pd.Timestamp):
        return None
    light = contract["is_light_touch"]
    kind = "light_touch" if pd.notna(light) and bool(light) else str(contract["procurement_category"])
    if contract.get("agreement_kind") == "concession":
        kind = "light_touch_concession" if kind == "light_touch" else "concession"
    return law.threshold_inc_vat_pence(kind, started.date())


def is_below_threshold(contract: Mapping[Any, Any], law: Statutory) -> bool:
    """Whether a contract is certainly below the threshold: value including VAT and type are known."""
    value, threshold = contract["value_inc_vat_pence"], threshold_of(contract, law)
    return threshold is not None and pd.notna(value) and value < threshold
