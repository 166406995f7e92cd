"""What a person sees of a proposed header mapping, and where it is written.

Does not belong here: making the proposal (`kcc_etl.intake.headings.proposal`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from kcc_etl.domain.findings import shorten, shown_name
from kcc_etl.exceptions import UsageError
from kcc_etl.intake.cells.grid import column_letter
from kcc_etl.intake.first_rows import TAKEN, read_first_rows
from kcc_etl.intake.headings.mapping import TABULAR_KINDS
from kcc_etl.intake.headings.proposal import Proposal, propose
from kcc_etl.intake.headings.proposal_toml import proposal_toml
from kcc_etl.intake.headings.unknown_file import find_heading
from kcc_etl.intake.landing.atomic import write_atomically
from kcc_etl.schema.fields import FIELDS

ENDING = ".mapping.toml"
_SAMPLE = 24
_SHARES = {"in": 3, "heading": 16, "field": 13, "confidence": 12, "reason and doubt": 42, "sample": 16}
"""Columns of the table and their shares of the width."""
_MOST_COLUMNS = 1_000


def propose_for(path: Path, kind: str) -> Proposal:
    """What the columns of a file may be. Raises UsageError when it cannot be told, or SourceError."""
    if kind and kind not in TABULAR_KINDS:
        raise UsageError(f"The kind '{shorten(kind)}' is unknown", expected=", ".join(TABULAR_KINDS))
    first, shown = read_first_rows(path), shown_name(str(path))
    rows = first.rows
    place = find_heading(rows)
    if place is None:
        raise UsageError(f"{shown} has no heading", expected="a row of headings, and rows below it")
    if len(rows[place].cells) > _MOST_COLUMNS:
        raise UsageError(
            f"{shown} has {len(rows[place].cells):,} columns",
            expected=f"a table of at most {_MOST_COLUMNS:,}",
        )
    proposal = propose(rows[place], rows[place + 1 : place + 1 + TAKEN], kind)
    if proposal is None:
        found = ", ".join(f"'{shorten(str(cell))}'" for cell in rows[place].cells if cell not in {None, ""})
        raise UsageError(
            f"It cannot be told what {shown} holds from the headings of row "
            f"{rows[place].number}: " + (shorten(found) or "none"),
            expected="a register of contracts, payments or decisions",
            remedy=f"Say which with --kind, one of {', '.join(TABULAR_KINDS)}",
        )
    return replace(proposal, other_sheets=first.other_sheets)


def save_proposal(proposal: Proposal, file_name: str, output: Path, *, force: bool) -> None:
    """Write the mapping to review. Raises UsageError rather than write over a file."""
    if output.exists() and not force:
        raise UsageError(
            f"{shown_name(str(output))} is there already and may have been reviewed",
            remedy="Name another file with --output, or write over it with --force",
        )
    try:
        write_atomically(output, proposal_toml(proposal, file_name).encode("utf-8"))
    except OSError as error:
        raise UsageError(
            f"{shown_name(str(output))} cannot be written ({error.strerror or 'the disk refuses'})",
            remedy="Name another file with --output",
        ) from None


def show_proposal(proposal: Proposal, output: Path | None, screen: Console) -> None:
    """The table of columns and the box."""
    screen.print(_table(proposal))
    screen.print(Panel(Text("\n".join(_closing(proposal, output))), title="kcc-etl map", title_align="left"))


def needs_attention(proposal: Proposal) -> bool:
    """Whether an officer has to choose or to fill in before the mapping can work."""
    return bool(proposal.missing or proposal.doubtful or proposal.untranslated)


def proposal_json(proposal: Proposal) -> str:
    """The proposal as JSON, for another program."""
    columns = [
        {
            "column": column_letter(column.place),
            "heading": column.heading,
            "field": column.field or None,
            "confidence": column.confidence,
            "reason": column.reason,
            "doubt": column.doubt,
            "sample": shorten(column.sample),
        }
        for column in proposal.columns
    ]
    document = {
        "kind": proposal.kind,
        "kind_reason": proposal.kind_reason,
        "header_row": proposal.header_row,
        "columns": columns,
        "missing": list(proposal.missing),
        "other_sheets": list(proposal.other_sheets),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _table(proposal: Proposal) -> Table:
    table = Table(
        title=f"Proposed for a file of kind {proposal.kind}, headings in row {proposal.header_row}",
        title_justify="left",
        show_lines=True,
        expand=True,
    )
    for title, share in _SHARES.items():
        table.add_column(title, overflow="fold", ratio=share)
    for column in proposal.columns:
        why = column.reason + (f"\nDoubt: {column.doubt}" if column.doubt else "")
        sample = shorten(column.sample)
        table.add_row(
            column_letter(column.place),
            Text(shorten(column.heading)),
            FIELDS[column.field].title if column.field else "–",
            column.confidence,
            Text(why),
            Text(sample if len(sample) <= _SAMPLE else sample[: _SAMPLE - 1] + "…"),
        )
    return table


def _closing(proposal: Proposal, output: Path | None) -> list[str]:
    lines = [f"Kind: {proposal.kind} ({proposal.kind_reason})."]
    if output is not None:
        lines.append(
            f"Written: {shown_name(str(output))}. It is refused until somebody has reviewed it: "
            "fill in reviewed_by and reviewed_on, then name it as the mapping of its source in the settings."
        )
    if proposal.other_sheets:
        named = ", ".join(f"'{shown_name(name)}'" for name in proposal.other_sheets)
        lines.append(
            f"Only one sheet is read; {named} hold{'s' if len(proposal.other_sheets) == 1 else ''} something "
            "too. Records there hold the whole file back: put all rows on one sheet, or send each as a file."
        )
    if proposal.doubtful:
        named = ", ".join(f"'{shorten(column.heading)}'" for column in proposal.doubtful)
        lines.append(f"Needs attention: choose or drop the doubtful columns {named}.")
    if proposal.untranslated:
        named = ", ".join(f"'{shorten(column.heading)}'" for column in proposal.untranslated)
        lines.append(f"Needs attention: say what the words of {named} stand for, under [values].")
    if proposal.missing:
        named = ", ".join(f"'{FIELDS[name].title}'" for name in proposal.missing)
        lines.append(f"Needs attention: no column is surely {named}, which every such file needs.")
    return lines
