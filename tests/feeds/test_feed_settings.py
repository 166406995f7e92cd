"""Feeds in the settings file: each fault with its place, no secret in the file and none in a message."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kcc_etl.exceptions import SettingsError
from kcc_etl.intake.feeds.feed import CONTRACTS_FINDER, FIND_A_TENDER, Feed, masked, without_secrets
from kcc_etl.settings import Settings, load_settings

HEAD = '[authority]\nname = "A"\naddress = "B"\nemail = "c@d.example"\nids = ["GB-PPON-PAAA-0000-AAAA"]\n'
PATH = 'path = "inbox"'


def loaded(folder: Path, *sources: str) -> Settings:
    path = folder / "kcc_etl.toml"
    blocks = [f'[[sources]]\nname = "s{number}"\n{text}\n' for number, text in enumerate(sources)]
    path.write_text(HEAD + "".join(blocks), encoding="utf-8")
    return load_settings(path)


def test_every_type_of_feed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(
        tmp_path,
        'kind = "notices"\nfeed = { type = "find-a-tender", since = 2025-02-24 }',
        'kind = "notices"\nfeed = { type = "contracts-finder", since = 2024-01-01, minutes = 20 }',
        'kind = "payments"\nmode = "snapshot"\nfeed = { type = "url", url = "https://a.example/x.csv?id=4" }',
        'kind = "register"\nfeed = { type = "sql", database = "sqlite:///erp.db", query = "SELECT 1" }',
        'kind = "register"\nfeed = { type = "sql", database = "postgresql://r:${PW}@h/d", query = "SELECT 1" }',
        f'kind = "payments"\n{PATH}',
    )

    sqlite = f"sqlite:///{tmp_path / 'erp.db'}"
    assert settings.feeds() == [
        Feed("s0", "notices", "find-a-tender", FIND_A_TENDER, since=date(2025, 2, 24)),
        Feed("s1", "notices", "contracts-finder", CONTRACTS_FINDER, since=date(2024, 1, 1), minutes=20),
        Feed("s2", "payments", "url", "https://a.example/x.csv?id=4"),
        Feed("s3", "register", "sql", sqlite, "SELECT 1"),
        Feed("s4", "register", "sql", "postgresql://r:${PW}@h/d", "SELECT 1"),
    ]
    sources = settings.landing_sources()
    assert [source.path for source in sources] == [None] * 5 + [tmp_path / "inbox"]
    assert [source.mode for source in sources][2] == "snapshot"


@pytest.mark.parametrize(
    ("source", "place", "fault"),
    [
        ('kind = "payments"', "sources.0", "a source has either a `path` or a `feed`"),
        (f'kind = "payments"\n{PATH}\nfeed = {{ type = "url", url = "https://a.example/x" }}', "sources.0", "either a `path` or a `feed`"),
        ('kind = "payments"\npath = ""', "sources.0.path", "should match"),
        ('kind = "payments"\nfeed = { url = "https://a.example/x" }', "sources.0.feed", "type"),
        ('kind = "payments"\nfeed = { type = "ftp" }', "sources.0.feed", "'find-a-tender', 'contracts-finder', 'url', 'sql'"),
        ('kind = "payments"\nfeed = "https://a.example/x"', "sources.0.feed", ""),
        ('kind = "payments"\nfeed = { type = "url" }', "sources.0.feed.url.url", "is missing"),
        ('kind = "payments"\nfeed = { type = "url", url = "https://a.example/x", since = 2025-01-01 }', "sources.0.feed.url.since", "not a setting"),
        ('kind = "payments"\nfeed = { type = "url", url = "ftp://a.example/x" }', "sources.0.feed.url", "`url` is not a web address"),
        ('kind = "payments"\nfeed = { type = "url", url = "file:///etc/passwd" }', "sources.0.feed.url", "`url` is not a web address"),
        ('kind = "payments"\nfeed = { type = "url", url = "https://a.example:port/x" }', "sources.0.feed.url", "`url` is not a web address"),
        ('kind = "payments"\nfeed = { type = "url", url = "https://a.example/x", minutes = 0 }', "sources.0.feed.url.minutes", "greater than or equal to 1"),
        ('kind = "payments"\npattern = "*.csv"\nfeed = { type = "url", url = "https://a.example/x" }', "sources.0", "`pattern` chooses files of a folder"),
        ('kind = "notices"\nfeed = { type = "find-a-tender" }', "sources.0.feed.find-a-tender.since", "is missing"),
        ('kind = "notices"\nfeed = { type = "find-a-tender", since = "soon" }', "sources.0.feed.find-a-tender.since", "valid date"),
        ('kind = "payments"\nfeed = { type = "find-a-tender", since = 2025-02-24 }', "sources.0", "gives notices"),
        ('kind = "notices"\nmode = "snapshot"\nfeed = { type = "find-a-tender", since = 2025-02-24 }', "sources.0", "its mode is collection"),
        ('kind = "notices"\nfeed = { type = "find-a-tender", since = 2025-02-24, address = "https://a.example/x?y=1" }', "sources.0.feed.find-a-tender", "ends with the path"),
        ('kind = "payments"\nfeed = { type = "sql", database = "sqlite:///x.db", query = "DROP TABLE x" }', "sources.0.feed.sql", "the query is no SELECT"),
        ('kind = "payments"\nfeed = { type = "sql", database = "x.db", query = "SELECT 1" }', "sources.0.feed.sql", "`database` is not a database URL"),
        ('kind = "returns"\nfeed = { type = "sql", database = "sqlite:///x.db", query = "SELECT 1" }', "sources.0", "a query gives a register"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(source: str, place: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, source, f'kind = "register"\n{PATH}')
    assert "1 fault(s)" in caught.value.found
    assert place in caught.value.found
    assert fault in caught.value.found


@pytest.mark.parametrize(
    "source",
    [
        'feed = { type = "url", url = "https://joe:xyzzy@a.example/x" }',
        'feed = { type = "url", url = "https://a.example/x?id=1&api_key=xyzzy" }',
        'feed = { type = "url", url = "https://a.example/x?token=xyzzy" }',
        'feed = { type = "url", url = 5, extra = "https://joe:xyzzy@a.example/x" }',
        'feed = { type = "sql", database = "postgresql://joe:xyzzy@h/d", query = "SELECT 1" }',
        'feed = { type = "sql", database = "postgresql://h/d?user=joe&password=xyzzy", query = "SELECT 1" }',
        'feed = { type = "sql", database = "postgresql://joe:xyzzy@h:port/d", query = "SELECT 1" }',
        'feed = { type = "sql", database = "postgresql://joe:xyzzy@h/d", query = "DROP TABLE x" }',
        'feed = "https://joe:xyzzy@a.example/x"',
        'feed = { type = "find-a-tender", since = "https://joe:xyzzy@h/" }',
    ],
)
def test_a_secret_in_the_file_is_a_fault_and_is_not_repeated(source: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, f'kind = "payments"\n{source}')
    assert "xyzzy" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('role "open&sesame" does not exist', 'role "***" does not exist'),
        ("at https://h/x?key=open%26sesame+1", "at https://h/x?key=***+1"),
        ("open&sesame twice open&sesame", "*** twice ***"),
        ("the longer one, open&sesame and more!", "the longer one, ***!"),
        ("open%26sesame+and+more, open%26sesame%20and%20more", "***, ***"),
        ("postgresql://joe:other@h/d", "postgresql://***@h/d"),
        ("nothing of it", "nothing of it"),
    ],
)
def test_a_message_loses_every_secret_of_its_address(
    text: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHORT", "open&sesame")
    monkeypatch.setenv("LONG", "open&sesame and more")
    monkeypatch.setenv("EMPTY", "")
    assert without_secrets(text, "https://${SHORT}:${LONG}@h/x?key=${SHORT}&other=${EMPTY}") == shown


def test_a_feed_shows_neither_its_user_nor_its_query() -> None:
    feed = Feed("f", "payments", "url", "https://joe:${PW}@a.example/x.csv?key=${KEY}")
    assert feed.shown == "https://a.example/x.csv"
    assert masked("at postgresql://joe:p@ss/word@h/d now") == "at postgresql://***@h/d now"
