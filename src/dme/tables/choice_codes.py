"""Which school of the state a compiled row of a choice program names, told without its name.

The compilers of these rows print names of their own, places and counts. A code is given only by
what agrees with the state's own files: the printed code, the count of students, and the place of
the address in the state's directory. A row for which nothing is enough gets no code.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from dme.tables.importers.directory import district_of
from dme.tables.importers.geography import Place, meters_apart

# As for the federal counts: two students, in a large school one percent.
_STUDENTS_APART = 2
_SHARE_APART = 0.01
# Two services find places up to a few hundred meters apart for one campus.
_METERS_NEAR = 250
# Copied from the directory, but for the rounding.
_METERS_SAME = 2
# Half-day programs are attended by students of other schools, who are counted there.
_HALF_DAY = "[Half-Day]"
_COPIED_YEAR, _COPIED_EDITION = "2015-16", "2015"

MAGNET_RULES = ("code", "place and count")
SHEFF_RULES = ("place and count", "equal count", "only count", "place", "name")


@dataclass(frozen=True)
class State:
    """What the state's own files say.

    Attributes
    ----------
    students : mapping of str to mapping of str to int or None
        Students by school year and school; None where suppressed.
    places : mapping of str to list of (str, Place)
        Each school's places with the directory's edition.
    magnets : collection of str
        Schools that an edition marks as interdistrict magnets.
    districts : mapping of str to str
        Districts' codes by their first three digits.
    """

    students: Mapping[str, Mapping[str, int | None]]
    places: Mapping[str, list[tuple[str, Place]]]
    magnets: Collection[str]
    districts: Mapping[str, str]

    def of_year(self, year: str) -> Mapping[str, int | None]:
        """Return the schools of a year with their students; none where no year is known."""
        return self.students.get(year, {})

    def students_apart(self, year: str, code: str, printed: int | None) -> int | None:
        """Return the state's count less the printed one, where both are known."""
        count = self.of_year(year).get(code)
        return None if count is None or printed is None else count - printed

    def agrees(self, year: str, code: str, printed: int | None) -> bool:
        """Return whether the printed count is the state's, but for a student or two."""
        apart = self.students_apart(year, code, printed)
        if apart is None:
            return False
        return abs(apart) <= max(_STUDENTS_APART, _SHARE_APART * (printed + apart))

    def meters_apart(self, code: str, place: Place | None, edition: str = "") -> float:
        """Return how far the directory's nearest place of a school is; endless if it has none."""
        if place is None:
            return math.inf
        listed = self.places.get(code, [])
        return min(
            (meters_apart(place, at) for one, at in listed if edition in ("", one)),
            default=math.inf,
        )


@dataclass(frozen=True)
class Named:
    """A row to be given a code."""

    year: str
    name: str
    students: int | None
    place: Place | None
    district: str | None = None
    printed: str | None = None


@dataclass(frozen=True)
class Found:
    """The code given to a row, and by which rule."""

    code: str
    rule: str


def state(enrollment: pd.DataFrame, directory: pd.DataFrame, districts: pd.DataFrame) -> State:
    """Return what the tables of enrollment, of the directory and of districts say."""
    students: dict[str, dict[str, int | None]] = {}
    counted = enrollment[["school_year", "school_code", "students"]]
    for year, code, count in counted.itertuples(index=False):
        students.setdefault(year, {})[code] = None if pd.isna(count) else int(count)
    places: dict[str, list[tuple[str, Place]]] = {}
    placed = directory.dropna(subset=["longitude"])
    for row in placed[["school_code", "edition", "longitude", "latitude"]].itertuples(index=False):
        at = Place(row.longitude, row.latitude)
        places.setdefault(row.school_code, []).append((row.edition, at))
    return State(
        students=students,
        places=places,
        magnets=set(directory.loc[directory["interdistrict_magnet"] == "yes", "school_code"]),
        districts={code[:3]: code for code in districts["district_code"]},
    )


def named(rows: pd.DataFrame, runners: Mapping[str, str]) -> list[Named]:
    """Return the rows of a frame; `runners` gives the district's code of who runs a school."""
    return [
        Named(
            row["school_year"],
            row["school"],
            None if pd.isna(row["students"]) else int(row["students"]),
            None if pd.isna(row["longitude"]) else Place(row["longitude"], row["latitude"]),
            runners.get(row.get("run_by")),
            None if pd.isna(row.get("printed_code")) else row["printed_code"],
        )
        for row in rows.to_dict("records")
    ]


def magnet_codes(rows: list[Named], known: State) -> list[Found | None]:
    """Give codes to rows that print a district's and a school's number.

    The code is the printed numbers in the state's form. In a year that the state's counts
    cover, it must be a school of that year, or else the one school near the place with the
    printed count is taken. Of rows that come to one code, the nearest in count keeps it.
    """
    ever = {code for year in known.students.values() for code in year}
    found: list[Found | None] = []
    for row in rows:
        code = _printed_code(row.printed, known)
        if code in (known.of_year(row.year) or ever):
            found.append(Found(code, "code"))
            continue
        near = [one for one in _counted(row, known) if _is_near(row, one, known)]
        found.append(Found(near[0], "place and count") if len(near) == 1 else None)
    best: dict[tuple[str, str], float] = {}
    gaps = [_gap(row, one, known) for row, one in zip(rows, found, strict=True)]
    for row, one, gap in zip(rows, found, gaps, strict=True):
        if one:
            key = (row.year, one.code)
            best[key] = min(gap, best.get(key, math.inf))
    return [
        one if one and gap == best[row.year, one.code] else None
        for row, one, gap in zip(rows, found, gaps, strict=True)
    ]


