"""One source of files, night by night: read what is new, judge its versions, say what is to be booked.

Does not belong here: how a version is judged (`intake.landing.versions`), landing and storing (`landed`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from assets.source_state import standing
from kcc_etl.domain.findings import Finding, findings_frame
from kcc_etl.intake.landing.landing import LandedFile, Source
from kcc_etl.intake.landing.saved_mappings import SavedMapping, saved_mappings
from kcc_etl.intake.landing.version_changes import changes
from kcc_etl.intake.landing.versions import (
    SHORTEST,
    Doubt,
    Judged,
    Reading,
    Step,
    content_digest,
    is_accepted,
    judge_all,
    lines,
    reading_from_json,
    reading_json,
    reading_of,
    steps,
    without_repeats,
)
from kcc_etl.intake.parsed import Desk, FileIdentity, Parsed
from kcc_etl.intake.reader import Item, parse_all, reader_version
from kcc_etl.intake.workbooks.guard import Guard
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND

FILE = ("source_sha256", "source_name", "source_file")
RECEIPT = ("reader_version", "fate", "rule_id", "reason")
WITH_DIGEST = ("register", "returns")
"""Kinds whose files are compared by content; lines of ledgers are by SP-004, decisions by DC-005."""

Identity = tuple[str, str, str]
Receipt = tuple[str, str, str, str]
"""Reader version, fate, rule and reason: a receipt that says the same need not be written again."""
Key = tuple[str, str, str]
"""SHA-256, file name, reader version: what a reading of one source is found by."""


@dataclass(frozen=True)
class Known:
    """What the warehouse holds of a kind: receipts by file, readings of versions, and what officers decided.

    `accepted` are first digits of files that count although they changed, `ended` the last days of contracts
    that end early.
    """

    receipts: Mapping[Identity, Receipt]
    readings: Mapping[str, Mapping[Key, str]]
    accepted: Collection[str]
    ended: Mapping[str, date]


@dataclass(frozen=True)
class Booking:
    """What is put in the place of what a file left before; without `parsed` its receipt alone."""

    identity: Identity
    receipt: dict[str, object]
    parsed: Parsed | None = None


@dataclass
class Taken:
    """What a source comes to: files that count, files opened, what is to be booked, which receipts stay."""

    in_force: int = 0
    parsed: int = 0
    booked: list[Booking] = field(default_factory=list)
    wanted: set[Identity] = field(default_factory=set)
    readings: list[dict[str, object]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    state: dict[str, object] = field(default_factory=dict)
    changes: list[dict[str, object]] = field(default_factory=list)


class SourceVersions:
    """The versions of one source that were known at a date."""

    def __init__(
        self,
        source: Source,
        landed: Sequence[LandedFile],
        known: Known,
        known_at: date,
        authority_ids: Sequence[str],
        guard: Guard,
    ) -> None:
        self._source, self._known, self._known_at = source, known, known_at
        self._authority_ids, self._guard = authority_ids, guard
        self._readings = {
            key: reading_from_json(text) for key, text in known.readings.get(source.name, {}).items()
        }
        self._fresh: dict[Key, Parsed] = {}
        self._due: list[Step] = []
        self._opened: set[Key] = set()
        self._taken = Taken()
        self._mappings: list[SavedMapping] = saved_mappings(landed, source, known_at)
        self._lines = [steps(versions, self._mappings) for versions in lines(landed, source, known_at)]

    def take(self, outages: Sequence[Finding] = ()) -> Taken:
        """Read what was not read before, judge, and say what is to be booked. `outages` are of its feed."""
        self._read()
        judged = judge_all(self._lines, self._reading, self._source, self._known.accepted)
        counted, repeats = without_repeats([(each, each.good is not None) for each in judged])
        for each in counted:
            self._book_line(each)
            self._taken.changes += self._changes(each)
        for file, first in repeats:
            self._book(Booking(identity_of(file), _repeat_receipt(file, first)))
        self._book_due()
        self._taken.in_force, self._taken.parsed = len(counted), len(self._opened)
        self._taken.findings, self._taken.state = standing(
            self._source, counted, self._mappings, outages, self._known_at
        )
        return self._taken

    def _changes(self, line: Judged) -> list[dict[str, object]]:
        """What the one in force lacks and changed, unless an officer accepted it."""
        good, seen = line.good, line.seen
        if good is None or seen is None or is_accepted(good.file, self._known.accepted):
            return []
        content = self._reading(good).content
        return changes(self._source.kind, seen, good.file, content, self._known.ended)

    def _read(self) -> None:
        """Read every version whose reading is not known; those that may count are kept for the booking."""
        last = {self._key(line[-1]) for line in self._lines}
        wanted = {self._key(step): step for line in self._lines for step in line if not step.stopped}
        fresh = {key: step for key, step in wanted.items() if key not in self._readings}
        for key, parsed in zip(fresh, self._parse(fresh.values()), strict=True):
            reading = reading_of(parsed)
            self._readings[key] = reading
            self._taken.readings.append(self._reading_row(key, reading))
            self._opened.add(key)
            if key in last:
                self._fresh[key] = parsed

    def _parse(self, wanted: Iterable[Step]) -> Iterator[Parsed]:
        kind, ids = self._source.kind, self._authority_ids
        items = (Item(step.file.path, kind, _file(step.file), step.mapping, ids) for step in wanted)
        return parse_all(items, self._guard)

    def _reading(self, step: Step) -> Reading:
        return self._readings[self._key(step)]

    def _key(self, step: Step) -> Key:
        return (step.file.sha256, step.file.file_name, self._version(step))

    def _version(self, step: Step) -> str:
        return reader_version(self._source.kind, step.mapping, self._authority_ids)

    def _book_line(self, line: Judged) -> None:
        """The version that counts and, beside it, a newer one that is held."""
        if line.good is not None:
            self._book_read(line.good)
        newest, doubt = line.newest, line.doubt
        if doubt is None or (line.good and identity_of(newest.file) == identity_of(line.good.file)):
            return
        if doubt.own:
            self._book_read(newest)
        else:
            self._book(_booking(self._held(newest, doubt)))

    def _book_read(self, step: Step) -> None:
        identity, reading = identity_of(step.file), self._reading(step)
        self._taken.wanted.add(identity)
        version, fate, rule_id, _ = self._known.receipts.get(identity, ("", "", "", ""))
        if (version, fate, rule_id) != (self._version(step), reading.fate, reading.rule_id):
            self._due.append(step)

    def _book_due(self) -> None:
        """Book what is to be booked whole; what was read another night is read again, all at once."""
        keyed = [(self._key(step), step) for step in self._due]
        lacking = {key: step for key, step in keyed if key not in self._fresh}
        self._opened |= lacking.keys()
        self._fresh.update(zip(lacking, self._parse(lacking.values()), strict=True))
        self._taken.booked += [_booking(self._fresh[key]) for key, _ in keyed]

    def _book(self, booking: Booking) -> None:
        self._taken.wanted.add(booking.identity)
        said = tuple(str(booking.receipt[name] or "") for name in RECEIPT)
        if self._known.receipts.get(booking.identity) != said:
            self._taken.booked.append(booking)

    def _held(self, step: Step, doubt: Doubt) -> Parsed:
        desk = Desk(self._source.kind, _file(step.file), self._version(step))
        number = f"a decision names this file as {step.file.sha256[:SHORTEST]}"
        return desk.refuse(doubt.rule_id, doubt.found, f"{RULES[doubt.rule_id].text.rstrip('.')}; {number}")

    def _reading_row(self, key: Key, reading: Reading) -> dict[str, object]:
        sha256, file_name, version = key
        identity = (sha256, self._source.name, file_name)
        row = {"kind": self._source.kind, "reader_version": version, "reading_json": reading_json(reading)}
        return {**dict(zip(FILE, identity, strict=True)), **row}


def identity_of(file: LandedFile) -> Identity:
    """What a landed file is known by in every table."""
    return (file.sha256, file.source_name, file.file_name)


def receipts_of(receipts: pd.DataFrame) -> dict[Identity, Receipt]:
    """The table `receipt` by file."""
    rows = receipts[[*FILE, *RECEIPT]].itertuples(index=False, name=None)
    return {
        (sha256, source, file): (_text(version), _text(fate), _text(rule_id), _text(reason))
        for sha256, source, file, version, fate, rule_id, reason in rows
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _file(file: LandedFile) -> FileIdentity:
    return FileIdentity(file.sha256, file.source_name, file.file_name, file.landed_on)


def _booking(parsed: Parsed) -> Booking:
    identity = tuple(str(parsed.receipt[name]) for name in FILE)
    digest = content_digest(parsed) if parsed.receipt["kind"] in WITH_DIGEST else None
    return Booking(
        (identity[0], identity[1], identity[2]), {**parsed.receipt, "content_digest": digest}, parsed
    )


def frames_of(kind: str, booked: Sequence[Booking]) -> dict[str, pd.DataFrame]:
    """What the files leave in each table, all together."""
    read = [booking.parsed for booking in booked if booking.parsed is not None]
    findings = [finding for parsed in read for finding in parsed.findings]
    rows: dict[str, list[dict[str, object]]] = {
        RAW_TABLE_OF_KIND[kind].name: [row for parsed in read for row in parsed.accepted],
        "receipt": [booking.receipt for booking in booked],
        "file_column": [row for parsed in read for row in parsed.named],
        "set_aside": [row for parsed in read for row in parsed.aside],
    }
    frames = {table: from_rows(each, table) if each else empty(table) for table, each in rows.items()}
    return {**frames, "finding": findings_frame(findings) if findings else empty("finding")}


def _repeat_receipt(file: LandedFile, first: LandedFile) -> dict[str, object]:
    """Rule IN-003: the same bytes under another name count once; the receipt says under which name."""
    where = f"They count as {first.file_name}, received on {first.landed_on}."
    return {
        **dict(zip(FILE, identity_of(file), strict=True)),
        "kind": file.kind,
        "reader_version": "",
        "fate": "excluded",
        "rule_id": "IN-003",
        "reason": f"{RULES['IN-003'].text} {where}",
        "rows_arrived": 0,
        "pence_arrived": 0,
    }
