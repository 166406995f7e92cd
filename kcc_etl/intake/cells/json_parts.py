"""Parts of a decoded JSON object, whatever stands there: a text, a list, an amount; None for another shape.

Numbers are expected as `Decimal`, as `exact_json` gives them.
Does not belong here: what a part means, faults that somebody must be told of.
"""

from __future__ import annotations

import gc
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from kcc_etl.domain.personal import without_contacts
from kcc_etl.intake.cells.values import Unreadable, bare, whole_pence

JsonObject = Mapping[str, Any]

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INFINITE = Decimal("Infinity")
# Contracts Finder drops the backslashes of line ends: "by others.rnrnTo supply", "11 sweepersrnLot 2".
# After a letter an odd one is the end of a word: "modernrnrnIt".
# The pattern begins with the two letters, which are found faster than what may stand before them.
_DAMAGED_LINE_ENDS = re.compile(
    r"rn(?:(?<=[a-z]rn)(?P<end_of_word>)(?:rnrn)+(?!rn)|(?:rn)+|(?<=[.:;!?)]rn)(?=[A-Z0-9]))"
)


class RepeatedNameError(ValueError):
    """An object gives a name twice, so that one of two values would be lost; the message is the name."""


def exact_json(text: str | bytes) -> Any:
    """The value, every number a `Decimal`.

    Raises ValueError for no JSON, RepeatedNameError for an object that gives a name twice, RecursionError for
    one too deep.
    """
    # Nothing decoded is waste yet, and to look for waste among it takes a third of the time of decoding.
    collects = gc.isenabled()
    gc.disable()
    try:
        return json.loads(
            text,
            parse_float=_decimal,
            parse_int=_decimal,
            parse_constant=Decimal,
            object_pairs_hook=_object,
        )
    finally:
        if collects:
            gc.enable()


def part(parent: JsonObject, name: str) -> JsonObject:
    """The object of that name; an empty one when it is missing or no object."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def entries(parent: JsonObject, name: str) -> list[Any]:
    """The list of that name; an empty one when it is missing or no list."""
    value = parent.get(name)
    return value if isinstance(value, list) else []


def objects(parent: JsonObject, name: str) -> list[JsonObject]:
    """The objects of the list of that name."""
    return [entry for entry in entries(parent, name) if isinstance(entry, dict)]


def text(value: object) -> str | None:
    """A text or number as text without spaces around it; None for anything else and for nothing.

    Half characters (lone surrogates), which JSON can hold and no file can, show as a question mark.
    """
    if isinstance(value, str):
        whole = value if value.isascii() else value.encode("utf-8", "replace").decode()
        return bare(whole) or None
    return str(value) if isinstance(value, Decimal) else None


def prose(value: object) -> str | None:
    """Words that a person wrote: ways to reach people taken out, line ends that arrived as `rn` mended."""
    written = text(value)
    return written and (bare(without_contacts(_DAMAGED_LINE_ENDS.sub(_mended, written))) or None)


def joined(values: Iterable[object], separator: str = "|") -> str | None:
    """The distinct texts among the values, in order; None when there are none."""
    told = dict.fromkeys(found for value in values if (found := text(value)))
    return separator.join(told) or None


def flag(value: object) -> bool | None:
    """True or false; None for anything else."""
    return value if isinstance(value, bool) else None


def count(value: object) -> int | None:
    """A whole number from 0 to a million; None for anything else."""
    if isinstance(value, Decimal) and value.is_finite() and 0 <= value <= 1_000_000 and value == int(value):
        return int(value)
    return None


def pence(value: object) -> int | None:
    """Pence of an amount in pounds, a number or one in quotation marks; None when it is no such amount."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = _decimal(value.strip())
    found = whole_pence(value) if isinstance(value, Decimal) else Unreadable.CELL
    return None if isinstance(found, Unreadable) else found


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise RepeatedNameError(Counter(name for name, _ in members).most_common(1)[0][0])
    return found


def _mended(damaged: re.Match[str]) -> str:
    return "\n" if damaged["end_of_word"] is None else "rn\n"


def _decimal(number: str) -> Decimal:
    """The number exactly; one beyond all exponents is infinite."""
    try:
        return Decimal(number)
    except InvalidOperation:
        return _INFINITE
