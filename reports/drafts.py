"""The workbook of notice drafts for the officer who files them: the drafts, then every field of each.

Does not belong here: which drafts there are and what stands in their fields (`kcc_etl.domain.drafts`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from kcc_etl.disk import sync_folder
from kcc_etl.domain.drafts.draft import Draft, Due
from kcc_etl.domain.drafts.known import Known
from kcc_etl.domain.drafts.undrafted import drafts_by_type
from kcc_etl.parameters.duties import Law
from reports import switch
from reports.documents import Authority, Column, Dataset, Sheet, Table, Value, Workbook, clean_text, day_text
from reports.ocds_drafts import draft_name, draft_package
from reports.workbook import render_xlsx

WORKBOOK = "notice-drafts.xlsx"

_TYPES = {
    "UK1": "Pipeline notice",
    "UK7": "Contract details notice",
    "UK9": "Contract performance notice",
    "UK10": "Contract change notice",
    "UK11": "Contract termination notice",
}
_OVERVIEW = (
    Column("notice", "Notice", "text", "Type of the notice on the platform."),
    Column("name", "Name", "text", "Name of the notice."),
    Column("variant", "Variant", "text", "Which variant of the regulation it follows."),
    Column("contract", "Contract", "text", "Contract reference, or its numbers on the platform."),
    Column("occasion", "Occasion", "text", "What tells several drafts of one contract apart."),
    Column("state", "State", "text", "open, or overdue since the last lawful day."),
    Column("last_on", "Last lawful day", "date", "Last day on which it is in time."),
    Column("filled", "Filled", "integer", "Fields that the data fills."),
    Column("missing", "Missing", "integer", "Fields that somebody has to fill."),
    Column("ground", "Ground", "text", "Why the notice is needed."),
    Column("source", "Legal source", "text", "Paragraph that asks for it."),
    Column("doubts", "In doubt", "text", "What is not certain, with the setting or fact it hangs on."),
)
_FIELD = (
    Column("contract", "Contract", "text", "Contract reference, or its numbers on the platform."),
    Column("occasion", "Occasion", "text", "What tells several drafts of one contract apart."),
    Column("number", "Number", "integer", "Place of the field in the notice."),
    Column("paragraph", "Paragraph", "text", "Legal source of the field."),
    Column("field", "Field", "text", "What the regulation asks for."),
    Column("state", "State", "text", "filled, missing or not applicable."),
    Column("value", "Value", "text", "What the data holds."),
    Column(
        "from",
        "From, or by whom",
        "text",
        "Where the value is from, who could fill it, or why it is not asked.",
    ),
)

_COVER = (
    (
        "What this is",
        (
            "Drafts for the officer who files notices on the central digital platform. No notice has been "
            "filed. They name suppliers, and are not for publication."
        ),
    ),
    (
        "What to do",
        (
            "Fill what is missing, check what is filled and file the notice. The platform's notice comes in "
            "with the next night, and the draft goes."
        ),
    ),
    (
        "Indicators",
        (
            "Indicators are those that the contract details notice sets (section 52). Which three are the "
            "most material is for you to say, by a decision `most material indicators`. Without one the "
            "drafts take those with a confirmed rating, the worst first, then those of the details notice."
        ),
    ),
)


def draft_files(
    drafts: Sequence[Draft],
    contracts: Mapping[str, Known],
    authority: Authority,
    law: Law,
    as_of: date,
    duties: Sequence[Due],
) -> dict[str, bytes]:
    """Every file of the drafts by name: the workbook, and a release package for each with an identifier.

    `duties` are all that the drafts were made for, by which the workbook says why there are none of a type.
    """
    numbers = drafts_by_type(drafts, duties, _TYPES, law)
    files = {WORKBOOK: drafts_workbook(drafts, authority, as_of, numbers)}
    for draft in drafts:
        content = draft_package(draft, contracts[draft.contract], authority, law, as_of)
        if content is not None:
            files[f"{draft_name(draft).removeprefix('draft-')}.json"] = content
    return files


def put_drafts(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Put the files in place of those in the folder at once; whether anything differed.

    Written aside and renamed, so that a crash leaves the old drafts or the new ones. Only for the one run at
    work on the data folder.
    """
    part, aside = (folder.with_name(f".{folder.name}.{word}") for word in ("part", "aside"))
    if aside.is_dir() and not folder.exists():
        aside.rename(folder)
    for left in (part, aside):
        shutil.rmtree(left, ignore_errors=True)
    if switch.holds(folder, files):
        return False
    part.mkdir(parents=True)
    for name, content in sorted(files.items()):
        (part / name).write_bytes(content)
    if folder.exists():
        folder.rename(aside)
    part.rename(folder)
    sync_folder(folder.parent)
    shutil.rmtree(aside, ignore_errors=True)
    return True


def drafts_workbook(
    drafts: Sequence[Draft], authority: Authority, as_of: date, numbers: Mapping[str, str]
) -> bytes:
    """The workbook: a sheet that lists the drafts, and one for each type of notice with all its fields.

    `numbers` say of each type how many there are, or why none; they stand on the cover.
    """
    title = f"Drafts of notices, {day_text(as_of)}"
    overview = Table("drafts", title, _OVERVIEW, tuple(_line(draft) for draft in drafts))
    source = f"Source: {authority.name}, from its register, public notices and officers' decisions."
    intro = (source, "Each row is one notice that may and must be filed now.")
    sheets = [Sheet("Drafts", title, intro, overview, filters=True)]
    for kind, name in _TYPES.items():
        of_kind = [draft for draft in drafts if draft.notice_type == kind]
        if of_kind:
            heading = f"{kind} {name}: every field"
            table = Table(f"fields_{kind.lower()}", heading, _FIELD, tuple(_fields(of_kind)))
            sheets.append(
                Sheet(kind, heading, (source, "Each row is one field of one draft."), table, filters=True)
            )
    counted = ((f"{kind} {_TYPES[kind]}", f"{told[:1].upper()}{told[1:]}.") for kind, told in numbers.items())
    cover = (*_COVER, *counted, ("As of", day_text(as_of)))
    book = Workbook(title, authority.name, cover, tuple(sheets))
    return render_xlsx(Dataset("notice-drafts", overview, workbook=book), as_of=as_of)


def _line(draft: Draft) -> tuple[Value, ...]:
    due = draft.due
    return (
        draft.notice_type,
        _TYPES[draft.notice_type],
        draft.variant,
        clean_text(draft.contract),
        draft.occasion or None,
        due.state,
        due.last_on,
        draft.count("filled"),
        draft.count("missing"),
        due.ground,
        due.source,
        due.doubts or None,
    )


def _fields(drafts: Iterable[Draft]) -> Iterable[tuple[Value, ...]]:
    for draft in drafts:
        for number, field in enumerate(draft.fields, start=1):
            entry = field.entry
            yield (
                clean_text(draft.contract),
                draft.occasion or None,
                number,
                field.paragraph,
                field.name,
                entry.state,
                clean_text(entry.value) or None,
                clean_text(entry.source),
            )
