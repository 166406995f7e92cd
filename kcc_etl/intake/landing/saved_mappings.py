"""The header mappings that landed for a source: decisions of an officer, read from their landed copies.

Does not belong here: what a mapping file may say (`mapping`), which version is read by which (`versions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kcc_etl.exceptions import SettingsError
from kcc_etl.intake.headings.mapping import HeaderMapping, parse_mapping
from kcc_etl.intake.landing.landing import MAPPING, LandedFile, Source, in_order


@dataclass(frozen=True)
class SavedMapping:
    """A header mapping as it landed; None and the `fault`, in words, when it cannot be used."""

    file: LandedFile
    mapping: HeaderMapping | None
    fault: str = ""


def saved_mappings(landed: Iterable[LandedFile], source: Source, known_at: date) -> list[SavedMapping]:
    """The mappings of a source that were known at a date, in the order in which they landed.

    A mapping stays in force until the next one that can be used; the settings only say where new ones are.
    """
    of_source = (f for f in landed if (f.source_name, f.kind) == (source.name, MAPPING))
    return [_saved(f, source) for f in sorted(of_source, key=in_order) if f.landed_on <= known_at]


def unusable(mappings: Sequence[SavedMapping]) -> SavedMapping | None:
    """The newest mapping, when it cannot be used."""
    return mappings[-1] if mappings and mappings[-1].mapping is None else None


def in_use(mappings: Sequence[SavedMapping]) -> SavedMapping | None:
    """The newest mapping that can be used."""
    return next((saved for saved in reversed(mappings) if saved.mapping is not None), None)


def _saved(file: LandedFile, source: Source) -> SavedMapping:
    try:
        mapping = parse_mapping(file.path.read_text(encoding="utf-8-sig"), file.file_name)
    except UnicodeDecodeError:
        return SavedMapping(file, None, f"The header mapping {file.file_name} is no UTF-8 text")
    except SettingsError as error:
        return SavedMapping(file, None, error.found)
    if mapping.kind != source.kind:
        fault = (
            f"The header mapping {file.file_name} is of kind {mapping.kind}, the source of kind {source.kind}"
        )
        return SavedMapping(file, None, fault)
    return SavedMapping(file, mapping)
