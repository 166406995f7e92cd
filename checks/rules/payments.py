"""Rules on payments against the contract register and against one another.

Does not belong here: reading amounts (`kcc_etl.intake`), repeated ledger lines (`kcc_etl.domain.core`).
"""

from __future__ import annotations

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged, of_contract
from checks.rules.register import DEFAULT_PENCE
from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.names import fold_name
from kcc_etl.domain.redaction import tells_apart

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
    other = (payments["supplier_key"] != supplier) & supplier.notna() & payments["supplier_key"].notna()
    same_name = [
        bool(differs) and isinstance(a, str) and isinstance(b, str) and fold_name(a) == fold_name(b)
        for differs, a, b in zip(other, payments["supplier_name"], name, strict=True)
    ]
    found = payments["supplier_name"].astype(object) + " (the contract names " + name.astype(object) + ")"
    applies = supplier.notna() & payments["supplier_key"].notna() & _told(payments["supplier_name"])
    return Outcome(
        judged(~other | pd.Series(same_name, index=payments.index, dtype=bool), applies), found=found
    )


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
    payments = inputs.frames[keys.CORE_PAYMENT].sort_values(_ORDER, kind="stable")
    amount = payments["amount_ex_vat_pence"].fillna(0)
    invoice = [payments["supplier_key"], payments["invoice_ref"], amount.abs()]
    nth = (amount > 0).astype(int).groupby(invoice).cumsum()
    undone = (amount < 0).astype(int).groupby(invoice).transform("sum")
    paid_on = payments["paid_on"].where((amount > 0).astype(bool))
    on_first_day = (paid_on == paid_on.groupby(invoice).transform("min")).astype(int)
    split = on_first_day.groupby(invoice).transform("sum")
    told = _told(payments["invoice_ref"]) & _told(payments["supplier_name"])
    applies = (amount > 0) & told & payments["supplier_key"].notna()
    return Outcome(judged(nth <= undone + split, applies).sort_index())


def payments_stay_within_value(inputs: Inputs) -> Outcome:
    """SP-011: payments on a contract, net of VAT and less credits, do not exceed its value excluding VAT.

    The line at fault is the first, in order of payment date and row, that takes the sum over the value.
    A value of £1 or less is a default (rule CR-006) and compares with nothing. Source: OCDS Pelican.
    """
    payments = inputs.frames[keys.CORE_PAYMENT].sort_values(_ORDER, kind="stable")
    contract = payments["contract_ref"]
    value = of_contract(payments, inputs.frames[keys.CORE_CONTRACT], "value_ex_vat_pence")
    amount = payments["amount_ex_vat_pence"].fillna(0)
    running = amount.groupby(contract).cumsum()
    total = amount.groupby(contract).transform("sum")
    over = ((running > value) & (total > value)).fillna(False).astype(bool)
    first = over & (over.astype(int).groupby(contract).cumsum() == 1)
    said = [
        f"{pounds_display(int(paid))} paid by this line against a value of {pounds_display(int(worth))}"
        for paid, worth in zip(running[first], value[first], strict=True)
    ]
    found = pd.Series(said, index=payments.index[first], dtype=object).reindex(payments.index)
    return Outcome(judged(~first, value > DEFAULT_PENCE).sort_index(), found=found.sort_index())


def payment_is_not_long_after_the_end(inputs: Inputs) -> Outcome:
    """SP-015: a contract is not paid more than a year after its last day. Source: house rule."""
    payments = inputs.frames[keys.CORE_PAYMENT]
    contracts = inputs.frames[keys.CORE_CONTRACT]
    end = of_contract(payments, contracts, "end_on")
    paid = payments["paid_on"]
    found = paid.dt.strftime("%Y-%m-%d") + " (the contract ended " + end.dt.strftime("%Y-%m-%d") + ")"
    fine = paid <= end + pd.DateOffset(years=1)
    return Outcome(judged(fine, paid.notna() & end.notna()), found=found)


def _told(texts: pd.Series) -> pd.Series:
    return pd.Series([tells_apart(text) for text in texts], index=texts.index, dtype=bool)


JUDGES: dict[str, Judge] = {
    "SP-005": contract_is_known,
    "SP-006": payee_is_the_supplier,
    "SP-009": credit_note_is_negative,
    "SP-010": invoice_is_paid_once,
    "SP-011": payments_stay_within_value,
    "SP-015": payment_is_not_long_after_the_end,
}
