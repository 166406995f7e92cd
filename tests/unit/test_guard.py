"""The guard: whatever a workbook does to the process that opens it, this one gets an answer and lives on."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kcc_etl.exceptions import SourceError, SourceUnsafeError
from kcc_etl.intake.workbooks.book import Book
from kcc_etl.intake.workbooks.guard import MEMORY, SECONDS, Guard, Opening
from kcc_etl.intake.workbooks.opening import read_frame
from tests.unit.intake_files import sheet_bytes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")

ROWS = [["a", "b"], ["00123", datetime(2026, 4, 1)], [1, 2.5]]


def _descendants(of: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()[1:]]
    found = [of]
    for parent in found:
        found += [child for child, its_parent in parents if its_parent == parent]
    return found[1:]


def _openers() -> list[int]:
    mine = []
    for process in _descendants(os.getpid()):
        command = Path(f"/proc/{process}/cmdline")
        if command.exists() and b"kcc_etl.intake.workbooks.opening" in command.read_bytes():
            mine.append(process)
    return mine


def _size(process: int) -> int:
    """The bytes of address space that a process has."""
    found = re.search(r"VmSize:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) * 1024


def _until(happens: Callable[[], bool]) -> bool:
    """Whether it happens within half a minute."""
    for _ in range(600):
        if happens():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def openers() -> Callable[[], list[int]]:
    """Gives the openers that have begun since: the suite keeps guards of its own for whole modules."""
    before = set(_openers())
    return lambda: [process for process in _openers() if process not in before]


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file that nobody ever writes: whoever opens it waits."""
    path = tmp_path / "endless.xlsx"
    os.mkfifo(path)
    return path


@pytest.fixture
def fine(tmp_path: Path) -> Path:
    path = tmp_path / "fine.xlsx"
    path.write_bytes(sheet_bytes(ROWS))
    return path


def _package(path: Path, rows: str, method: int) -> Path:
    """A workbook with these rows in its one sheet, written at once."""
    fine = io.BytesIO(sheet_bytes(ROWS))
    with zipfile.ZipFile(fine) as old, zipfile.ZipFile(path, "w", method) as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                part = re.sub("<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>", part, flags=re.S)
            new.writestr(name, part)
    return path


@pytest.fixture
def guard() -> Iterator[Guard]:
    with Guard() as guard:
        yield guard


def test_cells_cross_with_types_and_addresses(guard: Guard, fine: Path) -> None:
    book = guard.open(fine)
    assert book.rows == {1: {0: "a", 1: "b"}, 2: {0: "00123", 1: datetime(2026, 4, 1)}, 3: {0: 1, 1: 2.5}}
    assert book.sheet == "Sheet1"
    assert guard.open(fine, "Nowhere").sheet is None
    assert (SECONDS, MEMORY) == (20.0, 512 * 1024 * 1024)


def test_many_come_in_the_order_they_were_asked_for(guard: Guard, tmp_path: Path) -> None:
    openings = []
    for number in range(12):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(b"not a workbook" if number % 5 == 3 else sheet_bytes([[number]]))
        openings.append(Opening(path))
    answers = list(guard.open_all(openings))
    assert [isinstance(answer, SourceError) for answer in answers] == [n % 5 == 3 for n in range(12)]
    assert [answer.cell(1, 0) for answer in answers if not isinstance(answer, SourceError)] == [
        n for n in range(12) if n % 5 != 3
    ]


def test_an_unsafe_file_is_an_unsafe_file_on_this_side_too(guard: Guard, tmp_path: Path) -> None:
    # A million rows in some kilobytes: openpyxl takes 49 s and 1.2 GB for one like it (hazards.md 1.2).
    path = _package(tmp_path / "b.xlsx", "<row><c><v>1</v></c></row>" * 1_000_000, zipfile.ZIP_DEFLATED)
    with pytest.raises(SourceUnsafeError, match="expands to") as caught:
        guard.open(path)
    assert caught.value.rule_id == "IN-010"


