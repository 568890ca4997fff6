"""Replacing a folder only when what takes its place is whole."""

import tempfile
from collections.abc import Iterator
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
        if place.exists():
            place.rename(former)
        try:
            fresh.rename(place)
        except BaseException:
            if former.exists():
                former.rename(place)
            raise
