"""Rules on public notices against the contract register.

Does not belong here: the shape of releases (`kcc_etl.intake`).
"""

from __future__ import annotations

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import pounds_display

CONTRACT_DETAILS = "UK7"
TOLERANCE_PERCENT = 1


def notice_is_in_register(inputs: Inputs) -> Outcome:
    """NT-005: the OCID of a contract details notice is that of a contract of the register.

    Source: Procurement Act 2023 s.53.
    """
    notices = inputs.frames[keys.CORE_NOTICE]
    known = inputs.frames[keys.CORE_CONTRACT]["ocid"].dropna()
    applies = (notices["notice_type"] == CONTRACT_DETAILS) & notices["ocid"].notna()
    return Outcome(judged(notices["ocid"].isin(known), applies))


def notice_value_agrees(inputs: Inputs) -> Outcome:
    """NT-006: notice and register agree on the value including VAT to within 1% of the register's.

    Pence. Applies to contract details notices whose contract is found in the register by OCID and contract
    number, or by an OCID that stands for one contract, where both give the value including VAT.
    Source: Procurement Act 2023 s.53.
    """
    notices = inputs.frames[keys.CORE_NOTICE]
    ours = _register_value(notices, inputs.frames[keys.CORE_CONTRACT])
    theirs = notices["value_inc_vat_pence"]
    fine = 100 * (theirs - ours).abs() <= TOLERANCE_PERCENT * ours.abs()
    applies = (notices["notice_type"] == CONTRACT_DETAILS) & ours.notna() & theirs.notna()
    found = [
        f"{pounds_display(int(a))} in the notice, {pounds_display(int(b))} in the register" if applied else ""
        for a, b, applied in zip(theirs.fillna(0), ours.fillna(0), applies.fillna(False), strict=True)
    ]
    return Outcome(judged(fine, applies), found=pd.Series(found, index=notices.index, dtype=object))


def _register_value(notices: pd.DataFrame, contracts: pd.DataFrame) -> pd.Series:
    by_number: dict[tuple[object, object], object] = {}
    by_ocid: dict[object, list[object]] = {}
    named = contracts[contracts["ocid"].notna()]
    for ocid, number, value in zip(
        named["ocid"], named["contract_id"], named["value_inc_vat_pence"], strict=True
    ):
        by_number.setdefault((ocid, number), value)
        by_ocid.setdefault(ocid, []).append(value)
    values = []
    for ocid, number in zip(notices["ocid"], notices["contract_id"], strict=True):
        candidates = by_ocid.get(ocid, [])
        alone = candidates[0] if len(candidates) == 1 else pd.NA
        values.append(by_number.get((ocid, number), alone))
    return pd.Series(values, index=notices.index, dtype="Int64")


JUDGES: dict[str, Judge] = {"NT-005": notice_is_in_register, "NT-006": notice_value_agrees}
