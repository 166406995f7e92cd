"""Rules on what a contract says of itself: dates in order and within reason, codes, flags, values, twins.

Does not belong here: rules that policy or the law asks of it (`register`), payments, public notices.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged
from checks.rules.register import DEFAULT_PENCE
from checks.rules.wording import days, texts_of
from kcc_etl import asset_keys as keys
from kcc_etl.domain.cpv import category_of, division_of
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.names import fold_name
from kcc_etl.schema.fields import FIELDS

_STEPS = ("procurement_commenced_on", "awarded_on", "signed_on")
_DATES = (*_STEPS, "start_on", "end_on", "max_end_on", "review_on")
_DONE = frozenset(("awarded_on", "signed_on"))
_BEGINS = frozenset(("procurement_commenced_on", "start_on"))

EARLIEST = pd.Timestamp("1990-01-01")
"""Pelican's earliest date. Of 257 contracts of a real register (Salford, 2022) none begins before 2004."""
YEARS_AHEAD = 5
"""No contract of Salford's starts more than 3 months after its register; 5 years leave room for building."""
LONGEST_YEARS = 30
"""Waste and private finance contracts run 25 to 30 years. Salford, 257 contracts: half run 3 years, 99% up to
10, one 21. Find a Tender, 320 notices of August 2026: none above 10. Read 23 November 2026."""
COMMON_SHARE = (1, 10)
"""Pelican: a value common to a tenth of the contracts. Salford's commonest stands on 4 of 257."""
COMMON_LEAST = 10


def dates_follow_each_other(inputs: Inputs) -> Outcome:
    """CR-030: procurement, award and signature follow one another, and the latest end is not before the end.

    The finding points at the first date that is before the one it follows. Source: OCDS Pelican, coherence.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    pairs = [*pairwise(_STEPS), (_STEPS[0], _STEPS[2]), ("end_on", "max_end_on")]
    fine = pd.Series(data=True, index=contracts.index)
    applies = pd.Series(data=False, index=contracts.index)
    field = pd.Series("", index=contracts.index, dtype=object)
    found = pd.Series("", index=contracts.index, dtype=object)
    for first, then in pairs:
        off = (contracts[then] < contracts[first]).fillna(False)
        told = days(contracts[then]) + f" ({FIELDS[first].title}: " + days(contracts[first]) + ")"
        new = off & fine
        field, found = field.where(~new, then), found.where(~new, told)
        fine &= ~off
        applies |= contracts[first].notna() & contracts[then].notna()
    return Outcome(judged(fine, applies), found=found, field=field)


def dates_are_plausible(inputs: Inputs) -> Outcome:
    """CR-031: no date before 1990, no award or signature after today, no start more than five years ahead.

    A procurement may commence after today: the register may hold what is planned.

    Source: OCDS Pelican, date values; statistics beside the thresholds.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    today = pd.Timestamp(inputs.as_of)
    ahead = today + pd.DateOffset(years=YEARS_AHEAD)
    field = pd.Series("", index=contracts.index, dtype=object)
    for name in reversed(_DATES):
        given_on = contracts[name]
        latest = today if name in _DONE else ahead if name in _BEGINS else pd.Timestamp.max
        off = ((given_on < EARLIEST) | (given_on > latest)).fillna(False)
        field = field.where(~off, name)
    given = contracts[list(_DATES)].notna().any(axis="columns")
    return Outcome(judged(field == "", given), field=field)


def term_is_plausible(inputs: Inputs) -> Outcome:
    """CR-032: a contract runs at most 30 years. Source: house rule; statistics beside the threshold."""
    contracts = inputs.frames[keys.CORE_CONTRACT]
    start, end = contracts["start_on"], contracts["end_on"]
    found = days(end) + " (starts " + days(start) + ")"
    fine = end <= start + pd.DateOffset(years=LONGEST_YEARS)
    return Outcome(judged(fine, start.notna() & end.notna()), found=found)


