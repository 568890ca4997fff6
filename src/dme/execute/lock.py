"""One at a time: a lock that ends with the process that holds it, however it ends."""

import contextlib
from collections.abc import Callable, Iterator

from dme import paths

try:
    import fcntl
except ImportError:  # not on this system: results are still moved in place whole
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def alone(name: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock `name`; wait where another process holds it.

    Parameters
    ----------
    name : str
        What is locked, such as a study's name.
    waiting : callable
        Called once before waiting, to tell why nothing happens.
    """
    folder = paths.home() / "build" / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        if fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
