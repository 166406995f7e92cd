"""The account of what arrived: accepted + quarantined + excluded, in rows and in pence.

Does not belong here: deciding a fate (`kcc_etl.intake`, `kcc_etl.domain.core`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, KINDS


def account(
    receipts: pd.DataFrame, set_aside: pd.DataFrame, cores: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """One row a kind: files, those refused and those quarantined whole, and rows and pence by fate.

    Arrived is accepted + quarantined + excluded. `receipts` and `set_aside` are the tables of that name for
    the files in force, `cores` the core tables by kind. A release counts once however many contracts it
    carries. Pence are of the kind's money column; an unreadable amount counts as none.
    """
    rows = []
    for kind in KINDS:
        mine = receipts[receipts["kind"] == kind]
        counted = mine[mine["fate"] == "accepted"]
        aside = set_aside[set_aside["kind"] == kind]
        core = cores[kind]
        accepted = core.drop_duplicates(
            ["source_sha256", "source_name", "source_file", "source_sheet", "source_row"]
        )
        money = CORE_TABLE_OF_KIND[kind].money
        line: dict[str, object] = {
            "kind": kind,
            "files": len(mine),
            "files_refused": int((mine["fate"] == "refused").sum()),
            "files_quarantined": int((mine["fate"] == "quarantined").sum()),
            "rows_arrived": int(counted["rows_arrived"].sum()),
            "rows_accepted": len(accepted),
            "pence_arrived": int(counted["pence_arrived"].sum()) if money else None,
            "pence_accepted": int(core[money].sum()) if money else None,
        }
        for fate in ("quarantined", "excluded"):
            held = aside[aside["fate"] == fate]
            line[f"rows_{fate}"] = len(held)
            line[f"pence_{fate}"] = int(held["amount_pence"].sum()) if money else None
        rows.append(line)
    # Kinds without money would turn a plain column of pence into floats.
    return pd.DataFrame({name: [row[name] for row in rows] for name in rows[0]}, dtype=object).astype(
        {name: "Int64" for name in rows[0] if name != "kind"}
    )
