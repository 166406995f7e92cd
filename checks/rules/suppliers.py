"""Rules on suppliers: numbers that contradict one another, sizes that do, names for an officer to settle.

Does not belong here: numbers and letters in single cells (`kcc_etl.intake`).
"""

from __future__ import annotations

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.sizes import sizes_contradict

REVIEW_FROM_PENCE = 10_000_000
"""£100,000 on each side: below it a pair stays in the table without a finding. House value."""


def identifiers_do_not_contradict(inputs: Inputs) -> Outcome:
    """SU-006: numbers beside one another are of one organisation, and none stands under two firms' names.

    Applies to every supplier with a number. Source: Companies House; transparency-law 3.2.
    """
    suppliers = inputs.frames[keys.CORE_SUPPLIER]
    other = suppliers["identifier_conflict"]
    found = suppliers["supplier_key"].astype(object) + " beside " + other.astype(object)
    return Outcome(
        judged(other.isna(), suppliers["supplier_key"].str.startswith("GB-") | other.notna()), found=found
    )


def sizes_agree(inputs: Inputs) -> Outcome:
    """SU-007: no source states a small or medium size where another states a large one.

    Applies to suppliers of stated size. Source: Procurement Act 2023 s.123.
    """
    suppliers = inputs.frames[keys.CORE_SUPPLIER]
    stated = suppliers["sizes_stated"]
    fine = [not (isinstance(text, str) and sizes_contradict(text.split("|"))) for text in stated]
    found = stated.astype(object).str.replace("|", " and ")
    return Outcome(judged(pd.Series(fine, index=stated.index, dtype=bool), stated.notna()), found=found)


def names_are_settled(inputs: Inputs) -> Outcome:
    """SU-008: two suppliers with much at stake on each side differ in more than spelling and share no number.

    A pair with less than £100,000 of contracts and payments on one side may wait. Source: house rule.
    """
    pairs = inputs.frames[keys.CORE_SUPPLIER_REVIEW]
    stakes = pairs[["at_stake_pence", "other_at_stake_pence"]]
    least = stakes.min(axis="columns", skipna=False)
    columns = ["supplier_name", "at_stake_pence", "other_name", "other_at_stake_pence", "reason", "likeness"]
    found = [
        f"{name} ({_stake(one)}) and {other} ({_stake(two)}): {why}, {score} of 100"
        for name, one, other, two, why, score in rows(pairs, columns)
    ]
    return Outcome(
        judged(least < REVIEW_FROM_PENCE, least.notna()),
        found=pd.Series(found, index=pairs.index, dtype=object),
        field=pd.Series("supplier_name", index=pairs.index, dtype=object),
    )


def _stake(pence: int) -> str:
    return "nothing known" if pd.isna(pence) else pounds_display(int(pence))


JUDGES: dict[str, Judge] = {
    "SU-006": identifiers_do_not_contradict,
    "SU-007": sizes_agree,
    "SU-008": names_are_settled,
}
