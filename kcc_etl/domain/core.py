"""From rows as they arrived to one truth per thing: the rows that count, and those held out with a reason.

Every function takes whole frames and gives a `Core`: rows in = rows out + rows set aside.
Does not belong here: reading cells (`kcc_etl.intake`), judging tables (`checks`), policy arithmetic.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import pandas as pd

from kcc_etl.domain.accepted_files import ACCEPTED_FILE
from kcc_etl.domain.authority import (
    APPROVED_KINDS,
    approvals_before,
    lowering_unapproved,
    without_authority,
)
from kcc_etl.domain.compliance_approval import COMPLIANCE_APPROVAL
from kcc_etl.domain.decisions import first_of_number
from kcc_etl.domain.duties.decided import DUTY_DONE
from kcc_etl.domain.duties.duty import COUNCIL
from kcc_etl.domain.holding import Core, Fault, split
from kcc_etl.domain.identifiers import KEY_COLUMNS, supplier_key
from kcc_etl.domain.money import pounds_text
from kcc_etl.domain.names import fold_name
from kcc_etl.domain.overrides import APPROVAL
from kcc_etl.domain.percentages import as_percentages, beyond, percentage_codes, planned_beyond
from kcc_etl.domain.repeats import contradicted_lines, repeated_lines
from kcc_etl.domain.return_order import quarters_of, standing
from kcc_etl.domain.return_terms import ReturnTerms
from kcc_etl.domain.reviewed import REVIEWED_TEXT
from kcc_etl.domain.sameness import KINDS as SAMENESS
from kcc_etl.domain.sameness import NAME, Ruling, Settled
from kcc_etl.domain.senders import from_strangers, strangers_found, with_suggestions
from kcc_etl.domain.sign_off import SIGN_OFF
from kcc_etl.domain.waivers import WAIVER
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.frames import conform
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND

_ORDER = ["source_name", "source_file", "source_sheet", "source_row"]
_CLEARED_PAYEE = "clearance"
_OF_ITSELF = [ACCEPTED_FILE, COMPLIANCE_APPROVAL, REVIEWED_TEXT, SIGN_OFF, WAIVER, *SAMENESS]


def build_contracts(raw: pd.DataFrame, columns: pd.DataFrame, identities: pd.DataFrame | None = None) -> Core:
    """The contract register: one row a contract. Rules CR-002, CR-005.

    `identities` say which supplier keys are one supplier.
    """
    raw = _ordered(raw)
    repeated = raw.duplicated("contract_ref", keep="first")
    ends_early = (raw["end_on"] < raw["start_on"]).fillna(False)
    ends = _dates(raw["end_on"]) + ", start " + _dates(raw["start_on"])
    core = split(
        "register",
        raw,
        columns,
        [Fault("CR-005", ends_early, ends), Fault("CR-002", repeated, raw["contract_ref"])],
    )
    keyed = core.rows.assign(supplier_key=assign_supplier_keys(core.rows, core.rows, identities))
    return Core(conform(keyed, CORE_TABLE_OF_KIND["register"]), core.set_aside, core.findings)


def build_payments(
    raw: pd.DataFrame,
    contracts: pd.DataFrame,
    columns: pd.DataFrame,
    as_of: date,
    identities: pd.DataFrame | None = None,
) -> Core:
    """Payments that count, up to the day the figures speak about.

    Rules SP-003, SP-004, SP-007, SP-018; an invoice that is not paid yet is no payment, SP-048.

    Of a line that stands in two files the one whose file name sorts first counts, whichever arrived first.
    Of two contents of one payment number neither counts.
    """
    raw = _ordered(raw)
    off, unpaid = amounts_disagree(raw), raw["paid_on"].isna()
    sums = (
        _pence(raw["amount_ex_vat_pence"])
        + " + "
        + _pence(raw["vat_pence"])
        + " against "
        + _pence(raw["amount_inc_vat_pence"])
    )
    future = (raw["paid_on"] > pd.Timestamp(as_of)).fillna(False).astype(bool)
    first = repeated_lines(raw[~unpaid]).reindex(raw.index)
    repeated = first.notna()
    other = contradicted_lines(raw[~off & ~future & ~unpaid]).reindex(raw.index)
    contradicted = other.notna() & ~repeated
    told = raw["payment_ref"] + ", " + _pence(raw["amount_ex_vat_pence"]) + "; otherwise in " + other
    faults = [
        Fault("SP-003", off, sums),
        Fault("SP-004", repeated, raw["payment_ref"], first, "also stand"),
        Fault("SP-018", contradicted, told, other, "stand otherwise"),
        Fault("SP-007", future, _dates(raw["paid_on"])),
        Fault("SP-048", unpaid, raw["invoice_ref"]),
    ]
    core = split("payments", raw, columns, faults)
    keyed = core.rows.assign(supplier_key=assign_supplier_keys(core.rows, contracts, identities))
    return Core(conform(keyed, CORE_TABLE_OF_KIND["payments"]), core.set_aside, core.findings)


def build_claims(
    raw: pd.DataFrame,
    contracts: pd.DataFrame,
    ledger: pd.DataFrame,
    columns: pd.DataFrame,
    known_measures: Collection[str],
    light_measures: Collection[str] = (),
    identities: pd.DataFrame | None = None,
    added_measures: Mapping[str, Collection[str]] | None = None,
    terms: ReturnTerms | None = None,
    *,
    percentages: Collection[str] = (),
) -> Core:
    """Claims that count, one measure and district of the latest return of a contract and quarter.

    By its `terms` a contract may be asked for one return a year: a year that is stated counts in the quarter
    that closes it.

    A contract without chosen measures may claim any of `known_measures`; every contract may claim
    `light_measures`, the light activity that takes the place of a headcount target that comes to nothing,
    and those of `added_measures`, by contract, that policy asks for although nobody chose them.
    A return for an unknown contract, or from a supplier that is not the contract's, replaces none. Rules
    RT-001, RT-004, RT-010, RT-011, RT-017, RT-022, RT-025, RT-026, RT-040.
    """
    raw = _ordered(raw)
    chosen = dict(zip(contracts["contract_ref"], contracts["sv_measures"], strict=True))
    added = added_measures or {}
    unknown = ~raw["contract_ref"].isin(contracts["contract_ref"])
    off_contract = pd.Series(
        [
            not unknown_ref
            and isinstance(code, str)
            and code
            not in (*_measures(chosen.get(ref), known_measures), *light_measures, *added.get(ref, ()))
            for ref, code, unknown_ref in zip(raw["contract_ref"], raw["measure_code"], unknown, strict=True)
        ],
        index=raw.index,
        dtype=bool,
    )
    nil_with_lines = raw["is_nil"].fillna(False).astype(bool) & raw["measure_code"].notna()
    strange = from_strangers(raw, contracts, identities)
    quarters = quarters_of(raw, terms)
    misstated = quarters.fault.notna() & ~unknown
    mine = ~strange & ~unknown & ~misstated
    stands = standing(raw[mine], quarters.counted[mine], ledger)
    superseded = stands.replaced.reindex(raw.index, fill_value=False)
    same = ["contract_ref", "period", "measure_code", "district"]
    repeated = raw[~superseded & ~strange].duplicated(same, keep="first").reindex(raw.index, fill_value=False)
    faults = [
        Fault("RT-017", superseded, raw["contract_ref"] + " " + raw["period"]),
        Fault("RT-001", unknown, with_suggestions(raw, unknown, contracts)),
        Fault("RT-022", strange, strangers_found(raw, contracts)),
        Fault("RT-025", misstated, quarters.fault),
        Fault(
            "RT-026",
            stands.told_twice.reindex(raw.index, fill_value=False),
            raw["period"] + ", after the return of " + raw["period"].str[:7],
        ),
        Fault("RT-004", off_contract, raw["measure_code"]),
        Fault("RT-010", nil_with_lines, raw["measure_code"]),
        Fault("RT-040", beyond(raw, "claimed", percentages), as_percentages(raw["claimed"])),
        Fault(
            "RT-011", repeated & raw["measure_code"].notna(), raw["measure_code"] + " in " + raw["district"]
        ),
    ]
    # What is set aside shows the period as it arrived, so the two change places only in what counts.
    core = split("returns", raw.assign(stated_period=quarters.counted), columns, faults)
    rows = core.rows.assign(period=core.rows["stated_period"], stated_period=core.rows["period"])
    return Core(rows, core.set_aside, core.findings)


def build_decisions(
    raw: pd.DataFrame,
    contracts: pd.DataFrame,
    payments: pd.DataFrame,
    columns: pd.DataFrame,
    ruling: Ruling | None = None,
    *,
    parameters: Parameters,
    as_of: date,
) -> Core:
    """Officers' decisions, one row a decision; `ruling` says what came of those on suppliers.

    One without authority is held out, be it for good or until it is approved, by the day spoken about.
    Rules DC-003, DC-005, DC-008, DC-031, DC-032, DC-033, DC-035.
    """
    raw = _ordered(raw)
    clears = raw["decision_kind"] == _CLEARED_PAYEE
    known = (
        raw["subject"]
        .isin(contracts["contract_ref"])
        .where(~clears, raw["subject"].isin(payments["supplier_ledger_id"].dropna()))
    )
    repeated = raw.duplicated("decision_id", keep="first")
    approved = raw.loc[raw["decision_kind"].isin(APPROVED_KINDS), "decision_id"]
    known = known.where(raw["decision_kind"] != APPROVAL, raw["subject"].isin(approved))
    of_itself = raw["decision_kind"].isin(_OF_ITSELF)
    of_itself |= (raw["decision_kind"] == DUTY_DONE) & (raw["subject"] == COUNCIL)
    settled = raw["decision_kind"].isin(SAMENESS)
    percentages = percentage_codes(parameters.measures)
    faults = [
        Fault("DC-003", ~(known.astype(bool) | of_itself), raw["subject"]),
        *(_ruled_out(rule_id, raw, settled, ruling) for rule_id in ("DC-003", "DC-008")),
        Fault("DC-005", repeated, raw["decision_id"]),
        Fault("DC-035", planned_beyond(raw, percentages), as_percentages(raw["quantity"])),
        *_without_authority(raw, contracts, parameters, as_of),
    ]
    return split("decisions", raw, columns, faults)


def amounts_disagree(raw: pd.DataFrame) -> pd.Series:
    """Whether net amount and VAT of each line do not add up to its gross amount. Rule SP-003."""
    off = raw["amount_ex_vat_pence"] + raw["vat_pence"] != raw["amount_inc_vat_pence"]
    return off.fillna(False).astype(bool)


def _without_authority(
    raw: pd.DataFrame, contracts: pd.DataFrame, parameters: Parameters, as_of: date
) -> Iterator[Fault]:
    """Decisions by a role that may not, approvals that came too early, and changes that nobody approved."""
    first = first_of_number(raw)
    barred, early = without_authority(raw, parameters.authority), approvals_before(first).reindex(raw.index)
    early = early.fillna(False).astype(bool)
    yield Fault("DC-031", barred, raw["decision_kind"] + " by " + raw["role"])
    yield Fault("DC-033", early, _dates(raw["decided_on"]) + ", before " + raw["subject"])
    counting = first[~barred.reindex(first.index) & ~early.reindex(first.index)]
    found = lowering_unapproved(counting, contracts, parameters, as_of)
    yield Fault("DC-032", raw["decision_id"].isin(list(found)), raw["decision_id"].map(found))


def _ruled_out(rule_id: str, raw: pd.DataFrame, settled: pd.Series, ruling: Ruling | None) -> Fault:
    """Decisions on suppliers that break a rule, with what was found."""
    faults = {} if ruling is None else ruling.faults
    told = {number: found for number, (broken, found) in faults.items() if broken == rule_id}
    return Fault(rule_id, settled & raw["decision_id"].isin(told), raw["decision_id"].map(told))


def assign_supplier_keys(
    rows: pd.DataFrame, register: pd.DataFrame, identities: pd.DataFrame | None = None
) -> pd.Series:
    """Supplier key of each row: its own, as identifiers and decisions settle it, else that of its name.

    Of a row without identifier and decision it is that of the one register supplier of its name. `register`
    gives the names and identifiers that are trusted; a name that two identified suppliers share settles
    nothing, nor does one that an officer has decided to be another's: the row keeps its folded name.
    """
    settled = Settled(identities)
    identified: dict[str, set[str]] = {}
    for name, own in zip(register["supplier_name"], _own_keys(register), strict=True):
        key = settled.key(own, _text(name))
        if isinstance(name, str) and not key.startswith(NAME):
            identified.setdefault(fold_name(name), set()).add(key)
    keys = []
    for name, own in zip(rows["supplier_name"], _own_keys(rows), strict=True):
        key = settled.key(own, _text(name))
        unidentified = isinstance(name, str) and key.startswith(NAME)
        candidates = identified.get(fold_name(name), set()) - settled.apart(own) if unidentified else set()
        keys.append(next(iter(candidates)) if len(candidates) == 1 else key)
    return pd.Series(keys, index=rows.index, dtype="str")


def _own_keys(rows: pd.DataFrame) -> list[str]:
    there = [rows[name] if name in rows else [None] * len(rows) for name in KEY_COLUMNS]
    return [supplier_key(*map(_text, values)) for values in zip(*there, strict=True)]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def returns_held(
    raw: pd.DataFrame, claims: pd.DataFrame, receipts: pd.DataFrame, ledger: pd.DataFrame
) -> pd.DataFrame:
    """Returns (contract_ref, period, received_on) that came and of which no line counts: none is missing.

    Those that intake held back, as lines or whole, are known by their receipts. A return that names no
    contract or no period belongs to nobody's account, and one that says nothing at all did not come. The
    period is the one stated, the day that of the last arrival; a return of a quarter whose year is counted is
    part of that.
    """
    same = ["contract_ref", "period"]
    of_returns = receipts[(receipts["kind"] == "returns") & (receipts["fate"] != "excluded")]
    saying = of_returns[(of_returns["fate"] != "accepted") | (of_returns["rows_arrived"] > 0)]
    landed = ledger.groupby("source_sha256")["landed_on"].max().to_dict()
    of_files = [landed.get(sha256) for sha256 in saying["source_sha256"]]
    days = [raw["received_on"], pd.Series(of_files, index=saying.index, dtype="datetime64[us]")]
    parts = [
        part[same].assign(received_on=day).dropna(subset=same)
        for part, day in zip((raw, saying), days, strict=True)
    ]
    came = pd.concat(parts).sort_values([*same, "received_on"], na_position="first", kind="stable")
    came = came.drop_duplicates(same, keep="last", ignore_index=True)
    counted = {*_pairs(claims, "period"), *_pairs(claims, "stated_period")}
    is_counted = [
        (ref, period) in counted or (ref, period[:7]) in counted
        for ref, period, _ in came.itertuples(index=False, name=None)
    ]
    return came[~pd.Series(is_counted, index=came.index, dtype=bool)].reset_index(drop=True)


def _pairs(claims: pd.DataFrame, period: str) -> set[tuple[str, str]]:
    return set(zip(claims["contract_ref"], claims[period], strict=True))


def _measures(chosen: object, known: Collection[str]) -> Collection[str]:
    return [code.strip() for code in chosen.split("|")] if isinstance(chosen, str) else known


def _ordered(raw: pd.DataFrame) -> pd.DataFrame:
    return raw.sort_values(_ORDER, kind="stable", ignore_index=True)


def _dates(values: pd.Series) -> pd.Series:
    texts: pd.Series = values.dt.strftime("%Y-%m-%d").fillna("no date").astype("str")
    return texts


def _pence(values: pd.Series) -> pd.Series:
    return pd.Series(["nothing" if pd.isna(v) else pounds_text(int(v)) for v in values], index=values.index)
