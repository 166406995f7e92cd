"""Taking in a night's files: the last good version stays in force, and whoever rebuilds a day sees the same."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from assets import source_versions
from kcc_etl.domain.findings import shorten
from kcc_etl.warehouse.store import open_warehouse
from tests.unit.county import TITLES, County, decisions, ledger, register
from tests.unit.intake_files import return_bytes

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, day) for day in (23, 24, 25))
SOURCES = """
[[sources]]
name = "register"
kind = "register"
path = "registers"
mode = "snapshot"

[[sources]]
name = "decisions"
kind = "decisions"
path = "decisions"
"""
WITH_MAPPING = """
[[sources]]
name = "mapped"
kind = "register"
path = "registers"
mode = "snapshot"
mapping = "mapped.toml"

[[sources]]
name = "other"
kind = "register"
path = "other"
"""
MAPPING = """kind = "register"
reviewed_by = "data officer"
reviewed_on = 2026-11-20
[columns]
"Ref" = "contract_ref"
"Name" = "contract_title"
"Payee" = "supplier_name"
"Amount" = "value_ex_vat_pence"
"From" = "start_on"
"To" = "end_on"
"""
MAPPED = ("Ref", "Name", "Payee", "Amount", "From", "To")


@pytest.fixture
def county(tmp_path: Path, warehouse_url: str) -> Iterator[County]:
    made = County(tmp_path, SOURCES, warehouse_url)
    yield made
    made.warehouse.engine.dispose()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[County]:
    made = County(tmp_path, SOURCES)
    yield made
    made.warehouse.engine.dispose()


def refs(county: County) -> list[str]:
    return sorted(str(ref) for ref in county.raw("register", "contract_ref"))


TEN = sorted(f"C-{n}" for n in range(1, 11))


BAD = (
    (b"\x00\x01\x02 no register", "IN-001", ""),
    (b"<html><body>Please log in</body></html>", "IN-001", ""),
    (register(0), "IN-042", "0 rows, against 10 in the version landed on 2026-11-23"),
    (register(9).replace("1000.00", "TBC"), "IN-042", "0 rows that can be used, against 10 in"),
    (
        register(10, (*TITLES[:3], "Net worth", *TITLES[4:])),
        "IN-041",
        "'Value ex VAT (£)' is gone; 'Net worth' is new",
    ),
    (register(10, (*TITLES, "Notes"), more=["x"]), "IN-041", "'Notes' is new"),
)
"""What arrives in the place of a register of ten contracts, the rule that holds it, and what is found."""


class TestLastGoodVersion:
    def test_nothing_that_arrives_empties_a_register(self, on_sqlite: County) -> None:
        county = on_sqlite
        county.put("registers/0.csv", register(10))
        county.night(MONDAY, "register")
        before = county.warehouse.version("raw_register__entity_contract")
        for days, (bad, rule_id, found) in enumerate(BAD, start=1):
            name, day = f"{days}.csv", MONDAY + timedelta(days=days)
            county.put(f"registers/{name}", bad)
            (taken,) = county.night(day, "register")

            assert (taken.landed, taken.parsed, taken.in_force) == (1, 1, 1)
            assert county.warehouse.version("raw_register__entity_contract") == before, bad
            assert county.receipts() == {"0.csv": ("accepted", ""), name: ("quarantined", rule_id)}
            told = {(rule, file): what for rule, file, what in county.findings()}
            assert set(told) == {(rule_id, name), ("IN-043", "0.csv")}
            assert told[(rule_id, name)].startswith(shorten(found).rstrip("…"))
            old = f"{days} day{'s' if days > 1 else ''} old"
            assert told[("IN-043", "0.csv")] == f"the version landed on 2026-11-23, {old}"
            status, landed_on, age, reason = county.states()["register"]
            assert (status, landed_on, age) == ("last good version", MONDAY, days)
            assert f"the version landed on {day} does not fit" in str(reason)
        (taken,) = county.night(MONDAY + timedelta(days=20), "register")
        assert (taken.landed, taken.parsed) == (0, 0)
        assert county.states()["register"][2] == 20
        assert refs(county) == TEN

    def test_a_good_version_ends_it_on_both_databases(self, county: County) -> None:
        county.put("registers/a.csv", register(10))
        county.night(MONDAY, "register")
        county.put("registers/b.csv", register(2))
        county.night(TUESDAY, "register")
        assert county.states()["register"][:3] == ("last good version", MONDAY, 1)
        county.put("registers/c.csv", register(11))
        county.night(WEDNESDAY, "register")

        assert len(refs(county)) == 11
        assert county.receipts() == {"c.csv": ("accepted", "")}
        assert county.findings() == []
        assert county.states() == {"register": ("current", WEDNESDAY, 0, "")}

    def test_a_first_file_has_nothing_to_be_compared_with_and_a_first_fault_stands_alone(
        self, on_sqlite: County
    ) -> None:
        on_sqlite.night(MONDAY, "register")
        assert on_sqlite.states()["register"] == ("nothing landed", None, None, "no file has landed")
        on_sqlite.put("registers/a.csv", b"<html>log in</html>")
        on_sqlite.night(TUESDAY, "register")
        assert on_sqlite.receipts() == {"a.csv": ("quarantined", "IN-001")}
        assert [rule for rule, _, _ in on_sqlite.findings()] == ["IN-001"]
        assert on_sqlite.states()["register"][:3] == ("unusable", None, None)
        on_sqlite.put("registers/b.csv", register(1))
        on_sqlite.night(WEDNESDAY, "register")
        assert refs(on_sqlite) == ["C-1"]

    def test_each_file_of_a_collection_keeps_its_own_last_good_version(self, on_sqlite: County) -> None:
        county = on_sqlite
        county.sources = '[[sources]]\nname = "ledger"\nkind = "payments"\npath = "payments"\n'
        county.put("payments/q1.csv", ledger("P1", "P2", "P3"))
        county.put("payments/q2.csv", ledger("P4", "P5"))
        county.night(MONDAY, "payments")
        county.put("payments/q1.csv", ledger("P1"))
        county.put("payments/q2.csv", ledger("P4", "P5", "P6"))
        county.night(TUESDAY, "payments")

        assert sorted(county.raw("payments", "payment_ref")) == ["P1", "P2", "P3", "P4", "P5", "P6"]
        held = [fate for name, fate in county.receipts().items() if name == "q1.csv"]
        assert held  # the version held and the one in force bear one name
        fates = county.warehouse.read("receipt")[["source_file", "fate"]].value_counts().to_dict()
        assert fates == {("q1.csv", "accepted"): 1, ("q1.csv", "quarantined"): 1, ("q2.csv", "accepted"): 1}
        assert county.states()["ledger"][:3] == ("last good version", MONDAY, 1)

    def test_a_corrected_return_may_be_shorter_and_a_damaged_one_leaves_the_one_before(
        self, on_sqlite: County
    ) -> None:
        county = on_sqlite
        county.sources = '[[sources]]\nname = "returns"\nkind = "returns"\npath = "returns"\n'
        line = ("M01", "E07000110", 12.5, 100, "Yes", "EV-1")
        county.put("returns/a.xlsx", return_bytes([line, ("M02", *line[1:]), ("M03", *line[1:])]))
        county.night(MONDAY, "returns")
        county.put("returns/a.xlsx", return_bytes([line]))
        county.night(TUESDAY, "returns")
        assert county.raw("returns", "measure_code") == ["M01"]
        county.put("returns/a.xlsx", return_bytes([line])[:2000])
        county.night(WEDNESDAY, "returns")
        assert county.raw("returns", "measure_code") == ["M01"]
        assert {rule for rule, _, _ in county.findings()} == {"IN-001", "IN-043"}


class TestDecisions:
    def test_an_officer_accepts_a_file_that_shrank(self, on_sqlite: County) -> None:
        county = on_sqlite
        county.put("registers/a.csv", register(10))
        county.night(MONDAY, "decisions", "register")
        short = county.put("registers/b.csv", register(5))
        county.night(TUESDAY, "decisions", "register")
        assert len(refs(county)) == 10
        (told,) = county.warehouse.read("finding", {"rule_id": "IN-042"})["expected"]
        digits = told[-12:].upper()
        assert hashlib.sha256(short.read_bytes()).hexdigest().startswith(digits.lower())
        county.put("decisions/log.csv", decisions(("accepted file", digits)))
        _, taken = county.night(WEDNESDAY, "decisions", "register")

        assert taken.parsed == 1, "its rows were not kept while it was held"
        assert len(refs(county)) == 5
        assert county.receipts() == {"log.csv": ("accepted", ""), "b.csv": ("accepted", "")}
        assert county.states()["register"] == ("current", TUESDAY, 1, "")
        county.night(
            WEDNESDAY, "decisions", "register", known_at=TUESDAY, into=f"sqlite:///{county.folder}/b.db"
        )
        back = open_warehouse(f"sqlite:///{county.folder}/b.db")
        assert len(back.read("raw_register__entity_contract")) == 10
        back.engine.dispose()

    @pytest.mark.parametrize("subject", ["0123456789a", "not a file", "WM-2026-001"])
    def test_a_decision_that_names_no_file_is_held(self, on_sqlite: County, subject: str) -> None:
        on_sqlite.put("decisions/log.csv", decisions(("accepted file", subject)))
        on_sqlite.night(MONDAY, "decisions")
        assert on_sqlite.raw("decisions", "subject") == []
        assert [rule for rule, _, _ in on_sqlite.findings()] == ["DC-002"]

    def test_a_decisions_log_that_lost_decisions_is_held_and_accepts_nothing_for_itself(
        self, on_sqlite: County
    ) -> None:
        rows = [("commitment", "C-1")] * 10
        on_sqlite.put("decisions/log.csv", decisions(*rows))
        on_sqlite.night(MONDAY, "decisions")
        count = len(on_sqlite.raw("decisions", "subject")) + len(on_sqlite.warehouse.read("set_aside"))
        short = on_sqlite.put("decisions/log.csv", decisions(*rows[:4]))
        on_sqlite.night(TUESDAY, "decisions")
        digits = hashlib.sha256(short.read_bytes()).hexdigest()
        on_sqlite.put("decisions/more.csv", decisions(("accepted file", digits)))
        on_sqlite.night(WEDNESDAY, "decisions")
        held = on_sqlite.warehouse.read("receipt")
        assert set(held[held["fate"] == "quarantined"]["rule_id"]) == {"IN-042"}
        assert count == 10


class TestMappings:
    @pytest.fixture
    def mapped(self, on_sqlite: County) -> County:
        on_sqlite.sources = WITH_MAPPING
        on_sqlite.put("mapped.toml", MAPPING)
        on_sqlite.put("registers/a.csv", register(5, MAPPED))
        on_sqlite.put("other/o.csv", register(1, first=99))
        on_sqlite.night(MONDAY, "register")
        assert len(refs(on_sqlite)) == 6
        return on_sqlite

    def test_a_changed_header_stops_its_source_and_a_reviewed_mapping_lets_it_go_on(
        self, mapped: County
    ) -> None:
        changed = (*MAPPED[:3], "Net Amount", *MAPPED[4:])
        mapped.put("registers/b.csv", register(6, changed))
        mapped.put("other/o.csv", register(2, first=99))
        mapped.night(TUESDAY, "register")
        assert len(refs(mapped)) == 5 + 2
        assert ("IN-041", "b.csv", "'Amount' is gone; 'Net Amount' is new") in mapped.findings()
        mapped.put("mapped.toml", MAPPING.replace('"Amount"', '"Net Amount"'))
        mapped.night(WEDNESDAY, "register")
        assert len(refs(mapped)) == 6 + 2
        assert mapped.findings() == []

    def test_a_broken_mapping_stops_nobody_and_the_last_good_one_stays(self, mapped: County) -> None:
        mapped.put("mapped.toml", b"[columns")
        mapped.put("registers/b.csv", register(6, MAPPED))
        mapped.put("other/o.csv", register(2, first=99))
        mapped.night(TUESDAY, "register")
        assert len(refs(mapped)) == 6 + 2
        ((rule, file, found),) = mapped.findings()
        assert (rule, file) == ("IN-043", "mapped.toml")
        assert found == "the header mapping saved on 2026-11-23, 1 day old"
        assert "mapped.toml" in str(mapped.states()["mapped"][3])
        assert mapped.states()["other"][0] == "current"

    def test_a_mapping_taken_away_is_a_finding_and_stays_in_force(self, mapped: County) -> None:
        (mapped.folder / "mapped.toml").unlink()
        mapped.night(TUESDAY, "register")
        assert len(refs(mapped)) == 6
        assert [(rule, file) for rule, file, _ in mapped.findings()] == [("IN-001", "mapped.toml")]

    def test_a_first_mapping_that_is_broken_stops_its_source_alone(self, on_sqlite: County) -> None:
        on_sqlite.sources = WITH_MAPPING
        on_sqlite.put("mapped.toml", "kind = 7")
        on_sqlite.put("registers/a.csv", register(5))
        on_sqlite.put("other/o.csv", register(1, first=99))
        on_sqlite.night(MONDAY, "register")
        assert refs(on_sqlite) == ["C-99"]
        assert on_sqlite.receipts()["a.csv"] == ("quarantined", "IN-002")
        assert on_sqlite.states()["mapped"][0] == "unusable"

    def test_a_day_is_rebuilt_with_the_mapping_known_then(self, mapped: County) -> None:
        then = mapped.warehouse.version("raw_register__entity_contract")
        mapped.put("mapped.toml", MAPPING.replace('"Name" = "contract_title"', '"Dept" = "contract_title"'))
        mapped.put("registers/b.csv", register(5, ("Ref", "Dept", *MAPPED[2:])))
        mapped.night(TUESDAY, "register")
        into = f"sqlite:///{mapped.folder}/back.db"
        mapped.night(TUESDAY, "register", known_at=MONDAY, into=into)
        back = open_warehouse(into)
        assert back.version("raw_register__entity_contract") == then
        back.engine.dispose()


def test_any_day_is_rebuilt_to_the_same_tables_from_the_ledger(on_sqlite: County) -> None:
    county = on_sqlite
    contents = [register(10), b"\x00broken", register(3)]
    days = [date(2026, 11, day) for day in (16, 17, 20)]
    tables = (
        "raw_register__entity_contract",
        "receipt",
        "set_aside",
        "finding",
        "source_state",
        "file_column",
    )
    then = {}
    for number, (day, content) in enumerate(zip(days, contents, strict=True)):
        county.put(f"registers/{number}.csv", content)
        county.night(day, "register")
        then[day] = {table: county.warehouse.read(table) for table in tables}
    for number, day in enumerate(days[:-1]):
        into = f"sqlite:///{county.folder}/{number}.db"
        county.night(days[-1], "register", known_at=day, into=into)
        back = open_warehouse(into)
        for table in tables:
            pd.testing.assert_frame_equal(back.read(table), then[day][table])
        back.engine.dispose()


def test_the_same_rows_in_different_bytes_are_flagged_and_count(on_sqlite: County) -> None:
    county = on_sqlite
    county.sources = "".join(
        f'[[sources]]\nname = "{name}"\nkind = "register"\npath = "{name}"\n' for name in ("east", "west")
    )
    county.put("east/a.csv", register(3))
    county.put("west/b.csv", register(3, separator=";").replace("1000.00", '"1,000.00"'))
    county.put("west/c.csv", register(2))
    county.put("east/copy.csv", register(3))
    county.night(MONDAY, "register")
    assert county.findings() == [("IN-040", "b.csv", "the rows of a.csv of the source east")]
    assert county.receipts()["copy.csv"] == ("excluded", "IN-003")
    county.put("west/b.csv", register(4))
    county.night(TUESDAY, "register")
    assert county.findings() == []


def test_of_the_same_bytes_the_smallest_name_takes_over(on_sqlite: County) -> None:
    county = on_sqlite
    county.sources = '[[sources]]\nname = "ledger"\nkind = "payments"\npath = "payments"\n'
    county.put("payments/z.csv", ledger("P1"))
    county.night(MONDAY, "payments")
    county.put("payments/a.csv", ledger("P1"))
    county.night(TUESDAY, "payments")
    assert county.raw("payments", "source_file") == ["a.csv"]
    assert county.receipts() == {"a.csv": ("accepted", ""), "z.csv": ("excluded", "IN-003")}
    reasons = county.warehouse.read("receipt")["reason"].dropna().tolist()
    assert any("They count as a.csv, received on 2026-11-24" in reason for reason in reasons)


def test_a_fault_of_the_program_in_one_source_stops_no_other(
    on_sqlite: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = on_sqlite
    county.sources = WITH_MAPPING
    county.put("mapped.toml", MAPPING)
    county.put("registers/a.csv", register(5, MAPPED))
    county.put("other/o.csv", register(1, first=99))
    county.night(MONDAY, "register")
    county.put("registers/a.csv", register(6, MAPPED))
    county.put("other/o.csv", register(2, first=99))
    read = source_versions.parse_all

    def failing(items: object, guard: object) -> object:
        for item in (wanted := list(items)):  # type: ignore[call-overload]
            if item.file.source_name == "mapped":
                raise RuntimeError("no such case")
        return read(wanted, guard)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(source_versions, "parse_all", failing)
        county.night(TUESDAY, "register")
    assert len(refs(county)) == 5 + 2
    status, landed_on, age, reason = county.states()["mapped"]
    assert (status, landed_on, age) == ("last good version", MONDAY, 1)
    assert "a fault of this program (RuntimeError in test_take_in.py" in str(reason)
    assert county.states()["other"][0] == "current"
    county.night(WEDNESDAY, "register")
    assert len(refs(county)) == 6 + 2
    assert county.findings() == []


def test_a_source_taken_out_of_the_settings_leaves_nothing_behind(on_sqlite: County) -> None:
    county = on_sqlite
    county.sources = WITH_MAPPING.replace('mapping = "mapped.toml"', "")
    county.put("registers/a.csv", b"\x00")
    county.put("other/o.csv", register(1))
    county.night(MONDAY, "register")
    county.sources = county.sources[county.sources.index('[[sources]]\nname = "other"') :]
    county.night(TUESDAY, "register")
    assert set(county.states()) == {"other"}
    assert set(county.receipts()) == {"o.csv"}
    assert county.findings() == []


def test_a_warehouse_that_was_lost_is_made_again_from_the_ledger(on_sqlite: County, tmp_path: Path) -> None:
    county = on_sqlite
    county.put("registers/a.csv", register(10))
    county.night(MONDAY, "register")
    county.put("registers/b.csv", register(1))
    county.night(TUESDAY, "register")
    shutil.rmtree(county.folder / "registers")
    (county.folder / "registers").mkdir()
    before = {table: county.warehouse.read(table) for table in ("receipt", "finding", "source_state")}
    for table in ("receipt", "reading", "finding", "source_state", "raw_register__entity_contract"):
        county.warehouse.replace(table, county.warehouse.read(table).iloc[:0])
    (taken,) = county.night(TUESDAY, "register")
    assert taken.parsed == 2
    assert refs(county) == TEN
    for table, frame in before.items():
        pd.testing.assert_frame_equal(county.warehouse.read(table), frame)
