"""The verifier: what is wrong is told with rule and place, in our packs and in anybody's files; nothing raises."""

from __future__ import annotations

import io
import json
import os
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from kcc_etl import asset_keys as keys
from kcc_etl.cli import app
from kcc_etl.domain.redaction import REDACTED, WITHHELD
from kcc_etl.schema.frames import empty
from reports import documents
from reports.accessibility.check import concealed_content, faults
from reports.accessibility.concealed import KINDS
from reports.accessibility.ods_rules import check_ods
from reports.datasets import PUBLISHED, dataset_totals, pack_datasets
from reports.documents import Heading, PaperTable, Paragraph
from reports.formats import dataset_files, front_files
from reports.manifest import FILE_NAME, FORMAT, figures_digest, sha256_of
from reports.page import Page, render_html
from reports.paper import render_docx
from reports.personal_data import Known, Text, personal_hits, redaction_hits
from reports.verify import has_faults, refuses, verify, verify_folder
from reports.verify_apart import verify_apart
from reports.verify_documents import Paper
from reports.verify_pages import page_texts
from reports.verify_published import published_columns
from reports.verify_rules import PACK_RULES
from reports.verify_tables import csv_rows
from tests.unit import accessibility_cases as cases
from tests.unit import report_frames as given

EDITION = given.edition()
SUPPLIERS = ("Ashford Verges Ltd", "=1+1 Ltd", "Café & Söhne plc", "Line one\nLine two Ltd")
FRAMES = {
    **{one.table: empty(one.table) for one in PUBLISHED},
    keys.OUT_SPEND: given.spend(SUPPLIERS),
    keys.OUT_REGISTER: given.register(SUPPLIERS),
}
# Two of them, for speed; every dataset of a pack is verified where whole packs are tested.
DATASETS = [
    one for one in pack_datasets(FRAMES, EDITION) if one.name in ("contracts-register", "spend-over-500")
]
FILES = dataset_files(DATASETS, EDITION)
FILES |= front_files(DATASETS, EDITION, FILES)
TOTALS = dataset_totals(DATASETS, FRAMES)


def pack_in(folder: Path, files: dict[str, bytes] | None = None, **changed: object) -> Path:
    """A pack with a manifest that fits its files, whatever they hold."""
    files = FILES if files is None else files
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    entries = {name: {"sha256": sha256_of(c), "bytes": len(c)} for name, c in files.items()}
    csvs = {name[:-4]: content for name, content in files.items() if name.endswith(".csv")}
    told = {"status": "draft", "sign_off": None, "figures": figures_digest(EDITION.period, csvs)}
    told |= {"period": EDITION.period, "totals": TOTALS, "publisher": given.Council().name, **changed}
    manifest = {"format": FORMAT, "files": entries, **told}
    (folder / FILE_NAME).write_text(json.dumps(manifest))
    return folder


def spoilt(name: str, old: str, new: str) -> dict[str, bytes]:
    """The files with one text in one of them replaced."""
    text = FILES[name].decode()
    assert old in text, old
    return {**FILES, name: text.replace(old, new, 1).encode()}


def rules(path: Path) -> set[str]:
    found = {finding.rule_id for verdict in verify(path) for finding in faults(verdict.findings)}
    # Only two datasets are made here, for speed.
    return found - {"PK-018"}


def test_a_pack_is_clean_in_this_process_and_in_one_of_its_own(tmp_path):
    folder = pack_in(tmp_path / "pack")

    assert all(fault.startswith("PK-018") for fault in verify_folder(folder))
    assert rules(folder) == set()
    apart, here = list(verify_apart(folder)), list(verify(folder))
    assert apart == here
    assert [verdict.name for verdict in apart] == ["pack", *sorted(FILES)]
    assert {f.rule_id for verdict in apart for f in faults(verdict.findings)} == {"PK-018"}


