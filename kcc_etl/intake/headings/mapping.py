"""Which column of a file is which field: by the titles of the dictionary, or by a saved header mapping.

A saved mapping is a decision of an officer, kept as TOML: what it maps, who reviewed it, when.
Does not belong here: reading cells, proposing mappings.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kcc_etl.domain.findings import listed
from kcc_etl.exceptions import SettingsError, SourceLayoutError
from kcc_etl.intake.cells.explain import EXPECTED
from kcc_etl.intake.cells.typed import own_words, read_typed, word_meant
from kcc_etl.intake.cells.values import Unreadable, bare
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND, Table

TABULAR_KINDS = ("register", "payments", "decisions")
_KEYS = frozenset(
    {
        "kind",
        "reviewed_by",
        "reviewed_on",
        "header_row",
        "two_digit_years",
        "ignore",
        "columns",
        "constants",
        "values",
    }
)
_BY_TITLE = "titles"
# A byte order mark read as cp1252 and saved again as UTF-8; seen in the Salford register.
_MOJIBAKE_MARK = "ï»¿"


@dataclass(frozen=True)
class HeaderMapping:
    """Headings of a file to fields of the dictionary, with fixed values and translations of cell text.

    `columns` and `values` are keyed by folded text; `ignore` holds the folded headings that an officer chose
    to leave out; `two_digit_years` says that 17/02/21 is the day, the month and a year from 2000 on.
    `version` is a short hash of the content, so that a changed mapping reads its files again.
    """

    kind: str
    columns: Mapping[str, str]
    ignore: frozenset[str] = frozenset()
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    header_row: int = 1
    two_digit_years: bool = False
    reviewed_by: str = ""
    reviewed_on: date | None = None
    version: str = _BY_TITLE

    @property
    def is_saved(self) -> bool:
        """Whether an officer saved it; the other mapping is that of the dictionary's own titles."""
        return self.version != _BY_TITLE

    def translate(self, field_name: str, text: str) -> str:
        """The cell text that stands for this one, or the text itself."""
        return self.values.get(field_name, {}).get(bare(text).casefold(), text)


def fold_heading(text: str) -> str:
    """A heading reduced to its letters and digits, so that case, spaces and punctuation do not matter."""
    plain = unicodedata.normalize("NFKC", text.removeprefix(_MOJIBAKE_MARK)).casefold()
    return re.sub(r"[\W_]+", "", plain)


def title_mapping(kind: str) -> HeaderMapping:
    """The mapping of a file whose headings are the titles of the dictionary."""
    fields = RAW_TABLE_OF_KIND[kind].landed_fields
    return HeaderMapping(kind, {fold_heading(field.title): field.name for field in fields})


def load_mapping(path: Path) -> HeaderMapping:
    """A saved header mapping. Raises SettingsError naming the file and every fault in it at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        raise _bad(str(path), ["it cannot be opened"]) from None
    except UnicodeDecodeError as error:
        raise _bad(str(path), [f"it is no TOML file ({error})"]) from None
    return parse_mapping(text, str(path))


def parse_mapping(text: str, name: str) -> HeaderMapping:
    """The mapping that a TOML text states; `name` is what messages call it.

    Raises SettingsError naming every fault at once. A proposal nobody has reviewed is refused.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad(name, [f"it is no TOML file ({error})"]) from None
    faults = _faults_of_head(data)
    if faults:
        raise _bad(name, faults)
    kind = data["kind"]
    table = RAW_TABLE_OF_KIND[kind]
    columns = {fold_heading(title): field_name for title, field_name in data["columns"].items()}
    faults = [
        *_faults_of_columns(data, table),
        *_faults_of_constants(data, table),
        *_faults_of_values(data, table),
    ]
    if faults:
        raise _bad(name, faults)
    values = {
        field_name: {bare(str(old)).casefold(): new for old, new in words.items()}
        for field_name, words in data.get("values", {}).items()
    }
    content = json.dumps(data, sort_keys=True, default=str)
    return HeaderMapping(
        kind=kind,
        columns=columns,
        ignore=frozenset(fold_heading(title) for title in data.get("ignore", [])),
        constants=data.get("constants", {}),
        values=values,
        header_row=data.get("header_row", 1),
        two_digit_years=data.get("two_digit_years", False),
        reviewed_by=data["reviewed_by"],
        reviewed_on=data["reviewed_on"],
        version=hashlib.sha256(content.encode()).hexdigest()[:12],
    )


def match(headings: Sequence[str], mapping: HeaderMapping) -> dict[str, int]:
    """The place from 0 of the column of each field that the file has.

    Raises SourceLayoutError naming every missing column and every column given twice, all at once.
    """
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        name = mapping.columns.get(fold_heading(heading))
        if name is not None:
            places.setdefault(name, []).append(place)
    required = RAW_TABLE_OF_KIND[mapping.kind].required
    missing = [name for name in required if name not in places and name not in mapping.constants]
    twice = [name for name, found in places.items() if len(found) > 1]
    if missing or twice:
        faults = [f"no column for '{FIELDS[name].title}'" for name in missing]
        faults += [
            f"'{FIELDS[name].title}' given {len(places[name])} times "
            f"({listed([headings[place].strip() for place in places[name]])})"
            for name in twice
        ]
        raise SourceLayoutError(
            "The file has " + "; ".join(faults),
            expected="one column each for " + ", ".join(f"'{FIELDS[name].title}'" for name in required),
            remedy="Correct the headings, or save a header mapping that names the column to use",
        )
    return {name: found[0] for name, found in places.items()}


