"""The accessibility checker: 36 rules, 72 mutants, every kind of hidden content, CSV files, real files."""

from __future__ import annotations

import io
import random
from collections import Counter

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.accessibility import colours
from reports.accessibility.book import open_workbook
from reports.accessibility.catalogue import CSV_RULES, RULES
from reports.accessibility.check import (
    ACCESSIBILITY,
    CONCEALMENT,
    SHOWN,
    check_csv,
    check_workbook,
    concealed_content,
    faults,
    for_a_person,
)
from reports.accessibility.concealed import KINDS
from reports.delimited import render_csv
from reports.documents import Column, Dataset, Table
from reports.transparency import contracts_register, payments_over_30k, social_value_performance
from reports.workbook import render_xlsx
from tests.unit import accessibility_cases as cases
from tests.unit import report_frames as frames

JUDGES = {**ACCESSIBILITY, **CONCEALMENT}
GOOD = cases.good_workbook()
EDITION = frames.edition()
PUBLISHED = {
    "payments": payments_over_30k(frames.over_30k(), EDITION),
    "register": contracts_register(frames.register(), EDITION),
    "performance": social_value_performance(frames.as_published(frames.performance()), EDITION),
    "empty": payments_over_30k(frames.empty_frames()["out_payments__quarterly_over_30k"], EDITION),
}


def broken(content: bytes, publisher: str = cases.PUBLISHER) -> set[str]:
    return {finding.rule_id for finding in faults(check_workbook(content, "x.xlsx", publisher))}


def breaks(rule: str, content: bytes) -> bool:
    """Whether a workbook breaks a rule, by the judge of that rule alone."""
    return any(JUDGES[rule](open_workbook(content, cases.PUBLISHER)))


def test_36_rules_26_automatic_9_partly_and_one_for_a_person_each_with_its_judge():
    assert list(RULES) == [f"AC-{n:03d}" for n in range(1, 37)]
    assert Counter(rule.kind for rule in RULES.values()) == {"automatic": 26, "partly": 9, "person": 1}
    assert set(ACCESSIBILITY) == {rule.id for rule in RULES.values() if rule.kind != "person"}
    assert set(CONCEALMENT) == set(KINDS)
    assert sum(rule.essential for rule in RULES.values()) == 19
    assert all(bool(rule.person) == (rule.kind != "automatic") for rule in RULES.values())
    for rule in [*RULES.values(), *KINDS.values(), *CSV_RULES.values()]:
        assert rule.sentence
        assert rule.remedy.endswith(".")
        assert not rule.sentence.endswith(".")


@pytest.mark.parametrize("content", [GOOD, cases.good_workbook(blanks=False)])
def test_a_good_workbook_breaks_no_rule_before_and_after_a_round_trip(content):
    assert not broken(content)
    assert not broken(cases.changed(content, lambda book: None))


@pytest.mark.parametrize("name", PUBLISHED)
def test_our_own_workbooks_are_clean_apart_from_what_a_person_must_look_at(name):
    content = render_xlsx(PUBLISHED[name], as_of=frames.AS_OF)
    findings = check_workbook(content, f"{name}.xlsx", frames.Council().name)
    assert findings == for_a_person(f"{name}.xlsx")
    assert len(findings) == 10


def test_of_72_mutants_two_a_rule_70_are_caught_and_the_two_for_excel_are_left_to_a_person():
    assert Counter(rule for rule, _, _ in cases.MUTANTS) == dict.fromkeys(RULES, 2)
    judged = [
        (rule, what, check_workbook(change(GOOD), "x.xlsx", cases.PUBLISHER))
        for rule, what, change in cases.MUTANTS
    ]
    missed = [
        (rule, what, found)
        for rule, what, found in judged
        if rule not in {finding.rule_id for finding in faults(found)}
    ]

    assert len(judged) - len(missed) == 70
    assert [(rule, what) for rule, what, _ in missed] == [
        ("AC-034", "spoken order"),
        ("AC-034", "no alternative text"),
    ]
    for _, _, found in missed:
        assert [f.severity for f in found if f.rule_id == "AC-034"] == ["information"]


