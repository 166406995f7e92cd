"""Rules on supplier returns: confirmations, over-claims, missing returns, what is claimed twice.

Does not belong here: reading workbooks (`kcc_etl.intake`), what falls due (`kcc_etl.domain.delivery`).
"""

from __future__ import annotations

import pandas as pd

from checks.rules.outcome import Inputs, Judge, Outcome, judged, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.doubles import claimed_twice, evidence_given_again, evidence_given_elsewhere
from kcc_etl.domain.money import number_display
from kcc_etl.domain.overclaims import AWAITS_REVIEW

_FILE = ["source_sha256", "source_name", "source_file"]


def return_is_confirmed(inputs: Inputs) -> Outcome:
    """RT-008: both confirmations of a return are given; one outcome a return, on its first line.

    Source: social-value policy parameters, section 8.7.
    """
    claims = inputs.frames[keys.CORE_CLAIM]
    first = ~claims.sort_values("source_row", kind="stable").duplicated(_FILE).sort_index()
    return Outcome(judged(claims["is_confirmed"].fillna(False), first))


def claims_stay_near_what_is_due(inputs: Inputs) -> Outcome:
    """RT-009: claims to date are near what is due by the period end, or reviewed by an officer.

    The ratio is a parameter; the verification of the latest quarter claimed is the review. One outcome a
    contract and measure, on its latest line with a quantity. Applies where something is claimed and the
    measure has something agreed. Source: social-value policy parameters, section 8.7.
    """
    claims = inputs.frames[keys.CORE_CLAIM]
    ok = pd.Series(pd.NA, index=claims.index, dtype="boolean")
    found = pd.Series("", index=claims.index, dtype=object)
    latest = _claims_in_order(claims)
    columns = ["period", "contract_ref", "measure_code", "due", "claimed", "over_claim"]
    for period, contract, measure, due, claimed, over in rows(inputs.frames[keys.OUT_PERFORMANCE], columns):
        lines = [place for quarter, place in latest.get((contract, measure), []) if quarter <= period]
        if not lines or due is None or not claimed:
            continue
        ok.iloc[lines[-1]] = over != AWAITS_REVIEW
        found.iloc[lines[-1]] = f"{number_display(claimed)} claimed to date, {number_display(due)} due"
    return Outcome(
        ok, on=keys.CORE_CLAIM, found=found, reason="nothing is claimed on a measure that has anything due"
    )


def _claims_in_order(claims: pd.DataFrame) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Period and position of the claims above zero of each contract and measure, the earliest first."""
    numbered = claims.assign(place=range(len(claims)))
    ordered = numbered.sort_values(["period", "source_file", "source_row"], kind="stable")
    lines: dict[tuple[str, str], list[tuple[str, int]]] = {}
    columns = ["contract_ref", "measure_code", "period", "place", "claimed"]
    for contract, measure, period, place, claimed in rows(ordered, columns):
        if claimed:
            lines.setdefault((contract, measure), []).append((period, place))
    return lines


def return_has_come(inputs: Inputs) -> Outcome:
    """RT-012: a contract with agreed measures sends a return for the period, if policy asks for one.

    One outcome a contract, on its first measure. A return that came and was refused is no missing return.
    Source: social-value policy parameters, section 8.7.
    """
    figures = inputs.frames[keys.OUT_PERFORMANCE]
    status = figures["return_status"]
    expected = status.isin(["received", "nil", "missing"])
    first = expected & ~figures[expected].duplicated(["period", "contract_ref"]).reindex(
        figures.index, fill_value=True
    )
    return Outcome(
        judged(status != "missing", first),
        found="no return for " + figures["period"].astype(object),
        subject=figures["contract_ref"].astype(object) + " " + figures["period"].astype(object),
        reason="no return is due for the period",
    )


def quantity_is_claimed_on_one_contract(inputs: Inputs) -> Outcome:
    """RT-015: one supplier does not claim the same quantity of a measure, in one period, on two contracts.

    Every line concerned is flagged, and held until an officer verifies it. Applies to quantities above zero
    of measures that add up. Source: social-value policy parameters, section 8.7.
    """
    claims, contracts = inputs.frames[keys.CORE_CLAIM], inputs.frames[keys.CORE_CONTRACT]
    twice = claimed_twice(claims, contracts, inputs.parameters.measure_of)
    fine = pd.Series([refs is None or len(refs) <= 1 for refs in twice], index=claims.index, dtype="boolean")
    applies = pd.Series([refs is not None for refs in twice], index=claims.index, dtype=bool)
    found = [
        f"{number_display(claimed)} on {' and '.join(refs)}" if refs is not None else ""
        for claimed, refs in zip(claims["claimed"], twice, strict=True)
    ]
    return Outcome(judged(fine, applies), found=pd.Series(found, index=claims.index, dtype=object))


def evidence_counts_once(inputs: Inputs) -> Outcome:
    """RT-030: evidence of a measure that counts once is given for one quarter of a contract.

    The later line is flagged, and held until an officer verifies it. Applies to lines that count for
    something and have evidence. Source: social-value policy parameters, section 3.4.
    """
    claims = inputs.frames[keys.CORE_CLAIM]
    return _of_evidence(claims, evidence_given_again(claims, inputs.parameters.measure_of), "counts once")


def evidence_stands_under_one_measure(inputs: Inputs) -> Outcome:
    """RT-031: the same evidence is not given under two measures of which only one may count.

    The second line is flagged, and held until an officer verifies it. Applies to lines of such measures that
    count for something and have evidence. Source: the same, section 3.4.
    """
    claims = inputs.frames[keys.CORE_CLAIM]
    told = evidence_given_elsewhere(claims, inputs.parameters.measure_of)
    return _of_evidence(claims, told, "excludes another")


def _of_evidence(claims: pd.DataFrame, earlier: list[str | None], why: str) -> Outcome:
    """What is made of where the evidence of each claim stands already; None where that says nothing."""
    found = [
        f"{evidence}, as for {place}" if place else ""
        for evidence, place in zip(claims["evidence_ref"], earlier, strict=True)
    ]
    ok = [None if place is None else not place for place in earlier]
    return Outcome(
        pd.Series(ok, index=claims.index, dtype="boolean"),
        found=pd.Series(found, index=claims.index, dtype=object),
        reason=f"no claim with evidence is about a measure that {why}",
    )


JUDGES: dict[str, Judge] = {
    "RT-008": return_is_confirmed,
    "RT-009": claims_stay_near_what_is_due,
    "RT-012": return_has_come,
    "RT-015": quantity_is_claimed_on_one_contract,
    "RT-030": evidence_counts_once,
    "RT-031": evidence_stands_under_one_measure,
}
