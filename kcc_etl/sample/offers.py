"""What each contract in scope of the policy was asked for, by the sample's own short formula.

The formula is written here a second time on purpose: the sample must not lean on the arithmetic it tests.
Source of the numbers: social-value-policy.md section 8 (assumptions).
Does not belong here: claims and returns (`returns`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from kcc_etl.sample.contracts import Contract

_DIVISOR = {"works": 3, "goods": 5}
_RELIEF = {"large": Fraction(1), "medium": Fraction(3, 4), "small": Fraction(1, 2), "micro": Fraction(1, 4)}
_COMPLEXITY = (Fraction(4, 5), Fraction(1), Fraction(6, 5))
_RISK = (Fraction(1), Fraction(9, 10), Fraction(3, 4))
_BAND_FLOORS = (25_000, 100_000, 250_000, 1_000_000, 5_000_000)
_MEASURES_AT_MOST = (0, 1, 2, 3, 4, 6)
_PER_OUTPUT = {"J1": 1, "S1": 1, "S2": 52, "S4": 4, "S5": 40}
COMMITTED_ONLY = ("C3", "E2", "G2")
"""Measures without a computed target; a commitment decision sets the quantity."""

KENT_SPEND = "E1"
"""Spend with firms of the county: a share is asked below the threshold, in a reserved contract."""

_COMMITTED_PER_BAND = {"C3": 1000, "E2": 20_000, "G2": 15}

LAST_DUE_DAY = date(2026, 9, 30)


@dataclass(frozen=True)
class Offer:
    """One measure of one contract and the whole-life quantity expected of it."""

    measure: str
    quantity: Fraction


def band_of(contract: Contract) -> int:
    """The policy band as a number; consultancy and IT move down one."""
    pounds = Fraction(contract.value_pence, 100)
    band = sum(pounds >= floor for floor in _BAND_FLOORS)
    return max(band - 1, 0) if contract.sector in {"it", "consultancy"} else band


def offers_of(contract: Contract) -> tuple[Offer, ...]:
    """The measures chosen for a contract in scope, no more than its band and its supplier's relief allow.

    From band 4 on a place is left for the carbon measure, which policy adds by itself.
    """
    band = band_of(contract)
    room = _room(contract, band)
    if room == 0:
        return ()
    if band == 1:
        return (Offer("E4", Fraction(100)) if contract.number % 3 else Offer("C3", Fraction(500)),)
    chosen = [_employment(contract)]
    if band >= 3:
        chosen.append(_community(contract))
    if contract.number % 4 != 1:
        chosen.append(Offer("E4", Fraction(100)))
    if band >= 4:
        code = COMMITTED_ONLY[contract.number % 3]
        chosen.append(Offer(code, Fraction(_COMMITTED_PER_BAND[code] * band)))
    return tuple(chosen[: room - 1 if band >= 4 and room > 1 else room])


def due_share(contract: Contract, day: date) -> Fraction:
    """Share of the target that is due by a day: nothing in the first quarter, then evenly by days."""
    first = _quarter_end(contract.start_on)
    if day <= first:
        return Fraction(0)
    return min(Fraction((day - first).days, (contract.end_on - first).days), Fraction(1))


def _room(contract: Contract, band: int) -> int:
    most = _MEASURES_AT_MOST[band]
    supplier = contract.supplier
    if supplier.size == "micro":
        return min(most, 1)
    if (supplier.size == "small" or supplier.is_vcse) and most:
        return max(most - 1, 1)
    return most


def _factor(contract: Contract) -> Fraction:
    risk, complexity = sum(contract.scores[:5]), sum(contract.scores[5:])
    relief = _RELIEF[contract.supplier.size]
    if contract.supplier.is_vcse:
        relief = min(relief, Fraction(1, 2))
    return _COMPLEXITY[_class(complexity)] * _RISK[_class(risk)] * relief


def _class(total: int) -> int:
    return 0 if total <= 7 else 1 if total <= 11 else 2


def _employment(contract: Contract) -> Offer:
    divisor = 2 if contract.is_light_touch else _DIVISOR.get(contract.sector, 1)
    outputs = _round(Fraction(contract.value_pence, 100_000_000) / divisor * _factor(contract))
    if outputs == 0:
        return Offer("S5", Fraction(10))
    due = outputs * due_share(contract, LAST_DUE_DAY)
    if due >= 2:
        code = "J1" if contract.number % 2 else "S1"
    elif due * 4 >= 3:
        code = "S4"
    else:
        code = "S2" if contract.number % 2 else "S5"
    return Offer(code, Fraction(outputs * _PER_OUTPUT[code]))


def _community(contract: Contract) -> Offer:
    years = Fraction((contract.end_on - contract.start_on).days + 1, 365)
    hours = Fraction(contract.value_pence, 100_000_000) / years * 35 * _factor(contract)
    return Offer("C1" if contract.number % 2 else "C2", Fraction(max(_round(hours), 1)))


def _round(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def _quarter_end(day: date) -> date:
    months = day.year * 12 + (day.month - 1) // 3 * 3 + 3
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
