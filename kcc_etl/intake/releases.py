"""Public notices: an OCDS 1.1.5 release package to one row a release, values exact and as published.

Does not belong here: fetching pages, joining notices with the register, anything about people in a release.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kcc_etl.domain.identifiers import clean_ppon
from kcc_etl.exceptions import SourceLayoutError, SourceUnreadableError
from kcc_etl.intake.delimited import decode
from kcc_etl.intake.parsed import NOTHING, Desk, Parsed
from kcc_etl.intake.values import Unreadable, bare, read_date, whole_pence

Release = Mapping[str, Any]

_AMOUNTS = ("amount", "amountGross")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INFINITE = Decimal("Infinity")
_POUNDS = "GBP"
_STAGES_WITH_DOCUMENTS = ("planning", "tender")
_LISTS_WITH_DOCUMENTS = ("awards", "contracts")


def read_releases(data: bytes, desk: Desk, authority_ids: Collection[str]) -> Parsed:
    """The releases of a package, numbered from 1; those of other authorities are excluded.

    `authority_ids` are all identities of the authority on the central digital platform. Raises
    SourceUnreadableError when the file is no JSON, SourceLayoutError when it is no release package.
    """
    package = _load(data)
    releases = package.get("releases") if isinstance(package, dict) else None
    if not isinstance(releases, list):
        raise SourceLayoutError(
            "The file has no list 'releases'",
            expected="an OCDS release package",
            remedy="Fetch the package again",
        )
    ours = _spellings(authority_ids)
    for number, release in enumerate(releases, 1):
        _sort(number, release, ours, desk)
    return desk.finish(count_releases(data))


def count_releases(data: bytes) -> int:
    """How many releases the package holds, by a plain reading of its own that looks at none of them."""
    package = json.loads(decode(data), parse_float=str, parse_int=str)
    return len(package["releases"])


def _sort(number: int, release: object, ours: Collection[str], desk: Desk) -> None:
    if not isinstance(release, dict):
        desk.find("NT-001", found="no release", row_number=number)
        desk.put_aside(number, "NT-001", "This is no release", {"value": type(release).__name__})
        return
    buyer_id, buyer_name = _buyer(release)
    kept = {
        "id": _text(release.get("id")),
        "ocid": _text(release.get("ocid")),
        "buyer": buyer_name or buyer_id,
    }
    if buyer_id and buyer_id not in ours:
        desk.put_aside(number, "NT-003", "The notice is another authority's", kept)
        return
    missing = [name for name in ("ocid", "id") if not kept[name]]
    if missing:
        found = "no " + " and no ".join(missing)
        desk.find("NT-001", found=found, row_number=number, subject=kept["id"] or kept["ocid"] or "")
        desk.put_aside(number, "NT-001", f"The release has {found}", kept)
        return
    if not buyer_id:
        desk.put_aside(number, "NT-003", "The notice names no buyer", kept)
        return
    faults = list(_money_faults(release))
    for path, found in faults:
        desk.find("NT-004", found=found, row_number=number, column_title=path, subject=str(kept["id"]))
    if faults:
        reason = "; ".join(f"{path}: found {found}" for path, found in faults)
        desk.put_aside(number, "NT-004", reason, kept)
        return
    desk.accept(number, _Reading(release, number, desk).row(buyer_id, buyer_name))


class _Reading:
    """Reads one release of ours; a date that cannot be read is found and counts as empty."""

    def __init__(self, release: Release, number: int, desk: Desk) -> None:
        self._release, self._number, self._desk = release, number, desk

    def row(self, buyer_id: str, buyer_name: str | None) -> dict[str, object]:
        release, tender = self._release, _object(self._release.get("tender"))
        category = tender.get("mainProcurementCategory") or next(
            (
                a["mainProcurementCategory"]
                for a in _objects(release, "awards")
                if a.get("mainProcurementCategory")
            ),
            None,
        )
        contracts = [self._contract(place, c) for place, c in enumerate(_objects(release, "contracts"))]
        return {
            "release_id": _text(release.get("id")),
            "ocid": _text(release.get("ocid")),
            "notice_type": _notice_type(release),
            "release_tags": "|".join(str(tag) for tag in _list(release.get("tag"))) or None,
            "published_on": self._date(release.get("date"), "date"),
            "buyer_id": buyer_id,
            "buyer_name": buyer_name,
            "contract_title": _text(tender.get("title")),
            "procurement_category": _text(category),
            "is_light_touch": "lightTouch" in _list(tender.get("specialRegime")),
            "framework_ocid": _framework(release),
            "contracts_json": json.dumps(
                contracts, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            ),
        }

    def _contract(self, place: int, contract: Release) -> dict[str, object]:
        value, period = _object(contract.get("value")), _object(contract.get("period"))
        where = f"contracts/{place}"
        metrics = contract.get("agreedMetrics")
        award_id = _text(contract.get("awardID"))
        dates = {
            "signed_on": self._date(contract.get("dateSigned"), f"{where}/dateSigned"),
            "start_on": self._date(period.get("startDate"), f"{where}/period/startDate"),
            "end_on": self._date(period.get("endDate"), f"{where}/period/endDate"),
            "max_end_on": self._date(period.get("maxExtentDate"), f"{where}/period/maxExtentDate"),
        }
        above = contract.get("aboveThreshold")
        return {
            "id": _text(contract.get("id")),
            "award_id": award_id,
            "suppliers": _suppliers(self._release, award_id),
            "value_ex_vat_pence": _pence(value.get("amount")),
            "value_inc_vat_pence": _pence(value.get("amountGross")),
            **{name: day.isoformat() if day else None for name, day in dates.items()},
            "above_threshold": above if isinstance(above, bool) else None,
            "kpi_count": len(metrics) if isinstance(metrics, list) else None,
        }

    def _date(self, value: object, path: str) -> date | None:
        """The local day of a timestamp: its first ten characters."""
        if value is None or value == "":
            return None
        day = read_date(value[:10]) if isinstance(value, str) else Unreadable.CELL
        if isinstance(day, Unreadable):
            subject = str(self._release.get("id"))
            self._desk.find(
                "NT-008", found=value, row_number=self._number, column_title=path, subject=subject
            )
            return None
        return day


def _load(data: bytes) -> object:
    text = decode(data)
    try:
        return json.loads(text, parse_float=_decimal, parse_int=_decimal, parse_constant=Decimal)
    except RecursionError:
        raise _no_json("its brackets are nested too deeply") from None
    except ValueError:
        raise _no_json("it breaks off or holds something else") from None


def _no_json(why: str) -> SourceUnreadableError:
    return SourceUnreadableError(
        f"The file is no JSON: {why}", expected="an OCDS release package in JSON", remedy="Fetch it again"
    )


def _decimal(text: str) -> Decimal:
    """The number exactly; one beyond all exponents is infinite."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return _INFINITE


