"""Contracts of low risk are asked for a return once a year: when it is owed, what it states, how it is judged.

Source: social-value-policy.md sections 8.2 and 8.7; `[assurance]` of the policy.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.asked import RISK_QUESTIONS
from kcc_etl.domain.core import build_claims, returns_held
from kcc_etl.domain.delivery import Delivery
from kcc_etl.domain.known_ends import KnownEnds
from kcc_etl.domain.lateness import late_returns
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.domain.returns import ReturnBook
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

PARAMETERS = load_parameters()
LOW = dict.fromkeys(RISK_QUESTIONS, 1)
START, END = date(2026, 4, 1), date(2029, 3, 31)
FAR = date(2040, 1, 1)


def contracts(**given):
    row = {
        "contract_ref": "KC-1", "contract_title": "Books", "department": "GET", "supplier_name": "Acme",
        "supplier_key": "a", "start_on": START, "end_on": END, "procurement_commenced_on": date(2026, 1, 5),
        "sv_measures": "S1", **LOW,
    }  # fmt: skip
    return frames.from_rows([{**row, **given}], keys.CORE_CONTRACT)


def decisions(*rows):
    base = {"subject": "KC-1", "role": "contract manager", "decided_on": date(2026, 6, 1)}
    made = [{**base, "decision_id": f"D{number}", **row} for number, row in enumerate(rows)]
    return frames.from_rows(made, keys.CORE_DECISION)


EXTENDED = {
    "decision_kind": "extension", "effective_on": date(2029, 4, 1), "new_end_on": date(2029, 11, 30),
    "original_value_pence": 100, "value_before_pence": 100, "value_after_pence": 150,
}  # fmt: skip
ENDED = {"decision_kind": "early end", "old_end_on": END, "new_end_on": date(2027, 8, 15)}


def asked(*changes, parameters=PARAMETERS, **given):
    terms = ReturnTerms(contracts(**given), parameters, decisions(*changes))
    return [quarter.id for quarter in terms.asked("KC-1", FAR)]


@pytest.mark.parametrize(
    ("given", "changes", "quarters"),
    [
        ({}, (), ["2026-27-Q4", "2027-28-Q4", "2028-29-Q4"]),
        # Starts in the middle of a year, and of a quarter.
        ({"start_on": date(2026, 8, 20)}, (), ["2026-27-Q4", "2027-28-Q4", "2028-29-Q4"]),
        # The mobilisation quarter is the fourth: nothing is due in it, so no return is asked for.
        ({"start_on": date(2026, 1, 9), "end_on": date(2027, 3, 31)}, (), ["2026-27-Q4"]),
        # Ends in the middle of a year: a last return of the quarter it ends in.
        ({"end_on": date(2027, 8, 1)}, (), ["2026-27-Q4", "2027-28-Q2"]),
        ({"end_on": date(2027, 9, 30)}, (), ["2026-27-Q4", "2027-28-Q2"]),
        ({"end_on": date(2026, 6, 20)}, (), ["2026-27-Q1"]),
        # An extension past the end of a year, and an early end.
        ({}, (EXTENDED,), ["2026-27-Q4", "2027-28-Q4", "2028-29-Q4", "2029-30-Q3"]),
        ({}, (ENDED,), ["2026-27-Q4", "2027-28-Q2"]),
    ],
)  # fmt: skip
def test_at_low_risk_a_return_is_asked_at_the_end_of_each_year_and_of_the_contract(given, changes, quarters):
    assert asked(*changes, **given) == quarters


@pytest.mark.parametrize(
    ("answers", "is_yearly"),
    [
        (LOW, True), ({**LOW, "risk_market": 3}, True), ({**LOW, "risk_market": 3, "risk_demand": 2}, False),
        (dict.fromkeys(RISK_QUESTIONS, 2), False), (dict.fromkeys(RISK_QUESTIONS, 3), False),
        (dict.fromkeys(RISK_QUESTIONS), False),  # missing answers count 2 each, which is medium
        ({**LOW, "risk_market": None, "risk_demand": None}, True),
        ({**LOW, "risk_market": None, "risk_demand": None, "risk_finance": None}, False),
        ({**LOW, "risk_market": 9}, True),  # no answer
    ],
)  # fmt: skip
def test_who_is_asked_once_a_year_follows_the_class_of_the_five_answers(answers, is_yearly):
    assert ReturnTerms(contracts(**answers), PARAMETERS).is_yearly("KC-1") is is_yearly


def test_the_edition_in_force_when_the_procurement_commenced_says_how_often():
    levels = tuple(replace(level, returns="quarterly") for level in PARAMETERS.policy.assurance.level)
    later = replace(
        PARAMETERS.policy,
        about=replace(PARAMETERS.policy.about, effective_from=date(2027, 1, 1)),
        assurance=replace(PARAMETERS.policy.assurance, level=levels),
    )
    both = replace(PARAMETERS, policies=(PARAMETERS.policy, later))
    assert len(asked(parameters=both)) == 3
    assert len(asked(parameters=both, procurement_commenced_on=date(2027, 1, 1))) == 11
    assert len(asked(parameters=both, procurement_commenced_on=None)) == 11


def claims(*periods, code="S1"):
    rows = [
        {
            "contract_ref": "KC-1", "period": period, "stated_period": period, "measure_code": code,
            "district": "county", "is_nil": False, "claimed": Fraction(4), "evidence_ref": f"EV-{period}",
        }
        for period in periods
    ]  # fmt: skip
    return frames.from_rows(rows, keys.CORE_CLAIM)


def missing(last, *came, **given):
    book = ReturnBook(contracts(**given), claims(*came), PARAMETERS)
    return book.account("KC-1", parse_period(last)).missing_in_a_row


def test_returns_missing_in_a_row_are_those_that_were_owed():
    assert [missing(q) for q in ("2026-27-Q3", "2026-27-Q4", "2027-28-Q3", "2027-28-Q4")] == [0, 1, 1, 2]
    assert missing("2027-28-Q4", "2026-27-Q4") == 1
    assert missing("2027-28-Q4", "2027-28-Q2") == 2  # came, but is not the one that is asked for
    assert missing("2027-28-Q1", **dict.fromkeys(RISK_QUESTIONS, 2)) == 4


@pytest.mark.parametrize(
    ("period", "came", "as_of", "status", "is_asked"),
    [
        ("2026-27-Q2", (), None, "not due", False), ("2026-27-Q2", ("2026-27-Q2",), None, "received", False),
        ("2026-27-Q4", (), date(2027, 4, 30), "not due", True), ("2026-27-Q4", (), date(2027, 5, 1), "missing", True),
        ("2026-27-Q4", ("2026-27-Q4",), None, "received", True), ("2026-27", (), None, "missing", True),
        ("2026-27-H1", (), None, "not due", False), ("2026-27-H2", (), None, "missing", True),
    ],
)  # fmt: skip
def test_the_status_of_a_yearly_return(period, came, as_of, status, is_asked):
    book = ReturnBook(contracts(), claims(*came), PARAMETERS, as_of=as_of)
    account = book.account("KC-1", parse_period(period))
    assert (account.status, account.is_asked) == (status, is_asked)


def test_a_yearly_return_that_was_held_back_is_refused_and_not_missing():
    held = pd.DataFrame([("KC-1", "2026-27")], columns=["contract_ref", "period"])
    book = ReturnBook(contracts(), claims(), PARAMETERS, held)
    assert book.account("KC-1", parse_period("2026-27-Q4")).status == "refused"
    quarterly = ReturnBook(contracts(risk_market=3, risk_demand=3), claims(), PARAMETERS, held)
    assert quarterly.account("KC-1", parse_period("2026-27-Q4")).status == "missing"


TARGET = {
    "contract_ref": "KC-1", "measure_code": "S1", "measure_title": "Starts", "unit": "people", "band": "B4",
    "target": Fraction(11), "original": Fraction(11), "agreed": Fraction(11), "counted_value": Fraction(1),
    "explanation": "said", "is_commitment": False,
}  # fmt: skip


def stands(period, *came, verified=0, **given):
    told = [
        {
            "decision_kind": "verification", "measure_code": "S1", "period": quarter,
            "quantity": Fraction(verified),
        }
        for quarter in came
    ]  # fmt: skip
    targets = frames.from_rows([TARGET], keys.OUT_TARGET)
    frame = Delivery(contracts(**given), targets, claims(*came), decisions(*told), PARAMETERS).at(
        parse_period(period)
    )
    (row,) = frame.to_dict("records")
    return row["due"], row["due_by_return"], row["status"]


def test_the_status_is_judged_by_what_was_due_when_a_return_was_last_asked_for():
    # One of eleven falls due in each quarter after the first.
    assert stands("2026-27-Q3") == (2, 0, "Grey")
    assert stands("2026-27-Q4") == (3, 3, "Red")
    assert stands("2026-27-Q4", "2026-27-Q4", verified=3) == (3, 3, "Green")
    assert stands("2027-28-Q3", "2026-27-Q4", verified=3) == (6, 3, "Green")
    assert stands("2027-28-Q4", "2026-27-Q4", verified=3) == (7, 7, "Red")
    assert stands("2027-28-Q3", "2026-27-Q4", "2027-28-Q2", verified=3)[1:] == (3, "Green")
    assert stands("2027-28-Q4", verified=0)[2] == "Red"
    quarterly = dict.fromkeys(RISK_QUESTIONS, 3)
    assert stands("2027-28-Q3", "2026-27-Q4", verified=3, **quarterly) == (6, 6, "Red")


@pytest.mark.parametrize(
    ("came", "given", "quarters"),
    [
        # Nothing falls due in the first quarter of the contract, so no return is asked to speak of it.
        (("2026-27-Q4",), {}, 3), (("2026-27-Q4", "2027-28-Q4"), {}, 7), (("2026-27-Q2", "2026-27-Q4"), {}, 3),
        (("2027-28-Q4",), {}, 4), (("2027-28-Q2",), {"end_on": date(2027, 9, 30)}, 2),
        (("2027-28-Q4",), dict.fromkeys(RISK_QUESTIONS, 3), 1),
    ],
)  # fmt: skip
def test_staff_in_post_count_for_every_quarter_that_a_yearly_return_speaks_of(came, given, quarters):
    target = {**TARGET, "measure_code": "J2", "unit": "FTE", "is_commitment": True}
    made = Delivery(contracts(**given), frames.from_rows([target], keys.OUT_TARGET), claims(*came, code="J2"), decisions(), PARAMETERS).at(parse_period("2027-28-Q4"))  # fmt: skip
    (row,) = made.to_dict("records")
    # A level of the year before is not that of this one; its quarters stay among the FTE-years.
    level = 4 if came[-1] >= "2027-28" else 0
    assert (row["claimed"], row["claimed_fte_years"]) == (level, Fraction(4 * quarters, 4))


def test_two_yearly_returns_missing_in_a_row_force_red():
    # All four were claimed and verified for a quarter that no return was asked of.
    assert stands("2027-28-Q3", "2026-27-Q2", verified=4)[2] == "Green"
    assert stands("2027-28-Q4", "2026-27-Q2", "2026-27-Q3", verified=4)[1:] == (7, "Red")


# --- a return that states a year ---------------------------------------------------------------------------


def lines(
    period,
    quantity=2,
    file="a.xlsx",
    saved_at="2027-04-10T10:00:00Z",
    landed_on=date(2027, 4, 20),
    ref="KC-1",
):
    return {
        "source_sha256": "s", "source_name": "src", "source_file": file, "source_sheet": "Return", "source_row": 13,
        "contract_ref": ref, "supplier_name": "Acme", "period": period, "is_nil": False, "measure_code": "S1",
        "district": "county", "claimed": Fraction(quantity), "saved_at": saved_at, "received_on": landed_on,
    }  # fmt: skip


def joined(*rows, changes=(), **given):
    register = contracts(**given)
    arrived = [
        {
            "source_sha256": "s", "source_name": "src", "source_file": row["source_file"], "sequence": number,
            "landed_on": row["received_on"],
        }
        for number, row in enumerate(rows)
    ]  # fmt: skip
    terms = ReturnTerms(register, PARAMETERS, decisions(*changes))
    raw = frames.from_rows(list(rows), RAW_TABLE_OF_KIND["returns"])
    ledger = frames.from_rows(arrived, "ledger")
    return build_claims(raw, register, ledger, frames.empty("file_column"), ["S1"], terms=terms)


def counted(core):
    columns = ["stated_period", "period", "claimed"]
    return sorted(core.rows[columns].itertuples(index=False, name=None))


def aside(core):
    return sorted(zip(core.set_aside["rule_id"], core.set_aside["source_file"], strict=True))


@pytest.mark.parametrize(
    ("year", "given", "changes", "landed_on", "quarter"),
    [
        ("2026-27", {}, (), date(2027, 4, 1), "2026-27-Q4"),
        ("2026-27", {"end_on": date(2026, 9, 12)}, (), date(2026, 10, 1), "2026-27-Q2"),
        ("2027-28", {}, (ENDED,), date(2027, 10, 1), "2027-28-Q2"),
        ("2029-30", {}, (EXTENDED,), date(2030, 1, 1), "2029-30-Q3"),
        ("2027-28", {"end_on": date(2027, 3, 31)}, (), date(2028, 4, 1), "2027-28-Q4"),  # after its end
    ],
)
def test_a_year_counts_in_the_quarter_that_closes_it(year, given, changes, landed_on, quarter):
    core = joined(lines(year, landed_on=landed_on), changes=changes, **given)
    assert counted(core) == [(year, quarter, 2)]
    assert core.findings == []


@pytest.mark.parametrize(
    ("given", "landed_on", "found"),
    [
        (
            dict.fromkeys(RISK_QUESTIONS, 2),
            date(2027, 4, 20),
            "2026-27, where a return is asked for every quarter",
        ),
        ({}, date(2027, 3, 31), "2026-27, which had not ended on 2027-03-31"),
        ({"end_on": date(2026, 9, 12)}, date(2026, 9, 30), "2026-27, which had not ended on 2026-09-30"),
    ],
)
def test_a_year_that_may_not_be_stated_is_held_and_counts_for_no_quarter(given, landed_on, found):
    core = joined(lines("2026-27", landed_on=landed_on), **given)
    (finding,) = core.findings
    assert (finding.rule_id, finding.found, len(core.rows)) == ("RT-025", found, 0)
    assert '"period": "2026-27"' in core.set_aside["row_json"][0]


def test_a_year_of_an_unknown_contract_is_told_of_once():
    core = joined(lines("2026-27", ref="KC-9"))
    assert [finding.rule_id for finding in core.findings] == ["RT-001"]


def test_a_year_that_may_not_be_stated_replaces_nothing():
    quarterly = dict.fromkeys(RISK_QUESTIONS, 2)
    core = joined(
        lines("2026-27-Q4"), lines("2026-27", 9, file="b.xlsx", saved_at="2027-04-11T10:00:00Z"), **quarterly
    )
    assert counted(core) == [("2026-27-Q4", "2026-27-Q4", 2)]


def test_a_return_of_the_year_replaces_those_of_its_quarters_so_that_nothing_counts_twice():
    quarters = [lines(f"2026-27-Q{n}", file=f"q{n}.xlsx", saved_at="2027-01-10T10:00:00Z") for n in (2, 3, 4)]
    core = joined(*quarters, lines("2025-26-Q4", file="old.xlsx"), lines("2026-27", 9, file="year.xlsx"))
    assert counted(core) == [("2025-26-Q4", "2025-26-Q4", 2), ("2026-27", "2026-27-Q4", 9)]
    assert aside(core) == [("RT-017", f"q{n}.xlsx") for n in (2, 3, 4)]
    assert core.findings == []
    came = frames.from_rows([*quarters, lines("2026-27", 9)], RAW_TABLE_OF_KIND["returns"])
    assert returns_held(came, core.rows, frames.empty("receipt"), frames.empty("ledger")).empty


def test_a_quarter_that_comes_after_its_year_is_held_and_one_that_closes_it_replaces_the_year():
    year = lines("2026-27", 9, file="year.xlsx")
    late = lines("2026-27-Q2", file="late.xlsx", saved_at="2027-04-12T10:00:00Z")
    core = joined(year, late)
    assert counted(core) == [("2026-27", "2026-27-Q4", 9)]
    assert [(f.rule_id, f.found) for f in core.findings] == [
        ("RT-026", "2026-27-Q2, after the return of 2026-27")
    ]
    closing = lines("2026-27-Q4", 8, file="q4.xlsx", saved_at="2027-04-13T10:00:00Z")
    core = joined(year, late, closing)
    assert counted(core) == [("2026-27-Q2", "2026-27-Q2", 2), ("2026-27-Q4", "2026-27-Q4", 8)]
    assert aside(core) == [("RT-017", "year.xlsx")]


FIRST_END = date(2026, 9, 30)
LATER_EXTENDED = {
    "decision_kind": "extension", "effective_on": date(2026, 10, 1), "new_end_on": date(2027, 9, 30),
    "original_value_pence": 100, "value_before_pence": 100, "value_after_pence": 150,
    "decided_on": date(2026, 10, 20),
}  # fmt: skip
BACK_DATED = {
    "decision_kind": "early end", "old_end_on": END, "new_end_on": FIRST_END, "decided_on": date(2027, 5, 3),
}  # fmt: skip


def account(core, last, changes, **given):
    book = ReturnBook(contracts(**given), core.rows, PARAMETERS, decisions=decisions(*changes))
    found = book.account("KC-1", parse_period(last))
    return found.status, found.is_asked, found.judged_on, found.missing_in_a_row


@pytest.mark.parametrize("decided_on", [date(2027, 4, 20), date(2027, 4, 21)])
def test_an_early_end_decided_after_the_return_of_the_year_moves_no_return(decided_on):
    # The return of the year landed on 20 April 2027, when the contract was to run on.
    change = {**BACK_DATED, "decided_on": decided_on}
    core = joined(lines("2026-27", landed_on=date(2027, 4, 20)), changes=(change,))
    known = decided_on <= date(2027, 4, 20)
    quarter, ends = ("2026-27-Q2", FIRST_END) if known else ("2026-27-Q4", date(2027, 3, 31))
    assert counted(core) == [("2026-27", quarter, 2)]
    assert core.findings == []
    assert account(core, quarter, (change,)) == ("received", True, ends, 0)
    if not known:
        assert account(core, "2026-27-Q2", (change,)) == ("not due", False, None, 0)
    assert account(core, "2027-28-Q4", (change,)) == ("not due", False, ends, 0)


@pytest.mark.parametrize("end_shown", [FIRST_END, date(2027, 9, 30)])  # before the register was brought up
def test_an_extension_decided_after_the_return_of_the_year_moves_no_return(end_shown):
    first = lines("2026-27", landed_on=date(2026, 10, 10), saved_at=None)
    core = joined(first, changes=(LATER_EXTENDED,), end_on=end_shown)
    assert (counted(core), core.findings) == ([("2026-27", "2026-27-Q2", 2)], [])
    book = [account(core, f"2026-27-Q{n}", (LATER_EXTENDED,), end_on=end_shown) for n in (2, 3, 4)]
    assert [(status, asked) for status, asked, *_ in book] == [
        ("received", True), ("not due", False), ("missing", True),
    ]  # fmt: skip
    assert [missing for *_, missing in book] == [0, 0, 1]


def test_the_year_of_a_contract_that_was_extended_is_told_once_the_last_time():
    first = lines("2026-27", 2, file="a.xlsx", landed_on=date(2026, 10, 10), saved_at=None)
    whole = lines("2026-27", 5, file="b.xlsx", landed_on=date(2027, 4, 10), saved_at=None)
    core = joined(first, whole, changes=(LATER_EXTENDED,), end_on=FIRST_END)
    assert (counted(core), aside(core)) == ([("2026-27", "2026-27-Q4", 5)], [("RT-017", "a.xlsx")])
    # The rest of the year by itself stands beside what was told before it; a quarter of that does not.
    rest = lines("2026-27-Q4", 3, file="b.xlsx", landed_on=date(2027, 4, 10), saved_at=None)
    early = lines("2026-27-Q1", 3, file="c.xlsx", landed_on=date(2027, 4, 11), saved_at=None)
    core = joined(first, rest, early, changes=(LATER_EXTENDED,), end_on=FIRST_END)
    assert counted(core) == [("2026-27", "2026-27-Q2", 2), ("2026-27-Q4", "2026-27-Q4", 3)]
    assert aside(core) == [("RT-026", "c.xlsx")]


def test_a_year_that_was_refused_stays_refused_for_the_quarter_it_was_of():
    held = pd.DataFrame(
        [("KC-1", "2026-27", pd.Timestamp(2027, 4, 20))], columns=["contract_ref", "period", "received_on"]
    )
    book = ReturnBook(contracts(), claims(), PARAMETERS, held, decisions=decisions(BACK_DATED))
    assert [book.account("KC-1", parse_period(f"2026-27-Q{n}")).status for n in (2, 4)] == [
        "not due", "refused",
    ]  # fmt: skip


def test_the_end_known_is_that_of_the_correction_only_from_its_day_on():
    corrected = {**LATER_EXTENDED, "new_end_on": date(2027, 1, 15), "decided_on": date(2027, 2, 1)}
    ends = KnownEnds(contracts(end_on=FIRST_END), decisions(LATER_EXTENDED, corrected))
    days = [date(2026, 10, 19), date(2026, 10, 20), date(2027, 1, 31), date(2027, 2, 1)]
    assert [ends.on("KC-1", day) for day in days] == [
        FIRST_END, date(2027, 9, 30), date(2027, 9, 30), date(2027, 1, 15),
    ]  # fmt: skip
    assert ends.on("KC-9", days[0]) is None


def test_a_yearly_return_is_late_by_the_quarter_it_counts_in():
    receipts = [
        {
            "source_sha256": "s", "source_name": "src", "kind": "returns", "fate": "accepted",
            "contract_ref": "KC-1", "period": "2026-27",
        }
    ]  # fmt: skip
    ledger = [
        {"source_sha256": "first", "landed_on": date(2026, 4, 1)},
        {"source_sha256": "s", "landed_on": date(2027, 5, 1)},
    ]
    terms = ReturnTerms(contracts(), PARAMETERS, decisions(BACK_DATED))
    books = frames.from_rows(receipts, "receipt"), frames.from_rows(ledger, "ledger")
    assert late_returns(*books, terms, parse_period("2026-27-Q4")).late == {"KC-1"}
    assert late_returns(*books, terms, parse_period("2026-27-Q2")).late == frozenset()
