"""The report to the committee on a period's social value, as a paper.

Does not belong here: the figures themselves (`kcc_etl.domain`), how a paper becomes a file (`paper`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.lateness import NONE_LATE, Lateness
from kcc_etl.domain.money import number_display, percent_display, pounds_whole
from kcc_etl.domain.overrides import Overridden
from kcc_etl.parameters.measures import Measure
from reports.chart import Bar, draw_bars
from reports.committee_figures import (
    NOT_SHOWN,
    PER_CENT,
    Headline,
    MeasureTotals,
    counts_shown,
    exact,
    headline,
    quantity_text,
    totals_by_measure,
    with_disclosure,
)
from reports.committee_overrides import overrides_section
from reports.committee_watch import watch_section
from reports.documents import (
    Block,
    BulletList,
    Facts,
    Figure,
    Heading,
    Paper,
    PaperTable,
    Paragraph,
    Value,
    clean_text,
    day_text,
)
from reports.edition import ASSUMED, KIND_NAMES, Edition, records
from reports.shares import shares_section

SHOWN_EXCEPTIONS = 12


def committee_report(
    performance: pd.DataFrame,
    published: pd.DataFrame,
    fates: pd.DataFrame,
    findings_count: int,
    measures: Sequence[Measure],
    edition: Edition,
    undated_contracts: int = 0,
    overrides: Sequence[Overridden] = (),
    lateness: Lateness = NONE_LATE,
    shares: pd.DataFrame | None = None,
) -> Paper:
    """The paper for the committee: headline, chart, exceptions, quality of the data, method, glossary.

    `performance` is the period's table of that name, and `published` what of it may be: small counts of
    people stand in no row of the paper. `fates` has one row a kind of file with files refused,
    rows arrived, accepted, quarantined and excluded, and the same in pence (missing where the kind has no
    money). `undated_contracts` have no target because the register does not say when they began;
    `lateness` says which returns came after their last day. Of the `overrides` those of targets in the report
    are shown. `shares` is the period's table of shares of spend.
    """
    rows = with_disclosure(records(performance, keys.OUT_PERFORMANCE), records(published, keys.OUT_DISCLOSED))
    asked = {(row["contract_ref"], row["measure_code"]) for row in rows}
    made = [one for one in overrides if (one.contract_ref, one.measure_code) in asked]
    totals = totals_by_measure(rows, measures)
    blocks: list[Block] = [
        *_front(edition, headline(rows), totals),
        *_headline_section(headline(rows), totals, undated_contracts, lateness),
        *_chart_section(totals),
        *_exceptions_section(rows),
        *watch_section(rows, lateness),
        *overrides_section(made, headline(rows).targets),
        *(shares_section(shares) if shares is not None else []),
        *_quality_section(fates, findings_count),
        *_method_section(edition),
        *_closing(edition),
        *_glossary_section(totals, measures),
    ]
    return Paper(
        f"Social value in contracts: {edition.period_name}", edition.authority.name, _numbered(blocks)
    )


def _numbered(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with their tables numbered in order; a section that has nothing to show leaves no gap."""
    numbers = itertools.count(1)
    return [
        replace(block, caption=f"Table {next(numbers)}: {block.caption}")
        if isinstance(block, PaperTable)
        else block
        for block in blocks
    ]


def _front(edition: Edition, counts: Headline, totals: Sequence[MeasureTotals]) -> list[Block]:
    facts = Facts(
        (
            ("From", "Chief Procurement Officer"),
            ("To", "Policy and Resources Cabinet Committee"),
            ("Date", day_text(edition.as_of)),
            ("Subject", f"Performance of contracts in {edition.period_text}"),
            ("Status", str(edition.standing)),
            ("Classification", "Unrestricted"),
        )
    )
    banner = [] if edition.parameters_approved else [Paragraph(ASSUMED, notice="Please note:")]
    waived = [Paragraph(str(waiver), notice="Published under a waiver:") for waiver in edition.waivers]
    return [
        facts,
        *banner,
        *waived,
        Heading("Summary"),
        Paragraph(_summary(counts, totals)),
        Heading("Recommendation"),
        Paragraph("The Cabinet Committee is asked to note this report."),
    ]


