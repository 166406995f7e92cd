"""Bytes to text, and text that was read with the wrong encoding before it reached us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.exceptions import SourceUnreadableError
from kcc_etl.intake.text.encodings import decode, likely_text


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("Café,£1".encode(), "Café,£1", "utf-8"),
        ("Café,£1".encode("utf-8-sig"), "Café,£1", "utf-8"),
        ("Café,£1".encode("utf-16"), "Café,£1", "utf-16-le"),
        (b"\xfe\xff" + "Café,£1".encode("utf-16-be"), "Café,£1", "utf-16-be"),
        ("Café,£1".encode("utf-16-le"), "Café,£1", "utf-16-le"),
        ("Café,£1".encode("utf-16-be"), "Café,£1", "utf-16-be"),
        ("a,b".encode("utf-16-le"), "a,b", "utf-16-le"),
        ("Café,£1".encode("utf-32"), "Café,£1", "utf-32-le"),
        ("Café,£1".encode("cp1252"), "Café,£1", "cp1252"),
        # Hyndburn: the pound sign of DOS, before a digit and in a heading.
        (b"\x9c250,\x9c 9,c\x9cur,Net (\x9c)", "£250,£ 9,cœur,Net (£)", "cp1252, pound sign of DOS"),
        (b"a\x81b", "a\ufffdb", "cp1252"),
        # With the pound sign of DOS, accents that are unlikely in Windows are those of DOS.
        ("Café Ltd,£500.00".encode("cp850"), "Café Ltd,£500.00", "cp850"),
        ("Müller,Françoise,£5".encode("cp437"), "Müller,Françoise,£5", "cp850"),
        ("Jörg,La Crème,Año,£5".encode("cp850"), "Jörg,La Crème,Año,£5", "cp850"),
        (b"People\x92s Caf\xe9,\x9c5", "People’s Café,£5", "cp1252, pound sign of DOS"),
        (b"People\x92s Caf\x82,\x9c5", "People’s Caf‚,£5", "cp1252, pound sign of DOS"),
        (b"1 \x96 2,\x93Acme\x94,\x9c5", "1 – 2,“Acme”,£5", "cp1252, pound sign of DOS"),
        (b"Caf\x82", "Caf‚", "cp1252"),
    ],
)
def test_the_encoding_is_found_and_named(data: bytes, text: str, encoding: str) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"a,\x00b", "line 1"),
        (b"a,b\r\n1,2\r\n\x00,3", "line 3"),
        (b"\xff\xfea", "UTF-16-LE"),
        (b"\xef\xbb\xbf\xff", "UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_the_place(data: bytes, says: str) -> None:
    with pytest.raises(SourceUnreadableError, match=says):
        decode(data)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    if text.strip(" \t\n\r\x0b\x0c"):
        assert decode(text.encode("utf-8-sig")).text == text


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("CafÃ© Nero", "Café Nero"),
        ("Peopleâ€™s", "People’s"),
        ("Â£5 â€“ Â£10", "£5 – £10"),
        ("Ã\x81rd", "Árd"),
        ("ðŸ˜€", "😀"),
        ("JULIE\ufffdS", "JULIE\ufffdS"),  # Oxford, March 2015: lost for good
        ("Café", None),
        ("CAFÉ’S", None),
        ("São Paulo – £5", None),
        ("Ângela", None),
        ("plain", None),
        ("", None),
    ],
)
def test_garbled_text_is_told_from_accents(text: str, likely: str | None) -> None:
    assert likely_text(text) == likely


@given(st.text(st.sampled_from("éèàçñöüß£€’“”–ÉÀ abc"), min_size=1, max_size=12))
def test_text_read_with_the_wrong_encoding_is_always_told(text: str) -> None:
    garbled = "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte)
        for byte in text.encode()
    )
    assert likely_text(garbled) == (None if text.isascii() else text)
