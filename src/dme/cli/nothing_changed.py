"""The run in which nothing has to run: told without loading the command line's libraries."""

import sys
from pathlib import Path

from dme import paths, up_to_date
from dme.errors import DmeError

DEFAULT_STUDY = "hartford-2017"
_QUIET = {"-q", "--quiet"}


def run(words: list[str]) -> bool:
    """Answer ``dme run [PARAMS...]`` where every result stands.

    Parameters
    ----------
    words : list of str
        The command line after the program's name.

    Returns
    -------
    bool
        Whether it was answered; if not, nothing was said.
    """
    if words[:1] != ["run"] or any(word.startswith("-") and word not in _QUIET for word in words):
        return False
    try:
        named = [Path(word) for word in words[1:] if word not in _QUIET]
        files = named or [paths.home() / "params" / f"{DEFAULT_STUDY}.yml"]
        standing = up_to_date.standing(files)
        if standing is None or len({study for study, _, _ in standing}) < len(files):
            return False
        for study, folder, _ in standing:
            said = up_to_date.NOTHING_TO_RUN.format(f"{paths.relative(folder)}/")
            sys.stdout.write(f"✓ {study}: {said}\n")
    except (DmeError, OSError, UnicodeError):
        # The whole command line meets the same error, and knows how to tell it.
        return False
    return True
