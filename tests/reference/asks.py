"""What policy asks of a contract, a second time: plain Python and fractions, from §8 of the policy research.

It shares no code and no parameter file with the program; every number is copied by hand from the section that
is named beside it. Readings that §8 leaves open are those of the project and are marked as such. Money is whole
pence. Does not belong here: what falls due when (`courses`), what was delivered (`outcomes`), frames.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.reference.courses import DAY, MILLION, quarters
from tests.reference.overrides import Override, standing

# §8.1: code, lower bound in pounds, mode, most measures, least employment and skills measures
BANDS = (
    ("B0", 0, "none", 0, 0),
    ("B1", 25_000, "voluntary", 1, 0),
    ("B2", 100_000, "required", 2, 1),
    ("B3", 250_000, "required", 3, 1),
    ("B4", 1_000_000, "required", 4, 1),
    ("B5", 5_000_000, "required", 6, 1),
)
CALL_OFFS = ((1, 50_000), (2, 100_000))
MOVED_DOWN = ("consultancy", "it")

# §8.2
COMPLEXITY = {"low": Fraction("0.80"), "medium": Fraction("1.00"), "high": Fraction("1.20")}
RISK = {"low": Fraction("1.00"), "medium": Fraction("0.90"), "high": Fraction("0.75")}

# §8.3: £m for one output; what one output is in each measure
DIVISOR = {"services": 1, "works": 3, "care": 2, "goods": 5}
ONE_OUTPUT = {"J1": 1, "S1": 1, "S2": 52, "S4": 4, "S5": 40}
LIGHT_MEASURE, LIGHT_HOURS = "S5", 10

# §3.5: the codes; §8.4: what is fixed and what is counted in hours. All others are the supplier's commitment.
EMPLOYMENT = ("J1", "J2", "S1", "S2", "S3", "S4", "S5")
MEASURES = (*EMPLOYMENT, "E1", "E2", "E3", "E4", "C1", "C2", "C3", "G1", "G2")
HOURS = ("C1", "C2")
PROMPT_PAYMENT, PROMPT_PCT = "E4", 100
# The project's reading: §8.1 wants an employment and skills measure and does not say which where none is named.
UNNAMED = {"services": "J1", "works": "S1", "care": "S1", "goods": "J1"}

# §8.5
RELIEF = {
    "large": Fraction(1),
    "medium": Fraction("0.75"),
    "small": Fraction("0.50"),
    "micro": Fraction("0.25"),
}
VCSE = Fraction("0.50")

# §8.5: when a supplier has relief; the dates are of the editions that `test_editions_agree` makes up.
STAGES = ((date(2026, 1, 1), "published_rule"), (date(2026, 2, 1), "at_award"), (date(2026, 3, 1), "off"))

# §8.1 and §8.4: the carbon measure and the first band that asks for it, B4
CARBON, CARBON_BAND = "G1", 4

# §8.4 and SI 2026/94: the quota of spend in Kent; pence with VAT below which a contract may be reserved (§0, 7)
KENT_SPEND, KENT_PCT = "E1", 60
THRESHOLD = {"goods": 20_772_000, "services": 20_772_000, "works": 519_300_000, "light": 66_354_000}


@dataclass(frozen=True)
class Facts:
    """A contract as far as its targets go; what is not known is None.

    `value` is the whole-life value as it was first, `options` the part of it for the time after `last` up to
    `latest`, `core` the rest where a decision names it, `gross` the value with VAT, `call_offs` the value of all
    call-offs of its agreement, each as it was first, `supply` what is expected to be spent on suppliers.
    """

    ref: str
    value: int
    options: int | None
    gross: int | None
    kind: str
    light: bool
    reserved: bool | None
    trade: str
    size: str
    vcse: bool
    risk: tuple[int | None, ...]
    complexity: tuple[int | None, ...]
    first: date
    last: date
    latest: date
    wanted: tuple[str, ...]
    call_offs: int | None = None
    core: int | None = None
    supply: int | None = None


@dataclass(frozen=True)
class Target:
    """What policy calculates or the supplier promised, and what stands after officers' overrides."""

    calculated: Fraction
    agreed: Fraction
    is_computed: bool
    override: Override | None = None


def half_up(quantity: Fraction) -> int:
    """To a whole number, a half upwards."""
    return (2 * quantity.numerator + quantity.denominator) // (2 * quantity.denominator)


