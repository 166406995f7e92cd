"""The command `kcc-etl`, thin: options in, one call, a closing box, an exit code.

Does not belong here: work of any kind.

Exit codes: 0 done, 1 done but something needs attention, 2 wrong usage or settings, 3 a source out of reach.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from kcc_etl import console, proposal_view
from kcc_etl.account import document_json, night_document
from kcc_etl.dagster_home import environment
from kcc_etl.decide_cli import decide
from kcc_etl.duties_cli import duties
from kcc_etl.exceptions import KccEtlError
from kcc_etl.night import run_night
from kcc_etl.policy_cli import policy_app
from kcc_etl.publication import publication_document, publish_period
from kcc_etl.returns_cli import returns_app
from kcc_etl.sample.project import write_project
from kcc_etl.settings import find_settings, load_settings
from kcc_etl.verify_cli import verify

app = typer.Typer(
    name="kcc-etl",
    help="From landed files to published figures: the nightly pipeline of a procurement policy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(policy_app, name="policy")
app.add_typer(returns_app, name="returns")
app.command()(decide)
app.command()(duties)
app.command()(verify)

Config = Annotated[
    Path | None, typer.Option("--config", help="The settings file; kcc_etl.toml of this folder unless given.")
]
AsOf = Annotated[
    str,
    typer.Option(
        "--as-of",
        help="The day the figures speak about, such as 2026-11-23; today, or the day the settings pin.",
    ),
]
KnownAt = Annotated[
    str, typer.Option("--known-at", help="Only files landed up to this day count; all of them unless given.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to write; made if it is not there.")] = Path("."),
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing if a settings file is there.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented settings file and a folder of plainly fictitious sample input."""
    written = write_project(folder, if_missing=if_missing)
    if not quiet and written:
        console.results().print("\n".join(written), highlight=False)


@app.command()
def run(
    config: Config = None,
    as_of: AsOf = "",
    known_at: KnownAt = "",
    period: Annotated[
        str,
        typer.Option("--period", help="Quarter, half or year to draft; the latest quarter unless given."),
    ] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """The nightly job: take in what is new, check, compute, write the draft through the gate.

    Example: kcc-etl run --as-of 2026-11-23
    """
    path = find_settings(config)
    if not quiet and not as_json:
        console.talk.print(f"Running nightly with {path} …", highlight=False, soft_wrap=True)
    night = run_night(path, as_of=as_of, known_at=known_at, period=period)
    if as_json:
        sys.stdout.write(document_json(night_document(night)))
    elif not quiet:
        console.show_night(night)
    raise typer.Exit(night.exit_code)


@app.command()
def publish(
    period: Annotated[str, typer.Argument(help="The quarter, half or year, such as 2026-27-Q2.")],
    config: Config = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Publish one period for good, through the gate, on what the last night took in.

    It needs a decision `sign-off` for exactly these figures; without one it writes the draft, says which
    command records the sign-off, and answers 1, as it does when the gate is shut. What was published is never
    altered: changed figures, signed off, are the next version. Example: kcc-etl publish 2026-27-Q2
    """
    publication = publish_period(find_settings(config), period)
    if as_json:
        sys.stdout.write(document_json(publication_document(publication)))
    elif not quiet:
        console.show_publication(publication)
    raise typer.Exit(publication.exit_code)


@app.command(name="map")
def propose_mapping(
    file: Annotated[Path, typer.Argument(help="A CSV file or workbook with one table.")],
    kind: Annotated[
        str, typer.Option("--kind", help="register, payments or decisions; from the headings unless given.")
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option("--output", help="Where to write; the name of FILE with .mapping.toml, in this folder."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a mapping that is there.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Propose which column of FILE is which field, as a header mapping to review and save.

    With --json nothing is written unless --output says where. Example: kcc-etl map spend-2026-10.csv
    """
    proposal = proposal_view.propose_for(file, kind)
    target = output if output or as_json else Path(file.stem + proposal_view.ENDING)
    if target is not None:
        proposal_view.save_proposal(proposal, file.name, target, force=force)
    if as_json:
        sys.stdout.write(proposal_view.proposal_json(proposal) + "\n")
    elif not quiet:
        proposal_view.show_proposal(proposal, target, console.results())
    raise typer.Exit(1 if proposal_view.needs_attention(proposal) else 0)


@app.command()
def doctor(config: Config = None, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """A dry run: which sources answer, how fresh they are, what is not configured. Nothing is written."""
    # The library of the web, which asks the feeds, is for this command alone.
    from kcc_etl import doctor_view

    examination = doctor_view.dry_run(find_settings(config))
    if as_json:
        sys.stdout.write(doctor_view.examination_json(examination) + "\n")
    elif not quiet:
        doctor_view.show_examination(examination, console.results())
    raise typer.Exit(examination.exit_code)


@app.command()
def ui(
    config: Config = None,
    port: Annotated[int, typer.Option("--port", help="Port on this machine.")] = 3000,
) -> None:
    """The Dagster UI on this project, on this machine only: it has no login of its own."""
    path = find_settings(config)
    settings = load_settings(path)
    options = ["-h", "127.0.0.1", "-p", str(port)]
    command = [sys.executable, "-m", "dagster", "dev", "-m", "kcc_etl.definitions", *options]
    given = environment(path, settings)
    if os.name == "posix":  # become Dagster, so that a signal to this process stops all of its processes
        os.execve(command[0], command, given)  # noqa: S606 - our own interpreter and module
    raise typer.Exit(subprocess.call(command, env=given))  # noqa: S603 - our own interpreter and module


def main() -> None:
    """Run the command; an error of ours is told in sentences, never as a traceback."""
    try:
        app()
    except KccEtlError as error:
        console.say_error(error)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
