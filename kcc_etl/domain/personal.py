"""Signs of personal data in a text: address, telephone or National Insurance number, date of birth, postcode,
a person's name.

Does not belong here: who may be named in a publication (`kcc_etl.domain.redaction`).
"""

from __future__ import annotations

import re
import unicodedata

_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}")
# HM Revenue and Customs, National Insurance Manual NIM39110: prefix, six digits, suffix A to D.
_NI_NUMBER = re.compile(
    r"(?<![A-Z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"\s?[0-9]{2}\s?[0-9]{2}\s?[0-9]{2}\s?[A-D](?![A-Z0-9])",
    re.IGNORECASE,
)
# The 124 postcode areas of Royal Mail; a reference such as `EV1 2AB` is no postcode, for there is no area EV.
_AREAS = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|"
    "FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|"
    "NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|"
    "TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_POSTCODE = re.compile(
    rf"(?<![A-Z0-9])(?:{_AREAS})[0-9][0-9A-HJKMNP-Y]?\s?[0-9][ABD-HJLNP-UW-Z]{{2}}(?![A-Z0-9])", re.IGNORECASE
)
# United Kingdom, ten or eleven digits after the leading 0 or +44 (Ofcom, National Telephone Numbering Plan).
_TELEPHONE = re.compile(
    r"(?<![\w£.,/+-])(?:\+44\s?(?:\(0\)\s?)?|\(?0)[1-9](?:[\s()-]{0,2}[0-9]){8,9}(?![\w/-])"
)
_DATE = (
    r"(?:[0-9]{1,2}[./ -][0-9]{1,2}[./ -][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\s+[0-9]{2,4})"
)
_BORN = re.compile(
    rf"\b(?:d\.?\s?o\.?\s?b\b\.?|dates? of birth|born)(?:\W+on)?\W{{0,4}}{_DATE}", re.IGNORECASE
)
# "MS" and "DR" can be words of trade ("MS Office", "DR site"): a name after them is in capitals too.
_ADDRESSED = re.compile(
    r"\b(?:[Mm](?:r|rs|s|iss|x)|[Dd]r|Sir|Dame|Lady|Lord|Cllr|Rev|Prof|MRS?|MISS|MX|SIR|DAME|CLLR"
    r"|(?:DR|MS)(?=\W+[A-Z]{3}))"
    r"(?:\s*[./&,]\s*|\s+)(?P<name>(?:(?:de|da|du|der|den|van|von|la|le|bin|al|el)\s+)*"
    r"[^\W\d_][\w'’.-]*(?:\s+(?:(?:de|da|du|der|den|van|von|la|le|bin|al|el|and|&)\s+)*[^\W\d_a-z][\w'’.-]*)*)"
)
_OF_CARE = re.compile(
    r"\b(?:care|package|placement|foster\w*|respite|tuition|guardianship|lodgings?|allowance|direct payments?"
    r"|personal budget|school transport|adaptations?|support (?:package|plan|worker)|supported living"
    r"|therapy|carer|nursing|schooling|ehcp?)\b",
    re.IGNORECASE,
)
_FOR_SOMEBODY = re.compile(
    r"\b(?:for|of|to|re|on behalf of)\b:?\s+(?P<name>[^\W\d_a-z][\w'’.-]*(?:\s+[^\W\d_a-z][\w'’.-]*){1,3})",
)
_OF_A_BODY = frozenset({
    "academy", "and", "association", "centre", "chemist", "church", "college", "council", "hospital",
    "house", "infirmary", "limited", "llc", "llp", "ltd", "partners", "partnership", "pharmacy", "plc",
    "practice", "primary", "school", "schools", "solicitors", "surgery", "trust", "university",
})  # fmt: skip
_OF_MANY = frozenset({
    "access", "adult", "adults", "age", "aged", "assessments", "autism", "autistic", "borough",
    "boroughs", "care", "carers", "child", "childhood", "children", "clients", "community", "complex",
    "county", "daily", "day", "dementia", "disabilities", "disability", "disabled", "district",
    "early", "east", "education", "elderly", "emergency", "families", "family", "fleet", "framework",
    "health", "high", "home", "homes", "household", "independent", "individual", "individuals", "kent",
    "learners", "learning", "leavers", "living", "local", "looked", "medway", "mental", "needs", "nhs",
    "north", "nursing", "older", "parents", "passengers", "patients", "people", "persons", "physical",
    "primary", "public", "pupils", "region", "residential", "residents", "respite", "road", "school",
    "schools", "secondary", "sen", "send", "senior", "sensory", "service", "services", "short",
    "social", "south", "special", "students", "support", "supported", "transport", "users", "veterans",
    "vulnerable", "west", "women", "year", "years", "young", "youth",
})  # fmt: skip
_SIGNS = (
    ("an e-mail address", _EMAIL),
    ("a National Insurance number", _NI_NUMBER),
    ("a postcode", _POSTCODE),
)


def personal_data_in(text: str) -> str:
    """What kind of personal data the text seems to hold, in words; empty when none. Never the data itself."""
    return " and ".join(words for words, pattern in _SIGNS if pattern.search(text))


def without_contacts(text: str) -> str:
    """The text with `[e-mail address]` and `[telephone number]` in the place of each."""
    plain = _EMAIL.sub("[e-mail address]", text) if "@" in text else text
    return _TELEPHONE.sub("[telephone number]", plain)


def without_signs(text: str, instead: str) -> str:
    """The text with `instead` in the place of each e-mail address, telephone or National Insurance number and
    date of birth; postcodes stay, for sites of works have them too.
    """
    plain = _as_typed(text)
    found = any(pattern.search(plain) for pattern in _NEVER_PUBLISHED)
    if not found:
        return text
    for pattern in _NEVER_PUBLISHED:
        plain = pattern.sub(instead, plain)
    return plain


def may_name_a_person(text: str) -> bool:
    """Whether a text seems to name a person: a form of address with a name, or care for two or more words
    that begin with a capital and are no word for many people. A name in small letters is not seen.
    """
    plain = " ".join(_as_typed(text).split())
    addressed = (match["name"].split() for match in _ADDRESSED.finditer(plain))
    if any(_is_written_as_a_name(words) and not _is_a_body(words) for words in addressed):
        return True
    if not _OF_CARE.search(plain):
        return False
    cared_for = (match["name"].split() for match in _FOR_SOMEBODY.finditer(plain))
    return any(not {_folded(word) for word in words} & (_OF_MANY | _OF_A_BODY) for words in cared_for)


def _is_written_as_a_name(words: list[str]) -> bool:
    return any(word[0].isupper() for word in words)


def _is_a_body(words: list[str]) -> bool:
    """Whether a name goes on as that of an organisation: `Sir Roger Manwood's School`."""
    return any(_folded(word) in _OF_A_BODY - {"and"} for word in words)


def _folded(word: str) -> str:
    return word.casefold().strip(".,'’-")


def _as_typed(text: str) -> str:
    """Full-width digits and signs as those of a keyboard, no characters that nobody sees."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if unicodedata.category(c) != "Cf")


_NEVER_PUBLISHED = (_EMAIL, _NI_NUMBER, _BORN, _TELEPHONE)
