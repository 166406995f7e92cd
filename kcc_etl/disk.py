"""Names on the disk that last.

Does not belong here: what is written (`intake.landing.atomic`, `reports.switch`); locks (`kcc_etl.lockfile`).
"""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """The new names in the folder must survive a loss of power; Windows has no such call."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
