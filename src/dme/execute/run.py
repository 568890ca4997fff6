"""Running a study: its parameters checked, what must run executed, results moved in place."""

import shutil
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import yaml

from dme import lasted, paths, up_to_date
from dme.errors import DmeError
from dme.execute.committed import commit
from dme.execute.lock import alone
from dme.execute.machine import cores
from dme.execute.record import carry_over, record, with_new_prose
from dme.execute.sources import expected_seconds, passed_over, sources
from dme.execute.whole import check
from dme.findings import read_notebook
from dme.lasted import Lasted
from dme.replace import replacing
from dme.study import Study, read
from dme.up_to_date import STUDY

__all__ = ["Progress", "Run", "explain", "run_studies", "run_study"]

Progress = Callable[[str, str, int, int], None]
"""Called with the study, the notebook, its cells done and all its cells."""

NOT_SAID = "you asked for it"


@dataclass(frozen=True)
class Run:
    """A finished run of a study.

    Attributes
    ----------
    study : str
        Its name.
    folder : Path
        Its results.
    notebooks : tuple of str
        All notebooks of the study.
    seconds : float
        How long it took.
    ran : dict of str to list of str
        The notebooks that were executed, or whose prose is new, each with the reasons why.
    passed_over : tuple of str
        The files in the folder of notebooks that are none of the study's.
    warnings : dict of str to list of str
        What must be said of inputs, each with the notebooks that it is said of.
    """

    study: str
    folder: Path
    notebooks: tuple[str, ...]
    seconds: float
    ran: dict[str, list[str]]
    passed_over: tuple[str, ...]
    warnings: dict[str, list[str]]


@dataclass(frozen=True)
class _Limits:
    """How many notebooks run at a time, how many seconds a cell may run, and in warm kernels?"""

    jobs: int
    seconds: int | None
    warm: bool


def _why(study: Study, *, force: bool) -> dict[str, list[str]]:
    """Return for each notebook why it must run; an empty list where its result stands."""
    folder = paths.results(study.study)
    known = up_to_date.read(folder)
    records = known.notebooks if known else {}
    parameters = study.model_dump(mode="json")
    return {
        source.stem: [NOT_SAID]
        if force
        else up_to_date.reasons(records.get(source.stem), source, folder / source.name, parameters)
        for source in sources()
    }


def explain(files: Sequence[Path]) -> dict[str, dict[str, list[str]]]:
    """Return by study and notebook why it would run; an empty list where its result stands."""
    return {study.study: _why(study, force=False) for _, study in _checked(files)}


def run_study(
    study: Study,
    progress: Progress,
    *,
    params: str = "",
    force: bool = False,
    jobs: int | None = None,
    timeout: int | None = None,
    warm: bool = True,
    waiting: Callable[[], None] = lambda: None,
) -> Run:
    """Execute the notebooks whose results don't stand, several at a time, and keep the results.

    The results stand in ``results/<study>/``: the executed notebooks, ``study.yml`` with every
    parameter as it was used, ``run.json`` with what each result was made of, and ``timings.json``
    with how long each took.

    Parameters
    ----------
    study : Study
        The parameters.
    progress : callable
        Told of each finished cell.
    params : str, optional
        sha256 of the parameters file.
    force : bool, optional
        Execute every notebook, whether its result stands or not.
    jobs : int, optional
        How many notebooks run at a time; as many as this process may use cores unless given.
    timeout : int, optional
        How many seconds a cell may run; without end unless given.
    warm : bool, optional
        Whether kernels that start warm will do, where there are such.
    waiting : callable, optional
        Called where another process is running the same study, before waiting for it.

    Raises
    ------
    CellFailure
        If a cell fails. The other notebooks are stopped, and earlier results of the study stay as
        they were; the failed notebook is kept in ``build/failed/<study>/``.
    DmeError
        If the new results can't be read, or lack a finding; earlier results stay as they were.
    """
    started = time.monotonic()
    target = paths.results(study.study)
    parameters = study.model_dump(mode="json")
    # What a killed run left is put in order before anything is looked at.
    with alone(study.study, waiting), replacing(target) as folder:
        taken = up_to_date.taken()
        why = _why(study, force=force)
        strays = passed_over()
        _check_strays(strays, target)
        ran = {name: reasons for name, reasons in why.items() if reasons}
        prose = {
            source: notebook
            for source in sources()
            if why[source.stem] == [up_to_date.NOTEBOOK_CHANGED]
            and (notebook := with_new_prose(source, target / source.name))
        }
        must = [s for s in sources() if s.stem in ran and s not in prose]
        limits = _Limits(jobs or cores(), timeout, warm)
        at = _commit(target, ran)
        took = lasted.read(target)
        executed = _executed(must, folder, study, progress, limits=limits, taken=taken, took=took)
        records = {
            source.stem: executed[source.stem]
            if source.stem in executed
            else _kept(source, target, folder, parameters, taken=taken, anew=prose.get(source))
            for source in sources()
        }
        text = yaml.safe_dump(parameters, sort_keys=False, allow_unicode=True)
        (folder / STUDY).write_text(text, encoding="utf-8")
        told = up_to_date.RunRecord(
            params,
            up_to_date.digest(folder / STUDY),
            records,
            *at,
            packages=up_to_date.packages(),
            python=up_to_date.python(),
        )
        up_to_date.write(folder, told)
        lasted.write(folder, {s.stem: took[s.stem] for s in sources() if s.stem in took})
        check(folder, sources())
    warnings: dict[str, list[str]] = {}
    for name, made in records.items():
        for text in made.warnings:
            warnings.setdefault(text, []).append(name)
    names = tuple(path.name for path in strays)
    seconds = time.monotonic() - started
    return Run(study.study, target, tuple(why), seconds, ran, names, warnings)


