"""Where the project's rooms are, from wherever the program was started."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from dme.errors import DmeError

_LANDMARK = Path("data") / "datapackage.json"
SWEEPS = "sweeps"
"""The folder of sweeps in that of the parameters, and of their results in that of the results."""


def _candidates() -> Iterator[Path]:
    if home := os.environ.get("DME_HOME"):
        yield Path(home).resolve()
        return
    here = Path.cwd().resolve()
    yield from (here, *here.parents)
    yield from Path(__file__).resolve().parents


@cache
def home() -> Path:
    """Return the project's top folder.

    ``DME_HOME`` decides where it is set; else the nearest folder, from the current one
    upward, that holds ``data/datapackage.json``; else the one this package was installed
    from (an editable installation).

    Raises
    ------
    DmeError
        If no such folder is found.
    """
    for folder in _candidates():
        if (folder / _LANDMARK).is_file():
            return folder
    message = (
        f"The project's folder was not found: no {_LANDMARK} in {Path.cwd()} or above it.\n"
        "Run the command inside the project, or set DME_HOME to the project's folder."
    )
    raise DmeError(message)


def tables() -> Path:
    """Return the folder of the committed tables."""
    return home() / "data" / "tables"


def results(study: str | None = None) -> Path:
    """Return the folder of all results, or of one study's."""
    folder = home() / "results"
    return folder / study if study else folder


def timings() -> Path:
    """Return the file that keeps how long things took when they were last measured."""
    return home() / "build" / "bench.json"


def verified() -> Path:
    """Return the file that keeps how long it took to verify a fresh clone."""
    return home() / "data" / "record" / "time.json"


def trials() -> Path:
    """Return the file that keeps what the last whole run of the tests tried to break."""
    return home() / "build" / "trials.json"


def relative(path: Path) -> str:
    """Return `path` as seen from the project's folder; whole where it lies elsewhere."""
    for place in (Path(os.path.abspath(path)), path.resolve()):
        if place.is_relative_to(home()):
            return place.relative_to(home()).as_posix()
    return os.path.abspath(path)
