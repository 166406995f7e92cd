"""Which verdicts hold of the tables as they stand: judged on exactly these inputs, by the rules of today.

Does not belong here: whether a publication may be made of them (`kcc_etl.gate`), judging (`checks`).
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from kcc_etl.basis import basis_of
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.reads import judged_with
from kcc_etl.schema.rules import RULES
from kcc_etl.warehouse.store import Warehouse


def held_verdicts(store: Warehouse, as_of: date, parameters: Parameters) -> pd.DataFrame:
    """The rows of `verdict` that hold; what is absent is not judged, whatever was found of it before."""
    verdicts = store.read("verdict")
    tables = sorted(set(verdicts["table_name"]))
    basis = basis_of(as_of, parameters)
    versions = store.versions(sorted({name for table in tables for name in judged_with(table)}))
    periods = store.periods(tables)
    inputs = {table: basis.inputs_version(table, versions, periods.get(table, "")) for table in tables}
    rule_versions = {rule.id: rule.version for rule in RULES.values()}
    same = verdicts["inputs_version"] == verdicts["table_name"].map(inputs)
    present = verdicts["rule_version"] == verdicts["rule_id"].map(rule_versions)
    return verdicts[(same & present).fillna(False).astype(bool)].reset_index(drop=True)
