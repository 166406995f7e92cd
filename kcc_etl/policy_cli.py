"""`kcc-etl policy`, thin: options in, one call, what is shown, an exit code.

Does not belong here: work of any kind.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kcc_etl import console
from kcc_etl.policy import case, compared, explained, given, shown, simulated, simulated_csv
from kcc_etl.policy.sheet import show_sheet
from kcc_etl.policy.stored import stored
from kcc_etl.resources import house_resources
from kcc_etl.settings import find_settings

policy_app = typer.Typer(
    help="The policy's parameters: show them, explain a contract's targets, compare, try others out.",
    no_args_is_help=True,
)

Config = Annotated[
    Path | None, typer.Option("--config", help="The settings file; kcc_etl.toml of this folder unless given.")
]
AsOf = Annotated[
    str, typer.Option("--as-of", help="The day it is about, such as 2026-11-23; today unless given.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]


@policy_app.command()
def show(config: Config = None, as_of: AsOf = "", as_json: AsJson = False, quiet: Quiet = False) -> None:
    """The parameters in force: what is asked of which contract, how it is worked out, where it comes from.

    Example: kcc-etl policy show --as-of 2026-11-23
    """
    house = house_resources(str(find_settings(config)), as_of=as_of)
    parameters, day = house.policy.parameters(), house.dates.as_of()
    if as_json:
        _write(shown.parameters_json(parameters, day))
    elif not quiet:
        show_sheet(shown.parameters_sheet(parameters, day), console.results())


@policy_app.command()
def diff(
    before: Annotated[str, typer.Argument(help="A folder or file of parameters, `shipped` or `in-force`.")],
    after: Annotated[str, typer.Argument(help="What would take its place; named in the same way.")],
    config: Config = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Which parameters differ between two sets, and whether the change is material.

    A folder is laid over the parameters the program ships, a file over those in force.
    Exit code 0: nothing, or only what the Chief Procurement Officer may change. 1: material changes.
    Example: kcc-etl policy diff in-force policy-2028.toml
    """
    sides = [given.parameters_named(name, config) for name in (before, after)]
    comparison = compared.compare(before, sides[0], after, sides[1])
    if as_json:
        _write(compared.comparison_json(comparison))
    elif not quiet:
        show_sheet(compared.comparison_sheet(comparison), console.results())
    raise typer.Exit(comparison.exit_code)


@policy_app.command()
def explain(
    contract: Annotated[str, typer.Argument(help="The contract's reference in the register.")],
    config: Config = None,
    as_of: AsOf = "",
    known_at: Annotated[
        str, typer.Option("--known-at", help="As the run that looked back was given it.")
    ] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Why the targets of a contract are what they are: what went in, every factor, the sum, the rules.

    Exit code 1: something about the contract needs attention. Example: kcc-etl policy explain KSW-0001
    """
    house = house_resources(str(find_settings(config)), as_of=as_of, known_at=known_at)
    parameters, day = house.policy.parameters(), house.dates.as_of()
    found = case.find_case(contract, stored(house), parameters, day)
    if as_json:
        _write(explained.case_json(found, parameters, day))
    elif not quiet:
        show_sheet(explained.case_sheet(found, parameters, day), console.results())
    raise typer.Exit(1 if explained.needs_attention(found, parameters) else 0)


@policy_app.command()
def simulate(
    file: Annotated[str, typer.Argument(help="Tomorrow's parameters: a file, a folder, or `shipped`.")],
    config: Config = None,
    as_of: AsOf = "",
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write every contract and measure to this file.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """What other parameters would ask of today's contracts: bands, targets, small firms, cells to fill in.

    A folder is laid over the parameters the program ships, a file over those in force.
    Nothing is adopted or changed. Example: kcc-etl policy simulate policy-2028.toml --csv effects.csv
    """
    house = house_resources(str(find_settings(config)), as_of=as_of)
    tomorrow = given.parameters_named(file, config)
    trial = simulated.try_out(file, tomorrow, house.policy.parameters(), stored(house), house.dates.as_of())
    if csv is not None:
        simulated_csv.save_trial(trial, csv, force=force)
    if as_json:
        _write(simulated.trial_json(trial))
    elif not quiet:
        show_sheet(simulated.trial_sheet(trial, csv), console.results())


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
