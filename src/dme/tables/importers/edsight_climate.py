"""What EdSight's files of attendance and discipline share: groups, districts, schools in parts.

A school has one line for each group of its students; a few schools have two or three, under
several districts.
"""

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers.edsight import RACES, STATE
from dme.tables.importers.sheet import Sheet

ALL, GRADE, LUNCH, RACE = KINDS = ("all", "grade", "lunch", "race")
SCHOOL = ("District", "District Code", "School", "School Code")
DISTRICT = ("District", "District Code")
# The column that names the group, in a file by grade, by lunch, by race.
GROUP_COLUMNS = {
    ALL: (),
    GRADE: ("Grade",),
    LUNCH: ("Free/Reduced Price Meal Eligibility",),
    RACE: ("Race/Ethnicity",),
}

_NUMBERED = GRADES[2:]
_GROUPS = {
    # Attendance prints "Grade   1" and "Grade 10", discipline "01" and "10".
    GRADE: {"Kindergarten": "K", "Not Available": "unknown", "K": "K"}
    | {f"Grade {'  ' if len(grade) == 1 else ''}{grade}": grade for grade in _NUMBERED}
    | {grade.zfill(2): grade for grade in _NUMBERED},
    LUNCH: {
        "Eligible For Free Lunch": "free_lunch",
        "Eligible For Reduced Lunch": "reduced_lunch",
        "Not Eligible For Lunch": "not_eligible",
    },
    RACE: RACES,
}
_PLACE = ["school_code", "district_code"]

# A file, and what its lines say.
Lines = tuple[Sheet, pd.DataFrame]


def group(read: Sheet, kind: str) -> pd.DataFrame:
    """Return ``group_kind`` and ``group`` of each line; an unknown group is refused."""
    words: object = ALL
    for column in GROUP_COLUMNS[kind]:
        words = read.word(column, _GROUPS[kind], "A group is unknown.")
    return pd.DataFrame({"group_kind": kind, "group": words}, index=read.cells.index)


def schools(read: Sheet, kind: str, codes: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the place and the group of each line of a file by school.

    Parameters
    ----------
    read : Sheet
        The file.
    kind : str
        Which groups have a line each.
    codes : mapping of str to str, optional
        Districts' codes by name, for a file without them.

    Returns
    -------
    DataFrame
        ``school_code``, ``school``, ``district_code``, ``district``, ``group_kind``, ``group``.
    """
    names = read.text("District")
    if codes is None:
        districts = read.code("District Code")
    else:
        districts = names.map(codes)
        problem = "A district has no code, and its name stands nowhere beside one."
        expected = "a district that the year's files print a code for"
        read.refuse(districts.isna(), problem, "District", expected)
    place = {
        "school_code": read.code("School Code"),
        "school": read.text("School"),
        "district_code": districts,
        "district": names,
    }
    return pd.DataFrame(place).join(group(read, kind))


def districts(read: Sheet, kind: str) -> pd.DataFrame:
    """Return ``district_code``, ``district`` and the group of each line of a file by district."""
    place = {"district_code": read.code("District Code"), "district": read.text("District")}
    found = pd.DataFrame(place).join(group(read, kind))
    read.once(found[["district_code", "group"]], "District Code", "line")
    return found


def district_codes(read: Sheet) -> dict[str, str]:
    """Return the districts' codes by name, without names that stand beside several codes."""
    found = {"name": read.text("District"), "code": read.code("District Code")}
    both = pd.DataFrame(found).drop_duplicates().drop_duplicates("name", keep=False)
    return dict(zip(both["name"], both["code"], strict=True))


def with_groups(
    everyone: Lines, groups: Iterable[Lines], check: Callable[[Lines, pd.DataFrame], None]
) -> pd.DataFrame:
    """Return a year's lines of schools, each with its ``part``.

    A school's lines in the file of all students are numbered from 1, the one of the most
    students (where they are told) first; its groups have the number of their own place.

    Parameters
    ----------
    everyone : Lines
        Of the file of all students.
    groups : iterable of Lines
        Of the files by group.
    check : callable
        Refuses groups that contradict their schools, by ``school_code`` and ``part``.
    """
    read, schools = everyone
    read.once(schools[_PLACE], "School Code", "line")
    ordered = schools.sort_values("students", ascending=False, kind="stable")
    schools["part"] = ordered.groupby("school_code").cumcount().add(1).astype("Int64")
    found = [schools]
    for by_group, lines in groups:
        both = lines[_PLACE].merge(schools[[*_PLACE, "part"]], on=_PLACE, how="left")
        lines["part"] = both["part"].set_axis(lines.index)
        problem = "A school has groups but no line for all its students."
        expected = f"a line for it under the same district in {read.file.name}"
        by_group.refuse(lines["part"].isna(), problem, "School Code", expected)
        by_group.once(lines[[*_PLACE, "group"]], "School Code", "line")
        check(everyone, lines)
        found.append(lines)
    # A school's first part is last, so that the register of schools learns its names.
    every = pd.concat(found).sort_values("part", ascending=False, kind="stable")
    return every.reset_index(drop=True)


def state(read: Sheet, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the first line of the state's file, with its figures; refuse a file without one."""
    if read.cells.empty:
        place = read.cells.columns[0]
        raise read.fault(None, "The file has no such row.", place, "a line of the state", "none")
    found = group(read, ALL).join(figures).head(1)
    return found.assign(district_code=STATE, district="State")
