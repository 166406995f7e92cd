"""Release packages: whose notice it is, what its contracts are worth, and numbers that are none."""

from __future__ import annotations

import gc
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kcc_etl.intake.cells.json_parts import exact_json
from kcc_etl.intake.notices.suppliers import suppliers_of
from kcc_etl.intake.parsed import Parsed
from tests.unit.intake_files import fate, parse_bytes

OURS = "GB-PPON-PABC-1234-DEFG"


def _release(**changes: Any) -> dict[str, Any]:
    release: dict[str, Any] = {
        "id": "000001-2026",
        "ocid": "ocds-h6vhtk-000001",
        "date": "2026-07-29T23:35:49+01:00",
        "tag": ["award", "contract"],
        "buyer": {"id": OURS, "name": "Wealdmarsh County Council"},
        "parties": [
            {
                "id": "GB-COH-01234567",
                "name": "EXAMPLE LIMITED",
                "roles": ["supplier"],
                "additionalIdentifiers": [{"scheme": "GB-PPON", "id": "PQMB-7761-LBYT"}],
            },
        ],
        "tender": {
            "title": "Gritting",
            "mainProcurementCategory": "services",
            "specialRegime": ["lightTouch"],
            "documents": [{"id": "older-2026", "noticeType": "UK4"}],
        },
        "awards": [{"id": "1", "suppliers": [{"id": "GB-COH-01234567", "name": "Example Limited"}]}],
        "contracts": [
            {
                "id": "1",
                "awardID": "1",
                "value": {"amountGross": 1017436.2, "amount": 847863.5, "currency": "GBP"},
                "period": {"startDate": "2026-07-18T00:00:00+01:00", "endDate": "2027-02-26T23:59:59Z"},
                "dateSigned": "2026-07-14T00:00:00+01:00",
                "aboveThreshold": True,
                "agreedMetrics": [{"id": "1"}, {"id": "2"}],
                "documents": [{"id": "000001-2026", "noticeType": "UK7"}],
            },
        ],
        "relatedProcesses": [{"relationship": ["framework"], "identifier": "ocds-h6vhtk-000009"}],
    }
    release.update(changes)
    return {name: value for name, value in release.items() if value is not ...}


def _party(identity: str, ppon: str = "", roles: list[str] | None = None) -> dict[str, Any]:
    further = [{"scheme": "GB-PPON", "id": ppon}] if ppon else []
    return {"id": identity, "name": "A body", "roles": roles or [], "additionalIdentifiers": further}


def _value(**value: Any) -> list[dict[str, Any]]:
    return [{"id": "1", "awardID": "1", "value": {"currency": "GBP", **value}}]


def _parse(folder: Path, *releases: Any) -> Parsed:
    return _parse_text(folder, json.dumps({"releases": list(releases)}))


def _parse_text(folder: Path, text: str) -> Parsed:
    return parse_bytes(folder, text.encode(), "notices", "page.json", authority_ids=[OURS])


def test_a_release_of_ours_is_one_row_with_its_contracts(tmp_path: Path) -> None:
    parsed = _parse(tmp_path, _release())
    assert fate(parsed) == ("accepted", 1, 1, [], [])
    row = parsed.rows.iloc[0]
    assert (row["release_id"], row["notice_type"], row["release_tags"]) == (
        "000001-2026",
        "UK7",
        "award|contract",
    )
    assert (str(row["published_on"].date()), row["framework_ocid"]) == ("2026-07-29", "ocds-h6vhtk-000009")
    assert (row["buyer_id"], bool(row["is_light_touch"]), row["procurement_category"]) == (
        OURS,
        True,
        "services",
    )
    (told,) = json.loads(row["contracts_json"])
    expected = {
        "contract_place": 1,
        "contract_id": "1",
        "award_id": "1",
        "value_ex_vat_pence": 84786350,
        "value_inc_vat_pence": 101743620,
        "currency": "GBP",
        "signed_on": "2026-07-14",
        "start_on": "2026-07-18",
        "end_on": "2027-02-26",
        "max_end_on": None,
        "above_threshold": True,
        "kpi_count": 2,
        "has_contract_copy": False,
    }
    assert {name: told[name] for name in expected} == expected
    (supplier,) = told["suppliers"]
    assert {name: value for name, value in supplier.items() if value is not None} == {
        "supplier_name": "Example Limited",
        "supplier_ppon": "PQMB-7761-LBYT",
        "supplier_company_number": "01234567",
    }


