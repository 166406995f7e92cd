"""Every file of the hostile corpus has its right fate, rule, place and rows; nothing crashes or hangs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.hostile.cases import Case
from tests.hostile.corpus import CASES
from tests.hostile.reading import fates, places, read
from tests.hostile.sequences import SEQUENCES


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_hostile_file_has_its_right_fate(case: Case, tmp_path: Path) -> None:
    parsed = read(case, tmp_path)
    receipt, findings = parsed.receipt, parsed.findings
    got = (receipt["fate"], receipt["rule_id"] or "", fates(parsed))
    assert got == (case.fate, case.rule, case.rows), [str(f) for f in findings]
    found = places(findings)
    assert set(case.findings) <= found, [str(f) for f in findings]
    louder = {f.rule_id for f in findings if f.severity != "information"}
    assert louder <= {each.split()[0] for each in case.findings}, [str(f) for f in findings]
    told = " ".join(str(f) for f in findings)
    assert [words for words in case.says if words not in told] == [], told
    assert receipt["rows_arrived"] == sum(case.rows)


def test_the_corpus_is_whole() -> None:
    """At least five files a hazard that a single file can show; the others come as sequences of arrivals."""
    names = [case.id for case in CASES]
    assert len(names) == len(set(names)) >= 120
    count = Counter(case.hazard for case in CASES)
    assert {hazard: n for hazard, n in count.items() if n < 5} == {}
    of_many_files = {each.hazard for each in SEQUENCES} | {25, 26}
    assert {*count, *of_many_files} == set(range(1, 29)), (
        "25 and 26: test_arrivals, test_quantities_over_time"
    )
