"""Signs of personal data in a text: address, telephone or National Insurance number, date of birth, postcode,
a person's name.

Does not belong here: who may be named in a publication (`kcc_etl.domain.redaction`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_EMAIL = re.compile(
    r"[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}"
    r"|\b[\w.+-]+\s?[(\[{]\s?at\s?[)\]}]\s?[\w-]+(?:\s?(?:\.|[(\[{]\s?dot\s?[)\]}])\s?\w+)+",
    re.IGNORECASE,
)
# HM Revenue and Customs, National Insurance Manual NIM39110: prefix, six digits, suffix A to D.
_NI_NUMBER = re.compile(
    r"(?<![A-Z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[\s.-]?[0-9]{2}[\s.-]?[0-9]{2}[\s.-]?[0-9]{2}[\s.-]?[A-D](?![A-Z0-9])",
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
    r"(?<![\w£.,/+-])(?:(?:\+|00\s?)44\s?(?:\(0\)\s?)?|\(?0)[1-9](?:[\s()-]{0,2}[0-9]){8,9}(?![\w/-])"
)
_DATE = (
    r"(?:[0-9]{1,2}[./ -][0-9]{1,2}[./ -][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}(?![0-9])"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9}\s+[0-9]{2,4})"
)
_BORN = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\b\.?|dates? of birth|birth ?(?:date|day)|born)(?:\W+(?:on|is|was))?"
    rf"\W{{0,4}}{_DATE}"
    rf"|{_DATE}\W{{0,3}}(?:d\.?o\.?b\b|date of birth)",
    re.IGNORECASE,
)
# A number that one person has: of the health service, of a school's roll, of a case.
_OF_ONE_PERSON = re.compile(
    r"\b(?:case|client|claimant|patient|pupil|child|service user|person|resident|mosaic|liquidlogic|nhs|upn"
    r"|passport)\W{0,3}(?:(?:no|nr|number|id|ident|ref|reference)\b)?\W{0,3}(?:[A-Z]{1,3}[-/ ]?)?"
    r"[0-9](?:[ /-]?[0-9]){4,}",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"\b(?i:flat|apartment|bungalow) [0-9]{1,4}[A-Za-z]?\b"
    r"|(?<![\w-])[0-9]{1,4}[A-Za-z]?,? (?:[A-Z][\w'’-]+ ){1,3}"
    r"(?i:road|rd|street|avenue|ave|lane|close|drive|gardens|crescent|terrace|grove|mews|rise)\b"
)
_PARTIES = re.compile(r"\b[A-Z][\w'’-]+ (?:v|vs|versus)\.? [A-Z]")
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
# "Client Caseload System" is no client: after a word for one that begins with a capital stands a mark.
_ABOUT_ONE = re.compile(
    r"(?:\b(?i:re|c/o|on behalf of|(?:estate|case|parents?|mother|father|guardian) of|the late|payee"
    r"|reimburse(?:ment)?(?: of| to| for)?|fees (?:of|for))\b[:,-]?"
    r"|\b(?:client|claimant|pupil|patient|service user|tenant|deceased)\b[:,-]?"
    r"|\b(?i:client|claimant|pupil|patient|service user|tenant|deceased) ?[:,-])\s+"
    r"(?P<name>(?:[A-Z]\.?\s){1,3}[A-Z][\w'’-]+|[A-Z][\w'’-]+,? [A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)?)"
)
_INITIALS = re.compile(r"(?<![\w.&/])(?:[A-Z]\. ?){1,3}(?P<name>[A-Z][a-z'’]{2,}(?:-[A-Z][a-z]+)?)\b")
_SMALL_LETTERS = re.compile(r"\b(?:mr|mrs|cllr)\.?\s[a-z]")
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
    """Whether a text seems to name a person.

    A form of address with a name, initials with one, the parties of a case; somebody a text is about, or care
    for somebody, in two or more words that begin with a capital and are no words for many people or a body.
    A name in small letters is seen after a form of address alone.
    """
    plain = " ".join(_as_typed(text).split())
    if _SMALL_LETTERS.search(plain) or _PARTIES.search(plain):
        return True
    addressed = _names(_ADDRESSED, plain)
    if any(_is_written_as_a_name(words) and not _is_a_body(words) for words in addressed):
        return True
    about = [*_names(_ABOUT_ONE, plain), *_names(_INITIALS, plain)]
    cared_for = _names(_FOR_SOMEBODY, plain) if _OF_CARE.search(plain) else ()
    return any(
        not {_folded(word) for word in words} & (_OF_MANY | _OF_A_BODY) for words in (*about, *cared_for)
    )


def may_be_about_a_person(text: str) -> bool:
    """Whether a text seems to name a person, or holds an address, a postcode or a case's number."""
    plain = " ".join(_as_typed(text).split())
    told = (_OF_ONE_PERSON, _HOME, _POSTCODE)
    return any(pattern.search(plain) for pattern in told) or may_name_a_person(plain)


def _names(pattern: re.Pattern[str], text: str) -> Iterator[list[str]]:
    return (match["name"].split() for match in pattern.finditer(text))


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
