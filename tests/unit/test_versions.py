"""Which version is in force: the newest that can be used and lost neither headings nor rows, as known at a day."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc_etl.intake.headings.mapping import parse_mapping
from kcc_etl.intake.landing.landing import MAPPING, LandedFile, Source
from kcc_etl.intake.landing.saved_mappings import SavedMapping, in_use, saved_mappings, unusable
from kcc_etl.intake.landing.versions import (
    Judged,
    Reading,
    judge,
    judge_all,
    lines,
    lost_rows,
    reading_from_json,
    reading_json,
    steps,
    without_repeats,
)

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 11, day) for day in (23, 24, 25, 26))
REGISTER = Source("register", "register", Path("r"), mode="snapshot")
TITLES = ("Contract reference", "Title", "Supplier", "Value excluding VAT (£)", "Start", "End")
HEAD = """kind = "register"
reviewed_by = "data officer"
reviewed_on = 2026-11-24
"""
COLUMNS = """[columns]
"Ref" = "contract_ref"
"Name" = "contract_title"
"Payee" = "supplier_name"
"Amount" = "value_ex_vat_pence"
"From" = "start_on"
"To" = "end_on"
"""
MAPPED = ("Ref", "Name", "Payee", "Amount", "From", "To")


def file(name: str, day: date, number: int, sha: str = "", kind: str = "register") -> LandedFile:
    return LandedFile(sha or f"{number:064x}", "register", kind, name, 1, day, number, Path(name))


def saved(day: date, number: int, text: str) -> SavedMapping:
    try:
        mapping = parse_mapping(text, "m.toml")
    except Exception as error:
        return SavedMapping(file("m.toml", day, number, kind=MAPPING), None, str(error))
    return SavedMapping(file("m.toml", day, number, kind=MAPPING), mapping)


def good(rows: int = 100, headings: tuple[str, ...] = MAPPED, usable: int | None = None) -> Reading:
    return Reading("accepted", arrived=rows, usable=rows if usable is None else usable, headings=headings)


BAD = Reading("quarantined", "IN-001", "The file is damaged")
NO_COLUMN = Reading("quarantined", "IN-002", "The file has no column for 'Value'", headings=MAPPED[:3])


def judged(
    readings: list[Reading],
    source: Source = REGISTER,
    accepted: tuple[str, ...] = (),
    mapping: str = HEAD + COLUMNS,
) -> Judged:
    """One version a day from Tuesday, read by a mapping saved on Monday."""
    days = (TUESDAY, WEDNESDAY, THURSDAY)
    versions = [file(f"{n}.csv", days[min(n, 2)], n + 2) for n in range(len(readings))]
    of_version = {version.sha256: reading for version, reading in zip(versions, readings, strict=True)}
    happened = steps(versions, [saved(MONDAY, 1, mapping)])
    return judge(happened, lambda step: of_version[step.file.sha256], source, accepted)


def outcome(line: Judged) -> tuple[str | None, str]:
    """Name of the file in force and the rule that holds the newest."""
    return (line.good.file.file_name if line.good else None, line.doubt.rule_id if line.doubt else "")


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([good()], ("0.csv", "")),
        ([good(), good(80)], ("1.csv", "")),
        ([good(), good(79)], ("0.csv", "IN-042")),
        ([good(), good(0)], ("0.csv", "IN-042")),
        ([good(), good(5000)], ("1.csv", "")),
        ([good(), good(100, usable=79)], ("0.csv", "IN-042")),
        ([good(usable=50), good(100, usable=40)], ("1.csv", "")),
        ([good(0), good(0)], ("1.csv", "")),
        ([good(), BAD], ("0.csv", "IN-001")),
        ([good(), BAD, good(90)], ("2.csv", "")),
        ([good(), good(10), good(9)], ("0.csv", "IN-042")),
        ([good(), good(90), good(73)], ("2.csv", "")),
        ([BAD], (None, "IN-001")),
        ([BAD, BAD], (None, "IN-001")),
        ([BAD, good(3)], ("1.csv", "")),
        ([good(), NO_COLUMN], ("0.csv", "IN-041")),
        ([NO_COLUMN], (None, "IN-002")),
    ],
)
def test_the_newest_is_in_force_unless_it_lost_what_the_last_good_one_had(
    readings: list[Reading], expected: tuple[str | None, str]
) -> None:
    assert outcome(judged(readings)) == expected


@pytest.mark.parametrize(
    ("headings", "difference"),
    [
        (MAPPED, ""),
        (tuple(reversed(MAPPED)), ""),
        (tuple(f" {title.upper()} " for title in MAPPED), ""),
        ((*MAPPED, ""), ""),
        ((*MAPPED, "Notes"), "'Notes' is new"),
        (("Ref", "Name", "Payee", "Net Amount", "From", "To"), "'Amount' is gone; 'Net Amount' is new"),
        (MAPPED[:5], "'To' is gone"),
        ((), ""),
    ],
)
def test_a_difference_of_headings_is_named(headings: tuple[str, ...], difference: str) -> None:
    line = judged([good(), good(headings=headings)])
    assert (line.doubt.found if line.doubt else "") == difference


def test_a_heading_that_was_there_before_or_is_ignored_is_no_difference() -> None:
    more = (*MAPPED, "Notes")
    assert (
        outcome(judged([good(headings=more), good(headings=(*more, "NOTES ")), good(headings=MAPPED)]))[1]
        == ""
    )
    ignoring = HEAD + 'ignore = ["Notes"]\n' + COLUMNS
    assert outcome(judged([good(), good(headings=more)], mapping=ignoring)) == ("1.csv", "")


@pytest.mark.parametrize(
    ("kind", "mode", "held"),
    [
        ("register", "collection", True),
        ("payments", "collection", True),
        ("decisions", "collection", True),
        ("returns", "collection", False),
        ("notices", "collection", False),
        ("notices", "snapshot", True),
    ],
)
def test_shrinking_is_a_fault_where_a_version_states_the_whole(kind: str, mode: str, held: bool) -> None:
    source = Source("register", kind, Path("x"), mode=mode)  # type: ignore[arg-type]
    versions = [file("a", MONDAY, 1, kind=kind), file("a", TUESDAY, 2, kind=kind)]
    readings = {1: good(headings=()), 2: good(10, headings=())}
    line = judge(steps(versions, []), lambda step: readings[step.file.sequence], source)
    assert (line.doubt is not None) is held
    assert line.good is not None
    assert line.good.file is versions[0 if held else 1]


@pytest.mark.parametrize("after", [good(9), good(headings=(*MAPPED, "Notes"))])
def test_an_officer_accepts_a_file_by_the_first_digits_of_its_hash(after: Reading) -> None:
    digits = f"{3:064x}"
    assert outcome(judged([good(), after], accepted=(digits[:12],))) == ("1.csv", "")
    assert outcome(judged([good(), after], accepted=(digits,)))[0] == "1.csv"
    assert outcome(judged([good(), after], accepted=(digits[:11], "", "f" * 12)))[0] == "0.csv"
    assert outcome(judged([good(), BAD], accepted=(digits,))) == ("0.csv", "IN-001")


class TestMappings:
    NEW = HEAD + COLUMNS.replace('"Amount"', '"Net Amount"')
    CHANGED = ("Ref", "Name", "Payee", "Net Amount", "From", "To")

    def line(self, *events: LandedFile | SavedMapping) -> Judged:
        """Versions are read as they would be: usable when the mapping has a column for every field."""
        headings = {1: MAPPED, 2: self.CHANGED, 3: (*self.CHANGED, "Notes")}
        versions = [event for event in events if isinstance(event, LandedFile)]
        mappings = [event for event in events if isinstance(event, SavedMapping)]

        def read(step: object) -> Reading:
            titles = headings[int(step.file.file_name[0])]  # type: ignore[attr-defined]
            mapping = step.mapping  # type: ignore[attr-defined]
            whole = mapping is not None and {t.casefold().replace(" ", "") for t in titles} >= set(
                mapping.columns
            )
            return (
                good(headings=titles)
                if whole
                else Reading("quarantined", "IN-002", "no column", headings=titles)
            )

        return judge(steps(versions, mappings), read, REGISTER)

    def test_a_mapping_reviewed_after_the_change_accepts_it_whichever_came_first(self) -> None:
        old, new = saved(MONDAY, 1, HEAD + COLUMNS), saved(THURSDAY, 9, self.NEW)
        first, second = file("1", MONDAY, 2), file("2", TUESDAY, 3)
        before = self.line(old, first, second)
        assert outcome(before) == ("1", "IN-041")
        assert before.doubt is not None
        assert before.doubt.found == "'Amount' is gone; 'Net Amount' is new"
        assert outcome(self.line(old, first, second, new)) == ("2", "")
        assert outcome(self.line(old, first, new, file("2", THURSDAY, 10))) == ("2", "")

    def test_a_column_that_is_gone_is_accepted_by_a_mapping_saved_since_that_does_without_it(self) -> None:
        with_more = saved(MONDAY, 1, HEAD + COLUMNS + '"Unit" = "department"\n')
        first, second = file("1", MONDAY, 2), file("2", TUESDAY, 3)
        readings = {"1": good(headings=(*MAPPED, "Unit")), "2": good()}
        for mappings, held in (
            ([with_more], "IN-041"),
            ([with_more, saved(WEDNESDAY, 4, HEAD + COLUMNS)], ""),
        ):
            line = judge(
                steps([first, second], mappings), lambda step: readings[step.file.file_name], REGISTER
            )
            assert outcome(line)[1] == held

    def test_a_mapping_that_leaves_a_heading_open_does_not_accept_it(self) -> None:
        old, new = saved(MONDAY, 1, HEAD + COLUMNS), saved(TUESDAY, 3, self.NEW)
        line = self.line(old, file("1", MONDAY, 2), new, file("3", WEDNESDAY, 4))
        assert outcome(line) == ("1", "IN-041")
        ignoring = saved(THURSDAY, 5, self.NEW.replace("[columns]", 'ignore = ["Notes"]\n[columns]'))
        assert outcome(self.line(old, file("1", MONDAY, 2), new, file("3", WEDNESDAY, 4), ignoring)) == (
            "3",
            "",
        )

    def test_a_mapping_that_does_not_fit_what_is_there_leaves_the_version_with_its_own(self) -> None:
        old, new = saved(MONDAY, 1, HEAD + COLUMNS), saved(TUESDAY, 3, self.NEW)
        line = self.line(old, file("1", MONDAY, 2), new)
        assert line.good is not None
        assert line.good.mapping is old.mapping
        assert line.doubt is not None
        assert line.newest.because is new.file

    def test_a_broken_mapping_leaves_the_one_before_in_force(self) -> None:
        old, broken = saved(MONDAY, 1, HEAD + COLUMNS), saved(TUESDAY, 3, "kind =")
        line = self.line(old, file("1", MONDAY, 2), broken, file("1b", WEDNESDAY, 4))
        assert outcome(line) == ("1b", "")
        assert line.good is not None
        assert line.good.mapping is old.mapping
        assert unusable([old, broken]) is broken
        assert in_use([old, broken]) is old

    def test_a_first_mapping_that_is_broken_stops_the_source_until_it_is_mended(self) -> None:
        broken, mended = saved(MONDAY, 1, "kind ="), saved(TUESDAY, 3, HEAD + COLUMNS)
        stopped = self.line(broken, file("1", MONDAY, 2))
        assert outcome(stopped) == (None, "IN-002")
        assert stopped.doubt is not None
        assert "m.toml cannot be used" in stopped.doubt.found
        assert outcome(self.line(broken, file("1", MONDAY, 2), mended)) == ("1", "")

    def test_mappings_are_read_from_their_landed_copies_as_known_then(self, tmp_path: Path) -> None:
        texts = {
            1: (HEAD + COLUMNS).encode(),
            2: (HEAD + COLUMNS).replace("register", "payments").encode(),
            3: b"\xff\xfe\x00",
            4: b"[columns",
        }
        landed = []
        for number, text in texts.items():
            path = tmp_path / str(number)
            path.write_bytes(text)
            landed.append(LandedFile(str(number), "register", MAPPING, "m.toml", 1, MONDAY, number, path))
        later = LandedFile("9", "register", MAPPING, "m.toml", 1, THURSDAY, 9, tmp_path / "1")
        other = LandedFile("1", "other", MAPPING, "m.toml", 1, MONDAY, 10, tmp_path / "1")
        found = saved_mappings([*landed, later, other, file("a", MONDAY, 11)], REGISTER, WEDNESDAY)
        assert [each.mapping is not None for each in found] == [True, False, False, False]
        assert ["m.toml" in each.fault for each in found] == [False, True, True, True]


LEDGER = ("Payment reference", "Supplier name", "Payment date", "Net amount (£)", "VAT (£)", "Our note")
RENAMED = tuple("Tax" if title == "VAT (£)" else title for title in LEDGER)
MAPS_BOTH = (
    HEAD.replace("register", "payments")
    + """ignore = ["Our note"]
