"""The ratings by section 71 in `kcc-etl policy explain`: proposed, confirmed, and how one is confirmed.

Does not belong here: proposing a rating (`kcc_etl.domain.ratings`).
"""

from __future__ import annotations

from kcc_etl.policy import cells
from kcc_etl.policy.case import Case, Row
from kcc_etl.policy.sheet import Grid, Section


def rating_sections(case: Case) -> tuple[Section, ...]:
    """The indicators by section 52 in the last quarter there are any of; nothing for a contract without."""
    if not case.ratings:
        return ()
    last = max(str(row["period"]) for row in case.ratings)
    ratings = [row for row in case.ratings if row["period"] == last]
    rows = tuple(
        (str(row["kpi_id"]), cells.text(row["kpi_title"]), cells.text(row["measure_code"]),
         cells.text(row["proposed_rating"]), cells.text(row["confirmed_rating"]),
         f"{cells.text(row['confirmed_by'])}, {cells.day(row['confirmed_on'])}, {row['decision_id']}"
         if isinstance(row["decision_id"], str) else "–")
        for row in ratings
    )  # fmt: skip
    blocks: list[str | Grid] = [Grid(("indicator", "title", "measure", "proposed", "confirmed", "by"), rows)]
    waiting = next((row for row in ratings if not isinstance(row["confirmed_rating"], str)), None)
    if waiting is not None:
        blocks.append(
            f"A rating counts once an officer has confirmed it: `kcc-etl decide rating {case.ref} --other "
            f'"{waiting["kpi_id"]}" --period {last} --rating "{_word(waiting)}" --role '
            '"category lead" --reason "evidence checked"`.'
        )
    return (Section(f"Ratings by section 71 of the Procurement Act 2023, {last}", tuple(blocks)),)


def _word(rating: Row) -> str:
    """The rating that is proposed; where none is, the officer's own word is to stand there."""
    proposed = rating["proposed_rating"]
    return proposed if isinstance(proposed, str) else "…"