def _check_strays(strays: Sequence[Path], target: Path) -> None:
    """Refuse to pass over a notebook that has a result, which would be gone after."""
    for path in strays:
        if (target / path.name).exists():
            message = (
                f"{paths.relative(path)} has a result in {paths.relative(target)}/, and no cell of "
                "it is tagged parameters any more. Tag its cell of parameters; or move it out of "
                "the folder, if the study is to do without it."
            )
            raise DmeError(message)


def _executed(
    must: Sequence[Path],
    folder: Path,
    study: Study,
    progress: Progress,
    *,
    limits: _Limits,
    taken: Mapping[str, str],
    took: dict[str, Lasted],
) -> dict[str, up_to_date.Record]:
    """Execute notebooks into `folder`, several at a time, and return the record of each.

    How long each took goes into `took`, which holds how long they took before.
    """
    if not must:
        return {}
    # papermill, which takes longer to import than a study with new prose takes in all
    from dme.execute.engine import execute, kernel_for  # noqa: PLC0415
    from dme.execute.kernels import Kernels  # noqa: PLC0415

    kernels, telling = Kernels(), threading.Lock()
    parameters = study.model_dump(mode="json")

    def one(source: Path) -> up_to_date.Record:
        def tell(done: int, total: int) -> None:
            with telling:
                progress(study.study, source.stem, done, total)

        output = folder / source.name
        failed = paths.home() / "build" / "failed" / study.study
        started = datetime.now(UTC)
        try:
            execute(
                source,
                output,
                parameters,
                tell,
                kernel_for(source, warm=limits.warm),
                failed=failed,
                kernels=kernels,
                timeout=limits.seconds,
            )
            took[source.stem] = Lasted.between(started, datetime.now(UTC))
            return record(source, output, parameters, taken)
        except BaseException as error:
            # What is under way ends too, since no result of it is kept.
            kernels.stop(error)
            raise

    with ThreadPoolExecutor(limits.jobs) as pool:
        ran = {pool.submit(one, source): source.stem for source in _longest_first(must, took)}
        try:
            return {ran[done]: done.result() for done in as_completed(ran)}
        except BaseException as error:  # Ctrl-C among them
            pool.shutdown(wait=False, cancel_futures=True)
            kernels.stop(error)
    raise cast("BaseException", kernels.reason)


def _longest_first(must: Sequence[Path], took: Mapping[str, Lasted]) -> list[Path]:
    """Return notebooks in the order to start them: a long one that begins late is waited for."""
    expected = {
        source: took[source.stem].seconds if source.stem in took else expected_seconds(source)
        for source in must
    }
    known = [seconds for seconds in expected.values() if seconds is not None]
    # One of which nothing is known may take long.
    unknown = max(known, default=0.0)
    return sorted(
        must, key=lambda source: -(unknown if expected[source] is None else expected[source])
    )


def _commit(target: Path, ran: Collection[str]) -> tuple[str, Sequence[str]]:
    """Return which commit the results are of: that of today, or where none is new the former."""
    former = up_to_date.read(target)
    return commit() if ran or former is None else (former.commit, former.changed)


def _kept(
    source: Path,
    target: Path,
    folder: Path,
    parameters: dict[str, Any],
    *,
    taken: Mapping[str, str],
    anew: dict[str, Any] | None,
) -> up_to_date.Record:
    """Take over one notebook's result, which stands; `anew` is the same with other prose."""
    # Its result stands because its record says so, so there is one.
    known = cast("up_to_date.RunRecord", up_to_date.read(target))
    former, result = known.notebooks[source.stem], folder / source.name
    told = target / STUDY
    same = up_to_date.digest(told) == known.study and _parameters(told) == parameters
    if same and anew is None:
        shutil.copyfile(target / source.name, result)
        return former
    carry_over(anew or read_notebook(target / source.name), result, parameters)
    notebook = taken[paths.relative(source)]
    return replace(former, notebook=notebook, result=up_to_date.digest(result))


def _parameters(file: Path) -> object:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _checked(files: Sequence[Path]) -> list[tuple[str, Study]]:
    """Return the studies that parameters files describe, with the sha256 of what was read.

    Raises
    ------
    DmeError
        If any can't be run, or two have one study's name.
    """
    digests = [up_to_date.digest(path) for path in files]
    studies = [read(path) for path in files]
    names: dict[str, Path] = {}
    for path, study in zip(files, studies, strict=True):
        if other := names.get(study.study):
            message = (
                f"{paths.relative(other)} and {paths.relative(path)} both write the study "
                f'"{study.study}". Give one of them another name.'
            )
            raise DmeError(message)
        names[study.study] = path
    return list(zip(digests, studies, strict=True))


def run_studies(
    files: Sequence[Path],
    progress: Progress,
    *,
    force: bool = False,
    jobs: int | None = None,
    timeout: int | None = None,
    warm: bool = True,
    waiting: Callable[[], None] = lambda: None,
) -> list[Run]:
    """Check all parameters files, then run their studies one after the other.

    Parameters
    ----------
    files : sequence of Path
        The parameters files.
    progress, force, jobs, timeout, warm, waiting
        See `run_study`.

    Raises
    ------
    DmeError
        If any file can't be run, before anything is run; or if two have one study's name.
    """
    return [
        run_study(
            study,
            progress,
            params=params,
            force=force,
            jobs=jobs,
            timeout=timeout,
            warm=warm,
            waiting=waiting,
        )
        for params, study in _checked(files)
    ]
