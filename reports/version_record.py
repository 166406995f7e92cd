"""The record of what was published: the number and the manifest of every version, beside the versions.

A version whose folder is lost is missed by it, and its number is not given to other figures. The record is
written after the version stands and before it is the publication: a crash between the two leaves a version
that the next publishing records, and never a line about a version that nobody made.

Does not belong here: the versions (`finals`), what is done about one that is missed.

    publications/versions.csv     period, version, manifest_sha256; lines are added and never changed
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from kcc_etl.exceptions import PublicationRefusedError
from kcc_etl.intake.landing.atomic import sweep_asides, write_atomically

FILE = "versions.csv"
_HEADER = ["period", "version", "manifest_sha256"]
_LINE = re.compile(r"\d{4}-\d{2}(-[QH]\d)?,[1-9]\d*,[0-9a-f]{64}")


def recorded(publications: Path, period: str) -> dict[int, str]:
    """The SHA-256 of the manifest of every version of a period that was published, by its number.

    Raises PublicationRefusedError for a record that is damaged, OSError for one that cannot be read.
    """
    return {int(number): digest for of, number, digest in _lines(publications, period) if of == period}


def enter(publications: Path, period: str, number: int, manifest_sha256: str) -> None:
    """Put a version on record, unless it is there already; for who holds the lock of the folder.

    Raises as `recorded`, and OSError where it cannot be written.
    """
    if number in recorded(publications, period):
        return
    sweep_asides(publications)
    out = io.StringIO(newline="")
    lines = [_HEADER, *_lines(publications, period), [period, str(number), manifest_sha256]]
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    write_atomically(publications / FILE, out.getvalue().encode())


def _lines(publications: Path, period: str) -> list[list[str]]:
    path = publications / FILE
    if not path.exists():
        return []
    header, *lines = path.read_bytes().decode("utf-8", "replace").split("\r\n")
    last = lines.pop() if lines else "no end of line"
    if header != ",".join(_HEADER) or last or not all(map(_LINE.fullmatch, lines)):
        raise PublicationRefusedError(
            period,
            [f"the record of what was published is damaged ({path})"],
            expected="the headings " + ",".join(_HEADER) + " and one line for each version",
            remedy="Restore it from a backup, and run again",
        )
    return [line.split(",") for line in lines]
