"""What a run's result depends on, as one checksum."""

import functools
import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dme import paths

_PACKAGE = Path(__file__).parents[2]
# No notebook reaches these rooms: they come after it.
_SHOWING = ("bench", "cli", "publish")
Stamp = tuple[tuple[str, int, int], ...]


def project_state(notebooks: Iterable[str], tables: str) -> str:
    """Return the checksum of all that a run rests on besides its parameters.

    The rule is simple, so that no stored run can be out of date: the bytes of the notebooks, of
    every module of this package but those that only show results, and of every file of ``data/``
    (tables, datapackage, claims; and of the study's own package of tables where it lies
    elsewhere), the names and versions of all installed distributions, and Python's version. A
    change of any makes every run anew.

    Parameters
    ----------
    notebooks : iterable of str
        Names of the notebooks that run.
    tables : str
        The study's folder of tables.
    """
    return _digest(_stamp(tuple(notebooks), tables))


def _stamp(notebooks: tuple[str, ...], tables: str) -> Stamp:
    """Return the files with their times and sizes: files that have not changed are read once."""
    home = paths.home()
    data = home / "data"
    rooms = {_PACKAGE / room for room in _SHOWING}
    modules = (path for path in _PACKAGE.rglob("*.py") if not rooms & set(path.parents))
    files = {("dme", path, _PACKAGE) for path in modules}
    files |= {("data", path, data) for path in data.rglob("*") if path.is_file()}
    files |= {("notebooks", home / "notebooks" / f"{name}.ipynb", home) for name in notebooks}
    package = (home / tables).resolve().parent
    if not package.is_relative_to(data.resolve()):
        files |= {("tables", path, package) for path in package.rglob("*") if path.is_file()}
    stamps = []
    for room, path, top in files:
        state = path.stat()
        name = f"{room}/{path.relative_to(top).as_posix()}"
        stamps.append((f"{name}\0{path}", state.st_mtime_ns, state.st_size))
    return tuple(sorted(stamps))


@functools.lru_cache(maxsize=8)
def _digest(stamp: Stamp) -> str:
    told = [sys.version, _distributions()]
    for names, _, _ in stamp:
        # Only the name inside the project counts: the same files elsewhere are the same state.
        name, _, path = names.partition("\0")
        told.append(f"{name} {hashlib.sha256(Path(path).read_bytes()).hexdigest()}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


@functools.cache
def _distributions() -> str:
    found = {(d.metadata["Name"], d.version) for d in importlib.metadata.distributions()}
    return "\n".join(f"{name} {version}" for name, version in sorted(found))


def run_id(state: str, notebooks: Iterable[str], parameters: Mapping[str, Any]) -> str:
    """Return the name of a run: another one for whatever would make its result another."""
    told = json.dumps([state, list(notebooks), dict(parameters)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:24]
