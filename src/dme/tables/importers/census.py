"""Who lives in Hartford: census tracts, neighborhoods, and how the two fit together."""

import re
from collections import defaultdict
from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.rows import Row
from dme.tables.refusal import FETCH_ANEW, refusal

_TRACT = re.compile(r"09003\d{6}")
_SQUARE_KM = 2.589988110336
_HARTFORD = "Hartford"

# Column code, words above it: the file has both, and a code means the same in every report of
# the portal only together with its words.
_AGES = {
    "population": ("SE_T007_001", "Total Population:"),
    "under_5": ("SE_T007_002", "Total Population: Under 5 Years"),
    "age_5_to_9": ("SE_T007_003", "Total Population: 5 to 9 Years"),
    "age_10_to_14": ("SE_T007_004", "Total Population: 10 to 14 Years"),
    "age_15_to_17": ("SE_T007_005", "Total Population: 15 to 17 Years"),
}
_ADULTS = tuple(f"SE_T007_{number:03d}" for number in range(6, 14))
_MINORS = {
    "SE_T010_002": "Male Population: Under 18 Years",
    "SE_T011_002": "Female Population: Under 18 Years",
}
_LAND = ("SE_T002_003", "Area (Land)")
_FIPS = ("Geo_FIPS", "FIPS")

LEVELS = {
    "state": "state",
    "regions": "region",
    "towns": "town",
    "neighborhoods": "neighborhood",
}
_COUNTS = {
    "population": "Total population",
    "under_18": "Population under age 18",
    "age_65_plus": "Population ages 65+",
    "hispanic": "Latino population",
    "white": "White population",
    "black": "Black population",
    "other_race": "Other race population",
    "foreign_born": "Foreign-born population",
    "households": "Total households",
    "owner_households": "Owner-occupied households",
    "poverty_known": "Poverty status known",
    "in_poverty": "Population in poverty",
    "low_income": "Low-income population",
    "children_poverty_known": "Under 18, poverty status known",
    "children_in_poverty": "Children in poverty",
    "children_low_income": "Low-income children",
}
_RACES = ("hispanic", "white", "black", "other_race")
# Each printed share with the counts that it is made of.
_SHARES = {
    "Percent under age 18": ("under_18", "population"),
    "Percent foreign-born": ("foreign_born", "population"),
    "Homeownership rate": ("owner_households", "households"),
    "Poverty rate": ("in_poverty", "poverty_known"),
    "Low-income rate": ("low_income", "poverty_known"),
    "Child poverty rate": ("children_in_poverty", "children_poverty_known"),
    "Child low-income rate": ("children_low_income", "children_poverty_known"),
}
# Shares are printed with two decimals.
_SHARE_ROUNDING = 0.0051
_WEIGHT_ROUNDING = 0.0015


def tracts(path: Path) -> pd.DataFrame:
    """Read children by age in Hartford's census tracts.

    Returns
    -------
    pandas.DataFrame
        ``tract``, ``population``, ``under_5``, ``age_5_to_9``, ``age_10_to_14``,
        ``age_15_to_17``, ``land_square_km``.

    Raises
    ------
    TableError
        If a column is missing or has other words above it, a tract is none of the county or
        stands twice, or ages don't add up to the population or to the boys and girls.
    """
    numbered = rows.lines(path)
    _, words = next(numbered, (1, []))
    line, heading = next(numbered, (2, []))
    told = dict([*_AGES.values(), *_MINORS.items(), _LAND, _FIPS])
    rows.require(path, line, heading, (*told, *_ADULTS))
    _check_words(path, words, heading, told)
    found = [rows.row(path, at, heading, cells) for at, cells in numbered]
    rows.once(((row, _tract(row, "Geo_FIPS")) for row in found), "Geo_FIPS", "tract")
    people = [_people(row) for row in found]
    return pd.DataFrame(
        {
            "tract": [row.cells["Geo_FIPS"] for row in found],
            **{age: pd.array([one[age] for one in people], dtype="Int64") for age in _AGES},
            "land_square_km": [round(row.number(_LAND[0]) * _SQUARE_KM, 3) for row in found],
        }
    )


