"""For every check-stage rule: rows that pass, rows at fault, rows it does not speak about.

Does not belong here: rules of intake and core. A case gives rows by table; what a row leaves out is missing.
`faults` are the subjects expected in the findings of the rows at fault.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from checks.rules.outcome import Inputs
from kcc_etl import asset_keys as keys
from kcc_etl.domain.places import PLACES as DISTRICTS
from kcc_etl.parameters.load import load_parameters
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import TABLES

C, N, P = keys.CORE_CONTRACT, keys.CORE_NOTICE, keys.CORE_PAYMENT
R, D, T = keys.CORE_CLAIM, keys.CORE_DECISION, keys.OUT_TARGET
V = keys.OUT_TARGET_VERSION
PLACES, S71 = keys.OUT_OUTCOME, keys.OUT_RATING
F, S70, SPEND = keys.OUT_PERFORMANCE, keys.OUT_OVER_30K, keys.OUT_SPEND
REGISTER = keys.OUT_REGISTER
CARD, GRANT = keys.OUT_CARD, keys.OUT_GRANT
TENDER, SHARE = keys.OUT_TENDER, keys.OUT_SHARE
PUBLIC, AREA = keys.OUT_DISCLOSED, keys.OUT_AREA
ASSESSED = keys.OUT_ASSESSMENT
REDACTIONS = keys.OUT_REDACTION
UK17, INVOICE = keys.OUT_COMPLIANCE, keys.OUT_COMPLIANCE_INVOICE
WHO, ALIKE = keys.CORE_SUPPLIER, keys.CORE_SUPPLIER_REVIEW
J, X = keys.CORE_REGISTER_NOTICE, keys.CORE_DISAGREEMENT
NOTICED, CHANGE = keys.CORE_NOTICED, "version_change"
REDACTED = "REDACTED PERSONAL DATA"
NOT_REVIEWED = "NOT YET REVIEWED FOR PUBLICATION"

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
LOW_RISK = dict.fromkeys(QUESTIONS, 1)
"""Answers of a contract that is asked for one return a year."""
QUARTER = "2026-27-Q2"


@cache
def parameters() -> Parameters:
    return load_parameters()


def frame(table: str, rows: Rows) -> pd.DataFrame:
    placed = [{**LANDED, "source_row": place, **row} for place, row in enumerate(rows, 2)]
    return from_rows(placed, table) if rows else empty(table)


@cache
def _no_rows() -> dict[str, pd.DataFrame]:
    return {name: empty(name) for name in TABLES}


def inputs(world: World, booked: str = "") -> Inputs:
    """What a rule is given; `booked` is the quarter that every table is booked to hold."""
    frames = _no_rows() | {name: frame(name, rows) for name, rows in world.items() if rows}
    periods = dict.fromkeys(TABLES, booked)
    return Inputs(frames=frames, as_of=date(2026, 11, 23), parameters=parameters(), periods=periods)


@cache
def given(rule_id: str, world: str) -> Inputs:
    """The inputs of a rule's case: `good`, `bad`, `other` or `empty`. Made once: no rule may change them."""
    return inputs({} if world == "empty" else getattr(CASES[rule_id], world))


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


def confirmed(number: str = "D-1", word: str = "good", **more: object) -> dict[str, object]:
    about = {"subject": "C-1", "measure_code": "J1", "period": QUARTER, "decided_on": "2026-11-02"}
    return {"decision_id": number, "decision_kind": "rating", "confirmed_rating": word, **about, **more}


def rated(ref: str = "C-1", **more: object) -> dict[str, object]:
    """The indicator 1 of a contract, which is the measure J1."""
    about = {"period": QUARTER, "contract_ref": ref, "kpi_id": "1", "kpi_title": "Jobs", "measure_code": "J1"}
    return {**about, "proposed_rating": "good", "kpi_count": 3, **more}


def assessed(ref: str = "C-1", **more: object) -> dict[str, object]:
    about = {"period": QUARTER, "contract_ref": ref, "kpi_id": "1", "kpi_title": "Jobs", "measure_code": "J1"}
    return {**about, **more}


def rates(word: str, number: str, **more: object) -> dict[str, object]:
    """A decision on a rating."""
    about = {"decision_kind": "rating", "subject": "C-1", "measure_code": "J1", "period": QUARTER}
    return {**about, "decision_id": number, "confirmed_rating": word, "decided_on": "2026-10-12", **more}


def material(names: str, **more: object) -> dict[str, object]:
    """A decision on the most material indicators."""
    about = {"decision_kind": "most material indicators", "subject": "C-1", "other_subject": names}
    return {"decision_id": "D-9", "decided_on": "2026-11-02", **about, **more}


def noticed(indicators: int) -> World:
    """A contract whose notice sets so many indicators."""
    place = {"ocid": "o-1", "contract_id": "1", "award_id": "1", "first_release_id": "n-1"}
    return {
        J: [{"contract_ref": "C-1", "is_ambiguous": False, **place}],
        keys.CORE_NOTICED: [{"release_id": "n-1", "contract_place": 1, "kpi_count": indicators, **place}],
        keys.CORE_NOTICE_KPI: [
            {"release_id": "n-1", "contract_place": 1, "kpi_id": str(number)}
            for number in range(1, indicators + 1)
        ],
    }


def at_place(district: str, **more: object) -> dict[str, object]:
    about = {"period": QUARTER, "contract_ref": "C-1", "measure_code": "J1", "district": district}
    return {**about, "evidenced": "0", "verified": "0", **more}


def override(number: str = "D-1", **more: object) -> dict[str, object]:
    about = {
        "subject": "C-1",
        "measure_code": "J1",
        "decided_on": "2026-05-01",
        "reason_code": "cost pressure",
    }
    return {"decision_id": number, "decision_kind": "override", **about, "role": "category lead", **more}


def committed(number: str = "D-1", **more: object) -> dict[str, object]:
    about = {"subject": "C-1", "measure_code": "J1", "decided_on": "2026-02-02", "role": "contract manager"}
    return {"decision_id": number, "decision_kind": "commitment", "quantity": "1", **about, **more}


def approved(number: str, subject: str, **more: object) -> dict[str, object]:
    about = {"decision_kind": "approval", "subject": subject, "decided_on": "2026-06-02"}
    return {"decision_id": number, **about, **more}


def asked(ref: str = "C-1", **more: object) -> dict[str, object]:
    return {"contract_ref": ref, "measure_code": "J1", "target": "8", "original": "8", **more}


def waived(number: str = "D-1", **more: object) -> dict[str, object]:
    about = {
        "subject": "SP-013",
        "period": "2026-27-Q2",
        "decided_on": "2026-11-01",
        "expires_on": "2026-11-30",
    }
    by = {"role": "monitoring officer", "reason_code": "checked by hand against the source"}
    return {"decision_id": number, "decision_kind": "waiver", **about, **by, **more}


def signed(number: str = "D-1", **more: object) -> dict[str, object]:
    about = {"subject": "2026-27-Q2", "other_subject": "0123456789ab", "decided_on": "2026-11-01"}
    by = {"role": "section 151 officer", "reason_code": "figures agreed for publication"}
    return {"decision_id": number, "decision_kind": "sign-off", **about, **by, **more}


def withheld(number: str = "D-1", **more: object) -> dict[str, object]:
    about = {"subject": "C-1", "decided_on": "2026-11-01", "role": "monitoring officer"}
    kind = {"decision_id": number, "decision_kind": "withholding", "reason_code": "national security"}
    return {**kind, **about, **more}


def held_back(rule_id: str = "DC-003", **more: object) -> dict[str, object]:
    cells = {**withheld(), **more}
    about = {"kind": "decisions", "stage": "core", "fate": "quarantined", "rule_id": rule_id}
    return {**about, "row_json": json.dumps(cells)}


def redacted(column: str, rows: int, pence: int | None, code: str = "not_shown") -> dict[str, object]:
    about = {"period": QUARTER, "redacted_table": SPEND, "redacted_column": column}
    return {**about, "redaction_code": code, "redacted_rows": rows, "redacted_pence": pence}


def milestone(number: str, quantity: str, day: str = "2027-03-31", **more: object) -> dict[str, object]:
    about = {"subject": "C-1", "measure_code": "J1", "decided_on": "2026-04-01", "role": "contract manager"}
    kind = {"decision_id": number, "decision_kind": "milestone"}
    return {**kind, **about, "quantity": quantity, "effective_on": day, **more}


def changed_by(number: str, ref: str) -> dict[str, object]:
    """A recorded change of a contract's value from £150,000 to £200,000."""
    about = {"subject": ref, "decided_on": "2026-09-01", "effective_on": "2026-10-01"}
    values = {"original_value_pence": 15_000_000, "value_before_pence": 15_000_000}
    kind = {"decision_id": number, "decision_kind": "value change"}
    return {**kind, **about, **values, "value_after_pence": 20_000_000}


def running(**more: object) -> dict[str, object]:
    """A contract of three years for £150,000."""
    term = {"start_on": "2026-04-01", "end_on": "2029-03-31"}
    return contract(**{"value_ex_vat_pence": 15_000_000, **term, **more})


def extended_from(day: str, number: str = "D-1", last: str = "2030-03-31") -> dict[str, object]:
    values = {"value_before_pence": 15_000_000, "value_after_pence": 20_000_000}
    kind = {"decision_kind": "extension", "effective_on": day, "new_end_on": last}
    return {**changed_by(number, "C-1"), **values, **kind}


def ended_on(day: str, before: str = "2029-03-31", number: str = "D-2") -> dict[str, object]:
    about = {"subject": "C-1", "decided_on": "2026-09-01", "old_end_on": before, "new_end_on": day}
    return {"decision_id": number, "decision_kind": "early end", **about}


def version(number: int = 1, **more: object) -> dict[str, object]:
    return {"contract_ref": "C-1", "measure_code": "J1", "version": number, **more}


def figure(ref: str = "C-1", **more: object) -> dict[str, object]:
    return {"period": QUARTER, "contract_ref": ref, "measure_code": "J1", "return_status": "received", **more}


def delivered(count: int | None, ref: str = "C-1", **more: object) -> dict[str, object]:
    return figure(ref, **{"claimed": count, "evidenced": count, "verified": count, **more})


def left_out(ref: str = "C-1", **more: object) -> dict[str, object]:
    return delivered(None, ref, not_shown="counts", **more)


def weeks(count: int, ref: str) -> dict[str, object]:
    return delivered(count, ref, measure_code="S2")


def of_district(count: int | None, ref: str = "C-1", **more: object) -> dict[str, object]:
    return {**delivered(count, ref), "district": "E07000105", **more}


def paid_over(**more: object) -> dict[str, object]:
    identified = {"ocid": "ocds-1", "contract_id": "k-1", "supplier_id": "GB-PPON-PABC-1234-DEFG"}
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


