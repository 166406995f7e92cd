"""The parameter files: which count, read strictly, and their version.

Does not belong here: the shape of the parameters (`model`, `statutory`), settings of the program.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from kcc_etl.exceptions import ParameterError
from kcc_etl.parameters.authority import AuthorityFile
from kcc_etl.parameters.band_edges import check_bands
from kcc_etl.parameters.consistency import (
    check_approval,
    check_editions,
    check_materiality,
    check_measures,
    check_outcodes,
    check_policy,
    check_statutory,
)
from kcc_etl.parameters.duties import DutyRules
from kcc_etl.parameters.materiality import MaterialityFile
from kcc_etl.parameters.measure_codes import check_measure_codes, check_proxies
from kcc_etl.parameters.measures import MeasureFile
from kcc_etl.parameters.model import Parameters, Policy
from kcc_etl.parameters.outcodes import OutcodeFile
from kcc_etl.parameters.proxies import ProxyFile
from kcc_etl.parameters.redaction import RedactionRules
from kcc_etl.parameters.sign_off import SignOffFile
from kcc_etl.parameters.statutory import Statutory
from kcc_etl.parameters.toml_reader import Faults, parts
from kcc_etl.parameters.waivers import WaiverFile

AUTHORITY = "authority.toml"
MEASURES = "measures.toml"
OUTCODES = "outcodes.toml"
STATUTORY = "statutory.toml"
DUTIES = "duties.toml"
MATERIALITY = "materiality.toml"
PROXIES = "proxies.toml"
REDACTION = "redaction.toml"
SIGN_OFF = "sign_off.toml"
WAIVERS = "waivers.toml"
POLICY_PATTERN = "policy-*.toml"

_KINDS: Mapping[str, type[Any]] = {
    AUTHORITY: AuthorityFile,
    MEASURES: MeasureFile,
    OUTCODES: OutcodeFile,
    STATUTORY: Statutory,
    DUTIES: DutyRules,
    MATERIALITY: MaterialityFile,
    PROXIES: ProxyFile,
    REDACTION: RedactionRules,
    SIGN_OFF: SignOffFile,
    WAIVERS: WaiverFile,
}
EXPECTED_FILES = f"files named {', '.join(_KINDS)} or {POLICY_PATTERN}"
_REMEDY = "Correct the files named here; nothing was computed"


def load_parameters(folder: Path | None = None) -> Parameters:
    """The parameters in force: the shipped files, each replaced by the file of the same name in `folder`.

    Further policy editions in `folder` (policy-2028.toml) are added, and the council's own £ values
    (proxies.toml). Raises ParameterError with every fault of every file and its line: unknown or missing
    keys, figures outside their limits, bands with a gap or an overlap, tables without a source.
    """
    return parameters_of(texts_in_force(folder))


def parameters_of(texts: Mapping[str, str]) -> Parameters:
    """The parameters that files of these names and texts state. Raises as `load_parameters` does."""
    return _parameters_of(tuple(sorted(texts.items())))


# A night asks at every step, of texts that are the same all along.
@lru_cache(maxsize=4)
def _parameters_of(texts: tuple[tuple[str, str], ...]) -> Parameters:
    faults = {name: Faults(name, text) for name, text in texts}
    data = {name: _data(faults[name]) for name in faults}
    tables = {name: _tables(name, data[name], faults[name]) for name in faults}
    _check_together(tables, faults)
    found = [fault for name in faults for fault in faults[name].found]
    if found:
        number = "a fault" if len(found) == 1 else f"{len(found)} faults"
        raise ParameterError(
            f"The parameter files have {number}:\n  " + "\n  ".join(found) + "\n",
            expected="the keys and figures of the shipped files in kcc_etl/parameters",
            remedy=_REMEDY,
        )
    editions = sorted(
        ((Policy(**tables[name]), _version({name: data[name]})) for name in tables if is_edition(name)),
        key=lambda edition: edition[0].effective_from,
    )
    return Parameters(
        policies=tuple(policy for policy, _ in editions),
        measure_table=tables[MEASURES]["measures"],
        statutory=Statutory(**tables[STATUTORY]),
        duties=DutyRules(**tables[DUTIES]),
        redaction=RedactionRules(**tables[REDACTION]),
        outcodes=tables[OUTCODES]["kent"],
        materiality=tables[MATERIALITY]["materiality"],
        proxies=tables[PROXIES]["proxies"] if PROXIES in tables else None,
        authority=tables[AUTHORITY]["authority"],
        waivers=tables[WAIVERS]["waivers"],
        sign_off=tables[SIGN_OFF]["sign_off"],
        version=_version(data),
        edition_versions=tuple(version for _, version in editions),
    )


def texts_in_force(folder: Path | None) -> dict[str, str]:
    """The texts of the shipped files by name, with those of `folder` in their place or beside them."""
    return {**shipped_texts(), **(_folder_texts(folder) if folder else {})}


def shipped_texts() -> dict[str, str]:
    """The shipped parameter files: text by name."""
    shipped = resources.files("kcc_etl.parameters")
    return {e.name: e.read_text("utf-8") for e in shipped.iterdir() if e.name.endswith(".toml")}


def is_edition(name: str) -> bool:
    """Whether a file of this name is an edition of the policy."""
    return fnmatchcase(name, POLICY_PATTERN)


def read_parameter_file(path: Path) -> str:
    """The text of one parameter file. Raises ParameterError for a name or a file that cannot be used."""
    if path.name not in _KINDS and not is_edition(path.name):
        raise ParameterError(
            f"{path} is no parameter file",
            expected=EXPECTED_FILES,
            remedy="Rename it policy-2026.toml to take the place of that edition, or policy-2028.toml to be "
            "a new one with a day of its own as effective_from; move what is no parameter file elsewhere",
        )
    try:
        return path.read_text("utf-8-sig")  # Windows puts a mark before a text that it saves as UTF-8
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(
            f"{path} cannot be read: {error}", expected="a UTF-8 text", remedy="Save it again as UTF-8"
        ) from error


def _folder_texts(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise ParameterError(
            f"There is no folder {folder}",
            expected="a folder with parameter files",
            remedy="Correct the setting `parameters`, or leave it empty to use the shipped defaults",
        )
    return {path.name: read_parameter_file(path) for path in sorted(folder.glob("*.toml"))}


def _data(faults: Faults) -> dict[str, object] | None:
    """The content of a file as it is written; None, with the fault recorded, when it is no TOML."""
    try:
        return tomllib.loads(faults.text)
    except tomllib.TOMLDecodeError as error:
        faults.add_syntax(error)
        return None


def _tables(name: str, data: dict[str, object] | None, faults: Faults) -> dict[str, Any]:
    """The tables of a file that are without fault in themselves."""
    if data is None:
        return {}
    tables = parts(_KINDS.get(name, Policy), data, faults)
    if is_edition(name):
        check_bands(data, faults)
        check_policy(tables, faults)
        return tables
    check_approval(tables, faults, of_the_law=name == STATUTORY)
    if name == STATUTORY:
        check_statutory(tables, faults)
    if name == OUTCODES:
        check_outcodes(tables, faults)
    if name == MATERIALITY:
        check_materiality(tables, faults)
    if name == MEASURES and "measures" in tables:
        check_measures(tables["measures"], faults)
    return tables


def _check_together(tables: Mapping[str, dict[str, Any]], faults: Mapping[str, Faults]) -> None:
    """Record what files contradict in each other."""
    names = [name for name in tables if is_edition(name)]
    whole = {field.name for field in fields(Policy)}
    check_editions([(Policy(**tables[name]), faults[name]) for name in names if set(tables[name]) == whole])
    measures = tables[MEASURES].get("measures")
    if measures is None:
        return
    for name in names:
        check_measure_codes(tables[name], measures, faults[name])
    if PROXIES in tables:
        check_proxies(tables[PROXIES], measures, faults[PROXIES])


def _version(data: Mapping[str, object]) -> str:
    """The first 12 characters of the SHA-256 of the content; comments, order and spacing do not change it."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:12]
