"""Ledger lines put together to payments, worked out anew and not by the code that publishes them.

Does not belong here: which payments a publication holds, rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

import pandas as pd

from checks.rules.outcome import rows
from kcc_etl.domain.names import fold_name
from kcc_etl.domain.redaction import tells_apart
from kcc_etl.parameters.duties import Section70Reading

_PLACE = ["source_name", "source_file", "source_sheet", "source_row"]
_FACTS = [
    "contract_ref", "supplier_ledger_id", "supplier_name", "invoice_ref", "payment_ref", "source_name",
    "paid_on", "is_credit_note", "amount_ex_vat_pence", "vat_pence", "amount_inc_vat_pence",
]  # fmt: skip


@dataclass
class Made:
    """One payment under a contract: the index of its lines in order of place, sums, and what is tested."""

    contract_ref: str
    lines: list[Hashable] = field(default_factory=list)
    net: int = 0
    gross: int = 0
    tested: int = 0


def payments_made(payments: pd.DataFrame, reading: Section70Reading) -> list[Made]:
    """The payments that ledger lines come to, in pence; what comes to nothing or less is none.

    Lines of one payee, contract and day under one invoice number, or else payment number, are one payment.
    Source: PA23 s.70(1); `section_70_reading`.
    """
    found: dict[tuple[object, ...], Made] = {}
    whole: Counter[tuple[object, ...]] = Counter()
    ordered = payments.sort_values(_PLACE, kind="stable")
    for line, facts in zip(ordered.index, rows(ordered, _FACTS), strict=True):
        ref, ledger_id, name, invoice, number, source, day, credit, net, vat, gross = facts
        gross = gross if pd.notna(gross) else net + (0 if pd.isna(vat) else vat)
        is_credit = gross <= 0 or (pd.notna(credit) and bool(credit))
        if is_credit and (gross > 0 or reading.credits == "left out"):
            continue
        numbers = [(0, invoice)] * tells_apart(invoice) + [(1, source, number)] * tells_apart(number)
        told = numbers[-1 if reading.one_payment == "payment number" else 0] if numbers else (2, line)
        payee = ledger_id if isinstance(ledger_id, str) else fold_name(name if isinstance(name, str) else "")
        payment = payee, day, told
        made = found.setdefault((*payment, ref), Made(ref))
        made.lines.append(line)
        made.net, made.gross, whole[payment] = made.net + net, made.gross + gross, whole[payment] + gross
    for key, made in found.items():
        made.tested = whole[key[:3]] if reading.several_contracts == "whole payment" else made.gross
    return [made for made in found.values() if made.gross > 0]
