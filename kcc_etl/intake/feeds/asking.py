"""Asking one host over HTTP: paced, bounded, and again only where asking again can help.

Does not belong here: what an answer says (`pages`, `download`), what is asked next (`walk`), landing.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from kcc_etl.intake.feeds.body import read_body
from kcc_etl.intake.feeds.clock import Clock, Limiter
from kcc_etl.intake.feeds.feed import Pace

BACK_OFF = (5.0, 30.0, 120.0)
"""Seconds before the second, third and fourth attempt, where the host does not say how long."""

DEFAULT_RETRY_AFTER = 120.0
"""Seconds after a 429 that does not say; Find a Tender says 120."""

REDIRECTS = 5
_CURABLE = (429, 500, 502, 503, 504)
Params = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """The line to the network and the count of what was asked over it."""

    http: httpx.Client
    limiter: Limiter


@dataclass(frozen=True)
class Answer:
    """What a host answered. `body` is unpacked, as far as it came; `fault` is empty when it came whole."""

    status: int
    body: bytes
    content_type: str = ""
    fault: str = ""
    retry_after: float | None = None


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer to use, in words; `ends_night` when asking on tonight would not help."""

    rule_id: str
    found: str
    ends_night: bool = True


Keep = Callable[[str, Answer], None]


class Conversation:
    """One feed and its host tonight, until `deadline` on the clock.

    `keep` is given every answer that is not used, with the name it was asked under.
    """

    def __init__(
        self, line: Line, clock: Clock, pace: Pace, deadline: float, keep: Keep, attempts: int = 4
    ) -> None:
        self._line, self._clock, self._pace, self._deadline = line, clock, pace, deadline
        self._keep, self._attempts = keep, attempts

    def ask(self, url: str, params: Params, name: str, limit: int) -> Answer | Trouble:
        """The whole answer of at most `limit` bytes with status 200, or why there is none."""
        trouble = Trouble("FD-001", "nothing was asked")
        for attempt in range(1, self._attempts + 1):
            answer = self._once(url, params, limit)
            if isinstance(answer, Answer) and answer.status == 200 and not answer.fault:
                return answer
            if isinstance(answer, Answer):
                self._keep(name, answer)
                self._stay_away(url, answer)
            trouble = answer if isinstance(answer, Trouble) else _judged(answer)
            pause = self._pause(answer, attempt)
            if pause is None or attempt == self._attempts:
                return trouble
            if not self.wait(pause):
                return self._out_of_time(trouble.found)
        return trouble

    def wait(self, seconds: float) -> bool:
        """Wait, if tonight's time allows it."""
        if self._clock.monotonic() + seconds > self._deadline:
            return False
        if seconds > 0:
            self._clock.sleep(seconds)
        return True

    def _pause(self, answer: Answer | Trouble, attempt: int) -> float | None:
        """Seconds before the next attempt; None where another one would not help."""
        back_off = BACK_OFF[min(attempt, len(BACK_OFF)) - 1]
        if isinstance(answer, Trouble):
            return back_off if isinstance(answer, _Passing) else None
        if answer.status == 403 and self._pace.pause_after_403:
            return self._pace.pause_after_403 if attempt == 1 else None
        if answer.status == 200:
            return back_off if answer.fault.startswith("it broke off") else None
        if answer.status not in _CURABLE:
            return None
        if answer.retry_after is not None:
            return answer.retry_after
        return DEFAULT_RETRY_AFTER if answer.status == 429 else back_off

    def _stay_away(self, url: str, answer: Answer) -> None:
        """Keep in mind, for later runs too, that the host asked us to stay away for a while."""
        refused = answer.status == 403 and self._pace.pause_after_403
        pause = self._pace.pause_after_403 if refused else answer.retry_after
        if answer.status == 429:
            pause = pause or DEFAULT_RETRY_AFTER
        if pause and answer.status in (403, 429, 503):
            self._line.limiter.stay_away(_counted_as(httpx.URL(url)), self._clock.epoch(), pause)

    def _once(self, url: str, params: Params, limit: int) -> Answer | Trouble:
        """One request, with the redirects that stay on the host."""
        request = self._line.http.build_request("GET", url, params=dict(params) or None)
        start = request.url
        for _ in range(REDIRECTS + 1):
            refusal = self._take_turn(start)
            if refusal is not None:
                return refusal
            with _explained(start) as troubles:
                response = self._line.http.send(request, stream=True)
                try:
                    target = response.next_request
                    if target is None:
                        return self._read(response, limit)
                finally:
                    response.close()
            if troubles:
                return troubles[0]
            if _host(target.url) != _host(start):
                return Trouble("FD-002", f"it leads on to another host, {target.url.host}", ends_night=False)
            request = self._line.http.build_request("GET", target.url)
        return Trouble("FD-002", "it leads on and on", ends_night=False)

    def _take_turn(self, url: httpx.URL) -> Trouble | None:
        """Wait until the host may be asked, and note that it is; or why it is not asked any more tonight."""
        host, now = _counted_as(url), self._clock.epoch()
        if self.wait(self._line.limiter.wait_needed(host, self._pace, now)):
            self._line.limiter.note(host, self._clock.epoch())
            return None
        away = self._line.limiter.away(host, now)
        if away:
            return Trouble("FD-001", f"{url.host} asked us to stay away, for {away:,.0f} more seconds")
        return self._out_of_time("")

    def _read(self, response: httpx.Response, limit: int) -> Answer:
        body, fault = read_body(response, limit, self._clock)
        return Answer(
            response.status_code,
            body,
            response.headers.get("content-type", ""),
            fault,
            _retry_after(response),
        )

    def _out_of_time(self, why: str) -> Trouble:
        after = f" after: {why}" if why else ""
        return Trouble("FD-001", f"tonight's time for it ran out{after}")


