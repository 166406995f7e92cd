"""A platform of notices on this machine: real HTTP, recorded or made-up releases, faults at chosen requests."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from tests.tools import missing

PATH = "/api/1.0/ocdsReleasePackages"
RECORDED = Path(__file__).resolve().parents[3] / "shared/data/ocds/find-a-tender-2026-08"
DAY = RECORDED / "backfill/2026-08-10"

Release = tuple[str, bytes]
"""Local time it was published, and its bytes."""


class _Package(msgspec.Struct):
    releases: list[msgspec.Raw]


class _Dated(msgspec.Struct):
    date: str


def recorded_pages() -> list[bytes]:
    """The pages of the recorded day, byte for byte."""
    if not DAY.is_dir():
        missing(f"{DAY} is not on this machine")
    return [page.read_bytes() for page in sorted(DAY.glob("page-*.json"))]


def recorded_releases() -> list[Release]:
    """The releases of the recorded day, each in its own bytes, `1e9999` and all."""
    found = []
    for page in recorded_pages():
        for raw in msgspec.json.decode(page, type=_Package).releases:
            found.append((msgspec.json.decode(raw, type=_Dated).date[:19], bytes(raw)))
    return found


def made_up(day: str, count: int = 20) -> list[Release]:
    """Releases spread over a day, one every 24 × 60 / count minutes."""
    found = []
    for number in range(count):
        minutes = number * 24 * 60 // count
        at = f"{day}T{minutes // 60:02}:{minutes % 60:02}:00"
        release = {"ocid": f"ocds-h6vhtk-{day[-2:]}{number:04}", "id": f"{number:06}-{day}", "date": at}
        found.append((at, json.dumps(release).encode()))
    return found


@dataclass
class Request:
    """One request as it came."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]


Fault = Callable[["_Handler", bytes], None]
"""Answers in place of the platform; given what it would have said."""


@dataclass
class Platform:
    """What the platform holds, what it was asked, and where it fails."""

    releases: Sequence[Release] = ()
    page_size: int = 100
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)

    def fail(self, fault: Fault, *numbers: int) -> None:
        """Fail at these requests, counted from 1 over all that ever came; at every one when none is named."""
        for number in numbers or range(1, 10_000):
            self.faults[number] = fault

    def mend(self) -> None:
        self.faults.clear()

    @property
    def address(self) -> str:
        return self.url + PATH

    @property
    def asked(self) -> list[dict[str, str]]:
        return [request.params for request in self.requests]

    def page(self, params: dict[str, str]) -> bytes:
        """The page of the window asked for, newest first, in the shape of the platform."""
        first, last = (params.get(f"updated{w}") or params.get(f"published{w}") or "" for w in ("From", "To"))
        inside = sorted((r for r in self.releases if first <= r[0] < last), key=lambda r: r[0], reverse=True)
        start = _start(params.get("cursor", ""))
        size = min(int(params.get("limit", "100")), self.page_size)
        chosen, rest = inside[start : start + size], inside[start + size :]
        asked = {name: value for name, value in params.items() if name != "cursor"}
        head = {"uri": f"{self.address}?{urlencode(asked)}", "version": "1.1", "publishedDate": first}
        tail = b""
        if rest:
            cursor = base64.b64encode(f"{first}|nextCursor={start + size}".encode()).decode()
            tail = (
                b',"links":'
                + json.dumps({"next": f"{self.address}?{urlencode({**asked, 'cursor': cursor})}"}).encode()
            )
        return (
            json.dumps(head).encode()[:-1]
            + b',"releases":['
            + b",".join(r[1] for r in chosen)
            + b"]"
            + tail
            + b"}"
        )


def _start(cursor: str) -> int:
    found = re.search(rb"nextCursor=(\d+)", base64.b64decode(cursor)) if cursor else None
    return int(found[1]) if found else 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for an acknowledgement
    platform: Platform

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        request = Request(parts.path, dict(parse_qsl(parts.query)), dict(self.headers))
        self.platform.requests.append(request)
        body = self.platform.pages.get(parts.path) or self.platform.page(request.params)
        fault = self.platform.faults.get(len(self.platform.requests))
        if fault is not None:
            fault(self, body)
        else:
            self.say(200, body)

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", headers.pop("content_type", "application/json"))
        self.send_header("Content-Length", headers.pop("content_length", str(len(body))))
        self.send_header("Set-Cookie", "SRSI_FT_AUTH=biscuit; path=/")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up on an endless body is what the test wants."""


@contextmanager
def serving(platform: Platform) -> Iterator[Platform]:
    """The platform on a port of this machine."""
    handler = type("Handler", (_Handler,), {"platform": platform})
    server = _Server(("127.0.0.1", 0), handler)
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """Answer with a status."""
    return lambda handler, _: handler.say(code, body, **headers)


def altered(change: Callable[[bytes], bytes], **headers: str) -> Fault:
    """Answer with another body; after a false length, hang up."""

    def answer(handler: _Handler, body: bytes) -> None:
        handler.close_connection = "content_length" in headers
        handler.say(200, change(body), **headers)

    return answer


def hang_up(handler: _Handler, _body: bytes) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def half_a_body(handler: _Handler, body: bytes) -> None:
    """Promise the whole, send half of it, hang up."""
    handler.say(200, body[: len(body) // 2], content_length=str(len(body)))
    handler.close_connection = True


def endless(handler: _Handler, _body: bytes) -> None:
    """Send for ever, in chunks."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    chunk = b" " * 65_536
    while True:
        handler.wfile.write(b"%x\r\n" % len(chunk) + chunk + b"\r\n")
