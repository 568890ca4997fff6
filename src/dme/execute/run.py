"""Running a study: its parameters checked, its notebooks executed, its results moved in place."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from dme import paths
from dme.errors import DmeError
from dme.execute.engine import CellFailure, execute
from dme.replace import replacing
from dme.study import Study, read

__all__ = ["CellFailure", "Progress", "Run", "run_studies", "run_study"]

Progress = Callable[[str, str, int, int], None]
"""Called with the study, the notebook, its cells done and all its cells."""


@dataclass(frozen=True)
class Run:
    """A finished run of a study."""

    study: str
    folder: Path
    notebooks: tuple[str, ...]
    seconds: float


def sources() -> list[Path]:
    """Return the project's notebooks, by name.

    Raises
    ------
    DmeError
        If there is none.
    """
    folder = paths.home() / "notebooks"
    if found := sorted(folder.glob("*.ipynb")):
        return found
    message = f"There is no notebook in {paths.relative(folder)}/."
    raise DmeError(message)


def run_study(study: Study, progress: Progress) -> Run:
    """Execute every notebook with the parameters of `study` and keep the results.

    The results stand in ``results/<study>/``: the executed notebooks, and ``study.yml`` with
    every parameter as it was used.

    Raises
    ------
    CellFailure
        If a cell fails. Earlier results of the study stay as they were; the failed notebook is
        kept in ``build/failed/<study>/``.
    """
    started = time.monotonic()
    target = paths.results(study.study)
    parameters = study.model_dump(mode="json")
    notebooks = sources()
    with replacing(target) as folder:
        for source in notebooks:
            output = folder / source.name
            try:
                execute(
                    source,
                    output,
                    parameters,
                    lambda done, total, name=source.stem: progress(study.study, name, done, total),
                )
            except CellFailure as failure:
                kept = _keep(output, study.study)
                raise CellFailure(
                    failure.notebook, failure.number, failure.cell, failure.error, kept
                ) from failure
        text = yaml.safe_dump(parameters, sort_keys=False, allow_unicode=True)
        (folder / "study.yml").write_text(text, encoding="utf-8")
    names = tuple(source.stem for source in notebooks)
    return Run(study.study, target, names, time.monotonic() - started)


def _keep(failed: Path, study: str) -> Path:
    folder = paths.home() / "build" / "failed" / study
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / failed.name
    if failed.exists():
        shutil.copyfile(failed, kept)
    return kept


def run_studies(files: Sequence[Path], progress: Progress) -> list[Run]:
    """Check all parameters files, then run their studies one after the other.

    Raises
    ------
    DmeError
        If any file can't be run, before anything is run; or if two have one study's name.
    """
    studies = [(path, read(path)) for path in files]
    names: dict[str, Path] = {}
    for path, study in studies:
        if other := names.get(study.study):
            message = (
                f"{paths.relative(other)} and {paths.relative(path)} both write the study "
                f'"{study.study}". Give one of them another name (key study).'
            )
            raise DmeError(message)
        names[study.study] = path
    return [run_study(study, progress) for _, study in studies]
