"""The assessments of indicators that may be published: those an officer confirmed, suppliers redacted.

Does not belong here: proposing ratings (`kcc_etl.domain.ratings`), drafts of the notice (`performance`).
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.disclosure import COUNTS
from kcc_etl.domain.duties.tables import Row, numbers_of, plain
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.redaction import NAME_TEXTS, publishable_suppliers, supplier_reasons
from kcc_etl.domain.reviewed import publishable_titles, without_redacted_names
from kcc_etl.parameters.measures import Measure
from kcc_etl.parameters.redaction import RedactionRules
from kcc_etl.schema import frames

_OF_RATING = (
    "period",
    "contract_ref",
    "measure_code",
    "confirmed_rating",
    "confirmed_by",
    "confirmed_on",
    "decision_id",
)


def confirmed_assessments(
    ratings: pd.DataFrame,
    contracts: pd.DataFrame,
    links: pd.DataFrame,
    noticed: pd.DataFrame,
    decisions: pd.DataFrame,
    measures: Iterable[Measure],
    rules: RedactionRules,
    published: pd.DataFrame,
) -> pd.DataFrame:
    """One row a rating that an officer confirmed; what was proposed alone is not published.

    Nor is the rating of a count of people that the `published` performance leaves out: its words tell more of
    the count than the status does.

    The period assessed is the quarter that was rated. Identifiers of procurement and contract are the
    register's, else those of the one notice that is surely its own. Source: PA23 s.71(2), PR24 reg 39(4).
    """
    names = publishable_suppliers(contracts, decisions, rules)
    reasons = supplier_reasons(contracts, decisions, rules)
    shown = publishable_titles(contracts["contract_title"], decisions, rules.texts)
    shown = without_redacted_names(shown, contracts.assign(payee_reason=reasons))
    titles = {measure.code: measure.title for measure in measures}
    by_ref = {
        row["contract_ref"]: row for row in plain(contracts.assign(supplier_name=names, contract_title=shown))
    }
    own = _numbers(plain(links), plain(noticed))
    hidden = published[published["not_shown"].str.contains(COUNTS, na=False)]
    left_out = set(zip(hidden["contract_ref"], hidden["measure_code"], strict=True))
    rows = []
    for rating in plain(ratings):
        is_left_out = (rating["contract_ref"], rating["measure_code"]) in left_out
        if is_left_out or not rating["confirmed_rating"]:
            continue
        contract = by_ref[rating["contract_ref"]]
        linked = own.get(rating["contract_ref"], {})
        span = parse_period(rating["period"])
        rows.append(
            {
                **{name: rating[name] for name in _OF_RATING},
                "contract_title": contract["contract_title"],
                "ocid": contract["ocid"] or linked.get("ocid"),
                "contract_id": contract["contract_id"] or linked.get("contract_id"),
                "measure_title": titles.get(rating["measure_code"], rating["measure_code"]),
                "payee": contract["supplier_name"],
                "supplier_ppon": None
                if contract["supplier_name"] in NAME_TEXTS
                else contract["supplier_ppon"],
                "observed_from_on": span.start,
                "observed_to_on": span.end,
            }
        )
    return frames.from_rows(rows, keys.OUT_ASSESSMENT) if rows else frames.empty(keys.OUT_ASSESSMENT)


def _numbers(links: Iterable[Row], noticed: Iterable[Row]) -> dict[str, Row]:
    known = {numbers_of(row): row for row in noticed}
    found: dict[str, Row] = {}
    for link in links:
        if not link["is_ambiguous"] and numbers_of(link) in known:
            found.setdefault(link["contract_ref"], known[numbers_of(link)])
    return found
