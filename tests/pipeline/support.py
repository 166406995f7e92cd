"""The command as a person runs it, and the county it makes. Fixtures are in conftest."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PERIOD = "2026-27-Q2"


@dataclass(frozen=True)
class Outcome:
    """A finished command."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class County:
    """A folder with settings and sample, and what the first run printed."""

    folder: Path
    first: Outcome

    @property
    def config(self) -> Path:
        return self.folder / "kcc_etl.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def pack(self) -> Path:
        """The draft that a night leaves."""
        return self.data / "drafts" / PERIOD

    @property
    def published(self) -> Path:
        return self.data / "publications" / PERIOD

    @property
    def warehouse(self) -> Path:
        return self.data / "warehouse.sqlite3"


def kcc_etl(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Outcome:
    """Run the command as a person would, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "kcc_etl.cli", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "DAGSTER_DISABLE_TELEMETRY": "true", "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def said(*arguments: str | Path) -> Outcome:
    """What the command says and answers, in this process: a process of its own loads for five seconds first."""
    from kcc_etl.cli import main

    out, err, before, code = io.StringIO(), io.StringIO(), sys.argv, 0
    sys.argv = ["kcc-etl", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = before
    return Outcome(code, out.getvalue(), err.getvalue())
