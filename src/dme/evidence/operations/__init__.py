"""What the notebook on operations presents: size, cost and fullness of the district's schools."""

from dme.evidence.operations.cost import small_school_cost
from dme.evidence.operations.enrollment import enrollment, trend
from dme.evidence.operations.groups import by_size
from dme.evidence.operations.modelled import seats_by_school, underused_cost
from dme.evidence.operations.size import school_size
from dme.evidence.operations.utilization import Seats, zone_utilization
from dme.evidence.place import place

__all__ = [
    "Seats",
    "by_size",
    "enrollment",
    "place",
    "school_size",
    "seats_by_school",
    "small_school_cost",
    "trend",
    "underused_cost",
    "zone_utilization",
]
