"""Places of the county: the twelve Kent districts, county-wide, not known, and where a postcode lies.

Does not belong here: the table of outcodes (`kcc_etl.parameters.outcodes`), the future unitary councils.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kcc_etl.parameters.outcodes import Outcodes

COUNTY = "county"
UNKNOWN = "unknown"

# Source: Office for National Statistics, codes of districts. Medway (E06000035) is no part of the county.
DISTRICTS: dict[str, str] = {
    "E07000105": "Ashford",
    "E07000106": "Canterbury",
    "E07000107": "Dartford",
    "E07000108": "Dover",
    "E07000109": "Gravesham",
    "E07000110": "Maidstone",
    "E07000111": "Sevenoaks",
    "E07000112": "Folkestone and Hythe",
    "E07000113": "Swale",
    "E07000114": "Thanet",
    "E07000115": "Tonbridge and Malling",
    "E07000116": "Tunbridge Wells",
}

PLACES: dict[str, str] = {**DISTRICTS, COUNTY: "County-wide", UNKNOWN: "Not known"}
"""Every value that a district column may hold, with its name for a reader."""

_OTHER_NAMES = {
    "shepway": "E07000112",  # its name until 2018
    "e10000016": COUNTY,
    "kent": COUNTY,
    "county wide": COUNTY,
    "countywide": COUNTY,
    "not known": UNKNOWN,
}
_CODES = {
    **{code.casefold(): code for code in PLACES},
    **{name.casefold(): code for code, name in DISTRICTS.items()},
    **_OTHER_NAMES,
}


def clean_district(text: str | None) -> str | None:
    """The code of a Kent district given by code or name, `county`, `unknown`, or None for anything else."""
    if not isinstance(text, str):
        return None
    plain = " ".join(text.casefold().replace("&", " and ").replace("-", " ").split())
    return _CODES.get(plain)


YES, NO = "yes", "no"
"""With `UNKNOWN` the three answers to a question about a supplier; not known is never taken for no."""

# British Standard 7666: the first half has two to four characters, the second a digit and two letters.
_OUTCODE, _INCODE = "(?P<outcode>(?P<area>[A-Z]{1,2})[0-9][0-9A-Z]?)", "[0-9][A-Z]{2}"
_POSTCODE = re.compile(rf"{_OUTCODE}(?P<incode>{_INCODE})?")
_LAST_POSTCODE = re.compile(rf"({_OUTCODE}\s?{_INCODE})\W*$", re.IGNORECASE)


def is_postcode(text: str | None) -> bool:
    """Whether a text is a whole postcode, with or without its space."""
    match = _read(text)
    return match is not None and match["incode"] is not None


def last_postcode(address: str | None) -> str | None:
    """The postcode at the end of an address in one text, in capitals; None when there is none."""
    found = _LAST_POSTCODE.search(address or "")
    return found[1].upper() if found else None


def _read(text: object) -> re.Match[str] | None:
    return _POSTCODE.fullmatch("".join(text.upper().split())) if isinstance(text, str) else None


@dataclass(frozen=True)
class Whereabouts:
    """Where a postcode lies: outcode, whether in the county (yes, no, unknown), and district or `unknown`."""

    outcode: str | None = None
    in_kent: str = UNKNOWN
    district: str = UNKNOWN


def whereabouts(postcode: str | None, outcodes: Outcodes) -> Whereabouts:
    """Where a postcode, or an outcode alone, lies.

    The district is known where the outcode reaches one only. A postcode that cannot be read, of an area that
    does not exist, or whose outcode crosses the boundary, is in the county `unknown`. Medway is outside.
    """
    match = _read(postcode)
    if match is None or match["area"] not in outcodes.areas:
        return Whereabouts()
    outcode = match["outcode"]
    if districts := outcodes.inside.get(outcode):
        return Whereabouts(outcode, YES, districts[0] if len(districts) == 1 else UNKNOWN)
    if outcode in outcodes.outside or match["area"] not in outcodes.areas_of_kent:
        return Whereabouts(outcode, NO)
    return Whereabouts(outcode)
