"""Feeds that are one file at an address, or one SELECT to a database: whole and as asked, or the last one stays."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.intake.feeds import query
from kcc_etl.intake.feeds.download import file_name
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.feeds.query import cell
from kcc_etl.intake.feeds.statement import statement_fault
from tests.feeds.platform import Platform, altered, hang_up, serving, status
from tests.feeds.support import TUESDAY, Nights, rules
from tests.feeds.test_faults import LOGIN

CSV = b"Payment reference,Amount\r\nP1,10.00\r\n"


def workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
    return buffer.getvalue()


class TestOneFileAtAnAddress:
    @pytest.fixture
    def site(self) -> Iterator[Platform]:
        with serving(Platform(pages={"/spend/august%202026.csv": CSV, "/spend/new.csv": CSV})) as running:
            yield running

    @pytest.fixture
    def nights(self, tmp_path: Path, site: Platform) -> Nights:
        return Nights(tmp_path, Feed("spend", "payments", "url", site.url + "/spend/august%202026.csv"))

    def test_lands_whole_under_its_own_name_and_only_when_it_is_new(self, site, nights) -> None:
        (file,) = nights.run().new
        assert (file.file_name, file.kind, file.path.read_bytes()) == ("august 2026.csv", "payments", CSV)
        assert nights.run().new == []
        site.pages["/spend/august%202026.csv"] = CSV + b"P2,1.00\r\n"
        assert [file.sequence for file in nights.run().new] == [2]

    @pytest.mark.parametrize(
        ("name", "kind", "fault", "rule"),
        [
            ("new.csv", "payments", altered(lambda body: LOGIN), "FD-002"),
            ("new.csv", "payments", altered(lambda body: b"\xef\xbb\xbf\r\n <HTML><body>"), "FD-002"),
            ("new.csv", "payments", altered(lambda body: b""), "FD-003"),
            ("new.csv", "payments", altered(lambda body: b" \r\n"), "FD-003"),
            ("new.csv", "payments", hang_up, "FD-001"),
            ("new.csv", "payments", status(404, LOGIN), "FD-001"),
            ("new.csv", "payments", status(503), "FD-001"),
            ("new.csv", "payments", status(302, location="https://login.example/"), "FD-002"),
            ("new.csv", "payments", status(302, location="http://127.0.0.1:0:0/"), "FD-001"),
            ("new.xlsx", "payments", altered(lambda body: CSV), "FD-002"),
            ("new.json", "notices", altered(lambda body: b'{"releases": [{"id": 1}'), "FD-002"),
            ("new.json", "notices", altered(lambda body: b'{"releases": []}'), "FD-003"),
            ("new.json", "notices", altered(lambda body: b"[]"), "FD-002"),
        ],
    )
    def test_that_is_something_else_lands_as_a_response_only(
        self, name, kind, fault, rule, site, nights
    ) -> None:
        nights.run()
        nights.feed = replace(nights.feed, address=f"{site.url}/spend/{name}", kind=kind)
        site.pages[f"/spend/{name}"] = CSV
        site.fail(fault)

        fetched = nights.run(TUESDAY + timedelta(days=2))

        assert rules(fetched) == [rule]
        assert {file.kind for file in fetched.new} <= {"response"}
        if kind == "payments":
            assert "on 2026-08-11 (2 days ago), stays in use" in fetched.findings[0].remedy

    def test_a_workbook_and_a_package_land_as_they_are(self, site: Platform, nights: Nights) -> None:
        package = json.dumps({"releases": [{"ocid": "o", "id": "1"}]}).encode()
        for name, kind, body in (("r.xlsx", "register", workbook()), ("n.json", "notices", package)):
            site.pages[f"/spend/{name}"] = body
            nights.feed = replace(nights.feed, address=f"{site.url}/spend/{name}", kind=kind)
            assert nights.run().new[0].path.read_bytes() == body

    def test_a_key_stays_in_the_environment(self, site, nights, monkeypatch) -> None:
        nights.feed = replace(nights.feed, address=site.url + "/spend/new.csv?key=${SPEND_KEY}")
        monkeypatch.delenv("SPEND_KEY", raising=False)
        assert nights.run().findings[0].found == "the environment variable SPEND_KEY is not set"
        monkeypatch.setenv("SPEND_KEY", "open&sesame")
        site.fail(status(500))
        assert "sesame" not in str(nights.run())
        site.mend()
        assert nights.run().new[0].file_name == "new.csv"
        assert site.asked[-1] == {"key": "open&sesame"}
        assert nights.feed.shown == site.url + "/spend/new.csv"

    @pytest.mark.parametrize(
        ("address", "name"),
        [
            ("https://a.example/x/y.csv?id=3", "y.csv"),
            ("https://a.example/", "spend"),
            ("https://a.example", "spend"),
            ("https://a.example/%2e%2e/%2e%2e", "spend"),
            ("https://a.example/a%2F..%2Fb.csv", "b.csv"),
            ("https://a.example/a%00b%0a.csv", "ab.csv"),
            ("https://a.example/" + "n" * 300 + ".csv", "n" * 116 + ".csv"),
        ],
    )
    def test_its_name_is_plain(self, address: str, name: str) -> None:
        assert file_name(address, "spend") == name


class TestOneSelect:
    ROWS = 3

    @pytest.fixture(params=["sqlite", "postgresql"])
    def database(self, request: pytest.FixtureRequest, tmp_path: Path) -> str:
        url = (
            f"sqlite:///{tmp_path / 'erp.db'}"
            if request.param == "sqlite"
            else request.getfixturevalue("postgresql_url")
        )
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE spend (ref text, paid_on date, amount numeric(12,2), note text)"
            )
            for number in range(1, self.ROWS + 1):
                connection.exec_driver_sql(
                    f"INSERT INTO spend VALUES ('00{number}', '2026-08-0{number}', {number}.5, NULL)"
                )
            connection.exec_driver_sql("UPDATE spend SET note = 'a \"b\", ünd; ' || ref WHERE ref = '002'")
        engine.dispose()
        return url

    @pytest.fixture
    def nights(self, tmp_path: Path, database: str) -> Nights:
        question = "SELECT ref AS \"Payment reference\", paid_on, amount, note FROM spend WHERE ref LIKE '0%' ORDER BY ref;"
        return Nights(tmp_path, Feed("erp", "payments", "sql", database, question))

    def test_lands_as_csv_with_the_same_bytes_for_the_same_rows(self, nights: Nights, database: str) -> None:
        (file,) = nights.run().new
        lines = file.path.read_bytes().decode().split("\r\n")
        assert (file.file_name, file.kind) == ("erp.csv", "payments")
        assert lines[0] == "Payment reference,paid_on,amount,note"
        amounts = ("1.5", "2.5") if database.startswith("sqlite") else ("1.50", "2.50")
        assert lines[1:3] == [
            f"001,2026-08-01,{amounts[0]},",
            f'002,2026-08-02,{amounts[1]},"a ""b"", ünd; 002"',
        ]
        assert lines[4:] == [""]
        assert nights.run().new == []

    def test_without_a_row_does_not_empty_anything(self, nights: Nights) -> None:
        nights.run()
        nights.feed = replace(nights.feed, query="SELECT * FROM spend WHERE ref = 'x'")
        fetched = nights.run(TUESDAY + timedelta(days=1))
        assert rules(fetched) == ["FD-003"]
        assert [file.kind for file in fetched.new] == ["response"]
        assert "(1 day ago), stays in use" in fetched.findings[0].remedy

    @pytest.mark.parametrize(
        ("question", "found"),
        [
            ("SELECT * FROM spent", "spent"),
            ("SELECT refs FROM spend", "refs"),
            ("SELEC 1", "the query is no SELECT"),
            ("DELETE FROM spend", "the query is no SELECT"),
            ("SELECT 1; DELETE FROM spend", "more than one statement"),
            ("WITH gone AS (DELETE FROM spend RETURNING ref) SELECT * FROM gone", "DELETE"),
        ],
    )
    def test_that_is_wrong_is_told_in_a_sentence_and_changes_nothing(
        self, question: str, found: str, nights: Nights, database: str
    ) -> None:
        nights.feed = replace(nights.feed, query=question)
        (finding,) = nights.run().findings
        assert finding.rule_id == "FD-001"
        assert found in finding.found
        assert "Traceback" not in finding.found
        engine = sa.create_engine(database)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM spend").scalar_one() == self.ROWS
        engine.dispose()

    def test_is_held_to_reading_by_the_database_itself(
        self, nights: Nights, database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(query, "statement_fault", lambda text: "")
        writing = "DELETE FROM spend RETURNING ref"
        if database.startswith("postgresql"):
            engine = sa.create_engine(database)
            with engine.begin() as connection:
                connection.exec_driver_sql("CREATE SEQUENCE numbers")
            engine.dispose()
            writing = "SELECT nextval('numbers')"
        nights.feed = replace(nights.feed, query=writing)
        assert re.search("read-?only", nights.run().findings[0].found)

    def test_longer_than_intake_reads_does_not_land(self, nights: Nights, monkeypatch) -> None:
        monkeypatch.setattr(query, "CSV_BYTES", 50)
        fetched = nights.run()
        assert (rules(fetched), fetched.new) == (["FD-002"], [])

    def test_the_same_connection_is_not_left_behind(
        self, nights: Nights, database: str, tmp_path: Path
    ) -> None:
        nights.run()
        if database.startswith("sqlite"):
            assert sorted(path.name for path in tmp_path.glob("erp.db*")) == ["erp.db"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("sqlite:////nowhere/at/all.db", "unable to open database file"),
        ("postgresql://reader:${ERP_PASSWORD}@127.0.0.1:9/erp", "connection failed"),
        (
            "postgresql://reader:${NOT_SET_ANYWHERE}@127.0.0.1:9/erp",
            "the environment variable NOT_SET_ANYWHERE is not set",
        ),
        ("mssql+pyodbc://reader@host/db", "the database address is none that this machine can use"),
        ("nonsense", "the database address is none that this machine can use"),
    ],
)
def test_a_database_out_of_reach_is_told_in_a_sentence(
    address: str, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERP_PASSWORD", "xyzzy")
    fetched = Nights(tmp_path, Feed("erp", "payments", "sql", address, "SELECT 1 AS one")).run()
    assert rules(fetched) == ["FD-001"]
    assert found in fetched.findings[0].found
    assert "xyzzy" not in str(fetched)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "Yes"),
        (False, "No"),
        (7, "7"),
        (1e22, "10000000000000000000000"),
        (0.1, "0.1"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-12.50"), "-12.50"),
        (date(2026, 8, 10), "2026-08-10"),
        (datetime(2026, 8, 10), "2026-08-10"),
        (datetime(2026, 8, 10, 9, 30), "2026-08-10T09:30:00"),
        (datetime(2026, 8, 10, tzinfo=UTC), "2026-08-10T00:00:00+00:00"),
        (time(9, 30), "09:30:00"),
        (b"\x00\xff", "00ff"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("=1+1", "=1+1"),
    ],
)  # fmt: skip
def test_a_value_of_a_database_as_a_cell(value: object, text: str) -> None:
    assert cell(value) == text


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00")), st.integers()
            ),
            min_size=2,
            max_size=2,
        ),
        max_size=8,
    )
)
def test_the_csv_says_what_the_rows_said(rows: list[list[object]]) -> None:
    count, content = query._csv(["a", "b"], iter([rows]))
    back = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, skip_blank_lines=False)
    assert count == len(rows)
    assert back.to_numpy().tolist() == [[cell(value) for value in row] for row in rows]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("SELECT 1", ""),
        ("  select a, 'x; delete' from t -- ; drop\n order by a ; ", ""),
        ("WITH a AS (SELECT 1) SELECT * FROM a", ""),
        ("/* drop */ SELECT \"delete\", [update], `into` FROM t", ""),
        ("SELECT replace(a, 'b', 'c') FROM t", ""),
        ("", "the query is no SELECT"),
        ("EXEC p", "the query is no SELECT"),
        ("SELECT 1; SELECT 2", "the query is more than one statement"),
        ("SELECT * INTO copy FROM t", "the query holds the word INTO, so it may write"),
        ("WITH a AS (UPDATE t SET b = 1 RETURNING b) SELECT * FROM a", "the query holds the word UPDATE, so it may write"),
    ],
)  # fmt: skip
def test_one_select_and_nothing_else(statement: str, fault: str) -> None:
    assert statement_fault(statement) == fault
