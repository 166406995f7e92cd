"""The counts and sums behind the committee report: exact, and never across units.

Does not belong here: targets, what is due, statuses (`kcc_etl.domain`), words (`committee`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kcc_etl.domain.money import number_display, round_half_up
from kcc_etl.domain.overclaims import AWAITS_REVIEW
from kcc_etl.domain.seen_counts import COUNTS, SUM
from kcc_etl.parameters.measures import Measure
from reports.documents import Value

PER_CENT = "%"
_RETURN_STATES = ("received", "nil", "missing", "refused")
NOT_SHOWN = "not shown"
_STATUSES = ("Green", "Amber", "Red", "Grey")


@dataclass(frozen=True)
class MeasureTotals:
    """One measure over its contracts, exact, in its own unit: the sum, or the average where the unit is %.

    `due`, `claimed` and `verified` are over the targets of which something was due when a return was last
    asked for: what comes unasked has no due of its own to be held against.
    `committed` is over the contracts that record what the supplier promised, `committing` in number, and None
    when there is none. `statuses` counts targets; `owing` those of which something was due, `verifying` those
    of them on which something is verified.
    """

    code: str
    title: str
    unit: str
    contracts: int
    committing: int
    committed: Fraction | None
    due: Fraction
    claimed: Fraction
    verified: Fraction
    statuses: tuple[tuple[str, int], ...]
    owing: int = 0
    verifying: int = 0
    may_be_shown: bool = True
    """Whether the sums of claimed and verified tell of no small count of people."""

    @property
    def share(self) -> Fraction | None:
        """Verified as a share of what is due; None when nothing is due or it may not be shown."""
        return self.verified / self.due if self.due and self.may_be_shown else None


@dataclass(frozen=True)
class Headline:
    """Counts of the period: contracts, targets by status, and contracts by the state of their return.

    `returns` are of the contracts that policy asks for one; of the others, `unasked`, some send one all the
    same, `unasked_sent`. `over_claims` are targets claimed far above what is due, some of them still waiting
    for an officer's review.
    """

    contracts: int
    targets: int
    statuses: tuple[tuple[str, int], ...]
    returns: dict[str, int]
    unasked: int
    unasked_sent: int
    over_claims: int = 0
    over_claims_waiting: int = 0

    @property
    def returns_due(self) -> int:
        """Contracts that owed a return for the period."""
        return sum(self.returns[state] for state in _RETURN_STATES)


def headline(rows: Sequence[dict[str, Value]]) -> Headline:
    """The counts behind the headline; a contract counts once however many measures it has."""
    states = {
        str(row["contract_ref"]): (bool(row["is_return_asked"]), str(row["return_status"])) for row in rows
    }
    found = Counter(states.values())
    counts = {state: found[True, state] for state in _RETURN_STATES}
    targets = sum(1 for row in rows if row["agreed"] is not None)
    return Headline(
        contracts=len(states),
        targets=targets,
        statuses=_by_status(rows),
        returns=counts,
        unasked=sum(1 for is_asked, _ in states.values() if not is_asked),
        unasked_sent=sum(found[False, state] for state in _RETURN_STATES),
        over_claims=sum(1 for row in rows if row["over_claim"]),
        over_claims_waiting=sum(1 for row in rows if row["over_claim"] == AWAITS_REVIEW),
    )


def _by_status(rows: Sequence[dict[str, Value]]) -> tuple[tuple[str, int], ...]:
    found = Counter(str(row["status"] or NOT_SHOWN) for row in rows)
    return tuple(
        (status, found[status]) for status in (*_STATUSES, *([NOT_SHOWN] if found[NOT_SHOWN] else []))
    )


def totals_by_measure(rows: Sequence[dict[str, Value]], measures: Sequence[Measure]) -> list[MeasureTotals]:
    """Totals of each measure that has a line, in the order of the parameters. Units are never mixed."""
    order = {measure.code: place for place, measure in enumerate(measures)}
    codes = sorted(
        {str(row["measure_code"]) for row in rows}, key=lambda code: (order.get(code, len(order)), code)
    )
    return [_totals(code, [row for row in rows if row["measure_code"] == code]) for code in codes]


def _totals(code: str, rows: list[dict[str, Value]]) -> MeasureTotals:
    owing = [row for row in rows if exact(row["due_by_return"]) > 0]
    promised = [row for row in rows if row["committed"] is not None]
    return MeasureTotals(
        code=code,
        title=str(rows[0]["measure_title"]),
        unit=str(rows[0]["unit"]),
        contracts=len({row["contract_ref"] for row in rows}),
        committing=len({row["contract_ref"] for row in promised}),
        committed=_over_contracts(promised, "committed"),
        due=_over_contracts(owing, "due_by_return") or Fraction(0),
        claimed=_over_contracts(owing, "claimed") or Fraction(0),
        verified=_over_contracts(owing, "verified") or Fraction(0),
        statuses=_by_status(rows),
        owing=len(owing),
        may_be_shown=not any(SUM in str(row["not_shown"] or "") for row in owing),
        verifying=sum(1 for row in owing if exact(row["verified"])),
    )


def with_disclosure(
    rows: Sequence[dict[str, Value]], published: Sequence[dict[str, Value]]
) -> list[dict[str, Value]]:
    """The rows of the performance with what the published ones leave out: `not_shown`, and the status shown.

    Their counts stay for the sums. Raises KeyError for a row that is not published.
    """
    told = {(row["contract_ref"], row["measure_code"]): row for row in published}
    return [
        {
            **row,
            **{
                name: told[row["contract_ref"], row["measure_code"]][name] for name in ("not_shown", "status")
            },
        }
        for row in rows
    ]


def counts_shown(row: dict[str, Value]) -> bool:
    """Whether what is claimed and verified of a target may be shown."""
    return COUNTS not in str(row["not_shown"] or "")


def exact(value: Value) -> Fraction:
    """The quantity, zero when missing."""
    return value if isinstance(value, Fraction) else Fraction(0)


def _over_contracts(rows: Sequence[dict[str, Value]], name: str) -> Fraction | None:
    """The sum over contracts; of percentages, which cannot be added, the average. None for no contract."""
    if not rows:
        return None
    total = sum((exact(row[name]) for row in rows), Fraction(0))
    return total / len(rows) if str(rows[0]["unit"]) == PER_CENT else total


def quantity_text(value: Fraction, unit: str) -> str:
    """A quantity with its unit for a reader: `£1,454`, `97.5%`, `10 hours`."""
    if unit == "£":
        return f"£{round_half_up(value, 0):,f}"
    if unit == PER_CENT:
        return f"{number_display(value, 1)}%"
    return f"{number_display(value, 1)} {unit}"
