"""The notebooks as they stand in the project: which there are, and what they say of themselves."""

from pathlib import Path
from typing import Any

from dme import paths, up_to_date
from dme.errors import DmeError
from dme.records import parsed

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
    if found := up_to_date.notebooks():
        return found
    message = f"There is no notebook in {paths.relative(paths.home() / 'notebooks')}/."
    raise DmeError(message)


def wanted_kernel(source: Path) -> str | None:
    """Return the kernel that a notebook asks for; None where it is no notebook."""
    metadata = _metadata(source)
    return None if metadata is None else str(_of(metadata, "kernelspec").get("name", ORDINARY))


def expected_seconds(source: Path) -> float | None:
    """Return about how long a notebook says that its cells take; None where it says nothing.

    It stands in the notebook's metadata as ``dme.seconds``, and tells no more than in which order
    to begin where nothing has been run yet.
    """
    seconds = _of(_metadata(source) or {}, "dme").get("seconds")
    return float(seconds) if isinstance(seconds, int | float) else None


def _metadata(source: Path) -> dict[str, Any] | None:
    try:
        metadata = parsed(source.read_bytes())["metadata"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return metadata if isinstance(metadata, dict) else None


def _of(metadata: dict[str, Any], key: str) -> dict[str, Any]:
    part = metadata.get(key, {})
    return part if isinstance(part, dict) else {}
