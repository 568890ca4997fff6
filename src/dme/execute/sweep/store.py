"""A sweep's folder: held by one process at a time, its files whole or not there."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from dme import paths
from dme.errors import DmeError


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a sweep's folder: a second sweep of the same name is refused.

    The lock is the kernel's: it goes with the process, however that ends.

    Raises
    ------
    DmeError
        If another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+", errors="replace") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            message = (
                f'The sweep "{folder.name}" is under way already (process {file.read() or "?"}). '
                "Wait for its end or stop it; what it has finished is kept."
            )
            raise DmeError(message) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: it is there whole, or as it was."""
    scratch = path.with_name(f".{path.name}.tmp")
    try:
        scratch.write_bytes(content)
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        message = f"{paths.relative(path)} could not be written: {error.strerror or error}."
        raise DmeError(message) from error