def test_a_cell_at_the_far_corner_that_aborts_the_library_costs_one_child(
    fine: Path, guard: Guard, openers: Callable[[], list[int]], tmp_path: Path
) -> None:
    far = "<row><c r='A1'><v>1</v></c></row><row><c r='XFD1048576'><v{}>1</v></c></row>"
    with pytest.raises(SourceError, match="XFD1048576") as caught:
        guard.open(_package(tmp_path / "far.xlsx", far.format(""), zipfile.ZIP_DEFLATED))
    assert caught.value.rule_id == "IN-012"
    (opener,) = openers()
    # Hidden from whoever heeds namespaces; the library heeds none, asks for half a terabyte and aborts.
    hidden = _package(tmp_path / "hidden.xlsx", far.format(" xmlns='urn:x'"), zipfile.ZIP_DEFLATED)
    with pytest.raises(SourceError, match="could not be read: the program") as caught:
        guard.open(hidden)
    assert caught.value.rule_id == "IN-023"
    assert guard.open(fine).rows
    assert openers() == [opener]


def _while_at_work(guard: Guard, path: Path, opener: int, act: Callable[[int], None]) -> SourceError:
    """What comes of a workbook when this is done to the child at work on it."""
    acted: list[int] = []

    def wait_and_act() -> None:
        if _until(lambda: bool(_descendants(opener))):
            acted.extend(_descendants(opener))
            act(acted[0])

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    answer = next(guard.open_all([Opening(path)]))
    thread.join()
    assert len(acted) == 1
    assert isinstance(answer, SourceError)
    assert answer.rule_id == "IN-023"
    assert _until(lambda: not Path(f"/proc/{acted[0]}").exists())
    return answer


def test_a_child_that_is_killed_costs_one_file_and_no_opener(
    endless: Path, fine: Path, guard: Guard, openers: Callable[[], list[int]]
) -> None:
    guard.open(fine)
    (opener,) = openers()
    answer = _while_at_work(guard, endless, opener, lambda child: os.kill(child, signal.SIGSEGV))
    assert "failed" in answer.found
    assert guard.open(fine).rows
    assert opener in openers()


def test_an_opener_that_is_killed_takes_its_child_with_it_and_the_file_is_tried_again(
    fine: Path, guard: Guard, openers: Callable[[], list[int]], tmp_path: Path
) -> None:
    late = tmp_path / "late.xlsx"
    os.mkfifo(late)
    guard.open(fine)
    (opener,) = openers()
    children: list[int] = []

    def kill_and_write() -> None:
        if _until(lambda: bool(_descendants(opener))):
            children.extend(_descendants(opener))
            os.kill(opener, signal.SIGKILL)
        if _until(lambda: not Path(f"/proc/{children[0]}").exists()):
            late.write_bytes(fine.read_bytes())

    # Nobody may come to read what it writes.
    thread = threading.Thread(target=kill_and_write, daemon=True)
    thread.start()
    answer = next(guard.open_all([Opening(late)]))
    assert len(children) == 1
    assert isinstance(answer, Book)
    thread.join()
    assert answer.rows == guard.open(fine).rows


def test_what_takes_too_long_is_given_up(endless: Path, fine: Path, openers: Callable[[], list[int]]) -> None:
    with Guard(seconds=2.0) as guard:
        assert guard.open(fine).rows
        (opener,) = openers()
        with pytest.raises(SourceError, match="within 2 seconds") as caught:
            guard.open(endless)
        assert caught.value.rule_id == "IN-023"
        assert openers() == [opener]
        assert guard.open(fine).rows
    assert not openers()


def test_what_takes_too_much_memory_is_given_up(
    fine: Path, guard: Guard, openers: Callable[[], list[int]], tmp_path: Path
) -> None:
    """The limit counts what the opener has, so the test gives its child a little more; eight times that is plenty."""
    rows = "".join(f"<row><c><v>{n}</v></c><c><v>{n}.5</v></c></row>" for n in range(200_000))
    large = _package(tmp_path / "large.xlsx", rows, zipfile.ZIP_STORED)
    guard.open(fine)
    (opener,) = openers()
    opener_has = _size(opener)
    with Guard(memory=opener_has + 16 * 1024 * 1024) as narrow:
        assert narrow.open(fine).rows
        before = openers()
        with pytest.raises(SourceError, match=r"memory|failed") as caught:
            narrow.open(large)
        assert caught.value.rule_id == "IN-023"
        assert openers() == before
        assert narrow.open(fine).rows
    with Guard(memory=8 * opener_has) as wide:
        assert len(wide.open(large).rows) == 200_000


