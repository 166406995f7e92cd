"""Verifications and ratings: the order in which decisions were written down says nothing."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.decisions import in_order
from kcc_etl.domain.duties.tables import by, plain
from kcc_etl.domain.ratings import WORDS, confirmations
from kcc_etl.domain.verified import verifications
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema import frames

COLUMNS = [
    "decision_id", "decision_kind", "subject", "other_subject", "measure_code", "period", "quantity", "confirmed_rating", "decided_on",
]  # fmt: skip
PARAMETERS = load_parameters()
KPIS = ({"kpi_id": "1", "kpi_title": "On time"}, {"kpi_id": "2", "kpi_title": "Placements"})
OTHERS = frames.empty(keys.CORE_CONTRACT), frames.empty(keys.CORE_CLAIM)
DECISIONS = st.lists(
    st.fixed_dictionaries(
        {
            "decision_kind": st.sampled_from(["verification", "rating"]),
            "subject": st.sampled_from(["KC-1", "KC-2"]),
            "other_subject": st.sampled_from([None, "1", "On time"]),
            "measure_code": st.just("S1"),
            "period": st.sampled_from(["2026-27-Q1", "2026-27-Q2"]),
            "quantity": st.sampled_from([0, 1, 2]),
            "confirmed_rating": st.sampled_from([*WORDS, "splendid", None]),
            "decided_on": st.sampled_from([date(2026, 11, 2), date(2026, 11, 3)]),
        }
    ),
    max_size=12,
)


def standing(log):
    frame = pd.DataFrame(log, columns=COLUMNS)
    decided = by(plain(in_order(frame[frame["decision_kind"] == "rating"])), "subject")
    rated = [confirmations(decided.get(ref, []), KPIS, {"2": "S1"}, "2026-27-Q2") for ref in ("KC-1", "KC-2")]
    return [
        {place: row["decision_id"] for place, row in found.items()}
        for found in (verifications(frame, *OTHERS, PARAMETERS), *rated)
    ]


@settings(deadline=None, max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(DECISIONS, st.randoms())
def test_the_order_of_the_log_does_not_matter(log, random):
    numbered = [{**row, "decision_id": f"D-{n:02d}"} for n, row in enumerate(log)]
    assert standing(numbered) == standing(random.sample(numbered, len(numbered)))
