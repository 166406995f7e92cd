"""Legal cases of the duties on contracts: paragraph, what differs from the plain contract, and what follows.

Does not belong here: the duties of the council, reading tables, assertions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.duty import Done
from kcc_etl.domain.duties.facts import Attested, Facts, Failure, Modification, Published

AS_OF = date(2026, 11, 23)
M = 100_000_000  # a million pounds in pence

PLAIN = Facts(
    "C1",
    category="services",
    regime="pa23",
    is_light_touch=False,
    value_inc_vat_pence=M,
    value_ex_vat_pence=83_333_333,
    commenced_on=date(2026, 4, 1),
    signed_on=date(2026, 9, 1),
    start_on=date(2026, 9, 1),
    end_on=date(2028, 8, 31),
    is_advertised=True,
)
"""A public contract for services of £1m, entered into on 1 September 2026 for two years."""


def day(text: str) -> date:
    return date.fromisoformat(text)


def contract(**differs: Any) -> Facts:
    return replace(PLAIN, **differs)


def notice(kind: str, on: str, number: str = "000001-2026", **told: Any) -> Published:
    return Published(kind, number, day(on), **told)


def told(kind: str, on: str, **more: Any) -> dict[str, Any]:
    return {"published": (notice(kind, on, **more),)}


def word(kind: str, on: str, occasion: str = "") -> dict[str, Any]:
    return {"attested": (Attested(kind, occasion, Done("decision D9", day(on))),)}


def signed(on: str) -> dict[str, Any]:
    return {"signed_on": day(on), "start_on": day(on)}


def at_award(net: int, gross: int = M) -> dict[str, Any]:
    return {"awarded_ex_vat_pence": net, "awarded_inc_vat_pence": gross}


def changed(
    by: int = 0, on: str = "2026-11-24", ends: str = "", gross: int = M, **more: Any
) -> dict[str, Any]:
    new_end = day(ends) if ends else None
    old_end = day("2028-08-31") if ends else None
    change = Modification("D2", day(on), by, old_end, new_end, **more)
    return {"modifications": (change,), **at_award(80_000_000, gross)}


def moved(*steps: int, on: str = "2026-11-24") -> dict[str, Any]:
    """Changes of the value alone, a day apart."""
    first = day(on)
    changes = (Modification(f"D{n + 2}", first + timedelta(days=n), by) for n, by in enumerate(steps))
    return {"modifications": tuple(changes)}


def failed(on: str, kind: str = "poor performance") -> dict[str, Any]:
    return {"failures": (Failure("D1", kind, day(on)),)}


BIG = {"value_inc_vat_pence": 5 * M + 1, "value_ex_vat_pence": 416_666_668, "kpis": 3}
LIGHT = {"is_light_touch": True}
SMALL = {"value_inc_vat_pence": 3_000_000, "value_ex_vat_pence": 2_500_000}
TINY = {"value_inc_vat_pence": 2_520_000, "value_ex_vat_pence": 2_100_000}
CONCESSION = {"kind": "concession", "value_inc_vat_pence": 519_299_999, "value_ex_vat_pence": 519_299_999}
USER_CHOICE = {"direct_ground": "user choice"}
UNTOLD_AWARD = {"is_light_touch": True, "is_advertised": None}
CALL_OFF = {"kind": "call-off", "framework_regime": "pa23"}

# Paragraph, what differs, state, last lawful day ("" for none). Each case is judged on 23 November 2026.
Case = tuple[str, dict[str, Any], str, str]

AWARD: list[Case] = [
    ("s.50(1)", {}, "overdue", "2026-08-19"),  # 8 working days before 1 September: bank holiday 31 August
    ("s.51(2) on the last day", told("UK6", "2026-08-19"), "done on time", "2026-08-19"),
    ("s.51(2) one day less", told("UK6", "2026-08-20"), "done late", "2026-08-19"),
    ("s.51(3)(f) light touch", LIGHT | told("UK6", "2026-08-31"), "done on time", "2026-09-01"),
    ("s.51(3)(f) the day itself", LIGHT | told("UK6", "2026-09-01"), "done on time", "2026-09-01"),
    ("s.51(3)(f) the day after", LIGHT | told("UK6", "2026-09-02"), "done late", "2026-09-01"),
    ("s.51(3)(d) call-off", CALL_OFF | told("UK6", "2026-09-01"), "done on time", "2026-09-01"),
    ("s.50(1) frameworks too", {"kind": "framework"}, "overdue", "2026-08-19"),
    (
        "s.50(1) concessions too",
        {"kind": "concession", "value_inc_vat_pence": 519_300_000},
        "overdue",
        "2026-08-19",
    ),
    ("s.3 a penny below", {"value_inc_vat_pence": 20_771_999}, "not needed", ""),
    ("s.3 at the threshold", {"value_inc_vat_pence": 20_772_000}, "overdue", "2026-08-19"),
    ("s.51(2) over Easter", signed("2026-04-08"), "overdue", "2026-03-25"),
    ("s.51(2) St Andrew's Day, to come", signed("2026-12-07"), "open", "2026-11-24"),
    ("reg 43 health", {"regime": "psr"}, "not needed", ""),
    ("s.50(6)(b), Schedule 5 para 15", LIGHT | USER_CHOICE, "not needed", ""),
    ("s.50(6) the ground is not known", UNTOLD_AWARD, "cannot be told", "2026-09-01"),
    ("s.51(3)(a) urgency", {"direct_ground": "urgency"}, "overdue", "2026-09-01"),
    ("s.3 at award below, today above", at_award(17_309_999, 20_771_999), "not needed", ""),
    ("s.3 at award above, today below", SMALL | at_award(17_310_000, 20_772_000), "overdue", "2026-08-19"),
]

DETAILS: list[Case] = [
    ("s.53(1)(b)", {}, "overdue", "2026-09-30"),
    ("s.53(1)(b) on the last day", told("UK7", "2026-09-30"), "done on time", "2026-09-30"),
    ("s.53(1)(b) a day late", told("UK7", "2026-10-01"), "done late", "2026-09-30"),
    ("s.53(1)(b) last day today", signed("2026-10-25"), "open", "2026-11-23"),
    ("s.53(1)(b) last day yesterday", signed("2026-10-24"), "overdue", "2026-11-22"),
    ("s.53(1)(a)", LIGHT, "open", "2026-12-29"),
    ("s.53(1)(a) last day today", LIGHT | signed("2026-07-27"), "open", "2026-11-23"),
    ("s.53(1)(a) last day yesterday", LIGHT | signed("2026-07-26"), "overdue", "2026-11-22"),
    ("s.53(1)(b) leap February", signed("2028-02-01"), "to come", "2028-03-01"),
    ("s.53 a penny below", {"value_inc_vat_pence": 20_771_999}, "", ""),
    ("s.53 at the threshold", {"value_inc_vat_pence": 20_772_000}, "overdue", "2026-09-30"),
    ("Schedule 1 of 2025 a penny below", {"value_inc_vat_pence": 21_490_399, "commenced_on": day("2025-12-31")}, "", ""),
    ("Schedule 1 of 2025", {"value_inc_vat_pence": 21_490_400, "commenced_on": day("2025-12-31")}, "overdue", "2026-09-30"),
    ("Schedule 1 of 2026 on its first day", {"value_inc_vat_pence": 20_772_000, "commenced_on": day("2026-01-01")}, "overdue", "2026-09-30"),
    ("Schedule 1 of 2025 on its last day", {"value_inc_vat_pence": 20_772_000, "commenced_on": day("2025-12-31")}, "", ""),
    ("Schedule 1 works a penny below", {"category": "works", "value_inc_vat_pence": 519_299_999}, "", ""),
    ("Schedule 1 works", {"category": "works", "value_inc_vat_pence": 519_300_000}, "overdue", "2026-09-30"),
    ("Schedule 1 light touch a penny below", LIGHT | {"value_inc_vat_pence": 66_353_999}, "", ""),
    ("Schedule 1 light touch", LIGHT | {"value_inc_vat_pence": 66_354_000}, "open", "2026-12-29"),
    ("s.53 frameworks too", {"kind": "framework"}, "overdue", "2026-09-30"),
    ("s.53 call-offs too", CALL_OFF, "overdue", "2026-09-30"),
    ("SI 2025/1316 a day before the Act", {"commenced_on": day("2025-02-23")}, "not needed", ""),
    ("SI 2025/1316 the first day of the Act", {"commenced_on": day("2025-02-24")}, "overdue", "2026-09-30"),
    ("legacy", {"regime": "pcr2015"}, "not needed", ""),
    ("call-off of a legacy framework", CALL_OFF | {"framework_regime": "pcr2015"}, "not needed", ""),
    ("Schedule 2 exempt", {"regime": "exempt"}, "not needed", ""),
    ("school", {"is_school": True}, "not needed", ""),
    ("s.53(6), Schedule 5 para 15", LIGHT | USER_CHOICE | signed("2026-07-26"), "not needed", ""),
    ("s.53(6) the ground is not known, last day yesterday", UNTOLD_AWARD | signed("2026-07-26"), "cannot be told", "2026-11-22"),
    ("s.53(6) the ground is not known, last day today", UNTOLD_AWARD | signed("2026-07-27"), "open", "2026-11-23"),
    ("s.53(6) the ground is not known, told all the same", UNTOLD_AWARD | told("UK7", "2026-12-29"), "done on time", "2026-12-29"),
    ("s.53(6) another ground", UNTOLD_AWARD | {"direct_ground": "single supplier"} | signed("2026-07-26"), "overdue", "2026-11-22"),
    ("s.53(6) a tender notice was published", UNTOLD_AWARD | signed("2026-07-26") | told("UK4", "2026-05-01"), "overdue", "2026-11-22"),
    ("s.53(6) its notice says open", UNTOLD_AWARD | signed("2026-07-26") | {"is_competed": True}, "overdue", "2026-11-22"),
    ("s.53(6) its notice says direct", UNTOLD_AWARD | signed("2026-07-26") | {"is_competed": False}, "cannot be told", "2026-11-22"),
    ("s.53(6) a call-off", UNTOLD_AWARD | CALL_OFF | signed("2026-07-26"), "overdue", "2026-11-22"),
    ("s.53(6) only light touch services", {"is_advertised": None}, "overdue", "2026-09-30"),
    ("s.53 at award a penny below, today above", at_award(17_309_999, 20_771_999), "", ""),
    ("s.53 at award at the threshold, today below", SMALL | at_award(17_310_000, 20_772_000), "overdue", "2026-09-30"),
]  # fmt: skip

DETAILS_BELOW: list[Case] = [
    ("s.87(3)", SMALL, "overdue", "2026-09-30"),
    ("s.84 a penny below", {"value_inc_vat_pence": 2_999_999}, "not needed", ""),
    ("s.84 at £30,000", {"value_inc_vat_pence": 3_000_000}, "overdue", "2026-09-30"),
    ("s.3 a penny below the threshold", {"value_inc_vat_pence": 20_771_999}, "overdue", "2026-09-30"),
    ("s.3 at the threshold", {"value_inc_vat_pence": 20_772_000}, "", ""),
    ("s.84 concession", {"kind": "concession"}, "", ""),
    ("s.84 school", SMALL | {"is_school": True}, "", ""),
    ("s.84 exempt", SMALL | {"regime": "exempt"}, "", ""),
    ("s.87(3) call-off", SMALL | CALL_OFF, "overdue", "2026-09-30"),
    ("own days, the last", SMALL | told("UK7", "2026-09-30"), "done on time", "2026-09-30"),
    ("own days, one more", SMALL | told("UK7", "2026-10-01"), "done late", "2026-09-30"),
    ("light touch below its threshold", LIGHT | {"value_inc_vat_pence": 66_353_999}, "overdue", "2026-09-30"),
    ("net value that VAT lifts", {"value_inc_vat_pence": None, "value_ex_vat_pence": 2_500_000}, "overdue", "2026-09-30"),
    ("net value that VAT does not lift", {"value_inc_vat_pence": None, "value_ex_vat_pence": 2_499_999}, "not needed", ""),
]  # fmt: skip

COPY: list[Case] = [
    ("s.53(3) exactly £5m", {"value_inc_vat_pence": 5 * M}, "not needed", ""),
    ("s.53(3) a penny more", BIG, "open", "2026-11-29"),
    ("s.53(3)(b) last day today", BIG | signed("2026-08-26"), "open", "2026-11-23"),
    ("s.53(3)(b) last day yesterday", BIG | signed("2026-08-25"), "overdue", "2026-11-22"),
    ("s.53(3)(a)", BIG | LIGHT, "open", "2027-02-27"),
    ("s.53(3)(a) last day today", BIG | LIGHT | signed("2026-05-28"), "open", "2026-11-23"),
    ("s.53(3)(a) last day yesterday", BIG | LIGHT | signed("2026-05-27"), "overdue", "2026-11-22"),
    ("s.53(3) frameworks", BIG | {"kind": "framework"}, "open", "2026-11-29"),
    ("s.53(3) exactly £5m at award, more today", BIG | at_award(416_666_667, 5 * M), "not needed", ""),
    ("s.53(3) a penny more at award, less today", at_award(416_666_668, 5 * M + 1), "open", "2026-11-29"),
    ("s.53(6), Schedule 5 para 15", BIG | LIGHT | USER_CHOICE, "not needed", ""),
    ("s.53(6) the ground is not known", BIG | UNTOLD_AWARD | signed("2026-05-27"), "cannot be told", "2026-11-22"),
    ("s.53(3) with the details notice", BIG | told("UK7", "2026-09-30", has_copy=True), "done on time", "2026-11-29"),
    ("s.53(3) a details notice without it", BIG | told("UK7", "2026-09-30"), "open", "2026-11-29"),
    ("s.53(3)(b) published a day late", BIG | signed("2026-08-20") | told("UK7", "2026-11-18", has_copy=True), "done late", "2026-11-17"),
    ("s.53(3) done", BIG | word(d.COPY, "2026-11-20"), "done on time", "2026-11-29"),
    ("s.53(3) done late", BIG | signed("2026-08-01") | word(d.COPY, "2026-10-30"), "done late", "2026-10-29"),
    ("below threshold", SMALL, "not needed", ""),
    ("net, VAT may lift it", {"value_inc_vat_pence": None, "value_ex_vat_pence": 416_666_668}, "open", "2026-11-29"),
    ("net, VAT cannot lift it", {"value_inc_vat_pence": None, "value_ex_vat_pence": 416_666_667}, "not needed", ""),
]  # fmt: skip

OLD = {**signed("2025-10-01"), "commenced_on": date(2025, 6, 1)}
BREACH_ON = {"failures": (Failure("D1", "poor performance", day("2026-10-25")),)}
BREACH: list[Case] = [
    ("s.71(5) last day today", BREACH_ON, "open", "2026-11-23"),
    ("s.71(5) last day yesterday", {"failures": (Failure("D1", "breach", day("2026-10-24")),)}, "overdue", "2026-11-22"),
    ("s.71(5) on the last day", BREACH_ON | told("UK9", "2026-11-23", fails=True), "done on time", "2026-11-23"),
    ("s.71(5) late", {"failures": (Failure("D1", "breach", day("2026-10-01")),)} | told("UK9", "2026-10-31", fails=True), "done late", "2026-10-30"),
    ("s.71(5) in time by a day", {"failures": (Failure("D1", "breach", day("2026-10-01")),)} | told("UK9", "2026-10-30", fails=True), "done on time", "2026-10-30"),
    ("an assessment is no such notice", BREACH_ON | told("UK9", "2026-11-01", assesses=True), "open", "2026-11-23"),
    ("s.71(6) light touch", BREACH_ON | LIGHT, "not needed", ""),
    ("any value", BREACH_ON | {"value_inc_vat_pence": 20_772_000}, "open", "2026-11-23"),
    ("below threshold", BREACH_ON | SMALL, "not needed", ""),
    ("frameworks too", BREACH_ON | {"kind": "framework"}, "open", "2026-11-23"),
    ("concessions too", BREACH_ON | {"kind": "concession", "value_inc_vat_pence": 519_300_000}, "open", "2026-11-23"),
    ("SI 2025/1316 the day before s.71", OLD | failed("2025-12-31", "breach"), "not needed", ""),
    ("SI 2025/1316 the first day of s.71", OLD | failed("2026-01-01", "breach"), "overdue", "2026-01-30"),
    ("SI 2025/1316 poor performance the day before", OLD | failed("2025-12-31"), "not needed", ""),
    ("SI 2025/1316 poor performance the first day", OLD | failed("2026-01-01"), "overdue", "2026-01-30"),
    ("SI 2025/1316 told by a notice, before", OLD | told("UK9", "2026-01-20", fails=True, failed_on=day("2025-12-31")), "not needed", ""),
    ("SI 2025/1316 told by a notice, the first day", OLD | told("UK9", "2026-01-31", fails=True, failed_on=day("2026-01-01")), "done late", "2026-01-30"),
    ("s.74(1) since it became a public contract", SMALL | failed("2026-11-20") | moved(20_000_000, on="2026-11-20"), "open", "2026-12-19"),
    ("s.74(1) the day before it did", SMALL | failed("2026-11-19") | moved(20_000_000, on="2026-11-20"), "not needed", ""),
    ("reg 39(9)", {"failures": (Failure("D1", "breach", day("2026-10-25"), ends_contract=True),)}, "not needed", ""),
]  # fmt: skip


# The value at award is £800,000 net, the term 731 days: 10% is £80,000 and 73.1 days.
CHANGE: list[Case] = [
    ("s.75(2)(a)(i) exactly 10%", changed(8_000_000), "not needed", ""),
    ("s.75(2)(a)(i) a penny more", changed(8_000_001), "open", "2026-11-24"),
    ("s.75(2)(a)(i) a penny more, less", changed(-8_000_001), "open", "2026-11-24"),
    ("s.75(2)(a)(ii) works at 15%", {"category": "works"} | changed(12_000_000, gross=6 * M), "not needed", ""),
    ("s.75(2)(a)(ii) works a penny more", {"category": "works"} | changed(12_000_001, gross=6 * M), "open", "2026-11-24"),
    ("s.75(2)(b) 73 days", changed(ends="2028-11-12"), "not needed", ""),
    ("s.75(2)(b) 74 days", changed(ends="2028-11-13"), "open", "2026-11-24"),
    ("s.75(6)(b) light touch", LIGHT | changed(40_000_000), "not needed", ""),
    ("s.75(1) on the day", changed(8_000_001, "2026-11-23") | told("UK10", "2026-11-23"), "done on time", "2026-11-23"),
    ("s.75(1) the day after", changed(8_000_001, "2026-11-20") | told("UK10", "2026-11-21"), "done late", "2026-11-20"),
    ("s.75(1) not told", changed(8_000_001, "2026-11-22"), "overdue", "2026-11-22"),
    ("s.75(2) restructuring", changed(is_transfer=True), "open", "2026-11-24"),
    ("below threshold", SMALL | moved(1_000_000), "not needed", ""),
    ("s.74(1) convertible", SMALL | moved(14_810_000), "open", "2026-11-24"),  # to £173,100, £207,720 with VAT
    ("s.74(1) a penny short of it", SMALL | moved(14_809_999), "not needed", ""),
    ("s.74(1) convertible from below £30,000", TINY | moved(15_210_000), "open", "2026-11-24"),
    ("s.74(1) a penny short of it from below £30,000", TINY | moved(15_209_999), "not needed", ""),
    ("s.74(1) convertible without VAT", SMALL | at_award(3_000_000, 3_000_000) | moved(17_772_000), "open", "2026-11-24"),
    ("s.74(1) a penny short of it without VAT", SMALL | at_award(3_000_000, 3_000_000) | moved(17_771_999), "not needed", ""),
    ("s.74(1) a concession becomes public", CONCESSION | moved(1), "not needed", ""),
    ("s.74(1) a concession from far below", CONCESSION | at_award(M, M) | moved(419_300_000), "open", "2026-11-24"),
    ("s.74(1) a concession a penny short of it", CONCESSION | at_award(M, M) | moved(419_299_999), "not needed", ""),
    ("s.74(1) light touch", TINY | LIGHT | moved(80_000_000), "not needed", ""),
    ("s.74(1) an exempt contract stays one", SMALL | {"regime": "exempt"} | moved(80_000_000), "not needed", ""),
    ("s.74(1) a school's contract stays one", SMALL | {"is_school": True} | moved(80_000_000), "not needed", ""),
    ("s.75(2) by a tenth, though it becomes public", at_award(17_309_999, 20_771_999) | moved(1), "not needed", ""),
    ("s.75(2)(a) of the value at award, not today's", at_award(50_000_000, 60_000_000) | moved(5_000_001), "open", "2026-11-24"),
    ("s.75(2)(a) of the value at award exactly", at_award(50_000_000, 60_000_000) | moved(5_000_000), "not needed", ""),
    ("frameworks too", {"kind": "framework"} | changed(8_000_001), "open", "2026-11-24"),
    ("legacy", {"regime": "pcr2015"} | changed(40_000_000), "not needed", ""),
]  # fmt: skip

LARGE = {"value_inc_vat_pence": 5 * M, "value_ex_vat_pence": 416_666_667}


GROSS_ALONE = {"value_inc_vat_pence": 495_000_000, "value_ex_vat_pence": None}


def grown(by: int, on: str = "2026-11-24", of: int = 416_666_667) -> dict[str, Any]:
    return {**moved(by, on=on), **at_award(of, LARGE["value_inc_vat_pence"])}


CHANGED_COPY: list[Case] = [
    ("s.77(2)(b) becomes more than £5m", LARGE | grown(41_666_667), "to come", "2027-02-21"),  # 10% and a third of a penny
    ("s.77(1) last day today", LARGE | grown(50_000_000, "2026-08-26"), "open", "2026-11-23"),
    ("s.77(1) last day yesterday", LARGE | grown(50_000_000, "2026-08-25"), "overdue", "2026-11-22"),
    ("s.77(2)(a) no notice needed", LARGE | grown(41_666_666), "", ""),
    ("s.77(2)(b) stays below", changed(8_000_001), "not needed", ""),
    ("s.77(2)(b) exactly £5m", moved(M) | at_award(4 * M, 4 * M), "not needed", ""),
    ("s.77(2)(b) a penny more", moved(M + 1) | at_award(4 * M, 4 * M), "to come", "2027-02-21"),
    ("s.77(2)(b) without VAT below, with it a penny or two more", GROSS_ALONE | moved(4_166_668), "to come", "2027-02-21"),
    ("s.77(2)(b) exactly £5m with VAT", GROSS_ALONE | moved(4_166_667), "not needed", ""),
    ("s.77(2)(b) of VAT less, £5m and a penny with it", {"value_inc_vat_pence": 5 * M + 2, "value_ex_vat_pence": None} | moved(-1), "to come", "2027-02-21"),
    ("s.77(2)(b) was more, is less", BIG | moved(-50_000_000), "to come", "2027-02-21"),
    ("s.77(2)(b) more at award, the register shows it changed", at_award(5 * M + 1, 5 * M + 1) | moved(-2 * M), "to come", "2027-02-21"),
    ("s.77(2)(b) exactly £5m at award", at_award(5 * M, 5 * M) | moved(-2 * M), "not needed", ""),
    ("s.77(2) convertible", TINY | moved(15_210_000), "not needed", ""),
    ("s.75(6) light touch", LARGE | LIGHT | grown(50_000_000), "", ""),
    ("frameworks", LARGE | {"kind": "framework"} | grown(50_000_000), "to come", "2027-02-21"),
    ("done", LARGE | grown(50_000_000, "2026-08-25") | word(d.CHANGED_COPY, "2026-11-22"), "done on time", "2026-11-22"),
    ("done late", LARGE | grown(50_000_000, "2026-08-25") | word(d.CHANGED_COPY, "2026-11-23"), "done late", "2026-11-22"),
]  # fmt: skip


def ends(on: str, **more: Any) -> dict[str, Any]:
    return {"end_on": day(on), **more}


TERMINATION: list[Case] = [
    ("s.80(1) to come", {}, "to come", "2028-09-29"),
    ("s.80(1) expiry, last day today", ends("2026-10-25"), "open", "2026-11-23"),
    ("s.80(1) expiry, last day yesterday", ends("2026-10-24"), "overdue", "2026-11-22"),
    ("s.80(1) on the last day", ends("2026-10-01") | told("UK11", "2026-10-30"), "done on time", "2026-10-30"),
    ("s.80(1) a day late", ends("2026-10-01") | told("UK11", "2026-10-31"), "done late", "2026-10-30"),
    ("s.80(2) as the notice says", {"ended_on": day("2026-10-25")}, "open", "2026-11-23"),
    ("light touch too", LIGHT | ends("2026-10-25"), "open", "2026-11-23"),
    ("frameworks too", {"kind": "framework"} | ends("2026-10-24"), "overdue", "2026-11-22"),
    ("concessions too", {"kind": "concession", "value_inc_vat_pence": 519_300_000} | ends("2026-10-24"), "overdue", "2026-11-22"),
    ("below threshold", SMALL | ends("2026-10-24"), "not needed", ""),
    ("legacy", {"regime": "pcr2015"} | ends("2026-10-24"), "not needed", ""),
    ("ends today", ends("2026-11-23"), "open", "2026-12-22"),
    ("ends tomorrow", ends("2026-11-24"), "to come", "2026-12-23"),
    ("last day not known", {"end_on": None}, "cannot be told", ""),
    ("s.74(1) of a contract that became public", SMALL | ends("2026-10-24") | moved(20_000_000, on="2026-10-24"), "overdue", "2026-11-22"),
    ("s.74(1) a change after its end", SMALL | ends("2026-10-24") | moved(20_000_000, on="2026-10-25"), "not needed", ""),
    ("s.80, Schedule 5 para 15", LIGHT | USER_CHOICE | ends("2026-10-24"), "not needed", ""),
    ("s.80 awarded directly on another ground", UNTOLD_AWARD | {"direct_ground": "single supplier"} | ends("2026-10-24"), "overdue", "2026-11-22"),
    ("s.80 the ground is not known, last day yesterday", UNTOLD_AWARD | ends("2026-10-24"), "cannot be told", "2026-11-22"),
    ("s.80 the ground is not known, last day today", UNTOLD_AWARD | ends("2026-10-25"), "open", "2026-11-23"),
]  # fmt: skip

RECORDS: list[Case] = [
    ("s.98", {}, "open", "2029-08-31"),
    ("s.98 from a leap day", signed("2028-02-29"), "to come", "2031-02-28"),
    ("s.98 from 1 March before a leap year", signed("2025-03-01"), "open", "2028-02-29"),
    (
        "s.98 the first day of the Act",
        signed("2025-02-24") | {"commenced_on": day("2025-02-24")},
        "open",
        "2028-02-23",
    ),
    ("light touch", LIGHT, "open", "2029-08-31"),
    ("frameworks", {"kind": "framework"}, "open", "2029-08-31"),
    ("concessions", {"kind": "concession", "value_inc_vat_pence": 519_300_000}, "open", "2029-08-31"),
    (
        "concession a penny below",
        {"kind": "concession", "value_inc_vat_pence": 519_299_999},
        "not needed",
        "",
    ),
    ("call-offs", CALL_OFF, "open", "2029-08-31"),
    ("below threshold", SMALL, "not needed", ""),
    ("exempt", {"regime": "exempt"}, "not needed", ""),
    ("entered on a day not known", {"signed_on": None, "start_on": None}, "cannot be told", ""),
    ("entered tomorrow", signed("2026-11-24"), "to come", "2029-11-23"),
]

TENDER_BELOW: list[Case] = [
    ("s.87(1)", SMALL, "overdue", "2026-04-01"),
    ("s.87(1) a day before", SMALL | told("UK4", "2026-03-31"), "done on time", "2026-04-01"),
    ("s.87(1) the day itself", SMALL | told("UK4", "2026-04-01"), "done on time", "2026-04-01"),
    ("s.87(1) a day after", SMALL | told("UK4", "2026-04-02"), "done late", "2026-04-01"),
    ("s.87(1) selected suppliers", SMALL | {"is_advertised": False}, "not needed", ""),
    ("s.87(1) not known how", SMALL | {"is_advertised": None}, "cannot be told", ""),
    ("s.84 a penny below £30,000", {"value_inc_vat_pence": 2_999_999}, "not needed", ""),
    ("s.3 a penny below the threshold", {"value_inc_vat_pence": 20_771_999}, "overdue", "2026-04-01"),
    ("s.3 at the threshold", {"value_inc_vat_pence": 20_772_000}, "not needed", ""),
    ("call-off", SMALL | CALL_OFF, "not needed", ""),
    ("concession", {"kind": "concession"}, "not needed", ""),
    ("school", SMALL | {"is_school": True}, "not needed", ""),
    ("works of £1m", {"category": "works"}, "overdue", "2026-04-01"),
]

SOCIAL_VALUE: list[Case] = [
    ("s.1(1)", {}, "cannot be told", "2026-04-01"),
    ("s.1(1) the day before", word(d.SOCIAL_VALUE, "2026-03-31"), "done on time", "2026-04-01"),
    ("s.1(1) the day itself", word(d.SOCIAL_VALUE, "2026-04-01"), "done on time", "2026-04-01"),
    ("s.1(1) the day after", word(d.SOCIAL_VALUE, "2026-04-02"), "done late", "2026-04-01"),
    ("s.1(1) goods", {"category": "goods"}, "not needed", ""),
    ("s.1(1) works", {"category": "works", "value_inc_vat_pence": 6 * M}, "not needed", ""),
    ("s.1(1) under a framework", CALL_OFF, "not needed", ""),
    ("s.1(1) the framework itself", {"kind": "framework"}, "cannot be told", "2026-04-01"),
    ("light touch services", LIGHT, "cannot be told", "2026-04-01"),
    ("s.1(15) a penny below", {"value_inc_vat_pence": 20_771_999}, "not needed", ""),
    ("s.1(15) at the threshold", {"value_inc_vat_pence": 20_772_000}, "cannot be told", "2026-04-01"),
    ("SI 2025/163 reg 7 health", {"regime": "psr"}, "cannot be told", "2026-04-01"),
    ("a school's health contract", {"regime": "psr", "is_school": True}, "not needed", ""),
    ("start not known", {"commenced_on": None}, "cannot be told", ""),
    (
        "nobody recorded it, started yesterday",
        {"commenced_on": day("2026-11-22")},
        "cannot be told",
        "2026-11-22",
    ),
    ("nobody recorded it, starts today", {"commenced_on": day("2026-11-23")}, "open", "2026-11-23"),
    ("starts tomorrow", {"commenced_on": day("2026-11-24")}, "open", "2026-11-24"),
]

CASES: dict[str, list[Case]] = {
    d.AWARD: AWARD,
    d.DETAILS: DETAILS,
    d.DETAILS_BELOW: DETAILS_BELOW,
    d.COPY: COPY,
    d.BREACH: BREACH,
    d.CHANGE: CHANGE,
    d.CHANGED_COPY: CHANGED_COPY,
    d.TERMINATION: TERMINATION,
    d.RECORDS: RECORDS,
    d.TENDER_BELOW: TENDER_BELOW,
    d.SOCIAL_VALUE: SOCIAL_VALUE,
}
"""State "" stands for no duty of the kind at all."""
