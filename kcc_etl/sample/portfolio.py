"""Which contracts the fictitious county has: the plan, and the contracts drawn from it.

Does not belong here: how a contract is written to a register (`registers`), payments, returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kcc_etl.sample.contracts import Contract, draw_scores
from kcc_etl.sample.dice import Dice, add_months
from kcc_etl.sample.offers import KENT_SPEND, offers_of
from kcc_etl.sample.world import (
    DEPARTMENTS,
    PLACES,
    REFERENCE_PREFIX,
    SECTORS,
    Supplier,
    draw_size,
    make_supplier,
)

ACT_IN_FORCE = date(2025, 2, 24)
SECTION_70_FROM = date(2026, 4, 1)

# Whole-life values in thousand pounds. Some stand exactly on the floor of a band.
_IN_SCOPE = {
    "works": (120_000, 45_000, 18_000, 9_500, 6_200, 5_400, 3_200, 1_800, 950, 620, 410, 240),
    "care": (30_000, 14_000, 8_200, 5_600, 4_800, 2_600, 1_900, 1_300, 900, 640, 560, 420, 300, 210, 160),
    "services": (
        12_000, 7_500, 5_000, 4_200, 3_100, 2_200, 1_650, 1_200, 1_000, 820, 700, 600, 520, 450, 380, 320,
        280, 250, 240, 215, 190, 170, 150, 130, 115, 100, 90, 75, 60, 48, 36, 25,
    ),
    "goods": (6_600, 2_400, 1_100, 780, 500, 330, 260, 180, 140, 100),
    "it": (3_600, 1_400, 640, 420, 260),
    "consultancy": (1_200, 560, 310),
}  # fmt: skip
_LEGACY = {"services": 18, "works": 8, "care": 10, "goods": 6, "it": 3, "consultancy": 2}
_FIRST_YEAR_OF_ACT = {"services": 11, "works": 5, "care": 5, "goods": 4, "it": 2}
_UNUSUAL = (
    ("services", "pa23", 700, "concession", False, 4),
    ("care", "psr", 6, "contract", False, 8),
    ("services", "exempt", 6, "contract", False, 6),
    ("services", "pa23", 6, "contract", True, 4),
)
# Let under the policy: too small for it, or of the band that may offer something and did not.
_TOO_SMALL = (6, 8, 11, 14, 16, 18, 20, 22, 23, 24, 26, 33, 45, 61, 77)

SHARED_SUPPLIER = ("services", 190)
"""The contract in scope whose supplier also has the one before it."""

_OTHER_VALUES = (6, 12, 18, 40, 70, 110, 180, 240, 320, 480, 760, 1_200, 2_400, 5_600, 11_000, 26_000)


@dataclass(frozen=True)
class SectionSeventy:
    """A contract paid more than £30,000 at once; `inside` when section 70 reaches it."""

    sector: str
    thousands: int
    kind: str = "contract"
    regime: str = "pa23"
    commenced_on: date = date(2026, 4, 13)
    is_light_touch: bool = False
    is_school: bool = False
    parent: str = ""
    inside: bool = True
    at_threshold: bool = False
    is_reserved: bool = False


SECTION_70_PLAN = (
    SectionSeventy("services", 2_400, at_threshold=True),
    SectionSeventy("services", 900),
    SectionSeventy("services", 7_200),
    SectionSeventy("services", 640, commenced_on=SECTION_70_FROM),
    SectionSeventy("goods", 1_500),
    SectionSeventy("it", 820),
    SectionSeventy("works", 9_400),
    SectionSeventy("care", 2_100, is_light_touch=True),
    SectionSeventy("care", 6_300, is_light_touch=True),
    SectionSeventy("services", 700, kind="call-off", parent="pa23"),
    SectionSeventy("goods", 460, kind="call-off", parent="pa23"),
    SectionSeventy("services", 8_000, kind="concession", inside=False),
    SectionSeventy("services", 600, is_school=True, inside=False),
    SectionSeventy("care", 1_700, regime="psr", inside=False),
    SectionSeventy("services", 900, regime="exempt", inside=False),
    SectionSeventy("works", 1_900, inside=False),
    SectionSeventy("services", 160, inside=False, is_reserved=True),
    SectionSeventy("care", 500, is_light_touch=True, inside=False),
    SectionSeventy("services", 1_100, commenced_on=date(2026, 3, 31), inside=False),
    SectionSeventy("services", 800, kind="call-off", regime="pcr2015", parent="pcr2015", inside=False),
)


@dataclass(frozen=True)
class Portfolio:
    """Every contract, by reference, and the groups that other files draw on."""

    contracts: tuple[Contract, ...]
    suppliers: tuple[Supplier, ...]
    in_scope: tuple[Contract, ...]
    section_70: tuple[tuple[Contract, SectionSeventy], ...]
    spare: tuple[Contract, ...]


class _Builder:
    def __init__(self) -> None:
        self.dice = Dice("contracts")
        self.contracts: list[Contract] = []
        self.suppliers: list[Supplier] = []

    def fresh(self, sector: str, thousands: int, *, is_sole_trader: bool = False) -> Supplier:
        number = len(self.suppliers) + 1
        size = draw_size(self.dice, thousands)
        if is_sole_trader:
            size = "micro"
        is_vcse = (
            sector in {"care", "services"} and thousands < 5_000 and number % 5 == 0 and not is_sole_trader
        )
        supplier = make_supplier(number, sector, size, is_vcse=is_vcse, is_sole_trader=is_sole_trader)
        self.suppliers.append(supplier)
        return supplier

    def known(self, sector: str, thousands: int) -> Supplier:
        """A supplier of the sector that could carry the contract."""
        sizes = ("large", "medium") if thousands >= 2_000 else ("large", "medium", "small", "micro")
        fit = [
            s for s in self.suppliers if s.sector == sector and s.size in sizes and (s.ppon or thousands < 50)
        ]
        return self.dice.pick(fit)

    def add(
        self, sector: str, thousands: int, commenced: date, start: date, months: int, **facts: object
    ) -> Contract:
        number = len(self.contracts) + 1
        contract = Contract(
            number=number,
            reference=f"{REFERENCE_PREFIX}-{number:04d}",
            supplier=self.known(sector, thousands),
            sector=sector,
            kind="contract",
            regime="pa23",
            value_pence=thousands * 100_000,
            commenced_on=commenced,
            start_on=start,
            end_on=add_months(start, months) - timedelta(days=1),
            district=PLACES[number % len(PLACES)],
            department=DEPARTMENTS[number % len(DEPARTMENTS)],
            scores=draw_scores(self.dice, months),
        )
        contract = replace(contract, **facts)  # type: ignore[arg-type]  # facts are fields of Contract
        self.contracts.append(contract)
        return contract

    def swap(self, contract: Contract) -> Contract:
        self.contracts[contract.number - 1] = contract
        return contract


def build_portfolio() -> Portfolio:
    """The whole register of the fictitious county, the same every time."""
    builder = _Builder()
    for sector in SECTORS:
        for size in ("large", "medium", "small", "micro"):
            builder.suppliers.append(make_supplier(len(builder.suppliers) + 1, sector, size))
    for place in range(4):
        builder.fresh(("services", "works", "goods", "services")[place], 20, is_sole_trader=True)
    frameworks = {
        regime: [*_frameworks(builder, regime, count)] for regime, count in (("pa23", 5), ("pcr2015", 3))
    }
    in_scope = tuple(_in_scope(builder, frameworks["pa23"]))
    section_70 = tuple(_section_70(builder, frameworks))
    _others(builder, frameworks)
    spare = tuple(_spare(builder))
    return Portfolio(tuple(builder.contracts), tuple(builder.suppliers), in_scope, section_70, spare)


def _frameworks(builder: _Builder, regime: str, count: int) -> Iterator[Contract]:
    for place in range(count):
        commenced = date(2025, 3, 3) if regime == "pa23" else date(2023, 5, 2)
        sector = ("services", "goods", "works", "services", "goods")[place]
        yield builder.add(
            sector, 9_000 + 3_000 * place,
            commenced + timedelta(days=11 * place), add_months(commenced, 6), 48,
            kind="framework", regime=regime, is_noticed=regime == "pa23" and place < 2,
        )  # fmt: skip


def _in_scope(builder: _Builder, frameworks: list[Contract]) -> Iterator[Contract]:
    """Contracts that the policy asks for targets; each has its own supplier, bar one pair that shares."""
    late = 0
    for sector, values in _IN_SCOPE.items():
        for place, thousands in enumerate(values):
            late += 1
            commenced = date(2026, 1, 5) + timedelta(days=builder.dice.whole(0, 12))
            start = builder.dice.day(date(2026, 2, 9), date(2026, 3, 30))
            if late % 9 == 4:
                commenced, start = date(2026, 3, 2), builder.dice.day(date(2026, 4, 20), date(2026, 6, 22))
            months = (24, 36, 18, 48, 12, 60)[late % 6] if thousands >= 100 else 12
            parent = frameworks[0] if sector == "services" else frameworks[1] if sector == "goods" else None
            shares = (sector, thousands) == SHARED_SUPPLIER
            is_call_off = parent is not None and place % 5 == 3 and thousands >= 250
            contract = builder.add(
                sector, thousands, commenced, start, months,
                supplier=builder.contracts[-1].supplier if shares else builder.fresh(sector, thousands),
                is_light_touch=sector == "care",
                kind="call-off" if is_call_off else "contract",
                parent_ref=parent.reference if parent and is_call_off else None,
                is_noticed=thousands >= 5_000 or late % 8 == 0,
            )  # fmt: skip
            offers = tuple(offer.measure for offer in offers_of(contract))
            yield builder.swap(replace(contract, sv_measures=offers))


def _section_70(
    builder: _Builder, frameworks: dict[str, list[Contract]]
) -> Iterator[tuple[Contract, SectionSeventy]]:
    """Contracts that start in July 2026, so that nothing is due of them by the end of September."""
    for place, plan in enumerate(SECTION_70_PLAN):
        parents = [f for f in frameworks.get(plan.parent, ()) if f.sector == plan.sector]
        contract = builder.add(
            plan.sector, plan.thousands,
            plan.commenced_on, date(2026, 7, 1) + timedelta(days=place % 9), 24 + 12 * (place % 3),
            supplier=builder.fresh(plan.sector, max(plan.thousands, 1_000)),
            kind=plan.kind, regime=plan.regime, is_light_touch=plan.is_light_touch, is_school=plan.is_school,
            parent_ref=parents[0].reference if parents else None,
            is_noticed=plan.inside,
        )  # fmt: skip
        offers = tuple(offer.measure for offer in offers_of(contract))
        if plan.is_reserved:
            offers = (*offers[:-1], KENT_SPEND)
        yield builder.swap(replace(contract, sv_measures=offers, is_reserved=plan.is_reserved)), plan


def _others(builder: _Builder, frameworks: dict[str, list[Contract]]) -> None:
    """Contracts that the policy asks nothing of: made before it, or too small."""
    for regime, plan in (("pcr2015", _LEGACY), ("pa23", _FIRST_YEAR_OF_ACT)):
        for sector, count in plan.items():
            for _ in range(count):
                _add_other(builder, sector, regime)
    for regime, count in (("pcr2015", 5), ("pa23", 3)):
        for _ in range(count):
            parent = builder.dice.pick(frameworks[regime])
            facts = {"kind": "call-off", "parent_ref": parent.reference}
            _add_other(builder, parent.sector, regime, least=100, **facts)
    for sector, regime, least, kind, is_school, count in _UNUSUAL:
        for _ in range(count):
            _add_other(builder, sector, regime, least=least, kind=kind, is_school=is_school)
    for place, thousands in enumerate(_TOO_SMALL):
        sector = SECTORS[place % len(SECTORS)]
        start = builder.dice.day(date(2026, 3, 2), date(2026, 6, 30))
        builder.add(sector, thousands, date(2026, 2, 2), start, 12)


def _add_other(builder: _Builder, sector: str, regime: str, *, least: int = 6, **facts: object) -> Contract:
    dice = builder.dice
    thousands = dice.pick([value for value in _OTHER_VALUES if value >= least])
    if regime in {"pa23"}:
        commenced = dice.day(ACT_IN_FORCE, date(2025, 9, 1))
    else:
        commenced = dice.day(date(2021, 1, 4), date(2025, 2, 21))
    start = commenced + timedelta(days=dice.whole(60, 180))
    if regime in {"psr", "exempt"}:
        commenced, start = date(2024, 9, 2), dice.day(date(2024, 11, 1), date(2025, 6, 1))
    facts.setdefault("is_light_touch", sector == "care" and regime in {"pa23", "pcr2015"})
    supplier = builder.known(sector, thousands)
    if len(builder.suppliers) < 150 and dice.happens(50):
        supplier = builder.fresh(sector, thousands)
    return builder.add(
        sector,
        thousands,
        commenced,
        start,
        dice.pick((24, 36, 48, 60)),
        supplier=supplier,
        regime=regime,
        **facts,
    )


def _spare(builder: _Builder) -> Iterator[Contract]:
    """Small legacy contracts that nothing else refers to: room for faults that must not spread."""
    for place in range(15):
        sector = ("services", "works", "goods", "services")[place % 4]
        fit = [s for s in builder.suppliers if s.sector == sector and s.company_number and s.number % 7]
        yield builder.add(
            sector, 30 + 5 * place, date(2024, 3, 4) + timedelta(days=7 * place), date(2024, 9, 2), 48,
            regime="pcr2015", is_spare=True, supplier=builder.dice.pick(fit),
        )  # fmt: skip
