"""Every way a platform of notices can fail: nothing is lost, the right finding, and made good the next night."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.intake.feeds.asking import BACK_OFF
from kcc_etl.intake.feeds.feed import Feed
from kcc_etl.intake.feeds.pages import NoPage, Page, next_cursor, read_page
from tests.feeds.platform import (
    RECORDED,
    Fault,
    Platform,
    altered,
    endless,
    half_a_body,
    hang_up,
    serving,
    status,
)
from tests.feeds.support import MONDAY, TUESDAY, Nights, rules
from tests.feeds.test_walk import release_ids
from tests.tools import missing

WEDNESDAY = TUESDAY + timedelta(days=1)
LOGIN = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"


def slow(handler: object, _body: bytes) -> None:
    time.sleep(0.4)
    hang_up(handler, b"")  # type: ignore[arg-type]


def at_midnight(fault: Fault) -> Fault:
    """The fault, with the platform's clock at midnight."""

    def late(handler, body: bytes) -> None:
        handler.date_time_string = lambda timestamp=None: "Mon, 10 Aug 2026 00:00:00 GMT"
        fault(handler, body)

    return late


def elsewhere(body: bytes) -> bytes:
    """The page, with a link to the next that leads to another machine."""
    return re.sub(rb"http://127\.0\.0\.1:\d+/api", b"http://127.0.0.1:9/api", body)


def in_a_circle(body: bytes) -> bytes:
    """The second page of a window, whose link leads to the second page."""
    return body.replace(b"nextCursor=4", b"nextCursor=2").replace(_cursor(4), _cursor(2))


def _cursor(number: int) -> bytes:
    import base64
    from urllib.parse import quote

    text = f"2026-08-10T00:00:00|nextCursor={number}"
    return quote(base64.b64encode(text.encode()).decode()).encode()


