"""The payments compliance notice and its evidence as datasets of a pack.

Does not belong here: the figures (`kcc_etl.domain`), file formats.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import parse_period, period_with
from reports.documents import Dataset, Sheet, Table, Workbook
from reports.edition import LICENCE, Edition, field_column, records
from reports.transparency import source_line

_NOTICE: tuple[tuple[str, str], ...] = (
    ("paragraph", "regulation_ref"),
    ("field", "form_field"),
    ("says", "form_title"),
    ("value", "form_value"),
    ("part", "part_count"),
    ("whole", "whole_count"),
    ("why_blank", "blank_reason"),
)
_INVOICES: tuple[tuple[str, str], ...] = (
    ("invoice", "invoice_place"),
    ("contract_ref", "contract_ref"),
    ("received_on", "invoice_received_on"),
    ("due_on", "due_on"),
    ("payable_on", "payable_on"),
    ("last_lawful_day", "last_lawful_on"),
    ("disputed", "is_disputed"),
    ("paid_on", "paid_on"),
    ("amount_inc_vat", "amount_inc_vat_pence"),
    ("days_to_pay", "days_to_pay"),
    ("band", "day_band"),
    ("in_average_and_bands", "is_in_days"),
    ("by_section_68", "s68_standing"),
    ("became_payable", "is_payable"),
    ("not_paid_in_period", "is_unpaid"),
    ("why_left_out", "left_out_reason"),
)
_TITLE = "Payments compliance notice"


def payments_compliance(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """The notice (UK17), one row a field, in the order of the form. PA23 s.69, PR24 reg 38(2)."""
    title = f"{_TITLE}, {_half(frame, edition)}"
    ordered = frame.sort_values("form_place", kind="stable")
    table = _table("payments_compliance", title, _NOTICE, ordered, keys.OUT_COMPLIANCE)
    status = dict(zip(frame["form_field"], frame["form_value"], strict=True)).get("status", "not required")
    intro = (
        f"Status: {status}. Source: {edition.authority.name}. Notes are on the Notes sheet.",
        (
            "Each row is one field of the notice, in the order of regulation 38(2); rows without a paragraph "
            "are other information and no part of the notice [note 1]."
        ),
        "Averages and percentages are rounded half up, once; part and whole are exact [note 2].",
        "A field that is blank says why. What is not known is never shown as 0 [note 3].",
    )
    notes = (
        (
            "The notice is about public contracts awarded under the Procurement Act 2023. Left out are "
            "contracts below the threshold, older contracts, contracts under other rules, concessions and "
            "school contracts. Light touch contracts are in."
        ),
        (
            "Days count from the day after the invoice was received: paid on the 30th such day it is in the "
            "first band. By section 68(2) the 30 days begin with the day of receipt or, if later, the due "
            "date: then the same invoice may be late. Rounded, the three bands may not add up to 100."
        ),
        (
            "An invoice that was disputed by its last lawful day is not counted by section 68(2). Payments "
            "of parts of one invoice count each in the average and the bands; the invoice counts once, when "
            "all of it is paid. What was not paid is known only from ledgers that list it."
        ),
    )
    book = _book(title, _half(frame, edition), Sheet("Notice", title, intro, table), notes, edition)
    about = "How fast invoices were paid in the half-year, as section 69 asks to be told."
    return Dataset("payments-compliance", table, workbook=book, about=about, days=_days(edition))


def payments_compliance_invoices(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """The evidence behind the notice: one row a payment of an invoice; no payee, no invoice number."""
    title = f"Invoices behind the payments compliance notice, {_half(frame, edition)}"
    ordered = frame.sort_values(["invoice_place", "paid_on"], kind="stable")
    table = _table("payments_compliance_invoices", title, _INVOICES, ordered, keys.OUT_COMPLIANCE_INVOICE)
    intro = (
        source_line(edition),
        "Each row is one payment of an invoice, or what is not paid of it [note 1].",
        "The last column says why a row is left out of the notice; it is empty where none is [note 2].",
    )
    notes = (
        "Amounts are in pounds with VAT. Payees and the numbers of invoices are not shown.",
        (
            "What is left out counts in none of the notice's averages and percentages. Of every other row "
            "the columns before say in which it counts."
        ),
    )
    about = "Each payment of an invoice behind the payments compliance notice, without payee or number."
    book = _book(title, _half(frame, edition), Sheet("Invoices", title, intro, table), notes, edition)
    return Dataset("payments-compliance-invoices", table, workbook=book, about=about, days=_days(edition))


def _book(title: str, half: str, sheet: Sheet, notes: tuple[str, ...], edition: Edition) -> Workbook:
    cover = (
        ("Publisher", edition.publisher),
        ("Period", half),
        ("Basis", edition.basis),
        ("Licence", LICENCE),
    )
    return Workbook(title, edition.authority.name, cover, (sheet,), notes)


def _table(
    name: str, title: str, layout: tuple[tuple[str, str], ...], frame: pd.DataFrame, source: str
) -> Table:
    columns = tuple(field_column(column, field) for column, field in layout)
    rows = tuple(tuple(row[field] for _, field in layout) for row in records(frame, source))
    return Table(name, title, columns, rows)


def _half(frame: pd.DataFrame, edition: Edition) -> str:
    """The half-year reported on; the period of the pack where nothing is."""
    halves = frame["reporting_half"].dropna().unique()
    return str(halves[0]).replace("-H", " H") if len(halves) else edition.period_name


def _days(edition: Edition) -> tuple[date, date]:
    """The half-year that the pack's period ends."""
    half = period_with(parse_period(edition.period).end, "half")
    return half.start, half.end