def swiped(ref: str = "P-1", **more: object) -> dict[str, object]:
    """A payment by procurement card, placed as in the ledger."""
    return payment(ref, **{"card_transaction": "GPC", "contract_ref": None, **more})


def invited(ocid: str = "o-1", **more: object) -> dict[str, object]:
    """A tender notice of the quarter."""
    told = {"notice_type": "UK4", "release_id": f"n-{ocid}", "published_on": "2026-07-01"}
    return {"ocid": ocid, **told, **more}


def tendered(ocid: str = "o-1", **more: object) -> dict[str, object]:
    said = {"contract_title": "Gritting", "contract_description": "Salt", "department": "Highways"}
    days = {"start_on": "2027-04-01", "end_on": "2028-03-31"}
    return {"period": QUARTER, "contract_ref": ocid, "ocid": ocid, **said, **days, **more}


def share(name: str, *pence: int, least: str, most: str) -> dict[str, object]:
    parts = ("spend_pence", "spend_with_pence", "spend_without_pence", "spend_unknown_pence")
    bounds = {"share_at_least": least, "share_at_most": most}
    return {"period": QUARTER, "share_category": name, **dict(zip(parts, pence, strict=True)), **bounds}


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


def lines_of(counts: dict[str, int], pence: int = 1_000, *, step: int = 10, ref: str = "") -> Rows:
    """So many payments in each month, their amounts spread evenly; the first bears the month as its number."""
    return [
        payment(
            f"{ref}{month}" if n == 0 else f"{ref}{month}-{n}",
            paid_on=f"{month}-{n % 28 + 1:02d}",
            amount_ex_vat_pence=pence + step * n,
            contract_ref=None,
        )
        for month, count in counts.items()
        for n in range(count)
    ]


_EVERY_MONTH = {"2026-03": 20, "2026-04": 20, "2026-05": 20, "2026-06": 20}
"""Payments of a monthly ledger before the quarter."""


def _of(source: str, lines: Rows) -> Rows:
    return [{**line, "source_name": source} for line in lines]


def _elsewhere(lines: Rows) -> Rows:
    return [{**line, "source_file": "further.csv"} for line in lines]


def twin(ref: str = "C-1", **more: object) -> dict[str, object]:
    term = {"start_on": "2026-04-01", "end_on": "2028-03-31"}
    return contract(ref, **{"contract_title": "Road works", "value_ex_vat_pence": 900_000, **term, **more})


def of_notices(release: str = "n-1", **more: object) -> dict[str, object]:
    about = {"ocid": "o-1", "contract_id": "1", "award_id": "1", "first_release_id": release}
    worth = {"notice_type": "UK7", "regime": "pa23", "value_inc_vat_pence": 500_000_001}
    return {"release_id": release, **about, **worth, **more}


def fits(ref: str = "C-1", release: str = "n-1") -> dict[str, object]:
    return joined(ref, contract_id="1", award_id="1", first_release_id=release)


def changed(what: str, ref: str | None = None, **more: object) -> dict[str, object]:
    return {"version_difference": what, "record_ref": ref, "kind": "register", **more}


def logged(
    what: str, before: dict[str, object] | None = None, now: dict[str, object] | None = None
) -> dict[str, object]:
    """A change of a decisions log."""
    number = None if before is None else str(before["decision_id"])
    said = None if before is None else json.dumps({"before": before, "now": now})
    return changed(what, number, kind="decisions", difference_json=said)


def details(release: str = "n-1", **more: object) -> dict[str, object]:
    about = {"ocid": "o-1", "award_id": "1", "notice_type": "UK7", "published_on": "2026-08-01"}
    return {"release_id": release, "contract_place": 1, **about, **more}


def told_in_notice(**figures: tuple[str, int, int]) -> Rows:
    """Figures of the payments compliance notice: value, part and whole; two payments, one late."""
    usual = {
        "mean_days": ("30.50", 61, 2),
        "pct_1_30": ("50.00", 1, 2),
        "pct_31_60": ("50.00", 1, 2),
        "pct_61_plus": ("0.00", 0, 2),
    }
    told = [
        {"form_field": name, "form_value": value, "part_count": part, "whole_count": whole}
        for name, (value, part, whole) in (usual | figures).items()
    ]
    return [*told, {"form_field": "payments_made", "form_value": "2"}]


def evidence(place: int = 1, **cells: object) -> dict[str, object]:
    """One row of the evidence behind the notice: £12.00 paid in its half-year."""
    usual = {"period": QUARTER, "invoice_place": place, "contract_ref": "C-1", "paid_on": "2026-09-30"}
    return {**usual, "amount_inc_vat_pence": 1_200, **cells}


NO_RECEIPT = "it is not recorded when the invoice was received"

