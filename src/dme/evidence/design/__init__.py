"""School design: sections, teams and a week; what planning costs; what the money buys."""

from dme.evidence.design.answer import answer
from dme.evidence.design.planning import planning_cost
from dme.evidence.design.schools import Rolls, designs
from dme.evidence.design.uses import Accounts, price_of, uses
from dme.evidence.design.weeks import class_table, grid, picture, staff_table, weeks
from dme.evidence.place import place

__all__ = [
    "Accounts",
    "Rolls",
    "answer",
    "class_table",
    "designs",
    "grid",
    "picture",
    "place",
    "planning_cost",
    "price_of",
    "staff_table",
    "uses",
    "weeks",
]
