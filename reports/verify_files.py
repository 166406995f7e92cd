"""The files of a folder judged one by one, and held against each other and against its manifest.

Does not belong here: what follows from it (`verify`), how a rule is judged (`accessibility`, `verify_tables`,
`verify_documents`, `personal_data`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kcc_etl.domain.findings import Finding, shorten, shown_name
from kcc_etl.exceptions import SourceError
from kcc_etl.intake.cells.json_parts import exact_json
from reports.accessibility.check import check_csv, check_workbook, findings_of
from reports.accessibility.csv_rules import rows_of
from reports.accessibility.ods_rules import JUDGES, check_ods
from reports.accessibility.page import Hit
from reports.csvw import ENDING
from reports.manifest import FILE_NAME, FORMAT, sha256_of
from reports.ocds import OCDS_FILE
from reports.personal_data import Known, Text, personal_hits, redaction_hits
from reports.verify_documents import Paper, catalogue_broken, contact_of, link_texts
from reports.verify_json import json_texts, ocds_hits
from reports.verify_manifest import manifest_hits
from reports.verify_metadata import described_columns, key_of, metadata_hits
from reports.verify_pages import page_broken, page_texts
from reports.verify_published import published_columns
from reports.verify_releases import ASSESSMENTS, REGISTER, release_hits
from reports.verify_rules import PACK_RULES
from reports.verify_tables import Rows, Sheet, csv_rows, sheets_of, total_hits
from reports.verify_texts import csv_texts, sheet_texts
from reports.verify_twins import same_as_csv, same_sheets

MOST_BYTES = 50 * 1024 * 1024
"""Of one file: more is not read into the memory that judging has."""
_KINDS = ("csv", "xlsx", "xlsm", "ods", "docx", "html", "json")
_OLD_KINDS = {"xls": "xlsx", "xlsb": "xlsx", "doc": "docx"}
_FAULTS = (ValueError, KeyError, IndexError, TypeError, AttributeError, OSError)


@dataclass(frozen=True)
class Verdict:
    """What became of one file: its findings, and in sentences what could not be judged."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    is_whole: bool = True


def hash_hits(folder: Path, manifest: dict[str, Any]) -> Iterator[Hit]:
    """Files that are missing, too many, or not the bytes that the manifest names."""
    listed = manifest["files"]
    present = {path.name for path in folder.iterdir()} - {FILE_NAME}
    for name in sorted(present - set(listed)):
        yield Hit(f"{name} is in the folder and not in the manifest")
    for name in sorted(set(listed) - present):
        yield Hit(f"{name} is missing")
    for name in sorted(set(listed) & present):
        content = (folder / name).read_bytes()
        if sha256_of(content) != listed[name]["sha256"] or len(content) != listed[name]["bytes"]:
            yield Hit(f"{name} does not hold the bytes that the manifest names")


def can_be_judged(path: Path) -> bool:
    """Whether there is anything that is judged: a file of a known kind, or a manifest."""
    if path.is_dir():
        return (path / FILE_NAME).is_file() or any(map(_is_known, names_in(path)))
    return path.is_file() and _is_known(path.name)


def _is_known(name: str) -> bool:
    return name.rpartition(".")[2].casefold() in _KINDS


def names_in(path: Path) -> list[str]:
    """The names of the files that are judged: those of a folder but its manifest, or the one file."""
    if not path.is_dir():
        return [path.name]
    return sorted(place.name for place in path.iterdir() if place.is_file() and place.name != FILE_NAME)


