"""Which return of a contract stands for which quarter: the latest; a year's for the quarter that closes it.

Does not belong here: what else holds a claim back (`core`), which returns policy asks for (`return_terms`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kcc_etl.domain.periods import parse_period
from kcc_etl.domain.return_terms import ReturnTerms

_FILE = ["source_sha256", "source_name", "source_file"]


@dataclass(frozen=True)
class Quarters:
    """For each line of the returns the quarter it counts in, and what is wrong with the year it states.

    A line that may not state a year keeps it, and `fault` says why; it is missing for every other line.
    """

    counted: pd.Series
    fault: pd.Series


@dataclass(frozen=True)
class Standing:
    """Lines that a later return `replaced` (RT-017), and those of quarters `told_twice` (RT-026)."""

    replaced: pd.Series
    told_twice: pd.Series


def quarters_of(raw: pd.DataFrame, terms: ReturnTerms | None) -> Quarters:
    """The quarter that each line counts in. Rule RT-025; source: social-value policy parameters, section 8.2.

    A financial year counts only where one return a year is asked for (`ReturnTerms.counted_in`), and once the
    quarter that closes it had ended by the day the return landed.
    """
    counted, faults = [], []
    columns = raw[["contract_ref", "period", "received_on"]]
    for ref, stated, received_on in columns.itertuples(index=False, name=None):
        fault = None
        quarter = stated
        if parse_period(stated).kind == "year":
            fault = f"{stated}, where a return is asked for every quarter"
            if terms is not None and terms.is_yearly(ref):
                landed_on = received_on.date()
                closing = terms.counted_in(ref, parse_period(stated), landed_on)
                ended = closing.end < landed_on
                quarter = closing.id if ended else stated
                fault = None if ended else f"{stated}, which had not ended on {landed_on.isoformat()}"
        counted.append(quarter)
        faults.append(fault)
    return Quarters(
        pd.Series(counted, index=raw.index, dtype="str"), pd.Series(faults, index=raw.index, dtype="str")
    )


def standing(raw: pd.DataFrame, counted: pd.Series, ledger: pd.DataFrame) -> Standing:
    """Of the returns of a contract and quarter the latest stands; a year's stands up to its quarter.

    Later is the workbook that was saved later; one that does not say when, or names a day after it landed,
    counts as saved at the end of the day it landed, and of two such the one that landed later. Order of
    arrival decides nothing else. A return of one quarter that comes after that of its year would count what
    the year holds a second time, so an officer asks for the year again. A year is told once, the last time:
    a contract that was extended after its last return of a year may send another.
    """
    places = _places(raw, ledger)
    latest = places.groupby([raw["contract_ref"], counted]).transform("max")
    replaced = (places < latest).fillna(False).astype(bool)
    is_year = raw["period"].map(lambda stated: parse_period(stated).kind == "year").astype(bool)
    lines = pd.DataFrame({"ref": raw["contract_ref"], "quarter": counted, "place": places})
    years = _of_years(lines[is_year & ~replaced])
    earlier, later = [], []
    of_line = zip(*(lines[name] for name in lines), is_year, strict=True)
    for ref, quarter, place, states_year in of_line:
        closing, of_year = years.get((ref, quarter[:7]), ("", 0))
        within = quarter <= closing
        earlier.append(bool(within and place < of_year))
        later.append(bool(within and place > of_year and not states_year))
    is_earlier, is_later = (pd.Series(told, index=raw.index, dtype=bool) for told in (earlier, later))
    return Standing(replaced | is_earlier, is_later & ~replaced)


def _of_years(lines: pd.DataFrame) -> dict[tuple[str, str], tuple[str, int]]:
    """The quarter and the place of the latest return of each contract and financial year."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for ref, quarter, place in lines.sort_values("place").itertuples(index=False, name=None):
        found[ref, quarter[:7]] = (quarter, place)
    return found


def _places(raw: pd.DataFrame, ledger: pd.DataFrame) -> pd.Series:
    """The place of each line's file among all, the earliest first."""
    # A file put back under its name after another stands in the ledger twice; its last arrival counts.
    last = ledger.sort_values("sequence").drop_duplicates(_FILE, keep="last")
    arrived = last.set_index(_FILE)[["landed_on", "sequence"]].to_dict("index")
    order = {}
    for *file, saved_at in (
        raw[[*_FILE, "saved_at"]].drop_duplicates(_FILE).itertuples(index=False, name=None)
    ):
        arrival = arrived.get(tuple(file), {"landed_on": pd.Timestamp.min, "sequence": 0})
        day = f"{arrival['landed_on']:%Y-%m-%d}"
        told = isinstance(saved_at, str) and saved_at[:10] <= day
        moment = (saved_at, 0) if told else (f"{day}T24", int(arrival["sequence"]))
        order[tuple(file)] = (*moment, file[2], file[0], file[1])
    place = {file: number for number, file in enumerate(sorted(order, key=lambda file: order[file]))}
    of_line = [place[file] for file in raw[_FILE].itertuples(index=False, name=None)]
    return pd.Series(of_line, index=raw.index, dtype="Int64")