@pytest.mark.parametrize(
    ("documents", "has_copy"),
    [
        ([], False),
        ([{"noticeType": "UK7"}], False),
        ([{"noticeType": "UK7"}, {"documentType": "contractSigned"}], True),
        ([{"documentType": "contractSchedule"}], False),
    ],
)
def test_a_details_notice_may_have_the_contract_among_its_documents(
    tmp_path: Path, documents: list[dict[str, str]], has_copy: bool
) -> None:
    release = _release()
    release["contracts"][0]["documents"] = documents
    (told,) = json.loads(_parse(tmp_path, release).rows.iloc[0]["contracts_json"])
    assert told["has_contract_copy"] is has_copy


@pytest.mark.parametrize(
    ("tender", "related", "kind"),
    [
        ({}, False, None),
        ({"techniques": {"hasFrameworkAgreement": False}}, False, None),
        ({"techniques": {"hasElectronicAuction": True}, "specialRegime": ["lightTouch"]}, False, None),
        ({"techniques": {"hasFrameworkAgreement": True}}, False, "framework"),
        ({"specialRegime": ["concession"]}, False, "concession"),
        ({"specialRegime": ["lightTouch", "concession"]}, False, "concession"),
        (
            {"techniques": {"hasFrameworkAgreement": True}, "specialRegime": ["concession"]},
            False,
            "framework",
        ),
        ({}, True, "call-off"),
        ({"techniques": {"hasFrameworkAgreement": True}}, True, "call-off"),
        ({"techniques": "framework", "specialRegime": "concession"}, False, None),
    ],
)
def test_what_a_procurement_leads_to_is_what_its_notice_marks(
    tmp_path: Path, tender: dict[str, Any], related: bool, kind: str | None
) -> None:
    changes: dict[str, Any] = {"tender": tender} | ({} if related else {"relatedProcesses": ...})
    found = _parse(tmp_path, _release(**changes)).rows["agreement_kind"]
    assert list(found.astype(object).where(found.notna(), None)) == [kind]


def test_a_value_that_is_published_gross_only_stays_gross_only(tmp_path: Path) -> None:
    parsed = _parse(tmp_path, _release(contracts=_value(amountGross=85952.0)))
    contract = json.loads(parsed.rows["contracts_json"][0])[0]
    assert (contract["value_ex_vat_pence"], contract["value_inc_vat_pence"]) == (None, 8595200)


