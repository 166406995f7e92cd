"""How often a host is asked, by one run and by runs that follow each other, and how long it is left alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kcc_etl.doctor import examine
from kcc_etl.intake.feeds.asking import Line
from kcc_etl.intake.feeds.clock import LONGEST_AWAY, Limiter
from kcc_etl.intake.feeds.edge import open_client
from kcc_etl.intake.feeds.feed import PACES
from tests.feeds.platform import Platform, made_up, status
from tests.feeds.support import MONDAY, TUESDAY, FakeClock, Nights, rules

PACE = PACES["find-a-tender"]


@pytest.fixture
def nights(nights: Nights, tmp_path: Path) -> Nights:
    """Each run has a limiter of its own, as a process of its own has, and the file they share."""
    nights.asked = tmp_path / "feeds-asked.json"
    return nights


@pytest.fixture
def times(platform: Platform, nights: Nights) -> list[float]:
    """When the platform was asked for a page, by the clock of the feed."""
    asked: list[float] = []
    page = platform.page

    def timed(params: dict[str, str]) -> bytes:
        asked.append(nights.clock.now)
        return page(params)

    platform.page = timed  # type: ignore[method-assign]
    return asked


def most_in(times: list[float], seconds: float) -> int:
    return max(len([t for t in times if start <= t < start + seconds]) for start in times)


def test_never_more_than_twelve_requests_in_two_minutes(
    platform: Platform, nights: Nights, times: list[float]
) -> None:
    platform.page_size = 1
    nights.run()
    assert len(times) == 20
    assert most_in(times, 120) == 12


def test_a_run_right_after_another_counts_what_that_one_asked(
    platform: Platform, nights: Nights, times: list[float]
) -> None:
    nights.run()
    assert len(times) == 12
    nights.feed = replace(nights.feed, name="again")
    nights.landed = []
    nights.run()
    assert len(times) == 24
    assert most_in(times, 120) == 12
    assert times[12] == PACE.seconds


def test_a_run_half_an_hour_later_waits_for_nobody(platform: Platform, nights: Nights) -> None:
    nights.run()
    nights.landed, nights.clock.now = [], 1800.0
    nights.run()
    assert nights.clock.now == 1800.0


@pytest.mark.parametrize(
    ("kind", "fault", "seconds"),
    [
        ("contracts-finder", status(403), 300),
        ("find-a-tender", status(429, retry_after="600"), 600),
        ("find-a-tender", status(429), 120),
        ("find-a-tender", status(503, retry_after="90"), 90),
        ("find-a-tender", status(429, retry_after="999999999"), LONGEST_AWAY),
    ],
)
def test_a_wish_to_be_left_alone_holds_for_the_next_run_too(
    kind, fault, seconds: float, platform: Platform, nights: Nights
) -> None:
    nights.feed = replace(nights.feed, type=kind, minutes=1)
    platform.fail(fault, 1)
    assert rules(nights.run()) == ["FD-001"]
    nights.clock.now += 10

    (finding,) = nights.run().findings
    assert len(platform.requests) == 1, "it was asked again although it wished not to be"
    assert finding.found == f"127.0.0.1 asked us to stay away, for {seconds - 10:,.0f} more seconds"

    nights.clock.now += seconds - 10
    assert nights.run().findings == []


@pytest.mark.parametrize("fault", [status(403), status(404), status(500), status(500, retry_after="600")])
def test_other_refusals_keep_the_next_run_from_nothing(fault, platform: Platform, nights: Nights) -> None:
    nights.feed, platform.page_size = replace(nights.feed, minutes=1), 100
    platform.fail(fault, 1, 2, 3)
    nights.run()
    nights.clock.now += 1
    platform.mend()
    assert nights.run().findings == []


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"127.0.0.1', b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_made_anew(content: bytes, platform: Platform, nights: Nights) -> None:
    assert nights.asked
    nights.asked.write_bytes(content)
    assert nights.run().findings == []
    assert [len(host["times"]) for host in json.loads(nights.asked.read_bytes()).values()] == [12]


def test_a_folder_that_cannot_be_written_stops_no_feed(nights: Nights, tmp_path: Path) -> None:
    nights.asked = tmp_path / "not there" / "asked.json"
    assert nights.run().findings == []


def test_what_is_kept_names_the_host_and_no_secret(
    platform: Platform, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", "xyzzy")
    platform.pages["/s.csv"] = b"a,b\r\n1,2\r\n"
    address = platform.url.replace("://", "://joe:${KEY}@") + "/s.csv?key=${KEY}"
    nights.feed = replace(nights.feed, type="url", kind="payments", address=address)
    assert nights.run().findings == []
    assert nights.asked
    assert list(json.loads(nights.asked.read_bytes())) == [platform.url.removeprefix("http://")]
    assert b"xyzzy" not in nights.asked.read_bytes()


def test_the_doctor_heeds_what_is_kept_and_leaves_it_as_it_is(
    platform: Platform, nights: Nights, tmp_path: Path
) -> None:
    nights.feed = replace(nights.feed, type="contracts-finder", minutes=1)
    platform.fail(status(403), 1)
    nights.run()
    assert nights.asked
    before = nights.asked.read_bytes()
    config = tmp_path / "kcc_etl.toml"
    config.write_text(
        '[authority]\nname = "A"\naddress = "B"\nemail = "c@d.example"\nids = ["GB-PPON-PAAA-0000-AAAA"]\n'
        f'[[sources]]\nname = "cf"\nkind = "notices"\n'
        f'feed = {{ type = "contracts-finder", since = {MONDAY}, address = "{platform.address}" }}\n'
    )
    with open_client(nights.asked, writes=False) as line:
        there = examine(config, today=TUESDAY, clock=FakeClock(), client=line)
        later = examine(config, today=TUESDAY, clock=FakeClock(301), client=line)
    states = [{s.name: s.state for s in seen.sights}["cf"] for seen in (there, later)]
    assert states == ["out of reach", "well"]
    assert len(platform.requests) == 2
    assert nights.asked.read_bytes() == before


class TestLimiter:
    def test_two_feeds_of_one_host_share_its_limit(self) -> None:
        limiter = Limiter()
        for _ in range(12):
            assert limiter.wait_needed("host", PACE, 0.0) == 0.0
            limiter.note("host", 0.0)
        assert limiter.wait_needed("host", PACE, 10.0) == PACE.seconds - 10
        assert limiter.wait_needed("other", PACE, 10.0) == 0.0
        assert limiter.wait_needed("host", PACE, PACE.seconds) == 0.0

    def test_a_feed_of_files_on_the_same_host_forgets_nothing_of_the_platform(self) -> None:
        limiter = Limiter()
        for _ in range(12):
            limiter.note("host", 0.0)
        assert limiter.wait_needed("host", PACES["url"], 100.0) == 0.0
        assert limiter.wait_needed("host", PACE, 100.0) == PACE.seconds - 100

    def test_a_clock_that_is_put_back_holds_up_nobody(self, tmp_path: Path) -> None:
        limiter = Limiter(tmp_path / "asked.json")
        for _ in range(12):
            limiter.note("host", 1e9)
        limiter.stay_away("host", 1e9, 300.0)
        assert Limiter(tmp_path / "asked.json").wait_needed("host", PACE, 1e9 - 1e6) == 0.0

    def test_runs_at_once_see_each_other(self, tmp_path: Path) -> None:
        one, other = Limiter(tmp_path / "asked.json"), Limiter(tmp_path / "asked.json")
        for number in range(6):
            for limiter in (one, other):
                assert limiter.wait_needed("host", PACE, number) == 0.0
                limiter.note("host", number + (0.5 if limiter is other else 0.0))
        assert one.wait_needed("host", PACE, 6.0) == other.wait_needed("host", PACE, 6.0) == PACE.seconds - 6


def test_a_night_spends_no_more_time_than_it_may(platform: Platform, nights: Nights) -> None:
    days = [MONDAY.replace(day=number) for number in range(1, 11)]
    platform.releases = [release for day in days for release in made_up(day.isoformat(), 4)]
    nights.feed = replace(nights.feed, since=days[0], minutes=5)

    first = nights.run()

    assert nights.clock.now <= 300
    assert rules(first) == ["FD-001"]
    assert "time for it ran out" in first.findings[0].found
    assert "further window(s) wait for the next night" in first.findings[0].remedy
    assert nights.run().findings == []


def test_the_line_of_the_program_reads_and_keeps_the_file_it_is_given(tmp_path: Path) -> None:
    kept = tmp_path / "asked.json"
    with open_client(kept) as line:
        assert isinstance(line, Line)
        line.limiter.note("host", 5.0)
    assert json.loads(kept.read_bytes()) == {"host": {"times": [5.0], "away_until": 0.0}}
