"""The body of an answer: whole up to the limit, never more in memory than that."""

from __future__ import annotations

import gzip

import httpx
import pytest

from kcc_etl.intake.feeds import body
from tests.feeds.support import FakeClock

BOMB = gzip.compress(b"\0" * 50_000_000)


def response(content: bytes, packing: str) -> httpx.Response:
    headers = {"content-encoding": packing}
    return httpx.Response(200, headers=headers, stream=httpx.ByteStream(content))


@pytest.mark.parametrize("packing", ["identity", "gzip"])
@pytest.mark.parametrize(("limit", "fault"), [(100, ""), (99, "it is longer than 0 MB")])
def test_a_body_of_just_the_limit_is_whole(limit: int, fault: str, packing: str) -> None:
    content = bytes(range(100))
    sent = gzip.compress(content) if packing == "gzip" else content
    assert body.read_body(response(sent, packing), limit, FakeClock()) == (content[:limit], fault)


def test_a_few_bytes_that_unpack_to_many_are_unpacked_to_the_limit_only() -> None:
    sizes: list[int] = []
    with pytest.raises(Exception, match="longer than 1 MB"):
        sizes.extend(map(len, body._unpacked(response(BOMB, "gzip"), 1_000_000, FakeClock())))
    assert sum(sizes) == 1_000_001
