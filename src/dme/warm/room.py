"""Where sockets can lie: their paths may have about a hundred bytes, and a user's folder more."""

import os

_LONGEST = 107
_SHORT = "/tmp"


def room(base: str, below: int) -> str | None:
    """Return a folder for a socket: `base`, or /tmp where the path would get too long.

    Parameters
    ----------
    base : str
        Where it should lie.
    below : int
        How many bytes of path follow, at most.

    Returns
    -------
    str or None
        None where no folder will do.
    """
    if len(os.fsencode(base)) + below <= _LONGEST:
        return base
    return _SHORT if os.access(_SHORT, os.W_OK) else None
