"""A proposal as the small TOML file that an officer reviews, signs with a role and a date, and saves.

Does not belong here: making the proposal (`proposal`), reading the saved mapping (`mapping`).
"""

from __future__ import annotations

from collections.abc import Iterator

from kcc_etl.domain.findings import shown_name
from kcc_etl.intake.headings.mapping import fold_heading
from kcc_etl.intake.headings.proposal import Column, Proposal
from kcc_etl.schema.fields import FIELDS

_WORDS_SHOWN = 12


def proposal_toml(proposal: Proposal, file_name: str) -> str:
    """The text of the mapping. It is refused until `reviewed_by` and `reviewed_on` are filled in.

    Certain and likely columns stand in it, doubtful ones and needs that no column meets are commented out,
    every other heading is in the list `ignore`. The same proposal gives the same text.
    """
    lines = [
        f"# Header mapping proposed for {shown_name(file_name)}.",
        "# Every line is a guess with its reason. Check each one, take the # from those you choose among the",
        "# doubtful, delete what is wrong; then say by which role and when it was reviewed.",
        f"kind = {quoted(proposal.kind)}",
        'reviewed_by = ""  # your role, never a name',
        'reviewed_on = ""  # the date without quotation marks, such as 2026-11-23',
        f"header_row = {proposal.header_row}",
        "",
        *_ignored(proposal),
        "",
        "[columns]",
        *_chosen(proposal),
        *_constants(proposal),
        *_translations(proposal),
    ]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A string of TOML, whatever characters are in it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if _stands_as_it_is(c) else _escape(c) for c in escaped) + '"'


def _stands_as_it_is(character: str) -> bool:
    return character.isprintable() or character == "\N{NO-BREAK SPACE}"


def _escape(character: str) -> str:
    number = ord(character)
    # A lone surrogate is no character of TOML; nothing can be mapped by it.
    if 0xD800 <= number <= 0xDFFF:
        number = 0xFFFD
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"


def _ignored(proposal: Proposal) -> Iterator[str]:
    """The headings that are no field; nothing is said of columns without a heading."""
    spoken_for = {fold_heading(column.heading) for column in proposal.columns if column.field}
    yield "# Columns that are left out."
    yield "ignore = ["
    for column in proposal.columns:
        folded = fold_heading(column.heading)
        if folded and folded not in spoken_for:
            spoken_for.add(folded)
            yield f"    {quoted(column.heading)},{_remark(column)}"
    yield "]"


def _chosen(proposal: Proposal) -> Iterator[str]:
    for column in proposal.columns:
        if column.field:
            sign = "" if column.is_confident else "# "
            yield f"{sign}{quoted(column.heading)} = {quoted(column.field)}{_remark(column)}"


def _remark(column: Column) -> str:
    parts: list[str] = [column.confidence] if column.field else []
    parts += [column.reason, f"doubt: {column.doubt}" if column.doubt else ""]
    return "  # " + _one_line("; ".join(part for part in parts if part))


def _constants(proposal: Proposal) -> Iterator[str]:
    """What every file of the kind needs and no column surely gives."""
    if not proposal.missing:
        return
    yield ""
    yield "# TODO: every file of this kind needs these. Choose a column above, or one value for all rows."
    yield "# [constants]"
    for name in proposal.missing:
        offered = [column.heading for column in proposal.doubtful if column.field == name]
        hint = f"; doubtful above: {', '.join(map(quoted, offered))}" if offered else ""
        yield _one_line(f'# {name} = ""  # {FIELDS[name].title}: {FIELDS[name].description}{hint}')


def _translations(proposal: Proposal) -> Iterator[str]:
    """The words of a column that its field does not know, to be given the field's own words."""
    for column in proposal.columns:
        if not column.field or not column.words:
            continue
        own = ", ".join(FIELDS[column.field].words)
        yield ""
        yield _one_line(f"# TODO: say which word of '{column.field}' each of these is: {own}.")
        yield f"# [values.{column.field}]"
        for word in column.words[:_WORDS_SHOWN]:
            yield f'# {quoted(word)} = ""'
        if len(column.words) > _WORDS_SHOWN:
            yield f"# and {len(column.words) - _WORDS_SHOWN} more"


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
