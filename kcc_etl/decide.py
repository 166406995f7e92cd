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
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory

from kcc_etl import asset_keys as keys
from kcc_etl.decide_notes import notes_on
from kcc_etl.domain.accepted_files import ACCEPTED_FILE
from kcc_etl.domain.authority import GROUP_OF, roles_for
from kcc_etl.domain.duties.duty import KINDS as DUTIES
from kcc_etl.domain.overrides import OVERRIDE, plain_words
from kcc_etl.domain.percentages import as_percentage, percentage_codes, plans_beyond
from kcc_etl.domain.ratings import RATING
from kcc_etl.domain.ratings import WORDS as RATINGS
from kcc_etl.domain.redaction import LIFTED, LIMBS, WITHHOLDING, may_withhold, words_of
from kcc_etl.domain.sign_off import SIGN_OFF
from kcc_etl.domain.waivers import WAIVER, authority_fault, rule_fault
from kcc_etl.exceptions import UsageError
from kcc_etl.intake.cells.typed import word_meant
from kcc_etl.intake.parsed import FileIdentity
from kcc_etl.intake.reader import parse
from kcc_etl.intake.tables.decision_cells import LISTS_SHEET
from kcc_etl.lockfile import held
from kcc_etl.parameters.authority import Authority
from kcc_etl.parameters.load import load_parameters
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.redaction import Withholding
from kcc_etl.parameters.sign_off import SignOff
from kcc_etl.parameters.waivers import Waivers
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import TABLES
from kcc_etl.settings import Settings

FILE = "decisions-by-command.csv"
LOCK = "decide.lock"
_FIELDS = tuple(field.name for field in TABLES[keys.RAW_DECISION].landed_fields)
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
        _check_kind(full)
        _check_measure(full, parameters)
        is_waiver = full["decision_kind"].casefold() == WAIVER
        if is_waiver:
            _check_waiver(full, parameters.waivers)
        elif full["decision_kind"].casefold() == ACCEPTED_FILE:
            _check_signature(full, parameters.waivers, "does not accept a file")
        elif full["decision_kind"].casefold() == SIGN_OFF:
            _check_signature(full, parameters.sign_off, "does not sign a publication off")
        elif full["decision_kind"].casefold() == WITHHOLDING:
            _check_withholding(full, parameters.redaction.withholding)
        else:
            _check_words(full, policy, parameters.authority)
        text = _text([*rows, full])
        taken = _taken_by_the_night(text, today)
        _check_percentage(taken[-1], parameters)
        if is_waiver and (fault := authority_fault(taken[-1], parameters.waivers)):
            raise UsageError(f"The waiver opens nothing: {fault}", remedy="Correct it; nothing is written")
        notes = notes_on(taken, settings, parameters, today)
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
        "confirmed_rating": list(RATINGS),
        "role": list(
            dict.fromkeys(
                [
                    *_roles_of_policy(policy),
                    *(role for kind in GROUP_OF for role in roles_for(kind, parameters.authority) or ()),
                    *parameters.waivers.roles,
                    *parameters.sign_off.roles,
                    *parameters.redaction.withholding.roles,
                ]
            )
        ),
        "reason_code": [
            *policy.overrides.reason_codes,
            *parameters.waivers.reason_codes,
            *parameters.sign_off.reason_codes,
            *LIMBS,
            LIFTED,
        ],
        "other_subject": list(DUTIES),
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
        # A reason, or an other subject, of another kind of decision is the officer's own words.
        rule.errorStyle = "warning" if name in ("reason_code", "other_subject") else "stop"
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


def _roles(kind: str, policy: Policy, allowed: Authority) -> tuple[str, ...]:
    """Who may decide this kind; of an override or approval all that the policy names, for DC-004 judges."""
    listed = roles_for(kind, allowed)
    return _roles_of_policy(policy) if listed is None else listed


def _roles_of_policy(policy: Policy) -> tuple[str, ...]:
    overrides = policy.overrides
    return (*overrides.roles_proposing, *overrides.roles_within_limit, *overrides.roles_without_limit)


def _check_kind(cells: Cells) -> None:
    """The kind is one that there is; what else is asked goes by it."""
    kind = cells["decision_kind"]
    if word_meant("decision_kind", kind) is None:
        kinds = ", ".join(FIELDS["decision_kind"].words)
        raise UsageError(f"There is no kind of decision {kind!r}", expected=f"one of: {kinds}")


def _check_role_is_given(cells: Cells, roles: Sequence[str]) -> None:
    """A role is named at all."""
    if not cells.get("role", "").strip():
        expected = "one of: " + ", ".join(roles)
        raise UsageError("No role is given", expected=expected, remedy="Give --role")


