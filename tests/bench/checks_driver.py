"""All checks on so many payments one way, in a process of its own; prints one JSON object.

`python -m tests.bench.checks_driver WAY NUMBER FAULTY`, where FAULTY is the share of lines paid before their
invoice came, on top of the few faults of every rule; with `profile` as a further word, where the time goes as
well. Every way answers the same: for each rule the number and the keys of the lines at fault. Seconds are those
of the processor, for benches share their machine; imports and made-up rows are not counted.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sized
from pathlib import Path

import numpy as np
import pandas as pd

from checks.rules.outcome import Inputs
from checks.runner import judge
from kcc_etl import asset_keys as keys
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames
from kcc_etl.schema.tables import TABLES
from tests.bench import checks_by_hand
from tests.bench.checks_in_polars import in_polars

MONTHS = pd.date_range("2024-10-01", "2026-09-01", freq="MS")
DAY = pd.Timestamp(2026, 11, 23)


def main(way: str, number: int, faulty: float, *, profiled: bool) -> None:
    given = made(number, faulty)
    work = WAYS[way]
    work(made(1_000, faulty))  # imports and what is made once
    _forget_peak()
    before, profiler = _memory("VmRSS"), cProfile.Profile()
    if profiled:
        profiler.enable()
    began = time.process_time()
    found = work(given)
    seconds = time.process_time() - began
    profiler.disable()
    measured = {
        "way": way,
        "payments": number,
        "faulty": faulty,
        "rules": len(found),
        "failing rows": sum(found.values()),
        "seconds": seconds,
        "inputs MB": before,
        "more MB": _memory("VmHWM") - before,
        "found": found,
    }
    print(json.dumps(measured))
    if profiled:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


def by_the_house(given: Inputs, only: Collection[str] | None = checks_by_hand.RULES) -> dict[str, int]:
    """The runner: verdicts with every finding, each with its place, sorted."""
    verdicts = judge(keys.CORE_PAYMENT, given, only)
    unread = [verdict.reason for verdict in verdicts if verdict.status == "could not run"]
    assert not unread, unread
    return {verdict.rule_id: len(verdict.findings) for verdict in verdicts}


def _counted(ways: Callable[[Inputs], Mapping[str, Sized]]) -> Callable[[Inputs], dict[str, int]]:
    return lambda given: {rule: len(failing) for rule, failing in ways(given).items()}


WAYS: dict[str, Callable[[Inputs], dict[str, int]]] = {
    "house": by_the_house,
    "house, all its rules": lambda given: by_the_house(given, None),
    "pandas": _counted(checks_by_hand.in_pandas),
    "polars": _counted(in_polars),
    "guides": _counted(checks_by_hand.as_its_guides_use_it),
}


def made(number: int, faulty: float) -> Inputs:
    """A register, a ledger of so many lines under it, and the receipt that fits them."""
    given = {name: frames.empty(name) for name in TABLES}
    contracts = _contracts(max(number // 200, 20))
    payments = _payments(number, contracts, faulty)
    receipt = {"kind": "payments", "fate": "accepted", "source_sha256": "ab" * 32, "source_name": "ledger"}
    pence = int(payments["amount_ex_vat_pence"].sum())
    arrived = {**receipt, "source_file": "ledger.csv", "rows_arrived": number, "pence_arrived": pence}
    given[keys.CORE_CONTRACT], given[keys.CORE_PAYMENT] = contracts, payments
    given["receipt"] = frames.from_rows([arrived], "receipt")
    given["file_column"] = frames.from_rows(
        [
            {"source_sha256": _sha(month), "source_file": _file(month), "field_name": name,
             "column_letter": chr(65 + place), "column_title": name}
            for month in range(len(MONTHS))
            for place, name in enumerate(("paid_on", "invoice_received_on", "invoice_ref", "contract_ref"))
        ],
        "file_column",
    )  # fmt: skip
    return Inputs(given, DAY.date(), load_parameters())


def _contracts(number: int) -> pd.DataFrame:
    """Contracts of a thousand sizes; of every fiftieth the value is too small for what is paid on it."""
    n = np.arange(number)
    started = np.datetime64("2024-04-01") + np.where(n % 50 == 1, -800, np.where(n % 30 == 4, 740, 0)).astype(
        "m8[D]"
    )
    return _table(
        {
            "contract_ref": _named("K-{:06d}", number),
            "supplier_key": _named("GB-COH:{:08d}", number),
            "supplier_name": _named("Supplier {:06d} Ltd", number),
            "agreement_kind": "contract",
            "regime": np.where(n % 3 == 0, "pcr2015", "pa23").astype(object),
            "procurement_category": "services",
            "value_ex_vat_pence": np.where(n % 50 == 2, 1_000_000, 10**12),
            "procurement_commenced_on": np.where(
                n % 30 == 4, np.datetime64("NaT"), np.datetime64("2026-04-02")
            ),
            "start_on": started,
            "end_on": started + np.timedelta64(365 * 5, "D") * np.where(n % 50 == 1, 0, 1),
        },
        number,
        keys.CORE_CONTRACT,
    )


def _payments(number: int, contracts: pd.DataFrame, faulty: float) -> pd.DataFrame:
    """Lines of two years, two of three under a contract, one supplier in five known by its name alone."""
    n, dice = np.arange(number), np.random.default_rng(23)
    month, of = n * len(MONTHS) // number, dice.integers(0, len(contracts), number)
    received = MONTHS.to_numpy()[month] - dice.integers(1, 40, number).astype("m8[D]")
    paid = MONTHS.to_numpy()[month] + dice.integers(0, 28, number).astype("m8[D]")
    late = np.where(
        (dice.random(number) < faulty) | (n % 700 == 3), np.timedelta64(90, "D"), np.timedelta64(0)
    )
    amount = (np.exp(dice.normal(9.5, 2.2, number))).astype(np.int64) + 1
    credit = n % 97 == 5
    repeated = np.where((n % 500 == 7) & (n > 0), 1, 0)
    same = n - repeated  # a line that is its forerunner again, a day later
    of, month, amount, credit = of[same], month[same], amount[same], credit[same]
    paid = paid[same] + repeated.astype("m8[D]")
    named, wrong = of % 5 == 0, n % 400 == 9
    key = contracts["supplier_key"].to_numpy(dtype=object)[of]
    name = contracts["supplier_name"].to_numpy(dtype=object)[of]
    upper = np.array([text.upper() for text in contracts["supplier_name"]], dtype=object)[of]
    other = (of + 1) % len(contracts)
    return _table(
        {
            "source_sha256": np.array([_sha(m) for m in range(len(MONTHS))], dtype=object)[month],
            "source_file": np.array([_file(m) for m in range(len(MONTHS))], dtype=object)[month],
            "source_row": n + 2,
            "source_name": "ledger",
            "payment_ref": _named("P-{:07d}", number),
            "invoice_ref": np.array(_named("I-{:07d}", number), dtype=object)[same],
            "contract_ref": np.where(
                n % 3 == 2, None, np.where(n % 600 == 1, "K-unknown", contracts["contract_ref"].to_numpy(dtype=object)[of])
            ),
            "supplier_key": np.where(wrong, contracts["supplier_key"].to_numpy(dtype=object)[other], np.where(named, upper, key)),
            "supplier_name": np.where(wrong, contracts["supplier_name"].to_numpy(dtype=object)[other], np.where(named, upper, name)),
            "amount_ex_vat_pence": np.where(credit, -amount, amount),
            "vat_pence": np.where(credit, -amount, amount) // 5,
            "invoice_received_on": np.where(n % 20 == 6, np.datetime64("NaT"), received[same] + late),
            "paid_on": paid,
            "is_credit_note": credit ^ (n % 800 == 11),
        },
        number,
        keys.CORE_PAYMENT,
    )  # fmt: skip


def _table(columns: dict[str, object], number: int, table: str) -> pd.DataFrame:
    """The table with some columns filled, the others empty."""
    index = range(number)
    nothing = {name: pd.Series(None, index=index, dtype=object) for name in TABLES[table].columns}
    return frames.conform(pd.DataFrame({**nothing, **columns}, index=index), table)


def _named(form: str, number: int) -> list[str]:
    return [form.format(n) for n in range(number)]


def _sha(month: int) -> str:
    return f"{month:064x}"


def _file(month: int) -> str:
    return f"payments-{MONTHS[month]:%Y-%m}.csv"


def _forget_peak() -> None:
    """From here on the peak of memory is that of the work, not that of making the rows up (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _memory(of: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{of}:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), profiled=sys.argv[4:] == ["profile"])
