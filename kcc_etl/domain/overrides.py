"""Overrides of targets: which officer may set which quantity, what an approval adds, which override stands.

Does not belong here: the calculated target (`proportion`), decisions of other kinds.

An override counts when its reason is one of the policy's, the law lets a target be set at all, and the role
that made it, or a role that approved it later, may set a target to that quantity.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.decisions import decided
from kcc_etl.parameters.model import Policy

OVERRIDE, APPROVAL = "override", "approval"

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Override:
    """One override with the roles that have approved it."""

    decision_id: str
    subject: str
    measure_code: str
    quantity: Fraction
    role: str
    reason_code: str
    approved_by: tuple[str, ...] = ()

    def has_reason(self, policy: Policy) -> bool:
        """Whether its reason is one of the policy's. Source: section 8.8; rule DC-009."""
        return plain_words(self.reason_code) in [plain_words(code) for code in policy.overrides.reason_codes]

    def has_authority(self, target: Fraction, policy: Policy) -> bool:
        """Whether the role that made it, or one that approved it, may set a target so. Rule DC-004."""
        return any(may_set(role, self.quantity, target, policy) for role in (self.role, *self.approved_by))

    def counts(self, target: Fraction, policy: Policy) -> bool:
        """Whether it has both a reason and authority."""
        return self.has_reason(policy) and self.has_authority(target, policy)


@dataclass(frozen=True)
class Overridden:
    """A target that an officer set: what was calculated, what was agreed instead, in the measure's unit."""

    contract_ref: str
    measure_code: str
    unit: str
    reason_code: str
    calculated: Fraction
    agreed: Fraction


def overridden(targets: pd.DataFrame, decisions: pd.DataFrame) -> list[Overridden]:
    """The targets that an override counts for, by contract and measure, as they were before any change.

    Source: social-value policy parameters, section 8.8: calculated and agreed are both reported.
    """
    reasons = dict(zip(decisions["decision_id"], decisions["reason_code"], strict=True))
    names = ["contract_ref", "measure_code", "unit", "override_id", "target", "original"]
    rows = targets.loc[targets["override_id"].notna(), names].sort_values(names[:2], kind="stable")
    return [
        Overridden(ref, code, unit, str(reasons.get(number, "")).strip(), calculated, agreed)
        for ref, code, unit, number, calculated, agreed in rows.itertuples(index=False, name=None)
    ]


def may_set(role: object, quantity: Fraction, target: Fraction, policy: Policy) -> bool:
    """Whether an officer of this role may set a target to this quantity.

    A category lead within the limit either way, the head of procurement and the chief procurement officer
    to any quantity, nobody else. Source: social-value policy parameters, section 8.8; rule DC-004.
    """
    plain = plain_words(role)
    if plain in [plain_words(name) for name in policy.overrides.roles_without_limit]:
        return True
    within = plain in [plain_words(name) for name in policy.overrides.roles_within_limit]
    return within and abs(quantity - target) <= target * policy.overrides.limit_pct / 100


def overrides_by_target(decisions: pd.DataFrame) -> dict[tuple[str, str], list[Override]]:
    """The overrides of each contract and measure with their approvals, in the order they were decided."""
    approvals = approvals_by_number(decisions)
    found: dict[tuple[str, str], list[Override]] = {}
    for (ref, code), rows in decided(decisions, OVERRIDE, ("subject", "measure_code")).items():
        found[str(ref), str(code)] = [_override(row, approvals) for row in rows]
    return found


def approvals_by_number(decisions: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The roles that approved each decision, by its number."""
    found: dict[str, list[str]] = {}
    approvals = decisions.loc[decisions["decision_kind"] == APPROVAL, ["subject", "role"]]
    for subject, role in approvals.itertuples(index=False, name=None):
        found.setdefault(str(subject), []).append(str(role))
    return {number: tuple(sorted(roles)) for number, roles in found.items()}


def standing(
    overrides: Iterable[Override], target: Fraction, policy: Policy, barred: Collection[str] = ()
) -> Override | None:
    """The last override that counts; of a measure the law bars (`barred` names them), none does."""
    counting = [one for one in overrides if one.counts(target, policy) and one.measure_code not in barred]
    return counting[-1] if counting else None


def _override(row: Row, approvals: Mapping[str, tuple[str, ...]]) -> Override:
    number = str(row["decision_id"])
    return Override(
        decision_id=number,
        subject=str(row["subject"]),
        measure_code=str(row["measure_code"]),
        quantity=row["quantity"],
        role=str(row["role"]),
        reason_code=str(row["reason_code"]),
        approved_by=approvals.get(number, ()),
    )


def plain_words(text: object) -> str:
    """Words of a list as they are compared: small letters, one space."""
    return " ".join(str(text).casefold().replace("_", " ").replace("-", " ").split())
