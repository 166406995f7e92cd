"""Signs of personal data in free text: an e-mail address, a National Insurance number, a postcode.

Does not belong here: who may be named in a publication (`kcc_etl.domain.redaction`).
"""

from __future__ import annotations

import re

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
