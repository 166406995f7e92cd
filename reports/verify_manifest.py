"""What a manifest says of its pack as a whole, held against the files: figures, standing, datasets, releases.

Does not belong here: single files and their hashes (`verify_files`), making a manifest (`manifest`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from kcc_etl.domain.findings import shorten
from kcc_etl.domain.periods import parse_period
from reports.accessibility.page import Hit
from reports.datasets import PUBLISHED
from reports.manifest import figures_digest
from reports.ocds import OCDS_FILE

Broken = tuple[str, Hit]
"""The id of a rule and a place where it is broken."""
_TOLD = ("period", "status", "figures", "totals")
_SIGNED = ("role", "reason", "decision_id", "decided_on")


def manifest_hits(
    manifest: dict[str, Any], present: Collection[str], read: Callable[[str], bytes]
) -> Iterator[Broken]:
    """Each place where a manifest says another thing than the files `present`, which `read` reads by name."""
    missing = [key for key in _TOLD if key not in manifest]
    if missing:
        yield "PK-020", Hit(f"a manifest without {', '.join(missing)}")
    if "status" in manifest or "sign_off" in manifest:
        yield from (("PK-017", Hit(found)) for found in _standing(manifest))
    if "period" in manifest:
        yield from _figures(manifest, present, read)
    counted = manifest.get("releases", {}).get("contracts", 0)
    if counted and OCDS_FILE not in present:
        yield "PK-019", Hit(f"no {OCDS_FILE}, where the manifest counts {counted} releases")


def _standing(manifest: dict[str, Any]) -> Iterator[str]:
    status, sign_off = manifest.get("status"), manifest.get("sign_off")
    if status not in ("draft", "final"):
        yield f"the status '{shorten(status)}', which is neither draft nor final"
    if status == "draft" and sign_off:
        yield "a draft that is signed off"
    if status == "final":
        told = sign_off if isinstance(sign_off, dict) else {}
        missing = [name for name in _SIGNED if not told.get(name)]
        if missing:
            yield f"a final without {', '.join(missing)} of its sign-off"


def _figures(
    manifest: dict[str, Any], present: Collection[str], read: Callable[[str], bytes]
) -> Iterator[Broken]:
    try:
        period = parse_period(str(manifest.get("period", "")))
    except ValueError:
        yield "PK-022", Hit(f"the period '{shorten(manifest.get('period', ''))}', which is none")
        return
    held = [one for one in PUBLISHED if f"{one.name}.csv" in present]
    for one in PUBLISHED:
        if one.applies(period) and f"{one.name}.csv" not in present:
            yield "PK-018", Hit(f"no {one.name}.csv, which is published for {manifest['period']}")
    untold = [one.name for one in held if one.name not in manifest.get("totals", {})]
    yield from (("PK-018", Hit(f"{name}.csv, of which the manifest has no totals")) for name in untold)
    digest = figures_digest(str(manifest["period"]), {one.name: read(f"{one.name}.csv") for one in held})
    if digest != manifest.get("figures"):
        told = shorten(manifest.get("figures", "nothing"), 12)
        yield "PK-022", Hit(f"figures {told}, where the CSV files make {shorten(digest, 12)}")