@pytest.mark.parametrize(
    ("changes", "rule", "findings"),
    [
        ({"buyer": {"id": "GB-PPON-PZZZ-9999-ZZZZ"}}, "NT-003", []),
        ({"buyer": ..., "parties": [_party("GB-FTS-9", roles=["buyer"])]}, "NT-003", []),
        ({"buyer": {"id": "GB-FTS-9"}, "parties": [_party("GB-FTS-9", "PLDL-8938-YGYW")]}, "NT-003", []),
        ({"id": ...}, "NT-001", ["NT-001"]),
        ({"ocid": ""}, "NT-001", ["NT-001"]),
        ({"ocid": None, "buyer": ...}, "NT-001", ["NT-001"]),
        ({"contracts": _value(amount="1e9999")}, "NT-004", ["NT-004"]),
        ({"contracts": _value(amount="lots", amountGross=10**20)}, "NT-004", ["NT-004", "NT-004"]),
        ({"contracts": _value(amount=True)}, "NT-004", ["NT-004"]),
        ({"contracts": _value(amount=1.005)}, "NT-004", ["NT-004"]),
        ({"contracts": _value(amount=float("nan"))}, "NT-004", ["NT-004"]),
        ({"contracts": _value(amount=float("inf"))}, "NT-004", ["NT-004"]),
        ({"contracts": _value(amount=5, currency="USD")}, "NT-004", ["NT-004"]),
        ({"contracts": _value(amount="£100")}, "NT-004", ["NT-004"]),
        ({"contracts": [{"finalValue": {"amount": 5, "currency": "EUR"}}]}, "NT-004", ["NT-004"]),
        ({"contracts": _value(amount=5, currency=["GBP"], amountGross="x")}, "NT-004", ["NT-004", "NT-024"]),
        ({"awards": [{"id": "1", "value": {"amount": 5, "currency": "USD"}}]}, "NT-004", ["NT-004"]),
        ({"tender": {"value": {"amountGross": "1e9999"}}}, "NT-004", ["NT-004"]),
    ],
)
def test_a_release_that_is_not_ours_or_not_sound_is_set_aside(
    tmp_path: Path, changes: dict[str, Any], rule: str, findings: list[str]
) -> None:
    parsed = _parse(tmp_path, _release(), _release(**changes))
    assert fate(parsed) == ("accepted", 2, 1, [rule], findings)
    assert parsed.set_aside["source_row"][0] == 2
    assert parsed.set_aside["fate"][0] == ("excluded" if rule == "NT-003" else "quarantined")


@pytest.mark.parametrize(
    "number", ["1e9999", "-1e9999", "1e99999999999999999999", "9" * 5000, "NaN", "Infinity"]
)
def test_a_number_beyond_all_bounds_is_a_finding_and_no_crash(tmp_path: Path, number: str) -> None:
    text = json.dumps({"releases": [_release(contracts=_value(amount="HERE"))]}).replace('"HERE"', number)
    parsed = _parse_text(tmp_path, text)
    assert fate(parsed) == ("accepted", 1, 0, ["NT-004"], ["NT-004"])
    assert parsed.findings[0].column_title == "contracts/0/value/amount"


def test_every_amount_at_fault_is_named_wherever_it_stands(tmp_path: Path) -> None:
    options = [{"value": {"amount": 5}}, [{"value": {"amount": 1.005}}], {"amountGross": []}]
    parsed = _parse(tmp_path, _release(tender={"lots": options, "value": {"amount": "lots"}}))
    found = [(finding.column_title, finding.found) for finding in parsed.findings]
    assert found == [
        ("tender/lots/1/0/value/amount", "1.005"),
        ("tender/lots/2/amountGross", "nothing"),
        ("tender/value/amount", "lots"),
    ]


def test_a_fault_of_money_says_what_to_write_and_where(tmp_path: Path) -> None:
    parsed = _parse(tmp_path, _release(contracts=_value(amount="£100", currency="EUR")))
    assert [(f.column_title, f.found, f.expected) for f in parsed.findings] == [
        ("contracts/0/value/amount", "£100", "a number of pounds, such as 1250.00"),
        ("contracts/0/value/currency", "EUR", "a value in pounds (GBP)"),
    ]
    assert {"in pounds (GBP)" in f.remedy for f in parsed.findings} == {True}


@pytest.mark.parametrize(
    ("currency", "findings"),
    [("gbp", []), (" GBP ", []), (None, ["NT-024"]), ("", ["NT-024"]), (..., ["NT-024"])],
)
def test_pounds_however_written_are_pounds_and_no_currency_is_told(
    tmp_path: Path, currency: object, findings: list[str]
) -> None:
    value = {name: v for name, v in {"amount": 5, "currency": currency}.items() if v is not ...}
    parsed = _parse(tmp_path, _release(contracts=[{"id": "1", "value": value}]))
    assert fate(parsed) == ("accepted", 1, 1, [], findings)
    told = json.loads(parsed.rows["contracts_json"][0])[0]
    assert (told["value_ex_vat_pence"], told["currency"]) == (500, None if findings else "GBP")


