"""The tables of Hartford's schools over time and on the map, and of the seats of its zones."""

from dme.tables.columns import (
    DIRECTORY,
    FEDERAL,
    OUTSIDE,
    ZONES,
    flag,
    nces_id,
    one_of,
    real,
    school_code,
    school_year,
    whole,
)
from dme.tables.spec import TableSpec
from dme.tables.specs.enrollment import GRADE_FILES

_PANEL = "nces-hartford-panel"
_PLACES = (*ZONES, OUTSIDE)
_POINT_SOURCES = (FEDERAL, DIRECTORY)

NCES_ENROLLMENT = TableSpec(
    name="nces_enrollment",
    title="Federal enrollment of Hartford's schools",
    description=(
        "Students by school and year in the federal counts, 1986-87 to 2024-25. A year without "
        "a printed count has no row (Weaver High School has none in 2019-20). One count is "
        "printed as 0: McDonough in 1998-99, after a year without a count."
    ),
    columns={
        "school_year": school_year(),
        "nces_id": nces_id(),
        "students": whole("Students", "Students as printed."),
    },
    key=("school_year", "nces_id"),
    sources=(_PANEL,),
)

SCHOOL_CROSSWALK = TableSpec(
    name="school_crosswalk",
    title="Federal ids and state codes of Hartford's schools",
    description=(
        "Which federal id and which state code name the same school, found from enrollment "
        "alone and from no name: two series match where they agree within 2 students or 1 "
        "percent in at least three quarters of the years 2007-08 to 2016-17 in which both print "
        "a count, and neither matches another series as well. A school that had closed before "
        "2007 or opened after 2017 can't be matched."
    ),
    columns={
        "nces_id": nces_id(),
        "school_code": school_code(),
        "years_compared": whole(
            "Years compared", "Years in which both print a count.", "years", low=1, high=10
        ),
        "years_agreeing": whole(
            "Years agreeing", "Years of these in which the counts agree.", "years", low=1, high=10
        ),
        "rule": one_of(
            "Rule",
            "only: no other series matches; best: others match in fewer years, or are equal in "
            "fewer years.",
            ("only", "best"),
        ),
        "doubtful": flag("Doubtful", "Fewer than three years compared, or others match less well."),
    },
    key=("nces_id",),
    sources=(_PANEL, *GRADE_FILES),
    computed=True,
)

SCHOOL_ZONES = TableSpec(
    name="school_zones",
    title="Hartford's schools by zone",
    description=(
        "The place of each school of Hartford and the zone that the place lies in, by the "
        "zones' outlines of 2010. The place is that of the address in the state's directory of "
        "2015, else the federal one of 2014-15. The federal places lag behind moves: for a few "
        "schools they lie in another zone, which zone_by_nces tells, so a result by zone should "
        "be tried with both. Programs "
        "inside a host school have no place of their own and no row."
    ),
    columns={
        "school_code": school_code(),
        "longitude": real("Longitude", "WGS 84.", "degrees", low=-73.8, high=-71.7),
        "latitude": real("Latitude", "WGS 84.", "degrees", low=40.9, high=42.1),
        "zone": one_of("Zone", "Zone of the place; outside: in none of the four.", _PLACES),
        "coordinates_from": one_of(
            "Coordinates from", "The source of longitude and latitude.", _POINT_SOURCES
        ),
        "zone_by_nces": one_of(
            "Zone by NCES",
            "Zone of the federal place of 2014-15; missing where there is none.",
            _PLACES,
            nullable=True,
        ),
    },
    key=("school_code",),
    sources=(
        "nces-school-points-2014-15",
        "state-directory-2015",
        "hartford-zones-2010",
        _PANEL,
        *GRADE_FILES,
    ),
    computed=True,
)

ZONE_CAPACITY = TableSpec(
    name="zone_capacity",
    title="Students and seats by zone",
    description=(
        "Students, seats and utilization of Hartford's four zones in 2015-16, as printed in the "
        "district's facilities proposals of October 2016. Seats already include an efficiency "
        "factor of 95 or 85 percent. The four zones' printed seats add up to 30,245 and the "
        "printed total is 30,244; both stand here as printed. Students include programs that "
        "EdSight does not count with Hartford's schools."
    ),
    columns={
        "school_year": school_year(),
        "area": one_of("Area", "A zone, or the whole district.", (*ZONES, "District")),
        "students": whole("Students", "Students as printed."),
        "seats": whole("Seats", "Seats as printed.", unit="seats", low=1),
        "utilization_percent": whole(
            "Utilization", "Students over seats, as printed.", "percent", high=200
        ),
    },
    key=("school_year", "area"),
    sources=("hartford-zone-capacity-2015-16",),
)

TABLES = (NCES_ENROLLMENT, SCHOOL_CROSSWALK, SCHOOL_ZONES, ZONE_CAPACITY)
