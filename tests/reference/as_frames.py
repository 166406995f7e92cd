"""The generated contracts, decisions, payments and returns as the tables that the program reads.

Does not belong here: how they come about (`generated`), either implementation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.schema import frames
from tests.reference.case import Case
from tests.reference.courses import Change, EarlyEnd, Extension, Step, ValueChange
from tests.reference.overrides import Override
from tests.reference.promises import Promise

COMMENCED = date(2026, 1, 5)
RECEIVED = date(2050, 1, 1)
"""A day after every quarter that a return speaks of."""

QUESTIONS = {
    "risk": ("criticality", "market", "finance", "demand", "safeguarding"),
    "complexity": ("sites", "subcontracting", "labour", "term", "innovation"),
}


def contract_frame(found: Sequence[Case]) -> pd.DataFrame:
    """The contracts as a register."""
    return frames.from_rows([_contract(case, n) for n, case in enumerate(found)], keys.CORE_CONTRACT)


def decision_frame(found: Sequence[Case]) -> pd.DataFrame:
    """The decisions about the contracts."""
    rows: list[dict[str, object]] = []
    for case in found:
        for code, promises in case.promised.items():
            for promise in promises:
                made = _decision(case, "commitment", code, promise.quantity, promise.number)
                said = {"role": promise.roles[0], "decided_on": promise.day, "effective_on": promise.start}
                rows.append({**made, **said})
                rows += [_approval(promise, n, role) for n, role in enumerate(promise.roles[1:])]
        for code, overrides in case.overrides.items():
            for one in overrides:
                made = _decision(case, "override", code, one.quantity, one.number)
                said = {"role": one.roles[0], "reason_code": one.reason, "decided_on": one.day}
                rows.append({**made, **said})
                rows += [_approval(one, n, role) for n, role in enumerate(one.roles[1:])]
        for code, checks in case.checks.items():
            for n, check in enumerate(checks):
                made = _decision(case, "verification", code, check.quantity, check.number)
                # Of a return that states the year every other verification states it too.
                period = (_stated if n % 2 else _quarter)(case, check.quarter)
                rows.append({**made, "period": period, "decided_on": check.day})
        for code, steps in case.milestones.items():
            for step in steps:
                made = _decision(case, "milestone", code, step.quantity, step.number)
                said = {"role": step.roles[0], "decided_on": step.day, "effective_on": step.on}
                rows.append({**made, **said})
                rows += [_approval(step, n, role) for n, role in enumerate(step.roles[1:])]
        rows += [_change(case, day, number, change) for day, number, change in case.changes]
    return frames.from_rows(rows, keys.CORE_DECISION)


def payment_frame(found: Sequence[Case]) -> pd.DataFrame:
    """What was invoiced to the contracts, half of it paid 40 days later; of the rest the receipt is not known."""
    rows: list[dict[str, object]] = [
        {
            "contract_ref": case.facts.ref,
            "invoice_received_on": None if place % 2 else day,
            "paid_on": day if place % 2 else day + timedelta(days=40),
            "amount_ex_vat_pence": pence,
        }
        for case in found
        for place, (day, pence) in enumerate(case.invoices)
    ]
    return frames.from_rows(rows, keys.CORE_PAYMENT)


def claim_frame(found: Sequence[Case]) -> pd.DataFrame:
    """The returns that came, nil ones among them, each with the quarter or financial year that it states."""
    rows: list[dict[str, object]] = []
    for case in found:
        common = {"contract_ref": case.facts.ref, "received_on": RECEIVED}
        rows += [{**common, "period": _stated(case, day), "is_nil": True} for day in case.nil]
        for code, lines in case.lines.items():
            for district, line in lines:
                made = {**common, "period": _stated(case, line.quarter), "is_nil": False}
                about = {"measure_code": code, "district": district, "claimed": line.claimed}
                share = {"attribution_pct": 100 * line.share, "is_additional": line.additional}
                rows.append({**made, **about, **share, "evidence_ref": line.evidence or None})
    return frames.from_rows(rows, keys.CORE_CLAIM)


def _stated(case: Case, day: date) -> str:
    return period_id(day)[:7] if day in case.as_year else period_id(day)


def _quarter(_: Case, day: date) -> str:
    return period_id(day)


def period_id(day: date) -> str:
    """The financial quarter of a day as the program writes it."""
    year = day.year - (day.month < 4)
    return f"{year}-{(year + 1) % 100:02d}-Q{(day.month - 4) % 12 // 3 + 1}"


def _contract(case: Case, number: int) -> dict[str, object]:
    facts = case.facts
    value, end = case.shown or (facts.value, facts.last)
    answers: dict[str, Any] = {
        f"{name}_{question}": answer
        for name, given in (("risk", facts.risk), ("complexity", facts.complexity))
        for question, answer in zip(QUESTIONS[name], given, strict=True)
    }
    return {
        "contract_ref": facts.ref,
        "contract_title": facts.ref,
        "supplier_key": case.supplier,
        "supplier_name": case.supplier,
        "department": "GET",
        "agreement_kind": "contract" if facts.call_offs is None else "call-off",
        "parent_ref": None if facts.call_offs is None else f"F-{number // 30}",
        "procurement_category": facts.kind if facts.kind in ("works", "goods") else "services",
        "service_group": facts.trade,
        "regime": "pa23",
        "is_light_touch": facts.light or None,
        "is_reserved": facts.reserved,
        "is_school_contract": False,
        "supplier_size": facts.size or None,
        "supplier_is_vcse": facts.vcse,
        "value_ex_vat_pence": value,
        "value_inc_vat_pence": facts.gross,
        "options_value_ex_vat_pence": facts.options,
        "supply_spend_ex_vat_pence": facts.supply,
        "start_on": facts.first,
        "end_on": end,
        "max_end_on": facts.latest if facts.latest > facts.last else None,
        "procurement_commenced_on": COMMENCED,
        "spend_is_guaranteed": case.guaranteed,
        "sv_measures": "|".join(facts.wanted) or None,
        **answers,
    }


def _decision(case: Case, kind: str, code: str, quantity: Fraction, number: str) -> dict[str, object]:
    return {
        "decision_id": number,
        "decision_kind": kind,
        "subject": case.facts.ref,
        "measure_code": code,
        "quantity": quantity,
        "role": "contract manager",
        "reason_code": "market capacity",
        "decided_on": COMMENCED,
    }


def _approval(approved: Override | Promise | Step, number: int, role: str) -> dict[str, object]:
    return {
        "decision_id": f"A-{approved.number}-{number}",
        "decision_kind": "approval",
        "subject": approved.number,
        "role": role,
        "reason_code": "market capacity",
        "decided_on": approved.day,
    }


def _change(case: Case, day: date, number: str, change: Change) -> dict[str, object]:
    core = case.facts.core
    row: dict[str, object] = {
        "decision_id": number,
        "subject": case.facts.ref,
        "role": "contract manager",
        "reason_code": "data error",
        "decided_on": day,
        "original_value_pence": None if isinstance(change, EarlyEnd) else core,
    }
    if isinstance(change, ValueChange):
        values = {"value_before_pence": change.old, "value_after_pence": change.new}
        return {**row, **values, "decision_kind": "value change", "effective_on": change.day}
    if isinstance(change, Extension):
        before = change.original_value
        values = {"value_before_pence": before, "value_after_pence": before + change.value}
        days = {"effective_on": change.first, "new_end_on": change.last}
        return {**row, **values, **days, "decision_kind": "extension"}
    extensions = [c.last for _, _, c in case.changes if isinstance(c, Extension)]
    old_end = max([case.facts.last, *extensions])
    return {
        **row,
        "decision_kind": "early end",
        "old_end_on": old_end,
        "new_end_on": change.last,
    }
