"""Rules on payments that only other lines, the contract's dates and kind, or the law's limits show to be odd.

Does not belong here: a payment and its contract's value or supplier (`payments`), months (`over_time`).
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged, of_contract
from checks.rules.wording import days, texts_of
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.redaction import tell_apart

_FILE = ["source_name", "source_file"]
_ORDER = ["paid_on", "source_name", "source_file", "source_sheet", "source_row"]
_ROUNDING_PENCE = 100
_ACT = "pa23"

SLIP = 100
STANDS_OUT = 10
"""A payment that is a hundred times another of its payee, to the penny, is at fault when it is ten times the
payee's middle payment as well. Of 44,913 real lines (Devon, Calderdale) 8 are a hundred times another, none
of another with odd pence."""
MOST_DAYS_OFF = 366
"""Days from the middle payment of a file. In 8 real files of a month each the most is 16; a ledger of a whole
year has 183."""
FEWEST_LINES = 20
"""Fewer lines of a file or month make no pattern."""
LIMITATION_YEARS = 6


def vat_is_plausible(inputs: Inputs) -> Outcome:
    """SP-030: VAT is from nothing to a fifth of the net amount, with the same sign, to the pound.

    Lines of no net amount carry VAT alone and are not judged. Source: Value Added Tax Act 1994 s.2.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    net, vat = payments["amount_ex_vat_pence"], payments["vat_pence"]
    small = 5 * (vat.abs() - _ROUNDING_PENCE) <= net.abs()
    fine = small & ((vat == 0) | ((vat > 0) == (net > 0)))
    applies = (net != 0) & net.notna() & vat.notna()
    off = (applies & ~fine).fillna(False).astype(bool)
    told = [
        f"{pounds_display(int(v))} on {pounds_display(int(n))}"
        for v, n in zip(vat[off], net[off], strict=True)
    ]
    found = texts_of(off, told)
    field = pd.Series("vat_pence", index=payments.index, dtype=object)
    return Outcome(judged(fine, applies), found=found, field=field)


def paid_under_a_contract(inputs: Inputs) -> Outcome:
    """SP-031: a payment is made under a contract or call-off, not under a framework of the Act.

    A framework buys nothing by itself, and section 70 does not reach it. One finding a framework, on its
    first payment; a framework of unknown regime counts as one of the Act. Source: Procurement Act 2023 s.45.
    """
    return _under_no_framework(inputs, of_the_act=True)


def paid_under_a_contract_of_other_law(inputs: Inputs) -> Outcome:
    """SP-038: a payment is not made under a framework of another law than the Act.

    As SP-031, for contracts of before the Act or outside it. Source: Procurement Act 2023 Schedule 3 (s.45
    does not reach them).
    """
    return _under_no_framework(inputs, of_the_act=False)


def _under_no_framework(inputs: Inputs, *, of_the_act: bool) -> Outcome:
    payments, contracts = inputs.frames[keys.CORE_PAYMENT], inputs.frames[keys.CORE_CONTRACT]
    kind = of_contract(payments, contracts, "agreement_kind")
    regime = of_contract(payments, contracts, "regime")
    applies = kind.notna() & ((regime.fillna(_ACT) == _ACT) == of_the_act)
    under = payments.loc[applies & (kind == "framework"), "contract_ref"]
    first = ~under.duplicated()
    lines = under.groupby(under).transform("size")[first].astype(object)
    noun = lines.map(lambda count: f" is a framework, with {count:,} payment{'s' if count > 1 else ''}")
    fine = ~pd.Series(payments.index.isin(under.index[first]), index=payments.index)
    further = pd.Series(payments.index.isin(under.index[~first]), index=payments.index)
    return Outcome(judged(fine, applies & ~further), found=under[first].astype(object) + noun)


def paid_after_it_began(inputs: Inputs) -> Outcome:
    """SP-032: nothing is paid before the contract starts or is signed, whichever is earlier.

    Source: OCDS Pelican, no payments on unsigned contracts.
    """
    payments, contracts = inputs.frames[keys.CORE_PAYMENT], inputs.frames[keys.CORE_CONTRACT]
    first = contracts[["start_on", "signed_on"]].min(axis="columns")
    began = of_contract(payments, contracts.assign(began_on=first), "began_on")
    paid = payments["paid_on"]
    before = paid < began
    found = days(paid[before]) + " (the contract began on " + days(began[before]) + ")"
    return Outcome(judged(~before, paid.notna() & began.notna()), found=found)


