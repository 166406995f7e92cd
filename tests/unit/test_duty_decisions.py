"""Decisions that duties rest on: what the reader and the command take, and what they say of the rest."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.decide import record
from kcc_etl.domain.core import build_decisions
from kcc_etl.domain.duties import duty as d
from kcc_etl.domain.duties.decided import kind_meant
from kcc_etl.exceptions import UsageError
from kcc_etl.intake.parsed import FileIdentity
from kcc_etl.intake.reader import parse
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.settings import Settings, load_settings
from kcc_etl.warehouse.store import open_warehouse

TODAY = date(2026, 11, 23)
SETTINGS = """
[authority]
name = "Wealdmarsh County Council"
address = "1 Street"
email = "a@example.org"
ids = ["GB-PPON-PABC-1234-DEFG"]

[[sources]]
name = "decisions"
kind = "decisions"
path = "inbox"
"""
DONE = {
    "decision_kind": "duty done", "subject": "C-1", "other_subject": "UK7 contract details notice",
    "effective_on": "2026-11-02", "role": "contract manager", "reason_code": "published by hand",
}  # fmt: skip
YEARLY = {"other_subject": "UK9 KPI assessment", "period": "1"}
COUNCIL = {"subject": "council", "other_subject": "Transparency Code: expenditure", "period": "2026-27-Q2"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council with one contract, and the duties that the last night listed."""
    folder = tmp_path_factory.mktemp("decided")
    (folder / "inbox").mkdir()
    (folder / "kcc_etl.toml").write_text(SETTINGS)
    settings = load_settings(folder / "kcc_etl.toml")
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    store = open_warehouse(settings.warehouse_url)
    store.replace(keys.CORE_CONTRACT, from_rows([{"contract_ref": "C-1"}], keys.CORE_CONTRACT))
    listed: list[dict[str, object]] = [
        {"subject": "C-1", "duty_kind": d.DETAILS, "duty_state": "overdue"},
        {"subject": "C-1", "duty_kind": d.ASSESSMENT, "occasion": "1", "duty_state": "open"},
        {"subject": "C-1", "duty_kind": d.AWARD, "duty_state": "not needed"},
        {"subject": "council", "duty_kind": d.SPEND, "occasion": "2026-27-Q2", "duty_state": "overdue"},
    ]
    store.replace(keys.OUT_DUTY, from_rows(listed, keys.OUT_DUTY))
    store.engine.dispose()
    return folder


