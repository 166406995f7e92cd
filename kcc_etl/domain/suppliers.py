"""Who each supplier is: names, numbers, size by both definitions, place, and what it has with the council.

Does not belong here: which keys are one supplier (`sameness`), who may be named in print (`redaction`).
Unknown stays unknown: nothing is concluded from silence, nor where sources contradict one another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.places import NO, UNKNOWN, YES, Whereabouts, whereabouts
from kcc_etl.domain.redaction import called_individuals, tells_apart
from kcc_etl.domain.sameness import Pair, Settled
from kcc_etl.domain.sizes import smallness, stated_size
from kcc_etl.parameters.model import Parameters
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import LOCATOR

REGISTER, NOTICES, PAYMENTS = "register", "notices", "payments"
_SOURCES = (REGISTER, NOTICES, PAYMENTS)
_NUMBER_OF_SCHEME = {
    "GB-COH": "supplier_company_number",
    "GB-CHC": "supplier_charity_number",
    "GB-SC": "supplier_charity_number",
    "GB-NIC": "supplier_charity_number",
    "GB-MPR": "supplier_mutual_number",
    "GB-PPON": "supplier_ppon",
}
_SEEN = [*LOCATOR, "supplier_key", "supplier_name", "supplier_postcode", "size", "supplier_is_vcse"]
# Notices under the Act state the scale in its terms; earlier shapes by the European definition of 2003.
_OF_THE_ACT = r"^UK[0-9]+$"


@dataclass
class _Supplier:
    """What the sources say of one supplier, gathered."""

    names: dict[str, Counter[str]] = field(default_factory=lambda: {source: Counter() for source in _SOURCES})
    places: dict[str, dict[str, object]] = field(default_factory=dict)
    postcodes: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    vcse: set[bool] = field(default_factory=set)

    def see(self, source: str, row: Mapping[str, object]) -> None:
        """Take in one mention."""
        name = str(row["supplier_name"])
        self.names[source][name] += 1
        self.places.setdefault(f"{source} {name}", {place: row[place] for place in LOCATOR})
        if isinstance(row["supplier_postcode"], str):
            self.postcodes.add(row["supplier_postcode"])
        if isinstance(row["size"], str) and row["size"].strip().casefold() != UNKNOWN:
            self.sizes.add(row["size"].strip().casefold())
        if isinstance(row["supplier_is_vcse"], bool):
            self.vcse.add(row["supplier_is_vcse"])

    @property
    def best(self) -> tuple[str, str]:
        """The source and the name it is known by: the register's first, then the notices'; the commonest."""
        source = next(source for source in _SOURCES if self.names[source])
        return source, min(self.names[source], key=lambda name: (-self.names[source][name], name))


def build_suppliers(
    contracts: pd.DataFrame,
    payments: pd.DataFrame,
    notice_suppliers: pd.DataFrame,
    identities: pd.DataFrame,
    parameters: Parameters,
) -> pd.DataFrame:
    """Every supplier of the register, the notices and the ledgers, one row a supplier; pence ex VAT.

    Payees whose name is redacted or no name, and those that the ledger calls individuals, are left out.
    """
    gathered = _gathered(_seen(contracts, payments, notice_suppliers, Settled(identities)))
    if not gathered:
        return empty(keys.CORE_SUPPLIER)
    numbers, conflicts = _numbers(identities)
    sums = {
        "contracts_count": contracts.groupby("supplier_key").size(),
        "contracts_pence": contracts.groupby("supplier_key")["value_ex_vat_pence"].sum(),
        "payments_pence": payments.groupby("supplier_key")["amount_ex_vat_pence"].sum(),
    }
    totals = {name: {str(key): int(total) for key, total in sum_.items()} for name, sum_ in sums.items()}
    rows: list[dict[str, object]] = [
        {
            "supplier_key": key,
            **_told(supplier, parameters),
            **numbers.get(key, {}),
            **{name: total.get(key, 0) for name, total in totals.items()},
            "identifier_conflict": conflicts.get(key),
        }
        for key, supplier in sorted(gathered.items())
    ]
    return from_rows(rows, keys.CORE_SUPPLIER)


def pairs_apart(identities: pd.DataFrame) -> frozenset[Pair]:
    """Pairs of supplier keys that an officer has decided to be different."""
    told = identities[["supplier_key", "apart_from"]].dropna().itertuples(index=False, name=None)
    return frozenset(frozenset({key, other}) for key, others in told for other in str(others).split("|"))


def _seen(
    contracts: pd.DataFrame, payments: pd.DataFrame, notices: pd.DataFrame, settled: Settled
) -> list[tuple[str, pd.DataFrame]]:
    """What each source says of its suppliers, each saying once for the place where it first stands."""
    of_the_act = notices["notice_type"].str.match(_OF_THE_ACT).fillna(False).astype(bool)
    told = zip(notices["supplier_key"], notices["supplier_name"], strict=True)
    counting = [_counting(key, name, settled) for key, name in told]
    keyed = pd.Series(counting, index=notices.index, dtype=object)
    organisations = payments[~called_individuals(payments)]
    frames = (
        (REGISTER, contracts.assign(size=contracts["supplier_size"])),
        (NOTICES, notices.assign(size=notices["supplier_scale"].where(of_the_act, None), supplier_key=keyed)),
        (PAYMENTS, organisations.assign(size=None, supplier_postcode=None, supplier_is_vcse=None)),
    )
    saying = _SEEN[len(LOCATOR) :]
    return [(source, frame[_SEEN].drop_duplicates(saying)) for source, frame in frames]


def _counting(key: object, name: object, settled: Settled) -> str | None:
    return settled.key(key, name if isinstance(name, str) else None) if isinstance(key, str) else None


def _gathered(seen: Iterable[tuple[str, pd.DataFrame]]) -> dict[str, _Supplier]:
    found: dict[str, _Supplier] = {}
    for source, frame in seen:
        plain = frame.astype(object).where(frame.notna(), None)
        for values in plain.itertuples(index=False, name=None):
            row = dict(zip(_SEEN, values, strict=True))
            if row["supplier_key"] and tells_apart(row["supplier_name"]):
                found.setdefault(str(row["supplier_key"]), _Supplier()).see(source, row)
    return found


def _told(supplier: _Supplier, parameters: Parameters) -> dict[str, object]:
    source, name = supplier.best
    size = smallness(stated_size(supplier.sizes), parameters.statutory)
    place = _one_place(whereabouts(postcode, parameters.outcodes) for postcode in sorted(supplier.postcodes))
    said = {True: YES, False: NO}
    return {
        **supplier.places[f"{source} {name}"],
        "supplier_name": name,
        "supplier_names": "|".join(sorted(set().union(*supplier.names.values()))),
        "seen_in": "|".join(source for source in _SOURCES if supplier.names[source]),
        "sizes_stated": "|".join(sorted(supplier.sizes)) or None,
        "sme_pa23": size.by_act,
        "sme_code": size.by_code,
        "vcse": said[next(iter(supplier.vcse))] if len(supplier.vcse) == 1 else UNKNOWN,
        "in_kent": place.in_kent,
        "outcode": place.outcode,
        "supplier_district": place.district,
    }


def _one_place(places: Iterable[Whereabouts]) -> Whereabouts:
    """What all postcodes agree on: of a supplier with several addresses an answer stands if all give it."""
    known = list(places) or [Whereabouts()]
    outcodes, in_kent, districts = (
        {getattr(p, n) for p in known} for n in ("outcode", "in_kent", "district")
    )
    return Whereabouts(
        outcodes.pop() if len(outcodes) == 1 else None,
        in_kent.pop() if len(in_kent) == 1 else UNKNOWN,
        districts.pop() if len(districts) == 1 else UNKNOWN,
    )


def _numbers(identities: pd.DataFrame) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """By supplier key: numbers by column, several separated by `|`; and identifiers in conflict."""
    found: dict[str, dict[str, set[str]]] = {}
    conflicts: dict[str, str] = {}
    columns = ["own_key", "supplier_key", "identifier_conflict"]
    for own, key, conflict in identities[columns].itertuples(index=False, name=None):
        scheme, number = str(own).split(":", 1)
        if scheme in _NUMBER_OF_SCHEME:
            written = f"NIC{number}" if scheme == "GB-NIC" else number
            found.setdefault(key, {}).setdefault(_NUMBER_OF_SCHEME[scheme], set()).add(written)
        if isinstance(conflict, str):
            conflicts[key] = conflict
    numbers = {
        key: {column: "|".join(sorted(several)) for column, several in of_one.items()}
        for key, of_one in found.items()
    }
    return numbers, conflicts
