"""What the tables, and the parameters themselves, say against a study."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from difflib import get_close_matches
from itertools import islice, takewhile
from pathlib import Path

from dme import paths
from dme.study.parameters import LISTS, OWN_FILES, Study
from dme.study.problems import SHOWN
from dme.text import first_year, shown, years_held


def _shared(one: str, other: str) -> int:
    """Return how many digits two codes share from the left."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def unknown_district(code: str, names: Mapping[str, str]) -> str:
    """Return the refusal of a code, with the nearest code, or the code of the nearest name."""
    code = shown(code, bare=True)
    if code.isascii() and code.isdigit():
        near = max(names, key=lambda other: (_shared(code, other), -abs(int(other) - int(code))))
    else:
        by_name = {name: known for known, name in names.items()}
        title = get_close_matches(f"{code} School District", list(by_name), n=1, cutoff=0)[0]
        near = by_name[title]
    return f'"{code}" is no district in the tables. The nearest is "{near}" ({names[near]}).'


def _missing_year(year: str, years: list[str], what: str) -> str:
    nearest = min(years, key=lambda other: abs(first_year(other) - first_year(year)))
    return (
        f'no {what} for "{year}"; the tables hold {years_held(years)}. The nearest is "{nearest}".'
    )


def contradictions(study: Study) -> list[tuple[str, str]]:
    """Return where parameters that are fine by themselves contradict each other."""
    found = []
    if study.study == paths.SWEEPS:
        found.append(
            ("study", f"results/{paths.SWEEPS}/ is the place of sweeps: name it otherwise")
        )
    if study.district in study.peers:
        found.append(("peers", f'district "{study.district}" can\'t be its own peer: take it out'))
    for key in LISTS:
        counted = Counter(getattr(study, key))
        if repeated := sorted(one for one, times in counted.items() if times > 1):
            found.append((key, f"named twice: {shown(', '.join(repeated), bare=True)}"))
    if first_year(study.trend_start) >= first_year(study.enrollment_year):
        found.append(
            ("trend_start", f'must lie before enrollment_year ("{study.enrollment_year}")')
        )
    if first_year(study.before_plan) >= first_year(study.plan_horizon):
        found.append(("before_plan", f'must lie before plan_horizon ("{study.plan_horizon}")'))
    if study.smallest_school >= study.small_school:
        found.append(("smallest_school", f"must be below small_school ({study.small_school})"))
    return found


YEARS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "enrollment_year": ("enrollment by school", ("school_enrollment",)),
    "size_year": ("sizes of schools", ("school_enrollment",)),
    "trend_start": ("district enrollment", ("district_enrollment",)),
    "spending_year": ("spending by school", ("spending_schools",)),
    "before_plan": ("sizes of schools", ("school_enrollment",)),
    "plan_horizon": ("sizes of schools", ("school_enrollment",)),
    "growth_year": ("growth by school", ("school_growth",)),
    "staff_year": ("staff", ("district_staff", "school_staff")),
    "function_year": ("spending by district and function", ("district_spending_by_function",)),
    "design_year": ("students of schools", ("spending_schools", "school_enrollment_by_grade")),
}
"""What a year is chosen of, and which tables hold it, the one that a new study looks into first."""
_BEFORE_AND_AFTER = ("before_plan", "plan_horizon")


def of_content(study: Study) -> list[tuple[str, str]]:
    """Return what the tables say against the study: unknown districts, years without data."""
    from dme.tables.facts import facts  # noqa: PLC0415 - pandas stays off the path of --help
    from dme.tables.own import ROOM, in_room  # noqa: PLC0415

    if not in_room(Path(study.tables)):
        text = (
            f'"{study.tables}" must be a folder in the project\'s room {ROOM}/, such as '
            f"{ROOM}/new-york/tables: what lies elsewhere is not the project's"
        )
        return [("tables", text)]
    if not (study.folder / "districts.csv").is_file():
        return [("tables", f'"{study.tables}" holds no tables (no districts.csv is in it)')]
    held = facts(study.folder)
    unknown = (
        (key, unknown_district(code, held.names))
        for key, codes in (
            ("district", (study.district,)),
            ("peers", study.peers),
            ("wider_peers", study.wider_peers),
            # A region that the district is not in is not used.
            ("region", study.region if study.district in study.region else ()),
        )
        for code in codes
        if code not in held.names
    )
    problems = list(islice(unknown, SHOWN))  # the nearest of thousands would take minutes
    for key, (what, tables) in YEARS.items():
        years = sorted({year for name in tables for year in held.years.get(name, ())})
        # A package of another state may lack a table, or all but a year: the notebooks say so.
        enough = len(years) > 1 if key in _BEFORE_AND_AFTER else years
        if enough and (year := getattr(study, key)) not in years:
            problems.append((key, _missing_year(year, years, what)))
    problems += _unknown_places(study, held.schools, held.zoned, held.neighborhoods)
    problems += _own_files(study)
    return problems or _no_schools(
        study, held.names[study.district], held.counted.get(study.district, [])
    )


def _unknown_places(
    study: Study, schools: Set[str], zoned: Set[str], neighborhoods: Sequence[str]
) -> list[tuple[str, str]]:
    """Return the schools and neighborhoods that the tables do not hold.

    Those of the Hartford study serve Hartford alone, and are not looked at in another state.
    """
    problems = [
        ("design_schools", f'"{code}" is no code of a school: the table schools holds them')
        for code in study.design_schools
        if code not in schools and code not in Study().design_schools
    ]
    if study.district in zoned:
        there = ", ".join(neighborhoods)
        problems += [
            ("north", f'"{name}" is no neighborhood in the tables. There are: {there}')
            for name in study.north
            if name not in neighborhoods
        ]
    return problems


def _own_files(study: Study) -> list[tuple[str, str]]:
    from dme.tables.own import problem_of  # noqa: PLC0415

    return [
        (key, problem)
        for key in OWN_FILES
        if (name := getattr(study, key)) and (problem := problem_of(name))
    ]


def _no_schools(study: Study, name: str, years: list[str]) -> list[tuple[str, str]]:
    """Return the problem of a district without a count of any school in the year."""
    if study.enrollment_year in years:
        return []
    held = f"they hold it for {years_held(years)}" if years else "nor for any other year"
    text = f"the tables hold no enrollment by school of {name} in {study.enrollment_year}; {held}"
    return [("district", f"{text}. What they hold of it: dme districts {study.district}")]
