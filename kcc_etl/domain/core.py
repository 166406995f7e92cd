"""From rows as they arrived to one truth per thing: the rows that count, and those held out with a reason.

Every function takes whole frames and gives a `Core`: rows in = rows out + rows set aside.
Does not belong here: reading cells (`kcc_etl.intake`), judging tables (`checks`), policy arithmetic.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from kcc_etl.domain.holding import Core, Fault, split
from kcc_etl.domain.identifiers import fold_name, supplier_key
from kcc_etl.domain.money import pounds_text
from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.repeats import contradicted_lines, in_order_of_landing, repeated_lines
from kcc_etl.schema.frames import conform, empty, from_rows
from kcc_etl.schema.return_form import CONTRACT_REF_ROW, LABELS, PERIOD_ROW
from kcc_etl.schema.tables import CORE_TABLE_OF_KIND

_ORDER = ["source_name", "source_file", "source_sheet", "source_row"]
_CLEARED_PAYEE = "clearance"


def build_contracts(raw: pd.DataFrame, columns: pd.DataFrame) -> Core:
    """The contract register: one row a contract. Rules CR-002, CR-005."""
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
    keyed = core.rows.assign(supplier_key=assign_supplier_keys(core.rows, core.rows))
    return Core(conform(keyed, CORE_TABLE_OF_KIND["register"]), core.set_aside, core.findings)


def build_payments(
    raw: pd.DataFrame,
    contracts: pd.DataFrame,
    columns: pd.DataFrame,
    as_of: date,
    ledger: pd.DataFrame | None = None,
) -> Core:
    """Payments that count, up to the day the figures speak about. Rules SP-003, SP-004, SP-007, SP-018.

    Of a line that stands in two files the one that landed first counts; without the `ledger` of landed files,
    the one whose file name sorts first. Of two contents of one payment number neither counts.
    """
    raw = _ordered(raw)
    off = (
        (raw["amount_ex_vat_pence"] + raw["vat_pence"] != raw["amount_inc_vat_pence"])
        .fillna(False)
        .astype(bool)
    )
    sums = (
        _pence(raw["amount_ex_vat_pence"])
        + " + "
        + _pence(raw["vat_pence"])
        + " against "
        + _pence(raw["amount_inc_vat_pence"])
    )
    future = (raw["paid_on"] > pd.Timestamp(as_of)).fillna(False).astype(bool)
    first = repeated_lines(in_order_of_landing(raw, ledger)).reindex(raw.index)
    repeated = first.notna()
    other = contradicted_lines(raw[~off & ~future]).reindex(raw.index)
    contradicted = other.notna() & ~repeated
    told = raw["payment_ref"] + ", " + _pence(raw["amount_ex_vat_pence"]) + "; otherwise in " + other
    faults = [
        Fault("SP-003", off, sums),
        Fault("SP-004", repeated, raw["payment_ref"], first, "also stand"),
        Fault("SP-018", contradicted, told, other, "stand otherwise"),
        Fault("SP-007", future, _dates(raw["paid_on"])),
    ]
    core = split("payments", raw, columns, faults)
    keyed = core.rows.assign(supplier_key=assign_supplier_keys(core.rows, contracts))
    return Core(conform(keyed, CORE_TABLE_OF_KIND["payments"]), core.set_aside, core.findings)


def build_claims(
    raw: pd.DataFrame,
    contracts: pd.DataFrame,
    ledger: pd.DataFrame,
    columns: pd.DataFrame,
    known_measures: Collection[str],
    light_measures: Collection[str] = (),
) -> Core:
    """Claims that count, one measure and district of the latest return of a contract and quarter.

    A contract without chosen measures may claim any of `known_measures`; every contract may claim
    `light_measures`, the light activity that takes the place of a headcount target that comes to nothing.
    Rules RT-001, RT-004, RT-010, RT-011, RT-017.
    """
    raw = _ordered(raw)
    chosen = dict(zip(contracts["contract_ref"], contracts["sv_measures"], strict=True))
    unknown = ~raw["contract_ref"].isin(contracts["contract_ref"])
    off_contract = pd.Series(
        [
            not unknown_ref
            and isinstance(code, str)
            and code not in (*_measures(chosen.get(ref), known_measures), *light_measures)
            for ref, code, unknown_ref in zip(raw["contract_ref"], raw["measure_code"], unknown, strict=True)
        ],
        index=raw.index,
        dtype=bool,
    )
    nil_with_lines = raw["is_nil"].fillna(False).astype(bool) & raw["measure_code"].notna()
    superseded = _superseded(raw, ledger)
    same = ["contract_ref", "period", "measure_code", "district"]
    repeated = raw[~superseded].duplicated(same, keep="first").reindex(raw.index, fill_value=False)
    faults = [
        Fault("RT-017", superseded, raw["contract_ref"] + " " + raw["period"]),
        Fault("RT-001", unknown, raw["contract_ref"]),
        Fault("RT-004", off_contract, raw["measure_code"]),
        Fault("RT-010", nil_with_lines, raw["measure_code"]),
        Fault(
            "RT-011", repeated & raw["measure_code"].notna(), raw["measure_code"] + " in " + raw["district"]
        ),
    ]
    return split("returns", raw, columns, faults)


def build_decisions(
    raw: pd.DataFrame, contracts: pd.DataFrame, payments: pd.DataFrame, columns: pd.DataFrame
) -> Core:
    """Officers' decisions, one row a decision. Rules DC-003, DC-005."""
    raw = _ordered(raw)
    clears = raw["decision_kind"] == _CLEARED_PAYEE
    known = (
        raw["subject"]
        .isin(contracts["contract_ref"])
        .where(~clears, raw["subject"].isin(payments["supplier_ledger_id"].dropna()))
    )
    repeated = raw.duplicated("decision_id", keep="first")
    faults = [
        Fault("DC-003", ~known.astype(bool), raw["subject"]),
        Fault("DC-005", repeated, raw["decision_id"]),
    ]
    return split("decisions", raw, columns, faults)


