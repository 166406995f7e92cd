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
from tests.pipeline.support import PERIOD, ROOT, County, Outcome, said
from tests.pipeline.test_launch_paths import PACK, QUIET, _by_hand, dagster_of, why
from tests.pipeline.test_sample_night import looks_back

LEDGER = "ledger-2026-27-Q2.csv"
AS_OF = "2026-11-23"
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
    done = said(
        "decide", "compliance approval", named[1], "--period", named[2], "--other", "Robin Pretend",
        "--role", "Corporate Director of Finance", "--reason", "figures approved", "--config", county.config,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert said("run", "--config", county.config, "--quiet").code == 1


def sign(county: County, digest: str) -> None:
    done = said(
        "decide", "sign-off", PERIOD, "--figures", digest[:12], "--role", "section 151 officer",
        "--reason", "figures agreed for publication", "--config", county.config,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert said("run", "--config", county.config, "--quiet").code == 1


def publish(county: County) -> Outcome:
    return said("publish", PERIOD, "--config", county.config, "--json")


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
    looked_back = looks_back(county, "--as-of", "2026-11-22")
    assert "/rebuilt/as-of-2026-11-22-known-at-2026-11-23/" in looked_back["drafted"]
    assert bytes_below(versions) == kept

    ledger = county.data / "inbox" / "payments" / LEDGER
    text = ledger.read_text("utf-8")
    line = next(line for line in text.splitlines() if ",Highway maintenance," in line)
    ledger.write_text(
        text.replace(line, line.replace(",Highway maintenance,", ",Road maintenance,")), "utf-8", newline=""
    )
    assert said("run", "--config", county.config, "--quiet").code == 1
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
    done = said("publish", "2026-27-H1", "--config", copy_of_county.config)
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


ZONES = ("UTC", "Pacific/Kiritimati", "America/New_York")
SEEDS = ("0", "1", "4242")


@pytest.mark.long
def test_twelve_rebuilds_have_one_hash_a_file(county: County, tmp_path: Path) -> None:
    """On two days of the clock, in three time zones, by three hash seeds, alone and two at a time, half of them
    from a copy of the code elsewhere: eleven from the warehouse and one by a whole night from nothing.

    All are held to the pack that the county's own night left.
    """
    fresh = tmp_path / "fresh"
    for name in CODE:
        shutil.copytree(ROOT / name, fresh / name, ignore=shutil.ignore_patterns("__pycache__"))
    asked = list(product((0, 40), ZONES, (ROOT, fresh)))

    def rebuild(number: int) -> tuple[str, dict[str, str]]:
        ahead, zone, code = asked[number]
        folder, is_night = tmp_path / str(number), number == len(asked) - 1
        config = folder / "kcc_etl.toml" if is_night else county.config
        given = {"PYTHONPATH": str(code), "TZ": zone, "PYTHONHASHSEED": SEEDS[number % 3], "LC_ALL": "C"}
        command = ["tests.pipeline.rebuild_driver", config, AS_OF, PERIOD, folder, ahead]
        done = subprocess.run(
            [sys.executable, "-m", *map(str, command)],
            env={**os.environ, "DAGSTER_DISABLE_TELEMETRY": "true", **given},
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.stdout.startswith(str(code / "kcc_etl")), "the code is the one that was asked for"
        return done.stdout.split()[1], bytes_below(
            folder / "data" / "drafts" / PERIOD if is_night else folder / PERIOD
        )

    made = [rebuild(0)]
    with ThreadPoolExecutor(2) as workers:
        made += workers.map(rebuild, range(len(asked) - 1, 0, -1))
    left = bytes_below(county.pack)
    assert len(made) == 12
    assert len({day for day, _ in made}) >= 2, "the clock has moved"
    for name in left:
        assert {files.get(name) for _, files in made} == {left[name]}, name
    assert all(files.keys() == left.keys() for _, files in made)


@pytest.mark.long
def test_figures_are_those_of_the_tables_whatever_the_day_of_the_pack(county: County, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.pipeline.rebuild_driver"]
    asked = [county.config, "2026-11-24", PERIOD, tmp_path, 0]
    subprocess.run(
        [*command, *map(str, asked)], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, timeout=300
    )
    first, second = bytes_below(county.pack), bytes_below(tmp_path / PERIOD)
    assert first["manifest.json"] != second["manifest.json"]
    csvs = {name: digest for name, digest in first.items() if name.endswith(".csv") and name != "sources.csv"}
    assert csvs.items() <= second.items()
