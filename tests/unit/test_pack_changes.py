"""`changes.csv`: exact to the cell, nothing quoted that may be a name, and the reasons of a restatement."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.redaction import REDACTED
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.frames import from_rows
from reports.changes import WITHHELD, Change, Changes, Layout, changes_csv, changes_since, read_changes
from reports.datasets import PUBLISHED, layouts, pack_datasets
from reports.manifest import Counted, PackInput, ParameterStamp
from reports.restated import counted_of, why_restated
from tests.unit import report_frames as frames

HEADINGS = ("ref", "measure", "name", "status", "amount")
LAYOUT = Layout(("ref", "measure"), frozenset({"status"}), frozenset({"count"}), frozenset({"amount"}))
OPEN = Layout(("ref", "measure"), frozenset({"name", "status"}), money=frozenset({"amount"}))


def written(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([headings, *rows])
    return text.getvalue().encode()


def told(before: bytes | None, after: bytes | None, layout: Layout = LAYOUT) -> list[tuple[str, ...]]:
    """Row, column, before, after and kind of every change."""
    sides = [{} if content is None else {"d": content} for content in (before, after)]
    found = changes_since(1, *sides, {"d": layout} if after is not None else {})
    return [(one.row, one.column, one.before, one.after, one.kind) for one in found.changes]


ONE = ("C-1", "S1", "Ash Ltd", "Green", "10.00")
TWO = ("C-2", "S1", "Birch Ltd", "Red", "-20.50")
FIRST, SECOND = "ref=C-1; measure=S1", "ref=C-2; measure=S1"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([ONE, TWO], [ONE, TWO], []),
        ([ONE, TWO], [TWO, ONE], []),
        ([ONE], [(*ONE[:4], "10.01")], [(FIRST, "amount", "10.00", "10.01", "changed")]),
        ([ONE], [(*ONE[:4], "")], [(FIRST, "amount", "10.00", "", "changed")]),
        (
            [ONE],
            [("C-1", "S1", "Ash Ltd", "Red", "-10.00")],
            [(FIRST, "status", "Green", "Red", "changed"), (FIRST, "amount", "10.00", "-10.00", "changed")],
        ),
        (
            [ONE],
            [("C-1", "S1", REDACTED, "Green", "10.00")],
            [(FIRST, "name", WITHHELD, WITHHELD, "changed")],
        ),
        ([ONE], [("C-1", "S1", "", "Green", "10.00")], [(FIRST, "name", WITHHELD, "", "changed")]),
    ],
)
def test_each_difference_is_told_once(
    before: list[tuple[str, ...]], after: list[tuple[str, ...]], expected: list[tuple[str, ...]]
) -> None:
    assert told(written(*before), written(*after)) == expected


def test_a_row_that_came_is_told_cell_by_cell() -> None:
    assert told(written(ONE), written(ONE, TWO)) == [
        (SECOND, "ref", "", "C-2", "added"), (SECOND, "measure", "", "S1", "added"),
        (SECOND, "name", "", WITHHELD, "added"), (SECOND, "status", "", "Red", "added"),
        (SECOND, "amount", "", "-20.50", "added"),
    ]  # fmt: skip


def test_a_row_that_is_gone_names_nobody_and_keeps_its_money() -> None:
    assert told(written(ONE, TWO), written(ONE)) == [
        (SECOND, "ref", "C-2", "", "removed"), (SECOND, "measure", "S1", "", "removed"),
        (SECOND, "name", WITHHELD, "", "removed"), (SECOND, "status", "Red", "", "removed"),
        (SECOND, "amount", "-20.50", "", "removed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "told_before"), [("4", "3"), ("", WITHHELD)], ids=["another count", "no longer shown"]
)
def test_a_count_that_is_no_longer_shown_is_not_quoted(after: str, told_before: str) -> None:
    headings = ("ref", "measure", "count")
    sides = [written(("C-1", "S1", count), headings=headings) for count in ("3", after)]
    assert told(*sides) == [(FIRST, "count", told_before, after, "changed")]
    removed = told(sides[0], written(headings=headings))
    assert (FIRST, "count", WITHHELD, "", "removed") in removed


def test_rows_of_one_key_are_told_apart_by_their_number() -> None:
    more = ("C-1", "S1", "Ash Ltd", "Green", "11.00")
    assert told(written(ONE, ONE, more), written(ONE, more, ONE, ONE)) == [
        (f"{FIRST}; row 4", "ref", "", "C-1", "added"), (f"{FIRST}; row 4", "measure", "", "S1", "added"),
        (f"{FIRST}; row 4", "name", "", WITHHELD, "added"),
        (f"{FIRST}; row 4", "status", "", "Green", "added"),
        (f"{FIRST}; row 4", "amount", "", "10.00", "added"),
    ]  # fmt: skip


def test_without_a_key_rows_come_and_go_and_none_is_called_changed() -> None:
    found = told(written(ONE), written((*ONE[:4], "10.01")), Layout((), money=frozenset({"amount"})))
    assert {one[4] for one in found} == {"added", "removed"}
    assert ("former row 1", "amount", "10.00", "", "removed") in found
    assert ("row 1", "amount", "", "10.01", "added") in found


def test_a_column_that_came_and_one_that_went_are_told_of() -> None:
    wider = written((*ONE, "x"), headings=(*HEADINGS, "note"))
    assert told(written(ONE), wider) == [
        ("(column)", "note", "", "", "added"),
        (FIRST, "note", "", WITHHELD, "changed"),
    ]
    assert told(wider, written(ONE))[0] == ("(column)", "note", "", "", "removed")


def test_a_dataset_that_is_no_more_quotes_nothing() -> None:
    assert {(before, after, kind) for _, _, before, after, kind in told(written(ONE), None)} == {
        (WITHHELD, "", "removed")
    }
    assert {kind for *_, kind in told(None, written(ONE))} == {"added"}


def test_the_first_version_has_headings_alone_and_says_so() -> None:
    first = changes_since(None, {}, {"d": written(ONE)}, {})
    assert changes_csv(first) == b"dataset,row,column,before,after,kind,explanation\r\n"
    assert str(first) == "This is the first version; nothing was published before it."


def test_the_sentence_counts_rows_and_cells_by_dataset() -> None:
    changed = ("C-1", "S1", "Oak Ltd", "Green", "10.01")
    three = ("C-3", "S1", "", "", "")
    found = changes_since(2, {"d": written(ONE, TWO)}, {"d": written(changed, three)}, {"d": LAYOUT})
    assert str(found) == "Since version 2: d: 1 row added, 1 row removed, 2 cells changed."
    same = changes_since(2, {"d": written(ONE)}, {"d": written(ONE)}, {"d": LAYOUT})
    assert str(same) == "No figure differs from version 2."


def test_cells_stay_as_published_and_become_no_formula() -> None:
    before = {"d": written(("C-1", "S1", "'=cmd", "Green", "-750.50"))}
    after = {"d": written(("C-1", "S1", "=cmd", "Green", "750.50"))}
    lines = changes_csv(changes_since(1, before, after, {"d": OPEN})).decode().splitlines()[1:]
    assert lines == [
        "d,ref=C-1; measure=S1,name,'=cmd,'=cmd,changed,",
        "d,ref=C-1; measure=S1,amount,-750.50,750.50,changed,",
    ]


CELL = st.sampled_from(["", "a", "b"])
ROWS = st.lists(st.tuples(st.sampled_from(["C-1", "C-2"]), CELL, CELL, CELL, CELL), max_size=5)


@given(ROWS, ROWS)
@settings(max_examples=200, deadline=None)
def test_the_changes_lead_from_what_was_published_to_what_is(
    before: list[tuple[str, ...]], after: list[tuple[str, ...]]
) -> None:
    """Taken from the former rows and put to them cell by cell, they give the new rows exactly."""
    found = changes_since(1, {"d": written(*before)}, {"d": written(*after)}, {"d": OPEN}).changes
    gone: Counter[tuple[str, ...]] = Counter()
    come: Counter[tuple[str, ...]] = Counter()
    by_row: dict[tuple[str, str], list[Change]] = {}
    for one in found:
        by_row.setdefault((one.row, one.kind), []).append(one)
    for (row, kind), cells in by_row.items():
        number = int(row.rpartition(" ")[2]) if "row " in row else 0
        key = row.split("; row")[0].split("; former row")[0]
        old = {one.column: one.before for one in cells}
        new = {one.column: one.after for one in cells}
        if kind == "removed":
            gone[tuple(old.get(name, "") for name in HEADINGS)] += 1
        elif kind == "added":
            come[tuple(new.get(name, "") for name in HEADINGS)] += 1
        else:
            mine = [r for r in after if f"ref={r[0]}; measure={r[1]}" == key]
            now = after[number - 1] if number else mine[0]
            assert all(now[HEADINGS.index(name)] == text for name, text in new.items())
            come[now] += 1
            gone[tuple(old.get(name, text) for name, text in zip(HEADINGS, now, strict=True))] += 1
    assert Counter(before) - gone + come == Counter(after)


def test_no_dataset_quotes_a_column_that_may_name_a_person() -> None:
    personal = {field.title for field in FIELDS.values() if field.personal} | {
        name for name, field in FIELDS.items() if field.personal
    }
    names = {"SupplierName", "BeneficiaryName", "supplier_name", "Description", "Purpose", "ContractTitle"}
    for one in PUBLISHED:
        assert not {*one.quoted, *one.row_key} & (personal | names), one.name


def test_quoted_and_key_columns_are_columns_of_their_dataset() -> None:
    for dataset in pack_datasets(frames.empty_frames(), frames.edition()):
        layout = layouts([dataset])[dataset.name]
        assert {*layout.row_key, *layout.quoted} <= {column.name for column in dataset.table.columns}


STAMP = ParameterStamp("p1", "policy", is_approved=True)
FORMER: dict[str, Any] = {
    "inputs": [
        {"source": "ledger", "file": "l.csv", "kind": "payments", "sha256": "a", "rows": 2},
        {"source": "returns", "file": "withheld", "kind": "returns", "sha256": "c", "rows": 1},
    ],
    "parameters": {"version": "p1"},
    "program": {"version": "1"},
}
LEDGER = PackInput("ledger", "l.csv", "payments", "a", 2)
RETURN = PackInput("returns", "withheld", "returns", "c", 1)


@pytest.mark.parametrize(
    ("inputs", "stamp", "program", "reason"),
    [
        ([LEDGER, RETURN], STAMP, "1", "the same files and parameters, for another day or by other code"),
        ([PackInput("ledger", "l.csv", "payments", "b", 2), RETURN], STAMP, "1", "new or other content: payments (l.csv)"),
        ([LEDGER, PackInput("returns", "withheld", "returns", "d", 1)], STAMP, "1",
         "new or other content: returns (1 file); no longer counted: returns (1 file)"),
        ([RETURN], STAMP, "1", "no longer counted: payments (l.csv)"),
        ([LEDGER, RETURN], ParameterStamp("p2", "policy", is_approved=True), "2", "parameters p2, before p1; program 2, before 1"),
    ],
)  # fmt: skip
def test_a_restatement_gives_its_reasons(
    inputs: list[PackInput], stamp: ParameterStamp, program: str, reason: str
) -> None:
    assert why_restated(FORMER, inputs, stamp, program, "") == reason


LOG = {"source": "decisions", "file": "log.csv", "kind": "decisions", "sha256": "d", "rows": 2}
NEW_LOG = PackInput("decisions", "log.csv", "decisions", "e", 4)
OLDER = {**FORMER, "inputs": [*FORMER["inputs"], LOG]}
ALIKE = "the same files and parameters, for another day or by other code"
LOG_ALONE = "new or other content: decisions (log.csv)"


def of_kinds(**numbers: int) -> Counted:
    """So many decisions of kinds, words of a kind joined by `_`; each number has a digest of its own."""
    kinds = {
        kind.replace("_", " ").replace("sign off", "sign-off"): number for kind, number in numbers.items()
    }
    return Counted({k: {"number": n % 100, "sha256": str(n)} for k, n in kinds.items()}, {})


def rows_out(**rules: int) -> Counted:
    return Counted({}, {"payments": {rule.replace("_", "-"): number for rule, number in rules.items()}})


@pytest.mark.parametrize(
    ("then", "now", "table", "reason"),
    [
        (None, of_kinds(value_change=2), keys.OUT_SPEND, LOG_ALONE),
        (of_kinds(), None, keys.OUT_SPEND, LOG_ALONE),
        (of_kinds(sign_off=1), of_kinds(sign_off=2, waiver=1, duty_done=1, accepted_file=1), keys.OUT_SPEND, ALIKE),
        (of_kinds(), of_kinds(breach=1, poor_performance=1, direct_award=1, compliance_approval=1), keys.OUT_REGISTER, ALIKE),
        (of_kinds(), of_kinds(compliance_approval=1, sign_off=1), keys.OUT_COMPLIANCE, "decisions: compliance approval (1 new)"),
        (of_kinds(value_change=1), of_kinds(value_change=3, sign_off=1), keys.OUT_REGISTER, "decisions: value change (2 new)"),
        (of_kinds(clearance=2, override=1), of_kinds(clearance=1, override=101), keys.OUT_SPEND, "decisions: clearance (1 fewer), override (other in content)"),
        (of_kinds(), of_kinds(value_change=1, same_supplier=1), keys.OUT_SHARE, "decisions: same supplier (1 new)"),
        (rows_out(SP_001=3), rows_out(SP_001=3, SP_045=1), keys.OUT_SPEND, "rows held back or left out: 1 more of payments by SP-045"),
        (rows_out(SP_001=3, SP_045=2), rows_out(SP_001=1, SP_045=2), keys.OUT_OVER_30K, "rows held back or left out: 2 fewer of payments by SP-001"),
        (rows_out(SP_001=3), rows_out(SP_001=4), keys.OUT_OUTCOME, ALIKE),
    ],
)  # fmt: skip
def test_only_decisions_and_rows_that_can_change_a_table_are_told_as_a_reason(
    then: Counted | None, now: Counted | None, table: str, reason: str
) -> None:
    former = OLDER if then is None else {**OLDER, "counted": asdict(then)}
    former = {**former, "inputs": [one for one in former["inputs"] if one["kind"] == "decisions"]}
    assert why_restated(former, [NEW_LOG], STAMP, "1", table, now) == reason


def test_what_counted_is_the_same_whatever_the_order_and_another_for_another_word() -> None:
    given = {"decision_kind": "override", "decided_on": "2026-07-01"}
    rows = [{**given, "decision_id": "O-1", "quantity": 1, "source_row": 2}, {**given, "decision_id": "O-2"}]
    file = {"source_sha256": "a", "source_name": "l", "source_file": "f", "kind": "payments"}
    held = [{**file, "rule_id": "SP-045", "source_row": n} for n in (2, 3)]
    of_other = [{**file, "source_sha256": "b", "rule_id": "SP-001", "source_row": 4}]
    receipts = from_rows(
        [{**file, "fate": "accepted"}, {**file, "source_sha256": "b", "fate": "superseded"}], "receipt"
    )
    aside = from_rows([*held, *of_other], "set_aside")

    def counted(*decisions: dict[str, object]) -> Counted:
        return counted_of(from_rows(list(decisions), keys.CORE_DECISION), aside, receipts)

    one = counted(*rows)
    assert one == counted(*rows[::-1]) == counted({**rows[0], "source_row": 7}, rows[1])
    assert one.decisions["override"]["number"] == 2
    assert one.left_out == {"payments": {"SP-045": 2}}
    assert counted({**rows[0], "quantity": 3}, rows[1]).decisions != one.decisions


def test_a_file_that_only_tells_suppliers_apart_is_a_reason_where_there_is_no_other() -> None:
    ledger, returns = (
        PackInput("ledger", "l.csv", "payments", "b", 2),
        PackInput("r", "withheld", "returns", "d", 1),
    )
    former = {**FORMER, "inputs": FORMER["inputs"][:1]}
    assert why_restated(former, [ledger, returns], STAMP, "1", keys.OUT_SPEND) == (
        "new or other content: payments (l.csv)"
    )
    assert why_restated(former, [LEDGER, returns], STAMP, "1", keys.OUT_SPEND) == (
        "suppliers may be told apart otherwise: new or other content: returns (1 file)"
    )


LAYOUTS = {one.name: one.layout() for one in PUBLISHED}


def notice(value: str, name: str) -> dict[str, bytes]:
    rows = [
        ("mean_days", "Days", value),
        ("approver_name", "Name", name),
        ("approver_job_title", "Job", name),
    ]
    return {"payments-compliance": written(*rows, headings=("field", "says", "value"))}


def test_a_restated_figure_of_the_notice_is_quoted_and_its_approver_is_not() -> None:
    found = changes_since(1, notice("24.13", "Robin Pretend"), notice("24.15", "Kim Pretend"), LAYOUTS)
    assert [(one.row, one.before, one.after) for one in found.changes] == [
        ("field=approver_job_title", WITHHELD, WITHHELD),
        ("field=approver_name", WITHHELD, WITHHELD),
        ("field=mean_days", "24.13", "24.15"),
    ]
    gone = changes_since(1, notice("24.13", "Robin Pretend"), {}, LAYOUTS)
    assert "Robin Pretend" not in {one.before for one in gone.changes}


def test_an_invoice_that_went_changes_no_other_by_its_number() -> None:
    headings = ("invoice", "contract_ref", "received_on", "paid_on", "band")
    lines = [(f"C-{number}", "2026-07-01", "2026-07-09", "1 to 30") for number in (1, 2, 2, 3)]

    def invoices(kept: list[tuple[str, ...]]) -> dict[str, bytes]:
        rows = [(str(number), *line) for number, line in enumerate(kept, start=1)]
        return {"payments-compliance-invoices": written(*rows, headings=headings)}

    found = changes_since(1, invoices(lines), invoices([lines[2], lines[3]]), LAYOUTS)
    assert found.counted == "payments-compliance-invoices: 2 rows removed"
    assert "invoice" not in {one.column for one in found.changes}
    assert read_changes(changes_csv(found)).counted == found.counted


def test_a_first_version_says_where_an_earlier_publication_is_kept() -> None:
    told = str(Changes(None, set_aside="versions/2026-27-Q2/before"))
    assert "nothing was published before" not in told
    assert "kept unchanged in versions/2026-27-Q2/before" in told
