"""One TOML file held strictly to the dataclasses of the model; every fault in it is found at once.

Does not belong here: what the figures must be among themselves (`consistency`), which files count (`load`).
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeVar

from kcc_etl.parameters.base import Limits

Made = TypeVar("Made")
NO_LIMITS = Limits()

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_HEADING = re.compile(r"\s*\[(\[)?\s*([A-Za-z0-9_.\-]+)\s*\]")


@dataclass
class Faults:
    """The faults of one file, each with the key it is about and, where it can be told, the line."""

    file: str
    text: str
    found: list[str] = field(default_factory=list)

    def add(self, key: str, sentence: str) -> None:
        """Record one fault about a key such as `bands.band[2].mode`."""
        line = self._line_of(key)
        place = f"{self.file}, line {line}" if line else self.file
        self.found.append(f"{place}: {key} {sentence}")

    def _line_of(self, key: str) -> int:
        """The line of a key, of its table when the key itself is not written, 0 when neither is."""
        table, _, name = key.rpartition(".")
        counts: dict[str, int] = {}
        here, heading_line = "", 0
        for number, line in enumerate(self.text.splitlines(), start=1):
            if heading := _HEADING.match(line):
                here = heading[2]
                if heading[1]:
                    counts[here] = counts.get(here, 0) + 1
                    here = f"{here}[{counts[here]}]"
                heading_line = number if here in (table, key) else heading_line
            elif here == table and re.match(rf"\s*\"?{re.escape(name)}\"?\s*=", line):
                return number
        return heading_line


def build(kind: type[Made], data: Mapping[str, object], faults: Faults, path: str = "") -> Made | None:
    """The dataclass filled from a TOML table; None, with the faults recorded, when the table is wrong.

    A key that the dataclass does not have, a key that is missing, a value of another type or outside its
    limits is a fault. A decimal stands in quotes: TOML floats are not exact and are refused.
    """
    before = len(faults.found)
    known = {f.name: f for f in fields(typing.cast(Any, kind))}
    hints = typing.get_type_hints(kind, include_extras=True)
    for key in data:
        if key not in known:
            expected = ", ".join(known)
            faults.add(_join(path, key), f"is not known here. Expected one of: {expected}")
    values: dict[str, object] = {}
    for name, definition in known.items():
        if name in data:
            values[name] = _value(hints[name], data[name], faults, _join(path, name))
        elif definition.default is MISSING:
            faults.add(_join(path, name), "is missing")
    return kind(**values) if len(faults.found) == before else None


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _value(hint: Any, raw: object, faults: Faults, path: str, limits: Limits = NO_LIMITS) -> object:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _value(parts[0], raw, faults, path, parts[1])
    if origin is types.UnionType:
        return _value(next(part for part in parts if part is not type(None)), raw, faults, path, limits)
    if origin is tuple:
        return _list(parts[0], raw, faults, path)
    if origin is dict:
        return _mapping(parts[1], raw, faults, path)
    if is_dataclass(hint) and isinstance(hint, type):
        return _table(hint, raw, faults, path)
    return _scalar(hint, raw, limits, faults, path)


def _table(hint: type[Any], raw: object, faults: Faults, path: str) -> object:
    if isinstance(raw, dict):
        return build(hint, raw, faults, path)
    faults.add(path, "is not a table")
    return None


def _list(item: Any, raw: object, faults: Faults, path: str) -> object:
    if not isinstance(raw, list):
        faults.add(path, "is not a list")
        return ()
    numbered = enumerate(raw, start=1)
    return tuple(
        _value(item, row, faults, f"{path}[{n}]" if is_dataclass(item) else path) for n, row in numbered
    )


def _mapping(item: Any, raw: object, faults: Faults, path: str) -> object:
    if not isinstance(raw, dict):
        faults.add(path, "is not a table")
        return {}
    return {key: _value(item, value, faults, _join(path, key)) for key, value in raw.items()}


def _scalar(hint: Any, raw: object, limits: Limits, faults: Faults, path: str) -> object:
    choices = typing.get_args(hint)
    kind = str if choices else hint
    value = _typed(kind, raw)
    sentence = _NAMES[kind] if value is None else _outside(value, limits)
    if choices and raw not in choices:
        sentence = "one of " + ", ".join(choices)
    if sentence:
        faults.add(path, f"is {raw!r}. Expected {sentence}")
        return None
    return value


_NAMES: dict[type, str] = {
    bool: "true or false",
    int: "a whole number without quotes",
    str: "a text in quotes",
    date: "a date such as 2026-01-01",
    Fraction: 'a decimal in quotes, such as "0.75"',
}


def _typed(kind: type, raw: object) -> object:
    if kind is Fraction:
        return Fraction(raw) if isinstance(raw, str) and _DECIMAL.fullmatch(raw) else None
    if kind is int:
        return raw if isinstance(raw, int) and not isinstance(raw, bool) else None
    if kind is date:
        return raw if isinstance(raw, date) and not isinstance(raw, datetime) else None
    return raw if isinstance(raw, kind) else None


def _outside(value: Any, limits: Limits) -> str:
    """What was expected of a value outside its limits; empty when it is inside."""
    if limits.filled and not value.strip():
        return "a text that is not empty"
    least, above, most = limits.least, limits.above, limits.most
    bounds = [
        (f"{least} or more", least, least is None or value >= least),
        (f"more than {above}", above, above is None or value > above),
        (f"at most {most}", most, most is None or value <= most),
    ]
    if all(holds for _, _, holds in bounds):
        return ""
    return " and ".join(words for words, bound, _ in bounds if bound is not None)
