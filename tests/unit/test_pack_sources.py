"""`sources.csv`: which landed file feeds which dataset, what became of its rows, and no name of a person."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.schema.frames import empty, from_rows
from reports.code_sets import procurement_card
from reports.datasets import PUBLISHED
from reports.delimited import render_csv
from reports.manifest import ParameterStamp
from reports.sources import Books, kinds_behind, pack_inputs, published_name, sources_dataset, with_sources
from tests.unit import report_frames as given

STAMP = ParameterStamp("a1b2c3", "assumption", is_approved=False)


def receipt(sha: str, source: str, file: str, kind: str, rows: int, **more: object) -> dict[str, object]:
    place = {"source_sha256": sha * 32, "source_name": source, "source_file": file, "kind": kind}
    return {**place, "reader_version": "1", "fate": "accepted", "rows_arrived": rows, **more}


RECEIPTS = [
    receipt("ab", "ledger", "l.csv", "payments", 10),
    receipt("cd", "contracts", "r.csv", "register", 3),
    receipt("ef", "returns", "Q2/C-1.xlsx", "returns", 2, contract_ref="C-1", period="2026-27-Q2"),
    receipt("01", "ledger", "bad.csv", "payments", 0, fate="quarantined"),
]
SET_ASIDE = [
    {"source_sha256": "ab" * 32, "source_name": "ledger", "source_file": "l.csv", "source_row": n,
     "kind": "payments", "stage": "core", "fate": fate, "rule_id": rule}
    for n, (fate, rule) in enumerate([("quarantined", "SP-003"), ("quarantined", "SP-003"), ("excluded", "IN-010")])
]  # fmt: skip
LEDGER = [
    {"source_sha256": sha * 32, "sequence": n, "source_name": source, "source_file": file, "landed_on": day}
    for n, (sha, source, file, day) in enumerate(
        [("ab", "ledger", "l.csv", "2026-10-02"), ("cd", "contracts", "r.csv", "2026-10-01"),
         ("ab", "ledger", "l.csv", "2026-10-09"), ("ef", "returns", "Q2/C-1.xlsx", "2026-10-03")]
    )
]  # fmt: skip


def books(receipts: list[dict[str, object]]) -> Books:
    ledger = [{**row, "landed_on": pd.Timestamp(str(row["landed_on"]))} for row in LEDGER]
    return Books(
        from_rows(receipts, "receipt"), from_rows(SET_ASIDE, "set_aside"), from_rows(ledger, "ledger")
    )


def lines(tables: dict[str, str], receipts: list[dict[str, object]] | None = None) -> list[dict[str, str]]:
    content = render_csv(sources_dataset(tables, books(receipts or RECEIPTS), STAMP))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def test_each_file_is_told_with_what_became_of_its_rows_and_the_rules() -> None:
    ledger = next(line for line in lines({"spend": keys.OUT_SPEND}) if line["file"] == "l.csv")
    assert ledger == {
        "dataset": "spend", "feeds": "rows", "source": "ledger", "kind": "payments", "file": "l.csv",
        "sha256": "ab" * 32, "landed_on": "2026-10-02", "rows_arrived": "10", "rows_accepted": "7",
        "rows_quarantined": "2", "rows_excluded": "1", "rules": "IN-010: 1; SP-003: 2",
    }  # fmt: skip


def test_a_file_that_was_held_back_feeds_nothing_and_the_parameters_are_there() -> None:
    found = lines({"spend": keys.OUT_SPEND})
    assert "bad.csv" not in {line["file"] for line in found}
    (parameters,) = [line for line in found if line["kind"] == "parameters"]
    assert (parameters["file"], parameters["sha256"]) == ("assumption", "a1b2c3")


def test_what_feeds_figures_and_what_only_tells_suppliers_apart() -> None:
    assert kinds_behind(keys.OUT_SPEND) == {
        "decisions": "figures", "notices": "identities", "payments": "rows", "register": "figures",
        "returns": "identities",
    }  # fmt: skip
    assert kinds_behind(keys.OUT_PERFORMANCE)["returns"] == "figures"


def test_every_dataset_rests_on_some_kind_of_file() -> None:
    assert all({"rows", "figures"} & set(kinds_behind(one.table).values()) for one in PUBLISHED)


def test_a_workbook_tells_its_sources_the_rows_it_lists_first() -> None:
    sources = sources_dataset({"procurement-card": keys.OUT_CARD}, books(RECEIPTS), STAMP)
    dataset = procurement_card(empty(keys.OUT_CARD), given.edition())
    told = with_sources(dataset, sources).workbook
    assert told
    assert told.sources
    assert told.sources.rows == (
        ("rows", "payments", "ledger", 1, 10, 7, 2, 1),
        ("figures", "register", "contracts", 1, 3, 3, 0, 0),
        ("identities", "returns", "returns", 1, 2, 2, 0, 0),
    )


def test_the_order_of_the_books_makes_no_difference() -> None:
    tables = {one.name: one.table for one in PUBLISHED}
    assert lines(tables) == lines(dict(reversed(tables.items())), list(reversed(RECEIPTS)))


@pytest.mark.parametrize(
    ("file", "contract_ref", "shown"),
    [
        ("2026-27-Q2/C-1.xlsx", "C-1", "C-1.xlsx"),
        ("c-1 2026-27-q2.xlsx", "C-1", "c-1 2026-27-q2.xlsx"),
        ("Return_C-1_2026-27-Q2.xlsx", "C-1", "Return_C-1_2026-27-Q2.xlsx"),
        ("2026-27-Q2/Jane Roe.xlsx", "C-1", "withheld"),
        ("C-1 from Jane Roe.xlsx", "C-1", "withheld"),
        ("Jane Roe/C-1.xlsx", "C-1", "C-1.xlsx"),
        ("C-1.xlsx", None, "withheld"),
        ("", "C-1", ""),
    ],
)
def test_the_name_of_a_return_says_contract_and_period_or_nothing(
    file: str, contract_ref: str | None, shown: str
) -> None:
    assert published_name("returns", file, contract_ref, "2026-27-Q2") == shown


def test_the_manifest_names_returns_no_other_way() -> None:
    named = from_rows([{**RECEIPTS[2], "source_file": "Jane Roe.xlsx"}, RECEIPTS[0]], "receipt")
    assert [(one.kind, one.file) for one in pack_inputs(named)] == [
        ("returns", "withheld"), ("payments", "l.csv"),
    ]  # fmt: skip
