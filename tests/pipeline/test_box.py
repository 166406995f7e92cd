"""The closing box and the JSON of a night say through which version a source speaks that is not on its newest."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from kcc_etl.console import night_json, show_night
from kcc_etl.night import Night, SourceStanding
from kcc_etl.schema.frames import empty

JULY = date(2026, 7, 12)


def night(*sources: SourceStanding) -> Night:
    return Night(
        period="2026-27-Q2",
        as_of=date(2026, 11, 23),
        known_at=date(2026, 11, 23),
        run_id="r",
        landed=0,
        parsed=0,
        fates=empty("receipt").head(0),
        findings=empty("finding"),
        findings_file=Path("findings.csv"),
        sources=sources,
        published=None,
        changed=False,
    )


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (
            SourceStanding("s", "payments", "current", "l.csv", JULY, 134, "", "1 of 9 files cannot be used"),
            "",
        ),
        (
            SourceStanding("s", "payments", "last good version", "l.csv", JULY, 42, "IN-041", "'A' is gone"),
            "Source s (payments): in use: l.csv of 2026-07-12, 42 days old; 'A' is gone (IN-041)",
        ),
        (
            SourceStanding(
                "s", "payments", "last good version", "\x1b[31ml\u202e.csv", JULY, 1, "", "a fault"
            ),
            "Source s (payments): in use: <U+001B>[31ml<U+202E>.csv of 2026-07-12, 1 day old; a fault",
        ),
        (
            SourceStanding("s", "register", "unusable", None, None, None, "IN-001", "The file is empty"),
            "Source s (register): nothing can be used; The file is empty (IN-001)",
        ),
        (
            SourceStanding("s", "notices", "nothing landed", None, None, None, "", "no file has landed"),
            "Source s (notices): nothing has landed",
        ),
        (
            SourceStanding(
                "s", "notices", "nothing landed", None, None, None, "FD-001", "its feed failed: x"
            ),
            "Source s (notices): nothing has landed; its feed failed: x (FD-001)",
        ),
    ],
)
def test_a_source_that_is_not_on_its_newest_version_has_a_line(
    source: SourceStanding, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_night(night(source))
    said = [text.strip("│ ") for text in capsys.readouterr().out.splitlines() if "Source s" in text]
    assert said == ([line] if line else [])


def test_the_json_lists_every_source() -> None:
    source = SourceStanding("s", "payments", "last good version", "l.csv", JULY, 42, "IN-041", "'A' is gone")
    assert json.loads(night_json(night(source)))["sources"] == [
        {
            "name": "s", "kind": "payments", "status": "last good version", "file": "l.csv",
            "landed_on": "2026-07-12", "age_days": 42, "rule_id": "IN-041", "reason": "'A' is gone",
        }
    ]  # fmt: skip
