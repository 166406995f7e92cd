"""`kcc-etl decide`: what it writes, what it refuses, and that the night takes what it wrote."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.decide import FILE, record, write_template
from kcc_etl.exceptions import UsageError
from kcc_etl.intake.parsed import FileIdentity
from kcc_etl.intake.reader import parse
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames
from kcc_etl.settings import Settings, load_settings
from kcc_etl.warehouse.store import open_warehouse

TODAY = date(2026, 11, 23)
SETTINGS = """as_of = 2026-11-23
[authority]
name = "Example Council"
address = "Hall"
email = "a@example.org"
ids = ["GB-PPON-X"]
[[sources]]
name = "decisions"
kind = "decisions"
path = "inbox"
"""
OVERRIDE = {
    "decision_kind": "override", "subject": "C-1", "measure_code": "S1", "quantity": "5",
    "role": "category lead", "reason_code": "market capacity",
}  # fmt: skip
RATING = {
    "decision_kind": "rating", "subject": "C-1", "measure_code": "S1", "period": "2026-27-Q2",
    "confirmed_rating": "Requires Improvement", "role": "contract manager", "reason_code": "seen on site",
}  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    path = tmp_path / "kcc_etl.toml"
    path.write_text(SETTINGS)
    settings = load_settings(path)
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    store = open_warehouse(settings.warehouse_url)
    running = {"start_on": date(2026, 4, 1), "end_on": date(2029, 3, 31), "value_ex_vat_pence": 1_200_000_000}
    store.replace(
        keys.CORE_CONTRACT, frames.from_rows([{"contract_ref": "C-1", **running}], keys.CORE_CONTRACT)
    )
    asked = {"contract_ref": "C-1", "measure_code": "S1", "target": 4}
    store.replace(keys.OUT_TARGET, frames.from_rows([asked], keys.OUT_TARGET))
    rated = {"contract_ref": "C-1", "period": "2026-27-Q2", "kpi_id": "3", "kpi_title": "Work placements",
             "measure_code": "S1", "proposed_rating": "good"}  # fmt: skip
    store.replace(keys.OUT_RATING, frames.from_rows([rated], keys.OUT_RATING), "2026-27-Q2")
    number = {"period": "2026-27-Q2", "reporting_half": "2026-27-H1", "form_field": "figures_digest",
              "form_value": "0123456789abcdef"}  # fmt: skip
    store.replace(keys.OUT_COMPLIANCE, frames.from_rows([number], keys.OUT_COMPLIANCE), "2026-27-Q2")
    store.engine.dispose()
    return settings


def taken_in(path: Path) -> list[list[object]]:
    parsed = parse(path, kind="decisions", file=FileIdentity("0" * 64, "decisions", path.name, TODAY))
    assert not parsed.findings
    return parsed.rows[["decision_id", "decision_kind", "subject"]].to_numpy().tolist()


def test_decisions_are_numbered_dated_and_taken_in(house: Settings) -> None:
    first, second = (record(house, OVERRIDE, TODAY) for _ in range(2))
    assert (first.notes, second.cells["decided_on"]) == ((), "2026-11-23")
    assert taken_in(first.path) == [["K-2026-0001", "override", "C-1"], ["K-2026-0002", "override", "C-1"]]
    assert [path.name for path in first.path.parent.iterdir()] == [FILE]


def test_an_override_beyond_the_role_is_recorded_and_says_who_may_approve_it(house: Settings) -> None:
    beyond = record(house, {**OVERRIDE, "quantity": "9"}, TODAY)
    (note,) = beyond.notes
    assert "does not count until approved" in note
    assert "kcc-etl decide approval K-2026-0001" in note
    approval = {
        "decision_kind": "approval",
        "subject": "K-2026-0001",
        "role": "head of procurement",
        "reason_code": "seen",
    }
    assert record(house, approval, TODAY).notes == ()


def test_a_commitment_in_place_of_another_is_recorded_and_says_who_may_approve_it(house: Settings) -> None:
    promise = {**OVERRIDE, "decision_kind": "commitment", "quantity": "10", "role": "contract manager"}
    assert record(house, promise, TODAY).notes == ()
    (note,) = record(house, {**promise, "quantity": "4"}, TODAY).notes
    assert "4 in place of 10 committed, by contract manager" in note
    assert "kcc-etl decide approval K-2026-0002" in note
    approval = {"decision_kind": "approval", "subject": "K-2026-0002", "reason_code": "seen"}
    (refused,) = record(house, {**approval, "role": "contract manager"}, TODAY).notes
    assert "K-2026-0002 does not count all the same" in refused
    assert record(house, {**approval, "role": "head of procurement"}, TODAY).notes == ()


def test_a_rating_is_confirmed_and_one_of_no_indicator_is_told(house: Settings) -> None:
    recorded = record(house, RATING, TODAY)
    assert recorded.notes == ()
    parsed = parse(recorded.path, kind="decisions", file=FileIdentity("0" * 64, "decisions", FILE, TODAY))
    cells = ["decision_kind", "subject", "measure_code", "period", "confirmed_rating", "role"]
    assert parsed.rows[cells].to_numpy().tolist() == [
        ["rating", "C-1", "S1", "2026-27-Q2", "requires improvement", "contract manager"]
    ]
    (note,) = record(house, {**RATING, "measure_code": "J1"}, TODAY).notes
    assert note == (
        "J1 is none of the indicators of C-1 by section 52 (3 Work placements) in 2026-27-Q2: the decision "
        "confirms nothing."
    )
    named = {name: cell for name, cell in RATING.items() if name != "measure_code"}
    assert record(house, {**named, "other_subject": "Work placements"}, TODAY).notes == ()
    (note,) = record(house, {**named, "other_subject": "4"}, TODAY).notes
    assert note.startswith("4 is none of the indicators of C-1")
    assert record(house, {**RATING, "period": "2026-27-Q1"}, TODAY).notes == (), "the table holds one quarter"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"confirmed_rating": "splendid"}, "'splendid' is no rating by section 71"),
        ({"confirmed_rating": ""}, "'' is no rating by section 71"),
        ({"period": ""}, "Period: found"),
        ({"measure_code": ""}, "Other subject: found"),
        ({"subject": "C-9"}, "no contract C-9"),
    ],
)
def test_a_rating_without_its_words_is_refused(house: Settings, given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        record(house, {name: cell for name, cell in {**RATING, **given}.items() if cell}, TODAY)


SIGNED = {
    "decision_kind": "sign-off", "subject": "2026-27-Q2", "other_subject": "0123456789ab",
    "role": "Section 151 officer", "reason_code": "figures agreed for publication",
}  # fmt: skip


APPROVED = {
    "decision_kind": "compliance approval", "subject": "0123456789ab", "period": "2026-27-H1",
    "other_subject": "Robin Pretend", "role": "Corporate Director of Finance", "reason_code": "figures approved",
}  # fmt: skip


def drafted(house: Settings, period: str, *, stands: str, former: str = "") -> None:
    """Drafts of a period as they are kept, each with the digest of its figures."""
    for folder, digest in ((period, stands), (f".built/{period}-aaaaaaaaaaaa", former)):
        place = house.drafts_folder / folder
        place.mkdir(parents=True)
        (place / "manifest.json").write_text(json.dumps({"figures": digest}))


FIGURES = "0123456789ab" + "0" * 52


@pytest.mark.parametrize(
    ("stands", "former", "digits", "note"),
    [
        (FIGURES, "", "0123456789AB", ""),
        (FIGURES, "", FIGURES, ""),
        (
            FIGURES,
            "",
            FIGURES[:-1] + "1",
            "are those of no draft of 2026-27-Q2; the draft that stands has 0123456789ab",
        ),
        (FIGURES, "", "0123456789ac", "The figures 0123456789ac are those of no draft of 2026-27-Q2"),
        (
            "f" * 64,
            FIGURES,
            "0123456789ab",
            "are those of a former draft of 2026-27-Q2; the draft that stands has ffffffffffff",
        ),
        ("", "", "0123456789ab", "There is no draft of 2026-27-Q2"),
    ],
)
def test_a_sign_off_of_figures_that_no_draft_has_is_told(
    house: Settings, stands: str, former: str, digits: str, note: str
) -> None:
    if stands:
        drafted(house, "2026-27-Q2", stands=stands, former=former)
    notes = record(house, {**SIGNED, "other_subject": digits}, TODAY).notes
    assert note in "".join(notes)
    assert len(notes) == bool(note)


@pytest.mark.parametrize(
    ("given", "note"),
    [
        ({}, ""),
        ({"subject": "0123456789ABCDEF"}, ""),
        (
            {"subject": "0123456789ac"},
            "No compliance notice of 2026-27-H1 has the number 0123456789ac, which is 0123456789abcdef",
        ),
        (
            {"subject": "0123456789abcdef0"},
            "No compliance notice of 2026-27-H1 has the number 0123456789abcdef0",
        ),
        ({"period": "2026-27-H2"}, "There is no compliance notice of 2026-27-H2"),
    ],
)
def test_an_approval_of_figures_that_no_notice_has_is_told(
    house: Settings, given: dict[str, str], note: str
) -> None:
    notes = record(house, {**APPROVED, **given}, TODAY).notes
    assert note in "".join(notes)
    assert len(notes) == bool(note)


@pytest.mark.parametrize("period", ["2026-27-Q2", "2026-27-H1", "2026-27"])
def test_a_sign_off_is_taken_in_with_its_period_and_digest(house: Settings, period: str) -> None:
    drafted(house, period, stands=FIGURES)
    recorded = record(house, {**SIGNED, "subject": period}, TODAY)
    assert recorded.notes == ()
    assert taken_in(recorded.path) == [["K-2026-0001", "sign-off", period]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"subject": "2026-27-Q5"}, "Subject: found 2026-27-Q5, expected a quarter, half or year"),
        ({"other_subject": ""}, "Other subject: found nothing, expected the first twelve or more digits"),
        ({"other_subject": "0123456789a"}, "found 0123456789a, expected the first twelve"),
        ({"other_subject": "0123456789ag"}, "found 0123456789ag, expected the first twelve"),
        ({"role": "monitoring officer"}, "Role 'monitoring officer' does not sign a publication off"),
        ({"reason_code": "as agreed"}, "Reason 'as agreed' does not sign a publication off"),
        ({"role": ""}, "No role is given. Expected: one of: .* Give --role"),
    ],
)
def test_a_sign_off_that_publishes_nothing_is_refused(
    house: Settings, given: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        record(house, {name: cell for name, cell in {**SIGNED, **given}.items() if cell}, TODAY)


def test_the_compliance_notice_is_approved_by_a_title_of_the_list(house: Settings) -> None:
    assert taken_in(record(house, APPROVED, TODAY).path)[0][1:] == ["compliance approval", "0123456789ab"]
    with pytest.raises(
        UsageError, match=r"no role .Head of Cleaning. that may decide this\. Expected: one of: s"
    ):
        record(house, {**APPROVED, "role": "Head of Cleaning"}, TODAY)


@pytest.mark.parametrize("kind", ["sign-off", "compliance approval", "override", "rating", "early end"])
@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"expires_on": "2026-11-22"}, "expected 2026-11-23 or a later day"),
        ({"expires_on": "2026-11-23"}, ""),
        ({"effective_on": "2026-11-25", "expires_on": "2026-11-24"}, "expected 2026-11-25 or a later day"),
        ({"effective_on": "2026-11-25", "expires_on": "2026-11-25"}, ""),
    ],
)
def test_no_decision_expires_before_its_day(
    house: Settings, kind: str, days: dict[str, str], expected: str
) -> None:
    of_kind = {one["decision_kind"]: one for one in (SIGNED, APPROVED, OVERRIDE, RATING, EARLY_END)}
    if not expected:
        record(house, {**of_kind[kind], **days}, TODAY)
        return
    with pytest.raises(UsageError, match=f"Expires on: found {days['expires_on']}, {expected}"):
        record(house, {**of_kind[kind], **days}, TODAY)


def test_a_decision_that_is_over_already_is_told(house: Settings) -> None:
    backdated = {"decided_on": "2026-11-01", "expires_on": "2026-11-22"}
    for of_kind in (SIGNED, APPROVED):
        notes = record(house, {**of_kind, **backdated}, TODAY).notes
        assert "The decision held until 2026-11-22 and counts no longer." in notes
        assert not any(
            "no longer" in one
            for one in record(house, {**of_kind, **backdated, "expires_on": "2026-11-23"}, TODAY).notes
        )


WAIVED = {
    "decision_kind": "waiver", "subject": "SP-013", "period": "2026-27-Q2", "role": "Monitoring officer",
    "reason_code": "checked by hand against the source", "expires_on": "2026-12-31",
}  # fmt: skip


def test_a_waiver_is_taken_in_with_its_quarter_and_its_last_day(house: Settings) -> None:
    assert taken_in(record(house, WAIVED, TODAY).path) == [["K-2026-0001", "waiver", "SP-013"]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"subject": "PB-003"}, "PB-003 cannot be waived. Expected: one of: SP-013, PB-007, PB-024"),
        ({"subject": "SP-003"}, "SP-003 does not shut publication"),
        ({"subject": "XX-001"}, "no rule has this number"),
        ({"role": "category lead"}, "Role 'category lead' does not waive a rule. Expected: one of: head of"),
        ({"reason_code": "as agreed"}, "Reason 'as agreed' does not waive a rule"),
        ({"expires_on": ""}, "Expires on: found nothing"),
        ({"expires_on": "2026-11-22"}, "Expires on: found 2026-11-22, expected 2026-11-23 or a later day"),
        ({"expires_on": "2027-02-24"}, "it would hold for 93 days, and 92 is the most"),
        ({"period": ""}, "Period: found nothing"),
        ({"period": "2026-27-Q5"}, "Period: found 2026-27-Q5, expected a quarter, half or year"),
    ],
)
def test_a_waiver_that_would_open_nothing_is_refused(
    house: Settings, given: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        record(house, {name: cell for name, cell in {**WAIVED, **given}.items() if cell}, TODAY)
    assert said in str(caught.value)


def test_a_file_is_accepted_by_the_words_of_waivers_alone(house: Settings) -> None:
    accepting = {"decision_kind": "accepted file", "subject": "0123456789ab"}
    by = {name: WAIVED[name] for name in ("role", "reason_code")}
    for name in by:
        with pytest.raises(UsageError, match="does not accept a file"):
            record(house, {**accepting, **by, name: "contract manager"}, TODAY)
    assert taken_in(record(house, {**accepting, **by}, TODAY).path)[0][1:] == [
        "accepted file",
        "0123456789ab",
    ]


VERIFICATION = {
    "decision_kind": "verification", "subject": "C-1", "measure_code": "S1", "quantity": "2",
    "period": "2026-27-Q2", "role": "contract manager", "reason_code": "seen on site",
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, None),
        ({"period": "2026-27"}, "2026-27: C-1 owes a return every quarter"),
        ({"period": "2026-27-Q9"}, "2026-27-Q9: C-1 owes"),
        ({"period": "2026-27-Q3"}, "2026-27-Q3 has not ended"),
        ({"measure_code": "J1"}, "C-1 has no target for J1: the verification sets nothing."),
        ({"decision_kind": "commitment", "measure_code": "J1"}, "the commitment sets nothing"),
        ({"decided_on": "2026-11-24"}, "The decision counts from 2026-11-24"),
    ],
)
def test_a_decision_that_does_nothing_is_told(house: Settings, given: dict[str, str], said: str) -> None:
    notes = record(house, {**VERIFICATION, **given}, TODAY).notes
    assert notes == () if said is None else said in "".join(notes)


@pytest.mark.parametrize(("code", "near"), [("s1", "S1"), ("S 1", "S1"), ("e-2", "E2")])
def test_a_measure_that_is_not_of_the_catalogue_is_refused(house: Settings, code: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        record(house, {**OVERRIDE, "measure_code": code}, TODAY)
    assert f"There is no measure {code!r}. Expected: {near}, which is nearest" in str(caught.value)


def test_an_approval_by_a_role_that_may_not_is_told(house: Settings) -> None:
    beyond = record(house, {**OVERRIDE, "quantity": "9"}, TODAY)
    approval = {"decision_kind": "approval", "subject": beyond.cells["decision_id"], "reason_code": "seen"}
    (note,) = record(house, {**approval, "role": "contract manager"}, TODAY).notes
    assert "does not make the override K-2026-0001 count" in note


VALUE_CHANGE = {
    "decision_kind": "value change", "subject": "C-1", "role": "contract manager", "reason_code": "variation",
    "effective_on": "2027-10-01", "original_value_pence": "12,000,000.00", "value_before_pence": "3000000",
    "value_after_pence": "4500000",
}  # fmt: skip
EARLY_END = {
    "decision_kind": "early end", "subject": "C-1", "role": "contract manager", "reason_code": "withdrew",
    "old_end_on": "2029-03-31", "new_end_on": "2027-01-31",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (VALUE_CHANGE, None),
        ({**VALUE_CHANGE, "original_value_pence": "600000"}, "the register has £12,000,000.00"),
        ({**VALUE_CHANGE, "effective_on": "2020-04-01"}, "runs from 2026-04-01 to 2029-03-31"),
        (EARLY_END, None),
        ({**EARLY_END, "old_end_on": "2028-03-31"}, "the contract ends on 2029-03-31"),
        ({**EARLY_END, "new_end_on": "2019-01-01"}, "2019-01-01; the contract runs from"),
    ],
)
def test_a_change_that_does_not_fit_the_register_is_told(
    house: Settings, change: dict[str, str], said: str
) -> None:
    notes = record(house, change, TODAY).notes
    assert notes == () if said is None else said in "".join(notes)


def test_a_change_after_the_early_end_is_told(house: Settings) -> None:
    record(house, EARLY_END, TODAY)
    (note,) = record(house, VALUE_CHANGE, TODAY).notes
    assert note == "The contract ends early on 2027-01-31: the change K-2026-0002 moves nothing."


def test_a_change_of_value_is_taken_in(house: Settings) -> None:
    assert taken_in(record(house, VALUE_CHANGE, TODAY).path) == [["K-2026-0001", "value change", "C-1"]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"role": "mayor"}, "Policy knows no role 'mayor'"),
        ({"reason_code": "as agreed"}, "no reason for an override"),
        ({"quantity": "plenty"}, "Quantity: found plenty"),
        ({"quantity": ""}, "Quantity"),
        ({"decision_kind": "wish"}, "There is no kind of decision 'wish'. Expected: one of: commitment, "),
        ({"decision_kind": "wish", "role": ""}, "There is no kind of decision 'wish'"),
        ({"role": " "}, "No role is given. Expected: one of: contract manager, category lead, head of p"),
        (
            {"effective_on": "", "decision_kind": "extension"},
            "Takes effect on: found nothing, expected a filled cell, which the kind extension needs: ",
        ),
        ({"measure_code": "E4", "quantity": "100.01"}, "E4 is a percentage and cannot be 100.01%"),
        ({"subject": "C-9"}, "no contract C-9"),
        ({"decided_on": "soon"}, "Decided on: found soon"),
        ({"measure_code": ""}, "Measure: found"),
        ({"decision_kind": "approval", "subject": "D-9"}, "no override or commitment D-9, nor a change"),
        ({"decision_kind": "extension"}, "Takes effect on"),
        (
            {"decision_kind": "early end", "old_end_on": "2027-01-01", "new_end_on": "2027-01-02"},
            "End date before: found 2027-01-01",
        ),
    ],
)
def test_what_the_night_would_not_take_is_refused_and_nothing_written(house: Settings, given, said) -> None:
    with pytest.raises(UsageError) as caught:
        record(house, {name: cell for name, cell in {**OVERRIDE, **given}.items() if cell}, TODAY)
    assert said in str(caught.value)
    assert not (house.folder / "inbox" / FILE).exists()


def test_a_number_is_used_once_and_a_file_of_other_headings_is_left_alone(house: Settings) -> None:
    record(house, {**OVERRIDE, "decision_id": "D-1"}, TODAY)
    with pytest.raises(UsageError, match="D-1 already"):
        record(house, {**OVERRIDE, "decision_id": "D-1"}, TODAY)
    (house.folder / "inbox" / FILE).write_text("Something,else\r\n")
    with pytest.raises(UsageError, match="headings"):
        record(house, OVERRIDE, TODAY)
    assert (house.folder / "inbox" / FILE).read_text() == "Something,else\n"


def test_the_template_has_lists_and_is_taken_in_as_it_is_filled(house: Settings, tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    write_template(path, load_parameters())
    book = openpyxl.load_workbook(path)
    sheet = book["Decisions"]
    lists = {str(rule.sqref).split("2:")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    titles = {cell.value: cell.column_letter for cell in sheet[1]}
    assert set(lists) == {
        titles[name]
        for name in ("Decision kind", "Measure", "Confirmed rating", "Role", "Reason", "Other subject")
    }
    assert [cell.value for cell in book["Lists"]["D"] if cell.value][1:] == [
        "contract manager", "category lead", "head of procurement", "chief procurement officer",
        "section 151 officer", "corporate director of finance", "director of finance",
        "chief finance officer", "chief financial officer", "monitoring officer",
    ]  # fmt: skip
    filled = {
        "Decision number": "D-1", "Decision kind": "override", "Subject": "C-1", "Measure": "S1",
        "Quantity": 5, "Role": "category lead", "Reason": "data error", "Decided on": date(2026, 11, 2),
    }  # fmt: skip
    for title, value in filled.items():
        sheet[f"{titles[title]}2"] = value
    book.save(path)
    assert taken_in(path) == [["D-1", "override", "C-1"]]
    with pytest.raises(UsageError, match="there already"):
        write_template(path, load_parameters())
