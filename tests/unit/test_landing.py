"""Landing: whatever happens in the inbox, what is kept is whole, named by its bytes, in the ledger once."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from kcc_etl.domain.findings import Finding, findings_frame
from kcc_etl.exceptions import SettingsError, WarehouseUnavailableError
from kcc_etl.intake.landing import copies
from kcc_etl.intake.landing.atomic import write_atomically
from kcc_etl.intake.landing.landing import (
    LandedFile,
    Source,
    enter,
    land,
    landed_from_ledger,
    ledger_rows,
)
from kcc_etl.schema.frames import empty
from kcc_etl.warehouse.store import open_warehouse
from reports.delimited import is_formula_like
from reports.findings import findings_csv

ROOT = Path(__file__).resolve().parents[2]
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
NOBODY = 65534

posix_only = pytest.mark.skipif(os.name != "posix", reason="links, pipes and permissions of POSIX")


class Night:
    """An inbox, a landing folder and a ledger that grows from run to run."""

    def __init__(self, folder: Path) -> None:
        self.inbox = folder / "inbox" / "returns"
        self.inbox.mkdir(parents=True)
        self.landing = folder / "landing"
        self.source = Source("returns", "returns", self.inbox, "*.xlsx")
        self.ledger = empty("ledger")
        self.faults: dict[str, str] = {}

    def put(self, name: str, content: bytes = b"x") -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def run(self, day: date = MONDAY, *others: Source) -> list[str]:
        new, findings = land([self.source, *others], self.landing, self.ledger, day)
        self.ledger = pd.concat([self.ledger, ledger_rows(new)], ignore_index=True)
        self.faults = {finding.source_file: finding.found for finding in findings}
        assert {(finding.rule_id, finding.stage) for finding in findings} <= {
            ("IN-001", "landing"),
            ("IN-044", "landing"),
            ("IN-045", "landing"),
        }
        return [file.file_name for file in new]

    @property
    def landed(self) -> list[LandedFile]:
        return landed_from_ledger(self.ledger, self.landing)

    def content_landed_last(self) -> list[bytes]:
        last = {file.file_name: file.path.read_bytes() for file in self.landed}
        return [last[name] for name in sorted(last)]


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def assert_copies_are_true(landing: Path) -> None:
    for path in (landing / "sha256").glob("??/*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        assert path.name.startswith(path.parent.name)


class TestLand:
    def test_a_file_is_kept_whole_read_only_and_named_by_its_bytes(self, night: Night) -> None:
        arrived = night.put("2026-27-Q2/KCC-1.xlsx", b"PK whatever")
        before = arrived.stat()
        assert night.run() == ["2026-27-Q2/KCC-1.xlsx"]
        (file,) = night.landed
        sha256 = hashlib.sha256(b"PK whatever").hexdigest()
        assert file == LandedFile(
            sha256, "returns", "returns", "2026-27-Q2/KCC-1.xlsx", 11, MONDAY, 1, file.path
        )
        assert file.path == night.landing / "sha256" / sha256[:2] / sha256
        assert file.path.read_bytes() == b"PK whatever"
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o444
        assert (arrived.stat().st_mtime_ns, arrived.stat().st_ino) == (before.st_mtime_ns, before.st_ino)

    def test_a_second_run_with_nothing_new_lands_nothing(self, night: Night) -> None:
        night.put("a.xlsx")
        assert night.run() == ["a.xlsx"]
        before = {path: path.stat().st_mtime_ns for path in night.landing.glob("sha256/??/*")}
        assert night.run(TUESDAY) == []
        assert {path: path.stat().st_mtime_ns for path in night.landing.glob("sha256/??/*")} == before

    def test_senders_take_turns_each_in_the_order_of_names_and_sequence_goes_on(self, night: Night) -> None:
        for name in ("b.xlsx", "a.xlsx", "z/d.xlsx", "z/c.xlsx", "y/deep/e.xlsx"):
            night.put(name, name.encode())
        assert night.run() == ["a.xlsx", "y/deep/e.xlsx", "z/c.xlsx", "b.xlsx", "z/d.xlsx"]
        night.put("aa.xlsx")
        night.run(TUESDAY)
        assert [(file.file_name, file.sequence) for file in night.landed][-2:] == [
            ("z/d.xlsx", 5), ("aa.xlsx", 6),
        ]  # fmt: skip

    def test_the_files_of_a_snapshot_land_in_the_order_of_their_names(self, night: Night) -> None:
        night.source = Source("register", "register", night.inbox, mode="snapshot")
        for name in ("b.csv", "a.csv", "a/z.csv"):
            night.put(name, name.encode())
        assert night.run() == ["a.csv", "a/z.csv", "b.csv"]

    @pytest.mark.parametrize(
        "name",
        [
            "a.xlsx.tmp",
            "~$a.xlsx",
            ".~lock.a.xlsx#",
            ".DS_Store",
            "._a.xlsx",
            "__MACOSX/a.xlsx",
            ".git/a.xlsx",
            ".Trash-1000/a.xlsx",
            "a.xlsx.part",
            "a.xlsx.crdownload",
            "Thumbs.db",
            "deep/desktop.ini",
            "a.xlsx~",
        ],
    )
    @pytest.mark.parametrize("pattern", ["*", "*.csv"])
    def test_what_systems_keep_for_themselves_is_passed_over_and_counted(
        self, night: Night, name: str, pattern: str
    ) -> None:
        night.source = Source("returns", "returns", night.inbox, pattern)
        night.put(name)
        assert night.run() == []
        shown = name.split("/")[0] if name.endswith("/a.xlsx") else name
        assert night.faults == {"": f"1: '{shown}'"}

    def test_of_many_passed_over_the_first_three_are_named(self, night: Night) -> None:
        for number in range(4):
            night.put(f"~${number}.xlsx")
        night.put("a.xlsx")
        assert night.run() == ["a.xlsx"]
        assert night.faults == {"": "4: '~$0.xlsx', '~$1.xlsx', '~$2.xlsx' and others"}

    def test_any_other_hidden_file_or_folder_is_told_each_by_its_name(self, night: Night) -> None:
        night.source = Source("returns", "returns", night.inbox, "*.xlsx")
        for name in (".return.xlsx", ".late/b.xlsx", "Q2/.a.xlsx", ".notes.txt", "good.xlsx"):
            night.put(name, name.encode())
        assert night.run() == ["good.xlsx"]
        file, folder = (f"a hidden {what}, for its name starts with a dot" for what in ("file", "folder"))
        assert night.faults == {
            ".return.xlsx": f"{file}; rename it if it is meant",
            ".late": f"{folder}; rename it if it is meant",
            "Q2/.a.xlsx": f"{file}; rename it if it is meant",
        }

    @pytest.mark.parametrize(
        ("pattern", "taken"),
        [
            ("*", ["Q2/B.XLSX", "a.xlsx", "c.csv"]),
            ("*.xlsx", ["Q2/B.XLSX", "a.xlsx"]),
            ("**/*.xlsx", ["Q2/B.XLSX", "a.xlsx"]),
            ("q2/*", ["Q2/B.XLSX"]),
            ("*.json", []),
        ],
    )
    def test_a_pattern_takes_what_it_says_at_any_depth(
        self, night: Night, pattern: str, taken: list[str]
    ) -> None:
        for name in ("a.xlsx", "Q2/B.XLSX", "c.csv"):
            night.put(name, name.encode())
        night.source = Source("returns", "returns", night.inbox, pattern)
        assert night.run() == taken

    def test_a_source_may_be_one_file(self, night: Night) -> None:
        path = night.put("register.csv")
        assert night.run(MONDAY, Source("register", "register", path, mode="snapshot")) == ["register.csv"]

    def test_an_empty_file_lands_for_the_reader_to_judge(self, night: Night) -> None:
        night.put("a.xlsx", b"")
        assert night.run() == ["a.xlsx"]

    def test_a_lost_copy_is_made_good_without_a_new_line_in_the_ledger(self, night: Night) -> None:
        night.put("a.xlsx", b"whole")
        night.run()
        path = night.landed[0].path
        for damage in (path.unlink, lambda: (path.chmod(0o644), path.write_bytes(b"wh"))):
            damage()
            assert night.run(TUESDAY) == []
            assert path.read_bytes() == b"whole"

    def test_landing_again_after_the_ledger_was_lost_tells_the_same_story(self, night: Night) -> None:
        night.put("a.xlsx", b"a")
        night.put("b.xlsx", b"b")
        night.run()
        before, night.ledger = night.ledger, empty("ledger")
        night.run()
        pd.testing.assert_frame_equal(night.ledger, before)

    def test_the_ledger_comes_back_from_the_warehouse_as_it_went_in(
        self, night: Night, warehouse_url: str
    ) -> None:
        night.put("b.xlsx", b"1")
        night.put("a.xlsx", b"2")
        night.run()
        warehouse = open_warehouse(warehouse_url)
        warehouse.add("ledger", night.ledger)
        assert landed_from_ledger(warehouse.read("ledger"), night.landing) == night.landed
        warehouse.engine.dispose()


class TestOddNames:
    """hazards.md 1.3, 27: the name is data, the copy is named by its bytes."""

    NAMES = (
        "=HYPERLINK(1).xlsx",
        "-rf.xlsx",
        "CON.xlsx",
        "NUL",
        "a\u202excod.xlsx",
        "tab\tand\nline.xlsx",
        "bell\x07.xlsx",
        "x" * 250 + ".xlsx",
        "/".join(["y" * 120] * 3) + ".xlsx",
        "a\\..\\..\\windows.xlsx",
        "%2e%2e%2fetc.xlsx",
        "'; DROP TABLE ledger; --.xlsx",
    )

    @posix_only
    def test_every_name_lands_under_its_hash_and_stays_as_data(
        self, night: Night, warehouse_url: str
    ) -> None:
        night.source = Source("returns", "returns", night.inbox)
        for number, name in enumerate(self.NAMES):
            night.put(name, str(number).encode())
        night.run()
        assert night.faults == {}
        warehouse = open_warehouse(warehouse_url)
        warehouse.add("ledger", night.ledger)
        landed = landed_from_ledger(warehouse.read("ledger"), night.landing)
        warehouse.engine.dispose()
        assert {file.file_name: file.path.read_bytes() for file in landed} == {
            name: str(number).encode() for number, name in enumerate(self.NAMES)
        }
        assert_copies_are_true(night.landing)
        kept = {path.name for path in night.landing.rglob("*") if path.is_file()}
        assert kept == {hashlib.sha256(str(n).encode()).hexdigest() for n in range(len(self.NAMES))}

    @pytest.mark.parametrize("name", NAMES)
    def test_every_name_is_shown_so_that_nothing_acts_on_it(self, name: str) -> None:
        finding = Finding("IN-001", "warning", "receipt", "intake", "x", "y", "z", source_file=name)
        assert str(finding).isprintable()
        text = findings_csv(findings_frame([finding])).decode()
        assert not set(text) & set("\u202e\x07")
        (row,) = list(csv.DictReader(io.StringIO(text, newline="")))
        assert not is_formula_like(row["source_file"])


class TestSenders:
    """hazards.md 1.3, 28: a flood of one sender waits, and holds up nobody."""

    @pytest.fixture
    def flood(self, night: Night) -> Night:
        night.source = Source("returns", "returns", night.inbox, nightly_limit=3)
        for number in range(8):
            night.put(f"flood/{number}.xlsx", f"flood {number}".encode())
        night.put("small/1.xlsx", b"small")
        night.put("own.xlsx", b"own")
        return night

    def test_a_flood_is_taken_over_nights_and_the_others_at_once(self, flood: Night) -> None:
        assert flood.run() == ["flood/0.xlsx", "own.xlsx", "small/1.xlsx", "flood/1.xlsx", "flood/2.xlsx"]
        assert flood.faults == {"flood": "8 new files from 'flood'; 3 taken tonight"}
        assert flood.run(TUESDAY) == ["flood/3.xlsx", "flood/4.xlsx", "flood/5.xlsx"]
        assert flood.run(WEDNESDAY) == ["flood/6.xlsx", "flood/7.xlsx"]
        assert flood.faults == {}
        assert flood.run(WEDNESDAY) == []

    def test_a_correction_of_a_known_file_never_waits(self, flood: Night) -> None:
        flood.run()
        flood.put("flood/0.xlsx", b"corrected")
        assert "flood/0.xlsx" in flood.run(TUESDAY)
        assert flood.faults == {"flood": "5 new files from 'flood'; 3 taken tonight"}

    def test_a_source_without_folders_is_one_sender(self, night: Night) -> None:
        night.source = Source("returns", "returns", night.inbox, nightly_limit=2)
        for name in "abc":
            night.put(name, name.encode())
        assert night.run() == ["a", "b"]
        assert night.faults == {"": "3 new files of this source; 2 taken tonight"}


class TestEnter:
    def test_an_answer_lands_under_its_name_once(self, night: Night) -> None:
        what = ("fts", "notices", "2026-11-23/page-1.json", b"{}")
        first = enter(*what, night.landing, night.ledger, MONDAY)
        assert first is not None
        assert (first.sequence, first.path.read_bytes(), first.size_bytes) == (1, b"{}", 2)
        night.ledger = ledger_rows([first])
        assert enter(*what, night.landing, night.ledger, TUESDAY) is None
        other = enter("fts", "response", what[2], b"{}", night.landing, night.ledger, TUESDAY)
        assert other is not None
        assert (other.kind, other.sequence) == ("response", 2)
        assert_copies_are_true(night.landing)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    def test_a_full_disk_says_so(self, night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
        night.run()

        def full(*_: object) -> None:
            with Path("/dev/full").open("wb", buffering=0) as device:
                device.write(b"x")

        monkeypatch.setattr(copies, "put_in_place", full)
        with pytest.raises(WarehouseUnavailableError, match="No space left on device"):
            enter("fts", "notices", "p", b"{}", night.landing, night.ledger, MONDAY)


class TestSavedMapping:
    def test_it_lands_beside_the_files_as_a_decision_and_its_absence_is_a_finding(self, night: Night) -> None:
        mapping = night.inbox.parent / "spend.toml"
        night.source = Source("returns", "payments", night.inbox, mapping=mapping)
        night.put("spend.toml", b"a file of the source that bears the same name")
        assert night.run() == ["spend.toml"]
        assert night.faults == {"spend.toml": "a file that cannot be read: No such file or directory"}
        mapping.write_bytes(b"kind = 'payments'")
        assert night.run(TUESDAY) == ["spend.toml"]
        assert [(file.kind, file.landed_on) for file in night.landed] == [
            ("payments", MONDAY), ("mapping", TUESDAY),
        ]  # fmt: skip
        assert night.run(TUESDAY) == []


class TestFaults:
    def test_every_missing_folder_is_named_with_its_setting_before_anything_lands(self, night: Night) -> None:
        night.put("a.xlsx")
        missing = [Source(name, "payments", night.inbox / name) for name in ("spend", "cards")]
        with pytest.raises(SettingsError, match=r"`spend`.*`cards`") as raised:
            night.run(MONDAY, *missing)
        assert "`path` under [[sources]]" in raised.value.remedy
        assert not night.landing.exists()

    def test_an_empty_folder_is_no_fault(self, night: Night) -> None:
        assert night.run() == []
        assert night.faults == {}

    def test_a_source_that_holds_the_landing_folder_is_refused(self, night: Night) -> None:
        with pytest.raises(SettingsError, match="holds the landing folder"):
            night.run(MONDAY, Source("all", "payments", night.landing.parent))

    def test_a_landing_folder_that_cannot_be_made_is_refused(self, night: Night) -> None:
        night.landing.write_text("in the way")
        with pytest.raises(SettingsError, match="landing folder"):
            night.run()

    @posix_only
    def test_links_pipes_and_odd_names_are_findings_and_stop_no_other_file(
        self, night: Night, tmp_path: Path
    ) -> None:
        outside = tmp_path / "secret.xlsx"
        outside.write_bytes(b"secret")
        night.put("z.xlsx", b"good")
        (night.inbox / "inside.xlsx").symlink_to("z.xlsx")
        (night.inbox / "out.xlsx").symlink_to(outside)
        (night.inbox / "dangling.xlsx").symlink_to("nowhere")
        (night.inbox / "loop.xlsx").symlink_to("loop.xlsx")
        (night.inbox / "folder").symlink_to(tmp_path)
        os.mkfifo(night.inbox / "pipe.xlsx")
        Path(os.fsdecode(os.fsencode(night.inbox) + b"/caf\xe9.xlsx")).write_bytes(b"name")
        assert night.run() == ["inside.xlsx", "z.xlsx"]
        assert night.faults == {
            "caf\ufffd.xlsx": "a file name that is not Unicode; rename the file",
            "dangling.xlsx": "a file that cannot be read: No such file or directory",
            "folder": "a link to a folder, which is not followed",
            "loop.xlsx": night.faults["loop.xlsx"],
            "out.xlsx": "a link that leads out of the folder",
            "pipe.xlsx": "a pipe, socket or device, not a file",
        }
        assert not (night.landing / "sha256" / hashlib.sha256(b"secret").hexdigest()[:2]).exists()

    @posix_only
    def test_files_and_folders_without_permission_are_findings_and_stop_no_other_file(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="kcc-landing-"))
        try:
            night = Night(folder)
            for name in ("a.xlsx", "b.xlsx", "closed/c.xlsx", "z.xlsx"):
                night.put(name, name.encode())
            (night.inbox / "b.xlsx").chmod(0)
            (night.inbox / "closed").chmod(0)
            with _without_root(folder):
                assert night.run() == ["a.xlsx", "z.xlsx"]
            assert night.faults == {
                "b.xlsx": "a file that cannot be read: Permission denied",
                "closed": "a folder that cannot be listed: Permission denied",
            }
        finally:
            shutil.rmtree(folder)

    def test_a_file_that_goes_away_between_the_listing_and_the_reading_is_a_finding(
        self, night: Night, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone, _ = night.put("a.xlsx"), night.put("b.xlsx", b"y")
        original = copies.keep
        monkeypatch.setattr(
            "kcc_etl.intake.landing.landing.keep",
            lambda *args: (gone.unlink(missing_ok=True), original(*args))[1],
        )
        assert night.run() == ["b.xlsx"]
        assert night.faults == {"a.xlsx": "a file that cannot be read: No such file or directory"}

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    def test_a_full_disk_is_not_blamed_on_the_file(
        self, night: Night, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        night.put("a.xlsx", b"x" * 3_000_000)

        def to_full_device(source: object, aside: object) -> copies.Copy:
            with Path("/dev/full").open("wb") as full:
                return original(source, full)  # type: ignore[arg-type]

        original = copies._pass_on
        monkeypatch.setattr(copies, "_pass_on", to_full_device)
        with pytest.raises(WarehouseUnavailableError, match="No space left on device"):
            night.run()

    def test_a_file_that_changes_once_while_it_is_read_lands_as_it_is_afterwards(
        self, night: Night, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = night.put("a.xlsx", b"first half, ")
        original, changed = copies._read, []

        def read(stream: object) -> bytes:
            if not changed:
                changed.append(True)
                with path.open("ab") as more:
                    more.write(b"second half")
                os.utime(path, ns=(1, 1))
            return original(stream)  # type: ignore[arg-type]

        monkeypatch.setattr(copies, "_read", read)
        assert night.run() == ["a.xlsx"]
        assert night.content_landed_last() == [b"first half, second half"]

    def test_a_file_that_never_stands_still_waits_for_the_next_run_and_is_never_torn(
        self, night: Night, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path, original = night.put("a.xlsx", b"0"), copies._read

        def read(stream: object) -> object:
            with path.open("ab") as more:
                more.write(b"1")
            return original(stream)  # type: ignore[arg-type]

        with monkeypatch.context() as writing:
            writing.setattr(copies, "_read", read)
            assert night.run() == []
        assert "the next run will take it" in night.faults["a.xlsx"]
        assert night.run(TUESDAY) == ["a.xlsx"]
        assert night.content_landed_last() == [path.read_bytes()]
        assert_copies_are_true(night.landing)


class _without_root:  # noqa: N801
    """Run as nobody for a while, since permissions do not stop root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.user = os.geteuid()

    def __enter__(self) -> None:
        if self.user == 0:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, NOBODY, NOBODY)
            os.seteuid(NOBODY)

    def __exit__(self, *_: object) -> None:
        os.seteuid(self.user)
        for path in self.folder.rglob("closed"):
            path.chmod(0o755)


