"""What people see of data quality: scores, the night's page, its record, the catalogue, the statement."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.accepted_files import AcceptedFile
from kcc_etl.domain.findings import WITHHELD
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.schema import owners
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND, TABLES
from reports import findings as lists
from reports.catalogue import catalogue_dataset, catalogue_page
from reports.page import Cell, Page, render_html
from reports.page_check import page_faults
from reports.quality_figures import DIMENSIONS, Quality, Score, quality
from reports.quality_files import write_quality
from reports.quality_history import FOLDER, Remembered, recall, remember, remembered
from reports.quality_report import NightFacts, quality_report
from reports.quality_statement import quality_statement
from reports.quality_words import share_text
from reports.workbook import render_xlsx
from tests.unit import report_frames as given

DAY = date(2026, 11, 23)
NIGHT = NightFacts("2026-27-Q2", DAY, DAY, "Example Council", drafted=True)
EVIL = "<script>alert('1')</script>\u202e=1+1&.csv"
PAYMENTS, REGISTER = ("payments", "ledger", "l.csv"), ("register", "contracts", "r.csv")


def placed(of: tuple[str, str, str], row: int, **more: object) -> dict[str, object]:
    kind, source, file = of
    return {
        "source_sha256": file, "source_name": source, "source_file": file, "source_sheet": "", "kind": kind,
        "source_row": row, **more,
    }  # fmt: skip


def found(rule_id: str, of: tuple[str, str, str], row: int, **more: object) -> dict[str, object]:
    rule = RULES[rule_id]
    words = {"expected": rule.text, "remedy": rule.remedy, "found": "x", "table_name": rule.table}
    place = {"cell": f"A{row}" if row else "", "stage": rule.stage, "severity": rule.severity}
    return placed(of, row, rule_id=rule_id, **{**words, **place, **more})


CORES = {kind: empty(table) for kind, table in CORE_TABLE_OF_KIND.items()}
for _of, _rows in ((PAYMENTS, 100), (REGISTER, 20)):
    CORES[_of[0]] = from_rows([placed(_of, row) for row in range(2, _rows + 2)], CORE_TABLE_OF_KIND[_of[0]])


def figures(
    findings: list[dict[str, object]],
    aside: list[dict[str, object]] | None = None,
    arrived: tuple[int, int] = (100, 20),
    held: int = 0,
    verdicts: pd.DataFrame | None = None,
) -> Quality:
    """A ledger of 100 rows and a register of 20, with the findings and the rows set aside."""
    aside = aside or []
    gone = {(row["source_name"], row["source_row"]) for row in aside}
    files = [
        placed(of, 0, fate="accepted", rows_arrived=rows, pence_arrived=0)
        for of, rows in zip((PAYMENTS, REGISTER), arrived, strict=True)
    ]
    files += [
        placed(PAYMENTS, 0, fate="quarantined", rows_arrived=0, source_file=f"bad-{n}") for n in range(held)
    ]
    cores = dict(CORES)
    for (kind, source, _), rows in zip((PAYMENTS, REGISTER), arrived, strict=True):
        core = CORES[kind]
        kept = [(source, row) not in gone and row < rows + 2 for row in core["source_row"]]
        cores[kind] = core[kept]
    return quality(
        receipts=from_rows(files, "receipt"),
        set_aside=from_rows(aside, "set_aside"),
        cores=cores,
        findings=from_rows(findings, "finding"),
        verdicts=judged() if verdicts is None else verdicts,
    )


def judged(status: str = "passed", *rule_ids: str) -> pd.DataFrame:
    """Verdicts of every rule that is judged on tables: passed, but those named."""
    mine = [rule.id for rule in RULES.values() if rule.stage == "check"]
    states = [{"rule_id": each, "verdict_status": status if each in rule_ids else "passed"} for each in mine]
    return from_rows(states, "verdict")


def aside(rule_id: str, of: tuple[str, str, str], row: int, fate: str = "quarantined") -> dict[str, object]:
    return placed(of, row, rule_id=rule_id, fate=fate, stage="intake", reason="r", row_json="{}")


def text_of(page: Page) -> str:
    return render_html(page).decode()


def test_a_kind_of_which_no_file_arrived_is_told_and_its_rules_have_not_passed() -> None:
    two, none = figures([]), given.quality(0)
    of_rows = [rule for rule in RULES.values() if rule.stage != "check" and TABLES[rule.table].kind]
    absent = [rule for rule in of_rows if TABLES[rule.table].kind in two.kinds_without_a_file]
    assert two.kinds_without_a_file == ("notices", "returns", "decisions")
    assert sum(counts["not applicable"] for counts in two.outcomes.values()) == len(absent) > 0
    assert sum(counts["not applicable"] for counts in none.outcomes.values()) == len(of_rows)
    said = "There is no file of: public notices, return lines, decisions."
    assert said in text_of(quality_report(two, NIGHT))
    assert said in text_of(quality_statement(two, given.edition()))


class Words(HTMLParser):
    """The text of a page as its readers have it, tags left out."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


