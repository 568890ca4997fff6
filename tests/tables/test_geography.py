"""The state's directory, and the map of Hartford: outlines and people."""

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import shapely
from shapely import Point

from dme.tables import load
from dme.tables.importers import census, directory, geography, outlines
from dme.tables.refusal import TableError

HARTFORD = "0640011"
# Land area of the town, 45.0 square kilometers, and with its water 46.8: Census Bureau.
TOWN_LAND, TOWN_AREA = 45.0, 46.8

GRADES = ["PreKindergarten", "Kindergarten", *(f"Grade {grade}" for grade in range(1, 13))]


def _file(folder: Path, text: str) -> Path:
    path = folder / "raw.csv"
    path.write_bytes(text.encode())
    return path


def _refused(call: Callable[[], object], *parts: str) -> None:
    with pytest.raises(TableError) as error:
        call()
    for part in ("found:", "expected:", *parts):
        assert part in str(error.value)


DIRECTORY = (
    f"District Name,School Name,Organization Type,Organization Code,Town,{','.join(GRADES)},"
    "Student Open Date,Interdistrict Magnet,Location\n"
    "Hartford School District,Hartford School District,Public School Districts,0640011,Hartford,"
    f"{'1,' * 14}1996-07-01T00:00:00.000,0,\n"
    "Hartford School District,Batchelder School,Public Schools,0640411,Hartford,"
    f"{'1,' * 3}{'0,' * 11}1984-07-01T00:00:00.000,1,"
    '"757 New Britain Avenue\nHartford, CT 06106\n(41.733048, -72.707552)"\n'
    "Judicial Centers,Hartford Detention Center,State Agency Facilities,3480315,Hartford,"
    f"{'0,' * 10}{'1,' * 4}1984-07-01T00:00:00.000,,\n"
)


def _schools(folder: Path, text: str = DIRECTORY) -> pd.DataFrame:
    return directory.schools(_file(folder, text), "2022", {HARTFORD})


def test_directory_keeps_schools_of_known_districts(tmp_path: Path):
    (row,) = _schools(tmp_path).to_dict("records")
    assert (row["school_code"], row["district_code"]) == ("0640411", HARTFORD)
    assert (row["grades"], row["low_grade"], row["high_grade"]) == ("PK K 1", "PK", "1")
    assert (row["longitude"], row["latitude"]) == (-72.707552, 41.733048)
    assert (row["interdistrict_magnet"], row["opened"]) == ("yes", "1984-07-01")


def test_blank_marks_are_missing(tmp_path: Path):
    text = DIRECTORY.replace(".000,1,", ".000,,").replace(" -72.707552)", "")
    (row,) = _schools(tmp_path, text).to_dict("records")
    assert pd.isna(row["interdistrict_magnet"])
    assert pd.isna(row["longitude"])


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("0640411", "640411", ["lost its leading zero", "line 5", "Organization Code"]),
        ("3480315", "0640411", ["stands twice", "also in line 5"]),
        ("Public Schools", "Summer Camps", ["don't belong together", "Summer Camps"]),
        ("Public Schools", "State Agencies", ["don't belong together", "kind of school"]),
        ("0640411", "0640011", ["stands twice"]),
        ("0640411", "0650411", ["another district than its name", "line 5"]),
        (",1,1,1,0", ",1,1,2,0", ["mark is none", '"Grade 1"', "'2'"]),
        (".000,1,", ".000,x,", ["mark is none", "Interdistrict Magnet"]),
        ("1984-07-01T00:00:00.000,1", "July 1984,1", ["date is none", "line 5"]),
        ("Town,", "Place,", ["column is missing", '"Town"']),
    ],
)
def test_bad_directory_is_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    assert old in DIRECTORY
    _refused(lambda: _schools(tmp_path, DIRECTORY.replace(old, new)), "raw.csv", *parts)


WORDS = {
    "Geo_FIPS": "FIPS",
    "SE_T002_003": "Area (Land)",
    "SE_T007_001": "Total Population:",
    "SE_T007_002": "Total Population: Under 5 Years",
    "SE_T007_003": "Total Population: 5 to 9 Years",
    "SE_T007_004": "Total Population: 10 to 14 Years",
    "SE_T007_005": "Total Population: 15 to 17 Years",
    **{f"SE_T007_{number:03d}": f"Adults {number}" for number in range(6, 14)},
    "SE_T010_002": "Male Population: Under 18 Years",
    "SE_T011_002": "Female Population: Under 18 Years",
}
TRACTS = (
    f"{','.join(WORDS.values())}\n{','.join(WORDS)}\n"
    "09003500100,0.5,100,1,2,3,4,90,0,0,0,0,0,0,0,4,6\n"
)


