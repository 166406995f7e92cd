"""One TOML file held strictly to the dataclasses of the model; every fault in it is found at once.

Does not belong here: what the figures must be among themselves (`consistency`), which files count (`load`).
"""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, TypeVar

from kcc_etl.parameters.base import Limits
from kcc_etl.parameters.toml_lines import join, lines_of_keys

Made = TypeVar("Made")
NO_LIMITS = Limits()

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PLACE = re.compile(r"at line ([0-9]+)")
_TWICE = ("Cannot overwrite a value", "Cannot declare")
"""How the parser begins to say that a key or a table is written twice."""
_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_BEGINS = re.compile(rf"\s*(?:({_KEY}(?:\s*\.\s*{_KEY})*)\s*=|(\[\[?[^\[\]]+\]\]?)\s*(?:#.*)?$)")
"""A line on which a key or a table begins."""


@dataclass
class Faults:
    """The faults of one file, each with its line and the key it is about."""

    file: str
    text: str
    found: list[str] = field(default_factory=list)

    def add(self, key: str, sentence: str) -> None:
        """Record one fault about a key such as `bands.band[2].mode`."""
        self.found.append(f"{self.file}, line {self._line_of(key)}: {key} {sentence}")

    def add_syntax(self, error: tomllib.TOMLDecodeError) -> None:
        """Record that the file is no TOML, and where its parser stopped."""
        at = _PLACE.search(str(error))
        line = int(at[1]) if at else self._last_line
        if str(error).startswith(_TWICE):
            self._add_twice(line)
            return
        self.found.append(f"{self.file}, line {line}: The file is not TOML: {error}")

    def _add_twice(self, line: int) -> None:
        """Record a key or a table that is written twice; the parser stops after the value of the second."""
        line = min(line, len(self._rows))
        while line > 1 and not _BEGINS.match(self._rows[line - 1]):
            line -= 1
        begun = _BEGINS.match(self._rows[line - 1])
        key, table = begun.groups() if begun else ("The key of this line", None)
        sentence = (
            f"{table} stands in the file already. Expected each table once"
            if table
            else f"{key} stands in its table already. Expected each key once"
        )
        self.found.append(f"{self.file}, line {line}: {sentence}")

    def _line_of(self, key: str) -> int:
        """The line of a key, of the table it belongs in when it is not written, else the last line."""
        while key:
            if key in self._lines:
                return self._lines[key]
            key = key[: key.rindex("[")] if key.endswith("]") else key.rpartition(".")[0]
        return self._last_line

    @cached_property
    def _lines(self) -> dict[str, int]:
        return lines_of_keys(self.text)

    @property
    def _rows(self) -> list[str]:
        return self.text.split("\n")

    @property
    def _last_line(self) -> int:
        return max(len(self.text.splitlines()), 1)


def build(kind: type[Made], data: Mapping[str, object], faults: Faults, path: str = "") -> Made | None:
    """The dataclass filled from a TOML table; None, with the faults recorded, when the table is wrong.

    A key that the dataclass does not have, a key that is missing, a value of another type or outside its
    limits is a fault. A decimal stands in quotes: TOML floats are not exact and are refused.
    """
    before = len(faults.found)
    values = parts(kind, data, faults, path)
    return kind(**values) if len(faults.found) == before else None


def parts(kind: type[Any], data: Mapping[str, object], faults: Faults, path: str = "") -> dict[str, Any]:
    """The fields of the dataclass that the table fills without a fault; faults recorded as by `build`."""
    known = {f.name: f for f in fields(kind)}
    hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable, whatever mypy makes of type[Any]
    for key in data:
        if key not in known:
            faults.add(join(path, key), f"is not known here. {_known(key, tuple(known))}")
    values: dict[str, Any] = {}
    for name, definition in known.items():
        before = len(faults.found)
        if name in data:
            value = _value(hints[name], data[name], faults, join(path, name))
            if len(faults.found) == before:
                values[name] = value
        elif definition.default is MISSING:
            faults.add(join(path, name), "is missing")
    return values


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _known(key: str, names: Sequence[str]) -> str:
    """The key that was probably meant, or all there are."""
    near = get_close_matches(key, names, n=1)
    return f"Did you mean {near[0]}?" if near else f"Expected one of: {', '.join(names)}"


def _value(hint: Any, raw: object, faults: Faults, path: str, limits: Limits = NO_LIMITS) -> object:
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _value(inside[0], raw, faults, path, inside[1])
    if origin is types.UnionType:
        return _value(next(part for part in inside if part is not type(None)), raw, faults, path, limits)
    if origin is tuple:
        return _list(inside[0], raw, faults, path)
    if origin is dict:
        return _mapping(inside[1], raw, faults, path)
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
    return tuple(_value(item, row, faults, f"{path}[{n}]") for n, row in enumerate(raw, start=1))


def _mapping(item: Any, raw: object, faults: Faults, path: str) -> object:
    if not isinstance(raw, dict):
        faults.add(path, "is not a table")
        return {}
    return {key: _value(item, value, faults, join(path, key)) for key, value in raw.items()}


def _scalar(hint: Any, raw: object, limits: Limits, faults: Faults, path: str) -> object:
    choices = typing.get_args(hint)
    kind = str if choices else hint
    value = _typed(kind, raw)
    sentence = _NAMES[kind] if value is None else _outside(value, limits)
    if choices and raw not in choices:
        sentence = "one of " + ", ".join(choices)
    if sentence:
        faults.add(path, f"is {_shown(raw)}. Expected {sentence}")
        return None
    return value


def _shown(raw: object) -> str:
    """The value as the file writes it."""
    if isinstance(raw, bool):
        return str(raw).lower()
    return raw.isoformat() if isinstance(raw, date) else repr(raw)


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
