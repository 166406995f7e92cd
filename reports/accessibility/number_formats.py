"""Whether a cell shows the figure that it holds: formats that put another in its place, or a part of it.

Does not belong here: formats that leave a cell empty (`colours`), rules.
"""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache

_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_ASIDE = re.compile(r"\[[^\]]*\]|[_*].")
_DIGITS = re.compile(r"(?<![^\W\d_])\d")
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
_FRACTION = re.compile(r"/\s*\d+")
_LONGEST = 255
_MONTHS = tuple(name.casefold() for name in month_name[1:])


@cache
def shows_another(section: str) -> bool:
    """Whether a section of a number format shows digits of its own, or a number divided by a thousand."""
    section = section[:_LONGEST]
    literal = " ".join("".join(found) for found in _LITERAL.findall(section))
    rest = _ASIDE.sub("", _LITERAL.sub("", section))
    return bool(
        _DIGITS.search(literal) or re.search("[1-9]", _FRACTION.sub("", rest)) or _SCALED.search(rest)
    )


def shows_part(section: str, day: date) -> bool:
    """Whether a section of a number format leaves out what tells this day from another."""
    rest = _ASIDE.sub("", _LITERAL.sub("", section[:_LONGEST])).casefold()
    if "general" in rest or not re.search("[ymd]", rest):
        return False
    return (
        "y" not in rest
        or ("m" not in rest and (day.month, day.day) != (1, 1))
        or ("d" not in rest and day.day != 1)
    )


def is_shown(shown: str, kind: str, held: str) -> bool:
    """Whether a text shows the value that an OpenDocument cell of this kind holds, rounded or not."""
    if kind in ("float", "currency", "percentage"):
        return _shows_number(shown, kind, held)
    if kind == "date":
        return _shows_day(shown, held)
    return True


def _shows_number(shown: str, kind: str, held: str) -> bool:
    digits = re.sub(r"[^\d.]", "", shown)
    try:
        value, told = abs(Decimal(held)), Decimal(digits)
    except InvalidOperation:
        return False
    value = value * 100 if kind == "percentage" and "%" in shown else value
    places = len(digits.partition(".")[2])
    return abs(value - told) * 2 <= Decimal(10) ** -places


def _shows_day(shown: str, held: str) -> bool:
    try:
        day = datetime.fromisoformat(held[:10]).date()
    except ValueError:
        return False
    found = [int(n) for n in re.findall(r"\d+", shown.partition("T")[0])][:3]
    words = re.findall(r"[a-z]{3,}", shown.casefold())
    month = [n for n, name in enumerate(_MONTHS, start=1) if any(name.startswith(word) for word in words)]
    return sorted(found + month[:1]) in (
        sorted([day.year, day.month, day.day]),
        sorted([day.year % 100, day.month, day.day]),
    )
