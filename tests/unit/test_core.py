"""Rows in = rows that count + rows set aside; every fault named in its cell."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from kcc_etl.domain.core import (
    build_claims,
    build_contracts,
    build_decisions,
    build_payments,
    returns_held,
)
from kcc_etl.domain.holding import Core
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

AS_OF = date(2026, 11, 23)


def raw(kind, *rows, file="a.csv", sheet=""):
    place = {"source_sha256": "s", "source_file": file, "source_sheet": sheet, "source_name": "src"}
    numbered = [{**place, "source_row": n, **row} for n, row in enumerate(rows, start=2)]
    return from_rows(numbered, RAW_TABLE_OF_KIND[kind])


def columns(kind, file="a.csv", sheet=""):
    fields = [f.name for f in RAW_TABLE_OF_KIND[kind].landed_fields]
    return from_rows(
        [
            {
                "source_sha256": "s",
                "source_name": "src",
                "source_file": file,
                "source_sheet": sheet,
                "field_name": name,
                "column_title": name.upper(),
                "column_letter": chr(ord("A") + number % 26),
            }
            for number, name in enumerate(fields)
        ],
        "file_column",
    )


def told(core: Core):
    return [(f.rule_id, f.cell, f.found) for f in core.findings]


def aside(core: Core):
    return [(int(r.source_row), r.fate, r.rule_id) for r in core.set_aside.itertuples()]


CONTRACT = {
    "contract_ref": "C1",
    "supplier_name": "Fenmoor Ltd",
    "value_ex_vat_pence": 100,
    "start_on": date(2026, 4, 1),
    "end_on": date(2027, 3, 31),
}


def contracts(*refs, **more):
    return build_contracts(
        raw("register", *[{**CONTRACT, "contract_ref": ref, **more} for ref in refs]), columns("register")
    ).rows


def test_the_second_contract_of_a_reference_is_held():
    core = build_contracts(raw("register", CONTRACT, CONTRACT), columns("register"))

    assert core.rows["contract_ref"].tolist() == ["C1"]
    assert aside(core) == [(3, "quarantined", "CR-002")]
    assert told(core) == [("CR-002", "A3", "C1")]
    assert core.set_aside["amount_pence"].tolist() == [100]


@pytest.mark.parametrize(
    ("end", "held"), [(date(2026, 3, 31), True), (date(2026, 4, 1), False), (date(2026, 4, 2), False)]
)
def test_a_contract_that_ends_before_it_starts_is_held(end, held):
    core = build_contracts(raw("register", {**CONTRACT, "end_on": end}), columns("register"))

    assert (len(core.rows) == 0) is held
    assert [f.rule_id for f in core.findings] == (["CR-005"] if held else [])


def test_a_row_with_two_faults_is_held_once_and_both_are_told():
    early = {**CONTRACT, "end_on": date(2020, 1, 1)}
    core = build_contracts(raw("register", CONTRACT, early), columns("register"))

    assert len(core.set_aside) == 1
    assert {f.rule_id for f in core.findings} == {"CR-002", "CR-005"}


PAYMENT = {
    "payment_ref": "P1",
    "supplier_name": "Fenmoor Ltd",
    "amount_ex_vat_pence": 10000,
    "vat_pence": 2000,
    "amount_inc_vat_pence": 12000,
    "paid_on": date(2026, 7, 1),
}


def test_an_invoice_that_is_not_paid_yet_is_no_payment_and_contradicts_none():
    unpaid = {**PAYMENT, "paid_on": None, "invoice_ref": "I1"}
    lines = pd.concat([raw("payments", unpaid, unpaid), raw("payments", PAYMENT, file="b.csv")])
    core = build_payments(lines, contracts(), columns("payments"), AS_OF)
    assert (len(core.rows), told(core)) == (1, [])
    assert aside(core) == [(2, "excluded", "SP-048"), (3, "excluded", "SP-048")]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"amount_inc_vat_pence": 12001}, "SP-003"),
        ({"amount_inc_vat_pence": 11999}, "SP-003"),
        ({"amount_inc_vat_pence": None}, None),
        ({"vat_pence": None}, None),
        ({"paid_on": date(2026, 11, 24)}, "SP-007"),
        ({"paid_on": date(2026, 11, 23)}, None),
        ({"amount_ex_vat_pence": -10000, "vat_pence": -2000, "amount_inc_vat_pence": -12000}, None),
    ],
)
def test_a_payment_is_held_when_its_sums_or_its_date_cannot_be(change, rule):
    core = build_payments(raw("payments", {**PAYMENT, **change}), contracts(), columns("payments"), AS_OF)

    assert core.set_aside["rule_id"].tolist() == ([rule] if rule else [])
    assert [f.rule_id for f in core.findings] == ([rule] if rule else [])


def test_a_ledger_line_that_stands_twice_counts_once_and_two_like_lines_without_a_number_count_twice():
    twice = build_payments(raw("payments", PAYMENT, PAYMENT), contracts(), columns("payments"), AS_OF)
    unnumbered = {**PAYMENT, "payment_ref": None}
    like = build_payments(raw("payments", unnumbered, unnumbered), contracts(), columns("payments"), AS_OF)
    split = build_payments(
        raw("payments", PAYMENT, {**PAYMENT, "ledger_code": "X"}), contracts(), columns("payments"), AS_OF
    )

    assert aside(twice) == [(3, "quarantined", "SP-004")]
    assert len(like.rows) == 2
    assert len(split.rows) == 2


def test_lines_that_differ_in_a_column_no_field_takes_are_two_and_repeat_line_by_line_in_another_file():
    by_cost_centre = [{**PAYMENT, "row_digest": digest} for digest in ("a", "b")]
    first = raw("payments", *by_cost_centre, by_cost_centre[0])
    again = raw("payments", *by_cost_centre, {**PAYMENT, "row_digest": "c"}, file="b.csv")

    alone = build_payments(first, contracts(), columns("payments"), AS_OF)
    both = build_payments(pd.concat([first, again]), contracts(), columns("payments"), AS_OF)

    assert aside(alone) == [(4, "quarantined", "SP-004")]
    assert aside(both) == [(row, "quarantined", "SP-004") for row in (4, 2, 3)]
    assert both.rows["source_row"].tolist() == [2, 3, 4]


def test_a_payee_without_a_number_takes_that_of_the_one_register_supplier_of_its_name():
    register = contracts("C1", supplier_company_number="99000001")
    core = build_payments(
        raw("payments", PAYMENT, {**PAYMENT, "supplier_name": "Other"}), register, columns("payments"), AS_OF
    )

    assert core.rows["supplier_key"].str.startswith("GB-COH:99000001").tolist() == [True, False]


CLAIM = {
    "contract_ref": "C1",
    "period": "2026-27-Q2",
    "measure_code": "S1",
    "district": "county",
    "claimed": "2",
    "is_nil": False,
    "is_confirmed": True,
    "received_on": AS_OF,
}


def ledger(*files):
    rows = [
        {"source_sha256": "s", "source_name": "src", "source_file": f, "sequence": n, "landed_on": AS_OF}
        for n, f in enumerate(files)
    ]
    return from_rows(rows, "ledger")


def claims(*rows, register=None, files=("a.csv",)):
    parts = [raw("returns", *rows, file=file, sheet="Return") for file in files]
    cols = pd.concat([columns("returns", file=file, sheet="Return") for file in files])
    register = contracts("C1", sv_measures="S1|S2") if register is None else register
    return build_claims(pd.concat(parts, ignore_index=True), register, ledger(*files), cols, ["S1", "C1"])


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        ([CLAIM], []),
        ([{**CLAIM, "contract_ref": "C9"}], ["RT-001"]),
        ([{**CLAIM, "measure_code": "C1"}], ["RT-004"]),
        ([CLAIM, CLAIM], ["RT-011"]),
        ([CLAIM, {**CLAIM, "district": "unknown"}], []),
        ([{**CLAIM, "is_nil": True}], ["RT-010"]),
        ([{**CLAIM, "is_nil": True, "measure_code": None, "district": None, "claimed": None}], []),
    ],
)
def test_a_claim_is_held_by_its_rule(rows, rules):
    core = claims(*rows)

    assert [f.rule_id for f in core.findings] == rules
    assert core.set_aside["rule_id"].tolist() == rules
    assert len(core.rows) + len(core.set_aside) == len(rows)


@pytest.mark.parametrize(
    ("claimed", "rules"), [("0", []), ("100", []), ("10001/100", ["RT-040"]), ("-1", ["RT-040"])]
)
def test_a_percentage_above_the_whole_is_not_claimed(claimed, rules):
    cols, register = columns("returns", file="a.csv"), contracts("C1", sv_measures="E4|S1")
    rows = raw("returns", {**CLAIM, "measure_code": "E4", "claimed": claimed}, {**CLAIM, "claimed": "120"})
    core = build_claims(rows, register, ledger("a.csv"), cols, ["S1", "E4"], percentages={"E4"})

    assert core.set_aside["rule_id"].tolist() == rules
    assert [(f.rule_id, f.found) for f in core.findings] == [
        (one, f"{float(Fraction(claimed)):g}%") for one in rules
    ]


def test_a_claim_may_be_about_a_measure_that_policy_added_to_the_contract():
    rows, cols = raw("returns", CLAIM, {**CLAIM, "measure_code": "G1"}), columns("returns", file="a.csv")
    for added, rules in (({"C1": ["G1"]}, []), ({"C2": ["G1"]}, ["RT-004"]), (None, ["RT-004"])):
        register = contracts("C1", sv_measures="S1")
        core = build_claims(rows, register, ledger("a.csv"), cols, ["S1", "G1"], added_measures=added)
        assert core.set_aside["rule_id"].tolist() == rules


def test_a_contract_without_chosen_measures_takes_any_known_one():
    core = claims(CLAIM, {**CLAIM, "measure_code": "Z9"}, register=contracts("C1"))

    assert core.set_aside["rule_id"].tolist() == ["RT-004"]


def test_a_later_return_replaces_the_earlier_one_whole_and_is_no_fault():
    core = claims(CLAIM, files=("a.xlsx", "b.xlsx"))

    assert core.rows["source_file"].tolist() == ["b.xlsx"]
    assert core.set_aside[["source_file", "fate", "rule_id"]].values.tolist() == [
        ["a.xlsx", "excluded", "RT-017"]
    ]
    assert core.findings == []


def test_a_fault_above_the_lines_of_a_return_is_told_once_in_its_own_cell():
    cols = columns("returns", sheet="Return")
    cols["column_letter"] = cols["column_letter"].where(cols["field_name"] != "contract_ref", "B")
    rows = raw(
        "returns",
        {**CLAIM, "contract_ref": "C9"},
        {**CLAIM, "contract_ref": "C9", "district": "unknown"},
        sheet="Return",
    )
    core = build_claims(rows, contracts("C1"), ledger("a.csv"), cols, ["S1"])

    assert [(f.cell, f.source_row) for f in core.findings] == [("B7", 7)]


def test_an_unknown_reference_is_answered_with_the_nearest_ones():
    register = contracts("KCC-123", "KCC-124", "ZZ-1", sv_measures="S1")
    core = claims({**CLAIM, "contract_ref": "KCC-12"}, {**CLAIM, "contract_ref": "Q"}, register=register)

    assert [f.rule_id for f in core.findings] == ["RT-001", "RT-001"]
    assert core.findings[0].found == "KCC-12; did you mean KCC-123 or KCC-124?"
    assert core.findings[1].found == "Q"


def test_the_contracts_of_a_supplier_come_first_when_its_reference_is_unknown():
    register = contracts("KCC-123", "KCC-124", sv_measures="S1")
    register.loc[register["contract_ref"] == "KCC-124", "supplier_name"] = "Bright Ltd"
    core = claims({**CLAIM, "contract_ref": "KCC-125", "supplier_name": "BRIGHT LIMITED"}, register=register)

    assert core.findings[0].found == "KCC-125; did you mean KCC-124 or KCC-123?"


@pytest.mark.parametrize(
    ("sender", "rules"),
    [
        ("Fenmoor Ltd", []),
        ("FENMOOR LIMITED", []),
        ("Fenmor Ltd", []),  # spelt nearly alike
        (None, []),
        ("Somebody Else Ltd", ["RT-022"]),
        ("Fenmoors Ltd", ["RT-022"]),  # alike, and another supplier of the register
    ],
)
def test_a_return_comes_from_the_supplier_of_its_contract(sender, rules):
    register = contracts("C1", "C2", sv_measures="S1")
    register.loc[register["contract_ref"] == "C2", ["supplier_name", "supplier_key"]] = ["Fenmoors Ltd", "k"]
    core = claims({**CLAIM, "supplier_name": sender}, register=register)

    assert core.set_aside["rule_id"].tolist() == rules
    assert [f.found for f in core.findings] == [f"{sender}; the register has Fenmoor Ltd for C1"] * len(rules)


@pytest.mark.parametrize(("theirs", "strange"), [("a", "b"), ("b", "a")])
def test_a_stranger_replaces_no_return_and_repeats_none(theirs, strange):
    senders = {theirs: "Fenmoor Ltd", strange: "Somebody Ltd"}
    parts = [
        raw("returns", {**CLAIM, "supplier_name": name}, file=file, sheet="Return")
        for file, name in senders.items()
    ]
    core = build_claims(
        pd.concat(parts, ignore_index=True),
        contracts("C1", sv_measures="S1"),
        ledger("a", "b"),
        empty("file_column"),
        ["S1"],
    )

    assert core.rows["source_file"].tolist() == [theirs]
    assert core.set_aside[["source_file", "rule_id"]].values.tolist() == [[strange, "RT-022"]]
    assert [f.rule_id for f in core.findings] == ["RT-022"]


def receipts(*rows):
    """Receipts of returns: fate, rows arrived, contract, quarter."""
    return from_rows(
        [
            {"kind": "returns", "fate": fate, "rows_arrived": arrived, "contract_ref": ref, "period": period}
            for fate, arrived, ref, period in rows
        ],
        "receipt",
    )


def held(receipt_rows, raw_rows=(), counted=()):
    """Returns that came and do not count."""
    lines = [
        raw("returns", *rows) if rows else empty(RAW_TABLE_OF_KIND["returns"]) for rows in (raw_rows, counted)
    ]
    lines[1] = lines[1].assign(stated_period=lines[1]["period"])
    found = returns_held(*lines, receipt_rows, empty("ledger"))
    return list(found[["contract_ref", "period"]].itertuples(index=False, name=None))


def test_a_return_of_which_nothing_counts_came_and_is_not_missing():
    period = CLAIM["period"]
    lines_held, held_whole = ("accepted", 2, "C2", period), ("quarantined", 0, "C3", period)
    assert held(receipts(lines_held, held_whole)) == [("C2", period), ("C3", period)]
    assert held(receipts(lines_held, lines_held)) == [("C2", period)]
    assert held(receipts(("accepted", 1, "C1", period)), counted=[CLAIM]) == []
    assert held(receipts(), raw_rows=[CLAIM]) == [("C1", period)]
    assert held(receipts()) == []


@pytest.mark.parametrize(
    "receipt",
    [
        ("quarantined", 0, None, "2026-27-Q2"),
        ("quarantined", 0, "C1", None),
        ("accepted", 0, "C1", "2026-27-Q2"),  # the form as we sent it out
        ("excluded", 0, "C1", "2026-27-Q2"),
    ],
)
def test_a_file_that_names_no_contract_or_quarter_or_says_nothing_is_nobodys_return(receipt):
    assert held(receipts(receipt)) == []


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (None, None, "b.csv"),  # the one that landed later
        ("2026-11-20T10:00:00Z", "2026-11-20T09:59:59Z", "a.csv"),
        ("2026-11-20T09:59:59Z", "2026-11-20T10:00:00Z", "b.csv"),
        (
            "2026-11-20T10:00:00Z",
            "2026-11-20T10:00:00Z",
            "b.csv",
        ),  # by name, as nothing else tells them apart
        ("2026-11-20T10:00:00Z", None, "b.csv"),  # saved on the day it landed at the latest
        (None, "2026-11-20T10:00:00Z", "a.csv"),
        ("2031-01-01T10:00:00Z", "2026-11-20T10:00:00Z", "a.csv"),  # a clock that is wrong says nothing
        ("2026-11-20T10:00:00Z", "2031-01-01T10:00:00Z", "b.csv"),
    ],
)
def test_of_two_returns_the_one_saved_later_counts_whichever_landed_first(first, second, counts):
    told = [(first, "a.csv"), (second, "b.csv")]
    rows = pd.concat(
        [raw("returns", {**CLAIM, "saved_at": saved_at}, file=f, sheet="Return") for saved_at, f in told],
        ignore_index=True,
    )
    cols = pd.concat([columns("returns", file=f, sheet="Return") for _, f in told])
    for arrivals in (("a.csv", "b.csv"), ("b.csv", "a.csv")):
        if first is None and second is None and arrivals[0] == "b.csv":
            counts = "a.csv"
        core = build_claims(rows, contracts("C1"), ledger(*arrivals), cols, ["S1"])
        assert core.rows["source_file"].tolist() == [counts]


DECISION = {
    "decision_id": "D1",
    "decision_kind": "override",
    "subject": "C1",
    "role": "Contract  Manager",
    "reason_code": "x",
    "decided_on": AS_OF,
}


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        ([DECISION], []),
        ([{**DECISION, "subject": "C9"}], ["DC-003"]),
        ([{**DECISION, "decision_kind": "clearance", "subject": "L1"}], []),
        ([{**DECISION, "decision_kind": "clearance", "subject": "C1"}], ["DC-003"]),
        ([{**DECISION, "decision_kind": "accepted file", "subject": "0123456789ab"}], []),
        ([DECISION, DECISION], ["DC-005"]),
        *(
            ([{**DECISION, "decision_kind": kind, "measure_code": code, "quantity": quantity}], rules)
            for kind in ("override", "commitment", "milestone")
            for code, quantity, rules in (
                ("E4", "0", []),
                ("E4", "100", []),
                ("E4", "10001/100", ["DC-035"]),
                ("E4", "-1/100", ["DC-035"]),
                ("S5", "120", []),
            )
        ),
    ],
)
def test_a_decision_is_held_by_its_rule(rows, rules):
    paid = build_payments(
        raw("payments", {**PAYMENT, "supplier_ledger_id": "L1"}), contracts(), columns("payments"), AS_OF
    ).rows
    core = build_decisions(
        raw("decisions", *rows), contracts("C1"), paid, columns("decisions"),
        parameters=load_parameters(), as_of=AS_OF,
    )  # fmt: skip

    assert [f.rule_id for f in core.findings] == rules


def test_nothing_in_gives_nothing_out():
    none = empty("file_column")
    register = build_contracts(empty(RAW_TABLE_OF_KIND["register"]), none)
    payments = build_payments(empty(RAW_TABLE_OF_KIND["payments"]), register.rows, none, AS_OF)
    claimed = build_claims(empty(RAW_TABLE_OF_KIND["returns"]), register.rows, empty("ledger"), none, [])
    decided = build_decisions(
        empty(RAW_TABLE_OF_KIND["decisions"]), register.rows, payments.rows, none,
        parameters=load_parameters(), as_of=AS_OF,
    )  # fmt: skip

    for core in (register, payments, claimed, decided):
        assert (len(core.rows), len(core.set_aside), core.findings) == (0, 0, [])


def test_a_return_that_was_put_back_under_its_name_counts_by_its_last_arrival():
    arrivals = ledger("a.csv", "b.csv", "a.csv")
    parts = [raw("returns", CLAIM, file=file, sheet="Return") for file in ("a.csv", "b.csv")]
    core = build_claims(
        pd.concat(parts, ignore_index=True),
        contracts("C1", sv_measures="S1"),
        arrivals,
        empty("file_column"),
        ["S1"],
    )

    assert core.rows["source_file"].tolist() == ["a.csv"]
    assert core.set_aside["rule_id"].tolist() == ["RT-017"]
