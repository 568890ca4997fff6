"""What the project held at another commit."""

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

from dme import paths
from dme.errors import DmeError


def named(revision: str) -> str:
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


def held(revision: str, file: str) -> bytes | None:
    """Return what a file of the project held at a commit; None where it was not there."""
    done = _git("show", f"{revision}:./{file}")
    return done.stdout if done is not None and not done.returncode else None


def unpack(revision: str, folder: Path) -> None:
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
        return subprocess.run(
            ["git", "-c", "core.quotepath=off", *words],
            cwd=paths.home(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:  # not installed
        return None
