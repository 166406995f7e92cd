"""What the version in force lacks of what the good versions before it held, and which amounts it changed.

A loss does not become the measure of the next night: what is gone stays gone until it comes back, ends, or an
officer accepts a version without it. A function of readings and decisions, so the same on every night.
Does not belong here: which versions these are (`versions`), judging the changes (`checks`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from kcc_etl import asset_keys as keys
from kcc_etl.intake.cells.values import read_date
from kcc_etl.intake.landing.landing import LandedFile
from kcc_etl.intake.landing.ledger_lines import SeenLines, losses, packed_lines
from kcc_etl.schema.tables import TABLES

COMPARED, GONE, AMOUNT, MONTH, CHANGED = "compared", "gone", "amount", "month", "changed"
"""What a row of `version_change` is of: versions as a whole, a record gone, an amount, a month, a text."""
_LONGEST_REFERENCE = 60


class Record(NamedTuple):
    """A contract of a register: its last day is ISO, and empty when none is given, as are its numbers."""

    ref: str
    pence: int | None
    end_on: str
    sheet: str
    row: int
    ocid: str = ""
    contract_id: str = ""


class Decision(NamedTuple):
    """A line of a decisions log: what it says, as text by field, without what it leaves empty."""

    number: str
    said: Mapping[str, str]
    sheet: str
    row: int


class Month(NamedTuple):
    """Lines and pence of a month such as 2026-04."""

    name: str
    lines: int
    pence: int


@dataclass(frozen=True)
class Content:
    """What a version holds, as far as versions are compared.

    Of a register its contracts and the texts of rows held, of a ledger its lines, packed, its months, the
    lines held of each and their numbers; those whose day cannot be read are held of no month, which is named
    "". Of a decisions log its decisions and the numbers of those held.
    """

    records: tuple[Record, ...] = ()
    held: tuple[str, ...] = ()
    months: tuple[Month, ...] = ()
    held_months: tuple[tuple[str, int], ...] = ()
    lines: str = ""
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Seen:
    """What good versions of a source held.

    Each contract as it was seen last, each decision as it was first, each month and payment at its fullest.
    """

    records: Mapping[str, tuple[LandedFile, Record]] = field(default_factory=dict)
    months: Mapping[str, Month] = field(default_factory=dict)
    lines: SeenLines = field(default_factory=SeenLines)
    decisions: Mapping[str, tuple[LandedFile, Decision]] = field(default_factory=dict)

    def and_in(self, file: LandedFile, content: Content) -> Seen:
        """What was seen after a further version."""
        fuller = {
            month.name: month
            for month in content.months
            if month.name not in self.months or month.lines >= self.months[month.name].lines
        }
        latest: dict[str, tuple[LandedFile, Record]] = {}
        for record in content.records:
            latest.setdefault(record.ref, (file, record))
        decided = {one.number: (file, one) for one in reversed(content.decisions)}
        return Seen(
            records={**self.records, **latest},
            months={**self.months, **fuller},
            lines=self.lines.and_in(file, content.lines),
            decisions={**decided, **self.decisions},
        )


def content_of(
    kind: str,
    accepted: Sequence[Mapping[str, object]],
    aside: Sequence[Mapping[str, object]],
    named: Sequence[Mapping[str, object]] = (),
) -> Content:
    """The content of a register, ledger or log that was read; of other kinds nothing is compared.

    `named` are rows of `file_column`, which say where a line that is held has its day and its number.
    """
    held = [row for row in aside if row["fate"] == "quarantined"]
    if kind == "register":
        texts = {text for row in held for text in _texts(str(row["row_json"]))}
        return Content(tuple(_record(row) for row in accepted), tuple(sorted(texts)))
    if kind == "payments":
        titles = _titles(named, "paid_on")
        held_months = Counter(_month_held(str(row["row_json"]), titles) for row in held)
        return Content(
            held=_numbers_held(held, _titles(named, "payment_ref", "invoice_ref")),
            months=tuple(_months(accepted)),
            held_months=tuple(sorted(held_months.items())),
            lines=packed_lines(accepted),
        )
    if kind == "decisions":
        decided = tuple(_decision(row) for row in accepted)
        return Content(held=_numbers_held(held, _titles(named, "decision_id")), decisions=decided)
    return Content()


def content_from(stored: Mapping[str, Any]) -> Content:
    """A content as JSON gives it back: lists in place of tuples."""
    return Content(
        records=tuple(Record(*each) for each in stored["records"]),
        held=tuple(stored["held"]),
        months=tuple(Month(*each) for each in stored["months"]),
        held_months=tuple((str(name), int(lines)) for name, lines in stored["held_months"]),
        lines=str(stored["lines"]),
        decisions=tuple(Decision(*each) for each in stored["decisions"]),
    )


def changes(
    kind: str, seen: Seen, file: LandedFile, content: Content, ended: Mapping[str, date]
) -> list[dict[str, object]]:
    """Rows of `version_change` for the version in force of a source, against what was seen before it.

    `ended` are the last days of contracts that officers decided to end early.
    """
    if kind == "register":
        return [*_of_register(seen, file, content, ended)]
    if kind == "payments":
        return [*_of_lines(seen, file, content), *_of_ledger(seen, file, content)]
    return [*_of_log(seen, file, content)] if kind == "decisions" else []


def _of_register(
    seen: Seen, file: LandedFile, content: Content, ended: Mapping[str, date]
) -> Iterator[dict[str, object]]:
    """Contracts that still run on the day the version in force landed; those that ended may go."""
    there = {record.ref: record.pence for record in reversed(content.records)}
    held = set(content.held)
    running = [
        (last, record)
        for last, record in seen.records.values()
        if _runs(record, file.landed_on, ended.get(record.ref))
    ]
    gone = [(last, record) for last, record in running if record.ref not in there and record.ref not in held]
    yield {
        **_place(file, "", 0),
        "version_difference": COMPARED,
        "count_before": len(running),
        "count_now": len(running) - len(gone),
    }
    for last, record in gone:
        yield {
            **_place(last, record.sheet, record.row),
            "version_difference": GONE,
            "record_ref": record.ref,
            "ocid": record.ocid or None,
            "contract_id": record.contract_id or None,
            "pence_before": record.pence,
        }
    for last, record in seen.records.values():
        if record.ref in there and there[record.ref] != record.pence:
            amounts = {"pence_before": record.pence, "pence_now": there[record.ref]}
            place = _place(last, record.sheet, record.row)
            yield {**place, "version_difference": AMOUNT, "record_ref": record.ref, **amounts}


def _runs(record: Record, day: date, ended_on: date | None) -> bool:
    """Whether a contract still runs on a day, by its end date and by an early end that was decided."""
    last_days = [record.end_on, ended_on.isoformat() if ended_on else ""]
    return all(not last or last >= day.isoformat() for last in last_days)


def _of_ledger(seen: Seen, file: LandedFile, content: Content) -> Iterator[dict[str, object]]:
    """Every month that was seen. Lines that are held count as there, for their own rule tells of them."""
    found = {month.name: month for month in content.months}
    held = dict(content.held_months)
    of_no_month = held.pop("", 0)
    for name, before in sorted(seen.months.items()):
        now = found.get(name, Month(name, 0, 0))
        lacking = max(before.lines - now.lines - held.get(name, 0), 0)
        excused = min(lacking, of_no_month)
        of_no_month -= excused
        yield {
            **_place(file, "", 0),
            "version_difference": MONTH,
            "record_ref": name,
            "count_before": before.lines,
            "count_now": max(before.lines - lacking + excused, now.lines),
            "pence_before": before.pence,
            "pence_now": now.pence,
        }


def _of_lines(seen: Seen, file: LandedFile, content: Content) -> Iterator[dict[str, object]]:
    """Payments that are gone or came to less, by number; a line without one goes by its day."""
    before, found = losses(seen.lines, content.lines, set(content.held), dict(content.held_months))
    if before:
        counts = {"count_before": before, "count_now": before - len(found)}
        yield {**_place(file, "", 0), "version_difference": COMPARED, **counts}
    for loss in found:
        yield {
            **_place(loss.file, loss.line.sheet, loss.line.row),
            "version_difference": GONE if loss.now is None else AMOUNT,
            "record_ref": loss.line.number or loss.line.day,
            "pence_before": loss.before,
            "pence_now": loss.now,
        }


def _of_log(seen: Seen, file: LandedFile, content: Content) -> Iterator[dict[str, object]]:
    """Decisions that are gone, or say otherwise; of a number that is used twice the first counts."""
    there = {one.number: one for one in reversed(content.decisions)}
    held = set(content.held)
    missed = [each for each in seen.decisions.values() if each[1].number not in held]
    differ = [
        (last, one) for last, one in missed if one.number not in there or there[one.number].said != one.said
    ]
    if seen.decisions:
        counts = {"count_before": len(seen.decisions), "count_now": len(seen.decisions) - len(differ)}
        yield {**_place(file, "", 0), "version_difference": COMPARED, **counts}
    for last, one in differ:
        now = there.get(one.number)
        said = {"before": one.said, "now": now.said if now else None}
        yield {
            **_place(last, one.sheet, one.row),
            "version_difference": CHANGED if now else GONE,
            "record_ref": one.number,
            "difference_json": json.dumps(said, ensure_ascii=False, sort_keys=True),
        }


def _place(file: LandedFile, sheet: str, row: int) -> dict[str, object]:
    return {
        "source_sha256": file.sha256,
        "source_name": file.source_name,
        "source_file": file.file_name,
        "source_sheet": sheet,
        "source_row": row,
        "kind": file.kind,
    }


def _record(row: Mapping[str, object]) -> Record:
    pence, end, number = row.get("value_ex_vat_pence"), row.get("end_on"), row["source_row"]
    return Record(
        ref=str(row.get("contract_ref")),
        pence=pence if isinstance(pence, int) else None,
        end_on=end.isoformat()[:10] if isinstance(end, date) else "",
        sheet=str(row.get("source_sheet") or ""),
        row=number if isinstance(number, int) else 0,
        ocid=str(row.get("ocid") or ""),
        contract_id=str(row.get("contract_id") or ""),
    )


def _decision(row: Mapping[str, object]) -> Decision:
    number = row["source_row"]
    said = {
        field.name: value.isoformat()[:10] if isinstance(value, date) else str(value)
        for field in TABLES[keys.RAW_DECISION].landed_fields
        if (value := row.get(field.name)) is not None
    }
    sheet = str(row.get("source_sheet") or "")
    return Decision(str(row.get("decision_id")), said, sheet, number if isinstance(number, int) else 0)


def _titles(named: Sequence[Mapping[str, object]], *fields: str) -> set[str]:
    """The titles of the columns that some fields are read from."""
    return {str(row["column_title"]) for row in named if row["field_name"] in fields}


def _numbers_held(held: Sequence[Mapping[str, object]], titles: Collection[str]) -> tuple[str, ...]:
    """The numbers of lines that are held, as they stand in the columns of these titles."""
    cells = [json.loads(str(row["row_json"])) for row in held]
    return tuple(sorted({str(each[t]).strip() for each in cells for t in titles if each.get(t) is not None}))


def _months(accepted: Sequence[Mapping[str, object]]) -> Iterator[Month]:
    found: dict[str, list[int]] = {}
    for row in accepted:
        day, pence = row.get("paid_on"), row.get("amount_ex_vat_pence")
        if isinstance(day, date):
            month = found.setdefault(f"{day:%Y-%m}", [0, 0])
            month[0] += 1
            month[1] += pence if isinstance(pence, int) else 0
    for name in sorted(found):
        yield Month(name, *found[name])


def _month_held(row_json: str, titles: Collection[str]) -> str:
    """The month of a line that is held, by its column of payment dates; empty when it cannot be read."""
    cells = json.loads(row_json)
    for title in titles:
        day = read_date(cells.get(title))
        if isinstance(day, date):
            return f"{day:%Y-%m}"
    return ""


def _texts(row_json: str) -> Iterator[str]:
    cells = json.loads(row_json)
    for value in cells.values() if isinstance(cells, dict) else ():
        if isinstance(value, str) and 0 < len(value) <= _LONGEST_REFERENCE:
            yield value.strip()
