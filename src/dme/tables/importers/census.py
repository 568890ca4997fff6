"""Who lives in Hartford: census tracts, neighborhoods, and how the two fit together."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from dme.tables.importers import sheet
from dme.tables.importers.sheet import Sheet
from dme.tables.refusal import FETCH_ANEW, refusal

_SQUARE_KM = 2.589988110336
_HARTFORD = "Hartford"

# Column code, words above it: the file has both, and a code means the same in every report of
# the portal only together with its words.
_AGES = {
    "SE_T007_001": ("population", "Total Population:"),
    "SE_T007_002": ("under_5", "Total Population: Under 5 Years"),
    "SE_T007_003": ("age_5_to_9", "Total Population: 5 to 9 Years"),
    "SE_T007_004": ("age_10_to_14", "Total Population: 10 to 14 Years"),
    "SE_T007_005": ("age_15_to_17", "Total Population: 15 to 17 Years"),
}
_ADULTS = tuple(f"SE_T007_{number:03d}" for number in range(6, 14))
_MINORS = {
    "SE_T010_002": "Male Population: Under 18 Years",
    "SE_T011_002": "Female Population: Under 18 Years",
}
_LAND, _FIPS = "SE_T002_003", "Geo_FIPS"
_WORDS = {_FIPS: "FIPS", _LAND: "Area (Land)", **_MINORS} | {
    code: words for code, (_, words) in _AGES.items()
}

LEVELS = {
    "state": "state",
    "regions": "region",
    "towns": "town",
    "neighborhoods": "neighborhood",
}
_COUNTS = {
    "Total population": "population",
    "Population under age 18": "under_18",
    "Population ages 65+": "age_65_plus",
    "Latino population": "hispanic",
    "White population": "white",
    "Black population": "black",
    "Other race population": "other_race",
    "Foreign-born population": "foreign_born",
    "Total households": "households",
    "Owner-occupied households": "owner_households",
    "Poverty status known": "poverty_known",
    "Population in poverty": "in_poverty",
    "Low-income population": "low_income",
    "Under 18, poverty status known": "children_poverty_known",
    "Children in poverty": "children_in_poverty",
    "Low-income children": "children_low_income",
}
_RACES = ["hispanic", "white", "black", "other_race"]
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
    DataFrame
        ``tract``, ``population``, ``under_5``, ``age_5_to_9``, ``age_10_to_14``,
        ``age_15_to_17``, ``land_square_km``.
    """
    numbered = sheet.lines(path)
    _, words = next(numbered, (1, []))
    line, heading = next(numbered, (2, []))
    read = sheet.body(path, line, heading, numbered, (*_WORDS, *_ADULTS))
    _check_words(path, dict(zip(heading, words, strict=False)))
    found = _tract(read, _FIPS).to_frame("tract")
    read.once(found["tract"], _FIPS, "tract")
    people = read.counts({code: name for code, (name, _) in _AGES.items()})
    population = people["population"]
    children = people.drop(columns="population").sum(axis=1)
    everyone = children + read.counts({code: code for code in _ADULTS}).sum(axis=1)
    problem = "The ages don't add up to the population."
    read.refuse(everyone != population, problem, "SE_T007_001", everyone)
    (boys, girls), (column, _) = (read.count(code) for code in _MINORS), _MINORS
    problem = "Boys and girls are not as many as the children by age."
    read.refuse(boys + girls != children, problem, column, children - girls)
    land = (read.number(_LAND) * _SQUARE_KM).round(3)
    return found.join(people).assign(land_square_km=land).reset_index(drop=True)


def neighborhoods(path: Path) -> pd.DataFrame:
    """Read people and poverty in Hartford's neighborhoods, the town, its region and the state.

    Returns
    -------
    DataFrame
        ``place``, ``level`` and the counts; neighborhoods of West Hartford are left out.
    """
    read = sheet.table(path, ("level", "town", "name", *_COUNTS, *_SHARES))
    counts = read.counts(_COUNTS)
    races = counts[_RACES].sum(axis=1)
    problem = "The races don't add up to the population."
    read.refuse(races != counts["population"], problem, "Total population", races)
    for column, (part, whole) in _SHARES.items():
        share = (counts[part] / counts[whole].mask(counts[whole] == 0)).astype("float64").fillna(0)
        read.near(column, read.number(column), share, _SHARE_ROUNDING)
    level = read.word("level", LEVELS, "A level is unknown.")
    found = pd.DataFrame({"place": read.text("name"), "level": level}).join(counts)
    found = found[(level != "neighborhood") | (read["town"] == _HARTFORD)]
    read.once(found["place"], "name", "place")
    return found.reset_index(drop=True)


def tract_weights(path: Path) -> pd.DataFrame:
    """Read how much of each tract lies in which of Hartford's neighborhoods.

    Returns
    -------
    DataFrame
        ``neighborhood``, ``tract``, ``weight``.
    """
    read = sheet.table(path, ("town", "name", "geoid10", "weight"))
    read = read.only(read["town"] == _HARTFORD)
    found = pd.DataFrame({"neighborhood": read.text("name"), "tract": _tract(read, "geoid10")})
    read.once(found, "geoid10", "pair")
    weights = read.number("weight")
    whole = weights.groupby(found["tract"]).transform("sum")
    wrong = (whole - 1).abs() > _WEIGHT_ROUNDING
    told = whole.map("{:.3f} in all".format)
    read.refuse(wrong, "A tract's weights don't add up to 1.", "weight", "1 in all", told)
    return found.assign(weight=weights).reset_index(drop=True)


def _check_words(path: Path, above: Mapping[str, str]) -> None:
    for code, expected in _WORDS.items():
        if (printed := above.get(code, "nothing")) != expected:
            raise refusal(
                problem="A column has other words above it.",
                file=path,
                line=1,
                column=code,
                found=repr(printed),
                expected=repr(expected),
                advice=FETCH_ANEW,
            )


def _tract(read: Sheet, column: str) -> pd.Series:
    problem, expected = "A tract is none of Hartford's county.", "eleven digits, as 09003500100"
    read.refuse(~read[column].str.fullmatch(r"09003\d{6}"), problem, column, expected)
    return read[column]
