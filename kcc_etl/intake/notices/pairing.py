"""Which award of a release belongs to which of its contracts, where an identifier stands for several awards.

Does not belong here: what contract and award say (`rows`), contracts of one number in several releases
(`kcc_etl.domain.noticed_contracts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kcc_etl.intake.cells.json_parts import JsonObject, entries, objects, part, pence, text

_Fits = Callable[[JsonObject, JsonObject], bool]


@dataclass(frozen=True)
class Told:
    """A contract with its award, or one of the two alone, the other empty; `where` is its place.

    `is_unclear` says that several awards could be that of the contract, so that none is taken for it.
    """

    where: str
    contract: JsonObject
    award: JsonObject
    is_unclear: bool = False


def contracts_and_awards(release: JsonObject) -> Iterator[Told]:
    """Every contract with its award, then every award without a contract.

    An award that stands alone belongs to every contract that names it. Of awards that share an identifier
    (hazards.md: 53 of 182 processes) lots, value and period say which is whose; where they leave several and
    there are as many awards as contracts, the order does, otherwise the award of the contract is not known.
    """
    awards = objects(release, "awards")
    contracts = objects(release, "contracts")
    same = _by_id(awards, "id")
    chosen: dict[int, int] = {}
    unclear: set[int] = set()
    for award_id, named_by in _by_id(contracts, "awardID").items():
        bearing = same.get(award_id, [])
        found = _pairs(contracts, named_by, awards, bearing)
        chosen.update(found)
        unclear.update(place for place in named_by if bearing and place not in found)
    for place, contract in enumerate(contracts):
        award = awards[chosen[place]] if place in chosen else {}
        yield Told(f"contracts/{place}", contract, award, place in unclear)
    taken = set(chosen.values())
    for place, award in enumerate(awards):
        if place not in taken:
            yield Told(f"awards/{place}", {}, award)


def _by_id(parents: list[JsonObject], name: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, parent in enumerate(parents):
        if number := text(parent.get(name)):
            found.setdefault(number, []).append(place)
    return found


def _pairs(
    contracts: list[JsonObject], named_by: list[int], awards: list[JsonObject], bearing: list[int]
) -> dict[int, int]:
    """The award of each contract, by their places, of contracts and awards with one identifier."""
    if len(bearing) == 1:
        return dict.fromkeys(named_by, bearing[0])
    possible = {(one, other) for one in named_by for other in bearing}
    found: dict[int, int] = {}
    for fits in (_same_lots, _same_value, _same_period):
        shown = {(one, other) for one, other in possible if fits(contracts[one], awards[other])}
        told = {one for one, _ in shown}
        possible = shown | {(one, other) for one, other in possible if one not in told}
        found.update(_alone(shown))
        settled = set(found.values())
        possible = {(a, b) for a, b in possible if a not in found and b not in settled}
    if len(named_by) == len(bearing):
        left = [place for place in bearing if place not in found.values()]
        found.update(zip((place for place in named_by if place not in found), left, strict=True))
    return found


def _alone(pairs: set[tuple[int, int]]) -> dict[int, int]:
    """The pairs of which neither side stands in another pair."""
    of_contract, of_award = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    return {one: other for one, other in pairs if of_contract[one] == of_award[other] == 1}


def _same_lots(contract: JsonObject, award: JsonObject) -> bool:
    return bool(_lots(contract) & _lots(award))


def _lots(told: JsonObject) -> set[str]:
    named = [*entries(told, "relatedLots"), *(item.get("relatedLot") for item in objects(told, "items"))]
    return {lot for each in named if (lot := text(each))}


def _same_value(contract: JsonObject, award: JsonObject) -> bool:
    one, other = part(contract, "value"), part(award, "value")
    amounts = ((pence(one.get(name)), pence(other.get(name))) for name in ("amount", "amountGross"))
    return any(ours is not None and ours == theirs for ours, theirs in amounts)


def _same_period(contract: JsonObject, award: JsonObject) -> bool:
    one, other = part(contract, "period"), part(award, "contractPeriod")
    days = [(text(one.get(name)), text(other.get(name))) for name in ("startDate", "endDate")]
    return all(ours is not None and ours == theirs for ours, theirs in days)