[columns]
"Payment reference" = "payment_ref"
"Supplier name" = "supplier_name"
"Payment date" = "paid_on"
"Net amount (£)" = "amount_ex_vat_pence"
"VAT (£)" = "vat_pence"
"""
)


class TestNewNamesOfACollection:
    """A new file name each month: its headings are compared with those of the last good file of the source."""

    SOURCE = Source("register", "payments", Path("p"))

    def outcomes(
        self,
        layouts: dict[str, tuple[str, ...]],
        *mappings: SavedMapping,
        days: dict[str, date] | None = None,
        order: list[str] | None = None,
        accepted: tuple[str, ...] = (),
    ) -> dict[str, str]:
        """What holds each name, empty for what counts."""
        names = order or list(layouts)
        landed = [
            file(name, (days or {}).get(name, TUESDAY), n, sha=name * 12, kind="payments")
            for n, name in enumerate(names, 2)
        ]
        found = judge_all(
            [steps(versions, mappings) for versions in lines(landed, self.SOURCE, THURSDAY)],
            lambda step: good(headings=layouts[step.file.file_name]),
            self.SOURCE,
            accepted,
        )
        assert [line.good is None for line in found] == [line.doubt is not None for line in found]
        return {line.newest.file.file_name: line.doubt.found if line.doubt else "" for line in found}

    def test_a_column_that_is_gone_stops_its_file_and_no_other(self) -> None:
        found = self.outcomes({"1": LEDGER, "2": RENAMED, "3": LEDGER, "4": LEDGER[:5]})
        told = "'VAT (£)' is gone; 'Tax' is new, against 1"
        assert found == {"1": "", "2": told, "3": "", "4": ""}

    @pytest.mark.parametrize("order", [["1", "2", "3"], ["3", "2", "1"], ["2", "1", "3"]])
    def test_the_order_in_which_names_come_in_a_night_does_not_matter(self, order: list[str]) -> None:
        found = self.outcomes({"1": LEDGER, "2": RENAMED, "3": LEDGER}, order=order)
        assert [name for name, doubt in found.items() if doubt] == ["2"]

    def test_a_name_that_sorts_first_does_not_overturn_what_came_the_day_before(self) -> None:
        found = self.outcomes({"0": RENAMED, "1": LEDGER}, days={"0": WEDNESDAY, "1": TUESDAY})
        assert found == {"0": "'VAT (£)' is gone; 'Tax' is new, against 1", "1": ""}

    def test_a_layout_that_was_good_before_is_good_again(self) -> None:
        short = LEDGER[:4]
        assert set(self.outcomes({"1": short, "2": LEDGER, "3": short}).values()) == {""}
        assert self.outcomes({"1": LEDGER, "2": short, "3": short}).keys() == {"1", "2", "3"}
        assert list(self.outcomes({"1": LEDGER, "2": short, "3": short}).values()).count("") == 1

    def test_a_mapping_that_speaks_of_every_heading_settles_it(self) -> None:
        mapping = saved(MONDAY, 1, MAPS_BOTH + '"Tax" = "amount_inc_vat_pence"\n')
        assert mapping.mapping is not None, mapping.fault
        assert set(self.outcomes({"1": LEDGER, "2": RENAMED}, mapping).values()) == {""}
        open_one = saved(MONDAY, 1, MAPS_BOTH)
        assert self.outcomes({"1": LEDGER, "2": RENAMED}, open_one)["2"].startswith("'VAT (£)' is gone")
        later = saved(THURSDAY, 9, MAPS_BOTH + '"Tax" = "amount_inc_vat_pence"\n')
        assert set(self.outcomes({"1": LEDGER, "2": RENAMED}, open_one, later).values()) == {""}

    def test_an_officer_accepts_it(self) -> None:
        assert set(self.outcomes({"1": LEDGER, "2": RENAMED}, accepted=("2" * 12,)).values()) == {""}

    def test_a_column_more_and_one_that_gave_no_field_stop_nothing(self) -> None:
        assert set(self.outcomes({"1": LEDGER, "2": (*LEDGER[:5], "Unasked")}).values()) == {""}

    def test_a_file_that_lacks_what_it_needs_is_told_by_what_changed(self) -> None:
        landed = [file(name, TUESDAY, n, sha=name * 12, kind="payments") for n, name in enumerate("12")]
        readings = {"1": good(headings=LEDGER), "2": NO_COLUMN}
        found = judge_all(
            [steps(versions, []) for versions in lines(landed, self.SOURCE, THURSDAY)],
            lambda step: readings[step.file.file_name],
            self.SOURCE,
        )
        assert [line.doubt.rule_id if line.doubt else "" for line in found] == ["", "IN-041"]


def test_a_version_put_back_counts_again_and_a_day_is_judged_as_known_then() -> None:
    contents = {"right": good(), "wrong": good(10), "damaged": BAD}
    story = [(MONDAY, "right"), (TUESDAY, "wrong"), (WEDNESDAY, "damaged"), (THURSDAY, "right")]
    landed = [file("a.csv", day, n, sha=sha) for n, (day, sha) in enumerate(story, 1)]
    source = Source("register", "register", Path("r"))
    found = []
    for known_at in (date(2026, 11, 22), MONDAY, TUESDAY, WEDNESDAY, THURSDAY):
        for versions in lines(landed, source, known_at):
            line = judge(steps(versions, []), lambda step: contents[step.file.sha256], source)
            assert line.good is not None
            found.append((known_at, line.good.file.landed_on, line.doubt.rule_id if line.doubt else ""))
    assert found == [
        (MONDAY, MONDAY, ""),
        (TUESDAY, MONDAY, "IN-042"),
        (WEDNESDAY, MONDAY, "IN-001"),
        (THURSDAY, THURSDAY, ""),
    ]


def counted(
    landed: list[LandedFile], source: Source, known_at: date
) -> tuple[list[str], list[tuple[str, str]]]:
    found = [judge(steps(each, []), lambda _: good(), source) for each in lines(landed, source, known_at)]
    in_force, repeats = without_repeats([(line, True) for line in found])
    names = [(later.file_name, first.file_name) for later, first in repeats]
    return [line.shown.file.file_name for line in in_force], names


def test_of_the_same_bytes_under_several_names_the_smallest_counts_whichever_came_first() -> None:
    source = Source("register", "register", Path("r"))
    landed = [file("z", MONDAY, 1, "same"), file("b", TUESDAY, 2, "same"), file("a", WEDNESDAY, 3, "same")]
    assert counted(landed, source, MONDAY) == (["z"], [])
    assert counted(landed, source, TUESDAY) == (["b"], [("z", "b")])
    assert counted(landed, source, WEDNESDAY) == (["a"], [("b", "a"), ("z", "a")])
    corrected = [*landed, file("a", THURSDAY, 4, "other")]
    assert counted(corrected, source, THURSDAY) == (["a", "b"], [("z", "b")])


def test_bytes_that_can_be_used_under_one_name_only_count_under_that() -> None:
    source = Source("register", "register", Path("r"))
    landed = [file("a.xlsx", MONDAY, 1, "text"), file("b.csv", MONDAY, 2, "text")]
    found = [
        judge(steps(each, []), lambda step: BAD if "xlsx" in step.file.file_name else good(), source)
        for each in lines(landed, source, MONDAY)
    ]
    in_force, repeats = without_repeats([(line, line.good is not None) for line in found])
    assert [line.shown.file.file_name for line in in_force] == ["b.csv"]
    assert [later.file_name for later, _ in repeats] == ["a.xlsx"]


def test_a_source_of_files_sees_only_files_of_its_name_and_kind() -> None:
    others = [file("m.toml", MONDAY, 1, kind=MAPPING), file("page", MONDAY, 2, kind="response")]
    assert lines(others, REGISTER, MONDAY) == []
    assert lines([], REGISTER, MONDAY) == []


def test_a_reading_comes_back_from_the_books_as_it_went_in() -> None:
    for reading in (good(), BAD, NO_COLUMN, good(headings=("Größe £", "a'b"))):
        assert reading_from_json(reading_json(reading)) == reading


_DAYS = [MONDAY, TUESDAY, WEDNESDAY]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("XYZ"), st.sampled_from(_DAYS)), max_size=8),
    st.sampled_from(["snapshot", "collection"]),
    st.sampled_from(_DAYS),
    st.randoms(use_true_random=False),
)
def test_every_name_in_force_once_every_byte_once_whatever_the_order_of_the_ledger(
    arrivals: list[tuple[str, str, date]], mode: str, known_at: date, shuffler: random.Random
) -> None:
    source = Source("register", "register", Path("s"), mode=mode)  # type: ignore[arg-type]
    landed = [file(name, day, number, sha) for number, (name, sha, day) in enumerate(arrivals, 1)]
    found = counted(landed, source, known_at)
    shuffled = list(landed)
    shuffler.shuffle(shuffled)
    assert counted(shuffled, source, known_at) == found
    known = [each for each in landed if each.landed_on <= known_at]
    names = sorted([*found[0], *(later for later, _ in found[1])])
    if mode == "collection":
        assert names == sorted({each.file_name for each in known})
    else:
        last = max(known, key=lambda each: (each.landed_on, each.sequence), default=None)
        assert names == ([last.file_name] if last else [])


@given(st.lists(st.integers(0, 300), min_size=1, max_size=12))
def test_what_is_in_force_never_falls_by_more_than_a_fifth(rows: list[int]) -> None:
    versions = [file("a", MONDAY, number) for number in range(1, len(rows) + 1)]
    before: int | None = None
    for end in range(1, len(rows) + 1):
        line = judge(steps(versions[:end], []), lambda step: good(rows[step.file.sequence - 1]), REGISTER)
        assert line.good is not None
        now = rows[line.good.file.sequence - 1]
        assert before is None or now * 5 >= before * 4
        assert (line.doubt is None) == (line.good.file is versions[end - 1])
        before = now


def test_lost_rows_are_told_in_numbers() -> None:
    assert lost_rows(good(700), good(1000)) == "700 rows, against 1,000"
    assert lost_rows(good(1000, usable=10), good(1000)) == "10 rows that can be used, against 1,000"
    assert lost_rows(good(800), good(1000)) == ""
