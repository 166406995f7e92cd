"""CSV files that no spreadsheet can mistake."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from reports.assessments import kpi_assessments
from reports.code_sets import invitations_to_tender, procurement_card, vcse_grants
from reports.datasets import PUBLISHED
from reports.delimited import is_formula_like, render_csv, safe_text
from reports.documents import Column, Dataset, Table
from reports.shares import spend_shares
from reports.transparency import (
    contracts_register,
    payments_over_30k,
    social_value_districts,
    social_value_performance,
    spend_over_500,
)
from tests.unit import report_frames as given

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
FEW = ("=1+1", "Marshland Services Ltd", 'O\'Brien & Sons, "Ash" Ltd')
EDITION = given.edition()
DATASETS = {
    "procurement-card": lambda: procurement_card(given.card(FEW), EDITION),
    "invitations-to-tender": lambda: invitations_to_tender(given.tenders(FEW), EDITION),
    "vcse-grants": lambda: vcse_grants(given.grants(FEW), EDITION),
    "kpi-assessments": lambda: kpi_assessments(given.assessments(), EDITION),
    "spend-shares": lambda: spend_shares(given.shares(), EDITION),
    "payments-over-30k": lambda: payments_over_30k(given.over_30k(FEW), EDITION),
    "contracts-register": lambda: contracts_register(given.register(FEW), EDITION),
    "spend-over-500": lambda: spend_over_500(given.spend(FEW), EDITION),
    "social-value-districts": lambda: social_value_districts(given.area(), EDITION),
    "social-value-performance": lambda: social_value_performance(
        given.as_published(given.performance(3)), EDITION
    ),
}


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


@pytest.mark.parametrize("name", DATASETS)
def test_each_dataset_is_the_golden_file(name):
    # To accept a change on purpose: write render_csv(...) to the file and read the difference.
    assert render_csv(DATASETS[name]()) == (GOLDEN / f"{name}.csv").read_bytes()


def test_a_file_is_rfc_4180_in_utf_8_without_a_byte_order_mark():
    content = render_csv(payments_over_30k(given.over_30k(), EDITION))
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert {len(row) for row in rows_of(content)} == {14}
    assert "社会" in content.decode("utf-8")


@pytest.mark.parametrize("payload", given.PAYLOADS[:17])
def test_no_payload_is_left_for_a_spreadsheet_to_run(payload):
    cell = safe_text(payload)
    assert cell.startswith("'")
    assert not is_formula_like(cell)


@pytest.mark.parametrize(
    "text", ["Ash Ltd", "'Quoted' Ltd", "3M (UK) PLC", "A=B Ltd", "", " ", "Jones-Smith"]
)
def test_ordinary_text_stays_as_it_is(text):
    assert safe_text(text) == text


@for_all(st.text())
def test_no_text_becomes_a_formula_whatever_it_is(text):
    cell = safe_text(text)
    assert not re.match(r"[\s\u200b\ufeff]*[=+\-@|＝＋－＠]", cell) or cell.strip() == ""
    written = render_csv(Dataset("t", Table("t", "T", (Column("a", "A", "text", ""),), ((text,), ("end",)))))
    assert rows_of(written)[-1] == ["end"]


def test_numbers_dates_and_booleans_are_written_as_each_standard_wants():
    columns = (
        Column("paid", "Paid", "pence", ""),
        Column("on", "On", "date", ""),
        Column("yes", "Yes", "boolean", ""),
        Column("share", "Share", "quantity", ""),
        Column("n", "N", "integer", ""),
    )
    row = (-123_450, date(2026, 7, 1), True, Fraction(1, 8) * 100 + Fraction(5, 1000), -3)
    table = Table("t", "T", columns, (row, (None,) * 5, (7, date(926, 1, 2), False, Fraction(-5, 1000), 0)))
    assert render_csv(Dataset("t", table)).decode().split("\r\n")[1:-1] == [
        "-1234.50,2026-07-01,True,12.51,-3",
        ",,,,",
        "0.07,0926-01-02,False,-0.01,0",
    ]
    assert (
        render_csv(Dataset("t", table, uk_dates=True)).decode().split("\r\n")[1]
        == "-1234.50,01/07/2026,True,12.51,-3"
    )


def test_the_lga_headings_stand_in_the_order_of_the_schema():
    # Source: esd-org-uk/schemas, Contracts.json and Spend.json
    contracts = rows_of(render_csv(contracts_register(given.register(), EDITION)))
    assert contracts[0][:7] == [
        "OrganisationLabel", "OrganisationURI", "ContractReference", "OpenContractingID", "ContractTitle",
        "ContractType", "OrganisationalUnit",
    ]  # fmt: skip
    assert len(contracts[0]) == 38
    assert contracts[0][-2:] == ["AreaServedLabel", "AreaServedURI"]
    spend = rows_of(render_csv(spend_over_500(given.spend(), EDITION)))
    assert (len(spend[0]), spend[0][5], spend[0][12], spend[0][-1]) == (
        22,
        "BeneficiaryName",
        "Amount",
        "ContractRef",
    )


def test_the_lga_code_lists_hold_and_no_contact_is_ever_named():
    header, *rows = rows_of(render_csv(contracts_register(given.register(), EDITION)))
    column = {name: {row[place] for row in rows} for place, name in enumerate(header)}
    assert column["ContractType"] == {"Single award contract", "Framework agreement", "Other"}
    assert column["ProcessType"] == {"Invitation to quote", "Published invitation to tender", ""}
    assert column["SMESupplier"] == {"True", ""}  # large by the Act may be small by the Code
    assert column["VCSESupplier"] == {"True", "False", ""}
    assert column["VCSESupplierType"] == column["ContactName"] == column["ContactEmail"] == {""}
    assert column["StartDate"] == {"01/04/2026"}


def test_a_redacted_payee_has_no_number_that_names_it():
    header, *rows = rows_of(render_csv(contracts_register(given.register(), EDITION)))
    redacted = [dict(zip(header, row, strict=True)) for row in rows if "REDACTED PERSONAL DATA" in row]
    assert len(redacted) == 1
    assert redacted[0]["CompaniesHouseRegistrationNumber"] == ""


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda one: one.name)
def test_a_period_with_no_rows_gives_the_headings_alone(published):
    dataset = published.make(given.empty_frames()[published.table], EDITION)

    assert dataset.name == published.name
    assert len(rows_of(render_csv(dataset))) == 1


def test_payments_and_spend_are_published_by_day_whatever_the_order_of_storage():
    for dataset, frame, day in (
        (payments_over_30k, given.over_30k(), "payment_date"),
        (spend_over_500, given.spend(), "PaymentDate"),
    ):
        days = [date(2026, 9, 30 - n % 3) for n in range(len(frame))]
        frame = frame.assign(paid_on=pd.to_datetime(days))
        heading, *rows = rows_of(render_csv(dataset(frame, EDITION)))
        place = next(n for n, name in enumerate(heading) if name.casefold() == day.casefold())

        assert [row[place] for row in rows] == sorted(row[place] for row in rows)
        assert len({row[place] for row in rows}) == 3
        assert [heading, *rows] == rows_of(render_csv(dataset(frame.iloc[::-1], EDITION)))


def test_payments_of_one_day_are_published_by_reference():
    frame = given.over_30k(FEW).assign(payment_ref=["P-3", "P-1", "P-2"], paid_on=pd.Timestamp("2026-09-01"))
    rows = payments_over_30k(frame, EDITION).table.rows

    assert [row[8] for row in rows] == [frame["ocid"].iloc[n] for n in (1, 2, 0)]
