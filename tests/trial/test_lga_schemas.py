"""The files with LGA headings validate against the LGA's own schemas, read where they stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from kcc_etl import asset_keys as keys
from reports.datasets import PUBLISHED
from reports.delimited import render_csv
from tests.pipeline.support import kcc_etl
from tests.trial.lga_schema import WHERE_KNOWN, faults
from tests.unit import report_frames as given

pytestmark = pytest.mark.trial

SCHEMA_OF = {
    "contracts-register.csv": "Contracts",
    "spend-over-500.csv": "Spend",
    "procurement-card.csv": "Spend",
    "invitations-to-tender.csv": "Contracts",
}
PART = ("invitations-to-tender.csv",)
"""The guidance has no template for tenders: those columns of the contracts template that apply."""

FRAMES = {
    keys.OUT_OVER_30K: given.over_30k, keys.OUT_SPEND: given.spend, keys.OUT_REGISTER: given.register,
    keys.OUT_CARD: given.card, keys.OUT_TENDER: given.tenders,
}  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The files of a night of the sample."""
    county = tmp_path_factory.mktemp("county") / "here"
    assert kcc_etl("init", county).code == 0
    done = kcc_etl("run", "--config", county / "kcc_etl.toml", "--json")
    pack = Path(json.loads(done.out)["drafted"])
    return {name: (pack / name).read_bytes() for name in SCHEMA_OF}


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_the_files_of_the_sample_are_of_the_schema_with_every_cell_it_asks_for(
    sample: Mapping[str, bytes], name: str
) -> None:
    """The sample's register and ledger say everything, so that only what nobody can know may be empty."""
    unknown = {
        "contracts-register.csv": {"SMESupplier", "VCSESupplier", "CharityCommissionNumber"},
        "invitations-to-tender.csv": {"ReviewDate", "OrganisationalUnit"},
    }
    assert sample[name].count(b"\r\n") > 2
    wrong = faults(
        sample[name], SCHEMA_OF[name], part=name in PART, may_be_empty=unknown.get(name, {"Purpose"})
    )
    assert wrong == []


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_whatever_stands_in_the_cells_a_file_stays_of_the_schema(name: str) -> None:
    (published,) = [one for one in PUBLISHED if f"{one.name}.csv" == name]
    content = render_csv(published.make(FRAMES[published.table](), given.edition()))

    assert faults(content, SCHEMA_OF[name], part=name in PART) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"OrganisationLabel,OrganisationURI", b"OrganisationURI,OrganisationLabel", "the headings are"),
        (b"01/09/2026", b"2026-09-01", "is no dateTime"),
        (b"01/09/2026", b"32/09/2026", "is no dateTime"),
        (b",500.01,", b',"1,500.01",', "is no float"),
        (b",500.01,", ",£500.01,".encode(), "is no float"),
        (b",500.01,", b",,", "Amount: is empty"),
        (b",GPC,", b",Visa,", "is not of the list"),
        (b",True,", b",perhaps,", "is no boolean"),
        (b"http://statistics", b"statistics", "is no URI"),
    ],
)
def test_the_walk_finds_what_is_not_of_the_schema(old: bytes, new: bytes, fault: str) -> None:
    (published,) = [one for one in PUBLISHED if one.table == keys.OUT_SPEND]
    content = render_csv(published.make(given.spend(), given.edition()))
    assert old in content
    told = faults(content.replace(old, new, 1), "Spend", may_be_empty=WHERE_KNOWN)

    assert any(fault in one for one in told), told[:3]
