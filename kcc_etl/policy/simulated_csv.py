"""What other parameters would change, every contract and measure, as a CSV file.

Does not belong here: sums and sentences (`simulated`).
"""

from __future__ import annotations

from pathlib import Path

from kcc_etl.exceptions import UsageError
from kcc_etl.intake.landing.atomic import write_atomically
from kcc_etl.policy.simulated import Trial
from reports.delimited import render_csv
from reports.documents import Column, Dataset, Table


def save_trial(trial: Trial, output: Path, *, force: bool) -> None:
    """Every contract and measure as CSV. Raises UsageError rather than write over a file."""
    if output.exists() and not force:
        raise UsageError(f"{output} is there already", remedy="Name another file, or add --force")
    try:
        write_atomically(output, render_csv(_dataset(trial)))
    except OSError as error:
        raise UsageError(
            f"{output} cannot be written ({error.strerror or 'the disk refuses'})",
            remedy="Name another file with --csv",
        ) from None


def _dataset(trial: Trial) -> Dataset:
    columns = (
        Column("contract_ref", "Contract", "text", "Reference of the contract."),
        Column("supplier_class", "Supplier class", "text", "large, medium, small, micro, VCSE or unknown."),
        Column("band_today", "Band today", "text", "Band by the parameters in force; empty out of scope."),
        Column("band_tomorrow", "Band tomorrow", "text", "Band by the parameters tried; empty out of scope."),
        Column("measure_code", "Measure", "text", "Code of the measure; empty where none is asked for."),
        Column("unit", "Unit", "text", "Unit of the target."),
        Column("target_today", "Target today", "quantity", "Calculated target; empty when not asked for."),
        Column("target_tomorrow", "Target tomorrow", "quantity", "The same by the parameters tried."),
        Column("target_change", "Change", "text", "more, less or same."),
        Column("cells_today", "Cells a year today", "integer", "Cells of the whole contract's returns."),
        Column("cells_tomorrow", "Cells a year tomorrow", "integer", "The same by the parameters tried."),
    )
    rows = tuple(
        (effect.ref, effect.supplier_class, effect.band_today, effect.band_tomorrow,
         *(( m.code, m.unit, m.today, m.tomorrow, m.way) if m else (None, None, None, None, "same")),
         effect.cells_today, effect.cells_tomorrow)
        for effect in trial.effects
        for m in (effect.measures or (None,))
    )  # fmt: skip
    return Dataset("simulation", Table("simulation", "Simulation", columns, rows))
