"""A study run again, all of it and from nothing, and held against its committed record."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dme import paths
from dme.audit.diff import Comparison, compare
from dme.audit.record import Record, place, read, text
from dme.errors import DmeError
from dme.execute.committed import commit
from dme.execute.machine import cores
from dme.execute.run import Progress, run_studies
from dme.findings.memory import SWITCH
from dme.replace import scratch

# Charts are compared by nobody, and take a third of the time.
_SURROUNDINGS = {SWITCH: "no", "DME_DRAW": "no"}
_NOT_TAKEN = {"results", "_site", "build"}


@dataclass(frozen=True)
class Verified:
    """A study that was run again.

    Attributes
    ----------
    study : str
        Its name.
    found : Record
        What came out.
    comparison : Comparison or None
        Of the record (before) with what came out; None where there is no record.
    seconds : float
        How long the run took.
    commit : str
        The one that is checked out; "" where the project has no history.
    changed : list of str
        The files that are not as they were committed.
    cores : int
        How many were used.
    recorded : bool
        Whether what came out is the record now.
    """

    study: str
    found: Record
    comparison: Comparison | None
    seconds: float
    commit: str
    changed: list[str]
    cores: int
    recorded: bool


def verify(
    study: str,
    progress: Progress,
    *,
    jobs: int | None = None,
    timeout: int | None = None,
    waiting: Callable[[], None] = lambda: None,
    recording: bool = False,
) -> Verified:
    """Run every notebook of a study again, and hold what comes out against its record.

    Nothing that an earlier run left is used, and none of it is touched: the notebooks run in
    ordinary kernels, in a temporary project with all that this one holds but results.

    Parameters
    ----------
    study : str
        Name of a study, whose parameters are in ``params/``.
    progress, jobs, timeout, waiting
        See `dme.execute.run.run_study`.
    recording : bool, optional
        Whether what comes out becomes the record.

    Raises
    ------
    CellFailure
        If a cell fails.
    DmeError
        If there are no parameters of that study, or no record of it, or the record is none.
    """
    _check(study)
    known = None if recording and not place(study).exists() else read(place(study))
    started = time.monotonic()
    with _from_nothing():
        (done,) = run_studies(
            [paths.home() / "params" / f"{study}.yml"],
            progress,
            jobs=jobs,
            timeout=timeout,
            warm=False,
            waiting=waiting,
        )
        found = Record.of_results(done.folder)
    seconds = time.monotonic() - started
    told = Verified(
        study,
        found,
        known and compare(known, found),
        seconds,
        *commit(),
        jobs or cores(),
        recording,
    )
    if recording:
        _write(found)
    return told


def _check(study: str) -> None:
    """Refuse a study without parameters, before anything runs."""
    files = {path.stem for path in (paths.home() / "params").glob("*.yml")}
    if study not in files:
        message = (
            f'There are no parameters of a study "{study}" in params/. There are: '
            f"{', '.join(sorted(files)) or 'none'}."
        )
        raise DmeError(message)


@contextmanager
def _from_nothing() -> Iterator[None]:
    """Be in a temporary project that holds all that this one does, and no results."""
    home = paths.home()
    build = home / "build"
    build.mkdir(exist_ok=True)
    with scratch("dme-verify-") as folder:
        for each in home.iterdir():
            if each.name not in _NOT_TAKEN and not each.name.startswith("."):
                (folder / each.name).symlink_to(each)
        # A notebook that fails is kept there, and a run of the same study is waited for.
        (folder / build.name).symlink_to(build)
        with _surrounded(_SURROUNDINGS | {"DME_HOME": str(folder)}):
            yield


@contextmanager
def _surrounded(told: dict[str, str]) -> Iterator[None]:
    """Set environment variables, and forget where the project is, for a while."""
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    paths.home.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        paths.home.cache_clear()


def _write(record: Record) -> None:
    """Write a record beside its place, and move it there when it is whole."""
    target = place(record.study)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(f".{os.getpid()}")
    beside.write_text(text(record), encoding="utf-8")
    beside.replace(target)
