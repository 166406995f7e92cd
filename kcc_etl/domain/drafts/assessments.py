"""The assessments of indicators that may be published: those an officer confirmed, suppliers redacted.

Does not belong here: which indicators there are (`kcc_etl.domain.indicators`), proposing ratings
(`kcc_etl.domain.ratings`), drafts of the notice (`performance`).
"""

from __future__ import annotations

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.common import identifier_of
from kcc_etl.domain.duties.tables import Row, plain
from kcc_etl.domain.hidden_names import HiddenNames
from kcc_etl.domain.indicators import own_notices
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.redaction import NAME_TEXTS, publishable_suppliers, supplier_reasons
from kcc_etl.domain.reviewed import publishable_contract_titles, publishable_titles, without_redacted_names
from kcc_etl.domain.seen_counts import COUNTS
from kcc_etl.parameters.redaction import RedactionRules
from kcc_etl.schema import frames

_OF_RATING = (
    "period",
    "contract_ref",
    "kpi_id",
    "kpi_title",
    "kpi_description",
    "measure_code",
    "confirmed_rating",
    "confirmed_by",
    "confirmed_on",
    "decision_id",
)
_TEXTS = ("kpi_title", "kpi_description")


def confirmed_assessments(
    ratings: pd.DataFrame,
    contracts: pd.DataFrame,
    links: pd.DataFrame,
    noticed: pd.DataFrame,
    decisions: pd.DataFrame,
    rules: RedactionRules,
    published: pd.DataFrame,
    hidden: HiddenNames,
) -> pd.DataFrame:
    """One row an indicator by section 52 whose rating an officer confirmed; what was proposed alone is not
    published.

    Nor is the rating of a count of people that the `published` performance leaves out: its words tell more of
    the count than the status does. No text names one of `hidden`.

    The period assessed is the quarter that was rated. Identifiers of procurement and contract are the
    register's, else those of the one notice that is surely its own. Source: PA23 s.71(2), PR24 reg 39(4).
    """
    reasons = supplier_reasons(contracts, decisions, rules)
    named = contracts.assign(payee_reason=reasons)
    shown = publishable_contract_titles(contracts, noticed, decisions, rules.texts)
    by_ref = {
        row["contract_ref"]: row
        for row in plain(
            contracts.assign(
                payee=publishable_suppliers(contracts, decisions, rules),
                contract_title=without_redacted_names(shown, hidden, named),
            )
        )
    }
    own = own_notices(plain(links), plain(noticed))
    small = published[published["not_shown"].str.contains(COUNTS, na=False)]
    left_out = set(zip(small["contract_ref"], small["measure_code"], strict=True))
    rows = [
        _published(rating, by_ref[rating["contract_ref"]], own.get(rating["contract_ref"], {}))
        for rating in plain(_with_texts(ratings, named, hidden, decisions, rules))
        if rating["confirmed_rating"] and (rating["contract_ref"], rating["measure_code"]) not in left_out
    ]
    return frames.from_rows(rows, keys.OUT_ASSESSMENT) if rows else frames.empty(keys.OUT_ASSESSMENT)


def _with_texts(
    ratings: pd.DataFrame,
    named: pd.DataFrame,
    hidden: HiddenNames,
    decisions: pd.DataFrame,
    rules: RedactionRules,
) -> pd.DataFrame:
    """The ratings with titles and targets of indicators as every other publication has them."""
    of_contract = named.set_index("contract_ref")[["supplier_name", "payee_reason"]]
    of_rating = ratings[["contract_ref"]].join(of_contract, on="contract_ref")
    return ratings.assign(
        **{
            text: without_redacted_names(
                publishable_titles(ratings[text], decisions, rules.texts), hidden, of_rating
            )
            for text in _TEXTS
        }
    )


def _published(rating: Row, contract: Row, noticed: Row) -> dict[str, object]:
    span = parse_period(rating["period"])
    return {
        **{name: rating[name] for name in _OF_RATING},
        "contract_title": contract["contract_title"],
        "ocid": contract["ocid"] or noticed.get("ocid"),
        "contract_id": contract["contract_id"] or noticed.get("contract_id"),
        "payee": contract["payee"],
        "supplier_id": None if contract["payee"] in NAME_TEXTS else identifier_of(contract),
        "observed_from_on": span.start,
        "observed_to_on": span.end,
    }
