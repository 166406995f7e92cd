"""Which contracts' payments the payments compliance notice is about, and why it is not about the others.

Does not belong here: the tests of a public contract themselves (`publication`, `thresholds`), the figures
(`payments_compliance`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from kcc_etl.domain.duties.awarded import contracts_as_awarded
from kcc_etl.domain.publication import outside_section_70, public_or_converted
from kcc_etl.domain.thresholds import threshold_of, value_reaches
from kcc_etl.parameters.duties import Law
from kcc_etl.parameters.model import Parameters

UNKNOWN = "cannot be told"
NOT_IN_REGISTER = "its contract is not in the register"
_FACTS = [
    "contract_ref", "agreement_kind", "regime", "procurement_category", "procurement_commenced_on",
    "is_light_touch", "is_school_contract", "value_inc_vat_pence", "value_ex_vat_pence",
]  # fmt: skip


def why_outside(contracts: pd.DataFrame, decisions: pd.DataFrame, parameters: Parameters) -> dict[str, str]:
    """By contract reference, why section 69 does not reach its payments; empty where it does.

    What the register does not say enough of begins with `cannot be told`. Private utilities are not known to
    the register, which has none. Source: PA23 s.3, s.69(1), (6); SI 2025/1316 reg 2(1).
    """
    register = contracts.drop_duplicates("contract_ref")
    reached = public_or_converted(register, decisions, parameters)
    elsewhere = outside_section_70(register)
    facts = contracts_as_awarded(register, decisions)[_FACTS].to_dict("records")
    return {
        str(fact["contract_ref"]): "" if there else _why(fact, bool(out), parameters.law)
        for fact, there, out in zip(facts, reached, elsewhere, strict=True)
    }


def _why(fact: Mapping[Hashable, Any], elsewhere: bool, law: Law) -> str:
    kind, regime = fact["agreement_kind"], fact["regime"]
    if kind in ("framework", "concession"):
        return f"its contract is a {kind}"
    if isinstance(regime, str) and regime != "pa23":
        return f"its contract was awarded under {regime}, not under the Procurement Act"
    if elsewhere:
        school = pd.notna(fact["is_school_contract"]) and bool(fact["is_school_contract"])
        return (
            "its contract is a school's" if school else "its contract is a call-off from an older framework"
        )
    return _unknown(fact) or _below(fact, law)


def _unknown(fact: Mapping[Hashable, Any]) -> str:
    """What the register lacks to decide; empty when it has all."""
    words = {"agreement_kind": "kind", "regime": "regime"}
    if not (pd.notna(fact["is_light_touch"]) and fact["is_light_touch"]):
        words["procurement_category"] = "category"
    lacking = [word for name, word in words.items() if not isinstance(fact[name], str)]
    if pd.isna(fact["procurement_commenced_on"]):
        lacking.append("day the procurement commenced")
    if pd.isna(fact["value_inc_vat_pence"]) and pd.isna(fact["value_ex_vat_pence"]):
        lacking.append("value")
    return f"{UNKNOWN}: its contract has no {' and no '.join(lacking)}" if lacking else ""


def _below(fact: Mapping[Hashable, Any], law: Law) -> str:
    threshold = threshold_of(fact, law.statutory)
    if threshold is None:
        return "its contract's procurement commenced before the Act, or is of a kind the Act does not know"
    gross, net = fact["value_inc_vat_pence"], fact["value_ex_vat_pence"]
    if value_reaches(gross, net, threshold, law.rules.net_value_reading.vat_percent) == "unsure":
        return (
            f"{UNKNOWN}: its contract has no value including VAT; without VAT it is just below the threshold"
        )
    return "its contract is below the threshold"
