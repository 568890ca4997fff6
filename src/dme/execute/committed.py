"""Which commit of the project a run is of, and what of the project differs from it."""

import os
import subprocess

from dme import paths

# Set while git itself runs something, such as a hook: they would name another repository.
_OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
_ROOMS = ("data/", "notebooks/", "params/", "src/")
"""Where a file that git was never told of may be one that a figure is made of."""


def commit() -> tuple[str, list[str]]:
    """Return the commit that the project's folder is at, and the paths that differ from it.

    Those are the tracked files that differ, and files of the rooms that git does neither track nor
    ignore: no figure is to claim a commit that it was not made of. Nothing where the folder is no
    repository's top, has no commit yet, or there is no git.
    """
    if not (paths.home() / ".git").exists():
        return "", []
    try:
        head = _said("rev-parse", "--verify", "--quiet", "HEAD").strip()
        told = _said("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all")
    except (OSError, subprocess.SubprocessError):
        return "", []
    lines = [(line[:2], line[3:]) for line in told.split("\0") if line]
    return head, sorted(name for how, name in lines if how != "??" or name.startswith(_ROOMS))


def git(*words: str) -> "subprocess.CompletedProcess[bytes]":
    """Ask git something about the project's folder.

    Raises
    ------
    OSError
        If there is no git.
    """
    # Without its optional locks it is in nobody's way who works in the folder meanwhile.
    return subprocess.run(
        ["git", "--no-optional-locks", "-c", "core.quotepath=off", *words],
        cwd=paths.home(),
        env={name: told for name, told in os.environ.items() if name not in _OF_ANOTHER},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def _said(*words: str) -> str:
    done = git(*words)
    done.check_returncode()
    return os.fsdecode(done.stdout)
