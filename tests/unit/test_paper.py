"""The committee report: its figures, and the DOCX that carries them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from fractions import Fraction

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn

from kcc_etl.domain.lateness import Lateness
from kcc_etl.domain.overrides import Overridden
from kcc_etl.schema.frames import from_rows
from reports.chart import Bar, draw_bars
from reports.committee import SHOWN_EXCEPTIONS, committee_report
from reports.committee_figures import headline, totals_by_measure
from reports.committee_watch import SHOWN, watch_section
from reports.documents import BulletList, Figure, Paper, PaperTable, Paragraph
from reports.paper import render_docx
from tests.unit import report_frames as given

PERFORMANCE = "out_social_value__quarterly_performance"


def paper(
    performance: pd.DataFrame | None = None, *, approved: bool = False, fates: pd.DataFrame | None = None
) -> Paper:
    frame = given.performance(40) if performance is None else performance
    return committee_report(
        frame,
        given.as_published(frame),
        given.fates() if fates is None else fates,
        41,
        given.MEASURES,
        given.edition(approved=approved),
    )


def opened(value: Paper):
    return docx.Document(io.BytesIO(render_docx(value, as_of=given.AS_OF)))


def text_of(value: Paper) -> str:
    document = opened(value)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_headings_are_real_headings_in_order_and_none_is_skipped():
    styles = [
        p.style.name for p in opened(paper()).paragraphs if p.style.name.startswith(("Heading", "Title"))
    ]
    assert styles[0] == "Title"
    assert set(styles[1:]) == {"Heading 1"}


def test_every_table_has_one_marked_header_row_that_repeats_and_a_caption():
    document = opened(paper())
    assert len(document.tables) == 4
    for table in document.tables:
        marked = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
        assert marked == [True] + [False] * (len(table.rows) - 1)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")).startswith("Table ")
        assert not table._tbl.findall(f".//{qn('w:gridSpan')}")


def test_the_picture_has_alternative_text_that_states_the_finding():
    (shape,) = opened(paper()).inline_shapes
    words = shape._inline.docPr.get("descr")
    assert re.search(
        r"\d of 5 measures reached 100% of what is due\. Lowest: .+, \d+%\. Highest: .+, \d+%", words
    )


def test_the_document_says_its_title_author_language_and_date():
    document = opened(paper())
    properties = document.core_properties
    assert properties.title == "Social value in contracts: 2026-27 Q2"
    assert properties.author == properties.last_modified_by == "Wealdmarsh County Council"
    assert properties.language == "en-GB"
    assert properties.created.replace(tzinfo=None) == datetime(2026, 11, 23)
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_the_same_paper_gives_the_same_bytes_and_another_date_other_ones():
    first = render_docx(paper(), as_of=given.AS_OF)
    assert render_docx(paper(), as_of=given.AS_OF) == first
    assert render_docx(paper(), as_of=date(2026, 11, 24)) != first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_banner_stands_until_parameters_are_approved():
    assert "are assumptions" in text_of(paper())
    assert "are assumptions" not in text_of(paper(approved=True))


def test_exceptions_are_capped_with_a_count_of_the_rest():
    reds = int((given.performance(40)["status"] == "Red").sum())
    (table,) = [b for b in paper().blocks if isinstance(b, PaperTable) and b.caption.startswith("Table 2")]
    assert len(table.rows) == SHOWN_EXCEPTIONS
    assert f"{reds - SHOWN_EXCEPTIONS} more targets are rated Red" in text_of(paper())
    assert table.rows[0][3].startswith("No return. 0 of ")


def test_totals_never_mix_measures_and_are_exact():
    rows = given.lines(given.performance(40))
    totals = totals_by_measure(rows, given.MEASURES)
    assert [line.code for line in totals] == ["J1", "J2", "S1", "S5", "C1"]
    for line in totals:
        mine = [row for row in rows if row["measure_code"] == line.code]
        assert line.due == sum((row["due"] for row in mine), Fraction(0))
        assert {row["unit"] for row in mine} == {line.unit}
        assert sum(number for _, number in line.statuses) == len(mine)


def test_contracts_that_do_not_say_when_they_began_are_counted_in_one_line_if_there_are_any():
    line = "their procurement began: 1,204. They may fall under the policy."
    about = (
        given.performance(4),
        given.as_published(given.performance(4)),
        given.fates(),
        1,
        given.MEASURES,
        given.edition(),
    )
    assert line in text_of(committee_report(*about, undated_contracts=1204))
    assert "began" not in text_of(committee_report(*about))


def test_the_headline_counts_each_contract_once():
    counts = headline(given.lines(given.performance(12)))
    assert counts.contracts == 12
    assert counts.targets == 30
    assert counts.returns == {"received": 9, "nil": 0, "missing": 2, "refused": 0}
    assert counts.returns_due == 11


def test_a_contract_that_is_asked_once_a_year_owes_nothing_between_and_is_red_by_what_was_due_then():
    frame = given.performance(12).assign(due_by_return=Fraction(5), verified=Fraction(2), status="Red")
    first = frame["contract_ref"] == frame["contract_ref"].iloc[0]
    frame.loc[first, "is_return_asked"] = False
    counts = headline(given.lines(frame))
    assert (counts.contracts, counts.returns_due, counts.unasked, counts.unasked_sent) == (12, 10, 2, 1)
    words = text_of(paper(frame))
    assert "No return was asked of 2 contracts this time" in words
    assert "1 of them sent one all the same." in words
    assert "2 of 5 people verified (40%)" in words
    assert "No return was asked" not in text_of(paper(frame.assign(is_return_asked=True)))


def test_nothing_to_report_is_said_in_a_sentence():
    empty = from_rows([], PERFORMANCE)
    words = text_of(paper(empty, fates=given.fates().iloc[:0]))
    assert "there is nothing to report" in words
    assert "No target is rated Red." in words
    assert not [b for b in paper(empty).blocks if isinstance(b, Figure)]


def test_no_red_no_due_and_one_of_a_kind_read_well():
    row = {
        **given.performance(40).iloc[0].to_dict(),
        "status": "Grey",
        "due": Fraction(0),
        "due_by_return": Fraction(0),
        "return_status": "not due",
    }
    words = text_of(paper(from_rows([row], PERFORMANCE)))
    assert "1 contract carried 1 social value target." in words
    assert "0 targets are rated Red. 0 returns of 0 due are missing" in words
    assert "nothing due" in words


def test_hostile_names_are_shown_as_text():
    assert "=HYPERLINK" in text_of(paper(given.performance(1).assign(status="Red")))
    assert "\x00" not in text_of(Paper("T", "A", [Paragraph("a\x00b")]))


def test_a_chart_is_the_same_bytes_twice_and_draws_far_over_delivery():
    bars = [Bar("J1 New jobs", "900% (9 of 1 people)", Fraction(9)), Bar("S1", "0% (0 of 3)", Fraction(0))]
    assert draw_bars(bars) == draw_bars(bars)


@pytest.mark.parametrize("held", [None, 0, 12_345_678])
def test_money_held_back_is_shown_in_whole_pounds_and_missing_money_is_not_applicable(held):
    fates = given.fates().assign(pence_quarantined=held, pence_arrived=None if held is None else 10**9)
    words = text_of(paper(fates=fates))
    assert {None: "not applicable", 0: "£0", 12_345_678: "£123,457"}[held] in words


def test_percentages_are_averaged_over_the_contracts_that_owe_and_money_reads_as_money():
    """Social-value policy 8.9: sum only like units; a percentage of one contract is not like another's."""
    from fractions import Fraction

    from reports.committee_figures import quantity_text, totals_by_measure

    def line(ref: str, due: int, verified: int, unit: str, committed: Fraction | None = None):
        return {
            "contract_ref": ref, "measure_code": "X", "measure_title": "t", "unit": unit, "status": "Red",
            "not_shown": None, "committed": committed, "due_by_return": Fraction(due), "claimed": Fraction(verified), "verified": Fraction(verified),
        }  # fmt: skip

    (share,) = totals_by_measure([line("A", 100, 90, "%"), line("B", 100, 70, "%"), line("C", 0, 0, "%")], [])
    asked = [line("A", 100, 90, "hours"), line("B", 100, 70, "hours", Fraction(5))]
    (hours,) = totals_by_measure([*asked, line("C", 0, 50, "hours")], [])  # of C no return has been asked

    assert (share.due, share.verified, share.committed) == (100, 80, None)
    assert (hours.due, hours.verified, hours.committed) == (200, 160, 5)
    assert [quantity_text(Fraction(5, 2), unit) for unit in ("£", "%", "hours")] == [
        "£3",
        "2.5%",
        "2.5 hours",
    ]


