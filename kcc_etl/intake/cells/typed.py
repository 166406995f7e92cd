"""What a cell says as the value of a field: read by the field's type, or as one word of its list.

Does not belong here: the lists of words (`kcc_etl.schema.fields`), which rule another word breaks (`tables`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache

from kcc_etl.domain.places import PLACES, clean_district
from kcc_etl.intake.cells.values import (
    Cell,
    Unreadable,
    bare,
    read_boolean,
    read_date,
    read_integer,
    read_number,
    read_pence,
    read_text,
)
from kcc_etl.schema.fields import FIELDS, FieldType

Value = str | int | bool | date | Fraction | None

_READERS: dict[FieldType, Callable[[Cell], Value | Unreadable]] = {
    "pence": read_pence,
    "date": read_date,
    "boolean": read_boolean,
    "integer": read_integer,
    "exact": read_number,
    "text": read_text,
}
_DISTRICT = "district"
# Space, underscore, and every dash: `\W` would take away letters of a word that is written otherwise.
_BETWEEN = re.compile(r"[\s_\u00ad\u2010-\u2015\u2212-]+")


def read_typed(cell: Cell, kind: FieldType) -> Value | Unreadable:
    """The value of a cell of this type; None when it says nothing."""
    return _READERS[kind](cell)


def own_words(field_name: str) -> tuple[str, ...]:
    """The words that a field holds; none when it holds any words, or no words at all."""
    return tuple(PLACES) if field_name == _DISTRICT else FIELDS[field_name].words


def word_meant(field_name: str, text: str) -> str | None:
    """The word of the field's list that a text means, whatever its case, spaces, hyphens and underscores.

    None when it means none of them. A district may be given by its name.
    """
    if field_name == _DISTRICT:
        return clean_district(text)
    return _by_fold(field_name).get(_folded(text))


@cache
def _by_fold(field_name: str) -> dict[str, str]:
    return {_folded(word): word for word in FIELDS[field_name].words}


def _folded(text: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", bare(text)).casefold())
