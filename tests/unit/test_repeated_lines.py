"""A ledger corrected under a new name: repeated lines count once, contradicted lines not at all."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from kcc_etl.domain.core import build_payments
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, RAW_TABLE_OF_KIND

AS_OF = date(2026, 11, 23)
FIRST, SECOND = "q2.csv", "q2 corrected.csv"
PAID = {
    "payment_ref": "P1",
    "invoice_ref": "I1",
    "supplier_name": "Fenmoor Ltd",
    "paid_on": date(2026, 8, 1),
    "amount_ex_vat_pence": 100,
}


def lines(file, *rows, source="spend"):
    place = {
        "source_sha256": f"sha of {file}",
        "source_name": source,
        "source_file": file,
        "source_sheet": "",
    }
    numbered = [
        {**place, "source_row": n, "row_digest": str(sorted(row.items(), key=str)), **row}
        for n, row in enumerate(rows, start=2)
    ]
    return from_rows(numbered, RAW_TABLE_OF_KIND["payments"])


def built(*files):
    contracts = empty(CORE_TABLE_OF_KIND["register"])
    return build_payments(pd.concat(files), contracts, empty("file_column"), AS_OF)


def held(core):
    return sorted(
        zip(
            core.set_aside["source_file"],
            core.set_aside["source_row"],
            core.set_aside["rule_id"],
            strict=True,
        )
    )


@pytest.mark.parametrize(
    "change",
    [
        {"amount_ex_vat_pence": 200},
        {"paid_on": date(2026, 8, 2)},
        {"supplier_name": "FENMOOR LIMITED"},
        {"purpose": "x"},
    ],
)
def test_one_number_with_two_contents_in_two_files_counts_in_neither(change):
    other = {**PAID, "payment_ref": "P2"}
    core = built(lines(FIRST, PAID, other), lines(SECOND, {**PAID, **change}))

    assert held(core) == [(SECOND, 2, "SP-018"), (FIRST, 2, "SP-018")]
    assert core.rows["payment_ref"].tolist() == ["P2"]
    assert [f.found.rpartition("; ")[2] for f in core.findings] == [
        f"otherwise in {f}" for f in (FIRST, SECOND)
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"supplier_name": "Another"},
        {"payment_ref": None},
        {"payment_ref": "REDACTED"},
        {"paid_on": date(2025, 8, 1), "amount_ex_vat_pence": 7, "invoice_ref": "I0"},
    ],
)
def test_another_payee_no_number_or_a_number_that_started_afresh_are_two_payments(other):
    given = {**PAID, **{name: None for name in other if other[name] is None}}
    if other.get("payment_ref") == "REDACTED":
        given["payment_ref"] = "REDACTED"
    core = built(lines(FIRST, given), lines(SECOND, {**given, "amount_ex_vat_pence": 9, **other}))

    assert held(core) == []


def test_several_lines_of_one_number_stay_but_for_those_that_differ_between_the_files():
    a, b, c = ({**PAID, "amount_ex_vat_pence": pence} for pence in (1, 2, 3))

    alone = built(lines(FIRST, a, b))
    fewer = built(lines(FIRST, a, b), lines(SECOND, a))
    other_source = built(lines(FIRST, a), lines(SECOND, b, source="grants"))
    changed = built(lines(FIRST, a, b), lines(SECOND, a, c))
    third = built(lines(FIRST, a), lines("q2 again.csv", a), lines(SECOND, b))

    assert held(alone) == held(other_source) == []
    assert [rule for *_, rule in held(fewer)] == ["SP-004"]
    assert changed.rows["amount_ex_vat_pence"].tolist() == [1]
    assert sorted(rule for *_, rule in held(changed)) == ["SP-004", "SP-018", "SP-018"]
    assert third.rows.empty


def test_a_line_that_counts_nowhere_contradicts_none():
    wrong = {**PAID, "vat_pence": 20, "amount_inc_vat_pence": 130}
    core = built(lines(FIRST, wrong), lines(SECOND, {**wrong, "amount_inc_vat_pence": 120}))

    assert held(core) == [(FIRST, 2, "SP-003")]


def test_of_a_repeated_line_the_one_of_the_smallest_name_counts_whichever_landed_first():
    for both in ((lines(FIRST, PAID), lines(SECOND, PAID)), (lines(SECOND, PAID), lines(FIRST, PAID))):
        assert held(built(*both)) == [(FIRST, 2, "SP-004")]  # a blank sorts before a full stop


@pytest.mark.parametrize(("count", "findings"), [(50, 50), (51, 1)])
def test_a_file_that_repeats_another_is_one_finding_and_every_line_is_set_aside(count, findings):
    many = [{**PAID, "payment_ref": f"P{n}"} for n in range(count)]
    core = built(lines("a.csv", *many), lines("b.csv", *many, many[0]))

    assert len(core.rows) == count
    assert len(core.set_aside) == count + 1
    assert [f.rule_id for f in core.findings] == ["SP-004"] * (findings + 1)  # one line twice in its own file
    if findings == 1:
        bundle = core.findings[0]
        assert (bundle.source_file, bundle.source_row, bundle.found) == (
            "b.csv",
            0,
            "51 lines that also stand in a.csv",
        )


def test_two_files_that_tell_everything_otherwise_are_two_findings():
    first = [{**PAID, "payment_ref": f"P{n}"} for n in range(60)]
    core = built(lines("a.csv", *first), lines("b.csv", *[{**row, "purpose": "x"} for row in first]))

    assert core.rows.empty
    assert [f.found for f in core.findings] == [
        f"60 lines that stand otherwise in {file}" for file in ("b.csv", "a.csv")
    ]
