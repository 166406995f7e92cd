"""Why a cell cannot be read, told as what to write in its place.

Does not belong here: reading cells (`values`), which rule a fault breaks (`tabular`, `returns`).
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from kcc_etl.domain.money import foreign_currency
from kcc_etl.intake.cells.values import (
    Cell,
    ErrorCell,
    as_arrived,
    bare,
    month_named,
    read_date,
    read_pence,
)
from kcc_etl.schema.fields import FieldType

EXPECTED: dict[FieldType, str] = {
    "pence": "an amount of money such as 1250.00",
    "date": "a date such as 2026-11-23 or 23/11/2026",
    "boolean": "Yes or No",
    "integer": "a whole number",
    "exact": "a number of zero or more",
    "text": "words, not a broken formula",
}
"""What a cell of each type holds, when nothing more can be said."""

_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""The days 3 October 1954 to 10 January 2119 as a spreadsheet counts them."""
_DAY_ZERO = date(1899, 12, 30)
_UNITS = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}
_WITH_UNIT = re.compile(
    r"£?\s*([0-9][0-9,]*(?:\.[0-9]+)?)\s*(k|thousand|m|mn|million|bn|billion)", re.IGNORECASE
)
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]{1,2}", re.IGNORECASE)
_CONTINENTAL = re.compile(r"£?\s*(-?[0-9]{1,3}(?:\.[0-9]{3})+|-?[0-9]+),([0-9]{1,2})")
_IN_PENCE = re.compile(r"(-?[0-9][0-9,]*)\s*(?:p|pence)", re.IGNORECASE)
_OTHER_GROUPS = re.compile(
    r"£?\s*(-?[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:['\u2019_][0-9]{3})+))((?:\.[0-9]{1,2})?)"
)
_LONG_DECIMAL = re.compile(r"£?\s*-?[0-9,]+\.[0-9]{3,}")
_SHORT_YEAR = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[-/. ]([0-9]{2})")
_TURNED = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_ISO_PARTS = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_RUN_TOGETHER = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_NO_SIGN_OR_DIGIT = re.compile(r"[^-0-9]")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]{1,12})?")
_NUMBER_IN = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_CENTURY = 2000
_FIRST_YEAR = 1900


def expected(cell: Cell, kind: FieldType) -> str:
    """What should stand in a cell of this type that could not be read: the likely value, if there is one."""
    if isinstance(cell, ErrorCell):
        return f"{EXPECTED[kind]}; the cell shows {cell.code}"
    told = _TELLERS[kind](cell, bare(as_arrived(cell))) if kind in _TELLERS else ""
    return told or EXPECTED[kind]


def _tell_pence(cell: Cell, text: str) -> str:
    if isinstance(cell, date):
        return "an amount of money; the cell is formatted as a date"
    folded = _in_plain_digits(text)
    if folded != text and isinstance(read_pence(folded), int):
        return f"{folded}, in the digits 0 to 9"
    if likely := _likely_amount(text):
        return likely
    if text.endswith("%"):
        return "an amount of money such as 1250.00, not a percentage"
    if foreign_currency(text):
        return "the amount in pounds, such as 1250.00"
    if _LONG_DECIMAL.fullmatch(text):
        return "whole pence: two decimals at most, such as 1250.05"
    if not any(c.isdigit() for c in text):
        return "an amount of money such as 1250.00; 0.00 when it is nothing"
    return ""


def _likely_amount(text: str) -> str:
    """Of an amount that is written in another way, the one that is likely meant."""
    if match := _WITH_UNIT.fullmatch(text):
        return f"{_times(match[1], match[2])}, if that is the amount, written out in pounds"
    if _EXPONENT.fullmatch(text):
        return f"the amount written out in pounds and pence, not as {text}"
    if match := _CONTINENTAL.fullmatch(text):
        return f"{match[1].replace('.', '')}.{match[2]:0<2}, with a point before the pence"
    if match := _IN_PENCE.fullmatch(text):
        return f"{Decimal(match[1].replace(',', '')) / 100:.2f}, in pounds"
    if match := _OTHER_GROUPS.fullmatch(text):
        return (
            f"{_NO_SIGN_OR_DIGIT.sub('', match[1])}{match[2]}, with nothing or a comma between the thousands"
        )
    return ""


