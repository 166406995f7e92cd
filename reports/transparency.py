"""The statutory datasets and the performance dataset, from the figures of a period.

Does not belong here: which rows are published and who may be named (`kcc_etl.domain`), file formats.
"""

from __future__ import annotations

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.places import PLACES
from kcc_etl.domain.redaction import REDACTED
from kcc_etl.schema.tables import TABLES
from reports import lga
from reports.blanks import blank_note, with_reasons
from reports.documents import Column, Dataset, Sheet, Table, Value, Workbook
from reports.edition import ASSUMED, LICENCE, Edition, field_column, records
from reports.return_told import in_words

# Columns of PR24 reg 38A(2) in the order of the regulation; names are ours until the platform gives its own.
_OVER_30K: tuple[tuple[str, str], ...] = (
    ("payer_name", "payer_name"),
    ("payer_address", "payer_address"),
    ("payer_email", "payer_email"),
    ("payer_id", "payer_id"),
    ("publisher_name", "publisher_name"),
    ("publisher_address", "publisher_address"),
    ("publisher_email", "publisher_email"),
    ("publisher_id", "publisher_id"),
    ("procurement_id", "ocid"),
    ("contract_id", "contract_id"),
    ("supplier_name", "supplier_name"),
    ("supplier_id", "supplier_id"),
    ("value_net_vat", "amount_ex_vat_pence"),
    ("payment_date", "paid_on"),
)
_OVER_30K_LAW = {
    **dict.fromkeys(("procurement_id", "contract_id", "supplier_name", "supplier_id"), "PR24 reg 38A(2)"),
    "value_net_vat": "PR24 reg 38A(2)(e)",
    "payment_date": "PR24 reg 38A(2)",
}
"""Where the dictionary cites what else asks for a field: the law that asks for it here."""


# Published order: by day, then what tells two lines of a day apart. The tables are stored in order of place.
_PAYMENT_ORDER = ["paid_on", "payment_ref", "source_file", "source_sheet", "source_row"]
_SPEND_ORDER = ["paid_on", "department", "source_file", "source_sheet", "source_row"]


_SAME_AUTHORITY = (
    "the authority that pays publishes its contract details notices itself, by the settings "
    "(authority.publisher)"
)
_OVER_30K_BLANK = {name: _SAME_AUTHORITY for name, _ in _OVER_30K if name.startswith("publisher_")}


NO_SPEND = (
    "Payments under contracts of schools are the schools' own and are not listed, nor are salaries, pension "
    "contributions, payments to HM Revenue and Customs and treasury dealings."
)
UNNAMED = (
    f"Where a supplier may be a person, its name reads {REDACTED}; it is named when a company, charity or "
    "platform number shows that it is an organisation."
)


