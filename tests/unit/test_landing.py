"""Landing: whatever happens in the inbox, what is kept is whole, named by its bytes, in the ledger once."""

from __future__ import annotations

import hashlib
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
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.exceptions import SettingsError, WarehouseUnavailableError
from kcc_etl.intake import copies
from kcc_etl.intake.atomic import write_atomically
from kcc_etl.intake.landing import (
    LandedFile,
    Source,
    in_force,
    land,
    landed_from_ledger,
    ledger_rows,
    repeated,
)
from kcc_etl.schema.frames import empty
from kcc_etl.warehouse.store import open_warehouse

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
        assert {finding.rule_id for finding in findings} <= {"IN-001"}
        return [file.file_name for file in new]

    @property
    def landed(self) -> list[LandedFile]:
        return landed_from_ledger(self.ledger, self.landing)

    def names_in_force(self, known_at: date) -> list[str]:
        return [file.file_name for file in in_force(self.landed, [self.source], known_at)]

    def content_in_force(self, known_at: date) -> list[bytes]:
        return [file.path.read_bytes() for file in in_force(self.landed, [self.source], known_at)]


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

    def test_files_land_in_the_order_of_their_names_and_sequence_goes_on(self, night: Night) -> None:
        for name in ("b.xlsx", "a.xlsx", "z/c.xlsx"):
            night.put(name, name.encode())
        assert night.run() == ["a.xlsx", "b.xlsx", "z/c.xlsx"]
        night.put("aa.xlsx")
        night.run(TUESDAY)
        assert [(file.file_name, file.sequence) for file in night.landed] == [
            ("a.xlsx", 1), ("b.xlsx", 2), ("z/c.xlsx", 3), ("aa.xlsx", 4),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "name",
        [
            "a.xlsx.tmp",
            "~$a.xlsx",
            ".DS_Store",
            ".hidden.xlsx",
            ".git/a.xlsx",
            "a.xlsx.part",
            "a.xlsx.crdownload",
            "Thumbs.db",
            "a.xlsx~",
        ],
    )
    def test_passing_files_are_passed_over_without_a_word(self, night: Night, name: str) -> None:
        night.source = Source("returns", "returns", night.inbox, "*")
        night.put(name)
        assert night.run() == []
        assert night.faults == {}

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
            "kcc_etl.intake.landing.keep", lambda *args: (gone.unlink(missing_ok=True), original(*args))[1]
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
        assert night.content_in_force(MONDAY) == [b"first half, second half"]

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
        assert night.content_in_force(TUESDAY) == [path.read_bytes()]
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


