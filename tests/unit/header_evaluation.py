"""Proposals against a key made by hand: precision and recall per field. Does not belong here: tests.

The key (`header_key.csv`) says for each heading of each source which field it is, by what the column means in
that source; `or` are fields, or none, that an honest reader could choose instead.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kcc_etl.intake.cells.grid import Record
from kcc_etl.intake.headings.aliases import Aliases, known_aliases
from kcc_etl.intake.headings.headings import VAT_UNSTATED, meaning
from kcc_etl.intake.headings.mapping import fold_heading
from kcc_etl.intake.headings.proposal import Column, propose
from kcc_etl.schema.fields import FIELDS

CENSUS = Path(__file__).parents[3] / "shared" / "data" / "spend" / "HEADER-CENSUS_odileeds.csv"
KEY = Path(__file__).parent / "header_key.csv"
UNSEEN = Path(__file__).parent / "header_key_unseen.csv"
NONE = "none"
_REGISTER_SIGN = "Contract Reference"
_CUT_AT = 700


@dataclass(frozen=True)
class HeaderRow:
    """One heading row as published, the body, and how many files have it."""

    source: str
    files: int
    titles: tuple[str, ...]


@dataclass
class Tally:
    """Guesses counted in columns of files; `wrong` names each kind of wrong confident guess."""

    confident: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    offered: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    doubtful_wrong: Counter[str] = field(default_factory=Counter)
    kinds_wrong: int = 0
    columns: int = 0
    vat_unstated: int = 0

    @property
    def wrong_share(self) -> float:
        """Wrong confident guesses among all confident guesses."""
        return sum(self.wrong.values()) / max(1, sum(self.confident.values()))


def census_rows() -> list[HeaderRow]:
    """Every heading row of the census; a last heading that the census cut off is left out."""
    with CENSUS.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[1:]
    rows = []
    for body, files, _, _, header in lines:
        titles = next(csv.reader(io.StringIO(header)), [])
        kept = titles[:-1] if len(header) >= _CUT_AT else titles
        source = f"{body} register" if _REGISTER_SIGN in titles else body
        rows.append(HeaderRow(source, int(files), tuple(kept)))
    return rows


def read_key() -> dict[tuple[str, str], tuple[str, frozenset[str]]]:
    """For each source and folded heading the right field, and all that count as right."""
    with KEY.open(encoding="utf-8", newline="") as file:
        return {
            (line["source"], fold_heading(line["heading"])): (
                line["field"],
                frozenset({line["field"], *filter(None, line["or"].split("|"))}),
            )
            for line in csv.DictReader(file)
        }


def evaluate(rows: Iterable[HeaderRow], aliases: Aliases | None = None, *, weighted: bool = True) -> Tally:
    """The proposer run over heading rows, with no values below them, judged by the key."""
    key, tally = read_key(), Tally()
    for row in rows:
        weight = row.files if weighted else 1
        kind = "register" if row.source.endswith("register") else "payments"
        heading = Record(1, row.titles)
        by_itself = propose(heading, [], "", aliases)
        tally.kinds_wrong += weight * (by_itself is not None and by_itself.kind != kind)
        proposal = propose(heading, [], kind, aliases)
        assert proposal is not None
        _judge(row, proposal.columns, weight, key, tally)
    return tally


def _judge(
    row: HeaderRow,
    columns: Sequence[Column],
    weight: int,
    key: dict[tuple[str, str], tuple[str, frozenset[str]]],
    tally: Tally,
) -> None:
    held: set[str] = set()
    found: set[str] = set()
    offered: set[str] = set()
    for column in columns:
        right, also = key[row.source, fold_heading(column.heading)]
        held |= {right} - {NONE}
        tally.columns += weight
        if not column.field:
            continue
        is_right = column.field in also
        offered |= {column.field} if is_right else set()
        named = f"{row.source}: '{column.heading}' is {right}, not {column.field}"
        if not column.is_confident:
            tally.doubtful_wrong[named] += weight * (not is_right)
            continue
        tally.confident[column.field] += weight
        tally.vat_unstated += weight * (VAT_UNSTATED in column.doubt)
        if is_right:
            tally.right[column.field] += weight
            found.add(column.field)
        else:
            tally.wrong[named] += weight
    for name in held:
        tally.held[name] += weight
        tally.found[name] += weight * (name in found)
        tally.offered[name] += weight * (name in offered)


def without_body(body: str, rows: Sequence[HeaderRow]) -> Aliases:
    """The table of names as if the body had never been seen: its headings that no other body uses are gone."""
    elsewhere = {fold_heading(title) for row in rows for title in row.titles if row.source.split()[0] != body}
    own = {title for row in rows for title in row.titles if row.source.split()[0] == body}
    return known_aliases().without(title for title in own if fold_heading(title) not in elsewhere)


def holdout(rows: Sequence[HeaderRow]) -> Tally:
    """Each body judged by the names that are left when its own are taken out."""
    total = Tally()
    for body in sorted({row.source.split()[0] for row in rows}):
        part = evaluate([row for row in rows if row.source.split()[0] == body], without_body(body, rows))
        for name in ("confident", "right", "held", "found", "offered", "wrong", "doubtful_wrong"):
            getattr(total, name).update(getattr(part, name))
        total.kinds_wrong += part.kinds_wrong
        total.columns += part.columns
    return total


@cache
def of_the_census() -> Tally:
    """The whole census, weighted by files."""
    return evaluate(census_rows())


@cache
def of_the_census_held_out() -> Tally:
    """The whole census, each body without the names that only it uses."""
    return holdout(census_rows())


def table(tally: Tally) -> str:
    """Precision and recall per field, as a table of Markdown."""
    lines = [
        "| field | guessed with confidence | precision | files that have it | recall | offered, doubtful included |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name in sorted(tally.held | tally.confident, key=lambda name: (-tally.held[name], name)):
        lines.append(
            f"| {FIELDS[name].title} | {tally.confident[name]:,} | "
            f"{_percent(tally.right[name], tally.confident[name])} | {tally.held[name]:,} | "
            f"{_percent(tally.found[name], tally.held[name])} | "
            f"{_percent(tally.offered[name], tally.held[name])} |"
        )
    confident, right = sum(tally.confident.values()), sum(tally.right.values())
    held = sum(tally.held.values())
    lines.append(
        f"| **all** | {confident:,} | {_percent(right, confident)} | {held:,} | "
        f"{_percent(sum(tally.found.values()), held)} | {_percent(sum(tally.offered.values()), held)} |"
    )
    return "\n".join(lines)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"


@dataclass(frozen=True)
class Unseen:
    """Headings, one by one, that the table of names was not made from, and how they are read."""

    headings: int
    confident: int
    wrong: tuple[str, ...]
    held: int
    found: int
    offered: int


def unseen(rounds: str) -> Unseen:
    """How the headings of these rounds are read today, now that what they showed has been mended."""
    with UNSEEN.open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["round"] in rounds]
    confident = held = found = offered = 0
    wrong: list[str] = []
    for line in lines:
        reading = meaning(line["heading"], line["kind"], known_aliases())
        guess = reading.field if reading else ""
        sure = reading is not None and reading.confidence in {"certain", "likely"}
        is_right = bool(guess) and guess in {line["field"], *line["or"].split("|")}
        confident += bool(guess) and sure
        if guess and sure and not is_right:
            wrong.append(f"{line['source']}: '{line['heading']}' is {line['field']}, not {guess}")
        held += line["field"] != NONE
        found += line["field"] != NONE and sure and is_right
        offered += line["field"] != NONE and is_right
    return Unseen(len(lines), confident, tuple(wrong), held, found, offered)


def census_report() -> str:
    """The evaluation for a reader, as Markdown; `tests/golden/header-mapping-census.md` is this text."""
    rows, key = census_rows(), read_key()
    whole, held_out, later = of_the_census(), of_the_census_held_out(), unseen("12")
    files = sum(row.files for row in rows)
    return f"""# Header mapping on the census of council spending

