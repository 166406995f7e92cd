"""Rules on the contract register that need other rows, other tables or the parameters.

Does not belong here: rules on one column or one pair of columns (`checks/suites`).
"""

from __future__ import annotations

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged
from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked import COMPLEXITY_QUESTIONS, RISK_QUESTIONS
from kcc_etl.domain.targets import contracts_asked
from kcc_etl.schema.fields import FIELDS

_QUESTIONS = [*RISK_QUESTIONS, *COMPLEXITY_QUESTIONS]

DEFAULT_PENCE = 100
"""A contract value of £1 or less is a default, not a value (rule CR-006); nothing is compared with it."""


def questions_are_answered(inputs: Inputs) -> Outcome:
    """CR-011: the ten risk and complexity questions are answered 1 to 3 where policy asks for targets.

    Applies to contracts whose procurement began under an edition of the policy and which that edition's scope
    and bands ask for targets. The finding points at the first question left open.
    Source: social-value policy parameters, section 8.2.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    asked = contracts_asked(contracts, inputs.parameters)
    open_questions = ~contracts[_QUESTIONS].isin([1, 2, 3])
    titles = [FIELDS[name].title for name in _QUESTIONS]
    found = [
        "no answer from 1 to 3 to: " + "; ".join(t for t, is_open in zip(titles, row, strict=True) if is_open)
        for row in open_questions.to_numpy()
    ]
    return Outcome(
        judged(~open_questions.any(axis=1), contracts["contract_ref"].isin(asked)),
        found=pd.Series(found, index=contracts.index, dtype=object),
        field=open_questions.idxmax(axis=1),
    )


def call_off_names_a_framework(inputs: Inputs) -> Outcome:
    """CR-012: a call-off names a framework of the register; naming none is a fault. Source: house rule."""
    contracts = inputs.frames[keys.CORE_CONTRACT]
    frameworks = contracts.loc[contracts["agreement_kind"] == "framework", "contract_ref"]
    return Outcome(
        judged(contracts["parent_ref"].isin(frameworks), contracts["agreement_kind"] == "call-off")
    )


def vat_is_plausible(inputs: Inputs) -> Outcome:
    """CR-014: value including VAT lies from the net value to the net value plus 20%.

    Pence, one of them allowed for rounding. Applies where both values are given and the net value is no
    default (rule CR-006).
    Source: Value Added Tax Act 1994 s.2.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    net, gross = contracts["value_ex_vat_pence"], contracts["value_inc_vat_pence"]
    fine = (gross >= net) & (5 * (gross - 1) <= 6 * net)
    return Outcome(judged(fine, (net > DEFAULT_PENCE) & gross.notna()))


JUDGES: dict[str, Judge] = {
    "CR-011": questions_are_answered,
    "CR-012": call_off_names_a_framework,
    "CR-014": vat_is_plausible,
}