def _bad(name: str, faults: Sequence[str]) -> SettingsError:
    return SettingsError(
        f"The header mapping {name} cannot be used: " + "; ".join(faults),
        expected="kind, reviewed_by, reviewed_on and a table [columns] of headings to field names",
        remedy="Correct the file; the field names are listed in the data dictionary",
    )


def _faults_of_head(data: Mapping[str, object]) -> list[str]:
    faults = [f"'{key}' is no key of a mapping" for key in sorted(set(data) - _KEYS)]
    if data.get("kind") not in TABULAR_KINDS:
        faults.append(f"'kind' is {data.get('kind')!r}, not one of {', '.join(TABULAR_KINDS)}")
    faults += _faults_of_review(data.get("reviewed_by", ""), data.get("reviewed_on", ""))
    row = data.get("header_row", 1)
    if not isinstance(row, int) or isinstance(row, bool) or row < 1:
        faults.append("'header_row' is no row number from 1")
    if not isinstance(data.get("two_digit_years", False), bool):
        faults.append("'two_digit_years' is not true or false")
    ignore = data.get("ignore", [])
    if not isinstance(ignore, list) or not all(isinstance(title, str) for title in ignore):
        faults.append("'ignore' is no list of headings")
    for key in ("columns", "constants", "values"):
        if not isinstance(data.get(key, {}), dict):
            faults.append(f"'{key}' is no table")
    if not data.get("columns"):
        faults.append("'columns' maps no heading")
    return faults


def _faults_of_review(by: object, on: object) -> list[str]:
    """Who reviewed the mapping and when; a proposal as `kcc-etl map` writes it says neither."""
    if by == "" and on == "":
        return ["nobody has reviewed it yet: 'reviewed_by' names no role and 'reviewed_on' no day"]
    faults = []
    if not isinstance(by, str) or not by.strip():
        faults.append("'reviewed_by' names no role")
    if type(on) is not date:
        faults.append("'reviewed_on' is no date")
    return faults


def _faults_of_columns(data: Mapping[str, dict[str, object]], table: Table) -> list[str]:
    names = {field.name for field in table.landed_fields}
    faults = [
        f"'columns' maps '{title}' to '{name}', which is no field of {table.title.lower()}"
        for title, name in data["columns"].items()
        if not isinstance(name, str) or name not in names
    ]
    ignored = [fold_heading(str(title)) for title in data.get("ignore", [])]
    folded = [fold_heading(title) for title in data["columns"]]
    faults += [f"'columns' names '{title}' twice" for title in _repeated(folded)]
    faults += [f"'{title}' is both mapped and ignored" for title in sorted(set(folded) & set(ignored))]
    covered = [*data["columns"].values(), *data.get("constants", {})]
    faults += [
        f"nothing is mapped to '{name}', which every file needs"
        for name in table.required
        if name not in covered
    ]
    return faults


def _faults_of_constants(data: Mapping[str, dict[str, object]], table: Table) -> list[str]:
    names = {field.name for field in table.landed_fields}
    faults: list[str] = []
    for name, value in data.get("constants", {}).items():
        if name not in names:
            faults.append(f"'constants.{name}' is no field of {table.title.lower()}")
        elif name in data["columns"].values():
            faults.append(f"'{name}' is both a column and a constant")
        if not isinstance(value, str):
            faults.append(f"'constants.{name}' is no text")
        elif name in names:
            faults += _faults_of_value(f"constants.{name}", name, value)
    return faults


def _faults_of_values(data: Mapping[str, dict[str, object]], table: Table) -> list[str]:
    names = {field.name for field in table.landed_fields}
    faults: list[str] = []
    for name, words in data.get("values", {}).items():
        if name not in names:
            faults.append(f"'values.{name}' is no field of {table.title.lower()}")
        if not isinstance(words, dict) or not all(isinstance(new, str) for new in words.values()):
            faults.append(f"'values.{name}' is no table of text to text")
        elif name in names:
            faults += [
                fault for new in words.values() for fault in _faults_of_value(f"values.{name}", name, new)
            ]
    return faults


def _faults_of_value(place: str, field_name: str, text: str) -> list[str]:
    """Why a field cannot hold what the mapping gives it, with what it can hold."""
    own = own_words(field_name)
    if own and word_meant(field_name, text) is None:
        return [f"'{place}' gives '{text}', which is none of {', '.join(own)}"]
    kind = FIELDS[field_name].type
    if read_typed(text, kind) is Unreadable.CELL:
        return [f"'{place}' gives '{text}', which is not {EXPECTED[kind]}"]
    return []


def _repeated(items: Sequence[str]) -> list[str]:
    return sorted({item for item in items if items.count(item) > 1})
