"""Numbers of organisations, read and repaired, and the one key that tells suppliers apart.

Every reader gives an `Identifier`: the number as its register writes it, and a note in words on what was done
to it or why it is none. Does not belong here: names (`names`), which keys are one supplier (`sameness`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kcc_etl.domain.names import fold_name

KEY_COLUMNS = ("supplier_company_number", "supplier_charity_number", "supplier_ppon", "supplier_name")
"""The columns that say who a supplier is, in the order of `supplier_key`."""

COMPANY_PREFIXES = frozenset((
    "AC", "BR", "CE", "CS", "CU", "ES", "FC", "FE", "GE", "GN", "GS", "IC", "IP", "LP", "NA",
    "NC", "NF", "NI", "NL", "NO", "NP", "NR", "NV", "NZ", "OC", "OE", "PC", "RC", "RS", "SA",
    "SC", "SE", "SF", "SG", "SI", "SL", "SO", "SP", "SR", "SZ", "ZC",
))  # fmt: skip
"""Two-letter prefixes of company numbers. Source: Companies House URI customer guide."""

# A spreadsheet loses one or two zeros at the front; fewer digits are of something else.
_DIGITS = re.compile(r"([0-9]{6,8})(?:\.0+)?")
_TOO_SHORT = re.compile(r"(?:[A-Z]{2})?[0-9]{1,5}(?:\.0+)?")
_PREFIXED = re.compile(r"([A-Z]{2})([0-9]{4,6})")
# Societies registered before 2014 carry a trailing R, cancelled ones a C: IP27635R, IP00149C, SP1234RS.
# Source: Companies House basic company data, June 2020. Their digits are not padded by anyone.
_SOCIETY = re.compile(r"(?:IP|SP|NP|NO)[0-9]{4,5}[RC][A-Z]?")
# The same number as the Mutuals Public Register writes it, of England and Wales: 27635R.
_SOCIETY_ALONE = re.compile(r"([0-9]{5}R)")
_OLD_NORTHERN_IRISH = re.compile(r"R[0-9]{7}")
_CHARITY = re.compile(r"[0-9]{6,7}(?:-[0-9]{1,3})?")
_SCOTTISH_CHARITY = re.compile(r"SC([0-9]{5,6})")
_NORTHERN_IRISH_CHARITY = re.compile(r"NIC?([0-9]{6})")
_PPON = re.compile(r"(?:GB-?PPON[-:]?)?(P[A-Z]{3})-?([0-9]{4})-?([A-Z]{4})")
_VAT = re.compile(r"(?:GB|XI)?([0-9]{9})(?:[0-9]{3})?")
_REGISTERED = r"(?:REG(?:ISTERED|D|N)?\.?)?"
_REGISTRATION = r"REG(?:ISTRATION|N)?"
_NO = r"(?:NUMBER|NUM|NO)"
_COMPANY_WORDS = re.compile(
    rf"(?:GB-COH[-:]?|(?:UK)?{_REGISTERED}(?:COMPANY(?:{_REGISTRATION})?\.?{_NO}?"
    rf"|CO\.?(?:{_REGISTRATION}\.?{_NO}?|{_NO}))[.:]*|CRN[.:]*)"
)
_CHARITY_WORDS = re.compile(
    rf"(?:GB-(?:CHC|SC|NIC)[-:]?|{_REGISTERED}(?:CHARITY|CHA)(?:COMMISSION)?(?:{_REGISTRATION})?\.?{_NO}?[.:]*)"
)
_VAT_WORDS = re.compile(rf"VAT(?:{_REGISTRATION})?\.?{_NO}?[.:]*")
_NONE_GIVEN = frozenset((
    "", "-", "--", "?", "N/A", "NA", "NIL", "NONE", "NONUMBER", "NOTAPPLICABLE", "NOTKNOWN", "NULL", "TBA",
    "TBC", "UNKNOWN",
))  # fmt: skip
_CHARITY_SCHEMES = {"": "GB-CHC", "SC": "GB-SC", "NIC": "GB-NIC"}


@dataclass(frozen=True)
class Identifier:
    """A number as its register writes it; None when none was given or what was given is no such number.

    `note` says in words what was repaired, or what is wrong; empty when the number stood as it should, and
    when nothing was given.
    """

    number: str | None
    note: str = ""


_NOTHING = Identifier(None)


def read_company_number(text: str | None) -> Identifier:
    """A Companies House number in its eight characters.

    One or two zeros that a spreadsheet lost are put back; spaces, hyphens, `.0`, words such as `Company
    No.` left out; a society's number of the Mutuals Public Register written as at Companies House.
    Source: Companies House.
    """
    bare = _squeeze(text)
    if bare in _NONE_GIVEN:
        return _NOTHING
    plain = _COMPANY_WORDS.sub("", bare, count=1) if _COMPANY_WORDS.match(bare) else bare
    plain = plain.replace("-", "") if not _CHARITY.fullmatch(plain) else plain
    number = _company_number(plain)
    if number is None:
        return Identifier(None, _why_no_company(bare))
    if _is_stand_in(plain):
        return Identifier(None, "a stand-in, not the number of this company")
    if number == bare:
        return Identifier(number)
    digits = plain.partition(".")[0]
    padded = digits.isdigit() and len(digits) < len(number)
    return Identifier(
        number, "zeros at the front put back" if padded else "written as its register writes it"
    )


def read_charity_number(text: str | None) -> Identifier:
    """The number of a charity of England and Wales, Scotland (SC012345) or Northern Ireland (NIC101234).

    A linked charity of England and Wales has a second part: 1123456-1. A zero at the front is left out.
    Source: registers of the Charity Commission, OSCR and CCNI.
    """
    bare = _squeeze(text)
    if bare in _NONE_GIVEN:
        return _NOTHING
    plain = _CHARITY_WORDS.sub("", bare, count=1) if _CHARITY_WORDS.match(bare) else bare
    plain = re.sub(r"\.0+$", "", plain)
    number = _charity_number(plain)
    if number is None:
        vat = "a VAT number, not a charity number" if is_vat_number(bare) else ""
        return Identifier(None, vat or "no number of a charity register")
    if _is_stand_in(plain):
        return Identifier(None, "a stand-in, not the number of this charity")
    return Identifier(number, "" if number == bare else "written as its register writes it")


def read_ppon(text: str | None) -> Identifier:
    """The identifier of the central digital platform, `PABC-1234-DEFG`, without its scheme.

    Small letters are read as capitals and lost hyphens put back.
    Source: Central Digital Platform, PponService; it shows `GB-PPON-PABC-1234-DEFG`.
    """
    bare = _squeeze(text)
    if bare in _NONE_GIVEN:
        return _NOTHING
    if match := _PPON.fullmatch(bare):
        number = "-".join(match.groups())
        note = "written in capitals" if number in bare else "hyphens put back"
        return Identifier(number, "" if number in "".join(str(text).split()) else note)
    return Identifier(None, "no identifier of the form PABC-1234-DEFG")


def is_vat_number(text: str | None) -> bool:
    """Whether the text is a VAT registration number: GB or VAT and nine digits, or nine that pass its check.

    Both checks, modulus 97 and the 55 added since 2010, are those of HM Revenue and Customs.
    """
    bare = _squeeze(text)
    plain = _VAT_WORDS.sub("", bare, count=1) if _VAT_WORDS.match(bare) else bare
    match = _VAT.fullmatch(plain)
    if match is None:
        return False
    digits = [int(digit) for digit in match[1]]
    weighed = sum(w * d for w, d in zip(range(8, 1, -1), digits, strict=False)) + 10 * digits[7] + digits[8]
    return plain != match[1] or plain != bare or weighed % 97 in (0, 42)


def society_number(company_number: str | None) -> str | None:
    """The number of a society in the Mutuals Public Register: IP27635R of Companies House is 27635R there.

    None for any other company. Source: org-id.guide, GB-MPR.
    """
    if not company_number:
        return None
    if _SOCIETY.fullmatch(company_number):
        return company_number[2:].lstrip("0")
    return company_number[2:].lstrip("0") if company_number.startswith("RS") else None


def clean_company_number(text: str | None) -> tuple[str | None, bool]:
    """The Companies House number in its eight characters, and whether it had to be repaired. Rule CR-008.

    (None, False) when the text is no company number.
    """
    read = read_company_number(text)
    return read.number, bool(read.number and read.note)


def clean_charity_number(text: str | None) -> str | None:
    """The number of a charity, or None when the text is none."""
    return read_charity_number(text).number


def clean_ppon(text: str | None) -> str | None:
    """The bare identifier of the central digital platform, `PABC-1234-DEFG`, or None."""
    return read_ppon(text).number


def supplier_keys_of(company: str | None, charity: str | None, ppon: str | None) -> list[str]:
    """Every key that the identifiers of one supplier give, the one that counts first; empty without any.

    Schemes are those of org-id.guide: `GB-COH:01234567`, `GB-CHC:1234567`, `GB-SC:SC012345`, `GB-NIC:101234`,
    `GB-PPON:PABC-1234-DEFG`, and beside a society's company number `GB-MPR:27635R`.
    """
    keys = []
    number = read_company_number(company).number
    if number:
        keys.append(f"GB-COH:{number}")
    if registered := read_charity_number(charity).number:
        country = registered.rstrip("0123456789-")
        keys.append(f"{_CHARITY_SCHEMES[country]}:{registered.removeprefix('NIC')}")
    if platform := read_ppon(ppon).number:
        keys.append(f"GB-PPON:{platform}")
    if society := society_number(number):
        keys.append(f"GB-MPR:{society}")
    return keys


def supplier_key(company: str | None, charity: str | None, ppon: str | None, name: str | None) -> str:
    """The key of a supplier: its company number, else charity number, else PPON, else its folded name.

    Without an identifier it is `name:` and the folded name.
    """
    return next(iter(supplier_keys_of(company, charity, ppon)), f"name:{fold_name(name)}")


def _company_number(plain: str) -> str | None:
    if match := _DIGITS.fullmatch(plain):
        return match[1].zfill(8)
    if match := _PREFIXED.fullmatch(plain):
        number = match[1] + match[2].zfill(6)
        return number if match[1] in COMPANY_PREFIXES and number[2:] != "000000" else None
    if len(plain) == 8 and (_SOCIETY.fullmatch(plain) or _OLD_NORTHERN_IRISH.fullmatch(plain)):
        return plain
    return f"IP{plain}" if _SOCIETY_ALONE.fullmatch(plain) else None


def _why_no_company(bare: str) -> str:
    if is_vat_number(bare):
        return "a VAT number, not a company number"
    if _CHARITY_WORDS.match(bare) and read_charity_number(bare).number:
        return "a charity number, not a company number"
    if read_ppon(bare).number:
        return "a platform identifier, not a company number"
    return "too short for a company number" if _TOO_SHORT.fullmatch(bare) else "no company number"


def _is_stand_in(plain: str) -> bool:
    """Whether a number is one digit over and over, or counted up from 1 to 8."""
    digits = plain.partition(".")[0].replace("-", "")
    return digits == "12345678" or (digits.isdigit() and len(set(digits)) == 1)


def _charity_number(plain: str) -> str | None:
    if match := _SCOTTISH_CHARITY.fullmatch(plain):
        return f"SC{match[1].zfill(6)}"
    if match := _NORTHERN_IRISH_CHARITY.fullmatch(plain):
        return f"NIC{match[1]}"
    if not _CHARITY.fullmatch(plain):
        return None
    number = plain.lstrip("0")
    return number if _CHARITY.fullmatch(number) or not number.strip("-") else None


def _squeeze(text: str | None) -> str:
    """Capitals without spaces or invisible characters; a missing cell, NaN included, is empty."""
    if not isinstance(text, str):
        return ""
    if text.isascii() and text.isprintable():
        return text.upper().replace(" ", "")
    normal = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in normal if not c.isspace() and unicodedata.category(c)[0] != "C")
