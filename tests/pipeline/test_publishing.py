"""The life of a pack by the real command: draft, sign-off, version, correction; and one hash for any rebuild."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import dagster as dg
import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.definitions import build_defs
from kcc_etl.resources import house_resources
from tests.pipeline.support import PERIOD, ROOT, County, Outcome, kcc_etl
from tests.pipeline.test_launch_paths import PACK, QUIET, _by_hand, dagster_of, why

LEDGER = "ledger-2026-27-Q2.csv"
CODE = ("kcc_etl", "assets", "checks", "reports", "tests")


def asked_to_be_final(county: County) -> dg.ExecuteInProcessResult:
    """The pack alone, launched with `final: true`, as a person may in the UI."""
    defs = build_defs(house_resources(str(county.config))._asdict())
    with dagster_of(county) as made:
        return defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=made,
            asset_selection=[PACK],
            partition_key=PERIOD,
            raise_on_error=False,
            run_config={**QUIET, "ops": {keys.PUB_PACK: {"config": {"final": True}}}},
        )


def figures(county: County) -> str:
    return str(json.loads((county.pack / "manifest.json").read_text("utf-8"))["figures"])


def approve(county: County, refused: str) -> None:
    """The director approves the notice by the number that the refusal names."""
    named = re.search(
        r'"compliance approval" ([0-9a-f]{16}) --period (2026-27-H1)', " ".join(refused.split())
    )
    assert named, refused
    done = kcc_etl(
        "decide", "compliance approval", named[1], "--period", named[2], "--other", "Robin Pretend",
        "--role", "Corporate Director of Finance", "--reason", "figures approved", "--config", county.config,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert kcc_etl("run", "--config", county.config, "--quiet").code == 1


def sign(county: County, digest: str) -> None:
    done = kcc_etl(
        "decide", "sign-off", PERIOD, "--figures", digest[:12], "--role", "section 151 officer",
        "--reason", "figures agreed for publication", "--config", county.config,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert kcc_etl("run", "--config", county.config, "--quiet").code == 1


def publish(county: County) -> Outcome:
    return kcc_etl("publish", PERIOD, "--config", county.config, "--json")


def bytes_below(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.long
def test_a_pack_is_drafted_signed_off_published_and_corrected(copy_of_county: County) -> None:
    county = copy_of_county
    versions = county.data / "publications" / "versions" / PERIOD

    result = asked_to_be_final(county)
    assert not result.success
    assert "waits for the director responsible for finances" in why(result)
    approve(county, why(result))
    result = asked_to_be_final(county)
    assert f"--figures {figures(county)[:12]}" in why(result)
    assert not versions.exists(), "asking is not signing"

    sign(county, figures(county))
    first = json.loads(publish(county).out)
    assert (first["status"], first["exit_code"], first["changed"]) == ("published", 0, True)
    manifest = json.loads((county.published / "manifest.json").read_text("utf-8"))
    assert (manifest["status"], manifest["version"], manifest["replaces"]) == ("final", 1, None)
    assert manifest["sign_off"]["role"] == "section 151 officer"
    assert manifest["figures"] == figures(county)
    kept = bytes_below(versions)

    again = json.loads(publish(county).out)
    assert (again["exit_code"], again["changed"]) == (0, False)
    looked_back = kcc_etl("run", "--config", county.config, "--as-of", "2026-11-22", "--json")
    assert "/rebuilt/" in json.loads(looked_back.out)["drafted"]
    assert bytes_below(versions) == kept

    ledger = county.data / "inbox" / "payments" / LEDGER
    text = ledger.read_text("utf-8")
    line = next(line for line in text.splitlines() if ",Highway maintenance," in line)
    ledger.write_text(
        text.replace(line, line.replace(",Highway maintenance,", ",Road maintenance,")), "utf-8", newline=""
    )
    assert kcc_etl("run", "--config", county.config, "--quiet").code == 1
    refused = publish(county)
    assert refused.code == 1
    (reason,) = json.loads(refused.out)["refused"]
    assert "since then: " in reason
    assert "spend-over-500" in reason
    assert bytes_below(versions) == kept

    sign(county, figures(county))
    second = json.loads(publish(county).out)
    assert "Since version 1: " in second["told"]
    assert county.published.resolve() == (versions / "v2").resolve()
    changes = (versions / "v2" / "changes.csv").read_text("utf-8")
    assert "Purpose,withheld,withheld,changed" in changes
    assert f"payments ({LEDGER})" in changes
    assert "Road maintenance" not in changes, "free text is not quoted"
    assert kept == {name: digest for name, digest in bytes_below(versions).items() if name.startswith("v1/")}

    _by_hand(county)
    assert not asked_to_be_final(county).success, (
        "what was signed is not published through a gate that is shut"
    )
    assert sorted(path.name for path in versions.iterdir()) == ["v1", "v2"]


@pytest.mark.long
def test_a_half_is_drafted_from_what_the_last_night_took_in(copy_of_county: County) -> None:
    """Performance is what was due and done at its end; what is asked for by the quarter is left out."""
    done = kcc_etl("publish", "2026-27-H1", "--config", copy_of_county.config)
    assert done.code == 1
    told = " ".join(done.out.replace("│", " ").split())
    assert "compliance approval" in told
    assert "2026-27-H1 waits for the director" in told
    half, quarter = (
        json.loads((copy_of_county.pack.parent / period / "manifest.json").read_text("utf-8"))["totals"]
        for period in ("2026-27-H1", PERIOD)
    )
    assert "payments-over-30k" not in half
    assert half["social-value-performance"] == quarter["social-value-performance"]
    assert half["spend-over-500"]["rows"] > quarter["spend-over-500"]["rows"]


@pytest.mark.long
def test_twelve_rebuilds_are_one_pack_a_day(county: County, tmp_path: Path) -> None:
    """Two days, three time zones, three hash seeds, alone and two at a time, from a fresh copy of the code."""
    fresh = tmp_path / "fresh"
    for name in CODE:
        shutil.copytree(ROOT / name, fresh / name, ignore=shutil.ignore_patterns("__pycache__"))
    zones = ("UTC", "Pacific/Kiritimati", "America/New_York")
    seeds = ("0", "1", "4242")
    asked = list(product(("2026-11-23", "2026-11-24"), zones, ("here", "fresh")))

    def rebuild(number: int) -> tuple[str, dict[str, str]]:
        day, zone, install = asked[number]
        folder = tmp_path / str(number)
        code = str(ROOT if install == "here" else fresh)
        given = {"PYTHONPATH": code, "TZ": zone, "PYTHONHASHSEED": seeds[number % 3], "LC_ALL": "C"}
        command = [sys.executable, "-m", "tests.pipeline.rebuild_driver", county.config, day, PERIOD, folder]
        subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **given},
            cwd=tmp_path,
            check=True,
            timeout=300,
        )
        return day, bytes_below(folder / PERIOD)

    made = [rebuild(0), rebuild(1)]
    with ThreadPoolExecutor(2) as workers:
        made += workers.map(rebuild, range(2, len(asked)))
    assert len(made) == 12
    by_day = {day: [files for of, files in made if of == day] for day, _ in made}
    for packs in by_day.values():
        assert len(packs) == 6
        for name in packs[0]:
            assert len({files[name] for files in packs}) == 1, name
        assert len({frozenset(files) for files in packs}) == 1
    first, second = (packs[0] for packs in by_day.values())
    assert first["manifest.json"] != second["manifest.json"]
    csvs = {name: digest for name, digest in first.items() if name.endswith(".csv") and name != "sources.csv"}
    assert csvs.items() <= second.items(), "figures are those of the tables, whatever the day of the pack"