MIXED = figures(
    findings=[
        found("SP-001", PAYMENTS, 5),  # held back, under validity
        found("SP-012", PAYMENTS, 5),  # the same row, under completeness
        found("SP-009", PAYMENTS, 6),
        found("SP-008", PAYMENTS, 6),  # a second fault of one dimension in one row
        found("SP-017", PAYMENTS, 7),  # for information
        found("CR-006", REGISTER, 4),
        found("IN-034", REGISTER, 1),  # in the heading: of no row
        found("IN-001", ("payments", "ledger", "bad-0"), 0),
        found("RT-012", ("", "", ""), 0, subject="C-9 2026-27-Q2"),
    ],
    aside=[
        aside("SP-001", PAYMENTS, 5),
        aside("IN-004", PAYMENTS, 8, "excluded"),
        aside("CR-003", REGISTER, 9),  # a row set aside without a finding is at fault all the same
    ],
    held=1,
)


def test_a_row_at_fault_counts_once_and_only_rows_of_the_files_count():
    ledger, register = sorted(MIXED.sources, key=lambda source: source.name, reverse=True)
    assert (ledger.overall, register.overall) == (Score(99, 97), Score(20, 18))
    by_dimension = {
        source.name: {d: s.rows - s.faultless for d, s in zip(DIMENSIONS, source.dimensions, strict=True)}
        for source in MIXED.sources
    }
    none = dict.fromkeys(DIMENSIONS, 0)
    assert by_dimension["ledger"] == {**none, "validity": 1, "completeness": 1, "consistency": 1}
    assert by_dimension["contracts"] == {**none, "validity": 1, "accuracy": 1}
    assert MIXED.total.overall == Score(119, 115)
    assert (ledger.files, ledger.files_held) == (2, 1)


def test_the_scores_of_kinds_and_of_all_are_the_sums_of_the_sources():
    assert [part.kind for part in MIXED.of_kinds()] == ["register", "payments"]
    assert sum(part.overall.rows for part in MIXED.of_kinds()) == MIXED.total.overall.rows


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (Score(0, 0), "no rows"),
        (Score(3, 3), "100.0%"),
        (Score(100_000, 99_999), "over 99.9%"),
        (Score(1_000, 999), "99.9%"),
        (Score(100_000, 1), "under 0.1%"),
        (Score(5, 0), "0.0%"),
        (Score(8, 7), "87.5%"),
        (Score(10_000, 9_975), "99.8%"),
    ],
)
def test_a_share_is_rounded_half_up_and_never_says_all_or_none_of_what_is_nearly_so(score, text):
    assert share_text(score) == text


def test_the_page_says_who_has_to_do_what_and_the_numbers_add_up():
    page = text_of(quality_report(MIXED, NIGHT))
    tasks = re.findall(r"<h3[^>]*>([^<:]+): ([\d,]+) faults?</h3>", page)
    assert dict(tasks) == {
        "Accounts payable": "4",
        "Category team": "1",
        "Procurement systems": "2",
        "Contract manager": "1",
    }
    assert "8 faults to deal with, none of them critical." in page
    assert RULES["SP-012"].remedy in page
    assert "l.csv, cell A5" in page
    assert "C-9 2026-27-Q2" in page
    assert "1 finding for information. 1 file could not be used." in page


