"""What is dear takes turns: a part of it each day, all of it where ``DME_TURNS=all``.

Two runs of one day try the same, and every part has its turn within some days. A day of one's own
is asked for by its number: ``DME_TURNS=739582``.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")
_VARIABLE = "DME_TURNS"


def today() -> int:
    """Return the number of the day whose turn it is; the processes of one run agree on it."""
    day = str(datetime.now(UTC).toordinal())
    told = os.environ.setdefault(_VARIABLE, day)
    return int(day if told == "all" else told)


def on_turn(every: Sequence[T], parts: int) -> list[T]:
    """Return one of so many parts of a sequence, that of the day; or all."""
    day = today()
    return list(every if os.environ[_VARIABLE] == "all" else every[day % parts :: parts])


def pytest_report_header() -> str:
    """Say what would try the same again."""
    return f"{_VARIABLE}={today() and os.environ[_VARIABLE]}"
