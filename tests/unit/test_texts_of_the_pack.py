"""No text that is redacted anywhere stands in any file of a pack, and what names a person is not published."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.code_sets import select_card, select_grants, select_tenders
from kcc_etl.domain.drafts.assessments import confirmed_assessments
from kcc_etl.domain.hidden_names import HiddenNames, hidden_names
from kcc_etl.domain.personal import may_be_about_a_person, may_name_a_person
from kcc_etl.domain.publication import publishable_contracts, select_register, select_spend
from kcc_etl.domain.reviewed import NOT_REVIEWED, publishable_titles
from kcc_etl.schema.frames import empty, from_rows
from reports.manifest import ParameterStamp
from reports.ocds import OCDS_FILE
from reports.pack import Material, render_pack
from reports.verify import verify
from tests.unit import report_frames as given
from tests.unit.ocds_reading import read, releases
from tests.unit.test_publication import NO_DECISIONS, PARAMETERS, Q2, ledger, register

SECRETS = (
    "Janey",
    "AB123456C",
    "jo@home.example",
    "01622 765432",
    "Pseudonym",
    "Unreadable",
    "Inkognito",
    "Hiddenname",
)
"""A word of each text that no officer has read or that is never published, and of each name that is redacted."""

CONTRACTS = register(
    {"contract_ref": "C1", "contract_title": "Tuition by Mrs Janey Doe", "contract_description": "Unreadable words"},
    {"contract_ref": "C2", "contract_title": "Help for AB123456C, ask jo@home.example", "contract_id": "2"},
    {"contract_ref": "C3", "contract_title": "Care package for Pseudonym Doe", "contract_id": "3",
     "contract_description": "Care package for Pseudonym Doe"},
    {"contract_ref": "C4", "contract_title": "Roads, call 01622 765432", "contract_id": "4",
     "supplier_name": "Inkognito Person", "supplier_company_number": None, "supplier_ppon": None},
    # Names that are redacted in another row, or in another table alone.
    {"contract_ref": "C5", "contract_title": "Roads left by INKOGNITO-PERSON", "contract_id": "5"},
    {"contract_ref": "C6", "contract_title": "Fees: Hiddenname, Quentin", "contract_id": "6",
     "contract_description": "Fees: Hiddenname, Quentin"},
)  # fmt: skip
PAYMENTS = ledger(CONTRACTS, {"purpose": "Unreadable words"}, {"purpose": "Fees of Mrs Janey Doe"},
    {"purpose": "Fees of Quentin Hiddenname"},
    {"purpose": "Salt", "supplier_name": "Mr Quentin Hiddenname", "supplier_company_number": None,
     "supplier_charity_number": None, "contract_ref": None, "payment_ref": "P-9"},
)  # fmt: skip
METRIC = {"id": "1", "title": "Visits by Mrs Janey Doe", "description": "Care for Pseudonym Doe, AB123456C"}
NOTICE = {
    "ocid": "ocds-h6vhtk-000009", "id": "000009-2026", "date": "2026-08-20T09:00:00+01:00", "tag": ["award", "contract"],
    "buyer": {"id": "GB-PPON-PABC-1234-DEFG", "name": "Council"},
    "parties": [{"id": "GB-PPON-PABC-1234-DEFG", "name": "Council", "roles": ["buyer"]}],
    "tender": {"id": "T-9", "title": "Tuition by Mrs Janey Doe", "legalBasis": {"scheme": "UKPGA", "id": "2023/54"}},
    "awards": [{"id": "1", "suppliers": []}],
    "contracts": [{"id": "1", "awardID": "1", "title": "Care for Mrs Janey Doe", "status": "active",
                   "description": "Lodgings for Pseudonym Doe", "dateSigned": "2026-08-01T00:00:00+01:00",
                   "documents": [{"id": "000009-2026", "noticeType": "UK7"}], "agreedMetrics": [METRIC]}],
}  # fmt: skip


def reviewed(text: str) -> pd.DataFrame:
    row = {
        "decision_id": "D-1",
        "decision_kind": "reviewed text",
        "subject": text,
        "decided_on": date(2026, 7, 1),
    }
    return from_rows([row], keys.CORE_DECISION)


DECISIONS = reviewed("Fees of Quentin Hiddenname")


@pytest.fixture(scope="module")
def pack() -> dict[str, bytes]:
    told = read(json.dumps({"releases": [NOTICE]}).encode(), contracts=CONTRACTS.to_dict("records"))
    notices = told.books.notices
    rating = {"period": Q2.id, "kpi_id": METRIC["id"], "kpi_title": METRIC["title"], "kpi_description": METRIC["description"],
              "confirmed_rating": "good", "confirmed_by": "head"}  # fmt: skip
    ratings = from_rows(
        [{**rating, "contract_ref": ref} for ref in CONTRACTS["contract_ref"]], keys.OUT_RATING
    )
    made = {
        keys.OUT_REGISTER: select_register(CONTRACTS, notices, DECISIONS, PAYMENTS, PARAMETERS, Q2),
        keys.OUT_SPEND: select_spend(PAYMENTS, CONTRACTS, DECISIONS, PARAMETERS, Q2),
        keys.OUT_TENDER: select_tenders(
            notices, CONTRACTS.assign(process_type="published invitation to tender"), DECISIONS, PAYMENTS, PARAMETERS, Q2
        ),
        keys.OUT_CARD: select_card(PAYMENTS.assign(card_transaction="GPC"), CONTRACTS, DECISIONS, PARAMETERS, Q2),
        keys.OUT_GRANT: select_grants(PAYMENTS.assign(is_vcse_grant=True), CONTRACTS, DECISIONS, PARAMETERS, Q2),
        keys.OUT_ASSESSMENT: confirmed_assessments(
            ratings, CONTRACTS, empty(keys.CORE_REGISTER_NOTICE), told.books.noticed, DECISIONS,
            PARAMETERS.redaction, empty(keys.OUT_DISCLOSED),
            hidden_names(CONTRACTS, PAYMENTS, DECISIONS, PARAMETERS.redaction),
        ),
    }  # fmt: skip
    assert all(len(made[table]) for table in (keys.OUT_REGISTER, keys.OUT_SPEND, keys.OUT_ASSESSMENT))
    stamp = ParameterStamp("a1b2c3d4e5f6", "assumption", is_approved=False)
    material = Material(
        given.frames() | made,
        given.quality(),
        [],
        stamp,
        given.MEASURES,
        contracts=releases(told, payments=PAYMENTS),
    )
    return render_pack(given.edition(), material)


def words_in(name: str, content: bytes) -> str:
    if not name.endswith((".docx", ".xlsx", ".ods")):
        return content.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return " ".join(parts.read(part).decode("utf-8", "replace") for part in parts.namelist())


def test_no_text_that_is_redacted_stands_in_any_file(pack):
    """UK GDPR; issue 6: free text unpublished unless reviewed, in every format."""
    found = {
        (name, secret)
        for name, content in pack.items()
        for secret in SECRETS
        if secret in words_in(name, content)
    }
    assert found == set()


def test_no_name_that_is_redacted_stands_in_the_performance():
    """UK GDPR; the titles of contracts stand beside their figures too."""
    shown = publishable_contracts(CONTRACTS, PAYMENTS, DECISIONS, PARAMETERS.redaction)

    assert shown["contract_title"].tolist()[-2:] == [NOT_REVIEWED] * 2
    assert not shown[["supplier_name", "contract_title"]].map(lambda t: "nkognito" in str(t)).any(axis=None)


@pytest.mark.parametrize(
    ("name", "text", "stands"),
    [
        ("Jo Doe", "Fees of jo DOE, June", True),
        ("DOE, Jo", "Fees of Jo Doe", True),
        ("Mr Jo Doe", "Fees of Doe, Jo", True),
        ("Jo van Doe", "VAN DOE, JO", True),
        ("Jo Doe", "Fees of Jo Doerr", False),
        ("Jo Doe", "Jo and Doe", True),  # words that are no names do not tell two names apart
        ("Jane Doe and John Doe", "Payment to Jane Doe and John Doe", True),
        ("Jo Dr Doe", "Fees of Jo Dr Doe", True),
        ("Jo Mr", "Jo Mr", False),
        ("Doe", "Doe", False),  # a single word could be a word of any text
        (None, "Fees of Jo Doe", False),
        ("Jo Doe", None, False),
    ],
)
def test_a_hidden_name_stands_in_a_text_in_either_order(name: str | None, text: str | None, stands: bool):
    assert HiddenNames([name]).stand_in(text) is stands


def test_a_name_that_is_published_elsewhere_hides_no_text():
    paid = ledger(
        CONTRACTS, {"supplier_name": "Mr Quentin Hiddenname", "supplier_company_number": "99000077"}
    )
    hidden = hidden_names(CONTRACTS, pd.concat([PAYMENTS, paid]), DECISIONS, PARAMETERS.redaction)

    assert not hidden.stand_in("Quentin Hiddenname")
    assert hidden.stand_in("Inkognito Person")


@pytest.mark.parametrize(
    ("contract_ref", "stands"),
    [
        ("C1", True),  # its payments are withheld with it
        ("C2", False),
        (None, False),
    ],
)
def test_a_supplier_that_is_withheld_hides_texts_once_it_is_paid(contract_ref: str | None, stands: bool):
    """PA23 s.94: its name stands in no file, so in no title."""
    contracts = register({"contract_ref": "C1", "supplier_name": "Fenmoor Ltd"})
    paid = ledger(contracts, {"supplier_name": "Fenmoor Ltd", "contract_ref": contract_ref})
    row = {"decision_id": "D-1", "decision_kind": "withholding", "subject": "C1", "reason_code": "national security",
           "role": "monitoring officer", "decided_on": date(2026, 7, 1)}  # fmt: skip
    decisions = from_rows([row], keys.CORE_DECISION)
    hidden = hidden_names(contracts, paid, decisions, PARAMETERS.redaction)

    assert hidden.stand_in("Extension of service by Fenmoor Ltd") is stands


def test_the_package_of_releases_shows_what_the_register_shows(pack):
    shown = words_in("contracts-register.csv", pack["contracts-register.csv"])
    told = json.loads(pack[OCDS_FILE])["releases"]
    described = [c["description"] for one in told for c in one["contracts"] if "description" in c]

    assert NOT_REVIEWED in described
    assert all(text in shown or text == NOT_REVIEWED for text in described)
    assert {one["tender"]["title"] for one in told} >= {NOT_REVIEWED}


def test_the_verifier_reads_the_package_and_the_titles_of_a_pack_of_ours(pack, tmp_path: Path):
    for name, content in pack.items():
        (tmp_path / name).write_bytes(content)
    told = json.loads(pack[OCDS_FILE])
    told["releases"][0]["tender"] |= {"title": "Tuition by Mrs Janey Doe", "description": "of AB123456C"}
    (tmp_path / OCDS_FILE).write_bytes(json.dumps(told).encode())

    [verdict] = [one for one in verify(tmp_path) if one.name == OCDS_FILE]
    assert {f.rule_id for f in verdict.findings if f.severity == "critical"} >= {"PK-008", "PK-016"}
    assert not any("Janey" in finding.found for finding in verdict.findings)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Title by Mrs Jane Secretperson", True),
        ("Mr. J. O'Neil", True),
        ("WORKS FOR MR SMITH", True),
        ("Dr de Souza, report", True),
        ("M\u200brs Jane Secret", True),
        ("Dame Élodie Ñandú", True),
        ("Care package for Jane Smith", True),
        ("Placement of Ann-Marie Jones at home", True),
        ("Foster care: package for J. Bloggs", True),
        ("Care for jane smith", False),
        ("Fees of mr j smith", True),
        ("Repairs for mrs. o'neil", True),
        ("Re: J Smith", True),
        ("re J. R. Smith, June", True),
        ("RE Jane Smith", True),
        ("Transport, client Jane Smith", True),
        ("Client: Jane Smith", True),
        ("On behalf of Jane Smith", True),
        ("Estate of Jane Anne Smith", True),
        ("Professional fees of Jane Smith KC", True),
        ("Hire of room, J. Smith", True),
        ("J.R. Smith-Jones, repairs", True),
        ("Smith v Kent County Council", True),
        ("Reimbursement to Smith, Jane", True),
        ("c/o Jane Smith", True),
        ("Client Caseload Information System", False),
        ("Pupil Referral Unit Roof", False),
        ("Tenant Discount App", False),
        ("Re-roofing of Depot", False),
        ("Framework re Highways", False),
        ("Fees of Kent County Council", False),
        ("St. Bede School", False),
        ("A. Level papers", True),  # an initial and a word: an officer reads it
        ("MS Office licences", False),
        ("DR site hosting", False),
        ("Sir Roger Manwood's School, roof", False),
        ("Dr Smith and Partners Surgery", False),
        ("Care and Support for Young Adults", False),
        ("Provision of Home Care", False),
        ("Care Home for Older People", False),
        ("Supply of Road Salt", False),
        ("Assessment of Flood Risk", False),
    ],
)  # fmt: skip
def test_what_seems_to_name_a_person(title: str, names: bool):
    assert may_name_a_person(title) is names


@pytest.mark.parametrize(
    ("text", "is_about"),
    [
        ("Ramp at 12 High Street, Ashford", True),
        ("Ramp at 12a, Upper High Street", True),
        ("Works at Flat 3, the depot", True),
        ("Heating, ME14 1XX", True),
        ("Heating, me141xx", True),
        ("Transport, case 123456", True),
        ("Transport, Client No. AB/12345", True),
        ("Tuition, UPN A123456789012", True),
        ("Therapy, NHS number 943 476 5919", True),
        ("Mosaic ID: 1234567", True),
        ("Depot in the High Street", False),
        ("TD041-20 Doughty Road Depot", False),
        ("Case for change 2026", False),
        ("Client systems, lot 12", False),
        ("Child places 2026/27", False),
        ("Contract EV1 2AB", False),
        ("Mr Smith", True),
        ("Supply of Road Salt", False),
    ],
)
def test_what_seems_to_be_about_a_person(text: str, is_about: bool):
    """UK GDPR: held until an officer has read it."""
    assert may_be_about_a_person(text) is is_about
    assert (publishable_titles(pd.Series([text], dtype="str"), NO_DECISIONS, PARAMETERS.redaction.texts)
            == NOT_REVIEWED).item() is is_about  # fmt: skip


def test_a_title_that_names_a_person_is_published_once_an_officer_has_reviewed_it():
    titles = pd.Series(["Tuition by Mrs Jane Doe", "Roads", None], dtype="str")
    rules = PARAMETERS.redaction.texts

    assert publishable_titles(titles, NO_DECISIONS, rules).tolist()[:2] == [NOT_REVIEWED, "Roads"]
    assert (
        publishable_titles(titles, reviewed("tuition  by MRS Jane Doe"), rules).tolist()[:2]
        == titles.tolist()[:2]
    )
