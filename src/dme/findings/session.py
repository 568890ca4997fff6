"""The study that is being evaluated, and what is read of it: parameters, tables, files.

A notebook's study is the first frame; each evaluation of a function of the study opens another,
which notes what that evaluation alone read. When it ends, what it read counts as read by whoever
asked for it.
"""

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from dme import observe, paths, sweeps
from dme.errors import DmeError
from dme.findings.constants import cells_run, literals
from dme.findings.traced import Origin, Used, Watch, traced
from dme.study import ParameterError, Study, validate
from dme.study.problems import nearest
from dme.tables import empty, told
from dme.tables import load as read_table
from dme.tables.own import read_own
from dme.tables.package import PACKAGE
from dme.tables.schemas import spec
from dme.up_to_date import part_digest

T = TypeVar("T")


@dataclass
class Reading:
    """What an evaluation read.

    Attributes
    ----------
    parameters : set of str
        Names of parameters.
    files : dict of str to str
        sha256 of files, or ``absent``, by their path in the project.
    tables : dict of str to None
        Names of tables in the order in which they were first read; ``name/edition`` where one
        edition was asked for.
    used : Used
        The rows of tables, and of a district's own files by their path, that it used.
    """

    parameters: set[str] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    tables: dict[str, None] = field(default_factory=dict)
    used: Used = field(default_factory=Used)


_SCHOOL_YEAR = re.compile(r"\d{4}-\d\d")
_VALUES = (str, int, float, list, tuple)


@dataclass
class _Frame:
    """A study under evaluation; the notebook's own with the cells' names, and what they held.

    A cell of the notebook's has plain tables: what it shows of them is no finding.
    """

    study: Study
    reading: Reading
    names: Mapping[str, Any] = field(default_factory=dict)
    begun: Mapping[str, Any] = field(default_factory=dict)
    watch: Watch | None = None

    def check(self) -> None:
        """Refuse to go on with parameters that are no longer those of the notebook."""
        for key in Study.model_fields:
            before, now = self.begun.get(key), self.names.get(key)
            # A function or a table of that name is no parameter's value.
            if isinstance(now, _VALUES) and now != before:
                message = (
                    f"The parameter {key} is {now!r} now, and the study began with "
                    f"{getattr(self.study, key)!r}. Run the cell with begin(globals()) again, and "
                    "those below it. (A value of the notebook's own needs another name.)"
                )
                raise DmeError(message)


_frames: list[_Frame] = []