@pytest.mark.parametrize("megabytes", [20, 40, 60])
def test_xml_that_needs_too_much_memory_is_not_called_damaged(
    fine: Path, guard: Guard, megabytes: int, openers: Callable[[], list[int]], tmp_path: Path
) -> None:
    """The parser keeps an attribute whole, several times over, and says in its own way that memory ran out."""
    long = f"<row><c a='{'x' * 20_000_000}'><v>1</v></c></row>"
    path = _package(tmp_path / "long.xlsx", long, zipfile.ZIP_STORED)
    assert guard.open(path).rows == {1: {0: 1}}
    with Guard(memory=_size(openers()[0]) + megabytes * 1024 * 1024) as narrow:
        assert narrow.open(fine).rows
        with pytest.raises(SourceError, match=r"memory|failed") as caught:
            narrow.open(path)
    assert caught.value.rule_id == "IN-023"


def test_the_limits_of_a_child_are_those_that_are_named(
    endless: Path, fine: Path, guard: Guard, openers: Callable[[], list[int]]
) -> None:
    limits: dict[str, set[str]] = {}

    def read_and_kill(child: int) -> None:
        def is_limited() -> bool:
            lines = Path(f"/proc/{child}/limits").read_text().splitlines()
            limits.update({line[:25].strip(): set(line[25:66].split()) for line in lines})
            return limits["Max address space"] == {str(MEMORY)}

        _until(is_limited)
        os.kill(child, signal.SIGKILL)

    guard.open(fine)
    _while_at_work(guard, endless, openers()[0], read_and_kill)
    assert limits["Max address space"] == {str(512 * 1024 * 1024)}
    assert limits["Max cpu time"] == {"22"}
    assert limits["Max file size"] == limits["Max core file size"] == {"0"}


def test_an_opener_that_dies_is_started_again(
    fine: Path, guard: Guard, openers: Callable[[], list[int]]
) -> None:
    guard.open(fine)
    (opener,) = openers()
    os.kill(opener, signal.SIGKILL)
    assert guard.open(fine).rows
    assert openers() != [opener]


def test_an_opener_that_hangs_is_given_up_with_its_child(
    endless: Path, fine: Path, monkeypatch: pytest.MonkeyPatch, openers: Callable[[], list[int]]
) -> None:
    import kcc_etl.intake.workbooks.guard as module

    # The opener itself would give up after so many seconds, the guard long before it.
    with Guard(seconds=600.0) as guard:
        guard.open(fine)
        monkeypatch.setattr(module, "_GRACE", -598.0)
        (opener,) = openers()
        answer = _while_at_work(guard, endless, opener, lambda _: os.kill(opener, signal.SIGSTOP))
    assert "within 600 seconds" in answer.found
    assert not openers()


def test_nothing_is_left_behind_when_the_one_who_asked_is_killed(endless: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from kcc_etl.intake.workbooks.guard import Guard\n"
        "guard = Guard(seconds=600); print('asking', flush=True)\n"
        f"guard.open(Path({str(endless)!r}))\n"
    )
    asking = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert asking.stdout is not None
    asking.stdout.readline()
    assert _until(lambda: len(_descendants(asking.pid)) >= 2), "an opener and its child"
    family = _descendants(asking.pid)
    asking.kill()
    asking.wait()
    asking.stdout.close()
    try:
        assert _until(lambda: not any(Path(f"/proc/{process}").exists() for process in family))
    finally:
        for process in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def test_no_frame_is_believed_that_is_cut_or_too_long() -> None:
    for sent, read in (
        (b"\x00\x00\x00\x02ab", b"ab"),
        (b"\x00\x00\x00\x03ab", None),
        (b"\x00", None),
        (b"", None),
    ):
        source, target = os.pipe()
        os.write(target, sent)
        os.close(target)
        assert read_frame(source) == read
        os.close(source)
    source, target = os.pipe()
    os.write(target, b"Segmentation fault")
    with pytest.raises(ValueError, match="longer than any answer"):
        read_frame(source)
    os.close(source)
    os.close(target)


def test_the_opener_is_light_and_works_without_an_input_or_a_place_of_its_own(
    fine: Path, tmp_path: Path
) -> None:
    program = (
        "import sys; from pathlib import Path; from kcc_etl.intake.workbooks.guard import Guard\n"
        f"guard = Guard(); print(len(guard.open(Path({str(fine)!r})).rows)); guard.close()\n"
    )
    (tmp_path / "zipfile.py").write_text("raise SystemExit('a module of the folder of the day was taken')")
    ran = subprocess.run(
        [sys.executable, "-P", "-c", program],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("3\n", "")
    listed = subprocess.run(
        [sys.executable, "-c", "import sys, kcc_etl.intake.workbooks.opening; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "msgspec" in listed
    assert not {"pandas", "numpy", "openpyxl", "dagster", "sqlalchemy", "asyncio"} & set(listed)
