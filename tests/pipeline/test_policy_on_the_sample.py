"""`kcc-etl policy` on the county that does not exist, as a person runs it, and the banner of a night."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing

import openpyxl
import pytest

from kcc_etl.parameters.load import shipped_texts
from tests.pipeline.support import County, said


def contracts_with_targets(county: County) -> list[str]:
    query = "select distinct contract_ref from out_targets__entity_target order by 1"
    with closing(sqlite3.connect(county.warehouse)) as connection:
        return [ref for (ref,) in connection.execute(query)]


def test_a_contract_is_explained_with_the_numbers_of_the_warehouse(county: County):
    for ref in contracts_with_targets(county)[:2]:
        told = said("policy", "explain", ref, "--config", county.config, "--json")
        document = json.loads(told.out)

        assert told.code == document["exit_code"], told.err
        assert document["targets"]
        for target in document["targets"]:
            assert target["parameter_version"] == document["parameter_version"]
            assert target["explanation"].endswith(".")
        assert re.search("DC-004", json.dumps(document["rules"]))


def test_a_draft_is_tried_out_and_changes_nothing(county: County):
    draft = county.folder.parent / "policy-2028.toml"
    text = shipped_texts()["policy-2026.toml"].replace("2026-01-01", "2028-04-01")
    draft.write_text(text.replace('small = "0.50"', 'small = "1.00"'), encoding="utf-8")
    before = county.warehouse.read_bytes()

    told = said("policy", "simulate", draft, "--config", county.config, "--json")
    document = json.loads(told.out)

    assert (told.code, told.err) == (0, "")
    assert document["contracts"] >= len(contracts_with_targets(county))
    assert document["targets"]["more"] > 0
    assert document["small_firms"]["more"] > 0
    assert {change["supplier_class"] for change in document["changes"]} == {"small"}
    assert county.warehouse.read_bytes() == before


@pytest.mark.long
def test_the_banner_goes_when_every_parameter_in_force_is_approved(copy_of_county: County):
    folder = copy_of_county.folder / "adopted"
    folder.mkdir()
    for name, text in shipped_texts().items():
        adopted = text.replace(
            '"assumption"\napproved_by = ""', '"policy"\napproved_by = "Cabinet, 2 July 2026"'
        )
        (folder / name).write_text(adopted, encoding="utf-8")
    draft = shipped_texts()["policy-2026.toml"].replace("2026-01-01", "2028-04-01")
    (folder / "policy-2028.toml").write_text(draft, encoding="utf-8")  # to come, and still an assumption
    settings = copy_of_county.config.read_text(encoding="utf-8")
    copy_of_county.config.write_text(
        settings.replace('parameters = ""', 'parameters = "adopted"'), encoding="utf-8"
    )
    assert "assumptions" in cover(copy_of_county)

    told = json.loads(said("run", "--config", copy_of_county.config, "--json").out)

    assert told["parameters_approved"] is True
    assert told["drafted"], told["refused"]
    manifest = json.loads((copy_of_county.pack / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameters"]["status"] == "policy"
    assert manifest["parameters"]["is_approved"] is True
    assert "assumptions" not in cover(copy_of_county)


def cover(county: County) -> str:
    """Everything on the cover sheet of the workbook of social value performance."""
    book = openpyxl.load_workbook(county.pack / "social-value-performance.xlsx", read_only=True)
    with closing(book):
        rows = book.worksheets[0].iter_rows(values_only=True)
        return " ".join(str(cell) for row in rows for cell in row if cell is not None)
