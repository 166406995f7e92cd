"""The clean world that defects are planted in: the sample county without its faults, and more of it.

Does not belong here: defects (`register`, `ledgers`, `papers`, `files`), judging what was found (`harness`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from kcc_etl.sample.contracts import REGISTER_FIELDS, Contract, register_cells
from kcc_etl.sample.decisions import DECISION_FIELDS, write_decisions
from kcc_etl.sample.dice import Dice
from kcc_etl.sample.forms import Form, write_form
from kcc_etl.sample.notices import clean_releases
from kcc_etl.sample.payments import LEDGER_FIELDS, PERIODS, STYLES, Ledger, build_ledgers, file_name
from kcc_etl.sample.portfolio import Portfolio, build_portfolio
from kcc_etl.sample.releases import Json, Press, is_ended
from kcc_etl.sample.returns import Forms, build_returns
from kcc_etl.sample.sheets import Cell, Line, Plant, Style, write_csv, write_xlsx
from kcc_etl.sample.world import Supplier

MAIN, HIGHWAYS, HIGHWAYS_SHEET = "contracts-register.csv", "highways-register.xlsx", "Works contracts"
NOTICES = "find-a-tender-2026-10.json"
MORE_CONTRACTS = 160
ENDED_CONTRACTS = 40
MONTHS = ("2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09")
SMALL_SOURCES = {
    **dict.fromkeys(("gap-1", "gap-2"), 10),
    **dict.fromkeys(("end-1", "end-2"), 30),
    **dict.fromkeys(("thin-1", "thin-2"), 40),
    **dict.fromkeys(("pence-1", "pence-2"), 210),
}
"""Further ledgers by source, one file a month, and their lines a month."""
NEXT_MONTH = "2026-10"
"""The month that the second night brings."""
LATE = "late"
"""Invoices of the last month of the newest ledger that only come when it is sent again."""
NEW_SOURCES = ("gap-1", "gap-2", "thin-1", "thin-2", "end-1", "end-2")
"""Those that begin in the night of the defects: a month that landed cannot go missing."""


@dataclass(frozen=True)
class Planted:
    """One defect: its kind, the rule that must find it, and where: a row of a file, a file, or a subject."""

    kind: str
    rule: str
    file: str = ""
    row: int = 0
    subject: str = ""


@dataclass
class World:
    """Every file before it is written. Defects change the lines; `write` says where they came to stand."""

    portfolio: Portfolio
    more: tuple[Contract, ...]
    over: tuple[Contract, ...]
    contracts: dict[str, Line]
    works: dict[str, Line]
    ledgers: dict[str, Ledger]
    small: dict[str, dict[str, list[Line]]]
    releases: list[tuple[Json, Plant | None]]
    forms: Forms
    decisions: list[Line]
    press: Press
    further: list[Line] = field(default_factory=list)
    further_forms: list[Form] = field(default_factory=list)
    further_files: dict[str, bytes] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def line(self, dice: Dice, lines: list[Line]) -> Line:
        """One of the lines at random that has no defect yet."""
        line = dice.pick([line for line in lines if id(line) not in self.taken and line.cells])
        self.taken.add(id(line))
        return line

    def keep_back(self, sources: Iterable[str]) -> None:
        """Leave the files of some small sources out; their folders are there."""
        for source in sources:
            self.small[source] = {}

    def pass_a_month(self) -> None:
        """What an honest month does to every kind of file: contracts that ended go, and lines and months come."""
        for contract in self.over:
            del self.contracts[contract.reference]
        late = _month_of_cells(LATE, MONTHS[-1], 60, Dice("mutants late"))
        self.ledgers[PERIODS[-1]].lines += [Line(cells) for cells in late]
        for source, files in self.small.items():
            cells = _month_of_cells(source, NEXT_MONTH, SMALL_SOURCES[source], Dice(f"mutants next {source}"))
            if files:
                files[f"{source}-{NEXT_MONTH}.csv"] = [Line(each) for each in cells]

    def write(self, inbox: Path) -> list[Planted]:
        """Write every file; returns all defects with their places."""
        for name in ("registers", "payments", "notices", "returns", "decisions"):
            (inbox / name).mkdir(parents=True, exist_ok=True)
        lines = [*self.contracts.values(), *self.further]
        write_csv(inbox / "registers" / MAIN, "contracts", REGISTER_FIELDS, lines, Style())
        works = list(self.works.values())
        write_xlsx(inbox / "registers" / HIGHWAYS, "highways", HIGHWAYS_SHEET, REGISTER_FIELDS, works)
        for period, ledger in self.ledgers.items():
            path = inbox / "payments" / file_name(period)
            write_csv(path, "ledger", LEDGER_FIELDS, ledger.lines, STYLES.get(period, Style()))
        for source, files in self.small.items():
            (inbox / source).mkdir(exist_ok=True)
            for name, ledger_lines in files.items():
                write_csv(inbox / source / name, source, LEDGER_FIELDS, ledger_lines, Style())
        package = {
            "uri": "https://find-a-tender.example/p",
            "version": "1.1",
            "releases": [r for r, _ in self.releases],
        }
        text = json.dumps(package, ensure_ascii=False).replace('"ENDLESS"', "1e9999")
        (inbox / "notices" / NOTICES).write_text(text, encoding="utf-8")
        for form in (*self.forms.values(), *self.further_forms):
            write_form(inbox / "returns", form)
        write_csv(
            inbox / "decisions" / "decisions-log.csv", "decisions", DECISION_FIELDS, self.decisions, Style()
        )
        for name, content in self.further_files.items():
            (inbox / name).parent.mkdir(parents=True, exist_ok=True)
            (inbox / name).write_bytes(content)
        return [*self.planted, *self._placed(lines, works)]

    def _placed(self, lines: list[Line], works: list[Line]) -> Iterator[Planted]:
        tables = {MAIN: lines, HIGHWAYS: works, "decisions-log.csv": self.decisions}
        tables |= {file_name(period): ledger.lines for period, ledger in self.ledgers.items()}
        tables |= {name: found for files in self.small.values() for name, found in files.items()}
        for file, rows in tables.items():
            for row, line in enumerate(rows, 2):
                for plant in line.plants:
                    yield Planted(plant.kind, plant.rule, file, row)
        for row, (_, spoilt) in enumerate(self.releases, 1):
            if spoilt:
                yield Planted(spoilt.kind, spoilt.rule, NOTICES, row)
        for form in (*self.forms.values(), *self.further_forms):
            for rule, kind, place in form.plants:
                row = int("".join(c for c in place if c.isdigit()) or 0)
                yield Planted(kind, rule, form.file, row)


def clean_world(folder: Path) -> World:
    """The world without a defect, the same every time; `folder` is for what is written on the way."""
    portfolio = build_portfolio()
    more, over = tuple(_more(portfolio)), tuple(_over(portfolio))
    everything = [*portfolio.contracts, *more, *over]
    lines = {c.reference: Line(register_cells(c)) for c in everything}
    ended = [c for c in portfolio.contracts if is_ended(c)]
    forms = build_returns(portfolio)
    press = Press()
    noticed = [c for c in portfolio.contracts if c.is_noticed and c not in ended]
    releases: list[tuple[Json, Plant | None]] = [
        (release, None) for contract in noticed for release in clean_releases(press, contract)
    ]
    return World(
        portfolio=portfolio,
        more=more,
        over=over,
        contracts={ref: line for ref, line in lines.items() if line.cells["procurement_category"] != "works"},
        works={ref: line for ref, line in lines.items() if line.cells["procurement_category"] == "works"},
        ledgers=build_ledgers(portfolio),
        small={source: _months(source, count) for source, count in SMALL_SOURCES.items()},
        releases=releases,
        forms=forms,
        decisions=_decisions(folder, portfolio, forms),
        press=press,
    )


def suppliers_of(world: World) -> list[Supplier]:
    """Companies that a payee may be: with a number that lost no zero, and no charity."""
    return [s for s in world.portfolio.suppliers if s.company_number and s.number % 7 and not s.is_vcse]


def _more(portfolio: Portfolio) -> Iterator[Contract]:
    """Contracts of before the Act that nothing else refers to."""
    base = next(c for c in portfolio.spare if c.sector == "services")
    payees = [s for s in portfolio.suppliers if s.company_number and s.number % 7 and not s.is_vcse]
    for place in range(MORE_CONTRACTS):
        yield replace(
            base,
            number=1000 + place,
            reference=f"KSW-{1000 + place}",
            supplier=payees[place % len(payees)],
            value_pence=4_100_000 + 137_000 * place,
            start_on=base.start_on + timedelta(days=place),
        )


def _over(portfolio: Portfolio) -> Iterator[Contract]:
    """Contracts that ended this autumn, which the register of a month later leaves out."""
    for place, contract in enumerate(_more(portfolio)):
        if place < ENDED_CONTRACTS:
            yield replace(
                contract,
                number=2000 + place,
                reference=f"KSW-{2000 + place}",
                value_pence=contract.value_pence + 55_500,
                start_on=contract.start_on - timedelta(days=400),
                commenced_on=contract.commenced_on - timedelta(days=400),
                end_on=date(2026, 10, 31),
            )


def _months(source: str, count: int) -> dict[str, list[Line]]:
    """Ledgers of a small source, one a month, with amounts that are spread the same way each month."""
    dice = Dice(f"mutants {source}")
    return {
        f"{source}-{month}.csv": [Line(cells) for cells in _month_of_cells(source, month, count, dice)]
        for month in MONTHS
    }


def _month_of_cells(source: str, month: str, count: int, dice: Dice) -> Iterator[dict[str, Cell]]:
    first = date.fromisoformat(f"{month}-01")
    for n in range(count):
        day, net = first + timedelta(days=n % 28), dice.whole(5_000, 90_000)
        yield _small_cells(f"{source}-{month}-{n:03d}", day, net)


def _small_cells(number: str, day: date, net: int) -> dict[str, Cell]:
    return {
        "payment_ref": number,
        "invoice_ref": f"I-{number}",
        "supplier_name": "Nowhere Stationers Imaginary Ltd",
        "department": "Corporate Services",
        "purpose": "Equipment and materials",
        "amount_ex_vat_pence": net,
        "vat_pence": 0,
        "amount_inc_vat_pence": net,
        "paid_on": day,
        "is_credit_note": False,
        "card_transaction": "None",
        "is_vcse_grant": False,
    }


def _decisions(folder: Path, portfolio: Portfolio, forms: Forms) -> list[Line]:
    """The sample's decisions log without the rows that it plants faults in."""
    faults = write_decisions(folder / "log", portfolio, forms)
    rows = {int("".join(c for c in fault.place if c.isdigit())) for fault in faults}
    (path,) = (folder / "log").iterdir()
    with path.open(encoding="utf-8", newline="") as file:
        _, *records = csv.reader(file)
    return [
        Line({name: cell or None for name, cell in zip(DECISION_FIELDS, record, strict=True)})
        for row, record in enumerate(records, 2)
        if row not in rows
    ]
