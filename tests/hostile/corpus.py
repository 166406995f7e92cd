"""The hostile corpus: every case of the three modules, each under a name of its own.

Does not belong here: making the files (`packages`, `cells`, `tables`).
"""

from __future__ import annotations

from tests.hostile import cells, packages, tables
from tests.hostile.cases import Case

CASES: tuple[Case, ...] = (*packages.cases(), *cells.cases(), *tables.cases())