def shares(whole: int, among: int) -> list[int]:
    """Whole numbers as equal as can be; of what is left over one each to those first named."""
    return [whole // among + (place < whole % among) for place in range(among)]


def band_of(value: int, trade: str = "", call_offs: int | None = None) -> int:
    """§8.1: number of the band, by value; call-offs together lift it; consultancy and IT then go one down."""
    reached = sum(value >= 100 * pounds for _, pounds, *_ in BANDS) - 1
    if call_offs is not None:
        reached = max([reached, *(band for band, pounds in CALL_OFFS if call_offs >= 100 * pounds)])
    return max(reached - 1, 0) if trade in MOVED_DOWN else reached


def class_of(answers: Sequence[int | None]) -> str:
    """§8.2: low 5 to 7, medium 8 to 11, high 12 to 15; a missing answer scores 2."""
    total = sum(2 if answer is None else answer for answer in answers)
    if total < 8:
        return "low"
    return "medium" if total < 12 else "high"


def relief_of(size: str, *, vcse: bool) -> Fraction:
    """§8.5: the lowest single factor; an unknown size gets none."""
    of_size = RELIEF.get(size, Fraction(1))
    return min(of_size, VCSE) if vcse else of_size


def as_relieved(facts: Facts, commenced: date, awarded: date | None, today: date) -> Facts | None:
    """§8.5: by the edition of the day the procurement commenced; without relief any supplier is asked as a large one.

    None where no edition was in force yet.
    """
    stages = [stage for first, stage in STAGES if first <= commenced]
    if not stages:
        return None
    is_awarded = awarded is not None and awarded <= today
    if stages[-1] == "published_rule" or (stages[-1] == "at_award" and is_awarded):
        return facts
    return replace(facts, size="large", vcse=False)


def most_measures(band: int, size: str, *, vcse: bool) -> int:
    """§8.5: what the band allows; one for a micro supplier; one fewer, at least one, for a small one or a VCSE."""
    of_band = BANDS[band][3]
    if of_band == 0:
        return 0
    if size == "micro":
        return 1
    return max(of_band - 1, 1) if size == "small" or vcse else of_band


def chosen(facts: Facts, band: int) -> list[str]:
    """§8.1: the first so many of the measures wanted, among them as many about employment and skills as the band says.

    The project's readings: one that is lacking is the next of those cut off, in the end `UNNAMED`, and has a free
    place or that of the last measure of another kind. Nothing is made up for a voluntary band. Carbon of §8.4 is
    added last, in a free place or the last one that employment and skills can spare, but is never the only measure.
    """
    mode, least = BANDS[band][2], BANDS[band][4]
    most = most_measures(band, facts.size, vcse=facts.vcse)
    wanted = [code for place, code in enumerate(facts.wanted) if code not in facts.wanted[:place]]
    wanted = [code for code in wanted if code in MEASURES]
    found = wanted[:most]
    waiting = [code for code in wanted[most:] if code in EMPLOYMENT]
    if mode == "required" and UNNAMED[facts.kind] not in wanted:
        waiting.append(UNNAMED[facts.kind])
    for code in waiting:
        if not _lacks_employment(found, min(least, most)):
            break
        if len(found) == most:
            found.remove([other for other in found if other not in EMPLOYMENT][-1])
        found.append(code)
    if mode == "required" and band >= CARBON_BAND and most > 1 and CARBON not in found:
        _add_carbon(found, most, min(least, most))
    return found


def _lacks_employment(codes: Sequence[str], least: int) -> bool:
    return len(set(codes) & set(EMPLOYMENT)) < least


def _add_carbon(found: list[str], most: int, least: int) -> None:
    if len(found) == most:
        spare = [
            code for code in found if not _lacks_employment([one for one in found if one != code], least)
        ]
        if not spare:
            return
        found.remove(spare[-1])
    found.append(CARBON)


def factors(facts: Facts) -> Fraction:
    """§8.3: complexity x risk x relief."""
    relief = relief_of(facts.size, vcse=facts.vcse)
    return COMPLEXITY[class_of(facts.complexity)] * RISK[class_of(facts.risk)] * relief


def counted(facts: Facts) -> Fraction:
    """§8.6: pence without options, which count only when taken up.

    The project's reading: options without a value of their own have the share of the value that they have of the
    time.
    """
    if facts.core is not None:
        return Fraction(facts.core)
    if facts.options is not None:
        return Fraction(max(facts.value - facts.options, 0))
    return (
        facts.value * quarters(facts.first, facts.last) / quarters(facts.first, max(facts.latest, facts.last))
    )


def outputs(facts: Facts) -> Fraction:
    """§8.3: employment and skills outputs before rounding."""
    return counted(facts) / MILLION / DIVISOR[facts.kind] * factors(facts)


def stretch_weeks(facts: Facts) -> Fraction:
    """§8.3: 52 person-weeks for each £1m, beside the target of works."""
    return 52 * counted(facts) / MILLION if facts.kind == "works" else Fraction(0)


def hours(facts: Facts) -> Fraction:
    """§8.4: hours before rounding, 35 for each £1m of annual value.

    The project's reading: over the whole contract, of its average annual value; a contract has at least a year.
    """
    return 35 * counted(facts) / MILLION / max(years(facts.first, facts.last), Fraction(1)) * factors(facts)


def years(first: date, last: date) -> Fraction:
    """The project's reading: years from day to same day, one after the other; of the last one the share of its days.

    A year from 29 February goes to the next 28 February, but every fourth is back at the 29th.
    """
    length, opens = Fraction(0), first
    for number in range(1, last.year - first.year + 2):
        leap_day = (first.month, first.day) == (2, 29) and not isleap(first.year + number)
        closes = date(first.year + number, *((3, 1) if leap_day else (first.month, first.day))) - DAY
        until = min(closes, last)
        length += Fraction((until - opens).days + 1, (closes - opens).days + 1)
        if until == last:
            break
        opens = closes + DAY
    return length


def computed(facts: Facts) -> dict[str, Fraction | None]:
    """§8.3 and §8.4: the quantity of each measure asked for; None where only the supplier's commitment counts."""
    band = band_of(facts.value, facts.trade, facts.call_offs)
    measures = chosen(facts, band)
    found: dict[str, Fraction | None] = dict.fromkeys(measures)
    jobs = [code for code in measures if code in ONE_OUTPUT]
    if jobs and outputs(facts) >= Fraction(1, 2):
        for code, share in zip(jobs, shares(half_up(outputs(facts)), len(jobs)), strict=True):
            found[code] = Fraction(share * ONE_OUTPUT[code])
    elif jobs and band >= 2:
        for code in jobs:
            del found[code]
        found[LIGHT_MEASURE] = Fraction(LIGHT_HOURS)
    by_hours = [code for code in measures if code in HOURS]
    if by_hours and band >= 3:
        for code, share in zip(by_hours, shares(half_up(hours(facts)), len(by_hours)), strict=True):
            found[code] = Fraction(share)
    if PROMPT_PAYMENT in found:
        found[PROMPT_PAYMENT] = Fraction(PROMPT_PCT)
    if KENT_SPEND in found and may_set_kent_spend(facts):
        found[KENT_SPEND] = kent_spend(facts)
    return found


def kent_spend(facts: Facts) -> Fraction | None:
    """§8.4: pounds of the expected spend on suppliers, to the penny; None where it is not known."""
    if facts.supply is None or facts.supply < 0:
        return None
    return Fraction(half_up(Fraction(facts.supply * KENT_PCT, 100)), 100)


def may_set_kent_spend(facts: Facts) -> bool:
    """§8.4: only below the threshold and where reserved; above it the bidder's own commitment stands."""
    threshold = THRESHOLD["light" if facts.light else facts.kind if facts.kind in THRESHOLD else "services"]
    return facts.gross is not None and facts.gross < threshold and bool(facts.reserved)


def targets(
    facts: Facts, promised: Mapping[str, Fraction | None], overrides: Mapping[str, Sequence[Override]]
) -> dict[str, Target]:
    """Every target of a contract, calculated and agreed."""
    found = {}
    for code, quantity in computed(facts).items():
        target = (promised.get(code) or Fraction(0)) if quantity is None else quantity
        barred = code == KENT_SPEND and not may_set_kent_spend(facts)
        override = standing(target, () if barred else overrides.get(code, ()))
        agreed = target if override is None else override.quantity
        found[code] = Target(target, agreed, quantity is not None, override)
    return found