def test_tract_is_read(tmp_path: Path):
    (row,) = census.tracts(_file(tmp_path, TRACTS)).to_dict("records")
    assert list(row.values()) == ["09003500100", 100, 1, 2, 3, 4, 1.295]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("09003500100", "9003500100", ["none of Hartford's county", "line 3"]),
        (",100,1,", ",101,1,", ["don't add up to the population", "'101'", "100"]),
        (",4,6\n", ",5,6\n", ["not as many as the children", "SE_T010_002"]),
        ("5 to 9 Years", "5 to 9 Weeks", ["other words above it", "line 1", "SE_T007_003"]),
        ("SE_T007_003", "SE_T007_030", ["column is missing", '"SE_T007_003"']),
        ("100,0.5,100,1,2", "100,0.5,100,-1,4", ["negative", "SE_T007_002"]),
        ("\n09003500100", "\n09003500100,0.5", ["not as many cells"]),
        (TRACTS, "<html>", ["web page"]),
    ],
)
def test_bad_tracts_are_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    assert old in TRACTS
    path = _file(tmp_path, TRACTS.replace(old, new))
    _refused(lambda: census.tracts(path), "raw.csv", *parts)


PLACES = (
    "level,town,name,Total population,Population under age 18,Population ages 65+,"
    "Latino population,White population,Black population,Other race population,"
    "Foreign-born population,Total households,Owner-occupied households,Poverty status known,"
    'Population in poverty,Low-income population,"Under 18, poverty status known",'
    "Children in poverty,Low-income children,Percent under age 18,Percent foreign-born,"
    "Homeownership rate,Poverty rate,Low-income rate,Child poverty rate,Child low-income rate\n"
    "towns,,Hartford,100,25,10,40,30,20,10,5,50,10,80,20,40,20,5,10,"
    "0.25,0.05,0.2,0.25,0.5,0.25,0.5\n"
    "neighborhoods,West Hartford,Rockledge,100,25,10,40,30,20,10,5,50,10,80,20,40,20,5,10,"
    "0.25,0.05,0.2,0.25,0.5,0.25,0.5\n"
)


def test_neighborhoods_of_west_hartford_are_left_out(tmp_path: Path):
    found = census.neighborhoods(_file(tmp_path, PLACES))
    assert found["place"].tolist() == ["Hartford"]
    assert found.loc[0, ["level", "hispanic", "children_in_poverty"]].tolist() == ["town", 40, 5]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("towns,", "blocks,", ["level is unknown", "line 2"]),
        ("towns,,Hartford,100", "towns,,Hartford,101", ["races don't add up", "100"]),
        ("10,0.25,0.05", "10,0.26,0.05", ["not that of its counts", "Percent under age 18"]),
        ("neighborhoods,West Hartford,Rockledge", "towns,,Hartford", ["stands twice", "line 3"]),
    ],
)
def test_bad_neighborhoods_are_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    assert old in PLACES
    path = _file(tmp_path, PLACES.replace(old, new))
    _refused(lambda: census.neighborhoods(path), "raw.csv", *parts)


WEIGHTS = (
    "town,name,geoid10,weight\nHartford,West End,09003524501,0.635\n"
    "Hartford,Parkville,09003524501,0.365\nWest Hartford,Rockledge,09003496300,1.0\n"
)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("0.365", "0.36", ["don't add up to 1", "0.995"]),
        ("Parkville", "West End", ["stands twice"]),
        ("Parkville,0", "Parkville,", ["none of Hartford's county", "line 3"]),
        ("weight\n", "share\n", ["column is missing"]),
    ],
)
def test_bad_weights_are_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    assert len(census.tract_weights(_file(tmp_path, WEIGHTS))) == 2
    path = _file(tmp_path, WEIGHTS.replace(old, new))
    _refused(lambda: census.tract_weights(path), "raw.csv", *parts)


