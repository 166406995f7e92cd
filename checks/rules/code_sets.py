"""Whether the further sets of the Transparency Code and the shares of spend hold what their inputs call for.

Worked out anew and not by what selected them. Does not belong here: who may be named (`publications`), spend,
register and section 70 (`wholeness`), the selections themselves (`kcc_etl.domain`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction

import pandas as pd

from checks.rules.expenditure import expenditure_of
from checks.rules.outcome import Inputs, Judge, Outcome, judged, of_whole, rows
from checks.rules.wholeness import compared
from kcc_etl import asset_keys as keys
from kcc_etl.domain.periods import Period, parse_period
from kcc_etl.domain.redaction import words_of
from kcc_etl.parameters.redaction import People

_LINE = ["source_sha256", "source_file", "source_row"]
_NET = "amount_ex_vat_pence"
_ANSWERS = {"SME by the Act": "sme_pa23", "SME by the Code": "sme_code", "VCSE": "vcse", "Kent": "in_kent"}
_SHARES = ["share_category", "spend_pence", "spend_with_pence", "spend_without_pence", "spend_unknown_pence",
           "share_at_least", "share_at_most"]  # fmt: skip
_ASKED_OF_TENDER = ("contract_title", "contract_description", "start_on", "end_on", "department")


def card_file_is_whole(inputs: Inputs) -> Outcome:
    """PB-040: the card file has every procurement card transaction of its period, and their sum to the penny.

    One verdict; the transactions over the floor are the card lines of the spend file. Source: Transparency
    Code 2015; LGA guidance v1.3.
    """
    whole = compared(inputs, keys.OUT_CARD, lambda period: _gpc(inputs, period), [*_LINE, _NET], _TOLD)
    if not whole.ok.fillna(False).all():
        return whole
    spend, card = inputs.frames[keys.OUT_SPEND], inputs.frames[keys.OUT_CARD]
    floor = inputs.parameters.statutory.transparency_code.spend_above_pence
    over = card[(card[_NET] + card["irrecoverable_vat_pence"].fillna(0)).abs() > floor]
    told = spend[(spend["card_transaction"] == "GPC").fillna(False).astype(bool)]
    here, there = sorted(rows(over, [*_LINE, _NET])), sorted(rows(told, [*_LINE, _NET]))
    found = f"{len(here):,} card transactions over the floor here, {len(there):,} in the spend file"
    return of_whole(here == there, found)


def grants_file_is_whole(inputs: Inputs) -> Outcome:
    """PB-042: the grants file has every grant since 1 April, and their sum to the penny; one verdict.

    Source: Transparency Code 2015; LGA guidance v1.3.
    """

    def due(period: Period) -> pd.DataFrame:
        april = date(int(period.id[:4]), 4, 1)
        lines = expenditure_of(inputs, april, period.end)
        return lines[lines["is_vcse_grant"].isin([True]).astype(bool)]

    return compared(inputs, keys.OUT_GRANT, due, [*_LINE, _NET], _TOLD)


def tenders_file_is_whole(inputs: Inputs) -> Outcome:
    """PB-044: the file of tenders has every procurement whose invitation came out in its period.

    One verdict; one row each, of those not shown to be worth the floor or less.
    Source: Transparency Code 2015; LGA guidance v1.3.
    """
    there = inputs.frames[keys.OUT_TENDER]
    period = inputs.periods.get(keys.OUT_TENDER) or next(iter(there["period"].dropna()), "")
    if not period:
        return of_whole(None if there.empty else False, "no row names its quarter", "no quarter is booked")
    held, wanted = sorted(_places(there)), sorted(_invited(inputs, parse_period(period)))
    found = f"{len(held):,} invitations in the file, {len(wanted):,} in notices and register"
    if len(held) == len(wanted) and held != wanted:
        found += ", but not the same ones"
    strays = int((there["period"] != period).fillna(True).sum())
    return of_whole(held == wanted and not strays, found + (f"; {strays:,} of another period" * bool(strays)))


def tender_says_what_is_asked(inputs: Inputs) -> Outcome:
    """PB-045: an invitation says what is bought, from when to when, and for which department.

    One outcome a row. Source: Transparency Code 2015.
    """
    tenders = inputs.frames[keys.OUT_TENDER]
    missing = tenders[list(_ASKED_OF_TENDER)].isna()
    field = missing.idxmax(axis=1) if len(missing) else pd.Series(dtype=object)
    everywhere = pd.Series(True, index=tenders.index)
    subject = tenders["contract_ref"].astype(object)
    return Outcome(judged(~missing.any(axis=1), everywhere), field=field, subject=subject)


def shares_add_up(inputs: Inputs) -> Outcome:
    """PB-046: each share of spend is that of the ledgers, and its parts add up to all spend that counts.

    One verdict, to the penny; the finding names the categories at fault. Source: the published method.
    """
    shares = inputs.frames[keys.OUT_SHARE]
    period = inputs.periods.get(keys.OUT_SHARE) or next(iter(shares["period"].dropna()), "")
    if not period:
        return of_whole(None if shares.empty else False, "no row names its quarter", "no quarter is booked")
    paid = _paid_by_supplier(inputs, parse_period(period))
    suppliers = inputs.frames[keys.CORE_SUPPLIER]
    told = {name: tuple(map(_exact, parts)) for name, *parts in rows(shares, _SHARES)}
    wanted = {
        name: (sum(paid.values()), *_parts(paid, dict(rows(suppliers, ["supplier_key", column]))))
        for name, column in _ANSWERS.items()
    }
    wrong = [str(name) for name in dict.fromkeys([*wanted, *told]) if told.get(name) != wanted.get(name)]
    strays = bool((shares["period"] != period).fillna(True).any()) or len(shares) != len(told)
    return of_whole(not wrong and not strays, f"not those of the ledgers: {', '.join(wrong) or period}")


_TOLD = ("payments", "ledgers")


def _gpc(inputs: Inputs, period: Period) -> pd.DataFrame:
    lines = expenditure_of(inputs, period.start, period.end)
    return lines[lines["card_transaction"].isin(["GPC"]).astype(bool)]


def _places(frame: pd.DataFrame) -> list[tuple[str, int]]:
    return [(str(file), int(row)) for file, row in rows(frame, ["source_sha256", "source_row"])]


def _invited(inputs: Inputs, period: Period) -> list[tuple[str, int]]:
    """Where each invitation of a period stands: its latest notice, or the row of the register."""
    floor = inputs.parameters.statutory.transparency_code.contract_above_pence
    stated = ["source_sha256", "source_row", "value_ex_vat_pence", "value_inc_vat_pence"]
    columns = ["ocid", "published_on", "release_id", "notice_type", "release_tags", *stated]
    told = defaultdict(list)
    for ocid, day, release, kind, tags, *rest in rows(inputs.frames[keys.CORE_NOTICE], columns):
        older = pd.isna(kind) and {"tender", "tenderUpdate"} & set(str(tags).split("|"))
        if (kind == "UK4" or older) and pd.notna(day):
            told[ocid].append((day.date(), str(release), rest))
    found = []
    for notices in told.values():
        if min(notices)[0] >= period.start and (known := [one for one in notices if one[0] <= period.end]):
            found.append(max(known, key=lambda one: one[:2])[2])
    columns = ["ocid", "procurement_commenced_on", "process_type", "is_school_contract", *stated]
    for ocid, day, process, school, *rest in rows(inputs.frames[keys.CORE_CONTRACT], columns):
        inside = pd.notna(day) and period.start <= day.date() <= period.end
        own = process == "Published invitation to tender" and not (pd.notna(school) and school)
        if inside and own and ocid not in told:
            found.append(rest)
    return [(str(file), int(row)) for file, row, net, gross in found if not _within(floor, net, gross)]


def _within(floor: int, net: object, gross: object) -> bool:
    """Whether a value is stated and not over the floor."""
    stated = [int(str(value)) for value in (net, gross) if pd.notna(value) and int(str(value)) > 0]  # type: ignore[call-overload]  # one cell
    return bool(stated) and stated[0] <= floor


def _paid_by_supplier(inputs: Inputs, period: Period) -> Mapping[object, int]:
    """Direct spend of a period by supplier, line by line."""
    lines = expenditure_of(inputs, period.start, period.end)
    people = inputs.parameters.redaction.people
    private = {
        told for told in set(rows(lines, ["purpose", "ledger_code"])) if _is_about_people(people, *told)
    }
    columns = ["supplier_key", _NET, "irrecoverable_vat_pence", "is_vcse_grant", "payee_kind"]
    told_of = rows(lines, [*columns, "purpose", "ledger_code"])
    found: dict[object, int] = defaultdict(int)
    for key, net, vat, grant, kind, *told in told_of:
        person = (pd.notna(kind) and kind != "organisation") or tuple(told) in private
        if not person and not (pd.notna(grant) and grant) and pd.notna(net):
            found[key if pd.notna(key) else None] += int(net) + (0 if pd.isna(vat) else int(vat))
    return found


def _is_about_people(people: People, purpose: object, code: object) -> bool:
    text = words_of(purpose)
    by_words = any(words_of(word) in text for word in people.purposes)
    patterns = [pattern.strip().casefold() for pattern in people.ledger_codes]
    return by_words or (
        isinstance(code, str) and any(fnmatchcase(code.strip().casefold(), p) for p in patterns)
    )


def _parts(paid: Mapping[object, int], answers: Mapping[object, object]) -> tuple[object, ...]:
    """Pence with, without and unknown, and both bounds."""
    with_them = sum(pence for key, pence in paid.items() if answers.get(key) == "yes")
    without = sum(pence for key, pence in paid.items() if answers.get(key) == "no")
    unknown = [pence for key, pence in paid.items() if answers.get(key) not in ("yes", "no")]
    total = sum(paid.values())
    bounds = [with_them + sum(p for p in unknown if p * sign > 0) for sign in (-1, 1)]
    shares = [Fraction(bound, total) if total > 0 else None for bound in bounds]
    return with_them, without, sum(unknown), *shares


def _exact(value: object) -> object:
    if isinstance(value, Fraction):
        return value
    return None if pd.isna(value) else int(str(value))  # type: ignore[call-overload]  # one cell


JUDGES: dict[str, Judge] = {
    "PB-040": card_file_is_whole,
    "PB-042": grants_file_is_whole,
    "PB-044": tenders_file_is_whole,
    "PB-045": tender_says_what_is_asked,
    "PB-046": shares_add_up,
}
