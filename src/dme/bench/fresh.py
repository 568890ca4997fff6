"""How long it takes to clone the project, to set it up, and to verify a study: ``--verify``."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dme.bench import machine
from dme.bench.place import Failed
from dme.bench.sections import STUDY

# What of this environment would lead a command of the clone out of it.
_OURS = ("DME_", "PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


def verified(source: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """Return how many seconds it took to clone, set up and verify what is committed.

    Parameters
    ----------
    source : Path
        The project, with its history.
    tell : callable
        Told of each step that is done.

    Raises
    ------
    Failed
        If a step fails.
    """
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="dme-clone-") as folder:
        clone = Path(folder) / "project"
        program = clone / ".venv" / "bin" / "dme"
        for name, *command in (
            ("clone", "git", "clone", "-q", source.resolve().as_uri(), str(clone)),
            ("set up", "make", "-s", "-C", str(clone), ".venv/.ready"),
            ("verify", str(program), "verify", "-q", STUDY),
        ):
            seconds[name] = round(_seconds(command, clone if clone.exists() else source), 1)
            tell(f"{name}: {seconds[name]:.1f} s")
        ran = _said(str(program.with_name("python")), "--version", folder=clone)
        commit = _said("git", "rev-parse", "HEAD", folder=clone)
    told = machine.describe()
    return {
        "measured": datetime.now(UTC).date().isoformat(),
        "study": STUDY,
        "commit": commit,
        "machine": {"cores": int(told["cores"]), "CPU": told["CPU"], "Python": ran.split()[-1]},
        "seconds": seconds,
    }


def _seconds(command: list[str], folder: Path) -> float:
    started = time.monotonic()
    _said(*command, folder=folder)
    return time.monotonic() - started


def _said(*command: str, folder: Path) -> str:
    """Return what a command prints.

    Raises
    ------
    Failed
        If it ends with another status than 0, or is none.
    """
    kept = {name: told for name, told in os.environ.items() if not name.startswith(_OURS)}
    if shutil.which(command[0]) is None:
        message = f"{command[0]} is not installed"
        raise Failed(message)
    done = subprocess.run(
        command,
        cwd=folder,
        env=kept,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        message = f"{' '.join(command)}\nended with status {done.returncode}: {said}"
        raise Failed(message)
    return done.stdout.strip()
