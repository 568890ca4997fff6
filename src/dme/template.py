"""A new study's parameters file: every key with its meaning, ready to run."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from dme import paths
from dme.errors import DmeError
from dme.measures.estimates.peers import nearest
from dme.measures.plan.redesign import default_schools
from dme.study import Study, unknown_district, validate
from dme.study.check import YEARS
from dme.tables import load
from dme.tables.facts import FIGURES
from dme.tables.holdings import districts
from dme.text import first_year, shown

_PEERS, _WIDER = 9, 6
_TOWNS = frozenset({"11", "12"})
"""How the codes of Connecticut's districts of one town, and of several, end; charter schools,
regional centers, and the state's own agencies and technical schools have other endings."""
_KEYS = tuple(Study.model_fields)
_COMPARED = frozenset({"size_year", "plan_horizon", "growth_year", "staff_year", "function_year"})
"""Years in which the district is held against its peers: the newest is one that they have too."""
_DATED = {
    "trend_start": "Not the newest year: a trend begins before it.",
    "before_plan": "Not the newest year: the year before a plan has a date of its own.",
}
"""Years that are not the newest in any study, and why."""
_SCHOOL_YEAR = re.compile(r"\d{4}-\d\d")


def write(study: str, district: str, tables: str = "data/tables", *, latest: bool = False) -> Path:
    """Write ``params/STUDY.yml`` for a district, with values that the tables can serve.

    Peers are the Hartford study's for Hartford, and for another district those of its kind that
    are nearest in size and need; the years are the Hartford study's where the tables hold them for
    the district, else the nearest. A sweep of the same name says how firm its figures are.

    Parameters
    ----------
    study : str
        Name of the study and of the file.
    district : str
        The district's code.
    tables : str, optional
        Folder of the tables, in the project.
    latest : bool
        Whether each year is the newest that the tables hold; the file then says which gave it.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DmeError
        If the file is there already, the district is not in the tables, or it has no schools
        with a count.
    ParameterError
        If the name of the study is no slug.
    """
    path = paths.home() / "params" / f"{study}.yml"
    if path.exists():
        message = (
            f"{paths.relative(path)} is there already: choose another name, or delete it first."
        )
        raise DmeError(message)
    values = proposed(study, district, tables, latest=latest)
    checked = validate(values, f"The new study {study}")
    whys = _whys(checked) if latest else {}
    sweep = path.parent / "sweeps" / path.name
    sweep.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(checked, whys), encoding="utf-8", newline="\n")
    if checked.sweep == study and not sweep.exists():
        sweep.write_text(sweep_text(checked), encoding="utf-8", newline="\n")
    return path


def proposed(study: str, district: str, tables: str, *, latest: bool = False) -> dict[str, object]:
    """Return the values of a new study that differ from the Hartford study's; see `write`.

    Raises
    ------
    DmeError
        If the district is not in the tables, has no schools with a count, or stands alone.
    """
    folder = paths.home() / tables
    everything = districts(folder).set_index("district_code")
    if district not in everything.index:
        raise DmeError(unknown_district(district, everything["district"].to_dict()))
    own = everything.loc[district]
    if not own["schools"]:
        message = (
            f"The tables hold no enrollment by school of {own['district']} ({district}) in "
            f"{own['school_year']}, which every part of the study needs.\n"
            f"What they hold of it: dme districts {district}"
        )
        raise DmeError(message)
    others = everything[everything["schools"] > 0]
    if latest:
        last = _held_near("school_enrollment", folder, district)[-1]
        others = others[others.index.isin(_with_schools(last, folder))]
    peers, wider = peers_of(district, others, subsidized(folder))
    if not peers:
        message = (
            f"The tables in {tables} hold schools of {own['district']} ({district}) alone, and a "
            "study compares a district with others.\nMake tables that hold a neighbor too: "
            "dme data federal --raw FOLDER --state HERE --state THERE --out data/both/tables"
        )
        raise DmeError(message)
    # An own sweep where the Hartford study's is of other years, or of another district.
    sweep = Study().sweep if district == Study().district and not latest else study
    values = {
        "study": study,
        "tables": tables,
        "district": district,
        "peers": peers,
        "wider_peers": wider,
        **years_of(district, folder),
        # Neighborhoods of Hartford; the tables have none of any other district.
        "north": Study().north if district == Study().district else (),
        "region": Study().region if district in Study().region else (),
        "design_schools": _design_schools(district, folder),
        # A sum of money is much or little by the size of the district that it is for.
        "reinvestment": _to_scale(district, everything["students"]),
        "sweep": sweep,
    }
    if latest:
        values |= {key: one.year for key, one in newest(Study.model_validate(values)).items()}
    return values