class TestInForce:
    def test_a_collection_counts_the_last_version_of_every_name_as_known_then(self, night: Night) -> None:
        night.put("a.xlsx", b"a1")
        night.put("b.xlsx", b"b1")
        night.run(MONDAY)
        night.put("a.xlsx", b"a2")
        night.run(WEDNESDAY)
        assert night.content_in_force(date(2026, 11, 22)) == []
        assert night.content_in_force(MONDAY) == night.content_in_force(TUESDAY) == [b"a1", b"b1"]
        assert night.content_in_force(WEDNESDAY) == [b"a2", b"b1"]

    def test_a_snapshot_counts_the_file_landed_last_alone(self, night: Night) -> None:
        night.source = Source("returns", "returns", night.inbox, "*", "snapshot")
        night.put("register-2026-10.csv", b"october")
        night.put("register-2026-09.csv", b"september")
        night.run(MONDAY)
        assert night.content_in_force(MONDAY) == [b"october"]
        night.put("corrected.csv", b"corrected")
        night.run(TUESDAY)
        assert night.content_in_force(TUESDAY) == [b"corrected"]
        assert night.content_in_force(MONDAY) == [b"october"]

    def test_a_version_that_is_put_back_counts_again(self, night: Night) -> None:
        for day, content in ((MONDAY, b"right"), (TUESDAY, b"wrong"), (WEDNESDAY, b"right")):
            night.put("a.xlsx", content)
            assert night.run(day) == ["a.xlsx"]
        assert [night.content_in_force(day) for day in (MONDAY, TUESDAY, WEDNESDAY)] == [
            [b"right"],
            [b"wrong"],
            [b"right"],
        ]
        assert night.run(WEDNESDAY) == []

    def test_within_a_day_the_later_version_counts(self, night: Night) -> None:
        for content in (b"1", b"2"):
            night.put("a.xlsx", content)
            night.run(MONDAY)
        assert night.content_in_force(MONDAY) == [b"2"]

    def test_a_file_taken_out_of_the_inbox_still_counts(self, night: Night) -> None:
        path = night.put("a.xlsx")
        night.run()
        path.unlink()
        assert night.run(TUESDAY) == []
        assert night.names_in_force(TUESDAY) == ["a.xlsx"]

    def test_the_same_bytes_under_a_second_name_count_once_under_the_first(self, night: Night) -> None:
        night.put("z.xlsx", b"same")
        night.run(MONDAY)
        night.put("a.xlsx", b"same")
        night.put("b.xlsx", b"same")
        night.run(TUESDAY)
        assert night.names_in_force(TUESDAY) == ["z.xlsx"]
        pairs = repeated(night.landed, [night.source], TUESDAY)
        assert [(later.file_name, first.file_name) for later, first in pairs] == [
            ("a.xlsx", "z.xlsx"),
            ("b.xlsx", "z.xlsx"),
        ]
        assert repeated(night.landed, [night.source], MONDAY) == []

    def test_bytes_whose_first_name_was_corrected_count_under_the_second(self, night: Night) -> None:
        night.put("october.xlsx", b"november")
        night.run(MONDAY)
        night.put("november.xlsx", b"november")
        night.put("october.xlsx", b"october")
        night.run(TUESDAY)
        assert night.content_in_force(TUESDAY) == [b"november", b"october"]
        assert repeated(night.landed, [night.source], TUESDAY) == []

    def test_the_same_bytes_in_two_sources_count_in_both(self, night: Night, tmp_path: Path) -> None:
        night.put("a.xlsx", b"same")
        other = Source("other", "returns", tmp_path / "other")
        other.path.mkdir()
        (other.path / "b.xlsx").write_bytes(b"same")
        night.run(MONDAY, other)
        assert [f.file_name for f in in_force(night.landed, [night.source, other], MONDAY)] == [
            "a.xlsx",
            "b.xlsx",
        ]

    def test_a_source_no_longer_in_the_settings_does_not_count(self, night: Night) -> None:
        night.put("a.xlsx")
        night.run()
        assert in_force(night.landed, [], MONDAY) == []

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("abc"), st.sampled_from("XYZ"), st.sampled_from([MONDAY, TUESDAY, WEDNESDAY])
            ),
            max_size=8,
        ),
        st.sampled_from(["snapshot", "collection"]),
        st.sampled_from([MONDAY, TUESDAY, WEDNESDAY]),
        st.randoms(use_true_random=False),
    )
    def test_every_name_in_force_once_every_byte_once_whatever_the_order_of_the_ledger(
        self, arrivals: list[tuple[str, str, date]], mode: str, known_at: date, random: object
    ) -> None:
        source = Source("s", "returns", Path("s"), mode=mode)  # type: ignore[arg-type]
        landed = [
            LandedFile(sha, "s", "returns", name, 1, day, number, Path(sha))
            for number, (name, sha, day) in enumerate(arrivals, 1)
        ]
        counted = in_force(landed, [source], known_at)
        left_out = [later for later, _ in repeated(landed, [source], known_at)]
        shuffled = list(landed)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        assert in_force(shuffled, [source], known_at) == counted
        known = [file for file in landed if file.landed_on <= known_at]
        assert bool(counted) == bool(known)
        assert len({file.sha256 for file in counted}) == len(counted)
        if mode == "collection":
            assert sorted(f.file_name for f in counted + left_out) == sorted({f.file_name for f in known})
        else:
            assert (
                counted == [max(known, key=lambda f: (f.landed_on, f.sequence))] if known else counted == []
            )


LANDER = """
import sys
from datetime import date
from pathlib import Path
from kcc_etl.intake.landing import Source, land
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
        assert [lander.communicate(timeout=60)[0] for lander in landers] == ["ready\n8\n"] * 2
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
            "from kcc_etl.intake.atomic import write_atomically\n"
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
