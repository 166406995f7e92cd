"""Returns of the wrong quarter, contract or unit, and cumulative ones: nearly all caught, hardly any clean one.

The measure is that of `reference/hazards.md` §8, row 10: of 100 planted faults at least 98 are caught, of 1,000
clean returns at most 10 are held or flagged. Does not belong here: single cases (`test_returns`, `check_cases`).
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd
import pytest

from checks.rules.outcome import Inputs
from checks.rules.quantities import JUDGES
from kcc_etl import asset_keys as keys
from kcc_etl.domain.core import build_claims
from kcc_etl.domain.periods import Period, parse_period, previous_quarter
from kcc_etl.intake.returns.dates import period_at_odds
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, RAW_TABLE_OF_KIND

pytestmark = pytest.mark.long

QUARTERS = tuple(map(parse_period, ("2025-26-Q3", "2025-26-Q4", "2026-27-Q1", "2026-27-Q2")))
CONTRACTS = 250
FLOWS = ("J1", "S1", "S2", "S3", "S4", "S5", "E1", "E2", "E3", "C1", "C2", "C3", "G1", "G2")
WORDS = (
    "Alder",
    "Birch",
    "Cedar",
    "Downs",
    "Elham",
    "Fordwich",
    "Garden",
    "Harbour",
    "Isle",
    "Jutes",
    "Kiln",
    "Loose",
)
TRADES = (
    "Building",
    "Care",
    "Cleaning",
    "Coaches",
    "Highways",
    "Homes",
    "Learning",
    "Surveys",
    "Transport",
    "Works",
)


@dataclass(frozen=True)
class Return:
    """One return: what its workbook would say."""

    contract: str
    supplier: str
    quarter: Period
    quantities: dict[str, Fraction]
    evidence: tuple[str, ...]
    file_name: str


def _suppliers(dice: random.Random) -> dict[str, str]:
    pairs = [f"{first} {second} {trade}" for first in WORDS for second in WORDS[:3] for trade in TRADES]
    dice.shuffle(pairs)
    return {f"KCC-{number:04}": f"{name} Ltd" for number, name in enumerate(pairs[:CONTRACTS], 1000)}


def _clean(dice: random.Random, suppliers: dict[str, str]) -> list[Return]:
    returns = []
    for contract, supplier in suppliers.items():
        usual = {code: dice.uniform(3, 400) for code in dice.sample(FLOWS, dice.randint(3, 6))}
        for quarter in QUARTERS:
            quantities = {
                code: Fraction(round(10 * size * dice.uniform(0.6, 1.4)), 10) for code, size in usual.items()
            }
            evidence = tuple(_evidence(dice, quarter) for _ in quantities)
            name = f"{contract} {quarter.id}.xlsx" if dice.random() < 0.5 else f"return {contract}.xlsx"
            returns.append(Return(contract, _spelt(dice, supplier), quarter, quantities, evidence, name))
    return returns


def _spelt(dice: random.Random, supplier: str) -> str:
    place = dice.randrange(1, 6)
    ways = (supplier, supplier, supplier.upper(), supplier.replace("Ltd", "Limited"), f" {supplier[:-3]}LTD.")
    return dice.choice((*ways, supplier[:place] + supplier[place + 1 :]))


def _evidence(dice: random.Random, quarter: Period) -> str:
    day = quarter.start + timedelta(days=dice.randrange(quarter.days))
    kind = dice.random()
    if kind > 0.85:  # written up after the quarter, or a document of long ago
        day = quarter.end + timedelta(days=dice.randrange(1, 30)) if kind > 0.92 else date(2024, 5, 17)
    return dice.choice(
        ("EV-{0:%Y}-{1}", "log {0:%d/%m/%Y}", "{0:%Y-%m-%d}", "timesheets {0:%d %B %Y}", "photo {1}")
    ).format(day, dice.randrange(1000))


def _judge(returns: list[Return], suppliers: dict[str, str]) -> list[set[str]]:
    """The rules that each return breaks."""
    found: list[set[str]] = [set() for _ in returns]
    rows = []
    for place, one in enumerate(returns):
        if period_at_odds(one.quarter, one.evidence, one.file_name):
            found[place].add("RT-020")
        for number, (code, quantity) in enumerate(one.quantities.items(), 13):
            line = {"contract_ref": one.contract, "supplier_name": one.supplier, "period": one.quarter.id}
            where = {"source_sha256": "s", "source_name": "returns", "source_file": str(place)}
            line |= {"measure_code": code, "district": "county", "claimed": quantity, "is_nil": False}
            rows.append({**where, "source_sheet": "Return", "source_row": number, **line})
    register = [
        {"contract_ref": ref, "supplier_name": name, "supplier_key": name} for ref, name in suppliers.items()
    ]
    contracts = from_rows(register, CORE_TABLE_OF_KIND["register"])
    ledger = from_rows(
        [
            {
                "source_sha256": "s",
                "source_name": "returns",
                "source_file": str(place),
                "sequence": place,
                "landed_on": date(2026, 10, 20),
            }
            for place in range(len(returns))
        ],
        "ledger",
    )
    core = build_claims(
        from_rows(rows, RAW_TABLE_OF_KIND["returns"]), contracts, ledger, empty("file_column"), FLOWS
    )
    for name, rule_id in zip(core.set_aside["source_file"], core.set_aside["rule_id"], strict=True):
        found[int(name)].add(str(rule_id))
    claims = pd.DataFrame(core.rows)
    world = {
        keys.CORE_CLAIM: claims,
        keys.CORE_CONTRACT: contracts,
        keys.CORE_DECISION: empty(keys.CORE_DECISION),
    }
    inputs = Inputs(world, date(2026, 11, 23), load_parameters())
    for rule_id, judge in JUDGES.items():
        for name in claims.loc[(~judge(inputs).ok).fillna(False).astype(bool), "source_file"]:
            found[int(name)].add(rule_id)
    return found


def test_of_1000_clean_returns_at_most_10_are_held_or_flagged() -> None:
    dice = random.Random(26)
    suppliers = _suppliers(dice)
    returns = _clean(dice, suppliers)
    assert len(returns) == 1000
    found = _judge(returns, suppliers)
    assert sum(bool(rules) for rules in found) <= 10, Counter(rule for rules in found for rule in rules)


def _plant(dice: random.Random, kind: str, mine: list[Return], suppliers: dict[str, str]) -> list[Return]:
    """The four returns of a contract with one fault in the last of them; cumulative ones add up from the first."""
    last = mine[-1]
    if kind == "wrong quarter":
        other = previous_quarter(last.quarter) if dice.random() < 0.7 else parse_period("2025-26-Q2")
        days = [other.start + timedelta(days=dice.randrange(other.days)) for _ in range(5)]
        return [*mine[:-1], replace(last, evidence=tuple(f"log {day:%d/%m/%Y}" for day in days))]
    if kind == "wrong contract":
        other_ref = dice.choice([ref for ref in suppliers if ref != last.contract])
        typo = f"{last.contract[:-1]}X"
        return [*mine[:-1], replace(last, contract=dice.choice((other_ref, typo)))]
    if kind == "units":
        code = dice.choice(sorted(last.quantities))
        times = dice.choice((Fraction(100), Fraction(1000), Fraction(1, 100), Fraction(1, 1000)))
        slipped = {**last.quantities, code: last.quantities[code] * times}
        return [*mine[:-1], replace(last, quantities=slipped)]
    total: Counter[str] = Counter()
    added = []
    for one in mine:
        total.update(one.quantities)  # type: ignore[arg-type]  # a Counter adds up fractions as well
        added.append(replace(one, quantities=dict(total)))  # type: ignore[arg-type]
    return added


@pytest.mark.parametrize(
    ("kind", "rules"),
    [
        ("wrong quarter", {"RT-020"}),
        ("wrong contract", {"RT-001", "RT-022"}),
        ("units", {"RT-021"}),
        ("cumulative", {"RT-023"}),
    ],
)
def test_of_100_planted_faults_at_least_98_are_caught(kind: str, rules: set[str]) -> None:
    dice = random.Random(kind)
    suppliers = _suppliers(dice)
    clean = _clean(dice, suppliers)
    chosen = set(dice.sample(sorted(suppliers), 100))
    returns: list[Return] = []
    planted: list[int] = []
    for start in range(0, len(clean), len(QUARTERS)):
        mine = clean[start : start + len(QUARTERS)]
        is_chosen = mine[0].contract in chosen
        returns += _plant(dice, kind, mine, suppliers) if is_chosen else mine
        if is_chosen:
            planted.append(len(returns) - 1)
    found = _judge(returns, suppliers)
    caught = sum(bool(found[place] & rules) for place in planted)
    assert len(planted) == 100
    assert caught >= 98, caught
