"""What the plan notebook presents: the plan as it was told, scored on public data."""

from dme.evidence.plan.answer import Scored, answer
from dme.evidence.plan.buildings import fullness, pathways, quality
from dme.evidence.plan.counts import approved, counted, preceded
from dme.evidence.plan.money import Accounts, Released, money
from dme.evidence.plan.people import distance, flows, stayers, teams
from dme.evidence.plan.scheme import Scheme, Tables, scheme

__all__ = [
    "Accounts",
    "Released",
    "Scheme",
    "Scored",
    "Tables",
    "answer",
    "approved",
    "counted",
    "distance",
    "flows",
    "fullness",
    "money",
    "pathways",
    "preceded",
    "quality",
    "scheme",
    "stayers",
    "teams",
]
