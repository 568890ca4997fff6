"""Federal files of any state, turned into tables of the same form as the state's own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from dme import paths
from dme.tables.assemble import schools
from dme.tables.columns import GRADES
from dme.tables.constraints import DTYPES
from dme.tables.importers.federal import ccd, crdc, edge, f33
from dme.tables.importers.federal.folder import Folder, notes, open_folder
from dme.tables.load import load
from dme.tables.recipe import Frames
from dme.tables.schemas import specs
from dme.tables.sources import Source, listed, read_sources
from dme.tables.spec import TableSpec
from dme.text import plural

_CODES = {
    "district_code": "The federal code of the district (LEAID, seven digits).",
    "school_code": "The federal code of the school (NCESSCH, twelve digits).",
}


@dataclass
class Federal:
    """What a folder of federal files gives.

    Attributes
    ----------
    frames : dict of str to DataFrame
        The tables that could be made, with the columns of their specs.
    sources : dict of str to Source
        The files by id.
    made_from : dict of str to tuple of str
        The sources of each table.
    skipped : dict of str to str
        Why a table was not made, by its name.
    notes : list of str
        What was left out of the tables, and what the files themselves contradict.
    """

    frames: Frames = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    made_from: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def specs(self) -> dict[str, TableSpec]:
        """What each table is, with its federal sources and descriptions."""
        forms = specs()
        return {name: _spec(forms[name], self.made_from[name], self.frames) for name in self.frames}

    def add(self, name: str, rows: Iterable[pd.DataFrame], origin: Iterable[str], why: str) -> None:
        """Add a table, or the reason why there is none."""
        rows = list(rows)
        some = [frame for frame in rows if len(frame)]
        if some:
            self.frames[name] = pd.concat(some, ignore_index=True)
            self.made_from[name] = tuple(dict.fromkeys(origin))
        else:
            self.skipped[name] = "the files hold no line of the states chosen" if rows else why


def read_federal(folder: Path, states: tuple[str, ...] | None = None) -> Federal:
    """Read every federal file of a folder and turn it into tables.

    Parameters
    ----------
    folder : Path
        Files as downloaded, unpacked (text, or text gzipped); also in folders below. What a
        file is, its heading tells; years may stand side by side.
    states : tuple of str, optional
        Postal codes of the states to keep; all of them unless given.

    Raises
    ------
    DmeError
        If a state is none, or the folder or a file is not as expected; see `open_folder`.
    """
    raw = open_folder(folder, states)
    found = Federal(sources=raw.sources(), notes=notes(raw))
    _membership(found, raw)
    directories = _directories(raw)
    _finances(found, raw)
    _staff(found, raw)
    _spending(found, raw, directories[0])
    _directory(found, raw, directories[0])
    _registers(found, raw, directories)
    _carried(found)
    forms = specs()
    for name in forms:
        if name not in found.frames:
            found.skipped.setdefault(name, "no federal file that is known here holds them")
    found.frames = {
        name: _formed(found.frames[name], form)
        for name, form in forms.items()
        if name in found.frames
    }
    return found


def _formed(frame: pd.DataFrame, form: TableSpec) -> pd.DataFrame:
    """Return the columns of the table; one that federal files do not have is missing throughout."""
    lacking = {
        name: DTYPES[column.type] for name, column in form.columns.items() if name not in frame
    }
    return frame.reindex(columns=list(form.columns)).astype(lacking)


def _membership(found: Federal, raw: Folder) -> None:
    """Add the enrollment by school, by grade and by race, and by district."""
    kind = ccd.SCHOOL_MEMBERSHIP
    totals, grades, groups = [], [], []
    for file in raw.of(kind):
        students = ccd.school_membership(file, raw.states)
        by_grade = students.grades.assign(school_year=file.year)
        untold = by_grade[by_grade["students"].isna()].groupby("school_code").size()
        suppressed = students.totals["school_code"].map(untold).fillna(0).astype("Int64")
        told = {"grades_suppressed": suppressed, "count_from": "october"}
        totals.append(students.totals.assign(**told))
        grades.append(by_grade)
        groups.append(students.races.assign(school_year=file.year))
        _note(found, students.beyond, "school", f"with students beyond PK to 12 in {file.year}")
        _note(
            found,
            students.uneven,
            "school",
            f"whose grades don't add up to the total of {file.year}, as published",
        )
    origin, why = raw.ids(kind), f"there is no file of the layout {kind.title}"
    found.add("school_enrollment", totals, origin, why)
    found.add("school_enrollment_by_grade", grades, origin, why)
    by_race = [frame for frame in groups if len(frame)]
    of_races = f"no line of {kind.title} counts students by race" if totals else why
    found.add("school_enrollment_by_group", by_race, origin, of_races)
    _districts_of(found, raw)


def _districts_of(found: Federal, raw: Folder) -> None:
    """Add the enrollment by district: as the agency files count it, else summed over schools."""
    kind, keys = ccd.LEA_MEMBERSHIP, ["school_year", "school_code"]
    files = raw.of(kind)
    read = [ccd.lea_membership(file, raw.states) for file in files]
    totals = [rows.assign(edition="annual") for rows, _ in read]
    grades = [
        rows.assign(school_year=file.year) for file, (_, rows) in zip(files, read, strict=True)
    ]
    if "school_enrollment" in found.frames:
        rows = found.frames["school_enrollment"]
        totals += _summed(rows[~rows["nothing"]].assign(edition="annual"), totals, "edition")
        of_schools = found.frames.get("school_enrollment_by_grade")
        if of_schools is not None:
            of_schools = of_schools.merge(rows[[*keys, "district_code"]], on=keys)
            grades += _summed(of_schools, grades, "grade")
    origin = [*raw.ids(kind), *raw.ids(ccd.SCHOOL_MEMBERSHIP)]
    why = f"there is no file of the layout {ccd.SCHOOL_MEMBERSHIP.title}, nor {kind.title}"
    found.add("district_enrollment", totals, origin, why)
    found.add("district_enrollment_by_grade", grades, origin, why)


def _summed(rows: pd.DataFrame, counted: list[pd.DataFrame], by: str) -> list[pd.DataFrame]:
    """Return the sums over districts' schools, missing where one is, of years not counted."""
    years = {year for frame in counted for year in frame["school_year"]}
    rows = rows[~rows["school_year"].isin(years)]
    told = rows.assign(untold=rows["students"].isna())
    by_district = told.groupby(["school_year", "district_code", by], as_index=False)
    found = by_district.agg(students=("students", "sum"), untold=("untold", "any"))
    return [found.assign(students=found["students"].mask(found["untold"]))]


