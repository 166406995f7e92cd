"""Why the figures of a table may differ from the version before: what each of the two was made from.

Does not belong here: what differs (`changes`), the lineage of a pack file by file (`sources`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from kcc_etl import asset_keys as keys
from kcc_etl.domain.accepted_files import ACCEPTED_FILE
from kcc_etl.domain.compliance_approval import COMPLIANCE_APPROVAL
from kcc_etl.domain.duties.decided import BREACH, DIRECT_AWARD, DUTY_DONE, POOR_PERFORMANCE
from kcc_etl.domain.duties.tables import plain
from kcc_etl.domain.indicators import MOST_MATERIAL
from kcc_etl.domain.sameness import KINDS as SAMENESS
from kcc_etl.domain.sign_off import SIGN_OFF
from kcc_etl.domain.waivers import WAIVER
from kcc_etl.schema.tables import LOCATOR, RAW_TABLE_OF_KIND
from reports.manifest import Counted, PackInput, ParameterStamp, sha256_of
from reports.sources import WITHHELD, kinds_behind

_NAMED = 5
_OF_NO_FIGURE = frozenset(
    {
        SIGN_OFF, WAIVER, ACCEPTED_FILE, DUTY_DONE, BREACH, POOR_PERFORMANCE, DIRECT_AWARD, MOST_MATERIAL,
        COMPLIANCE_APPROVAL,
    }
)  # fmt: skip
"""Kinds of decision that allow, or tell of duties and notices, and change no cell of a dataset."""
_OF_ONE_TABLE = {keys.OUT_COMPLIANCE: frozenset({COMPLIANCE_APPROVAL})}
"""Of those the kinds that do stand in one table."""
_APART = "suppliers may be told apart otherwise"
_FILE = ["source_sha256", "source_name", "source_file"]


def counted_of(decisions: pd.DataFrame, set_aside: pd.DataFrame, receipts: pd.DataFrame) -> Counted:
    """What counted beside the names of the files: decisions by kind, rows left out by kind of file and rule.

    `decisions` are those known on the day; of each kind their number and a digest that any other decision, or
    word of one, makes another.
    """
    by_kind: dict[str, list[str]] = {}
    for row in plain(decisions.drop(columns=[*LOCATOR])):
        told = json.dumps(row, sort_keys=True, default=str)
        by_kind.setdefault(str(row["decision_kind"]), []).append(told)
    known = {
        kind: {"number": len(rows), "sha256": sha256_of("\n".join(sorted(rows)).encode("utf-8"))}
        for kind, rows in sorted(by_kind.items())
    }
    kept = receipts.loc[receipts["fate"] == "accepted", _FILE].drop_duplicates()
    left_out: dict[str, dict[str, int]] = {}
    rows = set_aside.merge(kept, on=_FILE)
    for kind, rule in sorted(zip(rows["kind"].astype(str), rows["rule_id"].astype(str), strict=True)):
        of_kind = left_out.setdefault(kind, {})
        of_kind[rule] = of_kind.get(rule, 0) + 1
    return Counted(known, left_out)


def why_restated(
    former: Mapping[str, Any],
    inputs: Iterable[PackInput],
    parameters: ParameterStamp,
    program: str,
    table: str,
    counted: Counted | None = None,
) -> str:
    """Why the figures of a table may differ from those of a former manifest: what is not as it was then.

    Decisions are told by their kinds, where both manifests say them, and only by kinds that such a table is
    made from; rows by the rule that leaves them out. Files that only tell suppliers apart are named where
    there is no other reason.
    """
    feeds = kinds_behind(table) if table else dict.fromkeys(RAW_TABLE_OF_KIND, "figures")
    told_then = former.get("counted") if counted else None
    files = list(inputs)
    by_kind = {"decisions"} if told_then else set()
    fed = {kind for kind, what in feeds.items() if what != "identities"} - by_kind
    told = list(_files(former["inputs"], files, fed))
    if counted and told_then:
        told += _decisions(told_then["decisions"], counted.decisions, table, feeds)
        told += _left_out(told_then["left_out"], counted.left_out, feeds)
    was = former["parameters"]["version"]
    told += [f"parameters {parameters.version}, before {was}"] if parameters.version != was else []
    was = former["program"]["version"]
    told += [f"program {program}, before {was}"] if program != was else []
    if not told:
        told = [f"{_APART}: {one}" for one in _files(former["inputs"], files, set(feeds) - fed - by_kind)]
    return "; ".join(told) or "the same files and parameters, for another day or by other code"


def _files(
    former: Iterable[Mapping[str, Any]], inputs: Iterable[PackInput], kinds: set[str]
) -> Iterator[str]:
    then = {_of_manifest(entry) for entry in former if entry["kind"] in kinds}
    now = {one for one in inputs if one.kind in kinds}
    if now - then:
        yield f"new or other content: {_named(now - then)}"
    places = {(one.source, one.file) for one in now}
    gone = {one for one in then - now if (one.source, one.file) not in places or one.file == WITHHELD}
    if gone:
        yield f"no longer counted: {_named(gone)}"


def _decisions(
    then: Mapping[str, Any], now: Mapping[str, Any], table: str, feeds: Mapping[str, str]
) -> list[str]:
    """The kinds of decision that are not as they were, of those that the table is made from."""
    if "decisions" not in feeds:
        return []
    nothing = {"number": 0, "sha256": ""}
    told = []
    for kind in sorted({*then, *now} - (_OF_NO_FIGURE - _OF_ONE_TABLE.get(table, frozenset()))):
        was, one = then.get(kind, nothing), now.get(kind, nothing)
        if (feeds["decisions"] == "figures" or kind in SAMENESS) and was != one:
            told.append(f"{kind} ({_difference(was['number'], one['number'], 'new')})")
    return [f"decisions: {', '.join(told)}"] if told else []


def _left_out(
    then: Mapping[str, Mapping[str, int]], now: Mapping[str, Mapping[str, int]], feeds: Mapping[str, str]
) -> list[str]:
    """The rules that leave out more rows than they did, or fewer, by the kind of file."""
    told = []
    for kind in sorted({*then, *now} & {kind for kind, what in feeds.items() if what != "identities"}):
        was, one = then.get(kind, {}), now.get(kind, {})
        told += [
            f"{_difference(was.get(rule, 0), one.get(rule, 0), 'more')} of {kind} by {rule}"
            for rule in sorted({*was, *one})
            if was.get(rule, 0) != one.get(rule, 0)
        ]
    return [f"rows held back or left out: {', '.join(told)}"] if told else []


def _difference(was: int, now: int, more: str) -> str:
    if now == was:
        return "other in content"
    return f"{now - was:,} {more}" if now > was else f"{was - now:,} fewer"


def _of_manifest(entry: Mapping[str, Any]) -> PackInput:
    return PackInput(**{name: entry[name] for name in ("source", "file", "kind", "sha256", "rows")})


def _named(files: Iterable[PackInput]) -> str:
    """Files by kind, a few by name."""
    by_kind: dict[str, list[PackInput]] = {}
    for one in sorted(files):
        by_kind.setdefault(one.kind, []).append(one)
    return ", ".join(f"{kind} {_some(found)}" for kind, found in sorted(by_kind.items()))


def _some(files: Sequence[PackInput]) -> str:
    if len(files) > _NAMED or any(one.file == WITHHELD for one in files):
        return f"({len(files)} file{'' if len(files) == 1 else 's'})"
    return "(" + ", ".join(one.file for one in files) + ")"
