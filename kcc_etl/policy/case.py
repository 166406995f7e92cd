"""One contract as the warehouse holds it: its row, targets, versions, findings, and their verdicts.

Does not belong here: showing it (`explained`), computing a target (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.redaction import publishable_suppliers
from kcc_etl.domain.targets import contract_bands
from kcc_etl.exceptions import UsageError
from kcc_etl.parameters.bands import Band
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.warehouse.store import Warehouse

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """Everything the warehouse says of the targets of one contract.

    `policy` is the edition that judges it, None when none does; `band` its band, None when it is out of
    scope; `verdicts` are rule ids and outcomes on the tables of targets as they stand.
    """

    ref: str
    contract: Row
    policy: Policy | None
    band: Band | None
    targets: tuple[Row, ...]
    versions: tuple[Row, ...]
    findings: tuple[Row, ...]
    verdicts: tuple[tuple[str, str], ...]


def find_case(wanted: str, store: Warehouse, parameters: Parameters) -> Case:
    """The case of the contract with a reference, however it is spaced or capitalised.

    Raises UsageError when the register has no such contract, naming references like it.
    """
    contracts = store.read(keys.CORE_CONTRACT)
    contracts = contracts.assign(supplier_name=publishable_suppliers(contracts))
    ref = _reference(wanted, [str(name) for name in contracts["contract_ref"]])
    row = _rows(contracts, ref)[0]
    commenced = row["procurement_commenced_on"]
    policy: Policy | None = parameters.in_force(commenced.date()) if pd.notna(commenced) else None
    targets = _rows(store.read(keys.OUT_TARGET), ref)
    decisions = store.read(keys.CORE_DECISION)
    numbers = decisions.loc[decisions["subject"] == ref, "decision_id"].astype(str)
    return Case(
        ref=ref,
        contract=row,
        policy=policy,
        band=_band(ref, targets, contracts, policy, parameters),
        targets=targets,
        versions=_rows(store.read(keys.OUT_TARGET_VERSION), ref),
        findings=_findings(store.read("finding"), {ref, *numbers}),
        verdicts=_verdicts(store),
    )


def _band(
    ref: str,
    targets: tuple[Row, ...],
    contracts: pd.DataFrame,
    policy: Policy | None,
    parameters: Parameters,
) -> Band | None:
    """The band that the targets name; of a contract without targets, the one it is in."""
    if policy is None or not targets:
        return contract_bands(contracts, parameters).get(ref)
    return next((band for band in policy.bands if band.code == targets[0]["band"]), None)


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


def _rows(frame: pd.DataFrame, ref: str) -> tuple[Row, ...]:
    rows = frame[frame["contract_ref"] == ref].to_dict("records")
    return tuple({str(name): value for name, value in row.items()} for row in rows)


def _findings(findings: pd.DataFrame, about: set[str]) -> tuple[Row, ...]:
    """Findings whose subject is, or begins with, one of the references."""
    first = findings["subject"].fillna("").astype(str).str.split(" ").str[0]
    rows = findings[first.isin(about)].to_dict("records")
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
