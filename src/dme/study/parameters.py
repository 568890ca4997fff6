"""The parameters of a study: what can be chosen, and what the Hartford study chose.

Each field says what it means; the site's table of parameters is made of the same texts, so that
they can't drift apart. The fields stand in the order of the notebooks that read them.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from dme import paths
from dme.errors import DmeError
from dme.text import first_year

_URBAN_PEERS = (
    "0150011",  # Bridgeport
    "0340011",  # Danbury
    "0430011",  # East Hartford
    "0800011",  # Meriden
    "0890011",  # New Britain
    "0930011",  # New Haven
    "1030011",  # Norwalk
    "1350011",  # Stamford
    "1510011",  # Waterbury
)
_SMALLER_CITIES = (
    "0020011",  # Ansonia
    "0370011",  # Derby
    "0950011",  # New London
    "1040011",  # Norwich
    "1560011",  # West Haven
    "1630011",  # Windham
)

_SHEFF_REGION = (
    "0640011",  # Hartford
    "0040011",  # Avon
    "0110011",  # Bloomfield
    "0230011",  # Canton
    "0400011",  # East Granby
    "0430011",  # East Hartford
    "0470011",  # East Windsor
    "0480011",  # Ellington
    "0520011",  # Farmington
    "0540011",  # Glastonbury
    "0560011",  # Granby
    "0770011",  # Manchester
    "0940011",  # Newington
    "1190011",  # Rocky Hill
    "1280011",  # Simsbury
    "1320011",  # South Windsor
    "1390011",  # Suffield
    "1460011",  # Vernon
    "1550011",  # West Hartford
    "1590011",  # Wethersfield
    "1640011",  # Windsor
    "1650011",  # Windsor Locks
    "2410014",  # Capitol Region Education Council
    "2610013",  # Jumoke Academy
    "2630013",  # Odyssey Community School
    "2880013",  # Achievement First Hartford Academy
)


def _code(raw: object) -> object:
    if isinstance(raw, int | float):
        message = 'a district code is text: seven digits in quotes, such as "0640011"'
        raise ValueError(message)
    return raw


def _year(raw: object) -> object:
    if isinstance(raw, str):
        try:
            first_year(raw)
        except DmeError as error:
            raise ValueError(str(error)) from error
    return raw


def _none(raw: object) -> object:
    return "" if raw is None else raw


def _percent(raw: object) -> object:
    """Refuse a share where a percentage is asked for: 0.85 for 85."""
    try:
        number = float(raw)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return raw
    if 0 < number < 1:
        message = f"is in percent, not a share: write {100 * number:g} for {number:g}"
        raise ValueError(message)
    return raw


DistrictCode = Annotated[str, BeforeValidator(_code)]
SchoolYear = Annotated[str, BeforeValidator(_year)]
OwnFile = Annotated[str, BeforeValidator(_none)]
"""A file's path in the project; YAML's null is none, as is an empty text."""
Percent = Annotated[float, BeforeValidator(_percent)]


OWN_FILES = ("partner_inventory", "comments", "plan_actions", "buildings")
"""Parameters that name files of the district's own, each after the layout of its file."""

LISTS = ("peers", "wider_peers", "north", "region", "design_schools")
"""Parameters that are lists, in which nothing stands twice."""

_LONGEST_LIST = 2_000
_LONGEST_TEXT = 200
_MOST_STUDENTS = 100_000
_MOST_DOLLARS = 10**12
_LARGEST_SEED = 2**63 - 1