def build_notices(raw: pd.DataFrame, columns: pd.DataFrame) -> Core:
    """Contracts in public notices: one row a contract of a release, values as published. Rule NT-002.

    A release without contracts keeps one row. Awards with the same id stay apart.
    """
    raw = _ordered(raw)
    repeated = raw.duplicated("release_id", keep="first")
    core = split("notices", raw, columns, [Fault("NT-002", repeated, raw["release_id"])], conformed=False)
    rows: list[dict[str, object]] = []
    for release in core.rows.to_dict("records"):
        contracts = (
            json.loads(str(release["contracts_json"])) if isinstance(release["contracts_json"], str) else []
        )
        for contract in contracts or [{}]:
            rows.append(_notice_row({str(k): v for k, v in release.items()}, contract))
    table = CORE_TABLE_OF_KIND["notices"]
    return Core(from_rows(rows, table) if rows else empty(table), core.set_aside, core.findings)


def _notice_row(release: Mapping[str, object], contract: Mapping[str, object]) -> dict[str, object]:
    suppliers = contract.get("suppliers")
    listed = suppliers if isinstance(suppliers, list) else []
    return {
        **release,
        **{name: value for name, value in contract.items() if name not in {"id", "suppliers"}},
        "contract_id": contract.get("id"),
        "supplier_name": "; ".join(str(s["name"]) for s in listed if s.get("name")) or None,
        "supplier_ppon": "; ".join(str(s["ppon"]) for s in listed if s.get("ppon")) or None,
    }