@pytest.mark.parametrize(
    ("rule", "name", "old", "new"),
    [
        ("PK-004", "spend-over-500.csv", "OrganisationLabel,OrganisationURI", "OrganisationURI,OrganisationLabel"),
        ("PK-005", "contracts-register.csv", "01/04/2026", "2026-04-01"),
        ("PK-005", "contracts-register.csv", "01/04/2026", "1/4/2026"),
        ("PK-005", "contracts-register.csv", "120000000.07", "120000000.7"),
        ("PK-005", "contracts-register.csv", "120000000.07", "a lot"),
        ("PK-005", "contracts-register.csv", "WM-0002", "WM-0001"),
        ("PK-005", "contracts-register.csv", ",WM-0002,", ",,"),
        ("PK-006", "spend-over-500.csv", "500.01", "500.02"),
        ("PK-007", "contracts-register.csv", "120000000.07", "120000000.08"),
        ("PK-007", "contracts-register.csv", "Ashford Verges Ltd", "Ashford Verges"),
        ("PK-008", "spend-over-500.csv", "Ashford Verges Ltd", "jo.bloggs@example.org"),
        ("PK-008", "spend-over-500.csv", "Ashford Verges Ltd", "QQ 12 34 56 C".replace("QQ", "AB")),
        ("PK-009", "spend-over-500.csv", "Ashford Verges Ltd", "Mrs J Bloggs"),
        ("PK-009", "spend-over-500.csv", "Ashford Verges Ltd", "Rent ME14 1XQ"),
        ("CS-006", "spend-over-500.csv", "'=1+1 Ltd", "=1+1 Ltd"),
        ("CS-004", "spend-over-500.csv", "Growth and Environment", "Growth, and Environment"),
        ("PK-012", "index.html", "<main>", "<main><script>x</script>"),
        ("PK-015", "data.json", "spend-over-500.csv\"", "spend-over-5000.csv\""),
        ("PK-003", "data.json", "{", "["),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_told_by_its_rule(rule, name, old, new, tmp_path):
    folder = pack_in(tmp_path / "pack", spoilt(name, old, new))

    assert rule in rules(folder)
    assert PACK_RULES.get(rule) is None or PACK_RULES[rule].remedy.endswith(".")


def test_a_fault_is_told_with_its_cell(tmp_path):
    folder = pack_in(tmp_path / "pack", spoilt("contracts-register.csv", "01/04/2026", "1/4/2026"))
    found = [f for verdict in verify(folder) for f in verdict.findings if f.rule_id == "PK-005"]

    assert [(f.source_file, f.cell) for f in found] == [("contracts-register.csv", "P2")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda folder: (folder / "spend-over-500.csv").write_bytes(b"a\r\n1\r\n"),
            "does not hold the bytes",
        ),
        (lambda folder: (folder / "spend-over-500.csv").unlink(), "spend-over-500.csv is missing"),
        (
            lambda folder: (folder / "more.csv").write_bytes(b"a\r\n1\r\n"),
            "more.csv is in the folder and not",
        ),
        (lambda folder: (folder / FILE_NAME).write_text('{"format": "other"}'), "not of the form"),
        (lambda folder: (folder / FILE_NAME).write_text("[[["), "cannot be read"),
    ],
)
def test_a_folder_that_is_not_its_manifest_is_refused(change, words, tmp_path):
    folder = pack_in(tmp_path / "pack")
    change(folder)

    assert any(words in fault for fault in verify_folder(folder))


def test_a_workbook_with_another_cell_than_its_twins_is_told(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(FILES["contracts-register.xlsx"]))
    book["Contracts"]["C9"] = "WM-9999"
    changed = io.BytesIO()
    book.save(changed)
    folder = pack_in(tmp_path / "pack", {**FILES, "contracts-register.xlsx": changed.getvalue()})
    found = [f for verdict in verify(folder) for f in verdict.findings if f.rule_id == "PK-007"]

    assert [(f.source_file, f.source_sheet, f.cell) for f in found] == [
        ("contracts-register.ods", "Contracts", "C9"), ("contracts-register.xlsx", "Contracts", "C9"),
    ]  # fmt: skip


def _ods(old: str, new: str, part: str = "content.xml", more: dict[str, bytes] | None = None) -> bytes:
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(FILES["contracts-register.ods"])) as source,
        zipfile.ZipFile(changed, "w") as to,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                assert old.encode() in text, old
                text = text.replace(old.encode(), new.encode(), 1)
            to.writestr(name, text)
        for name, content in (more or {}).items():
            to.writestr(name, content)
    return changed.getvalue()


