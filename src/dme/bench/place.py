"""Where commands are timed: a copy of the project, and warm parents of its own."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_COPIED = ("params", "notebooks", "pages", "_quarto.yml")
# Tables are read, never written: a link will do.
_LINKED = ("data",)
_END_SECONDS = 10.0


class Failed(Exception):
    """A command failed; the reason is its text."""


class Copy:
    """A copy of the project in which commands run as a user would run them.

    Parameters
    ----------
    source : Path
        The project.
    folder : Path
        Where to put the copy, and the sockets of the warm parents.
    """

    def __init__(self, source: Path, folder: Path) -> None:
        self.source, self.home, self._sockets = source, folder / "project", folder / "run"
        self.warm = self._sockets / "warm"
        self.warm.mkdir(parents=True, mode=0o700)
        self.restore()

    def restore(self) -> None:
        """Make the copy what the project is before anything was run: no results, no caches."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        for name in _COPIED:
            kept = self.source / name
            if kept.is_dir():
                shutil.copytree(kept, self.home / name, ignore=shutil.ignore_patterns(".*"))
            else:
                shutil.copyfile(kept, self.home / name)
        for name in _LINKED:
            (self.home / name).symlink_to(self.source / name)

    def run(self, *command: str, runtime: Path | None = None) -> tuple[float, str]:
        """Run a program of this environment, and return its seconds and what it printed.

        Parameters
        ----------
        *command : str
            The program and its arguments.
        runtime : Path, optional
            Where warm parents listen; where the one listens that stays, unless given.

        Raises
        ------
        Failed
            If it ends with another status than 0, or is none.
        """
        told = {"DME_HOME": str(self.home), "XDG_RUNTIME_DIR": str(runtime or self.warm)}
        started = time.monotonic()
        try:
            done = subprocess.run(
                [_program(command[0]), *command[1:]],
                env=os.environ | told,
                cwd=self.home,
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
            words = " ".join(command)
            message = f"{words}\nended with status {done.returncode}: {' '.join(last)}"
            raise Failed(message)
        return seconds, done.stdout

    def seconds(self, *command: str, runtime: Path | None = None) -> float:
        """Run a program, and return how long it took (see `run`)."""
        return self.run(*command, runtime=runtime)[0]

    @contextmanager
    def no_parent(self) -> Iterator[Path]:
        """Give a folder in which no warm parent listens, and end the one that came to."""
        with tempfile.TemporaryDirectory(prefix="r", dir=self._sockets) as folder:
            try:
                yield Path(folder)
            finally:
                end_parents(Path(folder))


@contextmanager
def temporary(source: Path) -> Iterator[Copy]:
    """Give a copy in a temporary folder; leave neither files nor warm parents behind."""
    with tempfile.TemporaryDirectory(prefix="dme-bench-") as folder:
        copy = Copy(source, Path(folder))
        try:
            yield copy
        finally:
            end_parents(copy.warm)


def end_parents(runtime: Path) -> None:
    """End the processes that were started with `runtime`, and wait until they are gone."""
    until = time.monotonic() + _END_SECONDS
    while (running := _started_with(runtime)) and time.monotonic() < until:
        for pid in running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        time.sleep(0.05)


def _started_with(runtime: Path) -> list[int]:
    """Return the processes with `runtime` in their environment; warm parents are Linux' alone."""
    found, mark = [], f"XDG_RUNTIME_DIR={runtime}".encode()
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
    return found


def _program(name: str) -> str:
    if name == "python":
        return sys.executable
    return shutil.which(name, path=sysconfig.get_path("scripts")) or name
