"""What this process may use of the machine."""

import os


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# What is a matter of somebody's own taste: it is to change no figure of the study's.
_TASTE = {"MATPLOTLIBRC", "MPLBACKEND", "PYTHONSTARTUP"}


def surroundings() -> dict[str, str]:
    """Return the environment that notebooks run in: this one, without its user's own settings."""
    kept = {name: value for name, value in os.environ.items() if name not in _TASTE}
    return kept | {"PYTHONUTF8": "1"}