def test_distances_are_those_on_the_ellipsoid():
    # A minute of latitude is 1,852 meters by the definition of the nautical mile, nearly.
    south, north = geography.Place(-72.68, 41.75), geography.Place(-72.68, 41.75 + 1 / 60)
    assert geography.meters_apart(south, north) == pytest.approx(1852, rel=0.002)
    # East to west, a degree shrinks by the cosine of the latitude, nearly.
    west = geography.Place(-72.68 - 1 / 60, 41.75)
    assert geography.meters_apart(south, west) == pytest.approx(1852 * 0.7461, rel=0.005)


def _feature(properties: str, corners: list[list[float]]) -> str:
    return (
        f'{{"properties": {properties}, "geometry": {{"type": "Polygon", '
        f'"coordinates": [{[*corners, corners[0]]}]}}}}'
    )


def _square(west: float) -> list[list[float]]:
    return [[west, 41], [west + 0.01, 41], [west + 0.01, 41.01], [west, 41.01]]


def _maps(folder: Path, name: str, *features: str) -> Path:
    path = folder / f"{name}.geojson"
    path.write_text(f'{{"features": [{", ".join(features)}]}}', encoding="utf-8")
    return path


def test_outlines_are_kept_once_each(tmp_path: Path):
    squares = [
        _feature(f'{{"Name": "Zone {zone}"}}', _square(-72 - zone / 10)) for zone in range(1, 5)
    ]
    zones = _maps(tmp_path, "zones", *squares)
    here = _feature('{"town": "Hartford", "name": "A"}', _square(-72.3))
    there = _feature('{"town": "West Hartford", "name": "B"}', _square(-72.5))
    tract = _maps(tmp_path, "tracts", _feature('{"name": "09003500100"}', _square(-72.3)))
    hoods = _maps(tmp_path, "hoods", here, there)
    found = outlines.areas(zones, hoods, tract, {"09003500100"}).set_index(["kind", "name"])
    assert list(found.index)[4:] == [("neighborhood", "A"), ("tract", "09003500100")]
    # 0.01 by 0.01 degrees, by hand: 0.8315 km by 1.1107 km.
    assert found["square_km"].unique() == pytest.approx([0.924], abs=0.001)
    twice = _maps(tmp_path, "twice", here, here)
    _refused(lambda: outlines.areas(zones, twice, tract, {"09003500100"}), "each of one place")
    _refused(lambda: outlines.areas(zones, tract, tract, {"09003500100"}), "could not be read")
    _refused(lambda: outlines.areas(zones, hoods, tract, set()), "each of one place", "0 outlines")


def test_outline_that_vanishes_is_refused(tmp_path: Path):
    zones = _maps(
        tmp_path,
        "zones",
        *[_feature(f'{{"Name": "Zone {n}"}}', _square(-72 - n / 10)) for n in range(1, 5)],
    )
    sliver = [[-72.3, 41], [-72.29, 41], [-72.29, 41.000004], [-72.3, 41.000004]]
    hoods = _maps(tmp_path, "hoods", _feature('{"town": "Hartford", "name": "A"}', _square(-72.3)))
    tracts = _maps(tmp_path, "tracts", _feature('{"name": "09003500100"}', sliver))
    _refused(lambda: outlines.areas(zones, hoods, tracts, {"09003500100"}), "loses its shape")


# Figures of the publishers' own files.

GEO = "geography"
AGES = f"{GEO}/hartford_age_by_tract_acs2011-15"


def _everyone(raw: Path, edition: str, file: str) -> pd.DataFrame:
    districts = set(load("districts")["district_code"])
    return directory.schools(
        raw / f"directory/ct_education_directory_{file}.csv", edition, districts
    )


@pytest.mark.raw
def test_a_schools_code_tells_its_district_in_every_year():
    table = load("school_enrollment")
    told = table["school_code"].map(directory.district_of).eq(table["district_code"])
    # The report on spending has two campuses whose codes end like no organization's.
    assert set(table.loc[~told, "school_code"]) == {"0641610", "0641710"}


