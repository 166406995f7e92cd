"""The walk through Find a Tender and Contracts Finder: all of a day once, nothing twice, from where it stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcc_etl.intake.feeds.clock import Limiter
from kcc_etl.intake.feeds.feed import PACES, Feed
from tests.feeds.platform import Platform, made_up, recorded_releases, serving, status
from tests.feeds.support import MONDAY, TUESDAY, Nights, rules

WEDNESDAY = TUESDAY + timedelta(days=1)


def release_ids(nights: Nights) -> list[str]:
    pages = [json.loads(file.path.read_bytes()) for file in nights.pages]
    return [release["id"] for page in pages for release in page["releases"]]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Platform, Nights, list[str]]:
    """The recorded day taken in, and asked for once more."""
    releases = recorded_releases()
    with serving(Platform(releases)) as platform:
        feed = Feed("fts", "notices", "find-a-tender", platform.address, since=MONDAY)
        nights = Nights(tmp_path_factory.mktemp("day"), feed)
        first, second = nights.run(), nights.run()
        assert (first.findings, second.findings, second.new) == ([], [], [])
    return platform, nights, [str(json.loads(raw)["id"]) for _, raw in releases]


class TestTheRecordedDay:
    def test_every_release_lands_once_and_a_second_run_asks_for_nothing(self, day) -> None:
        platform, nights, ids = day
        assert sorted(release_ids(nights)) == sorted(ids)
        assert len(ids) == 459
        assert len(platform.requests) == len(nights.pages) == 7

    def test_bytes_land_as_they_were_sent_infinity_and_all(self, day) -> None:
        platform, nights, _ = day
        landed = b"".join(file.path.read_bytes() for file in nights.pages)
        assert b"1e9999" in landed
        assert all(raw in landed for _, raw in platform.releases)

    def test_windows_are_quarters_of_a_day_and_nothing_else_is_asked(self, day) -> None:
        platform, _, _ = day
        asked = [(p["updatedFrom"], p["updatedTo"], p["limit"], "cursor" in p) for p in platform.asked]
        hours = ["2026-08-10T00", "2026-08-10T06", "2026-08-10T12", "2026-08-10T18", "2026-08-11T00"]
        times = [f"{hour}:00:00" for hour in hours]
        pages = [(0, False), (1, False), (1, True), (2, False), (2, True), (2, True), (3, False)]
        assert asked == [(times[w], times[w + 1], "100", cursor) for w, cursor in pages]

    def test_the_program_names_itself_and_sends_no_cookie_back(self, day) -> None:
        platform, _, _ = day
        assert all(r.headers["User-Agent"].startswith("kcc-etl/") for r in platform.requests)
        assert not any("Cookie" in r.headers for r in platform.requests)


def test_the_next_day_asks_only_for_the_day_between(platform: Platform, nights: Nights) -> None:
    nights.run(TUESDAY)
    platform.releases = [*platform.releases, *made_up("2026-08-11")]
    platform.requests.clear()

    fetched = nights.run(WEDNESDAY)

    assert {params["updatedFrom"][:10] for params in platform.asked} == {"2026-08-11"}
    assert fetched.findings == []
    assert len(release_ids(nights)) == len(set(release_ids(nights))) == 40


def test_a_gap_that_an_earlier_since_opens_is_filled(platform: Platform, nights: Nights) -> None:
    nights.run()
    nights.feed = replace(nights.feed, since=MONDAY - timedelta(days=2))
    platform.requests.clear()

    nights.run()

    assert [p["updatedFrom"][:10] for p in platform.asked] == ["2026-08-08"] * 4 + ["2026-08-09"] * 4


def test_today_is_not_asked_for_it_is_not_over(platform: Platform, nights: Nights) -> None:
    assert nights.run(MONDAY).new == []
    assert platform.requests == []


def test_contracts_finder_is_asked_in_its_own_words(platform: Platform, nights: Nights) -> None:
    nights.feed = replace(nights.feed, type="contracts-finder")
    assert nights.run().findings == []
    assert {"publishedFrom", "publishedTo", "limit"} <= set(platform.asked[0])
    assert len(release_ids(nights)) == 20


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stops=st.lists(st.integers(1, 12), max_size=4))
def test_wherever_nights_break_off_all_releases_land_once(
    stops: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A night that breaks off leaves the next one exactly the pages that are missing."""
    with serving(Platform(made_up("2026-08-10"), page_size=2)) as platform:
        feed = Feed("fts", "notices", "find-a-tender", platform.address, since=MONDAY)
        nights = Nights(tmp_path_factory.mktemp("nights"), feed)
        for stop in stops:
            platform.mend()
            asked = len(platform.requests)
            platform.fail(status(503), *range(asked + stop, asked + stop + 4))
            nights.run()
        platform.mend()
        assert nights.run().findings == []
        assert len(release_ids(nights)) == len(set(release_ids(nights))) == 20
        answered = [tuple(sorted(params.items())) for params in platform.asked]
        assert len(set(answered)) == 12
        assert (len(answered) - len(nights.pages)) % 4 == 0, "but for refusals, a page is asked for once"


