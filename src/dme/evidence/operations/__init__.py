"""What the notebook on operations presents: size, cost and fullness of the district's schools."""

from dme.evidence.operations.answer import answer
from dme.evidence.operations.cost import small_school_cost
from dme.evidence.operations.curve import cost_curve
from dme.evidence.operations.enrollment import enrollment, trend
from dme.evidence.operations.functions import premium_by_function
from dme.evidence.operations.groups import by_size
from dme.evidence.operations.levels import schools_per_thousand, size_by_level
from dme.evidence.operations.modelled import seats_by_school, underused_cost
from dme.evidence.operations.peers import premium_in_peers
from dme.evidence.operations.plain_seats import by_plain_seats
from dme.evidence.operations.projection import enrollment_projection
from dme.evidence.operations.size import school_size
from dme.evidence.operations.utilization import zone_utilization
from dme.evidence.place import place
from dme.evidence.seats import ZoneSeats

__all__ = [
    "ZoneSeats",
    "answer",
    "by_plain_seats",
    "by_size",
    "cost_curve",
    "enrollment",
    "enrollment_projection",
    "place",
    "premium_by_function",
    "premium_in_peers",
    "school_size",
    "schools_per_thousand",
    "seats_by_school",
    "size_by_level",
    "small_school_cost",
    "trend",
    "underused_cost",
    "zone_utilization",
]
