"""Legal cases of notice drafts: paragraph, what differs from the plain contract, what stands in the fields.

Does not belong here: which duties there are (`duty_cases`), reading tables, assertions.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from kcc_etl.domain.drafts.known import Authority, Known
from kcc_etl.domain.duties.facts import Failure, Modification
from tests.unit.duty_cases import (
    BIG,
    CALL_OFF,
    LIGHT,
    SMALL,
    M,
    at_award,
    changed,
    contract,
    day,
    ends,
    signed,
)

AUTHORITY = Authority(
    "Exampleshire Council", "1 High Street, Exampleton", "notices@example.org", ("GB-PPON-PABC-1234-DEFG",)
)

MISSING, NONE = "?", "-"
"""What stands for a field that is missing, and for one that is not applicable."""

NO_DRAFT: dict[str, str] = {}

REGISTER: dict[str, Any] = {
    "contract_ref": "C1",
    "contract_title": "Grounds maintenance",
    "contract_description": "Mowing and hedges",
    "procurement_category": "services",
    "cpv_code": "77310000",
    "ocid": "ocds-zz9zz9-000001",
    "contract_id": "1",
    "supplier_name": "Green Things Ltd",
    "supplier_company_number": "01234567",
    "supplier_ppon": None,
    "supplier_size": "small",
    "supplier_is_vcse": False,
    "is_reserved": False,
    "awarded_on": None,
    "parent_ref": None,
}
KPIS = tuple({"kpi_id": str(n), "kpi_title": f"Indicator {n}"} for n in (1, 2, 3, 4))


def known(facts: dict[str, Any], **more: Any) -> Known:
    """The plain contract with what differs: facts, and `register` cells, `details`, `kpis`, `ratings`."""
    register = {**REGISTER, **more.pop("register", {})}
    return Known(contract(**facts), register, **more)


def rating(number: str, word: str | None, period: str = "2026-27-Q2") -> dict[str, Any]:
    return {
        "kpi_id": number,
        "kpi_title": f"Indicator {number}",
        "measure_code": None,
        "period": period,
        "confirmed_rating": word,
        "proposed_rating": "good",
        "decision_id": f"D-{number}",
    }


def material(names: str, number: str = "M-1", on: str = "2026-11-02") -> dict[str, Any]:
    """A decision on the most material indicators."""
    about = {"decision_kind": "most material indicators", "other_subject": names}
    return {"decision_id": number, "decided_on": day(on), **about}


# Paragraph, facts that differ, what else differs, fields by name. Each is judged on 23 November 2026.
Case = tuple[str, dict[str, Any], dict[str, Any], dict[str, str]]

_NEW = signed("2026-11-20")

DETAILS: list[Case] = [
    ("reg 32(2)(a)", _NEW, {}, {"Contracting authority: unique identifier": "GB-PPON-PABC-1234-DEFG"}),
    ("reg 32(2)(c) never made up", _NEW, {"register": {"ocid": None}}, {"Procurement unique identifier (OCID)": MISSING}),
    ("reg 32(2)(d)", _NEW, {"register": {"contract_id": None}}, {"Contract unique identifier": MISSING}),
    ("reg 32(2)(f)", _NEW, {}, {"Subject-matter: CPV codes": "77310000", "Subject-matter: dates": "2026-11-20 to 2028-08-31", "Subject-matter: how it is supplied": MISSING}),
    ("reg 32(2)(f) no end", _NEW | {"end_on": None}, {}, {"Subject-matter: dates": MISSING}),
    ("reg 32(2)(g)", _NEW, {}, {"Supplier: unique identifier": "GB-COH-01234567", "Supplier: small or medium-sized enterprise": "yes", "Supplier: email": MISSING}),
    ("reg 32(2)(g) large", _NEW, {"register": {"supplier_size": "large", "supplier_ppon": "GB-PPON-PXYZ-1234-BCDF"}}, {"Supplier: small or medium-sized enterprise": "no", "Supplier: unique identifier": "GB-PPON-PXYZ-1234-BCDF"}),
    ("reg 32(2)(g) each supplier", _NEW, {"suppliers": ({"supplier_name": "A"}, {"supplier_name": "B"})}, {"Supplier 1: name": "A", "Supplier 2: name": "B", "Supplier 2: unique identifier": MISSING}),
    ("reg 32(2)(h)", _NEW, {"details": {"procurement_method_details": "Open procedure"}}, {"Procedure": "Open procedure"}),
    ("reg 32(2)(i)", _NEW, {"register": {"is_reserved": True}}, {"Reserved to supported employment or a public service mutual": "yes"}),
    ("reg 32(2)(k), s.123(2)", _NEW, {}, {"Estimated value of the contract": "£1,000,000.00 including VAT (£833,333.33 excluding VAT)"}),
    ("s.123(2) net alone", _NEW | {"value_inc_vat_pence": None}, {}, {"Estimated value of the contract": MISSING}),
    ("reg 32(2)(l)", {"signed_on": None, "start_on": day("2026-11-20")}, {}, {"Date the contract was entered into": MISSING}),
    ("reg 32(2)(m) may be extended", _NEW | {"max_end_on": day("2028-09-01")}, {}, {"Options": "may be extended to 2028-09-01"}),
    ("reg 32(2)(m) ends when it must", _NEW | {"max_end_on": day("2028-08-31")}, {}, {"Options": MISSING}),
    ("reg 32(2)(o)", _NEW | LIGHT, {}, {"Special regime": "light touch"}),
    ("reg 32(2)(r), s.52(1) £5m", _NEW | {"value_inc_vat_pence": 5 * M, "value_ex_vat_pence": 416_666_667}, {}, {"Three most material key performance indicators": NONE, "Why no indicators were set": NONE}),
    ("reg 32(2)(r), s.52(1) a penny more", _NEW | {"value_inc_vat_pence": 5 * M + 1, "value_ex_vat_pence": 416_666_668}, {}, {"Three most material key performance indicators": MISSING, "Why no indicators were set": MISSING}),
    ("reg 32(2)(r) three of four", _NEW | BIG, {"kpis": KPIS}, {"Three most material key performance indicators": "Indicator 1; Indicator 2; Indicator 3", "Why no indicators were set": NONE}),
    ("reg 32(2)(r) chosen by an officer", _NEW | BIG, {"kpis": KPIS, "decisions": (material("4|2|1"),)}, {"Three most material key performance indicators": "Indicator 4; Indicator 2; Indicator 1"}),
    ("reg 32(2)(r) a rated measure is no indicator", _NEW | BIG, {"ratings": (rating("S1", "good"),)}, {"Three most material key performance indicators": MISSING}),
    ("reg 32(2)(s), s.52(2)", _NEW | BIG | {"kpis": 0, "no_kpi_reason": True}, {"details": {"no_kpi_reason": "One delivery alone"}}, {"Three most material key performance indicators": NONE, "Why no indicators were set": "One delivery alone"}),
    ("s.53(1) entered today", signed("2026-11-23"), {}, {"Date the contract was entered into": "2026-11-23"}),
    ("s.53(1) not yet entered into", signed("2026-11-24"), {}, NO_DRAFT),
    ("s.53(6) legacy", _NEW | {"regime": "pcr2015"}, {}, NO_DRAFT),
    ("reg 33 framework", _NEW | {"kind": "framework"}, {}, {"Term of the framework": "2026-11-20 to 2028-08-31", "Fee charged to suppliers, in percent": MISSING}),
    ("reg 34 call-off", _NEW | CALL_OFF, {"framework": {"ocid": "ocds-zz9zz9-000009"}}, {"Procurement unique identifier of the framework": "ocds-zz9zz9-000009", "Lot of the framework": MISSING}),
    ("reg 35 direct award", _NEW, {"details": {"procurement_method": "direct"}}, {"Justification of the direct award": MISSING}),
    ("reg 36, s.87(3) £30,000", _NEW | SMALL, {}, {"Supplier has registered and submitted its details": MISSING, "Estimated value of the contract": "£30,000.00 including VAT (£25,000.00 excluding VAT)"}),
    ("s.84 a penny less", _NEW | SMALL | {"value_inc_vat_pence": 2_999_999, "value_ex_vat_pence": 2_499_999}, {}, NO_DRAFT),
]  # fmt: skip

_ASSESSED = BIG | signed("2025-11-24") | {"commenced_on": date(2025, 6, 2)}
"""The first twelve months end on 23 November 2026."""
_K = "Key performance indicator {}: {}".format

_TARGET = ({"kpi_id": "1", "kpi_title": "On time", "kpi_description": "at least 95%"}, *KPIS[1:])
_ORDER = tuple(rating(n, w) for n, w in (("1", "good"), ("2", "other"), ("3", "inadequate"), ("4", "requires improvement")))  # fmt: skip

ASSESSMENT: list[Case] = [
    ("reg 39(4)-(5) rating confirmed", _ASSESSED, {"kpis": KPIS, "ratings": (rating("2", "approaching target"),)}, {_K(1, "description"): "Indicator 2", _K(1, "rating"): "approaching target", _K(2, "rating"): MISSING, "Period assessed": "2026-07-01 to 2026-09-30"}),
    ("reg 39(5) proposed alone is none", _ASSESSED, {"kpis": KPIS, "ratings": (rating("2", None),)}, {_K(1, "rating"): MISSING, _K(1, "description"): "Indicator 1", "Period assessed": MISSING}),
    ("s.52(1) a measure that is no indicator", _ASSESSED, {"kpis": KPIS, "ratings": (rating("S1", "good"),)}, {_K(1, "description"): "Indicator 1", _K(1, "rating"): MISSING, _K(2, "rating"): MISSING, _K(3, "rating"): MISSING, "Period assessed": MISSING}),
    ("s.52(1) none set, a measure rated", _ASSESSED, {"ratings": (rating("S1", "good"),)}, {_K(1, "description"): MISSING, _K(1, "rating"): MISSING, "Period assessed": MISSING}),
    ("reg 39(4) indicators of the notice", _ASSESSED, {"kpis": KPIS}, {_K(1, "description"): "Indicator 1", _K(3, "description"): "Indicator 3", _K(3, "rating"): MISSING}),
    ("reg 39(4) with the target", _ASSESSED, {"kpis": _TARGET}, {_K(1, "description"): "On time: at least 95%"}),
    ("s.52(1) two set", _ASSESSED, {"kpis": KPIS[:2]}, {_K(2, "description"): "Indicator 2", _K(3, "description"): MISSING, _K(3, "rating"): MISSING}),
    ("reg 39(4) rated ones first", _ASSESSED, {"kpis": KPIS, "ratings": (rating("4", "good"),)}, {_K(1, "description"): "Indicator 4", _K(2, "description"): "Indicator 1"}),
    ("reg 39(4) three, the worst first", _ASSESSED, {"kpis": KPIS, "ratings": _ORDER}, {_K(1, "rating"): "inadequate", _K(2, "rating"): "requires improvement", _K(3, "rating"): "good"}),
    ("reg 39(4) chosen by an officer", _ASSESSED, {"kpis": KPIS, "ratings": _ORDER, "decisions": (material("4|indicator 2 | 1"),)}, {_K(1, "description"): "Indicator 4", _K(2, "description"): "Indicator 2", _K(3, "description"): "Indicator 1", _K(2, "rating"): "other"}),
    ("reg 39(4) one chosen, the others by default", _ASSESSED, {"kpis": KPIS, "ratings": _ORDER, "decisions": (material("1"),)}, {_K(1, "description"): "Indicator 1", _K(2, "description"): "Indicator 3", _K(3, "description"): "Indicator 4"}),
    ("reg 39(4) four chosen, three shown", _ASSESSED, {"kpis": KPIS, "decisions": (material("4|3|2|1"),)}, {_K(1, "description"): "Indicator 4", _K(3, "description"): "Indicator 2"}),
    ("reg 39(4) the later choice stands", _ASSESSED, {"kpis": KPIS, "decisions": (material("4"), material("3", "M-2", "2026-11-03"))}, {_K(1, "description"): "Indicator 3", _K(2, "description"): "Indicator 1"}),
    ("reg 39(4) what is no indicator is passed over", _ASSESSED, {"kpis": KPIS, "decisions": (material("9|S1|2"),)}, {_K(1, "description"): "Indicator 2", _K(2, "description"): "Indicator 1"}),
    ("reg 39(4) supplier", _ASSESSED, {}, {"Supplier: unique identifier": "GB-COH-01234567", "Supplier: postal address": MISSING, "Supplier: email": MISSING}),
    ("reg 39(4) address of the notice", _ASSESSED, {"suppliers": ({"supplier_name": "A Ltd", "supplier_address": "1 High Street, Exampleton"},)}, {"Supplier: postal address": "1 High Street, Exampleton", "Supplier: email": MISSING}),
    ("reg 39(4) supplier, charity of Scotland", _ASSESSED, {"register": {"supplier_company_number": None, "supplier_charity_number": "SC012345"}}, {"Supplier: unique identifier": "GB-SC-SC012345"}),
    ("reg 39(4) statement", _ASSESSED, {}, {"Statement": "This notice sets out an assessment of performance against key performance indicators."}),
    ("reg 39(4) periods", _ASSESSED, {"kpis": KPIS, "ratings": (rating("1", "good", "2026-27-Q1"), rating("2", "good"))}, {"Period assessed": "2026-04-01 to 2026-09-30"}),
    ("reg 39(4) the latest quarter of an indicator", _ASSESSED, {"kpis": KPIS, "ratings": (rating("1", "good"), rating("1", "inadequate", "2026-27-Q1"))}, {_K(1, "rating"): "good", "Period assessed": "2026-07-01 to 2026-09-30"}),
    ("s.71(2) quarter before the twelve months", _ASSESSED, {"kpis": KPIS, "ratings": (rating("1", "good", "2025-26-Q2"),)}, {_K(1, "rating"): MISSING}),
    ("s.71(2) quarter they begin in, s.71 in force", _ASSESSED, {"kpis": KPIS, "ratings": (rating("1", "good", "2025-26-Q4"),)}, {_K(1, "rating"): "good"}),
    ("s.71(2) quarter before s.71 was in force", _ASSESSED, {"kpis": KPIS, "ratings": (rating("1", "good", "2025-26-Q3"),)}, {_K(1, "rating"): MISSING}),
    ("s.71(2) quarter they end in", _ASSESSED, {"kpis": KPIS, "ratings": (rating("1", "good", "2026-27-Q3"),)}, {_K(1, "rating"): "good"}),
    ("s.71(2) quarter after them", _ASSESSED, {"kpis": KPIS, "ratings": (rating("1", "good", "2026-27-Q4"),)}, {_K(1, "rating"): MISSING}),
    ("s.52(6) light touch", _ASSESSED | LIGHT, {"kpis": KPIS}, NO_DRAFT),
    ("s.52(6) framework", _ASSESSED | {"kind": "framework"}, {"kpis": KPIS}, NO_DRAFT),
    ("s.52(1) exactly £5m", _ASSESSED | {"value_inc_vat_pence": 5 * M, "value_ex_vat_pence": 416_666_667}, {"kpis": KPIS}, NO_DRAFT),
    ("s.52(1) a penny more", _ASSESSED | {"value_inc_vat_pence": 5 * M + 1, "value_ex_vat_pence": 416_666_668}, {"kpis": KPIS}, {_K(1, "description"): "Indicator 1"}),
    ("s.71(2) last day of twelve months", _ASSESSED, {}, {"Contract unique identifier": "1"}),
    ("s.71(2) entered into today", _ASSESSED | signed("2026-11-23"), {"kpis": KPIS}, {_K(1, "rating"): MISSING}),
    ("s.71(2) entered into tomorrow", _ASSESSED | signed("2026-11-24"), {"kpis": KPIS}, NO_DRAFT),
    ("s.71(2) ended before the section", _ASSESSED | {"commenced_on": date(2025, 3, 3), **signed("2025-04-01"), **ends("2025-12-31")}, {}, NO_DRAFT),
    ("s.71(2) ends on the section's first day", _ASSESSED | {"commenced_on": date(2025, 3, 3), **signed("2025-04-01"), **ends("2026-01-01")}, {}, {"Procurement unique identifier (OCID)": "ocds-zz9zz9-000001"}),
]  # fmt: skip


def failed(kind: str, on: str, *, ended: bool = False) -> dict[str, Any]:
    return {"failures": (Failure("D7", kind, day(on), ended),)}


_BREACH, _POOR = failed("breach", "2026-11-20"), failed("poor performance", "2026-11-20")
_OUTCOME, _JUDGED = "Date of the outcome", "Date the supplier was judged to have failed to improve"

BREACH: list[Case] = [
    ("reg 39(7) which limb", _BREACH, {}, {"Which subsection applies": "s.71(3), breach"}),
    ("reg 39(7) the other limb", _POOR, {}, {"Which subsection applies": "s.71(4), poor performance"}),
    ("reg 39(7) breach: day", _BREACH, {}, {_OUTCOME: "2026-11-20", _JUDGED: NONE}),
    ("reg 39(7) poor performance: day", _POOR, {}, {_OUTCOME: NONE, _JUDGED: "2026-11-20"}),
    ("reg 39(7) outcome", _BREACH, {}, {"Outcome: partial termination, damages or settlement": MISSING}),
    ("reg 39(7) no outcome", _POOR, {}, {"Outcome: partial termination, damages or settlement": NONE}),
    ("reg 39(7) damages", _BREACH, {}, {"Damages or other sums: whether, and the amount": MISSING}),
    ("reg 39(7) no damages", _POOR, {}, {"Damages or other sums: whether, and the amount": NONE}),
    ("reg 39(7) nature", _POOR, {}, {"Nature of the failure: impact": MISSING, "Obligation concerned": MISSING}),
    ("reg 39(7) supplier", _POOR, {}, {"Supplier: name": "Green Things Ltd", "Supplier: postal address": MISSING}),
    ("s.71(5) any value", _BREACH | {"value_inc_vat_pence": 20_772_000}, {}, {_OUTCOME: "2026-11-20"}),
    ("s.71(5) below the threshold", _BREACH | {"value_inc_vat_pence": 20_771_999}, {}, NO_DRAFT),
    ("s.71(6) light touch", _BREACH | LIGHT, {}, NO_DRAFT),
    ("reg 39(9) told in UK11", failed("breach", "2026-11-20", ended=True), {}, NO_DRAFT),
    ("s.71(5) today", failed("breach", "2026-11-23"), {}, {_OUTCOME: "2026-11-23"}),
    ("s.71(5) tomorrow", failed("breach", "2026-11-24"), {}, NO_DRAFT),
]  # fmt: skip

_VALUE, _VALUE_SUM = "Change of the estimated value", "Change of the estimated value with earlier changes"
_TERM, _TERM_SUM = "Change of the term", "Change of the term with earlier changes"
_WORKS = {"category": "works"}
_TWICE = {
    "modifications": (
        Modification("D1", day("2026-10-01"), 4_000_000),
        Modification("D2", day("2026-11-24"), 4_000_001),
    ),
    **at_award(80_000_000),
}


def longer(on: str) -> dict[str, Any]:
    """A term of 730 days, extended to a day."""
    change = Modification("D2", day("2026-11-24"), 0, day("2028-08-30"), day(on))
    return {"end_on": day("2028-08-30"), "modifications": (change,)}


CHANGE: list[Case] = [
    ("s.75(2)(a)(i) exactly 10%", changed(8_000_000), {}, NO_DRAFT),
    ("s.75(2)(a)(i) a penny more", changed(8_000_001), {}, {_VALUE: "£80,000.01 excluding VAT, from £800,000.00 to £880,000.01", _VALUE_SUM: "£80,000.01 excluding VAT, from £800,000.00 to £880,000.01 (10.00%)", _TERM: "none"}),
    ("s.75(2)(a)(i) a penny more, less", changed(-8_000_001), {}, {_VALUE_SUM: "-£80,000.01 excluding VAT, from £800,000.00 to £719,999.99 (10.00%)"}),
    ("s.75(2)(a)(ii) works at 15%", _WORKS | changed(12_000_000, gross=6 * M), {}, NO_DRAFT),
    ("s.75(2)(a)(ii) works a penny more", _WORKS | changed(12_000_001, gross=6 * M), {}, {_VALUE_SUM: "£120,000.01 excluding VAT, from £800,000.00 to £920,000.01 (15.00%)"}),
    ("s.75(2)(b) exactly 10% of the term", longer("2028-11-11"), {}, NO_DRAFT),
    ("s.75(2)(b) a day more", longer("2028-11-12"), {}, {_TERM: "+74 days, from 2028-08-30 to 2028-11-12", _TERM_SUM: "+74 days of 730 (10.13%)"}),
    ("s.75(2)(b) 73 of 731 days", changed(ends="2028-11-12"), {}, NO_DRAFT),
    ("s.75(2)(b) 74 of 731 days", changed(ends="2028-11-13"), {}, {_TERM: "+74 days, from 2028-08-31 to 2028-11-13", _TERM_SUM: "+74 days of 731 (10.12%)", _VALUE: "none"}),
    ("s.75(4) together a penny more", _TWICE, {}, {_VALUE: "£40,000.01 excluding VAT, from £840,000.00 to £880,000.01", _VALUE_SUM: "£80,000.01 excluding VAT, from £800,000.00 to £880,000.01 (10.00%)"}),
    ("s.75(2), Schedule 8 para 9", changed(is_transfer=True), {}, {"Ground of Schedule 8": "Schedule 8 para 9, corporate restructuring", "New supplier": MISSING}),
    ("Schedule 8, no transfer", changed(8_000_001), {}, {"Ground of Schedule 8": MISSING, "New supplier": NONE, "Supplier that leaves": NONE}),
    ("s.75(6) light touch", LIGHT | changed(40_000_000), {}, NO_DRAFT),
    ("s.75(1) on the day", changed(8_000_001, "2026-11-24"), {}, {"Estimated date on which it takes effect": "2026-11-24"}),
    ("s.75(1) overdue", changed(8_000_001, "2026-11-22"), {}, {"Estimated date on which it takes effect": "2026-11-22"}),
    ("s.76 standstill", changed(8_000_001), {}, {"Voluntary standstill of eight working days or more, and its length": MISSING}),
    ("reg 40(2) frameworks", {"kind": "framework"} | changed(8_000_001), {}, {"Contract unique identifier": "1"}),
]  # fmt: skip

_REASON, _ON, _BLOCK = "Reasons for the termination", "Date of the termination", "Which subsection applies"
_EARLY = {"decision_id": "D3", "decision_kind": "early end", "decided_on": day("2026-11-01"), "effective_on": day("2026-11-10")}  # fmt: skip
_EXPIRED = ends("2026-11-20")

TERMINATION: list[Case] = [
    ("s.80(2) expiry", _EXPIRED, {}, {_REASON: "the contract came to its end", _ON: "2026-11-20"}),
    ("s.80(1) ends today", ends("2026-11-23"), {}, {_ON: "2026-11-23"}),
    ("s.80(1) ends tomorrow", ends("2026-11-24"), {}, NO_DRAFT),
    ("s.80(1) last lawful day", ends("2026-10-25"), {}, {_ON: "2026-10-25"}),
    ("s.80(1) a day late", ends("2026-10-24"), {}, {_ON: "2026-10-24"}),
    ("reg 41(2) ended early", ends("2026-11-10"), {"decisions": (_EARLY,)}, {_REASON: MISSING, _ON: "2026-11-10"}),
    ("reg 41(2), 39(9) breach", _EXPIRED | failed("breach", "2026-11-20", ended=True), {}, {_REASON: "breach", _BLOCK: "s.71(3), breach"}),
    ("reg 41(2) breach before the end", _EXPIRED | _BREACH, {}, {_REASON: "the contract came to its end", _BLOCK: NONE}),
    ("reg 41(2) no breach", _EXPIRED, {}, {_BLOCK: NONE, "Obligation concerned": NONE}),
    ("reg 41(2) estimated value", _EXPIRED, {}, {"Estimated value of the contract": "£1,000,000.00 including VAT (£833,333.33 excluding VAT)"}),
    ("reg 41(2) net value alone", _EXPIRED | {"value_inc_vat_pence": None}, {}, {"Estimated value of the contract": MISSING}),
    ("s.80 light touch too", _EXPIRED | LIGHT, {}, {_ON: "2026-11-20"}),
    ("s.80 frameworks too", _EXPIRED | {"kind": "framework"}, {}, {_ON: "2026-11-20"}),
    ("s.80 below the threshold", _EXPIRED | SMALL, {}, NO_DRAFT),
]  # fmt: skip


def planned(on: str | None = "2027-01-11", pence: int | None = 2 * M + 1, **more: Any) -> dict[str, Any]:
    """A contract not yet awarded: procurement from a day, start a year after the day spoken about."""
    given = {"signed_on": None, "start_on": day("2027-11-23"), "end_on": day("2029-11-22")}
    commenced = day(on) if on else None
    return {
        **given,
        "commenced_on": commenced,
        "value_inc_vat_pence": pence,
        "value_ex_vat_pence": None,
        **more,
    }


_WHEN = "Estimated date of the tender or transparency notice"

PIPELINE: list[Case] = [
    ("s.93(2) exactly £2m", planned(pence=2 * M), {}, NO_DRAFT),
    ("s.93(2) a penny more", planned(), {}, {_WHEN: "2027-01-11"}),
    ("s.93(2) net £2m, gross not known", planned(pence=None, value_ex_vat_pence=2 * M), {}, {_WHEN: "2027-01-11"}),
    ("s.93(2) net, at most £2m with VAT", planned(pence=None, value_ex_vat_pence=166_666_666), {}, NO_DRAFT),
    ("s.93(2) a penny more with VAT", planned(pence=None, value_ex_vat_pence=166_666_668), {}, {_WHEN: "2027-01-11"}),
    ("s.93(2) last day of 18 months", planned("2027-09-30"), {}, {_WHEN: "2027-09-30"}),
    ("s.93(2) a day after", planned("2027-10-01"), {}, NO_DRAFT),
    ("s.93(2) first day", planned("2026-04-01"), {}, {_WHEN: "2026-04-01"}),
    ("s.93(2) a day before", planned("2026-03-31"), {}, NO_DRAFT),
    ("reg 15 no day known", planned(None, start_on=day("2027-04-01")), {}, {_WHEN: MISSING}),
    ("reg 15 call-off", planned(kind="call-off"), {}, NO_DRAFT),
    ("reg 15 health", planned(regime="psr"), {}, NO_DRAFT),
    ("reg 15 exempt", planned(regime="exempt"), {}, NO_DRAFT),
    ("reg 15 awarded today", planned(), {"register": {"awarded_on": day("2026-11-23")}}, NO_DRAFT),
    ("reg 15 award planned tomorrow", planned(), {"register": {"awarded_on": day("2026-11-24")}}, {_WHEN: "2027-01-11"}),
    ("reg 15 runs already", planned(start_on=day("2026-11-23")), {}, NO_DRAFT),
    ("reg 15 subject-matter", planned(), {}, {"Subject-matter: description": "Mowing and hedges", "Subject-matter: ITL areas": MISSING}),
    ("reg 15 identifier", planned(), {"register": {"ocid": None}}, {"Procurement unique identifier (OCID)": MISSING}),
]  # fmt: skip
