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
    ("kpi", "kpi_title"),
    ("kpi_target", "kpi_description"),
    ("statement", ""),
    ("supplier_name", "payee"),
    ("supplier_id", "supplier_id"),
    ("rating", "confirmed_rating"),
    ("period_start", "observed_from_on"),
    ("period_end", "observed_to_on"),
    ("contract_ref", "contract_ref"),
    ("kpi_id", "kpi_id"),
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
    """Confirmed assessments: one row a contract and indicator by section 52, fields in the order of PR24
    reg 39(4).
    """
    title = f"Assessments of key performance indicators, {edition.period_text}"
    columns = (*(Column(name, head, "text", about) for name, head, about in _AUTHORITY), *_columns())
    authority = edition.authority
    who = (authority.name, authority.address, authority.email, authority.ids[0])
    rows = tuple((*who, *_cells(row)) for row in records(frame, keys.OUT_ASSESSMENT))
    table = Table("kpi_assessments", title, columns, rows)
    intro = (
        source_line(edition),
        "Each row is a key performance indicator of a contract [note 1], as it was rated [note 2].",
        f"A supplier that may be a person reads {REDACTED}; addresses are not published [note 3].",
    )
    notes = (
        (
            "Key performance indicators are those of section 52 of the Procurement Act 2023, which the "
            "contract details notice sets. A measure of social value stands here only where the notice sets "
            "it, or an officer has decided that it is one of them; the column Measure names it. All others "
            "are in social-value-performance."
        ),
        (
            "Only ratings that an officer has confirmed are published, in the words of section 71 of the "
            "Procurement Act 2023; what the program proposes is not, nor the rating of a count of people "
            "that is left out as too small. An indicator without a confirmed rating is not shown. The "
            "notice on the platform has the three most material indicators of a contract."
        ),
        (
            "Regulation 39(4) asks for postal address and email of the supplier too. They are not published "
            "here, for they may be those of a person; the notice on the platform has them from the "
            "supplier's registration."
        ),
    )
    book = data_book(title, "Assessments", intro, table, notes, edition)
    about = "One row is one key performance indicator of one contract, rated for one period."
    return Dataset(NAME, table, False, book, about, key=("contract_ref", "kpi_id", "period_start"))


def _columns() -> tuple[Column, ...]:
    statement = Column("statement", "Statement", "text", "That the row is an assessment by section 71(2).")
    return tuple(field_column(name, field) if field else statement for name, field in _FIELDS)


def _cells(row: Row) -> tuple[Value, ...]:
    return tuple(row[field] if field else STATEMENT for _, field in _FIELDS)
