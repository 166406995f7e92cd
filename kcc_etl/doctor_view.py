"""What a person sees of a dry run, and the same as JSON.

Does not belong here: looking at anything (`kcc_etl.doctor`).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kcc_etl.doctor import Examination, examine
from kcc_etl.exceptions import SettingsError
from kcc_etl.intake.feeds.edge import SYSTEM_CLOCK, open_client
from kcc_etl.resources import house_resources
from kcc_etl.settings import load_settings

_STYLES = {"well": "green", "attention": "yellow", "out of reach": "bold red", "wrong": "bold red"}
_SUMS = {
    0: "All is well.",
    1: "Something needs attention.",
    2: "A setting is wrong; a night would not start.",
    3: "A source could not be reached; a night would keep what it gave last.",
}


def dry_run(config: Path) -> Examination:
    """Look at everything a night needs, with the real clock and network."""
    with open_client(_asked(config), writes=False) as client:
        return examine(config, today=_today(config), clock=SYSTEM_CLOCK, client=client)


def show_examination(examination: Examination, console: Console) -> None:
    """A table on a terminal; in a pipe, one line a thing, its parts separated by tabs."""
    if not console.is_terminal:
        for sight in examination.sights:
            parts = (sight.state, sight.area, sight.name, sight.said, sight.last_good)
            console.file.write("\t".join(parts).rstrip() + "\n")
        console.file.write(_SUMS[examination.exit_code] + "\n")
        return
    table = Table(title="What a night would find", title_justify="left")
    for title in ("", "", "how it is", "what was seen", "last good"):
        table.add_column(title, overflow="fold")
    for sight in examination.sights:
        state = Text(sight.state, style=_STYLES[sight.state])
        table.add_row(sight.area, Text(sight.name), state, Text(sight.said), Text(sight.last_good))
    console.print(table)
    console.print(Text(_SUMS[examination.exit_code]))


def examination_json(examination: Examination) -> str:
    """The dry run as JSON, for another program."""
    sights = [asdict(sight) for sight in examination.sights]
    content = {"sights": sights, "exit_code": examination.exit_code}
    return json.dumps(content, ensure_ascii=False, indent=2)


def _asked(config: Path) -> Path | None:
    try:
        return load_settings(config).feeds_asked
    except SettingsError:  # which the dry run tells as what it saw
        return None


def _today(config: Path) -> date:
    try:
        return house_resources(str(config)).dates.today()
    except SettingsError:  # which the dry run tells as what it saw
        return date.min
