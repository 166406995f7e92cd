"""What other parameters would make of today's contracts: bands, targets, and what suppliers fill in.

Does not belong here: adopting them, reading them (`kcc_etl.parameters`), showing what would change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from kcc_etl.domain.scope import plain
from kcc_etl.domain.targets import compute_targets, contract_bands
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema.return_form import ANSWERED_COLUMNS

Way = Literal["more", "less", "mixed", "same"]
SUPPLIER_CLASSES = ("large", "medium", "small", "micro", "VCSE", "unknown")
SMALL_FIRMS = ("small", "micro")
CHARITIES = "VCSE"

_ANSWERS_OF_A_RETURN = 3
"""Nothing to report, and the two confirmations, once a return."""
_RETURNS_A_YEAR = {"quarterly": 4, "yearly": 1}


@dataclass(frozen=True)
class MeasureEffect:
    """One measure of one contract: the target today and tomorrow, None where it is not asked for."""

    code: str
    unit: str
    today: Fraction | None
    tomorrow: Fraction | None

    @property
    def way(self) -> Way:
        """Whether more is asked for tomorrow; a measure that is asked for is more than one that is not."""
        before = Fraction(-1) if self.today is None else self.today
        after = Fraction(-1) if self.tomorrow is None else self.tomorrow
        return "same" if before == after else "more" if after > before else "less"


@dataclass(frozen=True)
class ContractEffect:
    """One contract: its bands (None out of scope) and the steps between them, targets, cells a year."""

    ref: str
    supplier_key: str
    supplier_class: str
    band_today: str | None
    band_tomorrow: str | None
    band_steps: int
    is_judged_today: bool
    """Whether an edition in force judges it, by the day its procurement began."""
    measures: tuple[MeasureEffect, ...]
    cells_today: int
    cells_tomorrow: int

    @property
    def way(self) -> Way:
        """Whether more or less is asked for over all measures; mixed when both."""
        ways = {effect.way for effect in self.measures} - {"same"}
        if not ways:
            return "same"
        return ways.pop() if len(ways) == 1 else "mixed"

    @property
    def changes(self) -> bool:
        """Whether band or targets differ."""
        return self.band_today != self.band_tomorrow or self.way != "same"


def simulate(
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    today: Parameters,
    tomorrow: Parameters,
    as_of: date,
) -> tuple[ContractEffect, ...]:
    """What tomorrow's parameters would make of the contracts that policy judges today, in their order.

    Calculated targets are compared, with the commitments that are recorded. Where tomorrow brings editions
    that today does not have, the newest of them judges every contract that policy judges today, whatever its
    first day: the question is what it would have asked. Contracts that it would judge besides are among them;
    those that began before both stay out.
    """
    tried = editions_tried(today, tomorrow)
    first = min(edition.effective_from for edition in (today.policies[0], *tried[:1]))
    after = _as_if_adopted(tried[0], tomorrow, first) if tried else tomorrow
    sides = [_Side(contracts, decisions, parameters, as_of) for parameters in (today, after)]
    begun = (contracts["procurement_commenced_on"] >= pd.Timestamp(first)).fillna(False).astype(bool)
    found = []
    for row in contracts[begun].sort_values("contract_ref", kind="stable").to_dict("records"):
        ref = str(row["contract_ref"])
        if any(ref in side.bands for side in sides):
            found.append(_effect(row, ref, *sides))
    return tuple(found)


def editions_tried(today: Parameters, tomorrow: Parameters) -> tuple[Policy, ...]:
    """Tomorrow's editions that today does not have, newest first: the first of them is the one tried."""
    return tuple(
        edition
        for edition in reversed(tomorrow.policies)
        if tomorrow.version_of(edition) not in today.edition_versions
    )


def _as_if_adopted(edition: Policy, tomorrow: Parameters, first: date) -> Parameters:
    """Tomorrow's parameters with one edition in the place of all, from a day on."""
    always = replace(edition, about=replace(edition.about, effective_from=first))
    return replace(tomorrow, policies=(always,), edition_versions=(tomorrow.version_of(edition),))


class _Side:
    """Bands and targets of all contracts under one set of parameters."""

    def __init__(
        self, contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters, as_of: date
    ) -> None:
        self.bands = contract_bands(contracts, parameters, decisions)
        self.targets: dict[str, dict[str, Mapping[Any, Any]]] = {}
        for row in compute_targets(contracts, decisions, parameters, as_of).to_dict("records"):
            self.targets.setdefault(str(row["contract_ref"]), {})[str(row["measure_code"])] = row
        self._parameters = parameters

    def judges(self, row: Mapping[Any, Any]) -> bool:
        """Whether an edition holds for the day the contract's procurement began."""
        return self._parameters.in_force(row["procurement_commenced_on"].date()) is not None

    def place(self, ref: str) -> int:
        """The place of a contract's band from the lowest, -1 out of scope."""
        if ref not in self.bands:
            return -1
        editions = (policy.bands.codes for policy in self._parameters.policies)
        return next(codes.index(self.bands[ref].code) for codes in editions if self.bands[ref].code in codes)

    def cells(self, row: Mapping[Any, Any]) -> int:
        """The least number of cells that a supplier fills in for the contract in a year."""
        lines = self.targets.get(str(row["contract_ref"]), {})
        if not lines:
            return 0
        policy = self._parameters.in_force(row["procurement_commenced_on"].date())
        risk = next(iter(lines.values()))["risk_class"]
        each = len(lines) * len(ANSWERED_COLUMNS) + _ANSWERS_OF_A_RETURN
        return each * (_RETURNS_A_YEAR[policy.assurance.of(risk).returns] if policy else 0)


def _effect(row: Mapping[Any, Any], ref: str, today: _Side, tomorrow: _Side) -> ContractEffect:
    before, after = today.targets.get(ref, {}), tomorrow.targets.get(ref, {})
    measures = tuple(
        MeasureEffect(
            code,
            str((after.get(code) or before[code])["unit"]),
            before[code]["target"] if code in before else None,
            after[code]["target"] if code in after else None,
        )
        for code in sorted({*before, *after})
    )
    bands = [side.bands[ref].code if ref in side.bands else None for side in (today, tomorrow)]
    return ContractEffect(
        ref=ref,
        supplier_key=str(row["supplier_key"]),
        supplier_class=_supplier_class(row),
        band_today=bands[0],
        band_tomorrow=bands[1],
        band_steps=tomorrow.place(ref) - today.place(ref),
        is_judged_today=today.judges(row),
        measures=measures,
        cells_today=today.cells(row),
        cells_tomorrow=tomorrow.cells(row),
    )


def _supplier_class(row: Mapping[Any, Any]) -> str:
    vcse, size = row["supplier_is_vcse"], plain(row["supplier_size"])
    if pd.notna(vcse) and bool(vcse):
        return CHARITIES
    return size if size in SUPPLIER_CLASSES else "unknown"


def suppliers(effects: Iterable[ContractEffect], classes: Iterable[str], way: Way | None = None) -> int:
    """How many different suppliers of some classes have a contract among the effects, or one going a way."""
    wanted = set(classes)
    return len({e.supplier_key for e in effects if e.supplier_class in wanted and way in (None, e.way)})