def _directories(raw: Folder) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the schools and the districts of every directory."""
    schools_of = [ccd.school_directory(f, raw.states) for f in raw.of(ccd.SCHOOL_DIRECTORY)]
    districts_of = [ccd.lea_directory(f, raw.states) for f in raw.of(ccd.LEA_DIRECTORY)]
    named = ["school_year", "district_code", "district"]
    spans = [*named, "school_code", "school", "low_grade", "high_grade", "kind", "town"]
    return (
        pd.concat([pd.DataFrame(columns=spans, dtype="str"), *schools_of], ignore_index=True),
        pd.concat([pd.DataFrame(columns=named, dtype="str"), *districts_of], ignore_index=True),
    )


def _finances(found: Federal, raw: Folder) -> None:
    """Add what districts spend, by function and in all."""
    rows = []
    for file in raw.of(f33.LAYOUT):
        finances, unknown, uneven = f33.finances(file, raw.states)
        rows.append(finances)
        _note(
            found,
            unknown,
            "line",
            f"of F-33 left out for {file.year}, with a number of the survey's own",
        )
        _note(
            found,
            uneven,
            "district",
            f"whose revenue doesn't add up to the total of {file.year}, as published",
        )
    why, origin = f"there is no file of the layout {f33.LAYOUT.title}", raw.ids(f33.LAYOUT)
    functions = [_by_function(each) for each in rows]
    found.add("district_spending_by_function", functions, origin, why)
    totals = [
        each.rename(columns={"total_per_pupil": "dollars_per_pupil"})
        .dropna(subset=["dollars_per_pupil"])
        .assign(report="federal")
        for each in functions
    ]
    found.add("district_spending", totals, origin, why)


_FUNCTIONS = {
    "instructional_staff": ("instruction",),
    "instruction_and_media": ("staff_support",),
    "student_support": ("pupil_support",),
    "administration": ("general_administration", "school_administration", "other_support"),
    "plant": ("plant_operation",),
    "transportation": ("transportation",),
    "other": ("other_current",),
    "total": ("current_spending",),
}
"""The functions of the table, and what of F-33 they are; missing where a part is."""


def _by_function(finances: pd.DataFrame) -> pd.DataFrame:
    """Return what districts spend by function, in all and per pupil."""
    students = finances["students"].mask(finances["students"].eq(0).fillna(False))
    dollars = {
        name: finances[list(parts)].sum(axis=1, skipna=False) for name, parts in _FUNCTIONS.items()
    }
    per_pupil = {
        f"{name}_per_pupil": (amount / students.astype("float64")).round().astype("Int64")
        for name, amount in dollars.items()
    }
    keys = ["school_year", "district_code", "district"]
    return finances[keys].assign(**dollars, **per_pupil, code_from="printed")


def _staff(found: Federal, raw: Folder) -> None:
    """Add the staff of schools and of districts."""
    tables = {
        "school_staff": (ccd.SCHOOL_STAFF, ccd.school_staff),
        "district_staff": (ccd.LEA_STAFF, ccd.lea_staff),
    }
    for name, (layout, read) in tables.items():
        rows = [read(file, raw.states).assign(code_from="printed") for file in raw.of(layout)]
        why = f"there is no file of the layout {layout.title}"
        found.add(name, rows, raw.ids(layout), why)


def _directory(found: Federal, raw: Folder, directory: pd.DataFrame) -> None:
    """Add what kind of school each is and, where EDGE tells it, its place."""
    layout = edge.LAYOUTS[0]
    places = [edge.places(file, raw.states) for file in raw.of(layout)]
    rows = directory.dropna(subset=["low_grade"])
    if places:
        # The last place that is known: a school that is not in its year's file hardly moved.
        latest = pd.concat(places).rename(columns={"nces_id": "school_code"})
        latest = latest.drop_duplicates("school_code", keep="last").drop(columns="school_year")
        rows = rows.merge(latest, on="school_code", how="left", validate="m:1")
    spans = [
        GRADES[GRADES.index(low) : GRADES.index(high) + 1]
        for low, high in zip(rows["low_grade"], rows["high_grade"], strict=True)
    ]
    rows = rows.assign(edition=rows["school_year"], grades=[" ".join(span) for span in spans])
    why = f"there is no file of the layout {ccd.SCHOOL_DIRECTORY.title}"
    origin = [*raw.ids(ccd.SCHOOL_DIRECTORY), *raw.ids(layout)]
    found.add("school_directory", [rows] if raw.of(ccd.SCHOOL_DIRECTORY) else [], origin, why)


def _spending(
    found: Federal,
    raw: Folder,
    directory: pd.DataFrame,
) -> None:
    """Add the spending by school, in dollars and per pupil."""
    layout = crdc.LAYOUTS[0]
    told = [crdc.spending(file, raw.states) for file in raw.of(layout)]
    origin = raw.ids(layout)
    rows = pd.concat(told, ignore_index=True) if told else pd.DataFrame()
    if rows.empty:
        why = f"there is no file of the layout {layout.title}, nor {crdc.LAYOUTS[1].title}"
        found.add("spending_schools", told, origin, why)
        return
    grades = found.frames.get("school_enrollment_by_grade")
    rows = _filled(rows, found.frames.get("school_enrollment"), ("students",))
    for spans in (directory, _spans(grades)):
        rows = _filled(rows, spans, ("low_grade", "high_grade"))
    spanned = rows.dropna(subset=["low_grade"])
    collection = "of the Civil Rights Data Collection without known"
    graded, unknown = len(rows) - len(spanned), int(spanned["students"].isna().sum())
    _note(found, graded, "school", f"{collection} grades of PK to 12, left out of spending_schools")
    _note(found, unknown, "school", f"{collection} students in the same year")
    years = sorted(set(rows["school_year"]))
    found.add(
        "spending_schools",
        [_per_pupil(spanned)] if spanned["students"].notna().any() else [],
        [
            *origin,
            *raw.ids(ccd.SCHOOL_MEMBERSHIP, years),
            *raw.ids(ccd.SCHOOL_DIRECTORY, years),
        ],
        f"its schools have no students or no grades for {', '.join(years)}; the file of the "
        f"layout {ccd.SCHOOL_MEMBERSHIP.title} of that year tells both",
    )


def _per_pupil(rows: pd.DataFrame) -> pd.DataFrame:
    """Return spending per pupil; missing where what is told can't be all that was spent."""
    total = rows["personnel_all_funds"] + rows["non_personnel_all_funds"]
    believed = total > 0
    for part in ("personnel", "non_personnel"):
        believed &= rows[f"{part}_all_funds"] >= rows[f"{part}_state_local"].fillna(0)
    students = rows["students"].mask(rows["students"].eq(0).fillna(False))
    dollars = (total.where(believed) / students.astype("float64")).round()
    return rows.assign(
        students=students,
        percent_high_needs=float("nan"),
        dollars_per_pupil=dollars.astype("Int64"),
    )


