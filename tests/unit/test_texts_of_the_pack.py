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
from kcc_etl.domain.code_sets import select_tenders
from kcc_etl.domain.drafts.assessments import confirmed_assessments
from kcc_etl.domain.personal import may_name_a_person
from kcc_etl.domain.publication import select_register, select_spend
from kcc_etl.domain.reviewed import NOT_REVIEWED, publishable_titles
from kcc_etl.schema.frames import empty, from_rows
from reports.manifest import ParameterStamp
from reports.ocds import OCDS_FILE
from reports.pack import Material, render_pack
from reports.verify import verify
from tests.unit import report_frames as given
from tests.unit.ocds_reading import read, releases
from tests.unit.test_publication import NO_DECISIONS, PARAMETERS, Q2, ledger, register

SECRETS = ("Janey", "AB123456C", "jo@home.example", "01622 765432", "Pseudonym", "Unreadable", "Inkognito")
"""A word of each text that no officer has read or that is never published."""

CONTRACTS = register(
    {"contract_ref": "C1", "contract_title": "Tuition by Mrs Janey Doe", "contract_description": "Unreadable words"},
    {"contract_ref": "C2", "contract_title": "Help for AB123456C, ask jo@home.example", "contract_id": "2"},
    {"contract_ref": "C3", "contract_title": "Care package for Pseudonym Doe", "contract_id": "3",
     "contract_description": "Care package for Pseudonym Doe"},
    {"contract_ref": "C4", "contract_title": "Roads, call 01622 765432", "contract_id": "4",
     "supplier_name": "Inkognito Person", "supplier_company_number": None, "supplier_ppon": None},
)  # fmt: skip
PAYMENTS = ledger(CONTRACTS, {"purpose": "Unreadable words"}, {"purpose": "Fees of Mrs Janey Doe"})
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


@pytest.fixture(scope="module")
def pack() -> dict[str, bytes]:
    told = read(json.dumps({"releases": [NOTICE]}).encode(), contracts=CONTRACTS.to_dict("records"))
    notices = told.books.notices
    rating = {"period": Q2.id, "measure_code": "KM01", "confirmed_rating": "good", "confirmed_by": "head"}
    ratings = from_rows(
        [{**rating, "contract_ref": ref} for ref in CONTRACTS["contract_ref"]], keys.OUT_RATING
    )
    made = {
        keys.OUT_REGISTER: select_register(CONTRACTS, notices, NO_DECISIONS, PARAMETERS, Q2),
        keys.OUT_SPEND: select_spend(PAYMENTS, CONTRACTS, NO_DECISIONS, PARAMETERS, Q2),
        keys.OUT_TENDER: select_tenders(
            notices, CONTRACTS.assign(process_type="published invitation to tender"), NO_DECISIONS, PARAMETERS, Q2
        ),
        keys.OUT_ASSESSMENT: confirmed_assessments(
            ratings, CONTRACTS, empty(keys.CORE_REGISTER_NOTICE), told.books.noticed, NO_DECISIONS,
            PARAMETERS.measures, PARAMETERS.redaction, empty(keys.OUT_DISCLOSED),
        ),
    }  # fmt: skip
    assert all(len(made[table]) for table in (keys.OUT_REGISTER, keys.OUT_SPEND, keys.OUT_ASSESSMENT))
    stamp = ParameterStamp("a1b2c3d4e5f6", "assumption", is_approved=False)
    material = Material(
        given.frames() | made, given.quality(), [], stamp, given.MEASURES, contracts=releases(told)
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


def test_a_title_that_names_a_person_is_published_once_an_officer_has_reviewed_it():
    titles = pd.Series(["Tuition by Mrs Jane Doe", "Roads", None], dtype="str")
    rules = PARAMETERS.redaction.texts

    assert publishable_titles(titles, NO_DECISIONS, rules).tolist()[:2] == [NOT_REVIEWED, "Roads"]
    assert (
        publishable_titles(titles, reviewed("tuition  by MRS Jane Doe"), rules).tolist()[:2]
        == titles.tolist()[:2]
    )
