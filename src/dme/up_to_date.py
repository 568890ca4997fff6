"""Whether a notebook's result still stands: what it was made of, compared with what is there.

A record is written beside each result. It holds the sha256 of everything that the notebook was
made of: the notebook itself, the parameters that it read, the project's files that it opened, the
modules that it imported, the installed packages, and the result as it was written. Checksums are
taken anew each time and no date is looked at, so that touching a file changes nothing and no
change goes unseen.

This module imports nothing slow: a run in which nothing changed ends before anything else does.
"""

import functools
import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dme import paths, records

ABSENT = "absent"
"""What stands in place of a checksum where a file was looked for and is not there."""
CHANGED = "changed while it was read"
"""What stands in its place where a file had several; no file has it."""
RECORD = "run.json"
STUDY = "study.yml"
"""The file beside the results that says every parameter as it was used."""
NOTHING_TO_RUN = "nothing has changed; results in {}"
NOTEBOOK_CHANGED = "the notebook changed"
_SHOWN = 3


@dataclass(frozen=True)
class Record:
    """What a result was made of.

    Attributes
    ----------
    notebook : str
        sha256 of the notebook that was run.
    result : str
        sha256 of the executed notebook.
    parameters : mapping
        The parameters that were read, with their values.
    files : mapping of str to str or None
        sha256 of each file that was read, by its path in the project (``path#table`` for what a
        data package tells of one table); None where the notebook does not say what it read.
    environment : str
        Digest of the interpreter and the installed packages.
    warnings : sequence of str
        What must be said of its inputs.
    """

    notebook: str
    result: str
    parameters: Mapping[str, object]
    files: Mapping[str, str] | None
    environment: str
    warnings: Sequence[str]


@dataclass(frozen=True)
class RunRecord:
    """What a study's results were made of.

    Attributes
    ----------
    params : str
        sha256 of the text of the parameters file.
    study : str
        sha256 of the file beside the results that says all parameters.
    notebooks : mapping of str to Record
        By name.
    commit : str
        The commit of the project's folder when any of it was last run; "" where it has none.
    changed : sequence of str
        The files that differed from it, by path in the project.
    packages : mapping of str to str
        The installed distributions with their versions.
    python : str
        The interpreter with its version.
    """

    params: str
    study: str
    notebooks: Mapping[str, Record]
    commit: str
    changed: Sequence[str]
    packages: Mapping[str, str]
    python: str


