"""Release packages: what stands in them, and that our own notice reader reads out what was written in."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.duties.tables import plain
from kcc_etl.domain.redaction import COMMERCIAL, REDACTED, WITHHELD
from kcc_etl.intake.cells.json_parts import exact_json, pence
from kcc_etl.intake.cells.values import read_date
from reports.ocds_parts import RATINGS, moment, span, value
from tests.unit.ocds_reading import AS_OF, PERIOD, Council, Read, read, released, releases

US = "GB-PPON-PABC-1234-DEFG"
OCID = "ocds-h6vhtk-00abcd"
KPI = ("kpi_id", "kpi_title", "kpi_description", "frequency_months", "frequency_days")
ASSESSED = (*KPI, "observed_from_on", "observed_to_on", "observed", "rating", "rating_description")
CHANGED = ("change_kind", "changed_on", "rationale_classes", "has_standstill", "value_ex_vat_pence",
           "value_inc_vat_pence", "end_on", "max_end_on", "has_renewal", "above_threshold")  # fmt: skip
ENDED = (
    "contract_status",
    "end_classes",
    "ended_on",
    "final_value_ex_vat_pence",
    "final_value_inc_vat_pence",
)
FAILED = ("failure_id", "decided_on", "penalty_on", "penalty_type", "penalty_inc_vat_pence")


def release(number: str, kind: str, tags: list[str], day: str, **contract: Any) -> dict[str, Any]:
    """A notice about one contract, as Find a Tender publishes it."""
    document = {"id": number, "noticeType": kind}
    buyer = {"id": US, "name": "Council", "roles": ["buyer"]}
    firm = {
        "id": "GB-COH-01234567",
        "name": "Acme Ltd",
        "identifier": {"scheme": "GB-COH", "id": "01234567"},
        "additionalIdentifiers": [{"scheme": "GB-PPON", "id": "PXYZ-9876-BCDF"}],
        "roles": ["supplier"],
        "details": {"scale": "sme", "vcse": True},
    }
    person = {"id": "GB-FTS-77", "name": "Jo Bloggs", "roles": ["supplier"], "details": {"scale": "sme"}}
    told = {"id": "1", "awardID": "1", "documents": [document], **contract}
    firms = [{"id": firm["id"], "name": firm["name"]}, {"id": person["id"], "name": person["name"]}]
    return {
        "ocid": OCID, "id": number, "date": f"{day}T09:00:00+01:00", "tag": tags, "initiationType": "tender",
        "parties": [buyer, firm, person], "buyer": {"id": US, "name": "Council"},
        "tender": {"id": "T-1", "title": "Roads", "legalBasis": {"scheme": "UKPGA", "id": "2023/54"},
                   "mainProcurementCategory": "works"},
        "awards": [{"id": "1", "suppliers": firms}], "contracts": [told],
    }  # fmt: skip


def observed(number: str, title: str, code: str, first: str, last: str) -> dict[str, Any]:
    rating = {"id": code, "description": f"{code} it is"}
    period = {"startDate": f"{first}T00:00:00+01:00", "endDate": f"{last}T23:59:59+01:00"}
    observation = {"id": "n-9", "period": period, "measure": "97%", "measureClassification": rating}
    return {"id": number, "title": title, "description": "at least 95%", "observations": [observation]}


DETAILS = release(
    "000001-2026", "UK7", ["award", "contract"], "2026-04-20",
    status="active", dateSigned="2026-04-01T00:00:00+01:00", aboveThreshold=True,
    period={"startDate": "2026-04-01T00:00:00+01:00", "endDate": "2029-03-31T23:59:59+01:00",
            "maxExtentDate": "2030-03-31T23:59:59+01:00"},
    value={"amountGross": 6000000.01, "amount": 5000000.01, "currency": "GBP"},
    agreedMetrics=[
        {"id": str(n), "title": f"Indicator {n}", "description": "at least 95%",
         "observations": [{"id": "frequency", "period": {"durationInMonths": 3 * n}}]}
        for n in (1, 2, 3)
    ],
)  # fmt: skip
PERFORMANCE = release(
    "000002-2026", "UK9", ["implementation"], "2026-08-20",
    implementation={
        "metrics": [
            observed("1", "Indicator 1", "met", "2026-04-01", "2026-06-30"),
            observed("2", "Indicator 2", "slightlyBelow", "2026-04-01", "2026-06-30"),
            observed("3", "Indicator 3", "significantlyBelow", "2026-03-29", "2026-10-25"),
        ],
        "performanceFailures": [
            {"id": "f-1", "category": "Late", "description": "Mr Smith was late", "decisionDate": "2026-08-01T00:00:00+01:00",
             "penaltyDate": "2026-08-02T00:00:00+01:00", "penaltyType": "contracted",
             "penaltyValue": {"amountGross": 12.34, "currency": "GBP"}}
        ],
    },
)  # fmt: skip
CHANGE = release(
    "000003-2026", "UK10", ["contractAmendment"], "2026-09-02",
    amendments=[{"id": "000003-2026", "date": "2026-09-01T00:00:00+01:00", "rationale": "Mr Smith wants more",
                 "rationaleClassifications": [{"id": "providedContract"}]}],
    proposedAmendments=[
        {"id": "p-1", "date": "2026-12-01T00:00:00Z", "standstill": True, "hasRenewal": False, "aboveThreshold": True,
         "rationaleClassifications": [{"id": "additionalGoodsServicesWorks"}],
         "value": {"amountGross": 120.12, "amount": 100.1, "currency": "GBP"},
         "period": {"startDate": "2026-12-02T00:00:00Z", "endDate": "2029-06-30T23:59:59+01:00"}}
    ],
)  # fmt: skip
END = release(
    "000004-2026", "UK11", ["contractTermination"], "2026-10-25",
    status="terminated", statusDetails="Mr Smith left",
    terminationRationaleClassifications=[{"id": "mutuallyAgreed"}, {"id": "other"}],
    implementation={"endDate": "2026-10-24T00:00:00+01:00",
                    "finalValue": {"amountGross": 94196.4, "amount": 78497, "currency": "GBP"}},
)  # fmt: skip
NOTICES = [DETAILS, PERFORMANCE, CHANGE, END]


def packed(*notices: dict[str, Any]) -> bytes:
    return json.dumps({"releases": list(notices)}).encode()


@pytest.fixture(scope="module")
def before() -> Read:
    return read(packed(*NOTICES))


@pytest.fixture(scope="module")
def package(before: Read) -> bytes:
    return released(releases(before))


@pytest.fixture(scope="module")
def after(package: bytes) -> Read:
    return read(package)


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (keys.CORE_NOTICE_KPI, ASSESSED),
        (keys.CORE_NOTICE_CHANGE, CHANGED),
        (keys.CORE_NOTICE_END, ENDED),
        (keys.CORE_NOTICE_FAILURE, FAILED),
    ],
)
def test_what_is_written_is_what_our_reader_reads(before, after, table, names):
    assert after.rows(table, *names) == before.rows(table, *names)
    assert before.rows(table, *names)


def test_the_contract_keeps_its_numbers_its_days_and_its_money(before, after):
    names = ["ocid", "contract_id", "award_id", "tender_ref", "regime", "above_threshold", "signed_on",
             "start_on", "end_on", "max_end_on", "value_ex_vat_pence", "value_inc_vat_pence", "kpi_count"]  # fmt: skip
    assert after.books.noticed[names].to_dict("records") == before.books.noticed[names].to_dict("records")


def test_one_release_a_contract_tells_of_all_its_notices(package):
    [release] = json.loads(package)["releases"]

    assert release["ocid"] == OCID
    assert release["tag"] == [
        "award",
        "contract",
        "contractAmendment",
        "implementation",
        "contractTermination",
    ]
    documents = release["contracts"][0]["documents"]
    assert [(d["id"], d["noticeType"]) for d in documents] == [
        ("000001-2026", "UK7"), ("000002-2026", "UK9"), ("000003-2026", "UK10"), ("000004-2026", "UK11"),
    ]  # fmt: skip
    assert documents[0]["url"] == "https://www.find-tender.service.gov.uk/Notice/000001-2026"


def test_a_supplier_that_may_be_a_person_is_not_named_and_free_text_is_left_out(package):
    [release] = json.loads(package)["releases"]

    firm, person = (party for party in release["parties"] if party["roles"] == ["supplier"])
    assert firm["name"] == "Acme Ltd"
    assert {firm["identifier"]["id"], *(i["id"] for i in firm["additionalIdentifiers"])} == {
        "PXYZ-9876-BCDF", "01234567",
    }  # fmt: skip
    assert firm["details"] == {"scale": "sme", "vcse": True}
    assert person == {"id": "supplier-2", "name": REDACTED, "roles": ["supplier"]}
    assert b"Bloggs" not in package
    assert b"GB-FTS-77" not in package
    assert b"Smith" not in package


def test_the_order_of_notices_does_not_matter(package):
    assert released(releases(read(packed(*reversed(NOTICES))))) == package


def register(ref: str = "C-1", **more: Any) -> dict[str, Any]:
    plain = {"contract_title": "Paths", "agreement_kind": "contract", "regime": "pa23", "is_light_touch": False,
             "procurement_commenced_on": "2026-04-01", "signed_on": "2026-07-01", "start_on": "2026-07-01",
             "end_on": "2027-06-30", "value_ex_vat_pence": 100_000_001, "supplier_name": "Acme Ltd",
             "supplier_key": "GB-COH:01234567", "supplier_company_number": "01234567"}  # fmt: skip
    return {"contract_ref": ref, **plain, **more}


def of_register(*rows: dict[str, Any], assessments: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    found = releases(read(packed(*NOTICES), contracts=list(rows)), assessments)
    package = json.loads(released(found))
    return {"left_out": found.left_out, **{r["id"]: r for r in package["releases"]}}


def test_a_supplier_of_the_register_that_is_not_named_has_no_identifier_either():
    hidden = register(ocid="ocds-zz9zz9-000002", supplier_key="name:jo", supplier_name="Jo Bloggs")
    found = releases(read(packed(), contracts=[hidden]))

    [supplier] = found.contracts[0].suppliers
    assert (supplier["supplier_name"], supplier["supplier_company_number"]) == (REDACTED, None)
    assert b"01234567" not in released(found)


@pytest.mark.parametrize(
    ("differs", "decision", "text"),
    [
        ({}, "national security", WITHHELD),
        ({}, "sensitive commercial information with overriding public interest", COMMERCIAL),
        ({"supplier_key": "name:jo"}, None, REDACTED),
    ],
)
def test_who_the_register_may_not_name_is_not_named_from_the_notice(differs, decision, text):
    withheld = {
        "decision_id": "D-1", "decision_kind": "withholding", "subject": "C-1", "reason_code": decision,
        "role": "monitoring officer", "decided_on": "2026-11-01",
    }  # fmt: skip
    link = {
        "contract_ref": "C-1", "ocid": OCID, "contract_id": "1", "award_id": "1", "is_ambiguous": False,
        "first_release_id": "000001-2026", "release_id": "000001-2026",
    }  # fmt: skip
    told = read(
        packed(*NOTICES),
        contracts=[register(ocid=OCID, contract_id="1", **differs)],
        links=[link],
        decisions=[withheld] if decision else [],
    )
    package = released(releases(told))

    [release] = json.loads(package)["releases"]
    assert [p["name"] for p in release["parties"] if "supplier" in p["roles"]] == [text]
    assert b"Acme" not in package
    assert b"01234567" not in package


def test_no_identifier_is_made_up_and_what_has_none_is_counted():
    found = of_register(
        register("C-1"), register("C-2", ocid="ocds-zz9zz9-000002", contract_id="7"), register("C-3")
    )

    ours = found[f"{PERIOD}-C-2"]
    assert found["left_out"] == 2
    assert (ours["ocid"], ours["contracts"][0]["id"]) == ("ocds-zz9zz9-000002", "7")
    assert {r["ocid"] for name, r in found.items() if name != "left_out"} == {OCID, "ocds-zz9zz9-000002"}


def test_a_net_value_stays_net_and_a_contract_without_a_number_bears_its_reference():
    [contract] = of_register(register(ocid="ocds-zz9zz9-000002"))[f"{PERIOD}-C-1"]["contracts"]

    assert contract["value"] == {"amount": 1000000.01, "currency": "GBP"}
    assert (contract["id"], contract["awardID"], contract["status"]) == ("C-1", "C-1", "active")
    assert contract["period"] == {
        "startDate": "2026-07-01T00:00:00+01:00", "endDate": "2027-06-30T23:59:59+01:00",
    }  # fmt: skip


def test_the_status_of_a_contract_goes_by_the_day_spoken_about():
    differs: list[tuple[dict[str, Any], str]] = [
        ({"end_on": "2026-11-22"}, "terminated"),
        ({"end_on": "2026-11-23"}, "active"),
        ({"signed_on": "2026-11-23"}, "active"),
        ({"signed_on": "2026-11-24"}, "pending"),
        ({"signed_on": None, "start_on": "2026-11-24"}, "pending"),
    ]
    rows = [register(f"C-{n}", ocid=f"ocds-zz9zz9-00000{n}", **more) for n, (more, _) in enumerate(differs)]
    found = of_register(*rows)

    status = [found[f"{PERIOD}-C-{n}"]["contracts"][0]["status"] for n in range(len(differs))]
    assert status == [expected for _, expected in differs]


def test_the_codes_of_the_ratings_are_those_of_the_extension():
    assert {word: code for word, (code, _) in RATINGS.items()} == {
        "good": "met",
        "approaching target": "slightlyBelow",
        "requires improvement": "below",
        "inadequate": "significantlyBelow",
        "other": "other",
    }


def test_a_rating_that_an_officer_confirmed_is_read_back_with_its_code_and_period():
    rated = [
        {"contract_ref": "C-1", "period": PERIOD, "kpi_id": f"{n + 1}", "kpi_title": f"Jobs {n}",
         "confirmed_rating": word, "observed_from_on": "2026-07-01", "observed_to_on": "2026-09-30"}
        for n, word in enumerate(RATINGS)
    ]  # fmt: skip
    found = releases(read(packed(), contracts=[register(ocid="o-2", contract_id="1")]), rated)
    kpis = plain(read(released(found)).parts[keys.CORE_NOTICE_KPI])

    period = (date(2026, 7, 1), date(2026, 9, 30))
    names = ("kpi_id", "kpi_title", "rating", "observed_from_on", "observed_to_on")
    assert [tuple(k[n] for n in names) for k in kpis] == [
        (f"{n + 1}", f"Jobs {n}", code, *period) for n, (code, _) in enumerate(RATINGS.values())
    ]


def test_an_assessment_here_stands_with_those_that_notices_gave_of_the_same_indicator():
    link = {
        "contract_ref": "C-1", "ocid": OCID, "contract_id": "1", "award_id": "1", "is_ambiguous": False,
        "first_release_id": "000001-2026", "release_id": "000001-2026",
    }  # fmt: skip
    rated = {"contract_ref": "C-1", "period": PERIOD, "kpi_id": "1", "kpi_title": "Indicator 1", "kpi_description": "at least 95%",
             "confirmed_rating": "inadequate", "observed_from_on": "2026-07-01", "observed_to_on": "2026-09-30"}  # fmt: skip
    told = read(packed(*NOTICES), contracts=[register(ocid=OCID, contract_id="1")], links=[link])
    [contract] = json.loads(released(releases(told, [rated])))["releases"][0]["contracts"]

    metrics = contract["implementation"]["metrics"]
    codes = [[o["measureClassification"]["id"] for o in metric["observations"]] for metric in metrics]
    assert [metric["id"] for metric in metrics] == [metric["id"] for metric in contract["agreedMetrics"]]
    assert codes == [["met", "significantlyBelow"], ["slightlyBelow"], ["significantlyBelow"]]


def test_the_package_says_who_publishes_it_under_which_licence_and_when(package):
    told = json.loads(package)

    assert told["uri"] == f"tag:notices@example.org,{AS_OF}:ocds-releases/{PERIOD}"
    assert told["publishedDate"] == "2026-11-23T00:00:00+00:00"
    assert told["publisher"] == {"name": Council.name, "scheme": "GB-PPON", "uid": "PABC-1234-DEFG"}
    assert told["version"] == "1.1"


@settings(max_examples=50)
@given(st.integers(0, 10**14 - 1), st.booleans())
def test_every_penny_comes_back(amount, is_gross):
    told = value(None, amount) if is_gross else value(amount, None)

    number = exact_json(json.dumps(told))["amountGross" if is_gross else "amount"]
    assert pence(number) == amount


@settings(max_examples=50)
@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_a_day_comes_back_from_its_first_and_its_last_second(day):
    both = span(day, day)

    assert read_date(both["startDate"]) == read_date(both["endDate"]) == day
    assert all(datetime.fromisoformat(text).tzinfo for text in both.values())


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        ("2026-03-28", "2026-03-28T00:00:00+00:00", "2026-03-28T23:59:59+00:00"),
        ("2026-03-29", "2026-03-29T00:00:00+00:00", "2026-03-29T23:59:59+01:00"),
        ("2026-10-25", "2026-10-25T00:00:00+01:00", "2026-10-25T23:59:59+00:00"),
        ("2026-10-26", "2026-10-26T00:00:00+00:00", "2026-10-26T23:59:59+00:00"),
    ],
)
def test_days_on_which_the_clocks_change_have_the_offset_of_their_hour(day, start, end):
    on = date.fromisoformat(day)

    assert (moment(on), moment(on, end=True)) == (start, end)
