"""Shares of spend: the dataset with its published method, and the section of the committee report.

Does not belong here: the arithmetic (`kcc_etl.domain.spend_shares`), who counts as what (`suppliers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.money import percent_display, pounds_whole
from kcc_etl.domain.spend_shares import CATEGORIES
from kcc_etl.schema.tables import TABLES
from reports.documents import Block, Column, Dataset, Heading, PaperTable, Paragraph, Table, Value
from reports.edition import Edition, field_column, records
from reports.transparency import data_book, source_line

METHOD = (
    (
        "Counted is direct spend: every payment of the period in the ledgers that the council took in, of "
        "any value and by card or invoice, without the VAT that the council recovers, less credits. Not "
        "counted are grants, payments to people or about a person, salaries, pension contributions, "
        "payments to HM Revenue and Customs, treasury dealings and payments under contracts of schools. "
        "What contractors pay their own suppliers is not direct spend."
    ),
    (
        "A supplier is of a category when registers and notices say so and none contradicts. A firm that is "
        "large by the Act may have fewer than 250 employees, so by the Code it stays unknown. Payees that no "
        "register and no notice knows stay unknown; nothing is guessed from a name."
    ),
    (
        "The share lies between two bounds: at least, were none of the suppliers of unknown status of the "
        "category; at most, were all of them. The two are the same where nothing is unknown. Every share "
        "is of the same spend; a supplier can be in several categories, so they must not be added "
        "together. There is no share where credits outweigh payments."
    ),
)
_HIDDEN = ("period",)
_AS_PERCENT = ("share_at_least", "share_at_most")


def spend_shares(frame: pd.DataFrame, edition: Edition) -> Dataset:
    """Shares of direct spend: one row a category and definition. Source: the council's method, `METHOD`."""
    title = f"Shares of spend, {edition.period_text}"
    names = [name for name in TABLES[keys.OUT_SHARE].columns if name not in _HIDDEN]
    rows = tuple(tuple(_cell(name, row) for name in names) for row in _in_order(frame))
    table = Table("spend_shares", title, tuple(_column(name) for name in names), rows)
    intro = (
        source_line(edition),
        "Each row is one category of suppliers by one definition. Amounts are in pounds [note 1].",
        "What is not known of a supplier stays unknown [note 2]; the share lies between two bounds [note 3].",
    )
    book = data_book(title, "Shares", intro, table, METHOD, edition)
    about = "One row is one category of suppliers by one definition."
    return Dataset("spend-shares", table, False, book, about, key=("share_category",))


def shares_section(frame: pd.DataFrame) -> list[Block]:
    """What went to small firms, voluntary bodies and Kent, for the committee; nothing without figures."""
    rows = _in_order(frame)
    if not rows:
        return []
    words = Paragraph(
        f"Direct spend of the period was {pounds_whole(_pence(rows[0], 'spend_pence'))}. The council has "
        "set no targets for these shares. Where registers and notices do not say what a supplier is, the "
        "share is known only to lie between two bounds; spend-shares.xlsx has the method."
    )
    table = PaperTable(
        caption="Direct spend by category of supplier",
        headings=("Category", "Spend with them", "Not known", "Share", "Suppliers"),
        rows=tuple(
            (
                str(row["share_category"]),
                pounds_whole(_pence(row, "spend_with_pence")),
                pounds_whole(_pence(row, "spend_unknown_pence")),
                _between(row["share_at_least"], row["share_at_most"]),
                f"{row['suppliers_count']:,}",
            )
            for row in rows
        ),
        numeric=(1, 2, 3, 4),
        widths_cm=(4.0, 3.4, 3.4, 3.6, 2.2),
        whole=True,
    )
    return [Heading("Spend with small firms, voluntary bodies and Kent"), words, table]


def _in_order(frame: pd.DataFrame) -> list[dict[str, Value]]:
    """The rows in the order of the categories; the table is stored in order of name."""
    names = [one.name for one in CATEGORIES]
    return sorted(records(frame, keys.OUT_SHARE), key=lambda row: names.index(str(row["share_category"])))


def _column(name: str) -> Column:
    column = field_column(name.removesuffix("_pence"), name)
    if name not in _AS_PERCENT:
        return column
    about = column.description.replace("Share of", "Per cent of", 1)
    return Column(f"{name}_percent", f"{column.title} (%)", column.kind, about)


def _cell(name: str, row: Mapping[str, Value]) -> Value:
    value = row[name]
    return value * 100 if name in _AS_PERCENT and isinstance(value, Fraction) else value


def _pence(row: Mapping[str, Value], name: str) -> int:
    value = row[name]
    return value if isinstance(value, int) else 0


def _between(least: Value, most: Value) -> str:
    if not isinstance(least, Fraction) or not isinstance(most, Fraction):
        return "none"
    if least == most:
        return percent_display(least, 1)
    return f"{percent_display(least, 1)} to {percent_display(most, 1)}"
