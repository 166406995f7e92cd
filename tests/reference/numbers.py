"""The order of decision numbers, in plain Python: C-9 comes before C-10.

The project's reading: of decisions of one day the one with the highest number stands. Does not belong here: which
decisions count.
"""

from __future__ import annotations

from itertools import groupby


def in_order(number: str) -> list[tuple[int, int, str]]:
    """What two numbers are compared by: each run of digits by its value, each other run by its letters."""
    runs = ["".join(run) for _, run in groupby(number, key=str.isdigit)]
    return [(0, int(run), "") if run.isdigit() else (1, 0, run) for run in runs]