def test_a_value_without_an_amount_needs_no_currency(tmp_path: Path) -> None:
    assert fate(_parse(tmp_path, _release(contracts=[{"id": "1", "value": {}}])))[4] == []


def test_an_unlimited_count_that_is_no_money_is_left_alone(tmp_path: Path) -> None:
    # Find a Tender writes 1e9999 for "no limit" in maximumLotsBidPerSupplier, 10 August 2026.
    text = json.dumps({"releases": [_release(tender={"lotDetails": {"maximumLotsBidPerSupplier": "HERE"}})]})
    assert fate(_parse_text(tmp_path, text.replace('"HERE"', "1e9999"))) == ("accepted", 1, 1, [], [])


def test_the_buyer_may_stand_among_the_parties(tmp_path: Path) -> None:
    parties = [{"id": OURS, "name": "Wealdmarsh", "roles": ["buyer"]}]
    assert _parse(tmp_path, _release(buyer=..., parties=parties)).rows["buyer_name"][0] == "Wealdmarsh"


@pytest.mark.parametrize(
    "changes",
    [
        {"buyer": {"id": "GB-FTS-77"}, "parties": [_party("GB-FTS-77", "PABC-1234-DEFG")]},
        {"buyer": ..., "parties": [_party("GB-FTS-77", "PABC-1234-DEFG", ["buyer"])]},
        {"parties": [_party("GB-FTS-8", "", ["buyer"]), _party(OURS, "", ["buyer", "payer"])]},
        {"buyer": {"id": "GB-FTS-8"}, "parties": [_party("GB-FTS-8"), _party(OURS, "", ["buyer"])]},
    ],
    ids=["identifier of the buyer", "party with the role", "one of several", "beside the buyer"],
)
def test_a_notice_is_ours_by_any_identifier_of_any_buyer(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert fate(_parse(tmp_path, _release(**changes))) == ("accepted", 1, 1, [], [])


def test_a_buyer_without_a_party_of_its_own_keeps_its_name(tmp_path: Path) -> None:
    parsed = _parse(tmp_path, _release(buyer={"id": OURS, "name": "Wealdmarsh"}, parties=[]))
    assert parsed.rows["buyer_name"][0] == "Wealdmarsh"


@pytest.mark.parametrize("parties", [None, [], [{"id": OURS, "roles": ["supplier"]}], {}])
def test_a_notice_that_names_no_buyer_is_kept_for_later(tmp_path: Path, parties: Any) -> None:
    parsed = _parse(tmp_path, _release(buyer=..., parties=parties))
    assert fate(parsed) == ("accepted", 1, 1, [], [])
    assert parsed.rows["buyer_id"].isna().all()


def test_awards_with_one_number_stay_apart_and_each_keeps_its_suppliers(tmp_path: Path) -> None:
    """Find a Tender reuses numbers: 53 of 182 processes (hazards.md 1.1)."""
    awards = [
        {"id": "1", "suppliers": [{"id": f"GB-FTS-{n}", "name": f"Supplier {n}"}], "value": {"amount": n}}
        for n in range(1, 4)
    ]
    contracts = [{"id": "1", "awardID": "1", "value": {"amount": n}} for n in (1, 2)]
    parsed = _parse(tmp_path, _release(awards=awards, contracts=contracts))
    told = json.loads(parsed.rows["contracts_json"][0])
    assert [
        (c["contract_id"], c["value_ex_vat_pence"], [s["supplier_name"] for s in c["suppliers"]])
        for c in told
    ] == [("1", 100, ["Supplier 1"]), ("1", 200, ["Supplier 2"]), (None, 300, ["Supplier 3"])]


def _pairs(tmp_path: Path, awards: list[dict[str, Any]], contracts: list[dict[str, Any]]) -> Any:
    """Suppliers of each contract and award without one, in order, and the paths of findings."""
    named = [
        {"id": "1", **award, "suppliers": [{"id": f"GB-FTS-{n}", "name": name}]}
        for n, (name, award) in enumerate(zip("ABC", awards, strict=False))
    ]
    given = [{"id": str(n), "awardID": "1", **contract} for n, contract in enumerate(contracts)]
    parsed = _parse(tmp_path, _release(awards=named, contracts=given))
    told = json.loads(parsed.rows["contracts_json"][0])
    suppliers = ["".join(s["supplier_name"] for s in c["suppliers"]) for c in told]
    return suppliers, [finding.column_title for finding in parsed.findings if finding.rule_id == "NT-023"]


def _worth(pounds: int) -> dict[str, Any]:
    return {"value": {"amountGross": pounds, "currency": "GBP"}}


_MAY = {"startDate": "2026-05-01T00:00:00+01:00", "endDate": "2026-05-31T23:59:59+01:00"}
_JUNE = {"startDate": "2026-06-01T00:00:00+01:00", "endDate": "2026-06-30T23:59:59+01:00"}


@pytest.mark.parametrize(
    ("awards", "contracts", "suppliers", "findings"),
    [
        ([_worth(10), _worth(99)], [_worth(99)], ["B", "A"], []),
        ([_worth(10), _worth(99)], [_worth(99), _worth(10)], ["B", "A"], []),
        ([{"relatedLots": ["1"]}, {"relatedLots": ["2"]}], [{"relatedLots": ["2"]}], ["B", "A"], []),
        (
            [{"relatedLots": ["1"]}, {"relatedLots": ["2"]}],
            [{"items": [{"id": "1", "relatedLot": "2"}]}],
            ["B", "A"],
            [],
        ),
        ([{"contractPeriod": _MAY}, {"contractPeriod": _JUNE}], [{"period": _JUNE}], ["B", "A"], []),
        (
            [{**_worth(10), "contractPeriod": _MAY}, {**_worth(10), "contractPeriod": _JUNE}],
            [{**_worth(10), "period": _JUNE}],
            ["B", "A"],
            [],
        ),
        ([{}, {}], [{}, {}], ["A", "B"], []),
        ([{}, _worth(10), {}], [{}, _worth(10), {}], ["A", "B", "C"], []),
        ([_worth(10), _worth(99)], [_worth(50)], ["", "A", "B"], ["contracts/0"]),
        ([{}, {}], [{}], ["", "A", "B"], ["contracts/0"]),
        ([_worth(10), _worth(10)], [_worth(10)], ["", "A", "B"], ["contracts/0"]),
        ([_worth(10), _worth(20)], [_worth(20), {}, {}], ["B", "", "", "A"], ["contracts/1", "contracts/2"]),
        (
            [_worth(10), _worth(99), _worth(5)],
            [_worth(10), _worth(10)],
            ["", "", "A", "B", "C"],
            ["contracts/0", "contracts/1"],
        ),
        ([_worth(10)], [_worth(20), {}], ["A", "A"], []),
    ],
)
def test_awards_that_share_a_number_are_paired_by_what_they_say_and_never_guessed(
    tmp_path: Path, awards: Any, contracts: Any, suppliers: list[str], findings: list[str]
) -> None:
    assert _pairs(tmp_path, awards, contracts) == (suppliers, findings)


def test_one_award_of_several_contracts_belongs_to_each(tmp_path: Path) -> None:
    contracts = [{"id": n, "awardID": "1"} for n in ("1", "2")]
    told = json.loads(_parse(tmp_path, _release(contracts=contracts)).rows["contracts_json"][0])
    assert [(c["contract_id"], len(c["suppliers"])) for c in told] == [("1", 1), ("2", 1)]


def test_a_contract_without_a_description_has_that_of_its_procurement(tmp_path: Path) -> None:
    contracts = [{"id": "1"}, {"id": "2", "description": "Its own"}, {"id": "3", "description": " "}]
    release = _release(contracts=contracts, tender={"description": "Of all, ask jo@example.org"})
    told = json.loads(_parse(tmp_path, release).rows["contracts_json"][0])
    of_all = "Of all, ask [e-mail address]"
    assert [c["contract_description"] for c in told[:3]] == [of_all, "Its own", of_all]


def test_performance_change_and_end_are_read_from_their_places(tmp_path: Path) -> None:
    contract = {
        "id": "1", "awardID": "1", "status": "terminated", "statusDetails": "ask jo@example.org",
        "terminationRationaleClassifications": [{"id": "breachOfContract"}],
        "amendments": [{"id": "a", "date": "2026-08-12T00:00:00+01:00", "rationale": "More",
                        "rationaleClassifications": [{"id": "providedContract"}]}],
        "proposedAmendments": [{"id": "p", "standstill": True, "value": {"amountGross": 12.5},
                                "period": {"endDate": "2027-05-31T23:59:59+01:00"}}],
        "implementation": {
            "endDate": "2026-08-10T00:00:00+01:00", "finalValue": {"amount": 5},
            "metrics": [{"id": "1", "title": "On time", "observations": [
                {"id": "x", "period": {"startDate": "2026-04-01T00:00:00+01:00"}, "measure": "99%",
                 "measureClassification": {"id": "met", "description": "Good"}}, {"id": "y"}]}],
            "performanceFailures": [{"id": "1", "category": "Breach of contract",
                                     "penaltyDate": "2026-03-12T00:00:00Z",
                                     "penaltyValue": {"amount": 8, "amountGross": 0, "currency": "GBP"}}],
        },
    }  # fmt: skip
    (told,) = json.loads(_parse(tmp_path, _release(contracts=[contract])).rows["contracts_json"][0])
    (made, intended), (end,), (failure,) = told["changes"], told["ends"], told["failures"]
    assert (made["change_kind"], made["changed_on"], made["rationale_classes"]) == (
        "made", "2026-08-12", "providedContract",
    )  # fmt: skip
    assert (intended["change_kind"], intended["has_standstill"]) == ("intended", True)
    assert (intended["value_inc_vat_pence"], intended["end_on"]) == (1250, "2027-05-31")
    assert (end["end_scope"], end["ended_on"], end["end_classes"]) == (
        "contract", "2026-08-10", "breachOfContract",
    )  # fmt: skip
    assert (end["final_value_ex_vat_pence"], end["end_reason"]) == (500, "ask [e-mail address]")
    assert (failure["failure_category"], failure["penalty_on"]) == ("Breach of contract", "2026-03-12")
    assert (failure["penalty_ex_vat_pence"], failure["penalty_inc_vat_pence"]) == (800, 0)
    assert [(k["kpi_title"], k["observed"], k["rating"]) for k in told["kpis"]] == [
        ("On time", "99%", "met"), ("On time", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (True, True), (False, False), (None, None), ("", None), ("No", False), ("true", True),
        ("Lot 2 ends, the rest goes on", True), ({}, None),
    ],
)  # fmt: skip
def test_a_termination_in_part_is_read_as_text_and_as_boolean(
    tmp_path: Path, told: object, read: bool | None
):
    """UK extension 2026-01-13: PerformanceFailure.partialTermination is text; older releases have a boolean."""
    failure = {"id": "1", "partialTermination": told}
    contract = {"id": "1", "awardID": "1", "implementation": {"performanceFailures": [failure]}}
    (found,) = json.loads(_parse(tmp_path, _release(contracts=[contract])).rows["contracts_json"][0])
    assert found["failures"][0]["is_partial_termination"] is read


def test_json_lines_of_releases_are_read_and_a_damaged_line_is_held(tmp_path: Path) -> None:
    lines = [json.dumps(_release(id="1")), '{"ocid": "ocds-b5fd17-1", "id":', json.dumps(_release(id="3"))]
    parsed = _parse_text(tmp_path, "\r\n".join(lines) + "\n\n")
    assert fate(parsed) == ("accepted", 3, 2, ["NT-001"], ["NT-001"])
    assert parsed.set_aside["source_row"][0] == 2


@pytest.mark.parametrize("indent", [None, 1])
def test_a_release_alone_is_read(tmp_path: Path, indent: int | None) -> None:
    assert fate(_parse_text(tmp_path, json.dumps(_release(), indent=indent))) == ("accepted", 1, 1, [], [])


def test_line_ends_that_arrived_as_letters_are_mended_and_words_are_left(tmp_path: Path) -> None:
    """Contracts Finder, March 2025: `by others.rnrnTo supply`."""
    tender = {"title": "Lanternrnrn Furniture.rnModern barn"}
    title = _parse(tmp_path, _release(tender=tender)).rows["contract_title"][0]
    assert title == "Lantern\n Furniture.\nModern barn"


def test_amounts_that_are_objects_of_their_own_are_no_amounts(tmp_path: Path) -> None:
    """Contracts Finder's budget breakdown: `amount: {amount: 1600000, currency: GBP}`."""
    budget = {"budgetBreakdown": [{"id": "1", "amount": {"amount": 1600000, "currency": "GBP"}}]}
    assert fate(_parse(tmp_path, _release(planning={"budget": budget}))) == ("accepted", 1, 1, [], [])


@pytest.mark.parametrize("place", ["contact", "party"])
def test_contact_details_never_reach_the_row(tmp_path: Path, place: str) -> None:
    release = _release()
    contact = {"name": "Jo Secret", "email": "jo@secret.example", "telephone": "01622 000000"}
    target = release["parties"][0] if place == "party" else release["tender"]
    target["contactPoint"] = contact
    kept = _parse(tmp_path, release).rows.to_csv()
    assert "Secret" not in kept
    assert "secret.example" not in kept
    assert "01622" not in kept


def test_a_day_is_that_of_kent_whatever_the_offset(tmp_path: Path) -> None:
    period = {"startDate": "2026-06-30T23:00:00Z", "endDate": "2026-12-31T23:30:00Z"}
    parsed = _parse(
        tmp_path, _release(date="2026-06-30T23:30:00Z", contracts=[{"id": "1", "period": period}])
    )
    told = json.loads(parsed.rows["contracts_json"][0])[0]
    assert (str(parsed.rows["published_on"][0].date()), told["start_on"], told["end_on"]) == (
        "2026-07-01", "2026-07-01", "2026-12-31",
    )  # fmt: skip


def test_a_date_that_is_none_is_flagged_and_counts_as_empty(tmp_path: Path) -> None:
    parsed = _parse(tmp_path, _release(date="soon"))
    assert fate(parsed) == ("accepted", 1, 1, [], ["NT-008"])


@pytest.mark.parametrize("entry", [None, 1, "x", [[]], {}])
def test_an_entry_that_is_no_release_is_quarantined(tmp_path: Path, entry: Any) -> None:
    assert fate(_parse(tmp_path, entry)) == ("accepted", 1, 0, ["NT-001"], ["NT-001"])


def test_half_characters_and_nul_do_not_get_through(tmp_path: Path) -> None:
    parsed = _parse(tmp_path, _release(tender={"title": "a\ud800\x00b"}))
    assert parsed.rows["contract_title"][0] == "a?b"


def test_parts_of_the_wrong_shape_count_as_absent(tmp_path: Path) -> None:
    odd = _release(
        parties={}, tender=[], awards="x", contracts=[None, {"value": 3, "period": []}], tag="award"
    )
    assert fate(_parse(tmp_path, odd))[:3] == ("accepted", 1, 1)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Too many requests", "IN-001"),
        ('{"releases": [', "IN-001"),
        ("[" * 100_000, "IN-001"),
        ("[]", "IN-002"),
        ('{"releases": {}}', "IN-002"),
        ('{"message": "not found"}', "IN-002"),
        ("", "IN-001"),
        ("<html></html>", "IN-001"),
        ("\ud800".encode("utf-16-le", "surrogatepass").decode("latin-1"), "IN-001"),
    ],
)
def test_what_is_no_release_package_is_held_whole(tmp_path: Path, text: str, rule: str) -> None:
    assert fate(_parse_text(tmp_path, text)) == ("quarantined", 0, 0, [], [rule])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"releases": [{"id": "1", "ocid": "o"}], "releases": []}', "releases"),
        ('{"releases": [], "rele\\u0061ses": [{"id": "1", "ocid": "o"}]}', "releases"),
        (
            '{"releases": [{"id": "1", "ocid": "o", "contracts": [{"id": "1"}], "contracts": []}]}',
            "contracts",
        ),
    ],
)
def test_a_name_that_stands_twice_in_an_object_loses_nothing(tmp_path: Path, text: str, name: str) -> None:
    parsed = _parse_text(tmp_path, text)
    assert fate(parsed)[:3] == ("quarantined", 0, 0)
    assert f"'{name}' twice" in parsed.findings[0].found