def test_a_task_says_what_was_found_and_has_one_line_whatever_its_sources():
    other = ("payments", "cards", "c.csv")
    mine = [found("SP-005", PAYMENTS, row, found=f"K-{row}", column_title="Contract") for row in (3, 4, 5, 6)]
    both = figures([*mine, found("SP-005", other, 2, found="K-99"), found("SP-008", other, 2)])
    page = text_of(quality_report(both, NIGHT))
    (tasks,) = re.findall(r"To do: accounts payable</caption>(.*?)</table>", page, re.DOTALL)
    line, last = re.findall(r"<tr><th.*?</tr>", tasks)[1:]
    assert "SP-008" in last
    assert Words(line).words == [
        "SP-005", "Contract: K-3", RULES["SP-005"].remedy, "5", "ledger", "cards",
        "l.csv, cell A3", "l.csv, cell A4", "l.csv, cell A5", "and 2 more",
    ]  # fmt: skip


def test_every_cell_bears_the_title_of_its_column_for_narrow_screens():
    page = text_of(quality_report(MIXED, NIGHT))
    for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        titles = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', table)
        for row in re.findall(r'<tr[^>]*><th scope="row".*?</tr>', table):
            assert re.findall(r'<td data-title="([^"]*)"', row) == titles[1:]


def test_rules_that_were_not_judged_are_named_by_table_and_what_is_left_of_them_as_of_earlier():
    known = judged()
    blind = figures(
        [found("SP-005", PAYMENTS, 3), found("CR-006", REGISTER, 4)],
        verdicts=known[
            ~known["rule_id"].isin([r.id for r in RULES.values() if r.table == keys.CORE_PAYMENT])
        ],
    )
    page = text_of(quality_report(blind, NIGHT))
    assert blind.earlier == 1
    assert "1 finding of these rules stayed from an earlier run and may no longer be so." in page
    assert re.search(r"<li>Payments, not judged: [^<]*SP-005", page)
    assert "stayed from an earlier run" not in text_of(quality_report(MIXED, NIGHT))


def test_the_gravest_findings_come_first_then_the_most():
    many = [found("SP-005", PAYMENTS, row) for row in range(2, 7)]
    groups = figures(
        [found("SP-017", PAYMENTS, 9), *many, found("CR-006", REGISTER, 4), found("TG-001", REGISTER, 0)]
    )
    assert [group.rule.id for group in groups.groups] == ["TG-001", "SP-005", "CR-006", "SP-017"]
    page = text_of(quality_report(groups, NIGHT))
    assert "and 2 more" in page


def test_no_faults_found_is_said_out_loud_and_only_when_all_is_known():
    assert text_of(quality_report(figures([]), NIGHT)).count("No faults found.") == 2
    unsure = text_of(quality_report(figures([], verdicts=judged("could not run", "CR-017")), NIGHT))
    assert "No faults found.</strong> No rule that was judged" not in unsure
    assert "1 rule could not be judged." in unsure
    assert "CR-017: the rule &quot;No contract is in the register twice&quot; could not run" in unsure
    verdicts = judged()
    some = text_of(quality_report(figures([], verdicts=verdicts[verdicts["rule_id"] != "CR-018"]), NIGHT))
    assert "<li>Contracts, not judged: CR-018</li>" in some
    failed = text_of(quality_report(figures([]), replace(NIGHT, failures=["The ledger is locked"])))
    assert "No faults found.</strong> No rule that was judged" not in failed
    assert "The ledger is locked" in failed


def test_reasons_of_the_gate_and_waivers_are_on_the_page():
    refused = text_of(
        quality_report(MIXED, replace(NIGHT, drafted=False, refused=["CR-017 failed on Contracts"]))
    )
    assert "Not published." in refused
    assert "CR-017 failed on Contracts" in refused
    waived = text_of(quality_report(MIXED, replace(NIGHT, waived=["It was waived"])))
    assert "It was waived" in waived
    assert "No waiver was used." in text_of(quality_report(MIXED, NIGHT))


def test_a_file_accepted_by_decision_is_told_of_and_named_only_inside():
    one = AcceptedFile(DAY, "D-7", "l.csv", "head of procurement", "checked with the source")
    accepted = ((one, "payments", "ledger", "l.csv"),)
    with_file = replace(figures([]), accepted=accepted)
    inside = text_of(quality_report(with_file, NIGHT))
    public = text_of(quality_statement(with_file, given.edition()))
    for page in (inside, public):
        assert page_faults(page.encode()) == []
        assert "1 file counts by decision" in page
        assert (
            "The head of procurement answers for it, because: checked with the source (decision D-7" in page
        )
    assert "ledger: l.csv" in inside
    assert "l.csv" not in public
    assert "by decision" not in text_of(quality_report(MIXED, NIGHT))


