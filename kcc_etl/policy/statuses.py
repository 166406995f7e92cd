"""How many tables of a set of parameters are assumptions still, in a sentence.

Does not belong here: which parameters the figures of a night rest on (`kcc_etl.domain.approval`).
"""

from __future__ import annotations

from kcc_etl.parameters.model import Parameters


def status_line(name: str, parameters: Parameters) -> str:
    """What the newest edition and everything beside it rest on."""
    tables = parameters.tables_in_force(parameters.policy.effective_from, ())
    assumed = sum(table.status == "assumption" for table in tables)
    if not assumed:
        return f"{name}: every table is approved."
    return f"{name}: {assumed} of {len(tables)} tables are assumptions that the council has not adopted."
