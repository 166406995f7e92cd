"""The further datasets of the Transparency Code: card transactions, invitations to tender, grants.

Does not belong here: which rows they hold and who may be named (`kcc_etl.domain`), file formats.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import parse_period, period_with
from kcc_etl.domain.redaction import REDACTED
from reports import lga
from reports.blanks import blank_note, with_reasons
from reports.documents import Dataset, Table
from reports.edition import Edition, field_column, records
from reports.transparency import data_book, source_line

# Columns of the Code in the order of transparency-law.md section 6; the day of payment stands after them.
_GRANT: tuple[tuple[str, str], ...] = (
    ("award_date", "awarded_on"),
    ("period", "grant_period"),
    ("department", "department"),
    ("beneficiary", "payee"),
    ("registration_no", "registration_number"),
    ("purpose", "purpose"),
    ("amount", "amount_ex_vat_pence"),
    ("payment_date", "paid_on"),
)
_NOT_IN_LEDGER = "the ledger does not say it, and no line names an agreement of the register"
_GRANT_BLANKS: Mapping[str, str] = {"award_date": _NOT_IN_LEDGER, "period": _NOT_IN_LEDGER}
_TENDER_BLANKS: Mapping[str, str] = {
    "ReviewDate": "a notice gives none, and no procurement stands in the register yet",
    "OrganisationalUnit": "a notice gives none, and no procurement stands in the register yet",
}
_LINE_ORDER = ["paid_on", "department", "source_file", "source_sheet", "source_row"]
_NAMED = (
    f"A payee is named when an identifier shows that it is an organisation, or an officer has cleared it; "
    f"otherwise the name reads {REDACTED}."
)


def procurement_card(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Procurement card transactions of any value: one row each, LGA headings. Transparency Code 2015."""
    title = f"Procurement card transactions, {edition.period_text}"
    rows = records(frame.sort_values(_LINE_ORDER, kind="stable"), keys.OUT_CARD)
    table = lga.lga_table("procurement_card", title, lga.SPEND, rows, edition)
    intro = (
        source_line(edition),
        "Each row is one transaction on a Government Procurement Card, of any value [note 1].",
        f"Amounts are in pounds without VAT. A payee that may be a person reads {REDACTED} [note 2].",
        "Headings and order follow the Local Government Association; some columns are not filled [note 3].",
    )
    excluded = (
        "Corporate credit cards that are no Government Procurement Card are not listed.",
        "Transactions over £500 stand in the file on spend over £500 as well.",
    )
    notes = (" ".join(excluded), _NAMED, blank_note(table))
    book = data_book(title, "Transactions", intro, table, notes, edition)
    about = "One row is one transaction on a Government Procurement Card."
    return Dataset("procurement-card", table, True, book, about, excluded)


def invitations_to_tender(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Invitations to tender over £5,000: one row a procurement, LGA headings. Transparency Code 2015."""
    title = f"Invitations to tender, {edition.period_text}"
    rows = records(frame.sort_values(["contract_ref", "ocid"], kind="stable"), keys.OUT_TENDER)
    table = lga.lga_table("invitations_to_tender", title, lga.TENDERS, rows, edition, _TENDER_BLANKS)
    intro = (
        source_line(edition),
        "Each row is one invitation to tender for a contract of more than £5,000 [note 1].",
        "Headings follow the Local Government Association; some columns are not filled [note 2].",
    )
    excluded = (
        "Invitations to quote are not listed; the Code recommends and does not require them.",
        "Tenders of schools are not listed.",
    )
    notes = (
        (
            "An invitation counts in the period in which its first tender notice was published; one that "
            "no notice tells of, in the period in which the register says its procurement began. The value "
            "is tested without VAT, with it where no other is given. An invitation without a value is "
            f"listed: it may be for a framework. {' '.join(excluded)}"
        ),
        blank_note(table),
    )
    book = data_book(title, "Invitations", intro, table, notes, edition)
    about = "One row is one invitation to tender."
    return Dataset("invitations-to-tender", table, True, book, about, excluded)


def vcse_grants(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Grants to voluntary bodies of the financial year so far: one row a payment. Transparency Code 2015."""
    title = f"Grants to voluntary bodies, {edition.period_text}"
    rows = records(frame.sort_values(_LINE_ORDER, kind="stable"), keys.OUT_GRANT)
    columns = tuple(field_column(name, field) for name, field in _GRANT)
    cells = tuple(tuple(row[field] for _, field in _GRANT) for row in rows)
    table = with_reasons(Table("vcse_grants", title, columns, cells), _GRANT_BLANKS)
    intro = (
        source_line(edition),
        "Each row is one payment of a grant to a voluntary, community or social enterprise [note 1].",
        f"Amounts are in pounds. Where a beneficiary may be a person, the name reads {REDACTED} [note 2].",
        "What the ledger does not tell of a grant is not filled [note 3].",
    )
    excluded = ("Contracts with voluntary bodies are not grants; they stand in the contracts register.",)
    notes = (
        (
            "Grants of any value, from 1 April to the last day of the period; what was paid back has a "
            "minus. A grant that is paid in parts has several rows. The file of the last quarter holds the "
            "whole year."
        ),
        _NAMED,
        (
            "award_date and period are those of the agreement in the register, where the ledger names one; "
            f"payment_date is the ledger's. {blank_note(table)}"
        ),
    )
    book = data_book(title, "Grants", intro, table, notes, edition)
    about = "One row is one payment of a grant."
    span = parse_period(edition.period)
    days = period_with(span.end, "year").start, span.end
    return Dataset("vcse-grants", table, True, book, about, excluded, days=days)