_TEXT = 'office:value-type="string"><text:p>WM-0000'
ODS_MUTANTS = [
    ("AC-001", '<table:database-range table:name="contracts_register"', '<table:database-range-x table:name="x"', "content.xml"),
    ("AC-003", f"table:style-name=\"text\" {_TEXT}", f'table:number-columns-spanned="2" {_TEXT}', "content.xml"),
    ("AC-005", 'table:contains-header="true"', 'table:contains-header="false"', "content.xml"),
    ("AC-007", 'table:display-filter-buttons="false"', 'table:display-filter-buttons="true"', "content.xml"),
    ("AC-025", "<text:p>WM-0000", "<draw:frame/><text:p>WM-0000", "content.xml"),
    ("AC-026", "<office:spreadsheet>", "<office:spreadsheet><office:event-listeners><text:script/></office:event-listeners>", "content.xml"),
    ("AC-027", 'table:name="Notes" table:style', 'table:name="Sheet4" table:style', "content.xml"),
    ("AC-028", "</table:table><table:database-ranges>", '</table:table><table:table table:name="More"/><table:database-ranges>', "content.xml"),
    ("AC-035", "<dc:language>en-GB</dc:language>", "", "meta.xml"),
    ("AC-035", "<dc:title>Contracts register, 2026-27 Q2 (1 July 2026 to 30 September 2026)</dc:title>", "", "meta.xml"),
    ("AC-036", '>Cover</config', '>Notes</config', "settings.xml"),
    ("HC-001", 'table:display="true"', 'table:display="false"', "content.xml"),
    ("HC-003", "<table:table-row ", '<table:table-row table:visibility="collapse" ', "content.xml"),
    ("HC-004", "<table:table-column ", '<table:table-column table:visibility="collapse" ', "content.xml"),
    ("HC-005", 'style:row-height="', 'style:row-height="0.1pt" style:x="', "content.xml"),
    ("HC-006", 'fo:color="#1A5FB4"', 'fo:color="#FFFFFF"', "content.xml"),
    ("HC-008", "<text:p>WM-0000", "<office:annotation><text:p>no</text:p></office:annotation><text:p>WM-0000", "content.xml"),
    ("HC-010", "<dc:language>", "<dc:description>about Jo</dc:description><dc:language>", "meta.xml"),
    ("HC-011", "<dc:language>", "<meta:user-defined>Jo</meta:user-defined><dc:language>", "meta.xml"),
    ("HC-012", 'xlink:href="#Contracts.A1"', 'xlink:href="file:///C:/secret.ods"', "content.xml"),
    ("HC-014", "<table:database-ranges>", "<table:named-expressions><table:named-expression/></table:named-expressions><table:database-ranges>", "content.xml"),
    ("HC-015", "<table:database-ranges>", "<table:content-validation/><table:database-ranges>", "content.xml"),
    ("HC-018", "<table:database-ranges>", "<table:data-pilot-table/><table:database-ranges>", "content.xml"),
    ("HC-020", "<table:table-header-rows>", "<table:table-row-group/><table:table-header-rows>", "content.xml"),
    ("HC-025", "<table:database-ranges>", "<table:tracked-changes/><table:database-ranges>", "content.xml"),
    ("HC-027", '<style:header style:display="false"/>', "<style:header>secret</style:header>", "styles.xml"),
    ("HC-035", 'office:value-type="string"><text:p>WM-0000', f'table:formula="of:=1+1" {_TEXT}', "content.xml"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "old", "new", "part"), ODS_MUTANTS, ids=lambda value: value if len(value) < 7 else ""
)
def test_what_is_hidden_or_unmarked_in_an_ods_file_is_told(rule, old, new, part):
    if "draw:" in new:
        new = new.replace("<draw:frame/>", '<draw:frame xmlns:draw="urn:x"/>')
    content = _ods(old, new, part)
    assert rule in {finding.rule_id for finding in check_ods(content)}, [str(f) for f in check_ods(content)]


@pytest.mark.parametrize(
    ("name", "rule"), [("Basic/script.xml", "AC-026"), ("Object 1/", "HC-017"), ("x.bin", "HC-031")]
)
def test_a_part_that_does_not_belong_into_an_ods_file_is_told(name, rule):
    assert rule in {f.rule_id for f in check_ods(_ods("<dc:title>", "<dc:title>", "meta.xml", {name: b"x"}))}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "IN-001"),
        (b"PK\x03\x04 cut off", "IN-001"),
        (
            _ods("<office:document-content", "<!DOCTYPE x [<!ENTITY a 'b'>]><office:document-content"),
            "IN-011",
        ),
        (_ods("</office:document-content>", ""), "IN-001"),
        (_ods("<dc:title>", "<dc:title>", "meta.xml", {"../out.xml": b"x"}), "IN-010"),
    ],
)
def test_a_broken_or_unsafe_ods_file_is_a_finding(content, rule):
    assert rule in {finding.rule_id for finding in check_ods(content)}


