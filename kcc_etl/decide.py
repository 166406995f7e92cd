"""Officers' decisions from the command line: checked as the night would, then put into the inbox.

Does not belong here: options and exit codes (`cli`), what a decision does to a figure (`kcc_etl.domain`).

The decisions go into a file of their own beside the logs that officers keep, so that no log of theirs is ever
written to. It is replaced whole: a night that reads meanwhile sees the old file or the new one.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from kcc_etl import asset_keys as keys
from kcc_etl.domain import changes
from kcc_etl.domain.money import number_display
from kcc_etl.domain.overrides import APPROVAL, OVERRIDE, may_set, plain_words
from kcc_etl.exceptions import UsageError
from kcc_etl.intake.parsed import FileIdentity
from kcc_etl.intake.reader import parse
from kcc_etl.intake.tables.decision_cells import LISTS_SHEET
from kcc_etl.lockfile import held
from kcc_etl.parameters.load import load_parameters
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.tables import TABLES
from kcc_etl.settings import Settings
from kcc_etl.warehouse.store import open_warehouse

FILE = "decisions-by-command.csv"
LOCK = "decide.lock"
_FIELDS = tuple(field.name for field in TABLES[keys.RAW_DECISION].landed_fields)
_OF_CONTRACTS = ("commitment", OVERRIDE, "verification", *changes.KINDS)
_ROWS_OF_TEMPLATE = 500

Cells = Mapping[str, str]
"""The cells of a decision by field name, as a person would type them."""


@dataclass(frozen=True)
class Recorded:
    """A decision that was put into the inbox: its cells, the file, and what the officer should know."""

    cells: Cells
    path: Path
    notes: tuple[str, ...] = ()


def record(settings: Settings, cells: Cells, today: date) -> Recorded:
    """Put one decision into the inbox; the night takes it in like any other file.

    `decision_id` and `decided_on` are filled in where they are missing. Raises UsageError, writing nothing,
    when the night would not accept the decision, when policy does not know the role or the reason, or when
    it is about a contract or override that is not there.
    """
    folder = _folder(settings)
    parameters = load_parameters(settings.parameters_folder)
    policy = parameters.in_force(today) or parameters.policy
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    with held(settings.data_folder / LOCK, wait=True):
        rows = _rows(folder / FILE)
        number = cells.get("decision_id") or _next_number(rows, today)
        full = {"decided_on": today.isoformat(), **cells, "decision_id": number}
        if number in [row["decision_id"] for row in rows]:
            raise UsageError(f"There is a decision {number} already", remedy="Give it another number")
        _check_words(full, policy)
        text = _text([*rows, full])
        _check_as_the_night_does(text, today)
        notes = _check_subject(full, rows, settings, parameters)
        _replace(folder / FILE, text)
    return Recorded(full, folder / FILE, notes)


def write_template(path: Path, parameters: Parameters) -> None:
    """A workbook to enter many decisions in, with the lists of kinds, measures, roles and reasons.

    Saved into the inbox it is taken in like a log. Raises UsageError when there is a file already.
    """
    if path.exists():
        raise UsageError(f"{path} is there already", remedy="Name another file")
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    policy = parameters.policy
    lists = {
        "decision_kind": list(FIELDS["decision_kind"].words),
        "measure_code": [measure.code for measure in parameters.measures],
        "role": [*_roles(policy)],
        "reason_code": list(policy.overrides.reason_codes),
    }
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Decisions"
    choices = book.create_sheet(LISTS_SHEET)
    sheet.append([FIELDS[name].title for name in _FIELDS])
    sheet.freeze_panes = "A2"
    for place, (name, words) in enumerate(lists.items(), start=1):
        for row, word in enumerate([FIELDS[name].title, *words], start=1):
            choices.cell(row=row, column=place, value=word)
        letter, column = get_column_letter(place), get_column_letter(_FIELDS.index(name) + 1)
        rule = DataValidation(
            "list", formula1=f"{LISTS_SHEET}!${letter}$2:${letter}${len(words) + 1}", allow_blank=True
        )
        # A reason of another kind of decision is the officer's own words.
        rule.errorStyle = "warning" if name == "reason_code" else "stop"
        sheet.add_data_validation(rule)
        rule.add(f"{column}2:{column}{_ROWS_OF_TEMPLATE}")
    for column in range(1, len(_FIELDS) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 22
    book.save(path)


def _folder(settings: Settings) -> Path:
    found = [
        source.path for source in settings.landing_sources() if source.kind == "decisions" and source.path
    ]
    if not found:
        raise UsageError(
            "The settings name no folder of decisions",
            expected="a source of kind decisions with a path",
            remedy="Add one under [[sources]]",
        )
    return found[0] if found[0].is_dir() or not found[0].suffix else found[0].parent


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    titles = [FIELDS[name].title for name in _FIELDS]
    if not lines or lines[0] != titles:
        raise UsageError(
            f"{path} does not have the headings that this command writes",
            remedy="Rename the file; the next decision starts a new one",
        )
    return [dict(zip(_FIELDS, line, strict=True)) for line in lines[1:]]


def _next_number(rows: Sequence[Cells], today: date) -> str:
    taken = {row["decision_id"] for row in rows}
    count = len(rows) + 1
    while f"K-{today.year}-{count:04d}" in taken:
        count += 1
    return f"K-{today.year}-{count:04d}"


def _roles(policy: Policy) -> tuple[str, ...]:
    overrides = policy.overrides
    return (*overrides.roles_proposing, *overrides.roles_within_limit, *overrides.roles_without_limit)


def _check_words(cells: Cells, policy: Policy) -> None:
    """The role is one that policy names, and so is the reason of an override."""
    roles, reasons = _roles(policy), policy.overrides.reason_codes
    if plain_words(cells.get("role", "")) not in [plain_words(role) for role in roles]:
        raise UsageError(
            f"Policy knows no role {cells.get('role', '')!r}", expected="one of: " + ", ".join(roles)
        )
    is_override = cells["decision_kind"].casefold() == OVERRIDE
    if is_override and plain_words(cells.get("reason_code", "")) not in [plain_words(one) for one in reasons]:
        raise UsageError(
            f"{cells.get('reason_code', '')!r} is no reason for an override",
            expected="one of: " + ", ".join(reasons),
        )


def _check_as_the_night_does(text: str, today: date) -> None:
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / FILE
        path.write_text(text, encoding="utf-8", newline="")
        parsed = parse(path, kind="decisions", file=FileIdentity("0" * 64, "decisions", FILE, today))
    if parsed.receipt["fate"] != "accepted" or parsed.findings:
        told = "; ".join(f"{f.column_title}: found {f.found}, expected {f.expected}" for f in parsed.findings)
        raise UsageError(
            f"The night would not take this decision: {told}", remedy="Correct it; nothing is written"
        )


def _check_subject(
    cells: Cells, rows: Sequence[Cells], settings: Settings, parameters: Parameters
) -> tuple[str, ...]:
    """What the officer should know, by the warehouse of the last night; before the first, that nothing is."""
    kind, subject = cells["decision_kind"].casefold(), cells.get("subject", "")
    store = open_warehouse(settings.warehouse_url)
    try:
        contracts = set(store.read(keys.CORE_CONTRACT)["contract_ref"])
        decisions, targets = store.read(keys.CORE_DECISION), store.read(keys.OUT_TARGET)
    finally:
        store.engine.dispose()
    if not contracts:
        return ("No register has been taken in yet, so the subject could not be checked.",)
    if kind in _OF_CONTRACTS and subject not in contracts:
        raise UsageError(f"There is no contract {subject} in the register", remedy="Check the reference")
    overrides = set(decisions.loc[decisions["decision_kind"] == OVERRIDE, "decision_id"])
    overrides |= {row["decision_id"] for row in rows if row["decision_kind"].casefold() == OVERRIDE}
    if kind == APPROVAL and subject not in overrides:
        raise UsageError(f"There is no override {subject}", remedy="Give the number of the override")
    if kind != OVERRIDE:
        return ()
    about = (targets["contract_ref"] == subject) & (targets["measure_code"] == cells.get("measure_code"))
    if not about.any():
        return (f"{subject} has no target for {cells.get('measure_code')}: the override sets nothing.",)
    return _authority(cells, Fraction(targets.loc[about, "target"].iloc[0]), parameters)


def _authority(cells: Cells, target: Fraction, parameters: Parameters) -> tuple[str, ...]:
    policy = parameters.policy
    if may_set(cells["role"], Fraction(cells["quantity"].replace(",", "")), target, policy):
        return ()
    allowed = " or ".join(policy.overrides.roles_without_limit)
    note = (
        f"The role may not set the target of {number_display(target, 4)} so: the override does not count "
        f"until approved, by `kcc-etl decide approval {cells['decision_id']}` of a {allowed}."
    )
    return (note,)


def _text(rows: Sequence[Cells]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([FIELDS[name].title for name in _FIELDS])
    writer.writerows([[row.get(name, "") for name in _FIELDS] for row in rows])
    return out.getvalue()


def _replace(path: Path, text: str) -> None:
    """The file with new content, whole or not at all. The name under way is hidden from the inbox."""
    path.parent.mkdir(parents=True, exist_ok=True)
    under_way = path.with_name(f".{path.name}.{os.getpid()}")
    with under_way.open("w", encoding="utf-8", newline="") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    under_way.replace(path)
