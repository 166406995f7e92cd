"""The edge of the feeds: the real clock, the real network.

Does not belong here: what is asked, how often, and what is made of the answers.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from pathlib import Path

import httpx

from kcc_etl.intake.feeds.asking import Line
from kcc_etl.intake.feeds.clock import Clock, Limiter

USER_AGENT = f"kcc-etl/{version('kcc-etl')} (nightly procurement pipeline of a council)"
TIMEOUT = httpx.Timeout(connect=10.0, read=30.0, write=10.0, pool=10.0)


class _SystemClock:
    def monotonic(self) -> float:
        return time.monotonic()

    def epoch(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


SYSTEM_CLOCK: Clock = _SystemClock()


@contextmanager
def open_client(kept: Path | None = None, *, writes: bool = True) -> Iterator[Line]:
    """The line to the network: certificates checked, no cookies, proxies as the environment says.

    `kept` is the file in which all feeds and runs of a data folder keep when they asked which host.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)  # below, it writes addresses with the keys in them
    with httpx.Client(
        headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"},
        timeout=TIMEOUT,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        verify=_certificates(),
    ) as client:
        yield Line(client, Limiter(kept, writes=writes))


def _certificates() -> ssl.SSLContext:
    """The authorities that httpx ships, and those of this machine, where councils keep their own."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context
