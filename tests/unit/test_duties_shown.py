"""The lists of duties for people: the command, the workbook, the calendar."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from kcc_etl import asset_keys as keys
from kcc_etl.cli import main
from kcc_etl.domain.duties.agenda import Agenda, Entry, agenda_of
from kcc_etl.duties_view import Look, show_look
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.warehouse.store import open_warehouse
from reports.accessibility.check import check_workbook, faults
from reports.calendar import duties_ics
from reports.duties import duties_csv, duties_xlsx, write_duties
from tests.unit.test_duty_books import DETAILS, LANDED, TABLES, link, ours, theirs

AS_OF = date(2026, 11, 23)
COUNCIL = "Wealdmarsh County Council"
SETTINGS = """
as_of = 2026-11-23

[authority]
name = "Wealdmarsh County Council"
address = "1 Street"
email = "a@example.org"
ids = ["GB-PPON-PABC-1234-DEFG"]

[[sources]]
name = "register"
kind = "register"
path = "inbox"
"""


def entry(state: str, last: str | None = None, **more: object) -> Entry:
    on = date.fromisoformat(last) if last else None
    left = (on - AS_OF).days if on and state in ("open", "to come") else None
    late = (AS_OF - on).days if on and state == "overdue" else None
    plain = Entry(
        "Gritting", "C-1", "UK7 contract details notice", None, state, None, on, left, late, None, None,
        "within 30 days", "PA23 s.53(1)", None, None,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]  # columns of the table, each of its type


TERM = entry("to come", "2026-12-23", subject="C-2", duty_kind="UK11 contract termination notice")
ALL = Agenda(
    (
        entry("overdue", "2026-10-29", doubts="the value is not known"),
        entry("open", "2026-11-23", subject="C-3"),
        TERM,
        entry(
            "done late", "2026-09-01", subject="C-4", done_by="UK7 n-1", done_on=date(2026, 9, 3), late_by=2
        ),
        entry(
            "done on time", "2026-09-02", subject="C-5", done_by="UK7 n-2", disagrees_on="end_on|signed_on"
        ),
        entry("open", "2026-12-01", subject="C-6", duty_kind="records kept"),
        entry("not needed", subject="C-7"),
    )
)


def test_records_are_kept_and_stand_in_no_list_of_what_to_do():
    assert [e.subject for e in ALL.open] == ["C-3"]
    assert [e.subject for e in ALL.due_within(400)] == ["C-3", "C-2"]


@pytest.mark.parametrize(("days", "due"), [(0, 1), (29, 1), (30, 2)])
def test_due_within_counts_the_last_day_itself(days: int, due: int):
    assert len(ALL.due_within(days)) == due


def test_a_night_says_what_is_overdue_and_what_is_due_in_a_line_each():
    assert ALL.overdue_said() == (
        "Duties overdue: 1 (1 UK7 contract details notice), 0 of them beyond doubt."
    )
    assert ALL.due_said(30) == (
        "Duties due within 30 days: 2 (UK7 contract details notice of C-3 by 2026-11-23; UK11 contract "
        "termination notice of C-2 by 2026-12-23)."
    )
    four = [entry("overdue", "2026-11-01", duty_kind=kind) for kind in ("a", "a", "b", "c", "d", "e")]
    assert Agenda(tuple(four)).overdue_said() == (
        "Duties overdue: 6 (2 a, 1 b, 1 c, 2 others), 6 of them beyond doubt."
    )
    many = [entry("open", f"2026-11-2{n}") for n in (4, 5, 6, 7)]
    assert Agenda(tuple(many)).due_said(30).endswith("by 2026-11-26, and 1 others).")
    assert (Agenda(()).overdue_said(), Agenda(()).due_said(8)) == (
        "Duties overdue: none.", "Duties due within 8 days: none.",
    )  # fmt: skip


def test_a_contract_that_only_notices_tell_of_has_their_title():
    row = {"subject": "o-1 1 n-1", "duty_kind": "records kept", "duty_state": "open"}
    noticed = from_rows([{**LANDED, **theirs(contract_title="Salt")}], keys.CORE_NOTICED)
    agenda = agenda_of(from_rows([row], keys.OUT_DUTY), empty(keys.CORE_CONTRACT), noticed)
    assert agenda.entries[0].about == "o-1 1 n-1 Salt"


# the workbook and the CSV


def test_the_workbook_has_every_duty_once_and_meets_the_rules_of_accessibility():
    content = duties_xlsx(ALL, COUNCIL, as_of=AS_OF)
    book = openpyxl.load_workbook(io.BytesIO(content))
    listed = {name: len([row for row in book[name].iter_rows(values_only=True) if row[0] in STATES])
              for name in ("To do", "To come", "Done", "The rest")}  # fmt: skip
    assert listed == {"To do": 2, "To come": 1, "Done": 2, "The rest": 2}
    assert [
        (f.rule_id, f.cell, f.found) for f in faults(check_workbook(content, "duties.xlsx", COUNCIL))
    ] == []


STATES = {e.duty_state for e in ALL.entries}


def test_the_csv_has_every_duty_in_the_order_of_its_last_day():
    rows = list(csv.DictReader(io.StringIO(duties_csv(ALL).decode("utf-8-sig"))))
    assert len(rows) == len(ALL.entries)
    assert rows[0]["last_on"] == "2026-10-29"


def test_files_are_the_same_bytes_and_left_alone_when_nothing_has_changed(tmp_path: Path):
    paths = write_duties(tmp_path, ALL, COUNCIL, as_of=AS_OF)
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in paths]
    write_duties(tmp_path, ALL, COUNCIL, as_of=AS_OF)
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in paths] == before


# the calendar


def unfolded(content: bytes) -> list[str]:
    """The content lines of a calendar, held to section 3.1 of RFC 5545."""
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 75
    whole: list[bytes] = []
    for line in lines:
        line.decode()  # no character is cut
        if line.startswith(b" "):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    return [line.decode() for line in whole]


def events(content: bytes) -> list[dict[str, str]]:
    """The events, properties by name, texts as meant; alarms as `alarms`."""
    found: list[dict[str, str]] = []
    inside = []
    for line in unfolded(content):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            if value == "VEVENT":
                found.append({"alarms": ""})
        elif name == "END":
            assert inside.pop() == value
        elif inside == ["VCALENDAR", "VEVENT"]:
            assert name not in found[-1]
            found[-1][name] = meant(value) if name in ("SUMMARY", "DESCRIPTION", "CATEGORIES") else value
        elif inside[-1] == "VALARM" and name == "TRIGGER":
            found[-1]["alarms"] += value + " "
    assert not inside
    return found


def meant(value: str) -> str:
    text, letters = "", iter(value)
    for letter in letters:
        text += {"n": "\n"}.get(following := next(letters), following) if letter == "\\" else letter
    return text


def test_the_calendar_has_what_is_not_done_on_its_last_lawful_day():
    overdue, now, later = events(duties_ics(ALL, COUNCIL, as_of=AS_OF))
    assert (overdue["DTSTART;VALUE=DATE"], overdue["DTEND;VALUE=DATE"]) == ("20261029", "20261030")
    assert overdue["SUMMARY"] == "OVERDUE: UK7 contract details notice: C-1 Gritting"
    assert overdue["DESCRIPTION"].endswith("In doubt: the value is not known.")
    assert (overdue["DTSTAMP"], overdue["alarms"]) == ("20261123T000000Z", "")
    assert (now["DTSTART;VALUE=DATE"], now["alarms"]) == ("20261123", "-P14D -P3D ")
    assert (later["DTSTART;VALUE=DATE"], later["CATEGORIES"]) == ("20261223", TERM.duty_kind)


def test_an_event_keeps_its_identifier_when_its_day_or_its_state_changes():
    moved = replace(TERM, last_on=date(2027, 1, 5), duty_state="open", ground="another")
    [before], [after] = (
        events(duties_ics(Agenda((e,)), COUNCIL, as_of=AS_OF + timedelta(days)))
        for days, e in ((0, TERM), (1, moved))
    )
    assert before["UID"] == after["UID"]
    others = Agenda(
        (TERM, replace(TERM, occasion="2"), replace(TERM, subject="C-9"), entry("open", "2026-12-23"))
    )
    assert len({event["UID"] for event in events(duties_ics(others, COUNCIL, as_of=AS_OF))}) == 4


@given(st.text(max_size=200))
@example("BEGIN:VEVENT\r\nx;y,z\\n\\")
@example("é" * 80 + "😀" * 40)
def test_no_title_breaks_the_calendar(title: str):
    [event] = events(duties_ics(Agenda((replace(TERM, title=title),)), COUNCIL, as_of=AS_OF))
    assert event["SUMMARY"].startswith("UK11 contract termination notice: C-2")
    assert len(event) == 9


def test_a_title_is_shown_as_it_is():
    title = "Roads; bridges, paths \\ and\nverges, “Kent’s” – 100%"
    [event] = events(duties_ics(Agenda((replace(TERM, title=title),)), COUNCIL, as_of=AS_OF))
    assert event["SUMMARY"] == f"UK11 contract termination notice: C-2 {title}"


# the command


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a contract whose notice came late and differs, one without, and one to come."""
    folder = tmp_path_factory.mktemp("duties")
    (folder / "kcc_etl.toml").write_text(SETTINGS)
    rows = {
        "contracts": [
            ours(contract_title="Gritting"),
            ours("C-2", contract_title="Bridges", signed_on="2026-11-01", start_on="2026-11-01"),
        ],
        "links": [link()],
        "noticed": [theirs()],
        "notices": [{**DETAILS, "published_on": "2026-10-01"}],
        "disagreements": [
            {"contract_ref": "C-1", "release_id": "n-1", "field_name": "end_on", "is_within_tolerance": False}
        ],
    }
    store = open_warehouse(f"sqlite:///{folder / 'data' / 'warehouse.sqlite3'}")
    for name, table in TABLES.items():
        store.replace(table, from_rows([{**LANDED, **row} for row in rows.get(name, [])], table))
    store.replace(keys.OUT_TARGET, empty(keys.OUT_TARGET))
    store.engine.dispose()
    return folder


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["kcc-etl", "duties", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_in_a_pipe_each_duty_is_a_line_and_overdue_ones_come_first(filled, monkeypatch, capsys):
    assert run(filled, monkeypatch) == 1
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert {len(line) for line in lines} == {7}
    states = [line[0] for line in lines]
    assert states[0] == "overdue"
    assert states.index("done late") > states.index("open") > states.index("overdue")
    overdue = [line[1] for line in lines if line[0] == "overdue"]
    assert overdue == sorted(overdue)
    (late,) = [line for line in lines if line[0] == "done late" and "UK7 n-1" in line[5]]
    assert late[1:5] == ["2026-09-30", "1 late", "UK7 contract details notice", "C-1 Gritting"]
    assert late[5].startswith("differs on end_on; UK7 n-1 on 2026-10-01; within 30 days")


def test_of_one_contract_every_duty_is_told_with_why(filled, monkeypatch, capsys):
    run(filled, monkeypatch, "--about", "C-2")
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert {line[4] for line in lines} == {"C-2 Bridges"}
    assert {"open", "overdue", "to come", "not needed"} <= {line[0] for line in lines}
    assert all(line[5] for line in lines)
    assert run(filled, monkeypatch, "--about", "C-9") == 2
    assert "C-9 has no duties" in capsys.readouterr().err


def test_json_tells_all_and_quiet_nothing_but_the_exit_code(filled, monkeypatch, capsys):
    assert run(filled, monkeypatch, "--json", "--within", "8") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["as_of"], told["within_days"], told["exit_code"]) == ("2026-11-23", 8, 1)
    assert sum(told["counts"].values()) == len(told["duties"])
    (copy,) = [
        x for x in told["duties"] if x["subject"] == "C-2" and x["duty_kind"].startswith("UK7 contract")
    ]
    assert (copy["last_on"], copy["days_left"], copy["legal_source"]) == ("2026-11-30", 7, "PA23 s.53(1)")
    assert run(filled, monkeypatch, "--quiet") == 1
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("entries", "within", "code"),
    [
        ([], 30, 0), ([TERM], 30, 1), ([TERM], 29, 0), ([entry("overdue", "2026-11-22")], 0, 1),
        ([entry("open", "2026-11-23")], 0, 1), ([entry("open", "2026-11-24")], 0, 0), ([entry("done late")], 30, 0),
        ([entry("open", "2026-11-24", duty_kind="records kept")], 30, 0), ([entry("cannot be told")], 30, 0),
    ],
)  # fmt: skip
def test_it_answers_1_when_something_is_overdue_or_due(entries: list[Entry], within: int, code: int):
    assert Look(Agenda(tuple(entries)), AS_OF, within).exit_code == code


def test_on_a_terminal_it_is_tables_with_a_box():
    screen = Console(width=160, file=io.StringIO(), force_terminal=False)
    show_look(Look(ALL, AS_OF, 30), screen)
    shown = " ".join(screen.file.getvalue().split())  # type: ignore[attr-defined]  # it is a StringIO
    assert "Should have been done and was not: 1" in shown
    assert "Due within 30 days: 2" in shown
    assert "In doubt: the value is not known" in shown
    assert "1 overdue, 0 of them beyond doubt; 2 due within 30 days; 1 done late; 1 in disagreement" in shown
