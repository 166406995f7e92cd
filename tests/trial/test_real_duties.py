"""Duties that the real notices of Kent and Medway give, without a register, payments or decisions.

Every contract of the two extracts was read beside its notices. What is surely right stands here by name; what
only the hour, an unread notice or a reading of the law decides has to name its doubt.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.tables import Books
from kcc_etl.domain.duties.worked_out import duty_table
from kcc_etl.domain.noticed_contracts import build_noticed_contracts
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty
from kcc_etl.schema.reads import MADE_FROM
from tests.unit.test_real_releases import EXTRACTS, built

pytestmark = pytest.mark.trial

AS_OF = date(2026, 11, 23)
COUNTY, ALL = f"{EXTRACTS}/kent-county-council.json", f"{EXTRACTS}/kent-and-medway-bodies.json"


@cache
def duties(name: str) -> pd.DataFrame:
    notices = built(name)
    given = {
        keys.CORE_NOTICE: notices.core.rows,
        keys.CORE_NOTICED: build_noticed_contracts(notices.core.rows, notices.parts),
        **notices.parts,
    }
    tables = (given[table] if table in given else empty(table) for table in MADE_FROM[keys.OUT_DUTY])
    return duty_table(Books(*tables), load_parameters().law, AS_OF)


def of(name: str, end: str, kind: str) -> list[tuple[str, str, object]]:
    """State, last day and days late of the duties of a kind, of the contract whose procurement ends so."""
    found = duties(name)
    mine = found[found["subject"].str.contains(f"{end} ", regex=False) & (found["duty_kind"] == kind)]
    plain = mine[["duty_state", "last_on", "late_by"]].astype(object)
    return [
        (state, "" if pd.isna(last) else f"{last:%Y-%m-%d}", 0 if pd.isna(late) else late)
        for state, last, late in plain.itertuples(index=False)
    ]


@pytest.mark.parametrize(
    ("name", "contracts", "states"),
    [
        (COUNTY, 6, {"done on time": 7, "to come": 1, "open": 1}),
        (ALL, 25, {"done on time": 13, "done late": 5, "to come": 4, "open": 4}),
    ],
)
def test_every_contract_of_the_notices_has_its_duties(
    name: str, contracts: int, states: dict[str, int]
) -> None:
    found = duties(name)
    of_contracts = found[found["subject"] != d.COUNCIL]
    assert of_contracts["subject"].nunique() == contracts
    counted = of_contracts["duty_state"].value_counts().to_dict()
    assert {state: counted[state] for state in states} == states
    assert of_contracts["ground"].notna().all()


@pytest.mark.parametrize(
    ("name", "end", "kind", "state", "last", "late"),
    [
        (COUNTY, "06d604", d.DETAILS_BELOW, "done on time", "2026-08-12", 0),  # works, far below £5.193m
        (COUNTY, "06d604", d.TENDER_BELOW, "not needed", "", 0),  # limited competition
        (ALL, "06e0fb", d.TENDER_BELOW, "not needed", "", 0),  # without competition
        (ALL, "06e1bf", d.TENDER_BELOW, "not needed", "", 0),
        (ALL, "066b17", d.TENDER_BELOW, "cannot be told", "", 0),  # open; its tender notice has not been read
        (COUNTY, "06e151", d.DETAILS_BELOW, "done on time", "2026-08-20", 0),  # call-offs
        (COUNTY, "06e1f5", d.DETAILS_BELOW, "done on time", "2026-08-19", 0),
        (COUNTY, "06e1fe", d.DETAILS_BELOW, "done on time", "2026-08-20", 0),
        (COUNTY, "06e28b", d.DETAILS_BELOW, "done on time", "2026-09-02", 0),
        (COUNTY, "06e28b", d.TENDER_BELOW, "not needed", "", 0),
        (COUNTY, "06e22e", d.DETAILS, "done on time", "2026-09-10", 0),  # above the threshold
        (COUNTY, "06e22e", d.TERMINATION, "to come", "2031-09-29", 0),
        (COUNTY, "06e22e", d.RECORDS, "open", "2029-08-11", 0),
        (COUNTY, "06e22e", d.SOCIAL_VALUE, "not needed", "", 0),
        (ALL, "05614d", d.DETAILS, "done late", "2026-08-09", 1),  # frameworks
        (ALL, "05614d", d.ASSESSMENT, "not needed", "", 0),
        (ALL, "05614d", d.COPY, "done on time", "2026-10-08", 0),  # among the documents of the details notice
        (ALL, "05614f", d.DETAILS, "done late", "2026-08-08", 2),
        (ALL, "05614f", d.ASSESSMENT, "not needed", "", 0),
        (ALL, "05614f", d.COPY, "done on time", "2026-10-07", 0),
        (ALL, "05614f", d.SOCIAL_VALUE, "cannot be told", "", 0),
        (ALL, "051a8e", d.DETAILS, "done late", "2026-08-11", 1),
        (ALL, "051a8e", d.ASSESSMENT, "not needed", "", 0),
        (ALL, "051a8e", d.COPY, "done on time", "2026-10-10", 0),
        (ALL, "06aa3c", d.DETAILS, "not needed", "", 0),  # a concession below its threshold
        (ALL, "06dfbc", d.DETAILS_BELOW, "not needed", "", 0),  # £22,863
        (ALL, "06e2e5", d.DETAILS_BELOW, "not needed", "", 0),  # £12,000
        (ALL, "066b17", d.DETAILS_BELOW, "done on time", "2026-08-15", 0),
        (ALL, "068c2d", d.DETAILS_BELOW, "done on time", "2026-08-15", 0),
        (ALL, "06b444", d.DETAILS_BELOW, "cannot be told", "", 0),  # an award notice alone
        (ALL, "060502", d.DETAILS, "not needed", "", 0),  # the procurement ended
        (ALL, "05687d", d.DETAILS, "not needed", "", 0),
    ],
)
def test_what_is_surely_right(name: str, end: str, kind: str, state: str, last: str, late: int) -> None:
    assert of(name, end, kind) == [(state, last, late)]


def test_nothing_is_overdue_by_these_notices_alone() -> None:
    found = duties(ALL)
    assert found[(found["duty_state"] == "overdue") & (found["subject"] != d.COUNCIL)].empty


def test_award_notices_of_days_before_the_first_notice_read_cannot_be_told() -> None:
    found = duties(ALL)
    award = found[(found["duty_kind"] == d.AWARD) & (found["duty_state"] == "cannot be told")]
    assert len(award) == 3
    assert all("notices before 2026-07-13 have not been read" in doubts for doubts in award["doubts"])