def sheff_codes(rows: list[Named], known: State) -> list[Found | None]:
    """Give codes to rows that print a name, a place and, in the first year, who and how many.

    In this order: the one school of who runs it that is near and has as many students; the one
    magnet of theirs with exactly as many; the one magnet left with about as many; a school of
    the same printed name in another year; in 2015-16, whose places are copied from the
    directory, the one school there.
    """
    found: dict[int, Found] = {}

    def near(row: Named) -> list[str]:
        return [code for code in _theirs(row, known) if _is_near(row, code, known)]

    def left(row: Named) -> list[str]:
        return [code for code in _theirs(row, known) if code in known.magnets]

    def equal(row: Named) -> list[str]:
        return [c for c in left(row) if known.students_apart(row.year, c, row.students) == 0]

    def elsewhere(row: Named) -> list[str]:
        return list({one.code for at, one in found.items() if rows[at].name == row.name})

    def there(row: Named) -> list[str]:
        return _standing_there(row, known)

    steps = (near, equal, left, elsewhere, there, elsewhere)
    rules = (*SHEFF_RULES[:3], "name", "place", "name")
    for rule, allowed in zip(rules, steps, strict=True):
        _give(rule, allowed, rows, found)
    return [found.get(at) for at in range(len(rows))]


def evidence(rows: list[Named], found: Iterable[Found | None], known: State) -> pd.DataFrame:
    """Return what speaks for each row's code.

    Returns
    -------
    pandas.DataFrame
        ``school_code``, ``rule``, ``students_apart``, ``meters_apart``, ``counted`` (whether
        the counts agree; missing where one is not known).
    """
    told = []
    for row, one in zip(rows, found, strict=True):
        if one is None:
            told.append((None, None, None, None, None))
            continue
        apart = known.students_apart(row.year, one.code, row.students)
        meters = known.meters_apart(one.code, row.place)
        told.append(
            (
                one.code,
                one.rule,
                apart,
                None if math.isinf(meters) else round(meters),
                None if apart is None else known.agrees(row.year, one.code, row.students),
            )
        )
    columns = ["school_code", "rule", "students_apart", "meters_apart", "counted"]
    return pd.DataFrame(told, columns=columns).astype(
        {
            "school_code": "str",
            "rule": "str",
            "students_apart": "Int64",
            "meters_apart": "Int64",
            "counted": "boolean",
        }
    )


def doubtful_magnets(told: pd.DataFrame) -> pd.Series:
    """Return which codes stand without a count that agrees, or against the printed code."""
    sure = told["counted"].fillna(False) & told["rule"].eq("code")
    return (told["school_code"].notna() & ~sure).astype(bool)


def doubtful_sheff(rows: list[Named], told: pd.DataFrame) -> pd.Series:
    """Return which codes rest on a count alone, or have a count that does not agree.

    A row of the same name near the school, in the two years whose places can be trusted, is a
    second witness.
    """
    names = pd.Series([row.name for row in rows], index=told.index)
    trusted = pd.Series([row.year <= _COPIED_YEAR for row in rows], index=told.index)
    seen = set(names[trusted & told["meters_apart"].le(_METERS_NEAR).fillna(False)])
    alone = ~names.isin(seen) | told["counted"].eq(False).fillna(False)
    return (told["school_code"].notna() & alone).astype(bool)


def _counted(row: Named, known: State) -> list[str]:
    """Return the schools of the row's year with as many students."""
    return [one for one in known.of_year(row.year) if known.agrees(row.year, one, row.students)]


def _theirs(row: Named, known: State) -> list[str]:
    """Return those of the district that runs the school."""
    return [code for code in _counted(row, known) if district_of(code) == row.district]


def _is_near(row: Named, code: str, known: State) -> bool:
    return known.meters_apart(code, row.place) <= _METERS_NEAR


def _standing_there(row: Named, known: State) -> list[str]:
    if row.year != _COPIED_YEAR or _HALF_DAY in row.name:
        return []
    return [
        code
        for code in known.places
        if known.meters_apart(code, row.place, _COPIED_EDITION) <= _METERS_SAME
    ]


def _printed_code(printed: str | None, known: State) -> str | None:
    """Return the state's code: 064-25 is school 25 of district 0640011, so 0642511."""
    if printed is None:
        return None
    number, _, school = printed.partition("-")
    district = known.districts.get(number)
    return f"{number}{school}{district[5:]}" if district else None


def _gap(row: Named, one: Found | None, known: State) -> float:
    apart = known.students_apart(row.year, one.code, row.students) if one else None
    return math.inf if apart is None else abs(apart)


def _give(
    rule: str,
    allowed: Callable[[Named], list[str]],
    rows: list[Named],
    found: dict[int, Found],
) -> None:
    """Give a code to each row with one school left to it that no other row of its year claims."""
    taken = {(rows[at].year, one.code) for at, one in found.items()}
    claims: dict[int, str] = {}
    for at, row in enumerate(rows):
        if at not in found:
            free = [code for code in allowed(row) if (row.year, code) not in taken]
            if len(free) == 1:
                claims[at] = free[0]
    claimed = Counter((rows[at].year, code) for at, code in claims.items())
    for at, code in claims.items():
        if claimed[rows[at].year, code] == 1:
            found[at] = Found(code, rule)
