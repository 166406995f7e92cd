"""For every check-stage rule: rows that pass, rows at fault, rows it does not speak about.

Does not belong here: rules of intake and core. A case gives rows by table; what a row leaves out is missing.
`faults` are the subjects expected in the findings of the rows at fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from checks.rules.outcome import Inputs
from kcc_etl import asset_keys as keys
from kcc_etl.parameters.load import load_parameters
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import TABLES

C, N, P = keys.CORE_CONTRACT, keys.CORE_NOTICE, keys.CORE_PAYMENT
R, D, T = keys.CORE_CLAIM, keys.CORE_DECISION, keys.OUT_TARGET
V = keys.OUT_TARGET_VERSION
F, S70, SPEND = keys.OUT_PERFORMANCE, keys.OUT_OVER_30K, keys.OUT_SPEND
REGISTER = keys.OUT_REGISTER
WHO, ALIKE = keys.CORE_SUPPLIER, keys.CORE_SUPPLIER_REVIEW
J, X = keys.CORE_REGISTER_NOTICE, keys.CORE_DISAGREEMENT
REDACTED = "REDACTED PERSONAL DATA"

Rows = list[dict[str, object]]
World = dict[str, Rows]

LANDED = {
    "source_sha256": "ab" * 32,
    "source_file": "file.csv",
    "source_sheet": None,
    "source_name": "source",
}
QUESTIONS = [name for name in TABLES[C].columns if name.startswith(("risk_", "complexity_"))]
ANSWERED = dict.fromkeys(QUESTIONS, 2)
QUARTER = "2026-27-Q2"


@cache
def parameters() -> Parameters:
    return load_parameters()


def frame(table: str, rows: Rows) -> pd.DataFrame:
    placed = [{**LANDED, "source_row": place, **row} for place, row in enumerate(rows, 2)]
    return from_rows(placed, table) if rows else empty(table)


def inputs(world: World) -> Inputs:
    frames = {name: frame(name, world.get(name, [])) for name in TABLES}
    return Inputs(frames=frames, as_of=date(2026, 11, 23), parameters=parameters())


@dataclass(frozen=True)
class Case:
    good: World
    bad: World
    other: World
    faults: tuple[str, ...]
    found: str = ""


def contract(ref: str = "C-1", **more: object) -> dict[str, object]:
    return {"contract_ref": ref, "supplier_name": "Acme Ltd", "supplier_key": "GB-COH:01234567", **more}


def joined(ref: str = "C-1", **more: object) -> dict[str, object]:
    return {"contract_ref": ref, "ocid": "o-1", "release_id": "n-1", **more}


def differs(field: str, ref: str = "C-1", **more: object) -> dict[str, object]:
    said = {"register_value": "ours", "notice_value": "theirs"}
    return {"contract_ref": ref, "ocid": "o-1", "release_id": "n-1", "field_name": field, **said, **more}


def in_scope(ref: str = "C-1", **more: object) -> dict[str, object]:
    term = {"start_on": "2026-04-01", "end_on": "2028-03-31"}
    started = {"procurement_commenced_on": "2026-02-01", "value_ex_vat_pence": 20_000_000, **term}
    return contract(ref, **{"agreement_kind": "contract", "regime": "pa23", **started, **ANSWERED, **more})


def payment(ref: str = "P-1", **more: object) -> dict[str, object]:
    common = {"contract_ref": "C-1", "supplier_name": "Acme Ltd", "supplier_key": "GB-COH:01234567"}
    return {"payment_ref": ref, "paid_on": "2026-07-01", "amount_ex_vat_pence": 1000, **common, **more}


def quarter(period: str, j1: int, s1: int, c1: int, ref: str = "C-1") -> Rows:
    quantities = {"J1": j1, "S1": s1, "C1": c1}
    return [
        claim(ref, period=period, measure_code=code, claimed=str(quantity))
        for code, quantity in quantities.items()
    ]


def claim(ref: str = "C-1", **more: object) -> dict[str, object]:
    return {
        "contract_ref": ref,
        "period": QUARTER,
        "measure_code": "J1",
        "claimed": "10",
        "district": "county",
        **more,
    }


def verified(number: str = "D-1", **more: object) -> dict[str, object]:
    about = {"subject": "C-1", "measure_code": "J1", "period": QUARTER, "decided_on": "2026-11-02"}
    return {"decision_id": number, "decision_kind": "verification", **about, **more}


def override(number: str = "D-1", **more: object) -> dict[str, object]:
    about = {
        "subject": "C-1",
        "measure_code": "J1",
        "decided_on": "2026-05-01",
        "reason_code": "cost pressure",
    }
    return {"decision_id": number, "decision_kind": "override", **about, "role": "category lead", **more}


def asked(ref: str = "C-1", **more: object) -> dict[str, object]:
    return {"contract_ref": ref, "measure_code": "J1", "target": "8", "original": "8", **more}


def milestone(number: str, quantity: str, day: str = "2027-03-31") -> dict[str, object]:
    about = {"subject": "C-1", "measure_code": "J1", "decided_on": "2026-05-01", "role": "contract manager"}
    kind = {"decision_id": number, "decision_kind": "milestone"}
    return {**kind, **about, "quantity": quantity, "effective_on": day}


def version(number: int = 1, **more: object) -> dict[str, object]:
    return {"contract_ref": "C-1", "measure_code": "J1", "version": number, **more}


def figure(ref: str = "C-1", **more: object) -> dict[str, object]:
    return {"period": QUARTER, "contract_ref": ref, "measure_code": "J1", "return_status": "received", **more}


def paid_over(**more: object) -> dict[str, object]:
    identified = {"ocid": "ocds-1", "contract_id": "k-1", "supplier_ppon": "PABC-1234-DEFG"}
    place = {
        "period": QUARTER,
        "payment_ref": "P-1",
        "paid_on": "2026-09-30",
        "amount_inc_vat_pence": 3_000_001,
    }
    return {**identified, **place, **more}


def supplier(key: str = "GB-COH:01234567", **more: object) -> dict[str, object]:
    return {"supplier_key": key, "supplier_name": "Acme Ltd", **more}


def look_alike(key: str = "GB-COH:01234567", **more: object) -> dict[str, object]:
    names = {"supplier_name": "Acme", "other_key": "name:acne", "other_name": "Acne"}
    stake = {"at_stake_pence": 10_000_000, "other_at_stake_pence": 25_000_000}
    return {"supplier_key": key, "likeness": 92, "reason": "spelt nearly alike", **names, **stake, **more}


def listed(ref: str, **more: object) -> dict[str, object]:
    return {"period": QUARTER, "contract_ref": ref, "payee": "Acme Ltd", **more}


def reached(ref: str = "C-1", **more: object) -> dict[str, object]:
    """A contract for services that section 70 reaches; its threshold is £207,720 including VAT."""
    act = {"agreement_kind": "contract", "regime": "pa23", "procurement_commenced_on": "2026-04-01"}
    worth = {"procurement_category": "services", "value_ex_vat_pence": 20_772_000}
    return contract(ref, **{**act, **worth, **more})


def receipt(kind: str, rows: int, pence: int = 0, **more: object) -> dict[str, object]:
    return {"kind": kind, "fate": "accepted", "rows_arrived": rows, "pence_arrived": pence, **more}


def aside(kind: str, pence: int | None = None, fate: str = "quarantined") -> dict[str, object]:
    return {"kind": kind, "fate": fate, "amount_pence": pence}


def control(kind: str, table: str, row: dict[str, object], money: str = "") -> Case:
    rows = [{**row, money: 500} if money else row] * 2
    pence = 1300 if money else 0
    good = {
        table: rows,
        "receipt": [receipt(kind, 3, pence)],
        "set_aside": [aside(kind, 300 if money else None)],
    }
    bad = {**good, "set_aside": []}
    return Case(
        good, bad, {table: [], "receipt": [receipt(kind, 9, 9, fate="refused")]}, (TABLES[table].title,)
    )


CASES: dict[str, Case] = {
    "CR-006": Case(
        {C: [contract(value_ex_vat_pence=101)]},
        {C: [contract(value_ex_vat_pence=100), contract("C-2", value_ex_vat_pence=0)]},
        {C: [contract()]},
        ("C-1", "C-2"),
        "£1.00",
    ),
    "CR-007": Case(
        {C: [contract(start_on="2026-01-01", awarded_on="2026-01-01")]},
        {C: [contract(start_on="2026-01-01", awarded_on="2026-01-02")]},
        {C: [contract(start_on="2026-01-01")]},
        ("C-1",),
        "2026-01-01 (Award date: 2026-01-02)",
    ),
    "CR-010": Case(
        {C: [contract(procurement_category="works")]},
        {C: [contract(procurement_category="stuff"), contract("C-2")]},
        {},
        ("C-1", "C-2"),
        "stuff",
    ),
    "CR-011": Case(
        {C: [in_scope()]},
        {C: [in_scope(risk_market=None), in_scope("C-2", complexity_term=4)]},
        {
            C: [
                in_scope(risk_market=None, procurement_commenced_on="2025-12-31"),
                in_scope("C-2", risk_market=None, agreement_kind="framework"),
                in_scope("C-3", risk_market=None, value_ex_vat_pence=2_499_999),
                in_scope("C-4", risk_market=None, regime="psr"),
                in_scope("C-5", risk_market=None, is_school_contract=True),
            ]
        },
        ("C-1", "C-2"),
        "no answer from 1 to 3 to: Risk: market depth",
    ),
    "CR-012": Case(
        {
            C: [
                contract("F-1", agreement_kind="framework"),
                contract(agreement_kind="call-off", parent_ref="F-1"),
            ]
        },
        {
            C: [
                contract("C-2"),
                contract(agreement_kind="call-off", parent_ref="C-2"),
                contract("C-3", agreement_kind="call-off"),
            ]
        },
        {C: [contract(agreement_kind="contract")]},
        ("C-1", "C-3"),
        "C-2",
    ),
    "CR-013": Case(
        {C: [contract(district="E07000110"), contract("C-2", district="unknown")]},
        {C: [contract(district="E06000035")]},
        {C: [contract()]},
        ("C-1",),
        "E06000035",
    ),
    "CR-014": Case(
        {
            C: [
                contract(value_ex_vat_pence=101, value_inc_vat_pence=122),
                contract("C-2", value_ex_vat_pence=900, value_inc_vat_pence=900),
            ]
        },
        {
            C: [
                contract(value_ex_vat_pence=1000, value_inc_vat_pence=1202),
                contract("C-2", value_ex_vat_pence=1000, value_inc_vat_pence=999),
            ]
        },
        {
            C: [
                contract(value_ex_vat_pence=1000),
                contract("C-2", value_ex_vat_pence=100, value_inc_vat_pence=9999),
            ]
        },
        ("C-1", "C-2"),
        "£12.02",
    ),
    "CR-015": Case(
        {C: [contract(supplier_size="micro")]},
        {C: [contract(supplier_size="unknown"), contract("C-2")]},
        {},
        ("C-1", "C-2"),
        "unknown",
    ),
    "CR-016": Case({C: [contract()]}, {}, {}, ("Contracts",), "0 rows"),
    "CR-017": Case(
        {C: [contract(), contract("C-2")]}, {C: [contract(), contract()]}, {}, ("C-1", "C-1"), "C-1"
    ),
    "CR-018": control("register", C, contract(), "value_ex_vat_pence"),
    "CR-019": Case(
        {C: [contract(value_ex_vat_pence=1, start_on="2026-01-01", end_on="2026-01-01")]},
        {C: [contract(value_ex_vat_pence=1, start_on="2026-01-01", end_on=None)]},
        {},
        ("C-1",),
        "nothing",
    ),
    "NT-005": Case(
        {
            C: [contract(ocid="o-1")],
            J: [joined("C-2", ocid="o-3")],
            N: [{"notice_type": "UK7", "ocid": "o-1"}, {"notice_type": "UK7", "ocid": "o-3"}],
        },
        {
            C: [contract(ocid="o-1"), contract("C-2")],
            N: [{"notice_type": "UK7", "ocid": "o-2", "release_id": "n-2", "contract_place": 1}],
        },
        {C: [contract()], N: [{"notice_type": "UK4", "ocid": "o-2"}]},
        ("n-2 1",),
        "o-2",
    ),
    **{
        rule_id: Case(
            {
                J: [joined(compared_fields=f"signed_on_no|{field}")],
                X: [differs(field, is_within_tolerance=True)],
            },
            {J: [joined(compared_fields=field), joined("C-2", compared_fields=field)], X: [differs(field)]},
            {
                J: [joined(compared_fields="contract_id"), joined("C-2", is_ambiguous=True)],
                X: [differs("contract_id"), differs(field, "C-3")],
            },
            ("C-1",),
            "ours in the register, theirs in notice n-1",
        )
        for rule_id, field in {
            "NT-006": "value_inc_vat_pence",
            "NT-010": "value_ex_vat_pence",
            "NT-011": "start_on",
            "NT-012": "end_on",
            "NT-013": "max_end_on",
            "NT-014": "signed_on",
            "NT-015": "supplier_name",
            "NT-016": "regime",
            "NT-017": "is_light_touch",
            "NT-018": "ended_on",
            "NT-019": "changed_end_on",
        }.items()
    },
    "NT-020": Case(
        {J: [joined(matched_by="OCID", is_ambiguous=False)]},
        {
            J: [
                joined(matched_by="OCID", is_ambiguous=True, release_id="n-2"),
                joined(matched_by="OCID", is_ambiguous=True, release_id="n-1"),
                joined("C-2", matched_by="OCID", is_ambiguous=False),
            ]
        },
        {},
        ("C-1",),
        "by OCID: n-1, n-2",
    ),
    "NT-021": Case(
        {
            N: [
                {"notice_type": "UK7", "ocid": "o-1", "contract_id": "1", "release_id": "n-1"},
                {"notice_type": "UK9", "ocid": "o-1", "contract_id": "1", "release_id": "n-2"},
            ]
        },
        {
            N: [
                {"notice_type": "UK7", "ocid": "o-1", "contract_id": "1", "release_id": "n-1"},
                {
                    "notice_type": "UK11",
                    "ocid": "o-1",
                    "contract_id": "2",
                    "release_id": "n-2",
                    "contract_place": 1,
                },
            ]
        },
        {N: [{"notice_type": "UK12", "ocid": "o-1", "contract_id": "2"}]},
        ("n-2 1",),
        "2",
    ),
    "NT-022": Case(
        {
            N: [{"buyer_name": "Wealdmarsh County Council"}],
            "set_aside": [
                {"rule_id": "NT-003", "row_json": '{"buyer": "Other Council", "buyer_id": "GB-CFS-1"}'}
            ],
        },
        {
            N: [{"buyer_name": "Wealdmarsh County Council"}],
            "set_aside": [
                {
                    "rule_id": "NT-003",
                    "row_json": '{"buyer": "WEALDMARSH County Council", "buyer_id": "GB-CFS-1"}',
                }
            ],
        },
        {N: [{"buyer_name": "Wealdmarsh County Council"}]},
        ("Contracts in public notices",),
        "WEALDMARSH County Council as GB-CFS-1",
    ),
    "NT-007": control("notices", N, {"release_id": "n-1"}),
    "SP-005": Case(
        {C: [contract()], P: [payment()]},
        {C: [contract()], P: [payment(contract_ref="C-9")]},
        {C: [contract()], P: [payment(contract_ref=None)]},
        ("P-1",),
        "C-9",
    ),
    "SP-006": Case(
        {
            C: [contract()],
            P: [payment(), payment("P-2", supplier_key="name:acme", supplier_name="ACME Limited")],
        },
        {C: [contract()], P: [payment(supplier_key="name:other", supplier_name="Other")]},
        {C: [contract()], P: [payment(contract_ref="C-9"), payment("P-2", contract_ref=None)]},
        ("P-1",),
        "Other (the contract names Acme Ltd)",
    ),
    "SP-008": Case(
        {P: [payment(invoice_received_on="2026-07-01")]},
        {P: [payment(invoice_received_on="2026-07-02")]},
        {P: [payment()]},
        ("P-1",),
        "2026-07-02 (Payment date: 2026-07-01)",
    ),
    "SP-009": Case(
        {P: [payment(is_credit_note=False), payment("P-2", is_credit_note=True, amount_ex_vat_pence=-1)]},
        {P: [payment(is_credit_note=True), payment("P-2", is_credit_note=False, amount_ex_vat_pence=-1)]},
        {P: [payment(amount_ex_vat_pence=-1)]},
        ("P-1", "P-2"),
        "£10.00",
    ),
    "SP-010": Case(
        {
            P: [
                payment(invoice_ref="I-1"),
                payment("P-2", invoice_ref="I-1", amount_ex_vat_pence=999),
                payment("P-3", invoice_ref="I-1", supplier_key="k"),
            ]
        },
        {P: [payment("P-2", invoice_ref="I-1", paid_on="2026-07-02"), payment(invoice_ref="I-1")]},
        {P: [payment(), payment("P-2")]},
        ("P-2",),
        "I-1",
    ),
    "SP-011": Case(
        {C: [contract(value_ex_vat_pence=2000)], P: [payment(), payment("P-2")]},
        {
            C: [contract(value_ex_vat_pence=1500)],
            P: [payment("P-3", paid_on="2026-08-01"), payment("P-2", paid_on="2026-07-02"), payment()],
        },
        {C: [contract(value_ex_vat_pence=100)], P: [payment(), payment("P-2", contract_ref="C-9")]},
        ("P-2",),
        "£20.00 paid by this line against a value of £15.00",
    ),
    "SP-013": Case({P: [payment()]}, {}, {}, ("Payments",), "0 rows"),
    "SP-014": control("payments", P, payment(), "amount_ex_vat_pence"),
    "SU-006": Case(
        {WHO: [supplier()]},
        {
            WHO: [
                supplier(),
                supplier("GB-COH:07654321", identifier_conflict="GB-PPON:PABC-1234-DEFG"),
                supplier("name:acme", identifier_conflict="GB-COH:07654321, which also stands under best"),
            ]
        },
        {WHO: [supplier("name:acme")]},
        ("GB-COH:07654321", "name:acme"),
        "GB-COH:07654321 beside GB-PPON:PABC-1234-DEFG",
    ),
    "SU-007": Case(
        {WHO: [supplier(sizes_stated="small|sme"), supplier("k", sizes_stated="large")]},
        {WHO: [supplier(sizes_stated="sme"), supplier("k", sizes_stated="large|sme")]},
        {WHO: [supplier()]},
        ("k",),
        "large and sme",
    ),
    "SU-008": Case(
        {ALIKE: [look_alike(other_at_stake_pence=9_999_999)]},
        {ALIKE: [look_alike(), look_alike("k", at_stake_pence=9_999_999)]},
        {},
        ("GB-COH:01234567 name:acne",),
        "Acme (£100,000.00) and Acne (£250,000.00): spelt nearly alike, 92 of 100",
    ),
    "SP-015": Case(
        {C: [contract(end_on="2025-07-01")], P: [payment()]},
        {C: [contract(end_on="2025-06-30")], P: [payment()]},
        {C: [contract()], P: [payment()]},
        ("P-1",),
        "2026-07-01 (the contract ended 2025-06-30)",
    ),
    "SP-019": Case(
        {C: [reached()], P: [payment(amount_ex_vat_pence=3_000_001)]},
        {
            C: [
                reached(procurement_commenced_on=None),
                reached("C-2", value_ex_vat_pence=17_310_000),
                reached("C-3"),
            ],
            P: [
                payment(amount_inc_vat_pence=3_000_001),
                payment("P-2", contract_ref="C-2", amount_inc_vat_pence=3_000_001),
                payment("P-3", contract_ref="C-3", amount_ex_vat_pence=2_500_001),
            ],
        },
        {
            C: [reached(), reached("C-2", procurement_commenced_on=None, regime="pcr2015")],
            P: [
                payment(amount_ex_vat_pence=2_500_000),
                payment("P-2", contract_ref="C-2", amount_ex_vat_pence=9 * 10**6),
            ],
        },
        ("P-1", "P-2", "P-3"),
        "the contract has no day its procurement commenced",
    ),
    "RT-008": Case(
        {R: [claim(is_confirmed=True)]},
        {
            R: [
                claim(is_confirmed=False),
                claim(is_confirmed=False, measure_code="S1"),
                claim("C-2", source_file="b.xlsx"),
            ]
        },
        {},
        ("C-1 2026-27-Q2 J1 county", "C-2 2026-27-Q2 J1 county"),
        "No",
    ),
    "RT-009": Case(
        {C: [in_scope()], R: [claim()], F: [figure(due="20/3", claimed="10")]},
        {
            C: [in_scope()],
            R: [claim(period="2026-27-Q1"), claim(claimed="1/10")],
            F: [figure(due="20/3", claimed="101/10")],
        },
        {
            C: [in_scope(), in_scope("C-2")],
            R: [claim(), claim("C-2", measure_code=None, claimed=None, is_nil=True)],
            F: [figure(claimed="10"), figure("C-2", due="1", claimed="0")],
        },
        ("C-1 2026-27-Q2 J1 county",),
        "10.1 claimed to date, 6.67 due",
    ),
    "RT-012": Case(
        {F: [figure(), figure("C-2", return_status="nil")]},
        {F: [figure(return_status="missing"), figure(return_status="missing", measure_code="S1")]},
        {F: [figure(return_status="not due")]},
        ("C-1 2026-27-Q2",),
        "no return for 2026-27-Q2",
    ),
    "RT-015": Case(
        {
            C: [contract(), contract("C-2"), contract("C-3", supplier_key="k")],
            R: [claim(), claim("C-2", claimed="11"), claim("C-3"), claim("C-2", measure_code="S1")],
        },
        {C: [contract(), contract("C-2")], R: [claim(), claim("C-2", claimed="20/2")]},
        {
            C: [contract(), contract("C-2")],
            R: [
                *(claim(ref, claimed="0") for ref in ("C-1", "C-2")),
                *(claim(ref, measure_code="E4") for ref in ("C-1", "C-2")),
                *(claim(ref, measure_code="J2") for ref in ("C-1", "C-2")),
                claim("C-9"),
            ],
        },
        ("C-1 2026-27-Q2 J1 county", "C-2 2026-27-Q2 J1 county"),
        "10 on C-1 and C-2",
    ),
    "RT-016": control("returns", R, claim()),
    "RT-021": Case(
        {
            R: [
                claim(period="2026-27-Q1"),
                claim(claimed="490"),
                claim("C-2"),
                claim("C-2", measure_code="S1"),
            ]
        },
        {
            R: [
                claim(period="2025-26-Q4"),
                claim(period="2026-27-Q1", claimed="700", district="Swale"),
                claim(period="2026-27-Q1", claimed="300"),
                claim(claimed="12"),
                claim("C-2", period="2026-27-Q1", claimed="2500"),
                claim("C-2", claimed="50"),
            ]
        },
        {
            R: [
                claim(period="2026-27-Q1", claimed="0"),
                claim(),
                claim("C-2", measure_code=None, claimed=None),
            ]
        },
        ("C-1 2026-27-Q1 J1 Swale", "C-2 2026-27-Q2 J1 county"),
        "1,000, after 10",
    ),
    "RT-023": Case(
        {
            R: [
                *quarter("2026-27-Q1", 10, 10, 10),
                *quarter("2026-27-Q2", 12, 10, 15),
                *quarter("2026-27-Q1", 10, 10, 10, "C-2"),
                *quarter("2026-27-Q2", 9, 30, 30, "C-2"),
            ]
        },
        {
            R: [
                *quarter("2026-27-Q1", 10, 10, 10),
                *quarter("2026-27-Q2", 20, 17, 16),
                *quarter("2025-26-Q4", 10, 10, 10, "C-2"),
                *quarter("2026-27-Q1", 12, 11, 10, "C-2"),
                *quarter("2026-27-Q2", 13, 11, 11, "C-2"),
            ]
        },
        {
            R: [
                *quarter("2026-27-Q1", 10, 10, 10)[:2],
                *quarter("2026-27-Q2", 20, 20, 20),
                claim("C-2", period="2026-27-Q1", measure_code="J2"),
                claim("C-2", measure_code="J2", claimed="20"),
            ]
        },
        ("C-1 2026-27-Q2 J1 county", "C-2 2026-27-Q2 J1 county"),
        "3 of 3 quantities are at least those of the quarter before",
    ),
    "DC-004": Case(
        {
            C: [in_scope()],
            T: [asked()],
            D: [
                override(quantity="10", role="Category lead"),
                override("D-2", quantity="0", role="Head of Procurement"),
                override("D-3", quantity="40", role="contract manager"),
                {
                    "decision_kind": "approval",
                    "decision_id": "D-4",
                    "subject": "D-3",
                    "role": "chief procurement officer",
                    "decided_on": "2026-06-01",
                },
            ],
        },
        {
            C: [in_scope()],
            T: [asked()],
            D: [
                override(quantity="5"),
                override("D-2", quantity="8", role="contract manager"),
                override("D-3", quantity="40"),
                {
                    "decision_kind": "approval",
                    "decision_id": "D-4",
                    "subject": "D-3",
                    "role": "category lead",
                    "decided_on": "2026-06-01",
                },
                {
                    "decision_kind": "approval",
                    "decision_id": "D-5",
                    "subject": "D-3",
                    "role": "chief procurement officer",
                    "decided_on": "2026-11-24",
                },
            ],
        },
        {C: [in_scope()], T: [asked()], D: [verified(quantity="5", role="x")]},
        ("D-1", "D-2", "D-3"),
        "5 for a target of 8 (38% less), by category lead",
    ),
    "DC-009": Case(
        {C: [in_scope()], T: [asked()], D: [override(quantity="9", reason_code="Market capacity")]},
        {C: [in_scope()], T: [asked()], D: [override(quantity="9", reason_code="as agreed")]},
        {C: [in_scope()], T: [asked("C-2")], D: [override(quantity="9", reason_code="as agreed")]},
        ("D-1",),
        "as agreed",
    ),
    "DC-010": Case(
        {T: [asked()], D: [override(quantity="9"), milestone("D-2", "3")]},
        {T: [asked(measure_code="S1")], D: [override(quantity="9"), milestone("D-2", "3")]},
        {T: [asked(measure_code="S1")], D: [verified(quantity="9")]},
        ("D-1", "D-2"),
        "J1 of C-1, which has no target for it",
    ),
    "DC-007": Case(
        {R: [claim(), claim(district="unknown", attribution_pct="50")], D: [verified(quantity="15")]},
        {
            R: [claim(), claim(measure_code="S1", is_additional=False)],
            D: [
                verified(quantity="21/2"),
                verified("D-2", measure_code="S1", quantity="1"),
                verified("D-0", quantity="99"),
            ],
        },
        {
            R: [claim()],
            D: [
                verified(quantity="99", period="2026-27-Q1"),
                verified("D-2", quantity="99", decided_on="2026-11-24"),
                verified("D-3", quantity="99", decision_kind="override"),
            ],
        },
        ("D-1", "D-2"),
        "10.5 verified of 10 claimed for 2026-27-Q2",
    ),
    "DC-006": control("decisions", D, {"decision_id": "D-1"}),
    "TG-001": Case(
        {T: [{"contract_ref": "C-1", "measure_code": "J1", "target": "0"}]},
        {T: [{"contract_ref": "C-1", "measure_code": "J1", "target": "-1/3"}]},
        {T: [{"contract_ref": "C-1", "measure_code": "J1"}]},
        ("C-1 J1",),
        "-0.33",
    ),
    "TG-002": Case(
        {F: [figure(due="1/3", agreed="1/3")]},
        {F: [figure(due="100000000000000001/3", agreed="100000000000000000/3")]},
        {F: [figure(due="1")]},
        ("2026-27-Q2 C-1 J1",),
    ),
    "TG-003": Case(
        {F: [figure(verified="1", claimed="1")]},
        {F: [figure(verified="2", claimed="1"), figure("C-2", verified="1")]},
        {F: [figure(claimed="1")]},
        ("2026-27-Q2 C-1 J1", "2026-27-Q2 C-2 J1"),
        "2 verified, 1 claimed",
    ),
    "TG-004": Case(
        {T: [asked(assumed="a supplier of unknown size has no relief for size")]},
        {
            T: [
                asked(assumed="a contract without a category counts as services"),
                asked(measure_code="S1", assumed="a contract without a category counts as services"),
                asked(measure_code="E2", assumed="a commitment that is not recorded counts as none"),
            ]
        },
        {},
        ("C-1 J1", "C-1 E2"),
        "a contract without a category counts as services",
    ),
    "TG-005": Case(
        {
            C: [in_scope(procurement_category="services", value_inc_vat_pence=20_771_999, is_reserved=True)],
            D: [override(measure_code="E1", quantity="60")],
        },
        {
            C: [
                in_scope(procurement_category="services", value_inc_vat_pence=20_772_000, is_reserved=True),
                in_scope("C-2", procurement_category="services", value_inc_vat_pence=1, is_reserved=False),
                in_scope("C-3", procurement_category="services", is_reserved=True),
            ],
            D: [override(f"D-{n}", subject=f"C-{n}", measure_code="E1", quantity="60") for n in (1, 2, 3)],
        },
        {C: [in_scope()], D: [override(quantity="60")]},
        ("D-1", "D-2", "D-3"),
    ),
    "TG-006": Case(
        {
            C: [in_scope()],
            T: [asked()],
            V: [version()],
            D: [milestone("D-1", "3"), milestone("D-2", "5", "2028-03-31")],
        },
        {
            C: [in_scope()],
            T: [asked()],
            V: [version(), version(2)],
            D: [milestone("D-1", "3"), milestone("D-2", "4", "2028-03-31")],
        },
        {C: [in_scope()], T: [asked()], V: [version()], D: [override(quantity="9")]},
        ("C-1 J1 1",),
        "7 from 2027-03-31 to 2028-03-31, for a target of 8 from 2026-04-01 to 2028-03-31",
    ),
    "TG-007": Case(
        {V: [version(agreed="168/11", due_before="60/11")]},
        {V: [version(2, agreed="5", due_before="60/11")]},
        {V: [version(agreed="5")]},
        ("C-1 J1 2",),
        "5.45 due before, 5 agreed",
    ),
    "PB-001": Case(
        {S70: [paid_over()]},
        {
            S70: [
                paid_over(amount_inc_vat_pence=3_000_000),
                paid_over(payment_ref="P-2", paid_on="2026-10-01"),
                paid_over(payment_ref="P-3", amount_inc_vat_pence=None),
            ]
        },
        {},
        ("P-1", "P-2", "P-3"),
        "£30,000.00 paid 2026-09-30, listed in 2026-27-Q2",
    ),
    "PB-002": Case(
        {S70: [paid_over()]},
        {S70: [paid_over(contract_id=None, supplier_ppon=None)]},
        {},
        ("P-1",),
        "no Contract identifier, no Supplier identifier (PPON)",
    ),
    "PB-003": Case(
        {
            P: [payment(), payment("P-2", supplier_key="name:jo", supplier_ledger_id="L-2")],
            D: [{"decision_kind": "clearance", "subject": "L-2"}],
            SPEND: [
                {"payee": "Acme Ltd"},
                {"payee": "Jo"},
                {"payee": "Numbered", "supplier_charity_number": "1234567"},
            ],
        },
        {
            P: [
                payment(supplier_key="name:jo", supplier_ledger_id="L-9"),
                payment("P-2", payee_kind="individual"),
            ],
            D: [{"decision_kind": "clearance", "subject": "L-2"}],
            SPEND: [
                {"payee": "Jo"},
                {"payee": "Jo Two"},
                {"payee": "Nobody's line"},
                {"payee": REDACTED, "supplier_company_number": "01234567"},
            ],
        },
        {SPEND: [{"payee": REDACTED}, {}]},
        ("", "", "", ""),
        "Jo",
    ),
    "PB-004": Case(
        {
            P: [payment(), payment("P-2", supplier_key="name:jo", supplier_ledger_id="L-2")],
            D: [{"decision_kind": "clearance", "subject": "L-2"}],
            S70: [paid_over(supplier_name="Acme Ltd"), paid_over(payment_ref="P-2", supplier_name="Jo")],
        },
        {
            P: [
                payment(supplier_key="name:jo", supplier_ledger_id="L-9"),
                payment("P-2", payee_kind="Individual"),
                payment("P-3"),
            ],
            S70: [
                paid_over(supplier_name="Jo"),
                paid_over(payment_ref="P-2", supplier_name="Jo Two"),
                paid_over(payment_ref="P-3", supplier_name=REDACTED),
                paid_over(payment_ref="P-4", supplier_name="Nobody's line"),
            ],
        },
        {S70: [paid_over(supplier_name=REDACTED, supplier_ppon=None)]},
        ("P-1", "P-2", "P-3", "P-4"),
        "Jo",
    ),
    "PB-005": Case(
        {C: [contract()], REGISTER: [listed("C-1")]},
        {
            C: [contract(), contract("C-2", supplier_key="name:jo")],
            REGISTER: [
                listed("C-1", payee=REDACTED, supplier_ppon="PABC-1234-DEFG"),
                listed("C-2", payee="Jo", supplier_company_number="01234567"),
                listed("C-3"),
            ],
        },
        {C: [contract()], REGISTER: [listed("C-1", payee=REDACTED)]},
        (f"{QUARTER} C-1", f"{QUARTER} C-2", f"{QUARTER} C-3"),
        "Jo",
    ),
    "PB-006": Case(
        {C: [contract()], F: [figure(supplier_name="Acme Ltd")]},
        {
            C: [contract("C-2", supplier_key="name:jo")],
            F: [figure("C-2", supplier_name="Jo"), figure("C-3", supplier_name="Acme Ltd")],
        },
        {C: [contract()], F: [figure(supplier_name=REDACTED), figure()]},
        (f"{QUARTER} C-2 J1", f"{QUARTER} C-3 J1"),
        "Jo",
    ),
    "PB-007": Case({SPEND: [{"payee": "Acme Ltd"}]}, {}, {}, ("Spend over £500",), "0 rows"),
}
