"""What changed between two sets of parameters, and whether each change is material.

Does not belong here: reading the files (`load`), showing the changes, deciding on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kcc_etl.parameters.entries import ABSENT, entries_beside_editions, entries_of_edition
from kcc_etl.parameters.materiality import Materiality, Materially
from kcc_etl.parameters.model import Parameters, Policy

_DAY = "effective_from"


@dataclass(frozen=True)
class Difference:
    """One key whose value changed: in which edition, from what to what, of which class and why."""

    where: str
    key: str
    before: str
    after: str
    kind: Materially
    reason: str


def differences(before: Parameters, after: Parameters) -> tuple[Difference, ...]:
    """Every key that changed, in the order of the files, classed by the rules in use before the change.

    An edition is held against that of the same first day; a new one against the edition it takes over from.
    An edition that went is told as one difference.
    """
    found: list[Difference] = []
    newest = before.policy.effective_from
    for edition in after.policies:
        begins = edition.effective_from
        there = [old for old in before.policies if old.effective_from == begins]
        old = there[0] if there else _predecessor(before, edition)
        side = "before" if begins < old.effective_from else "after"
        where = f"edition of {begins}" + ("" if there else f", new {side} that of {old.effective_from}")
        if not there and begins < newest:
            reason = f"procurements before {newest} would be judged by other figures"
            found.append(Difference(where, f"policy.about.{_DAY}", ABSENT, str(begins), "material", reason))
        found += _between(entries_of_edition(old), entries_of_edition(edition), where, before.materiality)
    kept = {edition.effective_from for edition in after.policies}
    for old in (old for old in before.policies if old.effective_from not in kept):
        where = f"edition of {old.effective_from}"
        reason = "its contracts would be judged by another edition"
        found.append(Difference(where, "policy", old.about.title, ABSENT, "material", reason))
    old_rest, new_rest = entries_beside_editions(before), entries_beside_editions(after)
    return (*found, *_between(old_rest, new_rest, "all editions", before.materiality))


def _predecessor(parameters: Parameters, edition: Policy) -> Policy:
    """The edition in force when a new one begins; the first, when the new one begins before all."""
    return parameters.in_force(edition.effective_from) or parameters.policies[0]


def _between(
    old: Mapping[str, str], new: Mapping[str, str], where: str, rules: Materiality
) -> list[Difference]:
    keys = [*new, *(key for key in old if key not in new)]
    found = []
    for key in keys:
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        if before != after:
            rule = rules.of(key)
            found.append(Difference(where, key, before, after, rule.kind, rule.reason))
    return found
