"""The fictitious county: its council, directorates, places and suppliers.

No name, number, address or postcode belongs to anyone: company numbers are of a range that is not in use,
postcodes of the area ZZ, which does not exist, addresses of the domain `.example`, which is reserved.
Does not belong here: contracts and what hangs on them.
"""

from __future__ import annotations

from dataclasses import dataclass

from kcc_etl.domain.places import DISTRICTS
from kcc_etl.sample.dice import Dice

AUTHORITY_NAME = "Kesterway County Council (fictitious)"
AUTHORITY_ADDRESS = "1 Imaginary Square, Nowhere-on-Sea, ZZ1 1ZZ"
AUTHORITY_EMAIL = "procurement@kesterway.example"
AUTHORITY_IDS = ("GB-PPON-PZZZ-1111-ZZZY", "GB-PPON-PZZZ-2222-ZZZX")
OTHER_AUTHORITY_NAME = "Otherland District Council (fictitious)"
OTHER_AUTHORITY_ID = "GB-PPON-PZZZ-9999-ZZZW"

REFERENCE_PREFIX = "KSW"

DEPARTMENTS = (
    "Adult Care and Health",
    "Children and Learning",
    "Growth and Transport",
    "Corporate Services",
    "Public Health",
)

PLACES = (*DISTRICTS, "county", "unknown")
"""Places in turn: the districts as codes, county-wide, not known."""

_PPON_LETTERS = "BDGHJLMNPQRTVWXYZ"
_FIRST_NAMES = (
    "Puddleforth", "Quillhaven", "Snorrington", "Mirthwick", "Thistledown", "Bumblestone", "Figglesham",
    "Wobbleton", "Crumblegate", "Dandlebrook", "Fernsnout", "Gigglemarsh", "Hobblewick", "Inkleford",
    "Jumblecombe", "Kettlewhistle", "Lumberdale", "Muddlestow", "Nettlefumble", "Oddlington", "Piddlewick",
    "Quibblesea", "Rumplefield", "Scribbleton", "Tumbledene", "Umberfizz", "Velvethorpe", "Whimsbury",
    "Yonderly", "Zigzagham",
)  # fmt: skip
_MIDDLE_NAMES = ("Imaginary", "Pretend", "Make-Believe", "Fictive", "Storybook", "Invented", "Daydream")
_TRADES = {
    "works": ("Highways", "Construction", "Surfacing", "Civil Works"),
    "care": ("Homecare", "Care Homes", "Supported Living", "Day Care"),
    "services": ("Cleaning", "Grounds", "Transport", "Waste", "Training", "Catering"),
    "goods": ("Supplies", "Equipment", "Furniture"),
    "it": ("Software", "Networks"),
    "consultancy": ("Advisory", "Planning Partners"),
}
SECTORS = tuple(_TRADES)
_FORMS = ("Ltd", "Limited", "LLP", "plc")


@dataclass(frozen=True)
class Supplier:
    """A supplier as every system of the council knows it."""

    number: int
    sector: str
    name: str
    company_number: str | None
    charity_number: str | None
    ppon: str | None
    postcode: str
    size: str
    is_vcse: bool

    @property
    def ledger_id(self) -> str:
        """Its number in the payment ledger."""
        return f"V{100000 + self.number}"


def make_supplier(
    number: int, sector: str, size: str, *, is_vcse: bool = False, is_sole_trader: bool = False
) -> Supplier:
    """The supplier of a number: the same number gives the same names and identifiers."""
    first = _FIRST_NAMES[number % len(_FIRST_NAMES)]
    middle = _MIDDLE_NAMES[number // len(_FIRST_NAMES) % len(_MIDDLE_NAMES)]
    trade = _TRADES[sector][number % len(_TRADES[sector])]
    form = "Community Trust" if is_vcse else _FORMS[number % len(_FORMS)]
    name = f"{first} {middle} {trade} {form}"
    if is_sole_trader:
        name = f"Trader {number:04d} Fictitious trading as {first} {middle} {trade}"
    # Every seventh number begins with a zero, as real ones do; spreadsheets like to lose it.
    company = f"0999{number:04d}" if number % 7 == 0 else f"9900{number:04d}"
    return Supplier(
        number=number,
        sector=sector,
        name=name,
        company_number=None if is_sole_trader or (is_vcse and number % 3 == 0) else company,
        charity_number=f"99{number:05d}" if is_vcse else None,
        ppon=None if is_sole_trader else "GB-PPON-" + _ppon(number),
        postcode=f"ZZ{number % 89 + 10} {number % 9 + 1}ZZ",
        size=size,
        is_vcse=is_vcse,
    )


def draw_size(dice: Dice, value_thousands: int) -> str:
    """A size that could carry a contract of so many thousand pounds."""
    if value_thousands >= 20000:
        return "large"
    if value_thousands >= 3000:
        return dice.pick(("large", "medium"))
    if value_thousands >= 600:
        return dice.pick(("large", "medium", "medium", "small"))
    return dice.pick(("large", "medium", "small", "small", "micro"))


def _ppon(number: int) -> str:
    size = len(_PPON_LETTERS)
    one, two = _PPON_LETTERS[number % size], _PPON_LETTERS[number // size % size]
    return f"PZ{two}{one}-{1111 + number % 8000:04d}-ZZ{one}Z"