def test_the_account_says_whether_every_row_is_there():
    assert "add up to what arrived, in rows" in text_of(quality_report(MIXED, NIGHT))
    lost = MIXED.fates.copy()
    lost.loc[lost["kind"] == "payments", "rows_accepted"] -= 1
    assert "something was lost" in text_of(quality_report(replace(MIXED, fates=lost), NIGHT))


def test_hostile_text_stays_text_and_the_page_is_sound():
    evil = ("payments", "ledger", EVIL)
    night = replace(NIGHT, author=EVIL, refused=[EVIL], failures=[EVIL], waived=[EVIL])
    hostile = figures([found("SP-005", evil, 3, found=EVIL, source_sheet=EVIL, subject=EVIL)])
    page = text_of(quality_report(hostile, night))
    assert page_faults(page.encode()) == []
    read = Words(page)
    assert "script" not in read.tags
    assert any("<script>alert('1')</script>" in words for words in read.words)
    assert "\u202e" not in page


def test_what_may_be_personal_is_withheld_and_stays_out_of_the_statement():
    secret = [
        found("SP-006", PAYMENTS, 3, found="Ann Other", subject="P-1"),
        found("RT-007", PAYMENTS, 4, found="ann@example.org"),
        found("CR-004", REGISTER, 5, found="31/02/2026"),
    ]
    page = text_of(quality_report(figures(secret), NIGHT))
    assert "Ann Other" not in page
    assert "ann@example.org" not in page
    assert page.count(WITHHELD) == 4, "two rules, each in the list of tasks and in that of findings"
    assert "31/02/2026" in page
    public = text_of(quality_statement(figures(secret), given.edition()))
    for told in ("Ann Other", "ann@example.org", "31/02/2026", "l.csv", "ledger", "contracts<"):
        assert told not in public
    assert RULES["SP-006"].text in public


def test_the_statement_is_sound_and_names_the_waivers():
    waiver = WaiverUsed("PB-007", EVIL, "D-1", "head of procurement", "nil return", DAY, DAY, 1)
    page = text_of(quality_statement(MIXED, replace(given.edition(), waivers=(waiver,))))
    assert page_faults(page.encode()) == []
    assert "The data did not meet the rule &quot;" in page
    assert "No rule was waived" in text_of(quality_statement(MIXED, given.edition()))
    assert "No faults found." in text_of(quality_statement(figures([]), given.edition()))


def test_a_county_without_a_file_has_pages_too():
    nothing = replace(figures([], arrived=(0, 0)), sources=())
    for page in (quality_report(nothing, NIGHT), quality_statement(nothing, given.edition())):
        content = render_html(page)
        assert page_faults(content) == []
        assert b"nothing to score" in content


def test_the_same_night_gives_the_same_bytes_in_whatever_order_findings_come():
    shuffled = quality_report(
        figures(
            [found("SP-009", PAYMENTS, row) for row in (7, 3, 5, 4)],
        ),
        NIGHT,
    )
    ordered = quality_report(figures([found("SP-009", PAYMENTS, row) for row in (3, 4, 5, 7)]), NIGHT)
    assert render_html(shuffled) == render_html(ordered)


def written(
    folder: Path, day: date, quality: Quality = MIXED, record: Path | None = None, **more: object
) -> str:
    night = replace(NIGHT, known_at=day, as_of=day, **more)
    return write_quality(folder, quality, night, record=record or folder).read_text()


