"""Replacing a folder only when what takes its place is whole."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """Give a new, empty folder that takes the place of `place` if all goes well.

    What stood there before stays until the new folder is whole, and stays for good if the block
    raises or the move fails. The temporary folder lies beside `place`, so that a move is one
    step, and goes away in any case.

    Parameters
    ----------
    place : Path
        The folder to replace; it need not exist.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as scratch:
        fresh, former = Path(scratch) / "fresh", Path(scratch) / "former"
        fresh.mkdir()
        yield fresh
        swap(fresh, place, former)


def swap(new: Path, place: Path, former: Path, then: Callable[[], object] = lambda: None) -> None:
    """Move `new` into the place of `place`, or leave everything as it was.

    Parameters
    ----------
    new, place : Path
        The folder to move, and where to; something may stand there.
    former : Path
        Where to put what stood there; on the same disk, and not there yet.
    then : callable, optional
        What belongs to the move: if it fails, the move is undone.
    """
    if place.exists():
        place.rename(former)
    try:
        new.rename(place)
        then()
    except BaseException:
        if place.exists():
            place.rename(new)
        if former.exists():
            former.rename(place)
        raise
