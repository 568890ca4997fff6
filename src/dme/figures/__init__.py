"""Every chart of the study.

A figure draws what it is given and computes nothing. Its title says what is seen, its note who
is counted; both are part of the picture, so that it can be passed around alone.
"""

from dme.figures.costs import cost_curve, parts_of_premium
from dme.figures.curve import specification_curve
from dme.figures.districts import over_years, utilization_bars
from dme.figures.estimates import forest
from dme.figures.frontier import cost_and_displacement
from dme.figures.growth import growth_plane
from dme.figures.look import set_look
from dme.figures.maps import tract_map
from dme.figures.paths import school_paths
from dme.figures.posts import district_bars, post_loads, posts_by_size
from dme.figures.projections import projection, readings
from dme.figures.ranges import cost_ranges
from dme.figures.schools import dots_by_district, size_and_spending, size_and_utilization
from dme.figures.sections import grade_sizes, section_shares, section_tiles
from dme.figures.shares import shares
from dme.figures.since import growth_by_need, small_and_large
from dme.figures.stacks import stacks
from dme.figures.strips import strips
from dme.figures.tiles import tiles
from dme.figures.timetable import planning_steps, timetable
from dme.figures.years import named_lines

__all__ = [
    "cost_and_displacement",
    "cost_curve",
    "cost_ranges",
    "district_bars",
    "dots_by_district",
    "forest",
    "grade_sizes",
    "growth_by_need",
    "growth_plane",
    "named_lines",
    "over_years",
    "parts_of_premium",
    "planning_steps",
    "post_loads",
    "posts_by_size",
    "projection",
    "readings",
    "school_paths",
    "section_shares",
    "section_tiles",
    "set_look",
    "shares",
    "size_and_spending",
    "size_and_utilization",
    "small_and_large",
    "specification_curve",
    "stacks",
    "strips",
    "tiles",
    "timetable",
    "tract_map",
    "utilization_bars",
]
