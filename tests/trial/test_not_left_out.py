"""CI may not leave the trial out. Runs with the other tests, for the trial itself may be what is left out."""

from __future__ import annotations

import pytest

from tests.pipeline.support import ROOT
from tests.tools import REQUIRE, needs_data


def test_without_the_real_data_the_trial_fails_where_ci_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRE, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no real data"):
        needs_data("absent")
    monkeypatch.setenv(REQUIRE, "1")
    with pytest.raises(pytest.fail.Exception, match="no real data"):
        needs_data("absent")


def test_ci_says_so_and_runs_the_trial() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    (trial_at,) = (place for place, line in enumerate(lines) if line.startswith("make trial "))
    assert lines.index(f"export {REQUIRE}=1") < trial_at
    assert any(line.startswith("wait %1 || {") and "exit 1" in line for line in lines[trial_at:])
    trial = (ROOT / "tests" / "trial" / "test_trial.py").read_text(encoding="utf-8")
    assert "    needs_data()\n" in trial
    assert "skip" not in trial
