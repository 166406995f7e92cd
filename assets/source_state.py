"""Through which version each source speaks, how old it is and why: for the box, the UI and the findings.

Does not belong here: judging versions (`intake.landing.versions`), storing what is said here (`landed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from kcc_etl.domain.findings import Finding, shorten
from kcc_etl.intake.landing.landing import LandedFile, Source
from kcc_etl.intake.landing.saved_mappings import SavedMapping, in_use, unusable
from kcc_etl.intake.landing.versions import Judged
from kcc_etl.schema.rules import RULES

CURRENT, LAST_GOOD, UNUSABLE, NOTHING = "current", "last good version", "unusable", "nothing landed"
STANDING_RULES = ("IN-040", "IN-043")
"""Rules whose findings depend on the day or on other files, so that they are found again every night."""


def standing(
    source: Source,
    counted: Sequence[Judged],
    mappings: Sequence[SavedMapping],
    outages: Sequence[Finding],
    known_at: date,
) -> tuple[list[Finding], dict[str, object]]:
    """What is to be said of a source as a whole, and its row of the table `source_state`. Rule IN-043.

    `outages` are the faults of its feed tonight. The age is counted in days to `known_at`.
    """
    findings: list[Finding] = []
    landed_on = [line.good.file.landed_on for line in counted if line.good is not None]
    stale: list[date] = []
    reasons: list[str] = []
    for line in counted:
        if line.good is not None and line.doubt is not None:
            stale.append(line.good.file.landed_on)
            reasons.append(_reason(line))
            since = f"the version landed on {_aged(stale[-1], known_at)}"
            findings.append(_finding(source, line.good.file, since, reasons[-1]))
    broken, used = unusable(mappings), in_use(mappings)
    if broken is not None:
        since = (
            f"the header mapping saved on {_aged(used.file.landed_on, known_at)}" if used else "no mapping"
        )
        findings.append(_finding(source, broken.file, since, broken.fault))
        reasons.append(broken.fault)
    if outages and landed_on:
        reasons.append(f"its feed failed: {outages[0].found}")
        since = f"what landed up to {_aged(max(landed_on), known_at)}"
        findings.append(_finding(source, None, since, f"the feed fails: {outages[0].found}"))
    day = min(stale, default=None) or max(landed_on, default=None)
    return findings, _row(source, counted, day, reasons, known_at)


def _row(
    source: Source, counted: Sequence[Judged], day: date | None, reasons: list[str], known_at: date
) -> dict[str, object]:
    faulty = [line for line in counted if line.good is None]
    if not counted:
        status, reason = NOTHING, "no file has landed"
    elif len(faulty) == len(counted):
        status, reason = UNUSABLE, faulty[0].doubt.found if faulty[0].doubt else ""
    elif reasons:
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        status, reason = LAST_GOOD, shorten(reasons[0]) + more
    else:
        left_out = f"{len(faulty):,} of {len(counted):,} files cannot be used"
        status, reason = CURRENT, left_out if faulty else ""
    return {
        "source_name": source.name,
        "kind": source.kind,
        "source_status": status,
        "version_landed_on": day,
        "age_days": None if day is None else (known_at - day).days,
        "reason": reason,
    }


def failed(
    source: Source, before: dict[str, object], what: str, known_at: date
) -> tuple[list[Finding], dict[str, object]]:
    """As `standing`, of a source on which the program failed: what was booked `before` stays as it is."""
    day = before.get("version_landed_on")
    landed_on = day.date() if isinstance(day, pd.Timestamp) else None
    since = f"the version landed on {_aged(landed_on, known_at)}" if landed_on else "no version"
    row: dict[str, object] = {
        "source_name": source.name,
        "kind": source.kind,
        "source_status": LAST_GOOD if landed_on else UNUSABLE,
        "version_landed_on": landed_on,
        "age_days": (known_at - landed_on).days if landed_on else None,
        "reason": what,
    }
    return [_finding(source, None, since, what)], row


def same_content(receipts: pd.DataFrame) -> list[Finding]:
    """Files in force with the same rows in different bytes, each but the first by name. Rule IN-040."""
    rule = RULES["IN-040"]
    counted = receipts[(receipts["fate"] == "accepted") & receipts["content_digest"].notna()]
    ordered = counted.sort_values(["source_name", "source_file", "source_sha256"], kind="stable")
    first = ordered.drop_duplicates("content_digest").set_index("content_digest")
    findings = []
    for row in ordered[ordered.duplicated("content_digest")].to_dict("records"):
        other = first.loc[row["content_digest"]]
        if other["source_sha256"] == row["source_sha256"]:
            continue
        findings.append(
            Finding(
                rule_id=rule.id,
                severity=rule.severity,
                table_name=rule.table,
                stage="intake",
                found=f"the rows of {shorten(other['source_file'])} of the source {other['source_name']}",
                expected=rule.text.rstrip("."),
                remedy=rule.remedy,
                source_sha256=row["source_sha256"],
                source_name=row["source_name"],
                source_file=row["source_file"],
            )
        )
    return findings


def _reason(line: Judged) -> str:
    """Why the newest version, or the newest mapping, does not count."""
    newest, doubt = line.newest, line.doubt
    told = shorten(doubt.found) if doubt else ""
    what = "version" if newest.because is newest.file else "header mapping"
    return f"the {what} landed on {newest.because.landed_on} does not fit: {told}"


def _aged(day: date, known_at: date) -> str:
    days = (known_at - day).days
    return f"{day}, {days:,} day{'' if days == 1 else 's'} old"


def _finding(source: Source, file: LandedFile | None, found: str, because: str) -> Finding:
    rule = RULES["IN-043"]
    return Finding(
        rule_id=rule.id,
        severity=rule.severity,
        table_name=rule.table,
        stage="intake",
        found=found,
        expected=f"the newest version; {because}".rstrip("."),
        remedy=rule.remedy,
        source_sha256=file.sha256 if file else "",
        source_name=source.name,
        source_file=file.file_name if file else "",
        subject=source.name,
    )
