"""A platform that holds one made-up day, and the nights of a feed that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kcc_etl.intake.feeds.feed import Feed
from tests.feeds.platform import Platform, made_up, serving
from tests.feeds.support import MONDAY, Nights


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def platform() -> Iterator[Platform]:
    """20 releases on Monday 10 August 2026, five in each window, two on a page."""
    with serving(Platform(made_up("2026-08-10"), page_size=2)) as running:
        yield running


@pytest.fixture
def nights(tmp_path: Path, platform: Platform) -> Nights:
    return Nights(tmp_path, Feed("fts", "notices", "find-a-tender", platform.address, since=MONDAY))
