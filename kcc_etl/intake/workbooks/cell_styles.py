"""The styles of a workbook, as far as they change what a cell says: dates, shares, zeros, currencies, white.

Does not belong here: values (`sheet_xml`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from kcc_etl.domain.money import foreign_currency
from kcc_etl.intake.workbooks.package import Package, local_name, whole_number

Shown = Literal["plain", "date", "elapsed", "percent", "zeros", "currency"]
"""How a number shows: as it is, a date or time, hours that run on, a percentage, with zeros, in no pounds."""

# ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are dates in the versions for East Asia.
_BUILT_IN: dict[int, Shown] = {
    **dict.fromkeys((9, 10), "percent"),
    **dict.fromkeys((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)), "date"),
    46: "elapsed",
}
# Words inside a number format show as they are: `0" %"` shows 50 as `50 %`; `_x` leaves room, `*x` fills it.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
# The same parts one by one: the room of `_€`, as wide as a euro sign, shows none.
_SHOWN_PART = re.compile(r'_.|\*.|"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|([^"\\_*\[])')
_BRACKET = re.compile(r"\[[^\]]*\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_ZEROS = re.compile(r"0{2,20}")
_WHITE_INDEX = {"1", "9"}
_WHITE_THEME = "0"
_FILLED_WITH_NOTHING = {"none", ""}


@dataclass
class Styles:
    """By the number of a cell's style: how its numbers show, with how many digits, whether nobody sees it.

    `currencies` holds the sign or code of a currency other than pounds, and else nothing.
    """

    shown: list[Shown] = field(default_factory=list)
    digits: list[int] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)
    unseen: list[bool] = field(default_factory=list)


def shown_as(code: str) -> tuple[Shown, int]:
    """How a number format shows a number, and with how many digits at least."""
    plain = _LITERAL.sub("", code.partition(";")[0])
    if _ELAPSED.search(plain):
        return "elapsed", 0
    plain = _BRACKET.sub("", plain)
    if "%" in plain:
        return "percent", 0
    if plain.casefold() != "general" and re.search("[dmhys]", plain, re.IGNORECASE):
        return "date", 0
    if currency_of(code):
        return "currency", 0
    return ("zeros", len(plain)) if _ZEROS.fullmatch(plain.strip()) else ("plain", 0)


def currency_of(code: str) -> str:
    """The sign or code of the currency that a number format shows; empty for pounds and for none.

    What stands in `[$€-2]` is a currency by its place; `[$-809]` names a language only. `€`, `"€"` and
    `"EUR"` are words of the format.
    """
    words = ""
    for quoted, escaped, marked, bare in _SHOWN_PART.findall(code):
        if foreign := foreign_currency(marked, is_one=True):
            return foreign
        words += quoted or escaped or bare
    return foreign_currency(words)


def read_styles(package: Package, part: str | None) -> Styles:
    """The styles of the cells; none when the workbook has no such part."""
    reader = _Reader()
    if part is not None:
        package.parse(part, reader.start, reader.end)
    return reader.styles


class _Reader:
    """Follows the XML of the styles."""

    def __init__(self) -> None:
        self.styles = Styles()
        self._path: list[str] = []
        self._codes: dict[int, str] = {}
        self._white_fonts: list[bool] = []
        self._plain_fills: list[bool] = []

    def start(self, element: str, attributes: dict[str, str]) -> None:
        name = local_name(element)
        parents = self._path[-2:]
        self._path.append(name)
        if name == "numFmt" and "dxf" not in self._path:
            self._codes[whole_number(attributes.get("numFmtId"), 0)] = attributes.get("formatCode", "")
        elif name == "font" and parents[-1:] == ["fonts"]:
            self._white_fonts.append(False)
        elif name == "color" and parents == ["fonts", "font"]:
            self._white_fonts[-1] = _is_white(attributes)
        elif name == "fill" and parents[-1:] == ["fills"]:
            self._plain_fills.append(True)
        elif name == "patternFill" and parents == ["fills", "fill"]:
            self._plain_fills[-1] = attributes.get("patternType", "") in _FILLED_WITH_NOTHING
        elif name == "gradientFill" and parents == ["fills", "fill"]:
            self._plain_fills[-1] = False
        elif name == "fgColor" and parents == ["fill", "patternFill"] and self._plain_fills:
            self._plain_fills[-1] = self._plain_fills[-1] or _is_white(attributes)
        elif name == "xf" and parents[-1:] == ["cellXfs"]:
            self._add(attributes)

    def end(self, element: str) -> None:
        self._path.pop()

    def _add(self, attributes: dict[str, str]) -> None:
        number = whole_number(attributes.get("numFmtId"), 0)
        code = self._codes.get(number)
        shown, digits = shown_as(code) if code is not None else (_BUILT_IN.get(number, "plain"), 0)
        self.styles.shown.append(shown)
        self.styles.digits.append(digits)
        self.styles.currencies.append(currency_of(code) if shown == "currency" and code else "")
        white = _at(self._white_fonts, attributes.get("fontId"), other=False)
        plain = _at(self._plain_fills, attributes.get("fillId"), other=True)
        self.styles.unseen.append((white and plain) or (code or "").strip() == ";;;")


def _is_white(attributes: dict[str, str]) -> bool:
    if "tint" in attributes and attributes["tint"] not in {"0", "0.0"}:
        return False
    rgb = attributes.get("rgb", "").upper()
    return (
        rgb in {"FFFFFFFF", "00FFFFFF", "FFFFFF"}
        or attributes.get("theme") == _WHITE_THEME
        or attributes.get("indexed") in _WHITE_INDEX
    )


def _at(flags: list[bool], place: str | None, *, other: bool) -> bool:
    index = whole_number(place, 0)
    return flags[index] if index < len(flags) else other
