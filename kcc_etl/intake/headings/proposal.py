"""Which column of a file may be which field: a proposal for an officer to review, never a decision.

Does not belong here: opening files (`first_rows`), the table of known names (`headings`), writing a proposal
down (`proposal_toml`), reading with a saved mapping (`mapping`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kcc_etl.domain.findings import shorten
from kcc_etl.intake.cells.grid import Record, column_letter
from kcc_etl.intake.cells.values import Cell, as_arrived, bare
from kcc_etl.intake.headings.aliases import ORDER, Aliases, Confidence, Reading, join_doubts, known_aliases
from kcc_etl.intake.headings.headings import meaning
from kcc_etl.intake.headings.mapping import fold_heading
from kcc_etl.intake.headings.samples import (
    agreement,
    are_addresses,
    are_organisations,
    telling,
    unreadable_dates,
    untranslated,
)
from kcc_etl.intake.headings.unknown_file import propose_kind
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

_FEWEST_VALUES = 3
"""Values from which what they look like counts for or against a heading."""
_AGREES, _CONTRADICTS = 0.9, 0.5
_TELLING_BY_THEMSELVES = ("ocid", "supplier_ppon", "supplier_postcode")
_SOLE: dict[str, tuple[str, ...]] = {"payments": ("paid_on",), "register": (), "decisions": ("decided_on",)}
"""Date fields that a column without a telling heading may be, by kind; a register has too many dates."""


@dataclass(frozen=True)
class Column:
    """One column with what it is proposed to be. `field` is empty where nothing is proposed.

    `known` says that the heading itself is known, as a field or as none. `words` are values to translate.
    """

    place: int
    heading: str
    field: str
    confidence: Confidence
    reason: str
    doubt: str = ""
    sample: str = ""
    known: bool = True
    words: tuple[str, ...] = ()

    @property
    def is_confident(self) -> bool:
        """Whether the guess stands in the saved mapping unless an officer takes it out."""
        return ORDER[self.confidence] >= ORDER["likely"]


@dataclass(frozen=True)
class Proposal:
    """What the columns of a file are proposed to be. `header_row` counts from 1.

    `other_sheets` are those of its workbook that hold something and are not looked at.
    """

    kind: str
    kind_reason: str
    header_row: int
    columns: tuple[Column, ...]
    other_sheets: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that every file of the kind needs and that no column is confidently proposed for."""
        sure = {column.field for column in self.columns if column.is_confident}
        return tuple(name for name in RAW_TABLE_OF_KIND[self.kind].required if name not in sure)

    @property
    def doubtful(self) -> tuple[Column, ...]:
        """Columns whose field an officer has to choose."""
        return tuple(column for column in self.columns if column.confidence == "doubtful")

    @property
    def untranslated(self) -> tuple[Column, ...]:
        """Columns with words that their field does not know."""
        return tuple(column for column in self.columns if column.field and column.words)


def propose(
    heading: Record,
    rows: Sequence[Record],
    kind: str = "",
    aliases: Aliases | None = None,
) -> Proposal | None:
    """What the columns below a heading may be. Without `kind` the kind is proposed too; None when it is open.

    No two columns are proposed for one field: the stronger has it, and the other is named as its rival.
    """
    known = aliases or known_aliases()
    titles = [bare(as_arrived(cell)) for cell in heading.cells]
    reason = "as asked"
    if not kind:
        kind, reason = propose_kind(titles, known)
        if not kind:
            return None
    below = [
        [row.cells[place] if place < len(row.cells) else None for row in rows] for place in range(len(titles))
    ]
    guesses = [_of_column(place, titles, below[place], kind, known) for place in range(len(titles))]
    winners, rivals = _settle(guesses)
    columns = tuple(
        _column(place, titles, guesses, winners, rivals, below[place])
        for place in range(len(titles))
        if titles[place] or telling(below[place])
    )
    return Proposal(kind, reason, heading.number, _with_sole_columns(columns, below, kind))


def _of_column(
    place: int, titles: Sequence[str], cells: Sequence[Cell], kind: str, aliases: Aliases
) -> Reading | None:
    """What the heading of a column means, weighed against its values."""
    reading = meaning(titles[place], kind, aliases)
    if are_addresses(cells):
        return Reading("", "none", "no field of ours: its values are web addresses")
    if reading is None or not reading.field:
        return reading
    twice = Counter(fold_heading(title) for title in titles)[fold_heading(titles[place])]
    if twice > 1:
        letters = ", ".join(
            column_letter(at)
            for at, title in enumerate(titles)
            if fold_heading(title) == fold_heading(titles[place])
        )
        doubt = f"columns {letters} have the same heading: give each its own"
        return replace(reading, confidence="doubtful", doubt=join_doubts(reading.doubt, doubt))
    return _weighed(_text_of_code(reading, titles[place], titles), cells)


def _text_of_code(reading: Reading, title: str, titles: Sequence[str]) -> Reading:
    """Where `Supplier Name(T)` stands beside `Supplier Name`, the one without (T) holds a code (Agresso)."""
    beside = {fold_heading(other) for other in titles}
    if reading.field != "supplier_name" or fold_heading(title) + "t" not in beside:
        return reading
    return replace(
        reading,
        confidence="doubtful",
        doubt=join_doubts(reading.doubt, f"beside '{title}(T)' it may hold a code"),
    )


