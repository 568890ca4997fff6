"""Records by the names that people give them: a study, a study at a commit, a file or folder."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from dme import paths
from dme.audit import record
from dme.audit.record import Record
from dme.errors import DmeError
from dme.execute.committed import git
from dme.execute.machine import surroundings
from dme.findings.memory import SWITCH
from dme.replace import scratch

_RUN = "from dme.cli import main; main()"


def found(name: str, running: Callable[[str], None]) -> Record:
    """Return the record that a name means.

    Parameters
    ----------
    name : str
        A study that has been run, or that is recorded; ``STUDY@COMMIT`` for what is recorded at a
        commit, or else for what its own code gives; or a path of a record or of results.
    running : callable
        Told of a commit whose code is run, which takes minutes.

    Raises
    ------
    DmeError
        If it means none.
    """
    path = Path(name)
    if os.sep in name or path.suffix == ".json":
        return Record.of_results(path.absolute()) if path.is_dir() else record.read(path)
    study, at, revision = name.partition("@")
    if at:
        return _at(study, revision, running)
    if any(paths.results(study).glob("*.ipynb")):
        return Record.of_results(paths.results(study))
    if record.place(study).is_file():
        return record.read(record.place(study))
    have = {path.parent.name for path in paths.results().glob("*/*.ipynb")}
    have |= {path.stem for path in record.place(study).parent.glob("*.json")} - {"time"}
    message = (
        f'No study "{study}" has been run or recorded. There are: '
        f"{', '.join(sorted(have)) or 'none'}.\nRun it: dme run params/{study}.yml"
    )
    raise DmeError(message)


def _at(study: str, revision: str, running: Callable[[str], None]) -> Record:
    """Return what is recorded of a study at a commit, or else what the code of then gives."""
    commit = _named(revision)
    file = f"{record.FOLDER}/{study}.json"
    if (content := _held(commit, file)) is not None:
        return record.parsed(content, f"{file} at {revision}")
    if _held(commit, f"params/{study}.yml") is None:
        message = (
            f"At {revision} there is neither {file} nor params/{study}.yml: nothing was recorded "
            "of that study then, and it could not be run."
        )
        raise DmeError(message)
    running(f"{study} at {revision}")
    with scratch("dme-diff-") as folder:
        _unpack(commit, folder)
        return _run(study, revision, folder)


def _run(study: str, revision: str, folder: Path) -> Record:
    """Return the record of a study that is run by the code in a folder."""
    told = {"DME_HOME": str(folder), "PYTHONPATH": str(folder / "src"), SWITCH: "no"}
    done = subprocess.run(
        [sys.executable, "-c", _RUN, "run", "-q", f"params/{study}.yml"],
        cwd=folder,
        env=surroundings() | told | {"DME_DRAW": "no"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    try:
        if not done.returncode:
            return Record.of_results(folder / "results" / study)
        why = done.stderr.strip()
    except DmeError as error:
        why = str(error)
    message = (
        f"Nothing is recorded of {study} at {revision}, and what the code of then gives in the "
        f"environment of today can't be told:\n{why}"
    )
    raise DmeError(message)


def _named(revision: str) -> str:
    """Return the whole name of a commit.

    Raises
    ------
    DmeError
        If there is no such commit.
    """
    found = _told("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found:
        return found
    if not _told("rev-parse", "--verify", "--quiet", "HEAD"):
        message = f"{paths.home().name}/ has no history of git's, so it has no commit {revision}."
    else:
        message = (
            f'There is no commit "{revision}" here. git log --oneline names those there are; a '
            "shallow clone lacks the earlier ones, until git fetch --unshallow."
        )
    raise DmeError(message)


def _held(revision: str, file: str) -> bytes | None:
    """Return what a file of the project held at a commit; None where it was not there."""
    done = _git("show", f"{revision}:./{file}")
    return done.stdout if done is not None and not done.returncode else None


def _unpack(revision: str, folder: Path) -> None:
    """Write the project as it was at a commit into a folder."""
    done = _git("archive", "--format=zip", revision)
    if done is None or done.returncode:
        said = "" if done is None else done.stderr.decode(errors="replace").strip()
        message = f"The project as it was at {revision} can't be read from its history. {said}"
        raise DmeError(message)
    with zipfile.ZipFile(BytesIO(done.stdout)) as archive:
        archive.extractall(folder)


def _told(*words: str) -> str | None:
    """Return what git says in text, without the last line's end; None where it fails."""
    done = _git(*words)
    if done is None or done.returncode:
        return None
    return done.stdout.decode(errors="replace").rstrip("\n")


def _git(*words: str) -> "subprocess.CompletedProcess[bytes] | None":
    try:
        return git(*words)
    except OSError:  # not installed
        return None
