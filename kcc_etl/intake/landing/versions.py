"""Which version of a file is in force: the newest, unless it cannot be used, then the last good one.

What is in force is a function of landed bytes, the saved mappings that landed, decisions and a day alone:
every version is judged again, from its reading, against the last good one before it.
Does not belong here: landing (`landing`), reading a file (`reader`), storing what was read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256

from kcc_etl.domain.findings import listed
from kcc_etl.intake.headings.mapping import TABULAR_KINDS, HeaderMapping, fold_heading, title_mapping
from kcc_etl.intake.landing.landing import LandedFile, Source, in_order
from kcc_etl.intake.landing.saved_mappings import SavedMapping
from kcc_etl.intake.landing.version_changes import Content, Seen, content_from, content_of
from kcc_etl.intake.parsed import Parsed
from kcc_etl.schema.tables import LOCATOR, ROW_DIGEST

SHORTEST = 12
"""Hexadecimal digits of a SHA-256 that a decision must give at least to name a file."""
KEPT_SHARE = (4, 5)
"""Of its rows that a new version must still have: 80%, hazards.md 3.3, rule 4."""
_OF_THE_LANDING = frozenset({*LOCATOR, ROW_DIGEST, "received_on", "saved_at"})


@dataclass(frozen=True)
class Reading:
    """What the reader made of one version, as far as versions are compared.

    `arrived` counts the records that came, `usable` those of them that were accepted; rows that are no
    records (blank ones, totals, titles) are in neither.
    """

    fate: str
    rule_id: str = ""
    reason: str = ""
    arrived: int = 0
    usable: int = 0
    headings: tuple[str, ...] = ()
    content: Content = field(default_factory=Content)


@dataclass(frozen=True)
class Step:
    """A version and the mapping it is read by; `because` is why it is looked at: it, or the mapping, came.

    `stopped` is the fault of the first mapping of a source, by which nothing can be read.
    """

    file: LandedFile
    mapping: HeaderMapping | None
    because: LandedFile
    stopped: str = ""


@dataclass(frozen=True)
class Doubt:
    """Why a version is not in force. `own` is a fault of its own, which its reading tells already."""

    rule_id: str
    found: str
    own: bool = False


@dataclass(frozen=True)
class Judged:
    """One file name of a collection, or a snapshot: the newest step, the one in force, and the doubt.

    `seen` is what the good versions in other bytes before the one in force held: all of them since the last
    one that an officer accepted, so that what one of them lost is not forgotten with it. None without any.

    `good` is None when no version ever could be used; the newest then stands for itself, faults and all.
    """

    newest: Step
    good: Step | None
    doubt: Doubt | None = None
    seen: Seen | None = None

    @property
    def shown(self) -> Step:
        """The version whose rows count or, where none does, whose fault is told."""
        return self.good or self.newest


def lines(landed: Iterable[LandedFile], source: Source, known_at: date) -> list[list[LandedFile]]:
    """The versions known at a date, oldest first: of each name of a collection; of a snapshot all in one.

    Versions follow each other as they arrived, for nothing in them says which is the newer. Between the names
    of a collection the order of arrival says nothing.
    """
    mine = (f for f in landed if (f.source_name, f.kind) == (source.name, source.kind))
    known = sorted((f for f in mine if f.landed_on <= known_at), key=in_order)
    if source.mode == "snapshot":
        return [known] if known else []
    of_name: dict[str, list[LandedFile]] = {}
    for file in known:
        of_name.setdefault(file.file_name, []).append(file)
    return [of_name[name] for name in sorted(of_name)]


def steps(versions: Sequence[LandedFile], mappings: Sequence[SavedMapping]) -> list[Step]:
    """What happened to a line, in order: versions came, and mappings were saved while one was the newest.

    A mapping that cannot be used leaves the one before it in force; a first one stops what comes after it.
    """
    saved = {id(mapping.file): mapping for mapping in mappings}
    mapping: HeaderMapping | None = None
    newest: LandedFile | None = None
    stopped = ""
    found: list[Step] = []
    for event in sorted([*versions, *(each.file for each in mappings)], key=in_order):
        new = saved.get(id(event))
        if new is None:
            newest = event
        elif new.mapping is not None:
            mapping, stopped = new.mapping, ""
        elif mapping is None:
            stopped = new.fault
        if newest is not None:
            found.append(Step(newest, mapping, event, stopped))
    return found


def judge(
    happened: Sequence[Step],
    read: Callable[[Step], Reading],
    source: Source,
    accepted: Collection[str] = (),
) -> Judged:
    """The version in force after all steps of one line alone; see `judge_all`."""
    return judge_all([happened], read, source, accepted)[0]


def judge_all(
    happened: Sequence[Sequence[Step]],
    read: Callable[[Step], Reading],
    source: Source,
    accepted: Collection[str] = (),
) -> list[Judged]:
    """For each line the version in force after all its steps.

    Days follow each other; within a day lines go by their names, so that the order of arrival between them
    does not matter. `accepted` are first digits of SHA-256 that officers accepted.
    """
    found = [_Line(steps_of_line) for steps_of_line in happened]
    events = [
        (step.because.landed_on, line.happened[0].file.file_name, place, line)
        for line in found
        for place, step in enumerate(line.happened)
    ]
    earlier: list[_Good] = []
    for _, _, place, line in sorted(events, key=lambda event: event[:3]):
        step = line.happened[place]
        if step.stopped:
            line.doubt = Doubt("IN-002", step.stopped)
            continue
        reading = read(step)
        line.doubt = _doubt(step, reading, line.good, earlier, source, accepted)
        if line.doubt is None:
            if line.good is not None and line.good.step.file.sha256 != step.file.sha256:
                line.seen = _seen(line.seen, line.good, accepted)
            line.good = _Good(step, reading)
            earlier.append(line.good)
    return [
        Judged(line.happened[-1], line.good.step if line.good else None, line.doubt, line.seen)
        for line in found
    ]


@dataclass(frozen=True)
class _Good:
    """A version that was good when it came, or when its mapping did."""

    step: Step
    reading: Reading


@dataclass
class _Line:
    """A line on the way through its steps."""

    happened: Sequence[Step]
    good: _Good | None = None
    doubt: Doubt | None = None
    seen: Seen | None = None


def _seen(seen: Seen | None, good: _Good, accepted: Collection[str]) -> Seen:
    """What was seen up to a good version; one that was accepted is the measure from then on."""
    file = good.step.file
    earlier = None if is_accepted(file, accepted) else seen
    return (earlier or Seen()).and_in(file, good.reading.content)


def _doubt(
    step: Step,
    reading: Reading,
    good: _Good | None,
    earlier: Sequence[_Good],
    source: Source,
    accepted: Collection[str],
) -> Doubt | None:
    usable = reading.fate == "accepted"
    own = None if usable else Doubt(reading.rule_id, reading.reason, own=True)
    compared = source.kind in TABULAR_KINDS or (source.kind == "notices" and source.mode == "snapshot")
    if not compared or (usable and is_accepted(step.file, accepted)):
        return own
    if good is None:
        return _new_name_doubt(step, reading, earlier) or own
    difference = changed_headings(step, reading, good.step, good.reading)
    if difference:
        return Doubt("IN-041", difference)
    if own is not None:
        return own
    lost = lost_rows(reading, good.reading)
    return Doubt("IN-042", f"{lost} in the version landed on {good.step.file.landed_on}") if lost else None


def _new_name_doubt(step: Step, reading: Reading, earlier: Sequence[_Good]) -> Doubt | None:
    """IN-041 for a new name of a collection: a column of the last good file of the source is gone.

    A collection may hold several layouts: headings of any good file before, or a saved mapping that maps or
    ignores all of them, settle it.
    """
    mapping = step.mapping or title_mapping(step.file.kind)
    titles = _folded(reading.headings)
    settled = mapping.is_saved and not _strange(reading, mapping)
    if not titles or not earlier or settled or any(titles == _folded(e.reading.headings) for e in earlier):
        return None
    last = earlier[-1]
    gone, new = _difference(reading, mapping, last)
    if not gone:
        return None
    return Doubt("IN-041", f"{_difference_told(gone, new)}, against {last.step.file.file_name}")


def is_accepted(file: LandedFile, accepted: Collection[str]) -> bool:
    """Whether an officer has decided that a version counts, by the first digits of its SHA-256."""
    return any(len(digits) >= SHORTEST and file.sha256.startswith(digits) for digits in accepted)


def changed_headings(step: Step, reading: Reading, good: Step, good_reading: Reading) -> str:
    """How the headings differ from those of the last good version; empty when they do not. Rule IN-041.

    A field lost its column, or a heading is new that the mapping neither maps nor ignores. Order and case do
    not matter, nor what a mapping that was saved since maps or ignores whole.
    """
    if not reading.headings or not good_reading.headings:
        return ""
    mapping = step.mapping or title_mapping(step.file.kind)
    before = good.mapping or title_mapping(good.file.kind)
    if mapping.version != before.version and not _strange(reading, mapping):
        return ""
    return _difference_told(*_difference(reading, mapping, _Good(good, good_reading)))


def _strange(reading: Reading, mapping: HeaderMapping) -> list[str]:
    """The headings that a mapping neither maps nor ignores."""
    known = {*mapping.columns, *mapping.ignore, ""}
    return [heading for heading in reading.headings if fold_heading(heading) not in known]


def _difference(reading: Reading, mapping: HeaderMapping, good: _Good) -> tuple[list[str], list[str]]:
    """The columns of a good version that gave a field and are gone, and the headings nobody knows."""
    before = good.step.mapping or title_mapping(good.step.file.kind)
    fields = {mapping.columns.get(fold_heading(heading)) for heading in reading.headings}
    given = {*fields, *mapping.constants, None}
    gone = [h for h in good.reading.headings if before.columns.get(fold_heading(h)) not in given]
    old = _folded(good.reading.headings)
    new = [heading for heading in _strange(reading, mapping) if fold_heading(heading) not in old]
    return gone, new


def _difference_told(gone: Sequence[str], new: Sequence[str]) -> str:
    """What is gone and what is new, in words; empty when nothing is."""
    parts = ((gone, "gone"), (new, "new"))
    return "; ".join(f"{listed(h)} {'is' if len(h) == 1 else 'are'} {word}" for h, word in parts if h)


def _folded(headings: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_heading(heading) for heading in headings) - {""}


def lost_rows(reading: Reading, good: Reading) -> str:
    """How many rows are left of how many, when fewer than 80% arrived or can be used. Rule IN-042."""
    part, whole = KEPT_SHARE
    if reading.arrived * whole < good.arrived * part:
        return f"{reading.arrived:,} rows, against {good.arrived:,}"
    if reading.usable * whole < good.usable * part:
        return f"{reading.usable:,} rows that can be used, against {good.usable:,}"
    return ""


def without_repeats(
    judged: Sequence[tuple[Judged, bool]],
) -> tuple[list[Judged], list[tuple[LandedFile, LandedFile]]]:
    """The lines that count, and the files whose bytes count under another name, each with it. Rule IN-003.

    Of the names of the same bytes the smallest counts, usable ones (the boolean) before others, so that the
    order of arrival does not matter. Versions out of force are not compared.
    """
    first: dict[str, Judged] = {}
    repeats: list[tuple[LandedFile, LandedFile]] = []
    for line, _ in sorted(judged, key=lambda each: (not each[1], each[0].shown.file.file_name)):
        counts = first.setdefault(line.shown.file.sha256, line)
        if counts is not line:
            repeats.append((line.shown.file, counts.shown.file))
    return sorted(first.values(), key=lambda line: line.shown.file.file_name), repeats


def reading_of(parsed: Parsed) -> Reading:
    """What versions are compared by, of a file that was read."""
    held = sum(row["fate"] == "quarantined" for row in parsed.aside)
    return Reading(
        fate=str(parsed.receipt["fate"]),
        rule_id=str(parsed.receipt["rule_id"] or ""),
        reason=str(parsed.receipt["reason"] or ""),
        arrived=len(parsed.accepted) + held,
        usable=len(parsed.accepted),
        headings=parsed.headings,
        content=content_of(str(parsed.receipt["kind"]), parsed.accepted, parsed.aside, parsed.named),
    )


def reading_json(reading: Reading) -> str:
    """A reading as the table `reading` keeps it."""
    return json.dumps(asdict(reading), ensure_ascii=False)


def reading_from_json(text: str) -> Reading:
    """A reading from the table `reading`; one of before versions were compared by content has none."""
    told = json.loads(text)
    content = told.pop("content", None)
    headings = tuple(told.pop("headings"))
    return Reading(**told, headings=headings, content=content_from(content) if content else Content())


def content_digest(parsed: Parsed) -> str | None:
    """SHA-256 of the rows as read, whatever their order and the bytes of the file; None of a file without.

    Place, day of landing and time of saving are no part of it. Rule IN-040.
    """
    if not parsed.accepted:
        return None
    accepted = [
        json.dumps(
            {name: value for name, value in row.items() if name not in _OF_THE_LANDING and value is not None},
            sort_keys=True,
            default=str,
        )
        for row in parsed.accepted
    ]
    aside = [str(row["row_json"]) for row in parsed.aside]
    return sha256("\n".join([*sorted(accepted), "", *sorted(aside)]).encode()).hexdigest()
