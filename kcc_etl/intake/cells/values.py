"""What one cell says: money, dates, yes/no, numbers, words. Total functions from a cell to a value.

A cell that says nothing gives None; one that cannot be read gives `Unreadable.CELL`, never an exception.
Does not belong here: which column a cell stands in, which rule its fault breaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache

from kcc_etl.domain.days import day_in_kent
from kcc_etl.domain.money import MAX_PENCE, parse_pounds


@dataclass(frozen=True)
class ErrorCell:
    """A cell of a workbook that holds no value but a broken formula, such as `#REF!`."""

    code: str

    def __str__(self) -> str:
        return self.code


class Unreadable(Enum):
    """The one value that stands for a cell that cannot be read."""

    CELL = "unreadable"


Cell = str | int | float | bool | date | datetime | ErrorCell | None

_INVISIBLE = dict.fromkeys(map(ord, "\x00\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u00ad"))
_NOT_APPLICABLE = "n/a"
_NUMBER = re.compile(
    r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+|[0-9]+|"
    r"(?=\.[0-9]))(\.[0-9]+)?"
)
_GROUPS = re.compile(r"[,\s]")
_NUMBER_LIMIT = 40
# A binary number written out in full, such as 631.1899999999999 for 631.19; 1 in 17 amounts of Devon, 2020.
_BINARY_NOISE = re.compile(r"-?[0-9]{1,15}\.[0-9]{10,20}")
_WHOLE_PENNY = Decimal("0.000001")
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})
_ISO_DATE = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
# 46 of 350 contract ends in summer on Find a Tender, 2026: a whole day, and not an hour into the next one.
_LAST_SECOND = re.compile(r"[ T]23:59:59(?:\.[0-9]+)?(?:Z|[+-]00:?00)$")
_UK_DATE = re.compile(
    r"([0-9]{1,2})(?P<mark>[/.-])([0-9]{1,2})(?P=mark)([0-9]{4})(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_NAMED_DATE = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[-/ ]([A-Za-z]{3,9})[-/ ]([0-9]{4})")
_SHORT_DATE = re.compile(r"([0-9]{1,2}([-/. ])(?:[0-9]{1,2}|[A-Za-z]{3,9})\2)([0-9]{2})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_FIRST_YEAR = 1900


def is_empty(cell: Cell) -> bool:
    """Whether a cell says nothing: no value, or nothing but spaces."""
    return cell is None or (isinstance(cell, str) and not bare(cell))


def bare(text: str) -> str:
    """The text without spaces around it and without characters that cannot be seen."""
    if text.isascii() and "\x00" not in text:  # of the characters that cannot be seen, the only one of ASCII
        return text.strip()
    return text.translate(_INVISIBLE).strip()


def as_arrived(cell: Cell) -> str:
    """The cell as a person would see it, for a message or for the row kept whole."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _plain(cell)
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)


def read_text(cell: Cell) -> str | Unreadable | None:
    """Words. A whole number keeps no decimals, a date its day; `NA` and `None` are words like any other."""
    if isinstance(cell, ErrorCell):
        return Unreadable.CELL
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return bare(as_arrived(cell)) or None


def read_pence(cell: Cell) -> int | Unreadable | None:
    """An amount of money in pence, from pounds. `N/A` says nothing.

    A number cell, or a text of ten decimals and more, must be a whole number of pence to within a millionth:
    631.1899999999999 is £631.19, 1250.005 is unreadable.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, str):
        text = bare(cell)
        if text.casefold() == _NOT_APPLICABLE:
            return None
        if _BINARY_NOISE.fullmatch(text):
            return whole_pence(Decimal(text))
        try:
            return parse_pounds(text)
        except ValueError:
            return Unreadable.CELL
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return Unreadable.CELL
    return whole_pence(Decimal(repr(cell)))


def whole_pence(pounds: Decimal) -> int | Unreadable:
    """Pence from an exact number of pounds, when it is finite, of a believable size and whole pence."""
    if not pounds.is_finite() or pounds.adjusted() > _NUMBER_LIMIT:
        return Unreadable.CELL
    pence = pounds * 100
    nearest = pence.to_integral_value()
    if abs(pence - nearest) > _WHOLE_PENNY or abs(nearest) >= MAX_PENCE:
        return Unreadable.CELL
    return int(nearest)


def read_date(cell: Cell) -> date | Unreadable | None:
    """A day: 2026-11-23 (or 2026-9-1), 23/11/2026, 23.11.2026, 23-Nov-2026, or a date cell.

    Day before month, always. A time of day is dropped; with its offset from Greenwich it gives the day it was
    in Kent, but the last second of a day in UTC is that day. Years before 1900 are unreadable.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell if cell.year >= _FIRST_YEAR else Unreadable.CELL
    return _date_of_text(bare(cell)) if isinstance(cell, str) else Unreadable.CELL


