"""Places of the county: the twelve Kent districts, county-wide, and not known.

Does not belong here: finding the district of a postcode, the future unitary councils.
"""

from __future__ import annotations

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
