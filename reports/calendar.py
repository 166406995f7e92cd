"""Duties as a calendar (RFC 5545): one all-day event on each last lawful day; same duties, same bytes.

Does not belong here: which duties there are (`kcc_etl.domain.duties`), other files of duties (`duties`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date

from kcc_etl.domain.days import ONE_DAY
from kcc_etl.domain.duties.agenda import Agenda, Entry
from reports.documents import clean_text

ALARMS_DAYS_BEFORE = (14, 3)
"""When calendars remind of a duty that is still to be done."""

_LINE_OCTETS = 75
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


def duties_ics(agenda: Agenda, publisher: str, *, as_of: date) -> bytes:
    """Every duty that is not done and has a last lawful day, as a calendar to subscribe to.

    An event keeps its identifier from night to night, so that a calendar moves it and does not add another.
    A duty that is overdue stands on the day that has passed, without a reminder.
    """
    entries = [e for e in (*agenda.overdue, *agenda.open, *agenda.to_come) if e.last_on is not None]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//kcc-etl//duties//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(f'Duties of {publisher}')}",
    ]
    for entry in entries:
        lines += _event(entry, publisher, as_of)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(entry: Entry, publisher: str, as_of: date) -> Iterable[str]:
    last = entry.last_on or as_of
    overdue = entry.duty_state == "overdue"
    summary = f"{'OVERDUE: ' if overdue else ''}{entry.name}: {entry.about}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_identifier(entry, publisher)}"
    yield f"DTSTAMP:{as_of:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{last:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + ONE_DAY:%Y%m%d}"
    yield f"SUMMARY:{_text(summary)}"
    yield f"DESCRIPTION:{_text(_described(entry))}"
    yield f"CATEGORIES:{_text(entry.duty_kind)}"
    yield "TRANSP:TRANSPARENT"
    if not overdue:
        for days in ALARMS_DAYS_BEFORE:
            yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D")
            yield f"DESCRIPTION:{_text(f'{summary}, {days} days left')}"
            yield "END:VALARM"
    yield "END:VEVENT"


def _described(entry: Entry) -> str:
    told = [f"Last lawful day of: {entry.name}.", f"Why: {entry.ground}.", f"Source: {entry.legal_source}."]
    if entry.first_on:
        told.append(f"First lawful day: {entry.first_on}.")
    if entry.doubts:
        told.append(f"In doubt: {entry.doubts}.")
    return "\n".join(told)


def _identifier(entry: Entry, publisher: str) -> str:
    named = "\x1f".join((publisher, entry.subject, entry.duty_kind, entry.occasion or ""))
    return f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@duties.kcc-etl"


def _text(text: str) -> str:
    """A value of type TEXT: section 3.3.11. A tab, which it may hold, is a space to the eye."""
    plain = clean_text(text).replace("\t", " ")
    return "".join(_ESCAPES.get(letter, letter) for letter in plain)


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, no character cut: section 3.1."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > _LINE_OCTETS:
            yield piece
            piece = " "
        piece += letter
    yield piece