LANDER = """
import sys
from datetime import date
from pathlib import Path
from kcc_etl.intake.landing.landing import Source, land
from kcc_etl.schema.frames import empty

inbox, landing = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
new, findings = land([Source("returns", "returns", inbox)], landing, empty("ledger"), date(2026, 11, 23))
assert not findings, findings
print(len(new), flush=True)
"""


def start_lander(night: Night) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", LANDER, str(night.inbox), str(night.landing)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def full_night(night: Night) -> Iterator[Night]:
    night.source = Source("returns", "returns", night.inbox)
    for number in range(8):
        night.put(f"{number}.xlsx", bytes([number]) * 12_000_000)
    yield night
    assert night.run(TUESDAY) == sorted(f"{number}.xlsx" for number in range(8))
    assert_copies_are_true(night.landing)


class TestProcesses:
    @pytest.mark.parametrize("delay", [0.005, 0.02, 0.035, 0.05, 0.065, 0.08, 0.1, 0.12])
    def test_a_run_killed_at_any_moment_leaves_only_whole_copies_and_can_be_run_again(
        self, full_night: Night, delay: float
    ) -> None:
        lander = start_lander(full_night)
        assert lander.stdout is not None
        assert lander.stdout.readline() == "ready\n"
        time.sleep(delay)
        lander.send_signal(signal.SIGKILL)
        lander.wait()
        lander.stdout.close()
        assert_copies_are_true(full_night.landing)

    def test_two_runs_at_once_both_land_everything(self, full_night: Night) -> None:
        landers = [start_lander(full_night) for _ in range(2)]
        assert [lander.communicate(timeout=600)[0] for lander in landers] == ["ready\n8\n"] * 2
        assert list((full_night.landing / "sha256").glob(".aside*")) == []


class TestAtomicWrites:
    def test_content_and_permissions_are_as_asked_and_nothing_else_is_left(self, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        for content in (b"old", b"new"):
            write_atomically(path, content)
        assert path.read_bytes() == b"new"
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        assert list(tmp_path.iterdir()) == [path]

    def test_a_write_that_fails_leaves_what_was_there(self, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        (path / "in the way").mkdir(parents=True)
        with pytest.raises(OSError, match="directory"):
            write_atomically(path, b"new")
        assert list(tmp_path.iterdir()) == [path]

    def test_a_writer_killed_at_any_moment_leaves_a_whole_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.bin"
        program = (
            "import sys, itertools\nfrom pathlib import Path\n"
            "from kcc_etl.intake.landing.atomic import write_atomically\n"
            "for n in itertools.count():\n"
            "    write_atomically(Path(sys.argv[1]), bytes([n % 250]) * 2_000_000)\n"
            "    print(n, flush=True)\n"
        )
        for delay in (0.0, 0.01, 0.05):
            writer = subprocess.Popen(
                [sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE
            )
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(delay)
            writer.kill()
            writer.wait()
            writer.stdout.close()
            content = path.read_bytes()
            assert len(content) == 2_000_000
            assert set(content) == {content[0]}