class TestAWorkingDayWithoutANotice:
    def test_is_not_believed_and_asked_again_on_each_night_of_a_week(self, platform, nights) -> None:
        platform.releases = []
        assert rules(nights.run(TUESDAY)) == ["FD-003"]
        assert (rules(nights.run(TUESDAY)), len(platform.requests)) == (["FD-003"], 4)
        nights.feed = replace(nights.feed, since=MONDAY)
        later = [rules(nights.run(MONDAY + timedelta(days=n)))[0:1] for n in range(2, 8)]
        assert later == [["FD-003"]] * 6
        platform.requests.clear()
        nights.run(MONDAY + timedelta(days=8))
        assert "2026-08-10" not in {params["updatedFrom"][:10] for params in platform.asked}

    def test_is_made_good_when_the_notices_come(self, platform, nights) -> None:
        releases, platform.releases = platform.releases, []
        nights.run(TUESDAY)
        platform.releases = [*releases, *made_up("2026-08-11")]
        assert nights.run(WEDNESDAY).findings == []
        assert len(set(release_ids(nights))) == 40

    def test_a_weekend_without_a_notice_is_believed(self, tmp_path: Path, platform: Platform) -> None:
        saturday = date(2026, 8, 8)
        feed = Feed("fts", "notices", "find-a-tender", platform.address, since=saturday)
        platform.releases = []
        assert Nights(tmp_path, feed).run(date(2026, 8, 10)).findings == []

    def test_a_window_without_a_notice_is_an_answer(self, platform: Platform, nights: Nights) -> None:
        platform.releases = platform.releases[-1:]
        assert nights.run().findings == []
        assert nights.run().new == []


class TestPoliteness:
    def test_never_more_than_twelve_requests_in_two_minutes(self, platform: Platform, nights: Nights) -> None:
        platform.page_size = 1
        times: list[float] = []
        platform_page = platform.page

        def timed(params: dict[str, str]) -> bytes:
            times.append(nights.clock.now)
            return platform_page(params)

        platform.page = timed  # type: ignore[method-assign]
        nights.run()
        assert len(times) == 20
        for start in times:
            assert len([t for t in times if start <= t < start + 120]) <= 12

    def test_two_feeds_of_one_host_share_its_limit(self) -> None:
        limiter, pace = Limiter(), PACES["find-a-tender"]
        for _ in range(12):
            assert limiter.wait_needed("host", pace, 0.0) == 0.0
            limiter.note("host", 0.0)
        assert limiter.wait_needed("host", pace, 10.0) == pace.seconds - 10
        assert limiter.wait_needed("other", pace, 10.0) == 0.0
        assert limiter.wait_needed("host", pace, pace.seconds) == 0.0

    def test_a_night_spends_no_more_time_than_it_may(self, platform: Platform, nights: Nights) -> None:
        days = [MONDAY - timedelta(days=number) for number in range(12)]
        platform.releases = [release for day in days for release in made_up(day.isoformat(), 4)]
        nights.feed = replace(nights.feed, since=days[-1], minutes=5)

        first = nights.run()

        assert nights.clock.now <= 300
        assert rules(first) == ["FD-001"]
        assert "time for it ran out" in first.findings[0].found
        assert "further window(s) wait for the next night" in first.findings[0].remedy
        assert nights.run().findings == []
        assert len(release_ids(nights)) == len(set(release_ids(nights))) == 48
