"""The tables of the state's directory of schools, and of the map of Hartford and its people."""

from dme.tables.columns import (
    GRADES,
    Column,
    one_of,
    real,
    school_code,
    text,
    whole,
)
from dme.tables.spec import Reference, TableSpec

DIRECTORY_FILES = ("state-directory-2015", "state-directory-2020-02", "state-directory-2022")
_TRACT_OUTLINES = "hartford-tracts-2010"
_TRACT = r"^09003\d{6}$"


def _longitude(description: str = "WGS 84.", *, nullable: bool = False) -> Column:
    return real("Longitude", description, "degrees", low=-73.8, high=-71.7, nullable=nullable)


def _latitude(description: str = "WGS 84.", *, nullable: bool = False) -> Column:
    return real("Latitude", description, "degrees", low=40.9, high=42.1, nullable=nullable)


def _tract() -> Column:
    description = "Eleven digits of the Census Bureau, boundaries of 2010."
    return text("Tract", description, unit="code", pattern=_TRACT)


def _people(title: str, description: str) -> Column:
    return whole(title, description, unit="people")


SCHOOL_DIRECTORY = TableSpec(
    name="school_directory",
    title="Schools in the state's education directory",
    description=(
        "Schools and programs in three copies of the state's education directory. A copy's date "
        "is not the year that it lists: the copy of 2015 has the schools of 2014-15, that of "
        "February 2020 those of 2017-18 (no school in it opened after June 2018), that of 2022 "
        "those of 2021-22. The copy of 2015 is not whole: it has the 335 schools here of about "
        "1,060, most of them in the north of the state, and a school that is missing from it may "
        "well have existed. Offices of districts are left out, and so are the facilities of the "
        "Judicial Branch (4, 7 and 7), whose agency no enrollment file lists. For most "
        "schools the copy of 2015 prints another date of opening than the later two, which agree."
    ),
    columns={
        "edition": one_of(
            "Edition", "Which copy of the directory.", ("2015", "2020-02", "2022"), unit="edition"
        ),
        "school_code": school_code(),
        "kind": one_of(
            "Kind",
            "public: a town's; regional: a regional district's; service_center: a regional "
            "education service center's; academy: endowed or incorporated; state_facility: of a "
            "state agency.",
            (
                "public",
                "regional",
                "charter",
                "service_center",
                "technical",
                "academy",
                "state_facility",
            ),
        ),
        "town": text(
            "Town", "Town of the address as printed; the copy of 2015 prints none.", nullable=True
        ),
        "longitude": _longitude(
            "Place that the state's portal found for the address, WGS 84; missing where it found "
            "none.",
            nullable=True,
        ),
        "latitude": _latitude(nullable=True),
        "low_grade": one_of("Lowest grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "high_grade": one_of("Highest grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "grades": text(
            "Grades",
            "Every grade marked, with spaces between; a few schools have a gap.",
            unit="grades",
            pattern=r"^(PK|K|\d+)( (K|\d+))*$",
        ),
        "interdistrict_magnet": one_of(
            "Interdistrict magnet",
            "As marked; missing where the mark is blank, which is not the same as no: a few "
            "magnet schools have a blank.",
            ("yes", "no"),
            nullable=True,
        ),
        "opened": text(
            "Opened", "Date of opening as printed.", unit="date", pattern=r"^\d{4}-\d{2}-\d{2}$"
        ),
    },
    key=("edition", "school_code"),
    sources=DIRECTORY_FILES,
    references=(Reference(("school_code",), "schools"),),
)

TRACTS = TableSpec(
    name="tracts",
    title="Children in Hartford's census tracts",
    description=(
        "People and children by age in Hartford's 40 census tracts of 2010, from the American "
        "Community Survey of 2011 to 2015. These are estimates from a sample: the file prints "
        "no margins of error, and a tract's count of one age can be far off. It has no children "
        "in poverty; see neighborhoods. Tract 09003500700 has no outline in the sources, so no "
        "center here; it is North Meadows, the one neighborhood into which no other tract "
        "reaches, and 13 of its 1,083 people are children."
    ),
    columns={
        "tract": _tract(),
        "population": _people("Population", "Everyone."),
        "under_5": _people("Under 5", "Children under 5."),
        "age_5_to_9": _people("5 to 9", "Children of 5 to 9."),
        "age_10_to_14": _people("10 to 14", "Children of 10 to 14."),
        "age_15_to_17": _people("15 to 17", "Children of 15 to 17."),
        "land_square_km": real(
            "Land", "Land without water, from square miles.", "square kilometers", low=0
        ),
        "longitude": _longitude("Center of the outline, WGS 84.", nullable=True),
        "latitude": _latitude("Center of the outline, WGS 84.", nullable=True),
    },
    key=("tract",),
    sources=("hartford-tract-ages-2011-15", _TRACT_OUTLINES),
    computed=True,
)

NEIGHBORHOODS = TableSpec(
    name="neighborhoods",
    title="People and poverty in Hartford's neighborhoods",
    description=(
        "Counts for Hartford's 15 neighborhoods where people live, with the town, West Hartford, "
        "Greater Hartford and the state beside them, from the American Community Survey of 2015 "
        "to 2019. DataHaven shared out the tracts' estimates by households; margins of error are "
        "not printed. Children and poverty of the neighborhoods add up to the town's; the "
        "population is 907 short of it, adults all, as one tract is in no neighborhood. Printed "
        "shares agree with these counts and are left out; so are cost-burdened households, whose "
        "share has another base than the households printed, and West Hartford's neighborhoods."
    ),
    columns={
        "place": text("Place", "Neighborhood, town, region or state."),
        "level": one_of("Level", "What the place is.", ("state", "region", "town", "neighborhood")),
        "population": _people("Population", "Everyone."),
        "under_18": _people("Under 18", "Children under 18."),
        "age_65_plus": _people("65 and over", "People of 65 or more."),
        "hispanic": _people("Hispanic", "Hispanic or Latino, of any race."),
        "white": _people("White", "Not Hispanic."),
        "black": _people("Black", "Not Hispanic."),
        "other_race": _people("Other races", "Not Hispanic."),
        "foreign_born": _people("Foreign-born", "People born abroad."),
        "households": whole("Households", "All households.", unit="households"),
        "owner_households": whole(
            "Owner households", "Households that own their home.", unit="households"
        ),
        "poverty_known": _people("Poverty status known", "The base of the next two counts."),
        "in_poverty": _people("In poverty", "People below the federal poverty level."),
        "low_income": _people("Low income", "People below twice the federal poverty level."),
        "children_poverty_known": _people(
            "Children, poverty status known", "The base of the next two counts."
        ),
        "children_in_poverty": _people(
            "Children in poverty", "Under 18, below the federal poverty level."
        ),
        "children_low_income": _people(
            "Children of low income", "Under 18, below twice the federal poverty level."
        ),
    },
    key=("place",),
    sources=("hartford-neighborhood-acs-2015-19",),
)

NEIGHBORHOOD_TRACTS = TableSpec(
    name="neighborhood_tracts",
    title="Which tracts a neighborhood is made of",
    description=(
        "How each of Hartford's census tracts of 2010 is shared out among its neighborhoods, by "
        "households. A tract's weights add up to 1. Tract 09003500700 and North Meadows, the "
        "neighborhood that it makes up, are left out by the source."
    ),
    columns={
        "neighborhood": text("Neighborhood", "As in neighborhoods and areas."),
        "tract": _tract(),
        "weight": real(
            "Weight", "Share of the tract's households.", "share of 1", low=0.001, high=1
        ),
    },
    key=("neighborhood", "tract"),
    sources=("hartford-neighborhood-tracts",),
    references=(Reference(("tract",), "tracts"),),
)

AREAS = TableSpec(
    name="areas",
    title="Outlines of Hartford's zones, neighborhoods and tracts",
    description=(
        "Outlines for maps, in degrees (WGS 84) with five decimals, about a meter. The borders "
        "of neighborhoods are simplified, common borders alike for both sides: a corner goes "
        "where it spans less than some nine square meters, and slivers narrower than a meter "
        "go with it. The zones' outlines overlap by up to 260 square meters, as in the source, "
        "so the zone of a school is found from the source itself (school_zones). Tract "
        "09003500700 has no outline in the source. West Hartford's are left out."
    ),
    columns={
        "kind": one_of("Kind", "What is outlined.", ("zone", "neighborhood", "tract")),
        "name": text("Name", "Zone, neighborhood, or eleven digits of the tract."),
        "square_km": real(
            "Area",
            "Of the outline before simplifying, water included, from the length of a degree on "
            "the WGS 84 ellipsoid at 41.765 north.",
            "square kilometers",
            low=0,
        ),
        "outline": text(
            "Outline",
            "Well-known text: longitude and latitude of each corner.",
            unit="well-known text",
            pattern=r"^(POLYGON|MULTIPOLYGON) \(\(.*\)\)$",
        ),
    },
    key=("kind", "name"),
    sources=(
        "hartford-zones-2010",
        "hartford-neighborhood-outlines",
        _TRACT_OUTLINES,
        "hartford-tract-ages-2011-15",
    ),
    computed=True,
)

TABLES = (SCHOOL_DIRECTORY, TRACTS, NEIGHBORHOODS, NEIGHBORHOOD_TRACTS, AREAS)