def set_by_an_officer(
    code: str, unit: str, calculated: int, agreed: int, reason: str = "data error"
) -> Overridden:
    return Overridden("WM-0001", code, unit, reason, Fraction(calculated), Fraction(agreed))


def of_period(**more) -> Paper:
    about = (
        given.performance(4),
        given.as_published(given.performance(4)),
        given.fates(),
        1,
        given.MEASURES,
        given.edition(),
    )
    return committee_report(*about, **more)


def words_of(value: Paper) -> str:
    """What its sentences say; many times cheaper than making the document."""
    told = [block.text if isinstance(block, Paragraph) else block.items for block in value.blocks
            if isinstance(block, Paragraph | BulletList)]  # fmt: skip
    return "\n".join(one if isinstance(one, str) else "\n".join(one) for one in told)


# Source: section 8.8: the committee sees count and net effect of overrides; section 8.9: sum only like units.
def test_overrides_are_counted_by_reason_with_their_net_effect_in_each_unit():
    made = [
        set_by_an_officer("J1", "people", 4, 6), set_by_an_officer("S1", "people", 4, 3, "Data Error"),
        set_by_an_officer("J1", "hours", 40, 40), set_by_an_officer("J1", "%", 100, 90, "cost pressure"),
        set_by_an_officer("S1", "%", 100, 95, "cost pressure"), set_by_an_officer("X9", "people", 1, 9),
    ]  # fmt: skip
    value = of_period(overrides=made)
    (table,) = [b for b in value.blocks if isinstance(b, PaperTable) and "Overrides by reason" in b.caption]
    assert table.rows == (
        ("cost pressure", "%", "2", "100%", "92.5%", "less: 7.5 points"),
        ("data error", "hours", "1", "40", "40", "none"),
        ("data error", "people", "2", "8", "9", "more: 1"),
    )
    assert "5 of 10 targets were set by an officer" in words_of(value)
    assert "No target of this report was set by an officer" in words_of(of_period())


