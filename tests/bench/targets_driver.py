"""Targets and delivery of so many contracts, in a process of its own; prints one JSON object.

`python -m tests.bench.targets_driver NUMBER QUARTERS`, where QUARTERS are how many of the last of twelve quarters
the delivery is of; with `profile` as a third word, where the time goes as well. Seconds are those of the processor, for benches share their machine.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import resource
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.delivery import Delivery
from kcc_etl.domain.periods import parse_period, quarter_ids
from kcc_etl.domain.targets import compute_targets
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames
from kcc_etl.schema.tables import TABLES

QUARTERS = quarter_ids("2026-27-Q1", "2028-29-Q4")
MEASURES = ("J1", "S1", "C1", "E4")
QUANTITIES = np.array([Fraction(n, 4) for n in range(40)], dtype=object)

Made = TypeVar("Made")


def main(number: int, quarters: int, *, profiled: bool) -> None:
    contracts, decisions, claims = _contracts(number), _decisions(number), _claims(number)
    parameters = load_parameters()
    before = _peak()
    profiler = cProfile.Profile()
    if profiled:
        profiler.enable()
    targets, of_targets = _timed(lambda: compute_targets(contracts, decisions, parameters))
    as_of = parse_period(QUARTERS[-1]).end
    delivery, of_delivery = _timed(
        lambda: Delivery(contracts, targets, claims, decisions, parameters, as_of=as_of)
    )
    rows = 0
    for name in QUARTERS[-quarters:]:
        frame, seconds = _timed(partial(delivery.at, parse_period(name)))
        rows, of_delivery = rows + len(frame), of_delivery + seconds
    profiler.disable()
    found = {
        "contracts": number,
        "quarters": quarters,
        "claims": len(claims),
        "targets": len(targets),
        "rows": rows,
        "targets s": of_targets,
        "delivery s": of_delivery,
        "inputs MB": before,
        "peak MB": _peak(),
    }
    print(json.dumps(found))
    if profiled:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(35)


def _timed(make: Callable[[], Made]) -> tuple[Made, float]:
    began = time.process_time()
    return make(), time.process_time() - began


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _table(columns: dict[str, object], number: int, table: str) -> pd.DataFrame:
    """The table with some columns filled, the others empty."""
    index = range(number)
    empty = {name: pd.Series(None, index=index, dtype=object) for name in TABLES[table].columns}
    return frames.conform(pd.DataFrame({**empty, **columns}, index=index), table)


def _refs(number: int) -> list[str]:
    return [f"K-{n:06d}" for n in range(number)]


def _contracts(number: int) -> pd.DataFrame:
    """Contracts of every band and type over the three years, one in five a call-off, each with four measures."""
    n = np.arange(number)
    agreements = np.where(n % 5 == 0, "call-off", "contract")
    return _table(
        {
            "contract_ref": _refs(number),
            "contract_title": "Services",
            "supplier_name": "Supplier",
            "department": "GET",
            "agreement_kind": agreements,
            "parent_ref": np.where(n % 5 == 0, [f"F-{place // 50}" for place in n], None),
            "procurement_category": np.array(["services", "works", "goods"])[n % 3],
            "service_group": "other",
            "regime": "pa23",
            "is_light_touch": n % 7 == 0,
            "is_school_contract": False,
            "supplier_size": np.array(["micro", "small", "medium", "large"])[n % 4],
            "supplier_is_vcse": n % 11 == 0,
            "value_ex_vat_pence": 10_000_000 + (n * 7_919_317) % 2_000_000_000,
            "start_on": pd.Timestamp(2026, 4, 1) + pd.to_timedelta(n % 300, unit="D"),
            "end_on": pd.Timestamp(2028, 4, 1) + pd.to_timedelta(n % 365, unit="D"),
            "procurement_commenced_on": pd.Timestamp(2026, 1, 5),
            "spend_is_guaranteed": True,
            "sv_measures": "|".join(MEASURES),
            "risk_criticality": n % 3 + 1,
            "complexity_labour": n % 2 + 1,
        },
        number,
        keys.CORE_CONTRACT,
    )


def _decisions(number: int) -> pd.DataFrame:
    """An override or a change of value of every tenth contract, a verification of every second."""
    n = np.arange(number)
    kinds = np.array(["override", "value change", *["verification"] * 5, *[None] * 3], dtype=object)[n % 10]
    made = _table(
        {
            "decision_id": [f"D-{place:06d}" for place in n],
            "decision_kind": kinds,
            "subject": _refs(number),
            "measure_code": "J1",
            "period": QUARTERS[2],
            "quantity": Fraction(1),
            "role": "chief procurement officer",
            "reason_code": "market capacity",
            "decided_on": pd.Timestamp(2026, 5, 1),
            "effective_on": pd.Timestamp(2027, 10, 1),
            "original_value_pence": 10_000_000 + (n * 7_919_317) % 2_000_000_000,
            "value_before_pence": 5_000_000,
            "value_after_pence": 6_000_000,
        },
        number,
        keys.CORE_DECISION,
    )
    return made[made["decision_kind"].notna()].reset_index(drop=True)


def _claims(number: int) -> pd.DataFrame:
    """Two measures of every contract in every quarter, but for every fourth contract's."""
    refs = [ref for n, ref in enumerate(_refs(number)) if n % 4]
    pairs = len(refs) * len(QUARTERS)
    each = pairs * 2
    return _table(
        {
            "contract_ref": np.repeat(refs, len(QUARTERS) * 2),
            "period": np.tile(np.repeat(QUARTERS, 2), len(refs)),
            "measure_code": np.tile(["J1", "C1"], pairs),
            "district": "county",
            "is_nil": False,
            "claimed": QUANTITIES[np.arange(each) % len(QUANTITIES)],
            "is_additional": True,
            "evidence_ref": [f"E-{line}" for line in range(each)],
        },
        each,
        keys.CORE_CLAIM,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), profiled=sys.argv[3:] == ["profile"])
