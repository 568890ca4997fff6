"""Whether a sweep's results still stand: told without checking or evaluating any of its runs."""

from collections.abc import Mapping
from pathlib import Path

from dme import paths, records, up_to_date
from dme.errors import DmeError
from dme.execute.sweep.store import write_whole

_RECORD = "sweep.json"


def write(folder: Path, made_of: Mapping[str, str], runs: int) -> None:
    """Record that a sweep came to its end without a failure.

    Parameters
    ----------
    folder : Path
        Its results: its table, description and pictures are recorded too.
    made_of : mapping of str to str
        What it rests on, by path in the project, each with the sha256 that it had.
    runs : int
        How many there are.
    """
    left = [path for path in folder.iterdir() if path.suffix in {".parquet", ".yml", ".png"}]
    results = {paths.relative(path): up_to_date.digest(path) for path in left}
    told = {
        "files": dict(sorted({**made_of, **results}.items())),
        "environment": up_to_date.environment(),
        "runs": runs,
    }
    write_whole(folder / _RECORD, records.text(told).encode())


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
    told = records.read(paths.results(paths.SWEEPS) / file.stem / _RECORD)
    try:
        files = told["files"]
        same = (
            paths.relative(file) in files
            and told["environment"] == up_to_date.environment()
            and all(up_to_date.now(name) == digest for name, digest in files.items())
        )
        return int(told["runs"]) if same else None
    except (OSError, TypeError, KeyError, AttributeError):
        return None


def find(name: str | Path) -> Path:
    """Return a sweep's file: the one of that path, or the one of that name.

    Raises
    ------
    DmeError
        If there is none; the message names those there are.
    """
    path = Path(name)
    if path.suffix or path.is_file():
        return path
    named = paths.home() / "params" / paths.SWEEPS / f"{path}.yml"
    if named.is_file():
        return named
    have = ", ".join(p.stem for p in sorted(named.parent.glob("*.yml")))
    message = f'There is no sweep "{path}" in params/{paths.SWEEPS}/. There are: {have or "none"}.'
    raise DmeError(message)
