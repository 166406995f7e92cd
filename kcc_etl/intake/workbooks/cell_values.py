"""What the words of a cell's XML say, by the cell's type and style: text, numbers, dates, errors.

Does not belong here: where the cell stands (`sheet_xml`), what its column means (`values`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from kcc_etl.intake.cells.values import as_arrived, bare
from kcc_etl.intake.workbooks.book import Scalar
from kcc_etl.intake.workbooks.cell_styles import Styles
from kcc_etl.intake.workbooks.package import whole_number
from kcc_etl.intake.workbooks.parts import plain_text

UNCALCULATED = "a formula that has not been calculated"
ERROR_CODES = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
"""Also when they stand in a cell as text, as they do after pasting values."""
TRUE_WORDS = frozenset({"1", "true"})

_MAC_DAYS = 1462
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  cells know no zones
_LAST_SERIAL = 2_958_466  # 31 December 9999, and a day
_MILLISECONDS = 86_400_000


class DamagedCellError(ValueError):
    """The words of a cell are none of its type; the message says which, after the name of the cell."""


class Said(NamedTuple):
    """What a cell says: a plain value, a moment as ISO text, or the code of an error."""

    way: Literal["plain", "date", "error"]
    value: Scalar


class CellValues:
    """Turns the words of cells into values. `texts` are the shared strings, None where one says nothing."""

    def __init__(self, strings: list[str], styles: Styles, *, date1904: bool) -> None:
        self.texts = [None if not bare(text) or text.strip() in ERROR_CODES else text for text in strings]
        self.is_plain = [shown == "plain" for shown in styles.shown]
        self._strings, self._styles = strings, styles
        self._days_off = _MAC_DAYS if date1904 else 0
        self._moments: dict[str, Said] = {}

    def said(self, kind: str, style: int, words: str) -> Said | None:
        """What a cell of this type and style says; None when nothing. Raises DamagedCellError."""
        bare_words = words.strip()
        if not bare_words:
            return None
        if kind == "n":
            return self._number(style, bare_words)
        if kind == "s":
            return self._shared(bare_words)
        if kind == "e":
            return Said("error", bare_words[:80])
        if kind == "b":
            return Said("plain", bare_words.lower() in TRUE_WORDS)
        return _iso(bare_words) if kind == "d" else _text(plain_text(words))

    def _shared(self, words: str) -> Said | None:
        place = whole_number(words, -1)
        if not 0 <= place < len(self._strings):
            raise DamagedCellError("names a text that is not there")
        return _text(self._strings[place])

    def _number(self, style: int, words: str) -> Said:
        number = number_of(words)
        shown = self._styles.shown[style] if style < len(self._styles.shown) else "plain"
        if shown == "date":
            said = self._moments.get(words)
            if said is None:
                said = self._moments[words] = self._moment(number)
            return said
        if shown == "percent":
            return Said("plain", _percentage(number))
        if shown == "currency":
            return Said("plain", _in_currency(number, self._styles.currencies[style]))
        if shown == "elapsed":
            return Said("plain", _elapsed(number))
        if shown == "zeros" and isinstance(number, int) and number >= 0:
            return Said("plain", str(number).zfill(self._styles.digits[style]))
        return Said("plain", number)

    def _moment(self, number: int | float) -> Said:
        """A date and time, or a time of day; a number that is none stays one."""
        if not 0 <= number + self._days_off < _LAST_SERIAL:
            return Said("plain", number)
        day, part = divmod(number, 1)
        rest = timedelta(milliseconds=round(part * _MILLISECONDS))
        if number < 1 and rest.days == 0:
            return Said("plain", str((_EPOCH + rest).time()))
        if not self._days_off and day == 60:
            return Said("plain", "1900-02-29")  # the day that Excel has and the calendar has not
        if not self._days_off and 0 < day < 60:
            day += 1
        return Said("date", (_EPOCH + timedelta(days=day + self._days_off) + rest).isoformat())


def number_of(words: str) -> int | float:
    """A number as XML writes it; whole ones stay whole. Raises DamagedCellError."""
    # Python takes 1_000, nan and other digits than these for numbers.
    if words.isascii() and "_" not in words and words[-1:] in "0123456789.":
        try:
            return int(words) if words.lstrip("-").isdecimal() and len(words) < 19 else float(words)
        except ValueError:
            pass
    raise DamagedCellError("holds a number that is none")


def _text(text: str) -> Said | None:
    if text.strip() in ERROR_CODES:
        return Said("error", text.strip())
    return Said("plain", text) if bare(text) else None


def _iso(words: str) -> Said | None:
    try:
        moment = datetime.fromisoformat(words.removesuffix("Z"))
    except ValueError:
        return _text(words)
    return Said("date", moment.replace(tzinfo=None).isoformat())


def _percentage(value: int | float) -> str:
    """A cell shown as a percentage says what it shows: 0.5 is `50%`."""
    exact = Decimal(repr(value)) * 100
    if not exact.is_finite() or abs(exact.adjusted()) > 40:
        return f"{value!r}"
    text = f"{exact:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def _in_currency(number: int | float, currency: str) -> str:
    """A cell shown in another currency says so: 55 is `$55`, `USD 55`."""
    space = " " if currency[-1:].isalpha() else ""
    return f"{currency}{space}{as_arrived(number)}"


def _elapsed(number: int | float) -> str:
    """Hours that run on, as the days and hours they make; a number that makes none as it is."""
    if not abs(number) < _LAST_SERIAL:
        return repr(number)
    return str(timedelta(milliseconds=round(number * _MILLISECONDS)))
