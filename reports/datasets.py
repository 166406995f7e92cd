"""The datasets of a pack, one line each: the table of figures behind it, how it is made, its money column.

Does not belong here: what a dataset holds (`transparency`, `lga`), the files (`pack`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.payments_compliance import ends_a_half
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.schema.tables import TABLES
from reports.assessments import kpi_assessments
from reports.changes import Layout
from reports.code_sets import invitations_to_tender, procurement_card, vcse_grants
from reports.compliance import payments_compliance, payments_compliance_invoices
from reports.documents import Column, Dataset
from reports.edition import Edition
from reports.redactions import redactions
from reports.shares import spend_shares
from reports.transparency import (
    contracts_register,
    payments_over_30k,
    social_value_districts,
    social_value_performance,
    spend_over_500,
)


def every_period(period: Period) -> bool:
    """A dataset of every pack."""
    return True


def quarters_alone(period: Period) -> bool:
    """A dataset that the law asks for by the quarter: a half or a year of it is nobody's duty."""
    return period.kind == "quarter"


def ends_of_halves(period: Period) -> bool:
    """A dataset of a half-year, in the pack of the half and of the quarter that ends it."""
    return ends_a_half(period) and period.kind != "year"


@dataclass(frozen=True)
class Published:
    """One dataset of the packs of those periods that it `applies` to.

    `table` is the dictionary table it holds, row by row; `money_column` the published column whose sum is
    held against the pence of that table, empty where it has no money. For `changes.csv`, `row_key` names the
    published columns that say which row one is, and `quoted` the columns of text whose former words may be
    shown again: references and words of a list, never names and free text. `unquoted_rows` and `not_compared`
    are as in `changes.Layout`.
    """

    name: str
    table: str
    make: Callable[[pd.DataFrame, Edition], Dataset]
    money_column: str = ""
    applies: Callable[[Period], bool] = every_period
    row_key: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    unquoted_rows: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()

    def layout(self, columns: Sequence[Column] = ()) -> Layout:
        """How `changes.csv` tells its rows apart and what it may quote; figures as the columns say."""
        figures = frozenset(one.name for one in columns if one.kind != "text")
        money = frozenset(one.name for one in columns if one.kind == "pence")
        about_people, numbers = frozenset(self.unquoted_rows), frozenset(self.not_compared)
        return Layout(self.row_key, frozenset(self.quoted), figures, money, about_people, numbers)


PUBLISHED: tuple[Published, ...] = (
    Published(
        "payments-over-30k",
        keys.OUT_OVER_30K,
        payments_over_30k,
        "value_net_vat",
        applies=quarters_alone,
        row_key=("contract_id", "payment_date"),
        quoted=("procurement_id",),
    ),
    Published(
        "contracts-register",
        keys.OUT_REGISTER,
        contracts_register,
        "ContractValue",
        row_key=("ContractReference",),
        quoted=(
            "OpenContractingID",
            "ContractType",
            "OrganisationalUnit",
            "ProcurementCategory",
            "CPVCode",
            "ProcessType",
            "AreaServedLabel",
            "AreaServedURI",
        ),
    ),
    Published(
        "spend-over-500",
        keys.OUT_SPEND,
        spend_over_500,
        "Amount",
        row_key=("PaymentDate", "OrganisationalUnit", "ContractRef"),
        quoted=("CardTransaction",),
    ),
    Published(
        "payments-compliance",
        keys.OUT_COMPLIANCE,
        payments_compliance,
        applies=ends_of_halves,
        row_key=("field",),
        quoted=("paragraph", "says", "value", "why_blank"),
        unquoted_rows=("approver_name", "approver_job_title"),
    ),
    Published(
        "payments-compliance-invoices",
        keys.OUT_COMPLIANCE_INVOICE,
        payments_compliance_invoices,
        "amount_inc_vat",
        applies=ends_of_halves,
        row_key=("contract_ref", "received_on", "paid_on"),
        quoted=("band", "by_section_68", "why_left_out"),
        not_compared=("invoice",),
    ),
    Published(
        "kpi-assessments",
        keys.OUT_ASSESSMENT,
        kpi_assessments,
        applies=quarters_alone,
        row_key=("contract_ref", "kpi_id"),
        quoted=("procurement_id", "contract_id", "kpi", "kpi_target", "rating"),
    ),
    Published(
        "procurement-card",
        keys.OUT_CARD,
        procurement_card,
        "Amount",
        row_key=("PaymentDate", "OrganisationalUnit", "ContractRef"),
        quoted=("CardTransaction",),
    ),
    Published(
        "invitations-to-tender",
        keys.OUT_TENDER,
        invitations_to_tender,
        row_key=("ContractReference",),
        quoted=("OrganisationalUnit",),
    ),
    Published(
        "vcse-grants",
        keys.OUT_GRANT,
        vcse_grants,
        "amount",
        row_key=("payment_date", "department"),
        quoted=("period",),
    ),
    Published(
        "spend-shares",
        keys.OUT_SHARE,
        spend_shares,
        row_key=("share_category",),
        quoted=("share_definition",),
    ),
    Published(
        "social-value-performance",
        keys.OUT_DISCLOSED,
        social_value_performance,
        row_key=("contract_ref", "measure_code"),
        quoted=(
            "period",
            "department",
            "band",
            "measure_title",
            "unit",
            "return_status",
            "status",
            "not_shown",
        ),
    ),
    Published(
        "social-value-districts",
        keys.OUT_AREA,
        social_value_districts,
        row_key=("period", "measure_code", "district"),
        quoted=("measure_title", "unit", "district_name", "not_shown"),
    ),
    Published(
        "redactions",
        keys.OUT_REDACTION,
        redactions,
        row_key=("dataset", "column", "redaction_code"),
        quoted=("redaction_text", "redaction_reason"),
    ),
)
FIGURES: tuple[str, ...] = tuple(published.table for published in PUBLISHED)
"""The tables of figures that stand in a pack."""


def pack_datasets(frames: Mapping[str, pd.DataFrame], edition: Edition) -> tuple[Dataset, ...]:
    """The datasets of a pack; `frames` holds the tables of figures by name."""
    period = parse_period(edition.period)
    return tuple(
        published.make(frames[published.table], edition)
        for published in PUBLISHED
        if published.applies(period)
    )


def layouts(datasets: Sequence[Dataset]) -> dict[str, Layout]:
    """How `changes.csv` tells the rows of each dataset apart, and what it may quote."""
    by_name = {published.name: published for published in PUBLISHED}
    return {one.name: by_name[one.name].layout(one.table.columns) for one in datasets}


def dataset_totals(datasets: Sequence[Dataset], frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Rows, and pence of the money column, of each dataset, counted on the frame and not on the document."""
    by_name = {published.name: published for published in PUBLISHED}
    totals = {}
    for dataset in datasets:
        published = by_name[dataset.name]
        frame, money = frames[published.table], TABLES[published.table].money
        column, names = published.money_column or None, [c.name for c in dataset.table.columns]
        totals[dataset.name] = {
            "rows": len(frame),
            "pence": int(frame[money].sum()) if money else None,
            "money_column": column,
            "money_place": names.index(column) + 1 if column else None,
        }
    return totals
