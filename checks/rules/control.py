"""Control totals: what arrived equals accepted + quarantined + excluded, in rows and in pence.

Does not belong here: counting rows as they are read (`kcc_etl.intake` writes the receipts).
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, of_whole
from kcc_etl.domain.money import pounds_display
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND

_FILE = ["source_sha256", "source_name", "source_file"]
_ROW = [*_FILE, "source_sheet", "source_row"]


def nothing_is_lost(inputs: Inputs, kind: str) -> Outcome:
    """Rows, and pence where the kind has a money column, that arrived are all counted or set aside.

    One verdict a table. Arrived: the receipts of accepted files; a file refused or excluded brings nothing.
    A row of the core table stands for the landed row it came from, so a release with two contracts counts
    once. Unreadable amounts count zero pence. Source: rules CR-018, NT-007, SP-014, RT-016, DC-006.
    """
    table = CORE_TABLE_OF_KIND[kind]
    core = inputs.frames[table.name]
    receipts = inputs.frames["receipt"]
    receipts = receipts[(receipts["kind"] == kind) & (receipts["fate"] == "accepted")]
    aside = inputs.frames["set_aside"]
    aside = _of_files(aside[aside["kind"] == kind], receipts)
    counted = core.drop_duplicates(_ROW) if kind == "notices" else core
    arrived = int(receipts["rows_arrived"].sum())
    fates = [len(counted), *((aside["fate"] == fate).sum() for fate in ("quarantined", "excluded"))]
    if not arrived and not sum(fates):
        return of_whole(None, "", "nothing arrived")
    found = f"{arrived} rows arrived; {' + '.join(str(n) for n in fates)} = {sum(fates)} are accounted for"
    fine = arrived == sum(fates)
    if table.money:
        came = int(receipts["pence_arrived"].sum())
        kept = int(core[table.money].sum()) + int(aside["amount_pence"].sum())
        found += f"; {pounds_display(came)} arrived, {pounds_display(kept)} is accounted for"
        fine = fine and came == kept
    return of_whole(fine, found)


def _of_files(rows: pd.DataFrame, receipts: pd.DataFrame) -> pd.DataFrame:
    files = pd.MultiIndex.from_frame(receipts[_FILE])
    return rows[pd.MultiIndex.from_frame(rows[_FILE]).isin(files)]


JUDGES: dict[str, Judge] = {
    "CR-018": partial(nothing_is_lost, kind="register"),
    "NT-007": partial(nothing_is_lost, kind="notices"),
    "SP-014": partial(nothing_is_lost, kind="payments"),
    "RT-016": partial(nothing_is_lost, kind="returns"),
    "DC-006": partial(nothing_is_lost, kind="decisions"),
}
