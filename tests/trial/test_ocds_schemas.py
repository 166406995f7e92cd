"""Our release packages against the schemas of OCDS 1.1.5 with the UK extension, and against lib-cove-ocds.

Both work offline. Of the extensions only the UK one is at hand: fields that other extensions declare, such as
indicators and contract completion, are not checked.
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import json_merge_patch
import pytest
from jsonschema import Draft4Validator, FormatChecker
from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from kcc_etl import asset_keys as keys
from kcc_etl.domain.drafts.draft import due_of
from kcc_etl.domain.drafts.drafted import DRAFTED, drafts_for
from kcc_etl.domain.drafts.known import Authority, known_contracts
from kcc_etl.domain.duties.tables import plain
from kcc_etl.domain.duties.worked_out import as_rows, contract_duties
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import empty
from reports.drafts import draft_files
from reports.ocds import OCDS_FILE
from tests.pipeline.support import PERIOD, County, Outcome, kcc_etl
from tests.tools import needs_data
from tests.unit.ocds_reading import AS_OF, Council, read, released, releases

pytestmark = pytest.mark.trial

EXTRACTS = [
    "extracts/kent-county-council.json",
    "extracts/kent-and-medway-bodies.json",
    "extracts/uk9-contract-performance.json",
    "extracts/uk10-contract-change.json",
    "extracts/uk11-termination_uk12-procurement-termination.json",
    "extracts/with-agreedMetrics-KPIs.json",
    *(f"find-a-tender-2026-08/backfill/2026-08-10/page-00{n}.json" for n in range(1, 6)),
]


@cache
def schema(name: str) -> Any:
    return json.loads((needs_data("schemas") / name).read_text(encoding="utf-8"))


@cache
def validator() -> Draft4Validator:
    release = json_merge_patch.merge(
        schema("ocds-1.1.5/release-schema.json"), schema("ocds_uk_extension/release-schema.json")
    )
    package = schema("ocds-1.1.5/release-package-schema.json")
    where = package["properties"]["releases"]["items"]["$ref"]
    release["id"] = where
    known = Registry().with_resource(where, Resource.from_contents(release, default_specification=DRAFT4))
    return Draft4Validator(package, registry=known, format_checker=FormatChecker())


def faults(content: bytes) -> list[str]:
    found = validator().iter_errors(json.loads(content))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:150]}" for error in found]


@cache
def data_of(name: str) -> bytes:
    return needs_data(f"ocds/{name}").read_bytes()


@cache
def buyers(name: str) -> tuple[str, ...]:
    """Everybody who buys in the file, so that all of it is ours."""
    parties = [party for one in json.loads(data_of(name))["releases"] for party in one["parties"]]
    return tuple(sorted({party["id"] for party in parties if "buyer" in party["roles"]}))


@cache
def real(name: str) -> bytes | None:
    """The package that would be published of a file of real notices; None with no contract that goes on."""
    found = releases(read(data_of(name), buyers(name), is_whole=False))
    return released(found, buyers(name)) if found.contracts else None


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    folder = tmp_path_factory.mktemp("county") / "county"
    assert kcc_etl("init", folder).code == 0
    kcc_etl("run", "--config", folder / "kcc_etl.toml", "--period", PERIOD)
    return County(folder, Outcome(0, "", ""))


@pytest.fixture(scope="module")
def extension() -> Iterator[str]:
    """Where the UK extension is served on this machine, for a tool that reads extensions by address."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(needs_data("schemas")))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/ocds_uk_extension/extension.json"
        server.shutdown()


@cache
def standard() -> bytes:
    """The standard as the archive that lib-cove-ocds would download."""
    folder, buffer = needs_data("schemas/ocds-1.1.5"), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("standard/", "")
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, f"standard/schema/{path.relative_to(folder).as_posix()}")
    return buffer.getvalue()


