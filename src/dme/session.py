"""The study that a notebook runs: begun with its parameters, its tables read and noted."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import pandas as pd

from dme import figures, observe, paths, sweeps
from dme.errors import DmeError
from dme.fresh import part_digest
from dme.study import Study, validate
from dme.tables import empty, told
from dme.tables import load as read_table
from dme.tables.own import read_own
from dme.tables.package import PACKAGE


class Session(NamedTuple):
    """The study of this kernel; None before `begin`."""

    study: Study | None = None


_session = Session()


class _Noting:
    """A study that notes which of its parameters are read."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def __getattr__(self, name: str) -> object:
        value = getattr(self._study, name)
        # What else a study has (its folder, its dump) may rest on any of them.
        observe.parameter(*([name] if name in Study.model_fields else Study.model_fields))
        return value


def begin(parameters: Mapping[str, Any]) -> Study:
    """Check the parameters, set the figures' look, and start to note what is read.

    Parameters
    ----------
    parameters : mapping
        The notebook's ``globals()``: names that are no parameter are passed over, so that the
        same notebook runs by hand, by papermill and by ``dme run``.

    Returns
    -------
    Study
        The checked parameters.

    Raises
    ------
    ParameterError
        With each parameter that can't be run; see `dme.study.validate`.
    """
    global _session  # noqa: PLW0603 - a kernel runs one notebook, which has one study
    given = {key: parameters[key] for key in Study.model_fields if key in parameters}
    observe.start()
    study = validate(given, "The notebook's parameters")
    figures.set_look()
    _session = Session(study)
    return cast("Study", _Noting(study))


def load(name: str) -> pd.DataFrame:
    """Return a table of the study's folder; without rows where that folder has no such table.

    The project's own folder has every table. A package of another state has those whose files
    were at hand: a figure that needs another is then reported as missing.

    Parameters
    ----------
    name : str
        See `dme.tables.load`.
    """
    observe.parameter("tables")
    folder = current().folder
    if (folder / f"{name}.csv").is_file() or name in told(folder):
        return read_table(name, folder)
    observe.note(paths.relative(folder / f"{name}.csv"), observe.ABSENT)
    return empty(name)


def supplied(key: str) -> pd.DataFrame | None:
    """Return the district's own file that a parameter names; None where it names none.

    Parameters
    ----------
    key : {"partner_inventory", "comments", "plan_actions", "buildings"}
        The parameter, and the layout of the file.

    Raises
    ------
    TableError
        If the file is not in its layout; see `dme.tables.own.read_own`.
    """
    study = current()
    observe.parameter(key)
    if not (name := getattr(study, key)):
        return None
    observe.parameter("district")
    schools = load("school_enrollment")
    mine = schools.loc[schools["district_code"] == study.district, "school_code"]
    return read_own(key, paths.home() / name, frozenset(mine))


def swept(name: str) -> sweeps.Sweep | None:
    """Return the results of a sweep as an input of the notebook; None where it has not been run.

    Parameters
    ----------
    name : str
        See ``params/sweeps/``.
    """
    folder = paths.results(paths.SWEEPS) / name
    for file in sweeps.FILES:
        if not (folder / file).is_file():
            observe.note(paths.relative(folder / file), observe.ABSENT)
            return None
    return sweeps.read(folder)


def current() -> Study:
    """Return the study that has begun.

    Raises
    ------
    DmeError
        If none has.
    """
    if _session.study is None:
        message = "No study has begun: run the cell with begin(globals()) first."
        raise DmeError(message)
    return _session.study


def note_told(name: str) -> None:
    """Note as an input what the package tells of a table, as far as a notebook shows it."""
    folder = current().folder
    package = paths.relative(folder.parent / PACKAGE)
    observe.note(f"{package}#{name}", part_digest(folder.parent / PACKAGE, name))