def test_each_of_25_kinds_of_hidden_content_and_more_is_stopped_before_a_pack_is_switched_in():
    kinds = {rule: change for rule, _, change in reversed(cases.CONCEALED)}
    good = cases.good_workbook()
    stopped = {
        rule
        for rule, change in kinds.items()
        if any(f.rule_id == rule and refuses(f) for f in concealed_content(change(good)))
    }

    assert stopped == set(KINDS)
    assert len(stopped) >= 25


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (Text("Ashford Verges Ltd"), set()),
        (Text("write to jo.bloggs@example.org"), {"PK-008"}),
        (Text("write to procurement@kent.gov.uk"), set()),
        (Text("write to procurement.team@kent.gov.uk"), set()),
        (Text("our own: office-of-jo@wealdmarsh.example"), set()),
        (Text("AB 12 34 56 C"), {"PK-008"}),
        (Text("Mr Bloggs"), {"PK-009"}),
        (Text("Miss J. K. O'Hara-Smith"), {"PK-009"}),
        (Text("Dr Bloggs and Partners"), set()),
        (Text("Mrs Miggins Pies Ltd"), set()),
        (Text("Street works at ME14 1XQ"), {"PK-009"}),
        (Text("call 01622 000000"), {"PK-009"}),
        (Text("01622 000000", "Supplier email"), {"PK-009"}),
        (Text("call 01622 000000", "Address"), {"PK-009"}),
        (Text("0162200000012", "Contract reference"), set()),
        (Text("01622000000", "contract_ref"), set()),
        (Text("REDACTED PERSONAL DATA"), set()),
        (Text("Fees for Jo Bloggs"), {"PK-011"}),
    ],
)
def test_signs_of_personal_data(text, found):
    known = Known(frozenset({"office-of-jo@wealdmarsh.example"}), frozenset({"jo bloggs"}))
    assert {rule for rule, _ in personal_hits([text], known)} == found
    assert not any("loggs" in hit.found for _, hit in personal_hits([text], known))


def test_a_redacted_row_that_tells_who_is_meant_is_told():
    rows = [["BeneficiaryName", "CompaniesHouseRegistrationNumber", "Amount"], [REDACTED, "", "1.00"]]
    assert not list(redaction_hits(rows))
    rows[1][1] = "01234567"
    assert [hit.cell for hit in redaction_hits(rows)] == ["B2"]
    rows[1][0] = WITHHELD
    assert [hit.cell for hit in redaction_hits(rows)] == ["B2"]


def test_a_withheld_name_shuts_the_pack(tmp_path):
    folder = pack_in(tmp_path / "pack")

    assert not any(fault.startswith("PK-011") for fault in verify_folder(folder, withheld=["Jo Bloggs"]))
    assert any(fault.startswith("PK-011") for fault in verify_folder(folder, withheld=["Ashford Verges Ltd"]))


def test_published_columns_are_those_of_the_program():
    assert published_columns("spend-over-500")[:2] == ("OrganisationLabel", "OrganisationURI")
    assert published_columns("nothing") == ()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ('a\r\n"x\ny, ""z"""\r\n', [["a"], ['x\ny, "z"']]),
        ("a,b\r\n,\r\n", [["a", "b"], ["", ""]]),
        ("a,b\r\n007,NULL\r\n", [["a", "b"], ["007", "NULL"]]),
    ],
)
def test_cells_of_csv_are_the_texts_they_are(text, rows):
    assert csv_rows(text.encode()) == rows


@cache
def _paper() -> bytes:
    table = PaperTable("A table", ("One", "Two"), (("a", "b"),))
    blocks = [Heading("First"), Paragraph("Words."), table]
    return render_docx(documents.Paper("Title", "A Council", blocks), as_of=given.AS_OF)


def _docx(*, edit=lambda part: part, more: dict[str, bytes] | None = None) -> bytes:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_paper())) as source, zipfile.ZipFile(changed, "w") as to:
        for name in source.namelist():
            part = source.read(name)
            to.writestr(name, edit(part) if name == "word/document.xml" else part)
        for name, content in (more or {}).items():
            to.writestr(name, content)
    return changed.getvalue()


def _looks(look):
    return lambda part: part.replace(b"<w:t>", b"<w:rPr>" + look + b"</w:rPr><w:t>", 1)


