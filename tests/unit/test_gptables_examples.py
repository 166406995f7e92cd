"""The verifier on the workbooks that gptables makes as its own examples: the gaps it is known for, and no others."""

from __future__ import annotations

import runpy
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

gptables = pytest.importorskip("gptables")

from reports.accessibility.check import faults  # noqa: E402
from reports.verify import verify  # noqa: E402

LACKS_A_FILE = ("__init__", "tutorial_config_file")
"""The second reads a file of settings that the package does not ship."""
EXAMPLES = sorted(
    path.stem
    for path in Path(str(files("gptables") / "examples")).glob("*.py")
    if path.stem not in LACKS_A_FILE
)
# The package ships its examples and not the penguins that most of them are about; these are of the same form.
PENGUINS = pd.DataFrame(
    {
        "Species": ["Adelie", "Chinstrap", "Gentoo"] * 4,
        "Island": ["Biscoe", "Dream", "Torgersen"] * 4,
        "Culmen Length (mm)": [39.1 + n for n in range(12)],
        "Culmen Depth (mm)": [18.7 - n / 4 for n in range(12)],
        "Flipper Length (mm)": [181.0 + n for n in range(12)],
        "Body Mass (g)": [3750.0 + 10 * n for n in range(12)],
        "Sex": ["MALE", "FEMALE"] * 6,
        "Year": [2007, 2008, 2009] * 4,
    }
)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_known_gaps_of_an_example_are_told(example, tmp_path, monkeypatch):
    read, made = pd.read_csv, tmp_path / "example.xlsx"
    penguins = lambda path, *a, **k: PENGUINS.copy() if "penguins" in str(path) else read(path, *a, **k)  # noqa: E731
    monkeypatch.setattr(pd, "read_csv", penguins)
    for name in ("write_workbook", "produce_workbook"):
        real = getattr(gptables, name)
        redirected = lambda filename, real=real, **kwargs: real(filename=str(made), **kwargs)  # noqa: E731
        monkeypatch.setattr(gptables, name, redirected)
    runpy.run_module(f"gptables.examples.{example}", run_name="__main__")

    (verdict,) = verify(made)
    told = Counter(finding.rule_id for finding in faults(verdict.findings))
    said = {finding.found for finding in verdict.findings if finding.rule_id == "AC-035"}
    assert {"no title in the document information", "no language in the document information"} <= said
    assert told["AC-018"] >= 1  # titles without a heading style
    assert not any(rule.startswith("HC") for rule in told)
    assert not told["AC-001"]
