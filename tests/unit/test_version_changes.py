"""What is gone stays gone until it is back, ended or accepted: over nights with other bytes, and decisions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from checks.rules.version_changes import JUDGES
from kcc_etl import asset_keys as keys
from kcc_etl.domain.accepted_files import accepted_files, accepted_in_use
from kcc_etl.intake.landing.landing import LandedFile, Source
from kcc_etl.intake.landing.version_changes import (
    Content,
    Month,
    Record,
    changes,
    content_of,
)
from kcc_etl.intake.landing.versions import Reading, Step, judge_all, reading_from_json, reading_json
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import from_rows
from tests.unit.check_cases import changed, inputs, withheld
from tests.unit.county import County, decisions, ledger, register

LIFT = {"reason_code": "no longer withheld"}
FIRST, SECOND, THIRD = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)
SOURCES = """
[[sources]]
name = "contracts"
kind = "register"
path = "registers"
mode = "snapshot"

[[sources]]
name = "ledger"
kind = "payments"
path = "payments"

[[sources]]
name = "log"
kind = "decisions"
path = "decisions"
"""


def landed(sha256: str, day: date, kind: str = "register") -> LandedFile:
    return LandedFile(
        sha256=sha256 * 64,
        sequence=1,
        source_name="contracts",
        kind=kind,
        file_name="register.csv",
        size_bytes=1,
        landed_on=day,
        path=Path("register.csv"),
    )


def told(county: County) -> list[tuple[str, str, int, int | None, int | None]]:
    """Difference, record, row, count before and count now of every row of the table."""
    rows = county.warehouse.read("version_change").astype(object)
    rows = rows.where(rows.notna(), None)
    return [
        (r["version_difference"], r["record_ref"] or "", r["source_row"], r["count_before"], r["count_now"])
        for r in rows.to_dict("records")
    ]


@pytest.mark.parametrize(
    ("who", "counts"),
    [
        ({}, True),
        ({"role": "Head"}, False),
        ({"reason": "it looked right"}, False),
        ({"on": "2026-11-23"}, True),
        ({"on": "2026-11-24"}, False),
    ],
)
def test_a_file_is_accepted_from_its_day_by_a_role_that_may_for_a_reason_of_the_list(
    who: dict[str, str], counts: bool
) -> None:
    about = {"decision_id": "D-1", "decision_kind": "accepted file", "subject": "A" * 12}
    by = {"role": "Head of  Procurement", "reason_code": "checked by hand against the source"}
    told = {"role": who.get("role", by["role"]), "reason_code": who.get("reason", by["reason_code"])}
    row = {**about, **told, "decided_on": pd.Timestamp(who.get("on", "2026-11-20"))}
    repeated = {**row, "subject": "b" * 12, "source_row": 3}
    log = from_rows([{**row, "source_row": 2}, repeated], keys.RAW_DECISION)
    found = accepted_files(log, date(2026, 11, 23), load_parameters(None).waivers)
    assert [(one.digits, one.role) for one in found] == [("a" * 12, "head of procurement")] * counts
    receipts = pd.DataFrame(
        [("a" * 64, "contracts", "r.csv", "accepted"), ("a" * 63 + "b", "contracts", "s.csv", "quarantined")],
        columns=["source_sha256", "source_name", "source_file", "fate"],
    )
    assert [used[1:] for used in accepted_in_use(found, receipts)] == [("contracts", "r.csv")] * counts


def test_a_ledger_that_is_sent_again_is_compared_month_by_month(tmp_path: Path) -> None:
    county = County(tmp_path, SOURCES)
    county.put("payments/august.csv", ledger(*(f"P-{n}" for n in range(10))))
    county.night(FIRST, "payments")
    county.put("payments/august.csv", ledger(*(f"P-{n}" for n in range(9))))
    county.night(SECOND, "payments")
    assert sorted(told(county)) == [
        ("compared", "", 0, 10, 9),
        ("gone", "P-9", 11, None, None),
        ("month", "2026-08", 0, 10, 9),
    ]


def contracts(numbers: range, end_on: str = "", **more: str) -> Content:
    """A register of contracts C-n, each in row n."""
    return Content(records=tuple(Record(f"C-{n}", 100, end_on, "", n, **more) for n in numbers))


def months(**lines: int) -> Content:
    return Content(months=tuple(Month(name.replace("m", "2026-0"), n, n) for name, n in lines.items()))


def over_nights(
    *contents: Content,
    kind: str = "register",
    accepted: str = "",
    ended: dict[str, date] | None = None,
) -> list[dict[str, object]]:
    """What is told of the last of some versions, each in other bytes; `accepted` are letters of their hashes."""
    source = Source("contracts", kind, Path("r"), mode="snapshot")
    versions = [landed("abcdef"[n], date(2026, 11, 20 + n), kind) for n in range(len(contents))]
    read = {
        version.sha256: Reading("accepted", arrived=100, usable=100, content=content)
        for version, content in zip(versions, contents, strict=True)
    }
    happened = [Step(version, None, version) for version in versions]
    taken = [letter * 64 for letter in accepted]
    (line,) = judge_all([happened], lambda step: read[step.file.sha256], source, taken)
    assert line.good is not None
    if line.seen is None or line.good.file.sha256 in taken:
        return []
    return changes(kind, line.seen, line.good.file, read[line.good.file.sha256].content, ended or {})


def gone(told: list[dict[str, object]]) -> list[object]:
    return [row["record_ref"] for row in told if row["version_difference"] == "gone"]


def verdicts(rule_id: str, told: list[dict[str, object]], **tables: list[dict[str, object]]) -> list[object]:
    """What a rule says of the changes: True, False or nothing, for each of them that it is about."""
    outcome = JUDGES[rule_id](inputs({"version_change": told, **tables}))
    return [bool(ok) for ok in outcome.ok.dropna()]


ALL, FEWER = contracts(range(1, 31)), contracts(range(1, 26))


class TestALossLasts:
    @pytest.mark.parametrize("nights", [2, 3, 4])
    def test_however_often_a_register_that_lost_contracts_is_sent_again(self, nights: int) -> None:
        told = over_nights(ALL, *[FEWER] * (nights - 1))
        assert gone(told) == [f"C-{n}" for n in range(26, 31)]
        assert verdicts("CR-041", told) == [False]
        assert verdicts("CR-040", told) == [True, *[False] * 5]

    def test_until_the_contracts_are_back(self) -> None:
        told = over_nights(ALL, FEWER, FEWER, ALL)
        assert gone(told) == []
        assert verdicts("CR-041", told) == [True]

    def test_until_an_officer_accepts_the_version_which_is_the_measure_from_then_on(self) -> None:
        assert over_nights(ALL, FEWER, accepted="b") == []
        assert gone(over_nights(ALL, FEWER, FEWER, accepted="b")) == []
        assert gone(over_nights(ALL, FEWER, contracts(range(1, 25)), accepted="b")) == ["C-25"]

    def test_until_the_contracts_ended(self) -> None:
        old = contracts(range(1, 31), end_on="2026-11-21")
        assert len(gone(over_nights(old, FEWER))) == 5
        assert gone(over_nights(old, FEWER, FEWER)) == []

    def test_a_slow_loss_adds_up(self) -> None:
        nights = [contracts(range(1, 31 - 2 * night)) for night in range(4)]
        assert [verdicts("CR-041", over_nights(*nights[: n + 1])) for n in (1, 2, 3)] == [
            [True], [False], [False],
        ]  # fmt: skip

    def test_a_contract_that_came_later_is_missed_too_in_the_row_where_it_stood(self) -> None:
        told = over_nights(FEWER, ALL, contracts(range(1, 28)), FEWER)
        places = {row["record_ref"]: (str(row["source_sha256"])[0], row["source_row"]) for row in told[1:]}
        assert places == {
            "C-26": ("c", 26), "C-27": ("c", 27), "C-28": ("b", 28), "C-29": ("b", 29), "C-30": ("b", 30),
        }  # fmt: skip

    def test_a_mapping_that_comes_later_reads_the_same_bytes_and_is_no_version(self) -> None:
        source = Source("contracts", "register", Path("r"), mode="snapshot")
        file, mapping = landed("a", FIRST), landed("f", SECOND)
        happened = [Step(file, None, file), Step(file, None, mapping)]
        (line,) = judge_all([happened], lambda _: Reading("accepted", content=ALL), source)
        assert line.seen is None

    def test_nights_of_the_program_say_the_same_and_a_decision_ends_it(self, tmp_path: Path) -> None:
        county = County(tmp_path, SOURCES)
        expected = [
            ("compared", "", 0, 20, 18),
            ("gone", "C-1", 2, None, None),
            ("gone", "C-2", 3, None, None),
        ]
        nights = [
            (FIRST, register(20), []),
            (SECOND, register(18, first=3), expected),
            (THIRD, register(18, first=3) + "\r\n", expected),
        ]
        for day, text, rows in nights:
            path = county.put("registers/register.csv", text)
            county.night(day, "register")
            assert sorted(told(county)) == rows
        digits = sha256(path.read_bytes()).hexdigest()[:12]
        county.put("decisions/log.csv", decisions(("accepted file", digits), on="2026-11-23"))
        county.night(THIRD, "decisions", "register")
        assert sorted(told(county)) == expected, "it is of a day to come"
        county.night(date(2026, 11, 23), "register")
        assert told(county) == []


class TestALedger:
    def test_every_month_is_compared_though_more_lines_came_than_before(self) -> None:
        told = over_nights(months(m7=100), months(m7=40, m8=100), kind="payments")
        assert [(r["record_ref"], r["count_before"], r["count_now"]) for r in told] == [("2026-07", 100, 40)]
        assert verdicts("SP-046", told) == verdicts("SP-045", told) == [False]

    @pytest.mark.parametrize("nights", [2, 3, 4])
    def test_lines_that_are_gone_stay_gone(self, nights: int) -> None:
        told = over_nights(months(m7=100), *[months(m7=85)] * (nights - 1), kind="payments")
        assert verdicts("SP-046", told) == [False]

    def test_a_slow_loss_is_measured_against_the_fullest(self) -> None:
        nights = [months(m7=lines) for lines in (100, 95, 91, 88)]
        assert verdicts("SP-046", over_nights(*nights[:3], kind="payments")) == [True]
        assert verdicts("SP-046", over_nights(*nights, kind="payments")) == [False]
        assert verdicts("SP-046", over_nights(*nights, accepted="c", kind="payments")) == [True]

    @pytest.mark.parametrize(
        ("held", "now"),
        [
            ((("2026-07", 30),), (100, 50)),
            ((("2026-08", 30),), (70, 50)),
            ((("", 30),), (100, 50)),
            ((("", 5), ("2026-07", 5)), (80, 50)),
            ((("2026-07", 99),), (100, 50)),
        ],
    )
    def test_a_month_is_excused_by_what_is_held_of_it(
        self, held: tuple[tuple[str, int], ...], now: tuple[int, int]
    ) -> None:
        later = Content(months=months(m7=70, m8=50).months, held_months=held)
        told = over_nights(months(m7=100, m8=50), later, kind="payments")
        assert tuple(row["count_now"] for row in told) == now

    def test_a_line_that_is_held_is_of_the_month_in_its_column_of_payment_dates(self) -> None:
        named = [{"field_name": "paid_on", "column_title": "Paid"}]
        days = ("01/07/2026", "2026-07-31", "soon")
        aside: list[dict[str, object]] = [
            {"fate": "quarantined", "row_json": json.dumps({"Paid": day, "Received": "2026-06-01"})}
            for day in days
        ]
        aside.append({"fate": "excluded", "row_json": json.dumps({"Paid": "2026-07-01"})})
        assert content_of("payments", [], aside, named).held_months == (("", 1), ("2026-07", 2))


def paid(*lines: tuple[str, str, int], payee: str = "Acme", **held: object) -> Content:
    """A ledger of number, day and pence, from row 2 on; numbers that begin with - are empty."""
    rows: list[dict[str, object]] = [
        {
            "payment_ref": None if number.startswith("-") else number,
            "paid_on": date.fromisoformat(day),
            "amount_ex_vat_pence": pence,
            "supplier_name": payee,
            "source_row": row,
        }
        for row, (number, day, pence) in enumerate(lines, 2)
    ]
    return replace(content_of("payments", rows, []), **held)  # type: ignore[arg-type]  # each by its name


def lost(*contents: Content, accepted: str = "") -> list[tuple[object, ...]]:
    """Difference, number, row and pence before and now of payments that the last of some versions lost."""
    columns = ("version_difference", "record_ref", "source_row", "pence_before", "pence_now")
    told = over_nights(*contents, kind="payments", accepted=accepted)
    return [tuple(row[c] for c in columns) for row in told if row["version_difference"] in ("gone", "amount")]


DAY, LATER = "2026-08-03", "2026-08-20"
THREE = paid(("P-1", DAY, 380_000_000), ("P-2", DAY, 5_000), ("P-3", LATER, 7_000))


class TestPayments:
    def test_one_replaced_under_a_new_number_and_one_cut_are_named_with_what_stood_there(self) -> None:
        now = paid(("P-9", DAY, 100_000), ("P-2", DAY, 500), ("P-3", LATER, 7_000))
        assert lost(THREE, now) == [("gone", "P-1", 2, 380_000_000, None), ("amount", "P-2", 3, 5_000, 500)]
        told = over_nights(THREE, now, kind="payments")
        assert verdicts("SP-050", told) == [True, False, False]
        assert verdicts("CR-042", told) == verdicts("CR-040", told) == []
        outcome = JUDGES["SP-050"](inputs({"version_change": told}))
        assert outcome.found is not None
        assert list(outcome.found.dropna()) == [
            "gone from the ledger; £3,800,000.00", "£5.00, £50.00 before",
        ]  # fmt: skip

    def test_the_loss_lasts_until_it_is_back_or_accepted(self) -> None:
        cut = paid(("P-1", DAY, 1), ("P-2", DAY, 5_000))
        expected = [("amount", "P-1", 2, 380_000_000, 1), ("gone", "P-3", 4, 7_000, None)]
        assert lost(THREE, cut) == lost(THREE, cut, cut) == expected
        assert lost(THREE, cut, THREE) == []
        assert lost(THREE, cut, cut, accepted="b") == []

    @pytest.mark.parametrize(
        ("before", "now", "is_less"),
        [
            ([100], [100, -100], False),
            ([100], [60, 40], False),
            ([60, 40], [100], False),
            ([100], [101], False),
            ([100], [99], True),
            ([100], [-100], True),
            ([-100], [100], True),
            ([-100], [-50], True),
            ([100, 100], [100], True),
        ],
    )
    def test_lines_of_one_number_count_together(
        self, before: list[int], now: list[int], is_less: bool
    ) -> None:
        first, last = (paid(*(("P-1", DAY, pence) for pence in lines)) for lines in (before, now))
        assert [each[0] for each in lost(first, last)] == ["amount"] * is_less

    def test_a_payment_and_its_reversal_that_are_both_gone_are_missed(self) -> None:
        both = paid(("P-1", DAY, 100), ("P-1", LATER, -100), ("P-2", DAY, 1))
        assert lost(both, paid(("P-2", DAY, 1))) == [("gone", "P-1", 2, 0, None)]

    def test_numbers_given_anew_lose_nothing_but_another_payee_is_another_payment(self) -> None:
        anew = (("N-1", DAY, 380_000_000), ("N-2", DAY, 5_000), ("N-3", LATER, 7_000))
        assert lost(THREE, paid(*anew)) == []
        assert len(lost(THREE, paid(*anew, payee="Bolt"))) == 3

    def test_of_lines_without_a_number_each_that_is_gone_is_named_by_its_day(self) -> None:
        before = paid(("-", DAY, 100), ("-", DAY, 100), ("-", LATER, 7_000))
        assert lost(before, paid(("-", DAY, 100), ("-", DAY, 7_000), payee="Bolt")) == [
            ("gone", DAY, 3, 100, None)
        ], "7,000 moved within its month"
        assert lost(before, paid(("N-1", DAY, 100), ("-", DAY, 100), ("N-2", LATER, 7_000))) == []

    def test_what_is_held_back_is_told_by_its_own_rule(self) -> None:
        assert lost(THREE, paid(("P-2", DAY, 5_000), ("P-3", LATER, 7_000), held=("P-1",))) == []
        before = paid(("-", DAY, 100), ("-", LATER, 7_000))
        held = paid(("P-2", "2026-07-01", 1), held_months=(("2026-08", 1),))
        assert lost(before, held) == [("gone", LATER, 3, 7_000, None)]

    def test_the_numbers_of_lines_held_are_those_in_their_columns(self) -> None:
        named = [{"field_name": "payment_ref", "column_title": "No"}]
        aside: list[dict[str, object]] = [
            {"fate": "quarantined", "row_json": json.dumps({"No": " P-1 ", "Paid": "soon"})}
        ]
        assert content_of("payments", [], aside, named).held == ("P-1",)
        named = [{"field_name": "decision_id", "column_title": "No"}]
        assert content_of("decisions", [], aside, named).held == ("P-1",)


LINE: dict[str, object] = {"amount_ex_vat_pence": 100, "source_row": 2, "supplier_name": "Acme"}


class TestDecisions:
    HEAD = "Decision number,Decision kind,Subject,Role,Reason,Decided on\r\n"
    LINES = tuple(f"D-{n},clearance,V-{n},head of procurement,checked,2026-11-0{n}\r\n" for n in range(1, 8))

    def test_one_that_is_gone_or_says_otherwise_is_named_every_night(self, tmp_path: Path) -> None:
        county = County(tmp_path, SOURCES)
        county.put("decisions/log.csv", self.HEAD + "".join(self.LINES))
        county.night(FIRST, "decisions")
        changed = self.LINES[2].replace("V-3", "V-1")
        for day, more in (
            (SECOND, ""),
            (THIRD, "D-8,clearance,V-8,head of procurement,checked,2026-11-09"),
        ):
            log = self.HEAD + self.LINES[0] + changed + "".join(self.LINES[3:]) + more
            county.put("decisions/log.csv", log)
            county.night(day, "decisions")
            assert sorted(told(county)) == [
                ("changed", "D-3", 4, None, None), ("compared", "", 0, 7, 5), ("gone", "D-2", 3, None, None),
            ]  # fmt: skip
        rows = county.warehouse.read("version_change").to_dict("records")
        outcome = JUDGES["DC-039"](
            inputs({"version_change": [{str(k): v for k, v in r.items()} for r in rows]})
        )
        assert outcome.found is not None
        assert sorted(outcome.found.dropna()) == [
            "clearance of V-2: gone from the log", "clearance of V-3: Subject V-1, V-3 before",
        ]  # fmt: skip
        county.put("decisions/log.csv", self.HEAD + "".join(self.LINES) + more)
        county.night(date(2026, 11, 23), "decisions")
        assert told(county) == [("compared", "", 0, 8, 8)]

    def test_one_that_is_held_back_is_told_by_its_own_rule(self) -> None:
        rows: list[dict[str, object]] = [{"decision_id": "D-1", "decision_kind": "waiver", "source_row": 2}]
        before = content_of("decisions", rows, [])
        assert over_nights(before, Content(held=("D-1",)), kind="decisions")[0]["count_now"] == 1
        assert gone(over_nights(before, Content(), kind="decisions")) == ["D-1"]


class TestWithholdings:
    """Rule DC-038: a name comes back into print because a line of the log is gone or says otherwise."""

    @pytest.mark.parametrize(
        ("stood", "log", "fine"),
        [
            ({}, [], False),
            ({}, [{"decision_id": "D-2", "other_subject": None}], True),
            ({"other_subject": "P-1"}, [{"decision_id": "D-2"}], True),
            ({"other_subject": "P-1"}, [{"decision_id": "D-2", "other_subject": "P-2"}], False),
            ({"other_subject": "P-9"}, [], True),
            ({"subject": "C-l"}, [], True),
            ({"expires_on": "2026-11-22"}, [], True),
            ({"expires_on": "2026-11-23"}, [], False),
            ({"effective_on": "2026-11-24"}, [], True),
            ({"reason_code": "no longer withheld"}, [], True),
            ({}, [{"decision_id": "D-2", "decided_on": "2026-11-02", **LIFT}], True),
            ({}, [{"decision_id": "D-2", "decided_on": "2026-10-31", **LIFT}], False),
            ({}, [{"decision_id": "D-2", "decided_on": "2026-11-02", **LIFT, "role": "clerk"}], False),
            ({}, [LIFT], False),
            ({}, [{"subject": "C-2"}], False),
            ({}, [{"expires_on": "2026-11-20"}], False),
        ],
    )
    def test_as_the_log_stands(
        self, stood: dict[str, object], log: list[dict[str, object]], fine: bool
    ) -> None:
        before = {**withheld(), **stood}
        said = {"before": before, "now": None}
        told = [changed("gone", "D-1", kind="decisions", difference_json=json.dumps(said))]
        tables: dict[str, list[dict[str, object]]] = {
            keys.CORE_DECISION: [withheld(**line) for line in log],  # type: ignore[arg-type]  # texts by field
            keys.CORE_CONTRACT: [{"contract_ref": "C-1"}, {"contract_ref": "C-2"}],
            keys.CORE_PAYMENT: [{"contract_ref": "C-1", "payment_ref": f"P-{n}"} for n in (1, 2)],
        }
        assert verdicts("DC-038", told, **tables) == [fine]


class TestContractsKnownToHaveEnded:
    def test_by_a_decision(self) -> None:
        early = {"C-30": date(2026, 11, 20), "C-29": date(2026, 12, 1)}
        told = over_nights(ALL, FEWER, ended=early)
        assert (told[0]["count_before"], told[0]["count_now"]) == (29, 25)
        assert "C-30" not in gone(told)
        assert "C-29" in gone(told)

    @pytest.mark.parametrize(
        ("number", "ended_on", "fine"),
        [
            ("1", "2026-11-01", True),
            ("1", "2026-12-01", False),
            ("2", "2026-11-01", False),
            ("1", None, False),
        ],
    )
    def test_by_a_public_notice(self, number: str, ended_on: str | None, fine: bool) -> None:
        told = over_nights(contracts(range(1, 31), ocid="o-1", contract_id="1"), FEWER)
        notices: list[dict[str, object]] = [{"ocid": "o-1", "contract_id": number, "ended_on": ended_on}]
        assert verdicts("CR-041", told, **{keys.CORE_NOTICED: notices}) == [fine]
        assert verdicts("CR-040", told, **{keys.CORE_NOTICED: notices}) == [
            True,
            *([] if fine else [False] * 5),
        ]

    def test_of_several_files_of_a_source_each_is_excused_by_its_own(self) -> None:
        pairs = [
            changed("compared", source_name="s", source_file=name, count_before=30, count_now=25)
            for name in ("a.csv", "b.csv")
        ]
        lost = {"source_name": "s", "source_file": "a.csv", "ocid": "o-1", "contract_id": "1"}
        told = [*pairs, *(changed("gone", f"C-{n}", **lost) for n in range(5))]
        notices: list[dict[str, object]] = [{"ocid": "o-1", "contract_id": "1", "ended_on": "2026-11-01"}]
        assert verdicts("CR-041", told, **{keys.CORE_NOTICED: notices}) == [True, False]

    def test_a_small_register_is_named_and_shuts_nothing(self) -> None:
        told = over_nights(contracts(range(1, 10)), contracts(range(1, 9)))
        assert verdicts("CR-041", told) == []
        assert verdicts("CR-040", told) == [True, False]


def test_contracts_that_ended_and_rows_that_are_held_are_not_gone() -> None:
    ended = Record("C-1", 100, "2026-11-20", "", 2)
    running, held = Record("C-2", 100, "2026-11-21", "", 3), Record("C-3", None, "", "", 4)
    before = Content(records=(ended, running, held))
    (compared,) = over_nights(before, Content(records=(running,), held=("C-3", "TBC")))
    assert (compared["count_before"], compared["count_now"]) == (2, 2)


def test_the_content_of_a_version_is_the_same_after_it_was_stored() -> None:
    accepted: list[dict[str, object]] = [
        {
            "contract_ref": "C-1",
            "value_ex_vat_pence": 100,
            "end_on": date(2026, 4, 1),
            "source_row": 2,
            "ocid": "o-1",
            "contract_id": "7",
        },
        {"contract_ref": "C-2", "value_ex_vat_pence": None, "source_sheet": "A", "source_row": 3},
    ]
    aside: list[dict[str, object]] = [
        {"fate": "quarantined", "row_json": '{"Reference": "C-3", "Value": null}'}
    ]
    content = content_of("register", accepted, aside)
    assert content.records == (
        Record("C-1", 100, "2026-04-01", "", 2, "o-1", "7"),
        Record("C-2", None, "", "A", 3),
    )
    assert content.held == ("C-3",)
    paid_months = Content(months=(Month("2026-07", 3, 400),), held_months=(("", 1),))
    lines = content_of("payments", [{"payment_ref": "P-1", "paid_on": date(2026, 7, 1), **LINE}], [])
    log = content_of("decisions", [{"decision_id": "D-1", "decided_on": date(2026, 7, 1), **LINE}], [])
    assert lines.lines
    assert log.decisions[0].said == {"decision_id": "D-1", "decided_on": "2026-07-01"}
    for each in (content, paid_months, lines, log):
        stored = reading_json(Reading("accepted", content=each))
        assert reading_from_json(stored).content == each
