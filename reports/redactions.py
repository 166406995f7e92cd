"""What is redacted in the datasets of a pack, and why: the dataset `redactions`.

Does not belong here: who is redacted and how it is counted (`kcc_etl.domain`), file formats.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kcc_etl import asset_keys as keys
from reports.documents import Column, Dataset, Table
from reports.edition import Edition, field_column, records
from reports.transparency import data_book, source_line

PLACES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    keys.OUT_OVER_30K: ("payments-over-30k", {"supplier_name": "supplier_name"}),
    keys.OUT_REGISTER: (
        "contracts-register",
        {"payee": "SupplierName", "contract_title": "ContractTitle", "contract_description": "Description"},
    ),
    keys.OUT_SPEND: ("spend-over-500", {"payee": "BeneficiaryName", "purpose": "Purpose"}),
    keys.OUT_ASSESSMENT: (
        "kpi-assessments",
        {
            "payee": "supplier_name",
            "contract_title": "procurement_title",
            "kpi_title": "kpi",
            "kpi_description": "kpi_target",
        },
    ),
    keys.OUT_CARD: ("procurement-card", {"payee": "BeneficiaryName", "purpose": "Purpose"}),
    keys.OUT_TENDER: (
        "invitations-to-tender",
        {"contract_title": "ContractTitle", "contract_description": "Description"},
    ),
    keys.OUT_GRANT: ("vcse-grants", {"payee": "beneficiary", "purpose": "purpose"}),
    keys.OUT_DISCLOSED: (
        "social-value-performance",
        {"supplier_name": "supplier_name", "contract_title": "contract_title"},
    ),
}
"""The dataset that each table is published as, and the heading of each column that may be redacted."""

_FIELDS = ("redaction_code", "redaction_text", "redaction_reason", "redacted_rows", "redacted_pence")


def redactions(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Rows and amounts that are redacted: one row a dataset, column and reason."""
    title = f"Redactions, {edition.period_text}"
    columns = (
        Column("dataset", "Dataset", "text", "Name of the file that has the redacted cells."),
        Column("column", "Column", "text", "Column of that file."),
        *(field_column(name.replace("_pence", "_amount"), name) for name in _FIELDS),
    )
    rows = tuple(
        (dataset, headings[str(row["redacted_column"])], *(row[name] for name in _FIELDS))
        for row in records(frame, keys.OUT_REDACTION)
        for dataset, headings in (PLACES[str(row["redacted_table"])],)
    )
    table = Table("redactions", title, columns, rows)
    intro = (
        source_line(edition),
        "Each row is one reason for which cells of one column of one dataset are redacted [note 1].",
        "Amounts are in pounds, of all rows that the reason applies to [note 2].",
    )
    notes = (
        (
            "A row with a redacted cell is never left out, and its amount is published. Names of suppliers "
            "withheld under section 94 of the Procurement Act 2023 are counted with the limb of the section "
            "that is relied on, unless stating it would itself harm national security."
        ),
        "Rows of several datasets may be about the same payment, so amounts must not be added together.",
    )
    book = data_book(title, "Redactions", intro, table, notes, edition)
    about = "One row is one reason for which cells of a column are redacted."
    return Dataset("redactions", table, False, book, about, key=("dataset", "column", "redaction_code"))
