"""Which edition of the policy a contract is under.

Does not belong here: what the edition asks for (`kcc_etl.domain`).
"""

from __future__ import annotations

import pandas as pd

from checks.rules.outcome import Inputs
from kcc_etl import asset_keys as keys
from kcc_etl.parameters.model import Policy


def edition_by_contract(inputs: Inputs) -> dict[str, Policy]:
    """The edition in force on the day each contract's procurement began; contracts begun before the first
    edition, or on an unknown day, are under none and left out.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    editions: dict[str, Policy] = {}
    for reference, day in zip(contracts["contract_ref"], contracts["procurement_commenced_on"], strict=True):
        policy = inputs.parameters.in_force(day.date()) if isinstance(day, pd.Timestamp) else None
        if policy is not None and not pd.isna(day):
            editions[reference] = policy
    return editions