def _with_schools(year: str, folder: Path) -> set[str]:
    """Return the districts of which the tables hold a school's count in a year."""
    rows = _told("school_enrollment", folder)
    return set(rows.loc[rows["school_year"] == year, "district_code"])


def _to_scale(district: str, students: pd.Series) -> int:
    """Return the Hartford study's sum for Hartford, else as much for each student."""
    whole = Study().reinvestment
    if Study().district not in students.index:
        return whole
    share = students[district] / students[Study().district]
    return max(100_000, round(whole * share / 100_000) * 100_000)


def peers_of(
    district: str, everything: pd.DataFrame, need: pd.Series
) -> tuple[Sequence[str], Sequence[str]]:
    """Return the peers of a district and those that join them, nearest first."""
    if district == Study().district and {*Study().peers} <= set(everything.index):
        return Study().peers, [code for code in Study().wider_peers if code in everything.index]
    kind = of_its_kind(district, everything.index)
    # A district alone of its kind, as the technical schools are, has the towns' beside it.
    among = kind if len(kind) > 1 else of_its_kind(Study().district, everything.index)
    near = nearest(everything["students"], need, district, among)
    return near[:_PEERS], near[_PEERS : _PEERS + _WIDER]


def of_its_kind(district: str, codes: Iterable[str]) -> list[str]:
    """Return the districts of the kind of one: of a town or several, charter schools, and so on.

    Federal ids say nothing of a district's kind; Connecticut's own codes do.
    """
    every = list(codes)
    if Study().district not in every:
        return every
    endings = _TOWNS if district[-2:] in _TOWNS else {district[-2:]}
    return [code for code in every if code[-2:] in endings]


def subsidized(folder: Path) -> pd.Series:
    """Return the percentage of each district's students with subsidized lunch, as last printed."""
    if not (folder / "school_enrollment_by_group.csv").is_file():
        return pd.Series(dtype=float)
    rows = load("school_enrollment_by_group", folder).merge(
        load("school_enrollment", folder), on=["school_year", "school_code"]
    )
    last = rows[rows["school_year"] == rows["school_year"].max()]
    # A school whose count is suppressed is left out of both.
    counted = last.dropna(subset=["unsubsidized_lunch", "students"])
    both = counted.groupby("district_code")[["unsubsidized_lunch", "students"]].sum().astype(float)
    return 100 * (1 - both["unsubsidized_lunch"] / both["students"])


def years_of(district: str, folder: Path) -> dict[str, str]:
    """Return the years of a new study, as near to the Hartford study's as the tables allow."""
    default = Study()
    years: dict[str, str] = {}
    for key, (_, tables) in YEARS.items():
        for table in tables:
            # Of a table that holds too few years the next may have more.
            if (folder / f"{table}.csv").is_file() and (
                held := _offered(key, _held_near(table, folder, district), years)
            ):
                years[key] = _nearest(getattr(default, key), held)
                break
    return years


class Newest(NamedTuple):
    """The newest year of a record that a study can take, and which table gave it, in words."""

    year: str
    why: str


