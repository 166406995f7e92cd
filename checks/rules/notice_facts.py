"""Rules on what public notices say by themselves and in turn: indicators, VAT, dates, the value awarded.

Does not belong here: notices against the register (`notices`).
"""

from __future__ import annotations

import pandas as pd

from checks.rules.notices import CONTRACT_DETAILS
from checks.rules.outcome import Inputs, Judge, Outcome, judged, rows
from checks.rules.register import DEFAULT_PENCE
from checks.rules.wording import days, texts_of
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import pounds_display

_AWARD = "UK6"
_ROUNDING_PENCE = 100
SIGNED_BEFORE_YEARS = 3
"""Find a Tender, 320 notices of August 2026: all but one were published within 931 days of signature."""
_VALUE = "value_inc_vat_pence"


def indicators_are_set(inputs: Inputs) -> Outcome:
    """NT-030: a contract that needs key performance indicators has three or more in its details notice.

    Needs them: under the Act, above £5m including VAT by its notice, not light touch, and a contract or
    call-off of the register; frameworks and concessions need none. Of 17 such notices of August 2026 16 give
    three or more. Source: Procurement Act 2023 s.52.
    """
    noticed = inputs.frames[keys.CORE_NOTICED]
    joined = inputs.frames[keys.CORE_REGISTER_NOTICE]
    contracts = inputs.frames[keys.CORE_CONTRACT]
    let = set(contracts.loc[contracts["agreement_kind"].isin(["contract", "call-off"]), "contract_ref"])
    clear = joined[~joined["is_ambiguous"].fillna(False).astype(bool) & joined["contract_ref"].isin(let)]
    key = ["ocid", "contract_id", "award_id", "first_release_id"]
    blank = dict.fromkeys(key, "")
    ours = set(rows(clear.fillna(blank), key))
    is_ours = [place in ours for place in rows(noticed.fillna(blank), key)]
    law = inputs.parameters.statutory.kpi
    applies = (
        pd.Series(is_ours, index=noticed.index, dtype=bool)
        & (noticed["notice_type"] == CONTRACT_DETAILS)
        & (noticed["regime"] == "pa23")
        & ~noticed["is_light_touch"].fillna(False).astype(bool)
        & (noticed[_VALUE] > law.above_pence)
    )
    count = noticed["kpi_count"].fillna(0)
    found = count.astype("Int64").astype("str") + " indicators"
    subject = noticed["release_id"].astype(object)
    return Outcome(judged(count >= law.least_kpis, applies), found=found.astype(object), subject=subject)


def vat_of_notice_is_plausible(inputs: Inputs) -> Outcome:
    """NT-031: the value including VAT lies from the net value to the net value plus 20%, to the pound.

    Of 273 real contracts of August 2026 that give both, 4 do not: three add 25%, one has a slip of the point.
    Source: Value Added Tax Act 1994 s.2.
    """
    notices = inputs.frames[keys.CORE_NOTICE]
    net, gross = notices["value_ex_vat_pence"], notices[_VALUE]
    fine = (gross + _ROUNDING_PENCE >= net) & (5 * (gross - _ROUNDING_PENCE) <= 6 * net)
    both = gross.notna() & net.notna()
    told = [
        f"{pounds_display(int(g))} including VAT, {pounds_display(int(n))} without"
        for g, n in zip(gross[both], net[both], strict=True)
    ]
    return Outcome(judged(fine, (net > DEFAULT_PENCE) & gross.notna()), found=texts_of(both, told))


def dates_of_notice_follow_each_other(inputs: Inputs) -> Outcome:
    """NT-032: a contract is signed before its details are published, ends after it starts, at its latest end.

    Of 320 real notices of August 2026 all do. Source: OCDS Pelican, coherence; Procurement Act 2023 s.53.
    """
    notices = inputs.frames[keys.CORE_NOTICE]
    pairs = (("signed_on", "published_on"), ("start_on", "end_on"), ("end_on", "max_end_on"))
    fine = pd.Series(data=True, index=notices.index)
    applies = pd.Series(data=False, index=notices.index)
    field = pd.Series("", index=notices.index, dtype=object)
    for first, then in pairs:
        off = (notices[then] < notices[first]).fillna(False)
        field = field.where(~(off & fine), first)
        fine &= ~off
        applies |= notices[first].notna() & notices[then].notna()
    details = notices["notice_type"] == CONTRACT_DETAILS
    return Outcome(judged(fine, applies & details), field=field)


def signature_is_recent(inputs: Inputs) -> Outcome:
    """NT-033: a contract was signed at most three years before its details were published.

    Source: house rule; statistics beside the threshold.
    """
    notices = inputs.frames[keys.CORE_NOTICE]
    signed, published = notices["signed_on"], notices["published_on"]
    fine = published <= signed + pd.DateOffset(years=SIGNED_BEFORE_YEARS)
    found = days(signed) + " (published " + days(published) + ")"
    details = notices["notice_type"] == CONTRACT_DETAILS
    return Outcome(judged(fine, details & signed.notna() & published.notna()), found=found)


def contract_is_worth_its_award(inputs: Inputs) -> Outcome:
    """NT-034: a contract is worth between half and one and a half times what its award notice says.

    By OCID and award identifier, values including VAT; where an award notice gives several, nothing is
    compared. Source: OCDS Pelican, contracts within 50% to 150% of the award.
    """
    notices = inputs.frames[keys.CORE_NOTICE]
    same = ["ocid", "award_id"]
    awards = notices[(notices["notice_type"] == _AWARD) & notices[_VALUE].notna()].dropna(subset=same)
    awards = awards[~awards.duplicated(same, keep=False)]
    said = dict(zip(rows(awards, same), awards[_VALUE], strict=True))
    award = pd.Series([said.get(place, pd.NA) for place in rows(notices, same)], index=notices.index)
    award = award.astype("Int64")
    value = notices[_VALUE]
    fine = (2 * value >= award) & (2 * value <= 3 * award)
    applies = (notices["notice_type"] == CONTRACT_DETAILS) & value.notna() & (award > DEFAULT_PENCE)
    both = applies.fillna(False).astype(bool)
    told = [
        f"{pounds_display(int(v))}, awarded at {pounds_display(int(a))}"
        for v, a in zip(value[both], award[both], strict=True)
    ]
    return Outcome(judged(fine, applies), found=texts_of(both, told))


JUDGES: dict[str, Judge] = {
    "NT-030": indicators_are_set,
    "NT-031": vat_of_notice_is_plausible,
    "NT-032": dates_of_notice_follow_each_other,
    "NT-033": signature_is_recent,
    "NT-034": contract_is_worth_its_award,
}