def _summary(counts: Headline, totals: Sequence[MeasureTotals]) -> str:
    if not counts.contracts:
        return "No contract had a social value target in this period, so there is nothing to report."
    met = sum(1 for line in totals if line.share is not None and line.share >= 1)
    due = sum(1 for line in totals if line.share is not None)
    red = sum(dict(line.statuses)["Red"] for line in totals)
    missing = counts.returns["missing"]
    return (
        f"{_count(counts.contracts, 'contract')} carried {_count(counts.targets, 'social value target')}. "
        f"Taken together, suppliers delivered at least what was due on {met} of "
        f"{_count(due, 'measure')}. {_count(red, 'target')} {_is(red)} rated Red. "
        f"{_count(missing, 'return')} of {counts.returns_due} due {_is(missing)} missing; a missing return "
        "counts as nothing verified."
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _headline_section(
    counts: Headline, totals: Sequence[MeasureTotals], undated: int, lateness: Lateness
) -> list[Block]:
    returns = counts.returns
    sent = (
        f"Returns due: {counts.returns_due:,}. Received: {returns['received']:,}. Nothing to report: "
        f"{returns['nil']:,}. Held back because of faults: {returns['refused']:,}. Missing: "
        f"{returns['missing']:,}. {_late(lateness)}"
    )
    rated = ", ".join(f"{status} {number:,}" for status, number in counts.statuses)
    counted = (
        f"Contracts in scope: {counts.contracts:,}.",
        f"Targets set: {counts.targets:,}. By status: {rated}.",
        sent,
        *([_over_claims(counts)] if counts.over_claims else []),
        *([_unasked(counts)] if counts.unasked else []),
        *([_undated(undated)] if undated else []),
    )
    blocks: list[Block] = [Heading("Headline figures"), BulletList(counted)]
    if totals:
        blocks.append(_measures_table(totals))
        blocks.append(
            Paragraph(
                "Quantities are to date, in each measure's own unit, and are never added across units; of "
                "percentages the average over contracts is shown, in which nothing verified counts as 0%. "
                "Committed is what suppliers promised for "
                "the whole term, over the contracts that record it. Due, Claimed and Verified are over the "
                "targets of which something was due when a return was last asked for: at the end of the "
                "period, or at low risk once a year. What suppliers send unasked is in the file published "
                "with this report. Figures are rounded half up, so parts may not add up to totals. A sum "
                "that would tell of too few people to be shown is left out."
            )
        )
    return blocks


def _late(lateness: Lateness) -> str:
    known = f"Late, among those that came: {len(lateness.late):,}."
    if not lateness.unknown:
        return known
    unknown = f"Of {len(lateness.unknown):,} more it is not known"
    return f"{known} {unknown}: they were among the first files taken in."


def _over_claims(counts: Headline) -> str:
    waiting = counts.over_claims_waiting
    return (
        f"Targets on which far more is claimed than is due: {counts.over_claims:,}. Of these {waiting:,} "
        f"{_wait(waiting)} for an officer's review."
    )


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"


def _unasked(counts: Headline) -> str:
    sent = f" {counts.unasked_sent:,} of them sent one all the same." if counts.unasked_sent else ""
    return (
        f"No return was asked of {_count(counts.unasked, 'contract')} this time, because they have only just "
        "begun or have ended, or are of low risk and report once a year. Those that have never been asked "
        f"are in none of the sums of what is due, claimed and verified.{sent}"
    )


def _undated(contracts: int) -> str:
    return (
        "Contracts without a target because the register does not say when their procurement began: "
        f"{contracts:,}. They may fall under the policy."
    )


def _measures_table(totals: Sequence[MeasureTotals]) -> PaperTable:
    return PaperTable(
        caption="Committed, due, claimed and verified, by measure",
        headings=("Measure", "Unit", "Committed", "Due", "Claimed", "Verified", "Verified of due"),
        rows=tuple(
            (
                f"{line.code} {clean_text(line.title)}",
                line.unit,
                _committed(line),
                _figure(line.due, line.unit),
                _figure(line.claimed, line.unit) if line.may_be_shown else NOT_SHOWN,
                _verified(line) if line.may_be_shown else NOT_SHOWN,
                _share(line),
            )
            for line in totals
        ),
        numeric=(2, 3, 4, 5, 6),
        widths_cm=(4.4, 1.5, 2.8, 2.0, 2.0, 2.0, 1.9),
    )


def _share(line: MeasureTotals) -> str:
    if not line.may_be_shown:
        return NOT_SHOWN
    return "nothing due" if line.share is None else percent_display(line.share)


def _committed(line: MeasureTotals) -> str:
    """What suppliers promised, and on how many contracts when that is not all: no sum to hold against Due."""
    if line.committed is None:
        return "not recorded"
    figure = _figure(line.committed, line.unit)
    if line.committing == line.contracts:
        return figure
    return f"{figure} ({line.committing:,} of {_count(line.contracts, 'contract')})"


def _verified(line: MeasureTotals) -> str:
    """What officers accepted; of a percentage, on how many contracts, for the others lower the average."""
    figure = _figure(line.verified, line.unit)
    if line.unit != PER_CENT or line.verifying == line.owing:
        return figure
    return f"{figure} ({line.verifying:,} of {_count(line.owing, 'contract')}, the others as 0%)"


def _figure(value: Fraction, unit: str) -> str:
    """A figure of a column whose unit stands beside it."""
    return quantity_text(value, unit) if unit in ("£", PER_CENT) else number_display(value, 1)


def _chart_section(totals: Sequence[MeasureTotals]) -> list[Block]:
    shares = [(line, line.share) for line in totals if line.share is not None]
    if not shares:
        return []
    bars = [
        Bar(
            f"{line.code} {_short(line.title, 54)}",
            f"{percent_display(share)} ({_of(line.verified, line.due, line.unit)})",
            share,
        )
        for line, share in shares
    ]
    return [
        Heading("Delivery against what is due"),
        Figure(
            "Figure 1: Verified as a share of what is due",
            draw_bars(bars),
            _alt(shares),
        ),
    ]


def _of(part: Fraction, whole: Fraction, unit: str) -> str:
    if unit in ("£", PER_CENT):
        return f"{quantity_text(part, unit)} of {quantity_text(whole, unit)}"
    return f"{number_display(part, 1)} of {quantity_text(whole, unit)}"


def _short(title: str, limit: int) -> str:
    plain = clean_text(title)
    return plain if len(plain) <= limit else plain[:limit].rsplit(" ", 1)[0] + "…"


def _alt(shares: Sequence[tuple[MeasureTotals, Fraction]]) -> str:
    met = [line for line, share in shares if share >= 1]
    lowest, share = min(shares, key=lambda pair: (pair[1], pair[0].code))
    highest, top = max(shares, key=lambda pair: (pair[1], pair[0].code))
    return (
        f"Bar chart. {len(met)} of {_count(len(shares), 'measure')} reached 100% of what is due. Lowest: "
        f"{clean_text(lowest.title)}, {percent_display(share)}. Highest: {clean_text(highest.title)}, "
        f"{percent_display(top)}. Table 1 holds every figure."
    )


def _exceptions_section(rows: Sequence[dict[str, Value]]) -> list[Block]:
    reds = sorted((row for row in rows if row["status"] == "Red"), key=_urgency)
    if not reds:
        return [Heading("Exceptions"), Paragraph("No target is rated Red.")]
    shown = reds[:SHOWN_EXCEPTIONS]
    table = PaperTable(
        caption="Targets rated Red, missing returns first, then the largest share outstanding",
        headings=("Contract", "Supplier", "Measure", "Why it is Red"),
        rows=tuple(
            (
                f"{row['contract_ref']} {_short(str(row['contract_title']), 60)}",
                _short(str(row["supplier_name"] or "not named"), 60),
                f"{row['measure_code']} {clean_text(str(row['measure_title']))}",
                _reason(row),
            )
            for row in shown
        ),
        widths_cm=(4.6, 3.9, 4.0, 4.1),
    )
    rest = len(reds) - len(shown)
    more = f"{_count(rest, 'more target')} {_is(rest)} rated Red; social-value-performance.csv has them all."
    return [Heading("Exceptions"), table, *([Paragraph(more)] if rest else [])]


def _urgency(row: dict[str, Value]) -> tuple[bool, Fraction, Fraction, str, str]:
    due, verified = exact(row["due_by_return"]), exact(row["verified"])
    share = verified / due if due and counts_shown(row) else Fraction(0)
    return (
        row["return_status"] != "missing",
        share,
        -due,
        str(row["contract_ref"]),
        str(row["measure_code"]),
    )


def _reason(row: dict[str, Value]) -> str:
    due, verified = exact(row["due_by_return"]), exact(row["verified"])
    share = f" ({percent_display(verified / due)})" if due else ""
    delivered = f"{_of(verified, due, str(row['unit']))} verified{share}"
    if not counts_shown(row):
        delivered = f"A small count of people, not shown, of {quantity_text(due, str(row['unit']))} due"
    elif exact(row["claimed"]) > verified:
        delivered += f"; {quantity_text(exact(row['claimed']), str(row['unit']))} claimed"
    causes = {
        "missing": "No return. ",
        "refused": "The return came and was held back. ",
        "nil": "Nothing to report. ",
    }
    return causes.get(str(row["return_status"]), "") + delivered


_FATES = ("arrived", "accepted", "quarantined", "excluded")


def _quality_section(fates: pd.DataFrame, findings_count: int) -> list[Block]:
    lines = fates.sort_values("kind").to_dict("records")
    rows = tuple(
        (
            KIND_NAMES.get(str(line["kind"]), str(line["kind"])),
            f"{int(line['files_refused']) + int(line['files_quarantined']):,}",
            *(f"{int(line[f'rows_{fate}']):,}" for fate in _FATES),
            _held_back(line["pence_quarantined"], line["pence_arrived"]),
        )
        for line in lines
    )
    words = Paragraph(
        f"The checks made {_count(findings_count, 'finding')}. {_unread(fates)}Every row of the files that "
        "were read was accepted, held back because of a fault, or left out because it does not belong here; "
        "the three add up to the rows that arrived. Rows held back are not counted in this report until they "
        "are put right."
    )
    if not rows:
        return [Heading("Quality of the data"), words]
    table = PaperTable(
        caption="What arrived and what became of it",
        headings=(
            "What arrived",
            "Files refused",
            "Rows",
            "Accepted",
            "Held back",
            "Left out",
            "Value held back",
        ),
        rows=rows,
        numeric=(1, 2, 3, 4, 5, 6),
        widths_cm=(3.6, 1.9, 2.0, 2.2, 2.1, 2.0, 2.8),
    )
    return [Heading("Quality of the data"), words, table]


def _unread(fates: pd.DataFrame) -> str:
    """What to say of files that were refused whole; nothing when none was."""
    refused = int(fates["files_refused"].sum() + fates["files_quarantined"].sum())
    if not refused:
        return ""
    theirs = "its rows are" if refused == 1 else "their rows are"
    return f"{_count(refused, 'file')} could not be read at all; {theirs} not counted. "


def _held_back(held: object, arrived: object) -> str:
    if pd.isna(held) or pd.isna(arrived) or not int(str(arrived)):  # type: ignore[call-overload]
        return "not applicable"
    return pounds_whole(int(str(held)))


_METHOD = """\
A target is what policy asks of a contract, in proportion to its size, value, risk and complexity. \
It is agreed once an officer has set it.
Due is the part of the agreed target that falls due by the end of the period: in equal shares after \
the first quarter of the contract, of carbon after its first year, or by milestones where an officer has set \
them; a change of value, term, commitment or milestones moves what is still to come, and where spend is not \
guaranteed what is invoiced makes both agreed and due. \
Where a return is asked for once a year, it is what was due when it was last asked for.
Claimed is what suppliers report. Verified is what an officer has accepted. Only verified quantities count \
as delivered.
Green: verified is at least what is due. Amber: at least the floor that policy sets. Red: below it. Grey: \
nothing is due yet, or no return has been asked for yet.
A contract of low risk is asked for a return once a year. Its status is judged by what was due at the end \
of the last period it was asked for. A target of few units can be Red until the first of them comes: a \
part of one is due before a whole one can be delivered.
Where outcomes were brought about stands in social-value-districts.csv. Counts that could point at somebody \
are left out, there and here."""


def _method_section(edition: Edition) -> list[Block]:
    points = (*_METHOD.splitlines(), edition.basis)
    return [Heading("How the figures were worked out"), BulletList(points)]


def _glossary_section(totals: Sequence[MeasureTotals], measures: Sequence[Measure]) -> list[Block]:
    used = {line.code for line in totals}
    known = [measure for measure in measures if measure.code in used]
    if not known:
        return []
    counted = {
        "flow": "Quarters are added up.",
        "level": "The latest quarter stands; quarters are not added up.",
    }
    table = PaperTable(
        caption="Measures in this report",
        headings=("Code", "What it counts", "Unit", "How it is counted"),
        rows=tuple((m.code, m.title, m.unit, counted[m.counting]) for m in known),
        widths_cm=(1.5, 6.8, 2.0, 6.3),
        whole=True,
    )
    return [Heading("Appendix: measures"), table]


def _closing(edition: Edition) -> list[Block]:
    return [
        Heading("Background documents"),
        Paragraph("The files published with this report hold every figure behind it, contract by contract."),
        Heading("Contact"),
        Paragraph(edition.publisher),
    ]