def newest(study: Study, compared: Collection[str] = _COMPARED) -> dict[str, Newest]:
    """Return, for each year that is chosen of a record, the newest that the tables hold.

    It is the newest of the district's own; where a finding compares it with its peers, one in
    which the table has most of the peers that it ever has. A parameter of which the tables hold
    nothing for the district is left out.
    """
    found: dict[str, Newest] = {}
    for key in YEARS.keys() - _DATED.keys():
        what, tables = YEARS[key]
        peers = study.peers if key in compared else ()
        offers = [
            Newest(years[-1], _because(what, table, peers, held[years[-1]]))
            for table in tables
            if (held := _held_with(table, study, peers))
            and (years := _offered(key, sorted(held), {"before_plan": study.before_plan}))
        ]
        if offers:
            found[key] = max(offers, key=attrgetter("year"))
    return found


def _whys(study: Study) -> dict[str, str]:
    """Return why each year of a study of the newest years is the one it is."""
    lacking = "The tables hold none that fits: the year nearest to the Hartford study's."
    of_record = {key: one.why for key, one in newest(study).items()}
    return dict.fromkeys(YEARS, lacking) | _DATED | of_record


def _because(what: str, table: str, peers: Sequence[str], held: int) -> str:
    every = "its peers" if held == len(peers) else f"{held} of its {len(peers)} peers"
    beside = f" and {every}" if peers else ""
    return f"The newest year of {what} for this district{beside}: table {table}."


def _held_with(table: str, study: Study, peers: Sequence[str]) -> dict[str, int]:
    """Return the years that a table has of a district and most peers, with how many of these."""
    if not (study.folder / f"{table}.csv").is_file():
        return {}
    rows = _told(table, study.folder)
    if "district_code" not in rows:
        rows = rows.merge(load("schools", study.folder)[["school_code", "district_code"]])
    held = rows.groupby("district_code")["school_year"].agg(set).to_dict()
    beside = [held[code] for code in peers if code in held]
    counted = {
        year: sum(year in years for years in beside) for year in held.get(study.district, ())
    }
    return {year: count for year, count in counted.items() if 2 * count >= len(beside)}


def _told(table: str, folder: Path) -> pd.DataFrame:
    """Return the rows of a yearly table that have the figure that is looked for in it."""
    return load(table, folder).dropna(subset=[FIGURES[table]])


def _held_near(table: str, folder: Path, district: str) -> list[str]:
    """Return the years that a table has of a district; of any where it has none of it."""
    rows = _told(table, folder)
    # Without rows of its own, a year that the table has lets the study run and say so.
    own = rows[rows["district_code"] == district] if "district_code" in rows else rows
    return sorted(set((own if len(own) else rows)["school_year"]))


def _offered(key: str, held: list[str], years: Mapping[str, str]) -> list[str]:
    """Return the years of a table that a parameter may take, beside those chosen before it."""
    if key == "enrollment_year":
        # The first year of all can only be the trend's, which begins before it.
        return held[1:] or held
    if key == "before_plan":
        return held[:-1]
    if key == "plan_horizon":
        return [year for year in held if year > years.get("before_plan", year)]
    return held


def _design_schools(district: str, folder: Path) -> tuple[str, ...]:
    """Return the Hartford study's schools for Hartford, else the district's largest."""
    if district == Study().district:
        return Study().design_schools
    names = ("school_enrollment_by_grade", "school_enrollment")
    if not all((folder / f"{name}.csv").is_file() for name in names):
        return ()
    by_grade, schools = (load(name, folder) for name in names)
    return default_schools(by_grade, schools[schools["district_code"] == district])


def _nearest(year: str, held: list[str]) -> str:
    return _by_distance(year, held)[0]


def _two_nearest(year: str, held: Sequence[str]) -> list[str]:
    return sorted(_by_distance(year, held)[:2])


def _by_distance(year: str, held: Sequence[str]) -> list[str]:
    return sorted(held, key=lambda other: abs(first_year(other) - first_year(year)))