def test_late_returns_and_over_claims_are_told_apart_from_the_rest():
    late = Lateness(frozenset("ABC"), frozenset("DE"))
    assert "Missing: 0. Late, among those that came: 0." in words_of(of_period())
    told = words_of(of_period(lateness=late))
    assert (
        "Late, among those that came: 3. Of 2 more it is not known: they were among the first files" in told
    )
    rows = given.performance(4)
    assert "far more is claimed" not in words_of(paper(rows))
    rows["over_claim"] = ["awaits review", "reviewed", "reviewed", *[None] * (len(rows) - 3)]
    told = "Targets on which far more is claimed than is due: 3. Of these 1 waits for an officer's review."
    assert told in words_of(paper(rows))


def test_over_claims_and_late_returns_are_named_by_contract():
    rows = given.performance(4)
    assert "For officers to look at" not in text_of(paper(rows))
    rows["over_claim"] = ["reviewed", "awaits review", *[None] * (len(rows) - 2)]
    late = Lateness(frozenset({"WM-0001", "WM-9999"}))
    (table,) = [b for b in watch_section(given.lines(rows), late) if isinstance(b, PaperTable)]
    assert [row[-1] for row in table.rows] == ["awaits review", "reviewed"]
    assert [row[1].split()[0] for row in table.rows] == [rows["measure_code"][n] for n in (1, 0)]
    title = rows.loc[rows["contract_ref"] == "WM-0001", "contract_title"].iloc[0]
    bullets = [b for b in watch_section(given.lines(rows), late) if isinstance(b, BulletList)]
    assert [list(b.items) for b in bullets] == [[f"WM-0001 {title}", "WM-9999"]]


