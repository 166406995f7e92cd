"""An analyst's morning in a real browser: the graph, the night launched, an asset and its failing checks."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kcc_etl import asset_keys as keys
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import TABLES
from tests.pipeline.servers import Server, free_port, serving
from tests.pipeline.support import PERIOD, County, said
from tests.tools import missing, needs

pytestmark = [pytest.mark.browser, pytest.mark.long]

# Chromium speaks to this machine only: no name resolves, no proxy, no service of its maker.
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic", "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
RUN_SECONDS = 180
RUNS = "{ runsOrError { ... on Runs { results { runId jobName status } } } }"


@dataclass
class Browser:
    """A page on the UI, and what went wrong in it."""

    page: Any
    url: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def shows(self, text: str | re.Pattern[str], *, exact: bool = False) -> None:
        """Wait until the text is seen."""
        self.page.get_by_text(text, exact=exact).filter(visible=True).first.wait_for()


@pytest.fixture
def fresh_county(tmp_path: Path) -> County:
    """Settings and sample, and nothing run yet."""
    made = said("init", tmp_path / "county")
    assert made.code == 0, made.err
    return County(tmp_path / "county", made)


@pytest.fixture
def ui(fresh_county: County, tmp_path: Path) -> Iterator[Server]:
    """The UI as `kcc-etl ui` starts it."""
    port = free_port()
    command = [sys.executable, "-m", "kcc_etl.cli", "ui", "--config", str(fresh_county.config)]
    with serving([*command, "--port", str(port)], port, tmp_path) as server:
        yield server


@pytest.fixture
def chromium() -> str:
    """Where Chromium is; asked first, so that a machine without it starts nothing."""
    return needs("chromium")


@pytest.fixture
def browser(chromium: str, ui: Server) -> Iterator[Browser]:
    """A window of a headless Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = started.new_page(viewport={"width": 1500, "height": 1000})
        window = Browser(page, ui.url)
        page.on("console", lambda said: window.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: window.errors.append(str(error)))
        page.on("request", lambda request: _note_outside(window, request.url))
        yield window
        started.close()


def _note_outside(window: Browser, url: str) -> None:
    if not url.startswith((window.url, "data:", "blob:")):
        window.outside.append(url)


def test_an_analyst_launches_the_night_and_reads_what_came_of_it(
    chromium: str, fresh_county: County, ui: Server, browser: Browser
):
    sees_the_four_stages(browser)
    launches_the_night(browser)
    run = waits_for_the_run(ui)
    reads_that_it_succeeded(browser, run)
    reads_an_asset(browser, fresh_county)
    reads_a_failing_check(browser, fresh_county, keys.RAW_CLAIM, "RT-003")
    reads_a_failing_check(browser, fresh_county, keys.CORE_CLAIM, "RT-008")

    assert (fresh_county.pack / "manifest.json").is_file()
    assert browser.errors == []
    assert browser.outside == []


def sees_the_four_stages(browser: Browser) -> None:
    browser.go("/asset-groups")
    for group in keys.GROUPS.values():
        browser.shows(group, exact=True)


def launches_the_night(browser: Browser) -> None:
    page = browser.page
    browser.go("/jobs")
    page.get_by_role("link", name="nightly").first.click()
    page.get_by_role("button", name="Materialize all").first.click()
    page.get_by_text("Select a partition").click()
    page.get_by_placeholder("Filter partitions").fill(PERIOD)
    page.get_by_role("menuitem").or_(page.locator("[class*=MenuItem]")).filter(has_text=PERIOD).first.click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Launch 1 run").click()
    browser.shows(re.compile("Latest run|Launched run"))


def waits_for_the_run(ui: Server) -> str:
    """The id of the one run, once it has ended; whether it ended well is read in the UI."""
    give_up = time.monotonic() + RUN_SECONDS
    while time.monotonic() < give_up:
        runs = ui.ask(RUNS)["runsOrError"]["results"]
        assert [run["jobName"] for run in runs] in ([], ["nightly"])
        if runs and runs[0]["status"] in ("SUCCESS", "FAILURE", "CANCELED"):
            return str(runs[0]["runId"])
        time.sleep(0.5)
    raise AssertionError(f"the run did not end in {RUN_SECONDS} seconds:\n{ui.log.read_text()[-5000:]}")


def reads_that_it_succeeded(browser: Browser, run: str) -> None:
    browser.go(f"/runs/{run}")
    browser.shows("Success", exact=True)
    browser.shows(f"partition: {PERIOD}")


def reads_an_asset(browser: Browser, county: County) -> None:
    table = TABLES[keys.CORE_CLAIM]
    with closing(sqlite3.connect(county.warehouse)) as connection:
        count = connection.execute(f"select count(*) from {table.name}").fetchone()[0]
        first = connection.execute(f"select min(contract_ref) from {table.name}").fetchone()[0]
    browser.go(f"/assets/{table.name}")
    browser.shows("Row count")
    browser.shows(str(count), exact=True)
    browser.shows(table.description)
    browser.shows(f"One row: {table.grain}.")
    browser.shows("claimed", exact=True)
    browser.shows(FIELDS["claimed"].description)
    browser.go(f"/assets/{table.name}?view=events")
    browser.shows(FIELDS["claimed"].title, exact=True)
    browser.shows(first, exact=True)


def reads_a_failing_check(browser: Browser, county: County, asset: str, rule_id: str) -> None:
    """The check of the rule names the file, the sheet and the cell of each fault planted for it."""
    listed = json.loads((county.data / "inbox" / "planted-faults.json").read_text())["faults"]
    planted = [(fault["file"], fault["place"]) for fault in listed if fault["rule"] == rule_id]
    assert planted
    page = browser.page
    browser.go(f"/assets/{asset}?view=checks")
    name = rule_id.replace("-", "_")
    page.get_by_placeholder("Filter checks").fill(name)
    page.get_by_text(re.compile(f"^{name}")).filter(visible=True).first.click()
    browser.shows(f"{rule_id}. {RULES[rule_id].text}")
    browser.shows(
        re.compile(f"First: {re.escape(planted[0][0])}, sheet 'Return', cell {planted[0][1]}: found")
    )
    for file, cell in planted:
        row = page.get_by_role("row").filter(has_text=file).filter(has_text="Return").filter(has_text=cell)
        row.last.wait_for()
