"""The closing box and the JSON of a night say through which version a source speaks that is not on its newest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kcc_etl.account import Night, SourceStanding, document_json, night_document
from kcc_etl.console import show_night, show_publication
from kcc_etl.domain.checked import Checks, check_rules, checks_of
from kcc_etl.domain.duties.agenda import Agenda
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.publication import Publication
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.rules import RULES

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
        drafted=None,
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
    assert json.loads(document_json(night_document(night(source))))["sources"] == [
        {
            "name": "s", "kind": "payments", "status": "last good version", "file": "l.csv",
            "landed_on": "2026-07-12", "age_days": 42, "rule_id": "IN-041", "reason": "'A' is gone",
        }
    ]  # fmt: skip


BROKEN = Checks(
    passed=1,
    failed={"critical": 0, "warning": 0, "information": 2},
    could_not_run=("CR-013 on Contracts: why",),
)
RED = Checks(passed=1, failed={"critical": 1, "warning": 0, "information": 0})
DAY = date(2026, 11, 23)
WAIVED = WaiverUsed("SP-013", "It is not empty.", "K-1", "monitoring officer", "seen", DAY, DAY, 1)


@pytest.mark.parametrize(
    ("changes", "code", "lines"),
    [
        ({}, 0, ["No faults found."]),
        ({"checks": RED}, 1, ["Checks: 1 passed, 1 failed (1 critical), 0 could not run"]),
        ({"checks": BROKEN}, 1, ["Could not run: CR-013 on Contracts: why"]),
        ({"refused": ("CR-017 failed",)}, 1, ["Not published: CR-017 failed"]),
        ({"failures": ("It broke",), "failure_code": 2}, 2, ["Failed: It broke"]),
        (
            {"drafted": Path("pack"), "told": "Nothing differs.", "checks": RED, "waivers": (WAIVED,)},
            1,
            [
                "Draft, unchanged: pack",
                "Nothing differs.",
                'Under a waiver: The data did not meet the rule "It is not empty" (SP-013): 1 finding.',
            ],
        ),
    ],
)
def test_box_exit_code_and_digest_tell_the_truth(
    changes: dict[str, object], code: int, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = replace(night(), **changes)  # type: ignore[arg-type]
    show_night(told)
    box = capsys.readouterr().out
    assert told.exit_code == code
    for line in lines:
        assert line in box
    assert ("No faults found." in box) == (code == 0)
    document = json.loads(document_json(night_document(told)))
    assert document["exit_code"] == code
    assert document["checks"]["failed"] == told.checks.failed
    assert [used["rule_id"] for used in document["waivers"]] == [used.rule_id for used in told.waivers]


def test_a_night_that_judged_nothing_says_so_and_calls_findings_those_of_an_earlier_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    left = [
        {"rule_id": rule_id, "stage": RULES[rule_id].stage, "severity": RULES[rule_id].severity}
        for rule_id in ("SP-005", "SP-005", "SP-001")
    ]
    told = replace(
        night(),
        findings=from_rows(left, "finding"),
        failures=("It broke",),
        checks=checks_of(empty("verdict")),
    )
    document = json.loads(document_json(night_document(told)))
    assert document["checks"]["passed"] == 0
    assert sum(document["checks"]["not_judged"].values()) == len(check_rules())
    assert document["findings"] == {"SP-001": 1}
    assert document["findings_by_severity"] == {"critical": 0, "warning": 1, "information": 0}
    assert document["findings_of_earlier_runs"] == {"SP-005": 2}
    show_night(told)
    box = capsys.readouterr().out
    assert "not judged (" in box
    assert "1 fault(s) to deal with and 0 for information, and 2 that an earlier run left" in " ".join(
        line.strip("│ ") for line in box.splitlines()
    )


def test_a_publication_is_refused_with_every_reason_and_answers_1(capsys: pytest.CaptureFixture[str]) -> None:
    refused = Publication("2026-27-Q2", "r", None, False, ("one", "two"), (), 0, RED, ())
    show_publication(refused)
    box = capsys.readouterr().out
    assert (refused.exit_code, refused.status) == (1, "refused")
    assert "Not published: one" in box
    assert "Not published: two" in box
    assert replace(refused, refused=(), published=Path("pack")).exit_code == 0, "findings are the night's"
    show_publication(replace(refused, refused=(), published=Path("pack"), told="The first version."))
    box = capsys.readouterr().out
    assert "Published before and unchanged: pack" in box
    assert "The first version." in box
    assert replace(refused, failures=("It broke",), failure_code=3).exit_code == 3


def test_the_box_says_what_is_overdue_and_due_or_that_no_duties_were_worked_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_night(night())
    assert "Duties: not worked out by this run." in capsys.readouterr().out
    show_night(replace(night(), duties=Agenda(())))
    said = capsys.readouterr().out
    assert "Duties overdue: none." in said
    assert "Duties due within 30 days: none." in said