@pytest.mark.parametrize(
    ("fault", "at", "found", "asked", "pauses"),
    [
        (status(500), (2, 3, 4), [], 15, list(BACK_OFF)),
        (status(500), (2, 3, 4, 5), ["FD-001"], 14, list(BACK_OFF)),
        (status(502), (2,), [], 13, [BACK_OFF[0]]),
        (status(504), (2,), [], 13, [BACK_OFF[0]]),
        (status(503, retry_after="7"), (2,), [], 13, [7.0]),
        (status(503), (2, 3, 4, 5), ["FD-001"], 5, list(BACK_OFF)),
        (status(429, b"Rate limit of 12 exceeded.", retry_after="120"), (2,), [], 13, [120.0]),
        (status(429, b"Rate limit of 12 exceeded."), (2,), [], 13, [120.0]),
        (at_midnight(status(503, retry_after="Mon, 10 Aug 2026 00:00:42 GMT")), (2,), [], 13, [42.0]),
        (status(429, retry_after="86400"), (2,), ["FD-001"], 2, []),
        (status(403), (2,), ["FD-001"], 2, []),
        (status(404), (2,), ["FD-001"], 11, []),
        (status(400), (2,), ["FD-001"], 11, []),
        (hang_up, (2,), [], 13, [BACK_OFF[0]]),
        (hang_up, (2, 3, 4, 5), ["FD-001"], 5, list(BACK_OFF)),
        (half_a_body, (2,), [], 13, [BACK_OFF[0]]),
        (half_a_body, (2, 3, 4, 5), ["FD-002"], 14, list(BACK_OFF)),
        (altered(lambda body: body[: len(body) // 2]), (2,), ["FD-002"], 11, []),
        (altered(lambda body: body, content_length="40"), (2,), ["FD-002"], 11, []),
        (altered(lambda body: body, content_length="40000000"), (2, 3, 4, 5), ["FD-002"], 14, list(BACK_OFF)),
        (altered(lambda body: LOGIN, content_type="text/html"), (2,), ["FD-002"], 11, []),
        (altered(lambda body: LOGIN), (1, 2, 3), ["FD-002"] * 3, 3, []),
        (altered(lambda body: b""), (2,), ["FD-002"], 11, []),
        (altered(lambda body: b"[]"), (2,), ["FD-002"], 11, []),
        (altered(lambda body: b'{"error": "x"}'), (2,), ["FD-002"], 11, []),
        (altered(lambda body: b'{"releases": {}}'), (2,), ["FD-002"], 11, []),
        (altered(lambda body: b"[" * 100_000), (2,), ["FD-002"], 11, []),
        (altered(lambda body: b"\x00\xff" * 500), (2,), ["FD-002"], 11, []),
        (altered(in_a_circle), (2,), ["FD-002"], 11, []),
        (altered(elsewhere), (2,), ["FD-002"], 11, []),
        (altered(lambda body: body, content_encoding="gzip"), (2,), ["FD-002"], 11, []),
        (altered(lambda body: gzip.compress(body)[:-20], content_encoding="gzip"), (2, 3, 4, 5), ["FD-002"], 14, list(BACK_OFF)),
        (altered(lambda body: gzip.compress(b" " * 20_000_000), content_encoding="gzip"), (2,), ["FD-002"], 11, []),
        (altered(lambda body: body, content_encoding="br"), (2,), ["FD-002"], 11, []),
        (altered(lambda body: gzip.compress(body), content_encoding="gzip"), (2,), [], 12, []),
        (endless, (2,), ["FD-002"], 11, []),
        (status(302, location="http://127.0.0.1:9/login"), (2,), ["FD-002"], 11, []),
        (status(302, location="/login?back=1"), (2,), ["FD-002"], 12, []),
        (status(308, location="/api/1.0/ocdsReleasePackages"), range(2, 100), ["FD-002"] * 3, 19, []),
        (status(304), (2,), ["FD-001"], 11, []),
    ],
)  # fmt: skip
def test_a_fault_costs_no_release(
    fault: Fault, at: tuple[int, ...], found: list[str], asked: int, pauses: list[float],
    platform: Platform, nights: Nights,
) -> None:  # fmt: skip
    """The second request is for the second of three pages of the first of four windows."""
    platform.pages["/login"] = LOGIN
    platform.fail(fault, *at)

    first = nights.run()

    assert rules(first) == found
    assert len(platform.requests) == asked
    waits = [pause for pause in nights.clock.slept if pause > 0]
    assert [pause for pause in waits if pause in {*BACK_OFF, 7.0, 42.0, 120.0}] == pauses
    for finding in first.findings:
        assert (finding.stage, finding.source_name) == ("landing", "fts")
        assert len(finding.found) <= 80
        assert re.search(r"stays in use|Nothing of this source has landed yet", finding.remedy)
    assert all(b'"releases":[' in file.path.read_bytes() for file in nights.pages)

    platform.mend()
    second = nights.run(WEDNESDAY)
    assert [finding for finding in second.findings if finding.subject != "2026-08-11"] == []
    assert len(set(release_ids(nights))) == 20
    platform.requests.clear()
    nights.run(WEDNESDAY)
    assert platform.requests == []


def test_a_host_that_does_not_answer_in_time(platform: Platform, nights: Nights) -> None:
    nights.timeout = 0.1
    platform.fail(slow, 1, 2, 3, 4)
    fetched = nights.run()
    assert rules(fetched) == ["FD-001"]
    assert "did not answer in time" in fetched.findings[0].found
    assert nights.clock.slept[:3] == list(BACK_OFF)


def test_a_host_that_is_not_there(tmp_path: Path) -> None:
    with serving(Platform()) as gone:
        address = gone.address
    nights = Nights(tmp_path, Feed("fts", "notices", "find-a-tender", address, since=MONDAY))
    fetched = nights.run()
    assert rules(fetched) == ["FD-001"]
    assert fetched.findings[0].found == "127.0.0.1 could not be reached"
    assert fetched.new == []


def test_a_body_that_drips_for_ever_is_given_up(platform: Platform, nights: Nights) -> None:
    def drip(handler, _body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while True:
            nights.clock.now += 10
            handler.wfile.write(b"1\r\n \r\n")
            time.sleep(0.005)

    platform.fail(drip, 1)
    assert "did not end within 120 seconds" in nights.run().findings[0].found


class TestTheAgeOfWhatStays:
    def test_is_told(self, platform: Platform, nights: Nights) -> None:
        nights.run(TUESDAY)
        platform.fail(hang_up)
        (finding,) = nights.run(TUESDAY + timedelta(days=14)).findings
        assert "What landed last, on 2026-08-11 (14 days ago), stays in use." in finding.remedy
        assert "55 further window(s) wait for the next night." in finding.remedy

    def test_is_not_that_of_a_window_without_a_notice(self, platform: Platform, nights: Nights) -> None:
        nights.run(TUESDAY)
        platform.releases = []
        (finding,) = nights.run(WEDNESDAY).findings
        assert finding.found == "no notice at all on the working day 2026-08-11"
        assert "What landed last, on 2026-08-11 (1 day ago), stays in use." in finding.remedy
        platform.requests.clear()
        nights.run(WEDNESDAY)
        assert platform.requests == []

    def test_is_not_that_of_a_refusal(self, platform: Platform, nights: Nights) -> None:
        platform.fail(status(500))
        nights.run(TUESDAY)
        assert "Nothing of this source has landed yet." in nights.run(WEDNESDAY).findings[0].remedy


class TestAnswersThatAreNoPages:
    def test_land_as_responses_and_never_as_notices(self, platform: Platform, nights: Nights) -> None:
        platform.fail(altered(lambda body: LOGIN), 2)
        nights.run()
        (response,) = nights.responses
        assert (response.kind, response.file_name) == ("response", "2026-08-10T00/0002-200.response")
        assert response.path.read_bytes() == LOGIN

    @pytest.mark.parametrize(("fault", "kept"), [(half_a_body, 0.5), (endless, None)])
    def test_land_as_far_as_they_came(
        self, fault: Fault, kept: float | None, platform: Platform, nights: Nights
    ) -> None:
        platform.fail(fault, 1)
        nights.run()
        size = nights.responses[0].size_bytes
        assert size == 10_000_000 if kept is None else size == nights.pages[0].size_bytes // 2

    def test_the_recorded_429(self, platform: Platform, nights: Nights) -> None:
        recorded = RECORDED / "probe/20-window-noZ-429.txt"
        if not recorded.is_file():
            missing(f"{recorded} is not on this machine")
        platform.fail(status(429, recorded.read_bytes(), retry_after="120", content_type="text/plain"), 1)
        assert nights.run().findings == []
        assert nights.clock.slept[0] == 120.0
        assert nights.responses[0].path.read_bytes() == recorded.read_bytes()


class TestContractsFinder:
    @pytest.fixture
    def nights(self, nights: Nights) -> Nights:
        nights.feed = replace(nights.feed, type="contracts-finder")
        return nights

    def test_stays_away_for_five_minutes_after_a_403(self, platform: Platform, nights: Nights) -> None:
        platform.fail(status(403), 2)
        assert nights.run().findings == []
        assert nights.clock.slept == [300.0]
        assert len(set(release_ids(nights))) == 20

    def test_ends_the_night_after_a_second_403(self, platform: Platform, nights: Nights) -> None:
        platform.fail(status(403), 2, 3)
        assert rules(nights.run()) == ["FD-001"]
        assert len(platform.requests) == 3

    def test_ends_the_night_when_five_minutes_are_too_many(self, platform: Platform, nights: Nights) -> None:
        nights.feed = replace(nights.feed, minutes=4)
        platform.fail(status(403), 2)
        assert rules(nights.run()) == ["FD-001"]
        assert (len(platform.requests), nights.clock.slept) == (2, [])


def test_a_window_that_fails_every_night_does_not_bar_the_others(platform: Platform, nights: Nights) -> None:
    nights.feed = replace(nights.feed, since=MONDAY - timedelta(days=3))
    normal = platform.page

    def poisoned(params: dict[str, str]) -> bytes:
        return LOGIN if params["updatedFrom"] < "2026-08-08" else normal(params)

    platform.page = poisoned  # type: ignore[method-assign]
    for _ in range(3):
        nights.run()
    assert len(set(release_ids(nights))) == 20


def test_three_faulty_windows_end_a_night_only_when_they_follow_each_other(
    platform: Platform, nights: Nights
) -> None:
    nights.feed, platform.page_size = replace(nights.feed, since=MONDAY - timedelta(days=2)), 100
    platform.fail(altered(lambda body: LOGIN), 1, 3, 5)
    fetched = nights.run()
    assert rules(fetched) == ["FD-002"] * 3
    assert len(platform.requests) == 12
    assert not any("wait for the next night" in finding.remedy for finding in fetched.findings)


def test_a_window_of_more_pages_than_are_believed_is_given_up(
    platform: Platform, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kcc_etl.intake.feeds.walk.PAGES", 4)
    platform.page_size = 1
    platform.releases = [r for r in platform.releases if r[0] < "2026-08-10T06"]
    fetched = nights.run()
    assert [f.found for f in fetched.findings] == ["a window of more than 4 pages"]
    assert len(platform.requests) == 4 + 3


def test_infinity_in_a_page_is_the_readers_matter(platform: Platform, nights: Nights) -> None:
    release = {"ocid": "o", "id": "1", "tender": {"value": {"amount": 0}}}
    raw = json.dumps(release).replace('"amount": 0', '"amount": 1e9999').encode()
    platform.releases = [*platform.releases, ("2026-08-10T00:01:00", raw)]
    assert nights.run().findings == []
    assert any(b"1e9999" in file.path.read_bytes() for file in nights.pages)


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link.replace("127.0.0.1", "localhost"),
        lambda link: link.replace("http://", "https://"),
        lambda link: link.replace("http://", "file://"),
        lambda link: link.replace("http://", "http://user:word@evil.example/"),
        lambda link: link.replace("ocdsReleasePackages", "ocdsRecordPackages"),
        lambda link: link.replace("/api/1.0/", "/api/1.0/../admin/"),
        lambda link: re.sub("cursor=.*", "cursor=", link),
        lambda link: re.sub("cursor=.*", "cursor=a%0d%0aHost:x", link),
        lambda link: re.sub("cursor=.*", "cursor=" + "A" * 2000, link),
        lambda link: re.sub(r":\d+/", ":99999999/", link),
        lambda link: "\x00",
    ],
)
def test_only_the_cursor_of_our_own_address_is_followed(
    change: Callable[[str], str], platform: Platform, nights: Nights
) -> None:
    def led_astray(body: bytes) -> bytes:
        page = json.loads(body)
        page["links"]["next"] = change(page["links"]["next"])
        return json.dumps(page, separators=(",", ":")).encode()

    platform.fail(altered(led_astray), 1)
    assert rules(nights.run()) == ["FD-002"]
    assert {request.path for request in platform.requests} == {"/api/1.0/ocdsReleasePackages"}


@pytest.mark.parametrize(
    ("link", "cursor"),
    [
        ("https://a.example/x?limit=100&cursor=YWJj%3D", "YWJj="),
        ("/x?cursor=YWJj", "YWJj"),
        ("?cursor=YWJj", "YWJj"),
        ("YWJjZGVm", "YWJjZGVm"),
        ("YWJjZGVmZw==", "YWJjZGVmZw=="),
        ("YWJjZGVm/../x", None),
        ("short", None),
        ("A" * 1001, None),
    ],
)
def test_a_cursor_comes_in_a_link_or_bare(link: str, cursor: str | None) -> None:
    found = next_cursor(link, "https://a.example/x")
    assert isinstance(found, NoPage) if cursor is None else found == cursor


def under_new_cursors(body: bytes) -> Iterator[bytes]:
    """The same releases again and again, each time with a link that was never seen."""
    for number in count(1):
        yield re.sub(rb"cursor=[^\"]+", b"cursor=" + f"new{number}".encode(), body)


@pytest.mark.parametrize("releases", [2, 0])
def test_the_same_releases_under_ever_new_cursors_end_the_walk_through_a_window(
    releases: int, platform: Platform, nights: Nights
) -> None:
    bodies = under_new_cursors(platform.page({"updatedFrom": "2026-08-10", "updatedTo": "2026-08-11"}))
    cut = (lambda b: b) if releases else (lambda b: re.sub(rb"\[.*\]", b"[]", b))
    platform.page = lambda params: cut(next(bodies))  # type: ignore[method-assign]
    fetched = nights.run()
    assert [f.found for f in fetched.findings] == [
        "the same releases came twice; the links lead in a circle"
    ] * 3
    assert len(platform.requests) == 6, "two for each of three windows"


def test_releases_of_an_earlier_night_under_a_new_cursor_are_known_again(
    platform: Platform, nights: Nights
) -> None:
    first: list[bytes] = []
    platform.fail(altered(lambda body: first.append(body) or body), 1)
    platform.fail(status(503), 2, 3, 4, 5)
    nights.run()
    platform.mend()
    platform.requests.clear()
    platform.fail(altered(lambda body: next(under_new_cursors(first[0]))), 10)
    fetched = nights.run()
    assert [f.found for f in fetched.findings] == ["the same releases came twice; the links lead in a circle"]
    assert "cursor" in platform.asked[9], "the window that was refused comes last, and goes on"


@pytest.mark.parametrize(
    ("body", "releases", "link"),
    [
        (b'{"releases":[{},{}]}', 2, ""),
        (b'\xef\xbb\xbf {"releases":[{"a":1e9999}],"links":{"next":"x"}}', 1, "x"),
        (b'{"releases":[],"links":[]}', 0, ""),
        (b'{"releases":[],"links":{"next":null}}', 0, ""),
        (b'{"releases":[],"links":{}}', 0, ""),
        (b'{"releases":[],"links":{"next":7}}', None, "is no web address"),
        (b'{"releases":null}', None, "no release package"),
        (b'{"releases":[', None, "breaks off"),
        (b"", None, "an empty answer"),
        (b"<HTML>", None, "perhaps a login page"),
    ],
)
def test_what_is_a_page(body: bytes, releases: int | None, link: str) -> None:
    page = read_page(body)
    if releases is None:
        assert isinstance(page, NoPage)
        assert link in page.why
    else:
        assert page == Page(releases, link)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_make_the_reading_of_a_page_raise(body: bytes) -> None:
    assert isinstance(read_page(body), Page | NoPage)
    assert isinstance(next_cursor(body.decode("latin-1"), "https://a.example/x"), str | NoPage)
