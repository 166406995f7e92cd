"""Colours of a workbook as red, green and blue, how far two stand apart, and what a number format shows.

Does not belong here: which colours are wrong (`look_rules`, `hidden_cells`). Contrast: WCAG 2.2, 1.4.3.
"""

from __future__ import annotations

import colorsys
import re
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

RGB = tuple[int, int, int]

BLACK: RGB = (0, 0, 0)
WHITE: RGB = (255, 255, 255)
LEAST_CONTRAST = 4.5
_NAMED: dict[str, RGB] = {
    "black": BLACK, "white": WHITE, "red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "magenta": (255, 0, 255), "cyan": (0, 255, 255),
}  # fmt: skip
_FORMAT_COLOUR = re.compile(r"\[(black|white|red|green|blue|yellow|magenta|cyan)\]", re.IGNORECASE)
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)')
_SHOWS = re.compile(r"General|@|[0#?]|[dmyhs]", re.IGNORECASE)
_LONGEST_FORMAT = 255
# The theme lists dark before light; the places in cells count light first.
_SWAPPED = (1, 0, 3, 2)


def theme_colours(theme: Element | None) -> list[RGB]:
    """The twelve colours of a theme in the order in which cells number them."""
    scheme = None if theme is None else next(theme.iter("clrScheme"), None)
    listed = [] if scheme is None else [_theme_colour(entry) for entry in scheme]
    return [listed[n] for n in _SWAPPED] + listed[4:] if len(listed) >= 4 else [WHITE, BLACK]


def _theme_colour(entry: Element) -> RGB:
    for colour in entry:
        return _hex(colour.get("lastClr") or colour.get("val") or "000000")
    return BLACK


def _hex(text: str) -> RGB:
    digits = text[-6:]
    return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)) if _is_hex(digits) else BLACK


def _is_hex(text: str) -> bool:
    return re.fullmatch(r"[0-9A-Fa-f]{6}", text) is not None


def rgb(colour: Any, theme: list[RGB], automatic: RGB) -> RGB:
    """A colour of openpyxl as red, green and blue; `automatic` where the file leaves it open."""
    from openpyxl.styles.colors import COLOR_INDEX

    if colour is None or colour.type == "auto":
        return automatic
    if colour.type == "theme":
        plain = theme[colour.theme] if 0 <= colour.theme < len(theme) else automatic
    elif colour.type == "indexed":
        plain = _hex(COLOR_INDEX[colour.indexed]) if colour.indexed < len(COLOR_INDEX) else automatic
    else:
        plain = _hex(str(colour.rgb))
    return _tinted(plain, float(colour.tint or 0.0))


def _tinted(plain: RGB, tint: float) -> RGB:
    if not tint:
        return plain
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in plain))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def background(fill: Any, theme: list[RGB]) -> RGB:
    """The colour behind a cell: that of a solid fill, white where there is none."""
    if fill is None or getattr(fill, "fill_type", None) in (None, "none"):
        return WHITE
    # A gradient has no colour of its own; the first it passes through stands for it.
    stops = getattr(fill, "stop", None)
    first = stops[0].color if stops else getattr(fill, "fgColor", None)
    return rgb(first, theme, WHITE)


def contrast(one: RGB, other: RGB) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: RGB) -> float:
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def section_for(number_format: str, value: object) -> str:
    """The section of a number format that shows a value: positive, negative, zero or text."""
    sections = _sections(number_format)
    if isinstance(value, str):
        return sections[3] if len(sections) > 3 else "@"
    if isinstance(value, bool) or not isinstance(value, int | float) or len(sections) < 2:
        return sections[0]
    return sections[1 if value < 0 else 2 if value == 0 and len(sections) > 2 else 0]


@cache
def _sections(number_format: str) -> list[str]:
    number_format = number_format[:_LONGEST_FORMAT]
    count = re.sub(r'"[^"]*"|\\.', "", number_format).count(";") + 1
    # The pattern also meets the empty end of a format that does not end with a semicolon.
    return [found.group(1) for found in _SECTION.finditer(number_format)][:count]


def tells_by_colour(number_format: str) -> bool:
    """Whether a number format shows that a number is negative by nothing but its colour."""
    sections = _sections(number_format)
    return (
        len(sections) > 1 and format_colour(sections[1]) is not None and not re.search(r"[-−(]", sections[1])
    )


@cache
def format_colour(section: str) -> RGB | None:
    """The colour that a section of a number format gives its text."""
    found = _FORMAT_COLOUR.search(section)
    return _NAMED[found.group(1).casefold()] if found else None


@cache
def shows_nothing(section: str) -> bool:
    """Whether a section of a number format leaves a cell looking empty."""
    section = section[:_LONGEST_FORMAT]
    literal = "".join(re.findall(r'"([^"]*)"', section)) + "".join(re.findall(r"\\(.)", section))
    rest = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', "", section)
    return not literal.strip() and not _SHOWS.search(rest) and not rest.strip()