@pytest.mark.parametrize(("number", "said"), [(SHOWN, None), (SHOWN + 1, "1 more target is not shown.")])
def test_over_claims_that_are_not_shown_are_counted(number, said):
    rows = given.lines(given.performance(40).assign(over_claim="awaits review"))[:number]
    told = [b.text for b in watch_section(rows, Lateness()) if isinstance(b, Paragraph)]
    assert told == ([said] if said else [])


def test_an_average_of_percentages_says_of_how_many_nothing_is_verified():
    rows = given.performance(4)
    rows = rows[rows["measure_code"] == "J1"].assign(unit="%", measure_code="E4", due_by_return=Fraction(100))
    verified = [Fraction(90), *[Fraction(0)] * (len(rows) - 1)]
    (line,) = totals_by_measure(given.lines(rows.assign(verified=verified)), given.MEASURES)
    assert (line.owing, line.verifying, line.verified) == (len(rows), 1, Fraction(90, len(rows)))
    assert f"(1 of {len(rows)} contracts, the others as 0%)" in text_of(paper(rows.assign(verified=verified)))
    assert "the others as 0%" not in text_of(paper(rows.assign(verified=Fraction(90))))


def test_files_that_could_not_be_read_are_counted_and_said():
    assert "2 files could not be read at all; their rows are not counted." in text_of(paper())
    one = given.fates().assign(files_refused=[1, 0, 0, 0, 0])
    assert "1 file could not be read at all; its rows are not counted." in text_of(paper(fates=one))
    assert "could not be read" not in text_of(paper(fates=given.fates().assign(files_refused=0)))
    (table,) = [b for b in paper().blocks if isinstance(b, PaperTable) and "What arrived" in b.caption]
    assert table.headings[1] == "Files refused"
    assert [row[1] for row in table.rows] == ["0", "0", "0", "0", "2"]


def test_what_was_committed_says_on_how_many_contracts_when_not_on_all():
    rows = given.performance(4)
    rows["committed"] = [
        Fraction(n) if ref == "WM-0001" else None for n, ref in enumerate(rows["contract_ref"])
    ]
    (table,) = [
        b for b in paper(rows).blocks if isinstance(b, PaperTable) and b.caption.startswith("Table 1")
    ]
    cells = {row[0].split()[0]: row[2] for row in table.rows}
    assert cells["J1"].endswith("(1 of 2 contracts)")
    assert cells["J2"] == "not recorded"
    whole = given.performance(4).assign(committed=Fraction(1))
    (table,) = [
        b for b in paper(whole).blocks if isinstance(b, PaperTable) and b.caption.startswith("Table 1")
    ]
    assert not [row for row in table.rows if "contract" in row[2]]


def test_the_report_ends_with_the_measures_in_one_piece():
    document = opened(paper())
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in document.tables[-1].rows]
    assert kept == [True] * (len(kept) - 1) + [None]
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[-3:] == ["Background documents", "Contact", "Appendix: measures"]


def test_no_table_leaves_its_first_or_last_row_alone_on_a_page():
    import docx

    document = docx.Document(io.BytesIO(render_docx(paper(), as_of=given.AS_OF)))
    for table in document.tables:
        kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
        assert kept[:2] == [True, True]
        assert kept[-2:] == [True, None]


def test_a_small_count_of_people_stands_neither_in_a_row_nor_in_a_sum_that_tells_of_it():
    row = {
        **given.performance(1).iloc[0].to_dict(),
        "measure_code": "S1", "unit": "people", "status": "Red", "due_by_return": Fraction(17), "due": Fraction(17),
        "claimed": Fraction(4), "evidenced": Fraction(4), "verified": Fraction(3), "return_status": "received",
        "over_claim": "awaits review",
    }  # fmt: skip
    frame = from_rows([row], PERFORMANCE)
    left_out = given.as_published(frame).assign(
        claimed=None, evidenced=None, verified=None, not_shown="counts, sum"
    )
    words = text_of(committee_report(frame, left_out, given.fates(), 1, given.MEASURES, given.edition()))

    assert "A small count of people, not shown, of 17 people due" in words
    assert words.count("not shown") >= 4  # claimed, verified and their share, beside the row
    for count in ("3 of 17", "4 people", "3 people"):
        assert count not in words
