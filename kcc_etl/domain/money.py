"""Money as integer pence and exact numbers: reading, splitting, rounding once, showing.

Does not belong here: what an amount is for, thresholds (`kcc_etl.parameters`), cell formats (`reports`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

MAX_PENCE = 10**14
"""A trillion pounds. Anything larger is a slip of the keyboard, and sums of it could leave 64 bits."""

_AMOUNT = re.compile(
    r"(?P<before>[-+(]|(?:cr|dr)(?=[ £])|)\s*(?:£|gbp|)\s*(?P<inner>[-+(]?)\s*"
    r"(?P<pounds>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+|[0-9]+|(?=\.[0-9]))"
    r"(?:\.(?P<part>[0-9]{0,2}))?"
    r"\s*(?:gbp|)\s*(?P<after>[-)]|cr|dr|)",
    re.IGNORECASE,
)
# Signs beside £: of the block for currencies and those that stand outside it, in full width too.
_SIGNS = "$¢¤¥֏؋৲৳฿៛\u20a0-\u20cf﷼＄￠￥￦"
# Currencies that a register of a British council may show; ISO 4217 codes, and how their people write them.
_CODES = (
    "(?i:chf|euros?|eur|usd)|AED|AUD|BGN|BRL|CAD|CNY|CZK|DKK|HKD|HUF|IDR|ILS|INR|ISK|JPY|KRW|MXN|MYR|NOK|NZD|"
    "PHP|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|ZAR|kr|Kč|zł"
)
_FOREIGN = re.compile(f"[A-Z]{{0,3}}[{_SIGNS}]|(?<![^\\W\\d_])(?:{_CODES})(?![^\\W\\d_])")
_MINUS_SIGN = "\u2212"
# A ledger writes CR before or behind a credit, which takes away, and DR with a debit; `CR7` is a code.
_NEGATIVE_BY_SIGNS = {"": False, "+": False, "-": True, "()": True, "cr": True, "dr": False}
_NO_DIGITS = re.compile(r"[^0-9]")


def parse_pounds(text: str) -> int:
    """Pence from a text of pounds: `1250`, `£1,250.5`, `1 250`, `.50`, `GBP 12`, `-12`, `(12)`, `12.00 CR`.

    At most one sign, commas or spaces only every three digits, two decimals at most.
    Raises ValueError with a sentence for a person for anything else, words and longer decimals included.
    """
    match = _AMOUNT.fullmatch(text.strip().replace(_MINUS_SIGN, "-"))
    negative = match and _NEGATIVE_BY_SIGNS.get((match["before"] + match["inner"] + match["after"]).lower())
    if match is None or negative is None:
        raise ValueError(f"'{text}' is not an amount of money; expected pounds and pence such as 1250.00.")
    digits = _NO_DIGITS.sub("", match["pounds"]).lstrip("0") or "0"
    if len(digits) > 15 or int(digits) * 100 >= MAX_PENCE:
        raise ValueError(f"'{text}' is a trillion pounds or more; expected pounds and pence such as 1250.00.")
    pence = int(digits) * 100 + int((match["part"] or "").ljust(2, "0"))
    return -pence if negative else pence


def foreign_currency(text: str, *, is_one: bool = False) -> str:
    """The sign or code of a currency other than pounds in a text, such as `$` or `EUR`; empty for none.

    `is_one` says that the text is the sign or code of a currency and nothing else, whichever it is.
    """
    if is_one:
        whole = text.strip()
        return "" if "£" in whole or whole.upper() == "GBP" else whole
    found = _FOREIGN.search(text)
    return found[0] if found else ""


def pounds_text(pence: int) -> str:
    """The amount for a data file: `1234.56`, `-0.05`."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def pounds_display(pence: int) -> str:
    """The amount for a reader, to the penny: `£1,234.56`, `-£0.05`."""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def pounds_whole(pence: int) -> str:
    """The amount for a reader, rounded half up to whole pounds: `£1,235`."""
    pounds = int(round_half_up(Fraction(pence, 100), 0))
    return f"{'-' if pounds < 0 else ''}£{abs(pounds):,}"


def round_half_up(value: Fraction, places: int = 0) -> Decimal:
    """The exact value rounded once to `places` decimals, a half away from zero: 13.5 gives 14, -0.5 gives -1.

    Source: social-value policy parameters, section 8.3.
    """
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = 1 if value < 0 and units else 0
    return Decimal((sign, tuple(int(digit) for digit in str(units)), -places))


def number_display(value: Fraction, places: int = 2) -> str:
    """The number for a reader: at most `places` decimals, rounded half up, no idle zeros: `13.5`, `1,204`."""
    rounded = round_half_up(value, places)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity_display(value: Fraction, unit: str, places: int = 2) -> str:
    """A quantity with its unit for a reader: `£1,204.5`, `98.5%`, `1 person`, `40 hours`."""
    number = number_display(value, places)
    whole = {"£": f"£{number}", "%": f"{number}%"}
    single = "person" if unit == "people" and value == 1 else unit
    return whole.get(unit, f"{number} {single}")


def percent_display(share: Fraction, places: int = 0) -> str:
    """A share of one as a percentage, rounded half up: 3/8 gives `38%`."""
    return f"{round_half_up(share * 100, places):f}%"


def split_exactly(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """The whole number `total` shared in proportion to `weights`; the shares add up to it exactly.

    Method of the largest remainder; equal remainders go to the earlier share. Shares of a negative total are
    those of its size, negated. Raises ValueError when there is no weight to share by, or a negative one.
    """
    whole = sum(Fraction(weight) for weight in weights)
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("An amount can only be shared by weights of zero or more that are not all zero.")
    ideal = [abs(total) * Fraction(weight) / whole for weight in weights]
    shares = [int(share) for share in ideal]
    left = abs(total) - sum(shares)
    by_remainder = sorted(range(len(ideal)), key=lambda place: (shares[place] - ideal[place], place))
    for place in by_remainder[:left]:
        shares[place] += 1
    return shares if total >= 0 else [-share for share in shares]
