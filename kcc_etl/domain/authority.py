"""Who may decide what: the one answer for `kcc-etl decide`, for the night and for the rules.

Does not belong here: whose override sets a target (`overrides`), reasons and days of waivers (`waivers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl.domain.decisions import decisions_known, in_order
from kcc_etl.domain.money import percent_display
from kcc_etl.domain.overrides import APPROVAL, OVERRIDE, approvals_by_number, may_set, plain_words
from kcc_etl.parameters.authority import Authority
from kcc_etl.parameters.model import Parameters, Policy

APPROVED_KINDS = (OVERRIDE, "commitment", "value change", "extension", "milestone")
"""The kinds of decisions that an approval adds authority to."""

_OF_VALUE = ("value change", "extension")

Row = Mapping[Any, Any]

GROUP_OF: Mapping[str, str] = {
    "commitment": "commitments",
    "verification": "verifications",
    "value change": "changes",
    "extension": "changes",
    "early end": "changes",
    "milestone": "changes",
    "rating": "ratings",
    "most material indicators": "ratings",
    "duty done": "duties",
    "breach": "duties",
    "poor performance": "duties",
    "novation": "duties",
    "direct award": "duties",
    "clearance": "suppliers",
    "same supplier": "suppliers",
    "different suppliers": "suppliers",
    "reviewed text": "reviewed_texts",
    "compliance approval": "compliance_approvals",
}
"""The list of `authority.toml` that each kind of decision goes by. The other kinds have rules of their own:
override and approval (DC-004), waiver (DC-014), accepted file (DC-015), sign-off (DC-025) and withholding
(DC-030)."""


def roles_for(kind: object, allowed: Authority) -> tuple[str, ...] | None:
    """The roles that may decide this kind; None for kinds that other rules hold to a role."""
    group = GROUP_OF.get(str(kind))
    return None if group is None else getattr(allowed, group)


def may_decide(kind: object, role: object, allowed: Authority) -> bool:
    """Whether a decision of this kind by this role counts. Source: authority.toml; rule DC-031."""
    roles = roles_for(kind, allowed)
    return roles is None or plain_words(role) in [plain_words(one) for one in roles]


def without_authority(decisions: pd.DataFrame, allowed: Authority) -> pd.Series:
    """Which decisions are by a role that may not make them, on their index. Rule DC-031."""
    pairs = zip(decisions["decision_kind"], decisions["role"], strict=True)
    return pd.Series([not may_decide(*pair, allowed) for pair in pairs], index=decisions.index, dtype=bool)


def may_lower(share: Fraction, roles: Iterable[object], policy: Policy) -> bool:
    """Whether what is due may be lowered by this share of it: within the limit of overrides by anyone who may
    decide it at all, beyond it by a role that made or approved it and may override so.

    Source: social-value policy parameters, section 8.8.
    """
    within = share <= policy.overrides.limit_pct / 100
    return within or any(may_set(role, 1 - share, Fraction(1), policy) for role in roles)


def lowering_unapproved(
    decisions: pd.DataFrame, contracts: pd.DataFrame, parameters: Parameters, as_of: date
) -> dict[str, str]:
    """Changes of value that lower a contract beyond the limit of overrides without authority: what is found.

    By the number of the decision; decisions of the day spoken about count. The limit is of the original value
    and of all changes together that nobody approved, so that many small ones are not let through either. An
    early end is a fact and not judged. Source: social-value policy parameters, section 8.8; rule DC-032.
    """
    known = decisions_known(decisions, as_of)
    of_kind = known[known["decision_kind"].isin(_OF_VALUE)]
    approvals, editions = approvals_by_number(known), _editions(contracts, parameters)
    counting: dict[str, dict[tuple[object, object], Fraction]] = {}
    found: dict[str, str] = {}
    for row in in_order(of_kind).to_dict("records"):
        number, ref, share = str(row["decision_id"]), str(row["subject"]), _lowered(row)
        policy, roles = editions.get(ref, parameters.policy), (row["role"], *approvals.get(number, ()))
        mine = counting.setdefault(ref, {})
        about = (row["decision_kind"], row["effective_on"])
        together = sum(mine.values(), share) - mine.get(about, Fraction(0))
        if share > 0 and not may_lower(together, roles, policy):
            found[number] = f"{percent_display(together)} of the original value less, by {row['role']}"
        else:
            mine[about] = Fraction(0) if share > 0 and _is_free(roles, policy) else share
    return found


def approvals_before(decisions: pd.DataFrame) -> pd.Series:
    """Which approvals are dated before what they approve, on the index of the decisions. Rule DC-033."""
    rows = decisions[["decision_id", "decision_kind", "subject", "decided_on"]].to_dict("records")
    made = {row["decision_id"]: row["decided_on"] for row in rows if row["decision_kind"] in APPROVED_KINDS}
    early = [
        row["decision_kind"] == APPROVAL
        and row["subject"] in made
        and bool(row["decided_on"] < made[row["subject"]])
        for row in rows
    ]
    return pd.Series(early, index=decisions.index, dtype=bool)


def _lowered(row: Row) -> Fraction:
    """By what share of the original value a change lowers the contract; below zero where it raises it."""
    before, after, original = (
        row[name] for name in ("value_before_pence", "value_after_pence", "original_value_pence")
    )
    if pd.isna(before) or pd.isna(after):
        return Fraction(0)
    whole = before if pd.isna(original) or not original else original
    return Fraction(int(before) - int(after), int(whole) or 1)


def _is_free(roles: Iterable[object], policy: Policy) -> bool:
    return any(may_set(role, Fraction(0), Fraction(1), policy) for role in roles)


def _editions(contracts: pd.DataFrame, parameters: Parameters) -> dict[str, Policy]:
    """The edition of the policy that each contract is under, where one is known."""
    days = contracts[["contract_ref", "procurement_commenced_on"]].dropna()
    rows = days.itertuples(index=False, name=None)
    found = {str(ref): parameters.in_force(day.date()) for ref, day in rows}
    return {ref: policy for ref, policy in found.items() if policy is not None}