@pytest.mark.raw
@pytest.mark.parametrize(
    ("edition", "file", "rows"),
    [
        ("2015", "2015_connecticut_schools", 335),
        ("2020-02", "2020-02", 1055),
        ("2022", "2022", 1022),
    ],
)
def test_directory_editions(raw: Path, edition: str, file: str, rows: int):
    found = _everyone(raw, edition, file)
    assert len(found) == rows
    years = load("school_enrollment")
    of_hartford = found.loc[found["district_code"] == HARTFORD, "school_code"]
    if edition == "2015":
        # Every school of Hartford with 100 students in 2014-15, and none that was not there.
        own = years[(years["school_year"] == "2014-15") & (years["district_code"] == HARTFORD)]
        assert set(own.loc[own["students"] >= 100, "school_code"]) <= set(of_hartford)
        assert set(of_hartford) <= set(own["school_code"])
    if edition == "2020-02":
        # The copy of February 2020 has the 46 schools whose spending of 2017-18 is reported.
        spent = load("spending_schools")
        spent = spent[(spent["school_year"] == "2017-18") & (spent["district_code"] == HARTFORD)]
        assert set(of_hartford) == set(spent["school_code"])
        assert found["opened"].max() == "2018-05-01"


@pytest.mark.raw
def test_directory_rows_read_with_the_eye(raw: Path):
    found = _everyone(raw, "2022", "2022").set_index("school_code")
    # "Capitol Region Education Council,Academy of Aerospace and Engineering, ... 2415114,
    # 1101 Kennedy Road,Windsor, ... 0,0,0,0,0,0,0,1,1,1,1,1,1,1,2008-08-25...,1, ...
    # (41.895931, -72.65199)"
    row = found.loc["2415114"]
    assert row["grades"] == "6 7 8 9 10 11 12"
    assert (row["kind"], row["town"], row["opened"]) == ("service_center", "Windsor", "2008-08-25")
    assert (row["longitude"], row["latitude"]) == (-72.65199, 41.895931)
    early = _everyone(raw, "2015", "2015_connecticut_schools").set_index("school_code")
    # "Achievement First Hartford Academy Inc.,...,2880113 ... 0,1,...,1,0,8/26/08,0"
    assert early.loc["2880113", ["low_grade", "high_grade", "opened"]].tolist() == [
        "K",
        "11",
        "2008-08-26",
    ]


@pytest.mark.raw
def test_children_of_the_tracts_agree_with_the_publishers_own_sum(raw: Path):
    found = census.tracts(raw / f"{AGES}/R11852200_SL140.csv").set_index("tract")
    with (raw / f"{AGES}/population-young.csv").open(encoding="utf-8") as file:
        young = {f"0{row['Id']}": int(row["y_2011-2015"]) for row in csv.DictReader(file)}
    bands = ["under_5", "age_5_to_9", "age_10_to_14", "age_15_to_17"]
    assert found[bands].sum(axis=1).to_dict() == young
    assert found["population"].sum() == 124795
    assert found["land_square_km"].sum() == pytest.approx(TOWN_LAND, abs=0.05)
    # "09003500100" ... "3843" ... "327","315","476","194"
    assert found.loc["09003500100", ["population", *bands]].tolist() == [3843, 327, 315, 476, 194]


@pytest.mark.raw
def test_neighborhoods_add_up_to_the_town(raw: Path):
    found = census.neighborhoods(raw / f"{GEO}/hartford_acs_basic_neighborhood_2019.csv")
    town = found.set_index("place").loc["Hartford"]
    parts = found[found["level"] == "neighborhood"]
    assert len(parts) == 15
    for count in ("under_18", "households", "children_in_poverty", "children_low_income"):
        assert parts[count].sum() == town[count]
    assert town["population"] - parts["population"].sum() == 907
    # "neighborhoods,Hartford,Hartford,Clay Arsenal,6848,2578, ... 2572,1535,0.6,2246"
    clay = found.set_index("place").loc["Clay Arsenal"]
    assert clay[["under_18", "children_in_poverty"]].tolist() == [2578, 1535]


@pytest.mark.raw
def test_weights_cover_the_tracts_but_one(raw: Path):
    weights = census.tract_weights(
        raw / f"{GEO}/hartford_neighborhood_tract_weights_2010tracts.csv"
    )
    tracts = census.tracts(raw / f"{AGES}/R11852200_SL140.csv").set_index("tract")
    assert set(tracts.index) - set(weights["tract"]) == {"09003500700"}
    # "09003500700": 1083 people, none of 5 to 17; its own file of the young says 13.
    shared = weights["weight"] * weights["tract"].map(tracts["population"])
    assert shared.sum() == pytest.approx(124795 - 1083, abs=5)
    people = census.neighborhoods(raw / f"{GEO}/hartford_acs_basic_neighborhood_2019.csv")
    later = people[people["level"] == "neighborhood"].set_index("place")["population"]
    earlier = shared.groupby(weights["neighborhood"]).sum()
    assert set(earlier.index) == set(later.index)
    # Four years apart, from the same tracts: no neighborhood is half or double.
    assert (earlier / later).between(0.67, 1.5).all()


