"""Public notices: whose each release of an OCDS 1.1.5 file is, and one row for each release that is ours.

Release packages, JSON Lines of releases (Contracts Finder) and a release alone are read.
Does not belong here: fetching pages, what a release says (`notices.rows`), joining notices with the register.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import msgspec

from kcc_etl.domain.findings import shorten
from kcc_etl.domain.identifiers import clean_ppon
from kcc_etl.exceptions import SourceLayoutError, SourceUnreadableError
from kcc_etl.intake.cells.json_parts import (
    JsonObject,
    RepeatedNameError,
    entries,
    exact_json,
    objects,
    part,
    pence,
    text,
)
from kcc_etl.intake.notices.events import POUNDS, currency_of
from kcc_etl.intake.notices.rows import release_row
from kcc_etl.intake.parsed import NOTHING, Desk, Parsed
from kcc_etl.intake.text.encodings import decode

_AMOUNTS = ("amount", "amountGross")
_VALUES = ("/value", "/finalValue", "/penaltyValue")
_BUYER_ROLE = "buyer"


class _Package(msgspec.Struct):
    releases: list[msgspec.Raw]


_PACKAGES = msgspec.json.Decoder(_Package)


def read_releases(data: bytes, desk: Desk, authority_ids: Collection[str]) -> Parsed:
    """The releases of a file, numbered from 1; those of other authorities are excluded.

    `authority_ids` are all identities of the authority, as `SCHEME-number` or as a bare PPON; they may stand
    in the buyer or in any identifier of a party with the role of buyer. A release that names no buyer is
    kept: whether its procurement is ours is settled where all releases are known. Raises
    SourceUnreadableError when the file is no JSON, SourceLayoutError when it holds no releases.
    """
    ours = _spellings(authority_ids)
    releases = _releases(decode(data).text)
    if not releases:
        desk.find_empty("an empty list of releases")
    for number, release in enumerate(releases, 1):
        _sort(number, release, ours, desk)
    return desk.finish(count_releases(data))


def count_releases(data: bytes) -> int:
    """How many releases the file holds, by another parser, which looks at none of them."""
    try:
        return len(_PACKAGES.decode(data).releases)
    except (msgspec.MsgspecError, RecursionError):
        return _count_plainly(decode(data).text)


def _count_plainly(content: str) -> int:
    """For what is no package to the other parser: lines, a release alone, numbers that JSON has not."""
    try:
        whole = json.loads(content, parse_float=str, parse_int=str)
    except ValueError:
        return sum(1 for line in content.split("\n") if line.strip())
    return len(whole["releases"]) if "releases" in whole else 1


def _releases(content: str) -> list[object]:
    """The releases, decoded; a damaged line as text."""
    try:
        return _of_package(exact_json(content))
    except RecursionError:
        raise _no_json("its brackets are nested too deeply") from None
    except RepeatedNameError as error:
        raise SourceUnreadableError(
            f"An object of the file gives '{shorten(error)}' twice: one of the two would be lost",
            expected="every name once in an object",
            remedy="Fetch it again; if it stays so, tell the platform",
        ) from None
    except ValueError:
        if lines := _lines(content):
            return lines
        raise _no_json("it breaks off or holds something else") from None


def _lines(content: str) -> list[object]:
    """The releases of JSON Lines; none when the first line is no release."""
    lines = [line for line in content.split("\n") if line.strip()]
    if not lines or not _is_release(_line(lines[0])):
        return []
    return [_line(line) for line in lines]


def _line(line: str) -> object:
    try:
        return exact_json(line)
    except (ValueError, RecursionError):
        return line


def _is_release(value: object) -> bool:
    return isinstance(value, dict) and bool(value.get("ocid")) and "releases" not in value


def _of_package(package: object) -> list[object]:
    releases = package.get("releases") if isinstance(package, dict) else None
    if isinstance(releases, list):
        return releases
    if _is_release(package):
        return [package]
    raise SourceLayoutError(
        "The file has no list 'releases'",
        expected="an OCDS release package",
        remedy="Fetch the package again",
    )


def _no_json(why: str) -> SourceUnreadableError:
    return SourceUnreadableError(
        f"The file is no JSON: {why}", expected="an OCDS release package in JSON", remedy="Fetch it again"
    )


def _sort(number: int, release: object, ours: frozenset[str], desk: Desk) -> None:
    if not isinstance(release, dict):
        desk.find("NT-001", found="no release", row_number=number)
        cells = {"line": release} if isinstance(release, str) else {"value": type(release).__name__}
        desk.put_aside(number, "NT-001", "This is no release", cells)
        return
    buyers = list(_buyers(release))
    mine = next((buyer for buyer in buyers if ours & buyer.identities), None)
    kept = _kept(release, (mine or buyers[0]) if buyers else None)
    if buyers and mine is None:
        desk.put_aside(number, "NT-003", "The notice is another authority's", kept)
        return
    missing = [name for name in ("ocid", "id") if not kept[name]]
    if missing:
        found = "no " + " and no ".join(missing)
        desk.find("NT-001", found=found, row_number=number, subject=kept["id"] or kept["ocid"] or "")
        desk.put_aside(number, "NT-001", f"The release has {found}", kept)
        return
    place = _Place(desk, number, str(kept["id"]))
    if _has_odd_money(release) and _judge_money(release, kept, place):
        return
    told = release_row(release, kept["buyer_id"], kept["buyer"] if kept["buyer_id"] else None)
    for path, value in told.odd_days:
        place.find("NT-008", path, value)
    for path, award_id in told.unclear:
        place.find("NT-023", path, f"several awards with the identifier {award_id}")
    desk.accept(number, told.row)


@dataclass(frozen=True)
class _Place:
    """One release of a file, of which findings are made."""

    desk: Desk
    number: int
    subject: str

    def find(self, rule_id: str, path: str, found: object, expected: str = "") -> None:
        """Note a fault at a path of the release."""
        self.desk.find(
            rule_id,
            found=shorten(found),
            expected=expected,
            row_number=self.number,
            column_title=path,
            subject=self.subject,
        )


def _judge_money(release: JsonObject, kept: JsonObject, place: _Place) -> bool:
    """Tell what is wrong with the money of a release; whether it was put aside for that."""
    faults = list(_money_faults(release))
    for fault in faults:
        if fault.is_unstated:
            place.find("NT-024", fault.path, fault.found)
        else:
            place.find("NT-004", fault.path, fault.found, fault.expected)
    told = [f"{fault.path}: found {fault.found}" for fault in faults if not fault.is_unstated]
    if told:
        place.desk.put_aside(place.number, "NT-004", "; ".join(told), kept)
    return bool(told)


class _Buyer(msgspec.Struct):
    id: str
    name: str | None
    identities: frozenset[str]


def _buyers(release: JsonObject) -> Iterator[_Buyer]:
    """The buyer, and every party with that role, each with all its identifiers as `SCHEME-number`."""
    named = part(release, "buyer")
    parties = objects(release, "parties")
    if own := text(named.get("id")):
        same = next((party for party in parties if text(party.get("id")) == own), {})
        name = text(named.get("name")) or text(same.get("name"))
        yield _Buyer(own, name, frozenset({own, *_identities(same)}))
    for party in parties:
        if _BUYER_ROLE in entries(party, "roles") and (identity := text(party.get("id"))):
            yield _Buyer(identity, text(party.get("name")), frozenset({identity, *_identities(party)}))


def _identities(party: JsonObject) -> Iterator[str]:
    for identifier in (part(party, "identifier"), *objects(party, "additionalIdentifiers")):
        scheme, number = text(identifier.get("scheme")), text(identifier.get("id"))
        if scheme and number:
            yield f"{scheme}-{number}"


def _kept(release: JsonObject, buyer: _Buyer | None) -> dict[str, str | None]:
    return {
        "id": text(release.get("id")),
        "ocid": text(release.get("ocid")),
        "buyer": (buyer.name or buyer.id) if buyer else None,
        "buyer_id": buyer.id if buyer else None,
    }


def _spellings(authority_ids: Collection[str]) -> frozenset[str]:
    bare = {clean_ppon(identity) for identity in authority_ids}
    return frozenset({*authority_ids, *(f"GB-PPON-{identity}" for identity in bare if identity)})


def _has_odd_money(release: JsonObject) -> bool:
    """Whether any object in the release has an amount that is none, or does not say that it is in pounds.

    Nearly every release has none, and to name the place of each of its parts takes three times as long.
    """
    nodes: list[object] = [release]
    for node in nodes:  # which grows on the way
        if isinstance(node, str):
            continue
        if isinstance(node, dict):
            is_money = "amount" in node or "amountGross" in node or "currency" in node
            if is_money and (
                node.get("currency") != POUNDS or any(_is_no_amount(node.get(name)) for name in _AMOUNTS)
            ):
                return True
            nodes += node.values()
        elif isinstance(node, list):
            nodes += node
    return False


@dataclass(frozen=True)
class _MoneyFault:
    path: str
    found: str
    expected: str = ""
    is_unstated: bool = False


def _money_faults(release: JsonObject) -> Iterator[_MoneyFault]:
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


def _faults_of_value(path: str, node: JsonObject) -> Iterator[_MoneyFault]:
    for name in _AMOUNTS:
        if _is_no_amount(node.get(name)):
            found = text(node[name]) or NOTHING
            yield _MoneyFault(f"{path}/{name}".lstrip("/"), found, "a number of pounds, such as 1250.00")
    if not path.startswith(("/contracts/", "/awards/")) or not path.endswith(_VALUES):
        return
    where = f"{path}/currency".lstrip("/")
    currency = currency_of(node)
    if currency is None and any(node.get(name) is not None for name in _AMOUNTS):
        yield _MoneyFault(where, NOTHING, is_unstated=True)
    elif currency not in {None, POUNDS}:
        yield _MoneyFault(where, str(currency), "a value in pounds (GBP)")


def _is_no_amount(value: object) -> bool:
    # An amount of money that stands as an object, such as budgetBreakdown[].amount, has its own amount.
    return value is not None and not isinstance(value, dict) and pence(value) is None
