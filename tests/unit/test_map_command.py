"""`kcc-etl map`: what is shown and written, what is refused, and the way back in as a saved mapping."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kcc_etl.cli import main
from kcc_etl.exceptions import KccEtlError, SettingsError
from kcc_etl.intake.headings.mapping import TABULAR_KINDS, load_mapping
from kcc_etl.intake.headings.proposal_toml import proposal_toml
from kcc_etl.proposal_view import propose_for
from tests.tools import missing
from tests.unit.intake_files import parse_bytes, sheet_bytes, workbook_bytes
from tests.unit.test_header_proposal import reviewed

REAL = Path(__file__).parents[3] / "shared" / "data"
LEDGER = ("Supplier Name", "Payment Date", "Net Amount", "Supplier ID", "Body Name", "Colour")
LINE = ("Example Ltd", "2026-04-01", "1250.00", "S123", "Example Council", "blue")


def run(*arguments: object) -> int:
    """The exit code of the command with these arguments, as the shell would see it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["kcc-etl", "map", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
    return int(ended.value.code or 0)


def csv_bytes(*rows: Sequence[object]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ledger(here: Path) -> Path:
    path = here / "ledger.csv"
    path.write_bytes(csv_bytes(LEDGER, *[LINE] * 4))
    return path


def test_the_table_the_file_and_the_hint_are_given(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ledger) == 0
    shown = capsys.readouterr().out
    for words in (
        "Supplier name",
        "certain",
        "names the body that",
        "nothing is known",
        "ledger.mapping.toml",
    ):
        assert words in shown
    written = Path("ledger.mapping.toml").read_text(encoding="utf-8")
    assert '"Net Amount" = "amount_ex_vat_pence"  # certain; ' in written
    assert '"Body Name",  # no field of ours: it names the body that publishes' in written
    assert '"Colour",  # nothing is known of this heading' in written


def test_a_mapping_that_nobody_reviewed_is_refused_with_just_that(ledger: Path) -> None:
    run(ledger, "--quiet")
    with pytest.raises(SettingsError) as caught:
        load_mapping(Path("ledger.mapping.toml"))
    faults = caught.value.found.split("cannot be used: ")[1]
    assert faults == "nobody has reviewed it yet: 'reviewed_by' names no role and 'reviewed_on' no day"


def test_a_file_that_is_there_is_written_over_only_by_force(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = Path("mine.toml")
    target.write_text("reviewed", encoding="utf-8")
    assert run(ledger, "--output", target) == 2
    assert "--force" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "reviewed"
    assert run(ledger, "--output", target, "--force") == 0
    first = target.read_bytes()
    assert run(ledger, "--output", target, "--force") == 0
    assert target.read_bytes() == first


def test_json_writes_nothing_and_says_everything(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ledger, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["kind"] == "payments"
    assert said["columns"][0] == {
        "column": "A",
        "heading": "Supplier Name",
        "field": "supplier_name",
        "confidence": "certain",
        "reason": "the title of the field 'Supplier name'; 4 of 4 values are names",
        "doubt": "",
        "sample": "Example Ltd",
    }
    assert not Path("ledger.mapping.toml").exists()


def test_what_an_officer_has_to_choose_ends_with_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = here / "spend.csv"
    path.write_bytes(csv_bytes(("Date", "Supplier", "Amount"), *[("01/04/2026", "Example Ltd", "5.00")] * 3))
    assert run(path) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "no column is surely 'Payment date'" in shown
    written = Path("spend.mapping.toml").read_text(encoding="utf-8")
    assert '# "Date" = "paid_on"  # doubtful; ' in written
    assert '# paid_on = ""  # Payment date: ' in written


def test_values_are_shown_short_and_without_control_characters(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = here / "odd.csv"
    odd = "\x1b[31m[red]\u202eExample " + "x" * 200
    path.write_bytes(
        csv_bytes(("Supplier Name", "Payment Date", "Net Amount"), *[(odd, "2026-04-01", "1")] * 3)
    )
    run(path, "--output", "odd.toml")
    text = capsys.readouterr().out + Path("odd.toml").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "x" * 81 not in text


@pytest.mark.parametrize(
    ("name", "data", "options", "words"),
    [
        ("absent.csv", None, (), "cannot be opened"),
        ("empty.csv", b"", (), "The file is empty"),
        ("blank.csv", b"\n , \n", (), "has no heading"),
        ("nul.csv", b"a\x00b,c\n", (), "NUL"),
        ("quote.csv", b'a,"b\n', (), "quotation mark"),
        ("page.csv", b"<!DOCTYPE html><html></html>", (), "web page"),
        ("broken.xlsx", b"PK\x03\x04 not a zip", (), "broken.xlsx"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, (), "old.xls"),
        ("paper.pdf", b"%PDF-1.7 ...", (), "paper.pdf"),
        ("wide.csv", b"Supplier Name,Net Amount" + b"," * 16_000 + b"\n", (), "16,002 columns"),
        ("strange.csv", b"Colour,Shape\nblue,round\n", (), "--kind"),
        ("spend.csv", b"Supplier Name,Net Amount\nx,1\n", ("--kind", "returns"), "unknown"),
    ],
)
def test_what_cannot_be_mapped_is_told_in_a_sentence(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    data: bytes | None,
    options: tuple[str, ...],
    words: str,
) -> None:
    if data is not None:
        (here / name).write_bytes(data)
    assert run(here / name, *options) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert not list(here.glob("*.toml"))


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"\n , \n", b"Colour,Shape\nblue,round\n"])
def test_a_file_is_named_whole_however_deep_it_lies(
    here: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    deep = here / ("d" * 90) / ("e" * 90)
    deep.mkdir(parents=True)
    path = deep / "autumn\x1b[31m.csv"
    path.write_bytes(data)
    assert run(path) == 2
    said = capsys.readouterr().err.replace("\n", "")
    assert f"{deep}/autumn<U+001B>[31m.csv" in said
    assert "\x1b" not in said


def test_a_folder_and_a_place_that_cannot_be_written_are_told(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ledger.parent) == 2
    assert run(ledger, "--output", ledger / "deeper" / "m.toml") == 2
    assert "cannot be written" in capsys.readouterr().err


REGISTERS = {
    "dictionary": ("Contract reference", "Contract title", "Supplier name", "Value ex VAT (£)", "Start date", "End date"),
    "LGA": ("ContractReference", "ContractTitle", "SupplierName", "ContractValue", "StartDate", "EndDate"),
    "Code 2015": ("Reference number", "Title of agreement", "Supplier name and details", "Total Contract Value", "Contract start date", "Contract end date"),
    "portal": ("Contract Ref", "Contract Name", "Contractor", "Total Value", "Commencement Date", "Current Expiry Date"),
    "opendatasoft": ("contract_number", "title_of_agreement", "vendor_name", "contract_value_ex_vat", "contract_start_date", "contract_end_date"),
}  # fmt: skip
CONTRACTS = [
    (f"C{n}", f"Gritting {n}", f"Example {n} Ltd", f"{n}000.50", "2026-04-01", "31/03/2029")
    for n in range(1, 6)
]


@pytest.mark.parametrize(
    ("layout", "above", "workbook"),
    [*((layout, 2, False) for layout in REGISTERS), ("LGA", 0, False), ("portal", 2, True), ("LGA", 0, True)],
)
def test_a_register_of_any_layout_comes_back_in_whole(
    here: Path, layout: str, above: int, workbook: bool
) -> None:
    titles = [["Register of contracts"], []][:above]
    extra = [(*row, "blue", "https://data.example/1") for row in CONTRACTS]
    table = [*titles, (*REGISTERS[layout], "Colour", "Supplier URI"), *extra]
    data = sheet_bytes(table) if workbook else csv_bytes(*table)
    name = "register.xlsx" if workbook else "register.csv"
    (here / name).write_bytes(data)
    assert run(here / name, "--quiet") == 0
    saved = Path("register.mapping.toml")
    saved.write_text(reviewed(saved.read_text(encoding="utf-8")), encoding="utf-8")
    parsed = parse_bytes(here, data, "register", name, mapping=load_mapping(saved))
    assert list(parsed.rows["contract_ref"]) == [row[0] for row in CONTRACTS]
    assert list(parsed.rows["value_ex_vat_pence"]) == [n * 100_000 + 50 for n in range(1, 6)]
    assert {day.date() for day in parsed.rows["end_on"]} == {date(2029, 3, 31)}
    assert not [finding for finding in parsed.findings if finding.rule_id == "IN-050"]


REAL_FILES = {
    "spend/devon-cc/DCCSpendingOver500_202603.csv": {"paid_on"},
    "spend/oxford-city/expenditure-over-500-jul-sep-2017.csv": set(),
    "spend/hyndburn-bc/1525875624680_1803.csv": set(),
    "spend/hyndburn-bc/1690904052411_April-2023.csv": set(),
    "registers/salford-city-council_contracts-register-2022-07.csv": set(),
}
"""Real files, and the required fields that the proposal leaves to an officer's choice."""


@pytest.mark.parametrize("place", REAL_FILES)
def test_a_real_file_is_read_by_its_proposal_once_reviewed(here: Path, place: str) -> None:
    path = REAL / place
    if not path.is_file():
        missing(f"the real data is not at {REAL}")
    assert run(path, "--quiet", "--output", "m.toml") in {0, 1}
    text = Path("m.toml").read_text(encoding="utf-8")
    for name in REAL_FILES[place]:
        # The officer takes the # from the doubtful line.
        (line,) = [line for line in text.splitlines() if line.startswith('# "') and f'" = "{name}"' in line]
        text = text.replace(line, line.removeprefix("# "))
    Path("m.toml").write_text(reviewed(text), encoding="utf-8")
    mapping = load_mapping(Path("m.toml"))
    parsed = parse_bytes(here, path.read_bytes(), mapping.kind, path.name, mapping=mapping)
    assert parsed.receipt["fate"] == "accepted"
    # Blank rows apart; 48 of the 360 rows of Salford lack their reference, value or date.
    quarantined = int((parsed.set_aside["fate"] == "quarantined").sum())
    assert len(parsed.rows) >= 6 * quarantined
    assert len(parsed.rows) > 100


def test_columns_that_a_saved_mapping_does_not_speak_of_are_noted(here: Path) -> None:
    Path("m.toml").write_text(
        'kind = "payments"\nreviewed_by = "Analyst"\nreviewed_on = 2026-11-23\nignore = ["Body Name"]\n[columns]\n'
        '"Supplier Name" = "supplier_name"\n"Payment Date" = "paid_on"\n"Net Amount" = "amount_ex_vat_pence"\n',
        encoding="utf-8",
    )
    data = csv_bytes((*LEDGER, "", "colour "), (*LINE, "", "red"))
    parsed = parse_bytes(here, data, "payments", mapping=load_mapping(Path("m.toml")))
    noted = [finding for finding in parsed.findings if finding.rule_id == "IN-050"]
    assert [(f.cell, f.found, f.severity) for f in noted] == [
        ("D1", "D 'Supplier ID', F 'Colour', H 'colour'", "information")
    ]
    assert len(parsed.rows) == 1


def test_sheets_beside_the_one_that_is_read_are_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    for title in ("July", "August", "Empty"):
        page = book.create_sheet(title)
        for row in (LEDGER, *[LINE] * 4) if title != "Empty" else ():
            page.append(row)
    del book["Sheet"]
    Path("q2.xlsx").write_bytes(workbook_bytes(book))
    assert run("q2.xlsx") in {0, 1}
    assert "'August' holds something too" in " ".join(capsys.readouterr().out.replace("│", " ").split())
    run("q2.xlsx", "--json")
    assert json.loads(capsys.readouterr().out)["other_sheets"] == ["August"]


def test_a_column_that_holds_nothing_is_not_noted(here: Path) -> None:
    data = csv_bytes((*LEDGER, "Whatever"), (*LINE, ""))
    parsed = parse_bytes(here, data, "payments")
    assert not [finding for finding in parsed.findings if "Whatever" in finding.found]


@pytest.mark.long
def test_no_broken_file_stops_the_proposer() -> None:
    paths = [path for path in sorted((REAL / "broken").rglob("*")) if path.is_file()]
    if not paths:
        missing(f"the real data is not at {REAL}")
    for path in paths:
        for kind in ("", *TABULAR_KINDS):
            with contextlib.suppress(KccEtlError):
                proposal_toml(propose_for(path, kind), path.name)
