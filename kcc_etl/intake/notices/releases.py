"""Public notices: whose each release of an OCDS 1.1.5 file is, and one row for each release that is ours.

Release packages, JSON Lines of releases (Contracts Finder) and a release alone are read.
Does not belong here: fetching pages, what a release says (`notices.rows`), joining notices with the register.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import TypedDict

import msgspec

from kcc_etl.domain.identifiers import clean_ppon
from kcc_etl.exceptions import SourceLayoutError, SourceUnreadableError
from kcc_etl.intake.cells.json_parts import JsonObject, entries, exact_json, objects, part, pence, text
from kcc_etl.intake.notices.rows import release_row
from kcc_etl.intake.parsed import NOTHING, Desk, Parsed
from kcc_etl.intake.text.encodings import decode

_AMOUNTS = ("amount", "amountGross")
_POUNDS = "GBP"
_BUYER_ROLE = "buyer"


class _Package(msgspec.Struct):
    releases: list[msgspec.Raw]


class _Identifier(TypedDict, total=False):
    scheme: str | None
    id: str | None


class _Party(TypedDict, total=False):
    id: str | None
    name: str | None
    roles: list[str] | None
    identifier: _Identifier | None
    additionalIdentifiers: list[_Identifier] | None


class _Look(TypedDict, total=False):
    """What settles whose release it is; nothing else of another authority's release is decoded."""

    id: str | None
    ocid: str | None
    buyer: _Identifier | None
    parties: list[_Party] | None


_PACKAGES = msgspec.json.Decoder(_Package)
_LOOKS = msgspec.json.Decoder(_Look)


def read_releases(data: bytes, desk: Desk, authority_ids: Collection[str]) -> Parsed:
    """The releases of a file, numbered from 1; those of other authorities are excluded.

    `authority_ids` are all identities of the authority, as `SCHEME-number` or as a bare PPON; they may stand
    in the buyer or in any identifier of a party with the role of buyer. A release that names no buyer is
    kept: whether its procurement is ours is settled where all releases are known. Raises
    SourceUnreadableError when the file is no JSON, SourceLayoutError when it holds no releases.
    """
    ours = _spellings(authority_ids)
    for number, release in enumerate(_releases(decode(data).text), 1):
        _sort(number, release, ours, desk)
    return desk.finish(count_releases(data))


def count_releases(data: bytes) -> int:
    """How many releases the file holds, by a plain reading of its own that looks at none of them."""
    content = decode(data).text
    try:
        whole = json.loads(content, parse_float=str, parse_int=str)
    except RecursionError:
        return len(_PACKAGES.decode(content).releases)
    except ValueError:
        return sum(1 for line in content.split("\n") if line.strip())
    return len(whole["releases"]) if "releases" in whole else 1


def _releases(content: str) -> Sequence[object]:
    """The releases: as bytes where the file is a sound package, else decoded; a damaged line as text."""
    try:
        return _PACKAGES.decode(content).releases
    except (msgspec.MsgspecError, RecursionError):
        return _lines(content) or _of_package(_load(content))


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


def _load(content: str) -> object:
    try:
        return exact_json(content)
    except RecursionError:
        raise _no_json("its brackets are nested too deeply") from None
    except ValueError:
        raise _no_json("it breaks off or holds something else") from None


def _no_json(why: str) -> SourceUnreadableError:
    return SourceUnreadableError(
        f"The file is no JSON: {why}", expected="an OCDS release package in JSON", remedy="Fetch it again"
    )


def _sort(number: int, arrived: object, ours: frozenset[str], desk: Desk) -> None:
    head = _head(arrived)
    if not isinstance(head, dict):
        _put_aside_as_none(number, head, desk)
        return
    buyers = list(_buyers(head))
    mine = next((buyer for buyer in buyers if ours & buyer.identities), None)
    kept = _kept(head, (mine or buyers[0]) if buyers else None)
    if buyers and mine is None:
        desk.put_aside(number, "NT-003", "The notice is another authority's", kept)
        return
    missing = [name for name in ("ocid", "id") if not kept[name]]
    if missing:
        found = "no " + " and no ".join(missing)
        desk.find("NT-001", found=found, row_number=number, subject=kept["id"] or kept["ocid"] or "")
        desk.put_aside(number, "NT-001", f"The release has {found}", kept)
        return
    release = _whole(arrived)
    if not isinstance(release, dict):
        _put_aside_as_none(number, kept, desk)
        return
    faults = list(_money_faults(release))
    for path, found in faults:
        desk.find("NT-004", found=found, row_number=number, column_title=path, subject=str(kept["id"]))
    if faults:
        reason = "; ".join(f"{path}: found {found}" for path, found in faults)
        desk.put_aside(number, "NT-004", reason, kept)
        return
    row, dates = release_row(release, kept["buyer_id"], kept["buyer"] if kept["buyer_id"] else None)
    for path, value in dates:
        desk.find("NT-008", found=value, row_number=number, column_title=path, subject=str(kept["id"]))
    desk.accept(number, row)


def _put_aside_as_none(number: int, value: object, desk: Desk) -> None:
    desk.find("NT-001", found="no release", row_number=number)
    cells = {"line": value} if isinstance(value, str) else {"value": type(value).__name__}
    cells = dict(value) if isinstance(value, dict) else cells
    desk.put_aside(number, "NT-001", "This is no release", cells)


def _head(arrived: object) -> object:
    """Identifiers and parties alone; the whole release when those are not of the usual shape."""
    if not isinstance(arrived, msgspec.Raw):
        return arrived
    try:
        return _LOOKS.decode(arrived)
    except msgspec.MsgspecError:
        return _whole(arrived)


def _whole(arrived: object) -> object:
    """The release decoded; None when it is nested too deeply."""
    if not isinstance(arrived, msgspec.Raw):
        return arrived
    try:
        return exact_json(bytes(arrived))
    except (ValueError, RecursionError):
        return None


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


def _money_faults(release: JsonObject) -> Iterator[tuple[str, str]]:
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


def _faults_of_value(path: str, node: JsonObject) -> Iterator[tuple[str, str]]:
    for name in _AMOUNTS:
        # An amount of money that stands as an object, such as budgetBreakdown[].amount, has its own amount.
        if node.get(name) is not None and not isinstance(node[name], dict) and pence(node[name]) is None:
            yield f"{path}/{name}".lstrip("/"), text(node[name]) or NOTHING
    if (
        path.startswith(("/contracts/", "/awards/"))
        and path.endswith("/value")
        and node.get("currency", _POUNDS) != _POUNDS
    ):
        yield f"{path}/currency".lstrip("/"), text(node["currency"]) or NOTHING
