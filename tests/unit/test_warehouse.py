"""The warehouse on real databases: what goes in comes out, whole, once, with one version everywhere."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.exceptions import SettingsError, WarehouseError, WarehouseUnavailableError
from kcc_etl.schema.fields import FieldType
from kcc_etl.schema.frames import from_rows
from kcc_etl.schema.tables import TABLES
from kcc_etl.warehouse import engine as engine_module
from kcc_etl.warehouse import migrations
from kcc_etl.warehouse.content import content_version, in_order
from kcc_etl.warehouse.engine import open_engine, read_transaction, write_transaction
from kcc_etl.warehouse.migrations import MIGRATIONS, migrate
from kcc_etl.warehouse.recent import Recent
from kcc_etl.warehouse.store import Warehouse, Where, open_warehouse

ROOT = Path(__file__).resolve().parents[2]

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
VALUES: dict[FieldType, st.SearchStrategy[object]] = {
    "text": _TEXT,
    "integer": st.integers(-(2**63), 2**63 - 1),
    "pence": st.integers(-(2**63), 2**63 - 1),
    "date": st.dates(),
    "boolean": st.booleans(),
    "exact": st.fractions(),
}


@st.composite
def frames(draw: st.DrawFn, table: str) -> pd.DataFrame:
    row = st.fixed_dictionaries({f.name: st.none() | VALUES[f.type] for f in TABLES[table].fields})
    return from_rows(draw(st.lists(row, max_size=4)), table)


def ledger(*sha256: str, landed_on: dt.date = dt.date(2026, 11, 23)) -> pd.DataFrame:
    rows = [
        {"source_sha256": sha, "sequence": number, "source_name": "register", "kind": "register",
         "source_file": f"{sha}.csv", "size_bytes": 1, "landed_on": landed_on}
        for number, sha in enumerate(sha256, 1)
    ]  # fmt: skip
    return from_rows(rows, "ledger")


def finding(sha256: str, found: str = "x", stage: str = "intake") -> dict[str, object]:
    return {
        "stage": stage,
        "source_sha256": sha256,
        "source_name": "returns",
        "source_file": sha256,
        "found": found,
    }


@pytest.fixture
def warehouse(url_with_tables: str) -> Iterator[Warehouse]:
    opened = open_warehouse(url_with_tables)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def two_warehouses(
    postgresql_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Warehouse, Warehouse]]:
    on_sqlite = open_warehouse(f"sqlite:///{tmp_path_factory.mktemp('both') / 'warehouse.sqlite3'}")
    on_postgresql = open_warehouse(postgresql_server)
    yield on_sqlite, on_postgresql
    on_postgresql.engine.dispose()
    on_sqlite.engine.dispose()


def stored(warehouse: Warehouse, table: str, where: Where | None = None) -> pd.DataFrame:
    """What the database holds, whatever a warehouse has kept of it."""
    return Warehouse(warehouse.engine).read(table, where)


class TestContent:
    @pytest.mark.parametrize("table", [name for name in TABLES if name != "table_version"])
    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_what_is_written_is_read_back_with_one_version_on_both_databases(
        self, two_warehouses: tuple[Warehouse, Warehouse], table: str, data: st.DataObject
    ) -> None:
        frame = data.draw(frames(table))
        shuffled = frame.iloc[::-1].reset_index(drop=True)
        on_sqlite, on_postgresql = two_warehouses
        version = on_sqlite.replace(table, frame)
        assert on_postgresql.replace(table, shuffled) == version
        expected = in_order(frame, table)
        for each in two_warehouses:
            pd.testing.assert_frame_equal(each.read(table), expected)
            pd.testing.assert_frame_equal(stored(each, table), expected)
            assert each.refresh_version(table) == each.version(table) == version

    def test_a_table_changed_by_other_means_is_told_from_one_that_was_not(self, warehouse: Warehouse) -> None:
        warehouse.replace("ledger", ledger("a", "b"))
        assert warehouse.altered(["ledger"]) == ()
        with warehouse.engine.begin() as connection:
            connection.execute(sa.text("update ledger set size_bytes = 2 where source_sha256 = 'b'"))
        assert warehouse.altered(["ledger"]) == ("ledger",)

    def test_the_version_is_the_same_in_every_process_and_time_zone(self) -> None:
        program = (
            "import datetime as dt\n"
            "from fractions import Fraction\n"
            "from kcc_etl.schema.frames import from_rows\n"
            "from kcc_etl.warehouse.content import content_version\n"
            "rows = [{'contract_ref': 'C1', 'claimed': Fraction(60, 11),"
            " 'received_on': dt.date(2026, 10, 25), 'is_nil': False, 'source_row': 13},"
            " {'contract_ref': 'é'}]\n"
            "print(content_version(from_rows(rows, 'raw_returns__event_claim'), 'raw_returns__event_claim'))"
        )
        versions = {
            subprocess.run(
                [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True,
                env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            ).stdout
            for seed, zone in [("1", "Pacific/Auckland"), ("2", "America/Los_Angeles")]
        }  # fmt: skip
        rows = [
            {"contract_ref": "é"},
            {"contract_ref": "C1", "claimed": Fraction(60, 11), "received_on": dt.date(2026, 10, 25),
             "is_nil": False, "source_row": 13},
        ]  # fmt: skip
        assert versions == {content_version(from_rows(rows, keys.RAW_CLAIM), keys.RAW_CLAIM) + "\n"}

    @pytest.mark.parametrize(
        "change",
        [
            {"claimed": Fraction(2)},
            {"claimed": None},
            {"source_sheet": None},
            {"is_nil": False},
            {"source_row": 14},
            {"received_on": dt.date(2026, 10, 6)},
        ],
        ids=str,
    )  # fmt: skip
    def test_every_change_of_a_cell_is_a_change_of_version(self, change: dict[str, object]) -> None:
        row = {
            "claimed": Fraction(1),
            "source_sheet": "",
            "is_nil": True,
            "source_row": 13,
            "received_on": dt.date(2026, 10, 5),
        }
        before, after = (from_rows([r], keys.RAW_CLAIM) for r in (row, {**row, **change}))
        assert content_version(before, keys.RAW_CLAIM) != content_version(after, keys.RAW_CLAIM)

    def test_a_repeated_row_is_a_change_of_version(self) -> None:
        assert content_version(ledger("a"), "ledger") != content_version(
            pd.concat([ledger("a")] * 2), "ledger"
        )

    def test_rows_stand_in_the_order_of_the_key_with_numbers_as_numbers(self, warehouse: Warehouse) -> None:
        rows = [{"source_sha256": "a", "source_row": n} for n in (10, 9, 2)]
        warehouse.replace(keys.RAW_CLAIM, from_rows(rows, keys.RAW_CLAIM))
        assert stored(warehouse, keys.RAW_CLAIM)["source_row"].tolist() == [2, 9, 10]

    def test_a_nul_character_becomes_the_replacement_character_and_stops_nothing(
        self, warehouse: Warehouse
    ) -> None:
        version = warehouse.replace("finding", from_rows([finding("a", found="x\x00y")], "finding"))
        assert stored(warehouse, "finding")["found"].tolist() == ["x\ufffdy"]
        assert version == content_version(from_rows([finding("a", found="x\ufffdy")], "finding"), "finding")

    @pytest.mark.parametrize(
        "text", ["'; DROP TABLE ledger; --", "%s %(x)s :x ?", "\\N\t\r\n", "🦊 İ ß", " "]
    )
    def test_awkward_text_is_only_text(self, warehouse: Warehouse, text: str) -> None:
        warehouse.replace("finding", from_rows([finding(text, found=text)], "finding"))
        assert stored(warehouse, "finding", {"source_sha256": text})["found"].tolist() == [text]


class TestWrites:
    def test_a_table_never_written_is_empty_and_has_no_version(self, warehouse: Warehouse) -> None:
        assert warehouse.read("ledger").empty
        assert warehouse.versions(["ledger", "finding"]) == {"ledger": "", "finding": ""}

    def test_an_empty_table_that_was_written_has_a_version(self, warehouse: Warehouse) -> None:
        assert warehouse.replace("ledger", ledger()) == warehouse.version("ledger") != ""

    def test_replacing_a_part_gives_the_version_of_the_whole(self, warehouse: Warehouse) -> None:
        rows = [finding("a"), finding("b"), finding("b", stage="core"), finding("c")]
        whole = warehouse.replace("finding", from_rows(rows, "finding"))
        changed = from_rows([finding("b", found="new")], "finding")
        assert (
            warehouse.replace_where("finding", changed, {"stage": "intake", "source_sha256": ["b", "c"]})
            != whole
        )
        assert warehouse.read("finding")[["source_sha256", "found"]].to_numpy().tolist() == [
            ["b", "x"],
            ["a", "x"],
            ["b", "new"],
        ]
        back = from_rows([finding("b"), finding("c")], "finding")
        assert (
            warehouse.replace_where("finding", back, {"stage": "intake", "source_sha256": ("b", "c")})
            == whole
        )

    def test_rows_are_read_by_value_list_missing_and_date(self, warehouse: Warehouse) -> None:
        rows = ledger("a", "b", "c")
        rows.loc[1, "kind"] = None
        warehouse.replace("ledger", rows)
        assert warehouse.read("ledger", {"source_sha256": ["a", "c"]})["sequence"].tolist() == [1, 3]
        assert warehouse.read("ledger", {"kind": None})["sequence"].tolist() == [2]
        assert len(warehouse.read("ledger", {"landed_on": pd.Timestamp(2026, 11, 23)})) == 3
        assert warehouse.read("ledger", {"landed_on": dt.date(2026, 11, 24)}).empty
        assert warehouse.read("ledger", {"source_sha256": []}).empty

    def test_the_version_book_counts_the_rows(self, warehouse: Warehouse) -> None:
        warehouse.replace("ledger", ledger("a", "b"))
        book = warehouse.read("table_version")[["table_name", "table_version", "row_count"]]
        assert book.to_numpy().tolist() == [["ledger", warehouse.version("ledger"), 2]]

    def test_the_version_book_keeps_the_quarter_of_a_table_that_holds_one_at_a_time(
        self, warehouse: Warehouse
    ) -> None:
        warehouse.replace("ledger", ledger(), "2026-27-Q2")
        warehouse.replace("finding", warehouse.read("finding"))
        assert warehouse.periods(["ledger", "finding"]) == {"ledger": "2026-27-Q2", "finding": ""}

    def test_the_version_book_keeps_the_basis_a_table_was_made_on_until_it_is_written_otherwise(
        self, warehouse: Warehouse
    ) -> None:
        def booked() -> dict[str, str]:
            return warehouse.bases(["ledger", "finding"])

        assert booked() == {}
        for write in (
            lambda: warehouse.replace("ledger", ledger("a")),
            lambda: warehouse.replace_where("ledger", ledger("a"), {"source_sha256": "a"}),
            lambda: warehouse.add("ledger", ledger("b")),
        ):
            warehouse.replace("ledger", ledger("a"), basis="of today")
            assert booked() == {"ledger": "of today"}
            with warehouse.transaction():
                write()
                assert booked() == {"ledger": ""}
            assert booked() == {"ledger": ""}

    def test_only_rows_with_a_new_key_are_added(self, warehouse: Warehouse) -> None:
        warehouse.add("ledger", ledger("a"))
        version = warehouse.add("ledger", ledger("a", "b"))
        assert warehouse.read("ledger")["source_sha256"].tolist() == ["a", "b"]
        assert version == warehouse.version("ledger") == content_version(ledger("a", "b"), "ledger")

    def test_several_writes_commit_together_or_not_at_all(self, warehouse: Warehouse) -> None:
        before = warehouse.replace("ledger", ledger("a"))
        with pytest.raises(ZeroDivisionError), warehouse.transaction():  # noqa: PT012
            warehouse.replace("ledger", ledger("a", "b"))
            warehouse.replace("finding", from_rows([finding("a")], "finding"))
            assert len(warehouse.read("ledger")) == 2
            raise ZeroDivisionError
        assert warehouse.versions(["ledger", "finding"]) == {"ledger": before, "finding": ""}
        assert len(warehouse.read("ledger")) == 1

    def test_a_write_that_fails_inside_a_transaction_leaves_nothing_of_itself(
        self, warehouse: Warehouse
    ) -> None:
        before = warehouse.replace("ledger", ledger("a"))
        with warehouse.transaction():
            with pytest.raises(ZeroDivisionError), warehouse.transaction():  # noqa: PT012
                warehouse.replace("ledger", ledger())
                raise ZeroDivisionError
            warehouse.replace("finding", from_rows([finding("a")], "finding"))
        assert warehouse.version("ledger") == before
        assert len(warehouse.read("ledger")) == len(warehouse.read("finding")) == 1

    def test_readers_see_the_state_before_an_open_transaction_and_do_not_wait(
        self, warehouse: Warehouse
    ) -> None:
        warehouse.replace("ledger", ledger("a"))
        other = Warehouse(open_engine(warehouse.engine.url.render_as_string(hide_password=False)))
        with warehouse.transaction():
            warehouse.replace("ledger", ledger("a", "b"))
            assert len(other.read("ledger")) == 1
        assert len(other.read("ledger")) == 2
        other.engine.dispose()


class TestFramesKept:
    def test_what_another_process_commits_is_seen_at_the_next_read(self, warehouse: Warehouse) -> None:
        warehouse.replace("ledger", ledger("a"))
        assert len(warehouse.read("ledger")) == 1
        Warehouse(warehouse.engine).add("ledger", ledger("a", "b"))
        assert warehouse.read("ledger")["source_sha256"].tolist() == ["a", "b"]
        assert warehouse.read("ledger", {"source_sha256": "b"})["sequence"].tolist() == [2]

    def test_an_unchanged_table_is_read_once(self, warehouse: Warehouse) -> None:
        Warehouse(warehouse.engine).replace("ledger", ledger("a", "b"))
        asked: list[str] = []
        sa.event.listen(warehouse.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        for _ in range(3):
            warehouse.read("ledger")
            warehouse.read("ledger", {"source_sha256": ["a"], "kind": "register"})
            warehouse.read("ledger", {"kind": "register", "source_sha256": {"a"}})
        assert len([statement for statement in asked if "FROM ledger" in statement]) == 2

    def test_a_version_and_its_rows_are_of_one_moment(
        self, warehouse: Warehouse, url_with_tables: str
    ) -> None:
        warehouse.replace("ledger", ledger("a"))
        reader, other, done = Warehouse(warehouse.engine), Warehouse(open_engine(url_with_tables)), []

        def meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if "FROM ledger" in statement and not done:
                done.append(other.replace("ledger", ledger("a", "b")))

        sa.event.listen(warehouse.engine, "before_cursor_execute", meanwhile)
        assert [len(reader.read("ledger")) for _ in range(2)] == [1, 2]
        assert len(done) == 1
        other.engine.dispose()

    def test_a_change_of_a_frame_that_was_handed_out_or_in_changes_nothing_here(
        self, warehouse: Warehouse
    ) -> None:
        given = ledger("a")
        warehouse.replace("ledger", given)
        given.loc[0, "source_file"] = "changed"
        for _ in range(2):
            out = warehouse.read("ledger")
            assert out["source_file"].tolist() == ["a.csv"]
            out.loc[0, "source_file"] = "changed"
            out["kind"] = "changed"

    def test_a_table_written_in_the_open_transaction_is_read_from_the_database(
        self, warehouse: Warehouse
    ) -> None:
        rows = from_rows([finding("a")], "finding")
        warehouse.replace("finding", rows)
        assert len(warehouse.read("finding")) == 1
        with warehouse.transaction():
            warehouse.load_file(where("b"), {"finding": from_rows([finding("b")], "finding")})
            assert len(warehouse.read("finding")) == 2
            warehouse.load_file(where("a"), {"finding": from_rows([], "finding")})
            assert warehouse.read("finding")["source_sha256"].tolist() == ["b"]

    def test_a_version_taken_in_a_part_that_is_undone_is_taken_again(self, warehouse: Warehouse) -> None:
        with warehouse.transaction():
            warehouse.load_file(where("a"), {"finding": from_rows([finding("a")], "finding")})
            with pytest.raises(ZeroDivisionError), warehouse.transaction():  # noqa: PT012
                warehouse.replace("finding", from_rows([], "finding"))
                raise ZeroDivisionError
            assert len(warehouse.read("finding")) == 1
        assert warehouse.version("finding") == content_version(stored(warehouse, "finding"), "finding")

    def test_the_frames_used_last_stay_while_there_is_room(self) -> None:
        frame = ledger("a")
        room = Recent(limit=2 * int(frame.memory_usage().sum()))
        for key in ("1", "2"):
            room.keep((key,), frame)
        assert room.get(("1",)) is not None
        room.keep(("3",), frame)
        assert [room.get((key,)) is not None for key in "123"] == [True, False, True]
        room.keep(("4",), ledger(*"abcdefghijklmnopqrstuvwxyz" * 3))
        assert [room.get((key,)) is not None for key in "134"] == [True, True, False]


def where(sha256: str) -> dict[str, object]:
    return {"source_sha256": sha256, "source_name": "returns", "source_file": sha256}


class TestFiles:
    def test_a_file_loaded_again_takes_the_place_of_itself_only(self, warehouse: Warehouse) -> None:
        for found in ("first", "second"):
            warehouse.load_files(
                (where(sha), {"finding": from_rows([finding(sha, found)] * 2, "finding")}) for sha in "ab"
            )
        warehouse.load_file(where("b"), {"finding": from_rows([finding("b", "third")], "finding")})
        read = warehouse.read("finding")
        assert sorted(zip(read["source_sha256"], read["found"], strict=True)) == [
            ("a", "second"),
            ("a", "second"),
            ("b", "third"),
        ]
        assert warehouse.version("finding") == content_version(read, "finding")

    def test_a_file_given_twice_at_once_counts_as_given_last(self, warehouse: Warehouse) -> None:
        warehouse.load_files(
            (where("a"), {"finding": from_rows([finding("a", found)], "finding")}) for found in "xy"
        )
        assert warehouse.read("finding")["found"].tolist() == ["y"]

    def test_a_file_that_gives_nothing_now_takes_away_what_it_gave(self, warehouse: Warehouse) -> None:
        warehouse.load_file(where("a"), {"finding": from_rows([finding("a")], "finding")})
        warehouse.load_file(where("a"), {"finding": from_rows([], "finding")})
        assert warehouse.read("finding").empty
        assert warehouse.version("finding") == content_version(from_rows([], "finding"), "finding")

    def test_no_files_are_nothing(self, warehouse: Warehouse) -> None:
        warehouse.load_files([])
        assert warehouse.read("table_version").empty

    def test_inside_a_transaction_the_version_asked_for_is_true(self, warehouse: Warehouse) -> None:
        with warehouse.transaction():
            frame = from_rows([finding("a")], "finding")
            warehouse.load_file(where("a"), {"finding": frame})
            assert warehouse.version("finding") == content_version(frame, "finding")

    def test_pence_next_to_an_all_missing_column_stay_exact(self, warehouse: Warehouse) -> None:
        pence = 2**53 + 1
        rows = {
            sha: {**where(sha), "amount_pence": amount}
            for sha, amount in {"a": pence, "b": float("nan")}.items()
        }
        plain = {
            sha: pd.DataFrame([row], columns=list(TABLES["set_aside"].columns)) for sha, row in rows.items()
        }
        warehouse.load_files((where(sha), {"set_aside": frame}) for sha, frame in plain.items())
        assert stored(warehouse, "set_aside", {"source_sha256": "a"})["amount_pence"].tolist() == [pence]


class TestMigrations:
    def test_migrating_twice_does_nothing_the_second_time(self, warehouse_url: str) -> None:
        engine = open_engine(warehouse_url)
        assert migrate(engine) == [name for name, _ in MIGRATIONS]
        assert migrate(engine) == []
        engine.dispose()

    def test_a_warehouse_of_the_first_version_keeps_its_ledger_and_nothing_derived(
        self, warehouse: Warehouse
    ) -> None:
        line = {"source_sha256": "a" * 64, "sequence": 1, "source_name": "returns", "source_file": "a.xlsx"}
        warehouse.add("ledger", from_rows([line], "ledger"))
        warehouse.add("receipt", from_rows([{"source_sha256": "a" * 64, "kind": "returns"}], "receipt"))
        with write_transaction(warehouse.engine) as connection:
            connection.execute(sa.text("DELETE FROM migration WHERE name <> '0001-create-tables'"))
            connection.execute(sa.text("ALTER TABLE receipt ADD COLUMN of_another_version TEXT"))
            connection.execute(sa.text("DROP TABLE finding"))
        assert migrate(warehouse.engine) == [name for name, _ in MIGRATIONS[1:]]
        assert warehouse.read("ledger")["source_file"].tolist() == ["a.xlsx"]
        assert warehouse.read("receipt").empty

    def test_a_warehouse_of_a_newer_version_is_refused(self, warehouse: Warehouse) -> None:
        with write_transaction(warehouse.engine) as connection:
            connection.execute(sa.text("INSERT INTO migration VALUES ('0999-tomorrow', 2)"))
        with pytest.raises(WarehouseError, match=r"newer version of this program \(it knows 0999-tomorrow\)"):
            migrate(warehouse.engine)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("ALTER TABLE ledger ADD COLUMN extra TEXT", "ledger has a column extra too many"),
            ("ALTER TABLE ledger DROP COLUMN size_bytes", "ledger has no column size_bytes"),
            ("DROP TABLE ledger", "table ledger is missing"),
            (
                "ALTER TABLE ledger RENAME COLUMN kind TO sort",
                "ledger has no column kind; ledger has a column sort",
            ),
        ],
    )
    def test_a_table_that_disagrees_with_the_dictionary_is_refused(
        self, warehouse: Warehouse, change: str, said: str
    ) -> None:
        with write_transaction(warehouse.engine) as connection:
            connection.execute(sa.text(change))
        with pytest.raises(WarehouseError, match=said):
            migrate(warehouse.engine)

    def test_a_column_of_another_type_is_refused(self, postgresql_url: str) -> None:
        warehouse = open_warehouse(postgresql_url)
        with write_transaction(warehouse.engine) as connection:
            connection.execute(sa.text("ALTER TABLE ledger ALTER COLUMN size_bytes TYPE double precision"))
        with pytest.raises(WarehouseError, match=r"ledger\.size_bytes is DOUBLE PRECISION, not BIGINT"):
            migrate(warehouse.engine)
        warehouse.engine.dispose()

    def test_a_migration_that_fails_leaves_the_database_as_it_was(
        self, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(connection: sa.Connection) -> None:
            connection.execute(sa.text("CREATE TABLE half (a TEXT)"))
            connection.execute(sa.text("INSERT INTO nowhere VALUES (1)"))

        monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, ("9999-broken", broken)))
        with pytest.raises(WarehouseError, match="nowhere"):
            migrate(warehouse.engine)
        monkeypatch.undo()
        assert migrate(warehouse.engine) == []
        with read_transaction(warehouse.engine) as connection:
            assert not sa.inspect(connection).has_table("half")

    def test_other_tables_in_the_same_database_are_left_alone(self, warehouse: Warehouse) -> None:
        with write_transaction(warehouse.engine) as connection:
            connection.execute(sa.text("CREATE TABLE somebody_elses (a TEXT)"))
        assert migrate(warehouse.engine) == []


class TestOpening:
    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("", "not a database URL"),
            ("warehouse.sqlite3", "not a database URL"),
            ("mysql://u:secret@h/d", "asks for mysql"),
            ("oracel://u:secret@h/d", "asks for oracel"),
            ("postgresql+psycopg2://u:secret@h/d", r"asks for postgresql\+psycopg2"),
            ("postgresql://u:secret@h:port/d", "not a database URL"),
            ("sqlite://", "names no file"),
            ("sqlite:///:memory:", "names no file"),
            ("sqlite:////proc/nowhere/w.sqlite3", "its folder cannot be made"),
            ("sqlite:////tmp", "it is a folder"),
        ],
    )
    def test_a_url_that_cannot_be_used_is_a_setting_to_correct(self, url: str, said: str) -> None:
        with pytest.raises(SettingsError, match=said) as raised:
            open_engine(url)
        assert raised.value.expected
        assert raised.value.remedy
        assert "secret" not in str(raised.value)

    def test_a_file_that_is_no_database_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "register.csv"
        path.write_text("contract_ref\n" * 200)
        with pytest.raises(WarehouseError, match="file is not a database") as raised:
            open_engine(f"sqlite:///{path}")
        assert "Traceback" not in str(raised.value)
        assert path.read_text() == "contract_ref\n" * 200

    def test_a_server_that_does_not_answer_may_be_tried_again(self, tmp_path: Path) -> None:
        with pytest.raises(WarehouseUnavailableError, match="kcc on") as raised:
            open_engine(f"postgres://u:secret@/kcc?host={tmp_path}")
        assert raised.value.retryable
        assert "secret" not in str(raised.value)

    def test_a_database_that_cannot_hold_every_letter_is_refused(self, postgresql_server: str) -> None:
        engine = sa.create_engine(postgresql_server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(
                sa.text(
                    "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
                )
            )
        with pytest.raises(WarehouseError, match="encoded in LATIN1"):
            open_engine(sa.make_url(postgresql_server).set(database="latin").render_as_string())

    def test_a_bare_postgresql_url_means_psycopg_3(self, postgresql_url: str) -> None:
        engine = open_engine(postgresql_url.replace("postgresql+psycopg://", "postgres://"))
        assert engine.url.drivername == "postgresql+psycopg"
        engine.dispose()

    def test_a_sqlite_warehouse_has_the_measured_settings(self, sqlite_url: str) -> None:
        with read_transaction(open_engine(sqlite_url)) as connection:
            found = {
                name: connection.execute(sa.text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        assert found == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 60_000}

    def test_a_writer_that_holds_on_too_long_is_named_as_a_thing_to_try_again(
        self, warehouse_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine_module, "BUSY_SECONDS", 1)
        one, two = open_warehouse(warehouse_url), Warehouse(open_engine(warehouse_url))
        with one.transaction(), pytest.raises(WarehouseUnavailableError):
            two.replace("ledger", ledger("a"))
        two.replace("ledger", ledger("a"))
        one.engine.dispose()
        two.engine.dispose()


WRITER = """
import sys
from kcc_etl.schema.frames import from_rows
from kcc_etl.warehouse.store import open_warehouse

