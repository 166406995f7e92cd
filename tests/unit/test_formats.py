"""The files of a dataset in every format: valid metadata, the same cells, nothing that runs; page and catalogue."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from fractions import Fraction
from shutil import which

import odf.opendocument
import odf.table
import pytest
from csvw import CSVW
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from pydantic import ValidationError

from kcc_etl.schema.frames import empty
from kcc_etl.settings import AuthoritySettings
from reports.accessibility.check import check_workbook, concealed_content
from reports.accessibility.ods_rules import check_ods
from reports.changes import Change, Changes, changes_csv
from reports.csvw import metadata_name, render_csvw
from reports.datasets import PUBLISHED, pack_datasets
from reports.delimited import render_csv
from reports.documents import WORKBOOK_CELLS, Column, Dataset, Sheet, Table, Workbook
from reports.formats import dataset_files, front_files
from reports.harvest import LONGEST_SENTENCE, LONGEST_TITLE, render_harvest, short_title
from reports.landing_page import size_text
from reports.manifest import ParameterStamp
from reports.ods import render_ods
from reports.page_check import page_faults
from reports.sources import NO_BOOKS, sources_dataset
from reports.transparency import payments_over_30k
from reports.verify import refuses
from reports.verify_tables import csv_rows, sheets_of
from reports.verify_twins import same_as_csv, same_sheets
from reports.workbook import render_xlsx
from tests.unit import report_frames as given

EDITION = given.edition()
DATASETS = pack_datasets({**{one.table: empty(one.table) for one in PUBLISHED}, **given.frames()}, EDITION)
BY_NAME = {dataset.name: dataset for dataset in DATASETS}
FILES = dataset_files(DATASETS, EDITION)
BOOKS = tuple(dataset for dataset in DATASETS if dataset.workbook)
named = pytest.mark.parametrize("dataset", DATASETS, ids=lambda one: one.name)


def one_sheet(table: Table, *, uk_dates: bool = False) -> Dataset:
    book = Workbook(
        "A title", "A Council", (("Publisher", "A Council"),), (Sheet("Data", "A title", (), table),)
    )
    return Dataset("data", table, uk_dates=uk_dates, workbook=book)


ALL_KINDS = (
    Column("name", "Name", "text", "A name."),
    Column("count", "Count", "integer", "A count."),
    Column("amount", "Amount", "pence", "An amount."),
    Column("day", "Day", "date", "A day."),
    Column("flag", "Flag", "boolean", "A flag."),
    Column("share", "Share", "quantity", "A share."),
)


@named
def test_the_metadata_is_valid_for_its_csv_by_the_csvw_package(dataset, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = f"{dataset.name}.csv"
    for file in (name, metadata_name(name)):
        (tmp_path / file).write_bytes(FILES[file])

    read = CSVW(metadata_name(name), validate=True)

    assert read.is_valid
    assert not read.warnings
    assert len(list(read.tables[0])) == len(dataset.table.rows)


@pytest.mark.parametrize(
    ("old", "new"),
    [("01/04/2026", "2026-04-01"), ("True", "yes"), (",ContractValue,", ",Value,"), ("WM-0002", "WM-0001")],
    ids=["a day of another form", "another word", "another heading", "a key twice"],
)
def test_the_csvw_package_sees_what_is_not_as_the_metadata_says(old, new, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = "contracts-register.csv"
    text = FILES[name].decode()
    assert old in text
    (tmp_path / name).write_bytes(text.replace(old, new, 1).encode())
    (tmp_path / metadata_name(name)).write_bytes(FILES[metadata_name(name)])

    try:
        valid = CSVW(metadata_name(name), validate=True).is_valid
    except ValueError:  # it stops at a key that stands twice
        valid = False
    assert not valid


def test_the_metadata_names_types_key_licence_publisher_and_period():
    read = json.loads(render_csvw(BY_NAME["contracts-register"], EDITION))
    columns = {column["name"]: column for column in read["tableSchema"]["columns"]}

    assert columns["StartDate"]["datatype"] == {"base": "date", "format": "dd/MM/yyyy"}
    assert columns["ContractValue"]["datatype"] == {"base": "decimal", "format": "0.00"}
    assert columns["SMESupplier"]["datatype"] == {"base": "boolean", "format": "True|False"}
    assert columns["SupplierName"]["datatype"] == "string"
    assert read["tableSchema"]["primaryKey"] == ["ContractReference"]
    assert [name for name, column in columns.items() if column["required"]] == ["ContractReference"]
    assert read["dc:publisher"] == "Wealdmarsh County Council"
    assert read["dc:license"]["@id"].endswith("/open-government-licence/version/3/")
    assert read["dc:temporal"] == "2026-07-01/2026-09-30"


def test_a_key_is_of_columns_that_the_table_has():
    with pytest.raises(ValueError, match="columns that it has not"):
        replace(DATASETS[0], key=("nothing",))


@pytest.mark.parametrize("dataset", BOOKS, ids=lambda one: one.name)
def test_csv_xlsx_and_ods_hold_the_same_cells(dataset):
    xlsx, ods = (sheets_of(FILES[f"{dataset.name}.{kind}"]) for kind in ("xlsx", "ods"))
    rows = csv_rows(FILES[f"{dataset.name}.csv"])
    columns = json.loads(FILES[metadata_name(f"{dataset.name}.csv")])["tableSchema"]["columns"]

    assert ods[0].name == "Cover"
    assert not list(same_sheets(ods, xlsx, "xlsx"))
    assert not list(same_as_csv(xlsx, rows, columns))
    assert not list(same_as_csv(ods, rows, columns))


@pytest.mark.parametrize(
    ("rows", "endings", "said"),
    [(3, ["csv", "csv-metadata.json", "xlsx", "ods"], "3 rows."),
     (4, ["csv", "csv-metadata.json"], "4 rows. As CSV alone: it is too large for a workbook.")],
)  # fmt: skip
def test_a_table_too_large_for_a_workbook_is_csv_alone_and_the_page_says_so(rows, endings, said, monkeypatch):
    monkeypatch.setattr("reports.documents.WORKBOOK_CELLS", 3)
    count = Column("count", "Count", "integer", "A count.")
    long = one_sheet(Table("data", "Data", (count,), tuple((row,) for row in range(rows))))

    files = dataset_files([long], EDITION)

    assert list(files) == [f"data.{ending}" for ending in endings]
    assert said in front_files([long], EDITION, files)["index.html"].decode()


@pytest.mark.long
def test_the_largest_table_that_is_a_workbook_is_opened_and_passed_by_the_verifier():
    """Rows that are alike shrink an ODS file more than a hundredfold."""
    spend = BY_NAME["spend-over-500"]
    row, count = spend.table.rows[0], WORKBOOK_CELLS // len(spend.table.columns)
    table = replace(spend.table, rows=(row,) * count)
    sheet = replace(spend.workbook.sheets[0], table=table)
    large = replace(spend, table=table, workbook=replace(spend.workbook, sheets=(sheet,)))
    assert large.formats == ("csv", "xlsx", "ods")

    found = [
        *check_workbook(render_xlsx(large, as_of=given.AS_OF)),
        *check_ods(render_ods(large, as_of=given.AS_OF)),
    ]

    assert not [finding for finding in found if refuses(finding)]


cells = st.tuples(
    st.none() | st.text(max_size=12),
    st.none() | st.integers(-(10**9), 10**9),
    st.none() | st.integers(-(10**13), 10**13),
    st.none() | st.dates(date(1900, 3, 1), date(9999, 12, 31)),
    st.none() | st.booleans(),
    st.none() | st.fractions(-1000, 1000, max_denominator=97),
)


@settings(max_examples=25, deadline=None)
@for_all(st.lists(cells, min_size=1, max_size=4), st.booleans())
def test_any_cells_are_the_same_in_the_three_formats(rows, uk_dates):
    dataset = one_sheet(Table("data", "A title", ALL_KINDS, tuple(rows)), uk_dates=uk_dates)
    xlsx, ods = (sheets_of(render(dataset, as_of=given.AS_OF)) for render in (render_xlsx, render_ods))
    columns = json.loads(render_csvw(dataset, EDITION))["tableSchema"]["columns"]

    assert not list(same_sheets(ods, xlsx, "xlsx"))
    assert not list(same_as_csv(ods, csv_rows(render_csv(dataset)), columns))


INJECTIONS = (*given.PAYLOADS[:17], "\u22122+3+cmd|' /C calc'!A0", '"=1+1', "\ufeff@SUM(1+1)")
"""Texts that a spreadsheet would calculate, or that become such a text once it trims them."""
_LIKE_A_FORMULA = re.compile(r"[\s\"\ufeff\u200b]*[=+\-@|＝＋－＠\u2212]")
_BESIDE = {
    "integer": (-7, "-7"),
    "pence": (-123_456, "-1234.56"),
    "quantity": (Fraction(-1, 8), "-0.13"),
    "date": (date(2026, 4, 1), ""),
    "boolean": (False, ""),
}
"""What stands beside the texts, and how a number of it is written; half a hundredth is rounded up."""
ALL_DATASETS = (*DATASETS, sources_dataset({}, NO_BOOKS, ParameterStamp("-", "-", True)))


def poisoned(dataset: Dataset) -> Dataset:
    """The dataset with every payload in every text field, and negative numbers in every other."""
    rows = tuple(
        tuple(payload if c.kind == "text" else _BESIDE[c.kind][0] for c in dataset.table.columns)
        for payload in INJECTIONS
    )
    table = replace(dataset.table, rows=rows)
    book = dataset.workbook
    if book is not None:
        book = replace(book, sheets=(replace(book.sheets[0], table=table), *book.sheets[1:]))
    return replace(dataset, table=table, workbook=book, key=())


def _are_numbers(columns: tuple[Column, ...], rows: list[list[object]], *, as_text: bool) -> bool:
    return all(
        cell == (_BESIDE[column.kind][1] if as_text else Fraction(_BESIDE[column.kind][1]))
        for row in rows
        for cell, column in zip(row, columns, strict=True)
        if column.is_number
    )


@pytest.mark.parametrize("dataset", ALL_DATASETS, ids=lambda one: one.name)
def test_20_payloads_in_every_text_field_give_no_formula_and_negative_numbers_stay_numbers(dataset):
    assert len(set(INJECTIONS)) == 20
    dataset = poisoned(dataset)
    columns = dataset.table.columns
    texts = [n for n, column in enumerate(columns) if column.kind == "text"]
    written = csv_rows(render_csv(dataset))[1:]

    assert texts
    assert len(written) == 20
    assert not [row[n] for row in written for n in texts if _LIKE_A_FORMULA.match(row[n])]
    assert all(row[n] for row in written for n in texts)
    assert _are_numbers(columns, written, as_text=True)
    if dataset.workbook is None:
        assert dataset.formats == ("csv",)
        return
    xlsx, ods = (render(dataset, as_of=given.AS_OF) for render in (render_xlsx, render_ods))
    assert not [f for f in concealed_content(xlsx) if f.rule_id == "HC-035"]
    assert not [f for f in check_ods(ods) if f.rule_id == "HC-035"]
    for content in (xlsx, ods):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            held_as = [
                parts.read(n) for n in parts.namelist() if "worksheets/sheet" in n or n == "content.xml"
            ]
        assert not [part for part in held_as if re.search(rb"<f[ >/]|formula=", part)]
        rows = sheets_of(content)[1].rows[-20:]
        assert all(isinstance(row[n], str) for row in rows for n in texts)
        assert _are_numbers(columns, rows, as_text=False)
    assert not list(same_sheets(sheets_of(ods), sheets_of(xlsx), "xlsx"))
    described = json.loads(render_csvw(dataset, EDITION))["tableSchema"]["columns"]
    assert not list(same_as_csv(sheets_of(ods), csv_rows(render_csv(dataset)), described))


@pytest.mark.parametrize("dataset", ALL_DATASETS, ids=lambda one: one.name)
def test_the_metadata_is_valid_for_any_text_and_negative_numbers(dataset, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = f"{dataset.name}.csv"
    (tmp_path / name).write_bytes(render_csv(poisoned(dataset)))
    (tmp_path / metadata_name(name)).write_bytes(render_csvw(poisoned(dataset), EDITION))

    read = CSVW(metadata_name(name), validate=True)
    assert read.is_valid
    assert len(list(read.tables[0])) == len(INJECTIONS)


def test_every_kind_of_text_of_the_list_of_changes_is_safe_too():
    fields = len(Change.__dataclass_fields__)
    rows = csv_rows(changes_csv(Changes(1, tuple(Change(*[text] * fields) for text in INJECTIONS))))[1:]

    assert len(rows) == 20
    assert not [cell for row in rows for cell in row if _LIKE_A_FORMULA.match(cell)]


def test_negative_numbers_stay_numbers_in_the_three_formats():
    row = ("-5", -7, -123_456, date(2026, 4, 1), False, Fraction(-1, 8))
    dataset = one_sheet(Table("data", "A title", ALL_KINDS, (row,)))
    for render in (render_xlsx, render_ods):
        cells = sheets_of(render(dataset, as_of=given.AS_OF))[1].rows[-1]
        assert cells == ["-5", -7, Fraction("-1234.56"), date(2026, 4, 1), False, Fraction("-0.13")]
    assert csv_rows(render_csv(dataset))[1] == ["'-5", "-7", "-1234.56", "2026-04-01", "False", "-0.13"]


def test_text_without_width_leaves_no_trace_in_any_format():
    hidden = "".join(map(chr, (0xAD, 0x200B, 0x200D, 0x200F, 0x2060, 0xFEFF, 0x202E, 0xE0041)))
    dataset = one_sheet(Table("data", "A title", ALL_KINDS[:1], ((f"{hidden}=1{hidden}+1",),)))

    assert csv_rows(render_csv(dataset))[1] == ["'=1+1"]
    for render in (render_xlsx, render_ods):
        assert sheets_of(render(dataset, as_of=given.AS_OF))[1].rows[-1] == ["=1+1"]


def test_an_ods_file_says_what_it_is_and_marks_its_table():
    content = FILES["contracts-register.ods"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        meta = archive.read("meta.xml").decode()
    book = odf.opendocument.load(io.BytesIO(content))  # another library than wrote it
    areas = book.getElementsByType(odf.table.DatabaseRange)

    assert "<dc:title>Contracts register, 2026-27 Q2 (" in meta
    assert "<dc:language>en-GB</dc:language>" in meta
    assert "<dc:creator>Wealdmarsh County Council</dc:creator>" in meta
    assert [area.getAttribute("name") for area in areas] == ["contracts_register", "columns", "notes"]
    assert all(area.getAttribute("containsheader") in (True, "true") for area in areas)
    assert len(book.getElementsByType(odf.table.TableHeaderRows)) == 3
    assert not check_ods(content)


def test_money_dates_and_words_have_types_of_their_own_in_ods():
    content = zipfile.ZipFile(io.BytesIO(FILES["contracts-register.ods"])).read("content.xml").decode()

    assert 'office:value-type="currency" office:currency="GBP" office:value="120000000.07"' in content
    assert 'office:value-type="date" office:date-value="2026-04-01"><text:p>01/04/2026' in content
    assert 'office:value-type="boolean" office:boolean-value="true"' in content


def test_the_same_dataset_gives_the_same_bytes():
    assert dataset_files(DATASETS, EDITION) == FILES


def test_a_dataset_without_a_workbook_is_no_spreadsheet():
    bare = replace(BY_NAME["spend-over-500"], workbook=None)
    assert bare.formats == ("csv",)
    with pytest.raises(ValueError, match="no workbook"):
        render_ods(bare, as_of=given.AS_OF)


CHANGED = changes_csv(
    Changes(
        1,
        (
            *(
                Change("spend-over-500", "former row 1", name, "1", "", "removed", "a ledger")
                for name in "abc"
            ),
            Change("contracts-register", "ref=1", "a", "1", "2", "changed", "a register"),
        ),
    )
)
FRONT = front_files(DATASETS, EDITION, {**FILES, "changes.csv": CHANGED})


def test_the_page_says_what_readers_ask_for_and_stands_alone():
    page = FRONT["index.html"].decode()

    assert not page_faults(FRONT["index.html"])
    for words in (
        "2026-27 Q2 (1 July 2026 to 30 September 2026)", "Draft of version 1.", "Open Government Licence v3.0",
        "Figures speak about 23 November 2026", "No rule was waived", "How to cite", "Changes by dataset",
        'href="mailto:procurement@wealdmarsh.example"', "The policy parameters behind these figures are",
    ):  # fmt: skip
        assert words in page, words
    for name in FILES:
        assert f'href="{name}"' in page
    for dataset in DATASETS:
        assert all(
            column.description.split(".")[0].split("'")[0][:30] in page for column in dataset.table.columns
        )


def test_the_page_counts_changes_as_the_result_does_and_gives_their_reasons():
    page = re.sub(r"<[^>]+>", " ", FRONT["index.html"].decode())

    assert re.search(r"spend-over-500\s+1 row removed\s+a ledger", page)
    assert re.search(r"contracts-register\s+1 cell changed\s+a register", page)


def test_the_catalogue_lists_the_package_of_contracts_where_there_is_one():
    read = json.loads(render_harvest(DATASETS, EDITION, [*FILES, "ocds-releases.json"]))
    (entry,) = (one for one in read["dataset"] if one["identifier"].endswith("ocds-releases"))

    assert 0 < len(entry["title"]) <= LONGEST_TITLE
    assert len(entry["description"].split(". ")[0]) <= LONGEST_SENTENCE
    assert [one["downloadURL"] for one in entry["distribution"]] == ["ocds-releases.json"]
    assert entry["distribution"][0]["mediaType"] == "application/json"


def test_the_publishing_authority_of_the_section_70_payments_is_filled_or_says_why_not():
    """PR24 reg 38A(2)(b): only if another authority than the one that pays published the contract details."""
    named = ["publisher_name", "publisher_address", "publisher_email", "publisher_id"]
    blank = BY_NAME["payments-over-30k"]
    told = {column.name: column.description for column in blank.table.columns if column.name in named}
    assert all("publishes its contract details notices itself" in text for text in told.values())
    assert blank.workbook.notes[-1].startswith(f"Empty in every row: {', '.join(named)}.")
    filled = payments_over_30k(given.over_30k().assign(**dict.fromkeys(named, "B")), EDITION)
    assert not any("Empty in every row" in column.description for column in filled.table.columns)


@pytest.mark.parametrize(
    ("publisher", "expected"),
    [
        (None, None),
        ({"id": "PBCD-2222-FGHJ"}, ("A", "B", "a@b.example", "PBCD-2222-FGHJ")),
        ({"id": "X", "name": "C", "address": "D", "email": "c@d.example"}, ("C", "D", "c@d.example", "X")),
    ],
)
def test_who_pays_and_who_publishes_is_set_in_one_place(publisher, expected):
    council = AuthoritySettings(
        name="A", address="B", email="a@b.example", ids=("PBCD-1111-FGHJ", "Y"), publisher=publisher
    )
    assert council.payer.identifier == "PBCD-1111-FGHJ"
    other = council.payer.publisher
    assert (other and (other.name, other.address, other.email, other.identifier)) == expected


@pytest.mark.parametrize(
    "publisher", [{"id": "GB-PPON-PBCD-1111-FGHJ"}, {"id": ""}, {"name": "C"}, {"id": "X", "ppon": "Y"}]
)
def test_a_publisher_that_is_the_payer_or_has_no_identifier_is_a_fault(publisher):
    with pytest.raises(ValidationError):
        AuthoritySettings(
            name="A", address="B", email="a@b.example", ids=("PBCD-1111-FGHJ",), publisher=publisher
        )


def test_each_column_of_the_section_70_payments_cites_the_regulation():
    for column in BY_NAME["payments-over-30k"].table.columns:
        assert "Source: PR24 reg 38A(2)" in column.description, column.name


def test_the_page_of_a_first_edition_says_that_nothing_differs():
    assert (
        b"Nothing differs from what was published before"
        in front_files(DATASETS, EDITION, FILES)["index.html"]
    )
    told = str(Changes(None, set_aside="publications/versions/2026-27-Q2/before"))
    edition = replace(EDITION, standing=replace(EDITION.standing, told=told))
    assert (
        b"kept unchanged in publications/versions/2026-27-Q2/before"
        in front_files(DATASETS, edition, FILES)["index.html"]
    )


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (1_001, "2 kB"),
        (999_999, "1,000 kB"),
        (1_000_000, "1.0 MB"),
    ],
)
def test_sizes_for_readers(count, text):
    assert size_text(count) == text


def test_the_catalogue_names_each_file_of_each_dataset_once():
    read = json.loads(FRONT["data.json"])
    named = [one["downloadURL"] for entry in read["dataset"] for one in entry["distribution"]]

    assert sorted(named) == sorted(name for name in FILES if not name.endswith(".json"))
    assert "publication_url" in read["note"]
    for entry in read["dataset"]:
        assert 0 < len(entry["title"]) <= LONGEST_TITLE
        assert "Wealdmarsh" not in entry["title"]
        assert len(entry["description"].split(". ")[0]) <= LONGEST_SENTENCE
        assert entry["license"].startswith("https://www.nationalarchives.gov.uk/")
        assert entry["accessLevel"] == "non-public"  # a draft
    told = {one["identifier"].partition("/")[2]: one for one in read["dataset"]}
    half, so_far, quarter = ("payments-compliance", "vcse-grants", "payments-over-30k")
    assert [told[name]["temporal"] for name in (half, so_far, quarter)] == [
        "2026-04-01/2026-09-30",
        "2026-04-01/2026-09-30",
        "2026-07-01/2026-09-30",
    ]
    assert {name for name, one in told.items() if one["accrualPeriodicity"] == "R/P6M"} == {
        half,
        f"{half}-invoices",
    }
    assert told["procurement-card"]["keyword"] == ["procurement", "transparency", "procurement card"]


def test_the_catalogue_gives_whole_addresses_where_the_setting_does():
    council = given.Council(publication_url="https://www.example.gov.uk/transparency/")
    read = json.loads(render_harvest([BY_NAME["payments-over-30k"]], given.edition(council=council), FILES))

    assert "note" not in read
    (entry,) = read["dataset"]
    base = "https://www.example.gov.uk/transparency/2026-27-Q2/"
    assert entry["landingPage"] == base + "index.html"
    assert entry["distribution"][0]["downloadURL"] == base + "payments-over-30k.csv"
    assert entry["distribution"][0]["describedBy"] == base + "payments-over-30k.csv-metadata.json"


@pytest.mark.parametrize("period", ["2026-27-Q2", "2026-27-H1", "2026-27"])
def test_the_catalogue_says_how_often_it_comes(period):
    edition = replace(EDITION, period=period)
    repeated = {"2026-27-Q2": "R/P3M", "2026-27-H1": "R/P6M", "2026-27": "R/P1Y"}

    (entry,) = json.loads(render_harvest([BY_NAME["social-value-performance"]], edition, FILES))["dataset"]
    assert entry["accrualPeriodicity"] == repeated[period]


def test_titles_for_portals():
    assert (
        short_title("Spend over £500, 2026-27 Q2 (1 July to 30 September)", "X")
        == "Spend over £500, 2026-27 Q2"
    )
    assert short_title("Kent County Council: Spend", "Kent County Council") == "Spend"
    assert len(short_title("word " * 40, "X")) <= LONGEST_TITLE


@pytest.mark.libreoffice
@pytest.mark.long
@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not on this machine")
def test_libreoffice_opens_an_ods_and_sees_the_cells_of_the_csv(tmp_path):
    (tmp_path / "book.ods").write_bytes(FILES["payments-over-30k.ods"])
    export = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", export, "--outdir", str(tmp_path), "book.ods"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)

    (written,) = tmp_path.glob("*.csv")
    text = written.read_text(encoding="utf-8")
    assert "25000.01" in text
    assert '=HYPERLINK(""http://evil.example/' in text
    assert "2026-07-01" in text


@pytest.mark.parametrize(
    ("address", "is_right"),
    [
        ("", True),
        ("https://www.example.gov.uk/transparency", True),
        ("http://localhost/x/", True),
        ("www.example.gov.uk", False),
        ("file:///c:/x", False),
        ("https://example.gov.uk/a b", False),
        ("https://example.gov.uk/?a", False),
    ],
)
def test_the_address_of_publications_is_one_of_the_web(address, is_right):
    about = {"name": "A", "address": "B", "email": "a@b.example", "ids": ("X",), "publication_url": address}
    if is_right:
        assert AuthoritySettings(**about).publication_url == address
    else:
        with pytest.raises(ValidationError):
            AuthoritySettings(**about)
