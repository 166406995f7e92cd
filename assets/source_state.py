"""Through which version each source speaks, how old it is and why: for the box, the UI and the findings.

Does not belong here: judging versions (`intake.landing.versions`), storing what is said here (`landed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from kcc_etl.domain.findings import Finding, shown_name, told
from kcc_etl.intake.landing.landing import LandedFile, Source, in_order
from kcc_etl.intake.landing.saved_mappings import SavedMapping, in_use, unusable
from kcc_etl.intake.landing.versions import Judged
from kcc_etl.schema.rules import RULES

CURRENT, LAST_GOOD, UNUSABLE, NOTHING = "current", "last good version", "unusable", "nothing landed"
STANDING_RULES = ("IN-040", "IN-043")
"""Rules whose findings depend on the day or on other files, so that they are found again every night."""
_MAPPING_RULE = "IN-002"

Reason = tuple[str, str]
"""The rule that a source breaks, empty for none, and why it does not speak through its newest version."""


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
    good = [line.good.file for line in counted if line.good is not None]
    stale: list[LandedFile] = []
    reasons: list[Reason] = []
    for line in counted:
        if line.good is not None and line.doubt is not None:
            stale.append(line.good.file)
            reasons.append((line.doubt.rule_id, _reason(line)))
            since = f"the version landed on {_aged(stale[-1].landed_on, known_at)}"
            findings.append(_finding(source, line.good.file, since, reasons[-1][1]))
    broken, used = unusable(mappings), in_use(mappings)
    if broken is not None:
        since = (
            f"the header mapping saved on {_aged(used.file.landed_on, known_at)}" if used else "no mapping"
        )
        findings.append(_finding(source, broken.file, since, broken.fault))
        reasons.append((_MAPPING_RULE, told(broken.fault)))
    if outages:
        reasons.append((outages[0].rule_id, f"its feed failed: {outages[0].found}"))
    if outages and good:
        since = f"what landed up to {_aged(max(file.landed_on for file in good), known_at)}"
        findings.append(_finding(source, None, since, f"the feed fails: {outages[0].found}"))
    used_file = min(stale, key=in_order, default=None) or max(good, key=in_order, default=None)
    status, why = _status(counted, reasons)
    return findings, _row(source, status, used_file, why, known_at)


def _status(counted: Sequence[Judged], reasons: Sequence[Reason]) -> tuple[str, Reason]:
    faulty = [line.doubt for line in counted if line.good is None]
    if not counted:
        return NOTHING, reasons[0] if reasons else ("", "no file has landed")
    if len(faulty) == len(counted):
        return UNUSABLE, (faulty[0].rule_id, faulty[0].found) if faulty[0] else ("", "")
    if reasons:
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        rule_id, why = reasons[0]
        return LAST_GOOD, (rule_id, why + more)
    left_out = f"{len(faulty):,} of {len(counted):,} files cannot be used"
    return CURRENT, ("", left_out if faulty else "")


def _row(
    source: Source, status: str, file: LandedFile | None, why: Reason, known_at: date
) -> dict[str, object]:
    return {
        "source_name": source.name,
        "kind": source.kind,
        "source_status": status,
        "source_file": file.file_name if file else None,
        "version_landed_on": file.landed_on if file else None,
        "age_days": (known_at - file.landed_on).days if file else None,
        "rule_id": why[0],
        "reason": why[1],
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
        "source_file": before.get("source_file") if landed_on else None,
        "version_landed_on": landed_on,
        "age_days": (known_at - landed_on).days if landed_on else None,
        "rule_id": "",
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
                found=f"the rows of {shown_name(other['source_file'])} of the source {other['source_name']}",
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
    found = told(doubt.found) if doubt else ""
    what = "version" if newest.because is newest.file else "header mapping"
    return f"the {what} landed on {newest.because.landed_on} does not fit: {found}"


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
