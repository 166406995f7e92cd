"""Reading the body of an answer: as far as it comes, unpacked, and never more than allowed.

Does not belong here: what the body says, whether to ask again.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import httpx

from kcc_etl.intake.feeds.clock import Clock

BODY_SECONDS = 120.0
"""How long one body may take; a host that sends a byte now and then would hold the night for ever."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class _UnusableError(Exception):
    """Why reading stopped, in words."""


def read_body(response: httpx.Response, limit: int, clock: Clock) -> tuple[bytes, str]:
    """The bytes of the body and what is wrong with them; nothing is, when that is empty.

    Of a body that breaks off or cannot be unpacked, the part before that is given.
    """
    parts: list[bytes] = []
    try:
        for part in _unpacked(response, limit, clock):
            parts.append(part)
    except _UnusableError as reason:
        return b"".join(parts)[:limit], str(reason)
    except zlib.error:
        return b"".join(parts), "its gzip packing is damaged"
    except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError):
        return b"".join(parts), f"it broke off after {sum(map(len, parts)):,} bytes"
    return b"".join(parts), ""


def _unpacked(response: httpx.Response, limit: int, clock: Clock) -> Iterator[bytes]:
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise _UnusableError("it is packed in a way that was not asked for")
    unpack = None if packing in ("", "identity") else zlib.decompressobj(_GZIP_OR_ZLIB)
    started, size = clock.monotonic(), 0
    for raw in response.iter_raw():
        # One byte more than allowed is enough to know; a few bytes of gzip can hold a gigabyte.
        part = raw if unpack is None else unpack.decompress(raw, limit - size + 1)
        size += len(part)
        yield part
        if size > limit:
            raise _UnusableError(f"it is longer than {limit / 1e6:,.0f} MB")
        if clock.monotonic() - started > BODY_SECONDS:
            raise _UnusableError(f"it did not end within {BODY_SECONDS:.0f} seconds")
    if unpack is not None and not unpack.eof:
        raise _UnusableError(f"it broke off after {size:,} bytes")