def _tell_date(cell: Cell, text: str) -> str:
    if (serial := _serial_day(cell, text)) is not None:
        return f"{serial.isoformat()}, if that day is meant: {text} is how a spreadsheet counts it"
    if match := _SHORT_YEAR.fullmatch(text):
        day = _day(match[3], match[2], match[1], century=_CENTURY)
        return f"{day:%d/%m/%Y}, with four digits of the year" if day else "a year of four digits"
    if match := _TURNED.fullmatch(text):
        return _tell_turned(match)
    if match := _RUN_TOGETHER.fullmatch(text):
        day = _day(match[1], match[2], match[3])
        return f"{day.isoformat()}, if that day is meant" if day else ""
    if (match := _ISO_PARTS.match(text)) and 1 <= int(match[2]) <= 12:
        return _tell_calendar(int(match[1]), int(match[2]))
    if _CLOCK.fullmatch(text):
        return "a date such as 2026-11-23, not a time of day"
    folded = _in_plain_digits(text)
    if folded != text and isinstance(read_date(folded), date):
        return f"{folded}, in the digits 0 to 9"
    return ""


def _tell_turned(match: re.Match[str]) -> str:
    """Of a date such as 11/23/2026 or 31/02/2026."""
    _, second, year = (int(part) for part in match.groups())
    turned = _day(match[3], match[1], match[2]) if second > 12 else None
    if turned is not None:
        return f"{turned:%d/%m/%Y}, the day before the month"
    return _tell_calendar(year, second) if 1 <= second <= 12 else ""


def _tell_calendar(year: int, month: int) -> str:
    if not _FIRST_YEAR <= year <= date.max.year:
        return f"a date from the year {_FIRST_YEAR} on"
    days = monthrange(year, month)[1]
    return f"a day of the calendar: {date(year, month, 1):%B %Y} has {days} days"


def _tell_number(cell: Cell, text: str) -> str:
    folded = _in_plain_digits(text)
    if folded != text and _NUMBER_IN.fullmatch(folded):
        return f"{folded}, in the digits 0 to 9"
    if _EXPONENT.fullmatch(text):
        return f"the number written out, not as {text}"
    numbers = _NUMBER_IN.findall(text)
    if match := _WITH_UNIT.fullmatch(text):
        return f"the number alone, such as {_times(match[1], match[2])}, in the unit of the column"
    if len(numbers) == 1 and not text.startswith(("-", "(")):
        return f"the number alone, such as {numbers[0]}, in the unit of the column"
    if not numbers:
        return "a number; 0 when it is nothing"
    return ""


def _serial_day(cell: Cell, text: str) -> date | None:
    if isinstance(cell, bool | datetime | date):
        return None
    match = _SERIAL.fullmatch(text)
    if match is None:
        return None
    count = int(match[1])
    return _DAY_ZERO + timedelta(days=count) if _FIRST_SERIAL <= count <= _LAST_SERIAL else None


def _day(year: str, month: str, day: str, century: int = 0) -> date | None:
    number = int(month) if month.isdigit() else month_named(month)
    try:
        return date(century + int(year), number, int(day))
    except ValueError:
        return None


def _times(number: str, unit: str) -> str:
    value = Decimal(number.replace(",", "")) * 10 ** _UNITS[unit.casefold()]
    return f"{value.quantize(Decimal('0.01')) if value % 1 else int(value)}"


def _in_plain_digits(text: str) -> str:
    """The text with full-width, Arabic and other digits as 0 to 9."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)


_TELLERS: dict[FieldType, Callable[[Cell, str], str]] = {
    "pence": _tell_pence,
    "date": _tell_date,
    "integer": _tell_number,
    "exact": _tell_number,
}
