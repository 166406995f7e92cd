"""The parameter files: which count, read strictly, and their version.

Does not belong here: the shape of the parameters (`model`, `statutory`), settings of the program.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path
from typing import TypeVar

from kcc_etl.exceptions import ParameterError
from kcc_etl.parameters.consistency import (
    check_approval,
    check_editions,
    check_measure_codes,
    check_measures,
    check_outcodes,
    check_policy,
    check_statutory,
)
from kcc_etl.parameters.model import MeasureFile, Measures, Parameters, Policy
from kcc_etl.parameters.outcodes import OutcodeFile, Outcodes
from kcc_etl.parameters.statutory import Statutory
from kcc_etl.parameters.toml_reader import Faults, build

MEASURES = "measures.toml"
OUTCODES = "outcodes.toml"
STATUTORY = "statutory.toml"
POLICY_PATTERN = "policy-*.toml"

Made = TypeVar("Made")


def load_parameters(folder: Path | None = None) -> Parameters:
    """The parameters in force: the shipped files, each replaced by the file of the same name in `folder`.

    Further policy editions in `folder` (policy-2028.toml) are added. Raises ParameterError with every fault
    of every file: unknown or missing keys, figures outside their limits, bands with a gap or an overlap,
    tables without a source.
    """
    texts = _texts(folder)
    faults = {name: Faults(name, text) for name, text in texts.items()}
    tables = {name: _table(text, faults[name]) for name, text in texts.items()}
    measures = _measures(tables[MEASURES], faults[MEASURES])
    statutory = _statutory(tables[STATUTORY], faults[STATUTORY])
    outcodes = _outcodes(tables[OUTCODES], faults[OUTCODES])
    editions = [(edition, faults[name]) for name in texts if (edition := _policy(name, tables, faults))]
    check_editions(editions)
    for policy, own in editions:
        if measures is not None:
            check_measure_codes(policy, measures, own)
    found = [fault for name in sorted(faults) for fault in faults[name].found]
    if found or measures is None or statutory is None or outcodes is None:
        raise ParameterError(
            f"The parameter files have {len(found)} faults: " + "; ".join(found),
            expected="the keys and figures of the shipped files in kcc_etl/parameters",
            remedy="Correct the files named here; nothing was computed",
        )
    policies = tuple(sorted((policy for policy, _ in editions), key=lambda policy: policy.effective_from))
    return Parameters(policies, measures, statutory, outcodes, _version(tables))


def _texts(folder: Path | None) -> dict[str, str]:
    """The text of every parameter file by name, the folder's own over the shipped ones."""
    shipped = resources.files("kcc_etl.parameters")
    texts = {e.name: e.read_text("utf-8") for e in shipped.iterdir() if e.name.endswith(".toml")}
    if folder is not None:
        if not folder.is_dir():
            raise ParameterError(
                f"There is no folder {folder}",
                expected="a folder with parameter files",
                remedy="Correct the setting `parameters`, or leave it empty to use the shipped defaults",
            )
        texts.update(_own_texts(folder))
    return dict(sorted(texts.items()))


def _own_texts(folder: Path) -> dict[str, str]:
    texts = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name not in (MEASURES, OUTCODES, STATUTORY) and not fnmatchcase(path.name, POLICY_PATTERN):
            raise ParameterError(
                f"{path} is no parameter file",
                expected=f"files named {MEASURES}, {OUTCODES}, {STATUTORY} or {POLICY_PATTERN}",
                remedy="Rename the file or move it elsewhere",
            )
        try:
            texts[path.name] = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ParameterError(
                f"{path} cannot be read: {error}", expected="a UTF-8 text", remedy="Save it again as UTF-8"
            ) from error
    return texts


def _table(text: str, faults: Faults) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.add("The file", f"is not TOML: {error}")
        return None


def _built(kind: type[Made], table: dict[str, object] | None, faults: Faults) -> Made | None:
    return None if table is None else build(kind, table, faults)


def _measures(table: dict[str, object] | None, faults: Faults) -> Measures | None:
    file = _built(MeasureFile, table, faults)
    if file is None:
        return None
    check_measures(file.measures, faults)
    check_approval(file, faults)
    return file.measures


def _statutory(table: dict[str, object] | None, faults: Faults) -> Statutory | None:
    statutory = _built(Statutory, table, faults)
    if statutory is not None:
        check_statutory(statutory, faults)
        check_approval(statutory, faults)
    return statutory


def _outcodes(table: dict[str, object] | None, faults: Faults) -> Outcodes | None:
    file = _built(OutcodeFile, table, faults)
    if file is None:
        return None
    check_outcodes(file.kent, faults)
    check_approval(file, faults)
    return file.kent


def _policy(
    name: str, tables: Mapping[str, dict[str, object] | None], faults: Mapping[str, Faults]
) -> Policy | None:
    if not fnmatchcase(name, POLICY_PATTERN):
        return None
    policy = _built(Policy, tables[name], faults[name])
    if policy is not None:
        check_policy(policy, faults[name])
    return policy


def _version(tables: Mapping[str, object]) -> str:
    """The first 12 characters of the SHA-256 of the content; comments, order and spacing do not change it."""
    canonical = json.dumps(tables, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:12]