def digest(path: Path) -> str:
    """Return the sha256 of a file, or ``absent``."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ABSENT


def part_digest(package: Path, table: str) -> str:
    """Return the sha256 of what a data package tells of a table's kind and rows."""
    try:
        resources = _resources(package, package.stat().st_mtime_ns)
        told = resources[table]
        shown = [told.get(key) for key in ("kind", "rows", "title", "hash")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ABSENT
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def listing(folder: Path) -> str:
    """Return the sha256 of the names in a folder but hidden ones, or ``absent``."""
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()


@functools.cache
def _resources(package: Path, _state: int) -> dict[str, dict[str, object]]:
    descriptor = records.parsed(package.read_bytes())
    return {Path(one["path"]).stem: one for one in descriptor["resources"]}


def taken() -> dict[str, str]:
    """Return the digests of the notebooks and of this package's modules, by path in the project.

    Taken before a notebook runs, they tell what it was made of at most: of a file that changes
    meanwhile they tell what it was, so that the result does not stand.
    """
    package = Path(__file__).parent
    modules = (path.relative_to(package).as_posix() for path in package.rglob("*.py"))
    names = [*(f"src/dme/{name}" for name in modules), *map(paths.relative, notebooks())]
    return {name: now(name) for name in names}


def packages() -> dict[str, str]:
    """Return the installed distributions, by name, with their versions."""
    # The folders that describe them carry name and version in their own names.
    described = (
        entry.name.removesuffix(".dist-info").rpartition("-")
        for folder in map(Path, dict.fromkeys(sys.path))
        if folder.name == "site-packages" and folder.is_dir()
        for entry in folder.iterdir()
        if entry.suffix == ".dist-info"
    )
    found = sorted((re.sub(r"[-_.]+", "-", name).lower(), of) for name, _, of in described)
    return dict(found)


def python() -> str:
    """Return the interpreter with its version."""
    return f"{platform.python_implementation()} {platform.python_version()}"


def environment() -> str:
    """Return a digest of the interpreter and of the names and versions of what is installed."""
    told = [python(), sys.platform, packages()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def now(name: str) -> str:
    """Return the digest of an input as it is now.

    Parameters
    ----------
    name : str
        A path in the project; with a slash behind it, the names in a folder; with ``#table``
        behind that of a package, what it tells of a table.
    """
    path, _, part = name.partition("#")
    whole = paths.home() / path
    if path.endswith("/"):
        return listing(whole)
    return part_digest(whole, part) if part else digest(_in_project(path, whole))


def _in_project(name: str, path: Path) -> Path:
    """Return where a file of this package is: the project's own, or that of the installation."""
    if name.startswith("src/dme/") and not path.is_file():
        return Path(__file__).parent / name.removeprefix("src/dme/")
    return path


def reasons(
    record: Record | None, source: Path, result: Path, parameters: Mapping[str, object] | None
) -> list[str]:
    """Return why a notebook must run, in words; nothing where its result still stands.

    Parameters
    ----------
    record : Record or None
        What the result was made of, if that is known.
    source, result : Path
        The notebook, and its executed copy.
    parameters : mapping or None
        The study's parameters; None where they are known to be the same.
    """
    if record is None:
        return ["it has not been run"]
    if record.files is None:
        return [
            "it does not record all that it reads (its first cell of code should import "
            "dme.notebook first, its last be inputs())"
        ]
    found = []
    if digest(result) != record.result:
        found.append("its result is missing or was changed by hand")
    if digest(source) != record.notebook:
        found.append(NOTEBOOK_CHANGED)
    if parameters is not None:
        found += [
            f"the parameter {name} changed ({_short(value)} → {_short(parameters.get(name))})"
            for name, value in record.parameters.items()
            if parameters.get(name) != value
        ]
    found += _changed(record.files)
    if environment() != record.environment:
        found.append("the installed packages changed")
    return found


def _changed(files: Mapping[str, str]) -> list[str]:
    found = []
    for name, before in files.items():
        after = now(name)
        if after != before:
            how = "is gone" if after == ABSENT else "is new" if before == ABSENT else "changed"
            found.append(f"{name} {how}")
    return found


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."


def told(found: Sequence[str]) -> str:
    """Return reasons as one phrase, the first few of them in full."""
    more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return "; ".join(found[:_SHOWN]) + more


def write(folder: Path, record: RunRecord) -> None:
    """Write a study's record beside its results."""
    (folder / RECORD).write_text(records.text(asdict(record)), encoding="utf-8")


def read(folder: Path) -> RunRecord | None:
    """Return a study's record; None where there is none, or it is edited or of another version."""
    raw = records.read(folder / RECORD)
    try:
        notebooks = {name: _record(**one) for name, one in raw["notebooks"].items()}
        told = RunRecord(**raw | {"notebooks": notebooks})
        texts = (told.commit, told.python, *told.changed, *told.packages, *told.packages.values())
    except (KeyError, TypeError, AttributeError):
        # Without a record that can be read nothing is known, and everything runs.
        return None
    return told if all(isinstance(text, str) for text in texts) else None


def _record(**told: Any) -> Record:
    """Return a record of this version's form."""
    record = Record(**told)
    files = {} if record.files is None else record.files
    texts = (record.notebook, record.result, record.environment, *files, *files.values())
    if not (isinstance(record.parameters, dict) and all(isinstance(text, str) for text in texts)):
        raise TypeError
    return record


def notebooks() -> list[Path]:
    """Return the project's notebooks, by name."""
    return sorted((paths.home() / "notebooks").glob("*.ipynb"))


def standing(files: Iterable[Path]) -> list[tuple[str, Path, int]] | None:
    """Return the studies of parameters files, where nothing at all has to run.

    Returns
    -------
    list of (str, Path, int) or None
        Name, folder of the results, and notebooks of each; None where anything must be looked
        at more closely: a file that changed, a result that no longer stands, inputs of which
        something must be said.
    """
    found = []
    for path in files:
        try:
            text = path.read_bytes()
        except OSError:
            return None
        study = path.stem
        folder = paths.results(study)
        record = read(folder)
        if record is None or record.params != hashlib.sha256(text).hexdigest():
            return None
        if digest(folder / STUDY) != record.study:
            return None
        sources = notebooks()
        if {source.stem for source in sources} != set(record.notebooks):
            return None
        for source in sources:
            made = record.notebooks[source.stem]
            if made.warnings or reasons(made, source, folder / source.name, None):
                return None
        found.append((study, folder, len(sources)))
    return found
