"""Waivers: an officer answers for a publication although a rule that shuts the gate has failed.

Does not belong here: whether the gate opens (`kcc_etl.gate`), cells that cannot be read (intake).

A waiver opens what it names and nothing else: one rule, for one quarter, until a day, for everything the rule
finds there or for one subject of its findings. It never opens what could not run or was not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.findings import quoted
from kcc_etl.domain.overrides import plain_words
from kcc_etl.parameters.waivers import Waivers
from kcc_etl.schema.rules import RULES

WAIVER = "waiver"

Row = Mapping[Any, Any]


@dataclass(frozen=True, order=True)
class Waiver:
    """One waiver that holds. `covers` is the subject of a finding, empty for all that the rule finds."""

    rule_id: str
    covers: str
    decision_id: str
    role: str
    reason: str
    decided_on: date
    expires_on: date


@dataclass(frozen=True, order=True)
class WaiverUsed:
    """A waiver that opened the gate, as the publication shows it; no subject, for one may be a person."""

    rule_id: str
    rule_text: str
    decision_id: str
    role: str
    reason: str
    decided_on: date
    expires_on: date
    findings: int

    def __str__(self) -> str:
        covered = "1 finding" if self.findings == 1 else f"{self.findings:,} findings"
        return (
            f"The data did not meet the rule {quoted(self.rule_text)} ({self.rule_id}): {covered}. "
            f"The {self.role} answers for publishing all the same until {_day(self.expires_on)}, "
            f"because: {self.reason} (decision {self.decision_id} of {_day(self.decided_on)})."
        )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def rule_fault(rule_id: object) -> str:
    """Why a waiver of this rule opens nothing; empty when it may be waived. Rule DC-013."""
    rule = RULES.get(str(rule_id))
    if rule is None:
        return "no rule has this number"
    if rule.effect != "block":
        return f"{rule.id} does not shut publication"
    return "" if rule.waivable else f"{rule.id} cannot be waived"


def authority_fault(decision: Row, allowed: Waivers) -> str:
    """Why role, reason or last day let a waiver open nothing; empty when they are in order. Rule DC-014."""
    if fault := signature_fault(decision, allowed, "may not waive a rule"):
        return fault
    if pd.isna(decision["expires_on"]):
        return "no last day is given"
    days = (decision["expires_on"] - decision["decided_on"]).days
    if days > allowed.longest_days:
        return f"it would hold for {days:,} days, and {allowed.longest_days:,} is the most"
    return ""


def signature_fault(decision: Row, allowed: Waivers, may_not: str) -> str:
    """Why role or reason let a decision open nothing; empty when both are of the lists."""
    role, reason = signed(decision, allowed)
    if not role:
        return f"the role {decision['role']} {may_not}"
    return "" if reason else "the reason is not one of the list"


def signed(decision: Row, allowed: Waivers) -> tuple[str, str]:
    """Role and reason as the lists write them; empty for one that is not listed."""
    return _listed(decision["role"], allowed.roles), _listed(decision["reason_code"], allowed.reason_codes)


def waivers_in_force(
    decisions: pd.DataFrame, period: str, as_of: date, allowed: Waivers
) -> tuple[Waiver, ...]:
    """The waivers that hold for a quarter on the day spoken about: decided by then, not expired, in order.

    One holds on the day it expires, and no longer.
    """
    known = decisions_known(decisions, as_of)
    rows = known[(known["decision_kind"] == WAIVER) & (known["period"] == period)].to_dict("records")
    found = [
        Waiver(
            rule_id=str(row["subject"]),
            covers=row["other_subject"] if isinstance(row["other_subject"], str) else "",
            decision_id=str(row["decision_id"]),
            role=signed(row, allowed)[0],
            reason=signed(row, allowed)[1],
            decided_on=row["decided_on"].date(),
            expires_on=row["expires_on"].date(),
        )
        for row in rows
        if not rule_fault(row["subject"]) and not authority_fault(row, allowed)
    ]
    return tuple(sorted(one for one in found if one.expires_on >= as_of))


def waivers_used(waivers: Iterable[Waiver], rule_id: str, subjects: Sequence[str]) -> tuple[WaiverUsed, ...]:
    """The waivers that cover findings of a rule, each with the number it covers, in order.

    `subjects` has one entry a finding. The waiver of a subject comes before that of the whole rule; of two
    for one thing, the first decision counts.
    """
    mine = sorted(one for one in waivers if one.rule_id == rule_id)
    whole = [one for one in mine if not one.covers]
    counted: dict[Waiver, int] = {}
    for subject in subjects:
        fitting = [one for one in mine if one.covers and one.covers == subject] or whole
        if fitting:
            counted[fitting[0]] = counted.get(fitting[0], 0) + 1
    return tuple(_used(one, counted[one]) for one in sorted(counted))


def _used(waiver: Waiver, findings: int) -> WaiverUsed:
    return WaiverUsed(
        rule_id=waiver.rule_id,
        rule_text=RULES[waiver.rule_id].text,
        decision_id=waiver.decision_id,
        role=waiver.role,
        reason=waiver.reason,
        decided_on=waiver.decided_on,
        expires_on=waiver.expires_on,
        findings=findings,
    )


def _listed(text: object, words: Iterable[str]) -> str:
    """The word of a list that was meant, as the list writes it; empty for none."""
    return next((word for word in words if plain_words(word) == plain_words(text)), "")
