"""The quality of a night's data in figures: rows without a fault, outcomes of rules, findings in groups.

Does not belong here: judging (`kcc_etl.intake`, `kcc_etl.domain`, `checks`), words and pages.

A row is at fault under a dimension when a rule of that dimension held it back, or found a critical fault or
one to be warned of in it; it counts once, however many findings it has. Rows left out because they are no
records (blank rows, totals, notices of other authorities) are not counted either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import nsmallest
from typing import get_args

import pandas as pd

from kcc_etl.domain.accepted_files import AcceptedFile, accepted_in_use
from kcc_etl.domain.checked import of_earlier
from kcc_etl.domain.fates import account
from kcc_etl.domain.findings import of_reading
from kcc_etl.schema.rules import RULES, Dimension, Rule
from kcc_etl.schema.tables import KINDS, TABLES
from reports.documents import clean_text

DIMENSIONS: tuple[str, ...] = get_args(Dimension)
SEVERITIES = ("critical", "warning", "information")
PLACES_NAMED = 3
NOT_JUDGED = "it was not judged"
_ROW = ["source_sha256", "source_name", "source_file", "source_sheet", "source_row"]
_PLACE = ("source_name", "source_file", "source_sheet", "source_row", "cell", "subject", "found")
_WORSE = ("not applicable", "passed", "failed", "could not run")
_OUTCOMES = ("found something", "found nothing", "not applicable", "could not run", "not judged")


@dataclass(frozen=True)
class Score:
    """Of `rows` that were judged, `faultless` have no fault."""

    rows: int
    faultless: int

    @property
    def share(self) -> Fraction | None:
        """The share without a fault; None when there are no rows to speak of."""
        return Fraction(self.faultless, self.rows) if self.rows else None


@dataclass(frozen=True)
class Scored:
    """The score of a source, or of all, whole and by dimension. `files_held` were refused or quarantined."""

    name: str
    kind: str
    files: int
    files_held: int
    overall: Score
    dimensions: tuple[Score, ...]


@dataclass(frozen=True)
class Group:
    """What one rule found in one source: how much, and the first places; `findings` are their positions."""

    rule: Rule
    source: str
    count: int
    findings: tuple[int, ...]


@dataclass(frozen=True)
class Quality:
    """What a night's tables say of their own quality. `fates` is the account of `kcc_etl.domain.fates`.

    `unjudged` are the rules that could not run or were not judged, with the reason: nothing is known of them;
    `earlier` is how many findings an earlier run left of those. `accepted` are files that count by decision,
    each with kind, source and name.
    """

    sources: tuple[Scored, ...]
    total: Scored
    fates: pd.DataFrame
    findings: pd.DataFrame
    groups: tuple[Group, ...]
    outcomes: Mapping[str, Mapping[str, int]]
    unjudged: tuple[tuple[Rule, str], ...]
    earlier: int = 0
    accepted: tuple[tuple[AcceptedFile, str, str, str], ...] = ()

    def count(self, severity: str) -> int:
        """Findings of a severity."""
        return int((self.findings["severity"] == severity).sum())

    @property
    def kinds_without_a_file(self) -> tuple[str, ...]:
        """The kinds of file of which none is in force, held back or not."""
        return tuple(kind for kind in KINDS if kind not in {source.kind for source in self.sources})

    def of_kinds(self) -> tuple[Scored, ...]:
        """The scores by kind of file, of the kinds that have a source."""
        return tuple(
            _sum(kind, kind, mine)
            for kind in KINDS
            if (mine := [source for source in self.sources if source.kind == kind])
        )


def quality(
    *,
    receipts: pd.DataFrame,
    set_aside: pd.DataFrame,
    cores: Mapping[str, pd.DataFrame],
    findings: pd.DataFrame,
    verdicts: pd.DataFrame,
    accepted: Sequence[AcceptedFile] = (),
) -> Quality:
    """The figures of a night, from the tables `receipt`, `set_aside`, `finding`, `verdict` and the core ones.

    `cores` holds the core tables by kind; `verdicts` are those that hold of the tables as they stand;
    `accepted` the decisions by which files count.
    """
    held = set_aside[set_aside["fate"] == "quarantined"]
    faults = _faults(held, cores, findings)
    sources = _sources(receipts, set_aside, faults)
    return Quality(
        sources=sources,
        total=_sum("all sources", "", sources),
        fates=account(receipts, set_aside, cores),
        findings=findings,
        groups=_groups(findings),
        outcomes=_outcomes(verdicts, findings, set_aside, {*receipts["kind"]}),
        unjudged=_unjudged(verdicts),
        earlier=int(of_earlier(findings, verdicts).sum()),
        accepted=_accepted(accepted, receipts),
    )


def _accepted(
    accepted: Sequence[AcceptedFile], receipts: pd.DataFrame
) -> tuple[tuple[AcceptedFile, str, str, str], ...]:
    kinds = dict(zip(receipts["source_name"], receipts["kind"], strict=True))
    return tuple(
        (one, str(kinds[source]), source, file) for one, source, file in accepted_in_use(accepted, receipts)
    )


def _faults(held: pd.DataFrame, cores: Mapping[str, pd.DataFrame], findings: pd.DataFrame) -> pd.DataFrame:
    """Each row at fault with each dimension it is at fault under, once."""
    grave = findings[(findings["severity"] != "information") & (findings["source_row"] > 0)]
    found = _keyed(grave)
    there = [_keyed(held)[_ROW]]
    there += [_keyed(core[core["source_row"].isin(found["source_row"])])[_ROW] for core in cores.values()]
    rows = pd.concat(there, ignore_index=True).drop_duplicates()
    # A finding in a heading, or in the head of a return, is about no row of its own.
    on_rows = found.merge(rows, on=_ROW, how="inner")
    both = pd.concat([_keyed(held), on_rows], ignore_index=True)
    both["dimension"] = both["rule_id"].map({rule.id: rule.dimension for rule in RULES.values()})
    return both[[*_ROW, "dimension"]].drop_duplicates()


def _keyed(frame: pd.DataFrame) -> pd.DataFrame:
    kept = frame[[*_ROW, "rule_id"] if "rule_id" in frame else _ROW]
    texts = {name: kept[name].astype(object).where(kept[name].notna(), "") for name in _ROW[:-1]}
    return kept.assign(**texts, source_row=kept["source_row"].astype("int64"))


def _sources(receipts: pd.DataFrame, set_aside: pd.DataFrame, faults: pd.DataFrame) -> tuple[Scored, ...]:
    excluded = set_aside[set_aside["fate"] == "excluded"].groupby("source_name").size()
    rows_at_fault = faults.drop_duplicates(_ROW).groupby("source_name").size()
    by_dimension = faults.groupby(["source_name", "dimension"]).size()
    scored = []
    for (kind, name), mine in receipts.groupby(["kind", "source_name"]):
        rows = int(mine.loc[mine["fate"] == "accepted", "rows_arrived"].sum()) - int(excluded.get(name, 0))
        scored.append(
            Scored(
                name=str(name),
                kind=str(kind),
                files=len(mine),
                files_held=int(mine["fate"].isin(["refused", "quarantined"]).sum()),
                overall=Score(rows, rows - int(rows_at_fault.get(name, 0))),
                dimensions=tuple(
                    Score(rows, rows - int(by_dimension.get((name, dimension), 0)))
                    for dimension in DIMENSIONS
                ),
            )
        )
    return tuple(sorted(scored, key=lambda each: (KINDS.index(each.kind), each.name)))


def _sum(name: str, kind: str, parts: tuple[Scored, ...] | list[Scored]) -> Scored:
    return Scored(
        name,
        kind,
        sum(part.files for part in parts),
        sum(part.files_held for part in parts),
        _add([part.overall for part in parts]),
        tuple(_add([part.dimensions[place] for part in parts]) for place in range(len(DIMENSIONS))),
    )


def _add(scores: list[Score]) -> Score:
    return Score(sum(score.rows for score in scores), sum(score.faultless for score in scores))


def _groups(findings: pd.DataFrame) -> tuple[Group, ...]:
    """Findings by rule and source, the gravest first, then the most."""
    texts = {name: findings[name].fillna("").tolist() for name in _PLACE if name != "source_row"}
    columns = {**texts, "source_row": findings["source_row"].tolist()}
    places = list(zip(*(columns[name] for name in _PLACE), strict=True))
    of: dict[tuple[str, str], list[int]] = {}
    for position, key in enumerate(zip(findings["rule_id"].tolist(), columns["source_name"], strict=True)):
        of.setdefault(key, []).append(position)
    groups = [
        Group(
            rule=RULES[rule_id],
            source=clean_text(source),
            count=len(mine),
            findings=tuple(nsmallest(PLACES_NAMED, mine, places.__getitem__)),
        )
        for (rule_id, source), mine in of.items()
    ]
    grave = {severity: place for place, severity in enumerate(SEVERITIES)}
    return tuple(sorted(groups, key=lambda g: (grave[g.rule.severity], -g.count, g.rule.id, g.source)))


def _outcomes(
    verdicts: pd.DataFrame, findings: pd.DataFrame, set_aside: pd.DataFrame, arrived: set[str]
) -> dict[str, dict[str, int]]:
    """How many rules of each dimension came out how; `arrived` are the kinds that have a file."""
    pairs = zip(verdicts["rule_id"], verdicts["verdict_status"], strict=True)
    status = dict(sorted(pairs, key=lambda pair: _WORSE.index(pair[1])))  # the worst of several counts
    found = {*findings["rule_id"], *set_aside["rule_id"]}
    counted = {dimension: dict.fromkeys(_OUTCOMES, 0) for dimension in DIMENSIONS}
    for rule in RULES.values():
        counted[rule.dimension][_outcome(rule, status.get(rule.id), found, arrived)] += 1
    return counted


def _unjudged(verdicts: pd.DataFrame) -> tuple[tuple[Rule, str], ...]:
    judged = {*verdicts["rule_id"]}
    broken = verdicts[verdicts["verdict_status"] == "could not run"]
    reasons = dict(zip(broken["rule_id"], broken["reason"].fillna("no reason is known"), strict=True))
    return tuple(
        (rule, reasons.get(rule.id, NOT_JUDGED))
        for rule in RULES.values()
        if rule.id in reasons or (rule.stage == "check" and rule.id not in judged)
    )


def _outcome(rule: Rule, status: str | None, found: set[str], arrived: set[str]) -> str:
    if rule.stage != "check":
        status = of_reading(found=rule.id in found, kind=TABLES[rule.table].kind, arrived=arrived)
    words = {"passed": "found nothing", "failed": "found something", None: "not judged"}
    return words.get(status, str(status))
