"""The pack: complete, verified, byte for byte the same, and switched in whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.domain.waivers import WaiverUsed
from kcc_etl.exceptions import PublicationRefusedError
from kcc_etl.schema.rules import RULES
from reports import switch
from reports.manifest import PackInput, ParameterStamp, sha256_of
from reports.pack import Material, build_pack, render_pack
from reports.placing import PackResult, write_draft
from reports.verify import verify_folder
from tests.unit import report_frames as given

DRIVER = Path(__file__).with_name("pack_driver.py")
BESIDE = {
    "changes.csv", "committee-report.docx", "data-quality.html", "data.json", "index.html", "manifest.json",
    "sources.csv", "changes.csv-metadata.json", "sources.csv-metadata.json",
}  # fmt: skip
OF_DATASETS = {
    f"{name}.{ending}"
    for name in (
        "contracts-register", "invitations-to-tender", "kpi-assessments", "payments-compliance",
        "payments-compliance-invoices", "payments-over-30k", "procurement-card", "redactions",
        "social-value-districts", "social-value-performance", "spend-over-500", "spend-shares", "vcse-grants",
    )
    for ending in ("csv", "csv-metadata.json", "ods", "xlsx")
}  # fmt: skip
posix = pytest.mark.skipif(os.name != "posix", reason="SIGKILL and links are of POSIX")


def material(frames: dict[str, pd.DataFrame] | None = None, findings: int = 41) -> Material:
    return Material(
        frames=given.frames() if frames is None else frames,
        quality=given.quality(findings),
        inputs=[
            PackInput("register", "register.csv", "register", "cd" * 32, 243),
            PackInput("ledger", "ledger.csv", "payments", "ab" * 32, 20_116),
        ],
        parameters=ParameterStamp("a1b2c3d4e5f6", "assumption", is_approved=False),
        measures=given.MEASURES,
    )


def build(folder: Path, frames: dict[str, pd.DataFrame] | None = None, findings: int = 41) -> PackResult:
    return build_pack(folder, given.edition(), material(frames, findings))


@cache
def whole_pack() -> dict[str, bytes]:
    return render_pack(given.edition(), material())


def small_pack(findings: int) -> dict[str, bytes]:
    """One file and a manifest: enough for what is only put in place."""
    content = b"a\r\n1\r\n"
    entry = {"sha256": sha256_of(content), "bytes": len(content), "rows": 1}
    manifest = json.loads(whole_pack()["manifest.json"])
    manifest |= {"files": {"a.csv": entry}, "totals": {}, "findings": findings}
    # Without it nothing is asked of the datasets, of which there are none.
    del manifest["period"]
    return {"a.csv": content, "manifest.json": json.dumps(manifest).encode()}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_pack_holds_every_file_and_verifies(tmp_path):
    result = build(tmp_path)
    assert set(bytes_of(result.folder)) == BESIDE | OF_DATASETS
    assert result.folder == tmp_path / given.PERIOD
    assert not result.unchanged
    assert verify_folder(result.folder) == []


def test_the_manifest_tells_rows_pence_inputs_and_parameters_and_no_time(tmp_path):
    frames = given.frames()
    manifest = json.loads((build(tmp_path).folder / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest) == sorted(manifest)
    assert manifest["totals"]["payments-over-30k"] == {
        "rows": len(frames[keys.OUT_OVER_30K]),
        "pence": int(frames[keys.OUT_OVER_30K]["amount_ex_vat_pence"].sum()),
        "money_column": "value_net_vat",
        "money_place": 13,
    }
    assert manifest["totals"]["social-value-performance"]["pence"] is None
    assert [entry["source"] for entry in manifest["inputs"]] == ["ledger", "register"]
    assert manifest["parameters"] == {"version": "a1b2c3d4e5f6", "status": "assumption", "is_approved": False}
    assert manifest["as_of"] == manifest["known_at"] == "2026-11-23"
    assert manifest["files"]["spend-over-500.csv"]["rows"] == len(frames[keys.OUT_SPEND])


def test_the_same_figures_twice_change_nothing(tmp_path):
    first, second = build(tmp_path), build(tmp_path)
    assert second.unchanged
    assert second.content_hash == first.content_hash
    assert len(list((tmp_path / ".built").glob("2026-*"))) == 1


def test_other_figures_replace_the_pack_and_the_old_one_is_kept_aside(tmp_path):
    before = build(tmp_path, findings=1)
    old = bytes_of(before.folder)
    assert not build(tmp_path, findings=2).unchanged
    assert json.loads((tmp_path / given.PERIOD / "manifest.json").read_text())["findings"] == 2
    assert old in [bytes_of(folder) for folder in (tmp_path / ".built").glob("2026-*")]
    build(tmp_path, findings=1)
    assert bytes_of(tmp_path / given.PERIOD) == old
    assert len(list((tmp_path / ".built").glob("2026-*"))) == 2


@pytest.mark.parametrize(
    ("seed", "zone"),
    [
        ("1", "Pacific/Kiritimati"),
        pytest.param("0", "UTC", marks=pytest.mark.long),
        pytest.param("4242", "America/New_York", marks=pytest.mark.long),
    ],
)
def test_the_bytes_do_not_depend_on_hash_seed_time_zone_or_locale(tmp_path, seed, zone):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "MPLBACKEND": "svg"}
    subprocess.run(
        [sys.executable, str(DRIVER), "build", str(tmp_path / "there")], env=environment, check=True
    )
    build(tmp_path / "here", findings=0)
    there, here = bytes_of(tmp_path / "there" / given.PERIOD), bytes_of(tmp_path / "here" / given.PERIOD)
    inputs = {name: content for name, content in here.items() if name != "manifest.json"}
    assert {name: there[name] for name in inputs} == inputs


def test_a_period_with_nothing_in_it_is_a_pack_like_any_other(tmp_path):
    result = build(tmp_path, given.empty_frames())
    assert set(bytes_of(result.folder)) == BESIDE | OF_DATASETS
    assert verify_folder(result.folder) == []


def test_csv_and_frames_agree_on_the_sum(tmp_path):
    folder = build(tmp_path).folder
    rows = list(csv.DictReader(io.StringIO((folder / "spend-over-500.csv").read_text(encoding="utf-8"))))
    pence = sum(round(float(row["Amount"]) * 100) for row in rows)
    assert pence == int(given.spend()["amount_ex_vat_pence"].sum())


def _broken(name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    """A file changed, with its metadata and twins, and a manifest made to name the changed bytes."""
    stem = name.partition(".")[0]
    files = {one: content for one, content in whole_pack().items() if one.startswith(stem)}
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    manifest = json.loads(whole_pack()["manifest.json"])
    manifest["files"] = {one: {"sha256": sha256_of(c), "bytes": len(c)} for one, c in files.items()}
    return {**files, "manifest.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("payments-over-30k.csv", b"25000.01", b"25000.02", "where the figures have"),
        ("payments-over-30k.csv", b"'=cmd", b"=cmd", "take for a formula"),
        ("payments-over-30k.csv", b"25000.01", b"25,000.01", "cells under"),
        ("payments-over-30k.csv", b"payer_name", b"\xef\xbb\xbfpayer_name", "byte order mark"),
        ("payments-over-30k.csv", b"25000.01", b"lots", "no number"),
        ("spend-over-500.csv", "Café".encode(), b"Caf\xe9", "no UTF-8"),
        ("contracts-register.xlsx", b"PK", b"XX", "not an Excel workbook"),
        ("committee-report.docx", b"PK", b"XX", "damaged"),
        ("data-quality.html", b"<h1>", b"<h2>", "main heading"),
    ],
)
def test_a_faulty_file_is_refused_and_the_old_pack_stays(tmp_path, name, old, new, fault):
    write_draft(tmp_path, given.PERIOD, small_pack(1))
    before = bytes_of(tmp_path / given.PERIOD)
    with pytest.raises(PublicationRefusedError, match=fault):
        write_draft(tmp_path, given.PERIOD, _broken(name, old, new))
    assert bytes_of(tmp_path / given.PERIOD) == before
    assert not list((tmp_path / ".built").glob("*.part"))


def test_a_workbook_of_fewer_rows_or_with_a_formula_is_found_out(tmp_path):
    import openpyxl

    folder = build(tmp_path).folder
    path = folder / "payments-over-30k.xlsx"
    for change in (
        lambda sheet: sheet.delete_rows(sheet.max_row),
        lambda sheet: sheet.__setitem__("A2", "=1+1"),
    ):
        book = openpyxl.load_workbook(path)
        change(book["Payments"])
        book.save(path)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert len(verify_folder(folder)) >= 2, manifest["period"]


def test_verification_names_missing_added_and_changed_files(tmp_path):
    folder = write_draft(tmp_path, given.PERIOD, small_pack(1)).folder
    (folder / "extra.txt").write_text("?")
    assert "extra.txt is in the folder" in verify_folder(folder)[0]
    with (folder / "a.csv").open("ab") as handle:
        handle.write(b"2\r\n")
    assert any("a.csv does not hold the bytes" in fault for fault in verify_folder(folder))
    (folder / "a.csv").unlink()
    assert any("a.csv is missing" in fault for fault in verify_folder(folder))
    (folder / "manifest.json").write_text("{")
    assert "cannot be read" in verify_folder(folder)[0]


def test_a_pack_that_was_tampered_with_is_replaced(tmp_path):
    folder = write_draft(tmp_path, given.PERIOD, small_pack(1)).folder
    (folder / "spend-over-500.csv").write_text("tampered")
    assert not write_draft(tmp_path, given.PERIOD, small_pack(1)).unchanged
    assert verify_folder(folder) == []


def test_the_last_twelve_builds_are_kept_and_the_one_in_use_always(tmp_path):
    for number in range(15):
        write_draft(tmp_path, given.PERIOD, small_pack(number))
    builds = [path for path in (tmp_path / ".built").iterdir() if path.is_dir()]
    assert len(builds) == switch.KEPT_BUILDS
    assert (tmp_path / given.PERIOD).resolve() in builds


def test_builds_of_the_year_do_not_push_out_those_of_its_quarters(tmp_path):
    write_draft(tmp_path, "2026-27-Q2", small_pack(0))
    for number in range(14):
        write_draft(tmp_path, "2026-27", small_pack(number))
    assert verify_folder(tmp_path / "2026-27-Q2") == []


def test_half_built_leftovers_are_swept_away(tmp_path):
    write_draft(tmp_path, given.PERIOD, small_pack(1))
    leftover = tmp_path / ".built" / "2026-27-Q2-0123456789ab.part"
    leftover.mkdir()
    (leftover / "half.csv").write_text("a,b")
    write_draft(tmp_path, given.PERIOD, small_pack(1))
    assert not leftover.exists()


def test_a_plain_folder_in_the_place_of_the_link_is_replaced_too(tmp_path):
    built = write_draft(tmp_path, given.PERIOD, small_pack(1)).folder.resolve()
    (tmp_path / given.PERIOD).unlink()
    built.rename(tmp_path / given.PERIOD)
    result = write_draft(tmp_path, given.PERIOD, small_pack(2))
    assert not result.folder.is_symlink()
    assert json.loads((result.folder / "manifest.json").read_text())["findings"] == 2
    assert write_draft(tmp_path, given.PERIOD, small_pack(2)).unchanged
    assert len(list((tmp_path / ".built").glob("2026-*"))) == 1  # the former publication


def driven(mode: str, folder: Path) -> list[dict]:
    run = subprocess.run(
        [sys.executable, str(DRIVER), mode, str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.mark.long
@posix
def test_a_kill_at_twenty_random_moments_leaves_the_old_pack_or_the_new_one(tmp_path):
    *rounds, last = driven("random", tmp_path)
    assert len(rounds) == 20
    before = 0
    for line in rounds:
        assert line["faults"] == []
        assert line["findings"] in (before, line["round"])
        before = line["findings"]
    assert last == {"round": 99, "findings": 99, "faults": []}


@pytest.mark.long
@posix
@pytest.mark.parametrize("mode", ["steps", "folders"])
def test_a_kill_at_each_touch_of_the_disk_leaves_the_old_pack_or_the_new_one(tmp_path, mode):
    *killed, last = driven(mode, tmp_path)
    assert len(killed) > 30
    assert all(line["killed"] and line["faults"] == [] and line["findings"] in (1, 2) for line in killed)
    assert (last["killed"], last["findings"], last["faults"]) == (False, 2, [])


@pytest.mark.long
@posix
def test_a_kill_at_each_step_of_a_new_version_leaves_the_old_one_or_the_new_one(tmp_path):
    *killed, last = driven("versions", tmp_path)
    assert len(killed) > 30
    assert all(line["killed"] and line["findings"] in (1, 2) for line in killed)
    assert {line["findings"] for line in killed} == {1, 2}
    assert all(line["faults"] == [] and line["first_kept"] and line["again"] == 2 for line in (*killed, last))
    assert all(line["on_record"] == [1, 2] for line in (*killed, last))
    assert (last["killed"], last["findings"]) == (False, 2)


def test_a_waiver_that_opened_the_gate_is_shown_in_manifest_workbooks_and_report(tmp_path):
    day = date(2026, 12, 31)
    waiver = WaiverUsed(
        "SP-013", RULES["SP-013"].text, "K-1", "monitoring officer", "checked by hand", day, day, 2
    )
    edition = replace(given.edition(), waivers=(waiver,))
    files = render_pack(edition, material(given.empty_frames()))

    manifest = json.loads(files["manifest.json"])
    assert manifest["waivers"] == [
        {
            "rule_id": "SP-013", "rule_text": "The payment ledger is not empty.", "decision_id": "K-1",
            "role": "monitoring officer", "reason": "checked by hand", "decided_on": "2026-12-31",
            "expires_on": "2026-12-31", "findings": 2,
        }
    ]  # fmt: skip
    cover = openpyxl.load_workbook(io.BytesIO(files["payments-over-30k.xlsx"]))["Cover"]
    assert str(waiver) in [cell.value for cell in cover["A"]]
    paper = docx.Document(io.BytesIO(files["committee-report.docx"]))
    assert f"Published under a waiver: {waiver}" in [paragraph.text for paragraph in paper.paragraphs]
