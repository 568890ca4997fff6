"""How long each notebook of a study took: the one file of its results that tells the time.

No other holds a moment or a duration, so that two runs of one commit give the same bytes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from dme import records

TIMINGS = "timings.json"


@dataclass(frozen=True)
class Lasted:
    """When a notebook was last run, and how long that took.

    Attributes
    ----------
    seconds : float
        From its first cell to its last, the start of its kernel included.
    started, ended : str
        The moments, in universal time (ISO 8601).
    """

    seconds: float
    started: str
    ended: str

    @classmethod
    def between(cls, started: datetime, ended: datetime) -> "Lasted":
        """Return what two moments say."""
        seconds = round((ended - started).total_seconds(), 3)
        return cls(seconds, started.isoformat(), ended.isoformat())


def read(folder: Path) -> dict[str, Lasted]:
    """Return what a study's results tell by notebook; nothing where the file can't be read."""
    try:
        told = (records.read(folder / TIMINGS) or {})["notebooks"]
        return {name: _lasted(**one) for name, one in told.items()}
    except (KeyError, TypeError, AttributeError):
        return {}


def _lasted(seconds: float, started: str, ended: str) -> Lasted:
    if not isinstance(started, str) or not isinstance(ended, str):
        raise TypeError
    return Lasted(seconds + 0.0, started, ended)


def write(folder: Path, lasted: Mapping[str, Lasted]) -> None:
    """Write how long notebooks took beside their results."""
    told = {"notebooks": {name: asdict(lasted[name]) for name in sorted(lasted)}}
    (folder / TIMINGS).write_text(records.text(told), encoding="utf-8")
