"""Which contracts policy reaches at all, and why it does not reach the others.

Does not belong here: what it asks of those it reaches (`proportion`, `targets`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kcc_etl.parameters.model import Parameters, Policy

Row = Mapping[str, Any]


def outside_scope(contract: Row, policy: Policy) -> str:
    """Why an edition of the policy asks nothing of a contract, whatever its value; empty when it may.

    Source: social-value policy parameters, section 8.1.
    """
    kind, regime = plain(contract["agreement_kind"]), plain(contract["regime"])
    school = contract["is_school_contract"]
    if kind in policy.scope.agreement_kinds_without_targets:
        return f"it is a {kind}, and its call-offs carry the targets"
    if regime in policy.scope.regimes_without_targets:
        return f"it was procured under the regime {regime}, which policy leaves out"
    if pd.notna(school) and bool(school) and not policy.scope.school_contracts_have_targets:
        return "it is a contract of a school, which policy leaves out"
    if pd.isna(contract["start_on"]) or pd.isna(contract["end_on"]):
        return "the register does not say when it starts or ends"
    return ""


def why_unjudged(contract: Row, parameters: Parameters) -> str:
    """Why no edition of the policy judges a contract; empty when one does."""
    if pd.isna(contract["value_ex_vat_pence"]):
        return "the register gives no value for it"
    commenced = contract["procurement_commenced_on"]
    if pd.isna(commenced):
        return "the register does not say when its procurement began"
    policy = parameters.in_force(commenced.date())
    if policy is None:
        first = parameters.policies[0].effective_from
        return f"its procurement began on {commenced.date()}, and policy holds from {first} on"
    return outside_scope(contract, policy)


def plain(value: object) -> str:
    """A word of the register without spaces around it and in small letters; empty when it is missing."""
    return value.strip().casefold() if isinstance(value, str) else ""