def _spellings(authority_ids: Collection[str]) -> frozenset[str]:
    bare = {clean_ppon(identity) for identity in authority_ids}
    return frozenset({*authority_ids, *(f"GB-PPON-{identity}" for identity in bare if identity)})


def _buyer(release: Release) -> tuple[str, str | None]:
    buyer = _object(release.get("buyer"))
    if not buyer.get("id"):
        buyer = next((p for p in _objects(release, "parties") if "buyer" in _list(p.get("roles"))), buyer)
    return _text(buyer.get("id")) or "", _text(buyer.get("name"))


def _money_faults(release: Release) -> Iterator[tuple[str, str]]:
    """Every amount in a release that is no finite number of whole pence; in a contract, of pounds."""
    # A list of nodes and no recursion: a release may be nested deeper than Python's own calls.
    nodes: list[tuple[str, object]] = [("", release)]
    while nodes:
        path, node = nodes.pop()
        if isinstance(node, dict):
            yield from _faults_of_value(path, node)
            nodes.extend(reversed([(f"{path}/{name}", child) for name, child in node.items()]))
        elif isinstance(node, list):
            nodes.extend(reversed([(f"{path}/{place}", child) for place, child in enumerate(node)]))


def _faults_of_value(path: str, node: Release) -> Iterator[tuple[str, str]]:
    for name in _AMOUNTS:
        if node.get(name) is not None and _pence_or_fault(node[name]) is None:
            yield f"{path}/{name}".lstrip("/"), _text(node[name]) or NOTHING
    if (
        path.startswith("/contracts/")
        and path.endswith("/value")
        and node.get("currency", _POUNDS) != _POUNDS
    ):
        yield f"{path}/currency".lstrip("/"), _text(node["currency"]) or NOTHING


def _pence_or_fault(value: object) -> int | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = _decimal(value.strip())
    pence = whole_pence(value) if isinstance(value, Decimal) else Unreadable.CELL
    return None if isinstance(pence, Unreadable) else pence


def _pence(value: object) -> int | None:
    return None if value is None else _pence_or_fault(value)


def _suppliers(release: Release, award_id: str | None) -> list[dict[str, str | None]]:
    parties = {_text(party.get("id")): party for party in _objects(release, "parties")}
    found: list[dict[str, str | None]] = []
    for award in _objects(release, "awards"):
        if _text(award.get("id")) == award_id:
            for supplier in _objects(award, "suppliers"):
                party = parties.get(_text(supplier.get("id")), {})
                name = _text(supplier.get("name")) or _text(party.get("name"))
                found.append({"name": name, "ppon": _ppon(supplier, party)})
    return found


def _ppon(supplier: Release, party: Release) -> str | None:
    further = [entry.get("id") for entry in _objects(party, "additionalIdentifiers")]
    candidates = [supplier.get("id"), _object(party.get("identifier")).get("id"), *further]
    return next((ppon for ppon in (clean_ppon(_text(c)) for c in candidates) if ppon), None)


def _framework(release: Release) -> str | None:
    for process in _objects(release, "relatedProcesses"):
        if "framework" in _list(process.get("relationship")):
            return _text(process.get("identifier"))
    return None


def _notice_type(release: Release) -> str | None:
    """The type of the notice that bears the release's number; without one, the first type it states."""
    stages = [_object(release.get(name)) for name in _STAGES_WITH_DOCUMENTS]
    stages += [entry for name in _LISTS_WITH_DOCUMENTS for entry in _objects(release, name)]
    typed = [doc for stage in stages for doc in _objects(stage, "documents") if doc.get("noticeType")]
    own = [doc for doc in typed if doc.get("id") == release.get("id")]
    return _text((own or typed)[0]["noticeType"]) if typed else None


def _object(value: object) -> Release:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(parent: Release, name: str) -> list[Release]:
    return [entry for entry in _list(parent.get(name)) if isinstance(entry, dict)]


def _text(value: object) -> str | None:
    """A text or number as text without spaces around it; None for anything else and for nothing.

    Half characters (lone surrogates), which JSON can hold and no file can, show as a question mark.
    """
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str):
        return bare(value.encode("utf-8", "replace").decode()) or None
    return None
