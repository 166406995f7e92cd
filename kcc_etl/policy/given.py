"""The parameters that a person names on the command line: the shipped ones, those in force, a folder, a file.

Does not belong here: reading parameter files (`kcc_etl.parameters.load`), what is done with them.
"""

from __future__ import annotations

from pathlib import Path

from kcc_etl.exceptions import SettingsError, UsageError
from kcc_etl.parameters.load import (
    EXPECTED_FILES,
    load_parameters,
    parameters_of,
    read_parameter_file,
    shipped_texts,
    texts_in_force,
)
from kcc_etl.parameters.model import Parameters
from kcc_etl.settings import find_settings, load_settings

SHIPPED, IN_FORCE = "shipped", "in-force"


def parameters_named(name: str, config: Path | None) -> Parameters:
    """The parameters that a word, a folder or a file names.

    `shipped` are those of the program, `in-force` those of the settings. A folder is laid over the shipped
    ones as the setting `parameters` does it, a file over those in force (over the shipped, where there are
    no settings). Raises UsageError for anything else and for a folder without such files,
    ParameterError for faults, SettingsError.
    """
    if name == SHIPPED:
        return load_parameters()
    if name == IN_FORCE:
        return load_parameters(load_settings(find_settings(config)).parameters_folder)
    path = Path(name)
    if path.is_dir():
        if not any(path.glob("*.toml")):
            raise UsageError(f"The folder {name} has no parameter file", expected=EXPECTED_FILES)
        return load_parameters(path)
    if not path.is_file():
        raise UsageError(
            f"There is no file or folder {name}",
            expected=f"a folder of parameters, a parameter file, {SHIPPED} or {IN_FORCE}",
        )
    return parameters_of({**_beneath(config), path.name: read_parameter_file(path)})


def _beneath(config: Path | None) -> dict[str, str]:
    """The texts that a single file is laid over."""
    try:
        settings = find_settings(config)
    except SettingsError:
        if config is not None:
            raise
        return shipped_texts()
    return texts_in_force(load_settings(settings).parameters_folder)
