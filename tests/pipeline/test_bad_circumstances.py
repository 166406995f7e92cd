"""Bad settings, absent and unreadable files, an empty inbox: a clear sentence, the right exit code, no traceback."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from tests.pipeline.support import County, Outcome, kcc_etl, said


def assert_said(outcome: Outcome, code: int, *words: str) -> None:
    told = " ".join((outcome.out + outcome.err).replace("│", " ").split())
    assert "Traceback" not in told
    assert outcome.code == code, told
    for word in words:
        assert word in told, told


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('data = "data"', 'data = "data"\nfoo = 1', ("foo is not a setting",)),
        ("as_of = 2026-11-23", 'as_of = "soon"', ("as_of", "'soon'")),
        ("as_of = 2026-11-23", "as_of = 2026-11-2x", ("not valid TOML", "line")),
        ('kind = "payments"', 'kind = "payment"', ("sources.3.kind", "'payment'")),
        ('name = "ledger"', 'name = "returns"', ("the source name returns is used twice",)),
        ('warehouse = ""', 'warehouse = "oracle-ish"', ("`warehouse`", "sqlite:///")),
        ('path = "data/inbox/payments"', 'path = "nowhere"', ("ledger", "nowhere")),
        ('parameters = ""', 'parameters = "nowhere"', ("nowhere",)),
        ('pattern = "*.json"', 'pattern = "*.json"\nmapping = "absent.toml"', ("absent.toml",)),
    ],
)
def test_a_wrong_setting_is_named(county: County, tmp_path: Path, old: str, new: str, words: tuple[str, ...]):
    text = county.config.read_text()
    assert old in text
    settings = tmp_path / "kcc_etl.toml"
    settings.write_text(text.replace(old, new, 1).replace('"data/inbox', f'"{county.data}/inbox'))

    assert_said(said("run", "--config", settings), 2, *words)


def test_an_absent_settings_file_is_named(tmp_path: Path):
    outcome = kcc_etl("run", "--config", tmp_path / "none.toml")

    assert_said(outcome, 2, "none.toml", "kcc-etl init")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--as-of", "yesterday"), ("--as-of 'yesterday' is not a date",)),
        (("--period", "2026-Q2"), ("2026-Q2",)),
        (("--period", "2026-27-Q3"), ("2026-27-Q3", "a quarter that has ended, such as 2026-27-Q2")),
        (("--period", "2026-27"), ("2026-27 runs to 2027-03-31", "a year that has ended, such as 2025-26")),
        (("--period", "2026-27-H2"), ("a half that has ended, such as 2026-27-H1",)),
        (("--period", "2026-27-H3"), ("financial quarter, half or year",)),
        (("--period", "2020-21-Q1"), ("2020-21-Q1", "2024-25-Q1 to 2035-36-Q4")),
        (("--as-of", "2024-05-01"), ("2023-24-Q4", "2024-25-Q1 to 2035-36-Q4")),
        (("--as-of", "2026-11-24"), ("--as-of 2026-11-24 lies after today",)),
        (("--known-at", "2027-01-01"), ("--known-at 2027-01-01 lies after today",)),
    ],
)
def test_a_wrong_option_is_named(county: County, options: tuple[str, ...], words: tuple[str, ...]):
    assert_said(said("run", "--config", county.config, *options), 2, *words)


@pytest.mark.long
def test_an_empty_inbox_publishes_nothing_and_says_why(tmp_path: Path):
    said("init", tmp_path)
    for folder in (tmp_path / "data" / "inbox").iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
            folder.mkdir()
    outcome = said("run", "--config", tmp_path / "kcc_etl.toml")

    assert_said(outcome, 1, "Not published", "CR-016", "SP-013", "ledger (payments): nothing has landed")
    assert not (tmp_path / "data" / "drafts" / "2026-27-Q2").exists()


@pytest.mark.long
def test_a_quarter_of_which_two_months_never_came_is_not_published_but_under_a_waiver(tmp_path: Path):
    said("init", tmp_path)
    ledger = tmp_path / "data" / "inbox" / "payments" / "ledger-2026-27-Q2.csv"
    with ledger.open(encoding="utf-8", newline="") as file:
        heading, *lines = csv.reader(file)
    at = heading.index("Payment date")
    with ledger.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *(line for line in lines if "2026-07" in line[at])])
    settings = tmp_path / "kcc_etl.toml"
    outcome = said("run", "--config", settings)

    missing = "no payments of ledger in August 2026 and September 2026; July 2026 had 786"
    assert_said(outcome, 1, "Not published", "PB-024", missing)
    assert not (tmp_path / "data" / "drafts" / "2026-27-Q2").exists()
    assert missing in (tmp_path / "data" / "findings.csv").read_text("utf-8")

    waived = said(
        "decide", "waiver", "PB-024", "--period", "2026-27-Q2", "--role", "monitoring officer",
        "--reason", "checked by hand against the source", "--expires-on", "2026-12-31", "--config", settings,
        "--other", "ledger 2026-08, 2026-09",
    )  # fmt: skip
    assert waived.code == 0, waived.err
    assert_said(said("run", "--config", settings), 1, "Draft:", "PB-024")


def test_init_does_not_write_over_a_settings_file(county: County):
    assert_said(said("init", county.folder), 2, "There is a settings file")
    assert said("init", "--if-missing", county.folder).code == 0


@pytest.mark.long
def test_registers_cut_to_nothing_and_a_ledger_beyond_reading_leave_the_last_good_versions(
    copy_of_county: County,
):
    (copy_of_county.data / "inbox" / "payments" / "ledger-extra.csv").write_bytes(b"\x00\x01\x02not a ledger")
    figures = {p.name: p.read_bytes() for p in copy_of_county.pack.glob("*.csv")}
    for register in (copy_of_county.data / "inbox" / "registers").iterdir():
        heading = register.read_bytes().split(b"\r\n")[0] + b"\r\n" if register.suffix == ".csv" else b""
        register.write_bytes(heading or register.read_bytes()[:100])
    outcome = said("run", "--config", copy_of_county.config)

    stays = "in use: contracts-register.csv of 2026-11-23, 0 days old; the version landed on 2026-11-23 does"
    assert_said(outcome, 1, "Draft:", "IN-001", "IN-042", "IN-043", f"Source contracts (register): {stays}")
    listed = (copy_of_county.data / "findings.csv").read_text(encoding="utf-8")
    assert "the version landed on 2026-11-23, 0 days old" in listed
    assert any("IN-001" in line and "ledger-extra.csv" in line for line in listed.splitlines())
    assert {p.name: p.read_bytes() for p in copy_of_county.pack.glob("*.csv")} == figures


@pytest.mark.long
def test_a_shut_gate_leaves_the_last_good_publication(copy_of_county: County):
    before = {p.name: p.read_bytes() for p in copy_of_county.pack.iterdir()}
    settings = copy_of_county.config.read_text()
    (copy_of_county.folder / "nothing").mkdir()
    for name in ("contracts", "highways"):
        old = f'name = "{name}"\nkind = "register"\npath = "data/inbox/registers"'
        assert old in settings
        settings = settings.replace(old, f'name = "new-{name}"\nkind = "register"\npath = "nothing"')
    copy_of_county.config.write_text(settings)
    outcome = said("run", "--config", copy_of_county.config)

    assert_said(outcome, 1, "Not published", "CR-016")
    assert {p.name: p.read_bytes() for p in copy_of_county.pack.iterdir()} == before