def _weighed(reading: Reading, cells: Sequence[Cell]) -> Reading:
    """A reading of a heading, surer or less sure by what the values are."""
    if FIELDS[reading.field].type == "date" and (unread := unreadable_dates(cells)):
        doubt = f"dates such as '{shorten(unread[0])}' cannot be read: the year has to be written in full"
        reading = replace(reading, doubt=join_doubts(reading.doubt, doubt))
    found = agreement(reading.field, cells)
    if found.of < _FEWEST_VALUES:
        return reading
    if found.share < _CONTRADICTS:
        doubt = join_doubts(f"only {found}", reading.doubt)
        return replace(reading, confidence="doubtful", doubt=doubt)
    if found.share < _AGREES:
        return replace(reading, doubt=join_doubts(reading.doubt, f"only {found}"))
    surer = replace(reading, reason=f"{reading.reason}; {found}" if found.is_telling else reading.reason)
    if reading.field == "supplier_name" and reading.confidence == "doubtful" and are_organisations(cells):
        return replace(surer, confidence="likely", reason=f"{surer.reason}, many of them of organisations")
    return surer


def _settle(guesses: Sequence[Reading | None]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """The place of the strongest column of each field, and the places of those it beat."""
    by_field: dict[str, list[int]] = {}
    for place, reading in enumerate(guesses):
        if reading is not None and reading.field:
            by_field.setdefault(reading.field, []).append(place)
    winners: dict[str, int] = {}
    rivals: dict[str, list[int]] = {}
    for name, places in by_field.items():
        ordered = sorted(places, key=lambda place: (_strength(guesses[place]), -place), reverse=True)
        winners[name], rivals[name] = ordered[0], ordered[1:]
    return winners, rivals


def _strength(reading: Reading | None) -> tuple[int, int]:
    return reading.strength if reading is not None else (0, 0)


def _column(
    place: int,
    titles: Sequence[str],
    guesses: Sequence[Reading | None],
    winners: Mapping[str, int],
    rivals: Mapping[str, Sequence[int]],
    cells: Sequence[Cell],
) -> Column:
    title, reading, told = titles[place], guesses[place], telling(cells)
    sample = as_arrived(told[0]) if told else ""
    if reading is None:
        reason = "nothing is known of this heading" if title else "the column has no heading"
        doubt = "" if title else "a column without a heading cannot be mapped: give it one"
        return Column(place, title, "", "none", reason, doubt, sample, known=False)
    if not reading.field:
        return Column(place, title, "", "none", reading.reason, reading.doubt, sample)
    name = reading.field
    if winners[name] != place:
        doubt = f"'{titles[winners[name]]}' is taken for '{FIELDS[name].title}'"
        return Column(place, title, "", "none", reading.reason, doubt, sample)
    judged = _against_rivals(reading, title, {titles[at]: guesses[at] for at in rivals[name]})
    words = tuple(untranslated(name, told))
    return Column(place, title, name, judged.confidence, judged.reason, judged.doubt, sample, words=words)


def _against_rivals(reading: Reading, title: str, rivals: Mapping[str, Reading | None]) -> Reading:
    """The winner with its rivals named; one step less sure where one is called the field as plainly."""
    others = {rival: other for rival, other in rivals.items() if fold_heading(rival) != fold_heading(title)}
    if not others:
        return reading
    doubt = " and ".join(f"'{rival}'" for rival in others) + " may be meant as well"
    as_plain = any(
        other is not None and (other.confidence, other.is_first) == (reading.confidence, reading.is_first)
        for other in others.values()
    )
    if as_plain:
        return reading.lowered(doubt)
    return replace(reading, doubt=join_doubts(reading.doubt, doubt))


def _with_sole_columns(
    columns: Sequence[Column], below: Sequence[Sequence[Cell]], kind: str
) -> tuple[Column, ...]:
    """Columns of an unknown heading proposed, as doubtful, by values that tell by themselves."""
    names = {field.name for field in RAW_TABLE_OF_KIND[kind].landed_fields}
    wanted = [name for name in (*_TELLING_BY_THEMSELVES, *_SOLE[kind]) if name in names]
    found = list(columns)
    for name in wanted:
        if any(column.field == name for column in found):
            continue
        fitting = [
            at
            for at, column in enumerate(found)
            if not column.known and column.heading and _fits_well(name, below[column.place])
        ]
        if len(fitting) == 1:
            column = found[fitting[0]]
            found[fitting[0]] = replace(
                column,
                field=name,
                confidence="doubtful",
                reason=str(agreement(name, below[column.place])),
                doubt="the heading says nothing of it",
                known=True,
            )
    return tuple(found)


def _fits_well(field_name: str, cells: Sequence[Cell]) -> bool:
    found = agreement(field_name, cells)
    return found.of >= _FEWEST_VALUES and found.share >= _AGREES