def payments_over_30k(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Payments over £30,000 of a quarter: one row a payment, value net of VAT. PA23 s.70, PR24 reg 38A.

    In order of payment date and payment reference.
    """
    columns = tuple(
        field_column(name, field, source=_OVER_30K_LAW.get(name, "")) for name, field in _OVER_30K
    )
    ordered = frame.sort_values(_PAYMENT_ORDER, kind="stable")
    rows = tuple(tuple(row[field] for _, field in _OVER_30K) for row in records(ordered, keys.OUT_OVER_30K))
    title = f"Payments over £30,000, {edition.period_text}"
    table = with_reasons(Table("payments_over_30k", title, columns, rows), _OVER_30K_BLANK)
    intro = (
        source_line(edition),
        "Each row is one payment of more than £30,000 including VAT; the value shown is net of VAT [note 1].",
        "Amounts are in pounds. Some payments are not listed by law [note 2].",
        "Some columns are not filled [note 3].",
    )
    notes = (
        (
            "Section 70 of the Procurement Act 2023 tests a payment with its VAT; regulation 38A asks for "
            "the value net of VAT. A payment that stands in several ledger lines under one number is tested, "
            "and listed, as one. Payments are not added together to reach £30,000."
        ),
        (
            "Outside section 70 are contracts whose procurement began before 1 April 2026, contracts below "
            "the threshold, concessions, school contracts and frameworks. Credit notes and refunds are no "
            "payments."
        ),
        blank_note(table),
    )
    return Dataset(
        "payments-over-30k",
        table,
        workbook=data_book(title, "Payments", intro, table, notes, edition),
        about="Each payment of more than £30,000 including VAT under a public contract, net of VAT.",
        excluded=notes[1:],
    )


def contracts_register(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Contracts in place in the period over £5,000: one row a contract, LGA headings. Source: Code 2015."""
    title = f"Contracts register, {edition.period_text}"
    table = lga.lga_table(
        "contracts_register", title, lga.CONTRACTS, records(frame, keys.OUT_REGISTER), edition
    )
    intro = (
        source_line(edition),
        "Each row is one contract over £5,000 in the period. Values are in pounds without VAT [note 1].",
        "Headings and order follow the Local Government Association; some columns are not filled [note 2].",
        f"Where a supplier may be a person, the name reads {REDACTED} [note 3].",
    )
    notes = (
        (
            "ContractValue is the value over the whole life of the contract, extensions included, after the "
            "changes that officers have decided. VAT that the council cannot recover stands in "
            "IrrecoverableVAT and is not part of ContractValue."
        ),
        blank_note(table),
        "A supplier is named when a company, charity or platform number shows that it is an organisation.",
    )
    book = data_book(title, "Contracts", intro, table, notes, edition)
    return Dataset(
        "contracts-register",
        table,
        uk_dates=True,
        workbook=book,
        about="Each contract over £5,000 that was in place in the period, with its value without VAT.",
        excluded=(UNNAMED, blank_note(table)),
        key=("ContractReference",),
    )


def spend_over_500(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Expenditure over £500 of the period: one row a ledger line, LGA headings. Transparency Code 2015.

    In order of payment date and department.
    """
    title = f"Spend over £500, {edition.period_text}"
    ordered = records(frame.sort_values(_SPEND_ORDER, kind="stable"), keys.OUT_SPEND)
    table = lga.lga_table("spend_over_500", title, lga.SPEND, ordered, edition)
    intro = (
        source_line(edition),
        "Each row is one line of the ledger of more than £500 [note 1].",
        f"Amounts are in pounds. A supplier that may be a person reads {REDACTED} [note 2].",
        "Headings and order follow the Local Government Association; some columns are not filled [note 3].",
    )
    notes = (
        f"The £500 are without VAT that the council recovers. {NO_SPEND}",
        UNNAMED,
        blank_note(table),
    )
    return Dataset(
        "spend-over-500",
        table,
        uk_dates=True,
        workbook=data_book(title, "Spend", intro, table, notes, edition),
        about="Each payment line of more than £500, without VAT that the council recovers.",
        excluded=(NO_SPEND, UNNAMED, blank_note(table)),
    )


_SMALL_COUNTS = (
    "A count is left out where a figure, or its growth since it was last shown, would tell of too few people "
    "to be shown. With it as many others are left out as are needed for nobody to work it out. Not shown "
    "says what is left out; an empty cell there is not nothing."
)


def social_value_performance(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """What each contract agreed, owed by now, claimed and had verified: one row a contract and measure."""
    title = f"Social value performance, {edition.period_text}"
    names = TABLES[keys.OUT_DISCLOSED].columns
    columns = tuple(field_column(name, name) for name in names)
    rows = tuple(
        tuple(_said(name, row[name]) for name in names) for row in records(frame, keys.OUT_DISCLOSED)
    )
    table = Table("social_value_performance", title, columns, rows)
    intro = (
        source_line(edition),
        "Each row is one contract and one measure. Quantities are to date, in the measure's unit [note 1].",
        "Status compares what is verified with what is due [note 2].",
        "Small counts of people are left out [note 3].",
    )
    notes = (
        (
            "Quantities of different units must not be added together. They are exact in our records and "
            "rounded half up to two decimals here."
        ),
        (
            "Green: at least what is due has been verified. Amber: at least the floor set in the policy "
            "parameters. Red: less, or too many returns in a row missing. Grey: nothing is due yet, or no "
            "return has been asked for yet. A missing "
            "return counts as nothing verified. What is due is taken at the end of the last period for which "
            "a return was asked: every quarter, or at low risk once a year and when the contract ends."
        ),
        _SMALL_COUNTS,
    )
    book = data_book(title, "Performance", intro, table, notes, edition)
    return Dataset(
        "social-value-performance",
        table,
        workbook=book,
        about="What each contract agreed, owes by now, claimed and had verified, measure by measure.",
        excluded=("Contracts for which policy sets no target are not listed.", _SMALL_COUNTS),
        key=("period", "contract_ref", "measure_code"),
    )


def social_value_districts(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Where outcomes of each quarter were brought about: one row a measure, district and quarter."""
    title = f"Social value by district, {edition.period_text}"
    names = TABLES[keys.OUT_AREA].columns
    place = names.index("district") + 1
    district = Column("district_name", "District name", "text", "Name of the district.")
    columns = tuple(field_column(name, name) for name in names)
    rows = tuple(
        (*cells[:place], PLACES.get(str(cells[place - 1]), "Not known"), *cells[place:])
        for cells in (
            tuple(_said(name, row[name]) for name in names) for row in records(frame, keys.OUT_AREA)
        )
    )
    table = Table("social_value_districts", title, (*columns[:place], district, *columns[place:]), rows)
    intro = (
        source_line(edition),
        "Each row is one measure in one district in one quarter by itself, over all contracts [note 1].",
        "Small counts of people are left out [note 2].",
    )
    notes = (
        (
            "Suppliers report where outcomes were brought about. Quantities of different units must not be "
            "added together, nor staff in post over quarters. Percentages do not add up and are not listed."
        ),
        _SMALL_COUNTS,
    )
    return Dataset(
        "social-value-districts",
        table,
        workbook=data_book(title, "Districts", intro, table, notes, edition),
        about="Claimed, evidenced and verified by measure and district, over all contracts.",
        excluded=("Measures in percent are not listed.", _SMALL_COUNTS),
        key=("period", "measure_code", "district"),
    )


def _said(field: str, value: Value) -> Value:
    """A value as it is published: a unit that is a sign alone in words, which every reader reads out."""
    return in_words(value) if field == "unit" and isinstance(value, str) else value


def source_line(edition: Edition) -> str:
    """Where figures come from and where the rest is said, for the head of a sheet."""
    return f"Source: {edition.authority.name}. Notes are on the Notes sheet, columns on the Columns sheet."


def data_book(
    title: str, sheet: str, intro: tuple[str, ...], table: Table, notes: tuple[str, ...], edition: Edition
) -> Workbook:
    """A workbook of one sheet: cover with publisher, period, basis and licence, the table, its notes."""
    banner = () if edition.parameters_approved else (("Please note", ASSUMED),)
    waived = (("Published under a waiver", edition.waived),) if edition.waivers else ()
    cover = (
        *banner,
        ("Status", str(edition.standing)),
        *waived,
        ("Publisher", edition.publisher),
        ("Period", edition.period_text),
        ("Basis", edition.basis),
        ("Licence", LICENCE),
    )
    return Workbook(title, edition.authority.name, cover, (Sheet(sheet, title, intro, table),), notes)
