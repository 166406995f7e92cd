"""Where an unfinished window goes on, from nothing but the pages that landed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from kcc_etl.intake.feeds.memory import Memory, Next, Window, windows_of
from kcc_etl.intake.feeds.pages import Page, read_page
from kcc_etl.intake.landing.landing import LandedFile

ADDRESS = "https://a.example/x"
WINDOW = Window(datetime(2026, 8, 10, 6))


@pytest.fixture
def landed(tmp_path: Path) -> Landed:
    return Landed(tmp_path)


class Landed:
    """Pages as they landed, each leading to a cursor; none is the last page."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, list[LandedFile]()

    def page(self, name: str, cursor: str | None = "", *, at: str = ADDRESS, releases: int = 1) -> Landed:
        links = {} if cursor is None else {"next": f"{at}?cursor={cursor or 'c' + name[-1]}"}
        body = json.dumps(
            {"name": name, "releases": [{"id": f"{name} {n}"} for n in range(releases)], "links": links}
        ).encode()
        ending = "-last.json" if cursor is None else ".json"
        return self.file(f"2026-08-10T{name}{ending}", body)

    def file(self, name: str, body: bytes) -> Landed:
        digest = hashlib.sha256(body).hexdigest()
        path = self.folder / digest
        path.write_bytes(body)
        number = len(self.files) + 1
        self.files.append(
            LandedFile(digest, "fts", "notices", name, len(body), date(2026, 8, 11), number, path)
        )
        return self

    def status(self, page: str, status: int) -> Landed:
        return self.file(f"2026-08-10T{page}-{status}.response", b"")

    @property
    def next(self) -> Next:
        return Memory(self.files).goes_on(WINDOW, ADDRESS)

    @property
    def stands(self) -> tuple[int, int, str]:
        """Attempt, page and cursor that are asked for next."""
        return (self.next.attempt.number, self.next.page, self.next.cursor)


def test_a_window_that_was_never_asked_starts(landed: Landed) -> None:
    assert landed.page("00/0001").stands == (1, 1, "")


def test_it_goes_on_after_the_last_page_and_knows_what_it_met(landed: Landed) -> None:
    landed.page("06/0001").page("06/0002")
    assert landed.stands == (1, 3, "c2")
    assert landed.next.cursors == {"c1", "c2"}
    pages = [read_page(file.path.read_bytes()) for file in landed.files]
    assert landed.next.contents == {page.contents for page in pages if isinstance(page, Page)}
    assert len(landed.next.contents) == 2


def test_the_order_in_which_pages_are_noted_does_not_matter(landed: Landed) -> None:
    landed.page("06/0002").page("06-2/0001").page("06/0001").page("06-2/0002")
    assert landed.stands == (2, 3, "c2")


@pytest.mark.parametrize(
    ("status", "stands"),
    [(200, (2, 1, "")), (404, (2, 1, "")), (403, (1, 1, "")), (408, (1, 1, "")), (429, (1, 1, "")), (500, (1, 1, "")), (503, (1, 1, ""))],
)  # fmt: skip
def test_a_first_page_that_was_refused_is_asked_for_again_or_afresh(
    status: int, stands: tuple[int, int, str], landed: Landed
) -> None:
    assert landed.status("06/0001", status).stands == stands


@pytest.mark.parametrize(
    ("status", "stands"), [(200, (2, 1, "")), (400, (2, 1, "")), (429, (1, 2, "c1")), (502, (1, 2, "c1"))]
)
def test_a_cursor_that_was_refused_for_good_makes_the_window_start_afresh(
    status: int, stands: tuple[int, int, str], landed: Landed
) -> None:
    assert landed.page("06/0001").status("06/0002", status).stands == stands


def test_a_refusal_of_an_earlier_page_or_an_earlier_walk_is_past(landed: Landed) -> None:
    landed.status("06/0001", 200).page("06-2/0001").status("06-2/0001", 404)
    assert landed.stands == (2, 2, "c1")


@pytest.mark.parametrize("lost", ["a page is missing", "a copy is gone", "a circle", "elsewhere", "no page"])
def test_pages_that_lead_nowhere_make_the_window_start_afresh(lost: str, landed: Landed) -> None:
    landed.page("06/0001")
    if lost == "a page is missing":
        landed.page("06/0003")
    elif lost == "a copy is gone":
        landed.page("06/0002").files[0].path.unlink()
    elif lost == "a circle":
        landed.page("06/0002", "c1")
    elif lost == "elsewhere":
        landed.page("06/0002", at="https://b.example/x")
    else:
        landed.file("2026-08-10T06/0002.json", b"<html>")
    assert landed.stands == (2, 1, "")
    assert (landed.next.cursors, landed.next.contents) == (frozenset(), frozenset())


def test_a_name_that_is_none_of_the_feed_is_passed_over(landed: Landed) -> None:
    landed.file("register.csv", b"").file("2026-08-10T06/1.json", b"").file("x2026-08-10T06/0001.json", b"")
    assert landed.stands == (1, 1, "")


class TestCount:
    @pytest.fixture
    def day(self, landed: Landed) -> Landed:
        for hour in ("00", "06", "12"):
            landed.page(f"{hour}/0001", releases=3).page(f"{hour}/0002", None, releases=2)
        return landed

    def test_of_a_day_with_a_window_that_is_not_whole_is_none(self, day: Landed) -> None:
        assert Memory(day.page("18/0001").files).count(windows_of(date(2026, 8, 10))) is None

    def test_is_of_all_pages_and_of_the_fullest_walk_through_each_window(self, day: Landed) -> None:
        day.page("18/0001", None, releases=1).page("18-2/0001", None, releases=4)
        count = Memory(day.page("00-2/0001", None, releases=1).files).count(windows_of(date(2026, 8, 10)))
        assert count is not None
        assert (count.releases, count.times, count.is_cut) == (5 + 5 + 5 + 4, 1, False)

    @pytest.mark.parametrize(
        ("name", "releases", "cut"),
        [("18/0001", 99, False), ("18/0001", 100, True), ("18-2/0001", 98, False), ("18-2/0001", 99, True)],
    )
    def test_is_of_a_day_cut_short_when_a_last_page_is_full(
        self, name: str, releases: int, cut: bool, day: Landed
    ) -> None:
        count = Memory(day.page(name, None, releases=releases).files).count(windows_of(date(2026, 8, 10)))
        assert count is not None
        assert count.is_cut == cut

    def test_is_of_the_day_on_which_the_window_asked_longest_ago_was_asked(self, day: Landed) -> None:
        day.page("18/0001", None)
        day.files = [*day.files[:-1], replace(day.files[-1], landed_on=date(2026, 8, 13))]
        count = Memory(day.files).count(windows_of(date(2026, 8, 10)))
        assert count is not None
        assert count.asked_on == date(2026, 8, 11)

    def test_a_later_walk_that_is_not_full_settles_a_full_one(self, day: Landed) -> None:
        day.page("18/0001", None, releases=100).page("18-2/0001", releases=99).page("18-2/0002", None)
        count = Memory(day.files).count(windows_of(date(2026, 8, 10)))
        assert count is not None
        assert (count.is_cut, count.releases) == (False, 15 + 100)
