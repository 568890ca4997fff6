"""The notebooks as they stand in the project: which there are, and which kernel they ask for."""

import json
from pathlib import Path

from dme import fresh, paths
from dme.errors import DmeError

ORDINARY = "python3"
WARM = "dme"
"""Name of the kernel that starts warm; see `dme.warm`."""


def sources() -> list[Path]:
    """Return the project's notebooks, by name.

    Raises
    ------
    DmeError
        If there is none.
    """
    if found := fresh.notebooks():
        return found
    message = f"There is no notebook in {paths.relative(paths.home() / 'notebooks')}/."
    raise DmeError(message)


def wanted_kernel(source: Path) -> str | None:
    """Return the kernel that a notebook asks for; None where it is no notebook."""
    try:
        metadata = json.loads(source.read_bytes())["metadata"]
        return str(metadata.get("kernelspec", {}).get("name", ORDINARY))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
