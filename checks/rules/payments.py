"""Rules on payments against the contract register and against one another.

Does not belong here: reading amounts (`kcc_etl.intake`), repeated ledger lines (`kcc_etl.domain.core`).
"""

from __future__ import annotations

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged, of_contract
from checks.rules.register import DEFAULT_PENCE
from checks.rules.wording import days
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.names import fold_name
from kcc_etl.domain.redaction import tell_apart

_ORDER = ["paid_on", "source_name", "source_file", "source_sheet", "source_row"]


def contract_is_known(inputs: Inputs) -> Outcome:
    """SP-005: a payment that names a contract names one of the register. Source: house rule."""
    payments = inputs.frames[keys.CORE_PAYMENT]
    known = inputs.frames[keys.CORE_CONTRACT]["contract_ref"]
    return Outcome(judged(payments["contract_ref"].isin(known), payments["contract_ref"].notna()))


def payee_is_the_supplier(inputs: Inputs) -> Outcome:
    """SP-006: a payment goes to the supplier on its contract, by supplier key or by folded name.

    A ledger without company numbers keys a supplier by name, so the same name is the same supplier.
    Source: house rule.
    """
    payments, contracts = inputs.frames[keys.CORE_PAYMENT], inputs.frames[keys.CORE_CONTRACT]
    supplier = of_contract(payments, contracts, "supplier_key")
    name = of_contract(payments, contracts, "supplier_name")
    known = supplier.notna() & payments["supplier_key"].notna()
    other = known & (payments["supplier_key"] != supplier)
    paid, named = payments.loc[other, "supplier_name"], name[other]
    other &= ~(_folded(paid) == _folded(named)).reindex(payments.index, fill_value=False)
    found = payments.loc[other, "supplier_name"] + " (the contract names " + name[other] + ")"
    return Outcome(judged(~other, known & tell_apart(payments["supplier_name"])), found=found)


def credit_note_is_negative(inputs: Inputs) -> Outcome:
    """SP-009: a credit note is below zero, any other line is not.

    Applies where the ledger says which a line is. Source: house rule.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    amount, credit = payments["amount_ex_vat_pence"], payments["is_credit_note"]
    fine = (amount < 0) == credit
    return Outcome(judged(fine, amount.notna() & credit.notna()))


def invoice_is_paid_once(inputs: Inputs) -> Outcome:
    """SP-010: an invoice of a supplier is paid once for the same net amount; the later payment is at fault.

    Lines of one invoice paid on its first day are one payment, charged to several codes. A credit of the same
    amount on the same invoice undoes one line of it. Applies where the ledger tells payee and invoice apart:
    not where either is redacted, nor where the invoice has no number. Source: house rule.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    told = tell_apart(payments["invoice_ref"]) & tell_apart(payments["supplier_name"])
    amount = payments["amount_ex_vat_pence"].fillna(0)
    applies = (amount > 0) & told & payments["supplier_key"].notna()
    like = payments[["supplier_key", "invoice_ref"]].assign(amount=amount.abs())
    # Invoice numbers are many: they are compared where payee and amount are the same.
    for same in (["supplier_key", "amount"], ["supplier_key", "amount", "invoice_ref"]):
        like = like[like.duplicated(same, keep=False)]
    again = _paid_again(payments.loc[like.index])
    return Outcome(judged(~again.reindex(payments.index, fill_value=False), applies))


def _paid_again(lines: pd.DataFrame) -> pd.Series:
    """Of lines whose invoice and amount stand on others too: which are payments beyond the first."""
    ordered = lines.sort_values(_ORDER, kind="stable")
    amount = ordered["amount_ex_vat_pence"].fillna(0)
    invoice = [ordered["supplier_key"], ordered["invoice_ref"], amount.abs()]
    nth = (amount > 0).astype(int).groupby(invoice).cumsum()
    undone = (amount < 0).astype(int).groupby(invoice).transform("sum")
    paid_on = ordered["paid_on"].where((amount > 0).astype(bool))
    on_first_day = (paid_on == paid_on.groupby(invoice).transform("min")).astype(int)
    split = on_first_day.groupby(invoice).transform("sum")
    return (nth > undone + split).fillna(False).astype(bool)


def payments_stay_within_value(inputs: Inputs) -> Outcome:
    """SP-011: payments on a contract, net of VAT and less credits, do not exceed its value excluding VAT.

    The line at fault is the first, in order of payment date and row, that takes the sum over the value.
    A value of £1 or less is a default (rule CR-006) and compares with nothing. Source: OCDS Pelican.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    value = of_contract(payments, inputs.frames[keys.CORE_CONTRACT], "value_ex_vat_pence")
    total = payments["amount_ex_vat_pence"].groupby(payments["contract_ref"]).transform("sum")
    ordered = payments[(total > value).fillna(False).astype(bool)].sort_values(_ORDER, kind="stable")
    worth, contract = value.reindex(ordered.index), ordered["contract_ref"]
    running = ordered["amount_ex_vat_pence"].fillna(0).groupby(contract).cumsum()
    over = (running > worth).fillna(False).astype(bool)
    first = ordered.index[over & ~contract.where(over).duplicated()]
    found = {
        line: f"{pounds_display(int(running[line]))} paid by this line against a value of "
        f"{pounds_display(int(worth[line]))}"
        for line in first
    }
    fine = pd.Series(~payments.index.isin(first), index=payments.index)
    return Outcome(judged(fine, value > DEFAULT_PENCE), found=pd.Series(found, dtype=object))


def payment_is_not_long_after_the_end(inputs: Inputs) -> Outcome:
    """SP-015: a contract is not paid more than a year after its last day. Source: house rule."""
    payments = inputs.frames[keys.CORE_PAYMENT]
    contracts = inputs.frames[keys.CORE_CONTRACT]
    end = of_contract(payments, contracts, "end_on")
    paid = payments["paid_on"]
    late = paid > end + pd.DateOffset(years=1)
    found = days(paid[late]) + " (the contract ended " + days(end[late]) + ")"
    return Outcome(judged(~late, paid.notna() & end.notna()), found=found)


def _folded(names: pd.Series) -> pd.Series:
    """Names folded, each name once; missing where there is none."""
    return names.map({name: fold_name(name) for name in names.dropna().unique()})


JUDGES: dict[str, Judge] = {
    "SP-005": contract_is_known,
    "SP-006": payee_is_the_supplier,
    "SP-009": credit_note_is_negative,
    "SP-010": invoice_is_paid_once,
    "SP-011": payments_stay_within_value,
    "SP-015": payment_is_not_long_after_the_end,
}