class Observed:
    """A study that notes which of its parameters are read."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def __getattr__(self, name: str) -> object:
        """Return what the study has under that name, and note it as read."""
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            value = getattr(self._study, name)
        except AttributeError:
            message = f'A study has no parameter "{name}".{nearest(name, list(Study.model_fields))}'
            raise AttributeError(message) from None
        if len(_frames) == 1 and _frames[0].study is self._study:
            _frames[0].check()
        if name == "folder":
            note_parameters("tables")
        else:
            # What else a study has (its dump) may rest on any of them.
            note_parameters(*([name] if name in Study.model_fields else Study.model_fields))
        return value


def unwrapped(study: "Study | Observed") -> Study:
    """Return the study itself, without noting anything."""
    return study._study if isinstance(study, Observed) else study


def begin(parameters: Mapping[str, Any]) -> Study:
    """Check the parameters, and start to note what is read.

    Parameters
    ----------
    parameters : mapping
        The notebook's ``globals()``, so that the same notebook runs by hand, by papermill and by
        ``dme run``. It is watched: where a cell gives a parameter another value afterwards, that
        is told and not passed over.

    Returns
    -------
    Study
        The checked parameters.

    Raises
    ------
    ParameterError
        With each parameter that can't be run; see `dme.study.validate`.
    """
    where = "The notebook's parameters"
    given = {
        key: parameters[key]
        for key in Study.model_fields
        # A function of that name is one that a cell defined further down.
        if key in parameters and not callable(parameters[key])
    }
    if unknown := unknown_parameters():
        raise ParameterError(where, unknown, {})
    study = validate(given, where)
    # What the check of the parameters read is no input of the notebook's.
    observe.start()
    _frames[:] = [_Frame(study, Reading(), parameters, copy.deepcopy(given))]
    return cast("Study", Observed(study))


def unknown_parameters() -> list[tuple[str, str]]:
    """Return what the notebook's cells of parameters set that is no parameter, with the nearest.

    Such a cell sets literals and nothing else, a parameter among them, or was added by papermill.
    """
    cells: dict[bool, list[str]] = {}
    for cell in cells_run():
        injected, names = cell.startswith(_PAPERMILL), literals(cell)
        if injected or set(names) & set(Study.model_fields):
            # A cell that was corrected and run again stands for its earlier self.
            cells[injected] = names
    known = list(Study.model_fields)
    return [
        (name, f"no parameter of a study.{nearest(name, known)}")
        for names in cells.values()
        for name in names
        if name not in known
    ]


_PAPERMILL = "# Parameters\n"
"""How papermill begins the cell with what it was given."""


def current() -> Study:
    """Return the study that is being evaluated.

    Raises
    ------
    DmeError
        If none has begun, or a cell gave a parameter another value since.
    """
    if not _frames:
        message = "No study has begun: run the cell with begin(globals()) first."
        raise DmeError(message)
    if len(_frames) == 1:
        _frames[0].check()
    return _frames[-1].study


def in_function() -> bool:
    """Whether a function of the study is being evaluated, and not a cell alone."""
    return len(_frames) > 1


@contextmanager
def evaluating(study: Study) -> Iterator[Reading]:
    """Evaluate with `study`: yield what is read meanwhile, and count it as the caller's after."""
    watch = Watch()
    frame = _Frame(study, Reading(), watch=watch)
    _frames.append(frame)
    try:
        yield frame.reading
    finally:
        _frames.pop()
        frame.reading.used |= watch.end()
        take_over(study, frame.reading)


def take_over(study: Study, reading: Reading) -> None:
    """Count what was read under `study` as read by the evaluation under way.

    A parameter that has another value here was set by whoever asked, so the caller's own value
    was not read.
    """
    if not _frames:
        return
    here = _frames[-1].study
    note_parameters(
        *(name for name in reading.parameters if getattr(here, name) == getattr(study, name))
    )
    for name, digest in reading.files.items():
        note_file(name, digest)
    _frames[-1].reading.tables |= reading.tables
    _frames[-1].reading.used |= reading.used


def note_parameters(*names: str) -> None:
    """Note parameters as read."""
    if _frames:
        _frames[-1].reading.parameters.update(names)


def note_file(name: str, digest: str) -> None:
    """Note a file, a part of one, or what is on offer (`offer`) as read with this sha256."""
    if _frames:
        observe.merge(_frames[-1].reading.files, name, digest)
        if len(_frames) == 1 and not name.startswith(OFFER):
            observe.note(name, digest)


def _note_opened(name: str, digest: str) -> None:
    """Note a file as read by the evaluation under way, by whatever code opened it."""
    if _frames and not name.startswith(_READ_ONCE):
        observe.merge(_frames[-1].reading.files, name, digest)


def note_held() -> None:
    """Note as read what modules read when they were loaded, and may hold since."""
    for name, digest in observe.held().items():
        note_file(name, digest)


# A process reads these when it first wants them: whose evaluation it then was is chance. What
# rests on the claims notes them itself.
_READ_ONCE = ("data/schema/", "data/claims.yml", "data/sources.yml")
observe.listen(_note_opened)


def offer(name: str, digest: Callable[[], str]) -> str:
    """Let evaluations rest on what this process holds, by a digest as of a file.

    Parameters
    ----------
    name : str
        What it is.
    digest : callable
        Gives its digest as it is now.

    Returns
    -------
    str
        The name under which to note it as read; see `note_file`.
    """
    _offered[OFFER + name] = digest
    return OFFER + name


