"""What proportion is told of one contract.

Does not belong here: reading it off the register (`asked`), what policy makes of it (`proportion`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kcc_etl.domain.periods import first_year_to
from kcc_etl.parameters.quantities import ContractType


@dataclass(frozen=True)
class Asked:
    """The contract as far as proportion goes. Pence excluding VAT; answers 1 to 3, None when not given.

    `value_ex_vat_pence` is the whole-life value including options and sets the band; `counted_pence` is the
    part without options that sets quantities, all of it when None; the term to `last_on` is that part's.
    `supply_spend_pence` is what is expected to go to subcontractors and suppliers, None when not known;
    `may_have_kent_quota` is whether the law lets a share of it be set.
    """

    value_ex_vat_pence: int
    kind: ContractType
    service_group: str
    supplier_size: str
    supplier_is_vcse: bool
    risk_answers: tuple[int | None, ...]
    complexity_answers: tuple[int | None, ...]
    start_on: date
    last_on: date
    measures: tuple[str, ...]
    aggregated_pence: int = 0
    counted_pence: Fraction | None = None
    is_awarded: bool = True
    as_of: date | None = None
    may_have_kent_quota: bool = False
    supply_spend_pence: int | None = None

    @property
    def first_year_to(self) -> date:
        """The last day of the first year of the contract."""
        return first_year_to(self.start_on)

    @property
    def is_first_year(self) -> bool:
        """Whether the day spoken about is not after the first year; without such a day it is."""
        return self.as_of is not None and self.as_of <= self.first_year_to