def test_a_line_that_gives_a_name_twice_is_held_whole(tmp_path: Path) -> None:
    twice = '{"id": "2", "ocid": "o", "ocid": "p"}'
    parsed = _parse_text(tmp_path, json.dumps(_release()) + "\n" + twice + "\n")
    assert fate(parsed)[:3] == ("accepted", 2, 1)
    assert json.loads(parsed.aside[0]["row_json"]) == {"line": twice}


def test_the_same_content_has_the_same_digest_however_it_is_written(tmp_path: Path) -> None:
    one, other = (_release(tender={"value": {"amount": value}}) for value in (5, 5.0))
    text = json.dumps({"releases": [dict(reversed(one.items()))]}, indent=2)
    first = _parse(tmp_path, other).rows["row_digest"][0]
    assert first == _parse_text(tmp_path, text).rows["row_digest"][0]
    assert first != _parse(tmp_path, _release()).rows["row_digest"][0]


@pytest.mark.parametrize("collects", [True, False])
@pytest.mark.parametrize("text", ["{}", "{"])
def test_decoding_leaves_the_collector_as_it_was(collects: bool, text: str) -> None:
    (gc.enable if collects else gc.disable)()
    try:
        with suppress(ValueError):
            exact_json(text)
        assert gc.isenabled() is collects
    finally:
        gc.enable()


