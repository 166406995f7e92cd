"""How much each change moves a contract: value and term, alone and with the changes before it.

Does not belong here: whether a change needs a notice (`change`), the value at award (`awarded`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count

from kcc_etl.domain.decisions import number_order
from kcc_etl.domain.duties.awarded import Value
from kcc_etl.domain.duties.facts import Facts, Modification
from kcc_etl.domain.money import round_half_up
from kcc_etl.parameters.duties import Law


@dataclass(frozen=True)
class Measured:
    """A change, and the changes before it that were below the limits: pence of value, days of term.

    `before` and `after` are the contract with the value that it has before and after the change.
    """

    change: Modification
    base_pence: int | None
    term_days: int | None
    value_pence: int
    days: int
    before: Facts
    after: Facts
    earlier_pence: int = 0
    earlier_days: int = 0


def measured_changes(facts: Facts, law: Law) -> Iterator[Measured]:
    """The changes in order, each with those before it that were within the limits."""
    rules = law.statutory.change
    percent = rules.works_value_percent if facts.category == "works" else rules.value_percent
    before = facts.as_awarded
    whole, term = before.value_ex_vat_pence, _term_at_award(facts)
    earlier_pence = earlier_days = 0
    for change in in_order_of_effect(facts):
        pence, days = _size(facts, change, law)
        after = _moved(before, pence, law.rules.net_value_reading.vat_percent)
        yield Measured(change, whole, term, pence, days, before, after, earlier_pence, earlier_days)
        before = after
        earlier_pence, earlier_days = earlier_pence + pence, earlier_days + days
        notified = exceeds(earlier_pence, whole, percent) or exceeds(earlier_days, term, rules.term_percent)
        if notified or change.is_transfer:
            whole = None if whole is None else whole + earlier_pence
            earlier_pence = earlier_days = 0


def _size(facts: Facts, change: Modification, law: Law) -> tuple[int, int]:
    """By how much a change moves the estimated value and the term: pence and days."""
    days = 0
    if change.old_end_on and change.new_end_on:
        days = (change.new_end_on - change.old_end_on).days
    if is_planned(facts, change):
        # The estimated value includes options already (PA23 Schedule 3 para 1), so an extension that the
        # contract provides for adds none.
        return 0, days if law.rules.change_reading.planned_extension == "counts" else 0
    return change.value_change_pence, days


def is_planned(facts: Facts, change: Modification) -> bool:
    """Whether a change is an extension that the contract provides for."""
    ends = (change.new_end_on, change.old_end_on, facts.max_end_on)
    return all(ends) and ends[1] < ends[0] <= ends[2]  # type: ignore[operator]  # none is None here


def _term_at_award(facts: Facts) -> int | None:
    first = facts.start_on or facts.signed_on
    ends = [c.old_end_on for c in in_order_of_effect(facts) if c.old_end_on]
    last = facts.max_end_on or (ends[0] if ends else facts.end_on)
    return (last - first).days + 1 if first and last else None


def _moved(facts: Facts, pence: int, vat_percent: int) -> Facts:
    """The contract with the value that a change gives it, on both bases; no notice speaks of that one."""
    if pence == 0:
        return facts
    known = Value(facts.value_inc_vat_pence, facts.value_ex_vat_pence)
    value = known.moved(pence)
    vat = 0 if known.has_vat_share else int(round_half_up(Fraction(pence * vat_percent, 100)))
    return replace(
        facts, value_inc_vat_pence=value.gross, value_ex_vat_pence=value.net,
        vat_of_changes_pence=facts.vat_of_changes_pence + vat,
        awarded_inc_vat_pence=None, awarded_ex_vat_pence=None, stated_above=None,
    )  # fmt: skip


def exceeds(change: int, whole: int | None, percent: int) -> bool:
    """Whether a change is more than a percentage of the whole; any is, of a whole that is not known."""
    if change == 0:
        return False
    return whole is None or abs(change) * 100 > whole * percent


def share_display(change: int, whole: int | None, percent: int) -> str:
    """The share of a change in a whole, with decimals enough to show on which side of the limit it lies."""
    if not change:
        return "0%"
    if not whole:
        return "a share not known"
    share = Fraction(abs(change) * 100, whole)
    told = (round_half_up(share, places) for places in count(1))
    return f"{next(one for one in told if _side(Fraction(one), percent) == _side(share, percent))}%"


def _side(share: Fraction, percent: int) -> int:
    return (share > percent) - (share < percent)


def in_order_of_effect(facts: Facts) -> list[Modification]:
    """The recorded changes by the day they take effect, of one day by their numbers."""
    return sorted(facts.modifications, key=lambda change: (change.effective_on, number_order(change.id)))
