"""Builds packs in child processes and kills them, for `test_pack`. Run as a script: MODE FOLDER.

Does not belong here: what must be true afterwards.

    random FOLDER     20 rounds: fork a build, SIGKILL it at a random moment, print the state
    steps FOLDER      SIGKILL a publishing child at its 1st, 2nd, ... touch of the file system
    folders FOLDER    the same where a plain folder stands in place of the link, as on Windows
    versions FOLDER   the same for a second final version, which is then published again to the end
    build FOLDER      one build, to the end
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from reports import placing  # noqa: E402
from reports.finals import finals_of, require_whole  # noqa: E402
from reports.manifest import FILE_NAME, PackInput, ParameterStamp  # noqa: E402
from reports.pack import Material, build_pack, render_pack  # noqa: E402
from reports.placing import stand_by, write_draft, write_version  # noqa: E402
from reports.switch import recover  # noqa: E402
from reports.verify import hash_faults  # noqa: E402
from reports.version_record import recorded  # noqa: E402
from tests.unit import report_frames as given  # noqa: E402

FEW = (
    "changes.csv", "contracts-register.csv", "data-quality.html", "data.json", "index.html",
    "payments-over-30k.csv", "social-value-performance.csv", "sources.csv", "spend-over-500.csv",
)  # fmt: skip
TOUCHES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "shutil.rmtree")


def material(findings: int, frames: dict[str, pd.DataFrame]) -> Material:
    return Material(
        frames=frames,
        quality=given.quality(findings),
        inputs=[PackInput("ledger", "ledger.csv", "payments", "ab" * 32, 20_116)],
        parameters=ParameterStamp("a1b2c3d4e5f6", "assumption", is_approved=False),
        measures=given.MEASURES,
    )


def say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def build(folder: Path, findings: int) -> None:
    build_pack(folder, given.edition(), material(findings, given.frames()))


def state(folder: Path) -> dict[str, object]:
    pack = folder / given.PERIOD
    if not pack.exists():
        return {"findings": None, "faults": []}
    return {
        "findings": json.loads((pack / "manifest.json").read_text())["findings"],
        "faults": placing.verify_folder(pack),
    }


def kill_at_random(folder: Path) -> None:
    build(folder, 98)  # the first build also loads the libraries
    started = time.monotonic()
    build(folder, 0)
    seconds = time.monotonic() - started
    moments = random.Random(20261123)
    for number in range(1, 21):
        child = os.fork()
        if child == 0:
            build(folder, number)
            os._exit(0)
        # Half of the kills fall in the last part of the build, where files are written and switched.
        time.sleep(
            moments.uniform(0, seconds) if number % 2 else moments.uniform(seconds * 0.5, seconds * 1.1)
        )
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        say({"round": number, **state(folder)})
    build(folder, 99)
    say({"round": 99, **state(folder)})


def kill_at_each_step(folder: Path, *, plain: bool = False) -> None:
    old, new = _small_pack(1), _small_pack(2)
    for step in range(1, 400):
        place = folder / str(step)  # afresh, for a build that a killed child had finished would be used again
        write_draft(place, given.PERIOD, old)
        if plain:
            link = place / given.PERIOD
            built = link.resolve()
            link.unlink()
            built.rename(link)
        child = os.fork()
        if child == 0:
            _die_at(step, place)
            write_draft(place, given.PERIOD, new)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if plain:
            recover(place, given.PERIOD)
        say({"step": step, "killed": os.WIFSIGNALED(status), **state(place)})
        if not os.WIFSIGNALED(status):
            return


def kill_versions(folder: Path) -> None:
    """What stands after each kill, whether the first version is as it was, what stands once published again."""
    first, second = _small_pack(1), {**_small_pack(2), FILE_NAME: _as_version(_small_pack(2), 2)}
    for step in range(1, 400):
        place = folder / str(step)
        write_version(place, given.PERIOD, 1, first)
        child = os.fork()
        if child == 0:
            _die_at(step, place)
            write_version(place, given.PERIOD, 2, second)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        line = {"step": step, "killed": os.WIFSIGNALED(status), **state(place)}
        finals = finals_of(place, given.PERIOD)
        if len(finals) == 1:
            write_version(place, given.PERIOD, 2, second)
        else:
            stand_by(place, finals[-1])
        require_whole(place, given.PERIOD)
        kept = {name: (finals[0].folder / name).read_bytes() for name in first}
        on_record = sorted(recorded(place, given.PERIOD))
        again = {"again": state(place)["findings"], "on_record": on_record}
        say({**line, "first_kept": kept == first, **again})
        if not os.WIFSIGNALED(status):
            return


def _as_version(files: dict[str, bytes], number: int) -> bytes:
    return json.dumps({**json.loads(files[FILE_NAME]), "version": number}).encode()


def _small_pack(findings: int) -> dict[str, bytes]:
    """A few files of a pack without rows: each more is touches of the disk of the same kind again."""
    files = render_pack(given.edition(), material(findings, given.empty_frames()))
    kept = {name: files[name] for name in FEW}
    manifest = json.loads(files[FILE_NAME])
    manifest["files"] = {name: manifest["files"][name] for name in FEW}
    return {**kept, FILE_NAME: json.dumps(manifest).encode()}


def _by_hash(folder: Path) -> list[str]:
    return hash_faults(folder, json.loads((folder / FILE_NAME).read_bytes()))


def _die_at(step: int, folder: Path) -> None:
    left = step

    def touch(event: str, details: tuple[object, ...]) -> None:
        nonlocal left
        if event in TOUCHES and any(str(folder) in str(detail) for detail in details[:2]):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touch)


if __name__ == "__main__":
    mode, place = sys.argv[1], Path(sys.argv[2])
    if mode in ("steps", "folders", "versions"):  # a few files are no pack, and what they hold is not tried
        placing.verify_folder = _by_hash
    {
        "random": kill_at_random,
        "steps": kill_at_each_step,
        "versions": kill_versions,
        "folders": lambda folder: kill_at_each_step(folder, plain=True),
        "build": lambda folder: build(folder, 0),
    }[mode](place)
