"""The counts and sums behind the committee report: exact, and never across units.

Does not belong here: targets, what is due, statuses (`kcc_etl.domain`), words (`committee`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kcc_etl.parameters.model import Measure
from reports.documents import Value

_RETURN_STATES = ("received", "nil", "missing", "refused")
_STATUSES = ("Green", "Amber", "Red", "Grey")


@dataclass(frozen=True)
class MeasureTotals:
    """Sums of one measure over contracts, exact, in the measure's own unit; lines by status."""

    code: str
    title: str
    unit: str
    contracts: int
    committed: Fraction
    due: Fraction
    claimed: Fraction
    verified: Fraction
    statuses: tuple[tuple[str, int], ...]

    @property
    def share(self) -> Fraction | None:
        """Verified as a share of what is due; None when nothing is due."""
        return self.verified / self.due if self.due else None


@dataclass(frozen=True)
class Headline:
    """Counts of the period: contracts, targets by status, and contracts by the state of their return."""

    contracts: int
    targets: int
    statuses: tuple[tuple[str, int], ...]
    returns: dict[str, int]

    @property
    def returns_due(self) -> int:
        """Contracts that owed a return for the period."""
        return sum(self.returns[state] for state in _RETURN_STATES)


def headline(rows: Sequence[dict[str, Value]]) -> Headline:
    """The counts behind the headline; a contract counts once however many measures it has."""
    states = {str(row["contract_ref"]): str(row["return_status"]) for row in rows}
    counts = {state: sum(1 for value in states.values() if value == state) for state in _RETURN_STATES}
    targets = sum(1 for row in rows if row["agreed"] is not None)
    return Headline(len(states), targets, _by_status(rows), counts)


def _by_status(rows: Sequence[dict[str, Value]]) -> tuple[tuple[str, int], ...]:
    return tuple((status, sum(1 for row in rows if row["status"] == status)) for status in _STATUSES)


def totals_by_measure(rows: Sequence[dict[str, Value]], measures: Sequence[Measure]) -> list[MeasureTotals]:
    """Totals of each measure that has a line, in the order of the parameters. Units are never mixed."""
    order = {measure.code: place for place, measure in enumerate(measures)}
    codes = sorted(
        {str(row["measure_code"]) for row in rows}, key=lambda code: (order.get(code, len(order)), code)
    )
    return [_totals(code, [row for row in rows if row["measure_code"] == code]) for code in codes]


def _totals(code: str, rows: list[dict[str, Value]]) -> MeasureTotals:
    return MeasureTotals(
        code=code,
        title=str(rows[0]["measure_title"]),
        unit=str(rows[0]["unit"]),
        contracts=len({row["contract_ref"] for row in rows}),
        committed=_sum(rows, "committed"),
        due=_sum(rows, "due"),
        claimed=_sum(rows, "claimed"),
        verified=_sum(rows, "verified"),
        statuses=_by_status(rows),
    )


def exact(value: Value) -> Fraction:
    """The quantity, zero when missing."""
    return value if isinstance(value, Fraction) else Fraction(0)


def _sum(rows: Sequence[dict[str, Value]], name: str) -> Fraction:
    return sum((exact(row[name]) for row in rows), Fraction(0))
