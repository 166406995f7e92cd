"""The dataset of assessments of key performance indicators that an officer confirmed.

Does not belong here: which ratings these are and who may be named (`kcc_etl.domain`), file formats.
"""

from __future__ import annotations

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.redaction import REDACTED
from reports.documents import Column, Dataset, Table, Value
from reports.edition import Edition, Row, field_column, records
from reports.transparency import data_book, source_line

NAME = "kpi-assessments"
STATEMENT = "Assessment of performance against key performance indicators (section 71(2))"

# Fields of PR24 reg 39(4) in its order, then whose word the rating is; names are ours.
_FIELDS: tuple[tuple[str, str], ...] = (
    ("procurement_title", "contract_title"),
    ("procurement_id", "ocid"),
    ("contract_id", "contract_id"),
    ("kpi", "measure_title"),
    ("statement", ""),
    ("supplier_name", "payee"),
    ("supplier_id", "supplier_ppon"),
    ("rating", "confirmed_rating"),
    ("period_start", "observed_from_on"),
    ("period_end", "observed_to_on"),
    ("contract_ref", "contract_ref"),
    ("measure_code", "measure_code"),
    ("confirmed_by", "confirmed_by"),
    ("confirmed_on", "confirmed_on"),
)
_AUTHORITY = (
    ("authority_name", "Authority name", "Name of the contracting authority."),
    ("authority_address", "Authority address", "Postal address of the contracting authority."),
    ("authority_email", "Authority email", "Email address of the contracting authority."),
    ("authority_id", "Authority identifier", "Identifier of the contracting authority on the platform."),
)


def kpi_assessments(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Confirmed assessments: one row a contract and indicator, fields in the order of PR24 reg 39(4)."""
    title = f"Assessments of key performance indicators, {edition.period_text}"
    columns = (*(Column(name, head, "text", about) for name, head, about in _AUTHORITY), *_columns())
    authority = edition.authority
    who = (authority.name, authority.address, authority.email, authority.ids[0])
    rows = tuple((*who, *_cells(row)) for row in records(frame, keys.OUT_ASSESSMENT))
    table = Table("kpi_assessments", title, columns, rows)
    intro = (
        source_line(edition),
        "Each row is one key performance indicator of one contract, rated for the period shown [note 1].",
        f"A supplier that may be a person reads {REDACTED}; addresses are not held [note 2].",
    )
    notes = (
        (
            "Only ratings that an officer has confirmed are published, in the words of section 71 of the "
            "Procurement Act 2023; what the program proposes is not, nor the rating of a count of people "
            "that is left out as too small. A rating speaks about what was "
            "verified by the end of the period. The notice on the platform has three indicators a contract."
        ),
        (
            "Regulation 39(4) asks for postal address and email of the supplier too. This program does not "
            "take them in; the notice on the platform has them from the supplier's registration."
        ),
    )
    book = data_book(title, "Assessments", intro, table, notes, edition)
    about = "One row is one key performance indicator of one contract, rated for one period."
    return Dataset(NAME, table, False, book, about, key=("contract_ref", "measure_code", "period_start"))


def _columns() -> tuple[Column, ...]:
    statement = Column("statement", "Statement", "text", "That the row is an assessment by section 71(2).")
    return tuple(field_column(name, field) if field else statement for name, field in _FIELDS)


def _cells(row: Row) -> tuple[Value, ...]:
    return tuple(row[field] if field else STATEMENT for _, field in _FIELDS)
