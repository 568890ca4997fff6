"""Records that one run keeps for the next: read as they were written, or as if they were absent.

This module imports nothing slow: a run in which nothing changed reads its record first.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SUM = "checksum"


def sealed(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record tells, with its checksum."""
    return {**told, _SUM: _sum(told)}


def unsealed(told: object) -> dict[str, Any] | None:
    """Return what a record tells; None where it is not what was sealed."""
    if not isinstance(told, dict):
        return None
    rest = {key: value for key, value in told.items() if key != _SUM}
    try:
        return rest if told.get(_SUM) == _sum(rest) else None
    except (TypeError, ValueError, RecursionError):
        return None


def _sum(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def text(told: Mapping[str, Any]) -> str:
    """Return the text of a record's file."""
    return json.dumps(sealed(told), indent=1, ensure_ascii=False) + "\n"


def read(path: Path) -> dict[str, Any] | None:
    """Return what a record's file tells; None where it is absent, damaged or edited."""
    try:
        return unsealed(parsed(path.read_bytes()))
    except (OSError, ValueError):
        return None


def parsed(content: bytes | str) -> Any:
    """Return what JSON holds.

    Raises
    ------
    ValueError
        If it is no JSON, nested without measure, or holds half a character, which no file can.
    """
    try:
        found = json.loads(content)
        if "\\ud" in (content if isinstance(content, str) else content.decode()).lower():
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        message = "lists and objects in each other without measure"
        raise ValueError(message) from None
    return found