def _filled(
    rows: pd.DataFrame, others: pd.DataFrame | None, columns: tuple[str, ...]
) -> pd.DataFrame:
    """Return `rows` with what is missing in `columns` taken from the same school and year."""
    if others is None:
        return rows
    keys = ["school_year", "school_code"]
    more = rows[keys].merge(others[[*keys, *columns]], on=keys, how="left", validate="1:1")
    return rows.assign(
        **{name: rows[name].where(rows[name].notna(), more[name]) for name in columns}
    )


def _spans(grades: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the lowest and highest grade that has students, by year and school."""
    if grades is None:
        return None
    ranks = grades.assign(rank=grades["grade"].map(GRADES.index))
    ends = ranks.groupby(["school_year", "school_code"], as_index=False)["rank"].agg(["min", "max"])
    return ends.assign(
        low_grade=ends["min"].map(lambda rank: GRADES[rank]),
        high_grade=ends["max"].map(lambda rank: GRADES[rank]),
    )


def _registers(
    found: Federal,
    raw: Folder,
    directories: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """Add every district and every school that a table names."""
    columns = ["school_year", "district_code", "district"]
    holding = [frame for frame in found.frames.values() if "district_code" in frame]
    everywhere = pd.concat(
        [frame.reindex(columns=columns) for frame in (*holding, *directories)], ignore_index=True
    ).sort_values("school_year", kind="stable")
    latest = everywhere.groupby("district_code", as_index=False)["district"].last()
    unnamed = latest["district"].isna()
    _note(found, int(unnamed.sum()), "district", "without a name in any file, named by code")
    latest["district"] = latest["district"].where(~unnamed, latest["district_code"])
    origin = [name for made in found.made_from.values() for name in made]
    named = [*raw.ids(ccd.SCHOOL_DIRECTORY), *raw.ids(ccd.LEA_DIRECTORY)]
    rows = [latest.assign(level="district")] if len(latest) else []
    found.add("districts", rows, [*origin, *named], "no file that was read names a district")
    with_schools = {name: frame for name, frame in found.frames.items() if "school" in frame}
    rows = [schools(with_schools)] if with_schools else []
    origin = [name for made in with_schools for name in found.made_from[made]]
    found.add("schools", rows, origin, "no file that was read counts a school's students or staff")


_CARRIED = ("class_size_maxima", "consumer_prices")
"""Tables of no district that serve any: a yardstick of classes, and what a dollar is worth."""


def _carried(found: Federal) -> None:
    """Add the project's own tables that hold of any district, if there is anything to hold."""
    if "districts" not in found.frames:
        return
    known = read_sources(paths.home() / "data" / "sources.yml")
    for name in _CARRIED:
        own = listed(specs()[name].sources, known)
        found.add(name, [load(name)], own, "")
        found.sources |= {source: known[source] for source in own}


def _spec(form: TableSpec, origin: tuple[str, ...], made: Iterable[str]) -> TableSpec:
    """Return what a table is where federal files made it."""
    told = form.federal
    words = _CODES | dict(told.columns if told else {})
    columns = {
        key: column.model_copy(update={"description": words.get(key, column.description)})
        for key, column in form.columns.items()
    }
    references = tuple(one for one in form.references if one.table in made)
    changed = {"columns": columns, "sources": origin, "references": references}
    if told:
        changed |= told.model_dump(include={"title", "description", "computed"})
    return form.model_copy(update=changed)


def _note(found: Federal, count: int, noun: str, words: str) -> None:
    if count:
        found.notes.append(f"{plural(count, noun)} {words}")
