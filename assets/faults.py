"""A fault of the program in one source, in words: the other sources go on, and somebody can mend it.

Does not belong here: faults of the input, which are findings of the intake.
"""

from __future__ import annotations

import traceback
from pathlib import Path


def told(error: Exception) -> str:
    """A fault of the program, for those who can mend it: which, and where."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name} line {frames[-1].lineno}" if frames else "nowhere"
    return f"a fault of this program ({type(error).__name__} in {where}); please report it"