class Study(BaseModel):
    """The parameters of one study."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    study: str = Field(
        "hartford-2017",
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        description="Name of the study: its results stand in results/<study>/.",
    )
    tables: str = Field(
        "data/tables", description="Folder of the tables that the study reads, in the project."
    )
    district: DistrictCode = Field(
        "0640011", description="State code of the district that is studied (in quotes)."
    )
    peers: tuple[DistrictCode, ...] = Field(
        _URBAN_PEERS,
        min_length=1,
        description="State codes of the districts that it is compared with.",
    )
    wider_peers: tuple[DistrictCode, ...] = Field(
        _SMALLER_CITIES,
        description="State codes of districts that join the peers in an alternative comparison.",
    )
    enrollment_year: SchoolYear = Field(
        "2016-17", description="School year of the enrollment by school (October count)."
    )
    size_year: SchoolYear = Field(
        "2016-17",
        description=(
            "School year of the school sizes that are compared with the peers'; it may be one "
            "whose schools stand in the report on spending alone."
        ),
    )
    trend_start: SchoolYear = Field(
        "2007-08", description="First school year of the enrollment trend."
    )
    spending_year: SchoolYear = Field(
        "2017-18", description="School year of the spending by school."
    )
    smallest_school: int = Field(
        100,
        ge=0,
        le=_MOST_STUDENTS,
        description="Fewest students that make a row of the state's files a school of its own.",
    )
    peer_average: Literal["schools", "districts"] = Field(
        "schools",
        description=(
            "What counts once in the peers' mean school size: schools (all of theirs together) or "
            "districts (the mean of their own means)."
        ),
    )
    small_school: int = Field(
        350,
        ge=1,
        le=_MOST_STUDENTS,
        description="Schools with fewer students than this are small.",
    )
    full_utilization: Percent = Field(
        85, gt=0, le=200, description="Utilization in percent from which a building is full enough."
    )
    weighting: Literal["students", "schools"] = Field(
        "students",
        description=(
            "What an average of spending per pupil weights: students (all dollars over all "
            "pupils) or schools (each school alike)."
        ),
    )
    plant_cost: bool = Field(
        True, description="Whether operation and maintenance of plant counts as spending."
    )
    level: Literal["all", "elementary", "PK-8", "middle", "high"] = Field(
        "all",
        description=(
            "Level of the schools whose spending is compared, by their grade span (elementary, "
            "PK-8, middle, high), or all."
        ),
    )
    before_plan: SchoolYear = Field(
        "2017-18", description="Last school year before the plan took effect."
    )
    plan_horizon: SchoolYear = Field(
        "2021-22", description="School year that the plan looked ahead to."
    )
    confidence: Percent = Field(
        95, gt=50, lt=100, description="Level of the intervals, in percent."
    )
    resamples: int = Field(
        4000, ge=200, le=100_000, description="Bootstrap resamples behind an interval."
    )
    seed: int = Field(2017, ge=0, le=_LARGEST_SEED, description="Seed of the random numbers.")
    growth_year: SchoolYear = Field(
        "2015-16", description="School year of the growth by school (its later test)."
    )
    bus_rule: Literal["standing", "older"] = Field(
        "standing",
        description=(
            "The district's published rule of walking distances and buses: the standing one "
            "(about 2013 to 2018) or the older one."
        ),
    )
    north: tuple[str, ...] = Field(
        ("Blue Hills", "Clay Arsenal", "Northeast", "Upper Albany"),
        description=(
            "The neighborhoods whose distance to a high school is held against the rest of the "
            "city's."
        ),
    )
    region: tuple[DistrictCode, ...] = Field(
        _SHEFF_REGION,
        description=(
            "State codes of the districts, the study's own among them, over whose schools "
            "segregation in the region is measured."
        ),
    )

    # Teaching and learning.
    staff_year: SchoolYear = Field(
        "2015-16", description="School year of the staff and qualifications by school."
    )
    function_year: SchoolYear = Field(
        "2016-17", description="School year of the spending by district and function."
    )
    class_sizes: Literal["contract 2017-2019", "union page"] = Field(
        "contract 2017-2019",
        description=(
            "Which edition of Hartford's class-size maxima sections are counted with; in another "
            "district they are a yardstick."
        ),
    )
    arts_periods: float = Field(
        1,
        gt=0,
        le=10,
        description="Class periods a week that a section has in art, and as many in music.",
    )
    pe_periods: float = Field(
        2,
        gt=0,
        le=10,
        description="Class periods a week that a section has in physical education.",
    )
    specialist_load: float = Field(
        25,
        gt=0,
        le=60,
        description="Class periods a week that a full-time teacher of art, music or physical "
        "education teaches.",
    )

    # Family and community partnerships: a district's own files.
    partner_inventory: OwnFile = Field(
        "",
        description=(
            "The district's own inventory of partners, a CSV file in data/ (its layout: dme "
            "template partner_inventory); none where empty."
        ),
    )
    comments: OwnFile = Field(
        "",
        description=(
            "The district's own file of coded comments, a CSV file in data/ (its layout: dme "
            "template comments); none where empty."
        ),
    )

    # The plan: a district's own files.
    plan_actions: OwnFile = Field(
        "",
        description=(
            "The district's own plan, a CSV file in data/ (its layout: dme template "
            "plan_actions); where empty, the plan in the tables."
        ),
    )
    buildings: OwnFile = Field(
        "",
        description=(
            "The district's own list of its buildings' condition, a CSV file in data/ (its "
            "layout: dme template buildings); none where empty."
        ),
    )

    # The schools' design, and what the released money buys.
    design_schools: tuple[str, ...] = Field(
        ("0641711", "0641611"),
        description=(
            "State codes of the schools that are redesigned (in quotes); where the district has "
            "none of them, its largest elementary and middle school are."
        ),
    )
    design_year: SchoolYear = Field(
        "2018-19", description="School year that schools are redesigned for."
    )
    planning_minutes: int = Field(
        90, ge=10, le=400, description="Consecutive minutes that each team plans together."
    )
    planning_times: int = Field(
        1, ge=1, le=5, description="How often a week each team plans together."
    )
    period_minutes: int = Field(45, ge=20, le=120, description="Minutes of a class period.")
    periods_per_day: int = Field(
        8, ge=5, le=12, description="Periods of a school day, one of them lunch and recess."
    )
    reinvestment: int = Field(
        15_000_000,
        ge=10_000,
        le=_MOST_DOLLARS,
        description="Dollars a year that the six uses of the money are held to.",
    )

    # Operations: the projection of enrollment.
    survival_years: int = Field(
        3,
        ge=1,
        le=10,
        description="Years whose grade-progression ratios an enrollment projection averages.",
    )
    projection_years: int = Field(
        5, ge=1, le=15, description="How many years ahead enrollment is projected."
    )

    # How firm the headline findings are.
    sweep: str = Field(
        "headline",
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        description=(
            "Name of the sweep in params/sweeps/ that says how firm the findings are: a sweep of "
            "the studied district (dme sweep NAME)."
        ),
    )

    # A better plan: what is asked of it, and how hard it is looked for.
    plan_max_displaced: Percent = Field(
        22,
        ge=0,
        le=100,
        description=(
            "Most students whose school closes or ends their grades, in percent of all: what the "
            "plan that was approved was said to ask of them."
        ),
    )
    plan_max_distance: float = Field(
        3.2,
        gt=0,
        le=100,
        description=(
            "Most kilometers, as the crow flies, that a displaced student of grades PK to 8 is "
            "sent, and from a school's last grade to the next school: the longest walking distance "
            "of the district's bus rule, two miles."
        ),
    )
    plan_near_optimal: float = Field(
        2,
        ge=0,
        le=50,
        description="How many percent dearer than the best a plan may be to count as nearly so.",
    )
    plan_gap: float = Field(
        1,
        gt=0,
        le=20,
        description=(
            "At how many percent between a plan's cost and what no plan is below the search for a "
            "better one may stop."
        ),
    )
    plan_time_limit: float = Field(
        120,
        gt=0,
        le=86_400,
        description=(
            "Seconds after which one search ends without that proof; what it found then says so."
        ),
    )

    @field_validator("*")
    @classmethod
    def _readable(cls, value: object) -> object:
        if isinstance(value, tuple) and len(value) > _LONGEST_LIST:
            message = f"must have at most {_LONGEST_LIST:,} entries"
            raise ValueError(message)
        for text in (
            (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
        ):
            if not text.isprintable() or len(text.encode()) > _LONGEST_TEXT:
                message = f"must be at most {_LONGEST_TEXT} characters, all of which can be seen"
                raise ValueError(message)
        return value

    @property
    def folder(self) -> Path:
        """Where the study's tables are."""
        return paths.home() / self.tables