def read_boolean(cell: Cell) -> bool | Unreadable | None:
    """Yes or no, in the words Yes, No, True, False, Y, N, 1, 0."""
    if is_empty(cell):
        return None
    word = as_arrived(cell).strip().casefold()
    if word in _YES:
        return True
    return False if word in _NO else Unreadable.CELL


def read_number(cell: Cell, *, percent: bool = False) -> Fraction | Unreadable | None:
    """An exact number, with no words or units; `percent` allows a per cent sign, which changes nothing."""
    if is_empty(cell):
        return None
    if isinstance(cell, bool):
        return Unreadable.CELL
    if isinstance(cell, int):
        return Fraction(cell)
    text = _plain(cell) if isinstance(cell, float) else bare(cell) if isinstance(cell, str) else ""
    if percent and text.endswith("%"):
        text = text[:-1].rstrip()
    match = _NUMBER.fullmatch(text) if len(text) <= _NUMBER_LIMIT else None
    if match is None:
        return Unreadable.CELL
    return Fraction(f"{match[1]}{_GROUPS.sub('', match[2]) or '0'}{match[3] or ''}")


def read_integer(cell: Cell) -> int | Unreadable | None:
    """A whole number."""
    number = read_number(cell)
    if number is None or isinstance(number, Unreadable):
        return number
    fits = number.denominator == 1 and abs(number) < 2**62
    return int(number) if fits else Unreadable.CELL


@lru_cache(maxsize=4_096)
def _date_of_text(text: str) -> date | Unreadable:
    if match := _ISO_DATE.fullmatch(text):
        if match["zone"] and not _LAST_SECOND.search(text):
            return _day_of_moment(text)
        year, month, day = (int(part) for part in match.groups()[:3])
    elif match := _UK_DATE.fullmatch(text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
    elif match := _NAMED_DATE.fullmatch(text):
        day, month, year = int(match[1]), month_named(match[2]), int(match[3])
    else:
        return Unreadable.CELL
    try:
        return date(year, month, day) if year >= _FIRST_YEAR else Unreadable.CELL
    except ValueError:
        return Unreadable.CELL


def with_whole_year(cell: Cell) -> Cell:
    """The cell with 17/02/21 and 28-Sep-20 as 17/02/2021 and 28-Sep-2020; any other as it is.

    Only for a column whose dates somebody has said are so: day first, of this century.
    """
    match = _SHORT_DATE.fullmatch(bare(cell)) if isinstance(cell, str) else None
    return f"{match[1]}20{match[3]}" if match else cell


def month_named(word: str) -> int:
    """The month from 1 that a word such as `Nov`, `sept` or `November` names; 0 when it names none."""
    folded = word.casefold()
    names = ((n, name) for n, name in enumerate(_MONTHS, 1))
    return next((n for n, name in names if folded in {name, name[:3]} or folded == "sept" == name[:4]), 0)


def _day_of_moment(text: str) -> date | Unreadable:
    try:
        moment = datetime.fromisoformat(text)
        return day_in_kent(moment) if moment.year >= _FIRST_YEAR else Unreadable.CELL
    except (ValueError, OverflowError):
        return Unreadable.CELL


def _plain(number: float) -> str:
    """The shortest decimal that names the number, without an exponent; 12.0 is `12`."""
    exact = Decimal(repr(number))
    if not exact.is_finite() or abs(exact.adjusted()) > _NUMBER_LIMIT:
        return repr(number)
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
