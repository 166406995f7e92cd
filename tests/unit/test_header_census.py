"""The proposer against 1,438 published files of 15 bodies: precision and recall by a key made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcc_etl.intake.first_rows import TAKEN, read_first_rows
from kcc_etl.intake.headings.aliases import known_aliases
from kcc_etl.intake.headings.mapping import fold_heading
from kcc_etl.intake.headings.proposal import propose
from kcc_etl.intake.headings.unknown_file import find_heading
from tests.tools import missing
from tests.unit.header_evaluation import (
    CENSUS,
    census_report,
    census_rows,
    evaluate,
    of_the_census,
    of_the_census_held_out,
    read_key,
    unseen,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "header-mapping-census.md"
AT_MOST_WRONG = 1 / 200
SOURCES = {"devon-cc": "devon", "oxford-city": "oxford", "hyndburn-bc": "hyndburn", "odileeds": "calderdale"}


@pytest.fixture(autouse=True)
def census() -> None:
    if not CENSUS.is_file():
        missing(f"the census of headings is not at {CENSUS}")


def test_the_key_covers_every_heading_of_the_census_and_all_bodies() -> None:
    key, rows = read_key(), census_rows()
    headings = {
        (row.source, fold_heading(title)) for row in rows for title in row.titles if fold_heading(title)
    }
    assert headings <= set(key)
    assert len({heading for _, heading in key}) >= 150
    assert len({row.source.split()[0] for row in rows}) == 15
    assert sum(row.files for row in rows) == 1438


def test_a_wrong_confident_guess_is_at_most_one_in_two_hundred() -> None:
    tally = of_the_census()
    assert sum(tally.confident.values()) > 7000
    assert tally.wrong_share <= AT_MOST_WRONG, tally.wrong
    assert tally.kinds_wrong == 0


def test_so_it_is_when_every_heading_row_counts_once() -> None:
    tally = evaluate(census_rows(), weighted=False)
    assert tally.wrong_share <= AT_MOST_WRONG, tally.wrong


def test_so_it_is_for_bodies_whose_own_names_are_taken_out() -> None:
    tally = of_the_census_held_out()
    assert tally.wrong_share <= AT_MOST_WRONG, tally.wrong


def test_the_evaluation_sees_a_wrong_name_in_the_table() -> None:
    known = known_aliases()
    spoilt = {**known.names["payments"], "bodyname": known.names["payments"]["suppliername"]}
    names = {**known.names, "payments": spoilt}
    tally = evaluate(census_rows()[:12], type(known)(names, known.shown, known.words, known.patterns))
    assert tally.wrong_share > AT_MOST_WRONG


def test_headings_the_table_was_not_made_from_are_not_guessed_wrongly() -> None:
    seen = unseen("12")
    assert seen.wrong == ()
    assert seen.offered >= 0.9 * seen.held


def test_the_report_for_the_reader_is_the_golden_file() -> None:
    """Written anew with `GOLDEN.write_text(census_report(), encoding="utf-8")` after a look at the difference."""
    assert census_report() == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.long
def test_real_files_are_not_guessed_wrongly_with_their_values_either() -> None:
    key, guesses, wrong = read_key(), 0, []
    places = [*CENSUS.parent.glob("*/*.csv"), *(CENSUS.parents[1] / "registers").glob("*.csv")]
    for path in sorted(places):
        rows = read_first_rows(path).rows
        at = find_heading(rows)
        assert at is not None, path
        proposal = propose(rows[at], rows[at + 1 : at + 1 + TAKEN])
        assert proposal is not None, path
        source = SOURCES.get(path.parent.name, "salford register")
        for column in proposal.columns:
            if column.field and column.is_confident:
                guesses += 1
                right = key[source, fold_heading(column.heading)][1]
                wrong += [] if column.field in right else [f"{path.name}: {column.heading} as {column.field}"]
    assert len(places) > 30
    assert guesses > 180
    assert wrong == []
