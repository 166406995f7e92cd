"""What a person sees at the end of a command: tables and the closing box.

Does not belong here: working anything out.
"""

from __future__ import annotations

import pandas as pd
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from assets.source_state import CURRENT, NOTHING
from kcc_etl.account import Night, SourceStanding
from kcc_etl.domain.checked import of_earlier
from kcc_etl.domain.duties.agenda import SOON_DAYS, Agenda
from kcc_etl.domain.findings import shown_name
from kcc_etl.domain.money import pounds_display
from kcc_etl.exceptions import KccEtlError
from kcc_etl.publication import Publication
from kcc_etl.schema.rules import RULES

_WIDTH_IN_A_PIPE = 110
out = Console(soft_wrap=False)
talk = Console(stderr=True)


def results() -> Console:
    """The console for results; wide enough to keep lines whole when piped."""
    return out if out.is_terminal else Console(width=_WIDTH_IN_A_PIPE)


def say_error(error: KccEtlError) -> None:
    """One error as sentences, on stderr."""
    talk.print(Text(str(error)), style="bold" if talk.is_terminal else "", soft_wrap=True)


def show_night(night: Night) -> None:
    """The account of the files, the findings by rule, and the box."""
    console = results()
    console.print(fates_table(night.fates))
    if len(night.findings):
        console.print(findings_table(night.findings))
    console.print(Panel(_box(night), title=f"kcc-etl · {night.period}", title_align="left"))


def fates_table(fates: pd.DataFrame) -> Table:
    """Rows and pounds arrived = accepted + quarantined + excluded, by kind of file."""
    # A figure is never cut: tight columns for a narrow terminal, and what is still too wide goes on below.
    table = Table(title="What arrived, and what became of it", title_justify="left", padding=0)
    titles = ("kind", "files", "set aside", "refused", "rows arrived", "accepted", "quarantined", "excluded")
    for title in titles:
        table.add_column(title, justify="left" if title == "kind" else "right", overflow="fold")
    for line in fates.to_dict("records"):
        row_names = (
            "files",
            "files_quarantined",
            "files_refused",
            "rows_arrived",
            "rows_accepted",
            "rows_quarantined",
            "rows_excluded",
        )
        table.add_row(str(line["kind"]), *(f"{int(line[name]):,}" for name in row_names))
        if not pd.isna(line["pence_arrived"]):
            pence_names = ("pence_arrived", "pence_accepted", "pence_quarantined", "pence_excluded")
            pounds = [pounds_display(int(line[name])) for name in pence_names]
            table.add_row("", "", "", "", *pounds)
    return table


def findings_table(findings: pd.DataFrame) -> Table:
    """Findings by rule with their number and the public text."""
    table = Table(title="Findings", title_justify="left")
    for title in ("rule", "findings", "severity", "what the rule says"):
        table.add_column(title, justify="right" if title == "findings" else "left")
    for rule_id, count in findings["rule_id"].value_counts().sort_index().items():
        rule = RULES[str(rule_id)]
        table.add_row(rule.id, f"{count:,}", rule.severity, rule.text)
    return table


def _box(night: Night) -> Group:
    lines = [
        Text(f"Figures as of {night.as_of.isoformat()}, from files known at {night.known_at.isoformat()}."),
        Text(f"{night.landed} file(s) landed, {night.parsed} read, the rest known from before."),
    ]
    lines += [Text(_told(source)) for source in night.sources if source.status != CURRENT]
    lines += _outcome(night)
    if len(night.findings):
        earlier = of_earlier(night.findings, night.verdicts)
        grave = int(((night.findings["severity"] != "information") & ~earlier).sum())
        noted, left = len(night.findings) - grave - int(earlier.sum()), int(earlier.sum())
        counted = f"{grave:,} fault(s) to deal with and {noted:,} for information"
        counted += f", and {left:,} that an earlier run left" if left else ""
        lines.append(Text(f"Needs attention: {counted}, listed in {night.findings_file}"))
    elif not night.refused and not night.failures and not night.checks.need_attention:
        lines.append(Text("No faults found."))
    lines += _duties(night.duties)
    lines.append(Text(f"Data quality, and who has to do what: {night.quality_report}"))
    if not night.approved:
        banner = (
            f"Policy parameters {night.parameter_version} are assumptions until the adopted ones are loaded."
        )
        lines.append(Text(banner))
    return Group(*lines)


def _duties(agenda: Agenda | None) -> list[Text]:
    """What law requires and is not done: overdue, and due within 30 days, a line each."""
    if agenda is None:
        return [Text("Duties: not worked out by this run.")]
    return [Text(agenda.overdue_said()), Text(agenda.due_said(SOON_DAYS))]


def _outcome(run: Night | Publication) -> list[Text]:
    """The checks in numbers, what could not run, where the pack stands or why not, under which waivers."""
    lines = [Text(f"Checks: {run.checks}.")]
    lines += [Text("Could not run: " + broken) for broken in run.checks.could_not_run]
    lines += _drafted(run) if isinstance(run, Night) else _published(run)
    lines += [Text(f"Under a waiver: {waiver}") for waiver in run.waivers]
    lines += [Text("Not published: " + reason) for reason in run.refused]
    return [*lines, *(Text("Failed: " + failure) for failure in run.failures)]


def _drafted(night: Night) -> list[Text]:
    """Where the draft stands, and what differs from the version published before."""
    if night.drafted is None:
        return []
    how = "Draft" if night.changed else "Draft, unchanged"
    how = "Rebuilt, beside what is live" if night.looked_back else how
    told = [Text(night.told)] if night.told else []
    return [Text(f"{how}: {night.drafted}"), *told]


def _published(publication: Publication) -> list[Text]:
    """Where the final version stands."""
    if publication.published is None:
        return []
    how = "Published" if publication.changed else "Published before and unchanged"
    return [Text(f"{how}: {publication.published}"), Text(publication.told)]


def show_publication(publication: Publication) -> None:
    """The box of `kcc-etl publish`."""
    title = f"kcc-etl · {publication.period}"
    results().print(Panel(Group(*_outcome(publication)), title=title, title_align="left"))


def _told(source: SourceStanding) -> str:
    """Why a source does not speak through its newest version, and through which instead."""
    why = source.reason + (f" ({source.rule_id})" if source.rule_id else "")
    if source.status == NOTHING:
        said = "nothing has landed" + (f"; {why}" if source.rule_id else "")
    elif source.file is None or source.age_days is None:
        said = f"nothing can be used; {why}"
    else:
        days = f"{source.age_days:,} day{'' if source.age_days == 1 else 's'} old"
        said = f"in use: {shown_name(source.file)} of {source.landed_on}, {days}; {why}"
    return f"Source {source.name} ({source.kind}): {said}"
