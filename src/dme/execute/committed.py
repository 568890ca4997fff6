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
        head = _git("rev-parse", "--verify", "--quiet", "HEAD").strip()
        told = _git("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all")
    except (OSError, subprocess.SubprocessError):
        return "", []
    lines = [(line[:2], line[3:]) for line in told.split("\0") if line]
    return head, sorted(name for how, name in lines if how != "??" or name.startswith(_ROOMS))


def _git(*arguments: str) -> str:
    # Without its optional locks it is in nobody's way who works in the folder meanwhile.
    command = ["git", "--no-optional-locks", *arguments]
    env = {name: told for name, told in os.environ.items() if name not in _OF_ANOTHER}
    done = subprocess.run(
        command, cwd=paths.home(), env=env, capture_output=True, text=True, check=True
    )
    return done.stdout
