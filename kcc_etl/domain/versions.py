"""Versions of every target: the first, and one for each change of its contract; what is due under each.

Does not belong here: which changes there were (`changes`), what each makes of a target (`unfolded`), the
profile (`profile`), claims (`delivery`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.changes import EARLY_END
from kcc_etl.domain.commitments import COMMITMENT, Commitment, promised_by_target
from kcc_etl.domain.counted_changes import changes_that_count
from kcc_etl.domain.milestones import Staged, staged_by_target
from kcc_etl.domain.money import number_display
from kcc_etl.domain.overrides import OVERRIDE
from kcc_etl.domain.planned import Term, is_level
from kcc_etl.domain.unfolded import Version, unfold
from kcc_etl.domain.version_sentences import invoiced_sentence
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema import frames

Row = Mapping[Any, Any]
Target = tuple[str, str]
"""A contract reference and a measure code."""


_READ = ["contract_ref", "start_on", "end_on", "procurement_commenced_on", "spend_is_guaranteed"]
_DAY = timedelta(days=1)
_MILLION = 100_000_000
"""Pence in £1m."""


@dataclass(frozen=True)
class ByInvoice:
    """The target of a contract without guaranteed spend: so much for each penny that is invoiced.

    `last` is the day that the contract ended early, after which it is frozen. Source: section 8.6.
    """

    per_penny: Fraction
    invoiced: Invoiced
    last: date | None = None

    @property
    def per_million(self) -> Fraction:
        """The target for each £1m invoiced, excluding VAT."""
        return self.per_penny * _MILLION

    def pence(self, as_at: date | None) -> int:
        """What is invoiced by the end of a day, in all without one; nothing more after an early end."""
        return self.invoiced.by(min(as_at or date.max, self.last or date.max))

    def due(self, as_at: date | None) -> Fraction:
        """What that makes of the target; it is due at once."""
        return self.per_penny * self.pence(as_at)


@dataclass(frozen=True)
class Plan:
    """The versions of one target in order; where no spend is guaranteed, what is invoiced makes the target.

    `milestones` are those that count, `staged` the target they were to make when they were decided, and
    `not_counted` says by the number of the decision why others do not.
    """

    versions: tuple[Version, ...]
    by_invoice: ByInvoice | None = None
    milestones: Mapping[date, Fraction] = field(default_factory=dict)
    staged: Fraction = Fraction(0)
    not_counted: Mapping[str, str] = field(default_factory=dict)

    def agreed(self, as_at: date | None) -> Fraction:
        """The target as it stands on a day, after every change without one.

        It is that of the version in force; where no spend is guaranteed, what is invoiced by then makes it.
        """
        if self.by_invoice is not None:
            return self.by_invoice.due(as_at)
        return (self.versions[-1] if as_at is None else self._in_force(as_at)).profile.total

    def due(self, as_at: date) -> Fraction:
        """What is due by the end of a day; what is invoiced is due at once."""
        if self.by_invoice is not None:
            return self.by_invoice.due(as_at)
        return self._in_force(as_at).profile.due(as_at)

    def as_versions(self, as_of: date | None) -> Iterator[tuple[Fraction, Fraction | None]]:
        """Of each version the target, and what was due before it; invoices are counted while it holds.

        Where they make the target nothing is due before it that a change could take back.
        """
        if self.by_invoice is None:
            yield from (
                (one.profile.total, one.profile.due(one.effective_on - _DAY)) for one in self.versions
            )
            return
        ends = [one.effective_on - _DAY for one in self.versions[1:]]
        for end in (*ends, date.max):
            yield self.by_invoice.due(min(end, as_of or date.max)), None

    def _in_force(self, as_at: date) -> Version:
        if len(self.versions) == 1:
            return self.versions[0]
        begun = [version for version in self.versions if version.effective_on <= as_at]
        return begun[-1] if begun else self.versions[0]


class Invoiced:
    """Value invoiced to a contract by each day, pence excluding VAT, less credits.

    An invoice counts from the day it was received, where the ledger does not say from the day it was paid;
    one that is not paid is not known. Source: social-value policy parameters, section 8.6.
    """

    def __init__(self, payments: Sequence[tuple[date, int]]) -> None:
        self._days = []
        self._sums = [0]
        for day, pence in sorted(payments):
            self._days.append(day)
            self._sums.append(self._sums[-1] + pence)

    def by(self, as_at: date) -> int:
        """The sum by the end of a day; credits never take it below nothing."""
        return max(self._sums[bisect_right(self._days, as_at)], 0)


class Plans:
    """The plan of every target, from the contracts, the decisions known and, for spend, the payments.

    Raises KeyError for a target of a contract that is not among the contracts.
    """

    def __init__(
        self,
        contracts: pd.DataFrame,
        decisions: pd.DataFrame,
        parameters: Parameters,
        payments: pd.DataFrame | None = None,
    ) -> None:
        self._contracts = {str(row["contract_ref"]): row for row in contracts[_READ].to_dict("records")}
        self._changes = changes_that_count(contracts, decisions)
        self.staged = staged_by_target(contracts, decisions)
        self._parameters = parameters
        self.promised = promised_by_target(contracts, decisions, parameters, self._changes)
        self._decided = _days_of_overrides(decisions)
        self._invoiced = _invoiced(payments) if payments is not None else {}

    def of(self, target: Row) -> Plan:
        """The plan of a target, a row of the table of targets."""
        ref, code = str(target["contract_ref"]), str(target["measure_code"])
        contract = self._contracts[ref]
        measure = self._parameters.measure_of[code]
        staged = self.staged.get((ref, code), Staged())
        term = Term(
            measure,
            contract["start_on"].date(),
            contract["end_on"].date(),
            self._changes.get(ref, ()),
            staged.original,
            self._edition(contract),
        )
        is_moved = moves(target, measure)
        guaranteed, value = contract["spend_is_guaranteed"], target["counted_value"]
        if is_moved and pd.notna(guaranteed) and not guaranteed and value:
            return self._invoiced_plan(target, term, target["original"] / (value * 100))
        made = unfold(term, target["original"], staged, self._replacing(target), is_moved=is_moved)
        versions = (*self._first(target, term), *made.versions)
        return Plan(versions, None, made.milestones, made.staged, made.not_counted)

    def _invoiced_plan(self, target: Row, term: Term, per_penny: Fraction) -> Plan:
        ends = [change.effective_on for change in term.changes if change.kind == EARLY_END]
        last = ends[0] if ends else None
        invoiced = self._invoiced.get(str(target["contract_ref"]), Invoiced(()))
        made = ByInvoice(per_penny, invoiced, last)
        profile = term.planned(target["original"])
        further = [
            Version(
                change.kind,
                change.effective_on,
                change.decision_id,
                profile,
                invoiced_sentence(change, made.per_million, made.due(change.effective_on)),
            )
            for change in term.changes
            if change.effective_on <= (last or date.max)
        ]
        return Plan((*self._first(target, term), *further), made)

    def _first(self, target: Row, term: Term) -> list[Version]:
        """The target that is calculated or promised, and the override that stands in its place."""
        is_promised = bool(target["is_commitment"])
        kind, was = (COMMITMENT, "committed") if is_promised else ("calculated", "calculated")
        made: list[tuple[Fraction, str, str | None, str]] = [
            (target["target"], kind, None, str(target["explanation"]))
        ]
        if isinstance(target["override_id"], str):
            amounts = number_display(target["original"], 4), number_display(target["target"], 4)
            sentence = "An officer set the target to {} in place of {} {}.".format(*amounts, was)
            made.append((target["original"], OVERRIDE, target["override_id"], sentence))
        return [
            Version(kind, term.start, decision, term.planned(quantity), text)
            for quantity, kind, decision, text in made
        ]

    def _replacing(self, target: Row) -> tuple[Commitment, ...]:
        """The later commitments that move a promised target; where an override stands, those since."""
        subject = str(target["contract_ref"]), str(target["measure_code"])
        if not target["is_commitment"] or subject not in self.promised:
            return ()
        later = self.promised[subject].later
        if not isinstance(target["override_id"], str):
            return later
        number = target["override_id"]
        since = self._decided.get(number, date.min), number
        return tuple(one for one in later if (one.decided_on, one.decision_id) > since)

    def _edition(self, contract: Row) -> Policy:
        commenced = contract["procurement_commenced_on"]
        found: Policy | None = self._parameters.in_force(commenced.date()) if pd.notna(commenced) else None
        return found or self._parameters.policy


def moves(target: Row, measure: Measure) -> bool:
    """Whether changes of value and term move a target: it is calculated, and its measure adds up."""
    return not bool(target["is_commitment"]) and measure.computed != "fixed" and not is_level(measure)


def staged_plans(
    contracts: pd.DataFrame, targets: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters
) -> dict[Target, Plan]:
    """The plans of the targets that milestones are recorded for and can move. Rules TG-006 and DC-026."""
    dated = contracts[contracts["start_on"].notna() & contracts["end_on"].notna()]
    plans = Plans(dated, decisions, parameters)
    found: dict[Target, Plan] = {}
    for target in targets.to_dict("records"):
        place = str(target["contract_ref"]), str(target["measure_code"])
        if place in plans.staged and place[1] in parameters.measure_of and target["original"] is not None:
            plan = plans.of(target)
            if plan.by_invoice is None:
                found[place] = plan
    return found


def compute_versions(
    targets: pd.DataFrame,
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    parameters: Parameters,
    payments: pd.DataFrame | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """Every version of every target, one row a version, numbered from 1 in the order they take effect.

    Where no spend is guaranteed `agreed` is what the `payments` make of it while the version holds.
    Source: social-value policy parameters, section 8.6: every change writes a new target version.
    """
    plans = Plans(contracts, decisions, parameters, payments)
    rows: list[dict[str, object]] = []
    for target in targets.to_dict("records"):
        plan = plans.of(target)
        told = zip(plan.versions, plan.as_versions(as_of), strict=True)
        for number, (version, (agreed, due_before)) in enumerate(told, start=1):
            rows.append(
                {
                    **{name: target[name] for name in ("contract_ref", "measure_code", "unit")},
                    "version": number,
                    "version_kind": version.kind,
                    "effective_on": version.effective_on,
                    "decision_id": version.decision_id,
                    "agreed": agreed,
                    "due_before": due_before,
                    "explanation": version.sentence,
                    "parameter_version": target["parameter_version"],
                }
            )
    return frames.from_rows(rows, keys.OUT_TARGET_VERSION)


def _days_of_overrides(decisions: pd.DataFrame) -> dict[str, date]:
    rows = decisions.loc[decisions["decision_kind"] == OVERRIDE, ["decision_id", "decided_on"]]
    return {str(number): day.date() for number, day in rows.itertuples(index=False, name=None)}


def _invoiced(payments: pd.DataFrame) -> dict[str, Invoiced]:
    """What was invoiced to each contract, by the day of receipt, else by that of payment."""
    received = payments["invoice_received_on"].fillna(payments["paid_on"])
    dated = payments[["contract_ref", "amount_ex_vat_pence"]].assign(day=received)
    lines: dict[str, list[tuple[date, int]]] = {}
    for ref, pence, day in dated.dropna().itertuples(index=False, name=None):
        lines.setdefault(str(ref), []).append((day.date(), int(pence)))
    return {ref: Invoiced(found) for ref, found in lines.items()}
