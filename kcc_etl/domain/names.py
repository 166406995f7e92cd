"""Names of organisations: the one spelling that tells suppliers apart, and letters that only look right.

Does not belong here: numbers of organisations (`identifiers`), names that are merely alike (`lookalikes`).
A folded name is a key and nothing else; every table keeps the name as it arrived.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters of other scripts that pass for Latin ones. Source: Unicode Technical Standard 39, confusables.txt,
# the entries that lead from one Cyrillic or Greek letter to one Latin letter. A small letter without an entry
# of its own takes that of its capital, so that a name folds the same in capitals.
_CYRILLIC = dict(
    zip(
        "АВЕЗКМНОРСТУХЅІЈԚԜҺӀԌаезорсухѕіјԛԝһӏԁгвкмнт",
        "ABE3KMHOPCTYXSIJQWhlGae3opcyxsijqwhldrbkmht",
        strict=True,
    )
)
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορυχβεζημτ", "ABEZHIKMNOPTYXayiKvopuxbeznmt", strict=True))
_OTHER = {
    "Ø": "O",
    "ø": "o",
    "Ł": "L",
    "ł": "l",
    "Đ": "D",
    "đ": "d",
    "Æ": "ae",
    "æ": "ae",
    "Œ": "oe",
    "œ": "oe",
}
_LATIN = str.maketrans({**_CYRILLIC, **_GREEK, **_OTHER})

# The forms of the Companies Act 2006 (English and Welsh), the LLP Act 2000, and charities and CICs.
_LEGAL_FORMS = (
    "public limited company", "limited liability partnership", "community interest company",
    "charitable incorporated organisation", "cwmni cyfyngedig cyhoeddus", "limited", "ltd", "plc", "llp",
    "cic", "cio", "cyfyngedig", "cyf", "ccc",
)  # fmt: skip
_TRADING_AS = re.compile(r"\bt\s*/\s*as?\b[:.]?")
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "HEBREW", "ARABIC"})
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing: Unicode Standard Annex 9."""


@lru_cache(maxsize=65_536)  # a night asks for the same names again and again
def fold_name(name: str | None) -> str:
    """A supplier name reduced to what tells suppliers apart; empty only for a name without letter or digit.

    Compatibility forms, accents and case folded; look-alike letters read as Latin ones; invisible characters
    and punctuation dropped; `&` read as `and`; `The` dropped from the front and the legal form (Ltd, Limited,
    PLC, LLP, CIC, CIO) from the end. What a company trades as is left out: `Acme Ltd t/a Best Bikes` is
    `acme`; of a person, who has no such number, it stays. A name that is nothing but a legal form stays.
    """
    folded, again = "", _fold_once(name or "")
    while again != folded:  # what was dropped may have hidden another name to trade under
        folded, again = again, _fold_once(again)
    return folded


def _fold_once(name: str) -> str:
    plain = _plain(name)
    company = _trading_company(plain)
    words = _words(company or plain)
    return _without_legal_form(_without_article(words)) or words


def fault_in_letters(name: str) -> str:
    """What is odd about the letters of a name, in words; empty when nothing is.

    Latin letters beside Cyrillic, Greek or other ones, and characters that turn the direction of writing.
    """
    scripts = {_script(letter) for letter in unicodedata.normalize("NFKC", name) if letter.isalpha()}
    foreign = sorted((scripts & _SCRIPTS) - {"LATIN"})
    if "LATIN" in scripts and foreign:
        return "Latin letters mixed with " + " and ".join(script.capitalize() for script in foreign)
    return "a hidden character that turns the direction of writing" if _TURNING & set(name) else ""


def _plain(name: str) -> str:
    """Small Latin letters without accents and without invisible characters."""
    latin = unicodedata.normalize("NFKC", name).translate(_LATIN).casefold()
    apart = unicodedata.normalize("NFKD", latin)
    seen = (" " if c.isspace() else c for c in apart if c.isspace() or unicodedata.category(c)[0] not in "CM")
    small = "".join(seen).translate(_LATIN).casefold().replace("&", " and ")
    return _TRADING_AS.sub(" trading as ", small)


def _words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"[.'’`]", "", text)).split())


def _trading_company(plain: str) -> str:
    """The company in front of `t/a`; empty when none stands there or what stands there has no legal form."""
    before, found, _ = plain.partition(" trading as ")
    words = _words(before)
    return before if found and _without_legal_form(words) not in ("", words) else ""


def _without_article(words: str) -> str:
    while words.startswith("the "):
        words = words.removeprefix("the ")
    return words


def _without_legal_form(words: str) -> str:
    for form in _LEGAL_FORMS:
        if words == form:
            return ""
        if words.endswith(" " + form):
            return _without_legal_form(words.removesuffix(" " + form))
    return words


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]