The proposer of `kcc-etl map` over the {len(rows)} heading rows of {files:,} files of 15 public bodies
(Open Innovations), weighted by files, headings alone, without values. Judged by a key made by hand:
{len(key)} headings of {len({source for source, _ in key})} sources, {len({heading for _, heading in key})} of them distinct.
A guess counts when it is certain or likely; what is doubtful is shown to the officer and commented out.
The table of names and the key come from the same hand, after reading the census; the two parts below say what
the table is worth for a body it was not made from.

Wrong confident guesses: {sum(whole.wrong.values())} of {sum(whole.confident.values()):,} ({100 * whole.wrong_share:.2f}%; at most 0.50% is allowed).
Kinds of file told wrongly: {whole.kinds_wrong} of {files:,}.
{whole.vat_unstated:,} of the guesses are amounts whose heading does not say whether VAT is in them. They are right
as far as a heading can tell, and each carries that doubt.

{table(whole)}

## With the names of the body at hand taken out

Each body judged by the table of names without those that only that body uses: what a body that is not in
the table would meet. Wrong confident guesses: {sum(held_out.wrong.values())} of {sum(held_out.confident.values()):,}.

{table(held_out)}

## Headings from elsewhere

{later.headings} headings of data.gov.uk (2013), of councils' own explanations and of contract registers, looked for after
the table had been made, and judged one by one. First readings:

{FIRST_READING}

Read today: {later.confident} confident guesses, {len(later.wrong)} wrong, {later.found} of {later.held} fields found with confidence and {later.offered} offered.
"""


FIRST_READING = """\
- Round 1, before anything was mended: 191 headings, 68 confident guesses, 2 wrong (`Contract Id` of a register
  as the identifier on the central platform, `Contract completion date` as the end); 65 of 114 fields found,
  83 offered.
- Round 2, after round 1 had been mended: 57 headings, 25 confident guesses, 0 wrong; 24 of 31 fields found,
  27 offered."""
"""What the first runs over the unseen headings gave, on 23 November 2026; they cannot be run again."""
