"""One contract as the warehouse holds it: its row, targets, versions, findings, and their verdicts.

Does not belong here: showing it (`explained`), computing a target (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.periods import quarter_of
from kcc_etl.domain.redaction import publishable_suppliers
from kcc_etl.domain.targets import contract_placings
from kcc_etl.domain.versions import ByInvoice, Plan, Plans
from kcc_etl.exceptions import UsageError
from kcc_etl.parameters.bands import Band
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.warehouse.store import Warehouse

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """Everything the warehouse says of the targets of one contract.

    `policy` is the edition that judges it, None when none does; `band` its band, None when it is out of
    scope; `verdicts` are rule ids and outcomes on the tables of targets as they stand. `band_steps` say what
    moved it from the band of the value; `due` is what of each measure is due by the end of a day, on the day
    spoken about and at the end of the quarter after it; `by_invoice` are the measures whose target is what is
    invoiced, for no spend is guaranteed; `ratings` are those by section 71; `decisions` those that are about
    it, by their number.
    """

    ref: str
    contract: Row
    policy: Policy | None
    band: Band | None
    targets: tuple[Row, ...]
    versions: tuple[Row, ...]
    findings: tuple[Row, ...]
    verdicts: tuple[tuple[str, str], ...]
    band_steps: tuple[str, ...] = ()
    due: Mapping[str, tuple[tuple[date, Fraction], ...]] = field(default_factory=dict)
    ratings: tuple[Row, ...] = ()
    by_invoice: Mapping[str, ByInvoice] = field(default_factory=dict)
    decisions: Mapping[str, Row] = field(default_factory=dict)


def find_case(wanted: str, store: Warehouse, parameters: Parameters, as_of: date) -> Case:
    """The case of the contract with a reference, however it is spaced or capitalised, on a day.

    Raises UsageError when the register has no such contract, naming references like it.
    """
    contracts = store.read(keys.CORE_CONTRACT)
    contracts = contracts.assign(supplier_name=publishable_suppliers(contracts))
    ref = _reference(wanted, [str(name) for name in contracts["contract_ref"]])
    row = _rows(contracts, ref)[0]
    commenced = row["procurement_commenced_on"]
    policy: Policy | None = parameters.in_force(commenced.date()) if pd.notna(commenced) else None
    targets = _rows(store.read(keys.OUT_TARGET), ref)
    own = contracts[contracts["contract_ref"] == ref]
    decisions = store.read(keys.CORE_DECISION)
    about = _rows(decisions, ref, "subject")
    plans = _plans(targets, own, decisions_known(decisions, as_of), store, parameters)
    days = (as_of, quarter_of(as_of + timedelta(days=1)).end)
    band, steps = _band(ref, targets, contracts, decisions, policy, parameters)
    return Case(
        ref=ref,
        contract=row,
        policy=policy,
        band=band,
        targets=targets,
        versions=_rows(store.read(keys.OUT_TARGET_VERSION), ref),
        findings=_findings(store.read("finding"), {ref, *(str(row["decision_id"]) for row in about)}),
        verdicts=_verdicts(store),
        band_steps=steps,
        due={code: tuple((day, plan.due(day)) for day in days) for code, plan in plans.items()},
        ratings=_rows(store.read(keys.OUT_RATING), ref),
        by_invoice={code: plan.by_invoice for code, plan in plans.items() if plan.by_invoice is not None},
        decisions={str(row["decision_id"]): row for row in about},
    )


def _band(
    ref: str,
    targets: tuple[Row, ...],
    contracts: pd.DataFrame,
    decisions: pd.DataFrame,
    policy: Policy | None,
    parameters: Parameters,
) -> tuple[Band | None, tuple[str, ...]]:
    """The band that the targets name, without targets the one it is in; and what moved it there."""
    placing = contract_placings(contracts, parameters, decisions).get(ref)
    band = placing.band if placing else None
    if policy is not None and targets:
        band = next((band for band in policy.bands if band.code == targets[0]["band"]), None)
    return band, placing.steps if placing and placing.band == band else ()


def _plans(
    targets: tuple[Row, ...],
    own: pd.DataFrame,
    known: pd.DataFrame,
    store: Warehouse,
    parameters: Parameters,
) -> dict[str, Plan]:
    """What is due when of each measure that the parameters know."""
    if not targets:
        return {}
    guaranteed = own["spend_is_guaranteed"].iloc[0]
    invoiced = pd.notna(guaranteed) and not guaranteed
    plans = Plans(own, known, parameters, store.read(keys.CORE_PAYMENT) if invoiced else None)
    return {
        str(target["measure_code"]): plans.of(target)
        for target in targets
        if target["measure_code"] in parameters.measure_of
    }


def _reference(wanted: str, known: list[str]) -> str:
    plain = {_plain(name): name for name in known}
    if _plain(wanted) in plain:
        return plain[_plain(wanted)]
    near = [plain[name] for name in get_close_matches(_plain(wanted), plain, n=3)]
    raise UsageError(
        f"There is no contract {wanted!r} among those that count",
        expected=f"a reference such as {', '.join(near or sorted(known)[:3]) or 'one of the register'}",
        remedy="Look for it in the register and in findings.csv, where a held row is named with its fault",
    )


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _rows(frame: pd.DataFrame, ref: str, named: str = "contract_ref") -> tuple[Row, ...]:
    rows = frame[frame[named] == ref].to_dict("records")
    return tuple({str(name): value for name, value in row.items()} for row in rows)


def _findings(findings: pd.DataFrame, about: set[str]) -> tuple[Row, ...]:
    """Findings whose subject has one of the references among its words."""
    subjects = [f" {subject} " for subject in findings["subject"].fillna("").astype(str)]
    is_about = [any(f" {name} " in subject for name in about) for subject in subjects]
    rows = findings[is_about].to_dict("records")
    return tuple({str(name): value for name, value in row.items()} for row in rows)


def _verdicts(store: Warehouse) -> tuple[tuple[str, str], ...]:
    tables = (keys.OUT_TARGET, keys.OUT_TARGET_VERSION)
    versions = store.versions(tables)
    book = store.read("verdict", {"table_name": list(tables)})
    current = [
        (str(row["rule_id"]), str(row["verdict_status"]))
        for row in book.to_dict("records")
        if versions[row["table_name"]] == row["table_version"]
    ]
    return tuple(sorted(set(current)))