class Folder:
    """A folder, or the folder of one file, with what its files say of each other."""

    def __init__(
        self,
        path: Path,
        withheld: Collection[str],
        before: Callable[[Verdict], None] = lambda verdict: None,
    ) -> None:
        """`before` is told what is known of a file before a library opens it that could end the process."""
        self._before = before
        self._path = path if path.is_dir() else path.parent
        self.names = names_in(path)
        self._alone = not path.is_dir()
        self._withheld = frozenset(withheld)
        self._sheets: dict[str, list[Sheet]] = {}

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        """The manifest when it is one of ours, else nothing."""
        manifest = self._json(FILE_NAME)
        return manifest if isinstance(manifest, dict) and manifest.get("format") == FORMAT else {}

    @cached_property
    def _known(self) -> Known:
        return Known(contact_of(self._json("data.json")), self._withheld, bool(self._manifest))

    def _json(self, name: str) -> Any:
        try:
            return json.loads((self._path / name).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None

    def verdict(self) -> Verdict:
        """What is wrong with the folder as a whole."""
        verdict = Verdict(self._path.name)
        below = sorted(place.name for place in self._path.iterdir() if place.is_dir())
        verdict.unchecked.extend(
            f"{shown_name(name)}: a folder in the folder is not looked into." for name in below
        )
        if not self._manifest:
            self._without_manifest(verdict)
            return verdict
        self._add(verdict, "PK-002", self._guarded(hash_hits(self._path, self._manifest)))
        self._add_all(verdict, self._of_manifest())
        self._personal(verdict, json_texts(self._manifest))
        return verdict

    def _of_manifest(self) -> Iterator[tuple[str, Hit]]:
        try:
            yield from manifest_hits(self._manifest, self.names, lambda n: (self._path / n).read_bytes())
        except _FAULTS:
            yield "PK-001", Hit("a manifest that cannot be followed")

    def _without_manifest(self, verdict: Verdict) -> None:
        if (self._path / FILE_NAME).exists():
            is_json = self._json(FILE_NAME) is not None
            fault = f"is not of the form {FORMAT}" if is_json else "cannot be read"
            self._add(verdict, "PK-001", [Hit(f"a {FILE_NAME} that {fault}")])
            return
        verdict.unchecked.append(
            "There is no manifest, so nothing tells whether files are missing or changed, or their sums."
        )

    def file_verdict(self, name: str) -> Verdict:
        """What is wrong with one file."""
        verdict = Verdict(name)
        kind = name.rpartition(".")[2].casefold()
        judge = {
            "csv": self._csv, "xlsx": self._xlsx, "xlsm": self._xlsx, "ods": self._ods, "docx": self._docx,
            "html": self._html, "json": self._json_file,
        }.get(kind)  # fmt: skip
        if judge is None:
            told, remedy = shown_name(name), _OLD_KINDS.get(kind)
            instead = f"; save it as .{remedy}" if remedy else ""
            verdict.unchecked.append(
                f"{told}: files of the kind .{shown_name(kind)} are not judged{instead}."
            )
            return verdict
        try:
            size = (self._path / name).stat().st_size
            if size > MOST_BYTES:
                told = (
                    f"a file of {size // 1024**2:,} MB, where at most {MOST_BYTES // 1024**2} MB are judged"
                )
                self._add(verdict, "PK-021", [Hit(told)])
                return verdict
            judge(verdict, (self._path / name).read_bytes())
        except SourceError as error:
            self._add(verdict, "PK-003", [Hit(error.found)])
        except (*_FAULTS, RecursionError) as error:
            self._add(verdict, "PK-003", [Hit(_why_shut(kind, error))])
        return verdict

    def _csv(self, verdict: Verdict, content: bytes) -> None:
        name = verdict.name
        metadata = self._json(name + ENDING)
        found = check_csv(content, name)
        # A column that the metadata describes may be empty in a period.
        unexplained = [f for f in found if f.rule_id != "CS-005" or "column" not in f.found or not metadata]
        verdict.findings.extend(unexplained)
        if any(f.rule_id in ("CS-001", "CS-002", "CS-004") for f in found):
            verdict.unchecked.append(f"{shown_name(name)}: its columns, types and sums could not be judged.")
            rows = rows_of(content)
        else:
            rows = csv_rows(content)
            self._table(verdict, rows, metadata)
        self._add(verdict, "PK-010", redaction_hits(rows))
        self._personal(verdict, csv_texts(rows))

    def _table(self, verdict: Verdict, rows: Rows, metadata: Any) -> None:
        name = verdict.name
        self._columns(verdict, rows)
        columns = described_columns(metadata)
        if columns:
            self._add(verdict, "PK-005", metadata_hits(columns, key_of(metadata), rows))
        else:
            verdict.unchecked.append(f"{shown_name(name)}: no metadata says which types its columns have.")
        total = self._manifest.get("totals", {}).get(name.rpartition(".")[0])
        if total:
            self._add(verdict, "PK-006", total_hits(total, rows))

    def _columns(self, verdict: Verdict, rows: Rows) -> None:
        expected = published_columns(verdict.name.rpartition(".")[0]) if self._manifest else ()
        if expected and tuple(rows[0]) != expected:
            found = f"{shorten(', '.join(rows[0]))}; published is {shorten(', '.join(expected))}"
            self._add(verdict, "PK-004", [Hit(found, cell="A1")])

    def _xlsx(self, verdict: Verdict, content: bytes) -> None:
        publisher = str(self._manifest.get("publisher", ""))
        verdict.findings.extend(check_workbook(content, verdict.name, publisher))
        if _is_shut(verdict):
            return
        self._personal(verdict, link_texts(content))
        self._before(replace(verdict, is_whole=False))
        sheets = self._sheets_of(verdict.name, content)
        self._personal(verdict, sheet_texts(sheets))
        stem = verdict.name.rpartition(".")[0]
        if f"{stem}.csv" in self.names and not self._alone:
            self._against_csv(verdict, sheets, stem)

    def _ods(self, verdict: Verdict, content: bytes) -> None:
        verdict.findings.extend(check_ods(content, verdict.name))
        if _is_shut(verdict):
            return
        if not self._manifest:
            told = f"{len(JUDGES)} rules for spreadsheets are judged in OpenDocument files, the others not."
            verdict.unchecked.append(f"{shown_name(verdict.name)}: {told}")
        self._personal(verdict, link_texts(content))
        self._before(replace(verdict, is_whole=False))
        sheets = self._sheets_of(verdict.name, content)
        self._personal(verdict, sheet_texts(sheets))
        twin = f"{verdict.name.rpartition('.')[0]}.xlsx"
        if twin in self.names and not self._alone:
            try:
                other = self._sheets_of(twin, (self._path / twin).read_bytes())
            except (SourceError, ValueError):  # a finding of the other file
                verdict.unchecked.append(f"{shown_name(verdict.name)}: not held against {shown_name(twin)}.")
                return
            self._add(verdict, "PK-007", same_sheets(sheets, other, twin))

    def _against_csv(self, verdict: Verdict, sheets: list[Sheet], stem: str) -> None:
        columns = described_columns(self._json(f"{stem}.csv{ENDING}"))
        if not columns:
            verdict.unchecked.append(
                f"{shown_name(verdict.name)}: not held against its CSV file, whose types nothing tells."
            )
            return
        rows = csv_rows((self._path / f"{stem}.csv").read_bytes())
        self._add(verdict, "PK-007", same_as_csv(sheets, rows, columns))

    def _sheets_of(self, name: str, content: bytes) -> list[Sheet]:
        if name not in self._sheets:
            self._sheets[name] = sheets_of(content)
        return self._sheets[name]

    def _docx(self, verdict: Verdict, content: bytes) -> None:
        paper = Paper(content)
        self._add_all(verdict, paper.broken())
        self._personal(verdict, [*paper.texts(), *link_texts(content)])

    def _html(self, verdict: Verdict, content: bytes) -> None:
        self._add_all(verdict, page_broken(content))
        self._personal(verdict, page_texts(content))

    def _json_file(self, verdict: Verdict, content: bytes) -> None:
        read = exact_json(content)
        self._personal(verdict, json_texts(read))
        if verdict.name == "data.json":
            status = str(self._manifest.get("status", ""))
            self._add_all(verdict, catalogue_broken(content, self.names, status))
        if verdict.name == OCDS_FILE:
            counted = self._manifest.get("releases", {}).get("contracts")
            self._add(verdict, "PK-019", ocds_hits(read, counted))
            if self._manifest:
                self._add(verdict, "PK-023", self._against_tables(read))

    def _against_tables(self, package: Any) -> Iterator[Hit]:
        tables = {
            name: csv_rows((self._path / name).read_bytes())
            for name in (REGISTER, ASSESSMENTS)
            if name in self.names
        }
        left_out = self._manifest.get("releases", {}).get("left_out_without_ocid")
        yield from release_hits(package, tables, str(self._manifest.get("period", "")), left_out)

    def _personal(self, verdict: Verdict, texts: Iterable[Text]) -> None:
        self._add_all(verdict, personal_hits(texts, self._known))

    def _add_all(self, verdict: Verdict, broken: Iterable[tuple[str, Hit]]) -> None:
        """Together by rule, so that many of a kind are counted and not listed."""
        by_rule: dict[str, list[Hit]] = {}
        for rule, hit in broken:
            by_rule.setdefault(rule, []).append(hit)
        for rule, hits in by_rule.items():
            self._add(verdict, rule, hits)

    def _guarded(self, hits: Iterator[Hit]) -> Iterator[Hit]:
        """The places up to where the manifest is not what it should be, which is one itself."""
        try:
            yield from hits
        except _FAULTS:
            yield Hit("a manifest that cannot be followed")

    def _add(self, verdict: Verdict, rule: str, hits: Iterable[Hit]) -> None:
        verdict.findings.extend(findings_of(PACK_RULES[rule], hits, verdict.name))


def _why_shut(kind: str, error: Exception) -> str:
    """Why a file cannot be opened, in words."""
    if isinstance(error, UnicodeDecodeError):
        return f"text that is no UTF-8 from byte {error.start + 1:,} on"
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON from line {error.lineno}, character {error.colno} on"
    if isinstance(error, OSError):
        return "a file that cannot be read"
    return f"a file that is damaged, or not of the form that .{kind} files have here"


def _is_shut(verdict: Verdict) -> bool:
    """Whether the file was not opened, as damaged or unsafe; then nothing else opens it either."""
    return any(finding.rule_id.startswith("IN-") for finding in verdict.findings)
