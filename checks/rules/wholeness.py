"""Whether a table of figures has all that its inputs call for, worked out anew and not by what selected it.

An emptied or halved table passes every rule that looks at its own rows alone. Does not belong here: rules on
single rows (`publications`, `targets`), the selections themselves (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from checks.rules.editions import edition_by_contract
from checks.rules.expenditure import expenditure_of
from checks.rules.moved_contracts import beyond_decisions
from checks.rules.outcome import Inputs, Judge, Outcome, booked, of_whole, rows
from checks.rules.payments_made import payments_made
from kcc_etl import asset_keys as keys
from kcc_etl.domain.as_it_stands import contracts_as_they_stand
from kcc_etl.domain.changes import EARLY_END, EXTENSION, VALUE_CHANGE
from kcc_etl.domain.decisions import decisions_known
from kcc_etl.domain.duties.awarded import contracts_as_awarded
from kcc_etl.domain.money import pounds_display
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.parameters.model import Policy

_LINE = ["source_sha256", "source_file", "source_row"]
_NET, _GROSS = "amount_ex_vat_pence", "amount_inc_vat_pence"
_VALUE, _LOST_VAT = "value_ex_vat_pence", "irrecoverable_vat_pence"
_TARGET = ["contract_ref", "measure_code"]
_SHOWN = 5

Selection = Callable[[Period], pd.DataFrame]


def spend_is_whole(inputs: Inputs) -> Outcome:
    """PB-020: the spend file has every payment of its quarter over the floor, and their sum to the penny.

    One verdict; VAT that the council cannot recover counts towards the floor. An empty file is judged as any
    other, so that a waiver of rule PB-007 opens only a quarter without payments.
    Source: Transparency Code 2015; LGA guidance v1.3.
    """
    floor = inputs.parameters.statutory.transparency_code.spend_above_pence

    def due(quarter: Period) -> pd.DataFrame:
        paid = expenditure_of(inputs, quarter.start, quarter.end)
        spent = (paid[_NET] + paid[_LOST_VAT].fillna(0)).abs()
        return paid[(spent > floor).fillna(False).astype(bool)]

    return compared(inputs, keys.OUT_SPEND, due, [*_LINE, _NET], ("payments", "ledgers"))


def section_70_list_is_whole(inputs: Inputs) -> Outcome:
    """PB-022: the section 70 file has every payment of its quarter that the law reaches, and their sum.

    A payment is there once, at its first ledger line. One verdict, to the penny.
    Source: Procurement Act 2023 s.70, s.123(2); PR24 reg 38A.
    """
    payments = inputs.frames[keys.CORE_PAYMENT]
    above = inputs.parameters.statutory.section_70.above_pence

    def due(quarter: Period) -> pd.DataFrame:
        made = payments_made(_paid_in(payments, quarter), inputs.parameters.duties.section_70_reading)
        reached = _under_section_70(inputs)
        large = [one for one in made if one.tested > above and one.contract_ref in reached]
        first = payments.loc[[one.lines[0] for one in large]]
        return first.assign(**{_NET: [one.net for one in large], _GROSS: [one.tested for one in large]})

    return compared(inputs, keys.OUT_OVER_30K, due, [*_LINE, _NET, _GROSS], ("payments", "ledgers"))


def register_is_whole(inputs: Inputs) -> Outcome:
    """PB-021: the contracts register has every contract in place in its quarter over the floor, and the sum.

    One verdict, to the penny; contracts as they stand, each with an end and a value that the register and the
    decisions lead to. Source: Transparency Code 2015.
    """
    known = decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)
    contracts = contracts_as_they_stand(inputs.frames[keys.CORE_CONTRACT], known)
    floor = inputs.parameters.statutory.transparency_code.contract_above_pence

    def due(quarter: Period) -> pd.DataFrame:
        begun = contracts["start_on"] <= pd.Timestamp(quarter.end)
        running = contracts["end_on"] >= pd.Timestamp(quarter.start)
        over = contracts[_VALUE] + contracts[_LOST_VAT].fillna(0) > floor
        return contracts[(begun & running & over).fillna(False).astype(bool)]

    strange = beyond_decisions(inputs.frames[keys.OUT_REGISTER], inputs.frames[keys.CORE_CONTRACT], known)
    if strange:
        return _told(_some("with an end or value that neither register nor decisions give,", strange))
    columns = ["contract_ref", _VALUE, "end_on"]
    return compared(inputs, keys.OUT_REGISTER, due, columns, ("contracts", "register"))


def performance_is_whole(inputs: Inputs) -> Outcome:
    """PB-023: the performance file has every target of every contract that has started by the quarter's end.

    One verdict; each target is there as calculated. Source: social-value policy parameters, section 8.7.
    """
    targets, contracts = inputs.frames[keys.OUT_TARGET], inputs.frames[keys.CORE_CONTRACT]

    def due(quarter: Period) -> pd.DataFrame:
        begun = contracts["start_on"] <= pd.Timestamp(quarter.end)
        return targets[targets["contract_ref"].isin(contracts.loc[_true(begun), "contract_ref"])]

    told = ("targets", "targets of contracts that have started")
    return compared(inputs, keys.OUT_PERFORMANCE, due, [*_TARGET, "target"], told)


def targets_are_whole(inputs: Inputs) -> Outcome:
    """TG-014: every contract that policy surely asks has targets, and none that it does not reach has any.

    One verdict. Surely asked are contracts in scope in a band that asks by their own value, whatever
    aggregation adds; of one that was changed the value as awarded is not known here.
    Source: social-value policy parameters, section 8.1.
    """
    there = set(inputs.frames[keys.OUT_TARGET]["contract_ref"].dropna())
    reached = _in_scope(inputs)
    decisions = inputs.frames[keys.CORE_DECISION]
    changes = decisions["decision_kind"].isin([VALUE_CHANGE, EXTENSION, EARLY_END])
    changed = set(decisions.loc[changes, "subject"])
    surely = {ref for ref, asked in reached.items() if asked and ref not in changed}
    if not surely and not there:
        return of_whole(None, "", "policy surely asks no contract for targets")
    return _told(
        _some("no targets of", surely - there), _some("targets out of scope of", there - set(reached))
    )


def versions_are_whole(inputs: Inputs) -> Outcome:
    """TG-015: every target has its versions, numbered from 1 without a gap, and one more where overridden.

    One verdict. Source: social-value policy parameters, section 8.6.
    """
    targets, versions = inputs.frames[keys.OUT_TARGET], inputs.frames[keys.OUT_TARGET_VERSION]
    if targets.empty and versions.empty:
        return of_whole(None, "", "there are no targets")
    numbers: dict[str, list[int]] = {}
    for ref, code, number in rows(versions, [*_TARGET, "version"]):
        numbers.setdefault(f"{ref} {code}", []).append(number)
    least = {
        f"{ref} {code}": 1 + isinstance(override, str)
        for ref, code, override in rows(targets, [*_TARGET, "override_id"])
    }
    short = {place for place, fewest in least.items() if len(numbers.get(place, ())) < fewest}
    gaps = {place for place, given in numbers.items() if sorted(given) != [*range(1, len(given) + 1)]}
    return _told(
        _some("too few versions of", short),
        _some("gaps in the versions of", gaps),
        _some("versions without a target,", numbers.keys() - least.keys()),
    )


def compared(
    inputs: Inputs, table: str, due: Selection, columns: list[str], told: tuple[str, str]
) -> Outcome:
    """Whether a table holds exactly the rows that are due in its quarter; `columns` tell rows apart."""
    there = inputs.frames[table]
    quarter = booked(inputs, table)
    if not quarter:
        nothing = there.empty
        return of_whole(None if nothing else False, "no row names its quarter", "no quarter is booked")
    wanted = due(parse_period(quarter))
    things, place = told
    money = next((name for name in (_NET, _VALUE) if name in columns), "")
    found = f"{_sum(there, money, things)} in the file, {_sum(wanted, money, things)} in the {place}"
    if not money:
        found = f"{len(there):,} targets in the file, {len(wanted):,} {place}"
    same = len(there) == len(wanted)
    if same and not np.array_equal(_prints(there[columns]), _prints(wanted[columns])):
        same, found = False, f"{found}, but not the same ones"
    if strays := int((there["period"] != quarter).fillna(True).sum()):
        same, found = False, f"{found}; {strays:,} of another quarter than {quarter}"
    return of_whole(same, found)


def _sum(chosen: pd.DataFrame, money: str, things: str) -> str:
    return f"{len(chosen):,} {things} and {pounds_display(int(chosen[money].sum()))}" if money else ""


def _prints(chosen: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """One number a row, by its content, in order of size."""
    return np.sort(pd.util.hash_pandas_object(chosen.astype("str"), index=False).to_numpy(dtype=np.uint64))


def _paid_in(payments: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    days = payments["paid_on"].between(pd.Timestamp(quarter.start), pd.Timestamp(quarter.end))
    return payments[days.fillna(False).astype(bool)]


def _true(flags: pd.Series) -> pd.Series:
    return flags.fillna(False).astype(bool)


def _under_section_70(inputs: Inputs) -> set[str]:
    """References of the public contracts and call-offs under the Act that section 70 reaches.

    They are so at award, or as they stand; a value without VAT is a floor where there is none with it.
    """
    known = decisions_known(inputs.frames[keys.CORE_DECISION], inputs.as_of)
    contracts, law = inputs.frames[keys.CORE_CONTRACT], inputs.parameters.statutory
    by_value = pd.concat([contracts_as_awarded(contracts, known), contracts_as_they_stand(contracts, known)])
    older = set(contracts.loc[contracts["regime"].fillna("") != "pa23", "contract_ref"])
    facts = [
        "contract_ref", "agreement_kind", "regime", "parent_ref", "is_school_contract", "is_light_touch",
        "procurement_category", "procurement_commenced_on", "value_inc_vat_pence", _VALUE,
    ]  # fmt: skip
    found = set()
    for ref, kind, regime, parent, school, light, category, began, gross, net in rows(by_value, facts):
        if regime != "pa23" or kind not in ("contract", "call-off") or parent in older or pd.isna(began):
            continue
        if began.date() < law.section_70.commenced_from or (pd.notna(school) and school):
            continue
        what = "light_touch" if pd.notna(light) and light else str(category)
        threshold = law.threshold_inc_vat_pence(what, began.date())
        value = net if pd.isna(gross) else gross
        if threshold is not None and pd.notna(value) and value >= threshold:
            found.add(ref)
    return found


def _in_scope(inputs: Inputs) -> dict[str, bool]:
    """Whether its own value puts a contract in a band that asks, of every contract that policy reaches."""
    editions = edition_by_contract(inputs)
    facts = [
        "contract_ref", "agreement_kind", "regime", "is_school_contract", "start_on", "end_on", _VALUE,
        "service_group",
    ]  # fmt: skip
    found = {}
    for ref, kind, regime, school, start, end, value, group in rows(inputs.frames[keys.CORE_CONTRACT], facts):
        edition = editions.get(ref)
        if edition is None or pd.isna(value) or pd.isna(start) or pd.isna(end):
            continue
        scope = edition.scope
        excluded = _word(kind) in scope.agreement_kinds_without_targets
        excluded |= _word(regime) in scope.regimes_without_targets
        excluded |= bool(pd.notna(school) and school) and not scope.school_contracts_have_targets
        if not excluded:
            found[str(ref)] = _asks(edition, int(value), _word(group))
    return found


def _asks(edition: Policy, pence: int, group: str) -> bool:
    """Whether the band of a value requires measures, once the service group has moved it down."""
    place = edition.bands.codes.index(edition.bands.of(pence).code)
    if group in edition.move_down.service_groups:
        place = max(place - edition.move_down.bands, 0)
    return edition.bands.band[place].mode == "required"


def _word(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""


def _some(what: str, places: Collection[str]) -> str:
    """What is wrong with places: how many there are and the first of them; empty where there are none."""
    if not places:
        return ""
    first = ", ".join(sorted(places)[:_SHOWN])
    return f"{what} {len(places):,}: {first}{', …' if len(places) > _SHOWN else ''}"


def _told(*faults: str) -> Outcome:
    found = "; ".join(fault for fault in faults if fault)
    return of_whole(not found, found)


JUDGES: dict[str, Judge] = {
    "PB-020": spend_is_whole,
    "PB-021": register_is_whole,
    "PB-022": section_70_list_is_whole,
    "PB-023": performance_is_whole,
    "TG-014": targets_are_whole,
    "TG-015": versions_are_whole,
}
