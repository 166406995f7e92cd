"""What a return workbook tells its supplier: how to fill it in, what is asked for and why, how it is counted.

Does not belong here: how it becomes a file (`return_book`), who owes a return and what is due
(`kcc_etl.returns`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kcc_etl.domain.periods import Period
from kcc_etl.parameters.measures import Measure
from kcc_etl.schema import return_form as layout
from reports.documents import Column, Sheet, Table, clean_text, day_text

ASSUMED_TARGETS = (
    "The parameters behind these targets are assumptions. The council's adopted parameters have not been "
    "loaded, and what the contract says comes first."
)
_TITLE_LIMIT, _TITLE_IN_A_SENTENCE = 250, 120
_IN_WORDS = {layout.PERCENT: layout.PERCENT_IN_WORDS, "£": "pounds (£)"}
"""A sign alone in a cell says nothing to a screen reader."""

_WHOLE_YEAR = (
    " It is the one return of the year: count the whole year in it, also what an earlier return has told."
)
_STEPS = """\
1. On the sheet Return choose Yes or No for the three questions at the top.
2. Find the line of each measure. Choose the district. Enter the quantity as a number alone, and the \
percentage of it that this contract brought about, such as 100. A measure in per cent has none: its cell \
is closed.
3. Choose Yes if it comes on top of what the contract asks for anyway.
4. Give the number of a document that shows it. Keep the document; do not send it.
5. Use one line for each district and leave the lines that you do not need blank. For more districts go \
on below the last line and choose the measure there."""
_NOTHING = (
    "Choose Yes for 'Nothing to report', leave the lines blank, and send it all the same. A return that is "
    "not sent counts as nothing delivered."
)
_NO_NAMES = (
    "Do not write names of people, email addresses, postcodes of homes or National Insurance numbers. Count "
    "people, and give reference numbers."
)
_PROTECTION = (
    "The sheet Return is protected against slips and has no password. Review, Unprotect Sheet lifts it."
)


@dataclass(frozen=True)
class Quote:
    """One target as the supplier is told it: agreed for the whole contract, due by the end of the period.

    One that is never due, such as one of several measures that share an output, gets no printed line; the
    supplier may add one.
    """

    measure: Measure
    agreed: Fraction | None
    due: Fraction
    explanation: str
    is_ever_due: bool = True


@dataclass(frozen=True)
class ReturnForm:
    """A return as it goes out. `period` is what it states: a quarter, or the year that the quarter closes.

    `lines` are the code, title and unit of each printed line, at least one; `due_on` is the day by which what
    is due falls due, `send_by` the last day to send the return. `stamp` says by which parameters the targets
    were worked out, `notes` what the supplier should know.
    """

    contract_ref: str
    contract_title: str
    supplier: str
    period: Period
    lines: tuple[tuple[str, str, str], ...]
    due_on: date
    send_by: date
    quotes: tuple[Quote, ...] = ()
    stamp: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError(f"the return of {self.contract_ref} has no line to fill in")


def printed_lines(measures: Sequence[Measure]) -> tuple[tuple[str, str, str], ...]:
    """The lines of these measures: several for several districts, one where districts cannot be added up."""
    return tuple(
        (measure.code, measure.title, measure.unit)
        for measure in measures
        for _ in range(1 if measure.unit == layout.PERCENT else layout.LINES_OF_A_MEASURE)
    )


def guidance(form: ReturnForm) -> list[tuple[str, str]]:
    """The headed paragraphs of the first sheet."""
    span = f"{day_text(form.period.start)} to {day_text(form.period.end)}"
    about = (
        f"Contract {form.contract_ref}, {short_title(form.contract_title, _TITLE_IN_A_SENTENCE)}. "
        f"This return is about {form.period.id}, {span}."
    )
    send = (
        f"Send it by {day_text(form.send_by)} to the person at the council who looks after the contract. "
        "Send a corrected copy in the same way; the latest one counts."
    )
    parts = [
        ("About this return", about + (_WHOLE_YEAR if form.period.kind == "year" else "")),
        ("When to send it", send),
        ("How to fill it in", _STEPS),
        ("If there is nothing to report", _NOTHING),
        ("What not to write", _NO_NAMES),
        ("Protection", _PROTECTION),
    ]
    return [*parts, ("Please note", "\n".join(form.notes))] if form.notes else parts


def told_sheets(form: ReturnForm, publisher: str) -> tuple[Sheet, ...]:
    """What is asked for and why, and how it is counted; no sheet where no target is quoted."""
    if not form.quotes:
        return ()
    due = f"Due by {day_text(form.due_on)}"
    columns = (
        Column("measure", "Measure", "text", ""),
        Column("title", "What it counts", "text", ""),
        Column("unit", "Unit", "text", ""),
        Column("agreed", "Agreed for the whole contract", "quantity", ""),
        Column("due", due, "quantity", ""),
        Column("why", "Why the target is what it is", "text", ""),
    )
    rows = tuple(
        (
            q.measure.code,
            q.measure.title,
            in_words(q.measure.unit),
            q.agreed,
            q.due,
            clean_text(q.explanation),
        )
        for q in form.quotes
    )
    title = "What is asked for, what is due by now, and why"
    targets = Sheet(layout.TARGETS_SHEET, title, (f"Source: {publisher}. {form.stamp}", *form.notes),
                    Table("targets", title, columns, rows))  # fmt: skip
    return targets, _counting(form, publisher)


def _counting(form: ReturnForm, publisher: str) -> Sheet:
    columns = (
        Column("measure", "Measure", "text", ""),
        Column("title", "What it counts", "text", ""),
        Column("who", "Who or what counts, and how often", "text", ""),
        Column("evidence", "Evidence to refer to", "text", ""),
    )
    rows = tuple(
        (q.measure.code, q.measure.title, q.measure.who_counts, q.measure.evidence) for q in form.quotes
    )
    title = "How each measure is counted, and what stands behind a claim"
    return Sheet(layout.COUNTING_SHEET, title, (f"Source: {publisher}. {form.stamp}",),
                 Table("counting_rules", title, columns, rows))  # fmt: skip


def in_words(unit: str) -> str:
    """A unit as words."""
    return _IN_WORDS.get(unit, unit)


def short_title(text: str, limit: int = _TITLE_LIMIT) -> str:
    """A title of a contract on one line of a length that a form has room for."""
    plain = " ".join(clean_text(text).split())
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"
