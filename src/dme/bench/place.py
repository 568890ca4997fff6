"""Where commands are timed: a copy of the project, and warm parents of its own."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

Tell = Callable[[str], None]
"""Called with a line of progress."""

_COPIED = ("params", "notebooks", "pages", "_quarto.yml")
# Tables are read, never written: a link will do.
_LINKED = ("data",)
_END_SECONDS = 10.0


class Failed(Exception):
    """A command failed; the reason is its text."""


@dataclass(frozen=True)
class Finished:
    """A command that ended well: how long it took and what it printed."""

    seconds: float
    printed: str


Runner = Callable[[Sequence[str], Mapping[str, str], Path], Finished]
"""Called with a command, its environment and its working directory."""


@dataclass(frozen=True)
class Place:
    """A copy of the project in which commands run.

    Attributes
    ----------
    source, home : Path
        The project, and its copy.
    sockets : Path
        Folder of the folders in which warm parents listen.
    tell : callable
        Told of the progress.
    runner : callable
        What runs a command and takes its time.
    """

    source: Path
    home: Path
    sockets: Path
    tell: Tell
    runner: Runner


def run(command: Sequence[str], env: Mapping[str, str], cwd: Path) -> Finished:
    """Run a command as a user would, and time it from its start to its end.

    Raises
    ------
    Failed
        If it ends with another status than 0, or is none.
    """
    started = time.monotonic()
    try:
        done = subprocess.run(
            command,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        message = f"{command[0]} can't be run: {error}"
        raise Failed(message) from error
    seconds = time.monotonic() - started
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        words = " ".join([Path(command[0]).name, *command[1:]])
        message = f"{words}\nended with status {done.returncode}: {' '.join(last)}"
        raise Failed(message)
    return Finished(seconds, done.stdout)


@contextmanager
def temporary(source: Path, tell: Tell, runner: Runner = run) -> Iterator[Place]:
    """Give a place in a temporary folder; leave neither files nor warm parents behind."""
    with tempfile.TemporaryDirectory(prefix="dme-bench-") as folder:
        place = Place(source, Path(folder) / "project", Path(folder) / "run", tell, runner)
        place.home.mkdir()
        place.sockets.mkdir()
        reset(place)
        try:
            yield place
        finally:
            for runtime in place.sockets.iterdir():
                end_parents(runtime)


def reset(place: Place) -> None:
    """Make the copy what the project is before anything was run: no results, no caches."""
    for entry in place.home.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    for name in _COPIED:
        kept = place.source / name
        if kept.is_dir():
            shutil.copytree(kept, place.home / name, ignore=shutil.ignore_patterns(".*"))
        else:
            shutil.copyfile(kept, place.home / name)
    for name in _LINKED:
        (place.home / name).symlink_to(place.source / name)


def program(name: str) -> str:
    """Return the path of a program of this environment."""
    if name == "python":
        return sys.executable
    return shutil.which(name, path=sysconfig.get_path("scripts")) or name


def timed(
    place: Place, runtime: Path, *command: str, env: Mapping[str, str] | None = None
) -> Finished:
    """Run a program of this environment in the copy, with the warm parents of `runtime`.

    Parameters
    ----------
    env : mapping of str to str, optional
        Environment variables to set besides.

    Raises
    ------
    Failed
        If it fails.
    """
    told = {"DME_HOME": str(place.home), "XDG_RUNTIME_DIR": str(runtime), **(env or {})}
    return place.runner([program(command[0]), *command[1:]], os.environ | told, place.home)


def shared_runtime(place: Place) -> Path:
    """Return the folder of the parent that stays from one command to the next."""
    folder = place.sockets / "warm"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def fresh_runtime(place: Place) -> Iterator[Path]:
    """Give a folder in which no warm parent listens, and end the one that came to."""
    with tempfile.TemporaryDirectory(prefix="r", dir=place.sockets) as folder:
        try:
            yield Path(folder)
        finally:
            end_parents(Path(folder))


def end_parents(runtime: Path) -> None:
    """End the warm parents whose sockets lie in `runtime`, and wait until they are gone."""
    for path in runtime.glob("*/*.sock"):
        pid = _listener(path)
        if pid is None:
            continue
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + _END_SECONDS
        while _listener(path) == pid and time.monotonic() < until:
            time.sleep(0.02)


def _listener(path: Path) -> int | None:
    """Return the process that listens at a socket; None where nobody does."""
    # Parents are started on Linux only, which tells of a socket's other side.
    if sys.platform != "linux":
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(path))
            told = connection.getsockopt(
                socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
            )
        except OSError:
            return None
    return struct.unpack("3i", told)[0]
