"""Measures that editions of the policy and £ values name: that there are such, and that they fit.

Does not belong here: what measures are in themselves (`consistency`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kcc_etl.parameters.measures import Measure, Measures
from kcc_etl.parameters.toml_reader import Faults

Tables = Mapping[str, Any]
"""The tables of one file that could be read, by name."""
Fault = tuple[str, str]
"""A key and what is wrong with it."""


def check_measure_codes(tables: Tables, measures: Measures, faults: Faults) -> None:
    """Record every measure that an edition of the policy needs and the measures lack, or the reverse."""
    computed = {measure.code: measure.computed for measure in measures.measure}
    for key, code in _measures_named(tables):
        if code not in computed:
            faults.add(key, f"is {code!r}, which measures.toml does not have")
    for key, sentence in _unfit(tables, {measure.code: measure for measure in measures.measure}):
        faults.add(key, sentence)
    if "outputs" not in tables:
        return
    units = tables["outputs"].units_per_output
    for code in (code for code, how in computed.items() if how == "outputs" and code not in units):
        faults.add(
            f"outputs.units_per_output.{code}", "is missing although the measure is computed from outputs"
        )
    for code in (code for code in units if computed.get(code) != "outputs"):
        faults.add(f"outputs.units_per_output.{code}", "is no measure of measures.toml computed from outputs")


def _unfit(tables: Tables, known: Mapping[str, Measure]) -> Iterator[Fault]:
    """Measures that cannot do what an edition names them for."""
    for key, code in _measures_named(tables):
        table = key.partition(".")[0]
        if code in known and table == "default_measure" and not known[code].is_employment:
            yield key, f"is {code!r}, of the theme {known[code].theme}. Expected a measure of jobs or skills"
        if code in known and table in ("carbon", "kent_supply") and known[code].computed != "committed":
            how = known[code].computed
            yield key, f"is {code!r}, which is computed as {how}. Expected one computed as committed"


def _measures_named(tables: Tables) -> Iterator[Fault]:
    """Key and code of every measure that an edition names, those of `units_per_output` apart."""
    for name in ("light_activity", "carbon", "kent_supply", "prompt_payment"):
        if name in tables:
            yield f"{name}.measure", tables[name].measure
    if "supply_benchmark" in tables:
        for code in tables["supply_benchmark"].measures:
            yield "supply_benchmark.measures", code
    if "default_measure" in tables:
        for kind in ("services", "works", "light_touch", "goods"):
            yield f"default_measure.{kind}", tables["default_measure"].of(kind)


def check_proxies(tables: Tables, measures: Measures, faults: Faults) -> None:
    """Record £ values for measures that there are not."""
    table = tables.get("proxies")
    known = {measure.code for measure in measures.measure}
    for code in table.pounds if table else ():
        if code not in known:
            faults.add(f"proxies.pounds.{code}", "is no measure of measures.toml")
