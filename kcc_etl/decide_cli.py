"""`kcc-etl decide`: the options of one decision, or a template for many.

Does not belong here: checking and writing a decision (`decide`).
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kcc_etl import console
from kcc_etl.decide import record, write_template
from kcc_etl.domain.periods import LONDON
from kcc_etl.exceptions import UsageError
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.fields import FIELDS
from kcc_etl.settings import find_settings, load_settings


def _option(name: str, field: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, help=FIELDS[field].description)
    return option


def decide(
    kind: Annotated[
        str, typer.Argument(help="commitment, override, approval, duty done, value change, extension …")
    ] = "",
    subject: Annotated[str, typer.Argument(help="A contract reference; of an approval, the override.")] = "",
    measure: Annotated[str, _option("--measure", "measure_code")] = "",
    quantity: Annotated[str, _option("--quantity", "quantity")] = "",
    period: Annotated[str, _option("--period", "period")] = "",
    rating: Annotated[str, _option("--rating", "confirmed_rating")] = "",
    other: Annotated[str, _option("--other", "other_subject")] = "",
    figures: Annotated[
        str,
        typer.Option("--figures", help="Of a sign-off: digest of the figures, as `kcc-etl publish` prints."),
    ] = "",
    role: Annotated[str, _option("--role", "role")] = "",
    reason: Annotated[str, _option("--reason", "reason_code")] = "",
    decided_on: Annotated[str, _option("--decided-on", "decided_on")] = "",
    expires_on: Annotated[str, _option("--expires-on", "expires_on")] = "",
    effective_on: Annotated[str, _option("--effective-on", "effective_on")] = "",
    original_value: Annotated[str, _option("--original-value", "original_value_pence")] = "",
    value_before: Annotated[str, _option("--value-before", "value_before_pence")] = "",
    value_after: Annotated[str, _option("--value-after", "value_after_pence")] = "",
    old_end: Annotated[str, _option("--old-end", "old_end_on")] = "",
    new_end: Annotated[str, _option("--new-end", "new_end_on")] = "",
    number: Annotated[str, typer.Option("--number", help="Its number; the next free one unless given.")] = "",
    template: Annotated[
        Path | None, typer.Option("--template", help="Write a workbook for many decisions here instead.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="The settings file; kcc_etl.toml of this folder unless given."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Record an officer's decision; the next night takes it in. Many at once: --template FILE.

    Example: kcc-etl decide override KSW-0042 --measure S1 --quantity 3 --role "category lead"
    --reason "market capacity"
    """
    settings = load_settings(find_settings(config))
    if template is not None:
        write_template(template, load_parameters(settings.parameters_folder))
        if not quiet:
            console.results().print(
                f"{template}: fill it in and save it in the folder of decisions.", highlight=False
            )
        return
    if not kind or not subject:
        raise UsageError("A decision has a kind and a subject", remedy="See `kcc-etl decide --help`")
    cells = {
        "decision_kind": kind, "subject": subject, "measure_code": measure, "quantity": quantity,
        "period": period, "confirmed_rating": rating, "other_subject": figures or other, "role": role,
        "reason_code": reason,
        "decided_on": decided_on, "expires_on": expires_on, "effective_on": effective_on,
        "original_value_pence": original_value,
        "value_before_pence": value_before, "value_after_pence": value_after, "old_end_on": old_end,
        "new_end_on": new_end, "decision_id": number,
    }  # fmt: skip
    today = settings.as_of or datetime.now(LONDON).date()
    recorded = record(settings, {name: cell for name, cell in cells.items() if cell}, today)
    if as_json:
        told = {"decision": recorded.cells, "file": str(recorded.path), "notes": recorded.notes}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    elif not quiet:
        lines = [f"Recorded {recorded.cells['decision_id']} in {recorded.path}.", *recorded.notes]
        console.results().print("\n".join(lines), highlight=False, soft_wrap=True)
    raise typer.Exit(1 if recorded.notes else 0)
