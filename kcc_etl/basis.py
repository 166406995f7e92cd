"""What tables and verdicts rest on, as one hash each: whoever makes or judges books it, the gate compares.

Does not belong here: what is made from what (`kcc_etl.schema.reads`), whether to publish (`kcc_etl.gate`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.reads import MADE_FROM, judged_with

_CODE = ("assets", "checks", "kcc_etl.domain", "kcc_etl.schema", "kcc_etl.parameters")
_LIBRARIES = ("great-expectations", "pandas")
_LENGTH = 16


@dataclass(frozen=True)
class Basis:
    """What a figure or a verdict rests on beside tables: the day spoken about, the parameters, the code."""

    as_of: date
    parameter_version: str
    code_version: str

    def inputs_version(self, table: str, versions: Mapping[str, str], period: str = "") -> str:
        """Hash of all that the verdicts on a table rest on; `versions` of every table it is judged with.

        `period` is the quarter it is booked to hold: no rows are right for one quarter and wrong for another.
        """
        read = {name: versions.get(name, "") for name in judged_with(table)}
        rest = [table, period, self.as_of.isoformat(), self.parameter_version, self.code_version]
        return _digest(json.dumps([rest, read], sort_keys=True).encode())

    def made_from(self, table: str, versions: Mapping[str, str]) -> str:
        """Hash of all that a table is made from; `versions` of every table that it is made from.

        The quarter of a table that holds one is booked beside it. The day counts for figures alone: on a
        later day an officer publishes from the core tables of the last night.
        """
        read = {name: versions.get(name, "") for name in MADE_FROM[table]}
        day = self.as_of.isoformat() if table.startswith("out_") else ""
        rest = ["made", table, day, self.parameter_version, self.code_version]
        return _digest(json.dumps([rest, read], sort_keys=True).encode())


def basis_of(as_of: date, parameters: Parameters) -> Basis:
    """The basis on which this program makes, judges and publishes today."""
    return Basis(as_of, parameters.version, code_version())


@cache
def code_version() -> str:
    """Hash of what makes the tables, the suites, the rules, all that these call, and their libraries.

    The version of a rule rises when what passes changes; this catches what nobody thought would change it.
    The code is read, not imported: what makes and judges stands above this module.
    """
    parts = [f"{name} {version(name)}" for name in _LIBRARIES]
    for package in _CODE:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations if spec else None) or ():
            files = sorted(file for file in Path(folder).rglob("*.*") if file.suffix in (".py", ".json"))
            parts += [f"{file.relative_to(folder)} {_digest(file.read_bytes())}" for file in files]
    return _digest("\n".join(parts).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_LENGTH]
