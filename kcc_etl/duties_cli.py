"""`kcc-etl duties`, thin: options in, one call, what is shown, an exit code.

Does not belong here: work of any kind.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kcc_etl import console, duties_view
from kcc_etl.domain.duties.agenda import SOON_DAYS
from kcc_etl.policy.stored import stored
from kcc_etl.resources import house_resources
from kcc_etl.settings import find_settings
from reports.published_packs import packs_published


def duties(
    within: Annotated[
        int, typer.Option("--within", min=0, help="Days ahead in which what is due needs attention.")
    ] = SOON_DAYS,
    about: Annotated[
        str,
        typer.Option("--about", help="Only this contract, or `council`: every duty, needed or not, and why."),
    ] = "",
    config: Annotated[
        Path | None,
        typer.Option("--config", help="The settings file; kcc_etl.toml of this folder unless given."),
    ] = None,
    as_of: Annotated[
        str, typer.Option("--as-of", help="The day it is about, such as 2026-11-23; today unless given.")
    ] = "",
    known_at: Annotated[
        str, typer.Option("--known-at", help="As the run that looked back was given it.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """What law requires to be published, and was not; what is due; what was late; what disagrees.

    In a pipe one line a duty. Exit code 1: something is overdue, or due within the days.
    Example: kcc-etl duties --within 60
    """
    house = house_resources(str(find_settings(config)), as_of=as_of, known_at=known_at)
    parameters, day = house.policy.parameters(), house.dates.as_of()
    published = house.house.settings().publications_folder
    packs = packs_published(published, day, house.dates.known_at())
    look = duties_view.look_at(stored(house), parameters, day, within, about, packs)
    if as_json:
        sys.stdout.write(duties_view.look_json(look))
    elif not quiet and console.out.is_terminal:
        duties_view.show_look(look, console.out)
    elif not quiet:
        sys.stdout.write(duties_view.look_lines(look))
    raise typer.Exit(look.exit_code)
