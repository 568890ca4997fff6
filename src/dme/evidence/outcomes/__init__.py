"""What the outcomes notebook presents: the record of the years since the plan."""

from dme.evidence.outcomes.actions import Record, made, untold
from dme.evidence.outcomes.answer import Found, answer
from dme.evidence.outcomes.fullness import fullness
from dme.evidence.outcomes.money import by_need, over_time
from dme.evidence.outcomes.schools import since

__all__ = [
    "Found",
    "Record",
    "answer",
    "by_need",
    "fullness",
    "made",
    "over_time",
    "since",
    "untold",
]