class _Passing(Trouble):
    """A trouble on the way, which the next attempt may not meet."""


@contextmanager
def _explained(url: httpx.URL) -> Iterator[list[Trouble]]:
    """What went wrong on the way, in words."""
    troubles: list[Trouble] = []
    host = url.host
    try:
        yield troubles
    except httpx.ConnectTimeout:
        troubles.append(_Passing("FD-001", f"{host} could not be reached in time"))
    except httpx.TimeoutException:
        troubles.append(_Passing("FD-001", f"{host} took the request and did not answer in time", False))
    except httpx.ConnectError as error:
        if _is_about_certificate(error):
            troubles.append(Trouble("FD-001", f"the certificate of {host} is not trusted"))
        else:
            troubles.append(_Passing("FD-001", f"{host} could not be reached"))
    except httpx.ProxyError:
        troubles.append(_Passing("FD-001", f"the proxy did not let the request through to {host}"))
    except (httpx.NetworkError, httpx.RemoteProtocolError):
        troubles.append(_Passing("FD-001", f"{host} broke off the connection"))
    except (httpx.HTTPError, httpx.InvalidURL):
        troubles.append(Trouble("FD-001", f"{host} could not be asked"))


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _judged(answer: Answer) -> Trouble:
    if answer.status == 200:
        return Trouble("FD-002", f"an answer that cannot be used: {answer.fault}", ends_night=False)
    found = f"status {answer.status}"
    if answer.status == 403:
        return Trouble("FD-001", f"{found}: it refuses to answer, or asks us to stay away for a while")
    if answer.status == 429:
        return Trouble("FD-001", f"{found}: it says we ask too often")
    return Trouble("FD-001", found, ends_night=answer.status in (401, 503))


def _host(url: httpx.URL) -> tuple[str, str, int | None]:
    return (url.scheme, url.host, url.port)


def _counted_as(url: httpx.URL) -> str:
    """The name by which requests to a host are counted; it holds no credentials."""
    return url.netloc.decode("ascii")


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, given as a number or as a date; a date is held against the host's own."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
        now = parsedate_to_datetime(response.headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return None