def nights_of(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="whole">(\d{4}-\d\d-\d\d)</th>', page)


def test_the_trend_is_the_record_of_nights_each_once_as_it_ran_last(tmp_path):
    first, second = date(2026, 11, 22), date(2026, 11, 23)
    written(tmp_path, first)
    page = written(tmp_path, second)
    assert nights_of(page) == ["2026-11-23", "2026-11-22"]
    assert written(tmp_path, second) == page
    again = written(tmp_path, first, figures([]))
    assert nights_of(again) == ["2026-11-22"]
    latest = written(tmp_path, second)
    assert nights_of(latest) == ["2026-11-23", "2026-11-22"]
    assert page_faults(latest.encode()) == []
    assert "Line of 2 nights: 100.0% of rows without a fault on 2026-11-22, 96.6% on 2026-11-23." in latest
    for anchor in re.findall(r'href="rules\.html#([^"]+)"', latest):
        assert f'id="{anchor}"' in (tmp_path / "rules.html").read_text()


def test_a_night_that_failed_leaves_no_entry_and_the_earlier_one_stays(tmp_path):
    first, second = date(2026, 11, 22), date(2026, 11, 23)
    written(tmp_path, first)
    assert nights_of(written(tmp_path, second, failures=["It broke"])) == ["2026-11-22"]
    assert nights_of(written(tmp_path, second, refused=["SP-013 failed"])) == ["2026-11-23", "2026-11-22"]


def test_a_night_that_looks_back_sees_the_record_up_to_its_dates_and_leaves_no_entry(tmp_path):
    live, back = tmp_path / "live", tmp_path / "rebuilt"
    (live / FOLDER).mkdir(parents=True)
    for day in (20, 22, 23):
        remember(live / FOLDER, kept(date(2026, 11, day)))
    page = written(back, date(2026, 11, 21), record=live)
    assert nights_of(page) == ["2026-11-20"]
    assert "No night up to these dates is on record." in written(back, date(2026, 11, 19), record=live)
    assert len(list((live / FOLDER).iterdir())) == 3
    assert not (back / FOLDER).exists()


def kept(day: date) -> Remembered:
    return remembered(MIXED, period="2026-27-Q2", as_of=day, known_at=day, gate_open=True)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"rows": 1}', None])
def test_an_entry_that_cannot_be_read_is_counted_and_stops_nothing(tmp_path, content):
    remember(tmp_path, kept(date(2026, 11, 22)))
    (entry,) = tmp_path.iterdir()
    wrong = json.dumps(json.loads(entry.read_text()) | {"faultless": 10**6})
    entry.write_text(wrong if content is None else content)
    remember(tmp_path, kept(DAY))
    nights, unread = recall(tmp_path, DAY, DAY)
    assert ([one.known_at for one in nights], unread) == (["2026-11-23"], 1)
    page = text_of(quality_report(MIXED, replace(NIGHT, nights=nights, unread=unread)))
    assert "1 file of the record cannot be read" in page


def test_the_workbook_of_the_catalogue_is_written_anew_when_the_rules_change(tmp_path):
    written(tmp_path, DAY)
    stamp = (tmp_path / "rules.xlsx").stat().st_mtime_ns
    written(tmp_path, date(2026, 11, 24))
    assert (tmp_path / "rules.xlsx").stat().st_mtime_ns == stamp
    (tmp_path / "rules.html").write_text("an older catalogue")
    written(tmp_path, date(2026, 11, 24))
    assert (tmp_path / "rules.xlsx").stat().st_mtime_ns != stamp


def test_the_catalogue_page_holds_every_rule_with_all_that_is_said_of_it():
    content = text_of(catalogue_page("Example Council"))
    assert page_faults(content.encode()) == []
    rows = dict(re.findall(r'<tr id="([A-Z]+-\d+)">(.*?)</tr>', content))
    assert set(rows) == set(RULES)
    for rule in RULES.values():
        row = " ".join(Words(rows[rule.id]).words)
        for said in (f"{rule.id} v{rule.version}", rule.text, rule.remedy, rule.owner, rule.severity,
                     rule.dimension, rule.source):  # fmt: skip
            assert said in row, rule.id
        assert ("unless waived" in row) == rule.waivable


def test_the_catalogue_workbook_holds_every_rule():
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(catalogue_dataset("Example Council"), as_of=DAY)))
    sheet = book["Rules"]
    titles, *rows = sheet[sheet.tables["rules"].ref]
    named = [dict(zip([c.value for c in titles], [c.value for c in row], strict=True)) for row in rows]
    assert [
        (row["Rule"], row["Version"], row["Who deals with it"], row["May be waived"]) for row in named
    ] == [(rule.id, rule.version, rule.owner, "yes" if rule.waivable else "no") for rule in RULES.values()]


