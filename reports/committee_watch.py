"""The part of the committee report on what an officer has to look at: claims far above due, late returns.

Does not belong here: which claims are and which returns came late (`kcc_etl.domain`), the counts of both in
the headline (`committee`). The files of figures leave both out: until an officer has looked, a claim above
what is due says nothing of the supplier.
"""

from __future__ import annotations

from collections.abc import Sequence

from kcc_etl.domain.lateness import Lateness
from kcc_etl.domain.overclaims import AWAITS_REVIEW
from reports.committee_figures import counts_shown, exact, quantity_text
from reports.documents import Block, BulletList, Heading, PaperTable, Paragraph, Value, clean_text

SHOWN = 12


def watch_section(rows: Sequence[dict[str, Value]], lateness: Lateness) -> list[Block]:
    """Targets claimed far above what is due, those that wait first, and contracts whose return was late.

    `rows` are those of the performance of the period; a claim of a small count of people is not named, the
    headline counts it. Nothing where there is neither. Source: social-value
    policy parameters, section 8.7.
    """
    claims = sorted((row for row in rows if row["over_claim"] and counts_shown(row)), key=_urgency)
    titles = {str(row["contract_ref"]): clean_text(str(row["contract_title"])) for row in rows}
    late = [f"{ref} {titles[ref]}" if ref in titles else ref for ref in sorted(lateness.late)]
    if not claims and not late:
        return []
    blocks: list[Block] = [Heading("For officers to look at")]
    if claims:
        blocks += [_over_claims(claims), *_rest(len(claims), "target")]
    if late:
        blocks += [Paragraph("Contracts whose return came late:"), BulletList(tuple(late[:SHOWN]))]
        blocks += _rest(len(late), "contract")
    return blocks


def _over_claims(claims: Sequence[dict[str, Value]]) -> PaperTable:
    return PaperTable(
        caption="Targets on which far more is claimed than is due",
        headings=("Contract", "Measure", "Due", "Claimed", "Review"),
        rows=tuple(
            (
                f"{row['contract_ref']} {clean_text(str(row['contract_title']))}",
                f"{row['measure_code']} {clean_text(str(row['measure_title']))}",
                *(quantity_text(exact(row[name]), str(row["unit"])) for name in ("due", "claimed")),
                str(row["over_claim"]),
            )
            for row in claims[:SHOWN]
        ),
        numeric=(2, 3),
        widths_cm=(4.8, 4.6, 2.4, 2.4, 2.4),
    )


def _rest(count: int, noun: str) -> list[Block]:
    more = count - SHOWN
    if more <= 0:
        return []
    said = f"{noun} is" if more == 1 else f"{noun}s are"
    return [Paragraph(f"{more:,} more {said} not shown.")]


def _urgency(row: dict[str, Value]) -> tuple[bool, str, str]:
    return row["over_claim"] != AWAITS_REVIEW, str(row["contract_ref"]), str(row["measure_code"])
