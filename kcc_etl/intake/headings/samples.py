"""What the values below a heading look like: dates, money, names, numbers of companies.

Does not belong here: headings (`headings`), reading cells for keeps (`values`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kcc_etl.domain.identifiers import clean_charity_number, clean_company_number, clean_ppon
from kcc_etl.domain.places import is_postcode
from kcc_etl.intake.cells.typed import word_meant
from kcc_etl.intake.cells.values import (
    Cell,
    ErrorCell,
    Unreadable,
    as_arrived,
    bare,
    is_empty,
    read_boolean,
    read_date,
    read_integer,
    read_pence,
)
from kcc_etl.schema.fields import FIELDS, FieldType

_SAYS_NOTHING = frozenset({"n/a", "na", "none", "nil", "-", "tbc", "null", "unknown", "not applicable"})
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# A date to the eye, though its year has two figures or its day and month are points apart.
_DATE_TO_THE_EYE = re.compile(r"[0-9]{1,2}[/. -](?:[0-9]{1,2}|[A-Za-z]{3,9})[/. -][0-9]{2}(?:[0-9]{2})?")
_OCID = re.compile(r"ocds-[a-z0-9]{6}-\S+", re.IGNORECASE)
_CPV = re.compile(r"[0-9]{8}(?:-[0-9])?")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_DIGIT = re.compile(r"[0-9]")
# Oxford, 2014 and 2015: `20000000_46281108`, an account for all and sundry and the number of the payment.
_TWO_NUMBERS = re.compile(r"[0-9]{4,}_[0-9]{4,}")
_LEGAL_FORM = re.compile(
    r"\b(ltd|limited|plc|llp|cic|c\.?i\.?c|council|trust|charity|nhs|university|association|company|"
    r"services|group|uk|society|partnership)\b",
    re.IGNORECASE,
)
_CODE_LENGTH, _REFERENCE_LENGTH = 20, 60
_FIRMS_AMONG_NAMES = 0.2


@dataclass(frozen=True)
class Agreement:
    """How many of the values of a column are what a field holds; `what` says what that is, in words."""

    fitting: int
    of: int
    what: str

    @property
    def is_telling(self) -> bool:
        """Whether values that fit speak for the field: almost anything is words."""
        return self.what not in {_WORDING[0], _BY_TYPE["text"][0]}

    @property
    def share(self) -> float:
        """Share of the values that fit, from 0 to 1; 1 when there are none."""
        return self.fitting / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{self.fitting} of {self.of} values are {self.what}"


def telling(cells: Sequence[Cell]) -> list[Cell]:
    """The values that say something: not empty, not `N/A` or the like, not redacted, no broken formula."""
    return [cell for cell in cells if not _says_nothing(cell)]


def agreement(field_name: str, cells: Sequence[Cell]) -> Agreement:
    """How the values of a column agree with what a field holds."""
    what, fits = _BY_FIELD.get(field_name) or _BY_TYPE[FIELDS[field_name].type]
    told = telling(cells)
    return Agreement(sum(fits(cell) for cell in told), len(told), what)


def unreadable_dates(cells: Sequence[Cell]) -> list[str]:
    """Values that are dates to the eye and that no reader takes, because the year has two figures."""
    return [as_arrived(cell) for cell in telling(cells) if _is_date(cell) and not _read(read_date)(cell)]


def are_addresses(cells: Sequence[Cell]) -> bool:
    """Whether at least half of the values are web addresses."""
    told = telling(cells)
    return bool(told) and 2 * sum(_is_address(cell) for cell in told) >= len(told)


def are_organisations(cells: Sequence[Cell]) -> bool:
    """Whether enough of the values are names of firms and public bodies for a list of suppliers."""
    told = telling(cells)
    firms = sum(bool(_LEGAL_FORM.search(as_arrived(cell))) for cell in told)
    return len(told) >= 3 and firms >= _FIRMS_AMONG_NAMES * len(told)


def untranslated(field_name: str, cells: Sequence[Cell]) -> list[str]:
    """The distinct words of a column that are none of the field's own, in the order they came."""
    if not FIELDS[field_name].words:
        return []
    words = (bare(as_arrived(cell)) for cell in cells if not is_empty(cell))
    return list(dict.fromkeys(word for word in words if word_meant(field_name, word) is None))


