"""Where a sweep's runs are kept: each in a file that is whole or not there."""

import contextlib
import fcntl
import json
import os
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from dme import paths
from dme.errors import DmeError
from dme.execute.sweep.task import Outcome

_FAILED = ".failed.json"


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
    with (folder / ".lock").open("a+") as file:
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


class Store:
    """The runs of one sweep, in ``results/sweeps/<name>/runs/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "runs"

    def open(self) -> None:
        """Make the folder, and clear away what an interrupted sweep left half-written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob(".*.tmp"):
            path.unlink()

    def read(self, run: str) -> list[dict[str, Any]] | None:
        """Return a finished run's findings; None where there are none, or its file is not whole."""
        try:
            raw = json.loads((self.folder / f"{run}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        whole = isinstance(raw, dict) and raw.get("run") == run
        return raw["findings"] if whole and isinstance(raw.get("findings"), list) else None

    def keep(self, outcome: Outcome, parameters: dict[str, Any]) -> None:
        """Store how a run ended. A failure stands under another name, and is tried again."""
        done, failed = self.folder / f"{outcome.run}.json", self.failed(outcome.run)
        told: dict[str, Any] = {"run": outcome.run, "parameters": parameters}
        if outcome.error is None:
            _write(done, told | {"findings": outcome.findings})
            failed.unlink(missing_ok=True)
        else:
            _write(failed, told | {"error": outcome.error})

    def prune(self, wanted: Container[str]) -> int:
        """Delete every run but those `wanted`, and return how many were deleted."""
        others = [path for path in self.folder.glob("*.json")
                  if path.name.partition(".")[0] not in wanted]  # fmt: skip
        for path in others:
            path.unlink()
        return len(others)

    def failed(self, run: str) -> Path:
        """Return where the error of a run that failed is kept."""
        return self.folder / f"{run}{_FAILED}"


def _write(path: Path, told: dict[str, Any]) -> None:
    write_whole(path, (json.dumps(told, indent=1) + "\n").encode())


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