def value_is_no_default(inputs: Inputs) -> Outcome:
    """CR-033: no value stands on ten contracts or more and on a tenth of the register, with two suppliers.

    One outcome a contract. £1 and less is rule CR-006. Source: OCDS Pelican, value repetition.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    value = contracts["value_ex_vat_pence"]
    times = value.groupby(value).transform("count")
    suppliers = contracts["supplier_key"].groupby(value).transform("nunique")
    part, whole = COMMON_SHARE
    common = (times >= COMMON_LEAST) & (times * whole > len(contracts) * part) & (suppliers > 1)
    at_fault = common.fillna(False).astype(bool)
    told = [
        f"{pounds_display(int(pence))} on {int(n):,} of {len(contracts):,} contracts"
        for pence, n in zip(value[at_fault], times[at_fault], strict=True)
    ]
    return Outcome(judged(~at_fault, value > DEFAULT_PENCE), found=texts_of(at_fault, told))


def contract_is_entered_once(inputs: Inputs) -> Outcome:
    """CR-034: no two references have the supplier, title, value and dates of one contract.

    The later reference is at fault. Of 257 contracts of Salford's no two share supplier, value and dates.
    Source: OCDS Pelican, repetition.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    same = contracts[["supplier_key", "value_ex_vat_pence", "start_on", "end_on"]].assign(
        title=contracts["contract_title"].map(fold_name, na_action="ignore")
    )
    told = same.notna().all(axis="columns") & (contracts["value_ex_vat_pence"] > DEFAULT_PENCE)
    names = [same[name] for name in same]
    first = contracts["contract_ref"].groupby(names).transform("min")
    found = contracts["contract_ref"].astype(object) + " is as " + first.astype(object)
    return Outcome(judged(contracts["contract_ref"] == first, told), found=found)


def cpv_code_is_known(inputs: Inputs) -> Outcome:
    """CR-035: a CPV code has eight digits, with its check digit or without, of a division of CPV 2008.

    Source: Regulation (EC) 213/2008.
    """
    codes = inputs.frames[keys.CORE_CONTRACT]["cpv_code"]
    fine = pd.Series([division_of(code) is not None for code in codes], index=codes.index, dtype=bool)
    return Outcome(judged(fine, codes.notna()))


def category_agrees_with_cpv(inputs: Inputs) -> Outcome:
    """CR-036: goods, services or works is what the division of the CPV code is of.

    Of 497 real awards of August 2026 that give both, all agree. Source: Regulation (EC) 213/2008.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    category, of_code = contracts["procurement_category"], _categories(contracts["cpv_code"])
    found = (
        category.astype(object)
        + " (CPV code "
        + contracts["cpv_code"].astype(object)
        + ": "
        + of_code.astype(object)
        + ")"
    )
    known = category.isin(["goods", "services", "works"])
    return Outcome(judged(category == of_code, known & of_code.notna()), found=found)


def light_touch_is_for_services(inputs: Inputs) -> Outcome:
    """CR-037: a light touch contract is for services, by its category and by its CPV code.

    Which services are light touch PR24 Schedule 1 says by code; goods and works never are. Of 95 CPV
    divisions on light touch notices of August 2026 one is not of services. Source: Procurement Act 2023 s.9.
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    light = contracts["is_light_touch"].fillna(False).astype(bool)
    category, of_code = contracts["procurement_category"], _categories(contracts["cpv_code"])
    other = category.isin(["goods", "works"]) | of_code.isin(["goods", "works"])
    found = "light touch, for " + category.where(category.isin(["goods", "works"]), of_code).astype(object)
    return Outcome(judged(~other, light & (category.notna() | of_code.notna())), found=found)


def charity_is_vcse(inputs: Inputs) -> Outcome:
    """SU-010: a supplier with a charity number is not said to be no voluntary body or social enterprise.

    Applies where the register says either. Source: PR24 reg 9(3)(k).
    """
    contracts = inputs.frames[keys.CORE_CONTRACT]
    said = contracts["supplier_is_vcse"]
    found = "No, with the charity number " + contracts["supplier_charity_number"].astype(object)
    return Outcome(
        judged(said.fillna(True).astype(bool), contracts["supplier_charity_number"].notna() & said.notna()),
        found=found,
    )


def _categories(codes: pd.Series) -> pd.Series:
    """What each CPV code is of; missing where it is no code."""
    divisions = [division_of(code) for code in codes]
    named = [category_of(division) if division else None for division in divisions]
    return pd.Series(named, index=codes.index, dtype="str")


JUDGES: dict[str, Judge] = {
    "CR-030": dates_follow_each_other,
    "CR-031": dates_are_plausible,
    "CR-032": term_is_plausible,
    "CR-033": value_is_no_default,
    "CR-034": contract_is_entered_once,
    "CR-035": cpv_code_is_known,
    "CR-036": category_agrees_with_cpv,
    "CR-037": light_touch_is_for_services,
    "SU-010": charity_is_vcse,
}
