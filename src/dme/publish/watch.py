"""A site built anew whenever what it is made of has changed."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from dme import paths
from dme.publish import config

Stamps = frozenset[tuple[str, int, int]]


def stamps(studies: Sequence[str]) -> Stamps:
    """Return the files that a site of studies is made of, each with its size and last change.

    The tables are not among them: a study that ran on others has other results.
    """
    home = paths.home()
    folders = [home / config.PAGES, Path(__file__).parent, *map(paths.results, studies)]
    files = [home / config.FILE, *(file for folder in folders for file in _below(folder))]
    return frozenset(_stamp(file) for file in files)


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if not any(part.startswith((".", "__")) and part != "__init__.py" for part in inside):
            yield path


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        told = file.stat()
    except OSError:  # gone since it was listed
        return str(file), 0, 0
    return str(file), told.st_mtime_ns, told.st_size


def follow(
    built: Stamps,
    look: Callable[[], Stamps],
    rebuild: Callable[[], object],
    wait: Callable[[], object],
) -> NoReturn:
    """Rebuild each time that what is looked at has changed and come to rest.

    Parameters
    ----------
    built : frozenset
        What was there when the site was built.
    look : callable
        Returns what is there now.
    rebuild : callable
        Builds the site.
    wait : callable
        Lets a moment pass; what it raises ends this.
    """
    seen = built
    while True:
        wait()
        now = look()
        if now == seen != built:
            # What changes while it builds differs from this, and is built next.
            built = now
            rebuild()
        seen = now
