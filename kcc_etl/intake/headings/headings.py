"""What a heading may mean, by the table of known names, by its words, and by its spelling.

Does not belong here: the table (`aliases`), the values below a heading (`samples`), choosing between columns
(`proposal`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz.distance import OSA

from kcc_etl.intake.headings.aliases import Aliases, Confidence, Reading, heading_words, join_doubts, weighty
from kcc_etl.intake.headings.mapping import fold_heading
from kcc_etl.schema.fields import FIELDS

VAT_UNSTATED = "it does not say whether VAT is in the amount"
_WITH_VAT = {
    "amount_ex_vat_pence": "amount_inc_vat_pence",
    "value_ex_vat_pence": "value_inc_vat_pence",
}
_SLIP_LENGTH = 9
"""Letters from which one wrong letter is a slip; in shorter words it makes another word (end, send)."""
_OTHER_ORDER, _BY_PATTERN, _BY_SLIP = 100, 200, 300
"""Added to the rank, so that a name that is known as it stands is the stronger."""


def meaning(heading: str, kind: str, aliases: Aliases) -> Reading | None:
    """What a heading of a file of this kind means, or None when nothing is known of it."""
    folded = fold_heading(heading)
    if not folded:
        return None
    words = heading_words(heading, aliases)
    found = (
        aliases.names[kind].get(folded)
        or _forbidden(words, heading, aliases)
        or _other_order(words, kind, aliases)
        or _pattern(words, kind, aliases)
        or _slip(folded, words, kind, aliases)
    )
    return _with_vat_basis(_for_life(found, words, aliases), words, aliases) if found else None


def _forbidden(words: list[str], heading: str, aliases: Aliases) -> Reading | None:
    """A count of things and a web address are no field, whatever other words stand there."""
    if set(words) & set(aliases.words["address"]):
        return Reading("", "none", "no field of ours: the heading speaks of a web address")
    plain = " ".join(re.findall(r"[^\W_]+", heading.casefold()))
    if any(plain == count or plain.startswith(count + " ") for count in aliases.words["counts"]):
        return Reading("", "none", "no field of ours: the heading speaks of a count")
    named = set(words) - set(aliases.words["weightless"])
    if named & set(aliases.words["publisher"]) and not named - set(aliases.words["publisher"]) - {"name"}:
        return Reading("", "none", "no field of ours: it names the body that publishes, not the supplier")
    return None


def _other_order(words: list[str], kind: str, aliases: Aliases) -> Reading | None:
    """The words of a known name in another order or with other endings: `Name of Supplier`."""
    wanted = weighty(words, aliases)
    found = aliases.by_words[kind].get(wanted) if wanted else None
    if found is None:
        return None
    folded, reading = found
    words_of_it = f"other words for '{aliases.shown[folded]}', {reading.reason}"
    # Another order of the words never makes a name first or certain.
    sure: Confidence = "likely" if reading.confidence == "certain" else reading.confidence
    return replace(
        reading,
        confidence=sure,
        reason=words_of_it,
        rank=max(reading.rank, 0) + _OTHER_ORDER,
        known_by="alias",
    )


def _pattern(words: list[str], kind: str, aliases: Aliases) -> Reading | None:
    """The field whose pattern the words make; a word that no pattern knows leaves it doubtful."""
    best: Reading | None = None
    weightless = set(aliases.words["weightless"])
    for rank, pattern in enumerate(aliases.patterns):
        if kind not in pattern["kinds"] or set(words) & set(pattern.get("not", [])):
            continue
        if not all(set(words) & set(group) for group in pattern["all"]):
            continue
        covered = {word for group in pattern["all"] for word in group} | set(pattern.get("also", []))
        strange = [word for word in words if word not in covered | weightless]
        sure: Confidence = "doubtful" if strange else "likely"
        doubt = f"nothing is known of '{' '.join(strange)}' in it" if strange else ""
        title = FIELDS[pattern["field"]].title
        reading = Reading(pattern["field"], sure, f"its words speak of '{title}'", doubt, _BY_PATTERN + rank)
        if best is None or reading.strength > best.strength:
            best, other = reading, best
        else:
            other = reading
        if other is not None and other.confidence == best.confidence and other.field != best.field:
            best = best.lowered(f"they speak of '{FIELDS[other.field].title}' as well")
    return best


def _slip(folded: str, words: list[str], kind: str, aliases: Aliases) -> Reading | None:
    """A known name with one letter wrong, missing, doubled or swapped; never certain."""
    if len(folded) < _SLIP_LENGTH or all(word in aliases.vocabulary[kind] for word in words):
        return None
    near = [name for name in aliases.names[kind] if OSA.distance(folded, name, score_cutoff=1) == 1]
    if not near:
        return None
    meant = [aliases.names[kind][name] for name in near]
    if len({reading.field for reading in meant}) > 1:
        names = " or ".join(f"'{aliases.shown[name]}'" for name in near)
        strongest = max(meant, key=lambda reading: reading.strength)
        return replace(
            strongest,
            confidence="doubtful" if strongest.field else "none",
            reason=f"perhaps a slip for {names}",
            doubt="it is near the names of two fields",
        )
    reading = replace(meant[0], rank=max(meant[0].rank, 0) + _BY_SLIP, known_by="alias")
    reason = f"perhaps a slip for '{aliases.shown[near[0]]}', {reading.reason}"
    return replace(reading.lowered("" if not reading.field else "it is misspelt"), reason=reason)


def _for_life(reading: Reading, words: list[str], aliases: Aliases) -> Reading:
    """A contract value is that of the whole life; one that says it leaves out extensions is doubtful."""
    plain = " ".join(words)
    if reading.field.startswith("value_") and any(
        short in plain for short in aliases.words["without_extensions"]
    ):
        doubt = join_doubts(reading.doubt, "it leaves out extensions")
        return replace(reading, confidence="doubtful", doubt=doubt)
    return reading


def _with_vat_basis(reading: Reading, words: list[str], aliases: Aliases) -> Reading:
    """An amount that does not say whether VAT is in it is likely at best; one that says gross is gross."""
    if reading.field not in _WITH_VAT:
        return reading
    basis = _basis(words, aliases)
    if basis == "gross":
        return replace(reading, field=_WITH_VAT[reading.field], reason="the heading says that VAT is in it")
    if basis == "net" or reading.known_by == "dictionary":
        return reading
    sure: Confidence = "likely" if reading.confidence == "certain" else reading.confidence
    return replace(reading, confidence=sure, doubt=join_doubts(reading.doubt, VAT_UNSTATED))


def _basis(words: list[str], aliases: Aliases) -> str:
    found, has_vat = set(words), "vat" in words
    says_net = "net" in found or (has_vat and bool(found & set(aliases.words["net"])))
    says_gross = "gross" in found or (has_vat and bool(found & set(aliases.words["gross"])))
    if says_net and says_gross:
        # "Total value including extensions, excluding VAT": the word nearest to VAT decides.
        return _nearest_to_vat(words, aliases)
    return "net" if says_net else "gross" if says_gross else ""


def _nearest_to_vat(words: list[str], aliases: Aliases) -> str:
    if "vat" not in words:
        return ""
    place = words.index("vat")
    near = sorted(range(len(words)), key=lambda at: (abs(at - place), at > place))
    for at in near:
        if words[at] in aliases.words["net"]:
            return "net"
        if words[at] in aliases.words["gross"]:
            return "gross"
    return ""
