"""Which schools to keep, with which grades: a location model with a certified gap."""

from dme.measures.portfolio.inputs import Arcs, Options, Portfolio
from dme.measures.portfolio.limits import Limits
from dme.measures.portfolio.plan import CLOSED, Plan, Weights, assigned, best_plan, keeping
from dme.measures.portfolio.program import Effort
from dme.measures.portfolio.score import Score, score

__all__ = [
    "CLOSED",
    "Arcs",
    "Effort",
    "Limits",
    "Options",
    "Plan",
    "Portfolio",
    "Score",
    "Weights",
    "assigned",
    "best_plan",
    "keeping",
    "score",
]