@pytest.mark.parametrize(
    ("rule", "words", "made"),
    [
        ("PK-013", "headings", _docx(edit=lambda p: p.replace(b"w:tblHeader", b"w:other"))),
        (
            "PK-013",
            "no headings",
            _docx(edit=lambda p: p.replace(b"Heading", b"Body").replace(b'"Title"', b'"B"')),
        ),
        ("PK-014", "hidden text", _docx(edit=lambda p: p.replace(b"<w:t>", b"<w:vanish/><w:t>", 1))),
        ("PK-014", "recorded changes", _docx(edit=lambda p: p.replace(b"<w:t>", b"<w:ins/><w:t>", 1))),
        (
            "PK-014",
            "field",
            _docx(edit=lambda p: p.replace(b"<w:t>", b"<w:instrText>DDEAUTO c</w:instrText><w:t>", 1)),
        ),
        ("PK-014", "comments", _docx(more={"word/comments.xml": b"<x/>"})),
        ("PK-014", "macros", _docx(more={"word/vbaProject.bin": b"x"})),
        ("PK-014", "white on white", _docx(edit=_looks(b'<w:color w:val="FFFFFF"/>'))),
        ("PK-014", "of 1 points", _docx(edit=_looks(b'<w:sz w:val="2"/>'))),
        ("PK-014", "custom document", _docx(more={"docProps/custom.xml": b"<x/>"})),
        ("PK-014", "no page shows", _docx(more={"word/media/x.emf": b"x"})),
        ("PK-014", "belong to no part", _docx() + b"more"),
    ],
)
def test_what_is_wrong_with_a_paper_is_told(rule, words, made):
    assert not list(Paper(_docx()).broken())
    assert any(rule == broken and words in hit.found for broken, hit in Paper(made).broken())


def test_the_words_of_a_page_are_looked_at_and_its_style_is_not():
    texts = [
        text.words for text in page_texts(render_html(Page("T", "A", [Paragraph("write to jo@example.org")])))
    ]
    assert "write to jo@example.org" in texts
    assert not any("{" in text for text in texts)


BROKEN = {
    "a.csv": b"\xff\xfe\x00", "b.csv": b"", "c.xlsx": b"PK\x03\x04", "d.ods": b"x", "e.docx": b"", "f.html": b"\xff",
    "data.json": b'{"dataset": [1, {"distribution": 3}]}', "h.pdf": b"%PDF", "i.csv": b'a,"b', "j.json": b"[" * 100_000,
    "k.csv": b"a\x00b,c\r\n", "l.csv-metadata.json": b"[]", "l.csv": b"a,b\r\n1,2\r\n", "m.xlsx": b"", "n": b"x",
}  # fmt: skip


def test_nothing_that_a_folder_of_others_holds_raises(tmp_path):
    for name, content in BROKEN.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "below").mkdir()
    verdicts = {verdict.name: verdict for verdict in verify(tmp_path)}

    assert "below: a folder in the folder is not looked into." in verdicts[tmp_path.name].unchecked
    assert set(BROKEN) | {tmp_path.name} == set(verdicts)
    told = {name for name, verdict in verdicts.items() if verdict.findings or verdict.unchecked}
    assert set(BROKEN) - told == {"l.csv-metadata.json"}
    assert "h.pdf: files of the kind .pdf are not judged." in verdicts["h.pdf"].unchecked


@pytest.mark.parametrize("manifest", ['{"format": "%s"}', '{"format": "%s", "files": 3}', '{"format": "%s", "files": {"a": 1}, "totals": []}'])  # fmt: skip
def test_a_manifest_that_lies_is_a_finding(manifest, tmp_path):
    (tmp_path / FILE_NAME).write_text(manifest % FORMAT)
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "spend-over-500.csv").write_bytes(b"a,b\r\n1,2\r\n")

    assert verify_folder(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="limits on memory are of POSIX")
def test_a_file_that_its_process_dies_of_is_told_and_the_others_are_judged(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\r\n1,2\r\n")
    (tmp_path / "b.xlsx").write_bytes(cases.good_workbook())
    verdicts = list(verify_apart(tmp_path, seconds=0.001))

    assert {verdict.name for verdict in verdicts} >= {"a.csv", "b.xlsx"}
    assert all(f.rule_id == "PK-003" for verdict in verdicts for f in verdict.findings)
    assert has_faults(verdicts)


def test_the_command_answers_0_clean_1_faults_2_wrong_usage(tmp_path, monkeypatch):
    monkeypatch.setattr("kcc_etl.verify_cli.verify_apart", verify)  # the process of its own has a test above
    run = CliRunner()
    clean = pack_in(tmp_path / "clean")
    said = run.invoke(app, ["verify", str(clean / "spend-over-500.csv")])
    assert (said.exit_code, "No faults found." in said.output) == (0, True)

    wrong = pack_in(tmp_path / "wrong", spoilt("spend-over-500.csv", "500.01", "500.02"))
    said = run.invoke(app, ["verify", str(wrong), "--json"])
    told = json.loads(said.stdout)
    assert said.exit_code == 1
    assert not told["clean"]
    assert "PK-006" in {entry["rule_id"] for entry in told["faults"]}
    assert {"AC-034"} <= {entry["rule_id"] for entry in told["for_a_person"]}

    said = run.invoke(app, ["verify", str(tmp_path / "nowhere")])
    assert said.exception is not None
    assert getattr(said.exception, "exit_code", 2) == 2
