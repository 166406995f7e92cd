"""Taking in the files of one kind: land, read what is new, judge versions, book. Shared by the raw assets.

Does not belong here: how a file is landed, read or judged (`kcc_etl.intake`), how it is stored
(`kcc_etl.warehouse`), one source (`source_versions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assets.faults import told
from assets.source_state import STANDING_RULES, failed, same_content
from assets.source_versions import (
    FILE,
    Identity,
    Known,
    SourceVersions,
    Taken,
    frames_of,
    receipts_of,
)
from kcc_etl import asset_keys as keys
from kcc_etl.domain.accepted_files import accepted_files
from kcc_etl.domain.authority import without_authority
from kcc_etl.domain.changes import EARLY_END
from kcc_etl.domain.counted_changes import changes_that_count
from kcc_etl.domain.decisions import decisions_known, first_of_number
from kcc_etl.domain.findings import Finding, findings_frame
from kcc_etl.exceptions import KccEtlError
from kcc_etl.intake.landing.copies import sweep_landing
from kcc_etl.intake.landing.landing import (
    MAPPING,
    LandedFile,
    Source,
    land,
    landed_from_ledger,
    ledger_rows,
)
from kcc_etl.intake.workbooks.guard import Guard
from kcc_etl.parameters.load import load_parameters
from kcc_etl.resources import RunDatesResource
from kcc_etl.schema.frames import empty, from_rows
from kcc_etl.schema.tables import RAW_TABLE_OF_KIND
from kcc_etl.settings import Settings
from kcc_etl.warehouse.store import Warehouse, Where


@dataclass(frozen=True)
class Intake:
    """What one night did with the files of a kind: how many landed, were read, and are in force.

    `states` are the rows of `source_state`, one a source.
    """

    landed: int
    parsed: int
    in_force: int
    states: tuple[dict[str, object], ...] = ()


def take_in(kind: str, settings: Settings, warehouse: Warehouse, dates: RunDatesResource) -> Intake:
    """Land what is new, and bring the raw table of the kind to exactly the files in force.

    A version that was read by the same reader and mapping before is not read again. Nothing lands when the
    run looks back. A source that fails keeps what it had, and the others go on. Raises SettingsError for a
    source folder that is not there.
    """
    sources = [source for source in settings.landing_sources() if source.kind == kind]
    known_at = dates.known_at()
    new, outages = (
        ([], []) if dates.looks_back() else _land(kind, sources, settings, warehouse, dates.today())
    )
    ledger = warehouse.read("ledger", {"kind": [kind, MAPPING]})
    landed = landed_from_ledger(ledger, settings.landing_folder)
    receipts = warehouse.read("receipt", {"kind": kind})
    known = Known(
        receipts_of(receipts),
        _readings(kind, warehouse),
        _accepted(kind, settings, warehouse, dates.as_of()),
        _ended(kind, settings, warehouse, dates.as_of()),
    )
    before = warehouse.read("source_state", {"kind": kind}).set_index("source_name").to_dict("index")
    taken: list[Taken] = []
    with Guard() as guard:
        for source in sources:
            try:
                versions = SourceVersions(source, landed, known, known_at, settings.authority.ids, guard)
                taken.append(versions.take([fault for fault in outages if fault.source_name == source.name]))
            except KccEtlError:
                raise
            except Exception as error:  # a fault of ours in one source must not stop the others
                state = {str(name): value for name, value in before.get(source.name, {}).items()}
                taken.append(_failed(source, known, state, error, known_at))
    _book(kind, warehouse, known, taken)
    return Intake(
        landed=len(new),
        parsed=sum(each.parsed for each in taken),
        in_force=sum(each.in_force for each in taken),
        states=tuple(each.state for each in taken),
    )


def _land(
    kind: str, sources: list[Source], settings: Settings, warehouse: Warehouse, today: date
) -> tuple[list[LandedFile], list[Finding]]:
    """New lines of the ledger, and the faults of feeds. A feed is asked first, outside any transaction."""
    fetched, outages = _fetched(kind, settings, warehouse, today)
    of_these = {"stage": "landing", "source_name": [source.name for source in sources]}
    with warehouse.transaction():  # one writer at a time reads and extends the ledger
        sweep_landing(settings.landing_folder)
        new, findings = land(sources, settings.landing_folder, warehouse.read("ledger"), today)
        if new:
            warehouse.add("ledger", ledger_rows(new))
        _replace_findings(warehouse, [*findings, *outages], of_these)
    return [*fetched, *new], outages


def _fetched(
    kind: str, settings: Settings, warehouse: Warehouse, today: date
) -> tuple[list[LandedFile], list[Finding]]:
    """New lines of the ledger from the feeds of a kind, and their faults."""
    feeds = [feed for feed in settings.feeds() if feed.kind == kind]
    if not feeds:
        return [], []
    # The library of the web is for nights that ask it.
    from assets.fetched import fetch_feed

    nights = [fetch_feed(feed, settings, warehouse, today) for feed in feeds]
    return [new for night in nights for new in night.new], [f for night in nights for f in night.findings]


def _readings(kind: str, warehouse: Warehouse) -> dict[str, dict[tuple[str, str, str], str]]:
    """What was read before, source by source."""
    table = warehouse.read("reading", {"kind": kind})
    readings: dict[str, dict[tuple[str, str, str], str]] = {}
    columns = ["source_sha256", "source_name", "source_file", "reader_version", "reading_json"]
    for sha256, source, file, version, text in table[columns].itertuples(index=False, name=None):
        readings.setdefault(source, {})[(sha256, file, version)] = text
    return readings


def _accepted(kind: str, settings: Settings, warehouse: Warehouse, as_of: date) -> frozenset[str]:
    """First digits of the files that officers accepted; decisions themselves are not accepted by decision."""
    if kind == "decisions":
        return frozenset()
    allowed = load_parameters(settings.parameters_folder).waivers
    decisions = warehouse.read(keys.RAW_DECISION)
    return frozenset(one.digits for one in accepted_files(decisions, as_of, allowed))


def _ended(kind: str, settings: Settings, warehouse: Warehouse, as_of: date) -> dict[str, date]:
    """The last days of contracts that officers decided by a day to end early, as the last night had them.

    An early end that does not fit its contract ends nothing, rule DC-017.
    """
    if kind != "register":
        return {}
    first = first_of_number(warehouse.read(keys.RAW_DECISION))
    allowed = load_parameters(settings.parameters_folder).authority
    known = decisions_known(first[~without_authority(first, allowed)], as_of)
    counting = changes_that_count(warehouse.read(keys.CORE_CONTRACT), known)
    return {
        ref: change.effective_on
        for ref, changes in counting.items()
        for change in changes
        if change.kind == EARLY_END
    }


def _failed(
    source: Source, known: Known, before: dict[str, object], error: Exception, known_at: date
) -> Taken:
    """A source that stays as it was booked, since the program failed on it."""
    findings, state = failed(source, before, told(error), known_at)
    wanted = {identity for identity in known.receipts if identity[1] == source.name}
    return Taken(wanted=wanted, findings=findings, state=state)


def _book(kind: str, warehouse: Warehouse, known: Known, taken: Sequence[Taken]) -> None:
    """Put every file's rows, receipt, columns, rows set aside and findings in place, in one transaction."""
    raw = RAW_TABLE_OF_KIND[kind].name
    wanted = {identity for each in taken for identity in each.wanted}
    gone = [identity for identity in known.receipts if identity not in wanted]
    names = sorted({str(each.state["source_name"]) for each in taken} | {name for _, name, _ in gone})
    readings = [row for each in taken for row in each.readings]
    booked = [booking for each in taken for booking in each.booked]
    stale = [*gone, *(b.identity for b in booked if b.identity in known.receipts)]
    with warehouse.transaction():
        warehouse.load_together([_where(identity) for identity in stale], frames_of(kind, booked))
        if readings:
            warehouse.load_together([], {"reading": from_rows(readings, "reading")})
        found = [finding for each in taken for finding in each.findings]
        found += same_content(warehouse.read("receipt", {"kind": kind}))
        these = {"stage": "intake", "source_name": names, "rule_id": list(STANDING_RULES)}
        _replace_findings(warehouse, found, these)
        states = from_rows([each.state for each in taken], "source_state")
        warehouse.replace_where("source_state", states, {"kind": kind})
        changed = [row for each in taken for row in each.changes]
        changes = from_rows(changed, "version_change") if changed else empty("version_change")
        warehouse.replace_where("version_change", changes, {"kind": kind})
        if gone or booked or not warehouse.version(raw):
            warehouse.refresh_version(raw)


def _replace_findings(warehouse: Warehouse, findings: list[Finding], where: Where) -> None:
    if findings or len(warehouse.read("finding", where)):
        warehouse.replace_where("finding", findings_frame(findings), where)


def _where(identity: Identity) -> dict[str, object]:
    return dict(zip(FILE, identity, strict=True))
