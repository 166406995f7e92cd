"""Who owes a return for a quarter, and why or why not, by the warehouse as the last night left it.

Does not belong here: the rule of it (`kcc_etl.domain.return_terms`), workbooks (`issue`), what came
(`standing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked_from import asked_from
from kcc_etl.domain.core import returns_held
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.periods import Period, parse_period, quarter_of
from kcc_etl.domain.returns import ReturnBook
from kcc_etl.exceptions import UsageError
from kcc_etl.parameters.model import Parameters
from kcc_etl.warehouse.store import Warehouse

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Owed:
    """Whether a contract owes a return for a quarter, why, and the last day to send it where it does."""

    contract_ref: str
    is_owed: bool
    why: str
    send_by: date | None = None
    is_yearly: bool = False


@dataclass(frozen=True)
class Register:
    """What is needed of the warehouse: contracts, targets, the decisions known, and the book of returns."""

    contracts: pd.DataFrame
    targets: pd.DataFrame
    decisions: pd.DataFrame
    claims: pd.DataFrame
    book: ReturnBook

    @cached_property
    def _by_ref(self) -> dict[str, Row]:
        return {str(row["contract_ref"]): row for row in self.contracts.to_dict("records")}

    @cached_property
    def _targets_by_ref(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.targets.sort_values("measure_code", kind="stable").to_dict("records"):
            found.setdefault(str(row["contract_ref"]), []).append(row)
        return found

    def contract(self, ref: str) -> Row:
        """The row of a contract that is in the register."""
        return self._by_ref[ref]

    def targets_of(self, ref: str) -> list[Row]:
        """The targets of a contract, by measure."""
        return self._targets_by_ref[ref]

    def computed_with(self, ref: str) -> str:
        """The version of the parameters that the targets of a contract were computed with."""
        return ", ".join(sorted({str(row["parameter_version"]) for row in self.targets_of(ref)}))


def read_register(store: Warehouse, parameters: Parameters, as_of: date) -> Register:
    """The contracts, their targets and their returns, as they are known on a day."""
    contracts, claims = store.read(keys.CORE_CONTRACT), store.read(keys.CORE_CLAIM)
    known = decisions_known(store.read(keys.CORE_DECISION), as_of)
    refused = returns_held(store.read(keys.RAW_CLAIM), claims, store.read("receipt"), store.read("ledger"))
    targets = store.read(keys.OUT_TARGET)
    since = asked_from(targets, contracts, known, parameters)
    book = ReturnBook(contracts, claims, parameters, refused, as_of, known, since)
    return Register(contracts, targets, known, claims, book)


def quarter_asked(text: str, as_of: date) -> Period:
    """The quarter that a person names. Raises UsageError unless it is one that has begun on the day."""
    example = quarter_of(as_of).id
    try:
        period = parse_period(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no quarter", expected=f"a quarter such as {example}") from error
    if period.kind != "quarter":
        raise UsageError(
            f"{text} is no quarter", expected=f"a quarter such as {example}",
            remedy="A return of a whole year belongs to the quarter that closes it",
        )  # fmt: skip
    if period.start > as_of:
        raise UsageError(
            f"{text} begins on {period.start}, after {as_of}", expected=f"{example} or a quarter before it"
        )
    return period


def owing(register: Register, period: Period) -> list[Owed]:
    """Every contract with a target, by its reference: whether it owes a return for the quarter."""
    refs = sorted(set(register.targets["contract_ref"]) & set(register.contracts["contract_ref"]))
    return [_owing(ref, register, period) for ref in refs]


def _owing(ref: str, register: Register, period: Period) -> Owed:
    terms = register.book.terms
    asked = terms.asked(ref, period.end)
    is_yearly = terms.is_yearly(ref)
    if asked[-1:] == (period,):
        send_by = period.end + timedelta(days=terms.due_days(ref))
        return Owed(
            ref, True, "one return a year" if is_yearly else "one return a quarter", send_by, is_yearly
        )
    return Owed(ref, False, _why_not(ref, register, period), is_yearly=is_yearly)


def _why_not(ref: str, register: Register, period: Period) -> str:
    contract = register.contract(ref)
    if contract["start_on"].date() > period.end:
        return "it had not begun"
    if not register.book.terms.is_ever_asked(ref):
        return "nothing to report, no target is above zero"
    later = [one for one in register.book.terms.asked(ref, date.max) if one.end > period.end]
    if not later:
        return "it had ended"
    if register.book.terms.is_yearly(ref):
        return f"one return a year, the next for {later[0].id}"
    return f"nothing falls due yet, the first return is for {later[0].id}"
