"""Parameters as a flat list of keys and values, in the order of their files, for people and for comparing.

Does not belong here: comparing (`differences`), what a key means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction

from kcc_etl.parameters.model import Parameters, Policy

ABSENT = "not there"
"""What is shown for a key that one of two sides does not have."""

_DAY = "effective_from"
_NAMES = ("code", "column", "risk", "keys", "role", "band", _DAY)
"""The fields that tell tables of one list apart, the first that a table has."""


def entries_of_edition(policy: Policy) -> dict[str, str]:
    """Key and value of every parameter of one edition: `policy.bands.B2.from_pence`.

    The day from which a table holds is told where it is not that of the edition.
    """
    begins = shown(policy.effective_from)
    found = dict(_entries("policy", policy))
    return {key: value for key, value in found.items() if (key.rpartition(".")[2], value) != (_DAY, begins)}


def entries_beside_editions(parameters: Parameters) -> dict[str, str]:
    """Key and value of every parameter outside the editions: measures, law, outcodes and the rest."""
    found = {
        **dict(_entries("measures", parameters.measure_table)),
        **dict(_entries("statutory", parameters.statutory)),
        **dict(_entries("duties", parameters.duties)),
        **dict(_entries("outcodes", parameters.outcodes)),
        **dict(_entries("materiality", parameters.materiality)),
        **dict(_entries("authority", parameters.authority)),
        **dict(_entries("waivers", parameters.waivers)),
        **dict(_entries("sign_off", parameters.sign_off)),
    }
    found["materiality.order"] = shown(tuple(rule.keys for rule in parameters.materiality.rule))
    return {**found, **dict(_entries("proxies", parameters.proxies))} if parameters.proxies else found


def _entries(path: str, value: object) -> Iterator[tuple[str, str]]:
    if is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if inner is not None:
                # A list that is all of its table adds no name of its own: policy.bands.B2, not …band.B2.
                whole = isinstance(inner, tuple) and bool(inner) and is_dataclass(inner[0])
                yield from _entries(path if whole and _only_list(value) else f"{path}.{field.name}", inner)
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for row in value:
            name = next(name for name in _NAMES if hasattr(row, name))
            told = f"{path}.{shown(getattr(row, name))}"
            yield from (entry for entry in _entries(told, row) if entry[0] != f"{told}.{name}")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _entries(f"{path}.{key}", inner)
    else:
        yield path, shown(value)


def _only_list(value: object) -> bool:
    """Whether a table has one list of tables only."""
    lists = [
        inner
        for field in fields(value)  # type: ignore[arg-type]  # the caller has seen that it is a dataclass
        if isinstance(inner := getattr(value, field.name), tuple) and inner and is_dataclass(inner[0])
    ]
    return len(lists) == 1


def shown(value: object) -> str:
    """A value as a person writes it: `0.75`, `2026-01-01`, `yes`, `a, b`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return _decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value) or "none"
    return str(value) if value != "" else "empty"


def _decimal(value: Fraction) -> str:
    """A decimal of a parameter file, exact; every one has a finite number of decimals."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    return ("-" if value < 0 else "") + whole + (f".{part}" if part else "")
