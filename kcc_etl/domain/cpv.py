"""The Common Procurement Vocabulary by its divisions: which there are, and what each is of.

Does not belong here: the codes below the divisions; which codes are light touch (PR24 Schedule 1 lists them).
"""

from __future__ import annotations

import re

DIVISIONS = frozenset(
    {
        "03", "09", "14", "15", "16", "18", "19", "22", "24", "30", "31", "32", "33", "34", "35", "37", "38",
        "39", "41", "42", "43", "44", "45", "48", "50", "51", "55", "60", "63", "64", "65", "66", "70", "71",
        "72", "73", "75", "76", "77", "79", "80", "85", "90", "92", "98",
    }
)  # fmt: skip
"""First two digits of every code of CPV 2008."""

_CODE = re.compile(r"(\d{2})\d{6}(?:-\d)?")
_WORKS = "45"
_LAST_OF_GOODS = "44"
_SOFTWARE_PACKAGES = "48"


def division_of(code: object) -> str | None:
    """The division of a code of eight digits, with its check digit or without; else None."""
    found = _CODE.fullmatch(code.strip()) if isinstance(code, str) else None
    return found[1] if found and found[1] in DIVISIONS else None


def category_of(division: str) -> str:
    """Goods, services or works: what CPV 2008 says a division is of."""
    if division == _WORKS:
        return "works"
    return "goods" if division <= _LAST_OF_GOODS or division == _SOFTWARE_PACKAGES else "services"