@pytest.fixture(scope="module")
def drawn(raw: Path) -> pd.DataFrame:
    tracts = set(census.tracts(raw / f"{AGES}/R11852200_SL140.csv")["tract"])
    return outlines.areas(
        raw / f"{GEO}/hartford-school-attendance-zones-2010.geojson",
        raw / f"{GEO}/hartford_neighborhoods_datahaven.geojson",
        raw / f"{GEO}/hartford_tracts_2010vintage.geojson",
        tracts,
    )


@pytest.mark.raw
def test_three_sets_of_outlines_cover_the_town(drawn: pd.DataFrame, raw: Path):
    assert drawn["kind"].value_counts().to_dict() == {"zone": 4, "neighborhood": 16, "tract": 39}
    area = drawn.groupby("kind")["square_km"].sum()
    assert area["zone"] == pytest.approx(TOWN_AREA, abs=0.2)
    assert area["neighborhood"] == pytest.approx(TOWN_AREA, abs=0.2)
    # What no tract covers is North Meadows, the neighborhood that is tract 09003500700.
    north = drawn.set_index("name").loc["North Meadows", "square_km"]
    assert area["tract"] + north == pytest.approx(TOWN_AREA, abs=0.2)
    # Land by the Census Bureau; only tracts at the river have much water.
    land = census.tracts(raw / f"{AGES}/R11852200_SL140.csv").set_index("tract")["land_square_km"]
    ratio = land / drawn[drawn["kind"] == "tract"].set_index("name")["square_km"]
    assert ratio.dropna().between(0.85, 1.06).all()
    assert ratio.median() == pytest.approx(1, abs=0.005)


@pytest.mark.raw
def test_outlines_are_valid_and_near_what_they_were(drawn: pd.DataFrame, raw: Path):
    shapes = shapely.from_wkt(drawn["outline"])
    assert shapely.is_valid(shapes).all()
    hoods = shapes[drawn["kind"] == "neighborhood"]
    assert shapely.coverage_is_valid(hoods)
    before = geography.outlines(
        raw / f"{GEO}/hartford_neighborhoods_datahaven.geojson", "town", "name"
    )
    known = {name: shape for (_, name), shape in before}
    for name, shape in zip(drawn.loc[drawn["kind"] == "neighborhood", "name"], hoods, strict=True):
        changed = shape.symmetric_difference(known[name]).area / known[name].area
        assert changed < 0.005, name
    assert drawn["outline"].str.len().sum() < 100_000


@pytest.mark.raw
def test_schools_lie_in_the_zone_of_the_outline(drawn: pd.DataFrame):
    zones = drawn[drawn["kind"] == "zone"].set_index("name")["outline"].map(shapely.from_wkt)
    placed = load("school_zones")
    placed = placed[placed["zone"] != "outside"]
    assert len(placed) > 40
    for row in placed.itertuples():
        assert zones[row.zone].covers(Point(row.longitude, row.latitude)), row.school_code


# The tables as they are committed.


def test_directory_table_agrees_with_the_register():
    table = load("school_directory")
    assert set(table["school_code"]) <= set(load("schools")["school_code"])
    assert table.groupby("edition").size().to_dict() == {"2015": 335, "2020-02": 1055, "2022": 1022}


def test_tables_of_places_name_the_same_places():
    areas = load("areas")
    hoods = set(areas.loc[areas["kind"] == "neighborhood", "name"])
    assert hoods - set(load("neighborhoods")["place"]) == {"North Meadows"}
    assert set(load("neighborhood_tracts")["neighborhood"]) == hoods - {"North Meadows"}
    tracts = load("tracts")
    assert tracts.loc[tracts["longitude"].isna(), "tract"].tolist() == ["09003500700"]
    assert set(areas.loc[areas["kind"] == "tract", "name"]) == set(
        tracts.loc[tracts["longitude"].notna(), "tract"]
    )
