"""Reads the worst files of the corpus behind a guard, and says how much memory the largest child took.

Run as a program, so that no child of another test is counted. Does not belong here: what is right.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
from pathlib import Path

from kcc_etl.intake.workbooks.guard import Guard
from tests.hostile import bases
from tests.hostile.cases import Case
from tests.hostile.corpus import CASES
from tests.hostile.kit import every
from tests.hostile.reading import read


def wide_register(rows: int) -> bytes:
    """A register with so many rows of forty digits below it; nothing in it is false but its size."""
    dice = random.Random(rows)
    lines = (
        f'<row r="{n}">'
        + "".join(f"<c><v>{digit}</v></c>" for digit in dice.choices("123456789", k=40))
        + "</row>"
        for n in range(8, rows + 8)
    )
    more = "".join(lines).encode() + b"</sheetData>"
    return every(bases.register_xlsx(), lambda part: part.replace(b"</sheetData>", more))


NARROW = 80 * 1024 * 1024
"""Less than 20,000 rows of forty digits need; four times that is plenty."""


def main(rows: int, seconds: float) -> None:
    """Print fates and the largest child in bytes, as JSON.

    The last fates: of so many rows, of the same in at most so many seconds, of 20,000 rows in little memory
    and in four times that.
    """
    fates = []
    with tempfile.TemporaryDirectory() as folder:
        worst = [case for case in CASES if case.hazard in {1, 2, 3}]
        large = Case(3, "large", "register", lambda: wide_register(rows))
        with Guard() as guard:
            for case in [*worst, large]:
                fates.append(read(case, Path(folder), guard).receipt["rule_id"] or "accepted")
        with Guard(seconds=seconds) as hurried:
            fates.append(read(large, Path(folder), hurried).receipt["rule_id"] or "accepted")
        medium = Case(3, "medium", "register", lambda: wide_register(20_000))
        for guard in (Guard(memory=NARROW), Guard(memory=4 * NARROW)):
            with guard:
                fates.append(read(medium, Path(folder), guard).receipt["rule_id"] or "accepted")
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )
    print(json.dumps({"fates": fates, "largest": largest}))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
