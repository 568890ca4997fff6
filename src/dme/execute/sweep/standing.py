"""Whether a sweep's results still stand: told without checking or reading any of its runs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dme import fresh, paths
from dme.execute.sweep.state import project_state
from dme.execute.sweep.store import write_whole

_RECORD = "sweep.json"


@dataclass(frozen=True)
class Standing:
    """What a sweep that came to its end was made of.

    Attributes
    ----------
    files : dict of str to str
        sha256 of the sweep's file, of its base and of what it left, by path in the project.
    notebooks : list of str
        The notebooks that ran.
    tables : str
        The base's folder of tables.
    state : str
        See `project_state`.
    runs : int
        How many there are.
    """

    files: dict[str, str]
    notebooks: list[str]
    tables: str
    state: str
    runs: int


def write(
    folder: Path, files: Sequence[Path], notebooks: Sequence[str], tables: str, runs: int
) -> None:
    """Record that a sweep came to its end without a failure.

    Parameters
    ----------
    folder : Path
        Its results: every file in it is recorded.
    files : sequence of Path
        The sweep's file and its base.
    notebooks, tables, runs
        See `Standing`.
    """
    left = [path for path in sorted(folder.iterdir())
            if path.is_file() and path.name != _RECORD and path.name[0] != "."]  # fmt: skip
    known = {paths.relative(path): fresh.digest(path) for path in (*files, *left)}
    state = project_state(notebooks, tables)
    told = Standing(known, list(notebooks), tables, state, runs)
    write_whole(folder / _RECORD, (json.dumps(asdict(told), indent=1) + "\n").encode())


def standing(file: Path) -> int | None:
    """Return how many runs a sweep has, where nothing that it rests on has changed since its end.

    Parameters
    ----------
    file : Path
        The sweep's file.

    Returns
    -------
    int or None
        None where anything changed, failed or was never finished.
    """
    record = paths.results(paths.SWEEPS) / file.stem / _RECORD
    try:
        told = Standing(**json.loads(record.read_bytes()))
        if paths.relative(file) not in told.files:
            return None
        if any(fresh.now(name) != digest for name, digest in told.files.items()):
            return None
        return told.runs if project_state(told.notebooks, told.tables) == told.state else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None