def sweep_text(study: Study) -> str:
    """Return the text of a sweep that says how firm a study's figures are.

    It takes the choices of the Hartford study's own, as far as the tables hold them for the
    district.
    """
    there = _with_schools(study.size_year, study.folder)
    more = tuple(code for code in study.wider_peers if code in there)
    axes = {
        "smallest_school": (0, 60, study.smallest_school),
        "size_year": _two_nearest(study.size_year, _held("school_enrollment", study)),
        "peer_average": ("schools", "districts"),
        "small_school": (250, 300, 350, 400, 450, 500),
        "resamples": (400,),
    }
    findings = ["school-size"]
    if spent := _two_nearest(study.spending_year, _held("spending_schools", study)):
        axes |= {"weighting": ("students", "schools"), "plant_cost": ("true", "false")}
        axes |= {"spending_year": spent}
        findings += ["small-school-premium", "small-school-cost"]
        findings += ["small-underused-premium", "small-underused-cost"]
    lines = [
        f"# How far the findings of {study.study} hang on choices that can be defended as well.",
        f"# Run it, and then the study:  dme sweep {study.study}",
        f"\nbase: params/{study.study}.yml",
        "notebooks: [operations]",
        f"findings: {flow(findings)}",
        "combine: grid\n\naxes:",
        *(f"  {name}: {flow(values)}" for name, values in axes.items() if values),
    ]
    if more:
        lines += [
            "  peers:",
            f"    nearest: {{peers: {flow(study.peers)}}}",
            f"    wider: {{peers: {flow((*study.peers, *more))}}}",
        ]
    return "\n".join(lines) + "\n"


def _held(table: str, study: Study) -> tuple[str, ...]:
    """Return the school years of a table that has the district, in their order."""
    if not (study.folder / f"{table}.csv").is_file():
        return ()
    rows = load(table, study.folder)
    return tuple(sorted(set(rows.loc[rows["district_code"] == study.district, "school_year"])))


def flow(values: Sequence[object]) -> str:
    """Return a list as YAML on one line; codes and school years are quoted."""
    quoted = (f'"{v}"' if str(v)[:1].isdigit() and isinstance(v, str) else v for v in values)
    return f"[{', '.join(map(str, quoted))}]"


def text(study: Study, whys: Mapping[str, str]) -> str:
    """Return the text of a parameters file: each key under a comment that says what it is.

    Parameters
    ----------
    study : Study
        The parameters.
    whys : mapping of str to str
        What more is said of a key: why it has this value.
    """
    told = load("districts", study.folder).set_index("district_code")["district"]
    # YAML ends a comment at characters that a name of a publisher's file may hold.
    names = {code: shown(name, bare=True) for code, name in told.items()}
    blocks = [
        f"# A study of {names[study.district]}. Run it:  dme run params/{study.study}.yml",
        "# The peers are those of the Hartford study."
        if study.district == Study().district
        else "# The peers are the districts of its kind nearest in size and need (students with "
        "subsidized lunch, where the tables count them): choose your own where you have a reason.",
    ]
    for key in _KEYS:
        meaning = Study.model_fields[key].description
        why = f"\n# {whys[key]}" if key in whys else ""
        blocks.append(f"\n# {meaning}{why}\n{_entry(key, getattr(study, key), names)}")
    return "\n".join(blocks) + "\n"


def _entry(key: str, value: object, names: dict[str, str]) -> str:
    if isinstance(value, tuple):
        items = "".join(f"\n  - {_item(item, names)}" for item in value)
        return f"{key}:{items or ' []'}"
    if key == "district":
        return f'{key}: "{value}"  # {names[str(value)]}'
    if isinstance(value, bool):
        return f"{key}: {'true' if value else 'false'}"
    if isinstance(value, float):
        return f"{key}: {value:g}"
    quoted = _SCHOOL_YEAR.fullmatch(str(value)) or value == ""
    return f'{key}: "{value}"' if quoted else f"{key}: {value}"


def _item(item: str, names: dict[str, str]) -> str:
    """Return an item of a list; a code is quoted, or YAML would read it as a number."""
    if item in names:
        return f'"{item}"  # {names[item]}'
    return f'"{item}"' if item.isdigit() else item
