"""One feed on one night: what it has landed and found so far, and how it lands and says more.

Does not belong here: asking (`asking`), what the answers mean (`walk`, `download`, `query`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from kcc_etl.domain.findings import Finding, told
from kcc_etl.intake.feeds.asking import Answer, Conversation, Line, Trouble
from kcc_etl.intake.feeds.clock import Clock
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.landing.landing import LandedFile
from kcc_etl.schema.rules import RULES

RESPONSE = "response"
"""The ledger's kind for an answer that is kept and never read as what the source gives."""

Enter = Callable[[str, str, bytes], LandedFile | None]
"""Lands bytes at once, given kind and name; None when they are the last under that name."""


@dataclass
class Harvest:
    """One feed at work. `landed` is all that landed of it before, whatever its kind."""

    feed: Feed
    landed: Sequence[LandedFile]
    enter: Enter
    today: date
    clock: Clock
    new: list[LandedFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deadline = self.clock.monotonic() + self.feed.minutes * 60

    def land(self, name: str, data: bytes, kind: str = "") -> LandedFile | None:
        """Land bytes as what the source gives, or as another kind."""
        file = self.enter(kind or self.feed.kind, name, data)
        if file is not None:
            self.new.append(file)
        return file

    def conversation(self, line: Line, keep: Callable[[str, Answer], None]) -> Conversation:
        """A conversation with the feed's host that ends with tonight's time."""
        return Conversation(line, self.clock, self.feed.pace, self.deadline, keep)

    def find(self, trouble: Trouble, subject: str = "", waiting: int = 0) -> None:
        """Note what went wrong, what stays in use meanwhile, and how many windows wait for the next night."""
        rule = RULES[trouble.rule_id]
        waits = f" {waiting:,} further window(s) wait for the next night." if waiting else ""
        self.findings.append(
            Finding(
                rule_id=rule.id,
                severity=rule.severity,
                table_name=rule.table,
                stage="landing",
                found=told(trouble.found),
                expected=rule.text.rstrip("."),
                remedy=f"{self.last_good()}{waits} {rule.remedy}",
                source_name=self.feed.name,
                subject=subject,
            )
        )

    def last_good(self) -> str:
        """What stays in use, and how old it is."""
        days = [file.landed_on for file in (*self.landed, *self.new) if file.kind == self.feed.kind]
        if not days:
            return "Nothing of this source has landed yet."
        age = (self.today - max(days)).days
        old = "today" if age <= 0 else "1 day ago" if age == 1 else f"{age:,} days ago"
        return f"What landed last, on {max(days).isoformat()} ({old}), stays in use."