def assign_supplier_keys(rows: pd.DataFrame, register: pd.DataFrame) -> pd.Series:
    """Supplier key of each row: its own identifier, else that of the one register supplier of its name.

    `register` gives the names and identifiers that are trusted; a name that two identified suppliers share
    settles nothing, and the row keeps its folded name.
    """
    identified: dict[str, set[str]] = {}
    for name, key in zip(register["supplier_name"], _own_keys(register), strict=True):
        if isinstance(name, str) and not key.startswith("name:"):
            identified.setdefault(fold_name(name), set()).add(key)
    keys = []
    for name, key in zip(rows["supplier_name"], _own_keys(rows), strict=True):
        candidates = identified.get(fold_name(name), set()) if isinstance(name, str) else set()
        keys.append(next(iter(candidates)) if key.startswith("name:") and len(candidates) == 1 else key)
    return pd.Series(keys, index=rows.index, dtype="str")


def _own_keys(rows: pd.DataFrame) -> list[str]:
    ppons = rows["supplier_ppon"] if "supplier_ppon" in rows else pd.Series([None] * len(rows), dtype=object)
    numbers = [rows["supplier_company_number"], rows["supplier_charity_number"], ppons, rows["supplier_name"]]
    return [
        supplier_key(*(value if isinstance(value, str) else None for value in values))
        for values in zip(*numbers, strict=True)
    ]


def returns_held(raw: pd.DataFrame, claims: pd.DataFrame, set_aside: pd.DataFrame) -> pd.DataFrame:
    """Returns (contract_ref, period) that came and of which no line counts: they are not missing.

    Those of lines that intake set aside are read from the answers that arrived above the lines; a workbook
    refused whole, and a return that names no contract or no quarter, belongs to nobody's account.
    """
    same = ["contract_ref", "period"]
    of_intake = set_aside[(set_aside["kind"] == "returns") & (set_aside["stage"] == "intake")]
    named = {pair for pair in map(_return_named, of_intake["row_json"]) if pair is not None}
    parts = [raw[same].dropna(), pd.DataFrame(sorted(named), columns=same, dtype="str")]
    came = pd.concat(parts, ignore_index=True).drop_duplicates()
    counted = pd.MultiIndex.from_frame(claims[same])
    return came[~pd.MultiIndex.from_frame(came).isin(counted)].sort_values(same, ignore_index=True)


def _return_named(row_json: str) -> tuple[str, str] | None:
    """Contract and quarter that the answers above a return's line name; None when either is unreadable."""
    cells = json.loads(row_json)
    reference = str(cells.get(LABELS[CONTRACT_REF_ROW]) or "").strip()
    try:
        period = parse_period(str(cells.get(LABELS[PERIOD_ROW]) or ""))
    except ValueError:
        return None
    return (reference, period.id) if reference and period.kind == "quarter" else None


def _superseded(raw: pd.DataFrame, ledger: pd.DataFrame) -> pd.Series:
    """Lines of a return that a later file of the same contract and quarter replaces, by order of landing."""
    same = ["source_sha256", "source_name", "source_file"]
    # A file put back under its name after another stands in the ledger twice; its last arrival counts.
    last = ledger.groupby(same, as_index=False)["sequence"].max()
    landed = raw[same].merge(last, on=same, how="left")["sequence"]
    landed.index = raw.index
    latest = landed.groupby([raw["contract_ref"], raw["period"]]).transform("max")
    return (landed < latest).fillna(False).astype(bool)


def _measures(chosen: object, known: Collection[str]) -> Collection[str]:
    return [code.strip() for code in chosen.split("|")] if isinstance(chosen, str) else known


def _ordered(raw: pd.DataFrame) -> pd.DataFrame:
    return raw.sort_values(_ORDER, kind="stable", ignore_index=True)


def _dates(values: pd.Series) -> pd.Series:
    texts: pd.Series = values.dt.strftime("%Y-%m-%d").fillna("no date").astype("str")
    return texts


def _pence(values: pd.Series) -> pd.Series:
    return pd.Series(["nothing" if pd.isna(v) else pounds_text(int(v)) for v in values], index=values.index)
