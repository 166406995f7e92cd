"""One contract of the fictitious county and what follows from its facts: VAT, shares of risk, register cells.

Does not belong here: which contracts there are (`portfolio`), their outcomes (`offers`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kcc_etl.asset_keys import RAW_CONTRACT
from kcc_etl.sample.dice import Dice
from kcc_etl.sample.sheets import Cell
from kcc_etl.sample.world import Supplier
from kcc_etl.schema import tables

REGISTER_FIELDS = tuple(item.name for item in tables.TABLES[RAW_CONTRACT].landed_fields)

QUESTIONS = tuple(name for name in REGISTER_FIELDS if name.startswith(("risk_", "complexity_")))

_SUBCONTRACTED_PCT = {1: 5, 2: 30, 3: 60}
"""Share of the value that goes to suppliers, by the answer on subcontracting."""

_CPV = {
    "works": "45233000",
    "care": "85310000",
    "services": "90910000",
    "goods": "39000000",
    "it": "72000000",
    "consultancy": "79410000",
}
_SUBJECTS = {
    "works": ("Road resurfacing", "School extension", "Bridge repairs", "Footway renewal", "Depot building"),
    "care": ("Care at home", "Residential care", "Supported living", "Day opportunities", "Short breaks"),
    "services": ("Building cleaning", "Grounds maintenance", "Home to school transport", "Recycling centres"),
    "goods": ("Office furniture", "Library books", "Protective equipment", "Street lighting columns"),
    "it": ("Case management system", "Network support", "Telephony"),
    "consultancy": ("Transport modelling", "Estate strategy advice", "Service design"),
}


@dataclass(frozen=True)
class Contract:
    """A contract with the facts that other files must agree with. Money in pence, whole life, ex VAT."""

    number: int
    reference: str
    supplier: Supplier
    sector: str
    kind: str
    regime: str
    value_pence: int
    commenced_on: date
    start_on: date
    end_on: date
    district: str
    department: str
    scores: tuple[int, ...]
    parent_ref: str | None = None
    is_light_touch: bool = False
    is_school: bool = False
    is_spare: bool = False
    is_noticed: bool = False
    is_reserved: bool = False
    sv_measures: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        """Goods, services or works."""
        return self.sector if self.sector in {"works", "goods"} else "services"

    @property
    def title(self) -> str:
        """The title of the contract."""
        return f"{self.subject} {self.start_on.year}, lot {self.number}"

    @property
    def subject(self) -> str:
        """What is bought, in a few words."""
        subjects = _SUBJECTS[self.sector]
        return subjects[self.number % len(subjects)]

    @property
    def gross_pence(self) -> int:
        """The value including VAT; what an exempt contract buys bears none."""
        return self.value_pence if self.regime == "exempt" else self.value_pence * 6 // 5

    @property
    def ocid(self) -> str | None:
        """Its procurement on the platform; contracts outside the Act have none."""
        if self.regime != "pa23" or self.value_pence < 2_500_000:
            return None
        return f"ocds-zz9zz9-{700000 + self.number:06x}"

    @property
    def signed_on(self) -> date:
        """The day it was entered into."""
        return self.commenced_on + (self.start_on - self.commenced_on) * 4 // 5

    @property
    def awarded_on(self) -> date:
        """The day the award was decided."""
        return self.commenced_on + (self.start_on - self.commenced_on) * 3 // 5


def draw_scores(dice: Dice, months: int) -> tuple[int, ...]:
    """Answers to the ten questions, a whole class of risk and complexity each time; the term as it is."""
    risk, complexity = dice.whole(1, 3), dice.whole(1, 3)
    answers = [risk] * 5 + [complexity] * 5
    for place in (0, 1, 2, 3, 4, 5, 6, 7, 9):
        if dice.happens(30):
            answers[place] = dice.whole(1, 3)
    answers[8] = 1 if months <= 12 else 2 if months <= 36 else 3
    return tuple(answers)


def register_cells(contract: Contract) -> dict[str, Cell]:
    """The contract as a register holds it, cells by field name."""
    c, s = contract, contract.supplier
    cells: dict[str, Cell] = {
        "contract_ref": c.reference,
        "contract_title": c.title,
        "contract_description": f"{c.title}, invented",
        "department": c.department,
        "agreement_kind": c.kind,
        "procurement_category": c.category,
        "service_group": c.sector if c.sector in {"care", "it", "consultancy"} else "other",
        "regime": c.regime,
        "is_light_touch": c.is_light_touch,
        "is_school_contract": c.is_school,
        "parent_ref": c.parent_ref,
        "ocid": c.ocid,
        "contract_id": "1" if c.ocid else None,
        "supplier_name": s.name,
        "supplier_company_number": s.company_number,
        "supplier_charity_number": s.charity_number,
        "supplier_ppon": s.ppon if c.regime == "pa23" else None,
        "supplier_postcode": s.postcode,
        "supplier_size": s.size,
        "supplier_is_vcse": s.is_vcse,
        "value_ex_vat_pence": c.value_pence,
        "value_inc_vat_pence": c.gross_pence,
        "irrecoverable_vat_pence": 0,
        "awarded_on": c.awarded_on,
        "signed_on": c.signed_on,
        "start_on": c.start_on,
        "end_on": c.end_on,
        "max_end_on": c.end_on,
        "review_on": c.end_on.replace(day=1) if c.end_on.day > 1 else c.end_on,
        "procurement_commenced_on": c.commenced_on,
        "process_type": "Published invitation to tender"
        if c.value_pence >= 10_000_000
        else "Invitation to quote",
        "cpv_code": _CPV[c.sector],
        "district": c.district,
        "spend_is_guaranteed": c.kind != "framework",
        "is_reserved": c.is_reserved,
        "options_value_ex_vat_pence": 0,
        "supply_spend_ex_vat_pence": c.value_pence * _SUBCONTRACTED_PCT[c.scores[6]] // 100,
        "sv_measures": "|".join(c.sv_measures) or None,
    }
    cells.update(zip(QUESTIONS, c.scores, strict=True))
    return cells
