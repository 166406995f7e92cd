"""Rules on outcomes by district.

Does not belong here: outcomes to date (`returns`, `targets`), what may be published of small numbers.
"""

from __future__ import annotations

from fractions import Fraction

from checks.rules.outcome import Inputs, Judge, Outcome, of_whole, rows
from kcc_etl import asset_keys as keys
from kcc_etl.domain.claimed import Claimed, Delivered
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.delivery import counted_claims
from kcc_etl.domain.money import number_display
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.verified import verifications

_Place = tuple[str, str, str]
"""A quarter, a contract reference and a measure code."""

_SHOWN = 3


def districts_add_up(inputs: Inputs) -> Outcome:
    """TG-012: districts add up to what counts for a contract, measure and quarter, verified up to claimed.

    One outcome for the table, over the quarters it holds. Percentages do not add up: of them the lowest is
    what counts. Source: social-value policy parameters, section 8.9.
    """
    table = inputs.frames[keys.OUT_OUTCOME]
    if table.empty:
        return of_whole(None, "")
    shown, faults = _by_place(inputs)
    counted = _counted(inputs, set(table["period"]))
    for place in sorted({*shown, *counted}):
        here, there = shown.get(place), counted.get(place)
        if here != there:
            faults.append(f"{_name(place)}: {_told(here)} by district, {_told(there)} counted")
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return of_whole(not faults, "; ".join(faults[:_SHOWN]) + more)


def _by_place(inputs: Inputs) -> tuple[dict[_Place, Delivered], list[str]]:
    """The districts of every place joined, and those of which more is verified than claimed."""
    districts: dict[_Place, list[Delivered]] = {}
    faults = []
    columns = ["period", "contract_ref", "measure_code", "district", "claimed", "evidenced", "verified"]
    for *place, district, claimed, evidenced, verified in rows(inputs.frames[keys.OUT_OUTCOME], columns):
        key: _Place = (place[0], place[1], place[2])
        districts.setdefault(key, []).append(Delivered(claimed, evidenced, verified))
        if verified > claimed:
            told = f"{number_display(verified)} verified of {number_display(claimed)} claimed"
            faults.append(f"{_name(key)}, {district}: {told}")
    percentages = {code for code, measure in inputs.parameters.measure_of.items() if measure.unit == "%"}
    joined = {place: _joined(parts, place[2] in percentages) for place, parts in districts.items()}
    return joined, faults


def _joined(parts: list[Delivered], is_percentage: bool) -> Delivered:
    if not is_percentage:
        return sum(parts, Delivered())
    return Delivered(*(min(getattr(p, name) for p in parts) for name in ("claimed", "evidenced", "verified")))


def _counted(inputs: Inputs, quarters: set[str]) -> dict[_Place, Delivered]:
    """What delivery counts in the quarters of the table."""
    decisions = decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)
    claims, contracts = inputs.frames[keys.CORE_CLAIM], inputs.frames[keys.CORE_CONTRACT]
    counted = counted_claims(claims, contracts, decisions, inputs.parameters)
    counted = counted[counted[["measure_code", "claimed"]].notna().all(axis="columns")]
    standing = verifications(decisions, contracts, claims, inputs.parameters)
    found: dict[_Place, Delivered] = {}
    for quarter in sorted(quarters):
        lines = counted[counted["period"] == quarter]
        pairs = lines[["contract_ref", "measure_code"]].drop_duplicates()
        refs, codes = pairs["contract_ref"].tolist(), pairs["measure_code"].tolist()
        made = Claimed(lines, inputs.parameters.measure_of, standing)
        done = made.to_date(refs, codes, parse_period(quarter).end)
        quantities = zip(done.claimed, done.evidenced, done.verified, strict=True)
        for ref, code, figures in zip(refs, codes, quantities, strict=True):
            found[quarter, ref, code] = Delivered(*figures)
    return found


def _name(place: _Place) -> str:
    quarter, ref, code = place
    return f"{ref} {code} in {quarter}"


def _told(done: Delivered | None) -> str:
    if done is None:
        return "nothing"
    quantities: tuple[Fraction, ...] = (done.claimed, done.evidenced, done.verified)
    return " / ".join(number_display(quantity) for quantity in quantities)


JUDGES: dict[str, Judge] = {"TG-012": districts_add_up}