@pytest.fixture
def house(filled: Path, tmp_path: Path) -> Settings:
    shutil.copytree(filled, tmp_path / "house")
    return load_settings(tmp_path / "house" / "kcc_etl.toml")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, d.DETAILS), ({"other_subject": "uk7  CONTRACT"}, d.DETAILS), (YEARLY, d.ASSESSMENT), (COUNCIL, d.SPEND),
    ],
)  # fmt: skip
def test_a_duty_done_is_taken_in_under_the_whole_name_of_its_kind(
    house: Settings, given: dict[str, str], kind: str
) -> None:
    recorded = record(house, {**DONE, **given}, TODAY)
    assert recorded.notes == ()
    file = FileIdentity("0" * 64, "decisions", recorded.path.name, TODAY)
    (row,) = parse(recorded.path, kind="decisions", file=file).accepted
    assert (row["other_subject"], row["effective_on"]) == (kind, date(2026, 11, 2))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"other_subject": "UK7"}, "Other subject: found UK7, expected one duty of: Social Value Act"),
        ({"other_subject": "tea"}, "found tea, expected one duty of"),
        ({"other_subject": ""}, "found nothing, expected one duty of"),
        (
            {"effective_on": ""},
            "Takes effect on: found nothing, expected a filled cell, which the kind duty done needs",
        ),
        ({"effective_on": "2026-11-24"}, "found 2026-11-24, expected 2026-11-23, the day of the decision"),
        ({**YEARLY, "period": ""}, "Period: found nothing, expected the occasion"),
        ({**COUNCIL, "period": ""}, "Period: found nothing, expected the occasion"),
        ({**COUNCIL, "subject": "C-1"}, "Subject: found C-1, expected council"),
        ({"subject": "council"}, "Subject: found council, expected the reference of a contract"),
        ({"subject": "C-9"}, "no contract C-9"),
        ({"decision_kind": "breach", "effective_on": ""}, "which the kind breach needs"),
        ({"decision_kind": "poor performance", "effective_on": ""}, "which the kind poor performance needs"),
        ({"decision_kind": "novation", "effective_on": ""}, "which the kind novation needs"),
        ({"decision_kind": "breach", "subject": "C-9"}, "no contract C-9"),
    ],
)
def test_what_says_nothing_is_refused(house: Settings, given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        record(house, {name: cell for name, cell in {**DONE, **given}.items() if cell}, TODAY)


def test_the_day_it_was_done_may_be_that_of_the_decision(house: Settings) -> None:
    assert record(house, {**DONE, "effective_on": str(TODAY)}, TODAY).notes == ()


@pytest.mark.parametrize(
    ("given", "of"),
    [
        ({"other_subject": d.AWARD}, "UK6 contract award notice is needed of C-1"),
        ({"other_subject": d.TERMINATION}, "UK11 contract termination notice is needed of C-1"),
        ({**YEARLY, "period": "2"}, "UK9 KPI assessment 2 is needed of C-1"),
        (
            {**COUNCIL, "period": "2026-27-Q9"},
            "Transparency Code: expenditure 2026-27-Q9 is needed of council",
        ),
    ],
)
def test_a_duty_that_the_last_night_does_not_list_is_told(
    house: Settings, given: dict[str, str], of: str
) -> None:
    (note,) = record(house, {**DONE, **given}, TODAY).notes
    assert note == f"No {of} by the last night: the decision does nothing yet."


@pytest.mark.parametrize("kind", ["breach", "poor performance", "novation", "direct award"])
def test_what_befalls_a_contract_is_taken_in_with_its_day(house: Settings, kind: str) -> None:
    given = {name: cell for name, cell in DONE.items() if name != "other_subject"}
    assert record(house, {**given, "decision_kind": kind}, TODAY).notes == ()


def test_every_kind_is_meant_by_its_own_name_and_a_beginning_of_several_by_none() -> None:
    assert [kind_meant(kind.upper()) for kind in d.KINDS] == list(d.KINDS)
    assert [kind_meant(text) for text in ("", "UK7", "UK9", "copy of the", "UK1", "UK11")] == [
        None, None, None, None, None, d.TERMINATION,
    ]  # fmt: skip


def test_the_core_knows_the_council_as_the_subject_of_a_duty_done_alone() -> None:
    landed = {"source_sha256": "s", "source_file": "f", "source_name": "src", "decided_on": "2026-11-23"}
    told = [("D-1", "duty done", "council"), ("D-2", "duty done", "C-9"), ("D-3", "novation", "council")]
    rows: list[dict[str, object]] = [
        {
            **landed,
            "source_row": place,
            "decision_id": number,
            "decision_kind": kind,
            "subject": subject,
            "role": "contract manager",
        }
        for place, (number, kind, subject) in enumerate([*told, ("D-4", "breach", "C-1")], 2)
    ]
    contracts = from_rows([{"contract_ref": "C-1"}], keys.CORE_CONTRACT)
    core = build_decisions(
        from_rows(rows, keys.RAW_DECISION),
        contracts,
        empty(keys.CORE_PAYMENT),
        empty("file_column"),
        parameters=load_parameters(),
        as_of=date(2026, 11, 23),
    )
    assert list(core.rows["decision_id"]) == ["D-1", "D-4"]
    assert {finding.rule_id for finding in core.findings} == {"DC-003"}