OFFER = "@"
_offered: dict[str, Callable[[], str]] = {}


def parameters_read() -> list[str]:
    """Return the parameters that the notebook has read so far, by name."""
    return sorted(_frames[0].reading.parameters) if _frames else []


def digest_now(name: str) -> str:
    """Return the sha256 of a file of the project, or of what is on offer, as it is now.

    ``absent`` where there is none.
    """
    if name.startswith(OFFER):
        return _offered[name]() if name in _offered else observe.ABSENT
    return observe.now(name)


def load(name: str, edition: str | None = None) -> pd.DataFrame:
    """Return a table of the study's folder; without rows where that folder has no such table.

    The project's own folder has every table. A package of another state has those whose files
    were at hand: a figure that needs another is then reported as missing.

    Parameters
    ----------
    name : str
        See `dme.tables.load`.
    edition : str, optional
        Keep the rows of one edition of the table (its column ``edition``).
    """
    note_parameters("tables")
    folder = current().folder
    path = folder / f"{name}.csv"
    if _frames:
        _frames[-1].reading.tables[f"{name}/{edition}" if edition else name] = None
    if not path.is_file() and name not in told(folder):
        note_file(paths.relative(path), observe.ABSENT)
        return empty(name)
    rows = read_table(name, folder)
    note_file(paths.relative(path), digest_now(paths.relative(path)))
    rows = _watched(rows, name)
    return rows if edition is None else rows[rows["edition"] == edition].reset_index(drop=True)


def _watched(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    return watched(rows, (Origin(table, np.arange(len(rows))),))


def watched(rows: T, origins: tuple[Origin, ...]) -> T:
    """Return a table whose rows an evaluation under way is seen to use; a cell has a plain one."""
    watch = _frames[-1].watch if _frames else None
    return traced(rows, origins, watch) if watch and origins else rows


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
    note_parameters(key)
    if not (name := getattr(study, key)):
        return None
    note_parameters("district")
    schools = load("school_enrollment")
    mine = schools.loc[schools["district_code"] == study.district, "school_code"]
    rows = read_own(key, paths.home() / name, frozenset(mine))
    note_file(name, digest_now(name))
    return _watched(rows, name)


def swept(name: str) -> sweeps.Sweep | None:
    """Return the results of a sweep as an input of the notebook; None where it has not been run.

    Parameters
    ----------
    name : str
        See ``params/sweeps/``.
    """
    folder = paths.results(paths.SWEEPS) / name
    files = [paths.relative(folder / file) for file in sweeps.FILES]
    digests = {file: digest_now(file) for file in files}
    for file, digest in digests.items():
        note_file(file, digest)
        if digest == observe.ABSENT:
            return None
    return sweeps.read(folder)


def note_told(name: str) -> None:
    """Note as an input what the package tells of a table, as far as a notebook shows it."""
    folder = current().folder
    package = paths.relative(folder.parent / PACKAGE)
    note_file(f"{package}#{name}", part_digest(folder.parent / PACKAGE, name))


def typed(names: Iterable[str], year: str) -> tuple[str, ...]:
    """Return those of the tables, or editions of tables, whose figures were typed by hand.

    Parameters
    ----------
    names : iterable of str
        The tables of a finding.
    year : str
        The time that it is of, in words; the last school year in them decides where a table's
        later years alone were typed.
    """
    last = max(_SCHOOL_YEAR.findall(year), default="")
    package = told(current().folder)
    found = []
    for whole in names:
        name, _, edition = whole.partition("/")
        note_told(name)
        if name not in package or package[name].kind != "transcribed":
            continue
        table = spec(name)
        if (not edition or edition in table.typed_editions) and not "" < last < table.typed_from:
            found.append(whole)
    return tuple(found)