def _check_words(cells: Cells, policy: Policy, allowed: Authority) -> None:
    """The role may decide it, the reason of an override is one of policy; a rating is a word of the Act."""
    kind, rating = cells["decision_kind"].casefold(), cells.get("confirmed_rating", "")
    roles, reasons = _roles(kind, policy, allowed), policy.overrides.reason_codes
    _check_role_is_given(cells, roles)
    if plain_words(cells.get("role", "")) not in [plain_words(role) for role in roles]:
        raise UsageError(
            f"Policy knows no role {cells.get('role', '')!r} that may decide this",
            expected="one of: " + ", ".join(roles),
        )
    if kind == RATING and word_meant("confirmed_rating", rating) is None:
        raise UsageError(f"{rating!r} is no rating by section 71", expected="one of: " + ", ".join(RATINGS))
    is_override = kind == OVERRIDE
    if is_override and plain_words(cells.get("reason_code", "")) not in [plain_words(one) for one in reasons]:
        raise UsageError(
            f"{cells.get('reason_code', '')!r} is no reason for an override",
            expected="one of: " + ", ".join(reasons),
        )


def _check_measure(cells: Cells, parameters: Parameters) -> None:
    """The measure is a code of the catalogue, as it is written there."""
    code, codes = cells.get("measure_code", ""), list(parameters.measure_of)
    if not code or code in codes:
        return
    plain = "".join(code.split()).upper()
    near = [plain] if plain in codes else get_close_matches(plain, codes, n=1, cutoff=0.5)
    meant = f"{near[0]}, which is nearest, or another of " if near else "one of: "
    raise UsageError(f"There is no measure {code!r}", expected=meant + ", ".join(codes))


def _check_percentage(taken: Mapping[str, object], parameters: Parameters) -> None:
    """A percentage that is committed, set or planned is from 0 to 100. Rule DC-035."""
    if plans_beyond(taken, percentage_codes(parameters.measures)):
        raise UsageError(
            f"{taken['measure_code']} is a percentage and cannot be {as_percentage(taken['quantity'])}",
            expected="a quantity from 0 to 100",
        )


def _check_waiver(cells: Cells, allowed: Waivers) -> None:
    """The rule may be waived, and role and reason are of the lists, so that the waiver opens something."""
    if fault := rule_fault(cells["subject"]):
        waivable = ", ".join(rule.id for rule in RULES.values() if rule.waivable)
        raise UsageError(
            f"A waiver of {cells['subject']} opens nothing: {fault}", expected=f"one of: {waivable}"
        )
    _check_signature(cells, allowed, "does not waive a rule")


def _check_signature(cells: Cells, allowed: Waivers | SignOff, does_not: str) -> None:
    """Role and reason are of the lists."""
    _check_role_is_given(cells, allowed.roles)
    for name, words in (("role", allowed.roles), ("reason_code", allowed.reason_codes)):
        if plain_words(cells.get(name, "")) not in [plain_words(word) for word in words]:
            raise UsageError(
                f"{FIELDS[name].title} {cells.get(name, '')!r} {does_not}",
                expected="one of: " + ", ".join(words),
            )


def _check_withholding(cells: Cells, allowed: Withholding) -> None:
    """The role may withhold; the reason is a limb of section 94, or that nothing is withheld any longer."""
    role, reason, reasons = cells.get("role", ""), cells.get("reason_code", ""), (*LIMBS, LIFTED)
    _check_role_is_given(cells, allowed.roles)
    if not may_withhold(role, allowed):
        roles = ", ".join(allowed.roles)
        raise UsageError(f"Role {role!r} does not withhold a supplier", expected=f"one of: {roles}")
    if words_of(reason) not in [words_of(one) for one in reasons]:
        expected = "one of: " + "; ".join(reasons)
        raise UsageError(f"{reason!r} is no limb of section 94", expected=expected)


def _taken_by_the_night(text: str, today: date) -> list[dict[str, object]]:
    """The decisions of the file as the night reads them. Raises UsageError when it would not take all."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / FILE
        path.write_text(text, encoding="utf-8", newline="")
        parsed = parse(path, kind="decisions", file=FileIdentity("0" * 64, "decisions", FILE, today))
    if parsed.receipt["fate"] != "accepted" or parsed.findings:
        told = "; ".join(f"{f.column_title}: found {f.found}, expected {f.expected}" for f in parsed.findings)
        raise UsageError(
            f"The night would not take this decision: {told}", remedy="Correct it; nothing is written"
        )
    return parsed.accepted


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
