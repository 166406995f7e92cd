"""From a draft to a final version: who signed exactly these figures off, and why they are not published yet.

Does not belong here: which sign-offs hold (`kcc_etl.domain.sign_off`), comparing two packs (`changes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kcc_etl.domain.compliance_approval import Waiting
from kcc_etl.domain.sign_off import FEWEST_DIGITS, SignedOff
from kcc_etl.exceptions import NotSignedOffError
from kcc_etl.parameters.sign_off import SignOff
from reports.changes import changes_since
from reports.datasets import PUBLISHED
from reports.documents import day_text
from reports.finals import Final, require_whole
from reports.placing import PackResult, kept_draft, stand_by


@dataclass(frozen=True)
class ToSign:
    """A draft of a period, the sign-offs of that period, the oldest first, and who may sign.

    `notice` is a payments compliance notice in it that nobody has approved.
    """

    period: str
    draft: PackResult
    signed: Sequence[SignedOff]
    allowed: SignOff
    notice: Waiting | None = None


class Maker(Protocol):
    """What makes the next version from the figures of a draft."""

    def __call__(self, *, sign_off: SignedOff) -> PackResult: ...  # noqa: D102 - said by the class


def published(publications: Path, finals: Sequence[Final], to_sign: ToSign, make: Maker) -> PackResult:
    """The version that has the figures of a draft: the last one, or the next where they are signed off.

    Raises NotSignedOffError while they are not, PublicationRefusedError where a version that was published
    is damaged or gone; nothing is published then.
    """
    require_whole(publications, to_sign.period)
    if finals and finals[-1].figures == to_sign.draft.figures:
        return stand_by(publications, finals[-1])
    return make(sign_off=_sign_off_of(to_sign))


def _sign_off_of(to_sign: ToSign) -> SignedOff:
    """The last sign-off for exactly the figures of the draft.

    Raises NotSignedOffError with their digest, what changed since the figures that were signed, and the
    command that records a sign-off.
    """
    draft, period, allowed = to_sign.draft, to_sign.period, to_sign.allowed
    if to_sign.notice:
        raise _unapproved(period, to_sign.notice)
    mine = [one for one in to_sign.signed if one.stands_for(draft.figures)]
    if mine:
        return mine[-1]
    digits = draft.figures[:FEWEST_DIGITS]
    reasons = [f"nobody has signed off the figures of {draft.folder}, whose digest is {digits}"]
    reasons += [_of_other_figures(draft, one) for one in to_sign.signed[-1:]]
    command = (
        f'`kcc-etl decide sign-off {period} --figures {digits} --role "{allowed.roles[0]}" '
        f'--reason "{allowed.reason_codes[0]}"`'
    )
    raise NotSignedOffError(period, reasons, command)


def _unapproved(period: str, notice: Waiting) -> NotSignedOffError:
    """Before the sign-off, for the approval is a part of the figures. Source: PR24 reg 38(2)(e)."""
    reason = f"its compliance notice of {notice.half} waits for the director responsible for finances"
    command = (
        f'`kcc-etl decide "compliance approval" {notice.number} --period {notice.half} --other "NAME" '
        '--role "JOB TITLE" --reason "figures approved"`'
    )
    return NotSignedOffError(period, [reason], command)


def _of_other_figures(draft: PackResult, signed: SignedOff) -> str:
    """What a sign-off of other figures is about, and what changed since."""
    by = f"the sign-off {signed.decision_id} by the {signed.role} of {day_text(signed.decided_on)}"
    return f"{by} is for the figures {signed.digits[:FEWEST_DIGITS]}, and {_since(draft, signed)}"


def _since(draft: PackResult, signed: SignedOff) -> str:
    former = kept_draft(draft.folder.parent, draft.folder.name, signed)
    if former is None:
        return "no draft with those figures is kept, so what changed since cannot be told"
    layouts = {one.name: one.layout() for one in PUBLISHED}
    found = changes_since(0, _csvs(former, layouts), _csvs(draft.folder, layouts), layouts)
    return f"since then: {found.counted}"


def _csvs(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    files = {name: folder / f"{name}.csv" for name in names}
    return {name: path.read_bytes() for name, path in files.items() if path.is_file()}
