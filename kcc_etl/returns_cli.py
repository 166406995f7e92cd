"""`kcc-etl returns`, thin: options in, one call, what is shown, an exit code.

Does not belong here: work of any kind.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kcc_etl import console
from kcc_etl.domain.findings import shown_name
from kcc_etl.policy.sheet import Grid, Section, Sheet, show_sheet
from kcc_etl.policy.stored import stored
from kcc_etl.resources import house_resources
from kcc_etl.returns.issue import Issue, issue_returns
from kcc_etl.returns.owed import quarter_asked
from kcc_etl.returns.standing import NOT_ASKED, STATES, Standing, Status, status_of
from kcc_etl.settings import find_settings

returns_app = typer.Typer(
    help="Return workbooks: write those that suppliers owe for a quarter, and see which came back.",
    no_args_is_help=True,
)

Period = Annotated[str, typer.Argument(help="The quarter, such as 2026-27-Q2.")]
Config = Annotated[
    Path | None, typer.Option("--config", help="The settings file; kcc_etl.toml of this folder unless given.")
]
AsOf = Annotated[
    str, typer.Option("--as-of", help="The day it is about, such as 2026-11-23; today unless given.")
]
KnownAt = Annotated[str, typer.Option("--known-at", help="As the run that looked back was given it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]


@returns_app.command()
def issue(
    period: Period,
    to: Annotated[
        Path | None, typer.Option("--to", help="The folder to write to; data/returns/PERIOD unless given.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over workbooks that differ from what is written now.")
    ] = False,
    config: Config = None,
    as_of: AsOf = "",
    known_at: KnownAt = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a pre-filled workbook for each contract that owes a return for the quarter.

    Exit code 1: a workbook that differs was left as it is, or targets are out of date.
    Example: kcc-etl returns issue 2026-27-Q3
    """
    house = house_resources(str(find_settings(config)), as_of=as_of, known_at=known_at)
    day = house.dates.as_of()
    quarter = quarter_asked(period, day)
    settings, parameters = house.house.settings(), house.policy.parameters()
    looks_back = house.dates.looks_back()
    data = settings.told_folder(day, house.dates.known_at(), looks_back=looks_back)
    into = to or data / "returns" / quarter.id
    made = issue_returns(settings, stored(house), parameters, quarter, day, into, replace=replace)
    if as_json:
        _write(_issue_json(made))
    elif not quiet:
        show_sheet(_issue_sheet(made), console.results())
    raise typer.Exit(1 if made.left or made.stale else 0)


@returns_app.command()
def status(
    period: Period,
    config: Config = None,
    as_of: AsOf = "",
    known_at: KnownAt = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Which returns of the quarter are owed, came, are nil, late, held or missing.

    Exit code 1: some are missing after their last day. Example: kcc-etl returns status 2026-27-Q2
    """
    house = house_resources(str(find_settings(config)), as_of=as_of, known_at=known_at)
    day = house.dates.as_of()
    quarter = quarter_asked(period, day)
    found = status_of(stored(house), house.policy.parameters(), quarter, day)
    if as_json:
        _write(_status_json(quarter.id, found))
    elif not quiet and console.out.is_terminal:
        show_sheet(_status_sheet(quarter.id, found), console.results())
    elif not quiet:
        _write("\n".join([*("\t".join(cells) for cells in _rows(found.standings)), *_counts(found)]))
    raise typer.Exit(1 if found.needs_attention else 0)


def _issue_sheet(made: Issue) -> Sheet:
    counts = Counter(one.outcome for one in made.files)
    lines = [f"{count} {outcome}." for outcome, count in counts.items()]
    if not made.files:
        lines = [f"No contract owes a return for {made.period}."]
    lines += [f"In {made.folder}"]
    if made.left:
        count = len(made.left)
        lines.append(
            f"Needs attention: {count} differing from what would be written now, left as "
            "found. With --replace they are written anew, and what was changed in them is lost."
        )
    if made.stale:
        lines.append("Needs attention: targets were computed with other parameters. Run `kcc-etl run`.")
    if made.files and not made.is_approved:
        lines.append(f"Parameters {made.parameter_version} are assumptions; each workbook says so.")
    rows = tuple((one.contract_ref, one.file, one.outcome) for one in made.files)
    grids = (Grid(("contract", "file", "what became of it"), rows),) if rows else ()
    return Sheet(f"kcc-etl returns issue {made.period}", (Section("", grids),), tuple(lines))


def _issue_json(made: Issue) -> str:
    document = {
        "period": made.period,
        "folder": str(made.folder),
        "files": [
            {"contract_ref": one.contract_ref, "file": one.file, "outcome": one.outcome} for one in made.files
        ],
        "is_approved": made.is_approved,
        "parameter_version": made.parameter_version,
        "stale_parameters": list(made.stale),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _status_sheet(period: str, found: Status) -> Sheet:
    headings = ("contract", "state", "asked for", "file, day", "days late", "held by")
    grid = Grid(headings, tuple(_rows(found.standings)), numeric=(4,))
    return Sheet(f"kcc-etl returns status {period}", (Section("", (grid,)),), tuple(_counts(found)))


def _rows(found: Sequence[Standing]) -> list[tuple[str, ...]]:
    return [
        (
            one.owed.contract_ref,
            one.state + (", corrected" if one.is_corrected else ""),
            one.owed.why + (f", by {one.owed.send_by}" if one.owed.send_by else ""),
            "; ".join(f"{shown_name(came.file)}, {came.landed_on}" for came in one.arrivals),
            "" if one.late_days is None else str(one.late_days),
            ", ".join(sorted({rule for came in one.arrivals for rule in came.held_by})),
        )
        for one in found
    ]


def _counts(status: Status) -> list[str]:
    found = status.standings
    states = Counter(one.state for one in found)
    owed = sum(one.owed.is_owed for one in found)
    told = [f"{states[state]} {state}" for state in STATES if states[state]]
    unasked = sum(not one.owed.is_owed and one.state != NOT_ASKED for one in found)
    late = sum(one.late_days is not None for one in found)
    held = sum(any(came.held_by for came in one.arrivals) for one in found)
    corrected = sum(one.is_corrected for one in found)
    lines = [
        f"{len(found)} contracts with targets, {owed} owe a return: {', '.join(told) or 'none'}.",
    ]
    came = f"{unasked} sent without being asked, {late} late, {held} with lines or files held"
    lines.append(f"{came}, {corrected} corrected.")
    if status.unplaced:
        lines.append(
            "In nobody's account, of any quarter, for want of a contract with a target or a period: "
            + ", ".join(map(shown_name, status.unplaced))
        )
    return lines


def _status_json(period: str, status: Status) -> str:
    contracts = [
        {
            "contract_ref": one.owed.contract_ref,
            "is_owed": one.owed.is_owed,
            "why": one.owed.why,
            "send_by": one.owed.send_by.isoformat() if one.owed.send_by else None,
            "state": one.state,
            "late_days": one.late_days,
            "is_corrected": one.is_corrected,
            "files": [
                {"file": came.file, "landed_on": came.landed_on.isoformat(), "held_by": list(came.held_by)}
                for came in one.arrivals
            ],
        }
        for one in status.standings
    ]
    counts = Counter(one.state for one in status.standings)
    document = {
        "period": period,
        "owed": sum(one.owed.is_owed for one in status.standings),
        "counts": {state: counts[state] for state in STATES},
        "contracts": contracts,
        "unplaced": list(status.unplaced),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