def coved(content: bytes, extension: str) -> dict[str, Any]:
    config = LibCoveOCDSConfig()
    config.config |= {"context": "api", "standard_zip": standard()}
    package = {**json.loads(content), "extensions": [extension]}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # it writes where it stands
        return dict(ocds_json_output(json_data=package, lib_cove_ocds_config=config))


def told_by_cove(content: bytes, extension: str) -> list[Any]:
    """What lib-cove-ocds finds fault with; of codes and unknown fields it tells nothing offline."""
    found = coved(content, extension)
    assert not found["extensions"]["invalid_extension"]
    return [*found["validation_errors"], *found["additional_checks"]]


def test_both_find_what_is_wrong(extension: str) -> None:
    package = json.loads(real("extracts/kent-county-council.json") or b"")
    package["releases"][0]["tag"] = ["invented"]
    package["releases"][0]["contracts"][0]["value"]["amountGross"] = "12"
    package["releases"][0]["date"] = "2026-10-01"

    spoilt = json.dumps(package).encode()
    assert len(faults(spoilt)) == 3
    assert len(told_by_cove(spoilt, extension)) == 2


@pytest.mark.parametrize("name", EXTRACTS)
def test_the_package_of_real_notices_is_valid(name: str) -> None:
    content = real(name)
    if content is None:  # a file with no contract that goes on
        assert "uk11" in name
        return
    assert faults(content) == []


@pytest.mark.parametrize("name", EXTRACTS)
def test_real_indicators_and_assessments_come_back(name: str) -> None:
    content = real(name)
    if content is None:
        return
    ids = buyers(name)
    before, after = read(data_of(name), ids, is_whole=False), read(content, ids)
    released_ones = {(r["ocid"], c["id"]) for r in json.loads(content)["releases"] for c in r["contracts"]}
    names = (
        "ocid",
        "contract_id",
        "kpi_id",
        "kpi_title",
        "observed_from_on",
        "observed_to_on",
        "observed",
        "rating",
    )

    def of_released(read_in: Any) -> set[tuple[Any, ...]]:
        rows = plain(read_in.parts[keys.CORE_NOTICE_KPI])
        return {tuple(r[n] for n in names) for r in rows if (r["ocid"], r["contract_id"]) in released_ones}

    assert of_released(after) <= of_released(before)
    assert {r for r in of_released(before) if r[7]} <= of_released(after)


@pytest.mark.parametrize("name", EXTRACTS)
def test_drafts_made_of_real_notices_are_valid(name: str) -> None:
    law = load_parameters().law
    told = read(data_of(name), buyers(name), is_whole=False)
    suppliers = told.parts[keys.CORE_NOTICE_SUPPLIER]
    contracts = known_contracts(told.books, suppliers, empty(keys.OUT_RATING), AS_OF)
    duties = due_of(as_rows(contract_duties(told.books, law, AS_OF)))
    council = Council(ids=buyers(name))
    authority = Authority(council.name, council.address, council.email, council.ids)
    drafts = drafts_for(duties, contracts, authority, law, AS_OF)
    files = draft_files(drafts, contracts, council, law, AS_OF, duties)

    due = [one for one in duties if one.kind in DRAFTED and one.is_now]
    assert len(drafts) == len(due)
    assert len(files) == len(due) + 1
    made = {path: faults(content) for path, content in files.items() if path.endswith(".json")}
    assert made == {path: [] for path in made}


def test_the_package_and_the_drafts_of_the_sample_are_valid(county: County, extension: str) -> None:
    package = (county.pack / OCDS_FILE).read_bytes()
    drafts = sorted((county.data / "drafts" / "notices").glob("*.json"))

    assert faults(package) == []
    assert drafts
    assert {path.name: faults(path.read_bytes()) for path in drafts} == {path.name: [] for path in drafts}
    assert told_by_cove(package, extension) == []


@pytest.mark.parametrize("name", EXTRACTS[:6])
def test_lib_cove_finds_no_fault_in_the_package_of_real_notices(name: str, extension: str) -> None:
    content = real(name)
    if content is None:
        return
    assert told_by_cove(content, extension) == []
