"""Lines of a ledger as its versions are compared: which are gone, and which payments came to less.

A payment is its number and all lines under it. Lines without a number are told apart by day and amount,
whoever was paid, for a ledger that is sent again often names a payee otherwise.
Does not belong here: months as a whole, registers and decisions (`version_changes`).
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from kcc_etl.domain.names import fold_name
from kcc_etl.intake.landing.landing import LandedFile


class Line(NamedTuple):
    """A line that was paid: its day ISO, its payee a checksum of the folded name, its number may be empty."""

    number: str
    day: str
    pence: int
    payee: int
    sheet: str
    row: int

    @property
    def month(self) -> str:
        """Such as 2026-04."""
        return self.day[:7]


class Loss(NamedTuple):
    """A payment, or a line without a number, of which less is there: nothing is left where `now` is None."""

    file: LandedFile
    line: Line
    before: int
    now: int | None


_T = TypeVar("_T")
Kept = tuple[LandedFile, tuple[Line, ...]]


@dataclass(frozen=True)
class SeenLines:
    """What good versions held: each number at its fullest, and each day and amount without a number."""

    numbers: Mapping[str, Kept] = field(default_factory=dict)
    unnumbered: Mapping[tuple[str, int], Kept] = field(default_factory=dict)

    def and_in(self, file: LandedFile, packed: str) -> SeenLines:
        """What was seen after a further version."""
        if not packed:
            return self
        numbers, unnumbered = dict(self.numbers), dict(self.unnumbered)
        for number, lines in _by_number(unpacked(packed)).items():
            if not number:
                for place, same in _by_amount(lines).items():
                    if place not in unnumbered or len(same) >= len(unnumbered[place][1]):
                        unnumbered[place] = (file, tuple(same))
            elif number not in numbers or not _is_less(numbers[number][1], lines):
                numbers[number] = (file, tuple(lines))
        return SeenLines(numbers, unnumbered)


def packed_lines(accepted: Sequence[Mapping[str, object]]) -> str:
    """The lines of a ledger in the space of some bytes each; those without a day are no payment yet."""
    payees: dict[object, int] = {}
    found = [line for row in accepted if (line := _line(row, payees)) is not None]
    if not found:
        return ""
    text = json.dumps([*zip(*found, strict=True)], ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode())).decode()


def unpacked(packed: str) -> list[Line]:
    """The lines of a ledger, in the order of its rows."""
    if not packed:
        return []
    columns = json.loads(zlib.decompress(b64decode(packed)))
    return [Line(*each) for each in zip(*columns, strict=True)]


def losses(
    seen: SeenLines, packed: str, held: Collection[str], held_months: Mapping[str, int]
) -> tuple[int, list[Loss]]:
    """How many lines were seen, and what of them is gone or came to less.

    A line under a new number is the old one where day, amount and payee agree; one without a number, where
    month and amount do. What is held back counts as there: a number that is `held`, and of lines without one
    so many of the month, the smallest first.
    """
    now = _by_number(unpacked(packed))
    new = Counter(
        (line.day, line.pence, line.payee)
        for number, lines in now.items()
        if number and number not in seen.numbers
        for line in lines
    )
    unnumbered = _by_amount(now.get("", []))
    for (day, pence), lines in unnumbered.items():
        there = len(seen.unnumbered[day, pence][1]) if (day, pence) in seen.unnumbered else 0
        new.update((line.day, line.pence, line.payee) for line in lines[there:])
    found = [*_of_numbers(seen, now, new, held), *_of_no_number(seen, unnumbered, new, held_months)]
    kept = [*seen.numbers.values(), *seen.unnumbered.values()]
    return sum(len(lines) for _, lines in kept), found


def _of_numbers(
    seen: SeenLines,
    now: Mapping[str, Sequence[Line]],
    new: Counter[tuple[str, int, int]],
    held: Collection[str],
) -> Iterator[Loss]:
    for number, (file, lines) in seen.numbers.items():
        there = now.get(number)
        if number in held or (there is not None and not _is_less(lines, there)):
            continue
        if there is not None:
            yield Loss(file, lines[0], _total(lines), _total(there))
            continue
        left = [line for line in lines if not _taken(new, (line.day, line.pence, line.payee))]
        if left:
            yield Loss(file, left[0], _total(left), None)


def _of_no_number(
    seen: SeenLines,
    now: Mapping[tuple[str, int], Sequence[Line]],
    new: Counter[tuple[str, int, int]],
    held_months: Mapping[str, int],
) -> Iterator[Loss]:
    moved: Counter[tuple[str, int]] = Counter()
    for (day, pence, _), count in new.items():
        moved[day[:7], pence] += count
    held = Counter(held_months)
    gone = [
        (file, line)
        for place, (file, lines) in seen.unnumbered.items()
        for line in lines[len(now.get(place, ())) :]
        if not _taken(moved, (line.month, line.pence))
    ]
    for file, line in sorted(gone, key=lambda each: abs(each[1].pence)):
        if not _taken(held, line.month) and not _taken(held, ""):
            yield Loss(file, line, line.pence, None)


def _taken(left: Counter[_T], what: _T) -> bool:
    """Whether one of a kind is left, which then is no more."""
    if left[what] <= 0:
        return False
    left[what] -= 1
    return True


def _is_less(before: Sequence[Line], now: Sequence[Line]) -> bool:
    """Whether lines under one number that are gone had more than those in their place, or another sign."""
    amounts = [[line.pence for line in lines] for lines in (before, now)]
    if amounts[0] == amounts[1]:  # nearly always, and far faster
        return False
    old, new = map(Counter, amounts)
    lost, gained = _sum(old - new), _sum(new - old)
    return bool(old - new) and not 0 <= lost <= gained


def _sum(amounts: Counter[int]) -> int:
    return sum(pence * count for pence, count in amounts.items())


def _total(lines: Iterable[Line]) -> int:
    return sum(line.pence for line in lines)


def _by_number(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.number, []).append(line)
    return found


def _by_amount(lines: Iterable[Line]) -> dict[tuple[str, int], list[Line]]:
    found: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        found.setdefault((line.day, line.pence), []).append(line)
    return found


def _line(row: Mapping[str, object], payees: dict[object, int]) -> Line | None:
    day, pence, place = row.get("paid_on"), row.get("amount_ex_vat_pence"), row.get("source_row")
    if not isinstance(day, date) or not isinstance(pence, int):
        return None
    name = row.get("supplier_name")
    if name not in payees:
        payees[name] = zlib.crc32(fold_name(name if isinstance(name, str) else None).encode())
    return Line(
        number=str(row.get("payment_ref") or row.get("invoice_ref") or ""),
        day=day.isoformat()[:10],
        pence=pence,
        payee=payees[name],
        sheet=str(row.get("source_sheet") or ""),
        row=place if isinstance(place, int) else 0,
    )
