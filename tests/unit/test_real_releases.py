"""Real notices, where they stand: nothing lost, nothing made up, counted a second time by plain json."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.noticed_contracts import build_noticed_contracts
from kcc_etl.domain.notices import Notices, build_notices
from kcc_etl.intake.notices.releases import count_releases, read_releases
from kcc_etl.intake.parsed import Desk, FileIdentity, Parsed
from kcc_etl.schema.frames import empty
from tests.tools import missing

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "ocds"
EXTRACTS = "extracts"
FIND_A_TENDER = "find-a-tender-2026-08"
KENT = ["GB-PPON-PLDL-8938-YGYW", "GB-PPON-PYCX-4938-CCHM"]
FILES = [
    f"{EXTRACTS}/kent-county-council.json",
    f"{EXTRACTS}/kent-and-medway-bodies.json",
    f"{EXTRACTS}/uk9-contract-performance.json",
    f"{EXTRACTS}/uk10-contract-change.json",
    f"{EXTRACTS}/uk11-termination_uk12-procurement-termination.json",
    f"{EXTRACTS}/with-agreedMetrics-KPIs.json",
    f"{FIND_A_TENDER}/conversions/uk3-069311.json",
    f"{FIND_A_TENDER}/whole-stream/page-050.json",
    f"{FIND_A_TENDER}/whole-stream/page-111.json",
    f"{FIND_A_TENDER}/backfill/2026-08-10/page-003.json",
    "contracts-finder-2025-03/contracts-finder-releases.jsonl",
]


def data_of(name: str) -> bytes:
    path = DATA / name
    if not path.is_file():
        missing(f"The real data is not at {path}")
    return path.read_bytes()


@cache
def plain(name: str) -> list[dict[str, Any]]:
    text = data_of(name).decode("utf-8")
    if name.endswith("jsonl"):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return list(json.loads(text)["releases"])


@cache
def buyers(name: str) -> frozenset[str]:
    """Everybody who buys in the file, so that all of it is ours."""
    parties = [party for release in plain(name) for party in release["parties"]]
    return frozenset(party["id"] for party in parties if "buyer" in party["roles"])


def parsed(name: str, ours: Any) -> Parsed:
    file = FileIdentity("0" * 64, "notices", Path(name).name, date(2026, 8, 13))
    return read_releases(data_of(name), Desk("notices", file, "test"), ours)


@cache
def built(name: str) -> Notices:
    return build_notices(parsed(name, buyers(name)).rows, empty("file_column"))


def sound(name: str) -> list[dict[str, Any]]:
    """Releases of the file by number, the first of a repeated one, without those in other money than pounds."""
    once = {release["id"]: release for release in reversed(plain(name))}
    told = [(r, [*r.get("contracts", []), *r.get("awards", [])]) for r in once.values()]
    return [r for r, parts in told if all(p.get("value", {}).get("currency", "GBP") == "GBP" for p in parts)]


def dealings(release: dict[str, Any]) -> list[dict[str, Any]]:
    """Contracts of a release, and awards that no contract names."""
    named = {contract.get("awardID") for contract in release.get("contracts", [])}
    return [*release.get("contracts", []), *(a for a in release.get("awards", []) if a["id"] not in named)]


@pytest.mark.parametrize("name", FILES)
def test_every_release_is_accepted_or_set_aside(name: str) -> None:
    read = parsed(name, buyers(name))
    assert read.receipt["rows_arrived"] == len(plain(name)) == count_releases(data_of(name))
    assert len(read.rows) + len(read.set_aside) == len(plain(name))
    assert set(read.set_aside["rule_id"]) <= {"NT-004"}
    assert set(read.rows["release_id"]) == {release["id"] for release in sound(name)}


@pytest.mark.parametrize("name", FILES)
def test_no_contract_award_or_supplier_is_lost_or_added(name: str) -> None:
    rows = built(name).core.rows
    found = Counter(rows["release_id"])
    assert found == {r["id"]: max(len(dealings(r)), 1) for r in sound(name)}
    awards = {r["id"]: {a["id"]: a.get("suppliers", []) for a in r.get("awards", [])} for r in sound(name)}
    expected = Counter(
        (r["id"], (supplier.get("name") or "").strip())
        for r in sound(name)
        for deal in dealings(r)
        for supplier in awards[r["id"]].get(deal.get("awardID", deal["id"]), [])
    )
    suppliers = built(name).parts[keys.CORE_NOTICE_SUPPLIER]
    assert (
        Counter(zip(suppliers["release_id"], suppliers["supplier_name"].fillna(""), strict=True)) == expected
    )


def _valued(release: dict[str, Any]) -> list[dict[str, Any]]:
    """The contracts and awards of a release; of an invitation to tender, which has none, the tender."""
    invites = {"tender", "tenderUpdate"} & set(release["tag"])
    return dealings(release) or ([release["tender"]] if invites else [])


@pytest.mark.parametrize("name", FILES)
def test_values_are_those_published_to_the_penny(name: str) -> None:
    def pence(values: Iterator[Any]) -> Counter[int]:
        return Counter(round(float(value) * 100) for value in values if value is not None)

    rows = built(name).core.rows
    for column, amount in (("value_ex_vat_pence", "amount"), ("value_inc_vat_pence", "amountGross")):
        published = (told.get("value", {}).get(amount) for r in sound(name) for told in _valued(r))
        assert Counter(int(value) for value in rows[column].dropna()) == pence(published)


@pytest.mark.parametrize("name", FILES)
def test_no_mail_address_or_telephone_number_reaches_a_table(name: str) -> None:
    """Of contact points and of free text."""
    notices = built(name)
    text = "".join(frame.to_csv() for frame in (notices.core.rows, *notices.parts.values()))
    contacts = [p.get("contactPoint", {}) for r in plain(name) for p in r["parties"]]
    assert [c["email"] for c in contacts if c.get("email") and c["email"] in text] == []
    assert [
        c["telephone"] for c in contacts if len(set(c.get("telephone", ""))) > 4 and c["telephone"] in text
    ] == []


def test_kent_has_eight_releases_under_two_identities_five_of_them_gross_only() -> None:
    name = f"{EXTRACTS}/kent-county-council.json"
    read = parsed(name, KENT)
    assert Counter(read.rows["buyer_id"]) == {KENT[0]: 2, KENT[1]: 6}
    rows = build_notices(read.rows, empty("file_column")).core.rows
    rows = rows[rows["notice_type"] == "UK7"]
    gross_only = rows["value_inc_vat_pence"].notna() & rows["value_ex_vat_pence"].isna()
    assert sorted(rows.loc[gross_only, "value_inc_vat_pence"]) == [
        3210000,
        5909100,
        8595200,
        11092100,
        33572500,
    ]


def test_of_a_day_of_the_country_only_the_notices_of_kent_are_kept() -> None:
    name = f"{FIND_A_TENDER}/backfill/2026-08-10/page-003.json"
    read = parsed(name, KENT)
    kent = [r for r in plain(name) if {p["id"] for p in r["parties"] if "buyer" in p["roles"]} & set(KENT)]
    assert set(read.rows["release_id"]) == {release["id"] for release in kent}
    assert set(read.set_aside["rule_id"]) == {"NT-003"}


def test_a_performance_notice_has_its_assessments_and_belongs_to_its_contract() -> None:
    name = f"{EXTRACTS}/uk9-contract-performance.json"
    metrics = [m for r in plain(name) for c in r["contracts"] for m in c["implementation"]["metrics"]]
    kpis = built(name).parts[keys.CORE_NOTICE_KPI]
    observed = [
        (m["title"].strip(), o["measure"], o["measureClassification"]["id"])
        for m in metrics
        for o in m["observations"]
    ]
    assert sorted(zip(kpis["kpi_title"], kpis["observed"], kpis["rating"], strict=True)) == sorted(observed)
    assert {str(day.date()) for day in kpis["observed_to_on"]} == {"2026-06-30"}


def test_indicators_and_how_often_they_are_reported_are_those_of_the_notices() -> None:
    name = f"{EXTRACTS}/with-agreedMetrics-KPIs.json"
    contracts = [c for r in plain(name) for c in r["contracts"]]
    metrics = [m for c in contracts for m in c.get("agreedMetrics", [])]
    every = [o["period"] for m in metrics for o in m.get("observations", []) if o["id"] == "frequency"]
    kpis = built(name).parts[keys.CORE_NOTICE_KPI]
    rows = built(name).core.rows
    assert len(kpis) == len(metrics) == int(rows["kpi_count"].sum())
    assert Counter(kpis["frequency_months"].dropna()) == Counter(
        p["durationInMonths"] for p in every if "durationInMonths" in p
    )
    assert kpis["frequency_days"].notna().sum() == sum("durationInDays" in p for p in every)


def test_changes_made_and_intended_and_corrections_are_told_apart() -> None:
    changes = built(f"{EXTRACTS}/uk10-contract-change.json").parts[keys.CORE_NOTICE_CHANGE]
    assert Counter(changes["change_kind"]) == {"made": 2, "intended": 2}
    (valued,) = changes[changes["value_inc_vat_pence"].notna()].to_dict("records")
    (longer,) = changes[changes["end_on"].notna()].to_dict("records")
    assert (valued["value_ex_vat_pence"], valued["value_inc_vat_pence"]) == (50919500, 61103400)
    assert (str(longer["end_on"].date()), str(longer["max_end_on"].date())) == ("2027-05-31", "2027-08-31")


def test_terminations_have_reason_day_and_final_value() -> None:
    name = f"{EXTRACTS}/uk11-termination_uk12-procurement-termination.json"
    ends = built(name).parts[keys.CORE_NOTICE_END]
    contracts = [c for r in plain(name) for c in r.get("contracts", []) if c.get("status") == "terminated"]
    ended = ends[ends["notice_type"] == "UK11"]
    assert len(ended) == len(contracts) == 12
    finals = [round(c["implementation"]["finalValue"]["amountGross"] * 100) for c in contracts]
    assert sorted(ended["final_value_inc_vat_pence"]) == sorted(finals)
    assert ended["ended_on"].notna().all()
    stopped = [p for r in plain(name) for p in dealings(r) if p.get("status") == "cancelled"]
    assert len(ends[ends["notice_type"] == "UK12"]) == len(stopped) > 10
    (failure,) = built(name).parts[keys.CORE_NOTICE_FAILURE].to_dict("records")
    assert (failure["failure_category"], str(failure["penalty_on"].date())) == (
        "Breach of contract",
        "2026-03-12",
    )


def test_contracts_finder_gives_awards_with_value_dates_and_size_of_the_supplier() -> None:
    name = "contracts-finder-2025-03/contracts-finder-releases.jsonl"
    rows, suppliers = built(name).core.rows, built(name).parts[keys.CORE_NOTICE_SUPPLIER]
    awards = [a for r in plain(name) for a in r.get("awards", [])]
    zero = [a for a in awards if a["value"]["amount"] == 0]
    assert (rows["value_ex_vat_pence"] == 0).sum() == len(zero) > 0
    assert Counter(rows["start_on"].dropna().dt.strftime("%Y-%m-%d")) == Counter(
        told["contractPeriod"]["startDate"][:10]
        for r in plain(name)
        for told in _valued(r)
        if "contractPeriod" in told
    )
    assert set(suppliers["supplier_scale"].dropna()) == {"sme", "large"}
    assert suppliers["supplier_postcode"].notna().mean() > 0.5
    assert not rows["contract_description"].str.contains("rnrn").any()
    assert rows["suits_sme"].notna().all()


def test_nothing_of_the_real_notices_is_lost_on_the_way_to_the_latest_state() -> None:
    """Every contract and award of a details notice is told of by the contract it became."""
    name = f"{FIND_A_TENDER}/whole-stream/page-050.json"
    notices = built(name)
    state = build_noticed_contracts(notices.core.rows, notices.parts)
    told = notices.core.rows
    numbered = told[told["contract_id"].notna()]
    assert set(zip(numbered["ocid"], numbered["contract_id"], strict=True)) == {
        pair for pair in zip(state["ocid"], state["contract_id"], strict=True) if not pd.isna(pair[1])
    }
    awarded = told[told["contract_id"].isna() & told["award_id"].notna()]
    known = set(zip(state["ocid"], state["award_id"], strict=True))
    assert set(zip(awarded["ocid"], awarded["award_id"], strict=True)) <= known
    assert not state.duplicated(
        ["ocid", "contract_id", "award_id", "first_release_id", "contract_place"]
    ).any()