@pytest.mark.parametrize(
    ("rule", "what", "change"), cases.FURTHER, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_other_ways_to_break_a_rule(rule, what, change):
    assert breaks(rule, change(GOOD))


@pytest.mark.parametrize(
    ("rule", "what", "change"),
    cases.CONCEALED,
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hidden_content_is_stopped(rule, what, change):
    assert breaks(rule, change(GOOD))
    assert KINDS[rule].essential


def test_what_is_hidden_is_a_critical_finding_in_both_checks():
    content = {what: change for _, what, change in cases.CONCEALED}["white text"](GOOD)
    (alone,) = concealed_content(content, "x.xlsx", cases.PUBLISHER)
    assert alone in check_workbook(content, "x.xlsx", cases.PUBLISHER)
    assert (alone.rule_id, alone.severity, alone.source_sheet, alone.cell) == (
        "HC-006",
        "critical",
        "Payments",
        "D9",
    )


@pytest.mark.parametrize(
    ("rule", "what", "sheet", "cell"),
    [
        ("AC-001", "second block", "Payments", "A18"),
        ("AC-003", "merged data", "Payments", "A9"),
        ("AC-004", "blank row", "Payments", "A9"),
        ("AC-004", "blank column", "Payments", "D6"),
        ("AC-005", "heading twice", "Payments", "B6"),
        ("AC-006", "cut off", "Payments", "A9"),
        ("AC-007", "frozen", "Payments", "A7"),
        ("AC-008", "blank amount, no sentence", "Payments", "B9"),
        ("AC-009", "hidden column", "Payments", "C1"),
        ("AC-012", "[1]", "Payments", "A4"),
        ("AC-014", "unresolved", "Payments", "A4"),
        ("AC-019", "dash", "Payments", "D9"),
        ("AC-024", "grey", "Payments", "A9"),
        ("AC-028", "new sheet", "Annex", "A1"),
        ("AC-030", "moved", "Payments", "B6"),
        ("AC-031", "beside", "Payments", "F9"),
        ("AC-036", "cursor in B5", "Cover", "B5"),
    ],
)
def test_a_finding_names_sheet_and_cell_what_was_found_and_the_remedy(rule, what, sheet, cell):
    change = next(change for r, w, change in cases.MUTANTS if (r, w) == (rule, what))
    found = [
        f for f in check_workbook(change(GOOD), "x.xlsx") if f.rule_id == rule and f.severity != "information"
    ]
    assert (sheet, cell) in {(f.source_sheet, f.cell) for f in found}
    assert all(f.found and f.expected and f.remedy and f.source_file == "x.xlsx" for f in found)


NAME = "Payments of July and August 2026"  # 32 characters
BOTH_SIDES = [
    ("AC-006", lambda n: cases.setting("Payments", "B9", 10**n), 9, 14),
    ("AC-010", lambda n: cases.on("Payments", lambda page: setattr(page.column_dimensions["D"], "width", n)), 4, 3.9),
    ("AC-010", lambda n: cases.on("Cover", lambda page: setattr(page.column_dimensions["A"], "width", n)), 100, 100.1),
    ("AC-015", lambda n: cases.setting("Cover", "A3", "word and " * (n // 2) + "word" * (n % 2)), 40, 41),
    ("AC-017", lambda n: cases.styling("Payments", "A9", font=cases.font(sz=n)), 10, 9.9),
    ("AC-024", lambda n: cases.styling("Payments", "A9", font=cases.font(color=n)), "FF767676", "FF777777"),
    ("AC-027", lambda n: cases.part("xl/workbook.xml", 'name="Notes"', f'name="{NAME[:n]}"'), 31, 32),
    ("HC-005", lambda n: cases.on("Payments", lambda page: setattr(page.row_dimensions[9], "height", n)), 4, 3.9),
    ("HC-006", lambda n: cases.styling("Payments", "A9", font=cases.font(color=n)), "FFD0D0D0", "FFD3D3D3"),
    ("HC-022", lambda n: cases.styling("Payments", "A9", font=cases.font(sz=n)), 6, 5.9),
    ("HC-030", lambda n: cases.setting("Payments", f"A{n}", "End"), 35, 36),
    ("HC-030", lambda n: cases.setting("Payments", f"{n}9", "End"), "J", "K"),
    ("HC-028", lambda n: cases.drawing(cases.PICTURE.format("a" * n)), 250, 251),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "change", "right", "wrong"), BOTH_SIDES)
def test_both_sides_of_an_edge(rule, change, right, wrong):
    assert not breaks(rule, change(right)(GOOD))
    assert breaks(rule, change(wrong)(GOOD))


NEAR_MISSES = [
    ("AC-008", "a blank cell that is explained", cases.setting("Payments", "C9", None)),
    ("AC-011", "square metres", cases.setting("Payments", "A4", "Areas are in m² and km² [note 1].")),
    ("AC-012", "brackets that are no note", cases.setting("Payments", "A4", "Pounds [note 1], net [see law].")),
    ("AC-014", "a capital letter", cases.setting("Payments", "A4", "Amounts are in pounds [Note 1].")),
    ("AC-015", "the words of an Act", cases.setting("Cover", "A3", "Published pursuant to section 70 of the Act.")),
    ("AC-016", "an address in data", cases.setting("Payments", "D9", "https://www.wealdmarsh.example/a")),
    ("AC-016", "a link within the file", cases.linked("The payments", "#Payments!A1")),
    ("AC-017", "a supplier in capitals", cases.setting("Payments", "A9", "WEALDMARSH HOLDINGS PLC")),
    ("AC-017", "a short heading in capitals", cases.setting("Cover", "A2", "GB PPON")),
    ("AC-019", "shorthand that is explained", cases.book_wide(
        lambda book: (book["Payments"].__setitem__("D9", "[c]"), book["Payments"].__setitem__("A4", "Pounds [note 1]. [c] means confidential."))
    )),
    ("AC-019", "a negative number", cases.setting("Payments", "B9", -12.5)),
    ("AC-023", "red and a minus", cases.styling("Payments", "B9", number_format="#,##0.00;[Red]-#,##0.00")),
    ("AC-029", "a sheet without a table", cases.setting("Cover", "A3", "No table here.")),
    ("AC-033", "had had", cases.setting("Cover", "A3", "The council had had its say.")),
    ("HC-007", "zero as a dash", cases.styling("Payments", "B9", number_format='#,##0.00;-#,##0.00;"-"')),
    ("HC-012", "a link to a web page", cases.on("Cover", lambda page: setattr(page["A5"], "hyperlink", "https://www.legislation.gov.uk/"))),
    ("HC-021", "a print area with everything", cases.on("Payments", lambda page: setattr(page, "print_area", "A1:D14"))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "what", "change"), NEAR_MISSES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_what_only_looks_like_a_fault_is_none(rule, what, change):
    assert not breaks(rule, change(GOOD))


def test_a_list_of_contents_needs_no_source():
    def rename(name: str):
        return cases.book_wide(
            lambda book: (
                book["Payments"].__setitem__("A3", "See the Notes sheet."),
                setattr(book["Payments"], "title", name),
            )
        )

    assert breaks("AC-029", rename("Payments in July")(GOOD))
    assert not breaks("AC-029", rename("Contents")(GOOD))


def test_a_number_told_by_colour_alone_is_found():
    change = cases.styling("Payments", "B9", number_format="#,##0.00;[Red]#,##0.00")
    assert breaks("AC-023", change(GOOD))


def test_of_many_faults_of_one_kind_twenty_are_listed_and_the_rest_counted():
    change = cases.on(
        "Payments",
        lambda page: (
            [page.__setitem__(f"F{n}", "beside") for n in range(7, 15)]
            + [page.__setitem__(f"A{n}", "below") for n in range(16, 28)]
        ),
    )
    found = [f for f in check_workbook(change(GOOD)) if f.rule_id == "AC-031"]
    assert len(found) == SHOWN
    change_more = cases.on(
        "Payments", lambda page: [page.__setitem__(f"A{n}", "below") for n in range(16, 39)]
    )
    found = [f for f in check_workbook(change_more(GOOD)) if f.rule_id == "AC-031"]
    assert len(found) == SHOWN + 1
    assert found[-1].found == "3 more of the kind"


def _written_elsewhere(**properties: str) -> bytes:
    """A sound workbook in the manner of gptables: XlsxWriter, no title, no language, no heading styles."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "default_format_properties": {"font_name": "Arial", "font_size": 12}}
    )
    page = book.add_worksheet("Iris means")
    bold = book.add_format({"font_name": "Arial", "font_size": 14, "bold": True})
    wrapped = book.add_format({"font_name": "Arial", "font_size": 12, "text_wrap": True})
    page.write_string(0, 0, "Mean sizes of iris flowers", bold)
    page.write_string(1, 0, "This worksheet contains one table.")
    page.write_string(2, 0, "Source: Office for National Statistics.")
    page.set_column(0, 2, 16)
    rows = [["Setosa", 5.1, 3.5], ["Virginica", 6.3, 3.3]]
    page.add_table(3, 0, 5, 2, {
        "name": "iris_means", "style": None, "autofilter": False, "data": rows,
        "columns": [{"header": text, "header_format": wrapped} for text in ("Class", "Length", "Width")],
    })  # fmt: skip
    book.set_properties(properties)
    book.close()
    return stream.getvalue()


def test_a_workbook_in_the_manner_of_gptables_lacks_title_language_author_and_heading_styles():
    findings = faults(check_workbook(_written_elsewhere()))
    assert {f.rule_id for f in findings} == {"AC-018", "AC-035"}
    assert [f.found for f in findings if f.rule_id == "AC-035"] == [
        "no title in the document information",
        "no language in the document information",
        "no author in the document information",
    ]
    named = faults(check_workbook(_written_elsewhere(title="Iris", author="Office for National Statistics")))
    assert [f.found for f in named if f.rule_id == "AC-035"] == ["no language in the document information"]


@pytest.mark.parametrize(
    ("author", "publisher", "is_wrong"),
    [
        ("Kent County Council", "", False),
        ("Jo Field", "", True),
        ("openpyxl", "", True),
        ("Kent County Council", "Kent County Council", False),
        ("Surrey County Council", "Kent County Council", True),
    ],
)
def test_the_author_is_the_organisation(author, publisher, is_wrong):
    content = _written_elsewhere(title="Iris", author=author)
    found = {f.found for f in faults(check_workbook(content, publisher=publisher)) if "author" in f.found}
    assert bool(found) == is_wrong


def _spread(kind: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "a"
    stream = io.BytesIO()
    book.save(stream)
    element = {
        "merge": '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        "link": '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>',
        "range": '<mergeCells><mergeCell ref="nonsense!"/></mergeCells>',
    }[kind]
    return cases.part("xl/worksheets/sheet1.xml", "</sheetData>", f"</sheetData>{element}")(stream.getvalue())


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "IN-001"),
        (b"a,b\n1,2\n", "IN-001"),
        (GOOD[:-300], "IN-001"),
        (
            cases.part("xl/styles.xml", "<styleSheet", '<!DOCTYPE x [<!ENTITY a "b">]><styleSheet')(GOOD),
            "IN-011",
        ),
        (cases.adding({"xl/../evil": b""})(GOOD), "IN-010"),
        (cases.adding({f"xl/{n}.xml": b"<x/>" for n in range(1001)})(GOOD), "IN-010"),
        (cases.part("xl/tables/table1.xml", 'xmlns="[^"]*"', 'xmlns="[1]"')(GOOD), "IN-001"),
        (_spread("merge"), "IN-023"),
        (_spread("link"), "IN-023"),
        (_spread("range"), "IN-001"),
    ],
)
def test_a_file_that_is_unsafe_or_none_is_one_finding_and_no_error(content, rule):
    for check in (check_workbook, concealed_content):
        (finding,) = check(content, "x.xlsx")
        assert (finding.rule_id, finding.severity) == (rule, "critical")
        assert finding.found
        assert finding.remedy


def test_a_workbook_with_more_cells_than_can_be_judged_is_told_so(monkeypatch):
    monkeypatch.setattr("reports.accessibility.parts.MOST_BYTES", 1_000)
    (finding,) = check_workbook(GOOD)
    assert finding.rule_id == "IN-023"


def test_a_damaged_part_is_a_finding_of_the_rule_that_could_not_be_judged():
    content = cases.part("xl/workbook.xml", "<workbookView ", '<workbookView activeTab="first" ')(GOOD)
    found = [f.found for f in check_workbook(content) if f.rule_id in ("IN-001", "AC-036")]
    assert any("damaged" in text.casefold() for text in found)


@pytest.mark.long
def test_300_spoilt_workbooks_raise_nothing():
    dice = random.Random(20261123)
    for _ in range(300):
        spoilt = cases.repacked(GOOD, lambda parts: _spoil(parts, dice))
        assert check_workbook(spoilt)


def _spoil(parts: dict[str, bytes], dice: random.Random) -> None:
    name = dice.choice(sorted(parts))
    text = bytearray(parts[name])
    for _ in range(dice.randint(1, 4)):
        start = dice.randrange(len(text))
        text[start : start + dice.randint(0, 6)] = dice.choice(
            (b"", b"9", b"-1", b"x", b"99999999999", b'"', b"A")
        )
    parts[name] = bytes(text) + b" "


@pytest.mark.parametrize(
    ("number_format", "value", "is_hidden"),
    [
        ("General", 1, False), ("0;;", 1, False), ("0;;", -1, True), ("0;;", 0, True), (";;;", "a", True),
        (";;;", 1, True), (";;", "a", False), (";;", 1, True), ('0;-0;"-"', 0, False), ('""', 5, True),
        ('" "', 5, True), ("@", "a", False), ("[Red]", 1, True), ("_-* #,##0_-", 1, False),
        ("dd/mm/yyyy", 46_000, False), ("0;-0;;@", 0, True), ("0;-0;0;", "a", True), ('"a;b"', 1, False),
    ],
)  # fmt: skip
def test_a_number_format_hides_a_value_or_shows_it(number_format, value, is_hidden):
    assert colours.shows_nothing(colours.section_for(number_format, value)) == is_hidden


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ((0, 0, 0), (255, 255, 255), 21.0),
        ((255, 0, 0), (255, 255, 255), 4.0),
        ((118, 118, 118), (255, 255, 255), 4.54),
    ],
)
def test_contrast_as_wcag_counts_it(one, other, ratio):
    assert colours.contrast(one, other) == colours.contrast(other, one) == pytest.approx(ratio, abs=0.005)


CSV = b'Supplier,Amount\r\nAsh Ltd,1.50\r\n"Oak, Elm",-2.00\r\n'


def _csv_rules(content: bytes) -> set[str]:
    return {finding.rule_id for finding in check_csv(content, "x.csv")}


def test_a_good_csv_file_breaks_no_rule_and_neither_do_our_own():
    assert not _csv_rules(CSV)
    assert not _csv_rules(render_csv(PUBLISHED["performance"]))


@pytest.mark.parametrize(
    ("rule", "old", "new", "cell"),
    [
        ("CS-001", b"Ash", b"\xa3sh", "A2"),
        ("CS-001", b"Supplier", b"\xef\xbb\xbfSupplier", "A1"),
        ("CS-002", b'"Oak, Elm"', b'"Oak, Elm', "A3"),
        ("CS-002", CSV, b"Supplier;Amount\r\nAsh;1\r\n", "A1"),
        ("CS-003", b"Supplier,Amount", b"Supplier,", "B1"),
        ("CS-003", b"Supplier,Amount", b"Amount,amount", "A1"),
        ("CS-003", b"Supplier", b"Payments of July\r\nSupplier", "A1"),
        ("CS-003", b"Supplier", b"2026", "A1"),
        ("CS-004", b"Ash Ltd,1.50", b"Ash Ltd,1.50,x", "A2"),
        ("CS-004", b"Ash Ltd,1.50", b"Ash Ltd", "A2"),
        ("CS-005", b"Ash Ltd,1.50", b",", "A2"),
        ("CS-005", CSV, b"a,b\r\n1,2\r\n\r\n", "A3"),
        ("CS-005", CSV, b"a,,c\r\n1,,2\r\n", "B1"),
        ("CS-006", b"Ash Ltd", b"=1+1", "A2"),
        ("CS-006", b"Ash Ltd", b"@SUM(A1)", "A2"),
        ("CS-006", b"1.50", b"-1+2", "B2"),
        ("CS-007", b"Ash", b"A\x00sh", "A2"),
        ("CS-007", b"Ash", "Caf\u00c3\u00a9".encode(), "A2"),
        ("CS-007", b"Ash", "A\u202esh".encode(), "A2"),
        ("CS-007", b"Ash", b"A" * 32_768, "A2"),
        ("CS-008", b"Ash Ltd", b"*", "A2"),
        ("CS-008", b"1.50", b"#REF!", "B2"),
        ("CS-008", b"Ash Ltd", b"Ash [note 1]", "A2"),
        ("CS-009", b"1.50\r\n", b"1.50\n", ""),
        ("CS-009", b"\r\n", b"\r", ""),
    ],
)
def test_a_csv_fault_is_found_where_it_is(rule, old, new, cell):
    content = CSV.replace(old, new)
    assert content != CSV
    assert (rule, cell) in {(f.rule_id, f.cell) for f in check_csv(content, "x.csv")}


@pytest.mark.parametrize("content", [b"", b"\xff", b'"', b"\x00", b"\xff\xfea", b"a" * 200_000])
def test_no_csv_file_raises(content):
    assert _csv_rules(content)


def test_every_csv_rule_has_a_case():
    marks = test_a_csv_fault_is_found_where_it_is.pytestmark[0].args[1]
    assert {case[0] for case in marks} == set(CSV_RULES)


@given(st.tuples(*[st.integers(0, 255)] * 3), st.tuples(*[st.integers(0, 255)] * 3))
def test_contrast_lies_between_1_and_21_whichever_colour_comes_first(one, other):
    ratio = colours.contrast(one, other)
    assert ratio == colours.contrast(other, one)
    assert 1 <= ratio <= 21.0001


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_no_text_that_we_write_as_csv_can_be_taken_for_a_formula(texts):
    column = Column("note", "Note", "text", "A note.")
    table = Table("notes", "Notes", (column,), tuple((text,) for text in texts))
    assert "CS-006" not in _csv_rules(render_csv(Dataset("notes", table)))


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_checker_fail(content):
    assert check_workbook(content)
    assert isinstance(check_csv(content), list)
