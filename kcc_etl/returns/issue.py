"""`kcc-etl returns issue`: one pre-filled workbook for each contract that owes a return for a quarter.

Does not belong here: who owes one (`owed`), what the workbook looks like (`reports.return_book`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked_from import first_day
from kcc_etl.domain.money import number_display, pounds_display
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.versions import Plan, Plans
from kcc_etl.exceptions import UsageError
from kcc_etl.intake.landing.atomic import sweep_asides, write_atomically
from kcc_etl.lockfile import held
from kcc_etl.parameters.model import Parameters
from kcc_etl.returns.owed import Owed, Register, Row, owing, read_register
from kcc_etl.settings import Settings
from kcc_etl.warehouse.store import Warehouse
from reports.return_book import render_return
from reports.return_told import ASSUMED_TARGETS, Quote, ReturnForm, printed_lines

LOCK = "returns.lock"
_PLAIN = re.compile(r"[A-Z0-9][A-Z0-9-]*")
_LONGEST_NAME = 40

Outcome = Literal["written", "unchanged", "replaced", "left as it is"]


@dataclass(frozen=True)
class IssuedFile:
    """One workbook: whose it is, its name, what became of it."""

    contract_ref: str
    file: str
    outcome: Outcome


@dataclass(frozen=True)
class Issue:
    """The workbooks of a quarter and the folder they are in.

    `stale` are versions of parameters that targets were computed with and that are no longer in force.
    """

    period: str
    folder: Path
    files: tuple[IssuedFile, ...]
    is_approved: bool
    parameter_version: str
    stale: tuple[str, ...] = ()

    @property
    def left(self) -> tuple[IssuedFile, ...]:
        """Those that differ from what would be written now, and were left as they are."""
        return tuple(one for one in self.files if one.outcome == "left as it is")


@dataclass(frozen=True)
class Told:
    """What forms are filled with: contracts and targets, what is due when, later versions of a target."""

    register: Register
    plans: Plans
    changes: Mapping[tuple[str, str], list[Row]]
    """By contract and measure the versions after the first, in order."""


def read_told(store: Warehouse, parameters: Parameters, as_of: date) -> Told:
    """What the warehouse tells of the targets, as they are known on a day."""
    register = read_register(store, parameters, as_of)
    plans = Plans(register.contracts, register.decisions, parameters, store.read(keys.CORE_PAYMENT))
    versions = store.read(keys.OUT_TARGET_VERSION)
    changes: dict[tuple[str, str], list[Row]] = {}
    for row in versions[versions["version"] > 1].sort_values("version").to_dict("records"):
        changes.setdefault((str(row["contract_ref"]), str(row["measure_code"])), []).append(row)
    return Told(register, plans, changes)


def issue_returns(
    settings: Settings,
    store: Warehouse,
    parameters: Parameters,
    period: Period,
    as_of: date,
    into: Path,
    *,
    replace: bool = False,
) -> Issue:
    """Write the workbooks of a quarter into a folder, over one that differs only when told to `replace`.

    A file stands whole or not at all, and the same warehouse gives the same bytes. Raises UsageError for a
    folder that cannot be written to.
    """
    if into.exists() and not into.is_dir():
        raise UsageError(f"{into} is no folder", remedy="Name another folder with --to")
    told = read_told(store, parameters, as_of)
    register = told.register
    forms = [form_of(one, told, parameters, period, as_of) for one in owing(register, period) if one.is_owed]
    try:
        if forms:
            into.mkdir(parents=True, exist_ok=True)
        with held(settings.data_folder / LOCK, wait=True):
            sweep_asides(into)
            files = tuple(_put(form, into, settings, period, replace=replace) for form in forms)
    except OSError as error:
        raise UsageError(
            f"{into} cannot be written to: {error.strerror or type(error).__name__}",
            remedy="Name another folder with --to",
        ) from error
    stale = sorted(set(register.targets["parameter_version"].dropna()) - {parameters.version})
    approved = all(not form.notes for form in forms)
    return Issue(period.id, into, files, approved, parameters.version, tuple(stale))


def file_name(contract_ref: str, period: str) -> str:
    """The name of a workbook: reference and period, in characters that every system takes.

    A reference that has other characters, or small letters, which some systems do not tell from capitals, has
    a few digits of its hash behind it, so that no two references share a name.
    """
    if _PLAIN.fullmatch(contract_ref) and len(contract_ref) <= _LONGEST_NAME:
        return f"{contract_ref}-{period}.xlsx"
    plain = re.sub(r"[^A-Za-z0-9]+", "-", contract_ref).strip("-")[:_LONGEST_NAME].strip("-")
    digits = hashlib.sha256(contract_ref.encode()).hexdigest()[:8]
    return f"{plain or 'contract'}-{digits}-{period}.xlsx"


def form_of(owed: Owed, told: Told, parameters: Parameters, period: Period, as_of: date) -> ReturnForm:
    """The form of one contract that owes a return: its lines, and its targets with their explanations."""
    contract = told.register.contract(owed.contract_ref)
    quotes = tuple(
        _quote(target, told, parameters, period)
        for target in told.register.targets_of(owed.contract_ref)
        if target["measure_code"] in parameters.measure_of
    )
    commenced = contract["procurement_commenced_on"]
    begun: list[date] = [commenced.date()] if pd.notna(commenced) else []
    return ReturnForm(
        contract_ref=owed.contract_ref,
        contract_title=_words(contract["contract_title"]),
        supplier=_words(contract["supplier_name"]),
        period=parse_period(period.year) if owed.is_yearly else period,
        lines=printed_lines([quote.measure for quote in quotes if quote.is_ever_due]),
        due_on=period.end,
        send_by=owed.send_by or period.end,
        quotes=quotes,
        stamp=f"Targets were worked out with parameters {told.register.computed_with(owed.contract_ref)}.",
        notes=() if parameters.is_approved(as_of, begun) else (ASSUMED_TARGETS,),
    )


def _quote(target: Row, told: Told, parameters: Parameters, period: Period) -> Quote:
    plan, ref, code = told.plans.of(target), str(target["contract_ref"]), str(target["measure_code"])
    return Quote(
        measure=parameters.measure_of[code],
        agreed=plan.agreed(period.end) if pd.notna(target["agreed"]) else None,
        due=plan.due(period.end),
        is_ever_due=first_day(plan) is not None,
        explanation=" ".join(
            [
                _explained(str(target["explanation"]), told.changes.get((ref, code), []), period.end),
                *invoiced_told(plan, period.end),
            ]
        ),
    )


def _explained(explanation: str, changes: Sequence[Row], day: date) -> str:
    """The paragraph of the target, and a sentence for each change of it by a day."""
    known = [str(change["explanation"]) for change in changes if change["effective_on"].date() <= day]
    return " ".join([explanation, *(sentence for sentence in known if sentence not in explanation)])


def invoiced_told(plan: Plan, day: date) -> tuple[str, ...]:
    """Where no spend is guaranteed, what is invoiced by a day and so makes the target."""
    if plan.by_invoice is None:
        return ()
    pounds, agreed = pounds_display(plan.by_invoice.pence(day)), number_display(plan.due(day), 4)
    return (f"By {day.day} {day:%B} {day.year} {pounds} counts as invoiced, which makes {agreed}.",)


def _put(form: ReturnForm, into: Path, settings: Settings, period: Period, *, replace: bool) -> IssuedFile:
    content = render_return(form, publisher=settings.authority.name, created=period.end)
    path = into / file_name(form.contract_ref, period.id)
    outcome: Outcome = "written"
    if path.exists():
        outcome = "unchanged" if path.read_bytes() == content else "replaced" if replace else "left as it is"
    if outcome in ("written", "replaced"):
        write_atomically(path, content)
    return IssuedFile(form.contract_ref, path.name, outcome)


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""
