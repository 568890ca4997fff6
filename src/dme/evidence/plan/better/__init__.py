"""A better plan than the district's own: the portfolio model on its schools, tract by tract."""

from dme.evidence.plan.better.answer import answer
from dme.evidence.plan.better.city import City, Sources, city
from dme.evidence.plan.better.common import Common, common
from dme.evidence.plan.better.frontier import Frontier, picture, saving
from dme.evidence.plan.better.search import Search, search
from dme.evidence.plan.better.sensitivity import Moved, moved
from dme.evidence.plan.better.wishes import explained

__all__ = [
    "City",
    "Common",
    "Frontier",
    "Moved",
    "Search",
    "Sources",
    "answer",
    "city",
    "common",
    "explained",
    "moved",
    "picture",
    "saving",
    "search",
]
