"""The hostile corpus: every case of the four modules, each under a name of its own.

Does not belong here: making the files (`packages`, `cells`, `tables`, `lost`).
"""

from __future__ import annotations

from tests.hostile import cells, lost, packages, tables
from tests.hostile.cases import Case

CASES: tuple[Case, ...] = (*packages.cases(), *cells.cases(), *tables.cases(), *lost.cases())