url, name, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
warehouse = open_warehouse(url)
print("open", flush=True)
for number in range(rounds):
    rows = [{"stage": name, "source_sha256": f"{name}-{number}", "source_row": i} for i in range(300)]
    frame = from_rows(rows, "finding")
    with warehouse.transaction():
        warehouse.replace("finding", frame)
        warehouse.replace("verdict", from_rows([{"rule_id": f"{name}-{number}"}], "verdict"))
    seen = {"source_sha256": f"{name}-{number}", "source_name": name, "source_file": str(number)}
    warehouse.add("ledger", from_rows([{"sequence": number + 1000 * (name == "one")}], "ledger"))
    warehouse.load_file(seen, {"receipt": from_rows([seen], "receipt")})
"""


def start_writer(url: str, name: str, rounds: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, name, str(rounds)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def assert_one_writers_work(warehouse: Warehouse) -> None:
    """All 300 rows of one round of one writer, with its verdict and the true versions."""
    with warehouse.transaction():
        rows, verdicts = warehouse.read("finding"), warehouse.read("verdict")
        recorded = warehouse.versions(["finding", "verdict"])
    assert sorted(set(rows["source_sha256"])) == verdicts["rule_id"].tolist()
    assert rows["source_row"].tolist() in ([], list(range(300)))
    if len(rows):
        assert recorded == {
            "finding": content_version(rows, "finding"),
            "verdict": content_version(verdicts, "verdict"),
        }


class TestProcesses:
    def test_two_processes_writing_at_once_neither_lose_nor_mix_rows(self, warehouse_url: str) -> None:
        writers = [start_writer(warehouse_url, name, 12) for name in ("one", "two")]
        assert [writer.wait(timeout=600) for writer in writers] == [0, 0]
        warehouse = open_warehouse(warehouse_url)
        assert len(warehouse.read("receipt")) == len(warehouse.read("ledger")) == 24
        assert_one_writers_work(warehouse)
        warehouse.engine.dispose()
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.close()

    @pytest.mark.parametrize("delay", [0.0, 0.03, 0.11, 0.24])
    def test_a_writer_killed_at_any_moment_leaves_the_old_or_the_new(
        self, warehouse: Warehouse, delay: float
    ) -> None:
        url = warehouse.engine.url.render_as_string(hide_password=False)
        writer = start_writer(url, "killed", 10_000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        assert writer.wait() == -signal.SIGKILL
        writer.stdout.close()
        assert_one_writers_work(warehouse)
        assert warehouse.replace("receipt", from_rows([], "receipt")) == warehouse.version("receipt")

    def test_sqlite_says_the_file_is_whole_after_a_kill(self, sqlite_url: str, tmp_path: Path) -> None:
        writer = start_writer(sqlite_url, "killed", 10_000)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.2)
        writer.kill()
        writer.wait()
        writer.stdout.close()
        with sqlite3.connect(tmp_path / "data" / "warehouse.sqlite3") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
