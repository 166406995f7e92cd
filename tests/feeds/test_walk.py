"""The walk through Find a Tender and Contracts Finder: all of a day once, nothing twice, from where it stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcc_etl.intake.feeds.feed import Feed
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


class TestFewerThanTheDayBefore:
    """Days of August 2026: Friday 28 has 20 releases, Monday 31 is a bank holiday."""

    @pytest.fixture
    def nights(self, nights: Nights, platform: Platform) -> Nights:
        platform.releases = made_up("2026-08-28", 20)
        nights.feed = replace(nights.feed, since=date(2026, 8, 28))
        assert nights.run(date(2026, 8, 29)).findings == []
        return nights

    def had(self, platform: Platform, day: str, count: int) -> None:
        platform.releases = [*(r for r in platform.releases if r[0][:10] != day), *made_up(day, count)]

    @pytest.mark.parametrize(("count", "found"), [(16, []), (15, ["FD-003"]), (1, ["FD-003"])])
    def test_is_told_of_a_working_day_and_held_against_the_last_one(
        self, count: int, found: list[str], platform: Platform, nights: Nights
    ) -> None:
        self.had(platform, "2026-09-01", count)
        fetched = nights.run(date(2026, 9, 2))
        assert rules(fetched) == found
        assert [f.found for f in fetched.findings] == [
            f"{count} notices on 2026-09-01, against 20 on 2026-08-28" for _ in found
        ]
        assert all(
            "What landed last, on 2026-09-02 (today), stays in use." in f.remedy for f in fetched.findings
        )
        assert len(set(release_ids(nights))) == 20 + count

    def test_is_nothing_on_a_saturday_a_sunday_or_a_bank_holiday(
        self, platform: Platform, nights: Nights
    ) -> None:
        self.had(platform, "2026-08-29", 1)
        for number in range(30, 32):
            assert nights.run(date(2026, 8, number)).findings == []
        assert nights.run(date(2026, 9, 1)).findings == []

    def test_is_asked_again_once_and_then_believed(self, platform: Platform, nights: Nights) -> None:
        self.had(platform, "2026-09-01", 5)
        nights.run(date(2026, 9, 2))
        assert rules(nights.run(date(2026, 9, 2))) == ["FD-003"]
        self.had(platform, "2026-09-02", 5)
        platform.requests.clear()
        assert nights.run(date(2026, 9, 3)).findings == []
        assert {p["updatedFrom"][:10] for p in platform.asked} == {"2026-09-01", "2026-09-02"}
        platform.requests.clear()
        self.had(platform, "2026-09-03", 5)
        assert nights.run(date(2026, 9, 4)).findings == []
        assert {p["updatedFrom"][:10] for p in platform.asked} == {"2026-09-03"}

    def test_is_made_good_when_the_others_come(self, platform: Platform, nights: Nights) -> None:
        self.had(platform, "2026-09-01", 5)
        nights.run(date(2026, 9, 2))
        self.had(platform, "2026-09-01", 20)
        self.had(platform, "2026-09-02", 20)
        assert nights.run(date(2026, 9, 3)).findings == []
        assert {i for i in release_ids(nights) if i.endswith("2026-09-01")} == {
            f"{number:06}-2026-09-01" for number in range(20)
        }


class TestAFullPageThatLeadsToNoOther:
    """As Find a Tender gave them in June and July 2026."""

    @pytest.fixture
    def platform(self, platform: Platform) -> Platform:
        platform.releases, platform.page_size = made_up("2026-08-08", 480), 100
        return platform

    @pytest.fixture
    def nights(self, nights: Nights) -> Nights:
        nights.feed = replace(nights.feed, since=date(2026, 8, 8))
        return nights

    def without_links(self, platform: Platform) -> None:
        page = platform.page
        platform.page = lambda params: page(params).partition(b',"links"')[0].removesuffix(b"}") + b"}"  # type: ignore[method-assign]

    def test_is_told_and_asked_again_even_of_a_saturday(self, platform: Platform, nights: Nights) -> None:
        self.without_links(platform)
        (finding,) = nights.run(date(2026, 8, 9)).findings
        assert (finding.rule_id, finding.found) == (
            "FD-003",
            "a full page that leads to no other on 2026-08-08",
        )
        platform.requests.clear()
        assert [f.subject for f in nights.run(date(2026, 8, 10)).findings] == ["2026-08-08"]
        again = [p["limit"] for p in platform.asked if p["updatedFrom"].startswith("2026-08-08")]
        assert again == ["99"] * 4

    def test_is_made_good_when_the_links_come_back(self, platform: Platform, nights: Nights) -> None:
        whole = platform.page
        self.without_links(platform)
        nights.run(date(2026, 8, 9))
        platform.page = whole  # type: ignore[method-assign]
        assert nights.run(date(2026, 8, 10)).findings == []
        assert len(set(release_ids(nights))) == 480

    def test_by_chance_is_settled_by_shorter_pages(self, platform: Platform, nights: Nights) -> None:
        platform.releases = made_up("2026-08-08", 400)
        assert rules(nights.run(date(2026, 8, 9))) == ["FD-003"]
        assert nights.run(date(2026, 8, 10)).findings == []
        platform.requests.clear()
        assert nights.run(date(2026, 8, 10)).findings == []
        assert platform.requests == []
