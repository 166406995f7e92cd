"""Rules on public notices, and on public notices against the contract register.

Does not belong here: the shape of releases (`kcc_etl.intake`), which contract is which notice and what the
two disagree on (`kcc_etl.domain`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged, of_whole, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.names import fold_name
from kcc_etl.domain.noticed_contracts import LATER_NOTICES

CONTRACT_DETAILS = "UK7"
_CELL_OF = {
    "ended_on": "end_on",
    "changed_end_on": "end_on",
    "changed_value_ex_vat_pence": "value_ex_vat_pence",
    "changed_value_inc_vat_pence": "value_inc_vat_pence",
}
"""Column of the register that a fact which only notices give is held against."""


def notice_is_in_register(inputs: Inputs) -> Outcome:
    """NT-005: a contract details notice is about a contract of the register, by OCID or by what joined them.

    Source: Procurement Act 2023 s.53.
    """
    notices = inputs.frames[keys.CORE_NOTICE]
    known = {
        *inputs.frames[keys.CORE_CONTRACT]["ocid"].dropna(),
        *inputs.frames[keys.CORE_REGISTER_NOTICE]["ocid"].dropna(),
    }
    applies = (notices["notice_type"] == CONTRACT_DETAILS) & notices["ocid"].notna()
    return Outcome(judged(notices["ocid"].isin(known), applies))


def register_and_notice_agree(inputs: Inputs, fields: Sequence[str]) -> Outcome:
    """NT-006: register and notice agree on a fact that both give, by the table of disagreements.

    So do NT-010, NT-011, NT-012, NT-013, NT-014, NT-015, NT-016, NT-017, NT-018 and NT-019, each on a fact of
    its own. Applies to contracts joined without doubt; the finding points at the cell of the register. A
    value within 1% of the register's is listed and passes.
    Source: Procurement Act 2023 ss.53, 75, 80; the fact's own source stands with the rule.
    """
    joined = inputs.frames[keys.CORE_REGISTER_NOTICE]
    told: dict[str, list[str]] = {}
    cells: dict[str, str] = {}
    for contract, field, text in _listed(inputs.frames[keys.CORE_DISAGREEMENT], fields):
        told.setdefault(contract, []).append(text)
        cells.setdefault(contract, _CELL_OF.get(field, field))
    places = [str(contract) for contract in joined["contract_ref"]]
    wanted = set(fields)
    compared = [bool(wanted & set(str(names).split("|"))) for names in joined["compared_fields"]]
    fine = pd.Series([place not in told for place in places], index=joined.index, dtype=bool)
    return Outcome(
        judged(fine, pd.Series(compared, index=joined.index, dtype=bool)),
        found=_column(["; ".join(told.get(place, [])) for place in places], joined),
        field=_column([cells.get(place, "") for place in places], joined),
        subject=joined["contract_ref"].astype(object),
    )


def match_is_clear(inputs: Inputs) -> Outcome:
    """NT-020: a contract of the register fits one contract of the notices; one finding a contract.

    Applies to contracts that fit any. Source: Procurement Act 2023 s.53.
    """
    joined = inputs.frames[keys.CORE_REGISTER_NOTICE]
    once = ~joined.duplicated("contract_ref")
    unclear = joined["is_ambiguous"].fillna(False).astype(bool)
    notices = joined["release_id"].fillna("").groupby(joined["contract_ref"]).transform(_named)
    found = "by " + joined["matched_by"].fillna("") + ": " + notices.astype("str")
    return Outcome(
        judged(~unclear, once), found=found.astype(object), subject=joined["contract_ref"].astype(object)
    )


def earlier_notice_is_known(inputs: Inputs) -> Outcome:
    """NT-021: a performance, change or termination notice is about a contract of an earlier notice.

    By OCID and contract identifier. Source: Procurement Act 2023 ss.71, 75, 80.
    """
    notices = inputs.frames[keys.CORE_NOTICE]
    later = notices["notice_type"].isin(LATER_NOTICES - {"UK12"}) & notices["contract_id"].notna()
    numbers = pd.MultiIndex.from_frame(notices[["ocid", "contract_id"]])
    known = numbers.isin(numbers[~notices["notice_type"].isin(LATER_NOTICES)])
    return Outcome(judged(pd.Series(known, index=notices.index), later))


def no_notice_of_our_name_is_left_out(inputs: Inputs) -> Outcome:
    """NT-022: no release left out under NT-003 names a buyer of our own name; one verdict.

    Our names are those of the buyers of the notices that count. Source: house rule.
    """
    notices = inputs.frames[keys.CORE_NOTICE]
    aside = inputs.frames["set_aside"]
    left_out = aside.loc[aside["rule_id"] == "NT-003", "row_json"]
    if notices.empty or left_out.empty:
        return of_whole(None, "", "no notice was left out")
    ours = {fold_name(name) for name in notices["buyer_name"].dropna()} - {""}
    buyers = [json.loads(row) for row in left_out]
    alike = {str(b.get("buyer_id")): b["buyer"] for b in buyers if fold_name(b.get("buyer")) in ours}
    found = "; ".join(f"{name} as {identity}" for identity, name in sorted(alike.items()))
    return of_whole(not alike, found)


def _listed(listed: pd.DataFrame, fields: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Contract, fact and what both say, of each disagreement on some facts that is more than a trifle."""
    trifling = listed["is_within_tolerance"].fillna(False).astype(bool)
    told = listed[listed["field_name"].isin(fields) & ~trifling]
    given = ("contract_ref", "field_name", "register_value", "notice_value", "release_id")
    for contract, field, ours, theirs, release in rows(told, given):
        yield str(contract), field, f"{ours} in the register, {theirs} in notice {release}"


def _named(releases: pd.Series) -> str:
    named = sorted(set(releases))
    shown = ", ".join(named[:3])
    return shown if len(named) <= 3 else f"{shown} and {len(named) - 3} more"


def _column(values: list[str], frame: pd.DataFrame) -> pd.Series:
    return pd.Series(values, index=frame.index, dtype=object)


_FACTS: dict[str, tuple[str, ...]] = {
    "NT-006": ("value_inc_vat_pence",),
    "NT-010": ("value_ex_vat_pence",),
    "NT-011": ("start_on",),
    "NT-012": ("end_on",),
    "NT-013": ("max_end_on",),
    "NT-014": ("signed_on",),
    "NT-015": ("supplier_name",),
    "NT-016": ("regime",),
    "NT-017": ("is_light_touch",),
    "NT-018": ("ended_on",),
    "NT-019": ("changed_value_inc_vat_pence", "changed_value_ex_vat_pence", "changed_end_on"),
}

JUDGES: dict[str, Judge] = {
    "NT-005": notice_is_in_register,
    **{rule_id: partial(register_and_notice_agree, fields=fields) for rule_id, fields in _FACTS.items()},
    "NT-020": match_is_clear,
    "NT-021": earlier_notice_is_known,
    "NT-022": no_notice_of_our_name_is_left_out,
}
