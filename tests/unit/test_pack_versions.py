"""Drafts, sign-offs and versions: what is published when, and that no version is ever altered."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcc_etl import asset_keys as keys
from kcc_etl.domain.compliance_approval import Waiting
from kcc_etl.domain.sign_off import SignedOff, sign_offs_of
from kcc_etl.exceptions import NotSignedOffError, PublicationRefusedError, SettingsError
from kcc_etl.parameters.load import load_parameters
from kcc_etl.schema.frames import from_rows
from reports import placing
from reports.finals import Final, earlier_publication, finals_of, known_by, require_whole
from reports.manifest import FILE_NAME, figures_digest, sha256_of
from reports.placing import PackResult, stand_by, write_draft, write_version
from reports.signing import ToSign, published

ALLOWED = load_parameters().sign_off
PERIOD = "2026-27-Q2"
DAY = date(2026, 11, 23)
posix = pytest.mark.skipif(os.name != "posix", reason="links and modes are of POSIX")


@pytest.fixture(autouse=True)
def _no_verifier(monkeypatch: pytest.MonkeyPatch) -> None:
    """These packs are of one file: what is tried here is the life of a pack, not what it holds."""
    monkeypatch.setattr(placing, "verify_folder", lambda folder: [])


def pack(amount: str, version: int = 1, as_of: str = "2026-11-23", **more: object) -> dict[str, bytes]:
    """The files of a pack with one figure."""
    content = f"contract_ref,measure_code,verified\r\nC-1,S1,{amount}\r\n".encode()
    manifest = {
        "period": PERIOD, "version": version, "as_of": as_of, "known_at": as_of, "changes": {"told": "…"},
        "figures": figures_digest(PERIOD, {"social-value-performance": content}),
        "totals": {"social-value-performance": {"rows": 1}},
        "files": {"social-value-performance.csv": {"sha256": sha256_of(content), "bytes": len(content)}},
        **more,
    }  # fmt: skip
    return {"social-value-performance.csv": content, FILE_NAME: json.dumps(manifest).encode()}


def digest(amount: str) -> str:
    return str(json.loads(pack(amount)[FILE_NAME])["figures"])


def signed(amount: str, digits: int = 12, number: str = "K-1") -> SignedOff:
    return SignedOff(DAY, number, digest(amount)[:digits], ALLOWED.roles[0], ALLOWED.reason_codes[0])


class House:
    """A folder of drafts and one of publications."""

    def __init__(self, folder: Path) -> None:
        self.drafts, self.publications = folder / "drafts", folder / "publications"

    def publish(
        self, amount: str, signed_off: Iterable[SignedOff] = (), notice: Waiting | None = None
    ) -> PackResult:
        """What `kcc-etl publish` does once the gate is open."""
        known = tuple(signed_off)
        draft = write_draft(self.drafts, PERIOD, pack(amount), keep=known)
        finals = finals_of(self.publications, PERIOD)

        def make(*, sign_off: SignedOff) -> PackResult:
            number = len(finals) + 1
            files = pack(amount, number, sign_off=sign_off.decision_id)
            return write_version(self.publications, PERIOD, number, files)

        return published(self.publications, finals, ToSign(PERIOD, draft, known, ALLOWED, notice), make)

    def versions(self) -> dict[str, str]:
        """Every file below versions/ with its hash."""
        folder = self.publications / "versions"
        return {
            str(path.relative_to(folder)): sha256_of(path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def standing(self) -> str | None:
        """The figure that stands as the publication of the period."""
        place = self.publications / PERIOD / "social-value-performance.csv"
        return place.read_text().splitlines()[1].rpartition(",")[2] if place.exists() else None


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


# What was published before, the figure now, what was signed; then whether it is published, and the version.
BEFORE = {"nothing before": [], "unchanged": ["1"], "changed": ["0"]}
SIGNED = {"nobody signed": [], "other figures signed": ["9"], "signed": ["1"]}
TABLE = {
    ("nothing before", "nobody signed"): (False, 0), ("nothing before", "other figures signed"): (False, 0),
    ("nothing before", "signed"): (True, 1),
    ("unchanged", "nobody signed"): (True, 1), ("unchanged", "other figures signed"): (True, 1),
    ("unchanged", "signed"): (True, 1),
    ("changed", "nobody signed"): (False, 1), ("changed", "other figures signed"): (False, 1),
    ("changed", "signed"): (True, 2),
}  # fmt: skip


@pytest.mark.parametrize(("before", "sign_off"), TABLE)
def test_what_is_published_by_what_was_before_and_what_is_signed(
    house: House, before: str, sign_off: str
) -> None:
    for amount in BEFORE[before]:
        house.publish(amount, [signed(amount)])
    is_published, versions = TABLE[before, sign_off]
    kept = house.versions()
    signatures = [signed(amount) for amount in SIGNED[sign_off]]
    if is_published:
        result = house.publish("1", signatures)
        assert result.unchanged == (before == "unchanged")
        assert house.standing() == "1"
    else:
        with pytest.raises(NotSignedOffError) as refused:
            house.publish("1", signatures)
        assert f"--figures {digest('1')[:12]}" in str(refused.value)
        assert "nobody has signed off the figures of" in str(refused.value)
        assert house.standing() == (BEFORE[before] or [None])[-1]
    assert len(finals_of(house.publications, PERIOD)) == versions
    assert kept.items() <= house.versions().items()
    assert (house.drafts / PERIOD / FILE_NAME).is_file(), "the draft is there whatever came of it"


@pytest.mark.parametrize(("digits", "holds"), [(12, True), (13, True), (64, True), (11, False), (0, False)])
def test_twelve_digits_or_more_of_the_digest_sign(house: House, digits: int, holds: bool) -> None:
    assert signed("1", digits).stands_for(digest("1")) == holds
    assert not signed("1", digits).stands_for(digest("2"))


def test_a_draft_that_was_signed_and_changed_since_says_what_changed(house: House) -> None:
    write_draft(house.drafts, PERIOD, pack("1"))
    with pytest.raises(NotSignedOffError) as refused:
        house.publish("2", [signed("1")])
    told = str(refused.value)
    assert f"is for the figures {digest('1')[:12]}" in told
    assert "since then: social-value-performance: 1 cell changed" in told


def test_the_signed_draft_is_kept_however_many_nights_follow(house: House) -> None:
    write_draft(house.drafts, PERIOD, pack("1"))
    for number in range(20):
        write_draft(house.drafts, PERIOD, pack(f"2.{number}"), keep=[signed("1")])
    with pytest.raises(NotSignedOffError, match="since then: social-value-performance: 1 cell changed"):
        house.publish("3", [signed("1")])
    for number in range(20):
        write_draft(house.drafts, PERIOD, pack(f"4.{number}"))
    with pytest.raises(NotSignedOffError, match="no draft with those figures is kept"):
        house.publish("3", [signed("1")])


def test_of_several_sign_offs_for_the_same_figures_the_last_is_named(house: House) -> None:
    house.publish("1", [signed("1", number="K-1"), signed("1", number="K-2")])
    (final,) = finals_of(house.publications, PERIOD)
    assert final.manifest["sign_off"] == "K-2"


def test_going_back_to_what_was_published_once_is_a_version_of_its_own(house: House) -> None:
    for amount in ("1", "2", "1"):
        house.publish(amount, [signed(amount)])
    assert [one.figures for one in finals_of(house.publications, PERIOD)] == [
        digest("1"), digest("2"), digest("1"),
    ]  # fmt: skip


@posix
def test_a_version_is_read_only(house: House) -> None:
    house.publish("1", [signed("1")])
    files = [path for path in (house.publications / "versions").rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}


def test_a_version_whose_bytes_were_changed_stops_the_next(house: House) -> None:
    house.publish("1", [signed("1")])
    (final,) = finals_of(house.publications, PERIOD)
    path = final.folder / "social-value-performance.csv"
    path.chmod(0o644)
    path.write_text("tampered")
    with pytest.raises(PublicationRefusedError, match="its bytes were changed"):
        final.datasets()
    (final.folder / FILE_NAME).chmod(0o644)
    (final.folder / FILE_NAME).write_text("{}")
    with pytest.raises(PublicationRefusedError, match="Restore it from a backup"):
        finals_of(house.publications, PERIOD)


def test_a_version_that_is_there_is_never_written_over(house: House) -> None:
    house.publish("1", [signed("1")])
    before = house.versions()
    with pytest.raises(PublicationRefusedError, match="version 1 could not be put in place"):
        write_version(house.publications, PERIOD, 1, pack("2"))
    assert house.versions() == before
    assert not list((house.publications / ".built").glob("*.part"))


def test_a_crash_between_version_and_link_is_mended_by_the_next_publishing(house: House) -> None:
    house.publish("1", [signed("1")])
    (house.publications / PERIOD).unlink()
    shutil.copytree(
        house.publications / "versions" / PERIOD / "v1", house.publications / "versions" / PERIOD / "v2"
    )
    manifest = house.publications / "versions" / PERIOD / "v2" / FILE_NAME
    manifest.chmod(0o644)
    manifest.write_bytes(pack("1", 2)[FILE_NAME])
    assert not house.publish("1").unchanged
    assert (house.publications / PERIOD).resolve().name == "v2"
    assert house.publish("1").unchanged


def test_where_no_link_can_be_made_the_version_is_copied(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing.switch, "_link", lambda link, target: False)
    for amount in ("1", "2", "2"):
        house.publish(amount, [signed(amount)])
        assert house.standing() == amount
        assert not (house.publications / PERIOD).is_symlink()
    assert [one.number for one in finals_of(house.publications, PERIOD)] == [1, 2]
    assert not list((house.publications / ".built").glob("*.aside"))


def test_versions_of_another_period_are_others(house: House) -> None:
    house.publish("1", [signed("1")])
    assert finals_of(house.publications, "2026-27-H1") == ()


@pytest.mark.parametrize(
    ("as_of", "known_at", "numbers"),
    [
        (date(2026, 11, 22), date(2026, 11, 23), []),
        (date(2026, 11, 23), date(2026, 11, 22), []),
        (date(2026, 11, 23), date(2026, 11, 23), [1]),
        (date(2026, 11, 25), date(2026, 11, 24), [1]),
        (date(2026, 11, 25), date(2026, 11, 25), [1, 2]),
    ],
)
def test_a_rebuild_compares_with_what_was_published_by_then(
    house: House, as_of: date, known_at: date, numbers: list[int]
) -> None:
    write_version(house.publications, PERIOD, 1, pack("1", 1, "2026-11-23"))
    write_version(house.publications, PERIOD, 2, pack("2", 2, "2026-11-25"))
    assert [one.number for one in known_by(finals_of(house.publications, PERIOD), as_of, known_at)] == numbers


STEP = st.tuples(st.sampled_from(["draft", "publish", "stand by"]), st.sampled_from("123"), st.booleans())


@given(st.lists(STEP, max_size=8))
@settings(max_examples=25, deadline=None)
def test_no_operation_alters_a_version(tmp_path_factory: pytest.TempPathFactory, steps: list) -> None:
    house = House(tmp_path_factory.mktemp("house"))
    for what, amount, is_signed in steps:
        before, finals = house.versions(), finals_of(house.publications, PERIOD)
        if what == "draft":
            write_draft(house.drafts, PERIOD, pack(amount))
        elif what == "publish":
            try:
                house.publish(amount, [signed(amount)] if is_signed else [])
                assert house.standing() == amount
            except NotSignedOffError:
                assert not is_signed
        elif finals:
            stand_by(house.publications, finals[-1])
        assert before.items() <= house.versions().items()
        assert len(house.versions()) - len(before) in (0, 2)


def decision(**cells: object) -> dict[str, object]:
    about = {"decision_id": "K-1", "decision_kind": "sign-off", "subject": PERIOD, "decided_on": DAY}
    by = {"role": "Section 151 Officer", "reason_code": "Figures agreed for publication"}
    return {**about, **by, "other_subject": "AB" * 6, **cells}


@pytest.mark.parametrize(
    ("cells", "holds"),
    [
        ({}, True),
        ({"role": "head of procurement"}, True),
        ({"role": "monitoring officer"}, False),
        ({"reason_code": "as agreed"}, False),
        ({"subject": "2026-27-H1"}, False),
        ({"subject": "2026-27"}, False),
        ({"decision_kind": "waiver"}, False),
        ({"decided_on": date(2026, 11, 22)}, True),
        ({"decided_on": date(2026, 11, 24)}, False),
        ({"expires_on": date(2026, 11, 24)}, True),
        ({"expires_on": date(2026, 11, 23)}, True),
        ({"expires_on": date(2026, 11, 22)}, False),
        ({"effective_on": date(2026, 11, 23)}, True),
        ({"effective_on": date(2026, 11, 24)}, False),
    ],
)
def test_a_sign_off_counts_by_role_reason_period_and_day(cells: dict[str, object], holds: bool) -> None:
    log = from_rows([decision(**cells)], keys.CORE_DECISION)
    found = sign_offs_of(log, PERIOD, DAY, ALLOWED)
    assert len(found) == int(holds)
    assert all(one.digits == "ab" * 6 for one in found)
    assert all(one.role in ALLOWED.roles and one.reason in ALLOWED.reason_codes for one in found)


def test_the_digest_is_of_the_period_and_every_csv_and_can_be_made_by_hand() -> None:
    one = figures_digest("2026-27-Q2", {"b": b"2", "a": b"1"})
    lines = f"2026-27-Q2\n{sha256_of(b'1')}  a.csv\n{sha256_of(b'2')}  b.csv\n"
    assert one == sha256_of(lines.encode())
    assert one != figures_digest("2026-27-Q2", {"b": b"2", "a": b"1 "})
    assert one != figures_digest("2026-27-H1", {"b": b"2", "a": b"1"})


def test_a_final_names_what_it_holds(house: House) -> None:
    house.publish("1", [signed("1")])
    (final,) = finals_of(house.publications, PERIOD)
    assert isinstance(final, Final)
    assert final.datasets() == {"social-value-performance": pack("1")["social-value-performance.csv"]}
    assert final.manifest_sha256 == sha256_of((final.folder / FILE_NAME).read_bytes())


def test_what_is_signed_waits_for_the_approval_of_the_notice_in_it(house: House) -> None:
    with pytest.raises(NotSignedOffError) as refused:
        house.publish("1", [signed("1")], Waiting("696ba4af8d1c56c9", "2026-27-H1"))
    assert 'kcc-etl decide "compliance approval" 696ba4af8d1c56c9 --period 2026-27-H1' in str(refused.value)
    assert house.versions() == {}


def spoil(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("what", ["changed", "missing", "added", "manifest"])
def test_a_version_that_is_not_what_was_published_is_not_told_as_unchanged(
    house: House, number: int, what: str
) -> None:
    for amount in ("1", "2"):
        house.publish(amount, [signed(amount)])
    final = finals_of(house.publications, PERIOD)[number - 1]
    file = final.folder / "social-value-performance.csv"
    if what == "changed":
        spoil(file, file.read_bytes().replace(b"\r\n", b"\n"))
    elif what == "missing":
        file.unlink()
    elif what == "added":
        (final.folder / "note.txt").write_text("tampered")
    else:
        spoil(final.folder / FILE_NAME, b"[]")
    before = house.versions()
    with pytest.raises(PublicationRefusedError) as refused:
        house.publish("2")
    assert f"{PERIOD}/v{number}" in str(refused.value)
    assert "Restore it from a backup" in str(refused.value)
    assert "blocking rule" not in str(refused.value)
    assert house.versions() == before


def test_a_manifest_that_the_next_version_did_not_replace_is_seen(house: House) -> None:
    house.publish("1", [signed("1")])
    (first,) = finals_of(house.publications, PERIOD)
    replaces = {"version": 1, "manifest_sha256": first.manifest_sha256}
    write_version(house.publications, PERIOD, 2, pack("2", 2, replaces=replaces))
    require_whole(house.publications, PERIOD)
    spoil(first.folder / FILE_NAME, first.folder.joinpath(FILE_NAME).read_bytes() + b"\n")
    with pytest.raises(PublicationRefusedError, match="is not the one that version 2 replaced"):
        require_whole(house.publications, PERIOD)


def lost(house: House, what: str) -> Path:
    """Move away what is named, as a hand or a bad disk may, and say where it went."""
    away = house.drafts.parent / "away"
    (house.publications / "versions" / PERIOD / what).rename(away)
    return away


@pytest.mark.parametrize("amount", ["2", "3"])
@pytest.mark.parametrize(("what", "named"), [("v1", "v1"), ("v2", "v2"), ("", "v1")])
@pytest.mark.parametrize("gone", ["", "the link", "the record"])
def test_a_version_that_is_gone_is_refused_until_it_is_restored(
    house: House, what: str, named: str, gone: str, amount: str
) -> None:
    for published_before in ("1", "2"):
        house.publish(published_before, [signed(published_before)])
    away = lost(house, what)
    if gone == "the link":
        (house.publications / PERIOD).unlink()
    elif gone == "the record":
        (house.publications / "versions.csv").unlink()
    before = house.versions()
    with pytest.raises(PublicationRefusedError) as refused:
        house.publish(amount, [signed(amount)])
    assert f"{PERIOD}/{named}: it is not there" in str(refused.value)
    assert "Restore it from a backup" in str(refused.value)
    assert house.versions() == before
    away.rename(house.publications / "versions" / PERIOD / what)
    house.publish(amount, [signed(amount)])
    assert house.standing() == amount
    assert len(finals_of(house.publications, PERIOD)) == int(amount)


def test_every_version_is_on_record_by_its_number_and_manifest(house: House) -> None:
    for amount in ("1", "2", "2"):
        house.publish(amount, [signed(amount)])
    first, second = finals_of(house.publications, PERIOD)
    record = house.publications / "versions.csv"
    assert record.read_bytes().decode().splitlines() == [
        "period,version,manifest_sha256",
        f"{PERIOD},1,{first.manifest_sha256}",
        f"{PERIOD},2,{second.manifest_sha256}",
    ]
    write_version(house.publications, "2026-27-H1", 1, pack("1", period="2026-27-H1"))
    assert record.read_text().count("2026-27-H1,1,") == 1
    require_whole(house.publications, "2026-27-H1")


def test_a_version_made_anew_in_the_place_of_another_is_seen(house: House) -> None:
    house.publish("1", [signed("1")])
    (final,) = finals_of(house.publications, PERIOD)
    for name, content in pack("9").items():
        spoil(final.folder / name, content)
    with pytest.raises(PublicationRefusedError, match="is not the one that was published"):
        house.publish("9", [signed("9")])


def test_a_version_that_is_not_on_record_yet_is_recorded_by_the_next_publishing(house: House) -> None:
    for amount in ("1", "2"):
        house.publish(amount, [signed(amount)])
    (house.publications / "versions.csv").unlink()
    assert house.publish("2").unchanged
    lost(house, "v2")
    (house.publications / PERIOD).unlink()
    with pytest.raises(PublicationRefusedError, match="v2: it is not there"):
        house.publish("1")


@pytest.mark.parametrize(
    "content",
    [b"", b"period,version", b"a,b,c\r\nd", b"\xff", b"period,version,manifest_sha256\r\n2026-27-Q2,x,y\r\n"],
)
def test_a_record_that_cannot_be_read_is_named(house: House, content: bytes) -> None:
    house.publish("1", [signed("1")])
    spoil(house.publications / "versions.csv", content)
    with pytest.raises(PublicationRefusedError, match=r"versions\.csv"):
        house.publish("1")


@pytest.mark.parametrize("was", ["plain folder", "file", "link to a build"])
def test_what_stood_there_before_the_first_version_is_kept_for_good(house: House, was: str) -> None:
    target = house.publications / PERIOD
    target.parent.mkdir()
    old = target if was != "link to a build" else house.publications / ".built" / f"{PERIOD}-0123456789ab"
    if was == "file":
        old.write_text("old")
    else:
        old.mkdir(parents=True)
        (old / FILE_NAME).write_text('{"format": "kcc-etl-pack-1"}')
    if was == "link to a build":
        target.symlink_to(old.relative_to(target.parent))
    place = f"publications/versions/{PERIOD}/before"
    assert earlier_publication(house.publications, PERIOD) == place
    told = house.publish("1", [signed("1")]).told
    assert f"kept unchanged in {place}" in told
    assert house.standing() == "1"
    for number in range(15):
        house.publish(f"2.{number}", [signed(f"2.{number}")])
    kept = house.publications / "versions" / PERIOD / "before"
    assert (kept if was == "file" else kept / FILE_NAME).read_text() in (
        "old",
        '{"format": "kcc-etl-pack-1"}',
    )
    assert earlier_publication(house.publications, PERIOD) == place
    assert earlier_publication(house.publications, "2026-27-H1") == ""


def test_a_folder_put_in_the_place_of_the_link_later_is_kept_too(house: House) -> None:
    house.publish("1", [signed("1")])
    for number in ("before", "before-2"):
        target = house.publications / PERIOD
        target.unlink()
        target.mkdir()
        (target / "by-hand.csv").write_text(number)
        result = house.publish("1")
        assert f"versions/{PERIOD}/{number};" in result.told
        assert house.standing() == "1"
        assert (house.publications / "versions" / PERIOD / number / "by-hand.csv").read_text() == number


@pytest.mark.parametrize("folder", ["drafts", "publications"])
def test_a_folder_that_cannot_be_written_is_named_with_a_remedy(house: House, folder: str) -> None:
    (house.drafts.parent / folder).write_text("in its place")
    with pytest.raises(SettingsError) as refused:
        house.publish("1", [signed("1")])
    assert str(house.drafts.parent / folder) in str(refused.value)
    assert "Correct its permissions, make room" in str(refused.value)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_disk_that_refuses_leaves_nothing_half_written(
    house: House, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    house.publish("1", [signed("1")])

    def refuse(folder: Path) -> None:
        raise OSError(number, os.strerror(number), str(folder))

    monkeypatch.setattr(placing.switch, "sync_folder", refuse)
    with pytest.raises(SettingsError, match=os.strerror(number)):
        house.publish("2", [signed("2")])
    assert house.standing() == "1"
    assert not list((house.drafts / ".built").glob("*.part"))