def neighborhoods(path: Path) -> pd.DataFrame:
    """Read people and poverty in Hartford's neighborhoods, the town, its region and the state.

    Returns
    -------
    pandas.DataFrame
        ``place``, ``level`` and the counts; neighborhoods of West Hartford are left out.

    Raises
    ------
    TableError
        If a level is unknown, a place stands twice, races don't add up to the population, or
        a printed share is not that of its counts.
    """
    columns = ("level", "town", "name", *_COUNTS.values(), *_SHARES)
    found = [(row, _counts(row)) for row in rows.table(path, columns)]
    kept = [
        (row, counts)
        for row, counts in found
        if _level(row) != "neighborhood" or row.cells["town"] == _HARTFORD
    ]
    rows.once(((row, row.text("name")) for row, _ in kept), "name", "place")
    return pd.DataFrame(
        {
            "place": [row.text("name") for row, _ in kept],
            "level": [_level(row) for row, _ in kept],
            **{
                name: pd.array([counts[name] for _, counts in kept], dtype="Int64")
                for name in _COUNTS
            },
        }
    )


def tract_weights(path: Path) -> pd.DataFrame:
    """Read how much of each tract lies in which of Hartford's neighborhoods.

    Returns
    -------
    pandas.DataFrame
        ``neighborhood``, ``tract``, ``weight``.

    Raises
    ------
    TableError
        If a pair stands twice, or a tract's weights don't add up to 1.
    """
    found = [
        row
        for row in rows.table(path, ("town", "name", "geoid10", "weight"))
        if row.cells["town"] == _HARTFORD
    ]
    rows.once(
        ((row, f"{row.text('name')} and {_tract(row, 'geoid10')}") for row in found),
        "geoid10",
        "pair",
    )
    added: defaultdict[str, float] = defaultdict(float)
    for row in found:
        added[row.cells["geoid10"]] += row.number("weight")
    for row in found:
        whole = added[row.cells["geoid10"]]
        if abs(whole - 1) > _WEIGHT_ROUNDING:
            raise row.refuse(
                problem="A tract's weights don't add up to 1.",
                column="weight",
                expected="1 in all",
                found=f"{whole:.3f} in all",
            )
    return pd.DataFrame(
        {
            "neighborhood": [row.text("name") for row in found],
            "tract": [row.cells["geoid10"] for row in found],
            "weight": [row.number("weight") for row in found],
        }
    )


def _check_words(path: Path, words: list[str], heading: list[str], told: dict[str, str]) -> None:
    for code, expected in told.items():
        at = heading.index(code)
        printed = words[at] if at < len(words) else "nothing"
        if printed != expected:
            raise refusal(
                problem="A column has other words above it.",
                file=path,
                line=1,
                column=code,
                found=repr(printed),
                expected=repr(expected),
                advice=FETCH_ANEW,
            )


def _tract(row: Row, column: str) -> str:
    printed = row.cells[column]
    if not _TRACT.fullmatch(printed):
        raise row.refuse(
            problem="A tract is none of Hartford's county.",
            column=column,
            expected="eleven digits, such as 09003500100",
        )
    return printed


def _people(row: Row) -> dict[str, int]:
    people = {age: row.count(code) for age, (code, _) in _AGES.items()}
    minors = sum(people.values()) - people["population"]
    everyone = minors + sum(row.count(code) for code in _ADULTS)
    if everyone != people["population"]:
        raise row.refuse(
            problem="The ages don't add up to the population.",
            column=_AGES["population"][0],
            expected=str(everyone),
        )
    boys, girls = (row.count(code) for code in _MINORS)
    if boys + girls != minors:
        raise row.refuse(
            problem="Boys and girls are not as many as the children by age.",
            column=next(iter(_MINORS)),
            expected=str(minors - girls),
        )
    return people


def _level(row: Row) -> str:
    if row.cells["level"] not in LEVELS:
        raise row.refuse(problem="A level is unknown.", column="level", expected=", ".join(LEVELS))
    return LEVELS[row.cells["level"]]


def _counts(row: Row) -> dict[str, int]:
    counts = {name: row.count(column) for name, column in _COUNTS.items()}
    races = sum(counts[race] for race in _RACES)
    if races != counts["population"]:
        raise row.refuse(
            problem="The races don't add up to the population.",
            column=_COUNTS["population"],
            expected=str(races),
        )
    for column, (part, whole) in _SHARES.items():
        share = counts[part] / counts[whole] if counts[whole] else 0.0
        if abs(row.number(column) - share) > _SHARE_ROUNDING:
            raise row.refuse(
                problem="A printed share is not that of its counts.",
                column=column,
                expected=f"{share:.2f}",
            )
    return counts