def pence_are_not_pounds(inputs: Inputs) -> Outcome:
    """SP-033: no payment is exactly a hundred times another of its payee, and far above its others.

    Applies to whole pounds that would be pounds and odd pence. Source: hazards.md 2.1 (pounds for pence).
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    amount, payee = payments["amount_ex_vat_pence"], payments["supplier_key"]
    applies = (amount > 0) & (amount % SLIP == 0) & (amount // SLIP % SLIP != 0) & payee.notna()
    suspects = payments.loc[applies.fillna(False).astype(bool), ["supplier_key"]].assign(
        amount_ex_vat_pence=amount // SLIP
    )
    near = amount.isin(suspects["amount_ex_vat_pence"])
    known = pd.MultiIndex.from_arrays([payee[near], amount[near]])
    there = suspects[pd.MultiIndex.from_frame(suspects).isin(known)]
    lines = payments[payee.isin(there["supplier_key"]) & (amount > 0).fillna(False)]
    middle = lines.groupby("supplier_key")["amount_ex_vat_pence"].median()
    usual = there["supplier_key"].map(middle)
    stands_out = amount[there.index] >= STANDS_OUT * usual
    off = pd.Series(payments.index.isin(there.index[stands_out]), index=payments.index)
    told = [
        f"{pounds_display(int(pence))}; another payment is {pounds_display(int(pence) // SLIP)}"
        for pence in amount[off]
    ]
    return Outcome(judged(~off, applies), found=texts_of(off, told))


def payee_is_paid_on_the_whole(inputs: Inputs) -> Outcome:
    """SP-034: a payee is not below zero over all ledgers in force; the last credit is at fault.

    Of 7,790 payees of real ledgers (Devon, eight months over 15 years) 9 are. Source: house rule.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    payee, amount = payments["supplier_key"], payments["amount_ex_vat_pence"].fillna(0)
    total = amount.groupby(payee).transform("sum")
    credits_below = (total < 0).fillna(False).astype(bool) & (amount < 0).astype(bool)
    ordered = payments[credits_below].sort_values(_ORDER, kind="stable")
    at_fault = ordered.index[~ordered["supplier_key"].duplicated(keep="last")]
    last = pd.Series(payments.index.isin(at_fault), index=payments.index)
    told = tell_apart(payments["supplier_name"]) & payee.notna()
    found = texts_of(last, [f"{pounds_display(int(pence))} over all ledgers" for pence in total[last]])
    return Outcome(judged(~last, told), found=found)


def day_is_of_its_file(inputs: Inputs) -> Outcome:
    """SP-035: a payment is within a year of the middle payment of its file.

    Applies to files of 20 lines or more. Source: hazards.md 2.3 (dates); statistics beside the threshold.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    paid = payments["paid_on"]
    file = [payments[name] for name in _FILE]
    middle = paid.groupby(file).transform("median")
    enough = paid.groupby(file).transform("count") >= FEWEST_LINES
    fine = (paid - middle).abs() <= pd.Timedelta(days=MOST_DAYS_OFF)
    found = days(paid[~fine]) + " (middle payment of the file: " + days(middle[~fine]) + ")"
    return Outcome(judged(fine, enough & paid.notna()), found=found)


def invoice_is_of_this_age(inputs: Inputs) -> Outcome:
    """SP-036: an invoice is paid within six years of its receipt, the time in which it could be claimed.

    Source: Limitation Act 1980 s.5.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    received, paid = payments["invoice_received_on"], payments["paid_on"]
    fine = paid <= received + pd.DateOffset(years=LIMITATION_YEARS)
    found = days(received[~fine]) + " (paid " + days(paid[~fine]) + ")"
    field = pd.Series("invoice_received_on", index=found.index, dtype=object)
    return Outcome(judged(fine, received.notna() & paid.notna()), found=found, field=field)


def month_is_published_once(inputs: Inputs) -> Outcome:
    """SP-037: no two files of a source hold half of the same month: same payees, days and amounts.

    Lines of the same number are rule SP-004's; this finds a month that was sent again under new numbers. The
    first line of the month in the later file is at fault. Source: Folkestone 2020 (hazards.md 2.3).
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    of_file = ["source_name", "source_file", "month"]
    same = ["source_name", "supplier_key", "paid_on", "amount_ex_vat_pence"]
    lines = payments[[*same, "source_file"]].assign(place=range(len(payments)))
    alike = lines[lines.duplicated(same, keep=False)]
    again = alike.index[alike.duplicated([*same, "source_file"])]
    once = lines.drop(index=again).assign(month=payments["paid_on"].dt.to_period("M"))
    once = once.dropna(subset=["month", "supplier_key"])
    heads = {
        (str(source), str(file), str(month)): (int(place), int(size))
        for source, file, month, place, size in once.groupby(of_file, as_index=False)["place"]
        .agg(["first", "size"])
        .itertuples(index=False, name=None)
        if size >= FEWEST_LINES
    }
    ok = pd.Series(pd.NA, index=payments.index, dtype="boolean")
    ok.iloc[[place for place, _ in heads.values()]] = True
    found = pd.Series("", index=payments.index, dtype=object)
    shared = once[once.index.isin(alike.index)]
    for source, file, later, month, count in _shared(shared, same):
        first, second = heads.get((source, file, str(month))), heads.get((source, later, str(month)))
        if first and second and 2 * count > min(first[1], second[1]):
            ok.iloc[second[0]] = False
            found.iloc[second[0]] = f"{count:,} lines of {month} are in {file} too"
    return Outcome(ok, found=found, reason="no file has 20 lines of a month")


def _shared(once: pd.DataFrame, same: list[str]) -> Iterator[tuple[str, str, str, str, int]]:
    """Source, file, later file, month and number of the lines that two files of a source share."""
    pairs = once.merge(once, on=[*same, "month"], suffixes=("", "_again"))
    pairs = pairs[pairs["source_file"] < pairs["source_file_again"]]
    by = ["source_name", "source_file", "source_file_again", "month"]
    yield from pairs.groupby(by, as_index=False).size().itertuples(index=False, name=None)


JUDGES: dict[str, Judge] = {
    "SP-030": vat_is_plausible,
    "SP-031": paid_under_a_contract,
    "SP-032": paid_after_it_began,
    "SP-033": pence_are_not_pounds,
    "SP-034": payee_is_paid_on_the_whole,
    "SP-035": day_is_of_its_file,
    "SP-036": invoice_is_of_this_age,
    "SP-037": month_is_published_once,
    "SP-038": paid_under_a_contract_of_other_law,
}