def test_every_rule_has_an_owner_and_every_exception_is_a_rule():
    assert {rule.owner for rule in RULES.values()} == set(owners.OWNERS)
    named = [rule_id for ids in owners._INSTEAD.values() for rule_id in ids]
    assert set(named) <= set(RULES)
    assert len(named) == len(set(named))
    for rule in RULES.values():
        ours = rule.owner == "maintainers of this program"
        assert ours == rule.remedy.startswith("Report this"), rule.id


def sheet_of(content: bytes) -> tuple[list[str], list[list[object]], object]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Findings"]
    if not sheet.tables:
        return [], [], sheet
    titles, *rows = sheet[sheet.tables["findings"].ref]
    return [c.value for c in titles], [[c.value for c in row] for row in rows], sheet


def test_the_findings_workbook_is_for_work_gravest_first_with_filters_and_no_formula():
    frame = from_rows(
        [found("SP-017", PAYMENTS, 9), found("SP-005", PAYMENTS, 4, found="=1+1", subject="@SUM(A1)"),
         found("TG-001", REGISTER, 0)], "finding",
    )  # fmt: skip
    content = lists.findings_xlsx(frame, "Example Council", as_of=DAY)
    titles, rows, sheet = sheet_of(content)
    assert [row[titles.index("Severity")] for row in rows] == ["critical", "warning", "information"]
    assert [row[1] for row in rows] == [RULES[each].owner for each in ("TG-001", "SP-005", "SP-017")]
    assert sheet.tables["findings"].autoFilter is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "=1+1" in rows[1]
    assert content == lists.findings_xlsx(frame, "Example Council", as_of=DAY)


def test_of_very_many_findings_the_gravest_are_listed_and_the_sheet_says_of_how_many(monkeypatch):
    monkeypatch.setattr(lists, "MOST_IN_A_WORKBOOK", 3)
    frame = from_rows(
        [*(found("SP-017", PAYMENTS, row) for row in range(2, 7)), found("SP-005", PAYMENTS, 9)], "finding"
    )
    _, rows, sheet = sheet_of(lists.findings_xlsx(frame, "Example Council", as_of=DAY))
    assert len(rows) == 3
    assert rows[0][0] == "warning"
    assert any("The 3 gravest of 6 findings; findings.csv has all" in str(cell.value) for cell in sheet["A"])
    assert lists.findings_csv(frame).count(b"\r\n") == 7


def test_a_night_without_findings_has_a_workbook_that_says_so():
    _, rows, sheet = sheet_of(lists.findings_xlsx(empty("finding"), "Example Council", as_of=DAY))
    assert not rows
    assert any("No faults found." in str(cell.value) for cell in sheet["A"])


SOUND = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>T</title></head><body><h1>A</h1><h2 id="a">B</h2>'
    '<table><caption>C</caption><tr><th scope="col">D</th></tr></table><a href="#a">E</a>'
    '<svg role="img" aria-label="F"></svg></body></html>'
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (' lang="en-GB"', ""),
        ("<title>T</title>", "<title></title>"),
        ("<h1>A</h1>", ""),
        ("<h1>A</h1>", "<h1></h1>"),
        ("<h2 id", "<h3 id"),
        ("<caption>C</caption>", ""),
        (' scope="col"', ""),
        (' aria-label="F"', ""),
        ('href="#a"', 'href="#b"'),
        ('href="#a"', 'href="https://example.org/"'),
        ("<h1>A</h1>", "<h1>A</h1><script></script>"),
        ("<h1>A</h1>", '<h1 onclick="x">A</h1>'),
        ("<h1>A</h1>", '<h1 id="a">A</h1>'),
        ("</body>", "<p></body>"),
    ],
)
def test_the_checker_of_pages_finds_what_is_wrong(old, new):
    assert page_faults(SOUND.encode()) == []
    assert page_faults(SOUND.replace(old, new, 1).encode()) != []


def test_a_link_of_a_page_leads_nowhere_else():
    for href in ("https://example.org/", "javascript:alert(1)", "//example.org", "../../etc/passwd"):
        with pytest.raises(ValueError, match="no link of a page"):
            Cell("x", href=href)


def test_colours_of_pages_have_contrast():
    css = (Path(__file__).resolve().parents[2] / "reports" / "page.css").read_text()
    for colour in re.findall(r"[{;](?:color|fill):(#[0-9a-f]{6})", css):
        assert contrast(colour) >= Fraction(9, 2), colour


def contrast(colour: str) -> float:
    """Against white, by WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
