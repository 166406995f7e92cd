"""Who approved the figures of a payments compliance notice: a decision that names the very figures.

Does not belong here: the figures (`compliance_notice`), the sign-off of a pack.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import pandas as pd

from kcc_etl.domain.decisions import in_order

COMPLIANCE_APPROVAL = "compliance approval"
"""Kind of decision: its subject is the number of the figures, `period` the half-year, `other_subject` the
name and `role` the job title of the director, both of which the regulation wants published."""

DIGITS = 16
FEWEST_DIGITS = 12
"""Of the number of the figures that an approval must name, so that it fits no other figures by chance."""


@dataclass(frozen=True)
class Approval:
    """One approval: the director's name and job title, and its day. Source: PR24 reg 38(2)(e)."""

    name: str
    job_title: str
    on: date


def figures_digest(figures: Iterable[tuple[str, str | None]]) -> str:
    """The number of a set of figures: the first digits of the SHA-256 of their names and values as shown."""
    return sha256(json.dumps(list(figures), ensure_ascii=False).encode()).hexdigest()[:DIGITS]


def approval_of(decisions: pd.DataFrame, half: str, digest: str) -> tuple[Approval | None, str]:
    """The last approval of these very figures, or why there is none."""
    mine = decisions[(decisions["decision_kind"] == COMPLIANCE_APPROVAL) & (decisions["period"] == half)]
    rows = [row for row in in_order(mine).to_dict("records") if _names(str(row["subject"]), digest)]
    if rows:
        last = rows[-1]
        return Approval(str(last["other_subject"]), str(last["role"]), last["decided_on"].date()), ""
    if len(mine):
        return None, "draft: what was approved were other figures than these"
    return None, "draft: not approved yet by the director responsible for finances"


def _names(subject: str, digest: str) -> bool:
    digits = subject.strip().lower()
    return len(digits) >= FEWEST_DIGITS and digest.startswith(digits)


@dataclass(frozen=True)
class Waiting:
    """A notice that waits for its approval: the number of its figures, and its half-year."""

    number: str
    half: str


def waiting_notice(notice: pd.DataFrame) -> Waiting | None:
    """The notice among the figures of a period that waits for its approval; None where none does.

    `notice` holds its fields. Of a half-year that is not over, and of one without payments, no approval is
    required. Source: PR24 reg 38(2)(e).
    """
    told = dict(zip(notice["form_field"], notice["form_value"], strict=True))
    if told.get("status") != "draft":
        return None
    return Waiting(str(told["figures_digest"]), str(notice["reporting_half"].iloc[0]))
