"""A study as a Workflow Run RO-Crate: all that it was made of and came to, described, in one place.

It is made of the one record of a run, `results/<study>/`, and holds what runs the study again.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from dme import paths, up_to_date
from dme.audit import record
from dme.audit.crate import place
from dme.audit.crate.described import describe
from dme.audit.crate.exhibits import as_csv
from dme.audit.crate.files import gathered
from dme.audit.crate.told import Told, known
from dme.audit.crate.words import CODECHECK, EXHIBITS, PREVIEW, README, codecheck, preview, readme
from dme.audit.record import Record

__all__ = ["Exported", "export"]


@dataclass(frozen=True)
class Exported:
    """A crate as it was written: where, how many bytes, and how many exhibits its list has."""

    place: Path
    size: int
    exhibits: int


def export(study: str, target: Path) -> Exported:
    """Write a study's crate into a folder, or into a zip where the name ends in ``.zip``.

    Two exports of the same results give the same bytes.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    target : Path
        A new or empty folder, a new zip, or an earlier export, which is replaced.

    Raises
    ------
    DmeError
        If the study has not been run, its results are of an earlier state, or something else stands
        at the place; what stands there is as it was.
    """
    place.check(target.absolute())
    told = known(study)
    size = place.put(target, lambda folder: _fill(folder, told))
    return Exported(target, size, len(told.exhibits))


def _fill(folder: Path, told: Told) -> None:
    shown = {one.output: one.content for one in told.exhibits if one.content}
    for name, source in gathered(told.study, told.record).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    words = readme(told)
    made = {EXHIBITS: as_csv(told.exhibits), README: words} | _runs_again(told)
    made[PREVIEW] = preview(words, told.title)
    for name, content in (shown | {name: text.encode() for name, text in made.items()}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / CODECHECK).write_bytes(codecheck(folder, told).encode())
    describe(folder, told)


def _runs_again(told: Told) -> dict[str, str]:
    """Return what `dme verify` takes and the project lacks: the study's parameters, and its record.

    A run that read a sweep's findings is no record: a fresh one does without.
    """
    results, file = paths.results(told.name), paths.home() / "params" / f"{told.name}.yml"
    made = {}
    if not file.is_file():
        made[f"params/{file.name}"] = (results / up_to_date.STUDY).read_text(encoding="utf-8")
    if not record.place(told.name).is_file() and told.verifiable:
        made[f"{record.FOLDER}/{told.name}.json"] = record.text(Record.of_results(results))
    return made
