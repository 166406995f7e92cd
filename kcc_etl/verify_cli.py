"""`kcc-etl verify`: a published folder or file opened again; what is wrong, what nobody could judge.

Does not belong here: judging (`reports.verify`), the process that opens the files (`reports.verify_apart`).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from kcc_etl import console
from kcc_etl.domain.findings import Finding, shown_name
from kcc_etl.exceptions import UsageError
from reports.accessibility.check import faults
from reports.verify_apart import verify_apart
from reports.verify_files import Verdict, can_be_judged

_BLANK = {"", 0}


def verify(
    folder: Annotated[Path, typer.Argument(help="A published folder, or one workbook, CSV, page or paper.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Open a publication again, anybody's, and check every file in it.

    Judged are hashes, columns, types, totals, the same cells in every format, formulas, hidden content,
    personal data, and the 36 rules for accessible spreadsheets. It answers 0 clean, 1 faults found,
    2 nothing there to be judged.

    Example: kcc-etl verify data/publications/2026-27-Q2
    """
    if not folder.exists():
        raise UsageError(
            f"There is no file or folder {folder}", remedy="Name a folder or a file that is there"
        )
    if not can_be_judged(folder):
        raise UsageError(
            f"Nothing in {shown_name(str(folder))} can be judged",
            remedy="Name a folder with CSV, XLSX, ODS, DOCX, HTML or JSON files, or one such file; save an "
            "old workbook (.xls) as .xlsx first",
        )
    verdicts = list(verify_apart(folder))
    found = [finding for verdict in verdicts for finding in verdict.findings]
    wrong = faults(found)
    left = [finding for finding in found if finding.severity == "information"]
    unchecked = [sentence for verdict in verdicts for sentence in verdict.unchecked]
    if as_json:
        files = [verdict.name for verdict in verdicts]
        told = {
            "files": files,
            "faults": _entries(wrong),
            "for_a_person": _entries(left),
            "not_judged": unchecked,
        }
        sys.stdout.write(json.dumps({"clean": not wrong, **told}, indent=2, ensure_ascii=False) + "\n")
    elif not quiet:
        _show(verdicts, wrong, left, unchecked)
    raise typer.Exit(1 if wrong else 0)


def _entries(findings: Sequence[Finding]) -> list[dict[str, object]]:
    return [{name: value for name, value in asdict(one).items() if value not in _BLANK} for one in findings]


def _show(
    verdicts: Sequence[Verdict], wrong: Sequence[Finding], left: Sequence[Finding], unchecked: Sequence[str]
) -> None:
    out = console.results()
    table = Table(title="What was opened again", title_justify="left")
    for title in ("file", "faults", "rules that are broken"):
        table.add_column(title, justify="right" if title == "faults" else "left", overflow="fold")
    for verdict in verdicts:
        mine = faults(verdict.findings)
        rules = ", ".join(sorted({finding.rule_id for finding in mine})) or "none"
        table.add_row(Text(shown_name(verdict.name)), f"{len(mine):,}", rules)
    out.print(table)
    for finding in wrong:
        out.print(Text(str(finding)), soft_wrap=True)
    _list("Not judged:", unchecked)
    by_rule = Counter((finding.rule_id, finding.remedy) for finding in left)
    _list(
        "For a person to look at:", [f"{rule} ({count}): {words}" for (rule, words), count in by_rule.items()]
    )
    counted = f"{len(wrong):,} fault{'' if len(wrong) == 1 else 's'} found." if wrong else "No faults found."
    out.print(counted, highlight=False)


def _list(heading: str, sentences: Sequence[str]) -> None:
    if sentences:
        console.results().print(
            Text("\n".join([heading, *(f"  {words}" for words in sentences)])), soft_wrap=True
        )
