"""Officers' decisions: what one row must say by its kind.

Does not belong here: cells that cannot be read (`tabular`), whether the subject is known (`domain.core`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from kcc_etl.domain import changes, sameness
from kcc_etl.domain.compliance_approval import COMPLIANCE_APPROVAL
from kcc_etl.domain.duties import decided, duty
from kcc_etl.domain.indicators import MOST_MATERIAL
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.overrides import OVERRIDE
from kcc_etl.domain.periods import is_period, parse_period
from kcc_etl.domain.ratings import RATING
from kcc_etl.domain.sign_off import FEWEST_DIGITS, SIGN_OFF
from kcc_etl.domain.waivers import WAIVER
from kcc_etl.intake.cells.explain import EXPECTED
from kcc_etl.intake.cells.typed import Value, own_words, word_meant
from kcc_etl.intake.parsed import NOTHING
from kcc_etl.intake.tables.row_rules import CellFault
from kcc_etl.schema.fields import FIELDS

_WITH_QUANTITY = ("commitment", OVERRIDE, "verification", changes.MILESTONE)
_NEEDED: dict[str, tuple[str, ...]] = {
    "commitment": ("measure_code",),
    OVERRIDE: ("measure_code",),
    "verification": ("measure_code", "period"),
    changes.VALUE_CHANGE: (
        "effective_on", "original_value_pence", "value_before_pence", "value_after_pence",
    ),
    changes.EXTENSION: (
        "effective_on", "new_end_on", "original_value_pence", "value_before_pence", "value_after_pence",
    ),
    changes.EARLY_END: ("old_end_on", "new_end_on"),
    changes.MILESTONE: ("measure_code", "effective_on"),
    RATING: ("period", "confirmed_rating"),
    MOST_MATERIAL: ("other_subject",),
    WAIVER: ("period", "expires_on"),
    COMPLIANCE_APPROVAL: ("period", "other_subject"),
    decided.DUTY_DONE: ("effective_on",),
    decided.BREACH: ("effective_on",),
    decided.POOR_PERFORMANCE: ("effective_on",),
    decided.NOVATION: ("effective_on",),
}  # fmt: skip
"""The cells without which a decision of a kind says nothing."""

_A_PERIOD = "a quarter, half or year such as 2026-27-Q2, 2026-27-H1 or 2026-27"

LISTS_SHEET = "Lists"
"""The sheet of our template that holds the words to choose from; expected beside the decisions."""

_FILE_DIGITS = re.compile(rf"[0-9a-fA-F]{{{FEWEST_DIGITS},64}}")


def decision_faults(values: dict[str, Value]) -> list[CellFault]:
    """The kind is one of the list, and the cells that the kind needs are filled and sensible. Rule DC-002."""
    kind = word_meant("decision_kind", str(values["decision_kind"] or ""))
    if kind is None:
        *others, last = own_words("decision_kind")
        expected = f"{', '.join(others)} or {last}"
        return [CellFault("DC-002", "decision_kind", str(values["decision_kind"] or NOTHING), expected)]
    values["decision_kind"] = kind
    rating = values["confirmed_rating"]
    if isinstance(rating, str):
        # A word that is none of the Act's is told where the rating is judged, DC-011.
        values["confirmed_rating"] = word_meant("confirmed_rating", rating) or rating
    return [*_faults_of(kind, values), *_over_before_it_begins(values)]


def _faults_of(kind: str, values: dict[str, Value]) -> list[CellFault]:
    """What the kind needs, and what it cannot say."""
    quantity = values["quantity"]
    if kind in _OF_ITS_OWN:
        return [*_OF_ITS_OWN[kind](values), *_gaps(kind, values)]
    if kind == "accepted file" and not _FILE_DIGITS.fullmatch(str(values["subject"] or "")):
        expected = "the first twelve or more digits of the SHA-256 of the file"
        return [CellFault("DC-002", "subject", str(values["subject"] or NOTHING), expected)]
    if kind in sameness.KINDS and values["other_subject"] is None:
        expected = "the other supplier: its key, number or name"
        return [CellFault("DC-002", "other_subject", NOTHING, expected)]
    if kind in _WITH_QUANTITY and not (isinstance(quantity, Fraction) and quantity >= 0):
        found = NOTHING if quantity is None else str(quantity)
        return [CellFault("DC-002", "quantity", found, EXPECTED["exact"])]
    return [*_gaps(kind, values), *_impossible(kind, values)]


def _sign_off_faults(values: dict[str, Value]) -> list[CellFault]:
    """A sign-off names a period, and the digest of the figures by its first digits or whole."""
    found = []
    period, digits = (str(values[name] or NOTHING) for name in ("subject", "other_subject"))
    if not is_period(period):
        found.append(CellFault("DC-002", "subject", period, _A_PERIOD))
    if not _FILE_DIGITS.fullmatch(digits):
        expected = "the first twelve or more digits of the digest that `kcc-etl publish` prints"
        found.append(CellFault("DC-002", "other_subject", digits, expected))
    return found


def _duty_faults(values: dict[str, Value]) -> list[CellFault]:
    """A duty done names a kind of duty, its subject has such duties, and the day is not to come."""
    named = str(values["other_subject"] or NOTHING)
    kind = decided.kind_meant(named)
    if kind is None:
        return [CellFault("DC-002", "other_subject", named, "one duty of: " + ", ".join(duty.KINDS))]
    values["other_subject"] = kind
    faults = []
    subject = str(values["subject"] or "")
    if expected := decided.subject_fault(kind, subject):
        faults.append(CellFault("DC-002", "subject", subject, expected))
    if kind in decided.WITH_OCCASION and values["period"] is None:
        several = "the occasion as `kcc-etl duties` shows it, for there may be several of the kind"
        faults.append(CellFault("DC-002", "period", NOTHING, several))
    done_on, decided_on = values["effective_on"], values["decided_on"]
    if isinstance(done_on, date) and isinstance(decided_on, date) and done_on > decided_on:
        expected = f"{decided_on}, the day of the decision, or an earlier day"
        faults.append(CellFault("DC-002", "effective_on", str(done_on), expected))
    return faults


def _rating_faults(values: dict[str, Value]) -> list[CellFault]:
    """A rating names the indicator that it rates, or a measure that is one."""
    if values["other_subject"] is not None or values["measure_code"] is not None:
        return []
    expected = "the indicator as the contract details notice numbers or words it, or a measure that is one"
    return [CellFault("DC-002", "other_subject", NOTHING, expected)]


def _compliance_faults(values: dict[str, Value]) -> list[CellFault]:
    """An approval of the payments compliance notice names its figures and the half-year they are of."""
    found = []
    digits, half = (str(values[name] or NOTHING) for name in ("subject", "period"))
    if not _FILE_DIGITS.fullmatch(digits):
        expected = "the first twelve or more digits of the number of the figures, which the notice shows"
        found.append(CellFault("DC-002", "subject", digits, expected))
    if values["period"] is not None and not (is_period(half) and parse_period(half).kind == "half"):
        found.append(CellFault("DC-002", "period", half, "a half-year such as 2026-27-H1"))
    return found


_OF_ITS_OWN: dict[str, Callable[[dict[str, Value]], list[CellFault]]] = {
    SIGN_OFF: _sign_off_faults,
    decided.DUTY_DONE: _duty_faults,
    COMPLIANCE_APPROVAL: _compliance_faults,
    RATING: _rating_faults,
}
"""Kinds whose subject is a thing of their own: what is wrong with the cells that name it."""


def _gaps(kind: str, values: dict[str, Value]) -> list[CellFault]:
    """What the kind needs and is not there."""
    return [
        CellFault(
            "DC-002", name, NOTHING, f"a filled cell, which the kind {kind} needs: {FIELDS[name].description}"
        )
        for name in _NEEDED.get(kind, ())
        if values[name] is None
    ]


def _impossible(kind: str, values: dict[str, Value]) -> list[CellFault]:
    """Values and days of a change that no contract can have."""
    before, after = values["value_before_pence"], values["value_after_pence"]
    faults = []
    if kind == changes.VALUE_CHANGE:
        faults += _unless(before, "value_before_pence", at_least=1)
        faults += _unless(after, "value_after_pence", at_least=0)
    if kind == changes.EXTENSION:
        faults += _unless(before, "value_before_pence", at_least=0)
        faults += _unless(after, "value_after_pence", at_least=before if isinstance(before, int) else 0)
        faults += _unless_ordered(values["effective_on"], values["new_end_on"])
    if kind == changes.EARLY_END:
        faults += _unless_ordered(values["new_end_on"], values["old_end_on"], "old_end_on")
    if kind == WAIVER:
        faults += _unless_period(values["period"])
    if kind in (changes.VALUE_CHANGE, changes.EXTENSION):
        faults += _unless(values["original_value_pence"], "original_value_pence", at_least=1)
    return faults


def _over_before_it_begins(values: dict[str, Value]) -> list[CellFault]:
    """A last day before the day of the decision, or before the day that it takes effect."""
    days = [day for day in (values["decided_on"], values["effective_on"]) if isinstance(day, date)]
    return _unless_ordered(max(days), values["expires_on"], "expires_on") if days else []


def _unless(pence: Value, name: str, *, at_least: int) -> list[CellFault]:
    if not isinstance(pence, int) or pence >= at_least:
        return []
    return [CellFault("DC-002", name, pounds_display(pence), f"{pounds_display(at_least)} or more")]


def _unless_period(period: Value) -> list[CellFault]:
    if period is None or is_period(str(period)):
        return []
    return [CellFault("DC-002", "period", str(period), _A_PERIOD)]


def _unless_ordered(first: Value, last: Value, name: str = "new_end_on") -> list[CellFault]:
    if not isinstance(first, date) or not isinstance(last, date) or first <= last:
        return []
    return [CellFault("DC-002", name, str(last), f"{first} or a later day")]