CLEARS = {"decision_kind": "clearance", "subject": "L-2", "decided_on": "2026-07-01"}

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
        {C: [contract(procurement_category=category) for category in ("goods", "services", "works")]},
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
        {C: [contract(district=place) for place in DISTRICTS]},
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
        {C: [contract(supplier_size=size) for size in ("micro", "small", "medium", "sme", "large")]},
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
        {
            C: [
                contract(
                    **{
                        "contract_ref": "C-1",
                        "value_ex_vat_pence": 1,
                        "start_on": "2026-01-01",
                        "end_on": "2026-01-01",
                        name: None,
                    }
                )
                for name in ("contract_ref", "supplier_name", "value_ex_vat_pence", "start_on", "end_on")
            ]
        },
        {},
        ("", "C-1", "C-1", "C-1", "C-1"),
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
        {ALIKE: [look_alike(at_stake_pence=None)]},
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
                reached("C-4", agreement_kind="call-off"),
                reached("C-5", agreement_kind="call-off", parent_ref="F-9"),
                reached("C-6", agreement_kind="call-off", parent_ref="F-1"),
                contract("F-1", agreement_kind="framework", regime=None),
            ],
            P: [
                payment(amount_inc_vat_pence=3_000_001),
                payment("P-2", contract_ref="C-2", amount_inc_vat_pence=3_000_001),
                payment("P-3", contract_ref="C-3", amount_ex_vat_pence=2_500_001),
                *(
                    payment(f"P-{n}", contract_ref=f"C-{n}", amount_inc_vat_pence=3_000_001)
                    for n in (4, 5, 6)
                ),
            ],
        },
        {
            C: [reached(), reached("C-2", procurement_commenced_on=None, regime="pcr2015")],
            P: [
                payment(amount_ex_vat_pence=2_500_000),
                payment("P-2", contract_ref="C-2", amount_ex_vat_pence=9 * 10**6),
            ],
        },
        ("P-1", "P-2", "P-3", "P-4", "P-5", "P-6"),
        "the contract has no day its procurement commenced",
    ),
    "SP-049": Case(
        {
            C: [reached()],
            P: [
                payment("P-1", amount_inc_vat_pence=1_500_001),
                payment("P-2", amount_inc_vat_pence=1_500_001),
            ],
        },
        {
            C: [reached()],
            P: [
                payment("P-1", amount_inc_vat_pence=1_500_000),
                payment("none", amount_inc_vat_pence=1_500_001),
                payment("n/a", amount_inc_vat_pence=1_500_001),
            ],
        },
        {
            C: [reached()],
            P: [
                payment("none", amount_inc_vat_pence=1_500_000),
                payment("n/a", amount_inc_vat_pence=1_500_000),
                payment("n/a", amount_inc_vat_pence=3_000_001, paid_on="2026-07-02"),
                payment("n/a", amount_inc_vat_pence=3_000_000, paid_on="2026-07-03"),
                payment("n/a", amount_inc_vat_pence=3_000_000, contract_ref="C-9"),
            ],
        },
        ("none",),
        "£45,000.02 on one day",
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
        {
            R: [claim(), claim("C-2")],
            F: [
                figure(due="20/3", claimed="10"),
                figure("C-2", due="1", claimed="10", over_claim="reviewed"),
            ],
        },
        {
            R: [
                claim(period="2026-27-Q1"),
                claim(claimed="1/10"),
                claim(claimed="0", district="unknown"),
                claim(period="2026-27-Q3"),
            ],
            F: [figure(due="20/3", claimed="101/10", over_claim="awaits review")],
        },
        {
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
    "RT-030": Case(
        {
            C: [contract()],
            R: [
                claim(evidence_ref="EV-1"),
                claim(evidence_ref="EV-1", district="unknown"),
                claim("C-2", evidence_ref="EV-1"),
                claim(evidence_ref="EV-1", measure_code="S1"),
            ],
        },
        {
            C: [contract()],
            R: [
                claim(evidence_ref=" ev-1 ", period="2026-27-Q3"),
                claim(evidence_ref="EV-1"),
                claim(evidence_ref="EV-1", district="unknown"),
                claim(evidence_ref="EV-9", measure_code="S4", district="E07000105"),
                claim(evidence_ref="EV-9", measure_code="S4", district="E07000106", period="2026-27-Q3"),
            ],
        },
        {
            R: [
                *(claim(evidence_ref="EV-1", measure_code="C1", period=p) for p in (QUARTER, "2026-27-Q3")),
                *(claim(evidence_ref=" ", period=p) for p in (QUARTER, "2026-27-Q3")),
                *(claim(period=p) for p in ("2026-27-Q4", "2027-28-Q1")),
                *(claim(evidence_ref="EV-2", claimed="0", district=d) for d in ("county", "unknown")),
                *(claim(evidence_ref="EV-3", is_additional=False, district=d) for d in ("county", "unknown")),
                *(claim(evidence_ref="EV-4", attribution_pct="0", district=d) for d in ("county", "unknown")),
            ],
        },
        (
            "C-1 2026-27-Q3 J1 county",
            "C-1 2026-27-Q3 S4 E07000106",
        ),
        "ev-1 , as for J1 of 2026-27-Q2, county",
    ),
    "RT-031": Case(
        {
            R: [
                claim(evidence_ref="EV-1", measure_code="C1"),
                claim(evidence_ref="EV-2", measure_code="C2"),
                claim("C-2", evidence_ref="EV-1", measure_code="C2"),
                claim(evidence_ref="EV-1", measure_code="C1", period="2026-27-Q3"),
            ],
        },
        {
            R: [
                claim(evidence_ref="ev-1", measure_code="C2"),
                claim(evidence_ref="EV-1", measure_code="C1"),
                claim(evidence_ref="EV-2", measure_code="C2"),
                claim(evidence_ref="EV-2", measure_code="C1", period="2026-27-Q3"),
            ],
        },
        # Source: section 3.4: local and disadvantaged, J2 and J1, may be the same person.
        {R: [claim(evidence_ref="EV-1", measure_code=code) for code in ("J1", "J2")]},
        ("C-1 2026-27-Q2 C2 county", "C-1 2026-27-Q3 C1 county"),
        "ev-1, as for C1 of 2026-27-Q2, county",
    ),
    "RT-016": control("returns", R, claim()),
    "RT-021": Case(
        {
            R: [
                claim(period="2026-27-Q1"),
                claim(claimed="490"),
                claim("C-2"),
                claim("C-2", measure_code="S1"),
                claim("C-3", period="2026-27-Q1"),
                claim("C-3", period="2026-27-Q4", claimed="1200"),
            ],
            C: [in_scope("C-3", **LOW_RISK)],
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
                *quarter("2026-27-Q1", 10, 10, 10, "C-3"),
                *quarter("2026-27-Q4", 30, 27, 33, "C-3"),
            ],
            C: [in_scope("C-3", **LOW_RISK)],
        },
        {
            R: [
                *quarter("2026-27-Q1", 10, 10, 10),
                *quarter("2026-27-Q2", 20, 17, 16),
                *quarter("2025-26-Q4", 10, 10, 10, "C-2"),
                *quarter("2026-27-Q1", 12, 11, 10, "C-2"),
                *quarter("2026-27-Q2", 13, 11, 11, "C-2"),
                *quarter("2026-27-Q4", 30, 30, 30, "C-3"),
                *quarter("2027-28-Q4", 70, 70, 70, "C-3"),
            ],
            C: [in_scope("C-3", **LOW_RISK)],
        },
        {
            R: [
                *quarter("2026-27-Q1", 10, 10, 10)[:2],
                *quarter("2026-27-Q2", 20, 20, 20),
                claim("C-2", period="2026-27-Q1", measure_code="J2"),
                claim("C-2", measure_code="J2", claimed="20"),
            ]
        },
        ("C-1 2026-27-Q2 J1 county", "C-2 2026-27-Q2 J1 county", "C-3 2027-28-Q4 J1 county"),
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
        {
            T: [asked(measure_code="S1")],
            D: [
                override(quantity="9"),
                milestone("D-2", "3"),
                verified("D-3", quantity="9"),
                verified("D-4", quantity="9", decision_kind="commitment"),
            ],
        },
        {T: [asked(measure_code="S1")], D: [confirmed()]},
        ("D-1", "D-2", "D-3", "D-4"),
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
    "DC-011": Case(
        {
            F: [figure()],
            S71: [rated(period=QUARTER), rated(kpi_id="2", kpi_title="On time", measure_code=None)],
            D: [
                confirmed(),
                confirmed("D-2", "inadequate", decided_on="2026-11-20"),
                # The tables hold one quarter; nothing can be said of a rating of another.
                confirmed("D-3", period="2026-27-Q1"),
                confirmed("D-4", other_subject="ON TIME", measure_code=None),
                confirmed("D-5", other_subject="2", measure_code="S1"),
                material("2|jobs"),
            ],
        },
        {
            F: [figure()],
            S71: [rated()],
            D: [
                confirmed(word="splendid"),
                confirmed("D-2", subject="C-9"),
                confirmed("D-3", measure_code="S1"),
                confirmed("D-4", period="2026-27-Q3"),
                confirmed("D-5", period="2026-27"),
                confirmed("D-6", other_subject="On time"),
                material("1|2", decision_id="D-7"),
                material("1", decision_id="D-8", subject="C-9"),
            ],
        },
        {
            F: [figure()],
            S71: [rated()],
            D: [
                verified(quantity="9"),
                confirmed("D-2", "splendid", decided_on="2026-11-24"),
                material("2", decision_id="D-3", decided_on="2026-11-24"),
            ],
        },
        ("D-1", "D-2", "D-3", "D-4", "D-5", "D-6", "D-7", "D-8"),
        "splendid",
    ),
    "DC-013": Case(
        {D: [waived(), waived("D-2", subject="PB-007")]},
        {D: [waived(subject="PB-003"), waived("D-2", subject="SP-005"), waived("D-3", subject="SP-13")]},
        {D: [override()]},
        ("D-1", "D-2", "D-3"),
        "PB-003 cannot be waived",
    ),
    "DC-014": Case(
        {D: [waived(role="Chief Procurement Officer"), waived("D-2", expires_on="2027-02-01")]},
        {
            D: [
                waived(role="category lead"),
                waived("D-2", reason_code="the committee is waiting"),
                waived("D-3", expires_on="2027-02-02"),
                waived("D-4", expires_on=None),
            ]
        },
        {D: [override()]},
        ("D-1", "D-2", "D-3", "D-4"),
        "the role category lead may not waive a rule",
    ),
    "DC-015": Case(
        {D: [waived(decision_kind="accepted file", subject="ab" * 6, expires_on=None)]},
        {
            D: [
                waived(decision_kind="accepted file", role="category lead"),
                waived("D-2", decision_kind="accepted file", reason_code="it looked right"),
            ]
        },
        {D: [waived()]},
        ("D-1", "D-2"),
        "the role category lead may not accept a file",
    ),
    "DC-034": Case(
        {D: [override(decided_on="2026-11-23")]},
        {D: [override(decided_on="2026-11-24"), override("D-2", decided_on="2062-05-01")]},
        {C: [contract()]},
        ("D-1", "D-2"),
        "2026-11-24",
    ),
    "DC-025": Case(
        {
            D: [
                signed(),
                signed("D-2", role="Head of Procurement", reason_code="Correction of what was published"),
            ]
        },
        {D: [signed(role="category lead"), signed("D-2", reason_code="it looked right")]},
        {D: [waived()]},
        ("D-1", "D-2"),
        "the role category lead may not sign a publication off",
    ),
    "DC-030": Case(
        {
            D: [
                withheld(),
                withheld("D-2", role="Chief Procurement Officer", reason_code="No longer withheld"),
            ]
        },
        {D: [withheld(role="category lead"), withheld("D-2", reason_code="it was better so")]},
        {D: [waived()]},
        ("D-1", "D-2"),
        'by category lead, for "national security"',
    ),
    "DC-036": Case(
        {D: [withheld()], "set_aside": [held_back(subject="C-1")]},
        {
            D: [withheld()],
            "set_aside": [
                held_back(subject="C-l"),
                held_back(subject="C-1", reason_code="sensitive"),
                held_back("DC-002", subject="C-2", decision_kind="Witholding"),
                held_back(subject="C-9", reason_code="No longer withheld"),
                held_back(subject="C-9", decision_kind="clearance"),
            ],
        },
        {"set_aside": [held_back(subject="C-9", decision_kind="override")]},
        ("", "", ""),
        "a withholding, held back under DC-003",
    ),
    "DC-037": Case(
        {D: [withheld(other_subject="P-1")], P: [payment("P-1", contract_ref="C-1")]},
        {
            D: [withheld(other_subject="P-1"), withheld("D-2", other_subject="P-2")],
            P: [payment("P-1", contract_ref="C-2"), payment("P-2", contract_ref=None)],
        },
        {
            D: [
                withheld(),
                withheld("D-2", other_subject="P-9"),
                withheld("D-3", other_subject="P-9", reason_code="no longer withheld"),
            ]
        },
        ("D-1", "D-2"),
        "P-1, no payment under C-1",
    ),
    "PB-055": Case(
        {
            SPEND: [
                {"payee": REDACTED, "amount_ex_vat_pence": 100, "purpose": "Care"},
                {"payee": "Acme Ltd", "amount_ex_vat_pence": 1},
            ],
            REDACTIONS: [redacted("payee", 1, 100)],
        },
        {
            SPEND: [{"payee": REDACTED, "amount_ex_vat_pence": 100, "purpose": NOT_REVIEWED}],
            REDACTIONS: [redacted("payee", 1, 99)],
        },
        {},
        ("Redactions",),
        f"not those of the tables: payee of {SPEND}, purpose of {SPEND}",
    ),
    "PB-056": Case(
        {
            SPEND: [{"payee": "Acme Ltd", "purpose": "Works at ME14 1XX, order 2026/0001234"}],
            D: [waived(decision_kind="reviewed text", subject="works at ME14 1XX, order 2026/0001234")],
        },
        {
            SPEND: [{"payee": "jo@home.example", "purpose": "care of AB123456C, DOB 01/02/2015"}],
            REGISTER: [{"contract_title": "Help desk 01622 123456"}, {"contract_title": "For Mrs Jo Doe"}],
        },
        {},
        ("Redactions",),
        f"2 cells of contract_title in {REGISTER}; 1 cells of payee in {SPEND}; 1 cells of purpose in {SPEND}",
    ),
    "PB-057": Case(
        {
            P: [payment(purpose="Supported lodgings for Jo"), payment("P-2", purpose=None)],
            D: [waived(decision_kind="reviewed text", subject="SUPPORTED  lodgings for Jo")],
        },
        {P: [payment(purpose="Supported lodgings for Jo"), payment("P-2", purpose=" ")]},
        {},
        ("Redactions",),
        '1 text waits for review, with the lines that bear them: "Supported lodgings for Jo" (1)',
    ),
    "PB-058": Case(
        {
            C: [
                running(contract_title="Dr Smith and Partners Surgery"),
                running(contract_ref="C-2", contract_title="Care for Mrs Jo Doe"),
            ],
            D: [waived(decision_kind="reviewed text", subject="care for MRS Jo  Doe")],
        },
        {
            C: [
                running(contract_title="Care package for Jo Doe"),
                running(contract_ref="C-2", contract_title="Roads"),
            ]
        },
        {},
        ("Redactions",),
        "not published until reviewed: the titles of C-1",
    ),
    "DC-016": Case(
        {
            C: [
                running(value_ex_vat_pence=15_150_000),
                running(contract_ref="C-2", value_ex_vat_pence=20_000_000),
            ],
            D: [changed_by("D-1", "C-1"), changed_by("D-2", "C-2")],
        },
        {
            C: [running(value_ex_vat_pence=150_000_000), running(contract_ref="C-2")],
            D: [
                changed_by("D-1", "C-1"),
                {**changed_by("D-2", "C-2"), "effective_on": "2026-11-01", "original_value_pence": 1_500_000},
                {**changed_by("D-3", "C-2"), "value_before_pence": 15_150_000},
            ],
        },
        {
            C: [running()],
            D: [changed_by("D-1", "C-1") | {"decided_on": "2026-11-24"}, ended_on("2026-09-30")],
        },
        ("D-1", "D-2"),
        "£150,000.00 as the original value; the register has £1,500,000.00",
    ),
    "DC-017": Case(
        {
            C: [running()],
            D: [extended_from("2029-04-01"), ended_on("2026-12-31"), changed_by("D-3", "C-1")],
        },
        {
            C: [running()],
            D: [
                extended_from("2028-04-01", last="2028-05-31"),
                ended_on("2019-01-01"),
                changed_by("D-3", "C-1") | {"effective_on": "2020-04-01"},
            ],
        },
        {C: [running()], D: [override()]},
        ("D-1", "D-2", "D-3"),
        "extended from 2028-04-01; the contract ends on 2029-03-31, so from 2029-04-01",
    ),
    "DC-018": Case(
        {C: [running()], D: [changed_by("D-1", "C-1"), ended_on("2026-12-31")]},
        {C: [running()], D: [extended_from("2029-04-01"), ended_on("2026-12-31")]},
        {C: [running()], D: [override()]},
        ("D-1",),
        "the contract ends early on 2026-12-31",
    ),
    "DC-019": Case(
        {R: [claim()], D: [verified(quantity="1")]},
        {
            R: [claim()],
            D: [
                verified(quantity="1", period="2026-27-Q1"),
                verified("D-2", quantity="1", period="2026-27"),
                verified("D-3", quantity="1", period="2026-27-Q4"),
                verified("D-4", quantity="1", measure_code="S1"),
            ],
        },
        {R: [claim()], D: [override(), verified("D-2", quantity="1", decided_on="2026-11-24")]},
        ("D-1", "D-2", "D-3", "D-4"),
        "2026-27-Q1, for which C-1 has no claim of J1",
    ),
    "DC-020": Case(
        {
            C: [in_scope(start_on="2026-04-01", end_on="2029-03-31")],
            T: [asked()],
            D: [
                committed(quantity="100"),
                committed("D-2", quantity="200", decided_on="2026-04-01"),
                committed("D-3", quantity="150", decided_on="2026-06-01", role="category lead"),
                committed("D-4", quantity="1", decided_on="2026-06-02"),
                approved("D-5", "D-4", role="head of procurement"),
            ],
        },
        {
            C: [in_scope(start_on="2026-04-01", end_on="2029-03-31")],
            T: [asked()],
            D: [
                committed(quantity="100"),
                committed("D-2", quantity="101", decided_on="2026-04-02"),
                committed("D-3", quantity="125.01", decided_on="2026-06-01", role="category lead"),
                committed("D-4", quantity="1", decided_on="2026-06-02"),
                approved("D-5", "D-4", role="head of procurement", decided_on="2026-11-24"),
            ],
        },
        {C: [in_scope()], T: [asked()], D: [override(), committed(decided_on="2026-11-24")]},
        ("D-2", "D-3", "D-4"),
        "101 in place of 100 committed, by contract manager",
    ),
    "DC-026": Case(
        {
            C: [in_scope()],
            T: [asked(is_commitment=False)],
            D: [
                milestone("D-1", "3"),
                milestone("D-2", "8", "2028-03-31", decided_on="2026-06-01", role="head of procurement"),
                milestone("D-3", "4", "2027-12-31", decided_on="2026-06-02"),
                approved("D-4", "D-3", role="chief procurement officer"),
                milestone("D-5", "8", "2028-03-31", decided_on="2026-11-24"),
            ],
        },
        {
            C: [in_scope()],
            T: [asked(is_commitment=False)],
            D: [
                milestone("D-1", "8", "2028-03-31"),
                milestone("D-2", "8", "2027-03-31", decided_on="2026-04-02"),
                milestone("D-3", "2.01", "2027-12-31", decided_on="2026-06-01", role="category lead"),
            ],
        },
        {C: [in_scope()], T: [asked()], D: [override(), milestone("D-1", "3", decided_on="2026-11-24")]},
        ("D-2", "D-3"),
        "milestones that move up to 8 of 8, decided after the start on 2026-04-01 without authority in D-2",
    ),
    "DC-021": Case(
        {
            C: [running()],
            T: [asked()],
            D: [
                committed(quantity="100"),
                committed(
                    "D-2",
                    quantity="90",
                    decided_on="2026-06-01",
                    role="category lead",
                    effective_on="2029-03-31",
                ),
            ],
        },
        {
            C: [running()],
            T: [asked()],
            D: [
                committed(quantity="100"),
                committed(
                    "D-2",
                    quantity="90",
                    decided_on="2026-06-01",
                    role="category lead",
                    effective_on="2029-04-01",
                ),
            ],
        },
        {C: [running()], T: [asked()], D: [override()]},
        ("D-2",),
        "2029-04-01; the contract runs from 2026-04-01 to 2029-03-31",
    ),
    "DC-022": Case(
        {
            C: [in_scope()],
            T: [asked(override_id="D-2")],
            D: [
                override(quantity="9", decided_on="2026-04-30"),
                override("D-2", quantity="7"),
                override("D-3", quantity="7", reason_code="as agreed"),
            ],
        },
        {
            C: [in_scope()],
            T: [asked(override_id="D-2")],
            D: [override(quantity="9"), override("D-2", quantity="7")],
        },
        {C: [in_scope()], T: [asked()], D: [override()]},
        ("D-1",),
        "9; D-2 of the same day stands, with 7",
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
            T: [asked(is_commitment=False)],
            V: [version()],
            D: [milestone("D-1", "3"), milestone("D-2", "5", "2028-03-31")],
        },
        {
            C: [in_scope()],
            T: [asked(is_commitment=False)],
            V: [version(), version(2)],
            D: [milestone("D-1", "3"), milestone("D-2", "4", "2028-03-31")],
        },
        {C: [in_scope()], T: [asked()], V: [version()], D: [override(quantity="9")]},
        ("C-1 J1 1",),
        "7 from 2027-03-31 to 2028-03-31, for a target of 8 from 2026-04-01 to 2028-03-31",
    ),
    "TG-008": Case(
        {C: [in_scope()]},
        {
            C: [
                in_scope(procurement_commenced_on=None, awarded_on="2026-01-01"),
                in_scope("C-2", procurement_commenced_on=None, signed_on="2026-03-02"),
                in_scope("C-3", procurement_commenced_on=None),
            ]
        },
        {
            C: [
                in_scope(procurement_commenced_on=None, awarded_on="2025-12-31", signed_on="2026-02-02"),
                in_scope("C-2", procurement_commenced_on=None, start_on="2025-12-31"),
                in_scope("C-3", procurement_commenced_on=None, value_ex_vat_pence=2_499_999),
                in_scope("C-4", procurement_commenced_on=None, regime="psr"),
                in_scope("C-5", procurement_commenced_on="2025-12-31"),
            ]
        },
        ("C-1", "C-2", "C-3"),
        "no day, awarded 2026-01-01, starts 2026-04-01",
    ),
    "TG-007": Case(
        {
            V: [
                version(agreed="168/11", due_before="60/11"),
                version(2, measure_code="J2", version_kind="commitment", agreed="5", due_before="6"),
            ]
        },
        {V: [version(2, agreed="5", due_before="60/11", version_kind="commitment")]},
        {V: [version(agreed="5")]},
        ("C-1 J1 2",),
        "5.45 due before, 5 agreed",
    ),
    "TG-011": Case(
        {S71: [rated(confirmed_rating="good")]},
        {S71: [rated()]},
        {S71: [rated(measure_code=None, proposed_rating=None)]},
        ("2026-27-Q2 C-1 1",),
        "proposed: good",
    ),
    "TG-016": Case(
        {
            S71: [
                rated(confirmed_rating="approaching target"),
                rated("C-2", proposed_rating="inadequate", confirmed_rating="requires improvement"),
            ]
        },
        {
            S71: [
                rated(confirmed_rating="requires improvement", verified="2", due_by_return="2"),
                rated("C-2", proposed_rating="inadequate", confirmed_rating="good"),
                rated("C-3", proposed_rating="inadequate", confirmed_rating="approaching target"),
            ]
        },
        {
            S71: [
                rated(),
                rated("C-2", measure_code=None, proposed_rating=None, confirmed_rating="good"),
                rated("C-3", proposed_rating="other", confirmed_rating="good"),
                rated("C-4", proposed_rating="inadequate", confirmed_rating="other"),
            ]
        },
        ("2026-27-Q2 C-1 1", "2026-27-Q2 C-2 1", "2026-27-Q2 C-3 1"),
        "requires improvement; proposed: good, 2 verified of 2 due",
    ),
    "TG-012": Case(
        {
            C: [contract()],
            R: [
                claim(claimed="3"),
                claim(claimed="1", district="unknown", evidence_ref="EV-1"),
                claim(claimed="90", measure_code="E4"),
                claim(claimed="70", measure_code="E4", district="unknown"),
                claim(period="2026-27-Q1"),
            ],
            D: [verified(quantity="2"), verified("D-2", measure_code="E4", quantity="80")],
            PLACES: [
                at_place("county", claimed="3", verified="3/2"),
                at_place("unknown", claimed="1", evidenced="1", verified="1/2"),
                at_place("county", measure_code="E4", claimed="90", verified="80"),
                at_place("unknown", measure_code="E4", claimed="70", verified="70"),
            ],
        },
        {
            C: [contract()],
            R: [claim(claimed="4"), claim(claimed="1", measure_code="S1")],
            PLACES: [at_place("county", claimed="3", verified="4")],
        },
        {R: [claim(claimed="4")]},
        ("Outcomes by district",),
        "C-1 J1 in 2026-27-Q2, county: 4 verified of 3 claimed; "
        "C-1 J1 in 2026-27-Q2: 3 / 0 / 4 by district, 4 / 0 / 0 counted; "
        "C-1 S1 in 2026-27-Q2: nothing by district, 1 / 0 / 0 counted",
    ),
    "TG-013": Case(
        {
            **noticed(3),
            C: [in_scope(value_inc_vat_pence=500_000_001, procurement_category="services")],
            S71: [
                rated(),
                rated(kpi_id="3", measure_code=None, proposed_rating=None, confirmed_rating="inadequate"),
                rated(kpi_id="2", proposed_rating=None),
            ],
        },
        {
            **noticed(3),
            C: [
                in_scope(ref, value_inc_vat_pence=500_000_001, procurement_category="services")
                for ref in ("C-1", "C-2")
            ],
            S71: [
                rated(proposed_rating="fine"),
                rated(kpi_id="2", confirmed_rating="fine"),
                rated(kpi_id="4"),
                rated("C-2"),
                rated("C-9"),
            ],
        },
        {},
        tuple(f"{QUARTER} {place}" for place in ("C-1 1", "C-1 2", "C-1 4", "C-2 1", "C-9 1")),
        "fine",
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
        {
            C: [contract(supplier_ppon="PABC-1234-DEFG"), contract("C-2")],
            P: [payment(), payment("P-2", contract_ref="C-2", source_row=9)],
            S70: [paid_over()],
        },
        {
            C: [contract(supplier_ppon="PABC-1234-DEFG"), contract("C-2")],
            P: [payment(), payment("P-2", contract_ref="C-2")],
            S70: [paid_over(contract_id=None, supplier_id=None), paid_over(payment_ref="P-2")],
        },
        {},
        ("P-1", "P-2"),
        "no Contract identifier, no Supplier identifier",
    ),
    "PB-003": Case(
        {
            P: [payment(), payment("P-2", supplier_key="name:jo", supplier_ledger_id="L-2")],
            D: [CLEARS],
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
            D: [CLEARS],
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
            D: [CLEARS],
            S70: [paid_over(supplier_name="Acme Ltd"), paid_over(payment_ref="P-2", supplier_name="Jo")],
        },
        {
            P: [
                payment(supplier_key="name:jo", supplier_ledger_id="L-9"),
                payment("P-2", payee_kind="Individual"),
                payment("P-3"),
                payment("P-5", paid_on="2026-09-30", source_row=20),
                payment("P-5", paid_on="2026-09-30", source_row=21, payee_kind="individual"),
            ],
            S70: [
                paid_over(supplier_name="Jo"),
                paid_over(payment_ref="P-2", supplier_name="Jo Two"),
                paid_over(payment_ref="P-3", supplier_name=REDACTED),
                paid_over(payment_ref="P-4", supplier_name="Nobody's line"),
                paid_over(payment_ref="P-5", supplier_name="Acme Ltd", source_row=20),
            ],
        },
        {S70: [paid_over(supplier_name=REDACTED, supplier_id=None)]},
        ("P-1", "P-2", "P-3", "P-4", "P-5"),
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
    "PB-050": Case(
        {
            R: [claim(period="2026-27-Q1")],
            C: [contract("C-9", start_on="2026-07-01"), contract("C-8", start_on="2026-06-30")],
            F: [delivered(7), delivered(2, "C-2"), delivered(3, "C-3"), weeks(65, "C-9"), weeks(130, "C-8")],
            PUBLIC: [delivered(7), left_out("C-2"), left_out("C-3"), weeks(65, "C-9"), weeks(130, "C-8")],
        },
        {
            R: [claim(period="2026-27-Q1")],
            C: [contract("C-9", start_on="2025-04-01"), contract("C-8", start_on="2026-07-01")],
            F: [
                delivered(7),
                delivered(2, "C-2"),
                delivered(9, "C-3"),
                delivered(8, "C-4"),
                weeks(129, "C-9"),  # fewer than five people in two quarters
                weeks(64, "C-8"),
            ],
            PUBLIC: [
                weeks(129, "C-9"),
                weeks(64, "C-8"),
                delivered(7),
                delivered(2, "C-2"),
                delivered(10, "C-3"),
                left_out("C-4", claimed=8),
                delivered(5, "C-5"),
            ],
        },
        {F: [delivered(7)]},
        (
            f"{QUARTER} C-9 S2",
            f"{QUARTER} C-8 S2",
            f"{QUARTER} C-2 J1",
            f"{QUARTER} C-3 J1",
            f"{QUARTER} C-4 J1",
            f"{QUARTER} C-5 J1",
        ),
        "claimed is 129, a small count of people",
    ),
    "PB-051": Case(
        {
            PLACES: [of_district(3), of_district(4, "C-2"), of_district(9, district="unknown")],
            AREA: [of_district(7), of_district(9, district="unknown")],
        },
        {
            PLACES: [of_district(3), of_district(9, district="unknown")],
            AREA: [of_district(None, not_shown="counts"), of_district(9, district="unknown")],
        },
        {},
        ("Outcomes by district as published",),
        f"{QUARTER} J1 is left out alone",
    ),
    "PB-060": Case(
        {
            D: [
                rates("good", "D-1"),
                rates("inadequate", "D-2"),
                rates("fine", "D-3"),
                rates("other", "D-4", decided_on="2026-11-24"),
                rates("other", "D-5", measure_code="S1"),
                rates("good", "D-6", other_subject="On time"),
                rates("other", "D-7", other_subject="2"),
                rates("good", "D-8", other_subject="of Mrs Doe", measure_code=None),
                rates("good", "D-1", subject="C-2", other_subject="1"),
                rates("inadequate", "D-2", subject="C-2", other_subject="Response time"),
                rates("inadequate", "D-3", subject="C-2"),
                rates("good", "D-4", subject="C-2", other_subject="3"),
                rates("other", "D-5", subject="C-2", other_subject="2"),
            ],
            S71: [
                rated(),
                rated(kpi_id="2", kpi_title="On time", measure_code=None),
                rated(kpi_id="3", kpi_title="of Mrs Doe", measure_code=None),
                rated("C-2", kpi_title="Response time"),
                rated("C-2", kpi_id="2", kpi_title="Response time"),
                # What is the number of another indicator is that one's.
                rated("C-2", kpi_id="3", kpi_title="2", measure_code=None),
            ],
            ASSESSED: [
                assessed("C-2", kpi_title="Response time", confirmed_rating="good"),
                assessed("C-2", kpi_id="3", kpi_title="2", measure_code=None, confirmed_rating="good"),
                assessed(confirmed_rating="inadequate"),
                assessed(kpi_id="2", kpi_title="On time", measure_code=None, confirmed_rating="other"),
                assessed(
                    kpi_id="3",
                    kpi_title=REDACTED,
                    measure_code=None,
                    confirmed_rating="good",
                    decision_id="D-8",
                ),
            ],
        },
        {
            D: [
                rates("good", "D-1"),
                rates("inadequate", "D-2"),
                rates("good", "D-3", period="2026-27-Q1"),
                rates("good", "D-4", subject="C-3", other_subject="Response time"),
            ],
            S71: [
                rated(),
                rated("C-2"),
                rated(kpi_id="2", kpi_title="On time", measure_code="S1"),
                rated("C-3", kpi_title="Response time"),
                rated("C-3", kpi_id="2", kpi_title="Response time", measure_code=None),
            ],
            ASSESSED: [
                assessed(confirmed_rating="good"),
                assessed("C-2", confirmed_rating="good"),
                assessed(kpi_id="2", kpi_title="On time", measure_code="S1", confirmed_rating="good"),
                assessed("C-3", kpi_title="Response time", confirmed_rating="good"),
            ],
        },
        {},
        (f"{QUARTER} C-1 1", f"{QUARTER} C-2 1", f"{QUARTER} C-1 2", f"{QUARTER} C-3 1"),
        "good; decided: inadequate",
    ),
    "PB-061": Case(
        {C: [contract()], ASSESSED: [assessed(payee="Acme Ltd", supplier_id="GB-PPON-PABC-1234-DEFG")]},
        {
            C: [contract("C-2", supplier_key="name:jo")],
            ASSESSED: [
                assessed("C-2", payee="Jo"),
                assessed("C-3", payee="Acme Ltd"),
                assessed("C-4", payee=REDACTED, supplier_id="GB-PPON-PABC-1234-DEFG"),
            ],
        },
        {C: [contract()], ASSESSED: [assessed(payee=REDACTED), assessed()]},
        (f"{QUARTER} C-2 1", f"{QUARTER} C-3 1", f"{QUARTER} C-4 1"),
        "Jo",
    ),
    "PB-007": Case({SPEND: [{"payee": "Acme Ltd"}]}, {}, {}, ("Spend over £500",), "0 rows"),
    "PB-024": Case(
        {
            P: [
                *lines_of(_EVERY_MONTH | {"2026-07": 20, "2026-08": 2, "2026-09": 20}),
                *_of(
                    "cards", lines_of(_EVERY_MONTH | {"2026-07": 20, "2026-08": 20, "2026-09": 20}, ref="C")
                ),
            ],
            SPEND: [{"period": QUARTER}],
        },
        {
            P: [
                *lines_of(_EVERY_MONTH | {"2026-07": 31, "2026-08": 1}),
                *_of("cards", lines_of(_EVERY_MONTH | {"2026-08": 20, "2026-09": 20}, ref="C")),
            ],
            SPEND: [{"period": QUARTER}],
        },
        {
            P: [
                *lines_of({"2026-05": 20, "2026-06": 20, "2026-07": 20}),
                *_of("small", lines_of(dict.fromkeys(_EVERY_MONTH, 19) | {"2026-07": 19}, ref="S")),
                *_of("quarterly", lines_of({"2025-10": 20, "2026-01": 20, "2026-04": 20}, ref="Q")),
            ],
            SPEND: [{"period": QUARTER}],
        },
        ("source 2026-08, 2026-09", "cards 2026-07"),
        "1 payment of source in August 2026 and September 2026; July 2026 had 31",
    ),
    "PB-020": Case(
        {
            C: [contract("S-1", is_school_contract=True)],
            P: [
                payment(amount_ex_vat_pence=50_001),
                payment("P-2", amount_ex_vat_pence=-50_001),
                payment("P-3", amount_ex_vat_pence=50_000),
                payment("P-4", amount_ex_vat_pence=60_000, paid_on="2026-10-01"),
                payment("P-5", amount_ex_vat_pence=60_000, contract_ref="S-1"),
            ],
            SPEND: [
                {"period": QUARTER, "amount_ex_vat_pence": 50_001},
                {"period": QUARTER, "amount_ex_vat_pence": -50_001},
            ],
        },
        {
            P: [payment(amount_ex_vat_pence=60_000), payment("P-2", amount_ex_vat_pence=70_000)],
            SPEND: [{"period": QUARTER, "amount_ex_vat_pence": 60_000}],
        },
        {P: [payment(amount_ex_vat_pence=60_000)]},
        ("Spend over £500",),
        "1 payments and £600.00 in the file, 2 payments and £1,300.00 in the ledgers",
    ),
    "PB-021": Case(
        {
            C: [
                contract(value_ex_vat_pence=500_001, start_on="2026-09-30", end_on="2028-03-31"),
                contract("C-2", value_ex_vat_pence=900_000, start_on="2020-04-01", end_on="2026-07-01"),
                contract("C-3", value_ex_vat_pence=500_000, start_on="2026-04-01", end_on="2028-03-31"),
                contract("C-4", value_ex_vat_pence=900_000, start_on="2026-10-01", end_on="2028-03-31"),
                contract("C-5", value_ex_vat_pence=900_000, start_on="2020-04-01", end_on="2026-06-30"),
                running(contract_ref="C-6"),
            ],
            D: [{**extended_from("2029-04-01"), "subject": "C-6"}],
            REGISTER: [
                listed("C-2", value_ex_vat_pence=900_000, end_on="2026-07-01"),
                listed("C-1", value_ex_vat_pence=500_001, end_on="2028-03-31"),
                listed("C-6", value_ex_vat_pence=20_000_000, end_on="2030-03-31"),
            ],
        },
        {
            C: [
                contract(ref, value_ex_vat_pence=900_000, start_on="2026-04-01", end_on="2028-03-31")
                for ref in ("C-1", "C-2")
            ],
            REGISTER: [listed("C-1", value_ex_vat_pence=900_000, end_on="2028-03-31")],
        },
        {C: [contract(value_ex_vat_pence=900_000, start_on="2026-04-01", end_on="2028-03-31")]},
        ("Contracts over £5,000",),
        "1 contracts and £9,000.00 in the file, 2 contracts and £18,000.00 in the register",
    ),
    "PB-022": Case(
        {
            C: [
                reached(value_inc_vat_pence=24_926_400),
                reached("C-2", is_school_contract=True),
                reached("C-3", parent_ref="F-1"),
                contract("F-1", agreement_kind="framework", regime="pcr"),
                reached("C-4", procurement_commenced_on="2026-03-31"),
                reached("C-5", value_ex_vat_pence=20_771_999),
                reached("C-6", agreement_kind="concession"),
                reached("C-7", regime="psr"),
                reached("C-8", procurement_category=None),
                reached("C-9", value_ex_vat_pence=10_000_000),
            ],
            D: [
                {
                    "decision_id": "D-1",
                    "decision_kind": "value change",
                    "subject": "C-9",
                    "decided_on": "2026-06-01",
                    "effective_on": "2026-06-01",
                    "original_value_pence": 20_772_000,
                    "value_before_pence": 20_772_000,
                    "value_after_pence": 10_000_000,
                }
            ],
            P: [
                payment(amount_ex_vat_pence=2_500_001, vat_pence=500_000),
                payment("P-2", amount_ex_vat_pence=2_500_000, vat_pence=500_000),
                payment("P-3", amount_ex_vat_pence=9_000_000, paid_on="2026-10-01"),
                payment("P-4", amount_ex_vat_pence=1_500_001),
                payment("P-4", amount_ex_vat_pence=1_500_000),
                payment("P-5", amount_ex_vat_pence=1_500_001),
                payment("P-6", amount_ex_vat_pence=1_500_000),
                payment("P-7", amount_ex_vat_pence=3_000_001),
                payment("P-7", amount_ex_vat_pence=-1, is_credit_note=True),
                *(
                    payment(f"X-{n}", amount_ex_vat_pence=9_000_000, contract_ref=f"C-{n}")
                    for n in range(2, 10)
                ),
            ],
            S70: [
                paid_over(amount_ex_vat_pence=2_500_001),
                paid_over(source_row=5, amount_ex_vat_pence=3_000_001, paid_on="2026-07-01"),
                paid_over(source_row=18, amount_ex_vat_pence=9_000_000, amount_inc_vat_pence=9_000_000),
            ],
        },
        {
            C: [reached()],
            P: [payment(amount_ex_vat_pence=3_000_001), payment("P-2", amount_ex_vat_pence=9_000_000)],
            S70: [paid_over(amount_ex_vat_pence=3_000_001)],
        },
        {C: [reached()], P: [payment(amount_ex_vat_pence=3_000_001)]},
        ("Payments over £30,000",),
        "1 payments and £30,000.01 in the file, 2 payments and £120,000.01 in the ledgers",
    ),
    "PB-040": Case(
        {
            P: [
                swiped(amount_ex_vat_pence=199),
                swiped("P-2", amount_ex_vat_pence=-50_001),
                swiped("P-3", amount_ex_vat_pence=49_999, irrecoverable_vat_pence=2),
                swiped("P-4", card_transaction="CCC"),
                swiped("P-5", paid_on="2026-10-01"),
                swiped("P-6", purpose="PAYE", supplier_name="HMRC"),
                swiped("P-7", contract_ref="S-1"),
            ],
            C: [contract("S-1", is_school_contract=True)],
            CARD: [
                {"period": QUARTER, "amount_ex_vat_pence": 199},
                {"period": QUARTER, "amount_ex_vat_pence": -50_001},
                {"period": QUARTER, "amount_ex_vat_pence": 49_999, "irrecoverable_vat_pence": 2},
            ],
            SPEND: [
                {"amount_ex_vat_pence": -50_001, "card_transaction": "GPC", "source_row": 3},
                {"amount_ex_vat_pence": 49_999, "card_transaction": "GPC", "source_row": 4},
                {"amount_ex_vat_pence": 60_000, "card_transaction": "None"},
            ],
        },
        {
            P: [swiped(amount_ex_vat_pence=50_001)],
            CARD: [{"period": QUARTER, "amount_ex_vat_pence": 50_001}],
        },
        {P: [swiped()]},
        ("Procurement card transactions",),
        "1 card transactions over the floor here, 0 in the spend file",
    ),
    "PB-041": Case(
        {
            P: [swiped(), swiped("P-2", supplier_key="name:jo", supplier_ledger_id="L-2")],
            D: [CLEARS],
            CARD: [{"payee": "Acme Ltd"}, {"payee": "Jo"}],
        },
        {
            P: [swiped(supplier_key="name:jo"), swiped("P-2", payee_kind="individual")],
            CARD: [
                {"payee": "Jo"},
                {"payee": "Jo Two"},
                {"payee": REDACTED, "supplier_company_number": "01234567"},
            ],
        },
        {CARD: [{"payee": REDACTED}, {}]},
        ("", "", ""),
        "Jo",
    ),
    "PB-042": Case(
        {
            P: [
                payment(is_vcse_grant=True, paid_on="2026-04-01"),
                payment("P-2", is_vcse_grant=True, amount_ex_vat_pence=-1, paid_on="2026-09-30"),
                payment("P-3", is_vcse_grant=True, paid_on="2026-03-31"),
                payment("P-4", is_vcse_grant=True, paid_on="2026-10-01"),
                payment("P-5", is_vcse_grant=False),
            ],
            GRANT: [
                {"period": QUARTER, "amount_ex_vat_pence": 1_000},
                {"period": QUARTER, "amount_ex_vat_pence": -1},
            ],
        },
        {
            P: [payment(is_vcse_grant=True), payment("P-2", is_vcse_grant=True)],
            GRANT: [{"period": QUARTER, "amount_ex_vat_pence": 1_000}],
        },
        {P: [payment(is_vcse_grant=True)]},
        ("Grants to voluntary bodies",),
        "1 payments and £10.00 in the file, 2 payments and £20.00 in the ledgers",
    ),
    "PB-043": Case(
        {P: [payment()], GRANT: [{"payee": "Acme Ltd", "registration_number": "1234567"}]},
        {
            P: [payment(supplier_key="name:jo"), payment("P-2", payee_kind="individual")],
            GRANT: [
                {"payee": "Jo"},
                {"payee": "Jo Two"},
                {"payee": REDACTED, "registration_number": "1234567"},
            ],
        },
        {GRANT: [{"payee": REDACTED}, {}]},
        ("", "", ""),
        "Jo",
    ),
    "PB-044": Case(
        {
            N: [
                invited(value_ex_vat_pence=500_001),
                invited("o-2", value_ex_vat_pence=0),
                invited("o-3", value_ex_vat_pence=500_000),
                invited("o-4", published_on="2026-10-01"),
                invited("o-5", published_on="2026-06-30"),
                invited("o-5", release_id="n-6"),
                invited("o-7", notice_type="UK7"),
            ],
            TENDER: [tendered(), tendered("o-2")],
        },
        {N: [invited(), invited("o-2")], TENDER: [tendered()]},
        {N: [invited()]},
        ("Invitations to tender over £5,000",),
        "1 invitations in the file, 2 in notices and register",
    ),
    "PB-045": Case(
        {TENDER: [tendered()]},
        {TENDER: [tendered(department=None), tendered("o-2", end_on=None), tendered("o-3")]},
        {},
        ("o-1", "o-2"),
    ),
    "PB-046": Case(
        {
            P: [
                payment(amount_ex_vat_pence=900),
                payment("P-2", supplier_key="GB-COH:2", amount_ex_vat_pence=90, irrecoverable_vat_pence=10),
                payment("P-3", payee_kind="individual"),
                payment("P-4", purpose="Foster care allowance"),
                payment("P-5", is_vcse_grant=True),
                payment("P-6", paid_on="2026-10-01"),
                payment("P-7", purpose="Pension contributions"),
            ],
            WHO: [
                {"supplier_key": "GB-COH:01234567", "sme_pa23": "yes", "sme_code": "no", "vcse": "unknown"}
            ],
            SHARE: [
                share("SME by the Act", 1000, 900, 0, 100, least="9/10", most="1"),
                share("SME by the Code", 1000, 0, 900, 100, least="0", most="1/10"),
                share("VCSE", 1000, 0, 0, 1000, least="0", most="1"),
                share("Kent", 1000, 0, 0, 1000, least="0", most="1"),
            ],
        },
        {
            P: [payment(amount_ex_vat_pence=1000)],
            SHARE: [
                share("SME by the Act", 1000, 1, 0, 999, least="0", most="1"),
                share("SME by the Code", 1000, 0, 0, 1000, least="0", most="1"),
                share("VCSE", 1000, 0, 0, 1000, least="0", most="1"),
            ],
        },
        {P: [payment()]},
        ("Shares of spend",),
        "not those of the ledgers: SME by the Act, Kent",
    ),
    "PB-023": Case(
        {
            C: [contract(start_on="2026-09-30"), contract("C-2", start_on="2026-10-01"), contract("C-3")],
            T: [asked(), asked(measure_code="S1", target="1/3"), asked("C-2"), asked("C-3"), asked("C-4")],
            F: [figure(measure_code="S1", target="1/3"), figure(target="8")],
        },
        {
            C: [contract(start_on="2026-09-30")],
            T: [asked(), asked(measure_code="S1")],
            F: [figure(target="8")],
        },
        {C: [contract(start_on="2026-09-30")], T: [asked()]},
        ("Social value performance",),
        "1 targets in the file, 2 targets of contracts that have started",
    ),
    "PB-030": Case(
        {UK17: told_in_notice()},
        {UK17: told_in_notice(pct_61_plus=("33.33", 1, 3), mean_days=("30.5", 61, 2))},
        {UK17: [{"form_field": "mean_days", "blank_reason": "no payment"}]},
        ("Payments compliance notice",),
        "mean_days reads 30.5, 61 of 2; 3 payments in the bands, 2 made, 2 averaged",
    ),
    "PB-031": Case(
        {
            P: [
                payment(amount_ex_vat_pence=1_000, vat_pence=200, contract_ref="C-1", paid_on="2026-04-01"),
                payment("P-2", amount_ex_vat_pence=1_000, contract_ref="C-2", paid_on="2026-09-30"),
                payment("P-3", amount_ex_vat_pence=1_000, contract_ref="C-1", paid_on="2026-03-31"),
                payment("P-4", amount_ex_vat_pence=1_000, contract_ref="C-1", paid_on="2026-10-01"),
                payment("P-5", amount_ex_vat_pence=1_000, contract_ref=None, paid_on="2026-09-30"),
            ],
            INVOICE: [
                evidence(paid_on="2026-04-01"),
                evidence(2, contract_ref="C-2", amount_inc_vat_pence=1_000),
                evidence(3, paid_on=None),
            ],
        },
        {
            P: [
                payment(amount_ex_vat_pence=1_200, contract_ref="C-1", paid_on="2026-09-30"),
                payment("P-2", amount_ex_vat_pence=1, contract_ref="C-1", paid_on="2026-09-30"),
            ],
            INVOICE: [evidence()],
        },
        {P: [payment(amount_ex_vat_pence=1_200, paid_on="2026-09-30")]},
        ("Invoices behind the payments compliance notice",),
        "£12.00 in the evidence, £12.01 in the ledgers",
    ),
    "PB-032": Case(
        {INVOICE: [evidence(1, left_out_reason=NO_RECEIPT), *(evidence(n) for n in range(2, 21))]},
        {INVOICE: [evidence(1, left_out_reason=NO_RECEIPT), *(evidence(n) for n in range(2, 20))]},
        {INVOICE: [evidence(left_out_reason="its contract is below the threshold")]},
        ("Invoices behind the payments compliance notice",),
        "1 of 19 invoices",
    ),
    "PB-033": Case(
        {INVOICE: [evidence(), evidence(2, left_out_reason="its contract is a framework")]},
        {
            INVOICE: [
                evidence(1, contract_ref=ref, left_out_reason="cannot be told: its contract has no regime")
                for ref in ("C-2", "C-1")
            ]
        },
        {P: [payment()]},
        ("Invoices behind the payments compliance notice",),
        "1 invoices of C-1, C-2",
    ),
    "TG-014": Case(
        {
            C: [
                in_scope(),
                in_scope("C-2", value_ex_vat_pence=9_999_999),
                in_scope("C-3", service_group="consultancy", value_ex_vat_pence=24_999_999),
                in_scope("C-4"),
                in_scope("C-5", agreement_kind="framework"),
            ],
            D: [changed_by("D-1", "C-4")],
            T: [asked(), asked("C-2")],
        },
        {
            C: [
                in_scope("C-1"),
                in_scope("C-2", value_ex_vat_pence=10_000_000),
                in_scope("C-3", service_group="consultancy", value_ex_vat_pence=25_000_000),
                in_scope("C-4", agreement_kind="framework"),
                in_scope("C-5", regime="psr"),
                in_scope("C-6", is_school_contract=True),
                in_scope("C-7", procurement_commenced_on="2025-12-31"),
            ],
            T: [asked("C-4"), asked("C-5"), asked("C-6"), asked("C-7")],
        },
        {C: [in_scope(agreement_kind="framework"), in_scope("C-2", start_on=None)]},
        ("Targets",),
        "no targets of 3: C-1, C-2, C-3; targets out of scope of 4: C-4, C-5, C-6, C-7",
    ),
    "TG-015": Case(
        {
            T: [asked(), asked("C-2", override_id="D-1")],
            V: [version(), *({**version(n), "contract_ref": "C-2"} for n in (1, 2, 3))],
        },
        {
            T: [asked(), asked("C-2", override_id="D-1"), asked("C-3")],
            V: [
                {**version(), "contract_ref": "C-2"},
                {**version(2), "contract_ref": "C-3"},
                {**version(), "contract_ref": "C-4"},
            ],
        },
        {C: [in_scope()]},
        ("Versions of targets",),
        "too few versions of 2: C-1 J1, C-2 J1; gaps in the versions of 1: C-3 J1; "
        "versions without a target, 1: C-4 J1",
    ),
    "CR-030": Case(
        {
            C: [
                contract(
                    procurement_commenced_on="2026-01-01", awarded_on="2026-01-01", signed_on="2026-02-01"
                )
            ]
        },
        {
            C: [
                contract(procurement_commenced_on="2026-01-02", awarded_on="2026-01-01"),
                contract("C-2", awarded_on="2026-02-02", signed_on="2026-02-01"),
                contract("C-3", procurement_commenced_on="2026-02-02", signed_on="2026-02-01"),
                contract("C-4", end_on="2028-03-31", max_end_on="2028-03-30"),
            ]
        },
        {C: [contract(awarded_on="2026-01-01", end_on="2028-03-31")]},
        ("C-1", "C-2", "C-3", "C-4"),
        "2026-01-01 (Procurement commenced: 2026-01-02)",
    ),
    "CR-031": Case(
        {
            C: [
                contract(start_on="1990-01-01"),
                contract("C-2", start_on="2031-11-23", signed_on="2026-11-23"),
                contract("C-3", procurement_commenced_on="2031-11-23"),
            ]
        },
        {
            C: [
                contract(start_on="1989-12-31"),
                contract("C-2", start_on="2031-11-24"),
                contract("C-3", signed_on="2026-11-24"),
                contract("C-4", review_on="1900-01-01"),
                contract("C-5", procurement_commenced_on="2031-11-24"),
            ]
        },
        {C: [contract()]},
        ("C-1", "C-2", "C-3", "C-4", "C-5"),
        "1989-12-31",
    ),
    "CR-032": Case(
        {C: [contract(start_on="2026-04-01", end_on="2056-04-01")]},
        {C: [contract(start_on="2026-04-01", end_on="2056-04-02")]},
        {C: [contract(start_on="2026-04-01")]},
        ("C-1",),
        "2056-04-02 (starts 2026-04-01)",
    ),
    "CR-033": Case(
        {C: [contract(f"C-{n}", value_ex_vat_pence=500, supplier_key=f"name:{n}") for n in range(9)]},
        {C: [contract(f"C-{n}", value_ex_vat_pence=500, supplier_key=f"name:{n % 2}") for n in range(10)]},
        {C: [contract(value_ex_vat_pence=100), contract("C-2")]},
        tuple(f"C-{n}" for n in range(10)),
        "£5.00 on 10 of 10 contracts",
    ),
    "CR-034": Case(
        {C: [twin(), twin("C-2", contract_title="Bridge works"), twin("C-3", end_on="2028-04-01")]},
        {C: [twin(), twin("C-2", contract_title="ROAD  WORKS")]},
        {C: [twin(contract_title=None), twin("C-2", value_ex_vat_pence=100), contract("C-3")]},
        ("C-2",),
        "C-2 is as C-1",
    ),
    "CR-035": Case(
        {C: [contract(cpv_code="45233000"), contract("C-2", cpv_code="03111000-2")]},
        {C: [contract(cpv_code="3111000"), contract("C-2", cpv_code="99000000")]},
        {C: [contract()]},
        ("C-1", "C-2"),
        "3111000",
    ),
    "CR-036": Case(
        {
            C: [
                contract(procurement_category="works", cpv_code="45233000"),
                contract("C-2", procurement_category="goods", cpv_code="48000000"),
                contract("C-3", procurement_category="services", cpv_code="50000000"),
            ]
        },
        {C: [contract(procurement_category="goods", cpv_code="45233000")]},
        {
            C: [
                contract(procurement_category="goods"),
                contract("C-2", procurement_category="goods", cpv_code="x"),
                contract("C-3", cpv_code="45233000"),
            ]
        },
        ("C-1",),
        "goods (CPV code 45233000: works)",
    ),
    "CR-037": Case(
        {C: [contract(is_light_touch=True, procurement_category="services", cpv_code="85310000")]},
        {
            C: [
                contract(is_light_touch=True, procurement_category="works"),
                contract("C-2", is_light_touch=True, procurement_category="services", cpv_code="39000000"),
            ]
        },
        {C: [contract(is_light_touch=True), contract("C-2", procurement_category="works")]},
        ("C-1", "C-2"),
        "light touch, for works",
    ),
    "SU-010": Case(
        {C: [contract(supplier_charity_number="1123456", supplier_is_vcse=True)]},
        {C: [contract(supplier_charity_number="1123456", supplier_is_vcse=False)]},
        {C: [contract(supplier_charity_number="1123456"), contract("C-2", supplier_is_vcse=False)]},
        ("C-1",),
        "No, with the charity number 1123456",
    ),
    "NT-030": Case(
        {C: [contract(agreement_kind="contract")], J: [fits()], NOTICED: [of_notices(kpi_count=3)]},
        {
            C: [contract(agreement_kind="call-off"), contract("C-2", agreement_kind="contract")],
            J: [fits(), fits("C-2", "n-2")],
            NOTICED: [of_notices(kpi_count=2), of_notices("n-2")],
        },
        {
            C: [contract(agreement_kind="framework"), contract("C-2", agreement_kind="contract")],
            J: [fits(), fits("C-2", "n-2")],
            NOTICED: [
                of_notices(),
                of_notices("n-2", is_light_touch=True),
                of_notices("n-3"),
                of_notices("n-2", value_inc_vat_pence=500_000_000),
            ],
        },
        ("n-1", "n-2"),
        "2 indicators",
    ),
    "NT-031": Case(
        {N: [details(value_ex_vat_pence=1_000_000, value_inc_vat_pence=1_200_100)]},
        {
            N: [
                details(value_ex_vat_pence=1_000_000, value_inc_vat_pence=1_200_101),
                details("n-2", value_ex_vat_pence=1_000_000, value_inc_vat_pence=999_899),
            ]
        },
        {
            N: [
                details(value_inc_vat_pence=5),
                details("n-2", value_ex_vat_pence=100, value_inc_vat_pence=900),
            ]
        },
        ("n-1 1", "n-2 1"),
        "£12,001.01 including VAT, £10,000.00 without",
    ),
    "NT-032": Case(
        {N: [details(signed_on="2026-08-01", start_on="2026-08-05", end_on="2026-08-05")]},
        {
            N: [
                details(signed_on="2026-08-02"),
                details("n-2", start_on="2026-08-05", end_on="2026-08-04"),
                details("n-3", end_on="2026-08-05", max_end_on="2026-08-04"),
            ]
        },
        {N: [details(notice_type="UK6", signed_on="2026-08-02"), details("n-2", start_on="2026-08-02")]},
        ("n-1 1", "n-2 1", "n-3 1"),
        "2026-08-02",
    ),
    "NT-033": Case(
        {N: [details(signed_on="2023-08-01")]},
        {N: [details(signed_on="2023-07-31")]},
        {N: [details(notice_type="UK6", signed_on="2006-08-01"), details("n-2")]},
        ("n-1 1",),
        "2023-07-31 (published 2026-08-01)",
    ),
    "NT-034": Case(
        {
            N: [
                details("n-0", notice_type="UK6", value_inc_vat_pence=1_000_000),
                details(value_inc_vat_pence=1_500_000),
                details("n-2", value_inc_vat_pence=500_000),
            ]
        },
        {
            N: [
                details("n-0", notice_type="UK6", value_inc_vat_pence=1_000_000),
                details(value_inc_vat_pence=1_500_001),
                details("n-2", value_inc_vat_pence=499_999),
            ]
        },
        {
            N: [
                details("n-0", notice_type="UK6", value_inc_vat_pence=1_000_000),
                details(ocid="o-2", value_inc_vat_pence=9_000_000),
                details("n-2", award_id=None, value_inc_vat_pence=9_000_000),
                details("n-3"),
            ]
        },
        ("n-1 1", "n-2 1"),
        "£15,000.01, awarded at £10,000.00",
    ),
    "SP-030": Case(
        {P: [payment(vat_pence=300), payment("P-2", amount_ex_vat_pence=-1000, vat_pence=-200)]},
        {P: [payment(vat_pence=301), payment("P-2", vat_pence=-1)]},
        {P: [payment(), payment("P-2", amount_ex_vat_pence=0, vat_pence=9_000)]},
        ("P-1", "P-2"),
        "£3.01 on £10.00",
    ),
    "SP-031": Case(
        {C: [contract(agreement_kind="call-off")], P: [payment()]},
        {
            C: [
                contract(agreement_kind="framework"),
                contract("C-2", agreement_kind="framework", regime="pa23"),
            ],
            P: [
                payment(),
                payment("P-2"),
                payment("P-3", contract_ref="C-2"),
                payment("P-4"),
                payment("P-5", contract_ref="C-2"),
            ],
        },
        {
            C: [contract(), contract("C-2", agreement_kind="framework", regime="pcr2015")],
            P: [payment(), payment("P-2", contract_ref="C-9"), payment("P-3", contract_ref="C-2")],
        },
        ("P-1", "P-3"),
        "C-1 is a framework, with 3 payments",
    ),
    "SP-038": Case(
        {C: [contract(agreement_kind="call-off", regime="psr")], P: [payment()]},
        {
            C: [contract(agreement_kind="framework", regime="pcr2015")],
            P: [payment()],
        },
        {C: [contract(agreement_kind="framework")], P: [payment(), payment("P-2", contract_ref="C-9")]},
        ("P-1",),
        "C-1 is a framework, with 1 payment",
    ),
    "SP-032": Case(
        {C: [contract(start_on="2026-08-01", signed_on="2026-07-01")], P: [payment()]},
        {C: [contract(start_on="2026-08-01", signed_on="2026-07-02")], P: [payment()]},
        {C: [contract()], P: [payment(), payment("P-2", contract_ref=None)]},
        ("P-1",),
        "2026-07-01 (the contract began on 2026-07-02)",
    ),
    "SP-033": Case(
        {P: [payment(amount_ex_vat_pence=123_400), payment("P-2", amount_ex_vat_pence=1_235)]},
        {
            P: [
                payment(amount_ex_vat_pence=123_400),
                payment("P-2", amount_ex_vat_pence=1_234),
                payment("P-3", amount_ex_vat_pence=1_234),
            ]
        },
        {P: [payment(amount_ex_vat_pence=1_000_000), payment("P-2", amount_ex_vat_pence=10_000)]},
        ("P-1",),
        "£1,234.00; another payment is £12.34",
    ),
    "SP-034": Case(
        {P: [payment(), payment("P-2", amount_ex_vat_pence=-1000)]},
        {P: [payment(), payment("P-2", amount_ex_vat_pence=-900), payment("P-3", amount_ex_vat_pence=-101)]},
        {P: [payment(supplier_name="REDACTED", amount_ex_vat_pence=-5)]},
        ("P-3",),
        "-£0.01 over all ledgers",
    ),
    "SP-035": Case(
        {P: [payment(f"P-{n}", paid_on="2026-07-01") for n in range(20)] + [payment(paid_on="2027-07-02")]},
        {
            P: [payment(f"P-{n}", paid_on="2026-07-01") for n in range(20)]
            + [payment("X", paid_on="2016-07-01")]
        },
        {P: [payment(paid_on="2016-07-01"), payment("P-2")]},
        ("X",),
        "2016-07-01 (middle payment of the file: 2026-07-01)",
    ),
    "SP-036": Case(
        {P: [payment(invoice_received_on="2020-07-01")]},
        {P: [payment(invoice_received_on="2020-06-30")]},
        {P: [payment()]},
        ("P-1",),
        "2020-06-30 (paid 2026-07-01)",
    ),
    "SP-037": Case(
        {P: [*lines_of({"2026-07": 20}), *_elsewhere(lines_of({"2026-07": 20}, step=20, ref="X"))]},
        {P: [*lines_of({"2026-07": 20}), *_elsewhere(lines_of({"2026-07": 20}, ref="X"))]},
        {P: [*lines_of({"2026-07": 19}), *_elsewhere(lines_of({"2026-07": 19}, ref="X"))]},
        ("X2026-07",),
        "20 lines of 2026-07 are in file.csv too",
    ),
    "SP-040": Case(
        {
            P: [
                *lines_of({"2026-04": 1, "2026-05": 1, "2026-06": 1}),
                *(
                    {**line, "source_name": "old"}
                    for line in lines_of({"2022-09": 1, "2022-10": 1, "2023-01": 1})
                ),
                *(
                    {**line, "source_name": "grants"}
                    for line in lines_of({"2025-10": 4, "2026-01": 2, "2026-04": 4, "2026-07": 1})
                ),
            ]
        },
        {
            P: [
                *lines_of({"2026-01": 1, "2026-02": 1, "2026-04": 1, "2026-05": 1, "2026-09": 1}),
                *(
                    {**line, "source_name": "grants"}
                    for line in lines_of({"2025-07": 4, "2025-10": 4, "2026-01": 2, "2026-07": 1}, ref="G")
                ),
            ]
        },
        {
            P: [
                *lines_of({"2026-04": 3, "2026-06": 1}),
                *(
                    {**line, "source_name": "now and then"}
                    for line in lines_of({"2025-01": 1, "2025-02": 1, "2025-06": 1, "2025-08": 1})
                ),
            ]
        },
        ("source 2026-04", "source 2026-09", "grants 2026-07"),
        "no payments in 2026-03",
    ),
    "SP-041": Case(
        {
            P: lines_of(
                {"2026-04": 20, "2026-05": 20, "2026-06": 32, "2026-07": 40, "2026-08": 16, "2026-11": 1}
            )
        },
        {P: lines_of({"2026-04": 16, "2026-05": 20, "2026-06": 32, "2026-07": 41, "2026-08": 1})},
        {P: lines_of({"2026-04": 19, "2026-05": 19, "2026-06": 19, "2026-07": 99})},
        ("source 2026-07", "source 2026-08"),
        "41 lines in 2026-07, against 20 a month before",
    ),
    "SP-042": Case(
        {P: [*lines_of({"2026-04": 200}), *lines_of({"2026-05": 200}, 1_050)]},
        {P: [*lines_of({"2026-04": 200}), *lines_of({"2026-05": 200}, 100_000, step=1000)]},
        {P: [*lines_of({"2026-04": 200}), *lines_of({"2026-05": 199}, 100_000)]},
        ("source 2026-05",),
    ),
    "CR-040": Case(
        {CHANGE: [changed("compared", count_before=9, count_now=9)]},
        {
            CHANGE: [
                changed("gone", "C-1", pence_before=500),
                changed("compared", count_before=9, count_now=8),
            ]
        },
        {CHANGE: [changed("amount", "C-1"), changed("month", "2026-04", kind="payments")]},
        ("C-1",),
        "gone from the register; £5.00",
    ),
    "CR-041": Case(
        {CHANGE: [changed("compared", count_before=20, count_now=18)]},
        {CHANGE: [changed("compared", count_before=29, count_now=26)]},
        {CHANGE: [changed("gone", "C-1"), changed("compared", count_before=19, count_now=9)]},
        ("source",),
        "3 of 29 contracts that still run are gone",
    ),
    "CR-042": Case(
        {
            CHANGE: [
                changed("amount", "C-1", pence_before=1_000, pence_now=500),
                changed("amount", "C-2", pence_before=1_000, pence_now=10_000),
            ]
        },
        {
            CHANGE: [
                changed("amount", "C-1", pence_before=1_000, pence_now=499),
                changed("amount", "C-2", pence_before=1_000, pence_now=10_001),
            ]
        },
        {CHANGE: [changed("amount", "C-1", pence_before=1_000, pence_now=100), changed("gone", "C-2")]},
        ("C-1", "C-2"),
        "£4.99, £10.00 before",
    ),
    "SP-045": Case(
        {CHANGE: [changed("month", "2026-04", kind="payments", count_before=3, count_now=3)]},
        {CHANGE: [changed("month", "2026-04", kind="payments", count_before=3, count_now=2)]},
        {
            CHANGE: [
                changed("compared", count_before=3, count_now=2),
                changed("month", "2026-04", kind="payments", count_before=3),
            ]
        },
        ("2026-04",),
        "2 lines and no value in 2026-04, 3 and no value before",
    ),
    "SP-050": Case(
        {CHANGE: [changed("compared", kind="payments", count_before=3, count_now=3)]},
        {
            CHANGE: [
                changed("compared", kind="payments", count_before=3, count_now=1),
                changed("gone", "P-1", kind="payments", pence_before=500),
                changed("amount", "P-2", kind="payments", pence_before=500, pence_now=-500),
            ]
        },
        {
            CHANGE: [
                changed("compared"),
                changed("gone", "C-1"),
                changed("amount", "C-2"),
                changed("month", "2026-04", kind="payments"),
            ]
        },
        ("P-1", "P-2"),
        "gone from the ledger; £5.00",
    ),
    "DC-038": Case(
        {CHANGE: [logged("compared")], C: [contract()]},
        {
            CHANGE: [
                logged("compared"),
                logged("gone", withheld()),
                logged("changed", withheld("D-2"), {"subject": "C-2"}),
            ],
            C: [contract()],
        },
        {CHANGE: [logged("gone", withheld(decision_kind="override")), changed("gone", "C-1")]},
        ("D-1", "D-2"),
        "withholding of C-1: gone from the log",
    ),
    "DC-039": Case(
        {D: [withheld("D-2")], CHANGE: [logged("compared"), logged("gone", withheld("D-2"))]},
        {
            CHANGE: [
                logged("compared"),
                logged("gone", withheld()),
                logged("changed", withheld("D-2"), withheld("D-2", subject="C-2", other_subject="P-1")),
            ]
        },
        {CHANGE: [changed("compared"), changed("gone", "C-1"), changed("gone", "P-1", kind="payments")]},
        ("D-1", "D-2"),
        "withholding of C-1: Subject C-2, C-1 before; Other subject",
    ),
    "SP-046": Case(
        {CHANGE: [changed("month", "2026-04", kind="payments", count_before=20, count_now=18)]},
        {CHANGE: [changed("month", "2026-04", kind="payments", count_before=20, count_now=17)]},
        {CHANGE: [changed("month", "2026-04", kind="payments", count_before=19, count_now=1)]},
        ("2026-04",),
    ),
}