def test_a_page_without_releases_is_sound_and_says_that_it_is_empty(tmp_path: Path) -> None:
    assert fate(_parse(tmp_path)) == ("accepted", 0, 0, [], ["IN-039"])


def test_a_release_nested_deeper_than_calls_can_go_is_read(tmp_path: Path) -> None:
    deep = "[" * 900 + "]" * 900
    text = json.dumps({"releases": [_release(deep="HERE")]}).replace('"HERE"', deep)
    assert fate(_parse_text(tmp_path, text))[0] in {"accepted", "quarantined"}


_AT = {"streetAddress": "1 High Street, tel 020 7946 0000", "locality": "Exampleton", "postalCode": "CT1 1AA", "countryName": "United Kingdom"}  # fmt: skip


@pytest.mark.parametrize(
    ("identifier", "address", "expected"),
    [
        ({"scheme": "GB-COH", "id": "01234567"}, _AT, "1 High Street, tel [telephone number], Exampleton, CT1 1AA, United Kingdom"),
        ({"scheme": "GB-CHC", "id": "1234567"}, {**_AT, "streetAddress": "2 High Street"}, "2 High Street, Exampleton, CT1 1AA, United Kingdom"),
        ({"scheme": "GB-COH", "id": "01234567"}, {"postalCode": "CT1 1AA"}, None),
        ({"scheme": "GB-COH", "id": "unknown"}, _AT, None),
        ({"scheme": "GB-PPON", "id": "PQMB-7761-LBYT"}, _AT, None),
        ({}, _AT, None),
    ],
)  # fmt: skip
def test_the_address_is_read_of_a_registered_company_or_charity_alone(identifier, address, expected):
    """UK GDPR: one known by a number of the platform alone, or by its name, may be a person at home."""
    party = {"id": "S-1", "name": "A body", "identifier": identifier, "address": address}
    (supplier,) = suppliers_of({"S-1": party}, {"suppliers": [{"id": "S-1"}]})

    assert (supplier["supplier_address"], supplier["supplier_postcode"]) == (expected, "CT1 1AA")
