"""Counts of people that were published and corrected since: what may be shown, so that no version gives away
what another leaves out.

Does not belong here: what is left out while nothing was corrected (`small_counts`), reading what was
published.

While every version of a quarter shows what would be shown of it today, nothing changes. Where one does not,
the counts are in doubt, and the quarter is shown without any sum, without what a version of it left out,
without what differs by a small count from what a version showed, and without the status of these. From then
on a reader is taken to know every count of that quarter, and a line that was left out of it stays left out
until each of its counts has grown. While one of these was corrected unseen, no sum is shown.

Source: social-value policy parameters, section 8.7; "nor from the last quarter".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kcc_etl.domain.small_counts import STEP, Counts, IsSmall, Range, Shown, SmallCounts, less


@dataclass(frozen=True)
class Version:
    """What one published version of a quarter showed: counts by line, and of which lines what it did not.

    `corrected` are lines of which something came in since.
    """

    counts: Mapping[str, Counts]
    left_out: frozenset[str]
    not_summed: frozenset[str]
    not_rated: frozenset[str]
    corrected: frozenset[str] = frozenset()

    def shows(self, shown: Shown, counts: Mapping[str, Counts], group_of: Mapping[str, str]) -> bool:
        """Whether it is what would be shown of these counts."""
        if self.corrected & self.left_out:
            return False
        lines = {key: row for key, row in counts.items() if key not in shown.left_out}
        not_summed = {key for key in counts if group_of[key] in shown.without_sum}
        not_shown = (shown.left_out, not_summed, shown.without_rating)
        return dict(self.counts) == lines and all(
            mine == others
            for mine, others in zip((self.left_out, self.not_summed, self.not_rated), not_shown, strict=True)
        )


class CorrectedCounts:
    """Decides quarter after quarter, as `SmallCounts`, in the light of the versions published of each."""

    def __init__(self, is_small: IsSmall, *, adds_up: bool = True) -> None:
        self._is_small = is_small
        self._adds_up = adds_up
        self._made = SmallCounts(is_small, adds_up=adds_up)
        self._kept: dict[str, Counts] = {}
        """Lines left out since a correction, with their counts then."""
        self._doubtful: set[str] = set()
        """Those of them that were corrected while they were left out: what a version summed is not known."""

    def quarter(
        self,
        counts: Mapping[str, Counts],
        group_of: Mapping[str, str],
        ranges: Mapping[str, Range] | None = None,
        versions: Sequence[Version] = (),
        spans: Mapping[str, int] | None = None,
    ) -> Shown:
        """What of the next quarter is shown, as `SmallCounts.quarter` says.

        `versions` are those published of this quarter, the oldest first. A correction may be of any of the
        quarters of a span.
        """
        spans = spans or {}
        before = self._made.last_shown
        kept = self._still_kept(counts, spans)
        shown = self._made.quarter(counts, group_of, ranges, keep=kept, spans=spans)
        if self._doubtful & kept:
            hidden = shown.left_out
            shown = Shown(hidden, frozenset(group_of.values()), shown.without_rating | hidden)
        if all(version.shows(shown, counts, group_of) for version in versions):
            return shown
        seen = {key: [*before.get(key, ()), *_seen(key, versions)] for key in counts}
        left_out = kept | {
            key for key in counts if self._is_telling(counts[key], seen[key], spans.get(key, 1))
        }
        left_out |= {key for version in versions for key in version.left_out if key in counts}
        if self._adds_up:
            told = {key: [*seen[key], counts[key]] for key in counts if key not in left_out}
            self._made = SmallCounts(self._is_small, known=counts, last_shown={**before, **seen, **told})
            self._kept |= {key: counts[key] for key in left_out}
            self._doubtful |= {key for one in versions for key in one.corrected & one.left_out}
        return Shown(frozenset(left_out), frozenset(group_of.values()), frozenset(left_out))

    def _still_kept(self, counts: Mapping[str, Counts], spans: Mapping[str, int]) -> set[str]:
        """The lines that stay left out; of the others nothing is kept any longer."""
        kept = {
            key
            for key, then in self._kept.items()
            if key in counts
            and not self._has_grown(
                less(counts[key], then), spans.get(key, 1), doubtful=key in self._doubtful
            )
        }
        self._kept = {key: then for key, then in self._kept.items() if key in kept or key not in counts}
        self._doubtful &= set(self._kept)
        return kept

    def _has_grown(self, growth: Counts, span: int, *, doubtful: bool) -> bool:
        return all(count >= STEP and not (doubtful and self._is_small(count / span)) for count in growth)

    def _is_telling(self, row: Counts, seen: Sequence[Counts], span: int) -> bool:
        told = (*row, *(count for other in seen for count in less(row, other)))
        return any(self._is_small(abs(count) / span) for count in told)


def _seen(key: str, versions: Sequence[Version]) -> list[Counts]:
    return [version.counts[key] for version in versions if key in version.counts]