def _says_nothing(cell: Cell) -> bool:
    if is_empty(cell) or isinstance(cell, ErrorCell):
        return True
    word = bare(as_arrived(cell)).casefold()
    return word in _SAYS_NOTHING or word.startswith("redact")


def _read(reader: Callable[[Cell], object]) -> Callable[[Cell], bool]:
    def fits(cell: Cell) -> bool:
        value = reader(cell)
        return value is not None and not isinstance(value, Unreadable)

    return fits


def _is_date(cell: Cell) -> bool:
    return _read(read_date)(cell) or _text(_DATE_TO_THE_EYE)(cell)


def _text(pattern: re.Pattern[str]) -> Callable[[Cell], bool]:
    return lambda cell: pattern.fullmatch(bare(as_arrived(cell))) is not None


def _is_address(cell: Cell) -> bool:
    return _ADDRESS.match(bare(as_arrived(cell))) is not None


def _is_words(cell: Cell) -> bool:
    text = bare(as_arrived(cell))
    return _LETTERS.search(text) is not None and not _is_address(cell)


def _is_name(cell: Cell) -> bool:
    if not _is_words(cell) or _is_date(cell):
        return False
    text = bare(as_arrived(cell))
    return text.casefold() not in {"yes", "no"} and sum(c.isdigit() for c in text) * 2 < len(text)


def _is_reference(cell: Cell) -> bool:
    text = bare(as_arrived(cell))
    return len(text) <= _REFERENCE_LENGTH and _DIGIT.search(text) is not None and not _is_address(cell)


def _is_code(cell: Cell) -> bool:
    text = bare(as_arrived(cell))
    return len(text) <= _CODE_LENGTH and _DIGIT.search(text) is not None and not _is_date(cell)


def _is_ledger_number(cell: Cell) -> bool:
    text = bare(as_arrived(cell))
    return _is_code(cell) and " " not in text and not _TWO_NUMBERS.fullmatch(text)


def _is_grade(cell: Cell) -> bool:
    value = read_integer(cell)
    return isinstance(value, int) and 1 <= value <= 3


def _is_number(cleaner: Callable[[str], object]) -> Callable[[Cell], bool]:
    return lambda cell: bool(cleaner(as_arrived(cell)))


def _is_anything(cell: Cell) -> bool:
    return not _is_address(cell)


_Test = tuple[str, Callable[[Cell], bool]]
_NAMES: _Test = ("names", _is_name)
_REFERENCES: _Test = ("references", _is_reference)
_WORDING: _Test = ("words", _is_words)
_BY_TYPE: dict[FieldType, _Test] = {
    "date": ("dates", _is_date),
    "pence": ("amounts of money", _read(read_pence)),
    "boolean": ("Yes or No", _read(read_boolean)),
    "integer": ("numbers from 1 to 3", _is_grade),
    "exact": ("numbers", _read(read_pence)),
    "text": ("no web addresses", _is_anything),
}
_BY_FIELD: dict[str, _Test] = {
    "supplier_name": _NAMES,
    "supplier_company_number": (
        "company numbers",
        _is_number(lambda text: clean_company_number(text)[0]),
    ),
    "supplier_charity_number": ("charity numbers", _is_number(clean_charity_number)),
    "supplier_ppon": ("identifiers of the central digital platform", _is_number(clean_ppon)),
    "supplier_postcode": ("postcodes", _is_number(is_postcode)),
    "supplier_ledger_id": ("numbers or codes", _is_ledger_number),
    "ledger_code": ("codes", _is_code),
    "cpv_code": ("CPV codes", _text(_CPV)),
    "ocid": ("OCIDs", _text(_OCID)),
    "payment_ref": _REFERENCES,
    "invoice_ref": _REFERENCES,
    "contract_ref": _REFERENCES,
    "department": _WORDING,
    "purpose": _WORDING,
    "contract_title": _WORDING,
    "contract_description": _WORDING,
    "process_type": _WORDING,
}
