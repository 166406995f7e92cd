"""One return workbook: the form as a supplier filled it in, and its bytes.

Does not belong here: who returns what (`returns`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from kcc_etl.domain.periods import parse_period
from kcc_etl.sample.sheets import CREATED, PlantedFault, steady_zip
from kcc_etl.sample.world import AUTHORITY_NAME
from kcc_etl.schema import return_form as layout
from reports.return_book import render_return
from reports.return_told import ReturnForm

SOURCE = "returns"
BROKEN = "#REF!"
_TIME_TO_SEND = timedelta(days=30)

Answer = str | Fraction | None
"""What stands in a cell of the form: words, a number, or nothing."""

MEASURES = {
    "J1": ("New jobs for people who face barriers to work", "people"),
    "S1": ("Apprenticeships started on the contract", "people"),
    "S2": ("Weeks of apprenticeship worked on the contract", "weeks"),
    "S3": ("Weeks of accredited training completed", "weeks"),
    "S4": ("Work placements of five days or more", "people"),
    "S5": ("Hours given to careers and school activity", "hours"),
    "C1": ("Hours volunteered in the community", "hours"),
    "C2": ("Hours of expert help to charities, social enterprises and small firms", "hours"),
    "C3": ("Cash or goods given to the community", "£"),
    "E2": ("Money spent in the supply chain with small and medium-sized firms", "£"),
    "E4": ("Supply chain invoices paid within 30 days", "%"),
    "G2": ("Waste kept out of landfill and incineration", "tonnes"),
}


@dataclass
class Form:
    """A filled-in return: answers above the lines by row, lines by column letter, planted faults by cell.

    `doubtful` measures are those whose lines no officer could have accepted.
    """

    period: str
    name: str
    answers: dict[int, str]
    lines: list[dict[str, Answer]] = field(default_factory=list)
    plants: list[tuple[str, str, str]] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)

    @property
    def file(self) -> str:
        """Its name as the ledger of landed files holds it."""
        return f"{self.period}/{self.name}.xlsx"

    def claim_lines(self) -> list[dict[str, Answer]]:
        """The lines with a quantity in them."""
        return [line for line in self.lines if line.get("E") is not None]

    def cell(self, line: dict[str, Answer], column: str) -> str:
        """The address of a cell of a line."""
        place = next(n for n, other in enumerate(self.lines) if other is line)
        return f"{column}{layout.FIRST_LINE_ROW + place}"

    def plant(self, rule: str, kind: str, place: str, *measures: Answer) -> None:
        """Note a fault at a cell address, and the measures that it makes doubtful."""
        self.plants.append((rule, kind, place))
        self.doubtful.update(code for code in measures if isinstance(code, str))

    def faults(self) -> list[PlantedFault]:
        """The planted faults with their places."""
        return [PlantedFault(SOURCE, self.file, place, kind, rule, "") for rule, kind, place in self.plants]


def new_form(period: str, reference: str, title: str, supplier: str) -> Form:
    """The form as it was sent out, nothing to report not ticked and both confirmations given."""
    answers = {
        layout.VERSION_ROW: layout.TEMPLATE_VERSION,
        layout.CONTRACT_REF_ROW: reference,
        layout.CONTRACT_TITLE_ROW: title,
        layout.SUPPLIER_ROW: supplier,
        layout.PERIOD_ROW: period,
        layout.NIL_ROW: "No",
        layout.CONFIRM_SCOPE_ROW: "Yes",
        layout.CONFIRM_COMMITMENT_ROW: "Yes",
    }
    return Form(period, reference, answers)


def add_line(
    form: Form, code: str, district: str | None = None, quantity: Fraction | None = None
) -> dict[str, Answer]:
    """Add the line of a measure; without a quantity it stands there as it was printed."""
    title, unit = MEASURES[code]
    line: dict[str, Answer] = {"A": code, "B": title, "C": unit}
    if quantity is not None:
        evidence = f"EV-{form.period[-2:]}-{form.name}-{code}-{len(form.lines) + 1}"
        share = None if unit == layout.PERCENT else Fraction(100)
        line |= {"D": district, "E": quantity, "F": share, "G": "Yes", "H": evidence}
    form.lines.append(line)
    return line


def form_bytes(form: Form) -> bytes:
    """The workbook: the form that the council sends out, filled in. It needs a line at least."""
    issued = ReturnForm(
        contract_ref=form.answers[layout.CONTRACT_REF_ROW],
        contract_title=form.answers[layout.CONTRACT_TITLE_ROW],
        supplier=form.answers[layout.SUPPLIER_ROW],
        period=parse_period(form.period),
        lines=tuple((_printed(line, "A"), _printed(line, "B"), _printed(line, "C")) for line in form.lines),
        due_on=parse_period(form.period).end,
        send_by=parse_period(form.period).end + _TIME_TO_SEND,
    )
    content = render_return(
        issued, publisher=AUTHORITY_NAME, created=CREATED.date(), fill=partial(_fill_in, form)
    )
    return steady_zip(content)


def _printed(line: dict[str, Answer], letter: str) -> str:
    value = line[letter]
    return value if isinstance(value, str) else ""


def _fill_in(form: Form, sheet: Any) -> None:
    """What the supplier writes into the sheet of the return, right or wrong."""
    for row, answer in form.answers.items():
        sheet.write_string(f"{layout.ANSWER_COLUMN}{row}", answer)
    for row, line in enumerate(form.lines, start=layout.FIRST_LINE_ROW):
        for letter, value in line.items():
            if isinstance(value, Fraction):
                sheet.write_number(f"{letter}{row}", float(value))
            elif value == BROKEN:
                sheet.write_formula(f"{letter}{row}", "=" + BROKEN, None, BROKEN)
            elif value is not None:
                sheet.write_string(f"{letter}{row}", value)


def write_form(folder: Path, form: Form) -> bytes:
    """Write the workbook under the folder; returns its bytes."""
    path = folder / form.file
    path.parent.mkdir(parents=True, exist_ok=True)
    content = form_bytes(form)
    path.write_bytes(content)
    return content
