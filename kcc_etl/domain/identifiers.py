"""Identifiers of organisations, and the one key that tells suppliers apart.

Does not belong here: matching names that merely look alike, redaction of payees.
"""

from __future__ import annotations

import re
import unicodedata

COMPANY_PREFIXES = frozenset((
    "AC", "BR", "CE", "CS", "CU", "ES", "FC", "FE", "GE", "GN", "GS", "IC", "IP", "LP", "NA",
    "NC", "NF", "NI", "NL", "NO", "NP", "NR", "NV", "NZ", "OC", "OE", "PC", "RC", "RS", "SA",
    "SC", "SE", "SF", "SG", "SI", "SL", "SO", "SP", "SR", "SZ", "ZC",
))  # fmt: skip
"""Two-letter prefixes of company numbers. Source: Companies House URI customer guide."""

_DIGITS = re.compile(r"([0-9]{1,8})(?:\.0)?")
_PREFIXED = re.compile(r"([A-Z]{2})([0-9]{1,6})")
# Registered societies carry a trailing R (IP12345R, SP1234RS); their digits are not padded by anyone.
_SOCIETY = re.compile(r"(IP|SP|NP|NO)[0-9]{4,5}R[A-Z]?")
_OLD_NORTHERN_IRISH = re.compile(r"R[0-9]{7}")
_CHARITY = re.compile(r"[0-9]{5,7}(?:-[0-9]{1,3})?|SC[0-9]{6}|NIC?[0-9]{6}")
_PPON = re.compile(r"(?:GB-PPON[-:])?(P[A-Z]{3}-[0-9]{4}-[A-Z]{4})")

_LEGAL_SUFFIXES = ("public limited company", "limited liability partnership", "limited", "ltd", "plc", "llp")


def clean_company_number(text: str | None) -> tuple[str | None, bool]:
    """The Companies House number in its eight characters, and whether zeros lost at the front were put back.

    (None, False) when the text is no company number. Spreadsheets turn `01234567` into `1234567` or
    `1234567.0`; both are mended. Source: Companies House; rule CR-008.
    """
    bare = _squeeze(text)
    if match := _DIGITS.fullmatch(bare):
        number = match[1].zfill(8)
        return (None, False) if number == "00000000" else (number, number != bare)
    if match := _PREFIXED.fullmatch(bare):
        number = match[1] + match[2].zfill(6)
        known = match[1] in COMPANY_PREFIXES and number[2:] != "000000"
        return (number, number != bare) if known else (None, False)
    if len(bare) == 8 and (_SOCIETY.fullmatch(bare) or _OLD_NORTHERN_IRISH.fullmatch(bare)):
        return bare, False
    return None, False


def clean_charity_number(text: str | None) -> str | None:
    """The number of a charity of England and Wales, Scotland (SC012345) or Northern Ireland (NIC101234).

    None when the text is no charity number.
    """
    bare = _squeeze(text).removesuffix(".0")
    if not _CHARITY.fullmatch(bare) or not bare.strip("0"):
        return None
    return bare.replace("NIC", "NI").replace("NI", "NIC")


def clean_ppon(text: str | None) -> str | None:
    """The bare identifier of the central digital platform, `PABC-1234-DEFG`, or None.

    Source: Central Digital Platform, PponService; shown there as `GB-PPON-PABC-1234-DEFG`.
    """
    match = _PPON.fullmatch(_squeeze(text))
    return match[1] if match else None


def fold_name(name: str | None) -> str:
    """A supplier name reduced to what tells suppliers apart.

    Compatibility forms and case folded, invisible characters and punctuation dropped, `&` read as `and`, the
    legal form (Ltd, Limited, PLC, LLP) dropped from the end. A name that is nothing but a legal form stays.
    """
    folded = unicodedata.normalize("NFKC", name or "").casefold().replace("&", " and ")
    visible = (" " if c.isspace() else c for c in folded if c.isspace() or unicodedata.category(c)[0] != "C")
    closed = re.sub(r"[.'’`]", "", "".join(visible))
    words = " ".join(re.sub(r"[\W_]+", " ", closed).split())
    return _without_legal_form(words) or words


def supplier_key(company: str | None, charity: str | None, ppon: str | None, name: str | None) -> str:
    """The key of a supplier: its company number, else charity number, else PPON, else its folded name.

    Schemes are those of org-id.guide: `GB-COH:01234567`, `GB-CHC:1234567`, `GB-SC:SC012345`,
    `GB-NIC:101234`, `GB-PPON:PABC-1234-DEFG`; without an identifier `name:` and the folded name.
    """
    number, _ = clean_company_number(company)
    if number:
        return f"GB-COH:{number}"
    if registered := clean_charity_number(charity):
        if registered.startswith("NIC"):
            return f"GB-NIC:{registered[3:]}"
        return f"GB-SC:{registered}" if registered.startswith("SC") else f"GB-CHC:{registered}"
    if platform := clean_ppon(ppon):
        return f"GB-PPON:{platform}"
    return f"name:{fold_name(name)}"


def _squeeze(text: str | None) -> str:
    """Capitals without spaces or invisible characters; a missing cell, NaN included, is empty."""
    if not isinstance(text, str):
        return ""
    normal = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in normal if not c.isspace() and unicodedata.category(c)[0] != "C")


def _without_legal_form(words: str) -> str:
    for suffix in _LEGAL_SUFFIXES:
        if words == suffix:
            return ""
        if words.endswith(" " + suffix):
            return _without_legal_form(words.removesuffix(" " + suffix))
    return words
